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
static void choose_rare(struct finder_literal *literal)
{
	struct span text = literal->text;
	size_t first = 0, second = text.length > 1 ? 1 : 0;
	for (size_t i = 1; i < text.length; i++)
		if (rank(text.data[i]) < rank(text.data[first]))
			first = i;
	if (second == first)
		second = 0;
	for (size_t i = 0; i < text.length; i++) {
		bool alike = text.data[i] == text.data[first];
		if (i != first && !alike &&
			(rank(text.data[i]) < rank(text.data[second]) ||
				text.data[second] == text.data[first]))
			second = i;
	}
	literal->rare[0] = first;
	literal->rare[1] = second;
}

/* Bit 5 is what upper and lower case differ in. Other bytes that differ in it alone are found, too,
 * and turned down by is_literal_at. */
static void add_literal(struct finder *finder, struct span text)
{
	struct finder_literal *literal = &finder->literals[finder->literal_count++];
	literal->text = text;
	choose_rare(literal);
	for (size_t i = 0; i < 2; i++) {
		uint8_t byte = (uint8_t)text.data[literal->rare[i]];
		bool letter = finder->ignores_case && byte >= 'a' && byte <= 'z';
		uint8_t mask = letter ? 0x20 : 0;
		memset(literal->masks[i], mask, FINDER_LANES);
		memset(literal->bytes[i], byte | mask, FINDER_LANES);
	}
	if (finder->literal_count == 1 || text.length < finder->shortest)
		finder->shortest = text.length;
	if (text.length > finder->longest)
		finder->longest = text.length;
}

static void set_run(struct finder *finder, const struct plan_run *run)
{
	finder->type = FINDER_RUN;
	finder->run = run->length;
	for (unsigned byte = 1; byte < 256; byte++)
		finder->in_run[byte] = plan_run_has(run, (uint8_t)byte);
	size_t count = 0;
	for (unsigned first = 1, end; first < 256; first = end) {
		for (end = first + 1; end < 256 && finder->in_run[end] == finder->in_run[first];)
			end++;
		if (!finder->in_run[first])
			continue;
		if (count == FINDER_RANGES)
			return;
		memset(finder->ranges[count].first, (int)first, FINDER_LANES);
		memset(finder->ranges[count].more, (int)(end - first - 1), FINDER_LANES);
		count++;
	}
	finder->range_count = count;
}

void finder_make(struct finder *finder, const struct plan *plan)
{
	*finder = (struct finder){.type = FINDER_NONE};
	const struct plan_run *run = plan_run(plan);
	struct span literal = plan_literal(plan, &finder->ignores_case);
	const struct span *choice;
	size_t choices = plan_choice(plan, &choice);
	/* Where both are known, text is rarer than a run: half of all rows may have a hash. */
	if (plan_run_matches(plan, &finder->run_most) ||
		(run->length > 1 && choices == 0 && literal.length < SHORT_LITERAL)) {
		set_run(finder, run);
		return;
	}
	for (size_t i = 0; i < choices; i++)
		add_literal(finder, choice[i]);
	if (choices == 0 && literal.length > 0)
		add_literal(finder, literal);
	if (finder->literal_count > 0)
		finder->type = FINDER_LITERAL;
}

/* ---- literals ---- */

static bool is_literal_at(
	const struct finder *finder, const struct finder_literal *literal, const char *text)
{
	struct span wanted = literal->text;
	if (!finder->ignores_case)
		return memcmp(text, wanted.data, wanted.length) == 0;
	for (size_t i = 0; i < wanted.length; i++)
		if (plan_fold((uint8_t)text[i]) != (uint8_t)wanted.data[i])
			return false;
	return true;
}

static bool is_whole_at(const struct finder *finder, const struct finder_literal *literal,
	struct span text, size_t at)
{
	return literal->text.length <= text.length - at &&
	       is_literal_at(finder, literal, text.data + at);
}

/* Whether one of the literals is at a place, whole in the text. */
static bool is_any_at(const struct finder *finder, struct span text, size_t at)
{
	for (size_t i = 0; i < finder->literal_count; i++)
		if (is_whole_at(finder, &finder->literals[i], text, at))
			return true;
	return false;
}

#ifdef __SSE2__
static inline __m128i load(const void *bytes)
{
	return _mm_loadu_si128((const __m128i *)bytes);
}

static inline __m128i has_byte(const char *at, const struct finder_literal *literal, size_t which)
{
	__m128i bytes = _mm_or_si128(load(at + literal->rare[which]), load(literal->masks[which]));
	return _mm_cmpeq_epi8(bytes, load(literal->bytes[which]));
}

