/* Tables of Markdown and AsciiDoc, row by row: the values that stand in one row belong together. */
#include "document_private.h"

#include "base/compiler.h"

#include <stdio.h>
#include <string.h>

/* ---- cells ---- */

/* A cell that is emphasised or code as a whole, without the signs. */
static struct span without_markup(struct span cell)
{
	cell = span_trim(cell);
	while (cell.length > 1 && memchr("`*", cell.data[0], 2) &&
		cell.data[cell.length - 1] == cell.data[0]) {
		struct span within = span_slice(cell, 1, cell.length - 1);
		if (cell.data[0] == '`' && memchr(within.data, '`', within.length))
			break;
		cell = span_trim(within);
	}
	return cell;
}

/* The next bar from `at` on that parts cells. */
static size_t next_bar(struct span line, size_t at)
{
	while (at < line.length &&
		!(line.data[at] == '|' && (at == 0 || line.data[at - 1] != '\\')))
		at++;
	return at;
}

/* Adds a line's cells to the row at hand. What is behind the last cell that there is room for
 * belongs to it. */
static void add_cells(struct document_table *table, struct span line)
{
	size_t at = line.length > 0 && line.data[0] == '|' ? 1 : 0;
	while (at < line.length && table->count < DOCUMENT_MAX_CELLS) {
		bool last = table->count + 1 == DOCUMENT_MAX_CELLS;
		size_t bar = last ? line.length : next_bar(line, at);
		table->cells[table->count++] = without_markup(span_slice(line, at, bar));
		at = bar + 1;
	}
}

/* `|---|:---:|` below the header of a Markdown table. */
static bool is_separator(struct span line)
{
	bool bar = false, dash = false;
	for (size_t i = 0; i < line.length; i++) {
		if (!memchr("|:- \t", line.data[i], 5))
			return false;
		bar = bar || line.data[i] == '|';
		dash = dash || line.data[i] == '-';
	}
	return bar && dash;
}

/* `|===` begins and ends a table of AsciiDoc. */
static bool is_fence(struct span line)
{
	size_t signs = 1;
	while (signs < line.length && line.data[signs] == '=')
		signs++;
	return line.length > 3 && line.data[0] == '|' && signs == line.length;
}

/* ---- rows ---- */

/* An intact value counts in a column that is called after such values. */
static bool counts(struct span column, const struct indicator_found *found)
{
	return !found->intact || indicator_column(column) > 0 ||
	       (strcmp(found->type, "ip") == 0 && document_speaks_of_addresses(column));
}

/* The next value in a cell that counts. */
static bool next_value(struct document *document, const struct document_table *table, size_t cell,
	size_t *at, struct indicator_found *found)
{
	struct span column = cell < table->header_count ? table->header[cell] : span_string(NULL);
	while (indicator_find(table->cells[cell], at, found)) {
		if (counts(column, found)) {
			size_t start = (size_t)(table->cells[cell].data - document->text.data);
			found->start += start;
			found->end += start;
			return true;
		}
		document->intact += strcmp(found->type, "url") == 0;
	}
	return false;
}

static bool is_whole(
	const struct document *document, struct span cell, const struct indicator_found *found)
{
	return cell.data == document->text.data + found->start &&
	       cell.length == found->end - found->start;
}

/* Room for `column N` whatever N is. */
#define COLUMN_NAME_SIZE 32

/* What else the row says, called as its columns are. */
static size_t other_cells(const struct document *document, const struct document_table *table,
	const struct indicator_found *own, struct draft_cell *more, char names[][COLUMN_NAME_SIZE])
{
	size_t count = 0;
	for (size_t i = 0; i < table->count; i++) {
		struct span cell = table->cells[i];
		if (cell.length == 0 || is_whole(document, cell, own))
			continue;
		struct span name = i < table->header_count ? table->header[i] : span_string("");
		if (name.length == 0) {
			snprintf(names[i], sizeof names[i], "column %zu", i + 1);
			name = span_string(names[i]);
		}
		more[count++] =
			(struct draft_cell){.field = CELL_EXTRA, .name = name, .text = cell};
	}
	return count;
}

static bool add_principal(struct document *document, const struct document_table *table,
	const struct indicator_found *found, struct record_id *id, struct error *error)
{
	struct draft_cell more[DOCUMENT_MAX_CELLS];
	char names[DOCUMENT_MAX_CELLS][COLUMN_NAME_SIZE];
	size_t count = other_cells(document, table, found, more, names);
	return document_cite(document, found, more, count, id, error);
}

