/* The order in which events are listed, written in sorted runs, so that each commit is one stretch
 * of it: while events come by their times, a batch is a run; else what came is kept until there is
 * much of it. */
#include "writer_private.h"

#include <stdlib.h>

/* Places that are kept before a run is written: 20 MiB. */
#define MOST_PLACES ((size_t)1 << 20)
/* Rows of one statement, of which none takes long. */
#define ROWS_AT_ONCE 2000

/* Two columns of a bulk. */
struct place {
	int64_t time;
	int64_t id;
};

static int compare_places(const void *a, const void *b)
{
	const struct place *left = a, *right = b;
	if (left->time != right->time)
		return left->time < right->time ? -1 : 1;
	return (left->id > right->id) - (left->id < right->id);
}

static void sort_places(struct place *places, size_t count)
{
	size_t sorted = 1;
	while (sorted < count && compare_places(&places[sorted - 1], &places[sorted]) < 0)
		sorted++;
	if (sorted < count)
		qsort(places, count, sizeof *places, compare_places);
}

bool writer_flush_order(struct writer *writer, struct error *error)
{
	struct bulk *places = &writer->order.places;
	struct statement *insert = writer_statement(writer, QUERY_EVENT_ORDER_INSERT, error);
	if (!insert)
		return false;
	if (places->count == 0)
		return true;
	sort_places((struct place *)places->values, places->count);
	writer->order.written = places->values[0];
	for (size_t at = 0; at < places->count; at += ROWS_AT_ONCE) {
		struct bulk run = *places;
		size_t left = places->count - at;
		run.values += 2 * at;
		run.stated = NULL;
		run.count = left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE;
		statement_bind_bulk(insert, 1, &run);
		if (!writer_open(writer, error) || !statement_run(insert, error) ||
			!writer_breathe(writer, error))
			return false;
	}
	bulk_clear(places);
	return true;
}

/* The column of the time by which a kind is sorted. */
static int time_column(enum kind kind)
{
	const struct kind_info *info = kind_info(kind);
	int column = INSERT_NAME_KEY - 1;
	for (int field = 0; field < info->sort_field; field++)
		column += kind_sql_width(kind, field, false);
	return column;
}

bool writer_order(struct writer *writer, const struct batch *batch, struct error *error)
{
	struct bulk *places = &writer->order.places;
	const struct bulk *rows = &batch->rows;
	const int64_t *time = rows->values + time_column(batch->kind);
	bool kept = places->count > 0;
	int64_t earliest = INT64_MAX;
	places->width = 2;
	for (size_t i = 0; i < rows->count; i++, time += rows->width) {
		size_t row = bulk_add(places);
		if (row == SIZE_MAX)
			return error_memory(error);
		bulk_set(places, row, 0, *time);
		bulk_set(places, row, 1, batch->block.first + (int64_t)i);
		earliest = *time < earliest ? *time : earliest;
	}
	bool follows = !kept && earliest >= writer->order.written;
	return (!follows && places->count < MOST_PLACES) || writer_flush_order(writer, error);
}
