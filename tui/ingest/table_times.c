/* What must be known of a table's times before its first row is taken: their zone, and which number
 * of a date is the day. */
#include "table_private.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "ingest/input.h"
#include "stamps.h"

#include <stdlib.h>
#include <string.h>

#define ZONE_VALUES 3
#define MAX_SHOWN 40

/* The next row, into the columns: 1, 0 at the end, -1. *header: it is yet to come. */
static int next_row(struct table *table, struct csv_reader *reader, struct csv_row *row,
	bool *header, struct error *error)
{
	int result;
	while ((result = csv_next(reader, row, error)) > 0) {
		if (row->count == 0)
			continue;
		if (!*header)
			break;
		*header = false;
	}
	if (result <= 0)
		return result;
	columns_begin(table->columns);
	for (size_t i = 0; i < row->count && i < table->width; i++)
		columns_cell(table->columns, i, csv_cell(reader, i));
	return 1;
}

/* ---- the zone ---- */

/* The first values of a column that want a zone, into out; how many. */
static int zone_values(struct table *table, size_t column, struct buffer *out, struct error *error)
{
	int found = 0;
	struct csv_row row;
	bool header = !table->look.headless;
	struct csv_reader *reader =
		csv_open_text(table->head.text, table->head.whole, table->head.dialect, error);
	if (!reader)
		return -1;
	while (found < ZONE_VALUES && next_row(table, reader, &row, &header, error) > 0) {
		struct span words = columns_time_words(table->columns, column);
		if (!columns_needs_zone(table->columns, column, words))
			continue;
		buffer_add_string(out, found++ ? ", " : "");
		buffer_add_span(out, span_slice(words, 0, MAX_SHOWN));
	}
	csv_close(reader);
	return found;
}

bool table_check_zone(struct table *table, struct error *error)
{
	const struct import_options *options = loader_options(table->loader);
	if (options->zone || options->dry_run)
		return true;
	for (size_t column = 0; column < table->width; column++) {
		struct buffer values = {0};
		int found = columns_is_time(table->columns, column)
				    ? zone_values(table, column, &values, error)
				    : 0;
		struct span name = columns_name(table->columns, column);
		if (found > 0)
			error_set(error, ERROR_USAGE,
				"%.*s holds date-times without a zone: %s; say --zone "
				"NAME (UTC, Asia/Tokyo, +09:00 ...), or --zone floating to keep "
				"them as they are",
				(int)name.length, name.data, values.data ? values.data : "");
		buffer_free(&values);
		if (found != 0)
			return false;
	}
	return true;
}

/* ---- day and month ---- */

/* Of a column, with the first cell that can be read in one order only. */
struct order {
	bool dates; /* it has some */
	int orders; /* in which all of them can be read */
	char proof[MAX_SHOWN + 1];
	int64_t line;
};

static void take_date(struct order *order, struct span words, int64_t line)
{
	int orders = span_stated(words) ? stamp_orders(words) : 0;
	if (orders == 0)
		return;
	order->orders = order->dates ? order->orders & orders : orders;
	order->dates = true;
	if (order->line != 0 || orders == (STAMP_ORDER_MDY | STAMP_ORDER_DMY))
		return;
	words = span_slice(words, 0, MAX_SHOWN);
	memcpy(order->proof, words.data, words.length);
	order->line = line;
}

/* Looks at all that a reader has; *dates: whether some column has dates. Takes the reader. */
static bool look_at_dates(struct table *table, struct csv_reader *reader, struct order *orders,
	bool *dates, struct error *error)
{
	struct csv_row row;
	bool header = !table->look.headless, ok = reader != NULL;
	int more = 0;
	*dates = false;
	memset(orders, 0, table->width * sizeof *orders);
	while (ok && (more = next_row(table, reader, &row, &header, error)) > 0) {
		for (size_t i = 0; i < table->width; i++)
			if (columns_is_time(table->columns, i))
				take_date(&orders[i], columns_time_words(table->columns, i),
					row.line);
		ok = loader_progress(table->loader, error);
	}
	csv_close(reader);
	for (size_t i = 0; i < table->width; i++)
		*dates = *dates || orders[i].dates;
	return ok && more == 0;
}

/* The same of the whole table, when it goes on behind the head. *dates stays false when it can't be
 * read twice. */
static bool look_at_all(struct table *table, struct order *orders, bool *dates, struct error *error)
{
	*dates = false;
	struct error failed;
	struct input *again = input_again(table->input, &failed);
	if (!again && failed.code == ERROR_NONE)
		return true;
	if (!again) {
		*error = failed;
		return false;
	}
	bool ok = look_at_dates(
		table, csv_open(again, table->head.dialect, error), orders, dates, error);
	input_close(again);
	return ok;
}

static void set_order(struct table *table, size_t column, const struct order *order)
{
	struct span name = span_slice(columns_name(table->columns, column), 0, MAX_SHOWN);
	bool day_first = order->orders == STAMP_ORDER_DMY;
	if (!order->dates || order->orders == (STAMP_ORDER_MDY | STAMP_ORDER_DMY))
		return;
	if (order->orders == 0) {
		loader_note(table->loader,
			"%.*s: neither order of day and month fits all of it, %s in line %lld for "
			"one",
			(int)name.length, name.data, order->proof, (long long)order->line);
		return;
	}
	columns_set_order(table->columns, column, day_first);
	loader_note(table->loader,
		"%.*s: read with the %s first, line %lld has %s and all others fit; --dates says "
		"otherwise",
		(int)name.length, name.data, day_first ? "day" : "month", (long long)order->line,
		order->proof);
}

bool table_find_order(struct table *table, struct error *error)
{
	bool dates;
	if (loader_options(table->loader)->dates)
		return true;
	struct order *orders = memory_array(table->width, sizeof *orders);
	if (!orders)
		return error_memory(error);
	bool ok = look_at_dates(table,
		csv_open_text(table->head.text, table->head.whole, table->head.dialect, error),
		orders, &dates, error);
	if (ok && dates && !table->head.whole)
		ok = look_at_all(table, orders, &dates, error);
	for (size_t i = 0; ok && dates && i < table->width; i++)
		set_order(table, i, &orders[i]);
	free(orders);
	return ok;
}
