/*
 * postings_private.h: what the parts of the index share.
 *
 * terms.c finds the terms of a block, postings_build.c gathers them in memory, postings_write.c
 * brings them into the case while a source is imported, postings_read.c asks them,
 * postings_verify.c compares.
 */
#ifndef SEARCH_POSTINGS_PRIVATE_H
#define SEARCH_POSTINGS_PRIVATE_H

#include "base/buffer.h"
#include "casefile/statement.h"
#include "plan.h"
#include "search/postings.h"

/* Terms below this are trigrams. */
#define TERM_FINE (1U << 24)
/* Numbers that a run of five hexadecimal digits is hashed to. */
#define FINE_BITS 14
#define FINE_COUNT (1U << FINE_BITS)
#define FINE_LENGTH 5

enum posting_form {
	POSTING_DELTAS, /* varints: the first place, then distances from the one before */
	POSTING_BITMAP, /* bit p % 8 of byte p / 8 */
	POSTING_ALL,    /* nothing: every block */
};

/* Value of a hexadecimal digit, NOT_HEX for other bytes. */
#define NOT_HEX 16
uint8_t term_hex_digit(uint8_t byte);

/* Which term stands for five digits, as their number. */
static inline uint32_t term_fine(uint32_t digits)
{
	return (digits * 2654435761U) >> (32 - FINE_BITS);
}

/* The distinct terms of one text. */
struct terms {
	uint64_t *seen; /* a bit a trigram; all 0 between two texts */
	uint32_t *trigrams;
	size_t count, capacity;
	uint8_t fine[FINE_COUNT / 8];
	int64_t cells; /* NULs in the text */
};

bool terms_begin(struct terms *terms) MUST_CHECK;
void terms_free(struct terms *terms);
/* False when out of memory. */
bool terms_find(struct terms *terms, struct span text) MUST_CHECK;

/* One block as a segment knows it. */
struct segment_block {
	int64_t id;
	int64_t first; /* record */
	int64_t records;
	int64_t cells;
};

/* A segment in memory, while it grows and while it is written. */
struct growing {
	enum kind kind;
	struct segment_block *blocks;
	size_t count, capacity;
	struct posting_list *lists;
	size_t list_count, list_capacity;
	uint32_t **pages; /* by the two upper bytes of a trigram: 1 + its list, for each lower */
	uint8_t *fine;    /* FINE_COUNT / 8 bytes a block */
	size_t fine_capacity;
	uint8_t *turned; /* some of fine, by terms: while it is written */
	size_t memory;   /* about, in bytes */
};

struct growing *growing_new(void);
void growing_free(struct growing *growing);
/* False when out of memory. */
bool growing_add(struct growing *growing, const struct segment_block *block,
	const struct terms *terms) MUST_CHECK;
/* The segment's `blocks`. */
void growing_directory(const struct growing *growing, struct buffer *out);
/* The next term from *term on and which blocks hold it; false at the end, or with out failed.
 * *term moves behind. */
bool growing_next(struct growing *growing, uint32_t *term, uint32_t *found, struct buffer *out);

/* A segment of the case. */
struct segment {
	int64_t id;
	int64_t source;
	enum kind kind;
	struct segment_block *blocks; /* ascending by id and by first */
	size_t count;
};

struct segments {
	struct segment *items; /* ascending by id, not overlapping */
	size_t count, capacity;
};

/* All whole segments. One that is damaged, or about blocks of another, is left out: its blocks are
 * then candidates. */
bool segments_load(
	const struct case_file *file, struct segments *segments, struct error *error) MUST_CHECK;
void segments_free(struct segments *segments);

/* Clears the bits of blocks (by their place in the segment) that can't hold a match. */
bool segment_narrow(const struct case_file *file, const struct segment *segment,
	const struct plan *plan, uint64_t *bits, struct error *error) MUST_CHECK;

/* Sets the bits of one posting. False when it is damaged. */
bool posting_decode(struct span posting, size_t blocks, uint64_t *bits) MUST_CHECK;

#endif
