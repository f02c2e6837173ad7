/* The index: what a block holds is never said to be lacking, and what is stored is checked. */
#include "../search_support.h"

#include "../../tui/search/postings_private.h"
#include "base/image.h"
#include "casefile/statement.h"

static void terms_of_a_text(void **state)
{
	(void)state;
	struct terms terms;
	assert_true(terms_begin(&terms));
	/* Upper case is folded; no trigram reaches over a NUL; the last text is forgotten. */
	assert_true(terms_find(&terms, span_of("zzzzzz", 7)));
	assert_true(terms_find(&terms, span_of("ABcd\0ef\0\0x", 11)));
	assert_int_equal(terms.count, 2);
	assert_int_equal(terms.trigrams[0], 0x616263);
	assert_int_equal(terms.trigrams[1], 0x626364);
	assert_int_equal(terms.cells, 4);
	/* Runs of five hexadecimal digits. */
	for (unsigned i = 0; i < sizeof terms.fine; i++)
		assert_int_equal(terms.fine[i], 0);
	assert_true(terms_find(&terms, span_of("xABCDEF-1234\0", 14)));
	unsigned set = 0;
	for (uint32_t i = 0; i < FINE_COUNT; i++)
		set += terms.fine[i / 8] >> i % 8 & 1;
	assert_int_equal(set, 2);
	uint32_t first = term_fine(0xabcde), second = term_fine(0xbcdef);
	assert_true(terms.fine[first / 8] >> first % 8 & 1);
	assert_true(terms.fine[second / 8] >> second % 8 & 1);
	terms_free(&terms);
}

struct row {
	struct span posting;
	size_t blocks;
	bool good;
	uint64_t bits;
};

#define BYTES(literal)                      \
	{                                   \
		literal, sizeof literal - 1 \
	}

static void postings(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{BYTES("\0\0"), 1, true, 1},
		{BYTES("\0\1\2"), 4, true, 0xa},
		{BYTES("\0\1\2"), 3, false, 0},
		{BYTES("\0\xff"), 3, false, 0},
		{BYTES("\0\x80\x80\x80\x80\x80\x80\x80\x80\x80\x7f"), 3, false, 0},
		{BYTES("\1\5"), 3, true, 5},
		{BYTES("\1\x0d"), 3, false, 0},
		{BYTES("\1\5\0"), 3, false, 0},
		{BYTES("\1\xff\1"), 9, true, 0x1ff},
		{BYTES("\2"), 5, true, 0x1f},
		{BYTES("\2\0"), 5, false, 0},
		{BYTES("\3\0"), 5, false, 0},
		{BYTES(""), 5, false, 0},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		uint64_t bits[1] = {0};
		assert_int_equal(
			posting_decode(rows[i].posting, rows[i].blocks, bits), rows[i].good);
		if (rows[i].good)
			assert_int_equal(bits[0], rows[i].bits);
	}
}

/* Every form of list says what was put into it. */
static void built_and_read(void **state)
{
	(void)state;
	struct growing *growing = growing_new();
	struct terms terms;
	assert_non_null(growing);
	assert_true(terms_begin(&terms));
	struct buffer text = {0};
	enum { BLOCKS = 200 };
	for (int i = 0; i < BLOCKS; i++) {
		buffer_clear(&text);
		buffer_add_string(&text, i % 2 ? "all odd" : "all even");
		if (i == 150)
			buffer_add_string(&text, " rare");
		buffer_add_byte(&text, '\0');
		assert_true(terms_find(&terms, buffer_span(&text)));
		struct segment_block block = {
			.id = i + 1, .first = i + 1, .records = 1, .cells = 1};
		assert_true(growing_add(growing, &block, &terms));
	}
	static const struct {
		const char *trigram;
		enum posting_form form;
	} expected[] = {{"all", POSTING_ALL}, {"odd", POSTING_BITMAP}, {"rar", POSTING_DELTAS}};
	uint32_t next = 0, term = 0;
	size_t seen = 0;
	while (growing_next(growing, &next, &term, &text)) {
		uint64_t bits[(BLOCKS + 63) / 64] = {0};
		assert_true(posting_decode(buffer_span(&text), BLOCKS, bits));
		for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
			if (term != plan_trigram(expected[i].trigram))
				continue;
			seen++;
			assert_int_equal(text.data[0], expected[i].form);
			for (int j = 0; j < BLOCKS; j++)
				assert_int_equal(bits[j / 64] >> j % 64 & 1,
					i == 0 || (i == 1 && j % 2) || (i == 2 && j == 150));
		}
	}
	assert_false(buffer_failed(&text));
	assert_int_equal(seen, ARRAY_LENGTH(expected));
	buffer_free(&text);
	terms_free(&terms);
	growing_free(growing);
}

