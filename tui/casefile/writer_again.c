/* Events of other sources that this one tells of again: mentions, written many at a time. */
#include "writer_private.h"

#include <inttypes.h>

#define MENTIONS_AT_ONCE 2000

/* Columns of the bulk, as mention_again takes them. */
enum { AGAIN_KIND, AGAIN_RECORD, AGAIN_START, AGAIN_END, AGAIN_SPEAKS, AGAIN_COLUMNS };

bool writer_flush_again(struct writer *writer, struct error *error)
{
	if (writer->again_rows.count == 0)
		return true;
	if (!writer_take_turn(writer, error))
		return false;
	static const enum query inserts[] = {QUERY_MENTION_AGAIN, QUERY_MENTION_AGAIN_SPEAKS};
	if (buffer_failed(&writer->again_rows.texts))
		return error_memory(error);
	for (size_t i = 0; i < ARRAY_LENGTH(inserts); i++) {
		struct statement *insert = writer_statement(writer, inserts[i], error);
		if (!insert)
			return false;
		statement_bind_bulk(insert, 1, &writer->again_rows);
		statement_bind_int(insert, 2, writer->source);
		if (!statement_run(insert, error))
			return false;
	}
	bulk_clear(&writer->again_rows);
	return writer_breathe(writer, error);
}

/* The records that an event mentions, as mention_again_speaks has them. */
static bool speak_of(struct writer *writer, const struct draft *draft, struct buffer *speaks,
	struct error *error)
{
	for (size_t i = 0; i < draft->mention_count; i++) {
		struct draft_mention *mention = &draft->mentions[i];
		if (!writer_mentioned(writer, mention, draft, &mention->id, error))
			return false;
		if (mention->id != 0)
			buffer_add_format(speaks, "%s%d:%" PRId64, speaks->length > 0 ? " " : "",
				(int)mention->kind, mention->id);
	}
	return !buffer_failed(speaks) || error_memory(error);
}

bool writer_again(struct writer *writer, const struct draft *draft, int64_t id, struct error *error)
{
	const struct kind_info *info = kind_info(draft->kind);
	struct bulk *rows = &writer->again_rows;
	for (size_t i = 0; i < draft->cell_count; i++) {
		const struct draft_cell *cell = &draft->cells[i];
		int64_t reference = cell->reference;
		if (cell->field == CELL_EXTRA || reference != 0 ||
			info->fields[cell->field].type != FIELD_REFERENCE)
			continue;
		/* What stays when the other source is taken back refers to what stays, too. */
		if (!writer_refer(writer, info->fields[cell->field].refers_to, cell->text, draft,
			    &reference, error))
			return false;
	}
	struct buffer speaks = {0};
	if (!speak_of(writer, draft, &speaks, error)) {
		buffer_free(&speaks);
		return false;
	}
	rows->width = AGAIN_COLUMNS;
	rows->text = UINT32_C(1) << AGAIN_SPEAKS;
	size_t row = bulk_add(rows);
	if (row != SIZE_MAX && speaks.length > 0)
		bulk_set_text(rows, row, AGAIN_SPEAKS, buffer_span(&speaks));
	buffer_free(&speaks);
	if (row == SIZE_MAX)
		return error_memory(error);
	bulk_set(rows, row, AGAIN_KIND, draft->kind);
	bulk_set(rows, row, AGAIN_RECORD, id);
	bulk_set(rows, row, AGAIN_START, (int64_t)draft->start);
	bulk_set(rows, row, AGAIN_END, (int64_t)draft->end);
	return rows->count < MENTIONS_AT_ONCE || writer_flush_again(writer, error);
}
