/*
 * base/bits.h: a set of numbers, one bit each.
 *
 * For ids of records: ten million of them take 1.25 MB, however many are in the set.
 */
#ifndef BASE_BITS_H
#define BASE_BITS_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Empty when zeroed. */
struct bits {
	uint64_t *words;
	size_t count; /* of words; numbers beyond them are not in the set */
};

void bits_free(struct bits *bits);
/* False when out of memory. */
bool bits_add(struct bits *bits, uint64_t number) MUST_CHECK;
/* How many are in both sets. */
int64_t bits_common(const struct bits *a, const struct bits *b);

/* The next number of the set from one on, which may be that; -1 when there is none. */
int64_t bits_next(const struct bits *bits, uint64_t from);
/* The number that has `before` smaller ones in the set; -1 when there is none. Linear in words:
 * half a millisecond for ten million numbers. */
int64_t bits_nth(const struct bits *bits, int64_t before);

static inline bool bits_has(const struct bits *bits, uint64_t number)
{
	return number / 64 < bits->count && bits->words[number / 64] >> (number % 64) & 1;
}

#endif
