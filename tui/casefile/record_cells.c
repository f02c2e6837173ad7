/* The cells of a record: base rows, what the journal decided over them, and extra ones. */
#include "record_private.h"

#include "base/memory.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Adds a cell whose text, and name unless PLACE_NONE, stand in the record's text already. */
static bool add_placed(struct record_reader *reader, struct record *record, const struct cell *cell,
	size_t name, size_t text, struct error *error)
{
	size_t count = (size_t)record->cell_count;
	struct cell *cells =
		memory_grow(record->cells, &record->cell_capacity, count + 1, sizeof *cells);
	if (!cells)
		return error_memory(error);
	record->cells = cells;
	size_t *places =
		memory_grow(reader->places, &reader->place_capacity, 2 * count + 2, sizeof *places);
	if (!places)
		return error_memory(error);
	reader->places = places;
	cells[count] = *cell;
	places[2 * count] = name;
	places[2 * count + 1] = text;
	record->cell_count++;
	return true;
}

bool record_add_cell(struct record_reader *reader, struct record *record, const struct cell *cell,
	struct error *error)
{
	size_t name = PLACE_NONE;
	struct cell copy = *cell;
	if (cell->field == CELL_EXTRA) {
		name = record->text.length;
		buffer_add_span(&record->text, cell->name);
	} else {
		copy.name = span_string(kind_info(record->id.kind)->fields[cell->field].name);
	}
	if (reader->text_limit > 0 && cell->text.length > reader->text_limit) {
		copy.text = span_slice(cell->text, 0, text_cut(cell->text, reader->text_limit));
		copy.cut = cell->text.length - copy.text.length;
	}
	size_t text = span_stated(cell->text) ? record->text.length : PLACE_NONE;
	buffer_add_span(&record->text, copy.text);
	if (buffer_failed(&record->text))
		return error_memory(error);
	return add_placed(reader, record, &copy, name, text, error);
}

bool record_extra_decided(
	const struct record_reader *reader, const struct record *record, struct span name)
{
	/* The journal's word is read first: those behind it may be as many as a source has rows. */
	for (int i = 0; i < record->cell_count; i++) {
		const struct cell *cell = &record->cells[i];
		if (cell->field != CELL_EXTRA || !cell->decided)
			return false;
		if (span_equal(name,
			    span_of(record->text.data + reader->places[2 * i], cell->name.length)))
			return true;
	}
	return false;
}

/* Fields in their order, then extra cells by name; what has one name, in the order it came in. */
static int compare_cells(const void *a, const void *b)
{
	const struct cell *left = a, *right = b;
	/* CELL_EXTRA becomes the greatest number. */
	unsigned left_field = (unsigned)left->field, right_field = (unsigned)right->field;
	if (left_field != right_field)
		return left_field < right_field ? -1 : 1;
	int order = left->field == CELL_EXTRA ? span_compare(left->name, right->name) : 0;
	if (order != 0)
		return order;
	return (left->text.data > right->text.data) - (left->text.data < right->text.data);
}

bool record_seal(struct record_reader *reader, struct record *record, struct error *error)
{
	/* A byte at least, so that the span of an empty text has an address: it is stated. */
	buffer_add_byte(&record->text, '\0');
	if (buffer_failed(&record->text))
		return error_memory(error);
	int kept = 0;
	for (int i = 0; i < record->cell_count; i++) {
		struct cell cell = record->cells[i];
		if (reader->places[2 * i + 1] == PLACE_NONE)
			continue;
		if (reader->places[2 * i] != PLACE_NONE)
			cell.name.data = record->text.data + reader->places[2 * i];
		cell.text.data = record->text.data + reader->places[2 * i + 1];
		record->cells[kept++] = cell;
	}
	record->cell_count = kept;
	if (span_stated(record->by))
		record->by.data = record->text.data;
	if (kept > 1)
		qsort(record->cells, (size_t)kept, sizeof *record->cells, compare_cells);
	return true;
}

/* The name of a record as it is shown, appended to text; not there: nothing. */
static bool add_name(
	struct record_reader *reader, struct record_id id, struct buffer *text, struct error *error)
{
	const struct kind_info *info = kind_info(id.kind);
	if (info->large)
		return true;
	struct statement **name = &reader->name[id.kind];
	if (!*name) {
		struct buffer sql = {0};
		const char *field = info->fields[info->name_field].name;
		buffer_add_format(&sql,
			"SELECT CASE WHEN o.kind IS NULL THEN r.\"%s\" ELSE o.value END"
			" FROM \"%s\" r LEFT JOIN overlay o"
			" ON o.kind = %d AND o.record = r.id AND o.field = '%s' WHERE r.id = ?1",
			field, info->name, (int)id.kind, field);
		*name = statement_open_built(reader->file, &sql, error);
		if (!*name)
			return false;
	}
	statement_bind_int(*name, 1, id.id);
	enum statement_result result = statement_step(*name, error);
	if (result == STATEMENT_ROW)
		buffer_add_span(text, statement_text(*name, 0));
	statement_reset(*name);
	return result != STATEMENT_FAILED;
}

