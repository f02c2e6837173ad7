/*
 * edges.h: the edge summary of one source, in memory until it is written.
 */
#ifndef CASEFILE_EDGES_H
#define CASEFILE_EDGES_H

#include "casefile/statement.h"
#include "casefile/writer.h"
#include "edge.h"
#include "kind_sql.h"

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

/* What a record of a large kind speaks of: those that its fields refer to, then those it mentions.
 */
struct spoken {
	struct record_id items[KIND_MOST_FIELDS + DRAFT_MENTIONS_MOST];
	size_t count;
};

/* Begins anew with what its fields refer to: ids by field, 0 for none. */
void spoken_by_fields(struct spoken *spoken, enum kind kind, const int64_t *reference);
/* One more, unless it is 0 or there already. */
void spoken_add(struct spoken *spoken, enum kind kind, int64_t id);
/* Counts one record for all it speaks of, and for each pair of them but with a document. False when
 * out of memory. */
bool edges_add_record(
	struct edges *edges, enum kind kind, const struct spoken *spoken, int64_t time) MUST_CHECK;
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
