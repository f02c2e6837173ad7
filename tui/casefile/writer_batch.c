/* What is written of a batch of events: on the queue's thread while an import reads on. */
#include "writer_private.h"

static bool write_rows(struct writer *writer, const struct batch *batch, struct error *error)
{
	struct statement *insert = writer_built(
		writer, &writer->insert[batch->kind], batch->kind, kind_sql_insert_bulk, error);
	if (!insert)
		return false;
	if (buffer_failed(&batch->rows.texts))
		return error_memory(error);
	statement_bind_bulk(insert, 1, &batch->rows);
	return statement_run(insert, error);
}

static bool write_block(struct writer *writer, struct batch *batch, struct error *error)
{
	struct statement *insert = writer_statement(writer, QUERY_BLOCK_INSERT, error);
	if (!insert)
		return false;
	if (!block_writer_encode(&batch->block, &writer->cells))
		return error_memory(error);
	struct written_block written = {.id = batch->block_id,
		.kind = batch->kind,
		.first = batch->block.first,
		.records = batch->block.records,
		.text = buffer_span(&batch->block.text)};
	statement_bind_int(insert, 1, written.id);
	statement_bind_int(insert, 2, written.kind);
	statement_bind_int(insert, 3, writer->source);
	statement_bind_int(insert, 4, written.first);
	statement_bind_int(insert, 5, written.records);
	statement_bind_blob(insert, 6, written.text);
	statement_bind_blob(insert, 7, buffer_span(&writer->cells));
	if (!statement_run(insert, error))
		return false;
	if (writer->hook.block)
		writer->hook.block(writer->hook.context, &written);
	return true;
}

bool writer_write_batch(void *context, struct batch *batch, struct error *error)
{
	struct writer *writer = context;
	if (!writer_open(writer, error))
		return false;
	/* Before anything that may commit. */
	sequence_reach(
		&writer->sequence, (int)batch->kind, batch->block.first + batch->block.records);
	sequence_reach(&writer->sequence, SEQUENCE_BLOCK, batch->block_id + 1);
	return write_rows(writer, batch, error) && write_block(writer, batch, error) &&
	       writer_order(writer, batch, error) && writer_breathe(writer, error);
}
