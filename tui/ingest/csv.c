#include "ingest/csv.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "ingest/input.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define SNIFF_RECORDS 20
#define FIRST_WINDOW (64 * 1024)

struct cell {
	size_t start, end; /* in the record; of a quoted one with its quotes */
	bool quoted;
	struct span text; /* once it was asked for and had to be unquoted */
};

/* One record, cut from the beginning of a text. */
struct cut {
	struct cell *cells;
	size_t count, capacity;
	size_t length;   /* without the line end */
	size_t consumed; /* with it */
	int64_t lines;   /* line ends consumed */
	bool in_quote;   /* the text ended between quotes */
	size_t quote;    /* the last one that opened, and lines before it */
	int64_t quote_line;
	bool after_quote; /* text behind a closing quote, the first time */
	size_t after_quote_at;
	bool wide; /* more than CSV_MAX_COLUMNS: the cells beyond were not kept */
};

enum cut_result { CUT_DONE, CUT_MORE, CUT_FAILED };

static bool add_cell(struct cut *cut, size_t start, size_t end, bool quoted)
{
	if (cut->count == CSV_MAX_COLUMNS) {
		cut->wide = true;
		return true;
	}
	struct cell *cells = memory_grow(cut->cells, &cut->capacity, cut->count + 1, sizeof *cells);
	if (!cells)
		return false;
	cut->cells = cells;
	cells[cut->count++] = (struct cell){.start = start, .end = end, .quoted = quoted};
	return true;
}

/* From an opening quote to behind the closing one; cut->in_quote when there is none. */
static size_t skip_quoted(struct span text, size_t at, char quote, struct cut *cut)
{
	cut->quote = at;
	cut->quote_line = cut->lines;
	for (at++; at < text.length; at++) {
		char byte = text.data[at];
		if (byte == quote) {
			if (at + 1 == text.length || text.data[at + 1] != quote)
				return at + 1;
			at++;
		} else if (byte == '\n' ||
			   (byte == '\r' && (at + 1 == text.length || text.data[at + 1] != '\n'))) {
			cut->lines++;
		}
	}
	cut->in_quote = true;
	return text.length;
}

static size_t skip_plain(struct span text, size_t at, char delimiter)
{
	while (at < text.length && text.data[at] != delimiter && text.data[at] != '\n' &&
		text.data[at] != '\r')
		at++;
	return at;
}

/* Behind the line end at `at`. */
static size_t skip_line_end(struct span text, size_t at)
{
	bool both = text.data[at] == '\r' && at + 1 < text.length && text.data[at + 1] == '\n';
	return at + (both ? 2 : 1);
}

/* One cell from `start` on; its end. */
static size_t cut_cell(
	struct span text, size_t start, struct csv_dialect dialect, struct cut *cut, bool *quoted)
{
	*quoted = dialect.quote && start < text.length && text.data[start] == dialect.quote;
	if (!*quoted)
		return skip_plain(text, start, dialect.delimiter);
	size_t closed = skip_quoted(text, start, dialect.quote, cut);
	size_t end = skip_plain(text, closed, dialect.delimiter);
	if (end > closed && !cut->after_quote) {
		cut->after_quote = true;
		cut->after_quote_at = closed;
	}
	return end;
}

/* Cuts one record from the beginning of text, which is not empty. last: nothing follows text.
 * CUT_MORE when the record's end can't be told from what is at hand; what is last always has one,
 * but for an open quote (cut->in_quote). */
static enum cut_result cut_record(
	struct span text, bool last, struct csv_dialect dialect, struct cut *cut)
{
	cut->count = 0;
	cut->lines = 0;
	cut->in_quote = cut->after_quote = cut->wide = false;
	for (size_t start = 0;; start++) {
		bool quoted;
		size_t end = cut_cell(text, start, dialect, cut, &quoted);
		/* A quote or CR that is the last byte at hand may have its second behind it. */
		bool open =
			end == text.length || (text.data[end] == '\r' && end + 1 == text.length);
		if (cut->in_quote || (open && !last))
			return CUT_MORE;
		bool delimited = end < text.length && text.data[end] == dialect.delimiter;
		bool empty_line = end == 0 && !delimited;
		if (!empty_line && !add_cell(cut, start, end, quoted))
			return CUT_FAILED;
		if (delimited) {
			start = end;
			continue;
		}
		cut->length = end;
		cut->consumed = end < text.length ? skip_line_end(text, end) : end;
		cut->lines += end < text.length;
		return CUT_DONE;
	}
}

/* ---- the dialect ---- */

#define DELIMITERS ",;\t|"

