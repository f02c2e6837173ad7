/*
 * report/records.h: records as JSON Lines, a table of text, and CSV (report/csv.h).
 *
 * A record's JSON object carries `kind id basis source{id name sha256 start end}` beside its
 * fields by the names of the kinds table, absent when not stated; extra ones as `extra.NAME`.
 */
#ifndef REPORT_RECORDS_H
#define REPORT_RECORDS_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "casefile/record.h"
#include "casefile/source.h"
#include "report/csv.h"
#include "report/json.h"

enum report_format { REPORT_TABLE, REPORT_CSV, REPORT_JSON };

/* Remembers the source that was asked for last, since neighbours mostly share it. */
struct report_sources {
	const struct case_file *file;
	struct source last;
};
void report_sources_free(struct report_sources *sources);
/* Reads the source with an id into sources->last. */
bool report_source(struct report_sources *sources, int64_t id, struct error *error) MUST_CHECK;

/* How many things a record stands for, as `24..`, `?` where that is not stated. False for 1, which
 * nearly every record stands for and which is not said. */
#define REPORT_STANDS_FOR_SIZE 64
bool report_stands_for(const struct record *record, char text[REPORT_STANDS_FOR_SIZE]);

/* A place in a source as an object: id name sha256 start end. name: NULL in an array. */
void report_place(struct json *json, const char *name, const struct source *source, uint64_t start,
	uint64_t end);

/* The members of a record's object, into an object that is open. */
bool report_record_members(struct json *json, struct report_sources *sources,
	const struct record *record, struct error *error) MUST_CHECK;

/* One record as one line of the format, appended to out. Table lines are made visible-safe. extras:
 * the columns of a CSV beside the kind's own. */
bool report_record(struct buffer *out, enum report_format format, struct report_sources *sources,
	const struct csv_extras *extras, const struct record *record,
	struct error *error) MUST_CHECK;

/* The heading line of a format for a kind; JSON has none. */
void report_heading(struct buffer *out, enum report_format format, enum kind kind,
	const struct csv_extras *extras);

#endif
