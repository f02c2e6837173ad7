/*
 * ingest/columns.h: what the columns of a table mean for a kind, and its rows made into records.
 *
 * A column (or the key of a flat object) goes to the field with its name (case, and space against
 * `_` and `-`, make no difference), to where --map sends it, or to where a known header or a
 * synonym does (mappings.h); what has no place goes to extra. Reserved for every kind, in these
 * letters: `key` (the source's own id), `basis`, `by`, `stands_for` (41, 24.., 24..30, ? for not
 * stated), and `F.reading` for a time field F: EDTF, our reading of the words in F. An empty cell
 * is not stated. A known header may make records of other kinds beside a row's own, linked from it;
 * a table of indicators without a column for their value takes columns of hashes and addresses.
 *
 *	struct columns *columns = columns_new(loader, KIND_HOST, &error);
 *	columns_add(columns, name, &error) ...		for each column
 *	columns_ready(columns, &error)
 *	columns_begin(columns); columns_cell(columns, 0, text); ...
 *	columns_end(columns, line, start, end, &error)	for each row
 */
#ifndef INGEST_COLUMNS_H
#define INGEST_COLUMNS_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/kinds.h"
#include "casefile/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct columns;
struct loader;

struct columns *columns_new(struct loader *loader, enum kind kind, struct error *error) MUST_CHECK;
void columns_free(struct columns *columns);

/* The next column; its name is copied. One without a name is called `column N`, and a second one
 * of a name has its number behind it. */
bool columns_add(struct columns *columns, struct span name, struct error *error) MUST_CHECK;
size_t columns_count(const struct columns *columns);
/* As an extra field it is called; valid until columns_free. */
struct span columns_name(const struct columns *columns, size_t index);
/* When the columns are known: fills fields still free by synonyms. ERROR_USAGE when a --map names
 * a column that is not there, or nothing gives the kind its name. */
bool columns_ready(struct columns *columns, struct error *error) MUST_CHECK;

/* Takes a column for the name of what its rows are, unless columns_ready finds a better one: for
 * what its cells show. Before columns_ready. */
void columns_give_value(struct columns *columns, size_t index);

/* The same for the time of what its rows are: a column of clocks and one of their days; day
 * SIZE_MAX: clock's cells hold both. Names do it without being told: `Date` beside `Time`. */
void columns_give_time(struct columns *columns, size_t day, size_t clock);

/* Whether a cell of this column is a time that its source states without a zone while none was
 * asked for. */
bool columns_needs_zone(const struct columns *columns, size_t index, struct span text);

/* Whether its cells are times. */
bool columns_is_time(const struct columns *columns, size_t index);
/* What is read as this column's time in the row at hand: its cell, with the day from another one
 * before it. Valid until the next call; not stated when out of memory, or when the cell is not. */
struct span columns_time_words(struct columns *columns, size_t index);

/* The order of day and month in all of a column, of which some of its cells are the proof. What the
 * others mean is our reading (moment.inferred). */
void columns_set_order(struct columns *columns, size_t index, bool day_first);

/* One row. Cells must stay valid until its end; an index above the count is ignored. */
void columns_begin(struct columns *columns);
void columns_cell(struct columns *columns, size_t index, struct span text);
/* What the row at hand has in a column so far; not stated when it has nothing there. */
struct span columns_text(const struct columns *columns, size_t index);
/* start, end: decoded bytes. The unit is begun by the caller. */
bool columns_end(struct columns *columns, int64_t line, uint64_t start, uint64_t end,
	struct error *error) MUST_CHECK;

/* The kind whose fields a header names best; KIND_NONE when none does or two do alike. file_name
 * decides between two. */
enum kind columns_guess(const struct span *names, size_t count, struct span file_name);

/* Names that differ only in case and in space, `_` and `-`. */
bool columns_same_name(struct span a, struct span b);

#endif
