/*
 * record_private.h: what the parts of record*.c share.
 *
 * record.c finds the row, record_cells.c makes its cells, record_beside.c has the rows of other
 * tables that go with it, record_block.c reads the cells of large kinds from their blocks,
 * record_name.c finds records by what they are called.
 */
#ifndef CASEFILE_RECORD_PRIVATE_H
#define CASEFILE_RECORD_PRIVATE_H

#include "block_cache.h"
#include "casefile/record.h"
#include "casefile/statement.h"
#include "casefile/visible.h"
#include "field_names.h"
#include "kind_sql.h"

/* Decoded blocks that are kept: a page, and the far end of a jump. */
#define READER_BLOCKS 4

/* What the overlay says of one field of the record at hand. */
struct decided {
	bool set;
	bool stated;
	size_t start; /* in the record's text */
	size_t length;
};

/* The rows of another table that are about records of a kind, in the order of their ids. One
 * statement serves for many records, as long as those are read in that order. */
struct beside {
	struct statement *select; /* kind and least id bound; its first column is the record */
	bool open, done;          /* it was begun; it came to its end */
	bool taken;               /* the row at hand was given */
	int64_t record;           /* of the row at hand */
};

/* Whether the journal gave another name to some record of a kind. */
enum renames { RENAMES_UNKNOWN, RENAMES_NONE, RENAMES_SOME };

struct record_reader {
	const struct case_file *file;
	size_t text_limit; /* of a cell; 0: none */
	struct statement *by_id[KIND_COUNT];
	struct statement *after[KIND_COUNT];
	struct beside overlay;
	struct beside extra;
	struct statement *shared;
	struct statement *mention;
	struct statement *name[KIND_COUNT];
	struct statement *version;
	int64_t data_version;
	int64_t changes; /* of this connection */
	bool overlay_empty;
	enum renames renames[KIND_COUNT];
	/* Large kinds. */
	bool large_ready;
	struct id_runs hidden;
	struct block_cache blocks;
	struct field_names fields;
	struct buffer exact; /* one cell's bytes */
	/* The record being made: text moves while it grows, so that places are offsets. */
	size_t *places; /* two a cell: of its name and its text */
	size_t place_capacity;
	struct decided decided[KIND_MOST_FIELDS];
};

/* Not in the record's text: the name of a field; a text that the journal took away. */
#define PLACE_NONE SIZE_MAX

/* On to the next row about the record, which is not before the one that was asked for last. *there:
 * there is one, in beside->select. */
bool beside_next(
	struct beside *beside, struct record_id id, bool *there, struct error *error) MUST_CHECK;
/* The next record may be any. */
void beside_rest(struct beside *beside);

/* Adds a cell to the record; its text is copied, and its name if it is an extra one. */
bool record_add_cell(struct record_reader *reader, struct record *record, const struct cell *cell,
	struct error *error) MUST_CHECK;

/* Whether the overlay has a word on an extra cell of this name. */
bool record_extra_decided(
	const struct record_reader *reader, const struct record *record, struct span name);

/* The cells of a row of a small kind. */
bool record_cells_small(struct record_reader *reader, const struct statement *row,
	struct record *record, struct error *error) MUST_CHECK;
/* The cells of a row of a large kind. */
bool record_cells_large(struct record_reader *reader, const struct statement *row,
	struct record *record, struct error *error) MUST_CHECK;

/* Puts a record whose own source was taken back where the first source that can be seen mentions
 * it; *mentioned: there is one. */
bool record_place_at_mention(struct record_reader *reader, struct record *record, bool *mentioned,
	struct error *error) MUST_CHECK;

/* Reads what the overlay says of a record into reader->decided, and its other words as extra
 * cells. */
bool record_read_overlay(
	struct record_reader *reader, struct record *record, struct error *error) MUST_CHECK;
/* Adds the cell the overlay states of a field, if it does. *done: the base cell is masked. */
bool record_add_decided(struct record_reader *reader, struct record *record, int field, bool *done,
	struct error *error) MUST_CHECK;
/* Sets every span and puts the cells in order. */
bool record_seal(
	struct record_reader *reader, struct record *record, struct error *error) MUST_CHECK;

#endif
