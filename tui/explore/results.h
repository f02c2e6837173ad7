/*
 * explore/results.h: hits of the whole case as rows: a heading for each kind, then its records.
 */
#ifndef EXPLORE_RESULTS_H
#define EXPLORE_RESULTS_H

#include "explore/session.h"

/* Empties results and gives them a pattern; on an error (ERROR_PATTERN with its byte) they stay as
 * they were. The slot is kept. */
bool results_begin(
	struct results *results, struct span text, bool literal, struct error *error) MUST_CHECK;
int64_t results_rows(const struct results *results);
/* What is in a row: heading, or the record. */
struct record_id results_at(const struct results *results, int64_t row, bool *heading);
/* The row at which a kind begins, or would. */
int64_t results_kind_row(const struct results *results, enum kind wanted);
bool results_add(struct results *results, enum kind kind, uint32_t id) MUST_CHECK;
/* After hits were added: the cursor keeps its record, which is of the kind `here` (as results_at
 * says) that began at row_before. */
void results_grown(struct results *results, enum kind here, int64_t row_before);
void results_move_to(struct results *results, int64_t row, int height);
bool results_fill(struct results *results, struct record_reader *reader, int height,
	struct error *error) MUST_CHECK;
void results_free(struct results *results);

#endif
