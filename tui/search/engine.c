/* A large kind: its blocks in the order of ids, and their hits given on as a search record by
 * record would. */
#include "engine_private.h"

#include "base/memory.h"

#include <stdlib.h>

/* More names than inputs have columns; a hostile case may claim any. */
#define MOST_FIELD_NAMES 1000000

/* What a field number in blocks stands for. */
struct block_field {
	char *name; /* as printed: `host`, `extra.Severity`; NULL: there is none */
	size_t length;
	int field;
};

struct engine {
	struct scan *scan;
	enum kind kind;
	struct units units;
	struct way way;
	struct workers *workers;
	struct block_field *fields;
	size_t field_count, field_capacity;
	const struct block_hit **sorted; /* of one record */
	size_t sorted_capacity;
	struct buffer exact;
};

static bool add_field(struct engine *engine, int64_t id, struct span name, struct error *error)
{
	if (id < 0 || id > MOST_FIELD_NAMES)
		return true;
	struct block_field *fields = memory_grow(
		engine->fields, &engine->field_capacity, (size_t)id + 1, sizeof *fields);
	if (!fields)
		return error_memory(error);
	engine->fields = fields;
	for (; engine->field_count <= (size_t)id; engine->field_count++)
		fields[engine->field_count] = (struct block_field){0};
	struct block_field *field = &fields[id];
	struct buffer printed = {0};
	field->field = kind_field_find(engine->kind, name);
	if (field->field < 0) {
		field->field = CELL_EXTRA;
		if (!span_stated(kind_extra_name(name)))
			buffer_add_string(&printed, "extra.");
	}
	buffer_add_span(&printed, name);
	free(field->name);
	field->name = buffer_failed(&printed) ? NULL : memory_copy(printed.data, printed.length);
	field->length = printed.length;
	buffer_free(&printed);
	return field->name || error_memory(error);
}

static bool load_fields(struct engine *engine, struct error *error)
{
	struct statement *select = statement_open(engine->scan->file, QUERY_FIELD_NAME_LIST, error);
	if (!select)
		return false;
	enum statement_result result;
	bool good = true;
	while (good && (result = statement_step(select, error)) == STATEMENT_ROW)
		good = add_field(
			engine, statement_int(select, 0), statement_text(select, 1), error);
	statement_close(select);
	return good && result == STATEMENT_DONE;
}

static const struct block_field *field_of(const struct engine *engine, const struct block_hit *hit)
{
	if (hit->field_name >= engine->field_count || !engine->fields[hit->field_name].name)
		return NULL;
	return &engine->fields[hit->field_name];
}

/* As cells of a record stand: fields in their order, then extra ones by name, then as they came. */
static int compare_hits(const void *a, const void *b, void *context)
{
	const struct engine *engine = context;
	const struct block_hit *left = *(const struct block_hit *const *)a;
	const struct block_hit *right = *(const struct block_hit *const *)b;
	const struct block_field *one = field_of(engine, left);
	const struct block_field *other = field_of(engine, right);
	/* CELL_EXTRA becomes the greatest number. */
	unsigned one_field = (unsigned)one->field, other_field = (unsigned)other->field;
	if (one_field != other_field)
		return one_field < other_field ? -1 : 1;
	int by_name = one_field == (unsigned)CELL_EXTRA
			      ? span_compare(span_of(one->name, one->length),
					span_of(other->name, other->length))
			      : 0;
	if (by_name != 0)
		return by_name;
	return (left->cell > right->cell) - (left->cell < right->cell);
}

