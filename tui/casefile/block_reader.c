#include "casefile/block_reader.h"

#include "base/clock.h"
#include "base/memory.h"
#include "case_private.h"
#include "casefile/statement.h"

#include <stdlib.h>

/* How long the case is held without a break. */
#define HOLD_MICROSECONDS 20000

struct block_reader {
	const struct case_file *file;
	struct statement *list;
	sqlite3_blob *text; /* of the block read last; while it is open, so is a read transaction */
	int64_t held_since; /* microseconds, when text is open */
};

struct block_reader *block_reader_open(const struct case_file *file, struct error *error)
{
	struct block_reader *reader = memory_array(1, sizeof *reader);
	if (!reader) {
		error_memory(error);
		return NULL;
	}
	reader->file = file;
	reader->list = statement_open(file, QUERY_BLOCK_LIST, error);
	if (reader->list)
		return reader;
	free(reader);
	return NULL;
}

void block_reader_rest(struct block_reader *reader)
{
	if (!reader || !reader->text)
		return;
	statement_reset(reader->list);
	/* It was read only: what this says was said before. */
	sqlite3_blob_close(reader->text);
	reader->text = NULL;
}

void block_reader_close(struct block_reader *reader)
{
	if (!reader)
		return;
	block_reader_rest(reader);
	statement_close(reader->list);
	free(reader);
}

/* Opens the text of a block, or moves on to it, which is quicker. */
static int open_text(struct block_reader *reader, int64_t id)
{
	int64_t now = clock_microseconds();
	if (reader->text && now - reader->held_since > HOLD_MICROSECONDS)
		block_reader_rest(reader);
	if (reader->text)
		return sqlite3_blob_reopen(reader->text, id);
	reader->held_since = now;
	return sqlite3_blob_open(
		reader->file->database, "main", "block", "text", id, 0, &reader->text);
}

static enum block_found fail(struct block_reader *reader, struct error *error)
{
	statement_error(reader->file, error);
	block_reader_rest(reader);
	return BLOCK_FAILED;
}

/* SQLITE_ERROR is what SQLite says when there is no such row, and when there is no text in it. */
static enum block_found look_again(struct block_reader *reader, int64_t id, struct error *error)
{
	struct block_list list;
	block_reader_rest(reader);
	enum block_found found = block_reader_list(reader, id, &list, error);
	statement_reset(reader->list);
	if (found != BLOCK_THERE)
		return found;
	error_set(error, ERROR_CASE_DAMAGED, "block %lld of the case is damaged: it has no text",
		(long long)id);
	return BLOCK_FAILED;
}

enum block_found block_reader_text(
	struct block_reader *reader, int64_t id, struct buffer *text, struct error *error)
{
	buffer_clear(text);
	statement_reset(reader->list);
	int code = open_text(reader, id);
	if (code == SQLITE_ERROR)
		return look_again(reader, id, error);
	if (code != SQLITE_OK)
		return fail(reader, error);
	int length = sqlite3_blob_bytes(reader->text);
	if (length > CASE_MAX_LENGTH) {
		error_set(error, ERROR_CASE_DAMAGED,
			"block %lld of the case is damaged: it is too large", (long long)id);
		return BLOCK_FAILED;
	}
	if (!buffer_reserve(text, (size_t)length)) {
		error_memory(error);
		return BLOCK_FAILED;
	}
	if (sqlite3_blob_read(reader->text, text->data, length, 0) != SQLITE_OK)
		return fail(reader, error);
	text->length = (size_t)length;
	text->data[length] = '\0';
	return BLOCK_THERE;
}

enum block_found block_reader_list(
	struct block_reader *reader, int64_t id, struct block_list *list, struct error *error)
{
	statement_reset(reader->list);
	statement_bind_int(reader->list, 1, id);
	switch (statement_step(reader->list, error)) {
	case STATEMENT_DONE:
		return BLOCK_ABSENT;
	case STATEMENT_FAILED:
		return BLOCK_FAILED;
	case STATEMENT_ROW:
		break;
	}
	int64_t kind = statement_int(reader->list, 0);
	*list = (struct block_list){
		.kind = kind > KIND_NONE && kind < KIND_COUNT ? (enum kind)kind : KIND_NONE,
		.first = statement_int(reader->list, 1),
		.records = statement_int(reader->list, 2),
		.cells = statement_blob(reader->list, 3),
	};
	return BLOCK_THERE;
}
