#include "edge.h"

#include "base/memory.h"
#include "casefile/statement.h"

#include <stdlib.h>
#include <string.h>

/* ---- one stretch ---- */

void edge_stretch_clear(struct edge_stretch *stretch)
{
	stretch->count = 0;
	buffer_clear(&stretch->pairs);
}

/* Differences of what may be any number: modulo 2^64, so that they come back as they were. */
static uint64_t distance(int64_t from, int64_t to)
{
	return (uint64_t)to - (uint64_t)from;
}

static int64_t further(int64_t from, uint64_t by)
{
	return (int64_t)((uint64_t)from + by);
}

static uint64_t without_sign(uint64_t number)
{
	return number << 1 ^ (number >> 63 ? UINT64_MAX : 0);
}

static uint64_t with_sign(uint64_t number)
{
	return number >> 1 ^ (number & 1 ? UINT64_MAX : 0);
}

bool edge_stretch_add(struct edge_stretch *stretch, const struct edge *edge)
{
	if (stretch->count == 0) {
		stretch->a = edge->a;
		stretch->b_kind = edge->b.kind;
		stretch->b_first = edge->b.id;
		stretch->last = *edge;
		stretch->time = 0;
	}
	uint64_t further_on = distance(stretch->last.b.id, edge->b.id);
	/* Doubled below. */
	if (stretch->count == EDGE_STRETCH || !record_id_equal(stretch->a, edge->a) ||
		stretch->b_kind != edge->b.kind || further_on > INT64_MAX)
		return false;
	bool dated = edge->first <= edge->last;
	buffer_add_varint(&stretch->pairs, further_on << 1 | dated);
	buffer_add_varint(&stretch->pairs, (uint64_t)edge->count);
	if (dated) {
		buffer_add_varint(
			&stretch->pairs, without_sign(distance(stretch->time, edge->first)));
		buffer_add_varint(&stretch->pairs, distance(edge->first, edge->last));
		stretch->time = edge->first;
	}
	stretch->last = *edge;
	stretch->count++;
	return true;
}

/* Pairs of a stretch, one after the other. */
struct edge_reader {
	const uint8_t *at, *end;
	struct edge pair; /* of b and of the pair itself */
	int64_t time;
	bool damaged;
};

/* False at the end, or when it is damaged. */
static bool next_pair(struct edge_reader *reader)
{
	const uint8_t **at = &reader->at, *end = reader->end;
	uint64_t further_on, count, first, length;
	if (*at == end)
		return false;
	reader->damaged = true;
	if (!varint_read(at, end, &further_on) || !varint_read(at, end, &count))
		return false;
	reader->pair.b.id = further(reader->pair.b.id, further_on >> 1);
	reader->pair.count = (int64_t)count;
	reader->pair.first = INT64_MAX;
	reader->pair.last = INT64_MIN;
	if (further_on & 1) {
		if (!varint_read(at, end, &first) || !varint_read(at, end, &length))
			return false;
		reader->time = further(reader->time, with_sign(first));
		reader->pair.first = reader->time;
		reader->pair.last = further(reader->time, length);
	}
	reader->damaged = false;
	return true;
}

/* ---- sums ---- */

static int compare(const struct edge_sum *left, const struct edge_sum *right)
{
	if (left->way != right->way)
		return left->way < right->way ? -1 : 1;
	if (left->b.kind != right->b.kind)
		return left->b.kind < right->b.kind ? -1 : 1;
	return (left->b.id > right->b.id) - (left->b.id < right->b.id);
}

/* Adds a sum where it belongs. What lies beyond the limit is not wanted: it never comes back, since
 * what pushed it out stays. */
static void add(struct edge_sums *sums, const struct edge_sum *sum)
{
	size_t low = 0;
	for (size_t high = sums->count; low < high;) {
		size_t middle = low + (high - low) / 2;
		if (compare(&sums->items[middle], sum) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	struct edge_sum *place = &sums->items[low];
	if (low < sums->count && compare(place, sum) == 0) {
		place->count += sum->count;
		place->source = place->source < sum->source ? place->source : sum->source;
		return;
	}
	sums->more = sums->more || sums->count == sums->limit;
	if (low == sums->limit)
		return;
	if (sums->count < sums->limit)
		sums->count++;
	memmove(place + 1, place, (sums->count - low - 1) * sizeof *place);
	*place = *sum;
}

static bool add_stretch(
	struct edge_sums *sums, struct edge_sum sum, struct span pairs, struct error *error)
{
	struct edge_reader reader = {.at = (const uint8_t *)pairs.data, .pair.b = sum.b};
	reader.end = reader.at + pairs.length;
	while (next_pair(&reader)) {
		sum.b.id = reader.pair.b.id;
		sum.count = reader.pair.count;
		add(sums, &sum);
	}
	return !reader.damaged ||
	       error_set(error, ERROR_CASE_DAMAGED,
		       "what the case says of records that are seen together is damaged");
}

/* Whether all pairs of a stretch that begins there lie beyond the limit. */
static bool beyond(const struct edge_sums *sums, const struct edge_sum *first)
{
	return sums->count == sums->limit &&
	       (sums->limit == 0 || compare(&sums->items[sums->count - 1], first) < 0);
}

static bool read_sums(struct statement *select, struct edge_sums *sums, struct error *error)
{
	enum statement_result result;
	while ((result = statement_step(select, error)) == STATEMENT_ROW) {
		struct edge_sum first = {.way = (int)statement_int(select, 0),
			.b = {(enum kind)statement_int(select, 1), statement_int(select, 2)},
			.source = statement_int(select, 3)};
		if (first.b.kind <= KIND_NONE || first.b.kind >= KIND_COUNT)
			continue;
		if (beyond(sums, &first)) {
			sums->more = true;
			return true;
		}
		if (!add_stretch(sums, first, statement_blob(select, 4), error))
			return false;
	}
	return result == STATEMENT_DONE;
}

bool edge_sums_read(const struct case_file *file, struct record_id id, size_t limit,
	struct edge_sums *sums, struct error *error)
{
	*sums = (struct edge_sums){
		.limit = limit, .items = memory_array(limit, sizeof *sums->items)};
	if (!sums->items)
		return error_memory(error);
	struct statement *select = statement_open(file, QUERY_EDGES_OF, error);
	bool read = select != NULL;
	if (read) {
		statement_bind_int(select, 1, id.kind);
		statement_bind_int(select, 2, id.id);
		read = read_sums(select, sums, error);
	}
	statement_close(select);
	if (!read)
		edge_sums_free(sums);
	return read;
}

void edge_sums_free(struct edge_sums *sums)
{
	free(sums->items);
	*sums = (struct edge_sums){0};
}
