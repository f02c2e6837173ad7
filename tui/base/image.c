#include "base/image.h"

#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

static bool continues(uint8_t byte)
{
	return (byte & 0xc0) == 0x80;
}

size_t image_sequence(const char *text, size_t length)
{
	const uint8_t *at = (const uint8_t *)text;
	uint8_t lead = at[0];
	if (lead < 0x80)
		return 1;
	if (lead < 0xc2 || lead > 0xf4 || length < 2)
		return 0;
	uint8_t second = at[1];
	if (lead < 0xe0)
		return continues(second) ? 2 : 0;
	/* The second byte's range keeps out overlong forms, surrogates and what is above U+10FFFF.
	 */
	uint8_t low = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
	uint8_t high = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
	if (second < low || second > high || length < 3 || !continues(at[2]))
		return 0;
	if (lead < 0xf0)
		return 3;
	return length >= 4 && continues(at[3]) ? 4 : 0;
}

/* True when none of eight bytes is NUL or above 0x7f. */
static bool plain(const char *bytes)
{
	uint64_t word;
	memcpy(&word, bytes, sizeof word);
	const uint64_t ones = 0x0101010101010101u;
	/* A byte of 0 borrows into its top bit; one above 0x80 has it set anyway. */
	return (((word - ones) | word) & (ones << 7)) == 0;
}

/* The first byte of text from `at` on that has no place in an image; length when there is none. */
static size_t next_fault(const char *text, size_t length, size_t at)
{
	while (at < length) {
		if (length - at >= 8 && plain(text + at)) {
			at += 8;
			continue;
		}
		/* The last few are looked at together with some that were seen before. */
		if (length - at < 8 && length >= 8 && plain(text + length - 8))
			break;
		size_t step = text[at] ? image_sequence(text + at, length - at) : 0;
		if (step == 0)
			return at;
		at += step;
	}
	return length;
}

bool image_is(struct span text)
{
	return next_fault(text.data, text.length, 0) == text.length;
}

/* How many of the bytes from `at` on, up to the end, come before the first one above 0x7f. */
static size_t count_ascii(struct span text, size_t at)
{
	size_t begin = at;
#ifdef __SSE2__
	for (; text.length - at >= 16; at += 16) {
		unsigned above = (unsigned)_mm_movemask_epi8(
			_mm_loadu_si128((const __m128i *)(text.data + at)));
		if (above)
			return at - begin + (size_t)__builtin_ctz(above);
	}
#endif
	while (at < text.length && (uint8_t)text.data[at] < 0x80)
		at++;
	return at - begin;
}

bool image_is_joined(struct span text)
{
	for (size_t at = 0; at < text.length;) {
		at += count_ascii(text, at);
		while (at < text.length && (uint8_t)text.data[at] >= 0x80) {
			size_t step = image_sequence(text.data + at, text.length - at);
			if (step == 0)
				return false;
			at += step;
		}
	}
	return true;
}

/* In a form that compilers make vector instructions of: a byte counts as far as there are bytes. */
#define COUNTED 240

static size_t count_some(const char *bytes)
{
	uint8_t nuls = 0;
	for (size_t i = 0; i < COUNTED; i++)
		nuls = (uint8_t)(nuls + (bytes[i] == '\0'));
	return nuls;
}

size_t image_count(struct span text)
{
	size_t nuls = 0, at = 0;
	for (; text.length - at >= COUNTED; at += COUNTED)
		nuls += count_some(text.data + at);
	for (; at < text.length; at++)
		nuls += text.data[at] == '\0';
	return nuls;
}

bool image_make(struct span cell, char *out)
{
	if (cell.length > 0 && out != cell.data)
		memcpy(out, cell.data, cell.length);
	size_t at = next_fault(out, cell.length, 0);
	bool differs = at < cell.length;
	/* A replaced byte never makes what follows valid, so `out` itself is read on. */
	for (; at < cell.length; at = next_fault(out, cell.length, at + 1))
		out[at] = IMAGE_SUBSTITUTE;
	return differs;
}
