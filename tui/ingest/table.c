/* CSV, TSV and their kin as an import format: a header, and a record a row. */
#include "format_table.h"

#include "base/memory.h"
#include "indicator.h"
#include "mappings.h"
#include "table_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool name_ends(struct span name, const char *endings)
{
	while (*endings) {
		size_t length = strcspn(endings, " ");
		if (name.length > length &&
			span_equal_ignoring_case(
				span_slice(name, name.length - length, name.length),
				span_of(endings, length)))
			return true;
		endings += length + strspn(endings + length, " ");
	}
	return false;
}

/* Cells of a record as spans, in `cells`, which grows. */
static bool take_cells(struct csv_reader *reader, const struct csv_row *row, struct span **cells,
	size_t *capacity, struct error *error)
{
	struct span *grown = memory_grow(*cells, capacity, row->count + 1, sizeof *grown);
	if (!grown)
		return error_memory(error);
	*cells = grown;
	for (size_t i = 0; i < row->count; i++) {
		grown[i] = csv_cell(reader, i);
		if (!span_stated(grown[i]))
			return error_memory(error);
	}
	return true;
}

/* Whether the first record is a header that says what the rows are. */
static bool knows_header(const struct table_head *head)
{
	struct error none;
	struct csv_row row = {0};
	struct span *cells = NULL;
	size_t capacity = 0;
	struct csv_reader *reader = csv_open_text(head->text, head->whole, head->dialect, &none);
	bool known = reader && csv_next(reader, &row, &none) > 0 && row.count > 1 &&
		     take_cells(reader, &row, &cells, &capacity, &none) &&
		     columns_guess(cells, row.count, span_string("")) != KIND_NONE;
	free(cells);
	csv_close(reader);
	return known;
}

/* Whether the rows say what they are themselves: there is no header, and some column has times or
 * indicators. */
static bool knows_rows(const struct table_head *head, size_t width)
{
	struct error none;
	struct table_look look;
	return table_look(head, width, &look, &none) && look.headless &&
	       (look.shown != SIZE_MAX || look.clock != SIZE_MAX);
}

int table_sniff(struct span head, bool whole, struct span name)
{
	struct csv_shape shape;
	struct table_head table = {.text = head, .whole = whole};
	bool named = name_ends(name, ".csv .tsv .tab");
	if (head.length == 0 || memchr(head.data, '\0', head.length) || head.data[0] == '{' ||
		head.data[0] == '[' || head.data[0] == '<')
		return named ? 30 : 0;
	table.dialect = csv_sniff(head, whole, &shape);
	/* Prose has commas, too, but seldom as many in one paragraph as in the next. */
	bool even = shape.even > 1 && shape.even * 3 >= shape.records * 2;
	if (shape.columns > 1 && (named || knows_header(&table)))
		return 90;
	if (shape.columns > 1 && even)
		return knows_rows(&table, shape.columns) ? 80 : 60;
	return named ? 80 : 0;
}

/* ---- reading ---- */

/* The first record that is not empty: 1, 0 when there is none, -1. */
static int read_header(struct table *table, struct csv_row *row, struct error *error)
{
	int result;
	do {
		result = csv_next(table->reader, row, error);
	} while (result > 0 && row->count == 0 && row->trouble == CSV_FINE);
	if (result <= 0)
		return result;
	if (row->count == 0) {
		unsigned long long at = loader_original(table->loader, row->start);
		if (row->trouble == CSV_TOO_WIDE)
			error_set(error, ERROR_LIMIT,
				"the header, line %lld, from byte %llu on, has more than %d "
				"columns",
				(long long)row->line, at, CSV_MAX_COLUMNS);
		else
			error_set(error, ERROR_LIMIT,
				"the header, line %lld, from byte %llu on, is longer than %d bytes",
				(long long)row->line, at, INPUT_MAX_LINE);
		return -1;
	}
	table->width = row->count;
	return take_cells(table->reader, row, &table->cells, &table->cell_capacity, error) ? 1 : -1;
}

static void kinds_listed(struct buffer *out)
{
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		buffer_add_format(out, "%s, ", kind_info((enum kind)kind)->name);
	buffer_add_string(out, "link, decision");
}

