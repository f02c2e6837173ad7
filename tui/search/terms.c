#include "postings_private.h"

#include "base/memory.h"

#include <stdlib.h>

#define TRIGRAMS (1U << 24)

uint8_t term_hex_digit(uint8_t byte)
{
	if (byte >= '0' && byte <= '9')
		return (uint8_t)(byte - '0');
	byte = plan_fold(byte);
	if (byte >= 'a' && byte <= 'f')
		return (uint8_t)(byte - 'a' + 10);
	return NOT_HEX;
}

bool terms_begin(struct terms *terms)
{
	*terms = (struct terms){.seen = calloc(TRIGRAMS / 64, sizeof *terms->seen)};
	return terms->seen != NULL;
}

void terms_free(struct terms *terms)
{
	free(terms->seen);
	free(terms->trigrams);
	*terms = (struct terms){0};
}

static void forget(struct terms *terms)
{
	for (size_t i = 0; i < terms->count; i++)
		terms->seen[terms->trigrams[i] / 64] = 0;
	terms->count = 0;
	memset(terms->fine, 0, sizeof terms->fine);
	terms->cells = 0;
}

/* Trigrams that hold a NUL reach over the end of a cell: they are found as the others are, which is
 * quicker than to look for NULs, and left out at the end. */
static void leave_out_ends(struct terms *terms)
{
	size_t kept = 0;
	for (size_t i = 0; i < terms->count; i++) {
		uint32_t trigram = terms->trigrams[i];
		if ((trigram & 0xff) && (trigram & 0xff00) && (trigram & 0xff0000))
			terms->trigrams[kept++] = trigram;
		else
			terms->seen[trigram / 64] &= ~(UINT64_C(1) << trigram % 64);
	}
	terms->count = kept;
}

static void find_trigrams(struct terms *terms, const uint8_t *bytes, size_t length)
{
	uint32_t trigram = 0;
	uint64_t *seen = terms->seen;
	uint32_t *out = terms->trigrams;
	for (size_t i = 0; i < length; i++) {
		trigram = (trigram << 8 | plan_fold(bytes[i])) & (TRIGRAMS - 1);
		uint64_t bit = UINT64_C(1) << trigram % 64;
		if (seen[trigram / 64] & bit)
			continue;
		seen[trigram / 64] |= bit;
		*out++ = trigram;
	}
	terms->count = (size_t)(out - terms->trigrams);
}

static void find_fine(
	struct terms *terms, const uint8_t *bytes, size_t length, const uint8_t digits[256])
{
	uint32_t number = 0;
	unsigned run = 0;
	int64_t cells = 0;
	for (size_t i = 0; i < length; i++) {
		uint8_t digit = digits[bytes[i]];
		if (digit == NOT_HEX) {
			cells += bytes[i] == 0;
			run = 0;
			continue;
		}
		number = (number << 4 | digit) & 0xfffff;
		if (++run >= FINE_LENGTH) {
			uint32_t term = term_fine(number);
			terms->fine[term / 8] |= (uint8_t)(1U << term % 8);
		}
	}
	terms->cells = cells;
}

bool terms_find(struct terms *terms, struct span text)
{
	uint8_t digits[256];
	forget(terms);
	size_t most = text.length < TRIGRAMS ? text.length : TRIGRAMS;
	if (terms->capacity < most) {
		uint32_t *grown = memory_grow(
			terms->trigrams, &terms->capacity, most, sizeof *terms->trigrams);
		if (!grown)
			return false;
		terms->trigrams = grown;
	}
	for (unsigned byte = 0; byte < 256; byte++)
		digits[byte] = term_hex_digit((uint8_t)byte);
	find_trigrams(terms, (const uint8_t *)text.data, text.length);
	leave_out_ends(terms);
	find_fine(terms, (const uint8_t *)text.data, text.length, digits);
	return true;
}
