/*
 * finder.h: the next place where a match can be, over the text of many cells.
 *
 * A literal or a run of a class that every match must contain (search/plan.h), looked for some
 * bytes at a time. A place it passes over holds no match; one that it finds may.
 */
#ifndef SEARCH_FINDER_H
#define SEARCH_FINDER_H

#include "search/plan.h"

enum finder_type {
	FINDER_NONE, /* nothing is known that would be worth looking for */
	FINDER_LITERAL,
	FINDER_RUN,
};

struct finder {
	enum finder_type type;
	struct span literal; /* the plan's */
	bool ignores_case;   /* of ASCII letters; literal is lower-case then */
	size_t rare[2];      /* bytes of the literal that are looked for together */
	size_t run;          /* length */
	bool in_run[256];
};

/* The finder keeps pointing into the plan. */
void finder_make(struct finder *finder, const struct plan *plan);

#define FINDER_NOWHERE SIZE_MAX

/* Where the first literal or run begins that begins at `from` or behind, whole in the text;
 * FINDER_NOWHERE when there is none. Of FINDER_NONE always `from`. */
size_t finder_next(const struct finder *finder, struct span text, size_t from);

#endif
