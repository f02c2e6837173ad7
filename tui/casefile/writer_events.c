/* Records of large kinds: numbers in a row, text in a block, pairs in the edge summary. */
#include "writer_private.h"

/* Names of fields in the table of names: extra ones apart from those of the kinds. */
#define SPACE_FIELD 0
#define SPACE_EXTRA KIND_COUNT

static bool find_field(struct writer *writer, struct span name, int64_t *id, struct error *error)
{
	struct statement *find = writer_statement(writer, QUERY_FIELD_NAME_FIND, error);
	if (!find)
		return false;
	statement_bind_text(find, 1, name);
	enum statement_result result = statement_step(find, error);
	*id = result == STATEMENT_ROW ? statement_int(find, 0) : 0;
	statement_reset(find);
	return result != STATEMENT_FAILED;
}

static bool make_field(struct writer *writer, struct span name, int64_t *id, struct error *error)
{
	struct statement *insert = writer_statement(writer, QUERY_FIELD_NAME_INSERT, error);
	if (!insert)
		return false;
	*id = sequence_take(&writer->sequence, SEQUENCE_FIELD_NAME);
	statement_bind_int(insert, 1, *id);
	statement_bind_text(insert, 2, name);
	return statement_run(insert, error);
}

/* The number of a cell's field in blocks. */
static bool field_number(
	struct writer *writer, bool extra, struct span name, int64_t *id, struct error *error)
{
	int space = extra ? SPACE_EXTRA : SPACE_FIELD;
	*id = names_find(&writer->names, space, name);
	if (*id != 0)
		return true;
	buffer_clear(&writer->key);
	if (extra)
		buffer_add_string(&writer->key, "extra.");
	buffer_add_span(&writer->key, name);
	if (buffer_failed(&writer->key))
		return error_memory(error);
	struct span stored = buffer_span(&writer->key);
	if (!find_field(writer, stored, id, error) ||
		(*id == 0 && !make_field(writer, stored, id, error)))
		return false;
	return names_add(&writer->names, space, name, *id) || error_memory(error);
}

/* What of a record's cells stands in its row. */
struct columns {
	const struct draft_cell *cell[KIND_MOST_FIELDS];
	int64_t reference[KIND_MOST_FIELDS];
};

static bool add_cells(struct writer *writer, const struct draft *draft, struct columns *columns,
	struct error *error)
{
	const struct kind_info *info = kind_info(draft->kind);
	for (size_t i = 0; i < draft->cell_count; i++) {
		const struct draft_cell *cell = &draft->cells[i];
		bool extra = cell->field == CELL_EXTRA || columns->cell[cell->field];
		struct span name = cell->field == CELL_EXTRA
					   ? cell->name
					   : span_string(info->fields[cell->field].name);
		if (!extra) {
			const struct kind_field *field = &info->fields[cell->field];
			columns->cell[cell->field] = cell;
			columns->reference[cell->field] = cell->reference;
			if (field->type == FIELD_REFERENCE && cell->reference == 0 &&
				!writer_refer(writer, field->refers_to, cell->text, draft,
					&columns->reference[cell->field], error))
				return false;
		}
		int64_t number;
		if (!field_number(writer, extra, name, &number, error))
			return false;
		block_writer_cell(&writer->block, number, cell->text);
	}
	return true;
}

/* Binds the row and gives the time by which the kind is sorted. */
static int64_t bind_columns(struct writer *writer, struct statement *insert, int64_t id,
	const struct draft *draft, const struct columns *columns)
{
	const struct kind_info *info = kind_info(draft->kind);
	int64_t time = INT64_MAX;
	int parameter = INSERT_NAME_KEY;
	writer_bind_record(writer, insert, id, draft);
	for (int field = 0; field < info->field_count; field++) {
		const struct draft_cell *cell = columns->cell[field];
		if (info->fields[field].type == FIELD_TIME && (cell || field == info->sort_field)) {
			const struct moment *moment = cell ? cell->moment : NULL;
			writer_bind_moment(insert, parameter, moment);
			if (field == info->sort_field && moment)
				time = moment->from;
		} else if (columns->reference[field] != 0) {
			statement_bind_int(insert, parameter, columns->reference[field]);
		}
		parameter += kind_sql_width(draft->kind, field, false);
	}
	return time;
}

