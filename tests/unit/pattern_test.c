/* What a pattern says of a cell: a table of hits, the search image, limits, and that JIT and the
 * interpreter agree. */
#include "cmocka_all.h"

#include "base/buffer.h"
#include "search/pattern.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define TEXT(literal)                          \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}
#define SMART                                 \
	{                                     \
		.letters = PATTERN_CASE_SMART \
	}
#define IGNORE                                 \
	{                                      \
		.letters = PATTERN_CASE_IGNORE \
	}
#define LITERAL                 \
	{                       \
		.literal = true \
	}
#define WORD                 \
	{                    \
		.word = true \
	}
#define WHOLE                      \
	{                          \
		.whole_cell = true \
	}
#define EXACT                                 \
	{                                     \
		.letters = PATTERN_CASE_EXACT \
	}

struct row {
	struct span pattern;
	struct pattern_options options;
	struct span cell;
	const char *hits; /* "start-end start-end", up to 8 of them */
};

static const struct row rows[] = {
	/* the cell's own ends */
	{TEXT("^b"), EXACT, TEXT("a\nb"), ""},
	{TEXT("(?m)^b"), EXACT, TEXT("a\nb"), "2-3"},
	{TEXT("a$"), EXACT, TEXT("a\nb"), ""},
	{TEXT("b$"), EXACT, TEXT("a\nb\n"), "2-3"},
	{TEXT("b\\z"), EXACT, TEXT("a\nb\n"), ""},
	{TEXT("a.b"), EXACT, TEXT("a\nb a\rb"), "4-7"},
	{TEXT("^$"), EXACT, TEXT(""), "0-0"},
	{TEXT("^$"), EXACT, TEXT("x"), ""},
	{TEXT(""), EXACT, TEXT("ab"), "0-0 1-1 2-2"},
	/* one after the other; empty matches are stepped over */
	{TEXT("a*"), EXACT, TEXT("baac"), "0-0 1-3 3-3 4-4"},
	{TEXT("a|(?=b)"), EXACT, TEXT("abb"), "0-1 1-1 2-2"},
	{TEXT("|a"), EXACT, TEXT("a"), "0-0 0-1 1-1"},
	{TEXT("x*"), EXACT, TEXT("\xe6\x97\xa5\xe6\x9c\xac"), "0-0 3-3 6-6"},
	{TEXT("(?<=a)b"), EXACT, TEXT("abbab"), "1-2 4-5"},
	{TEXT("\\Ga"), EXACT, TEXT("aaba"), "0-1 1-2"},
	{TEXT("\\bx"), EXACT, TEXT("xx x"), "0-1 3-4"},
	{TEXT("foo\\Kbar"), EXACT, TEXT("foobarfoobar"), "3-6 9-12"},
	{TEXT("foo\\K"), EXACT, TEXT("foofoo"), "3-3 6-6"},
	{TEXT("(*CRLF)$"), EXACT, TEXT("a\r\n"), "1-1 3-3"},
	/* case */
	{TEXT("host"), SMART, TEXT("HOST host"), "0-4 5-9"},
	{TEXT("Host"), SMART, TEXT("HOST Host"), "5-9"},
	{TEXT("\\W\\S\\p{Lu}\\x4A*x"), SMART, TEXT(" aBX"), "0-4"},
	{TEXT("(?<Name>a)\\k<Name>(?#Note)"), SMART, TEXT("Aa"), "0-2"},
	{TEXT("[[:upper:]b]x"), SMART, TEXT("QX"), "0-2"},
	{TEXT("(*ANYCRLF)(?J)(*pla:x)x"), SMART, TEXT("X"), "0-1"},
	{TEXT("(*pla:X)x"), SMART, TEXT("xX"), ""},
	{TEXT("\\QA\\Eb"), SMART, TEXT("ab AB Ab"), "6-8"},
	{TEXT("\xc3\x89t\xc3\xa9"), SMART, TEXT("\xc3\xa9t\xc3\xa9"), ""},
	{TEXT("\xc3\xa9t\xc3\xa9"), SMART, TEXT("\xc3\x89T\xc3\xa9"), "0-5"},
	{TEXT("stra\xc3\x9f"
	      "e"),
		IGNORE,
		TEXT("STRA\xe1\xba\x9e"
		     "E"),
		"0-8"},
	{TEXT("k"), IGNORE, TEXT("\xe2\x84\xaa"), "0-3"},
	{TEXT("A"), {.letters = PATTERN_CASE_SMART, .literal = true}, TEXT("aA"), "1-2"},
	/* Unicode */
	{TEXT("\\w+"), EXACT, TEXT("\xe4\xb8\x89\xe8\x8f\xb1 x"), "0-6 7-8"},
	{TEXT("\\d"), EXACT, TEXT("\xd9\xa3"), "0-2"},
	{TEXT("^.$"), EXACT, TEXT("\xf0\x9f\x94\x91"), "0-4"},
	/* literal */
	{TEXT("a.b*(*UTF)"), LITERAL, TEXT("axb a.b*(*UTF)"), "4-14"},
	{TEXT("\\Q\\E[("), LITERAL, TEXT("x\\Q\\E[("), "1-7"},
	{TEXT("(?C1)"), LITERAL, TEXT("(?C1)"), "0-5"},
	{TEXT("a b\n#"), LITERAL, TEXT("a b\n#"), "0-5"},
	{TEXT("a\0b"), LITERAL, TEXT("a\0b"), ""},
	{TEXT(".*"), {.literal = true, .whole_cell = true}, TEXT(".*"), "0-2"},
	{TEXT(".*"), {.literal = true, .whole_cell = true}, TEXT("a.*"), ""},
	/* words */
	{TEXT("a|ab"), WORD, TEXT("ab a_ a"), "0-2 6-7"},
	{TEXT("-x"), WORD, TEXT("a -x a-x"), "2-4"},
	{TEXT("(*UTF)(*LIMIT_MATCH=9999)(*LF)b"), WORD, TEXT("ab b"), "3-4"},
	{TEXT("\\Qb"), WORD, TEXT("ab b"), "3-4"},
	{TEXT("(?x) b # one"), WORD, TEXT("ab b"), "3-4"},
	{TEXT("(*CR)(?x) b # one"), WORD, TEXT("ab b"), "3-4"},
	{TEXT("(*NUL)(?x) b # one"), WORD, TEXT("ab b"), "3-4"},
	{TEXT("\xe8\x8f\xb1"), WORD, TEXT("\xe4\xb8\x89\xe8\x8f\xb1 \xe8\x8f\xb1"), "7-10"},
	/* whole cells */
	{TEXT("a|ab"), WHOLE, TEXT("ab"), "0-2"},
	{TEXT("a|ab"), WHOLE, TEXT("abc"), ""},
	{TEXT("a"), WHOLE, TEXT("a\n"), ""},
	{TEXT("(?m)^a$"), WHOLE, TEXT("a\na"), ""},
	{TEXT("x*"), WHOLE, TEXT(""), "0-0"},
	{TEXT("x*"), WHOLE, TEXT("xx"), "0-2"},
	{TEXT("b"), {.word = true, .whole_cell = true}, TEXT("b"), "0-1"},
	{TEXT("\\((?:[^()]|(?R))*\\)"), WHOLE, TEXT("(a(b)c)"), "0-7"},
	/* bytes that are no text */
	{TEXT("\\x1a+"), EXACT, TEXT("a\0\xff\xe4\xb8z"), "1-5"},
	{TEXT("a.b"), EXACT, TEXT("a\0b"), "0-3"},
	{TEXT("\\x00"), EXACT, TEXT("a\0b"), ""},
	{TEXT("a$"), EXACT, TEXT("a\xe4\xb8"), ""},
	{TEXT("\xc3\xbf"), EXACT, TEXT("\xff\xc3\xbf"), "1-3"},
	/* verbs */
	{TEXT("a(*SKIP)(*F)|."), EXACT, TEXT("aba"), "1-2"},
	{TEXT("(*NOTEMPTY)a*"), EXACT, TEXT("ba"), "1-2"},
	{TEXT("a(*SKIP)b|."), WHOLE, TEXT("aaa"), ""},
	{TEXT("a(*SKIP)b|.*"), WHOLE, TEXT("caa"), "0-3"},
};

