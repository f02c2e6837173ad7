/*
 * explore/corner.h: what the number in a pane's corner counts, and how each claim stands; made in a
 * worker while the rows of a list are.
 */
#ifndef EXPLORE_CORNER_H
#define EXPLORE_CORNER_H

#include "explore/list.h"
#include "work.h"

/* Distinct texts, by 64-bit hash: only for counting voices and documents. */
struct distinct {
	uint64_t seed;
	uint64_t *hashes;
	size_t count;
	size_t capacity;
};

/* Nothing was counted yet when zeroed. */
struct corner {
	struct distinct voices, documents;
	struct standings *standings; /* of claims; NULL: not asked for yet */
	int64_t *later;              /* positions of claims that count a large kind */
	size_t later_count;
	size_t later_capacity;
};

void corner_free(struct corner *corner);
/* Whether a record is a statement of what was not said. */
bool corner_is_silence(const struct record *record);
/* Counts a record that is shown. False when out of memory. */
bool corner_count(
	struct corner *corner, const struct record *record, struct list_totals *totals) MUST_CHECK;
/* How a claim stands or what its count comes to: as the letter and the note of the row added last,
 * and in the corner. Where rows of a large kind have to be counted for it, the note says so. */
bool corner_sign(struct corner *corner, struct worker *worker, const struct record *record,
	const atomic_bool *cancel, struct rows *rows, struct list_totals *totals,
	struct error *error) MUST_CHECK;
/* Counts for those, which may take long. */
bool corner_count_later(struct corner *corner, struct worker *worker, const atomic_bool *cancel,
	struct rows *rows, struct error *error) MUST_CHECK;

#endif
