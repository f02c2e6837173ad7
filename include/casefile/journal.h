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
	struct span action; /* `set`, `link` */
	struct record_id id;
	struct span field; /* or a link's type */
	struct span before;
	struct span after; /* or `kind:id` a link leads to */
	struct span reason;
};

/* Sets a field of a record, or links it, by an entry and its overlay or link row in one
 * transaction (the caller's, if one is open). Checks that the record is there and that the word is
 * one the field may have. */
bool journal_set(
	struct case_file *file, struct journal_entry *entry, struct error *error) MUST_CHECK;
bool journal_link(struct case_file *file, struct journal_entry *entry, struct record_id to,
	struct span detail, struct error *error) MUST_CHECK;

/* Recomputes the chain. ERROR_INTEGRITY names the first entry that does not agree. *entries and
 * head (zeros when there is none) are set when it holds. */
bool journal_verify(const struct case_file *file, int64_t *entries, uint8_t head[HASH_SIZE],
	struct error *error) MUST_CHECK;

#endif
