#include "ingest/columns.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "ingest/loader.h"
#include "mappings.h"
#include "name_table.h"

#include <stdlib.h>
#include <string.h>

#define MAX_FIELDS 32
#define COLUMNS_SHOWN 12

enum target { TO_EXTRA, TO_FIELD, TO_READING, TO_KEY, TO_BASIS, TO_BY, TO_STANDS_FOR };

struct column {
	struct span name;  /* as an extra field is called; owned */
	struct span given; /* as the source calls it; owned */
	enum target target;
	int field;
	struct span text; /* in the row at hand */
};

struct columns {
	struct loader *loader;
	enum kind kind;
	const struct kind_info *info;
	struct column *items;
	size_t count, capacity;
	bool taken[MAX_FIELDS];  /* fields that a column goes to */
	struct name_table names; /* as extra fields are called */
	struct name_table given; /* as the source calls them ... */
	size_t *first;           /* ... the first column so called, by number in given */
	size_t first_capacity;
	struct name_table cleaned;
	uint32_t *times; /* how often a cleaned name was met, by number in cleaned */
	size_t times_capacity;
	/* Of the row at hand. */
	struct draft_cell *cells;
	struct moment *moments;
	size_t cell_capacity, moment_capacity;
	int64_t line;
	uint64_t start, end;
};

