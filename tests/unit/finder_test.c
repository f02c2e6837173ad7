/* The finder finds what a look at every place finds, wherever it stands and whatever is around. */
#include "cmocka_all.h"

#include "../../tui/search/finder.h"
#include "base/buffer.h"

#include <stdlib.h>

static uint64_t next_random(uint64_t *state)
{
	uint64_t number = *state += 0x9e3779b97f4a7c15u;
	number = (number ^ (number >> 30)) * 0xbf58476d1ce4e5b9u;
	number = (number ^ (number >> 27)) * 0x94d049bb133111ebu;
	return number ^ (number >> 31);
}

static bool literal_at(
	const struct finder *finder, struct span literal, struct span text, size_t at)
{
	if (literal.length > text.length - at)
		return false;
	struct span here = span_slice(text, at, at + literal.length);
	return finder->ignores_case ? span_equal_ignoring_case(here, literal)
				    : span_equal(here, literal);
}

static bool is_at(const struct finder *finder, struct span text, size_t at)
{
	for (size_t i = 0; i < finder->literal_count; i++)
		if (literal_at(finder, finder->literals[i].text, text, at))
			return true;
	if (finder->type != FINDER_RUN || text.length - at < finder->run)
		return false;
	for (size_t i = 0; i < finder->run; i++)
		if (!finder->in_run[(uint8_t)text.data[at + i]])
			return false;
	return true;
}

static size_t slowly(const struct finder *finder, struct span text, size_t from)
{
	for (; from < text.length; from++)
		if (is_at(finder, text, from))
			return from;
	return FINDER_NOWHERE;
}

static const struct {
	const char *pattern;
	enum finder_type type;
	const char *alphabet; /* of the text, */
	const char *piece;    /* with this strewn in */
} rows[] = {
	{"abc", FINDER_LITERAL, "abc", ""},
	{"(?i)aBc", FINDER_LITERAL, "abcABC#", ""},
	{"a", FINDER_LITERAL, "abc", ""},
	{"(?i)[[{`{]x", FINDER_LITERAL, "[{xX", ""},
	{"logon|token", FINDER_LITERAL, "logntke", "token"},
	{"aab|bba|abababab", FINDER_LITERAL, "ab", ""},
	{"(?i)aab|bba|x[yz]abababab", FINDER_LITERAL, "abABxyz", "xyABabaBab"},
	{"aa1|bb2|cc3|dd4|ee5|ff6|gg7|hh8", FINDER_LITERAL, "abcdefgh12345678", "hh8"},
	{"鎌倉", FINDER_LITERAL, "\xe9\x8e\x8c\xe5\x80\x89", "鎌倉"},
	{"[a-f0-9]{3}", FINDER_RUN, "abcxyz019", ""},
	{"[a-f0-9]{32}", FINDER_RUN, "abcdefabcdefabcdef01234567890x", ""},
	{"[a-c]{63}", FINDER_RUN, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax", ""},
	{"[a-c]{64}", FINDER_RUN, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax", ""},
	{"[a-c]{65}", FINDER_RUN, "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaax", ""},
	{"[a-c]{200}", FINDER_RUN,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaa"
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
		"aaaaaaaax",
		""},
	{"\\d{5}", FINDER_RUN, "0123456789\xd9\xa3 x", ""},
	{"\\d+", FINDER_RUN, "0xyz", ""},
	{"[acegikmoqsuwy]{2}", FINDER_RUN, "abcdefghijklmn", ""}, /* too many ranges */
	{"[\\x01-\\x7f]{9}", FINDER_RUN, "abcdefghijklmn\x7f\x80", ""},
};

static struct span random_text(
	struct buffer *text, const char *alphabet, const char *piece, uint64_t *random)
{
	size_t letters = strlen(alphabet);
	buffer_clear(text);
	for (size_t length = next_random(random) % 700; length > 0; length--) {
		uint64_t roll = next_random(random);
		if (next_random(random) % 50 == 0)
			buffer_add_string(text, piece);
		buffer_add_byte(text, roll % 997 == 0 ? '\0' : alphabet[roll / 1024 % letters]);
	}
	return buffer_span(text);
}

/* Of texts that a pattern is, the first that is there ends a match, as PCRE2 has it. */
static void first_in_order(void **state)
{
	(void)state;
	static const struct {
		const char *pattern, *text;
		size_t at, end;
	} texts[] = {{"abc|xyz|abcde", "xxabcdexxxxxxxxxxxxxxxxxxxxxxx", 2, 5},
		{"abcde|xyz|abc", "xxabcdexxxxxxxxxxxxxxxxxxxxxxx", 2, 7},
		{"abcde|xyz|abc", "xxxxxxxxxxxxxxxxxxxxxxxxxxxabc", 27, 30},
		{"bcd|abcde|cd", "..bcdabcde", 2, 5}, {"logon|token", "a token", 2, 7}};
	struct error error;
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
		struct pattern *pattern = pattern_compile(
			span_string(texts[i].pattern), &(struct pattern_options){0}, &error);
		struct plan *plan = pattern ? plan_new(pattern, &error) : NULL;
		assert_non_null(plan);
		struct finder finder;
		finder_make(&finder, plan);
		struct span text = span_string(texts[i].text);
		size_t end, at = finder_next(&finder, text, 0);
		assert_true(finder.literal_count > 1);
		assert_int_equal(at, texts[i].at);
		assert_true(finder_match(&finder, text, at, &end));
		assert_int_equal(end, texts[i].end);
		plan_free(plan);
		pattern_free(pattern);
	}
}

static void as_slowly(void **state)
{
	(void)state;
	uint64_t random = 20200120;
	struct buffer text = {0};
	struct error error;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		struct pattern *pattern = pattern_compile(
			span_string(rows[i].pattern), &(struct pattern_options){0}, &error);
		assert_non_null(pattern);
		struct plan *plan = plan_new(pattern, &error);
		assert_non_null(plan);
		struct finder finder;
		finder_make(&finder, plan);
		assert_int_equal(finder.type, rows[i].type);
		size_t found = 0;
		for (int round = 0; round < 300; round++) {
			struct span whole =
				random_text(&text, rows[i].alphabet, rows[i].piece, &random);
			for (size_t from = next_random(&random) % 40; from <= whole.length;) {
				size_t at = finder_next(&finder, whole, from);
				if (at != slowly(&finder, whole, from))
					fail_msg("%s: from %zu of %zu it finds %zu, not %zu",
						rows[i].pattern, from, whole.length, at,
						slowly(&finder, whole, from));
				if (at == FINDER_NOWHERE)
					break;
				found++;
				from = at + 1 + next_random(&random) % 20;
			}
		}
		if (found < 100)
			fail_msg("%s: found %zu times", rows[i].pattern, found);
		plan_free(plan);
		pattern_free(pattern);
	}
	buffer_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_slowly), cmocka_unit_test(first_in_order)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