/* How the first records are cut: how many have as many cells as the first one. */
static struct csv_shape shape_of(
	struct span head, bool whole, struct csv_dialect dialect, struct cut *cut)
{
	struct csv_shape shape = {0};
	while (head.length > 0 && shape.records < SNIFF_RECORDS) {
		enum cut_result result = cut_record(head, whole, dialect, cut);
		if (result == CUT_MORE && cut->in_quote && whole) {
			struct csv_dialect plain = {.delimiter = dialect.delimiter};
			result = cut_record(head, whole, plain, cut);
		}
		if (result != CUT_DONE)
			break;
		head = span_slice(head, cut->consumed, head.length);
		if (cut->count == 0)
			continue;
		shape.records++;
		if (shape.columns == 0)
			shape.columns = cut->count;
		shape.even += cut->count == shape.columns;
	}
	return shape;
}

/* How long a first line that is about the table is, with its end; the delimiter it states into
 * *delimiter. 0: there is none. */
static size_t preamble_of(struct span head, char *delimiter)
{
	struct span line = span_slice(head, 0, skip_plain(head, 0, '\n'));
	if (line.length == head.length)
		return 0;
	bool quoted = line.length > 1 && line.data[0] == '"' && line.data[line.length - 1] == '"';
	struct span words = quoted ? span_slice(line, 1, line.length - 1) : line;
	bool states = words.length == 5 &&
		      memchr(DELIMITERS, words.data[4], sizeof DELIMITERS - 1) &&
		      span_equal_ignoring_case(span_slice(words, 0, 4), span_string("sep="));
	if (states)
		*delimiter = words.data[4];
	else if (!span_equal(span_slice(line, 0, 6), span_string("#TYPE ")))
		return 0;
	return skip_line_end(head, line.length);
}

struct csv_dialect csv_sniff(struct span head, bool whole, struct csv_shape *shape)
{
	char stated = '\0';
	size_t preamble = preamble_of(head, &stated);
	struct csv_dialect best = {
		.delimiter = stated ? stated : ',', .quote = '"', .preamble = preamble};
	struct csv_shape best_shape = {.columns = 1};
	struct cut cut = {0};
	head = span_slice(head, preamble, head.length);
	for (size_t i = 0; i < sizeof DELIMITERS - 1; i++) {
		struct csv_dialect dialect = best;
		dialect.delimiter = DELIMITERS[i];
		if (stated && stated != dialect.delimiter)
			continue;
		struct csv_shape is = shape_of(head, whole, dialect, &cut);
		bool evener = is.even > best_shape.even ||
			      (is.even == best_shape.even && is.columns > best_shape.columns);
		if (is.columns > 1 && (best_shape.columns == 1 || evener)) {
			best = dialect;
			best_shape = is;
		}
	}
	free(cut.cells);
	if (shape)
		*shape = best_shape;
	return best;
}

/* ---- records of an input ---- */

struct csv_reader {
	struct input *input; /* NULL: text alone */
	struct span text;
	size_t text_at;
	bool whole; /* nothing follows text */
	struct csv_dialect dialect;
	struct cut cut;
	struct span window; /* begins at the record at hand */
	size_t consumed;    /* of it, by the record at hand */
	int64_t line;
	struct buffer unquoted; /* room for all cells of the record, so that it never moves */
};

static bool window(struct csv_reader *reader, size_t wanted, struct error *error)
{
	if (reader->input)
		return input_window(reader->input, wanted, &reader->window, error);
	reader->window = span_slice(reader->text, reader->text_at, reader->text.length);
	return true;
}

static void advance(struct csv_reader *reader, size_t count)
{
	if (reader->input)
		input_advance(reader->input, count);
	reader->text_at += count;
}

static uint64_t place(const struct csv_reader *reader)
{
	return reader->input ? input_at(reader->input) : reader->text_at;
}

struct csv_reader *csv_open(struct input *input, struct csv_dialect dialect, struct error *error)
{
	struct csv_reader *reader = calloc(1, sizeof *reader);
	if (!reader) {
		error_memory(error);
		return NULL;
	}
	reader->input = input;
	reader->dialect = dialect;
	reader->line = 1;
	return reader;
}

struct csv_reader *csv_open_text(
	struct span text, bool whole, struct csv_dialect dialect, struct error *error)
{
	struct csv_reader *reader = csv_open(NULL, dialect, error);
	if (reader) {
		reader->text = text;
		reader->whole = whole;
	}
	return reader;
}

void csv_close(struct csv_reader *reader)
{
	if (!reader)
		return;
	buffer_free(&reader->unquoted);
	free(reader->cut.cells);
	free(reader);
}

/* Cuts the record at the reading place with as much text at hand as it needs. CUT_MORE when the
 * bound on a line or, between quotes, the end of the text came first. */