static struct pattern *compiled(struct span text, struct pattern_options options)
{
	struct error error = {0};
	struct pattern *pattern = pattern_compile(text, &options, &error);
	if (!pattern)
		fail_msg("%.*s: %s", (int)text.length, text.data, error.message);
	return pattern;
}

static struct matcher *matching(const struct pattern *pattern, struct match_limits limits)
{
	struct matcher *matcher = matcher_new(pattern, &limits, NULL);
	assert_non_null(matcher);
	return matcher;
}

static void image_of(struct span cell, struct buffer *out)
{
	assert_true(buffer_reserve(out, cell.length));
	search_image(cell, out->data);
	out->length = cell.length;
}

/* Hits of a cell as "start-end ..." */
static void hits_of(struct matcher *matcher, struct span image, char *out, size_t size)
{
	size_t used = 0;
	struct range hit = {0};
	enum match_result result = matcher_cell(matcher, image, 0, &hit);
	out[0] = '\0';
	for (int i = 0; i < 8 && result == MATCH_YES; i++) {
		used += (size_t)snprintf(
			out + used, size - used, "%s%zu-%zu", i ? " " : "", hit.start, hit.end);
		result = matcher_next(matcher, image, &hit);
	}
	if (result != MATCH_NO)
		snprintf(out + used, size - used, " and more");
}

