/* The cells of large kinds: times and references in the row, text in a block. */
#include "record_private.h"

/* What the row holds of a field beside its text. */
static void read_columns(const struct statement *row, enum kind kind, int field, struct cell *cell)
{
	int column = RECORD_FIELDS;
	for (int i = 0; i < field; i++)
		column += kind_sql_width(kind, i, true);
	enum field_type type = kind_info(kind)->fields[field].type;
	if (type == FIELD_REFERENCE) {
		cell->reference = statement_int(row, column);
	} else if (type == FIELD_TIME && !statement_is_null(row, column)) {
		moment_unpack((int)statement_int(row, column + 2), &cell->moment);
		cell->moment.from = statement_int(row, column);
		cell->moment.to = statement_int(row, column + 1);
	}
}

/* Adds a stored cell of the record; a field's unless the journal decided on it. */
static bool add_stored(struct record_reader *reader, const struct statement *row,
	struct record *record, const struct block *block, const struct block_cell *stored,
	struct error *error)
{
	struct span field = field_names_at(&reader->fields, stored->field_name);
	if (!span_stated(field))
		return error_set(error, ERROR_CASE_DAMAGED,
			"the case is damaged: a cell of %s:%lld has no field",
			kind_info(record->id.kind)->name, (long long)record->id.id);
	struct cell cell = {.field = kind_field_find(record->id.kind, field), .name = field};
	if (cell.field >= 0) {
		if (reader->decided[cell.field].set)
			return true;
		read_columns(row, record->id.kind, cell.field, &cell);
	} else if (span_stated(kind_extra_name(field))) {
		cell.name = kind_extra_name(field);
	}
	if (cell.field == CELL_EXTRA && record_extra_decided(reader, record, cell.name))
		return true;
	buffer_clear(&reader->exact);
	block_cell_bytes(block, stored, &reader->exact);
	if (buffer_failed(&reader->exact))
		return error_memory(error);
	cell.text = buffer_span(&reader->exact);
	return record_add_cell(reader, record, &cell, error);
}

bool record_cells_large(struct record_reader *reader, const struct statement *row,
	struct record *record, struct error *error)
{
	bool mentioned;
	const struct block *block = block_cache_find(&reader->blocks, record->id, error);
	/* Who tells of it again does so in the same words: casefile/twin.h. */
	if (!block || (!statement_int(row, RECORD_READY) &&
			      !record_place_at_mention(reader, record, &mentioned, error)))
		return false;
	int64_t at = record->id.id - block->first;
	for (uint32_t i = block->record_start[at]; i < block->record_start[at + 1]; i++)
		if (!add_stored(reader, row, record, block, &block->cells[i], error))
			return false;
	for (int field = 0; field < kind_info(record->id.kind)->field_count; field++) {
		bool done;
		if (!record_add_decided(reader, record, field, &done, error))
			return false;
	}
	return true;
}
