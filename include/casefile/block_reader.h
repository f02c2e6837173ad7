/*
 * casefile/block_reader.h: the text of many blocks, one after the other.
 *
 * A search goes through text at the speed of memory: it is read straight into a buffer that is
 * used again, and what is beside it only when something was found in it.
 *
 *	struct block_reader *reader = block_reader_open(file, &error);
 *	while (...) {
 *		block_reader_text(reader, id, &text, &error);
 *		block_reader_list(reader, id, &list, &error);   -- when it is needed
 *	}
 *	block_reader_close(reader);
 *
 * Reading keeps the case open for reading, since to lock and unlock it for each block takes as long
 * as to read it: block_reader_rest lets a writer in. That is done by itself when the next text is
 * read some time later; whoever reads nothing for a while, or calls somebody else, asks for it.
 */
#ifndef CASEFILE_BLOCK_READER_H
#define CASEFILE_BLOCK_READER_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/case.h"
#include "casefile/kinds.h"

#include <stdint.h>

struct block_reader;

enum block_found { BLOCK_THERE, BLOCK_ABSENT, BLOCK_FAILED };

/* The file must outlive the reader. */
struct block_reader *block_reader_open(
	const struct case_file *file, struct error *error) MUST_CHECK;
/* NULL is allowed. */
void block_reader_close(struct block_reader *reader);

/* The text of a block in place of what the buffer held; what it holds else is not known when the
 * block is not THERE. ERROR_CASE_DAMAGED for what is no text. */
enum block_found block_reader_text(struct block_reader *reader, int64_t id, struct buffer *text,
	struct error *error) MUST_CHECK;

struct block_list {
	enum kind kind;
	int64_t first, records;
	/* As block_decode takes it; until the reader is asked for something else. */
	struct span cells;
};

/* What there is beside the text of a block that was just read: of the same moment. */
enum block_found block_reader_list(struct block_reader *reader, int64_t id, struct block_list *list,
	struct error *error) MUST_CHECK;

/* Gives the case free until the next text is read. NULL is allowed. */
void block_reader_rest(struct block_reader *reader);

#endif
