#include "base/bits.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void bits_free(struct bits *bits)
{
	free(bits->words);
	*bits = (struct bits){0};
}

bool bits_add(struct bits *bits, uint64_t number)
{
	size_t word = (size_t)(number / 64), had = bits->count;
	if (word >= had) {
		uint64_t *grown =
			memory_grow(bits->words, &bits->count, word + 1, sizeof *bits->words);
		if (!grown)
			return false;
		memset(grown + had, 0, (bits->count - had) * sizeof *grown);
		bits->words = grown;
	}
	bits->words[word] |= (uint64_t)1 << (number % 64);
	return true;
}

int64_t bits_common(const struct bits *a, const struct bits *b)
{
	size_t count = a->count < b->count ? a->count : b->count;
	int64_t common = 0;
	for (size_t i = 0; i < count; i++)
		common += __builtin_popcountll(a->words[i] & b->words[i]);
	return common;
}

int64_t bits_next(const struct bits *bits, uint64_t from)
{
	size_t at = (size_t)(from / 64);
	if (at >= bits->count)
		return -1;
	uint64_t word = bits->words[at] >> (from % 64) << (from % 64);
	while (word == 0 && ++at < bits->count)
		word = bits->words[at];
	return at < bits->count ? (int64_t)at * 64 + __builtin_ctzll(word) : -1;
}

int64_t bits_nth(const struct bits *bits, int64_t before)
{
	for (size_t at = 0; before >= 0 && at < bits->count; at++) {
		uint64_t word = bits->words[at];
		int here = __builtin_popcountll(word);
		if (before >= here) {
			before -= here;
			continue;
		}
		while (before-- > 0)
			word &= word - 1;
		return (int64_t)at * 64 + __builtin_ctzll(word);
	}
	return -1;
}