static void table_of_hits(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct row *row = &rows[i];
		struct pattern *pattern = compiled(row->pattern, row->options);
		struct matcher *matcher = matching(pattern, (struct match_limits){0});
		struct buffer image = {0};
		char hits[200];
		image_of(row->cell, &image);
		hits_of(matcher, buffer_span(&image), hits, sizeof hits);
		if (strcmp(hits, row->hits) != 0)
			fail_msg("%s on %s: %s, not %s", row->pattern.data, row->cell.data, hits,
				row->hits);
		buffer_free(&image);
		matcher_free(matcher);
		pattern_free(pattern);
	}
}

/* The same rows behind 2,000 bytes that match nothing: the cell is long, so that callouts stand in
 * the pattern. Rows that look at the cell's start are left out. */
static void long_cells_agree(void **state)
{
	(void)state;
	const size_t shift = 2000;
	size_t compared = 0;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct row *row = &rows[i];
		struct pattern *pattern = compiled(row->pattern, row->options);
		struct matcher *matcher = matching(pattern, (struct match_limits){0});
		struct buffer cell = {0}, image = {0};
		for (size_t at = 0; at < shift; at++)
			buffer_add_byte(&cell, '~');
		buffer_add_span(&cell, row->cell);
		image_of(buffer_span(&cell), &image);
		char hits[200], expected[200] = "";
		size_t used = 0;
		struct range hit = {0};
		enum match_result result = matcher_cell(matcher, buffer_span(&image), 0, &hit);
		if (result == MATCH_NO || hit.start >= shift) {
			char *copy = strdup(row->hits);
			assert_non_null(copy);
			for (char *word = strtok(copy, " -"); word; word = strtok(NULL, " -"))
				used += (size_t)snprintf(expected + used, sizeof expected - used,
					"%lu ", strtoul(word, NULL, 10) + shift);
			free(copy);
			used = 0;
			hits[0] = '\0';
			for (; result == MATCH_YES;
				result = matcher_next(matcher, buffer_span(&image), &hit))
				used += (size_t)snprintf(hits + used, sizeof hits - used,
					"%zu %zu ", hit.start, hit.end);
			assert_int_equal(result, MATCH_NO);
			if (hits[0] != '\0') {
				assert_string_equal(hits, expected);
				compared++;
			}
		}
		buffer_free(&cell);
		buffer_free(&image);
		matcher_free(matcher);
		pattern_free(pattern);
	}
	assert_true(compared > 25);
}

