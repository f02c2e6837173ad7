/*
 * What columns.c and columns_row.c share. Private to ingest/.
 */
#ifndef INGEST_COLUMNS_PRIVATE_H
#define INGEST_COLUMNS_PRIVATE_H

#include "base/moment.h"
#include "casefile/writer.h"
#include "ingest/columns.h"
#include "name_table.h"

#define MAX_FIELDS 32

enum target { TO_EXTRA, TO_FIELD, TO_READING, TO_KEY, TO_BASIS, TO_BY, TO_STANDS_FOR };

struct column {
	struct span name;  /* as an extra field is called; owned */
	struct span given; /* as the source calls it; owned */
	enum target target;
	int field;
	struct span text; /* in the row at hand */
};

struct columns {
	struct loader *loader;
	enum kind kind;
	const struct kind_info *info;
	struct column *items;
	size_t count, capacity;
	bool taken[MAX_FIELDS];  /* fields that a column goes to */
	struct name_table names; /* as extra fields are called */
	struct name_table given; /* as the source calls them ... */
	size_t *first;           /* ... the first column so called, by number in given */
	size_t first_capacity;
	struct name_table cleaned;
	uint32_t *times; /* how often a cleaned name was met, by number in cleaned */
	size_t times_capacity;
	/* Of the row at hand. */
	struct draft_cell *cells;
	struct moment *moments;
	size_t cell_capacity, moment_capacity;
	int64_t line;
	uint64_t start, end;
};

#endif