/* The kind that what stands in the columns tells of; KIND_NONE when nothing does. */
static enum kind shown_kind(struct table *table)
{
	struct table_look *look = &table->look;
	if (look->shown != SIZE_MAX) {
		/* A list of domains has no header that is one. */
		if (indicator_type_of(table->cells[look->shown]))
			look->headless = true;
		loader_note(table->loader,
			"read as indicators, by what stands in column %zu; --kind and --map say "
			"otherwise",
			look->shown + 1);
		return KIND_INDICATOR;
	}
	if (!look->headless || look->clock == SIZE_MAX)
		return KIND_NONE;
	loader_note(table->loader,
		"read as events, by the times in column %zu; --kind and --map say otherwise",
		look->clock + 1);
	return KIND_EVENT;
}

static void refuse_kind(const char *asked, struct error *error)
{
	struct buffer list = {0};
	kinds_listed(&list);
	error_set(error, ERROR_USAGE, "%s%s: say --kind with one of %s%s",
		asked ? "no kind is called " : "what its rows are can't be told from the header",
		asked ? asked : "", list.data ? list.data : "the kinds",
		asked ? "" : "; --format text keeps it whole");
	buffer_free(&list);
}

/* The kind that was asked for, or that the header names, or that the rows show. */
static enum kind choose_kind(struct table *table, struct error *error)
{
	const char *asked = loader_options(table->loader)->kind;
	enum kind kind = KIND_NONE;
	if (asked) {
		kind = kind_find(span_string(asked));
	} else if (!table->look.headless) {
		kind = columns_guess(table->cells, table->width, input_name(table->input));
		if (kind != KIND_NONE)
			loader_note(table->loader,
				"read as %s, by its header; --kind says otherwise",
				kind_info(kind)->plural);
	}
	if (kind == KIND_NONE && !asked)
		kind = shown_kind(table);
	if (kind == KIND_NONE)
		refuse_kind(asked, error);
	return kind;
}

/* A line before the header is no row, but it is said. */
static void note_preamble(struct table *table)
{
	struct span line = span_trim(span_slice(table->head.text, 0, table->head.dialect.preamble));
	if (line.length > 0)
		loader_note(table->loader, "line 1 is about the table, and no row: %.*s",
			(int)(line.length < 200 ? line.length : 200), line.data);
}

static bool begin_columns(struct table *table, struct error *error)
{
	enum kind kind = choose_kind(table, error);
	if (kind == KIND_NONE)
		return false;
	table->columns = columns_new(table->loader, kind, error);
	if (!table->columns)
		return false;
	for (size_t i = 0; i < table->width; i++) {
		char number[32];
		snprintf(number, sizeof number, "column %zu", i + 1);
		if (!columns_add(table->columns,
			    table->look.headless ? span_string(number) : table->cells[i], error))
			return false;
	}
	if (table->look.headless)
		loader_note(table->loader,
			"the first row is no header: columns are called column 1 and so on");
	if (kind == KIND_INDICATOR && table->look.shown != SIZE_MAX)
		columns_give_value(table->columns, table->look.shown);
	columns_give_time(table->columns, table->look.day, table->look.clock);
	return columns_ready(table->columns, error);
}

/* A record's worth of what could not be read. */
static bool skip_row(struct table *table, const struct csv_row *row, struct error *error)
{
	unsigned long long at = loader_original(table->loader, row->start);
	if (row->trouble == CSV_TOO_WIDE)
		return loader_skip(table->loader, row->line, (int64_t)row->start, (int64_t)row->end,
			error, "more than %d cells, from byte %llu on", CSV_MAX_COLUMNS, at);
	return loader_skip(table->loader, row->line, (int64_t)row->start, (int64_t)row->end, error,
		"longer than %d bytes, from byte %llu on", INPUT_MAX_LINE, at);
}

