#include "finder.h"

#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Shorter text is not looked for where there is a run. */
#define SHORT_LITERAL 3

/* From rare to frequent, about, in what logs are full of; what is not listed is rarer. */
static const char frequent[] = "qjzxkvwyb;,\"%&=[]{}()+@#!fgmphdulc98764350:_\\/12.-nrsiota e";

static size_t rank(char byte)
{
	const char *found = memchr(frequent, (char)plan_fold((uint8_t)byte), sizeof frequent - 1);
	return found ? 1 + (size_t)(found - frequent) : 0;
}

/* The two rarest bytes, which should not be alike. */
static void choose_rare(struct finder *finder)
{
	struct span literal = finder->literal;
	size_t first = 0, second = literal.length > 1 ? 1 : 0;
	for (size_t i = 1; i < literal.length; i++)
		if (rank(literal.data[i]) < rank(literal.data[first]))
			first = i;
	if (second == first)
		second = 0;
	for (size_t i = 0; i < literal.length; i++) {
		bool alike = literal.data[i] == literal.data[first];
		if (i != first && !alike &&
			(rank(literal.data[i]) < rank(literal.data[second]) ||
				literal.data[second] == literal.data[first]))
			second = i;
	}
	finder->rare[0] = first;
	finder->rare[1] = second;
}

void finder_make(struct finder *finder, const struct plan *plan)
{
	*finder = (struct finder){.type = FINDER_NONE};
	const struct plan_run *run = plan_run(plan);
	finder->literal = plan_literal(plan, &finder->ignores_case);
	/* Where both are known, text is rarer than a run: half of all rows may have a hash. */
	if (run->length > 1 && finder->literal.length < SHORT_LITERAL) {
		finder->type = FINDER_RUN;
		finder->run = run->length;
		for (unsigned byte = 0; byte < 256; byte++)
			finder->in_run[byte] = byte != 0 && plan_run_has(run, (uint8_t)byte);
	} else if (finder->literal.length > 0) {
		finder->type = FINDER_LITERAL;
		choose_rare(finder);
	}
}

static bool is_literal_at(const struct finder *finder, const char *text)
{
	struct span literal = finder->literal;
	if (!finder->ignores_case)
		return memcmp(text, literal.data, literal.length) == 0;
	for (size_t i = 0; i < literal.length; i++)
		if (plan_fold((uint8_t)text[i]) != (uint8_t)literal.data[i])
			return false;
	return true;
}

/* Bit 5 is what upper and lower case differ in. Other bytes that differ in it alone are found, too,
 * and turned down by is_literal_at. */
static uint8_t blurred(const struct finder *finder, size_t which, uint8_t *mask)
{
	uint8_t byte = (uint8_t)finder->literal.data[finder->rare[which]];
	bool letter = finder->ignores_case && byte >= 'a' && byte <= 'z';
	*mask = letter ? 0x20 : 0;
	return byte | *mask;
}

static size_t next_literal_slowly(
	const struct finder *finder, struct span text, size_t from, size_t places)
{
	uint8_t mask;
	uint8_t byte = blurred(finder, 0, &mask);
	const char *at = text.data + finder->rare[0];
	for (; from < places; from++)
		if (((uint8_t)at[from] | mask) == byte && is_literal_at(finder, text.data + from))
			return from;
	return FINDER_NOWHERE;
}

static size_t next_literal(const struct finder *finder, struct span text, size_t from)
{
	if (text.length < finder->literal.length)
		return FINDER_NOWHERE;
	/* Places where it could begin. */
	size_t places = text.length - finder->literal.length + 1;
#ifdef __SSE2__
	uint8_t masks[2], bytes[2];
	for (size_t i = 0; i < 2; i++)
		bytes[i] = blurred(finder, i, &masks[i]);
	const __m128i mask_a = _mm_set1_epi8((char)masks[0]);
	const __m128i mask_b = _mm_set1_epi8((char)masks[1]);
	const __m128i byte_a = _mm_set1_epi8((char)bytes[0]);
	const __m128i byte_b = _mm_set1_epi8((char)bytes[1]);
	for (; from + 16 <= places; from += 16) {
		const char *at = text.data + from;
		__m128i a = _mm_loadu_si128((const __m128i *)(at + finder->rare[0]));
		__m128i b = _mm_loadu_si128((const __m128i *)(at + finder->rare[1]));
		a = _mm_cmpeq_epi8(_mm_or_si128(a, mask_a), byte_a);
		b = _mm_cmpeq_epi8(_mm_or_si128(b, mask_b), byte_b);
		unsigned found = (unsigned)_mm_movemask_epi8(_mm_and_si128(a, b));
		for (; found != 0; found &= found - 1) {
			size_t place = (size_t)__builtin_ctz(found);
			if (is_literal_at(finder, at + place))
				return from + place;
		}
	}
#endif
	return next_literal_slowly(finder, text, from, places);
}

/* Looks at the last byte of where a run could be, and goes backwards from there: a byte that is not
 * in the set rules out all places that hold it. */
static size_t next_run(const struct finder *finder, struct span text, size_t from)
{
	const uint8_t *bytes = (const uint8_t *)text.data;
	size_t start = from, known = from; /* from start to known all are in the set */
	while (start <= text.length && text.length - start >= finder->run) {
		size_t end = start + finder->run, at = end;
		while (at > known && finder->in_run[bytes[at - 1]])
			at--;
		if (at <= known)
			return start;
		start = at;
		known = end;
	}
	return FINDER_NOWHERE;
}

size_t finder_next(const struct finder *finder, struct span text, size_t from)
{
	switch (finder->type) {
	case FINDER_NONE:
		break;
	case FINDER_LITERAL:
		return next_literal(finder, text, from);
	case FINDER_RUN:
		return next_run(finder, text, from);
	}
	return from <= text.length ? from : FINDER_NOWHERE;
}
