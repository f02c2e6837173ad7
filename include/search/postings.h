/*
 * search/postings.h: which blocks of a large kind's text can hold a match.
 *
 * For every block (casefile/block.h) the index keeps the *terms* it holds: its trigrams, folded as
 * in tui/search/plan.h, of which none reaches over the end of a cell; and, since hexadecimal digits
 * have so few trigrams that every block holds most of them, the runs of five such digits, hashed to
 * one of 16,384 numbers. Terms are kept by segments of some thousand blocks: a segment is built in
 * bounded memory while its source is imported, and is about blocks of that source alone.
 *
 * The index never says of a block that it lacks what it has. A block that no whole segment is about
 * (a crash, few blocks in one import) is a candidate always. What a segment says of blocks that are
 * not there is passed over.
 *
 *	struct search_index *index = search_index_begin(file, writer, &error);
 *	... writer_record, writer_finish or writer_abandon ...
 *	search_index_end(index);
 *
 * Stored: table segment, whose id is that of its first block and whose `blocks` are, in varints,
 * the kind, the number of blocks and for each its id and first record (the distance from what would
 * follow on), its records and its cells; table posting, with a row for each term that says which
 * blocks hold it, by their places in the segment: a byte of POSTING_*, then the list.
 */
#ifndef SEARCH_POSTINGS_H
#define SEARCH_POSTINGS_H

#include "base/compiler.h"
#include "base/error.h"
#include "casefile/case.h"
#include "casefile/writer.h"

#include <stdbool.h>
#include <stdint.h>

struct search_index;

/* Indexes what the writer brings: before its first record. Neither file nor writer is kept longer
 * than the writer lives. NULL on ERROR_MEMORY or ERROR_IO. */
struct search_index *search_index_begin(
	struct case_file *file, struct writer *writer, struct error *error) MUST_CHECK;
/* After writer_finish or writer_abandon. NULL is allowed. */
void search_index_end(struct search_index *index);

struct index_check {
	/* Called for each thing that is wrong, at most 20 times. */
	void (*found)(void *context, const char *message);
	/* Called often, with blocks done and their number; false cancels. NULL: never. */
	bool (*go_on)(void *context, int64_t done, int64_t total);
	void *context;
	int64_t wrong;  /* filled: blocks and segments that do not agree */
	int64_t blocks; /* filled: blocks that were compared */
};

/* Compares every segment with the blocks it is about. False when it could not be done to its end:
 * ERROR_CANCELLED, ERROR_MEMORY, ERROR_IO; what is wrong with the case is told to `found`. */
bool index_verify(
	const struct case_file *file, struct index_check *check, struct error *error) MUST_CHECK;

#endif
