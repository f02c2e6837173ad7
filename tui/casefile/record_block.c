/* The cells of large kinds: times and references in the row, text in a block. */
#include "record_private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

/* More names than inputs have columns; a hostile case may claim any. */
#define MOST_FIELD_NAMES 1000000

bool record_load_field_names(struct record_reader *reader, struct error *error)
{
	struct statement *select = statement_open(reader->file, QUERY_FIELD_NAME_LIST, error);
	if (!select)
		return false;
	size_t capacity = 0;
	enum statement_result result;
	record_free_field_names(reader);
	while ((result = statement_step(select, error)) == STATEMENT_ROW) {
		int64_t id = statement_int(select, 0);
		struct span name = statement_text(select, 1);
		if (id < 0 || id > MOST_FIELD_NAMES)
			continue;
		struct field_name *fields =
			memory_grow(reader->fields, &capacity, (size_t)id + 1, sizeof *fields);
		char *copy = memory_copy(name.data, name.length);
		if (fields)
			reader->fields = fields;
		if (!fields || !copy) {
			free(copy);
			statement_close(select);
			return error_memory(error);
		}
		for (; reader->field_count <= (size_t)id; reader->field_count++)
			fields[reader->field_count] = (struct field_name){0};
		free(fields[id].name);
		fields[id] = (struct field_name){.name = copy, .length = name.length};
	}
	statement_close(select);
	return result == STATEMENT_DONE;
}

void record_free_field_names(struct record_reader *reader)
{
	for (size_t i = 0; i < reader->field_count; i++)
		free(reader->fields[i].name);
	free(reader->fields);
	reader->fields = NULL;
	reader->field_count = 0;
}

static const struct field_name *field_name(struct record_reader *reader, uint32_t id)
{
	return id < reader->field_count && reader->fields[id].name ? &reader->fields[id] : NULL;
}

static bool holds(const struct block *block, struct record_id id)
{
	return block->records > 0 && block->kind == id.kind && id.id >= block->first &&
	       id.id - block->first < block->records;
}

static bool load_block(
	struct record_reader *reader, struct record_id id, struct block *block, struct error *error)
{
	struct statement *select = reader->block;
	block->records = 0;
	statement_bind_int(select, 1, id.kind);
	statement_bind_int(select, 2, id.id);
	enum statement_result result = statement_step(select, error);
	bool fit = result != STATEMENT_FAILED;
	if (result == STATEMENT_ROW) {
		block->id = statement_int(select, 0);
		block->kind = id.kind;
		block->source = statement_int(select, 1);
		block->first = statement_int(select, 2);
		int64_t records = statement_int(select, 3);
		fit = block_decode(
			block, statement_blob(select, 4), statement_blob(select, 5), error);
		if (fit && block->records != records)
			fit = error_set(error, ERROR_CASE_DAMAGED,
				"block %lld of the case is damaged: it holds %lld records, not "
				"%lld",
				(long long)block->id, (long long)block->records,
				(long long)records);
		if (!fit)
			block->records = 0;
	}
	statement_reset(select);
	if (fit && !holds(block, id))
		return error_set(error, ERROR_CASE_DAMAGED,
			"the case is damaged: no block holds the text of %s:%lld",
			kind_info(id.kind)->name, (long long)id.id);
	return fit;
}

/* The block with a record's cells, kept until READER_BLOCKS others were asked for. */
static const struct block *find_block(
	struct record_reader *reader, struct record_id id, struct error *error)
{
	size_t oldest = 0;
	for (size_t i = 0; i < READER_BLOCKS; i++) {
		if (holds(&reader->blocks[i], id)) {
			reader->block_used[i] = ++reader->clock;
			return &reader->blocks[i];
		}
		if (reader->block_used[i] < reader->block_used[oldest])
			oldest = i;
	}
	reader->block_used[oldest] = ++reader->clock;
	struct block *block = &reader->blocks[oldest];
	return load_block(reader, id, block, error) ? block : NULL;
}

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
	const struct field_name *name = field_name(reader, stored->field_name);
	if (!name)
		return error_set(error, ERROR_CASE_DAMAGED,
			"the case is damaged: a cell of %s:%lld has no field",
			kind_info(record->id.kind)->name, (long long)record->id.id);
	struct span field = span_of(name->name, name->length);
	struct cell cell = {.field = kind_field_find(record->id.kind, field), .name = field};
	if (cell.field >= 0) {
		if (reader->decided[cell.field].set)
			return true;
		read_columns(row, record->id.kind, cell.field, &cell);
	} else if (field.length > 6 && memcmp(field.data, "extra.", 6) == 0) {
		cell.name = span_slice(field, 6, field.length);
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
	const struct block *block = find_block(reader, record->id, error);
	if (!block)
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
