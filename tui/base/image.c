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

/* Bytes that are looked at together: as many as a word has bits. */
#define WORD 64

/* Which of 64 bytes are above 0x7f, and which are NUL: bit i is byte i. */
static inline void sort_bytes(const char *bytes, uint64_t *above, uint64_t *nuls)
{
	*above = *nuls = 0;
#ifdef __SSE2__
	for (size_t i = 0; i < WORD; i += 16) {
		__m128i some = _mm_loadu_si128((const __m128i *)(bytes + i));
		__m128i zeros = _mm_cmpeq_epi8(some, _mm_setzero_si128());
		*above |= (uint64_t)(unsigned)_mm_movemask_epi8(some) << i;
		*nuls |= (uint64_t)(unsigned)_mm_movemask_epi8(zeros) << i;
	}
#else
	for (size_t i = 0; i < WORD; i++) {
		*above |= (uint64_t)((uint8_t)bytes[i] >> 7) << i;
		*nuls |= (uint64_t)(bytes[i] == 0) << i;
	}
#endif
}

bool image_is_joined(struct span text, size_t *nuls)
{
	size_t at = 0;
	*nuls = 0;
	while (at < text.length) {
		if ((uint8_t)text.data[at] >= 0x80) {
			size_t step = image_sequence(text.data + at, text.length - at);
			if (step == 0)
				return false;
			at += step;
		} else if (text.length - at < WORD) {
			*nuls += text.data[at++] == 0;
		} else {
			/* Up to the first byte above 0x7f. */
			uint64_t above, zeros;
			sort_bytes(text.data + at, &above, &zeros);
			size_t plain_bytes = above ? (size_t)__builtin_ctzll(above) : WORD;
			if (above)
				zeros &= (UINT64_C(1) << plain_bytes) - 1;
			*nuls += (size_t)__builtin_popcountll(zeros);
			at += plain_bytes;
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