/* Counts the record for all it refers to, and for each pair of them but with a document. */
static bool add_edges(struct writer *writer, enum kind kind, const struct columns *columns,
	int64_t time, struct error *error)
{
	const struct kind_info *info = kind_info(kind);
	for (int field = 0; field < info->field_count; field++) {
		if (columns->reference[field] == 0)
			continue;
		enum kind to = info->fields[field].refers_to;
		struct record_id a = {.kind = to, .id = columns->reference[field]};
		struct record_id all = {.kind = kind, .id = 0};
		if (!edges_add(&writer->edges, a, all, time))
			return error_memory(error);
		for (int other = field + 1; other < info->field_count; other++) {
			struct record_id b = {.kind = info->fields[other].refers_to,
				.id = columns->reference[other]};
			if (b.id != 0 && to != KIND_DOCUMENT && b.kind != KIND_DOCUMENT &&
				!edges_add(&writer->edges, a, b, time))
				return error_memory(error);
		}
	}
	return !edges_full(&writer->edges) || writer_flush_edges(writer, error);
}

bool writer_large(
	struct writer *writer, const struct draft *draft, int64_t *id, struct error *error)
{
	struct statement *insert = writer_built(
		writer, &writer->insert[draft->kind], draft->kind, kind_sql_insert, error);
	if (!insert)
		return false;
	if (writer->block_kind != draft->kind && !writer_flush_block(writer, error))
		return false;
	writer->block_kind = draft->kind;
	struct columns columns = {0};
	if (!add_cells(writer, draft, &columns, error))
		return false;
	*id = sequence_take(&writer->sequence, (int)draft->kind);
	block_writer_end_record(&writer->block, *id);
	int64_t time = bind_columns(writer, insert, *id, draft, &columns);
	if (!statement_run(insert, error) || !writer_order(writer, time, *id, error) ||
		!add_edges(writer, draft->kind, &columns, time, error))
		return false;
	if (span_stated(draft->key) &&
		!writer_mention(writer, draft->kind, *id, draft, draft->key, error))
		return false;
	return !block_writer_full(&writer->block) || writer_flush_block(writer, error);
}

bool writer_flush_block(struct writer *writer, struct error *error)
{
	if (writer->block.records == 0)
		return true;
	struct statement *insert = writer_statement(writer, QUERY_BLOCK_INSERT, error);
	if (!insert)
		return false;
	if (!block_writer_encode(&writer->block, &writer->cells))
		return error_memory(error);
	int64_t id = sequence_take(&writer->sequence, SEQUENCE_BLOCK);
	struct span text = buffer_span(&writer->block.text);
	statement_bind_int(insert, 1, id);
	statement_bind_int(insert, 2, writer->block_kind);
	statement_bind_int(insert, 3, writer->source);
	statement_bind_int(insert, 4, writer->block.first);
	statement_bind_int(insert, 5, writer->block.records);
	statement_bind_blob(insert, 6, text);
	statement_bind_blob(insert, 7, buffer_span(&writer->cells));
	if (!statement_run(insert, error))
		return false;
	struct written_block written = {.id = id,
		.kind = writer->block_kind,
		.first = writer->block.first,
		.records = writer->block.records,
		.text = text};
	if (writer->hook.block)
		writer->hook.block(writer->hook.context, &written);
	block_writer_clear(&writer->block);
	return true;
}

bool writer_flush_edges(struct writer *writer, struct error *error)
{
	struct statement *add = writer_statement(writer, QUERY_EDGE_ADD, error);
	if (!add || !writer_open(writer, error))
		return false;
	edges_sort(&writer->edges);
	for (size_t i = 0; i < writer->edges.count; i++) {
		const struct edge *edge = &writer->edges.items[i];
		statement_bind_int(add, 1, edge->a.kind);
		statement_bind_int(add, 2, edge->a.id);
		statement_bind_int(add, 3, edge->b.kind);
		statement_bind_int(add, 4, edge->b.id);
		statement_bind_int(add, 5, writer->source);
		statement_bind_int(add, 6, edge->count);
		statement_bind_int(add, 7, edge->first);
		statement_bind_int(add, 8, edge->last);
		if (!statement_run(add, error) || !writer_breathe(writer, error) ||
			!writer_open(writer, error))
			return false;
	}
	edges_clear(&writer->edges);
	return true;
}
