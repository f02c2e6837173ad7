/*
 * casefile/compare.h: what differs between two sources, as when a file is imported again after it
 * changed.
 *
 * Compared are the pieces of the files that records were made of: rows, objects, documents. A piece
 * is known again by the id that the source gave it, else by the name of what it tells of (a row of
 * an inventory by its host), else only by its very bytes: then one that changed counts as gone and
 * as added. Nothing is merged or decided by it: both sources stay as they are.
 */
#ifndef CASEFILE_COMPARE_H
#define CASEFILE_COMPARE_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/case.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* Sources with more pieces are not compared: it takes 40 bytes for each. */
#define COMPARE_MOST 1000000

struct comparison {
	int64_t same, changed, added, gone;
	/* The bytes of one are not at hand: whether pieces with one id or name changed can't be
	 * told and they count as same; those without either are `unknown`. */
	bool without_bytes;
	int64_t unknown;
	bool too_many; /* one has more than COMPARE_MOST pieces: all counts are 0 */
};

/* The latest ready source of this name but `id`; 0 when there is none, -1 on an error. */
int64_t compare_earlier(
	const struct case_file *file, struct span name, int64_t id, struct error *error) MUST_CHECK;

/* Compares two ready sources. ERROR_CANCELLED soon after *cancel is set, which may be NULL. */
bool compare_sources(const struct case_file *file, int64_t earlier, int64_t later,
	const atomic_bool *cancel, struct comparison *comparison, struct error *error) MUST_CHECK;

#endif
