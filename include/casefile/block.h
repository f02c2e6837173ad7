/*
 * casefile/block.h: the text of large kinds, in contiguous blocks.
 *
 * A block holds the cells of a run of records with contiguous ids of one source. Its *text* is the
 * search image (image_make of base/image.h: every NUL and byte of invalid UTF-8 as 0x1A) of all
 * cells in order, each followed by one NUL, so that a matcher may run over many cells at once. Its
 * *cells* say what lies where: the number of records; per record the number of cells, then for each
 * its field number (field_name table; the kinds table's fields by name, and `extra.NAME`) and its
 * length in bytes, all varints; then the bytes that the image replaced: their number, and for each
 * the distance from the one before and the byte. Nothing is lost: image plus patches are the stored
 * bytes.
 *
 * 64 KiB of text a block: measured before (postings of 17%), see search/postings.h.
 */
#ifndef CASEFILE_BLOCK_H
#define CASEFILE_BLOCK_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/case.h"
#include "casefile/kinds.h"

#include <stdbool.h>
#include <stdint.h>

/* A block is closed when its text reaches this. One long cell may make it longer. */
#define BLOCK_TEXT_SIZE (64 * 1024)

/* Building. */
struct block_writer {
	struct buffer text;
	struct buffer cells;
	struct buffer patches;
	struct buffer record; /* cells of the record at hand */
	size_t record_cells;
	size_t last_patch;
	size_t patch_count;
	int64_t first;
	int64_t records;
};

void block_writer_free(struct block_writer *writer);
/* Adds a cell to the record at hand. */
void block_writer_cell(struct block_writer *writer, int64_t field_name, struct span text);
/* Ends the record at hand, which has this id: one above the last in the block. */
void block_writer_end_record(struct block_writer *writer, int64_t id);
bool block_writer_full(const struct block_writer *writer);
/* The encoded cells into *cells; text is writer->text. False when out of memory. */
bool block_writer_encode(struct block_writer *writer, struct buffer *cells) MUST_CHECK;
/* Empty again, ready for the next block. */
void block_writer_clear(struct block_writer *writer);

/* Reading: a decoded block. */
struct block_cell {
	uint32_t field_name;
	uint32_t start; /* in text */
	uint32_t length;
};

struct block {
	int64_t id;
	enum kind kind;
	int64_t first;
	int64_t records;
	struct buffer text;       /* search image, cells separated by NUL */
	struct block_cell *cells; /* of all records, one after the other */
	size_t cell_count;
	uint32_t *record_start; /* index of a record's first cell; records + 1 of them */
	struct buffer patches;  /* offset (4 bytes), byte: host order, sorted */
	/* private */
	size_t cell_capacity;
	size_t record_capacity;
};

void block_free(struct block *block);
/* Decodes into a zeroed or used block, whose id names it in errors, what a writer made as its text
 * and its cells: text, cells, records and patches are set. ERROR_CASE_DAMAGED for bytes that are no
 * block. Every bound is checked. */
bool block_decode(
	struct block *block, struct span text, struct span list, struct error *error) MUST_CHECK;
/* The exact bytes of a cell, appended to out; block's text and patches are all that is looked at.
 */
void block_cell_bytes(const struct block *block, const struct block_cell *cell, struct buffer *out);

/* Reading cell by cell, without a list of all of them: what a search needs that looks at few.
 *
 *	good = block_cursor_begin(&cursor, id, text, list, &error);
 *	good = block_cursor_seek(&cursor, place, &error);
 *	cursor.field_name, cursor.start, cursor.length
 */
struct block_cursor {
	int64_t id; /* names the block in errors */
	struct span text;
	uint32_t records; /* in the block */
	/* The cell at hand; before the first one, record is UINT32_MAX. */
	uint32_t record; /* the one it is of, counted from the block's first */
	uint32_t field_name;
	size_t start, length; /* in text */
	size_t next;          /* where the cell behind it starts */
	int64_t cells;        /* up to it, and it */
	/* private */
	const uint8_t *at, *end;
	uint64_t left; /* cells of the record behind the one at hand */
};

enum block_step { BLOCK_CELL, BLOCK_END, BLOCK_DAMAGED };

/* Text and list as block_decode takes them, which must outlive the cursor. Every bound is checked,
 * and that the cell at hand is between two NULs of the text; that this is an image is the caller's
 * to know. ERROR_CASE_DAMAGED. */
bool block_cursor_begin(struct block_cursor *cursor, int64_t id, struct span text, struct span list,
	struct error *error) MUST_CHECK;
/* On to the next cell. At the end the whole list has been read and is about all of the text. */
enum block_step block_cursor_next(struct block_cursor *cursor, struct error *error) MUST_CHECK;
/* On to the cell that has the byte at `place` of the text, or whose NUL that is, unless it is the
 * one at hand: the cursor does not go back. place < text.length. */
bool block_cursor_seek(struct block_cursor *cursor, size_t place, struct error *error) MUST_CHECK;
/* On to the last cell of the record at hand. */
bool block_cursor_end_record(struct block_cursor *cursor, struct error *error) MUST_CHECK;
/* The patches, as struct block has them, into an empty buffer; the cursor ends with it. */
bool block_cursor_patches(
	struct block_cursor *cursor, struct buffer *patches, struct error *error) MUST_CHECK;

#endif
