/*
 * kind_sql.h: the one builder of statements over the kinds table.
 *
 * Columns of a record come first, the same for every kind, then those of its fields in the order
 * of the kinds table. Names are quoted (`when` and `end` are words of SQL).
 */
#ifndef CASEFILE_KIND_SQL_H
#define CASEFILE_KIND_SQL_H

#include "base/buffer.h"
#include "casefile/kinds.h"

#include <stdbool.h>

/* More fields than any kind has; a test holds it. */
#define KIND_MOST_FIELDS 24

/* What a SELECT gives before the fields. */
enum record_column {
	RECORD_ID,
	RECORD_SOURCE,
	RECORD_START,
	RECORD_END,
	RECORD_BASIS,
	RECORD_BY,
	RECORD_STANDS_MIN,
	RECORD_STANDS_MAX,
	RECORD_READY, /* its source is */
	RECORD_FIELDS
};

/* Parameters of an INSERT or UPDATE: as the columns from RECORD_ID to RECORD_STANDS_MAX, counted
 * from 1, then name_key where the kind is named, then the fields. */
#define INSERT_NAME_KEY (RECORD_STANDS_MAX + 2)

/* How many columns of a row a field has: in a SELECT a reference has the name beside the id, but
 * for large kinds, whose text stands in blocks. */
int kind_sql_width(enum kind kind, int field, bool select);

/* The table's column of a field, quoted: `r."when_from"` with prefix "r." and suffix "_from". */
void kind_sql_column(
	struct buffer *sql, const char *prefix, const struct kind_field *field, const char *suffix);

/* SELECT of the records `r` of a kind with the names they refer to; `where` follows. Small kinds
 * hold only what is visible: where is joined by AND. */
void kind_sql_select(struct buffer *sql, enum kind kind, const char *where, const char *order);

void kind_sql_insert(struct buffer *sql, enum kind kind);
/* The same for the rows of a bulk (bulk.h), whose columns are those parameters, counted from 0. */
void kind_sql_insert_bulk(struct buffer *sql, enum kind kind);
/* Every column anew, where id is ?1. */
void kind_sql_update(struct buffer *sql, enum kind kind);

/* What a record of a named kind says by its source ?1, which is to go, is unsaid where another
 * source mentions the record: its name stays, and its place is where that one does. `most` records.
 */
void kind_sql_unsay(struct buffer *sql, enum kind kind, int most);

/* Columns of kind_sql_row. ROW_READY: its source is. */
enum { ROW_BASIS, ROW_BY, ROW_STANDS_MIN, ROW_STANDS_MAX, ROW_READY, ROW_FIELDS };
/* SELECT of those and then the fields' columns, in the order of the parameters, where id is ?1.
 */
void kind_sql_row(struct buffer *sql, enum kind kind);

/* The condition under which a record `r` of a small kind is seen: its source is ready, or, if it
 * is named, another ready source mentions it, or the journal speaks of it. */
void kind_sql_visible(struct buffer *sql, enum kind kind);

#endif
