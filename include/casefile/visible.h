/*
 * casefile/visible.h: which records of a large kind are hidden.
 *
 * A row of a large kind is not asked for its source one by one: sources that are loading or taken
 * back are few, and their ids are a few runs, known from the block table. What the journal speaks
 * of stays. Used inside casefile/ and search/.
 */
#ifndef CASEFILE_VISIBLE_H
#define CASEFILE_VISIBLE_H

#include "base/compiler.h"
#include "base/error.h"
#include "casefile/case.h"
#include "casefile/kinds.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct hidden_run {
	int64_t first;
	int64_t last;
};

struct hidden {
	struct hidden_run *runs; /* ascending, not touching */
	size_t count;
	size_t capacity;
	int64_t *kept; /* ascending: ids inside a run that stay */
	size_t kept_count;
	size_t kept_capacity;
};

/* Reads it anew. */
bool hidden_load(const struct case_file *file, enum kind kind, struct hidden *hidden,
	struct error *error) MUST_CHECK;
void hidden_free(struct hidden *hidden);
/* The least number >= id that is not hidden. */
int64_t hidden_skip(const struct hidden *hidden, int64_t id);

#endif