static void jit_and_interpreter_agree(void **state)
{
	(void)state;
	if (!pattern_jit_available())
		skip();
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct row *row = &rows[i];
		if (row->options.literal)
			continue;
		struct buffer text = {0}, image = {0};
		buffer_add_string(&text, "(*NO_JIT)");
		buffer_add_span(&text, row->pattern);
		struct pattern *pattern = compiled(buffer_span(&text), row->options);
		assert_false(pattern_uses_jit(pattern));
		struct matcher *matcher = matching(pattern, (struct match_limits){0});
		char hits[200];
		image_of(row->cell, &image);
		hits_of(matcher, buffer_span(&image), hits, sizeof hits);
		assert_string_equal(hits, row->hits);
		buffer_free(&text);
		buffer_free(&image);
		matcher_free(matcher);
		pattern_free(pattern);
	}
	struct pattern *pattern = compiled(span_string("a"), (struct pattern_options)EXACT);
	assert_true(pattern_uses_jit(pattern));
	pattern_free(pattern);
}

static void starts_where_it_is_told(void **state)
{
	(void)state;
	struct pattern *pattern =
		compiled(span_string("(?<=.)\xc3\xa9"), (struct pattern_options)EXACT);
	struct matcher *matcher = matching(pattern, (struct match_limits){0});
	struct span image = span_string("a\xc3\xa9\xc3\xa9");
	struct range hit = {0};
	assert_int_equal(matcher_cell(matcher, image, 1, &hit), MATCH_YES);
	assert_int_equal(hit.start, 1);
	/* Inside a character: the next one. */
	assert_int_equal(matcher_cell(matcher, image, 2, &hit), MATCH_YES);
	assert_int_equal(hit.start, 3);
	assert_int_equal(matcher_cell(matcher, image, 5, &hit), MATCH_NO);
	assert_int_equal(matcher_cell(matcher, image, 6, &hit), MATCH_NO);
	assert_int_equal(matcher_cell(matcher, span_string(NULL), 0, &hit), MATCH_NO);
	matcher_free(matcher);
	pattern_free(pattern);
}

static void errors_name_the_byte(void **state)
{
	(void)state;
	static const struct {
		struct span pattern;
		struct pattern_options options;
		long long offset;
		const char *words;
	} bad[] = {
		{TEXT("ab(c"), EXACT, 4, "missing closing parenthesis"},
		{TEXT("ab(c"), WORD, 4, "missing closing parenthesis"},
		{TEXT("a)b"), WORD, 1, "unmatched closing parenthesis"},
		{TEXT("(*UTF)a)|(b"), WORD, 7, "unmatched closing parenthesis"},
		{TEXT("[z-a]"), WHOLE, 3, "range out of order"},
		{TEXT("x\\C"), EXACT, 3, "\\C is disabled"},
		{TEXT("ab(?C1)c"), EXACT, 2, "callouts are not allowed"},
		{TEXT("ab(?C\"x(\")c"), EXACT, 2, "callouts are not allowed"},
		{TEXT("(*LIMIT_MATCH=9000000)a"), EXACT, 0, "LIMIT_MATCH"},
		{TEXT("(*LIMIT_HEAP=9000000)a"), EXACT, 0, "LIMIT_HEAP"},
		{TEXT("(*LIMIT_DEPTH=9000000)a"), EXACT, 0, "LIMIT_DEPTH"},
		{TEXT("a\xff"), EXACT, 1, "no UTF-8"},
		{TEXT("..\xff"), LITERAL, 2, "no UTF-8"},
		{TEXT("*a"), EXACT, 0, "quantifier"},
		{TEXT("a\\"), WORD, 2, "\\ at end"},
		{TEXT("((?:x{1,900}){1,900}){1,900}"), EXACT, -2, "too large"},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		struct error error = {0};
		assert_null(pattern_compile(bad[i].pattern, &bad[i].options, &error));
		assert_int_equal(error.code, ERROR_PATTERN);
		if (!strstr(error.message, bad[i].words))
			fail_msg("%s: %s", bad[i].pattern.data, error.message);
		if (bad[i].offset != -2 && error.offset != bad[i].offset)
			fail_msg("%s: %s", bad[i].pattern.data, error.message);
	}
	/* Limits may be lowered. */
	pattern_free(compiled(span_string("(*LIMIT_MATCH=10)a"), (struct pattern_options)EXACT));
}

