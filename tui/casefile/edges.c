#include "edges.h"

#include "base/memory.h"
#include "base/table_hash.h"

#include <stdlib.h>
#include <string.h>

void edges_free(struct edges *edges)
{
	free(edges->items);
	free(edges->slots);
	*edges = (struct edges){0};
}

void edges_clear(struct edges *edges)
{
	if (edges->slot_count > 0)
		memset(edges->slots, 0, edges->slot_count * sizeof *edges->slots);
	edges->count = 0;
}

/* The slot of a pair: with its item, or free. */
static uint32_t *place(const struct edges *edges, struct record_id a, struct record_id b)
{
	uint64_t hash = table_hash_number(edges->seed, (uint64_t)a.kind << 8 | (uint64_t)b.kind);
	hash = table_hash_number(table_hash_number(hash, (uint64_t)a.id), (uint64_t)b.id);
	size_t mask = edges->slot_count - 1;
	for (size_t at = (size_t)hash & mask;; at = (at + 1) & mask) {
		uint32_t *slot = &edges->slots[at];
		if (*slot == 0)
			return slot;
		const struct edge *edge = &edges->items[*slot - 1];
		if (record_id_equal(edge->a, a) && record_id_equal(edge->b, b))
			return slot;
	}
}

/* A quarter full at most, so that a new pair is rarely held against others. */
static bool grow_slots(struct edges *edges)
{
	size_t count = edges->slot_count ? edges->slot_count * 2 : 1024;
	uint32_t *slots = memory_array(count, sizeof *slots);
	if (!slots)
		return false;
	free(edges->slots);
	edges->slots = slots;
	edges->slot_count = count;
	for (size_t i = 0; i < edges->count; i++)
		*place(edges, edges->items[i].a, edges->items[i].b) = (uint32_t)(i + 1);
	return true;
}

/* Room for one more. */
static bool grow(struct edges *edges)
{
	if (4 * (edges->count + 1) > edges->slot_count && !grow_slots(edges))
		return false;
	struct edge *items =
		memory_grow(edges->items, &edges->capacity, edges->count + 1, sizeof *items);
	if (items)
		edges->items = items;
	return items != NULL;
}

/* Counts one event at a time (INT64_MAX: undated) for a pair. False when out of memory. */
static bool count_pair(struct edges *edges, struct record_id a, struct record_id b, int64_t time)
{
	if (!grow(edges))
		return false;
	uint32_t *slot = place(edges, a, b);
	if (*slot == 0) {
		edges->items[edges->count] =
			(struct edge){.a = a, .b = b, .first = INT64_MAX, .last = INT64_MIN};
		*slot = (uint32_t)++edges->count;
	}
	struct edge *edge = &edges->items[*slot - 1];
	edge->count++;
	if (time == INT64_MAX)
		return true;
	if (time < edge->first)
		edge->first = time;
	if (time > edge->last)
		edge->last = time;
	return true;
}

void spoken_add(struct spoken *spoken, enum kind kind, int64_t id)
{
	struct record_id record = {.kind = kind, .id = id};
	bool known = id == 0;
	for (size_t i = 0; i < spoken->count && !known; i++)
		known = record_id_equal(spoken->items[i], record);
	if (!known)
		spoken->items[spoken->count++] = record;
}

void spoken_by_fields(struct spoken *spoken, enum kind kind, const int64_t *reference)
{
	const struct kind_info *info = kind_info(kind);
	spoken->count = 0;
	for (int field = 0; field < info->field_count; field++)
		spoken_add(spoken, info->fields[field].refers_to, reference[field]);
}

/* Whichever of two stands first, they are one pair. */
static bool add_pair(struct edges *edges, struct record_id a, struct record_id b, int64_t time)
{
	bool first = a.kind != b.kind ? a.kind < b.kind : a.id < b.id;
	return first ? count_pair(edges, a, b, time) : count_pair(edges, b, a, time);
}

bool edges_add_record(
	struct edges *edges, enum kind kind, const struct spoken *spoken, int64_t time)
{
	struct record_id all = {.kind = kind, .id = 0};
	for (size_t i = 0; i < spoken->count; i++) {
		struct record_id a = spoken->items[i];
		if (!count_pair(edges, a, all, time))
			return false;
		for (size_t k = i + 1; k < spoken->count && a.kind != KIND_DOCUMENT; k++)
			if (spoken->items[k].kind != KIND_DOCUMENT &&
				!add_pair(edges, a, spoken->items[k], time))
				return false;
	}
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

/* By the bytes of their keys from `first` on, which leaves the order there is to those that are
 * alike in them. There are few bytes in which ids differ. */
static bool sort_by(struct edges *edges, int first)
{
	uint32_t counts[KEY_BYTES][256] = {{0}};
	size_t count = edges->count;
	struct edge *spare = memory_array(edges->capacity, sizeof *spare);
	if (!spare)
		return false;
	for (size_t i = 0; i < count; i++)
		for (int at = first; at < KEY_BYTES; at++)
			counts[at][key_byte(&edges->items[i], at)]++;
	for (int at = first; at < KEY_BYTES && count > 0; at++) {
		struct edge *items = edges->items;
		if (counts[at][key_byte(&items[0], at)] == count)
			continue;
		size_t places[256], place = 0;
		for (int byte = 0; byte < 256; byte++) {
			places[byte] = place;
			place += counts[at][byte];
		}
		for (size_t i = 0; i < count; i++)
			spare[places[key_byte(&items[i], at)]++] = items[i];
		edges->items = spare;
		spare = items;
	}
	free(spare);
	return true;
}

bool edges_sort(struct edges *edges)
{
	return sort_by(edges, 0);
}

bool edges_turn(struct edges *edges)
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
	/* They stand in the order of what is b now. */
	return sort_by(edges, KEY_BYTES / 2);
}
