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

static inline bool bits_has(const struct bits *bits, uint64_t number)
{
	return number / 64 < bits->count && bits->words[number / 64] >> (number % 64) & 1;
}

#endif
