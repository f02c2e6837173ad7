#include "search/pattern.h"

#include <stdint.h>
#include <string.h>

/* Stands for every byte that can't be matched: SUBSTITUTE, a control character of its own. */
#define SUBSTITUTE 0x1a

static bool continues(const uint8_t *bytes, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return false;
	return true;
}

/* Bytes of the UTF-8 sequence at bytes[0] >= 0x80, 0 where none begins. What is valid here is
 * exactly what PCRE2 takes as valid, since it is told not to look again. */
static size_t sequence_length(const uint8_t *bytes, size_t left)
{
	uint8_t lead = bytes[0];
	size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
	if (length == 0 || length > left || !continues(bytes + 1, length - 1))
		return 0;
	uint8_t second = bytes[1];
	bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
	bool surrogate = lead == 0xed && second > 0x9f;
	bool beyond = lead == 0xf4 && second > 0x8f;
	return overlong || surrogate || beyond ? 0 : length;
}

/* Length of the run at bytes[0] of ASCII without NUL, eight bytes at a time: a NUL borrows into
 * its top bit when one is taken off. */
static size_t plain_run(const uint8_t *bytes, size_t left)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	const uint64_t tops = UINT64_C(0x8080808080808080);
	size_t at = 0;
	for (; at + 8 <= left; at += 8) {
		uint64_t word;
		memcpy(&word, bytes + at, 8);
		if (((word - ones) | word) & tops)
			break;
	}
	while (at < left && bytes[at] != 0 && bytes[at] < 0x80)
		at++;
	return at;
}

bool search_image(struct span cell, char *out)
{
	const uint8_t *bytes = (const uint8_t *)cell.data;
	bool changed = false;
	if (cell.length > 0)
		memcpy(out, cell.data, cell.length);
	for (size_t at = 0; at < cell.length;) {
		at += plain_run(bytes + at, cell.length - at);
		if (at == cell.length)
			break;
		size_t length = bytes[at] == 0 ? 0 : sequence_length(bytes + at, cell.length - at);
		if (length == 0) {
			out[at] = SUBSTITUTE;
			changed = true;
			length = 1;
		}
		at += length;
	}
	return changed;
}
