/*
 * The two kinds of table whose rows are no records: links, and decisions. Private to ingest/.
 */
#ifndef INGEST_SPECIAL_H
#define INGEST_SPECIAL_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "ingest/loader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum special { SPECIAL_NONE, SPECIAL_LINK, SPECIAL_DECISION };

#define SPECIAL_COLUMNS 6

/* Where the columns of a special table stand; SIZE_MAX: not there. */
struct special_table {
	enum special special;
	size_t at[SPECIAL_COLUMNS];
	struct span cells[SPECIAL_COLUMNS]; /* of the row at hand */
	struct span reviewer;
};

/* `link` or `decision`, asked for with --kind; a header with from, type and to is links without
 * being asked for (decisions never are). */
enum special special_of(const char *kind, const struct span *names, size_t count);

/* ERROR_USAGE when a column it needs, or a decision's reviewer, is not there. */
bool special_begin(struct special_table *table, enum special special, const struct span *names,
	size_t count, const struct loader *loader, struct error *error) MUST_CHECK;

/* The row in table->cells. start, end: decoded bytes. */
bool special_row(struct special_table *table, struct loader *loader, int64_t line, uint64_t start,
	uint64_t end, struct error *error) MUST_CHECK;

#endif
