/*
 * twin_private.h: what the parts of twin*.c share.
 *
 * twin.c finds events by time and key, twin_cells.c holds what an event says against a draft.
 */
#ifndef CASEFILE_TWIN_PRIVATE_H
#define CASEFILE_TWIN_PRIVATE_H

#include "base/buffer.h"
#include "casefile/block.h"
#include "casefile/twin.h"
#include "field_names.h"
#include "kind_sql.h"
#include "names.h"

#define KEY_SETS 4
#define KEY_PARTS 6

/* A cell that is part of a key. */
struct key_part {
	int field; /* of events, or CELL_EXTRA */
	struct span name;
	int64_t number; /* of the field in blocks; -1: no event has it */
};

struct key_set {
	struct key_part parts[KEY_PARTS];
	size_t count;
};

/* draft.natural, taken apart. */
struct natural_key {
	const char *text;
	struct key_set sets[KEY_SETS];
	size_t count;
};

/* What is beyond the most sets and parts is left out. */
void natural_key_read(struct natural_key *key, const char *text, const struct field_names *names);

/* The cells of an event that is in the case. */
struct told {
	const struct field_names *names;
	const struct block *block;
	const struct block_cell *cells;
	size_t count;
	struct buffer *exact; /* room for one cell's bytes */
};

/* Of the cells of the first set that is stated; 0 when none is. */
uint64_t natural_key_of_draft(
	const struct natural_key *key, uint64_t seed, const struct draft *draft);
uint64_t natural_key_of_told(const struct natural_key *key, uint64_t seed, const struct told *told);

/* Whether both have the key, to the byte. */
bool told_has_key(
	const struct told *told, const struct natural_key *key, const struct draft *draft);
/* Whether an event's cells are those of a draft, in whatever order. Out of memory told->exact
 * fails. */
bool told_is_same(const struct told *told, const struct draft *draft);

#endif
