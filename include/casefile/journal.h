/*
 * casefile/journal.h: what people decided, append-only and chained.
 *
 * An entry's bytes for the chain: the 32 bytes of the entry before (zeros for the first), then
 * number, clock, kind, record as 8 bytes big-endian each, then reviewer, action, field, before,
 * after, reason, each as a length of 8 bytes big-endian and its bytes (2^64-1 and none: not
 * stated). Its sha256 is the SHA-256 of that. A cut tail is found only against a head noted
 * elsewhere, which is why the head is printed.
 */
#ifndef CASEFILE_JOURNAL_H
#define CASEFILE_JOURNAL_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/span.h"
#include "casefile/record.h"

#include <stdbool.h>
#include <stdint.h>

struct journal_entry {
	int64_t number; /* given by journal_append */
	struct span reviewer;
	int64_t clock;      /* UTC microseconds */
	struct span action; /* `set`, `link`, `withdraw` */
	struct record_id id;
	struct span field; /* or a link's type */
	struct span before;
	struct span after; /* or `kind:id` a link leads to, and its detail behind a space */
	struct span reason;
};

/* Sets a field of a record, or links it, by an entry and its overlay or link row in one
 * transaction (the caller's, if one is open). Checks that the record is there and that the word is
 * one the field may have: a choice's, a number, `kind:id` of a record that is there for a
 * reference. Besides the kind's own fields there are `note`, `tags` and `extra.NAME`. A word that
 * is not stated sets the field back to not stated. number, action and a link's after are set;
 * entry->after of a link is not valid afterwards. Errors: ERROR_USAGE for what is asked wrongly. */
bool journal_set(
	struct case_file *file, struct journal_entry *entry, struct error *error) MUST_CHECK;
bool journal_link(struct case_file *file, struct journal_entry *entry, struct record_id to,
	struct span detail, struct error *error) MUST_CHECK;

/* Appends an entry whose effect the caller writes in the transaction that it has open: a source
 * taken back has the action `withdraw` and the id {KIND_NONE, source}. Gives the number. */
bool journal_append(
	const struct case_file *file, struct journal_entry *entry, struct error *error) MUST_CHECK;

/* The entry that decided on a field, by the name it has in SQL or `extra.NAME`; 0: none did. -1 on
 * an error. */
int64_t journal_of_field(const struct case_file *file, struct record_id id, struct span field,
	struct error *error) MUST_CHECK;
/* Who made an entry, and why: `REVIEWER: REASON`, appended to out; nothing when there is no such
 * entry. */
bool journal_why(const struct case_file *file, int64_t number, struct buffer *out,
	struct error *error) MUST_CHECK;

/* Recomputes the chain, and holds overlay and links against the entries that made them.
 * ERROR_INTEGRITY names the first entry that does not agree. *entries and head (zeros when there
 * is none) are set when it holds. */
bool journal_verify(const struct case_file *file, int64_t *entries, uint8_t head[HASH_SIZE],
	struct error *error) MUST_CHECK;

#endif
