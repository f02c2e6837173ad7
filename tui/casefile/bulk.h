/*
 * bulk.h: many rows of numbers into a table by one statement.
 *
 *	INSERT INTO event_order(time_from, id) SELECT c0, c1 FROM bulk(?1)
 *
 * reads the rows that were bound by bulk_bind, in their order: about half the work of a statement a
 * row. Without rows bound `bulk` is empty. Every connection knows it; a schema can't use it.
 */
#ifndef CASEFILE_BULK_H
#define CASEFILE_BULK_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/span.h"

#include <stddef.h>
#include <stdint.h>

struct sqlite3;
struct sqlite3_stmt;
struct statement;

/* c0 to c23. */
#define BULK_COLUMNS 24

struct bulk {
	int width;        /* columns a row, at most BULK_COLUMNS */
	uint32_t text;    /* a bit a column whose values are texts: bulk_set_text */
	int64_t *values;  /* width of them a row, count rows */
	uint32_t *stated; /* a row's columns that are not NULL; NULL: all are */
	size_t count;
	struct buffer texts;
	/* private */
	size_t value_capacity, stated_capacity;
};

void bulk_free(struct bulk *bulk);
/* Without rows, with its memory. */
void bulk_clear(struct bulk *bulk);
/* A new row with nothing stated, in bulk->values and ->stated at the index that it gives; SIZE_MAX
 * when out of memory. */
size_t bulk_add(struct bulk *bulk) MUST_CHECK;
/* States a column of a row. */
static inline void bulk_set(struct bulk *bulk, size_t row, int column, int64_t value)
{
	bulk->values[row * (size_t)bulk->width + (size_t)column] = value;
	bulk->stated[row] |= UINT32_C(1) << column;
}
/* States a text column. bulk->texts fails when out of memory. */
void bulk_set_text(struct bulk *bulk, size_t row, int column, struct span text);

/* The rows must stay as they are until the statement was run. */
void statement_bind_bulk(struct statement *statement, int parameter, const struct bulk *bulk);

/* The same for a statement as SQLite has it: its code. */
int bulk_bind(struct sqlite3_stmt *statement, int parameter, const struct bulk *bulk) MUST_CHECK;

/* Makes `bulk` known to a connection: a code of SQLite. */
int bulk_offer(struct sqlite3 *database) MUST_CHECK;

#endif
