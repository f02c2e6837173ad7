#include "base/image.h"

#include <stdint.h>
#include <string.h>

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

/* Counts the NULs of 64 bytes; false when there is one above 0x7f among them. In a form that
 * compilers make vector instructions of. */
static bool ascii(const char *bytes, size_t *nuls)
{
	uint8_t above = 0, zeros = 0;
	for (size_t i = 0; i < 64; i++) {
		above |= (uint8_t)bytes[i];
		zeros = (uint8_t)(zeros + (bytes[i] == 0));
	}
	if (above & 0x80)
		return false;
	*nuls += zeros;
	return true;
}

bool image_is_joined(struct span text, size_t *nuls)
{
	*nuls = 0;
	for (size_t at = 0; at < text.length;) {
		if (text.length - at >= 64 && ascii(text.data + at, nuls)) {
			at += 64;
			continue;
		}
		/* Somewhat further on, so that text in other scripts is not looked at twice. */
		for (size_t end = at + 64; at < end && at < text.length;) {
			if (text.length - at >= 8 && plain(text.data + at)) {
				at += 8;
				continue;
			}
			size_t step = image_sequence(text.data + at, text.length - at);
			if (step == 0)
				return false;
			*nuls += text.data[at] == 0;
			at += step;
		}
	}
	return true;
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
