/* Records beside a row's own: what a known header makes of some columns, and the other indicators
 * that stand in a row. Each is linked from the row's own record; what it is made of stays there. */
#include "columns_private.h"

#include "base/compiler.h"
#include "indicator.h"
#include "ingest/loader.h"

/* ---- parts of a known header ---- */

static size_t column_called(const struct columns *columns, struct span name)
{
	for (size_t i = 0; i < columns->count; i++)
		if (columns_same_name(span_trim(columns->items[i].name), name))
			return i;
	return SIZE_MAX;
}

/* False when the column that names the part is not there. */
static bool fill_part(
	const struct columns *columns, const struct mapping_part *from, struct part *part)
{
	struct span map = span_string(from->map), column, field;
	*part = (struct part){.kind = from->kind, .link = from->link};
	while (part->count < MAPPING_PART_CELLS && mapping_next(&map, &column, &field)) {
		struct part_cell cell = {
			.field = kind_field_find(from->kind, field), .column = SIZE_MAX};
		if (column.data[0] == '"')
			cell.text = span_slice(column, 1, column.length - 1);
		else
			cell.column = column_called(columns, column);
		if (cell.column == SIZE_MAX && !span_stated(cell.text)) {
			if (part->count == 0)
				return false;
			continue;
		}
		part->cells[part->count++] = cell;
	}
	return part->count > 0;
}

void columns_parts_begin(struct columns *columns, const struct mapping *mapping)
{
	for (size_t i = 0; i < MAPPING_PARTS && mapping->parts[i].kind != KIND_NONE; i++)
		if (fill_part(columns, &mapping->parts[i], &columns->parts[columns->part_count]))
			columns->part_count++;
}

/* ---- adding ---- */

static struct draft begin_draft(const struct columns *columns, enum kind kind)
{
	struct draft draft = DRAFT(kind);
	bool told = kind == KIND_STATEMENT || kind == KIND_CLAIM;
	draft.basis = loader_basis(columns->loader, told ? BASIS_REPORTED : BASIS_OBSERVED);
	draft.start = columns->start;
	draft.end = columns->end;
	return draft;
}

static bool add_linked(struct columns *columns, const struct draft *draft, struct record_id own,
	const char *type, struct error *error)
{
	struct record_id made;
	if (!loader_record(columns->loader, draft, &made, error))
		return false;
	struct draft_link link = {.from = own,
		.to = made,
		.type = span_string(type),
		.basis = draft->basis,
		.start = columns->start,
		.end = columns->end};
	bool same = made.kind == own.kind && made.id == own.id;
	return made.kind == KIND_NONE || own.kind == KIND_NONE || same ||
	       loader_link(columns->loader, &link, error);
}

/* Reads a cell that is a time. */
static bool read_part_time(struct columns *columns, const struct part *part,
	const struct part_cell *from, struct draft_cell *cell, struct moment *moment,
	struct error *error)
{
	bool nothing;
	if (kind_info(part->kind)->fields[from->field].type != FIELD_TIME)
		return true;
	if (!columns_stamp(
		    columns, &columns->items[from->column], cell->text, moment, &nothing, error))
		return false;
	cell->moment = moment->precision == MOMENT_NONE ? NULL : moment;
	return true;
}

static bool add_part(
	struct columns *columns, const struct part *part, struct record_id own, struct error *error)
{
	struct draft draft = begin_draft(columns, part->kind);
	struct draft_cell cells[MAPPING_PART_CELLS];
	struct moment moments[MAPPING_PART_CELLS];
	for (size_t i = 0; i < part->count; i++) {
		const struct part_cell *from = &part->cells[i];
		struct span text =
			from->column == SIZE_MAX ? from->text : columns->items[from->column].text;
		bool stated = span_stated(text) && !span_is(span_trim(text), "-");
		if (!stated && i == 0)
			return true;
		if (!stated)
			continue;
		struct draft_cell *cell = &cells[draft.cell_count++];
		*cell = (struct draft_cell){.field = from->field, .text = text};
		if (!read_part_time(columns, part, from, cell, &moments[i], error))
			return false;
	}
	draft.cells = cells;
	return add_linked(columns, &draft, own, part->link, error);
}

