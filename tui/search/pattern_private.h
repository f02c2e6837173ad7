/*
 * pattern_private.h: what a compiled pattern is made of, for pattern.c and matcher.c.
 *
 * A pattern is compiled twice. `plain` is fast, and good for cells so short that few steps decide
 * them. `guarded` has a callout before every item, in which the matcher looks at the clock and at
 * the cancel flag.
 */
#ifndef SEARCH_PATTERN_PRIVATE_H
#define SEARCH_PATTERN_PRIVATE_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "search/pattern.h"

/* Limits that no pattern may raise. Heap in KiB, as PCRE2 counts it. */
#define PATTERN_STEP_LIMIT 1000000
#define PATTERN_HEAP_LIMIT (20 * 1024)
#define PATTERN_DEPTH_LIMIT 100000

struct pattern {
	pcre2_code *plain;
	pcre2_code *guarded;
	struct pattern_options options; /* letters is EXACT or IGNORE here: as it was read */
	bool crlf_is_newline;           /* the pattern's verbs made CR LF one line end */
	size_t length;
	char text[]; /* with a NUL behind */
};

/* Whether a letter that stands for itself in the pattern is upper-case (letters of escapes, names,
 * options and verbs do not stand for themselves). */
bool pattern_has_upper_case(struct span text, bool literal);

/* Matches over the text of many cells, each followed by a NUL (across.h says when that may be
 * done), from byte `from`, with few steps and no look at the clock. MATCH_UNDECIDED: match cell by
 * cell. */
enum match_result matcher_across(
	struct matcher *matcher, struct span text, size_t from, struct range *hit);

#endif
