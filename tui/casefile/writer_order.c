/* The order in which events are listed, written in sorted runs: each commit is one stretch of it.
 */
#include "writer_private.h"

#include "base/memory.h"

#include <stdlib.h>

/* Places that are kept before a run is written: 32 MiB. */
#define MOST_PLACES ((size_t)2 << 20)
/* Rows of one QUERY_EVENT_ORDER_INSERT_30. */
#define ROWS_AT_ONCE 30

bool writer_order(struct writer *writer, int64_t time, int64_t id, struct error *error)
{
	struct event_place *places = memory_grow(
		writer->places, &writer->place_capacity, writer->place_count + 1, sizeof *places);
	if (!places)
		return error_memory(error);
	writer->places = places;
	places[writer->place_count++] = (struct event_place){.time = time, .id = id};
	return writer->place_count < MOST_PLACES || writer_flush_order(writer, error);
}

static int compare_places(const void *a, const void *b)
{
	const struct event_place *left = a, *right = b;
	if (left->time != right->time)
		return left->time < right->time ? -1 : 1;
	return (left->id > right->id) - (left->id < right->id);
}

static void sort_places(struct event_place *places, size_t count)
{
	size_t sorted = 1;
	while (sorted < count && compare_places(&places[sorted - 1], &places[sorted]) < 0)
		sorted++;
	if (sorted < count)
		qsort(places, count, sizeof *places, compare_places);
}

static bool insert_places(struct writer *writer, struct statement *insert,
	const struct event_place *places, size_t count, struct error *error)
{
	for (size_t i = 0; i < count; i++) {
		statement_bind_int(insert, (int)(2 * i + 1), places[i].time);
		statement_bind_int(insert, (int)(2 * i + 2), places[i].id);
	}
	return writer_open(writer, error) && statement_run(insert, error) &&
	       writer_breathe(writer, error);
}

bool writer_flush_order(struct writer *writer, struct error *error)
{
	struct statement *many = writer_statement(writer, QUERY_EVENT_ORDER_INSERT_30, error);
	struct statement *one = writer_statement(writer, QUERY_EVENT_ORDER_INSERT, error);
	if (!many || !one)
		return false;
	sort_places(writer->places, writer->place_count);
	for (size_t at = 0; at < writer->place_count;) {
		bool full = writer->place_count - at >= ROWS_AT_ONCE;
		size_t count = full ? ROWS_AT_ONCE : 1;
		if (!insert_places(writer, full ? many : one, &writer->places[at], count, error))
			return false;
		at += count;
	}
	writer->place_count = 0;
	return true;
}