/* A block's text at once is what its cells are one by one. */
static void joined_images(void **state)
{
	(void)state;
	struct dice dice = {.state = 3};
	struct buffer text = {0};
	for (int i = 0; i < 3000; i++) {
		buffer_clear(&text);
		for (unsigned part = dice_below(&dice, 40); part > 0; part--) {
			/* Some are images, so that many texts are. */
			size_t start = text.length;
			dice_text(&dice, &text);
			if (text.length > start && dice_below(&dice, 50) != 0)
				search_image(span_of(text.data + start, text.length - start),
					text.data + start);
			buffer_add_byte(&text, '\0');
		}
		bool good = true;
		size_t expected = 0;
		for (size_t at = 0; at < text.length; at++) {
			size_t end = at + strnlen(text.data + at, text.length - at);
			good = good && image_is(span_of(text.data + at, end - at));
			expected += end < text.length;
			at = end;
		}
		assert_int_equal(image_is_joined(buffer_span(&text)), good);
		assert_int_equal(image_count(buffer_span(&text)), expected);
	}
	buffer_free(&text);
}

static void import(struct test_case *test, struct writer *writer, uint64_t seed)
{
	struct dice dice = {.state = seed};
	struct search_index *index;
	WORKS(test, index = search_index_begin(test->file, writer, &test->error));
	dice_events(test, writer, &dice, 30000);
	test_finish(test, writer);
	search_index_end(index);
}

static int64_t number(struct test_case *test, const char *sql)
{
	struct statement *select;
	WORKS(test, select = statement_open_text(test->file, sql, &test->error));
	assert_int_equal(statement_step(select, &test->error), STATEMENT_ROW);
	int64_t value = statement_int(select, 0);
	statement_close(select);
	return value;
}

static void remember(void *context, const char *message)
{
	snprintf(context, 200, "%s", message);
}

static int64_t wrong(struct test_case *test, int64_t *blocks)
{
	char message[200] = "";
	struct index_check check = {.found = remember, .context = message};
	WORKS(test, index_verify(test->file, &check, &test->error));
	assert_int_equal(check.wrong > 0, message[0] != '\0');
	*blocks = check.blocks;
	return check.wrong;
}

static bool cancel(void *context, int64_t done, int64_t total)
{
	(void)context;
	return done * 2 < total;
}

static void still_searched(struct test_case *test)
{
	struct oracle oracle;
	oracle_load(test, &oracle);
	same_as_oracle(test, &oracle, span_string("foobar"), &(struct held){.threads = 1});
	oracle_free(&oracle);
}

static void verified(void **state)
{
	static const char *const changes[] = {
		"DELETE FROM posting WHERE term = 7299681", /* "oba" */
		"UPDATE posting SET blocks = x'02' WHERE term = (SELECT max(term) FROM posting)",
		"INSERT INTO posting(segment, term, blocks) VALUES(1, 1, x'0000')",
		"UPDATE block SET records = records + 1 WHERE id = 3",
		"UPDATE block SET text = (SELECT text FROM block WHERE id = 4) WHERE id = 3",
		"UPDATE segment SET blocks = x'0101'",
		"UPDATE segment SET blocks = NULL",
	};
	struct test_case *test = *state;
	int64_t blocks;
	import(test, test_writer(test, "a.csv"), 1);
	assert_int_equal(wrong(test, &blocks), 0);
	assert_int_equal(blocks, number(test, "SELECT count(*) FROM block"));
	struct index_check check = {.found = remember, .go_on = cancel};
	assert_false(index_verify(test->file, &check, &test->error));
	assert_int_equal(test->error.code, ERROR_CANCELLED);
	for (size_t i = 0; i < ARRAY_LENGTH(changes); i++) {
		WORKS(test, statement_execute(test->file, "BEGIN IMMEDIATE", &test->error));
		WORKS(test, statement_execute(test->file, changes[i], &test->error));
		bool not_whole = i == ARRAY_LENGTH(changes) - 1;
		if (wrong(test, &blocks) != (not_whole ? 0 : 1))
			fail_msg("%s: %lld", changes[i], (long long)blocks);
		/* What is not whole, or damaged, rules nothing out. */
		if (i >= 5)
			still_searched(test);
		WORKS(test, statement_execute(test->file, "ROLLBACK", &test->error));
	}
	assert_int_equal(wrong(test, &blocks), 0);
}

/* What an import wrote that did not end is gone with it, the index too. */
static void swept(void **state)
{
	struct test_case *test = *state;
	struct dice dice = {.state = 9};
	struct writer *writer = test_writer(test, "a.csv");
	struct search_index *index;
	WORKS(test, index = search_index_begin(test->file, writer, &test->error));
	dice_events(test, writer, &dice, 2000);
	int64_t source = writer_source_id(writer);
	struct buffer sql = {0};
	buffer_add_format(
		&sql, "INSERT INTO segment(id, source) VALUES(1, %lld)", (long long)source);
	WORKS(test, statement_execute(test->file, sql.data, &test->error));
	WORKS(test, statement_execute(test->file,
			    "INSERT INTO posting(segment, term, blocks) VALUES(1, 5, x'0000')",
			    &test->error));
	buffer_free(&sql);
	writer_abandon(writer);
	search_index_end(index);
	assert_int_equal(number(test, "SELECT count(*) FROM segment"), 0);
	assert_int_equal(number(test, "SELECT count(*) FROM posting"), 0);
	assert_int_equal(number(test, "SELECT count(*) FROM source"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(terms_of_a_text),
		cmocka_unit_test(postings),
		cmocka_unit_test(built_and_read),
		cmocka_unit_test(joined_images),
		cmocka_unit_test_setup_teardown(verified, test_begin, test_end),
		cmocka_unit_test_setup_teardown(swept, test_begin, test_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