static enum scan_result give_hit(struct engine *engine, const struct block *block, int64_t id,
	const struct block_hit *found, struct error *error)
{
	const struct search_request *request = engine->scan->request;
	struct search_totals *totals = engine->scan->totals;
	const struct block_field *field = field_of(engine, found);
	struct search_hit hit = {.id = {.kind = engine->kind, .id = id},
		.field = field->field,
		.field_name = span_of(field->name, field->length),
		.range = {found->start, found->end},
		.undecided = found->undecided};
	if (!request->records_only)
		hit.text = span_of(block->text.data + found->cell_start, found->cell_length);
	if (block->patches.length > 0) {
		const struct block_cell cell = {
			.start = found->cell_start, .length = found->cell_length};
		buffer_clear(&engine->exact);
		block_cell_bytes(block, &cell, &engine->exact);
		if (buffer_failed(&engine->exact)) {
			error_memory(error);
			return SCAN_FAILED;
		}
		hit.text = buffer_span(&engine->exact);
	}
	if (found->undecided)
		totals->undecided++;
	else
		totals->hits++;
	return request->hit(request->context, &hit) ? SCAN_ON : SCAN_STOPPED;
}

/* A record's hits in the order of its cells; NULL without memory. */
static const struct block_hit **sort_hits(
	struct engine *engine, const struct block_hit *hits, size_t count, struct error *error)
{
	const struct block_hit **sorted =
		memory_grow(engine->sorted, &engine->sorted_capacity, count, sizeof *sorted);
	if (!sorted) {
		error_memory(error);
		return NULL;
	}
	engine->sorted = sorted;
	for (size_t i = 0; i < count; i++)
		sorted[i] = &hits[i];
	qsort_r(sorted, count, sizeof *sorted, compare_hits, engine);
	return sorted;
}

/* The hits of one record, which may be none. */
static enum scan_result give_record(struct engine *engine, const struct block *block, int64_t id,
	const struct block_hit *hits, size_t count, struct error *error)
{
	const struct search_request *request = engine->scan->request;
	enum scan_result result = SCAN_ON;
	bool matched = false;
	block_reader_rest(engine->scan->blocks);
	for (size_t i = 0; i < count; i++) {
		if (field_of(engine, &hits[i]))
			continue;
		error_set(error, ERROR_CASE_DAMAGED,
			"the case is damaged: a cell of %s:%lld has no field",
			kind_info(engine->kind)->name, (long long)id);
		return SCAN_FAILED;
	}
	const struct block_hit **sorted = &hits;
	if (count > 1 && !(sorted = sort_hits(engine, hits, count, error)))
		return SCAN_FAILED;
	for (size_t i = 0; i < count && result == SCAN_ON; i++) {
		matched |= !sorted[i]->undecided;
		result = give_hit(engine, block, id, sorted[i], error);
	}
	engine->scan->totals->hit_records += matched;
	if (result == SCAN_ON && request->record &&
		!request->record(request->context,
			(struct record_id){.kind = engine->kind, .id = id}, matched))
		result = SCAN_STOPPED;
	return result;
}

/* Where the walk through a unit's records is. */
struct walk {
	const struct unit *unit;
	const struct found *found; /* NULL: it was not read */
	size_t hit;                /* the next one */
	size_t special;            /* the next one */
	int64_t at;                /* the next record, counted from the unit's first */
};

/* The record of the next hit, counted from the unit's first; its records if there is none. */
static int64_t next_hit_record(const struct walk *walk)
{
	if (!walk->found || walk->hit >= walk->found->count)
		return walk->unit->records;
	return walk->found->hits[walk->hit].record;
}

/* Hits that lie in a record's cells. */
static size_t hits_in(const struct walk *walk, int64_t record)
{
	size_t count = 0;
	while (walk->found && walk->hit + count < walk->found->count &&
		walk->found->hits[walk->hit + count].record == record)
		count++;
	return count;
}

static int64_t next_special_record(const struct engine *engine, const struct walk *walk)
{
	const struct units *units = &engine->units;
	int64_t end = walk->unit->first + walk->unit->records;
	if (walk->special >= units->special_count || units->special[walk->special] >= end)
		return walk->unit->records;
	return units->special[walk->special] - walk->unit->first;
}

