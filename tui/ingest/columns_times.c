/* Columns that are times: a day and a clock in two of them, the order of day and month, and what is
 * read of a cell. */
#include "columns_private.h"

#include "ingest/loader.h"
#include "mappings.h"

#include <string.h>

#define TIME_KIND "time_kind"

/* ---- a day and a clock ---- */

void columns_give_time(struct columns *columns, size_t day, size_t clock)
{
	columns->day = day;
	columns->clock = clock;
}

static void pair(struct columns *columns, size_t day, size_t clock)
{
	columns->items[clock].day = day;
	columns->items[day].clock = clock;
}

/* `Event Date` beside `Event Time`. */
static bool is_day_of(struct span day, struct span clock)
{
	static const char date[] = "date", time[] = "time";
	const size_t length = sizeof date - 1;
	if (day.length != clock.length || day.length < length)
		return false;
	size_t begin = day.length - length;
	return columns_same_name(span_slice(day, 0, begin), span_slice(clock, 0, begin)) &&
	       columns_same_name(span_slice(day, begin, day.length), span_of(date, length)) &&
	       columns_same_name(span_slice(clock, begin, clock.length), span_of(time, length));
}

static bool is_time_field(const struct columns *columns, const struct column *column)
{
	return column->target == TO_FIELD &&
	       columns->info->fields[column->field].type == FIELD_TIME;
}

/* What columns_give_time said, when no name does it better. */
static void take_given(struct columns *columns)
{
	const struct kind_field *first = &columns->info->fields[0];
	bool free = columns->clock < columns->count && first->type == FIELD_TIME &&
		    !columns->taken[0] && columns->items[columns->clock].target == TO_EXTRA;
	if (!free)
		return;
	columns->items[columns->clock].target = TO_FIELD;
	columns->items[columns->clock].field = 0;
	columns->taken[0] = true;
	struct span name = span_slice(columns->items[columns->clock].name, 0, 60);
	if (loader_options(columns->loader)->kind)
		loader_note(columns->loader,
			"%.*s is read as the time, by what stands in it; --map %s=COLUMN says "
			"otherwise",
			(int)name.length, name.data, first->name);
	if (columns->day < columns->count && columns->items[columns->day].target == TO_EXTRA)
		pair(columns, columns->day, columns->clock);
}

/* A name that says which time it is: not `timestamp`, and not what a column without one is called.
 */
static bool says_which(struct span name)
{
	static const char numbered[] = "column ";
	long long number;
	struct span rest = span_slice(name, sizeof numbered - 1, name.length);
	bool none = span_equal(span_slice(name, 0, sizeof numbered - 1), span_string(numbered)) &&
		    span_to_integer(rest, &number);
	return name.length > 0 && !none && !mapping_says_time(name);
}

static void find_stamp(struct columns *columns)
{
	int kind = kind_field_find(columns->kind, span_string(TIME_KIND));
	columns->stamp = SIZE_MAX;
	if (kind < 0 || columns->taken[kind] ||
		span_stated(loader_setting(columns->loader, TIME_KIND)))
		return;
	for (size_t i = 0; i < columns->count; i++)
		if (columns->items[i].target == TO_FIELD && columns->items[i].field == 0 &&
			says_which(columns_clean(columns->items[i].given)))
			columns->stamp = i;
}

void columns_time_kind(struct columns *columns, struct draft *draft)
{
	if (columns->stamp == SIZE_MAX || !span_stated(columns->items[columns->stamp].text))
		return;
	columns->cells[draft->cell_count++] =
		(struct draft_cell){.field = kind_field_find(KIND_EVENT, span_string(TIME_KIND)),
			.text = columns->items[columns->stamp].name};
}

void columns_times_begin(struct columns *columns)
{
	take_given(columns);
	find_stamp(columns);
	for (size_t clock = 0; clock < columns->count; clock++) {
		if (!is_time_field(columns, &columns->items[clock]))
			continue;
		struct span name = columns_clean(columns->items[clock].given);
		for (size_t day = 0; day < columns->count; day++)
			if (columns->items[day].target == TO_EXTRA &&
				is_day_of(columns_clean(columns->items[day].given), name))
				pair(columns, day, clock);
	}
}