static bool add_beside(struct document *document, struct record_id principal,
	const struct indicator_found *found, struct error *error)
{
	struct record_id id;
	if (!document_cite(document, found, NULL, 0, &id, error))
		return false;
	struct draft_link link = {.from = principal,
		.to = id,
		.type = span_string("same_row"),
		.basis = loader_basis(document->loader, BASIS_REPORTED),
		.start = found->start,
		.end = found->end};
	return id.kind == KIND_NONE || principal.kind == KIND_NONE ||
	       record_id_equal(id, principal) || loader_link(document->loader, &link, error);
}

/* The first value is the row's own; the others are linked from it. */
static bool cite_row(
	struct document *document, const struct document_table *table, struct error *error)
{
	struct record_id principal = {0};
	struct indicator_found found;
	bool first = true;
	for (size_t i = 0; i < table->count; i++) {
		size_t at = 0;
		while (next_value(document, table, i, &at, &found)) {
			bool ok = first ? add_principal(document, table, &found, &principal, error)
					: add_beside(document, principal, &found, error);
			if (!ok)
				return false;
			first = false;
		}
	}
	return true;
}

/* A row of a table may begin with its number. */
static size_t first_cell(const struct document_table *table)
{
	size_t cell = 0;
	for (; cell + 1 < table->count; cell++)
		for (size_t i = 0; i < table->cells[cell].length; i++)
			if (!memchr("0123456789.", table->cells[cell].data[i], 11))
				return cell;
	return cell;
}

/* Whether the first row of a table names its columns: it holds no value. */
static bool is_header(const struct document_table *table)
{
	struct indicator_found found;
	struct document_date date;
	for (size_t i = 0; i < table->count; i++) {
		size_t at = 0;
		while (indicator_find(table->cells[i], &at, &found))
			if (!found.intact || strcmp(found.type, "ip") == 0)
				return false;
	}
	return !document_date(table->cells[first_cell(table)], NULL, &date);
}

static void take_header(struct document_table *table)
{
	memcpy(table->header, table->cells, table->count * sizeof *table->cells);
	table->header_count = table->count;
}

static bool add_event(struct document *document, const struct document_table *table, size_t end,
	struct error *error)
{
	size_t cell = first_cell(table);
	struct span column = cell < table->header_count ? table->header[cell] : span_string(NULL);
	struct dated dated = {.start = table->start,
		.end = end,
		.content = (size_t)(table->cells[cell].data - document->text.data),
		.utc = document_has_word(column, "utc") || document_has_word(column, "gmt")};
	bool made;
	return document_event(document, &dated, &made, error);
}

static bool end_row(
	struct document *document, struct document_table *table, size_t end, struct error *error)
{
	bool first = table->columns == 0;
	if (table->count == 0)
		return true;
	if (first)
		table->columns = table->count;
	if (first && is_header(table))
		take_header(table);
	else if (!add_event(document, table, end, error) || !cite_row(document, table, error))
		return false;
	table->count = 0;
	return true;
}

/* ---- lines ---- */

static bool take_row(struct document *document, struct document_table *table,
	const struct line *line, struct span text, struct error *error)
{
	if (table->count == 0)
		table->start = (size_t)(text.data - document->text.data);
	add_cells(table, text);
	/* In AsciiDoc a row ends where it has all its cells, not where its line does. */
	if (table->asciidoc && table->count < table->columns)
		return true;
	return end_row(document, table, line->end, error);
}

bool document_table_line(struct document *document, struct document_table *table,
	const struct line *line, bool *taken, struct error *error)
{
	struct span text = span_trim(span_slice(document->text, line->start, line->end));
	bool fence = is_fence(text), bars = memchr(text.data, '|', text.length) != NULL;
	*taken = true;
	if (fence || (table->open && !table->asciidoc && !bars)) {
		bool begins = fence && !table->asciidoc;
		if (!end_row(document, table, line->start, error))
			return false;
		*table = (struct document_table){.open = begins, .asciidoc = begins};
		*taken = fence;
		return true;
	}
	if (!table->open && bars) {
		struct line below = document_line(document->text, line->next);
		struct span under = span_trim(span_slice(document->text, below.start, below.end));
		table->open = text.data[0] == '|' || is_separator(under);
	}
	*taken = table->open && bars && !is_separator(text);
	if (*taken)
		return take_row(document, table, line, text, error);
	*taken = is_separator(text) && table->open;
	return true;
}

bool document_table_end(
	struct document *document, struct document_table *table, struct error *error)
{
	return end_row(document, table, document->text.length, error);
}
