/*
 * search/pattern.h: a regular expression, and what it says of one cell.
 *
 * This is the oracle: what a hit is. A cell is one stated field of one record. A pattern is PCRE2
 * with UTF and UCP, newline LF, no MULTILINE; it is matched against the cell's *search image*: the
 * cell's bytes with every NUL and every byte of invalid UTF-8 replaced by 0x1A, same length, so
 * that offsets in the image are offsets in the cell. Every faster engine must say the same.
 *
 *	struct pattern *pattern = pattern_compile(text, &options, &error);
 *	struct matcher *matcher = matcher_new(pattern, &limits, &error); -- one a thread
 *	switch (matcher_cell(matcher, image, &hit)) ...
 *
 * A pattern is immutable and may be shared by threads; a matcher belongs to one thread. Time is
 * bounded by a deadline and a cancel flag checked inside the match; a limit that is met gives
 * MATCH_UNDECIDED, never "no match".
 */
#ifndef SEARCH_PATTERN_H
#define SEARCH_PATTERN_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of a pattern's text. */
#define PATTERN_MAX_LENGTH 4096

enum pattern_case {
	PATTERN_CASE_EXACT,
	PATTERN_CASE_IGNORE,
	PATTERN_CASE_SMART, /* ignored unless the pattern holds an upper-case letter */
};

struct pattern_options {
	enum pattern_case letters;
	bool literal;    /* -F: the text itself, no metacharacters */
	bool word;       /* -w: word boundaries at both ends */
	bool whole_cell; /* -x: the whole cell */
};

struct pattern;

/* ERROR_PATTERN with the byte in `text` (never in a wrapped form of it) where it does not compile.
 * Free with pattern_free when no matcher uses it any more. \C, callouts written in the pattern and
 * verbs that raise limits are refused. */
struct pattern *pattern_compile(
	struct span text, const struct pattern_options *options, struct error *error) MUST_CHECK;
void pattern_free(struct pattern *pattern);

/* As the person wrote it, and how it was read. */
struct span pattern_text(const struct pattern *pattern);
bool pattern_ignores_case(const struct pattern *pattern);
bool pattern_is_literal(const struct pattern *pattern);
/* Whether PCRE2's JIT compiled it; where the system refuses, the interpreter serves. */
bool pattern_uses_jit(const struct pattern *pattern);

/* Whether JIT can be had here at all (probed with a small pattern), for doctor. */
bool pattern_jit_available(void);

/* The version of PCRE2 that runs, for doctor: at most size bytes with the NUL. */
void pattern_pcre2_version(char *text, size_t size);

/* Writes the search image of a cell into out (same length). Returns true when it differs from the
 * cell. */
bool search_image(struct span cell, char *out);

enum match_result {
	MATCH_NO,
	MATCH_YES,
	MATCH_UNDECIDED, /* a limit on steps, depth, memory or time was met */
	MATCH_CANCELLED, /* the cancel flag was seen */
};

struct match_limits {
	uint32_t steps;            /* PCRE2's match limit; 0: 1,000,000 */
	int64_t cell_microseconds; /* time for one cell; 0: 2,000,000 */
	/* Time for all the cells that a matcher leaves undecided; 0: as much as ten of them may
	 * take. When it is spent, a cell gets a hundredth of its time. When a quarter more is, or a
	 * twentieth of it and a hundred cells in a row came out so, a cell of at most 1 KiB gets
	 * some microseconds. */
	int64_t undecided_microseconds;
	const atomic_bool *cancel; /* may be NULL */
};

struct matcher;

/* Room for one thread's matching with a pattern. Free with matcher_free before the pattern. */
struct matcher *matcher_new(const struct pattern *pattern, const struct match_limits *limits,
	struct error *error) MUST_CHECK;
void matcher_free(struct matcher *matcher);

/* First match in the image of one cell, from byte `from` on (0 for the first one; look-behind sees
 * what is before). *hit gets its bytes; \K may make start > the place where matching began and
 * hit->start may be > hit->end, in which case both are given as end. */
enum match_result matcher_cell(
	struct matcher *matcher, struct span image, size_t from, struct range *hit);

/* The match after `hit` in the same cell, stepping over an empty match as PCRE2's documentation
 * says (NOTEMPTY_ATSTART | ANCHORED, then one character on). */
enum match_result matcher_next(struct matcher *matcher, struct span image, struct range *hit);

#endif
