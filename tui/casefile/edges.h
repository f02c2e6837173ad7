/*
 * edges.h: the edge summary of one import, in memory until it is written.
 */
#ifndef CASEFILE_EDGES_H
#define CASEFILE_EDGES_H

#include "edge.h"

struct edges {
	uint64_t seed;
	struct edge *items; /* as they came; after edges_sort a list */
	size_t count, capacity;
	uint32_t *slots;   /* a hash table of 1 + the index of an item */
	size_t slot_count; /* a power of two, or 0 */
};

/* More are written before others are taken: 7 MiB, and as much again to sort them. Twice as many
 * were no quicker, and saved less than a hundredth of the case where nearly all are different. */
#define EDGES_MOST ((size_t)1 << 17)

void edges_free(struct edges *edges);
/* Counts one event at a time (INT64_MAX: undated) for a pair. False when out of memory. */
bool edges_add(
	struct edges *edges, struct record_id a, struct record_id b, int64_t time) MUST_CHECK;
static inline bool edges_full(const struct edges *edges)
{
	return edges->count >= EDGES_MOST;
}
/* Sorts the items by a, then by b: none is added before edges_clear. False when out of memory. */
bool edges_sort(struct edges *edges) MUST_CHECK;
/* After that turns them over: a and b change places, those without a record b are gone, and they
 * are sorted again. False when out of memory. */
bool edges_turn(struct edges *edges) MUST_CHECK;
void edges_clear(struct edges *edges);

#endif
