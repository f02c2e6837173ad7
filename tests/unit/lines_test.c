/* A pattern over lines, in pieces of a few bytes, against a plain reading of the whole text. */
#include "cmocka_all.h"

#include "search/lines.h"

#include <stdio.h>
#include <string.h>

#define TEXT_MOST 200

struct text {
	struct span bytes;
	uint64_t fails_at; /* a read of this byte fails; UINT64_MAX: none does */
	atomic_bool cancel;
	int reads, cancel_after; /* reads; 0: never */
	uint64_t told;
};

static bool read_text(
	void *context, uint64_t start, uint64_t end, struct buffer *bytes, struct error *error)
{
	struct text *text = context;
	assert_true(start <= end && end <= text->bytes.length);
	if (start <= text->fails_at && text->fails_at < end)
		return error_set(error, ERROR_IO, "no such bytes");
	if (++text->reads == text->cancel_after)
		atomic_store(&text->cancel, true);
	buffer_add(bytes, text->bytes.data + start, end - start);
	return true;
}

static void tell(void *context, uint64_t bytes)
{
	((struct text *)context)->told = bytes;
}

struct search {
	struct text text;
	struct pattern *pattern;
	struct matcher *matcher;
	struct lines lines;
};

static void begin(struct search *search, struct span bytes, const char *pattern, size_t piece)
{
	struct error error;
	const struct pattern_options options = {.letters = PATTERN_CASE_SMART};
	*search = (struct search){.text = {.bytes = bytes, .fails_at = UINT64_MAX}};
	search->pattern = pattern_compile(span_string(pattern), &options, &error);
	assert_non_null(search->pattern);
	const struct match_limits limits = {.cancel = &search->text.cancel};
	search->matcher = matcher_new(search->pattern, &limits, &error);
	assert_non_null(search->matcher);
	search->lines = (struct lines){.size = bytes.length,
		.read = read_text,
		.progress = tell,
		.context = &search->text,
		.matcher = search->matcher,
		.cancel = &search->text.cancel,
		.piece = piece};
}

static void end(struct search *search)
{
	matcher_free(search->matcher);
	pattern_free(search->pattern);
}

/* The text as a whole: where matches begin, and how many lines have one. */
static size_t read_plainly(
	struct search *search, size_t starts[TEXT_MOST + 1], int64_t *lines, int64_t *hits)
{
	struct span bytes = search->text.bytes;
	size_t count = 0;
	*lines = *hits = 0;
	for (size_t at = 0; at < bytes.length;) {
		const char *feed = memchr(bytes.data + at, '\n', bytes.length - at);
		size_t end = feed ? (size_t)(feed - bytes.data) : bytes.length, next = end + 1;
		if (feed && end > at && bytes.data[end - 1] == '\r')
			end--;
		char image[TEXT_MOST];
		search_image(span_slice(bytes, at, end), image);
		struct span cell = span_of(image, end - at);
		struct range hit;
		enum match_result result = matcher_cell(search->matcher, cell, 0, &hit);
		++*lines;
		*hits += result == MATCH_YES;
		for (; result == MATCH_YES; result = matcher_next(search->matcher, cell, &hit)) {
			assert_true(count <= TEXT_MOST);
			starts[count++] = at + hit.start;
		}
		at = next;
	}
	return count;
}

static void check_next(
	struct search *search, const size_t *starts, size_t count, uint64_t from, bool backwards)
{
	struct lines_hit hit;
	struct error error;
	assert_true(lines_next(&search->lines, from, backwards, &hit, &error));
	assert_int_equal(hit.found, count > 0);
	if (count == 0)
		return;
	size_t at = 0;
	while (at < count && starts[at] < from)
		at++;
	bool wraps = backwards ? at == 0 : at == count;
	size_t wanted = backwards ? (wraps ? count - 1 : at - 1) : wraps ? 0 : at;
	assert_int_equal(hit.bytes.start, starts[wanted]);
	assert_int_equal(hit.wrapped, wraps);
}

static unsigned long long seed = 20200120;

static unsigned draw(unsigned below)
{
	seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
	return (unsigned)(seed >> 33) % below;
}

