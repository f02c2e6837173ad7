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

/* What edges are sorted by, the least weighty byte first. */
#define KEY_BYTES 18

static uint8_t key_byte(const struct edge *edge, int at)
{
	const struct record_id *id = at < KEY_BYTES / 2 ? &edge->b : &edge->a;
	at %= KEY_BYTES / 2;
	uint64_t from = at == 8 ? (uint64_t)id->kind : (uint64_t)id->id >> 8 * at;
	return (uint8_t)from;
}

static void count_bytes(const struct edge *items, size_t count, uint32_t counts[KEY_BYTES][256])
{
	for (size_t i = 0; i < count; i++)
		for (int at = 0; at < KEY_BYTES; at++)
			counts[at][key_byte(&items[i], at)]++;
}

/* By the bytes of their keys, from one half of the table into the other and back: there are few
 * bytes in which ids differ. The list begins at the table's beginning, before and after. */
static void sort_list(struct edges *edges)
{
	uint32_t counts[KEY_BYTES][256] = {{0}};
	struct edge *from = edges->items, *to = edges->items + edges->capacity / 2;
	size_t count = edges->count;
	if (count == 0)
		return;
	count_bytes(from, count, counts);
	for (int at = 0; at < KEY_BYTES; at++) {
		if (counts[at][key_byte(&from[0], at)] == count)
			continue;
		size_t places[256], place = 0;
		for (int byte = 0; byte < 256; byte++) {
			places[byte] = place;
			place += counts[at][byte];
		}
		for (size_t i = 0; i < count; i++)
			to[places[key_byte(&from[i], at)]++] = from[i];
		struct edge *swapped = from;
		from = to;
		to = swapped;
	}
	if (from != edges->items)
		memcpy(edges->items, from, count * sizeof *from);
}

void edges_sort(struct edges *edges)
{
	size_t kept = 0;
	for (size_t i = 0; i < edges->capacity; i++)
		if (edges->items[i].count > 0)
			edges->items[kept++] = edges->items[i];
	sort_list(edges);
}

void edges_turn(struct edges *edges)
{
	size_t kept = 0;
	for (size_t i = 0; i < edges->count; i++) {
		struct edge edge = edges->items[i];
		struct record_id a = edge.a;
		edge.a = edge.b;
		edge.b = a;
		if (edge.a.id != 0)
			edges->items[kept++] = edge;
	}
	edges->count = kept;
	sort_list(edges);
}
