/*
 * sequence.h: ids that are never used again.
 *
 * The `sequence` table has a row for each kind, and beside them for what is numbered like one.
 * It is read when a transaction begins and stored before its commit, so that ids taken in between
 * by somebody else are seen.
 */
#ifndef CASEFILE_SEQUENCE_H
#define CASEFILE_SEQUENCE_H

#include "base/compiler.h"
#include "base/error.h"
#include "casefile/case.h"
#include "casefile/kinds.h"

#include <stdbool.h>
#include <stdint.h>

/* Beside the kinds, which are numbered from 1. */
enum { SEQUENCE_SOURCE = 0, SEQUENCE_BLOCK = KIND_COUNT, SEQUENCE_FIELD_NAME, SEQUENCE_COUNT };

struct sequence {
	int64_t next[SEQUENCE_COUNT];
	bool changed[SEQUENCE_COUNT];
};

/* In a transaction, to take ids. */
bool sequence_load(
	const struct case_file *file, struct sequence *sequence, struct error *error) MUST_CHECK;
bool sequence_store(
	struct case_file *file, struct sequence *sequence, struct error *error) MUST_CHECK;

static inline int64_t sequence_take(struct sequence *sequence, int of)
{
	sequence->changed[of] = true;
	return sequence->next[of]++;
}

/* Numbers below this were taken elsewhere. */
static inline void sequence_reach(struct sequence *sequence, int of, int64_t next)
{
	if (sequence->next[of] >= next)
		return;
	sequence->changed[of] = true;
	sequence->next[of] = next;
}

#endif
