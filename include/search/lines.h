/*
 * search/lines.h: a pattern over text that is too long to hold, line by line.
 *
 * To the pattern a line is what a cell is (search/pattern.h): `^` and `$` mean the line, no match
 * crosses lines, and it is the line's search image that is matched. A line ends before LF, CR LF or
 * the end of the text. Bytes are read in pieces; what is held is a piece and, where a line reaches
 * out of it, that line.
 */
#ifndef SEARCH_LINES_H
#define SEARCH_LINES_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "search/pattern.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Bytes of one line that are looked at; of a longer one the rest is not, and it counts as
 * undecided. */
#define LINES_LONGEST ((size_t)8 * 1024 * 1024)

struct lines {
	uint64_t size; /* bytes of the text */
	/* Appends the bytes from start to end. */
	bool (*read)(void *context, uint64_t start, uint64_t end, struct buffer *bytes,
		struct error *error);
	/* Told now and then how many bytes were gone through since the call; NULL: nobody is. */
	void (*progress)(void *context, uint64_t bytes);
	void *context;
	struct matcher *matcher;
	const atomic_bool *cancel; /* may be NULL */
	size_t piece;              /* bytes read at a time; 0: 1 MiB */
	size_t longest;            /* 0: LINES_LONGEST */
};

struct lines_hit {
	bool found;
	bool wrapped;       /* behind the end, or before the beginning, from where it was begun */
	struct range bytes; /* of the match, in the text */
};

/* The first match that begins at byte `from` or later, else the first of all; backwards the last
 * one that begins before it, else the last of all. False with ERROR_CANCELLED when the flag is set,
 * and with whatever reading says. */
bool lines_next(const struct lines *lines, uint64_t from, bool backwards, struct lines_hit *hit,
	struct error *error) MUST_CHECK;

struct lines_count {
	int64_t lines;
	int64_t hits; /* lines that match */
	int64_t undecided;
};

/* Counts the lines of the whole text. When it fails the count is that of what was gone through. */
bool lines_count(
	const struct lines *lines, struct lines_count *count, struct error *error) MUST_CHECK;

#endif
