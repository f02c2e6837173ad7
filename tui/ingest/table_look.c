/* What the cells of a table show when its header says nothing, or when it has none. */
#include "table_private.h"

#include "indicator.h"
#include "name_table.h"
#include "stamps.h"

#include <stdlib.h>
#include <string.h>

/* Rows, with the header. */
#define LOOKED_AT 200

/* Of a column. */
struct tally {
	int stated, data; /* data: of the first two rows, those that are no header's */
	int indicators, days, clocks, times;
};

/* Hash, address, date or clock: no column is called like that. */
static bool is_plain_data(struct span text)
{
	const char *type = indicator_type_of(text);
	return (type && strcmp(type, "domain") != 0) || stamp_part_of(text) != STAMP_PART_NONE;
}

/* Counts what stands in the columns from the row `first` on. */
static bool count(const struct table_head *head, size_t width, int first, struct tally *tallies,
	struct error *error)
{
	struct csv_row row;
	struct csv_reader *reader = csv_open_text(head->text, head->whole, head->dialect, error);
	if (!reader)
		return false;
	for (int number = 0; number < LOOKED_AT && csv_next(reader, &row, error) > 0;) {
		for (size_t i = 0; i < row.count && i < width; i++) {
			struct tally *tally = &tallies[i];
			struct span text = csv_cell(reader, i);
			tally->data += number < 2 && is_plain_data(text);
			if (number < first || span_trim(text).length == 0)
				continue;
			enum stamp_part part = stamp_part_of(text);
			tally->stated++;
			tally->indicators += indicator_type_of(text) != NULL;
			tally->days += part == STAMP_PART_DAY;
			tally->clocks += part == STAMP_PART_CLOCK;
			tally->times += part == STAMP_PART_BOTH;
		}
		number += row.count > 0;
	}
	csv_close(reader);
	return true;
}

/* Whether most cells of a column say what others say, from the row `first` on: a list names each
 * indicator once, a log its machines again and again. False in doubt. */
static bool repeats(const struct table_head *head, size_t column, int first)
{
	struct csv_row row;
	struct error none;
	struct name_table values = {0};
	size_t stated = 0;
	struct csv_reader *reader = csv_open_text(head->text, head->whole, head->dialect, &none);
	for (int number = 0; reader && number < LOOKED_AT && csv_next(reader, &row, &none) > 0;
		number += row.count > 0) {
		if (number < first || column >= row.count ||
			span_trim(csv_cell(reader, column)).length == 0)
			continue;
		stated += name_table_add(&values, csv_cell(reader, column), NULL) != SIZE_MAX;
	}
	bool repeated = values.count * 2 <= stated && stated > 1;
	csv_close(reader);
	name_table_free(&values);
	return repeated;
}

static bool nearly_all(int part, const struct tally *tally)
{
	return part > 0 && part * 10 >= tally->stated * 9;
}

/* The first column with times; else, where no header pairs them, the first with clocks, and the
 * first with days. */
static void find_times(const struct tally *tallies, size_t width, struct table_look *look)
{
	for (size_t i = width; i-- > 0;)
		if (nearly_all(tallies[i].times, &tallies[i]))
			look->clock = i;
	if (look->clock != SIZE_MAX || !look->headless)
		return;
	for (size_t i = width; i-- > 0;) {
		if (nearly_all(tallies[i].clocks, &tallies[i]))
			look->clock = i;
		if (nearly_all(tallies[i].days, &tallies[i]))
			look->day = i;
	}
	if (look->day == SIZE_MAX)
		look->clock = SIZE_MAX;
}

bool table_look(
	const struct table_head *head, size_t width, struct table_look *look, struct error *error)
{
	struct tally *tallies = calloc(width + 1, sizeof *tallies);
	*look = (struct table_look){.shown = SIZE_MAX, .day = SIZE_MAX, .clock = SIZE_MAX};
	bool ok = tallies ? count(head, width, 1, tallies, error) : error_memory(error);
	for (size_t i = 0; ok && i < width; i++)
		look->headless = look->headless || tallies[i].data == 2;
	for (size_t i = ok ? width : 0; i-- > 0;)
		if (nearly_all(tallies[i].indicators, &tallies[i]) &&
			!repeats(head, i, look->headless ? 0 : 1))
			look->shown = i;
	if (ok)
		find_times(tallies, width, look);
	free(tallies);
	return ok;
}
