/*
 * finder.h: the next place where a match can be, over the text of many cells.
 *
 * A literal, one of some literals, or a run of a class, of which every match must contain one
 * (plan.h), looked for many bytes at a time. A place it passes over holds no match; one that
 * it finds may.
 */
#ifndef SEARCH_FINDER_H
#define SEARCH_FINDER_H

#include "plan.h"

enum finder_type {
	FINDER_NONE, /* nothing is known that would be worth looking for */
	FINDER_LITERAL,
	FINDER_RUN,
};

/* Bytes that are looked at together. */
#define FINDER_LANES 16

struct finder_literal {
	struct span text; /* the plan's */
	size_t rare[2];   /* bytes of it that are looked for together */
	/* What they are, with these bits set, in every lane. */
	uint8_t bytes[2][FINDER_LANES];
	uint8_t masks[2][FINDER_LANES];
};

/* Bytes from `first` on, `more` of them behind it, in every lane. */
struct finder_range {
	uint8_t first[FINDER_LANES], more[FINDER_LANES];
};

#define FINDER_RANGES 8

struct finder {
	enum finder_type type;
	bool ignores_case; /* of ASCII letters; literals are lower-case then */
	struct finder_literal literals[PLAN_MAX_CHOICE];
	size_t literal_count;
	size_t shortest, longest; /* of the literals */
	size_t run;               /* length */
	size_t run_most;          /* 0: a run is not all that the pattern is */
	bool in_run[256];
	struct finder_range ranges[FINDER_RANGES]; /* the same */
	size_t range_count;                        /* 0: it has more than there is room for */
};

/* The finder keeps pointing into the plan. */
void finder_make(struct finder *finder, const struct plan *plan);

#define FINDER_NOWHERE SIZE_MAX

/* Where the first literal or run begins that begins at `from` or behind, whole in the text;
 * FINDER_NOWHERE when there is none. Of FINDER_NONE always `from`. */
size_t finder_next(const struct finder *finder, struct span text, size_t from);

/* Whether what was found at a place is a match of a pattern that is nothing but what is looked for,
 * and where that ends. Of literals it is the first that is there, in their order. */
bool finder_match(const struct finder *finder, struct span text, size_t at, size_t *end);

#endif
