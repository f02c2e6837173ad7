#include "edges.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void edges_free(struct edges *edges)
{
	free(edges->items);
	*edges = (struct edges){0};
}

void edges_clear(struct edges *edges)
{
	if (edges->capacity > 0)
		memset(edges->items, 0, edges->capacity * sizeof *edges->items);
	edges->count = 0;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
	hash = (hash ^ value) * UINT64_C(0x9fb21c651e98df25);
	return hash ^ (hash >> 29);
}

static struct edge *place(const struct edges *edges, struct record_id a, struct record_id b)
{
	uint64_t hash = mix(edges->seed, (uint64_t)a.kind << 8 | (uint64_t)b.kind);
	hash = mix(mix(hash, (uint64_t)a.id), (uint64_t)b.id);
	size_t mask = edges->capacity - 1;
	for (size_t at = (size_t)hash & mask;; at = (at + 1) & mask) {
		struct edge *edge = &edges->items[at];
		if (edge->count == 0 ||
			(record_id_equal(edge->a, a) && record_id_equal(edge->b, b)))
			return edge;
	}
}

static bool grow(struct edges *edges)
{
	struct edges grown = *edges;
	grown.capacity = edges->capacity ? edges->capacity * 2 : 1024;
	grown.items = memory_array(grown.capacity, sizeof *grown.items);
	if (!grown.items)
		return false;
	for (size_t i = 0; i < edges->capacity; i++) {
		const struct edge *edge = &edges->items[i];
		if (edge->count > 0)
			*place(&grown, edge->a, edge->b) = *edge;
	}
	free(edges->items);
	*edges = grown;
	return true;
}

bool edges_add(struct edges *edges, struct record_id a, struct record_id b, int64_t time)
{
	if (2 * (edges->count + 1) > edges->capacity && !grow(edges))
		return false;
	struct edge *edge = place(edges, a, b);
	if (edge->count == 0) {
		*edge = (struct edge){.a = a, .b = b, .first = INT64_MAX, .last = INT64_MIN};
		edges->count++;
	}
	edge->count++;
	if (time == INT64_MAX)
		return true;
	if (time < edge->first)
		edge->first = time;
	if (time > edge->last)
		edge->last = time;
	return true;
}

static int compare_ids(struct record_id a, struct record_id b)
{
	if (a.kind != b.kind)
		return a.kind < b.kind ? -1 : 1;
	return (a.id > b.id) - (a.id < b.id);
}

static int compare_edges(const void *a, const void *b)
{
	const struct edge *left = a, *right = b;
	int order = compare_ids(left->a, right->a);
	return order ? order : compare_ids(left->b, right->b);
}

void edges_sort(struct edges *edges)
{
	size_t kept = 0;
	for (size_t i = 0; i < edges->capacity; i++)
		if (edges->items[i].count > 0)
			edges->items[kept++] = edges->items[i];
	if (kept > 1)
		qsort(edges->items, kept, sizeof *edges->items, compare_edges);
}