/* Counts what a unit holds beside its special records, which are counted as they are read. */
static void count_unit(struct engine *engine, const struct walk *walk)
{
	struct search_totals *totals = engine->scan->totals;
	const struct unit *unit = walk->unit;
	const struct found *found = walk->found;
	if (unit->hidden || (found && found->absent))
		return;
	totals->end = unit->first + unit->records; /* units come in their order */
	totals->blocks++;
	totals->candidates += found != NULL;
	totals->records += unit->records;
	totals->cells += found ? found->cells : unit->cells;
	totals->spared += found ? 0 : unit->records;
	if (!found)
		return;
	totals->cells -= found->special_cells;
	for (size_t i = walk->special; i < engine->units.special_count &&
				       engine->units.special[i] < unit->first + unit->records;
		i++)
		totals->records--;
}

/* Gives on what a unit has to say: the records with hits, special ones, and, if they are asked for,
 * all others. */
static enum scan_result give_unit(struct engine *engine, const struct unit *unit,
	const struct found *found, struct error *error)
{
	struct walk walk = {.unit = unit,
		.found = found,
		.special = units_special(&engine->units, unit->first)};
	bool every = engine->scan->request->record && !unit->hidden && !(found && found->absent);
	enum scan_result result = SCAN_ON;
	count_unit(engine, &walk);
	while (result == SCAN_ON) {
		int64_t special = next_special_record(engine, &walk);
		int64_t record = next_hit_record(&walk);
		if (every)
			record = walk.at;
		if (special < record)
			record = special;
		if (record >= unit->records)
			break;
		struct record_id id = {.kind = engine->kind, .id = unit->first + record};
		size_t hits = hits_in(&walk, record);
		if (record == special)
			result = scan_id(engine->scan, id, error);
		else
			result = give_record(engine, found ? &found->block : NULL, id.id,
				hits > 0 ? &found->hits[walk.hit] : NULL, hits, error);
		walk.hit += hits;
		walk.special += record == special;
		walk.at = record + 1;
	}
	return result;
}

static enum scan_result give_units(struct engine *engine, struct error *error)
{
	struct scan *scan = engine->scan;
	enum scan_result result = SCAN_ON;
	for (size_t i = 0; i < engine->units.count && result == SCAN_ON; i++) {
		const struct unit *unit = &engine->units.items[i];
		const struct found *found = NULL;
		if (scan_is_cancelled(scan))
			return scan_cancelled(error);
		if (unit->candidate) {
			found = workers_next(engine->workers, error);
			if (!found)
				return SCAN_FAILED;
		}
		result = give_unit(engine, unit, found, error);
		scan_progress(scan, (struct record_id){.kind = engine->kind,
					    .id = unit->first + unit->records - 1});
	}
	return result;
}

/* Held: each of many statements would lock and unlock the file. */
static bool load(struct engine *engine, struct error *error)
{
	const struct scan *scan = engine->scan;
	bool held;
	if (!case_hold(scan->file, &held, error))
		return false;
	bool good = units_load(scan->file, engine->kind, scan->plan, &engine->units, error) &&
		    load_fields(engine, error);
	case_let_go(scan->file, held);
	return good;
}

enum scan_result engine_run(struct scan *scan, enum kind kind, struct error *error)
{
	const struct search_request *request = scan->request;
	struct engine engine = {.scan = scan, .kind = kind};
	enum scan_result result = SCAN_FAILED;
	way_make(&engine.way, request->pattern, scan->plan, request->records_only);
	bool good = load(&engine, error);
	if (good && !scan->blocks)
		scan->blocks = block_reader_open(scan->file, error);
	if (good && scan->blocks)
		engine.workers = workers_start(scan, &engine.way, kind, &engine.units, error);
	if (engine.workers)
		result = give_units(&engine, error);
	workers_end(engine.workers);
	for (size_t i = 0; i < engine.field_count; i++)
		free(engine.fields[i].name);
	free(engine.fields);
	free(engine.sorted);
	buffer_free(&engine.exact);
	units_free(&engine.units);
	return result;
}
