/*
 * claims/count.h: a count that a claim states, held against the rows of the case.
 *
 * A claim with quantity_min or quantity_max states an interval ("more than 40" is 41 and no upper
 * bound), and its `counts` is a filter (search/filter.h) that begins with the kind it counts:
 * `kind = host and type = server`. Rows that pass are counted, one a row. Placeholders never count
 * towards the number that they were made from, and a row that stands for several things or for a
 * number that is not stated is not one thing: both are told beside the count.
 */
#ifndef CLAIMS_COUNT_H
#define CLAIMS_COUNT_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "casefile/case.h"
#include "casefile/kinds.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum count_verdict {
	COUNT_NOT_STATED,     /* the claim states no count */
	COUNT_ACCOUNTED,      /* as many as the claim says */
	COUNT_PARTLY,         /* fewer rows: the case does not hold them all */
	COUNT_CONTRADICTS,    /* more rows than the claim allows */
	COUNT_NOT_COMPARABLE, /* reason says why */
};

struct claim_count {
	enum count_verdict verdict;
	int64_t least;        /* stated; 0: no lower bound */
	int64_t most;         /* stated; INT64_MAX: no upper bound */
	enum kind kind;       /* what is counted; KIND_NONE: nothing could be */
	int64_t rows;         /* that pass and stand for one thing each */
	int64_t placeholders; /* that pass and do not count */
	int64_t groups;       /* that pass, stand for several things and do not count */
	char reason[160];     /* COUNT_NOT_COMPARABLE; may hold text of the case */
};

/* Counts for one claim by id. cancel may be NULL. False on an error, ERROR_CANCELLED among them; a
 * filter that does not parse is no error but not comparable. */
bool count_of(const struct case_file *file, int64_t claim, const atomic_bool *cancel,
	struct claim_count *count, struct error *error) MUST_CHECK;

/* `5 of 11+ accounted for`, `accounted for`, `contradicts: 9 found, 7 stated`, `not comparable: no
 * filter says what to count`, or nothing when no count is stated; appended to out. */
void count_text(const struct claim_count *count, struct buffer *out);

#endif