static void test_as_read_plainly(void **state)
{
	(void)state;
	static const char *const patterns[] = {"a", "^a", "b$", "^$", "a+", "\\x1a", "\xc3\xa9",
		"(?<=a)b", "$", "zz", "^.*$", "a|b"};
	static const char *const parts[] = {
		"a", "b", "ab", "\n", "\n\n", "\r\n", "\r", "\xc3\xa9", "\xff", "aaaa", "A"};
	for (int round = 0; round < 600; round++) {
		char bytes[TEXT_MOST];
		size_t length = 0, most = draw(TEXT_MOST - 8);
		while (length < most) {
			const char *part = parts[draw(ARRAY_LENGTH(parts))];
			memcpy(bytes + length, part, strlen(part));
			length += strlen(part);
			if (draw(30) == 0)
				bytes[length++] = '\0';
		}
		struct search search;
		begin(&search, span_of(bytes, length), patterns[draw(ARRAY_LENGTH(patterns))],
			1 + draw(20));
		size_t starts[TEXT_MOST + 1];
		int64_t lines, hits;
		struct lines_count counted;
		struct error error;
		size_t count = read_plainly(&search, starts, &lines, &hits);
		assert_true(lines_count(&search.lines, &counted, &error));
		assert_int_equal(counted.lines, lines);
		assert_int_equal(counted.hits, hits);
		assert_int_equal(counted.undecided, 0);
		assert_int_equal(search.text.told, length);
		for (uint64_t from = 0; from <= length + 1; from++) {
			check_next(&search, starts, count, from, false);
			check_next(&search, starts, count, from, true);
		}
		end(&search);
	}
}

/* Of a line that is too long the first bytes are looked at, and it is said to be undecided. */
static void test_long_line(void **state)
{
	(void)state;
	static const char text[] = "short\nabcdefghijabcdefghij\nshort j\n";
	struct search search;
	struct lines_count count;
	struct lines_hit hit;
	struct error error;
	begin(&search, span_string(text), "j", 4);
	search.lines.longest = 12;
	assert_true(lines_count(&search.lines, &count, &error));
	assert_int_equal(count.lines, 3);
	assert_int_equal(count.hits, 2);
	assert_int_equal(count.undecided, 1);
	assert_true(lines_next(&search.lines, 16, false, &hit, &error));
	assert_int_equal(hit.bytes.start, 33);
	end(&search);
	/* An end that is none. */
	begin(&search, span_string(text), "b$", 4);
	search.lines.longest = 12;
	assert_true(lines_count(&search.lines, &count, &error));
	assert_int_equal(count.hits, 0);
	assert_true(lines_next(&search.lines, 0, false, &hit, &error));
	assert_false(hit.found);
	end(&search);
}

static void test_stopped(void **state)
{
	(void)state;
	static const char text[] = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n";
	struct search search;
	struct lines_count count;
	struct lines_hit hit;
	struct error error = {0};
	begin(&search, span_string(text), "zz", 4);
	search.text.cancel_after = 3;
	assert_false(lines_count(&search.lines, &count, &error));
	assert_int_equal(error.code, ERROR_CANCELLED);
	assert_in_range(count.lines, 1, 3);
	search.text.reads = 0;
	atomic_store(&search.text.cancel, false);
	assert_false(lines_next(&search.lines, 0, false, &hit, &error));
	assert_int_equal(error.code, ERROR_CANCELLED);
	assert_false(hit.found);
	search.text.cancel_after = 0;
	atomic_store(&search.text.cancel, false);
	search.text.fails_at = 20;
	assert_false(lines_next(&search.lines, 0, true, &hit, &error));
	assert_int_equal(error.code, ERROR_IO);
	assert_false(lines_count(&search.lines, &count, &error));
	assert_int_equal(error.code, ERROR_IO);
	end(&search);
}

static void test_nothing(void **state)
{
	(void)state;
	struct search search;
	struct lines_count count;
	struct lines_hit hit;
	struct error error;
	begin(&search, span_string(""), "a*", 4);
	assert_true(lines_count(&search.lines, &count, &error));
	assert_int_equal(count.lines, 0);
	assert_true(lines_next(&search.lines, 0, false, &hit, &error));
	assert_false(hit.found);
	end(&search);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_as_read_plainly),
		cmocka_unit_test(test_long_line),
		cmocka_unit_test(test_stopped),
		cmocka_unit_test(test_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
