/* The blocks of a kind, and which of them have to be read. */
#include "engine_private.h"

#include "base/memory.h"
#include "postings_private.h"

#include <stdlib.h>

void units_free(struct units *units)
{
	free(units->items);
	free(units->special);
	*units = (struct units){0};
}

static bool add_unit(struct units *units, const struct unit *unit, struct error *error)
{
	struct unit *items =
		memory_grow(units->items, &units->capacity, units->count + 1, sizeof *items);
	if (!items)
		return error_memory(error);
	units->items = items;
	items[units->count++] = *unit;
	return true;
}

static bool add_segment(const struct case_file *file, const struct segment *segment,
	const struct plan *plan, struct units *units, struct error *error)
{
	size_t words = (segment->count + 63) / 64;
	uint64_t *bits = memory_array(words, sizeof *bits);
	if (!bits)
		return error_memory(error);
	for (size_t i = 0; i < segment->count; i++)
		bits[i / 64] |= UINT64_C(1) << i % 64;
	bool good = segment_narrow(file, segment, plan, bits, error);
	for (size_t i = 0; good && i < segment->count; i++) {
		const struct segment_block *block = &segment->blocks[i];
		struct unit unit = {.id = block->id,
			.first = block->first,
			.records = block->records,
			.cells = block->cells,
			.candidate = bits[i / 64] >> i % 64 & 1};
		good = add_unit(units, &unit, error);
	}
	free(bits);
	return good;
}

/* Blocks from one number to another that no segment is about. */
static bool add_unindexed(struct statement *select, enum kind kind, int64_t from, int64_t to,
	struct units *units, struct error *error)
{
	if (from > to)
		return true;
	enum statement_result result;
	bool good = true;
	statement_bind_int(select, 1, from);
	statement_bind_int(select, 2, to);
	while (good && (result = statement_step(select, error)) == STATEMENT_ROW) {
		struct unit unit = {.id = statement_int(select, 0),
			.first = statement_int(select, 2),
			.records = statement_int(select, 3),
			.cells = -1,
			.candidate = true};
		bool fits =
			unit.records > 0 && unit.first > 0 && unit.records < INT64_MAX - unit.first;
		if (statement_int(select, 1) == kind && fits)
			good = add_unit(units, &unit, error);
	}
	statement_reset(select);
	return good && result == STATEMENT_DONE;
}

static bool add_all(const struct case_file *file, const struct segments *segments, enum kind kind,
	const struct plan *plan, struct units *units, struct error *error)
{
	struct statement *select = statement_open(file, QUERY_BLOCK_BETWEEN, error);
	bool good = select != NULL;
	int64_t next = INT64_MIN;
	for (size_t i = 0; good && i < segments->count; i++) {
		const struct segment *segment = &segments->items[i];
		for (size_t j = 0; good && j < segment->count; j++) {
			good = add_unindexed(
				select, kind, next, segment->blocks[j].id - 1, units, error);
			next = segment->blocks[j].id + 1;
		}
		if (good && segment->kind == kind)
			good = add_segment(file, segment, plan, units, error);
	}
	good = good && add_unindexed(select, kind, next, INT64_MAX, units, error);
	statement_close(select);
	return good;
}

static int compare_units(const void *a, const void *b)
{
	const struct unit *left = a, *right = b;
	return (left->first > right->first) - (left->first < right->first);
}

/* They mostly are: numbers of blocks and of records ascend together. */
static bool in_order(const struct units *units)
{
	for (size_t i = 1; i < units->count; i++)
		if (units->items[i - 1].first > units->items[i].first)
			return false;
	return true;
}

static bool add_special(struct units *units, int64_t id, struct error *error)
{
	int64_t *special = memory_grow(units->special, &units->special_capacity,
		units->special_count + 1, sizeof *special);
	if (!special)
		return error_memory(error);
	units->special = special;
	special[units->special_count++] = id;
	return true;
}

static int compare_ids(const void *a, const void *b)
{
	int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
	return (left > right) - (left < right);
}

/* Whether some record of a unit is hidden, and, with `all`, whether all are. */
static bool is_hidden(const struct id_runs *hidden, const struct unit *unit, bool all)
{
	int64_t last = unit->first + unit->records - 1;
	size_t at = id_runs_from(hidden, unit->first);
	if (at == hidden->count || hidden->items[at].first > last)
		return false;
	return !all || (hidden->items[at].first <= unit->first && hidden->items[at].last >= last);
}

/* Records that stay of a source that was taken back, in a block of which others do not. */
static bool add_kept(
	const struct id_runs *hidden, struct units *units, size_t at, struct error *error)
{
	const struct unit unit = units->items[at];
	if (!is_hidden(hidden, &unit, false) || is_hidden(hidden, &unit, true))
		return true;
	for (int64_t id = hidden_skip(hidden, unit.first); id < unit.first + unit.records;
		id = hidden_skip(hidden, id + 1))
		if (!add_special(units, id, error))
			return false;
	return true;
}

static bool load_special(const struct case_file *file, enum kind kind, const struct id_runs *hidden,
	struct units *units, struct error *error)
{
	struct statement *select = statement_open(file, QUERY_OVERLAY_RECORDS, error);
	if (!select)
		return false;
	enum statement_result result;
	bool good = true;
	statement_bind_int(select, 1, kind);
	while (good && (result = statement_step(select, error)) == STATEMENT_ROW)
		good = add_special(units, statement_int(select, 0), error);
	statement_close(select);
	for (size_t i = 0; good && hidden->count > 0 && i < units->count; i++)
		good = add_kept(hidden, units, i, error);
	if (!good || result != STATEMENT_DONE)
		return false;
	if (units->special_count > 1)
		qsort(units->special, units->special_count, sizeof *units->special, compare_ids);
	size_t kept = 0;
	for (size_t i = 0; i < units->special_count; i++)
		if (kept == 0 || units->special[i] != units->special[kept - 1])
			units->special[kept++] = units->special[i];
	units->special_count = kept;
	return true;
}

size_t units_special(const struct units *units, int64_t id)
{
	size_t low = 0;
	for (size_t high = units->special_count; low < high;) {
		size_t middle = low + (high - low) / 2;
		if (units->special[middle] < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool units_special_in(const struct units *units, const struct unit *unit)
{
	size_t special = units_special(units, unit->first);
	return special < units->special_count &&
	       units->special[special] < unit->first + unit->records;
}

/* A block with a special record is read in any case: how many cells it had is not known else. */
static void judge_units(struct units *units, const struct id_runs *hidden)
{
	for (size_t i = 0; i < units->count; i++) {
		struct unit *unit = &units->items[i];
		unit->hidden = is_hidden(hidden, unit, false);
		unit->candidate =
			!unit->hidden && (unit->candidate || units_special_in(units, unit));
		units->candidates += unit->candidate;
	}
}

bool units_load(const struct case_file *file, enum kind kind, const struct plan *plan,
	struct units *units, struct error *error)
{
	struct segments segments = {0};
	struct id_runs hidden = {0};
	/* In this order: a source that becomes visible meanwhile is still hidden, or its blocks are
	 * found by the last query. */
	bool good = segments_load(file, &segments, error) &&
		    add_all(file, &segments, kind, plan, units, error) &&
		    hidden_load(file, kind, &hidden, error) &&
		    load_special(file, kind, &hidden, units, error);
	if (good && !in_order(units))
		qsort(units->items, units->count, sizeof *units->items, compare_units);
	if (good)
		judge_units(units, &hidden);
	segments_free(&segments);
	id_runs_free(&hidden);
	return good;
}