/* Whether the row at hand states the day of a clock in the column beside it. */
static bool is_parted(const struct columns *columns, size_t day, size_t clock)
{
	if (day == SIZE_MAX || clock == SIZE_MAX)
		return false;
	struct span days = columns->items[day].text, clocks = columns->items[clock].text;
	return span_stated(days) && span_stated(clocks) &&
	       stamp_part_of(clocks) == STAMP_PART_CLOCK && stamp_part_of(days) == STAMP_PART_DAY;
}

bool columns_joined(const struct columns *columns, size_t index)
{
	return is_parted(columns, index, columns->items[index].clock);
}

struct span columns_time_words(struct columns *columns, size_t index)
{
	const struct column *column = &columns->items[index];
	if (!is_parted(columns, column->day, index))
		return column->text;
	buffer_clear(&columns->joined);
	buffer_add_span(&columns->joined, span_trim(columns->items[column->day].text));
	buffer_add_byte(&columns->joined, ' ');
	buffer_add_span(&columns->joined, span_trim(column->text));
	return buffer_failed(&columns->joined) ? span_string(NULL) : buffer_span(&columns->joined);
}

/* ---- which columns ---- */

static bool part_is_time(const struct part *part, size_t index)
{
	for (size_t i = 0; i < part->count; i++)
		if (part->cells[i].column == index &&
			kind_info(part->kind)->fields[part->cells[i].field].type == FIELD_TIME)
			return true;
	return false;
}

bool columns_is_time(const struct columns *columns, size_t index)
{
	if (is_time_field(columns, &columns->items[index]))
		return true;
	for (size_t i = 0; i < columns->part_count; i++)
		if (part_is_time(&columns->parts[i], index))
			return true;
	return false;
}

bool columns_needs_zone(const struct columns *columns, size_t index, struct span text)
{
	return columns_is_time(columns, index) &&
	       stamp_needs_zone(columns->loader, text, columns->items[index].form);
}

void columns_set_order(struct columns *columns, size_t index, bool day_first)
{
	columns->items[index].form = day_first ? STAMP_DMY : STAMP_MDY;
}

/* ---- reading ---- */

bool columns_stamp(struct columns *columns, const struct column *column, struct span words,
	struct moment *moment, bool *nothing, struct error *error)
{
	if (!stamp_read(columns->loader, words, column->form, column->name, moment, nothing, error))
		return false;
	/* That all of the column is in one order is our reading of those that leave it open. */
	if (column->form != STAMP_ANY && stamp_orders(words) == (STAMP_ORDER_MDY | STAMP_ORDER_DMY))
		moment->inferred = true;
	return true;
}

/* Our reading of a time's words, from its second column. */
static struct span reading_of(const struct columns *columns, int field)
{
	for (size_t i = 0; i < columns->count; i++)
		if (columns->items[i].target == TO_READING && columns->items[i].field == field)
			return span_trim(columns->items[i].text);
	return span_string(NULL);
}

bool columns_read_time(struct columns *columns, const struct column *column,
	struct draft_cell *cell, struct moment *moment, struct error *error)
{
	struct span reading = reading_of(columns, column->field);
	/* What is no reading of ours leaves the words to be read. */
	if (reading.length > 0 && !columns->own &&
		!moment_parse(reading, loader_zone(columns->loader), moment, NULL))
		reading = span_of("", 0);
	cell->text = columns_time_words(columns, (size_t)(column - columns->items));
	struct span words = reading.length > 0 ? reading : cell->text;
	bool nothing = false;
	if (!span_stated(cell->text) && buffer_failed(&columns->joined))
		return error_memory(error);
	if (reading.length > 0) {
		if (!moment_parse(words, loader_zone(columns->loader), moment, NULL))
			moment->precision = MOMENT_NONE;
		moment->inferred = true;
	} else if (!columns_stamp(columns, column, words, moment, &nothing, error)) {
		return false;
	}
	if (moment->precision != MOMENT_NONE) {
		cell->moment = moment;
		return true;
	}
	struct span shown = span_slice(words, 0, 60);
	return loader_remark(columns->loader, columns->line, (int64_t)columns->start,
		(int64_t)columns->end, error, "%.*s: `%.*s` is kept as words, it %s",
		(int)(column->name.length < 60 ? column->name.length : 60), column->name.data,
		(int)shown.length, shown.data, stamp_trouble(words, nothing));
}
