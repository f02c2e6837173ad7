/* CSV, TSV and their kin as an import format: a header, and a record a row. */
#include "format_table.h"

#include "base/memory.h"
#include "base/moment.h"
#include "base/text.h"
#include "indicator.h"
#include "ingest/columns.h"
#include "ingest/csv.h"
#include "mappings.h"
#include "special.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ZONE_VALUES 3

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
static bool knows_header(struct span head, bool whole, struct csv_dialect dialect)
{
	struct error none;
	struct csv_row row = {0};
	struct span *cells = NULL;
	size_t capacity = 0;
	struct csv_reader *reader = csv_open_text(head, whole, dialect, &none);
	bool known = reader && csv_next(reader, &row, &none) > 0 && row.count > 1 &&
		     take_cells(reader, &row, &cells, &capacity, &none) &&
		     columns_guess(cells, row.count, span_string("")) != KIND_NONE;
	free(cells);
	csv_close(reader);
	return known;
}

int table_sniff(struct span head, bool whole, struct span name)
{
	struct csv_shape shape;
	bool named = name_ends(name, ".csv .tsv .tab");
	if (head.length == 0 || memchr(head.data, '\0', head.length) || head.data[0] == '{' ||
		head.data[0] == '[' || head.data[0] == '<')
		return named ? 30 : 0;
	struct csv_dialect dialect = csv_sniff(head, whole, &shape);
	/* Prose has commas, too, but seldom as many in one paragraph as in the next. */
	bool even = shape.even > 1 && shape.even * 3 >= shape.records * 2;
	if (shape.columns > 1 && (named || knows_header(head, whole, dialect)))
		return 90;
	if (shape.columns > 1 && even)
		return 60;
	return named ? 80 : 0;
}

/* ---- reading ---- */

struct table {
	struct input *input;
	struct loader *loader;
	struct csv_reader *reader;
	struct csv_dialect dialect;
	struct span *cells;
	size_t cell_capacity;
	size_t width; /* cells of the header */
	struct columns *columns;
	struct special_table special;
	bool headless; /* the first record is a row */
	size_t shown;  /* column whose cells show that they are indicators; SIZE_MAX: none */
};

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
		error_set(error, ERROR_LIMIT,
			"the header, line %lld, is too long or has more than %d columns",
			(long long)row->line, CSV_MAX_COLUMNS);
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

/* ---- what the cells show when the header says nothing ---- */

#define LOOKED_AT 200

/* `9/27/2013`, `2:42:26 PM`: digits with two marks between them, and nothing but AM or PM beside.
 */
static bool is_numbers(struct span text)
{
	int digits = 0, marks = 0;
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] >= '0' && text.data[i] <= '9')
			digits++;
		else if (strchr("/:", text.data[i]) && text.data[i])
			marks++;
		else if (!strchr(" AMP", text.data[i]))
			return false;
	}
	return digits >= 4 && marks >= 2;
}

/* Hash, address, date or clock: no column is called like that. */
static bool is_plain_data(struct span text)
{
	struct moment moment;
	const char *type = indicator_type_of(text);
	text = span_trim(text);
	if ((type && strcmp(type, "domain") != 0) || is_numbers(text))
		return true;
	return text.length >= 10 && moment_parse(text, NULL, &moment, NULL) &&
	       moment.precision >= MOMENT_DAY && moment.precision <= MOMENT_FRACTION;
}

/* The first rows of the head, at most LOOKED_AT with the header. */
static bool each_row(struct table *table, struct span head, bool whole,
	void (*each)(struct table *table, struct csv_reader *reader, const struct csv_row *row,
		int number, void *context),
	void *context, struct error *error)
{
	struct csv_row row;
	struct csv_reader *reader = csv_open_text(head, whole, table->dialect, error);
	if (!reader)
		return false;
	for (int number = 0; number < LOOKED_AT && csv_next(reader, &row, error) > 0;)
		if (row.count > 0)
			each(table, reader, &row, number++, context);
	csv_close(reader);
	return true;
}

/* Per column: whether the first row is plain data, and the second. */
static void look_for_header(struct table *table, struct csv_reader *reader,
	const struct csv_row *row, int number, void *context)
{
	size_t *data = context;
	for (size_t i = 0; number < 2 && i < row->count && i < table->width; i++)
		data[i] += is_plain_data(csv_cell(reader, i));
}

struct shown {
	int64_t stated, looks;
};

static void look_for_indicators(struct table *table, struct csv_reader *reader,
	const struct csv_row *row, int number, void *context)
{
	struct shown *shown = context;
	for (size_t i = 0; i < row->count && i < table->width; i++) {
		struct span text = csv_cell(reader, i);
		if ((number == 0 && !table->headless) || span_trim(text).length == 0)
			continue;
		shown[i].stated++;
		shown[i].looks += indicator_type_of(text) != NULL;
	}
}

/* A table whose first record is a row: in some column it and the next are plain data. */
static bool find_headless(struct table *table, struct span head, bool whole, struct error *error)
{
	size_t *data = calloc(table->width + 1, sizeof *data);
	if (!data)
		return error_memory(error);
	bool ok = each_row(table, head, whole, look_for_header, data, error);
	for (size_t i = 0; i < table->width; i++)
		table->headless = table->headless || data[i] == 2;
	free(data);
	return ok;
}

/* The first column nearly all of whose cells look like indicators. */
static bool find_shown(struct table *table, struct span head, bool whole, struct error *error)
{
	struct shown *shown = calloc(table->width + 1, sizeof *shown);
	if (!shown)
		return error_memory(error);
	bool ok = each_row(table, head, whole, look_for_indicators, shown, error);
	for (size_t i = table->width; i-- > 0;)
		if (shown[i].looks > 0 && shown[i].looks * 10 >= shown[i].stated * 9)
			table->shown = i;
	free(shown);
	return ok;
}

