/* Compares the index with the blocks it is about: each segment is built anew from its blocks, and
 * must be what is stored, byte by byte. */
#include "postings_private.h"

#include <inttypes.h>
#include <stdio.h>

#define MOST_TOLD 20
/* Many times what a segment of ours takes. */
#define MOST_MEMORY (512U * 1024 * 1024)

struct verifying {
	const struct case_file *file;
	struct index_check *check;
	struct statement *block;
	struct terms terms;
	struct buffer posting;
	int64_t total; /* blocks */
	struct error *error;
};

static void tell(struct verifying *verifying, const struct segment *segment, const char *what)
{
	char message[200];
	if (verifying->check->wrong++ >= MOST_TOLD)
		return;
	snprintf(message, sizeof message,
		"the search index of blocks %" PRId64 " to %" PRId64 " %s", segment->id,
		segment->blocks[segment->count - 1].id, what);
	verifying->check->found(verifying->check->context, message);
}

static bool go_on(struct verifying *verifying)
{
	const struct index_check *check = verifying->check;
	return !check->go_on || check->go_on(check->context, check->blocks, verifying->total) ||
	       error_set(verifying->error, ERROR_CANCELLED,
		       "the check of the search index was cancelled before its end");
}

/* Adds a block to the segment that is built anew; *same: it is the one the index knows. */
static bool add_block(struct verifying *verifying, const struct segment *segment,
	const struct segment_block *known, struct growing *growing, bool *same)
{
	struct statement *row = verifying->block;
	statement_bind_int(row, 1, known->id);
	enum statement_result result = statement_step(row, verifying->error);
	bool good = result != STATEMENT_FAILED;
	*same = false;
	if (result == STATEMENT_ROW) {
		struct segment_block block = {.id = known->id,
			.first = statement_int(row, 2),
			.records = statement_int(row, 3)};
		good = terms_find(&verifying->terms, statement_blob(row, 4));
		block.cells = verifying->terms.cells;
		good = (good && growing_add(growing, &block, &verifying->terms)) ||
		       error_memory(verifying->error);
		*same = statement_int(row, 0) == (int64_t)segment->kind &&
			statement_int(row, 1) == segment->source && block.first == known->first &&
			block.records == known->records && block.cells == known->cells;
	}
	statement_reset(row);
	verifying->check->blocks++;
	return good && go_on(verifying);
}

static bool compare_postings(struct verifying *verifying, const struct segment *segment,
	struct growing *growing, bool *same)
{
	struct statement *stored =
		statement_open(verifying->file, QUERY_POSTING_ALL, verifying->error);
	if (!stored)
		return false;
	uint32_t next = 0, term = 0;
	enum statement_result result = STATEMENT_DONE;
	statement_bind_int(stored, 1, segment->id);
	while (*same && (result = statement_step(stored, verifying->error)) == STATEMENT_ROW)
		*same = growing_next(growing, &next, &term, &verifying->posting) &&
			statement_int(stored, 0) == (int64_t)term &&
			span_equal(statement_blob(stored, 1), buffer_span(&verifying->posting));
	if (*same && result == STATEMENT_DONE)
		*same = !growing_next(growing, &next, &term, &verifying->posting);
	bool failed = *same && result == STATEMENT_FAILED;
	statement_close(stored);
	if (buffer_failed(&verifying->posting))
		return error_memory(verifying->error);
	return !failed;
}

static bool compare_segment(struct verifying *verifying, const struct segment *segment)
{
	struct growing *growing = growing_new();
	if (!growing)
		return error_memory(verifying->error);
	bool good = true, same = true;
	growing->kind = segment->kind;
	for (size_t i = 0; good && same && i < segment->count; i++) {
		good = add_block(verifying, segment, &segment->blocks[i], growing, &same);
		same = same && growing->memory <= MOST_MEMORY;
	}
	if (good && same)
		good = compare_postings(verifying, segment, growing, &same);
	if (good && !same)
		tell(verifying, segment, "does not agree with their text");
	growing_free(growing);
	return good;
}

static bool read_number(struct verifying *verifying, enum query query, int64_t *number)
{
	struct statement *select = statement_open(verifying->file, query, verifying->error);
	bool good = select && statement_step(select, verifying->error) == STATEMENT_ROW;
	*number = good ? statement_int(select, 0) : 0;
	statement_close(select);
	return good;
}

/* The segments, and how many there are: of one moment, since an import may be writing some. */
static bool load_segments(struct verifying *verifying, struct segments *segments, int64_t *stored)
{
	bool held;
	if (!case_hold(verifying->file, &held, verifying->error))
		return false;
	bool good = segments_load(verifying->file, segments, verifying->error) &&
		    read_number(verifying, QUERY_SEGMENT_COUNT, stored);
	case_let_go(verifying->file, held);
	return good;
}

static bool compare_all(struct verifying *verifying)
{
	struct segments segments = {0};
	int64_t stored;
	bool good = load_segments(verifying, &segments, &stored);
	for (size_t i = 0; good && i < segments.count; i++)
		verifying->total += (int64_t)segments.items[i].count;
	if (good && stored != (int64_t)segments.count) {
		verifying->check->wrong++;
		verifying->check->found(verifying->check->context,
			"the search index has a damaged list of blocks, "
			"which are searched without it");
	}
	for (size_t i = 0; good && i < segments.count; i++)
		good = compare_segment(verifying, &segments.items[i]);
	segments_free(&segments);
	return good;
}

bool index_verify(const struct case_file *file, struct index_check *check, struct error *error)
{
	struct verifying verifying = {.file = file, .check = check, .error = error};
	check->wrong = check->blocks = 0;
	bool good = terms_begin(&verifying.terms) || error_memory(error);
	if (good)
		verifying.block = statement_open(file, QUERY_BLOCK_CONTENT, error);
	good = verifying.block && compare_all(&verifying);
	statement_close(verifying.block);
	terms_free(&verifying.terms);
	buffer_free(&verifying.posting);
	return good;
}