static bool add_overlay_row(struct record_reader *reader, struct record *record,
	const struct statement *row, struct error *error)
{
	struct span field = statement_text(row, 1), value = statement_text(row, 2);
	int index = kind_field_find(record->id.kind, field);
	if (index >= 0) {
		reader->decided[index] = (struct decided){.set = true,
			.stated = span_stated(value),
			.start = record->text.length,
			.length = value.length};
		buffer_add_span(&record->text, value);
		return !buffer_failed(&record->text) || error_memory(error);
	}
	struct span extra = kind_extra_name(field);
	struct cell cell = {.field = CELL_EXTRA,
		.name = span_stated(extra) ? extra : field,
		.text = value,
		.decided = true};
	return record_add_cell(reader, record, &cell, error);
}

bool record_read_overlay(struct record_reader *reader, struct record *record, struct error *error)
{
	memset(reader->decided, 0, sizeof reader->decided);
	if (reader->overlay_empty)
		return true;
	bool there;
	while (beside_next(&reader->overlay, record->id, &there, error)) {
		if (!there)
			return true;
		if (!add_overlay_row(reader, record, reader->overlay.select, error))
			return false;
	}
	return false;
}

/* The journal's word on a reference: `site:3`, or a name. */
static bool decided_reference(struct record_reader *reader, struct record *record,
	const struct kind_field *field, struct cell *cell, size_t *place, struct error *error)
{
	struct span word = span_of(record->text.data + *place, cell->text.length);
	struct record_id id;
	if (record_id_parse(word, &id) && id.kind == field->refers_to) {
		cell->reference = id.id;
		*place = record->text.length;
		if (!add_name(reader, id, &record->text, error))
			return false;
		cell->text.length = record->text.length - *place;
		return true;
	}
	cell->reference = record_find_named(reader->file, field->refers_to, word, error);
	return cell->reference >= 0;
}

bool record_add_decided(struct record_reader *reader, struct record *record, int field, bool *done,
	struct error *error)
{
	const struct decided *decided = &reader->decided[field];
	*done = decided->set;
	if (!decided->set || !decided->stated)
		return true;
	const struct kind_field *info = &kind_info(record->id.kind)->fields[field];
	size_t place = decided->start;
	struct span word = span_of(record->text.data + place, decided->length);
	struct cell cell = {
		.field = field, .name = span_string(info->name), .text = word, .decided = true};
	if (info->type == FIELD_TIME && !moment_parse(word, NULL, &cell.moment, NULL))
		cell.moment = (struct moment){.precision = MOMENT_NONE};
	if (info->type == FIELD_REFERENCE &&
		!decided_reference(reader, record, info, &cell, &place, error))
		return false;
	return add_placed(reader, record, &cell, PLACE_NONE, place, error);
}

static bool look_for_renames(struct record_reader *reader, enum kind kind, struct error *error)
{
	const struct kind_info *info = kind_info(kind);
	enum renames *renames = &reader->renames[kind];
	if (reader->overlay_empty)
		*renames = RENAMES_NONE;
	if (*renames != RENAMES_UNKNOWN)
		return true;
	struct statement *select = statement_open(reader->file, QUERY_OVERLAY_OF_FIELD, error);
	if (!select)
		return false;
	statement_bind_int(select, 1, kind);
	statement_bind_text(select, 2, span_string(info->fields[info->name_field].name));
	enum statement_result result = statement_step(select, error);
	statement_close(select);
	if (result != STATEMENT_FAILED)
		*renames = result == STATEMENT_ROW ? RENAMES_SOME : RENAMES_NONE;
	return result != STATEMENT_FAILED;
}

