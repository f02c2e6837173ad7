#include "base/near.h"

#include "base/compiler.h"

#include <stdint.h>

/* Letters to change, add or leave out to make one word the other, for words of up to 31 bytes. */
static size_t distance(struct span a, const char *b)
{
	size_t row[32];
	size_t length = strlen(b);
	if (length >= ARRAY_LENGTH(row) || a.length >= ARRAY_LENGTH(row))
		return SIZE_MAX;
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.length; i++) {
		size_t corner = row[0];
		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			size_t above = row[j];
			size_t best = corner + (a.data[i - 1] != b[j - 1]);
			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
			corner = above;
		}
	}
	return row[length];
}

bool word_is_near(struct span typed, const char *name)
{
	size_t length = strlen(name);
	if (typed.length >= 3 && length >= 3 &&
		(memmem(name, length, typed.data, typed.length) ||
			memmem(typed.data, typed.length, name, length)))
		return true;
	return distance(typed, name) <= (typed.length >= 4 ? 2 : 1);
}