static char plain(char byte)
{
	if (byte == ' ' || byte == '-')
		return '_';
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

bool columns_same_name(struct span a, struct span b)
{
	if (a.length != b.length)
		return false;
	for (size_t i = 0; i < a.length; i++)
		if (plain(a.data[i]) != plain(b.data[i]))
			return false;
	return true;
}

/* Without white space around it and without a BOM that strayed into it. */
static struct span clean(struct span name)
{
	name = span_trim(name);
	if (name.length >= 3 && memcmp(name.data, "\xef\xbb\xbf", 3) == 0)
		name = span_trim(span_slice(name, 3, name.length));
	return name;
}

static int field_like(enum kind kind, struct span name)
{
	const struct kind_info *info = kind_info(kind);
	for (int field = 0; field < info->field_count; field++)
		if (columns_same_name(name, span_string(info->fields[field].name)))
			return field;
	return -1;
}

/* What a name means for a kind by itself. */
static enum target target_of(enum kind kind, struct span name, int *field)
{
	static const struct {
		const char *name;
		enum target target;
	} reserved[] = {
		{"key", TO_KEY}, {"basis", TO_BASIS}, {"by", TO_BY}, {"stands_for", TO_STANDS_FOR}};
	const size_t reading = strlen(".reading");
	*field = field_like(kind, name);
	if (*field >= 0)
		return TO_FIELD;
	for (size_t i = 0; i < ARRAY_LENGTH(reserved); i++)
		if (columns_same_name(name, span_string(reserved[i].name)))
			return reserved[i].target;
	if (name.length <= reading ||
		!columns_same_name(span_slice(name, name.length - reading, name.length),
			span_string(".reading")))
		return TO_EXTRA;
	*field = field_like(kind, span_slice(name, 0, name.length - reading));
	bool time = *field >= 0 && kind_info(kind)->fields[*field].type == FIELD_TIME;
	return time ? TO_READING : TO_EXTRA;
}

struct columns *columns_new(struct loader *loader, enum kind kind, struct error *error)
{
	struct columns *columns = calloc(1, sizeof *columns);
	if (!columns) {
		error_memory(error);
		return NULL;
	}
	columns->loader = loader;
	columns->kind = kind;
	columns->info = kind_info(kind);
	return columns;
}

void columns_free(struct columns *columns)
{
	if (!columns)
		return;
	for (size_t i = 0; i < columns->count; i++) {
		free((char *)columns->items[i].name.data);
		free((char *)columns->items[i].given.data);
	}
	name_table_free(&columns->names);
	name_table_free(&columns->given);
	name_table_free(&columns->cleaned);
	free(columns->first);
	free(columns->times);
	free(columns->items);
	free(columns->cells);
	free(columns->moments);
	free(columns);
}

size_t columns_count(const struct columns *columns)
{
	return columns->count;
}

size_t columns_find(const struct columns *columns, struct span name)
{
	size_t number = name_table_find(&columns->given, name);
	return number == SIZE_MAX ? SIZE_MAX : columns->first[number];
}

/* ---- names and targets ---- */

/* How often a name came before. False when out of memory. */
static bool count_name(struct columns *columns, struct span name, uint32_t **times)
{
	bool added;
	size_t number = name_table_add(&columns->cleaned, name, &added);
	uint32_t *grown = number == SIZE_MAX ? NULL
					     : memory_grow(columns->times, &columns->times_capacity,
						       number + 1, sizeof *grown);
	if (!grown)
		return false;
	columns->times = grown;
	if (added)
		grown[number] = 0;
	*times = &grown[number];
	return true;
}

/* `column 3` for one without a name; `note 2` for the second `note`; remembered as taken. */
static bool unique_name(struct columns *columns, struct span name, struct buffer *text)
{
	uint32_t *times;
	bool added = false;
	if (name.length == 0)
		buffer_add_format(text, "column %zu", columns->count + 1);
	else
		buffer_add_span(text, name);
	size_t length = text->length;
	if (buffer_failed(text) || !count_name(columns, buffer_span(text), &times))
		return false;
	while (!added) {
		if (++*times > 1) {
			text->length = length;
			buffer_add_format(text, " %u", *times);
		}
		if (buffer_failed(text) ||
			name_table_add(&columns->names, buffer_span(text), &added) == SIZE_MAX)
			return false;
	}
	return true;
}

/* Remembers where a name as it was given is found. */
static bool remember_given(struct columns *columns, struct span given)
{
	bool added;
	size_t number = name_table_add(&columns->given, given, &added);
	size_t *first = number == SIZE_MAX ? NULL
					   : memory_grow(columns->first, &columns->first_capacity,
						     number + 1, sizeof *first);
	if (!first)
		return false;
	columns->first = first;
	if (added)
		first[number] = columns->count;
	return true;
}

/* The FIELD of a --map FIELD=COLUMN; not stated when none names this column. */
static struct span mapped_to(const struct columns *columns, struct span column)
{
	const char *const *map = loader_options(columns->loader)->map;
	for (; map && *map; map++) {
		const char *equals = strchr(*map, '=');
		if (equals && columns_same_name(column, clean(span_string(equals + 1))))
			return span_of(*map, (size_t)(equals - *map));
	}
	return span_string(NULL);
}

/* Whether a --map sends some column to the field that this name is. */
static bool mapped_away(const struct columns *columns, struct span name)
{
	const char *const *map = loader_options(columns->loader)->map;
	for (; map && *map; map++) {
		const char *equals = strchr(*map, '=');
		if (equals && columns_same_name(name, span_of(*map, (size_t)(equals - *map))))
			return true;
	}
	return false;
}

static void set_target(struct columns *columns, struct column *column, struct span as)
{
	column->target = target_of(columns->kind, as, &column->field);
	if (column->target != TO_FIELD)
		return;
	if (columns->taken[column->field])
		column->target = TO_EXTRA;
	columns->taken[column->field] = true;
}

bool columns_add(struct columns *columns, struct span name, struct error *error)
{
	struct column *items =
		memory_grow(columns->items, &columns->capacity, columns->count + 1, sizeof *items);
	if (!items)
		return error_memory(error);
	columns->items = items;
	struct span cleaned = clean(name);
	struct buffer own = {0};
	struct column column = {.given = {memory_copy(name.data, name.length), name.length}};
	bool ok = column.given.data && unique_name(columns, cleaned, &own) &&
		  remember_given(columns, name);
	if (!ok) {
		free((char *)column.given.data);
		buffer_free(&own);
		return error_memory(error);
	}
	column.name = buffer_span(&own);
	struct span as = mapped_to(columns, cleaned);
	if (span_stated(as))
		set_target(columns, &column, as);
	else if (cleaned.length > 0 && !mapped_away(columns, cleaned))
		set_target(columns, &column, cleaned);
	items[columns->count++] = column;
	return true;
}

/* Columns with no place that a known header or a synonym has one for. */
static bool fill_by_mappings(struct columns *columns, struct error *error)
{
	struct span *names = memory_array(columns->count, sizeof *names);
	if (!names)
		return error_memory(error);
	for (size_t i = 0; i < columns->count; i++)
		names[i] = clean(columns->items[i].given);
	const struct mapping *mapping = mapping_find(names, columns->count);
	if (mapping && mapping->kind != columns->kind)
		mapping = NULL;
	for (size_t i = 0; i < columns->count; i++) {
		struct column *column = &columns->items[i];
		struct span as = mapping ? mapping_field(mapping, names[i]) : span_string(NULL);
		int field = mapping_synonym(columns->kind, names[i]);
		if (column->target != TO_EXTRA || span_stated(mapped_to(columns, names[i])))
			continue;
		if (!span_stated(as) && field >= 0)
			as = span_string(columns->info->fields[field].name);
		if (span_stated(as) && !mapped_away(columns, as))
			set_target(columns, column, as);
	}
	free(names);
	return true;
}

static bool check_maps(const struct columns *columns, struct error *error)
{
	const char *const *map = loader_options(columns->loader)->map;
	for (; map && *map; map++) {
		const char *equals = strchr(*map, '=');
		int field;
		bool found = false;
		if (!equals || equals == *map || !equals[1])
			return error_set(
				error, ERROR_USAGE, "--map wants FIELD=COLUMN, not %s", *map);
		struct span as = span_of(*map, (size_t)(equals - *map));
		if (target_of(columns->kind, as, &field) == TO_EXTRA)
			return error_set(error, ERROR_USAGE, "--map: a %s has no field %.*s",
				columns->info->name, (int)as.length, as.data);
		for (size_t i = 0; i < columns->count && !found; i++)
			found = columns_same_name(
				clean(columns->items[i].given), clean(span_string(equals + 1)));
		if (!found)
			return error_set(
				error, ERROR_USAGE, "--map: there is no column %s", equals + 1);
	}
	return true;
}

/* A name or, for an event, anything of what makes one. */
static bool has_substance(const struct columns *columns)
{
	const struct kind_info *info = columns->info;
	if (span_stated(loader_setting(columns->loader, info->fields[info->name_field].name)))
		return true;
	if (columns->kind != KIND_EVENT && columns->kind != KIND_STATEMENT)
		return columns->taken[info->name_field];
	for (int field = 0; field < info->field_count; field++)
		if (columns->taken[field])
			return true;
	return false;
}

static bool no_substance(const struct columns *columns, struct error *error)
{
	const struct kind_info *info = columns->info;
	const char *name = info->fields[info->name_field].name;
	struct buffer list = {0};
	for (size_t i = 0; i < columns->count && i < COLUMNS_SHOWN; i++) {
		buffer_add_string(&list, i ? ", " : "");
		buffer_add_span(&list, span_slice(columns->items[i].name, 0, 40));
	}
	buffer_add_string(&list, columns->count > COLUMNS_SHOWN ? " ..." : "");
	error_set(error, ERROR_USAGE,
		"no column gives a %s its %s: say --map %s=COLUMN; the columns are %s", info->name,
		name, name, list.data ? list.data : "none");
	buffer_free(&list);
	return false;
}

bool columns_ready(struct columns *columns, struct error *error)
{
	if (!check_maps(columns, error) || !fill_by_mappings(columns, error))
		return false;
	const struct kind_info *info = columns->info;
	if (!has_substance(columns))
		return no_substance(columns, error);
	for (int field = 0; field < info->field_count; field++)
		if (columns->taken[field] && (info->fields[field].flags & FIELD_JUDGEMENT))
			loader_note(columns->loader,
				"%s is a judgement: what the file says of it is kept as extra.%s",
				info->fields[field].name, info->fields[field].name);
	return true;
}

bool columns_needs_zone(const struct columns *columns, size_t index, struct span text)
{
	const struct column *column = &columns->items[index];
	return column->target == TO_FIELD &&
	       columns->info->fields[column->field].type == FIELD_TIME &&
	       loader_time_needs_zone(columns->loader, text);
}

/* ---- rows ---- */

void columns_begin(struct columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		columns->items[i].text = span_string(NULL);
}

void columns_cell(struct columns *columns, size_t index, struct span text)
{
	if (index < columns->count && span_trim(text).length > 0)
		columns->items[index].text = text;
}

/* A remark on a cell that has no place as it stands; it is kept as extra. */
static bool keep_as_extra(struct columns *columns, const struct column *column,
	struct draft_cell *cell, const char *why, struct error *error)
{
	struct span shown = span_slice(column->text, 0, 60);
	struct span name = span_slice(column->name, 0, 60);
	cell->field = CELL_EXTRA;
	cell->name = column->name;
	return loader_remark(columns->loader, columns->line, (int64_t)columns->start,
		(int64_t)columns->end, error, "%.*s: `%.*s` %s, kept as extra.%.*s",
		(int)name.length, name.data, (int)shown.length, shown.data, why, (int)name.length,
		name.data);
}

/* The word of a choice, whatever its case; not stated when it has no such word. */
static struct span choice_word(const struct kind_field *field, struct span text)
{
	struct span rest = span_string(field->choices);
	while (rest.length > 0) {
		const char *bar = memchr(rest.data, '|', rest.length);
		size_t length = bar ? (size_t)(bar - rest.data) : rest.length;
		if (span_equal_ignoring_case(text, span_of(rest.data, length)))
			return span_of(rest.data, length);
		rest = span_slice(rest, length + 1, rest.length);
	}
	return span_string(NULL);
}

/* Our reading of a time's words, from its second column. */
static struct span reading_of(const struct columns *columns, int field)
{
	for (size_t i = 0; i < columns->count; i++)
		if (columns->items[i].target == TO_READING && columns->items[i].field == field)
			return span_trim(columns->items[i].text);
	return span_string(NULL);
}

static bool read_time(struct columns *columns, const struct column *column, struct draft_cell *cell,
	struct moment *moment, struct error *error)
{
	struct span reading = reading_of(columns, column->field);
	struct span words = reading.length > 0 ? reading : column->text;
	if (reading.length > 0) {
		if (!moment_parse(words, loader_zone(columns->loader), moment, NULL))
			moment->precision = MOMENT_NONE;
		moment->inferred = true;
	} else if (!loader_time(columns->loader, words, column->name, moment, error)) {
		return false;
	}
	if (moment->precision != MOMENT_NONE) {
		cell->moment = moment;
		return true;
	}
	struct span shown = span_slice(words, 0, 60);
	return loader_remark(columns->loader, columns->line, (int64_t)columns->start,
		(int64_t)columns->end, error,
		"%.*s: `%.*s` is kept as words, it can't be read as a time",
		(int)(column->name.length < 60 ? column->name.length : 60), column->name.data,
		(int)shown.length, shown.data);
}

static bool read_field(struct columns *columns, const struct column *column,
	struct draft_cell *cell, struct moment *moment, struct error *error)
{
	const struct kind_field *field = &columns->info->fields[column->field];
	long long number;
	cell->field = column->field;
	if (field->type == FIELD_TIME)
		return read_time(columns, column, cell, moment, error);
	if (field->flags & FIELD_JUDGEMENT)
		return true;
	if (field->type == FIELD_CHOICE) {
		struct span word = choice_word(field, span_trim(column->text));
		if (!span_stated(word))
			return keep_as_extra(columns, column, cell, "is none of its words", error);
		cell->text = word;
	} else if (field->type == FIELD_NUMBER) {
		cell->text = span_trim(column->text);
		if (!span_to_integer(cell->text, &number))
			return keep_as_extra(columns, column, cell, "is no number", error);
	}
	return true;
}

/* 41, 24.., 24..30, or ? for not stated. */
static bool read_stands_for(struct span text, struct draft *draft)
{
	long long low, high;
	text = span_trim(text);
	draft->stands_stated = !span_is(text, "?");
	if (!draft->stands_stated)
		return true;
	const char *dots = memmem(text.data, text.length, "..", 2);
	size_t length = dots ? (size_t)(dots - text.data) : text.length;
	if (!span_to_integer(span_slice(text, 0, length), &low) || low < 0)
		return false;
	high = low;
	struct span rest = span_slice(text, length + 2, text.length);
	if (dots && rest.length == 0)
		high = INT64_MAX;
	else if (dots && (!span_to_integer(rest, &high) || high < low))
		return false;
	draft->stands_min = low;
	draft->stands_max = high;
	return true;
}

/* A column that is about the record as a whole. *kept: it had to go to extra after all. */
static bool read_reserved(struct columns *columns, const struct column *column, struct draft *draft,
	struct draft_cell *cell, bool *kept, struct error *error)
{
	struct span text = span_trim(column->text);
	*kept = false;
	if (column->target == TO_KEY) {
		draft->key = text;
	} else if (column->target == TO_BY) {
		draft->by = text;
	} else if (column->target == TO_BASIS) {
		int basis = basis_find(text);
		*kept = basis < 0;
		if (basis >= 0)
			draft->basis = (enum basis)basis;
	} else if (column->target == TO_STANDS_FOR) {
		*kept = !read_stands_for(text, draft);
		if (*kept)
			draft->stands_stated = true;
	}
	return !*kept || keep_as_extra(columns, column, cell, "can't be read", error);
}

/* A reading whose words' own cell is empty stands for them. */
static bool reads_alone(const struct columns *columns, const struct column *column)
{
	for (size_t i = 0; i < columns->count; i++)
		if (columns->items[i].target == TO_FIELD &&
			columns->items[i].field == column->field &&
			span_stated(columns->items[i].text))
			return false;
	return true;
}

static bool fill_cell(struct columns *columns, const struct column *column, struct draft *draft,
	struct error *error)
{
	struct draft_cell *cell = &columns->cells[draft->cell_count];
	struct moment *moment = &columns->moments[draft->cell_count];
	bool kept = true;
	*cell = (struct draft_cell){
		.field = CELL_EXTRA, .name = column->name, .text = column->text};
	*moment = (struct moment){0};
	if (column->target == TO_FIELD ||
		(column->target == TO_READING && reads_alone(columns, column))) {
		if (!read_field(columns, column, cell, moment, error))
			return false;
	} else if (column->target == TO_READING) {
		kept = false;
	} else if (column->target != TO_EXTRA) {
		if (!read_reserved(columns, column, draft, cell, &kept, error))
			return false;
	}
	draft->cell_count += kept;
	return true;
}

static bool reserve_cells(struct columns *columns, struct error *error)
{
	struct draft_cell *cells = memory_grow(
		columns->cells, &columns->cell_capacity, columns->count + 1, sizeof *cells);
	if (cells)
		columns->cells = cells;
	struct moment *moments = memory_grow(
		columns->moments, &columns->moment_capacity, columns->count + 1, sizeof *moments);
	if (moments)
		columns->moments = moments;
	return (cells && moments) || error_memory(error);
}

bool columns_end(struct columns *columns, int64_t line, uint64_t start, uint64_t end,
	struct record_id *id, struct error *error)
{
	bool told = columns->kind == KIND_STATEMENT || columns->kind == KIND_CLAIM;
	struct draft draft = DRAFT(columns->kind);
	draft.basis = loader_basis(columns->loader, told ? BASIS_REPORTED : BASIS_OBSERVED);
	draft.start = start;
	draft.end = end;
	columns->line = line;
	columns->start = start;
	columns->end = end;
	if (id)
		*id = (struct record_id){0};
	if (!reserve_cells(columns, error))
		return false;
	bool stated = false;
	for (size_t i = 0; i < columns->count; i++) {
		if (!span_stated(columns->items[i].text))
			continue;
		stated = true;
		if (!fill_cell(columns, &columns->items[i], &draft, error))
			return false;
	}
	if (!stated)
		return loader_skip(columns->loader, line, (int64_t)start, (int64_t)end, error,
			"nothing stands in it");
	draft.cells = columns->cells;
	return loader_record(columns->loader, &draft, id, error);
}

/* ---- which kind ---- */

/* How well a header fits a kind: 0 when its name, or an event's time, is not in it. */
static int fit(enum kind kind, const struct span *names, size_t count)
{
	const struct kind_info *info = kind_info(kind);
	bool seen[MAX_FIELDS] = {false};
	int points = 0;
	for (size_t i = 0; i < count; i++) {
		struct span name = clean(names[i]);
		int field = field_like(kind, name);
		int worth = field >= 0 ? 3 : 2;
		if (field < 0)
			field = mapping_synonym(kind, name);
		if (field < 0 || seen[field])
			continue;
		seen[field] = true;
		points += worth;
	}
	if (kind == KIND_EVENT)
		return seen[0] && points > 3 ? points : 0;
	return seen[info->name_field] ? points : 0;
}

/* `hosts.csv` names the kind host. */
static bool file_names(enum kind kind, struct span file_name)
{
	const char *dot = file_name.length ? memchr(file_name.data, '.', file_name.length) : NULL;
	struct span stem =
		span_slice(file_name, 0, dot ? (size_t)(dot - file_name.data) : file_name.length);
	return span_equal_ignoring_case(stem, span_string(kind_info(kind)->name)) ||
	       span_equal_ignoring_case(stem, span_string(kind_info(kind)->plural));
}

enum kind columns_guess(const struct span *names, size_t count, struct span file_name)
{
	enum kind best = KIND_NONE;
	int best_points = 3; /* one field by its name is no evidence */
	bool alike = false;
	const struct mapping *mapping = mapping_find(names, count);
	if (mapping)
		return mapping->kind;
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		int points = fit((enum kind)kind, names, count);
		if (points > 0 && file_names((enum kind)kind, file_name))
			return (enum kind)kind;
		if (points > best_points) {
			best_points = points;
			best = (enum kind)kind;
			alike = false;
		} else if (points == best_points) {
			alike = true;
		}
	}
	return alike ? KIND_NONE : best;
}