static enum cut_result cut_at_hand(
	struct csv_reader *reader, struct csv_dialect dialect, struct error *error)
{
	for (size_t wanted = FIRST_WINDOW;;) {
		if (!window(reader, wanted, error))
			return CUT_FAILED;
		bool last = reader->input ? reader->window.length < wanted : reader->whole;
		/* What lies beyond the bound is not looked at, even when it is at hand. */
		reader->window = span_slice(reader->window, 0, INPUT_MAX_LINE);
		if (reader->window.length == 0)
			return CUT_MORE;
		enum cut_result result = cut_record(reader->window, last, dialect, &reader->cut);
		if (result == CUT_FAILED)
			error_memory(error);
		if (result != CUT_MORE || last || !reader->input || wanted == INPUT_MAX_LINE)
			return result;
		wanted = reader->window.length * 2;
		if (wanted > INPUT_MAX_LINE)
			wanted = INPUT_MAX_LINE;
	}
}

/* Passes over a line that is too long. */
static bool skip_line(struct csv_reader *reader, struct csv_row *row, struct error *error)
{
	size_t end = 0;
	row->trouble = CSV_TOO_LONG;
	row->trouble_at = row->start;
	row->trouble_line = row->line;
	do {
		advance(reader, end);
		if (!window(reader, FIRST_WINDOW, error))
			return false;
		reader->window = span_slice(reader->window, 0, FIRST_WINDOW);
		end = skip_plain(reader->window, 0, '\n');
	} while (end == reader->window.length && end > 0);
	row->end = place(reader) + end;
	if (!window(reader, end + 2, error))
		return false;
	bool ended = end < reader->window.length;
	reader->consumed = ended ? skip_line_end(reader->window, end) : end;
	reader->line += ended;
	return true;
}

/* What there is to say of a record that was cut. */
static void describe(struct csv_reader *reader, struct csv_row *row)
{
	const struct cut *cut = &reader->cut;
	reader->consumed = cut->consumed;
	reader->line += cut->lines;
	row->end = row->start + cut->length;
	row->count = cut->wide ? 0 : cut->count;
	if (cut->wide) {
		row->trouble = CSV_TOO_WIDE;
		row->trouble_at = row->start;
		row->trouble_line = row->line;
	} else if (cut->after_quote && row->trouble == CSV_FINE) {
		row->trouble = CSV_AFTER_QUOTE;
		row->trouble_at = row->start + cut->after_quote_at;
		row->trouble_line = row->line + cut->quote_line;
	}
}

static bool skip_preamble(struct csv_reader *reader, struct error *error)
{
	if (!window(reader, reader->dialect.preamble, error))
		return false;
	reader->consumed = reader->dialect.preamble;
	reader->dialect.preamble = 0;
	reader->line++;
	return true;
}

int csv_next(struct csv_reader *reader, struct csv_row *row, struct error *error)
{
	if (reader->dialect.preamble > 0 && !skip_preamble(reader, error))
		return -1;
	advance(reader, reader->consumed);
	reader->consumed = 0;
	buffer_clear(&reader->unquoted);
	*row = (struct csv_row){.start = place(reader), .line = reader->line};
	enum cut_result result = cut_at_hand(reader, reader->dialect, error);
	bool cut_off = !reader->input && !reader->whole;
	if (result == CUT_MORE && (reader->window.length == 0 || cut_off))
		return 0;
	if (result == CUT_MORE && reader->cut.in_quote) {
		struct csv_dialect plain = {.delimiter = reader->dialect.delimiter};
		row->trouble = CSV_OPEN_QUOTE;
		row->trouble_at = row->start + reader->cut.quote;
		row->trouble_line = row->line + reader->cut.quote_line;
		result = cut_at_hand(reader, plain, error);
	}
	if (result == CUT_FAILED)
		return -1;
	if (result == CUT_MORE)
		return skip_line(reader, row, error) ? 1 : -1;
	describe(reader, row);
	return 1;
}

/* Without the quotes around it, doubled ones once, what follows the closing one as it is. */
static void unquote(struct span raw, char quote, struct buffer *out)
{
	size_t at = 1;
	for (; at < raw.length; at++) {
		if (raw.data[at] == quote) {
			at++;
			if (at >= raw.length || raw.data[at] != quote)
				break;
		}
		buffer_add_byte(out, raw.data[at]);
	}
	if (at < raw.length)
		buffer_add_span(out, span_slice(raw, at, raw.length));
}

struct span csv_cell(struct csv_reader *reader, size_t index)
{
	struct cell *cell = &reader->cut.cells[index];
	struct span raw = span_slice(reader->window, cell->start, cell->end);
	if (!cell->quoted)
		return raw;
	if (span_stated(cell->text))
		return cell->text;
	const char *second = memchr(raw.data + 1, reader->dialect.quote, raw.length - 1);
	if (second == raw.data + raw.length - 1)
		return span_slice(raw, 1, raw.length - 1);
	if (reader->unquoted.length == 0 &&
		!buffer_reserve(&reader->unquoted, reader->cut.length + 1))
		return span_string(NULL);
	size_t start = reader->unquoted.length;
	unquote(raw, reader->dialect.quote, &reader->unquoted);
	cell->text = span_of(reader->unquoted.data + start, reader->unquoted.length - start);
	return cell->text;
}
