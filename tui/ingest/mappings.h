/*
 * What other people call our fields, as tables. Private to ingest/.
 */
#ifndef INGEST_MAPPINGS_H
#define INGEST_MAPPINGS_H

#include "base/span.h"
#include "casefile/kinds.h"

#include <stdbool.h>
#include <stddef.h>

#define MAPPING_PARTS 6
#define MAPPING_PART_CELLS 4

/* A record beside a row's own, made where the column that names it is stated. */
struct mapping_part {
	enum kind kind;   /* KIND_NONE: no more */
	const char *link; /* from the row's own record */
	const char *map;  /* COLUMN=FIELD|COLUMN=FIELD, the first names it; `"TEXT"` for a text */
};

/* A header that is known as a whole. */
struct mapping {
	const char *about;
	enum kind kind;
	const char *header; /* columns that must be there, `|` between them */
	const char *map;    /* COLUMN=FIELD|COLUMN=FIELD; FIELD may be reserved */
	bool lasting;       /* its key means the same in every source */
	struct mapping_part parts[MAPPING_PARTS];
};

/* The one whose columns are all there; NULL when none is known. */
const struct mapping *mapping_find(const struct span *names, size_t count);
/* Where a known header sends a column; not stated when it says nothing of it. */
struct span mapping_field(const struct mapping *mapping, struct span column);

/* The next COLUMN=FIELD of a map; false at its end. *map moves behind it. */
bool mapping_next(struct span *map, struct span *column, struct span *field);

/* Whether a column's name says that it is a time and no more: not which (created, modified ...). */
bool mapping_says_time(struct span column);

/* The field of a kind that a column's name is a synonym for; -1 when it is none. */
int mapping_synonym(enum kind kind, struct span column);

#endif
