/*
 * plan.h: what every cell that matches a pattern must contain.
 *
 * The promise: a cell that a pattern matches (search/pattern.h) satisfies the pattern's plan. A
 * cell that satisfies it may match or not. Whatever of a pattern is not understood here becomes
 * "anything", so that the promise holds.
 *
 *	struct plan *plan = plan_new(pattern, &error);
 *	plan_query(plan)         -- AND/OR over trigrams, for posting lists of blocks
 *	plan_admits(plan, image) -- a cheap test of one cell, before PCRE2
 *
 * A trigram is three neighbouring bytes of a cell's search image with A-Z as a-z; nothing else is
 * folded. A plan is immutable and may be shared by threads.
 */
#ifndef SEARCH_PLAN_H
#define SEARCH_PLAN_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "search/pattern.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Most trigrams in one query. */
#define PLAN_MAX_TRIGRAMS 256
/* Most literals of which every match has one. */
#define PLAN_MAX_CHOICE 8

enum plan_op {
	PLAN_ANY,     /* every cell */
	PLAN_NONE,    /* no cell */
	PLAN_TRIGRAM, /* cells with this trigram */
	PLAN_AND,     /* two or more children */
	PLAN_OR,      /* two or more children */
};

/* ANY and NONE stand only at the root. No child has its parent's op, and siblings differ. */
struct plan_node {
	enum plan_op op;
	uint32_t trigram; /* first byte in bits 16 to 23 */
	size_t trigrams;  /* in this node and below it */
	size_t count;
	const struct plan_node *const *children;
};

/* Neighbouring bytes, at least `length` of them, all in the set. */
struct plan_run {
	uint64_t bytes[4]; /* bit b % 64 of bytes[b / 64] */
	size_t length;     /* 0: no such run is known to be needed */
};

struct plan;

/* NULL only with ERROR_MEMORY. Does not keep the pattern. Free with plan_free. */
struct plan *plan_new(const struct pattern *pattern, struct error *error) MUST_CHECK;
void plan_free(struct plan *plan);

const struct plan_node *plan_query(const struct plan *plan);
/* Bytes that the cell contains as they are or, with *ignores_case, up to the case of ASCII letters
 * (they are lower-case here); empty when nothing is known. */
struct span plan_literal(const struct plan *plan, bool *ignores_case);
/* Literals of which the cell contains one, compared as plan_literal says; *items are the plan's.
 * Their number; 0: nothing is known that tells more than plan_literal does. */
size_t plan_choice(const struct plan *plan, const struct span **items);
const struct plan_run *plan_run(const struct plan *plan);
/* Whether a run as plan_run has it is all that the pattern is, if no byte of it is above 0x7f: then
 * the match is its first bytes, up to *most of them. */
bool plan_run_matches(const struct plan *plan, size_t *most);
/* Bytes that a match has at least. */
size_t plan_shortest(const struct plan *plan);

/* False when the cell can't match, for the want of literal, run or length; looks only for what
 * PCRE2 would not find as fast by itself. */
bool plan_admits(const struct plan *plan, struct span image);

/* The query as text: "abc" & ("def" | "xyz"), any, none. Bytes that are not printable ASCII, and
 * quotes, as \xNN. For --explain and for tests. */
void plan_query_text(const struct plan *plan, struct buffer *out);

static inline uint8_t plan_fold(uint8_t byte)
{
	return byte >= 'A' && byte <= 'Z' ? (uint8_t)(byte | 0x20) : byte;
}

/* The trigram at bytes[0..3). */
static inline uint32_t plan_trigram(const char *bytes)
{
	return (uint32_t)plan_fold((uint8_t)bytes[0]) << 16 |
	       (uint32_t)plan_fold((uint8_t)bytes[1]) << 8 | plan_fold((uint8_t)bytes[2]);
}

static inline bool plan_run_has(const struct plan_run *run, uint8_t byte)
{
	return run->bytes[byte / 64] >> (byte % 64) & 1;
}

#endif
