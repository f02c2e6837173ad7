/*
 * edges.h: the edge summary of one import, in memory until it is written.
 */
#ifndef CASEFILE_EDGES_H
#define CASEFILE_EDGES_H

#include "edge.h"

struct edges {
	uint64_t seed;
	struct edge *items; /* a hash table, free where count is 0; after edges_sort a list */
	size_t capacity;
	size_t count;
};

/* More are written before others are taken. */
#define EDGES_MOST ((size_t)1 << 18)

void edges_free(struct edges *edges);
/* Counts one event at a time (INT64_MAX: undated) for a pair. False when out of memory. */
bool edges_add(
	struct edges *edges, struct record_id a, struct record_id b, int64_t time) MUST_CHECK;
static inline bool edges_full(const struct edges *edges)
{
	return edges->count >= EDGES_MOST;
}
/* Turns the table into a list of edges->count items by a, then by b, until edges_clear. */
void edges_sort(struct edges *edges);
/* Turns the list over: a and b change places, those without a record b are gone, sorted again. */
void edges_turn(struct edges *edges);
void edges_clear(struct edges *edges);

#endif
