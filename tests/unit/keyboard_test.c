/* Bytes from a terminal to keys. */
#include "cmocka_all.h"

#include "../../tui/screen/keyboard.h"

#include <stdlib.h>
#include <string.h>

/* Keys of `bytes` as text, fed `step` bytes at a time; a partial sequence at the end is late. */
static const char *keys_of(const char *bytes, size_t length, size_t step)
{
	static char text[4096];
	struct keyboard keyboard = {0};
	keyboard_learn(&keyboard, "\033[25~", KEY_CODE_DELETE);
	keyboard_learn(&keyboard, "\b", KEY_CODE_BACKSPACE);
	text[0] = '\0';
	for (size_t at = 0; at < length || at == 0; at += step) {
		size_t room = 0;
		char *to = keyboard_room(&keyboard, &room);
		const size_t count = length - at < step ? length - at : step;
		assert_true(room >= count);
		memcpy(to, bytes + at, count);
		keyboard_filled(&keyboard, count);
		key_code key = 0;
		while (keyboard_next(&keyboard, at + count == length, &key) == KEYBOARD_KEY) {
			char name[KEY_NAME_SIZE];
			key_text(key, name);
			strcat(text, name);
		}
		if (length == 0)
			break;
	}
	return text;
}

static void sequences_are_keys(void **state)
{
	(void)state;
	const struct {
		const char *bytes;
		const char *keys;
	} cases[] = {
		{"gh", "gh"},
		{"\r\t\x04\x7f", "<Enter><Tab><C-d><BS>"},
		{"\b", "<BS>"},
		{"\033[A\033OB\033[1;5C\033[D", "<Up><Down><Right><Left>"},
		{"\033[H\033OF\033[1~\033[4~", "<Home><End><Home><End>"},
		{"\033[5~\033[6;2~\033[3~\033[25~", "<PgUp><PgDn><Del><Del>"},
		{"\033[Z", "<S-Tab>"},
		{"\033OP\033[12~\033[[C\033[24~\033[1;2S", "<F1><F2><F3><F12><F4>"},
		{"\033", "<Esc>"},
		{"\033j", "<Esc>j"},
		{"\033\033[A", "<Esc><Up>"},
		{"\033[", "<Esc>["},
		{"三\xc3\xa9", "三é"},
		/* Swallowed whole. */
		{"a\033[<0;12;7Mb", "ab"},
		{"a\033[<0;12;7mb", "ab"},
		{"a\033[M !!b", "ab"},
		{"a\033[?1;2cb", "ab"},
		{"a\033[12;40Rb", "ab"},
		{"a\033[32;10;5Mb", "ab"},
		{"\033[1;2R\033OM", "<F3><Enter>"},
		{"a\033[97;5ub", "ab"},
		{"a\033Oxb", "ab"},
		{"a\033[1;2\rb", "a<Enter>b"},
		{"a\033[1;", "a"},
		/* No UTF-8. */
		{"\xff"
		 "a\xc3"
		 "b\xe4\xb8",
			"\xef\xbf\xbd"
			"a\xef\xbf\xbd"
			"b\xef\xbf\xbd\xef\xbf\xbd"},
		/* A paste is text, whatever is in it. */
		{"\033[200~a\033[Ab\r\033[201~\033[A", "<Paste>a<Esc>[Ab<Enter><PasteEnd><Up>"},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		const size_t length = strlen(cases[i].bytes);
		for (size_t step = 1; step <= length; step++)
			assert_string_equal(keys_of(cases[i].bytes, length, step), cases[i].keys);
	}
}

static void an_escape_waits(void **state)
{
	(void)state;
	struct keyboard keyboard = {0};
	size_t room = 0;
	key_code key = 0;
	*keyboard_room(&keyboard, &room) = '\033';
	keyboard_filled(&keyboard, 1);
	assert_int_equal(keyboard_next(&keyboard, false, &key), KEYBOARD_PARTIAL);
	assert_int_equal(keyboard_next(&keyboard, true, &key), KEYBOARD_KEY);
	assert_int_equal(key, KEY_CODE_ESCAPE);
	assert_int_equal(keyboard_next(&keyboard, true, &key), KEYBOARD_EMPTY);
}

/* Whatever comes, it ends, makes room again and keeps to itself. */
static void noise_does_no_harm(void **state)
{
	(void)state;
	static const char alphabet[] = "\033\033[[O0129;<~MA?\xff\xc3\xa9\b\x01z";
	srandom(20200120);
	struct keyboard keyboard = {0};
	for (int round = 0; round < 20000; round++) {
		size_t room = 0;
		char *to = keyboard_room(&keyboard, &room);
		assert_true(room > 0);
		size_t count = 1 + (size_t)random() % 200;
		count = count < room ? count : room;
		for (size_t i = 0; i < count; i++)
			to[i] = round % 2 ? alphabet[(size_t)random() % (sizeof alphabet - 1)]
					  : (char)random();
		keyboard_filled(&keyboard, count);
		key_code key = 0;
		while (keyboard_next(&keyboard, random() % 8 == 0, &key) == KEYBOARD_KEY)
			assert_true(key <= KEY_CODE_PASTE_END);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sequences_are_keys),
		cmocka_unit_test(an_escape_waits),
		cmocka_unit_test(noise_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
