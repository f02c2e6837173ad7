/*
 * edges.h: the edge summary of one source, in memory until it is written.
 */
#ifndef CASEFILE_EDGES_H
#define CASEFILE_EDGES_H

#include "casefile/statement.h"
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
/* Counts one record of a large kind for all it refers to, and for each pair of them but with a
 * document. reference: ids by field, 0 for none. False when out of memory. */
bool edges_add_record(
	struct edges *edges, enum kind kind, const int64_t *reference, int64_t time) MUST_CHECK;
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

/* Where they go. */
struct edges_writing {
	struct statement *insert; /* edge_insert */
	int64_t source;
	/* Called before each row; may be NULL. */
	bool (*before)(void *context, struct error *error);
	void *context;
};
/* Writes them, and clears. ERROR_MEMORY, ERROR_IO. */
bool edges_write(
	struct edges *edges, const struct edges_writing *to, struct error *error) MUST_CHECK;

#endif
