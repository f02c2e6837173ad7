/*
 * What table*.c share. Private to ingest/: table.c recognises a table and reads its rows,
 * table_look.c finds what its first rows show where a header says nothing, table_times.c what must
 * be known of its times before the first row is taken.
 */
#ifndef INGEST_TABLE_PRIVATE_H
#define INGEST_TABLE_PRIVATE_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "ingest/columns.h"
#include "ingest/csv.h"
#include "ingest/loader.h"
#include "special.h"

#include <stdbool.h>
#include <stddef.h>

/* The first bytes of a table, and how they are cut. */
struct table_head {
	struct span text;
	bool whole; /* nothing follows */
	struct csv_dialect dialect;
};

/* What the first rows show. Columns from 0; SIZE_MAX: none. */
struct table_look {
	bool headless;     /* the first record is a row: in some column it and the next are data */
	size_t shown;      /* nearly all cells are indicators */
	size_t day, clock; /* nearly all are times; day: they are clocks, and their days stand here
			    */
};

struct table {
	struct input *input;
	struct loader *loader;
	struct csv_reader *reader;
	struct table_head head;
	struct span *cells; /* of the record at hand */
	size_t cell_capacity;
	size_t width; /* cells of the header */
	struct columns *columns;
	struct special_table special;
	struct table_look look;
};

/* Looks at the first rows, of which the first has `width` cells. */
bool table_look(const struct table_head *head, size_t width, struct table_look *look,
	struct error *error) MUST_CHECK;

/* Stops before the first row (ERROR_USAGE) when a column states times without a zone and none was
 * asked for. */
bool table_check_zone(struct table *table, struct error *error) MUST_CHECK;
/* Finds the order of day and month of each column of dates, by all of its cells: those that can be
 * read in one order only. Nothing when --dates says it, or when standard input goes on behind the
 * head. */
bool table_find_order(struct table *table, struct error *error) MUST_CHECK;

#endif
