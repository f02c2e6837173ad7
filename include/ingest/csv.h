/*
 * ingest/csv.h: records of delimited text, with the exact bytes of each.
 *
 * RFC 4180 as it is met in the wild: quoted cells with line ends and doubled quotes, LF, CRLF and
 * CR in one file, rows of any width, no line end at the end. Records and cells come out as
 * Python's csv module cuts them. A quote that never closes would swallow the rest of the file:
 * that one record is read again without quoting, up to its line end, and it is said where.
 *
 *	struct csv_reader *reader = csv_open(input, dialect, &error);
 *	while (csv_next(reader, &row, &error) > 0)
 *		for (size_t i = 0; i < row.count; i++) ... csv_cell(reader, i) ...
 *	csv_close(reader);
 */
#ifndef INGEST_CSV_H
#define INGEST_CSV_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CSV_MAX_COLUMNS 4096

struct input;

struct csv_dialect {
	char delimiter;
	char quote;      /* '\0': cells are never quoted */
	size_t preamble; /* bytes at the beginning that are a line about the table: no record */
};

enum csv_trouble {
	CSV_FINE,
	CSV_OPEN_QUOTE,  /* a quote never closes: the record was read without quoting */
	CSV_AFTER_QUOTE, /* text stands between a closing quote and the delimiter */
	CSV_TOO_LONG,    /* above INPUT_MAX_LINE: no cells */
	CSV_TOO_WIDE,    /* more than CSV_MAX_COLUMNS cells: no cells */
};

struct csv_row {
	size_t count;        /* cells; 0 for an empty line */
	uint64_t start, end; /* decoded bytes, without the line end */
	int64_t line;        /* the first one's, from 1 */
	enum csv_trouble trouble;
	uint64_t trouble_at; /* decoded byte */
	int64_t trouble_line;
};

struct csv_reader;

/* How a delimiter cuts the first 20 records: cells of the first (1 when nothing cuts), how many
 * records there are, and how many of them have as many cells. */
struct csv_shape {
	size_t columns;
	int records, even;
};

/* The delimiter (of , ; tab |) that cuts the first 20 records of a text most evenly, or that a
 * first line `sep=;` (Excel) states; that line, and `#TYPE ...` (PowerShell), are the preamble.
 * shape may be NULL. whole: head is all of it. */
struct csv_dialect csv_sniff(struct span head, bool whole, struct csv_shape *shape);

/* Reads from the input's reading place on, behind the dialect's preamble. Both must outlive the
 * reader. */
struct csv_reader *csv_open(
	struct input *input, struct csv_dialect dialect, struct error *error) MUST_CHECK;
/* The records that are whole within a text, which must outlive the reader. whole: nothing follows
 * it, so that its last record is one, too. */
struct csv_reader *csv_open_text(
	struct span text, bool whole, struct csv_dialect dialect, struct error *error) MUST_CHECK;
void csv_close(struct csv_reader *reader);

/* The next record, an empty line included: 1, 0 at the end, -1 on an error. */
int csv_next(struct csv_reader *reader, struct csv_row *row, struct error *error) MUST_CHECK;

/* A cell of the record at hand, unquoted; not stated when out of memory. Valid until the next
 * csv_next. index < row.count. */
struct span csv_cell(struct csv_reader *reader, size_t index);

#endif
