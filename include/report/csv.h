/*
 * report/csv.h: records as CSV (RFC 4180, lines ending in LF).
 *
 * The columns are id, basis, the fields of the kind, and an extra.NAME for each extra field that
 * some record of the list has: those are gathered before the heading is written. A cell that a
 * spreadsheet would run as a formula gets a `'` before it. Bytes are the stored ones. Where a
 * record has several cells of one extra name they stand in one, a line each.
 */
#ifndef REPORT_CSV_H
#define REPORT_CSV_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "casefile/record.h"

#include <stdbool.h>

/* Names of extra fields, sorted, each once; they may hold any byte. */
struct csv_extras {
	struct span *names;
	size_t count, capacity;
};

/* Takes in the names of a record's extra cells. False when out of memory. */
bool csv_extras_add(struct csv_extras *extras, const struct record *record) MUST_CHECK;
void csv_extras_free(struct csv_extras *extras);

void csv_heading(struct buffer *out, enum kind kind, const struct csv_extras *extras);
void csv_record(struct buffer *out, const struct record *record, const struct csv_extras *extras);

#endif
