/*
 * edge.h: the edge summary as it is stored, a stretch of pairs a row.
 *
 * A stretch holds the records of one kind that large kinds show with one record a, ascending by
 * id, at most EDGE_STRETCH of them. Its `pairs` are varints: for each the distance of its id from
 * the one before (of the first from b_first: 0), doubled, plus one where a time is known; the
 * number of records that speak of the pair; and, with a time, the distance of the first one from
 * that of the pair before, positive ones doubled, negative ones doubled less one, and the distance
 * of the last from the first. Times are UTC microseconds.
 */
#ifndef CASEFILE_EDGE_H
#define CASEFILE_EDGE_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "casefile/case.h"
#include "casefile/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define EDGE_STRETCH 512

struct edge {
	struct record_id a, b; /* b.id 0: all records of that kind */
	int64_t count;
	int64_t first, last; /* INT64_MAX and INT64_MIN: no time is known */
};

/* Building: edges in the order of a, then of b, whose ids differ. */
struct edge_stretch {
	struct record_id a;
	enum kind b_kind;
	int64_t b_first;
	size_t count; /* 0: nothing */
	struct buffer pairs;
	/* private */
	struct edge last;
	int64_t time;
};

/* Adds one; false when it is not of this stretch, which is then to be written and cleared. The
 * buffer fails when out of memory. */
bool edge_stretch_add(struct edge_stretch *stretch, const struct edge *edge) MUST_CHECK;
void edge_stretch_clear(struct edge_stretch *stretch);

/* What is known of a record's pairs, summed over what can be seen. */
struct edge_sum {
	int way; /* 0: the record's field comes first */
	struct record_id b;
	int64_t count;
	int64_t source; /* the earliest that speaks of it */
};

struct edge_sums {
	struct edge_sum *items; /* ascending by way, kind, id */
	size_t count;
	bool more; /* cut at the limit */
	size_t limit;
};

/* Sums the first `limit` pairs of a record. ERROR_CASE_DAMAGED, ERROR_MEMORY, ERROR_IO. */
bool edge_sums_read(const struct case_file *file, struct record_id id, size_t limit,
	struct edge_sums *sums, struct error *error) MUST_CHECK;
void edge_sums_free(struct edge_sums *sums);

#endif