static bool remark_row(struct table *table, const struct csv_row *row, struct error *error)
{
	int64_t start = (int64_t)row->start, end = (int64_t)row->end;
	if (row->trouble == CSV_OPEN_QUOTE &&
		!loader_remark(table->loader, row->trouble_line, (int64_t)row->trouble_at, end,
			error, "a quote that never closes: this row was read without quotes"))
		return false;
	if (row->trouble == CSV_AFTER_QUOTE &&
		!loader_remark(table->loader, row->trouble_line, (int64_t)row->trouble_at, end,
			error, "text behind a closing quote: is a quote missing or too many?"))
		return false;
	if (row->count < table->width)
		return loader_remark(table->loader, row->line, start, end, error,
			"%zu of %zu cells: the last ones are not stated", row->count, table->width);
	return true;
}

/* Cells beyond the header's width get columns of their own. */
static bool widen(struct table *table, const struct csv_row *row, struct error *error)
{
	size_t filled = row->count;
	while (filled > table->width && span_trim(table->cells[filled - 1]).length == 0)
		filled--;
	if (filled <= table->width)
		return true;
	while (columns_count(table->columns) < filled)
		if (!columns_add(table->columns, span_of("", 0), error))
			return false;
	return loader_remark(table->loader, row->line, (int64_t)row->start, (int64_t)row->end,
		error, "%zu cells under a header of %zu: kept as extra.column %zu%s", row->count,
		table->width, table->width + 1, filled > table->width + 1 ? " and so on" : "");
}

static bool read_row(struct table *table, const struct csv_row *row, struct error *error)
{
	loader_unit(table->loader, row->line);
	if (row->count == 0)
		return skip_row(table, row, error);
	if (!take_cells(table->reader, row, &table->cells, &table->cell_capacity, error) ||
		!remark_row(table, row, error))
		return false;
	if (table->special.special != SPECIAL_NONE) {
		for (int i = 0; i < SPECIAL_COLUMNS; i++)
			table->special.cells[i] = table->special.at[i] < row->count
							  ? table->cells[table->special.at[i]]
							  : span_string(NULL);
		return special_row(
			&table->special, table->loader, row->line, row->start, row->end, error);
	}
	if (!widen(table, row, error))
		return false;
	columns_begin(table->columns);
	for (size_t i = 0; i < row->count; i++)
		columns_cell(table->columns, i, table->cells[i]);
	return columns_end(table->columns, row->line, row->start, row->end, error);
}

static bool begin_table(struct table *table, struct error *error)
{
	struct csv_row row;
	note_preamble(table);
	int header = read_header(table, &row, error);
	if (header < 0)
		return false;
	if (header == 0)
		return error_set(error, ERROR_INPUT, "it holds no rows");
	enum special special =
		special_of(loader_options(table->loader)->kind, table->cells, table->width);
	if (special != SPECIAL_NONE)
		return special_begin(
			&table->special, special, table->cells, table->width, table->loader, error);
	/* A known header needs no look at its rows. */
	bool known = mapping_find(table->cells, table->width) != NULL;
	if ((!known && !table_look(&table->head, table->width, &table->look, error)) ||
		!begin_columns(table, error) || !table_find_order(table, error) ||
		!table_check_zone(table, error))
		return false;
	return !table->look.headless || read_row(table, &row, error);
}

bool table_read(struct input *input, struct loader *loader, struct error *error)
{
	struct table table = {.input = input,
		.loader = loader,
		.look = {.shown = SIZE_MAX, .day = SIZE_MAX, .clock = SIZE_MAX}};
	struct span head;
	if (!input_head(input, &head, &table.head.whole, error))
		return false;
	table.head.dialect = csv_sniff(head, table.head.whole, NULL);
	/* The window that head is of does not outlive the first record that is read. */
	char *copy = memory_copy(head.data, head.length);
	table.head.text = span_of(copy, head.length);
	table.reader = copy ? csv_open(input, table.head.dialect, error) : NULL;
	bool ok = copy ? table.reader != NULL : error_memory(error);
	ok = ok && begin_table(&table, error);
	struct csv_row row;
	int more = 0;
	while (ok && (more = csv_next(table.reader, &row, error)) > 0)
		if (row.count > 0 || row.trouble != CSV_FINE)
			ok = read_row(&table, &row, error);
	columns_free(table.columns);
	csv_close(table.reader);
	free(table.cells);
	free(copy);
	return ok && more == 0;
}