static void long_and_deep_patterns_are_refused(void **state)
{
	(void)state;
	struct pattern_options options = {.letters = PATTERN_CASE_EXACT};
	struct error error = {0};
	size_t most = PATTERN_MAX_LENGTH;
	char *text = malloc(most + 1);
	assert_non_null(text);
	memset(text, 'a', most + 1);
	assert_null(pattern_compile(span_of(text, most + 1), &options, &error));
	assert_int_equal(error.code, ERROR_PATTERN);
	struct pattern *pattern = pattern_compile(span_of(text, most), &options, &error);
	assert_non_null(pattern);
	pattern_free(pattern);
	memset(text, '(', 1000);
	memset(text + 1000, ')', 1000);
	assert_null(pattern_compile(span_of(text, 2000), &options, &error));
	assert_int_equal(error.code, ERROR_PATTERN);
	free(text);
}

static void image_has_only_valid_text(void **state)
{
	(void)state;
	static const struct {
		struct span cell, image;
	} images[] = {
		{TEXT("plain text, longer than eight bytes"),
			TEXT("plain text, longer than eight bytes")},
		{TEXT("a\0b"), TEXT("a\x1a"
				    "b")},
		{TEXT("\0\0\0\0\0\0\0\0\1\2"), TEXT("\x1a\x1a\x1a\x1a\x1a\x1a\x1a\x1a\1\2")},
		{TEXT("\xc3\xa9\xe6\x97\xa5\xf0\x9f\x94\x91"),
			TEXT("\xc3\xa9\xe6\x97\xa5\xf0\x9f\x94\x91")},
		{TEXT("\xc0\xaf"), TEXT("\x1a\x1a")},                 /* overlong */
		{TEXT("\xe0\x9f\xbf"), TEXT("\x1a\x1a\x1a")},         /* overlong */
		{TEXT("\xed\xa0\x80"), TEXT("\x1a\x1a\x1a")},         /* surrogate */
		{TEXT("\xf4\x90\x80\x80"), TEXT("\x1a\x1a\x1a\x1a")}, /* above U+10FFFF */
		{TEXT("\xf5\x80"), TEXT("\x1a\x1a")},
		{TEXT("\xef\xbf\xbf"), TEXT("\xef\xbf\xbf")}, /* a noncharacter is text */
		{TEXT("\xe6\x97"), TEXT("\x1a\x1a")},         /* cut */
		{TEXT("\xe6\x97z"), TEXT("\x1a\x1az")},
		{TEXT("\x80x"), TEXT("\x1ax")},
		{TEXT(""), TEXT("")},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(images); i++) {
		char out[64];
		bool changed = search_image(images[i].cell, out);
		assert_memory_equal(out, images[i].image.data, images[i].image.length);
		assert_int_equal(changed, !span_equal(images[i].cell, images[i].image));
	}
}

/* PCRE2 itself is the referee of what is valid: a pattern's text is checked by it, and every image
 * compiles as a literal. */
static void image_is_what_pcre2_takes(void **state)
{
	(void)state;
	uint32_t random = 20200120;
	for (int round = 0; round < 20000; round++) {
		static const unsigned char leads[] = {0xc3, 0xe0, 0xe6, 0xed, 0xf0, 0xf4, 0xc0, 0};
		char cell[24], image[24];
		for (size_t i = 0; i < sizeof cell; i++) {
			random = random * 1664525 + 1013904223;
			unsigned high = random >> 24;
			cell[i] = (char)(high & 1 ? 0x80 | (high >> 2) : leads[high >> 5]);
		}
		struct span text = span_of(cell, sizeof cell);
		search_image(text, image);
		pattern_free(
			compiled(span_of(image, sizeof image), (struct pattern_options)LITERAL));
		struct pattern_options options = LITERAL;
		bool nul = memchr(cell, 0, sizeof cell) != NULL;
		struct pattern *same = nul ? NULL : pattern_compile(text, &options, NULL);
		assert_int_equal(same != NULL, memcmp(cell, image, sizeof cell) == 0);
		pattern_free(same);
	}
}

