/*
 * casefile/listing.h: the ids of a kind in an order.
 *
 * The one builder of list and sort statements over the kinds table. Runs in a worker; a page of
 * records is then read by id (casefile/record.h).
 */
#ifndef CASEFILE_LISTING_H
#define CASEFILE_LISTING_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "casefile/case.h"
#include "casefile/kinds.h"

#include <stdbool.h>
#include <stdint.h>

struct listing;

/* Whether there is such a field; -1 stands for the id. */
bool listing_sorts(enum kind kind, int field);

/* A listing is two statements, one after the other, so that each can go along an index: the records
 * of which the field is stated, and then, in both directions, those of which it is not. */
enum listing_part { LISTING_STATED, LISTING_NOT_STATED };

/* The SELECT of the ids of a part (visible ones; for a large kind all, the hidden are skipped as
 * they come), sorted by a field (-1: by id) and then by id, and the key they are sorted by.
 * `decided` leaves out records on whose field the journal has a word, which are merged in. False
 * for a part that has no records, and for what arrange_ids sorts (casefile/arrange.h). Exposed for
 * the test of its plan. */
bool listing_sql(enum kind kind, int field, bool descending, enum listing_part part, bool decided,
	struct buffer *sql);

/* References are sorted by the name of what they refer to, those of a large kind by what its
 * records say; ids break ties, in the same direction. What arrange_ids sorts is held whole: 4 bytes
 * an id.
 */
struct listing *listing_open(const struct case_file *file, enum kind kind, int field,
	bool descending, struct error *error) MUST_CHECK;
/* The default order of a kind from its end. */
struct listing *listing_open_end(
	const struct case_file *file, enum kind kind, struct error *error) MUST_CHECK;
/* The next id into *id: 1, 0 at the end, -1 on an error. */
int listing_next(struct listing *listing, int64_t *id, struct error *error) MUST_CHECK;
/* No more ids than these come, by far when many were taken back: to say how far it is. */
int64_t listing_most(const struct listing *listing);
void listing_close(struct listing *listing);

#endif
