/*
 * casefile/record.h: reading records.
 *
 * A record is its *cells*: the fields that are stated, in the order of the kinds table, then the
 * extra ones by name. That is what is listed, searched and exported; a field that is not stated
 * is no cell. What the journal decided is laid over what was imported. References come with their
 * text.
 *
 *	struct record_reader *reader = record_reader_open(file, &error);
 *	struct record record = {0};
 *	if (record_read(reader, KIND_HOST, 7, &record, &error) == RECORD_FOUND) ...
 *	record_free(&record);
 *
 * A reader belongs to the thread of its connection. A record owns its text and may outlive both.
 */
#ifndef CASEFILE_RECORD_H
#define CASEFILE_RECORD_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/moment.h"
#include "base/span.h"
#include "casefile/case.h"
#include "casefile/kinds.h"

#include <stdbool.h>
#include <stdint.h>

struct record_id {
	enum kind kind;
	int64_t id;
};

static inline bool record_id_equal(struct record_id a, struct record_id b)
{
	return a.kind == b.kind && a.id == b.id;
}

/* cell.field of a cell that has no field in the kinds table. */
#define CELL_EXTRA (-1)

struct cell {
	int field;            /* index in kind_info()->fields, or CELL_EXTRA */
	struct span name;     /* field's name; of an extra one without the `extra.` before it */
	struct span text;     /* as stated; a reference's is the name of what it refers to */
	int64_t reference;    /* FIELD_REFERENCE: the id; else 0 */
	struct moment moment; /* FIELD_TIME; precision MOMENT_NONE when the words were not read */
	size_t cut;           /* bytes of the text that record_reader_limit left out */
	bool decided;         /* the journal's word, not the import's */
};

struct record {
	struct record_id id;
	enum basis basis;
	struct span by;     /* who inferred it */
	bool stands_stated; /* how many things it stands for is stated */
	int64_t stands_min;
	int64_t stands_max; /* INT64_MAX: no upper bound */
	int64_t source;
	uint64_t start; /* bytes of the source */
	uint64_t end;
	struct cell *cells;
	int cell_count;
	/* private */
	size_t cell_capacity;
	struct buffer text;
};

enum record_result { RECORD_FOUND, RECORD_NONE, RECORD_FAILED };

struct record_reader;

/* The file must outlive the reader; NULL may be closed. */
struct record_reader *record_reader_open(
	const struct case_file *file, struct error *error) MUST_CHECK;
void record_reader_close(struct record_reader *reader);

/* From here on no cell has more than about `bytes` of text (cut between characters; 0: all of it),
 * so that a page of records stays a page whatever they hold. For what is shown, never for search.
 */
void record_reader_limit(struct record_reader *reader, size_t bytes);

/* One record by id, into a zeroed or used record. RECORD_NONE for an id that is not there or
 * whose every source is withdrawn or still loading. */
enum record_result record_read(struct record_reader *reader, enum kind kind, int64_t id,
	struct record *record, struct error *error) MUST_CHECK;

/* The next visible record with an id above `after`, in the order of ids: every record of a kind is
 * scanned with after = 0, then the id that came last. */
enum record_result record_next(struct record_reader *reader, enum kind kind, int64_t after,
	struct record *record, struct error *error) MUST_CHECK;

void record_free(struct record *record);

/* Records that are read together: some statements serve for all of them. */
#define RECORD_PAGE 64

struct record_page {
	struct record *records; /* ascending by id */
	int count;
	/* private: there is room for RECORD_PAGE of them */
};

/* What as many calls of record_next would give, of one moment, into a zeroed or used page: up to
 * RECORD_PAGE records, fewer when they are long. None: there are no more. False on an error. */
bool record_page_read(struct record_reader *reader, enum kind kind, int64_t after,
	struct record_page *page, struct error *error) MUST_CHECK;
void record_page_free(struct record_page *page);

/* A place where a source that can be seen tells of a record. */
struct record_mention {
	int64_t source;
	uint64_t start, end;
};
/* The first `most` of them but for the record's own place, by source and byte; their number, -1 on
 * an error. *more: there are others. */
int record_mentions(const struct case_file *file, const struct record *record,
	struct record_mention *mentions, int most, bool *more, struct error *error) MUST_CHECK;

/* A stated cell by field index, or NULL. */
const struct cell *record_cell(const struct record *record, int field);
/* By name; `extra.NAME` and NAME of an extra one are both found. */
const struct cell *record_cell_named(const struct record *record, struct span name);
/* What says what the record is: its name field, or the words that stand for it; NULL: neither. */
const struct cell *record_name_cell(const struct record *record);
/* What the record is called: that cell's text, or `kind #id`, appended to out. */
void record_title(const struct record *record, struct buffer *out);

/* `host:7` to a record_id. */
bool record_id_parse(struct span text, struct record_id *id) MUST_CHECK;
/* Whether a text names a record of a kind at all. Evidence has `-`, `n/a` or `(null)` where it has
 * no name, `CORP\-` for no login, and `localhost` or 127.0.0.1 for whatever machine it is of. */
bool record_names(enum kind kind, struct span name);
/* By what two spellings of a name are one record: normalised (text_normalise), and a hash in small
 * letters, since its digits are a number. Appended to out; empty when the name names nothing. */
void record_name_key(enum kind kind, struct span name, struct buffer *out);
/* The record with a normalised exact name, of a kind that is named; 0 when there is none, -1 on
 * an error. For other kinds the first with that title. */
int64_t record_find_named(const struct case_file *file, enum kind kind, struct span name,
	struct error *error) MUST_CHECK;
/* The same for many names, by statements that stay. */
struct record_names;
struct record_names *record_names_open(
	const struct case_file *file, struct error *error) MUST_CHECK;
void record_names_close(struct record_names *names);
int64_t record_names_find(struct record_names *names, enum kind kind, struct span name,
	struct error *error) MUST_CHECK;
/* The technique with an ATT&CK id, one with a name before one that is called by it. */
int64_t record_names_technique(
	struct record_names *names, struct span attack_id, struct error *error) MUST_CHECK;
/* By the name a source gave it (mention.key), of two with one the later, since the earlier may have
 * stood for what was not described yet; *id has KIND_NONE when there is none. */
bool record_find_key(const struct case_file *file, struct span key, struct record_id *id,
	struct error *error) MUST_CHECK;

#endif