/* Of as many places as there are lanes, those at which both rare bytes of a literal are where they
 * should be. */
static inline unsigned likely_places(const char *at, const struct finder_literal *literal)
{
	return (unsigned)_mm_movemask_epi8(
		_mm_and_si128(has_byte(at, literal, 0), has_byte(at, literal, 1)));
}
#endif

static size_t next_literal(const struct finder *finder, struct span text, size_t from)
{
#ifdef __SSE2__
	/* Places up to which every literal would be whole. */
	size_t places = text.length >= finder->longest ? text.length - finder->longest + 1 : 0;
	const struct finder_literal first = finder->literals[0];
	for (; from + FINDER_LANES <= places; from += FINDER_LANES) {
		unsigned found = likely_places(text.data + from, &first);
		for (size_t i = 1; i < finder->literal_count; i++)
			found |= likely_places(text.data + from, &finder->literals[i]);
		for (; found != 0; found &= found - 1) {
			size_t place = from + (size_t)__builtin_ctz(found);
			if (is_any_at(finder, text, place))
				return place;
		}
	}
#endif
	for (; from < text.length && finder->shortest <= text.length - from; from++)
		if (is_any_at(finder, text, from))
			return from;
	return FINDER_NOWHERE;
}

/* ---- runs ---- */

/* Bytes that are looked at together: as many as a word has bits. */
#define WORD 64

/* Which of some bytes are in the set: bit i is byte i. */
static uint64_t some_members(const struct finder *finder, const char *bytes, size_t count)
{
	uint64_t members = 0;
	for (size_t i = 0; i < count; i++)
		members |= (uint64_t)finder->in_run[(uint8_t)bytes[i]] << i;
	return members;
}

#ifdef __SSE2__
static inline uint64_t members_of_lanes(const struct finder *finder, const char *bytes)
{
	const __m128i text = load(bytes);
	__m128i inside = _mm_setzero_si128();
	for (size_t i = 0; i < finder->range_count; i++) {
		/* In a range are those that are no further from its first than its last is. */
		__m128i distance = _mm_sub_epi8(text, load(finder->ranges[i].first));
		__m128i nearest = _mm_min_epu8(distance, load(finder->ranges[i].more));
		inside = _mm_or_si128(inside, _mm_cmpeq_epi8(nearest, distance));
	}
	return (uint64_t)(unsigned)_mm_movemask_epi8(inside);
}
#endif

static inline uint64_t members(const struct finder *finder, const char *bytes)
{
#ifdef __SSE2__
	if (finder->range_count > 0)
		return members_of_lanes(finder, bytes) |
		       members_of_lanes(finder, bytes + 16) << 16 |
		       members_of_lanes(finder, bytes + 32) << 32 |
		       members_of_lanes(finder, bytes + 48) << 48;
#endif
	return some_members(finder, bytes, WORD);
}

/* The bits at which a run of `length` bits begins that ends within the word. */
static uint64_t run_starts(uint64_t bits, size_t length)
{
	if (length > WORD)
		return 0;
	for (size_t have = 1; have < length;) {
		size_t more = length - have < have ? length - have : have;
		bits &= bits >> more;
		have += more;
	}
	return bits;
}

/* Goes by words and carries over how many bytes before a word are in the set. */
static size_t next_run(const struct finder *finder, struct span text, size_t from)
{
	size_t before = 0;
	for (size_t at = from; at < text.length; at += WORD) {
		uint64_t bits = text.length - at >= WORD
					? members(finder, text.data + at)
					: some_members(finder, text.data + at, text.length - at);
		size_t first = bits == UINT64_MAX ? WORD : (size_t)__builtin_ctzll(~bits);
		if (before + first >= finder->run)
			return at - before;
		if (first == WORD) {
			before += WORD;
			continue;
		}
		uint64_t starts = run_starts(bits, finder->run);
		if (starts != 0)
			return at + (size_t)__builtin_ctzll(starts);
		before = (size_t)__builtin_clzll(~bits);
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

bool finder_match(const struct finder *finder, struct span text, size_t at, size_t *end)
{
	const struct finder_literal *literal = finder->literals;
	*end = at;
	if (finder->type == FINDER_LITERAL) {
		const struct finder_literal *last = literal + finder->literal_count - 1;
		while (literal < last && !is_whole_at(finder, literal, text, at))
			literal++;
		*end = at + literal->text.length;
	}
	while (finder->type == FINDER_RUN && *end < text.length && *end - at < finder->run_most &&
		finder->in_run[(uint8_t)text.data[*end]]) {
		if ((uint8_t)text.data[*end] > 0x7f)
			return false;
		++*end;
	}
	return true;
}
