/*
 * casefile/arrange.h: records of a large kind put in the order of a field that stands in blocks.
 *
 * A sort without a key for each record: the blocks are gone through, and of the different texts the
 * smallest are kept, as many as fit into a bounded room, and how often each comes; gone through
 * again, each record goes to its place. Where there are more texts than fit this is done again from
 * the last one on. So the memory is that of the result and the room, a field with few different
 * texts takes two walks, and one whose every text is another takes as many as it must.
 */
#ifndef CASEFILE_ARRANGE_H
#define CASEFILE_ARRANGE_H

#include "base/bits.h"
#include "base/compiler.h"
#include "base/error.h"
#include "casefile/case.h"
#include "casefile/kinds.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arrange {
	enum kind kind; /* a large one */
	int field;      /* text, a choice or a reference, by what the record says of it */
	bool descending;
	const struct bits *set;    /* the ids */
	const atomic_bool *cancel; /* may be NULL */
	/* Told how far it is, in thousandths; may be NULL. */
	void (*progress)(void *context, int thousandths);
	void *context;
	size_t room; /* bytes; 0: 16 MiB */
};

/* Whether a field is sorted by this. */
bool arrange_takes(enum kind kind, int field);

/* Puts the ids of the set, `count` of them, into `ids`: by the field, byte by byte, what is not
 * stated last in both directions, equal ones by id, in the direction. ERROR_CANCELLED,
 * ERROR_CASE_DAMAGED when a record has no text or they change meanwhile. */
bool arrange_ids(const struct case_file *file, const struct arrange *arrange, uint32_t *ids,
	int64_t count, struct error *error) MUST_CHECK;

#endif