/* ---- indicators ---- */

/* The surer of two values of one cell: the longest hash names a file best. */
static bool is_better(struct span value, struct span than)
{
	return !span_stated(than) || value.length > than.length;
}

/* The best value in a cell and its type; when any of what stands in it is none, all of it is one
 * text. Not stated when it is empty. */
static struct span best_value(struct span text, const char **type)
{
	struct span rest = text, best = span_string(NULL), value;
	*type = NULL;
	while (span_stated(value = indicator_next(&rest))) {
		const char *looks = indicator_type_of(value);
		if (!looks) {
			*type = NULL;
			return span_trim(text);
		}
		if (is_better(value, best)) {
			best = value;
			*type = looks;
		}
	}
	return best;
}

/* The column called the value, when it is stated; SIZE_MAX. */
static size_t value_column(const struct columns *columns)
{
	for (size_t i = 0; i < columns->count; i++)
		if (columns->items[i].target == TO_FIELD &&
			columns->items[i].field == columns->info->name_field &&
			span_stated(columns->items[i].text))
			return i;
	return SIZE_MAX;
}

/* `MD5,SHA1,SHA256` in one cell: one of them is the row's own, the others are records beside it. */
static void choose_of_list(struct columns *columns, size_t called)
{
	const char *type;
	struct span text = columns->items[called].text, best = best_value(text, &type);
	if (!type || span_equal(best, span_trim(text)))
		return;
	columns->principal = called;
	columns->own_value = best;
	columns->own_type = type;
}

void columns_choose_value(struct columns *columns)
{
	columns->principal = SIZE_MAX;
	columns->own_type = NULL;
	columns->own_value = span_string(NULL);
	if (columns->kind != KIND_INDICATOR)
		return;
	size_t called = value_column(columns);
	if (called != SIZE_MAX) {
		choose_of_list(columns, called);
		return;
	}
	int surest = 0;
	for (size_t i = 0; i < columns->count; i++) {
		const struct column *column = &columns->items[i];
		if (column->target != TO_INDICATOR || !span_stated(column->text))
			continue;
		const char *type;
		struct span value = best_value(column->text, &type);
		int sure = type ? 2 + column->sure : 1;
		bool longer = sure == surest && sure > 3 && is_better(value, columns->own_value);
		if (sure <= surest && !longer)
			continue;
		surest = sure;
		columns->principal = i;
		columns->own_value = value;
		columns->own_type = type;
	}
}

/* Each value of a cell that is not the row's own. */
static bool add_values(
	struct columns *columns, struct span text, struct record_id own, struct error *error)
{
	int type = kind_field_find(KIND_INDICATOR, span_string("type"));
	struct span rest = text, value;
	const char *looks;
	best_value(text, &looks);
	while (looks && span_stated(value = indicator_next(&rest))) {
		struct draft draft = begin_draft(columns, KIND_INDICATOR);
		struct draft_cell cells[] = {{.field = columns->info->name_field, .text = value},
			{.field = type, .text = span_string(indicator_type_of(value))}};
		if (span_equal(value, columns->own_value))
			continue;
		draft.cells = cells;
		draft.cell_count = ARRAY_LENGTH(cells);
		if (!add_linked(columns, &draft, own, "same_row", error))
			return false;
	}
	return true;
}

bool columns_parts_add(struct columns *columns, struct record_id own, struct error *error)
{
	for (size_t i = 0; i < columns->part_count; i++)
		if (!add_part(columns, &columns->parts[i], own, error))
			return false;
	for (size_t i = 0; columns->kind == KIND_INDICATOR && i < columns->count; i++)
		if ((columns->items[i].target == TO_INDICATOR || i == columns->principal) &&
			span_stated(columns->items[i].text) &&
			!add_values(columns, columns->items[i].text, own, error))
			return false;
	return true;
}