static bool look_at_rows(struct table *table, struct span head, bool whole, struct error *error)
{
	bool known = mapping_find(table->cells, table->width) != NULL;
	return known ||
	       (find_headless(table, head, whole, error) && find_shown(table, head, whole, error));
}

/* The kind that was asked for, or that the header names. */
static enum kind choose_kind(struct table *table, struct error *error)
{
	const char *asked = loader_options(table->loader)->kind;
	struct span name = input_name(table->input);
	enum kind kind = KIND_NONE;
	if (asked)
		kind = kind_find(span_string(asked));
	else if (!table->headless)
		kind = columns_guess(table->cells, table->width, name);
	if (kind == KIND_NONE && !asked && table->shown != SIZE_MAX) {
		/* A list of domains has no header that is one. */
		if (indicator_type_of(table->cells[table->shown]))
			table->headless = true;
		loader_note(table->loader,
			"read as indicators, by what stands in column %zu; --kind and --map say "
			"otherwise",
			table->shown + 1);
		return KIND_INDICATOR;
	}
	if (kind != KIND_NONE) {
		if (!asked)
			loader_note(table->loader,
				"read as %s, by its header; --kind says otherwise",
				kind_info(kind)->plural);
		return kind;
	}
	struct buffer list = {0};
	kinds_listed(&list);
	error_set(error, ERROR_USAGE, "%s%s: say --kind with one of %s",
		asked ? "no kind is called " : "what its rows are can't be told from the header",
		asked ? asked : "", list.data ? list.data : "the kinds");
	buffer_free(&list);
	return KIND_NONE;
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
			    table->headless ? span_string(number) : table->cells[i], error))
			return false;
	}
	if (table->headless)
		loader_note(table->loader,
			"the first row is no header: columns are called column 1 and so on");
	if (kind == KIND_INDICATOR && table->shown != SIZE_MAX)
		columns_give_value(table->columns, table->shown);
	return columns_ready(table->columns, error);
}

/* The first values of a column that want a zone, into out; how many. */
static int zone_values(struct table *table, struct span head, bool whole, size_t column,
	struct buffer *out, struct error *error)
{
	int found = 0;
	struct csv_row row;
	struct csv_reader *reader = csv_open_text(head, whole, table->dialect, error);
	if (!reader)
		return -1;
	bool header = !table->headless;
	while (found < ZONE_VALUES && csv_next(reader, &row, error) > 0) {
		if (row.count > column && !header) {
			struct span text = csv_cell(reader, column);
			if (columns_needs_zone(table->columns, column, text)) {
				buffer_add_string(out, found++ ? ", " : "");
				buffer_add_span(out, span_slice(text, 0, 40));
			}
		}
		header = header && row.count == 0;
	}
	csv_close(reader);
	return found;
}

/* Stops before the first row when a column states times without a zone and none was asked for. */
static bool check_zone(struct table *table, struct span head, bool whole, struct error *error)
{
	const struct import_options *options = loader_options(table->loader);
	if (options->zone || options->dry_run)
		return true;
	for (size_t column = 0; column < table->width; column++) {
		struct buffer values = {0};
		int found = zone_values(table, head, whole, column, &values, error);
		struct span name = columns_name(table->columns, column);
		if (found > 0)
			error_set(error, ERROR_USAGE,
				"the column %.*s holds date-times without a zone: %s; say --zone "
				"NAME (UTC, Asia/Tokyo, +09:00 ...), or --zone floating to keep "
				"them as they are",
				(int)name.length, name.data, values.data ? values.data : "");
		buffer_free(&values);
		if (found != 0)
			return false;
	}
	return true;
}

/* A record's worth of what could not be read. */
static bool skip_row(struct table *table, const struct csv_row *row, struct error *error)
{
	if (row->trouble == CSV_TOO_WIDE)
		return loader_skip(table->loader, row->line, (int64_t)row->start, (int64_t)row->end,
			error, "more than %d cells", CSV_MAX_COLUMNS);
	return loader_skip(table->loader, row->line, (int64_t)row->start, (int64_t)row->end, error,
		"longer than %d bytes", INPUT_MAX_LINE);
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
	return columns_end(table->columns, row->line, row->start, row->end, NULL, error);
}

static bool begin_table(struct table *table, struct span head, bool whole, struct error *error)
{
	struct csv_row row;
	int header = read_header(table, &row, error);
	if (header < 0)
		return false;
	if (header == 0)
		return error_set(
			error, ERROR_INPUT, "%s holds no rows", input_name(table->input).data);
	enum special special =
		special_of(loader_options(table->loader)->kind, table->cells, table->width);
	if (special != SPECIAL_NONE)
		return special_begin(
			&table->special, special, table->cells, table->width, table->loader, error);
	if (!look_at_rows(table, head, whole, error) || !begin_columns(table, error) ||
		!check_zone(table, head, whole, error))
		return false;
	return !table->headless || read_row(table, &row, error);
}

bool table_read(struct input *input, struct loader *loader, struct error *error)
{
	struct table table = {.input = input, .loader = loader, .shown = SIZE_MAX};
	struct span head;
	bool whole;
	if (!input_head(input, &head, &whole, error))
		return false;
	table.dialect = csv_sniff(head, whole, NULL);
	/* The window that head is of does not outlive the first record that is read. */
	char *copy = memory_copy(head.data, head.length);
	table.reader = copy ? csv_open(input, table.dialect, error) : NULL;
	bool ok = copy ? table.reader != NULL : error_memory(error);
	ok = ok && begin_table(&table, span_of(copy, head.length), whole, error);
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
