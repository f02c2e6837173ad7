/* A row's cells made into a draft: times, numbers, words of a choice, and what is about the record
 * as a whole. What can't be read as its field wants is kept as extra, with a remark. */
#include "columns_private.h"
#include "indicator.h"

#include "base/memory.h"
#include "ingest/loader.h"

#include <string.h>

void columns_begin(struct columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		columns->items[i].text = span_string(NULL);
}

void columns_cell(struct columns *columns, size_t index, struct span text)
{
	/* Files that were put one behind the other have a BOM where the next one begins. */
	if (text.length >= 3 && memcmp(text.data, "\xef\xbb\xbf", 3) == 0)
		text = span_slice(text, 3, text.length);
	if (index < columns->count && span_trim(text).length > 0)
		columns->items[index].text = text;
}

struct span columns_text(const struct columns *columns, size_t index)
{
	return index < columns->count ? columns->items[index].text : span_string(NULL);
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

static bool read_field(struct columns *columns, const struct column *column,
	struct draft_cell *cell, struct moment *moment, struct error *error)
{
	const struct kind_field *field = &columns->info->fields[column->field];
	long long number;
	cell->field = column->field;
	if (field->type == FIELD_TIME)
		return columns_read_time(columns, column, cell, moment, error);
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
	const char *dots = span_find(text, "..");
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
		/* In a table of our own the key is for its links; what others call by an id is
		 * said. */
		draft->key = text;
		draft->lasting = columns->lasting;
		*kept = !columns->own || !span_is(column->name, "key");
		return true;
	} else if (column->target == TO_BY) {
		/* In other people's tables it is whose word the row is, and searched. */
		draft->by = text;
		*kept = !columns->own;
		return true;
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

/* `ioc: true` says that something is an indicator, not which. */
static bool is_flag(const struct columns *columns, const struct column *column)
{
	static const char *const flags[] = {"true", "false", "yes", "no", "1", "0"};
	bool flag = false;
	for (size_t i = 0; i < ARRAY_LENGTH(flags); i++)
		flag = flag ||
		       span_equal_ignoring_case(span_trim(column->text), span_string(flags[i]));
	return flag && columns->kind == KIND_INDICATOR && column->target == TO_FIELD &&
	       column->field == columns->info->name_field;
}

static bool fill_cell(struct columns *columns, const struct column *column, struct draft *draft,
	struct error *error)
{
	struct draft_cell *cell = &columns->cells[draft->cell_count];
	struct moment *moment = &columns->moments[draft->cell_count];
	bool kept = true;
	size_t index = (size_t)(column - columns->items);
	*cell = (struct draft_cell){
		.field = CELL_EXTRA, .name = column->name, .text = column->text};
	*moment = (struct moment){0};
	if (column->target == TO_INDICATOR || index == columns->principal) {
		/* What is one value and nothing else needs no cell beside it. */
		kept = index != columns->principal ||
		       !span_equal(span_trim(column->text), columns->own_value);
	} else if (is_flag(columns, column)) {
		kept = true;
	} else if (column->target == TO_FIELD ||
		   (column->target == TO_READING && reads_alone(columns, column))) {
		if (!read_field(columns, column, cell, moment, error))
			return false;
	} else if (column->target == TO_READING) {
		/* In other people's tables it may be a reading of something else. */
		kept = !columns->own;
	} else if (column->target == TO_EXTRA) {
		kept = !columns_joined(columns, index);
	} else {
		if (!read_reserved(columns, column, draft, cell, &kept, error))
			return false;
	}
	draft->cell_count += kept;
	return true;
}

static void add_own_cell(struct columns *columns, struct draft *draft, int field, struct span text)
{
	columns->cells[draft->cell_count++] = (struct draft_cell){.field = field, .text = text};
}

/* The value of an indicator that was chosen from several, and its type by its looks when the row
 * says none. */
static void fill_value(struct columns *columns, struct draft *draft)
{
	int value = columns->info->name_field;
	int type = kind_field_find(KIND_INDICATOR, span_string("type"));
	if (columns->kind != KIND_INDICATOR)
		return;
	const char *looks = columns->own_type;
	if (columns->principal != SIZE_MAX)
		add_own_cell(columns, draft, value, columns->own_value);
	for (size_t i = 0; i < draft->cell_count; i++) {
		struct draft_cell *cell = &columns->cells[i];
		if (cell->field == value && columns->principal == SIZE_MAX)
			looks = indicator_type_of(cell->text);
		if (cell->field != type)
			continue;
		/* It speaks of the row as a whole, of the file that the hashes are of. */
		if (columns->principal == SIZE_MAX)
			return;
		cell->field = CELL_EXTRA;
		cell->name = span_string("type");
	}
	if (looks)
		add_own_cell(columns, draft, type, span_string(looks));
}

/* Some lists of indicators begin with rows of type `Description`: the report that they are from. */
static void turn_into_document(struct columns *columns, struct draft *draft)
{
	int type = kind_field_find(KIND_INDICATOR, span_string("type"));
	bool describes = false;
	for (size_t i = 0; i < draft->cell_count; i++)
		describes = describes || (columns->cells[i].field == type &&
						 span_equal_ignoring_case(columns->cells[i].text,
							 span_string("Description")));
	if (draft->kind != KIND_INDICATOR || !describes)
		return;
	draft->kind = KIND_DOCUMENT;
	for (size_t i = 0; i < draft->cell_count; i++) {
		struct draft_cell *cell = &columns->cells[i];
		bool value = cell->field == columns->info->name_field;
		if (cell->field != CELL_EXTRA && !value)
			cell->name = span_string(columns->info->fields[cell->field].name);
		if (cell->field != CELL_EXTRA)
			cell->field = value ? kind_info(KIND_DOCUMENT)->name_field : CELL_EXTRA;
	}
}

static bool reserve_cells(struct columns *columns, struct error *error)
{
	struct draft_cell *cells = memory_grow(
		columns->cells, &columns->cell_capacity, columns->count + 3, sizeof *cells);
	if (cells)
		columns->cells = cells;
	struct moment *moments = memory_grow(
		columns->moments, &columns->moment_capacity, columns->count + 1, sizeof *moments);
	if (moments)
		columns->moments = moments;
	return (cells && moments) || error_memory(error);
}

bool columns_end(
	struct columns *columns, int64_t line, uint64_t start, uint64_t end, struct error *error)
{
	bool told = columns->kind == KIND_STATEMENT || columns->kind == KIND_CLAIM;
	struct draft draft = DRAFT(columns->kind);
	draft.basis = loader_basis(columns->loader, told ? BASIS_REPORTED : BASIS_OBSERVED);
	draft.start = start;
	draft.end = end;
	columns->line = line;
	columns->start = start;
	columns->end = end;
	if (!reserve_cells(columns, error))
		return false;
	bool stated = false;
	columns_choose_value(columns);
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
	fill_value(columns, &draft);
	columns_time_kind(columns, &draft);
	turn_into_document(columns, &draft);
	draft.cells = columns->cells;
	struct record_id own;
	if (!loader_record(columns->loader, &draft, &own, error))
		return false;
	return columns_parts_add(columns, own, error);
}
