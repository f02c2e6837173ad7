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
	if (!writer_take_turn(writer, error))
		return false;
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

static bool add_cells(struct writer *writer, struct batch *batch, const struct draft *draft,
	struct columns *columns, struct error *error)
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
		int64_t number = extra ? 0 : writer->field_numbers[cell->field];
		if (number == 0 && !field_number(writer, extra, name, &number, error))
			return false;
		if (!extra)
			writer->field_numbers[cell->field] = number;
		block_writer_cell(&batch->block, number, cell->text);
	}
	return true;
}

/* What every record's row states. */
static void set_record(
	const struct writer *writer, struct bulk *rows, size_t row, const struct draft *draft)
{
	bulk_set(rows, row, RECORD_ID, writer->next_record);
	bulk_set(rows, row, RECORD_SOURCE, writer->source);
	bulk_set(rows, row, RECORD_START, (int64_t)draft->start);
	bulk_set(rows, row, RECORD_END, (int64_t)draft->end);
	bulk_set(rows, row, RECORD_BASIS, draft->basis);
	bulk_set_text(rows, row, RECORD_BY, draft->by);
	if (draft->stands_stated)
		bulk_set(rows, row, RECORD_STANDS_MIN, draft->stands_min);
	if (draft->stands_stated && draft->stands_max != INT64_MAX)
		bulk_set(rows, row, RECORD_STANDS_MAX, draft->stands_max);
}

static void set_moment(struct bulk *rows, size_t row, int column, const struct moment *moment)
{
	bulk_set(rows, row, column, moment ? moment->from : INT64_MAX);
	bulk_set(rows, row, column + 1, moment ? moment->to : INT64_MAX);
	bulk_set(rows, row, column + 2, moment ? moment_pack(moment) : 0);
}

/* Adds the record's row. *time: by which the kind is sorted. */
static bool add_row(struct writer *writer, struct batch *batch, const struct draft *draft,
	const struct columns *columns, int64_t *time)
{
	const struct kind_info *info = kind_info(draft->kind);
	size_t row = bulk_add(&batch->rows);
	if (row == SIZE_MAX)
		return false;
	set_record(writer, &batch->rows, row, draft);
	*time = INT64_MAX;
	for (int field = 0; field < info->field_count; field++) {
		const struct draft_cell *cell = columns->cell[field];
		int column = writer->columns[field];
		if (info->fields[field].type == FIELD_TIME && (cell || field == info->sort_field)) {
			const struct moment *moment = cell ? cell->moment : NULL;
			set_moment(&batch->rows, row, column, moment);
			if (field == info->sort_field && moment)
				*time = moment->from;
		} else if (columns->reference[field] != 0) {
			bulk_set(&batch->rows, row, column, columns->reference[field]);
		}
	}
	return true;
}

/* Finds or makes what the record mentions, into its mentions and *spoken. */
static bool add_spoken(struct writer *writer, const struct draft *draft,
	const struct columns *columns, struct spoken *spoken, struct error *error)
{
	spoken_by_fields(spoken, draft->kind, columns->reference);
	for (size_t i = 0; i < draft->mention_count; i++) {
		struct draft_mention *mention = &draft->mentions[i];
		if (!writer_mentioned(writer, mention, draft, &mention->id, error))
			return false;
		spoken_add(spoken, mention->kind, mention->id);
	}
	return true;
}

/* The batch at hand, which is of this kind. Numbers of large kinds and of blocks are taken by
 * nobody else while the writer is at work, so that the importer counts them by itself. */
static struct batch *begin_record(struct writer *writer, enum kind kind, struct error *error)
{
	if (writer->large == kind)
		return batch_queue_batch(writer->queue);
	if (!writer_end_batch(writer, error) || !writer_take_turn(writer, error))
		return NULL;
	writer->next_record = writer->sequence.next[kind];
	writer->next_block = writer->sequence.next[SEQUENCE_BLOCK];
	writer->large = kind;
	int column = INSERT_NAME_KEY - 1;
	for (int field = 0; field < kind_info(kind)->field_count; field++) {
		writer->columns[field] = column;
		writer->field_numbers[field] = 0;
		column += kind_sql_width(kind, field, false);
	}
	return batch_queue_batch(writer->queue);
}

static void begin_batch(struct batch *batch, enum kind kind)
{
	const struct kind_info *info = kind_info(kind);
	batch->kind = kind;
	batch->rows.width = INSERT_NAME_KEY - 1;
	for (int field = 0; field < info->field_count; field++)
		batch->rows.width += kind_sql_width(kind, field, false);
	batch->rows.text = UINT32_C(1) << RECORD_BY;
}

bool writer_end_batch(struct writer *writer, struct error *error)
{
	struct batch *batch = batch_queue_batch(writer->queue);
	if (batch->rows.count == 0)
		return true;
	batch->block_id = writer->next_block++;
	return batch_queue_hand_over(writer->queue, error);
}

bool writer_large(
	struct writer *writer, const struct draft *draft, int64_t *id, struct error *error)
{
	struct batch *batch = begin_record(writer, draft->kind, error);
	struct columns columns = {0};
	struct spoken spoken;
	int64_t time;
	if (!batch)
		return false;
	if (batch->rows.count == 0)
		begin_batch(batch, draft->kind);
	if (!add_cells(writer, batch, draft, &columns, error) ||
		!add_spoken(writer, draft, &columns, &spoken, error))
		return false;
	if (!add_row(writer, batch, draft, &columns, &time))
		return error_memory(error);
	*id = writer->next_record++;
	block_writer_end_record(&batch->block, *id);
	if (!edges_add_record(&writer->edges, draft->kind, &spoken, time))
		return error_memory(error);
	if (edges_full(&writer->edges) && !writer_flush_edges(writer, error))
		return false;
	if (span_stated(draft->key) &&
		(!writer_take_turn(writer, error) ||
			!writer_mention(writer, draft->kind, *id, draft, draft->key, error) ||
			!writer_breathe(writer, error)))
		return false;
	return !block_writer_full(&batch->block) || writer_end_batch(writer, error);
}
