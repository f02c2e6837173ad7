/* Brings the index into the case while a source is imported. A segment that is full is written bit
 * by bit, within the transactions of the blocks that follow; the rest at the end. */
#include "postings_private.h"

#include "base/clock.h"
#include "base/memory.h"

#include <stdlib.h>

/* Memory that a segment may take while it grows; there are two at most. */
#define SEGMENT_MEMORY (48U * 1024 * 1024)
/* Fewer blocks are searched as fast without an index, which would take more room than they do. */
#define FEWEST_BLOCKS 32
/* Rows that are written with one block. */
#define ROWS_A_BLOCK 4000
#define COMMIT_MICROSECONDS 80000

struct search_index {
	struct case_file *file;
	const struct writer *writer; /* until its finish, or a failure */
	int64_t source;
	struct terms terms;
	struct growing *growing;
	struct growing *full; /* being written */
	uint32_t term;        /* where its writing has come to */
	struct buffer posting;
	struct statement *insert;
	struct error error; /* the first; told at the end */
	bool failed;
};

/* The segment's row, of which sweeping needs to know before there are postings. */
static bool begin_segment(struct search_index *index, struct error *error)
{
	struct statement *insert = statement_open(index->file, QUERY_SEGMENT_BEGIN, error);
	if (!insert)
		return false;
	statement_bind_int(insert, 1, index->full->blocks[0].id);
	statement_bind_int(insert, 2, index->source);
	bool done = statement_run(insert, error);
	statement_close(insert);
	return done;
}

static bool finish_segment(struct search_index *index, struct error *error)
{
	struct statement *update = statement_open(index->file, QUERY_SEGMENT_FINISH, error);
	if (!update)
		return false;
	buffer_clear(&index->posting);
	growing_directory(index->full, &index->posting);
	statement_bind_int(update, 1, index->full->blocks[0].id);
	statement_bind_blob(update, 2, buffer_span(&index->posting));
	bool done =
		buffer_failed(&index->posting) ? error_memory(error) : statement_run(update, error);
	statement_close(update);
	growing_free(index->full);
	index->full = NULL;
	return done;
}

/* Writes some rows of the full segment; it is gone when all of it is there. */
static bool write_some(struct search_index *index, struct error *error)
{
	uint32_t term;
	if (!index->insert)
		index->insert = statement_open(index->file, QUERY_POSTING_INSERT, error);
	if (!index->insert || (index->term == 0 && !begin_segment(index, error)))
		return false;
	for (int rows = 0; rows < ROWS_A_BLOCK; rows++) {
		if (!growing_next(index->full, &index->term, &term, &index->posting))
			return buffer_failed(&index->posting) ? error_memory(error)
							      : finish_segment(index, error);
		statement_bind_int(index->insert, 1, index->full->blocks[0].id);
		statement_bind_int(index->insert, 2, term);
		statement_bind_blob(index->insert, 3, buffer_span(&index->posting));
		if (!statement_run(index->insert, error))
			return false;
	}
	return true;
}

/* What has grown becomes the full segment, once the one before is written. */
static bool change_segment(struct search_index *index, struct error *error)
{
	while (index->full)
		if (!write_some(index, error))
			return false;
	index->full = index->growing;
	index->term = 0;
	index->growing = growing_new();
	return index->growing || error_memory(error);
}

static bool add_block(
	struct search_index *index, const struct written_block *block, struct error *error)
{
	struct growing *growing = index->growing;
	if (growing->count > 0 &&
		(growing->kind != block->kind || growing->memory > SEGMENT_MEMORY)) {
		if (!change_segment(index, error))
			return false;
		growing = index->growing;
	}
	growing->kind = block->kind;
	if (!terms_find(&index->terms, block->text))
		return error_memory(error);
	struct segment_block known = {.id = block->id,
		.first = block->first,
		.records = block->records,
		.cells = index->terms.cells};
	if (!growing_add(growing, &known, &index->terms))
		return error_memory(error);
	return !index->full || write_some(index, error);
}

static void take_block(void *context, const struct written_block *block)
{
	struct search_index *index = context;
	if (!index->failed)
		index->failed = !add_block(index, block, &index->error);
}

static bool write_all(struct search_index *index, struct error *error)
{
	while (index->full) {
		int64_t began = clock_microseconds();
		if (!writer_goes_on(index->writer, error))
			return false;
		if (!statement_execute(index->file, "BEGIN IMMEDIATE", error))
			return false;
		bool good = true;
		while (good && index->full && clock_microseconds() - began < COMMIT_MICROSECONDS)
			good = write_some(index, error);
		if (!statement_execute(
			    index->file, good ? "COMMIT" : "ROLLBACK", good ? error : NULL))
			return false;
		if (!good)
			return false;
	}
	return true;
}

static bool take_finish(void *context, struct case_file *file, struct error *error)
{
	struct search_index *index = context;
	(void)file;
	if (index->failed) {
		*error = index->error;
		return false;
	}
	if (!write_all(index, error))
		return false;
	if (index->growing->count >= FEWEST_BLOCKS &&
		(!change_segment(index, error) || !write_all(index, error)))
		return false;
	statement_close(index->insert);
	index->insert = NULL;
	return true;
}

struct search_index *search_index_begin(
	struct case_file *file, struct writer *writer, struct error *error)
{
	struct search_index *index = memory_array(1, sizeof *index);
	if (!index) {
		error_memory(error);
		return NULL;
	}
	index->file = file;
	index->writer = writer;
	index->source = writer_source_id(writer);
	index->growing = growing_new();
	if (!index->growing || !terms_begin(&index->terms)) {
		search_index_end(index);
		error_memory(error);
		return NULL;
	}
	struct writer_block_hook hook = {
		.block = take_block, .finish = take_finish, .context = index};
	writer_set_block_hook(writer, &hook);
	return index;
}

void search_index_end(struct search_index *index)
{
	if (!index)
		return;
	statement_close(index->insert);
	growing_free(index->growing);
	growing_free(index->full);
	terms_free(&index->terms);
	buffer_free(&index->posting);
	free(index);
}
