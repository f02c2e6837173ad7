/* Keys and their names. */
#include "cmocka_all.h"

#include "explore/key.h"

#include <string.h>

static key_code parse(const char *text)
{
	size_t at = 0;
	key_code key = 0;
	assert_true(key_parse(span_string(text), &at, &key));
	assert_int_equal(at, strlen(text));
	return key;
}

static void every_key_comes_back(void **state)
{
	(void)state;
	for (key_code key = 0; key <= 0x110100; key++) {
		char name[KEY_NAME_SIZE];
		memset(name, 'x', sizeof name);
		key_text(key, name);
		assert_non_null(memchr(name, '\0', sizeof name));
		if (parse(name) != key)
			fail_msg("key %#x is written %s and read %#x", (unsigned)key, name,
				(unsigned)parse(name));
	}
}

static void keys_have_their_names(void **state)
{
	(void)state;
	const struct {
		key_code key;
		const char *name;
	} cases[] = {
		{'j', "j"},
		{':', ":"},
		{'#', "#"},
		{'<', "<lt>"},
		{' ', "<Space>"},
		{KEY_CODE_ENTER, "<Enter>"},
		{KEY_CODE_ESCAPE, "<Esc>"},
		{KEY_CODE_TAB, "<Tab>"},
		{KEY_CODE_BACK_TAB, "<S-Tab>"},
		{KEY_CODE_BACKSPACE, "<BS>"},
		{KEY_CODE_F1 + 2, "<F3>"},
		{KEY_CODE_F12, "<F12>"},
		{KEY_CODE_PAGE_UP, "<PgUp>"},
		{KEY_CONTROL('d'), "<C-d>"},
		{0, "<C-@>"},
		{0x1f, "<C-_>"},
		{0x9b, "<U+009B>"},
		{0x4e09, "三"},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		char name[KEY_NAME_SIZE];
		key_text(cases[i].key, name);
		assert_string_equal(name, cases[i].name);
	}
	assert_int_equal(parse("<:>"), ':');
	assert_int_equal(parse("<#>"), '#');
	assert_int_equal(parse("<CR>"), KEY_CODE_ENTER);
	assert_int_equal(parse("<pgdn>"), KEY_CODE_PAGE_DOWN);
	assert_int_equal(parse("<C-D>"), KEY_CONTROL('d'));
	assert_int_equal(parse(">"), '>');
	assert_int_equal(parse(" "), ' ');
}

static void runs_are_read_one_by_one(void **state)
{
	(void)state;
	const key_code expected[] = {'g', 'h', KEY_CONTROL('d'), 0x83f1, '<', KEY_CODE_ENTER};
	const struct span text = span_string("gh<C-d>菱<lt><Enter>");
	size_t at = 0;
	for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
		key_code key = 0;
		assert_true(key_parse(text, &at, &key));
		assert_int_equal(key, expected[i]);
	}
	key_code key = 0;
	assert_false(key_parse(text, &at, &key));
}

static void what_is_no_key_is_refused(void **state)
{
	(void)state;
	const char *const bad[] = {"", "<", "<>", "<Nosuch>", "<C->", "<C-1>", "<C-dd>", "<F13>",
		"<U+9>", "<U+00g0>", "<U+0000000>", "<Enter", "\033", "\x7f", "\n", "\xff"};
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		size_t at = 0;
		key_code key = 0;
		if (key_parse(span_string(bad[i]), &at, &key))
			fail_msg("%s was read as a key", bad[i]);
		assert_int_equal(at, 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_key_comes_back),
		cmocka_unit_test(keys_have_their_names),
		cmocka_unit_test(runs_are_read_one_by_one),
		cmocka_unit_test(what_is_no_key_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