/* The cell of a field of a small kind, whose columns begin at `column`. */
static bool add_small(struct record_reader *reader, const struct statement *row, int column,
	struct record *record, int field, struct error *error)
{
	const struct kind_field *info = &kind_info(record->id.kind)->fields[field];
	if (statement_is_null(row, column))
		return true;
	struct cell cell = {.field = field};
	char number[24];
	switch (info->type) {
	case FIELD_TIME:
		cell.text = statement_text(row, column);
		moment_unpack((int)statement_int(row, column + 3), &cell.moment);
		cell.moment.from = statement_int(row, column + 1);
		cell.moment.to = statement_int(row, column + 2);
		break;
	case FIELD_REFERENCE:
		cell.reference = statement_int(row, column);
		cell.text = statement_text(row, column + 1);
		break;
	case FIELD_NUMBER:
		cell.text = span_of(number, (size_t)snprintf(number, sizeof number, "%" PRId64,
						    statement_int(row, column)));
		break;
	case FIELD_TEXT:
	case FIELD_CHOICE:
		cell.text = statement_text(row, column);
		break;
	}
	if (info->type == FIELD_REFERENCE && !look_for_renames(reader, info->refers_to, error))
		return false;
	if (info->type != FIELD_REFERENCE || reader->renames[info->refers_to] == RENAMES_NONE)
		return record_add_cell(reader, record, &cell, error);
	size_t place = record->text.length;
	struct record_id id = {.kind = info->refers_to, .id = cell.reference};
	if (!add_name(reader, id, &record->text, error))
		return false;
	cell.name = span_string(info->name);
	cell.text.length = record->text.length - place;
	return add_placed(reader, record, &cell, PLACE_NONE, place, error);
}

static bool add_extra(struct record_reader *reader, struct record *record, struct error *error)
{
	const struct statement *row = reader->extra.select;
	bool there;
	while (beside_next(&reader->extra, record->id, &there, error)) {
		if (!there)
			return true;
		struct cell cell = {.field = CELL_EXTRA,
			.name = statement_text(row, 1),
			.text = statement_text(row, 2)};
		bool is_cell = statement_int(row, 3) != 0;
		if (is_cell && !record_extra_decided(reader, record, cell.name) &&
			!record_add_cell(reader, record, &cell, error))
			return false;
	}
	return false;
}

/* A record whose own source was taken back and that another one mentions: its place is there. */
bool record_place_at_mention(
	struct record_reader *reader, struct record *record, bool *mentioned, struct error *error)
{
	statement_bind_int(reader->mention, 1, record->id.kind);
	statement_bind_int(reader->mention, 2, record->id.id);
	enum statement_result result = statement_step(reader->mention, error);
	*mentioned = result == STATEMENT_ROW;
	if (*mentioned) {
		record->source = statement_int(reader->mention, 0);
		record->start = (uint64_t)statement_int(reader->mention, 1);
		record->end = (uint64_t)statement_int(reader->mention, 2);
	}
	statement_reset(reader->mention);
	return result != STATEMENT_FAILED;
}

/* Fields of a row of a source that was taken back which another source says just so. Whose word the
 * record is goes from it unless that is said, too. */
static bool find_shared(struct record_reader *reader, struct record *record,
	bool shared[KIND_MOST_FIELDS], struct error *error)
{
	bool by = false;
	statement_bind_int(reader->shared, 1, record->id.kind);
	statement_bind_int(reader->shared, 2, record->id.id);
	enum statement_result result;
	while ((result = statement_step(reader->shared, error)) == STATEMENT_ROW) {
		int field = kind_field_find(record->id.kind, statement_text(reader->shared, 0));
		if (field >= 0)
			shared[field] = true;
		by = by || span_is(statement_text(reader->shared, 0), "by");
	}
	statement_reset(reader->shared);
	if (!by)
		record->by = span_string(NULL);
	return result == STATEMENT_DONE;
}

bool record_cells_small(struct record_reader *reader, const struct statement *row,
	struct record *record, struct error *error)
{
	const struct kind_info *info = kind_info(record->id.kind);
	bool mentioned = false; /* of what the row says, only what others say, too */
	bool shared[KIND_MOST_FIELDS] = {false};
	if (!statement_int(row, RECORD_READY) &&
		!record_place_at_mention(reader, record, &mentioned, error))
		return false;
	if (mentioned && !find_shared(reader, record, shared, error))
		return false;
	int column = RECORD_FIELDS;
	for (int field = 0; field < info->field_count; field++) {
		bool done;
		if (!record_add_decided(reader, record, field, &done, error))
			return false;
		/* What a source that was taken back said of it went with that source. */
		done = done || (mentioned && field != info->name_field && !shared[field]);
		if (!done && !add_small(reader, row, column, record, field, error))
			return false;
		column += kind_sql_width(record->id.kind, field, true);
	}
	return add_extra(reader, record, error);
}