/* Milliseconds that a thread has worked: another program's share of the machine is none of them. */
static int64_t worked_milliseconds(pthread_t thread)
{
	clockid_t clock;
	struct timespec time;
	assert_int_equal(pthread_getcpuclockid(thread, &clock), 0);
	assert_int_equal(clock_gettime(clock, &time), 0);
	return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static enum match_result match_run_of(
	const char *text, char byte, size_t count, const char *tail, int64_t *milliseconds)
{
	struct pattern *pattern = compiled(span_string(text), (struct pattern_options)EXACT);
	struct matcher *matcher =
		matching(pattern, (struct match_limits){.cell_microseconds = 200000});
	struct buffer cell = {0};
	for (size_t i = 0; i < count; i++)
		buffer_add_byte(&cell, byte);
	buffer_add_string(&cell, tail);
	struct range hit;
	int64_t began = worked_milliseconds(pthread_self());
	enum match_result result = matcher_cell(matcher, buffer_span(&cell), 0, &hit);
	*milliseconds = worked_milliseconds(pthread_self()) - began;
	buffer_free(&cell);
	matcher_free(matcher);
	pattern_free(pattern);
	return result;
}

static void limits_leave_it_undecided(void **state)
{
	(void)state;
	static const struct {
		const char *pattern;
		char byte;
		size_t count;
		const char *tail;
		bool may_be_no;
	} slow[] = {
		{"^(a+)+$", 'a', 36, "X", false},
		{"(*NO_JIT)^(a+)+$", 'a', 36, "X", false},
		{"\\s+$", ' ', 65536, "x", true},
		{"(*NO_JIT)\\s+$", ' ', 65536, "x", false},
		{"(?=.*test)(?=.*ripgrep)", 'a', 131072, "", true},
		{"(*NO_JIT)(?=.*test)(?=.*ripgrep)", 'a', 131072, "", false},
		{"^(?:(a))*$", 'a', 1048576, "X", false},
		{"(*NO_JIT)^(?:(a))*$", 'a', 1048576, "X", false},
		{"(\\w+)\\s\\1*[xy]$", 'a', 131072, "x", false},
		{"a*a*a*[xy]$", 'a', 1000, "q", false},
		{"^(a|(?1)b)$", 'a', 100, "", true},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(slow); i++) {
		int64_t took = 0;
		enum match_result result = match_run_of(
			slow[i].pattern, slow[i].byte, slow[i].count, slow[i].tail, &took);
		bool good = result == MATCH_UNDECIDED || (slow[i].may_be_no && result == MATCH_NO);
		if (!good || took > 2000)
			fail_msg("%s: result %d after %lld ms", slow[i].pattern, (int)result,
				(long long)took);
	}
}

/* A pattern that could not decide many cells gets little time for each of the rest; what is decided
 * within that still is. */
static void undecided_cells_take_a_bounded_time(void **state)
{
	(void)state;
	struct pattern *pattern = compiled(
		span_string("(*NO_JIT)(?=(.*)x$)(?:.*){3}[xy]q|zz"), (struct pattern_options)EXACT);
	struct matcher *matcher =
		matching(pattern, (struct match_limits){.cell_microseconds = 300000,
					  .undecided_microseconds = 750000});
	struct buffer slow = {0}, quick = {0};
	for (int i = 0; i < 100000; i++)
		buffer_add_string(&slow, "a");
	buffer_add_string(&slow, "x");
	for (int i = 0; i < 2000; i++)
		buffer_add_string(&quick, "\n");
	buffer_add_string(&quick, "zz");
	struct range hit;
	int64_t began = worked_milliseconds(pthread_self());
	for (int i = 0; i < 103; i++)
		assert_int_equal(
			matcher_cell(matcher, buffer_span(&slow), 0, &hit), MATCH_UNDECIDED);
	/* Three that take all their time, and a hundred with three milliseconds. */
	assert_true(worked_milliseconds(pthread_self()) - began < 5000);
	/* That is enough for a quick one, unless another program has the machine just then. */
	enum match_result result = MATCH_UNDECIDED;
	for (int tries = 0; tries < 50 && result != MATCH_YES; tries++)
		result = matcher_cell(matcher, buffer_span(&quick), 0, &hit);
	assert_int_equal(result, MATCH_YES);
	buffer_free(&slow);
	buffer_free(&quick);
	matcher_free(matcher);
	pattern_free(pattern);
}

/* Recursion without an end fails in short cells for the want of stack: many of them take no longer
 * than some, and what can be decided in few steps is, before, between and after. */
static void endless_recursion_takes_a_bounded_time(void **state)
{
	(void)state;
	static const char *const patterns[] = {"q|(?R)", "(*NO_JIT)q|(?R)"};
	struct match_limits limits = {.undecided_microseconds = 1000000};
	for (size_t i = 0; i < ARRAY_LENGTH(patterns); i++) {
		struct pattern *pattern =
			compiled(span_string(patterns[i]), (struct pattern_options)EXACT);
		struct matcher *matcher = matching(pattern, limits);
		struct range hit;
		int64_t began = worked_milliseconds(pthread_self());
		for (int cell = 0; cell < 5000; cell++) {
			bool easy = cell % 1000 == 500;
			assert_int_equal(matcher_cell(matcher,
						 span_string(easy ? "quick" : "a cell"), 0, &hit),
				easy ? MATCH_YES : MATCH_UNDECIDED);
		}
		/* Each of them alone: 7 ms, and more for the interpreter. */
		assert_true(worked_milliseconds(pthread_self()) - began < 5000);
		matcher_free(matcher);
		pattern_free(pattern);
	}
}

/* A short cell that needs more than the quick steps is decided with all of them. */
static void short_cells_get_all_steps(void **state)
{
	(void)state;
	int64_t took = 0;
	assert_int_equal(match_run_of("^(a+)+$", 'a', 14, "X", &took), MATCH_NO);
	assert_int_equal(match_run_of("^(a+)+X$", 'a', 1000, "X", &took), MATCH_YES);
}

struct canceller {
	atomic_bool cancel;
	atomic_bool go;
	pthread_t matching;
	int64_t set_at; /* what the matching thread had worked then */
};

static void *cancel_soon(void *context)
{
	struct canceller *canceller = context;
	while (!atomic_load(&canceller->go))
		sched_yield();
	usleep(50000);
	canceller->set_at = worked_milliseconds(canceller->matching);
	atomic_store(&canceller->cancel, true);
	return NULL;
}

static void cancel_stops_inside_a_cell(void **state)
{
	(void)state;
	static const char *const patterns[] = {"(?=.*test)(?=.*ripgrep)",
		"(*NO_JIT)(?=.*test)(?=.*ripgrep)", "(\\w+)\\s\\1*[xy]$"};
	struct buffer cell = {0};
	for (size_t i = 0; i < 256 * 1024; i++)
		buffer_add_byte(&cell, 'a');
	buffer_add_byte(&cell, 'x');
	for (size_t i = 0; i < ARRAY_LENGTH(patterns); i++) {
		struct canceller canceller = {.matching = pthread_self()};
		struct pattern *pattern =
			compiled(span_string(patterns[i]), (struct pattern_options)EXACT);
		struct matcher *matcher =
			matching(pattern, (struct match_limits){.cell_microseconds = 20000000,
						  .cancel = &canceller.cancel});
		pthread_t thread;
		assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &canceller), 0);
		struct range hit;
		atomic_store(&canceller.go, true);
		enum match_result result = matcher_cell(matcher, buffer_span(&cell), 0, &hit);
		int64_t ended = worked_milliseconds(pthread_self());
		pthread_join(thread, NULL);
		assert_int_equal(result, MATCH_CANCELLED);
		assert_true(ended - canceller.set_at <= 50);
		/* The flag is seen in the shortest cell, too. */
		assert_int_equal(matcher_cell(matcher, span_string("a"), 0, &hit), MATCH_CANCELLED);
		matcher_free(matcher);
		pattern_free(pattern);
	}
	buffer_free(&cell);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_of_hits),
		cmocka_unit_test(long_cells_agree),
		cmocka_unit_test(jit_and_interpreter_agree),
		cmocka_unit_test(starts_where_it_is_told),
		cmocka_unit_test(errors_name_the_byte),
		cmocka_unit_test(long_and_deep_patterns_are_refused),
		cmocka_unit_test(image_has_only_valid_text),
		cmocka_unit_test(image_is_what_pcre2_takes),
		cmocka_unit_test(limits_leave_it_undecided),
		cmocka_unit_test(undecided_cells_take_a_bounded_time),
		cmocka_unit_test(endless_recursion_takes_a_bounded_time),
		cmocka_unit_test(short_cells_get_all_steps),
		cmocka_unit_test(cancel_stops_inside_a_cell),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
