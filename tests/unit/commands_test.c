/* The command table: every command is named once, documented, reachable, and no two clash. */
#include "cmocka_all.h"

#include "../../tui/explore/palette.h"
#include "explore/commands.h"
#include "explore/keymap.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

/* Without a keys file. */
static const struct keymap plain;

#define MAX_KEYS 8
#define MAX_ALTERNATIVES 8

struct sequence {
	key_code keys[MAX_KEYS];
	int count;
};

static int sequences_of(const char *text, struct sequence sequences[MAX_ALTERNATIVES])
{
	int count = 0;
	struct span rest = span_string(text);
	while (rest.length > 0) {
		const char *blank = memchr(rest.data, ' ', rest.length);
		size_t length = blank ? (size_t)(blank - rest.data) : rest.length;
		struct span one = span_of(rest.data, length);
		struct sequence *sequence = &sequences[count++];
		sequence->count = 0;
		for (size_t at = 0; at < one.length;)
			assert_true(key_parse(one, &at, &sequence->keys[sequence->count++]));
		assert_true(sequence->count > 0);
		rest = span_slice(rest, length + 1, rest.length);
	}
	return count;
}

static void commands_are_named_once_and_documented(void **state)
{
	(void)state;
	int count;
	const struct command *table = command_table(&count);
	for (int i = 0; i < count; i++) {
		assert_true(strlen(table[i].name) > 0 && strlen(table[i].name) < 20);
		assert_true(strlen(table[i].help) >= 8 && strlen(table[i].help) < 80);
		assert_true(islower((unsigned char)table[i].help[0]));
		assert_non_null(table[i].run);
		assert_true(table[i].where != 0);
		for (int k = 0; k < i; k++)
			if (table[i].where & table[k].where)
				assert_string_not_equal(table[i].name, table[k].name);
	}
}

/* Neither the same keys twice in one place, nor one the beginning of another. */
static void keys_do_not_clash(void **state)
{
	(void)state;
	int count;
	const struct command *table = command_table(&count);
	for (int i = 0; i < count; i++) {
		struct sequence mine[MAX_ALTERNATIVES], theirs[MAX_ALTERNATIVES];
		int own = sequences_of(table[i].keys, mine);
		for (int k = 0; k < i; k++) {
			if (!(table[i].where & table[k].where))
				continue;
			/* Tab means the pane on a board even while its record has the keys. */
			if (strcmp(table[k].keys, table[i].keys) == 0 &&
				strstr(table[i].keys, "Tab"))
				continue;
			int other = sequences_of(table[k].keys, theirs);
			for (int a = 0; a < own; a++)
				for (int b = 0; b < other; b++) {
					int shorter = mine[a].count < theirs[b].count
							      ? mine[a].count
							      : theirs[b].count;
					bool same =
						memcmp(mine[a].keys, theirs[b].keys,
							(size_t)shorter * sizeof(key_code)) == 0;
					if (same)
						print_message("%s clashes with %s\n", table[i].name,
							table[k].name);
					assert_false(same);
				}
		}
	}
}

static void every_key_reaches_its_command(void **state)
{
	(void)state;
	int count;
	const struct command *table = command_table(&count);
	for (int i = 0; i < count; i++) {
		struct sequence mine[MAX_ALTERNATIVES];
		int own = sequences_of(table[i].keys, mine);
		for (int a = 0; a < own; a++) {
			const struct command *found = NULL;
			for (int typed = 1; typed < mine[a].count; typed++)
				assert_int_equal(keymap_look_up(&plain, mine[a].keys, typed,
							 table[i].where, &found),
					KEYMAP_PREFIX);
			assert_int_equal(keymap_look_up(&plain, mine[a].keys, mine[a].count,
						 table[i].where & ~(unsigned)WHERE_PANES
							 ? table[i].where & ~(unsigned)WHERE_PANES
							 : table[i].where,
						 &found),
				KEYMAP_RUN);
			assert_ptr_equal(found->run, table[i].run);
		}
	}
	key_code nothing[] = {'g', 'Z'};
	const struct command *found = NULL;
	assert_int_equal(keymap_look_up(&plain, nothing, 2, WHERE_LIST, &found), KEYMAP_UNKNOWN);
}

/* DESIGN's keys that do nothing yet say so, wherever they are pressed, until a command takes them.
 */
static void planned_keys_are_free(void **state)
{
	(void)state;
	int rows;
	const struct command_planned *planned = command_planned_table(&rows);
	for (int i = 0; i < rows; i++) {
		struct sequence mine[MAX_ALTERNATIVES];
		int own = sequences_of(planned[i].keys, mine);
		for (int a = 0; a < own; a++) {
			const struct command *found = NULL;
			assert_int_equal(keymap_look_up(&plain, mine[a].keys, mine[a].count,
						 WHERE_ANY | WHERE_PANES, &found),
				KEYMAP_UNKNOWN);
			assert_ptr_equal(
				keymap_planned(mine[a].keys, mine[a].count), planned[i].help);
		}
	}
	assert_null(keymap_planned((key_code[]){'g', 'Z'}, 2));
	assert_null(keymap_planned((key_code[]){'g'}, 1));
}

/* What may follow a key is told of every command that it begins, and of no other. */
static void what_follows_a_key(void **state)
{
	(void)state;
	struct keymap keymap = {0};
	struct error error = {0};
	assert_true(
		keymap_read(&keymap, span_string("unmap gh\nmap g<F2> hosts\n"), "keys", &error));
	key_code typed[] = {'g'};
	int count;
	const struct command *table = command_table(&count);
	for (int i = 0; i < count; i++) {
		struct buffer rest = {0};
		bool begins = keymap_rest(&keymap, &table[i], typed, 1, &rest);
		bool hosts = strcmp(table[i].name, "hosts") == 0;
		bool expected = hosts || table[i].keys[0] == 'g';
		assert_int_equal(begins, expected);
		if (hosts)
			assert_string_equal(rest.data, "F2");
		else if (begins)
			assert_int_equal(rest.data[0], table[i].keys[1]);
		buffer_free(&rest);
	}
	keymap_free(&keymap);
}

static const char *meaning(const struct keymap *keymap, const char *text, unsigned where)
{
	struct sequence sequences[MAX_ALTERNATIVES];
	const struct command *found = NULL;
	assert_int_equal(sequences_of(text, sequences), 1);
	switch (keymap_look_up(keymap, sequences[0].keys, sequences[0].count, where, &found)) {
	case KEYMAP_RUN:
		return found->name;
	case KEYMAP_PREFIX:
		return "...";
	case KEYMAP_UNKNOWN:
		break;
	}
	return "nothing";
}

static void a_keys_file_wins(void **state)
{
	(void)state;
	struct keymap keymap = {0};
	struct error error = {0};
	assert_true(keymap_read(&keymap,
		span_string("# mine\n\nmap <F12> quit\nmap gz zoom\nunmap Q\nmap j up\n"
			    "map x exclude\nunmap x\n"),
		"keys", &error));
	assert_string_equal(meaning(&keymap, "<F12>", WHERE_LIST), "quit");
	assert_string_equal(meaning(&keymap, "Q", WHERE_LIST), "nothing");
	assert_string_equal(meaning(&keymap, "j", WHERE_LIST), "up");
	assert_string_equal(meaning(&keymap, "<Down>", WHERE_LIST), "down");
	assert_string_equal(meaning(&keymap, "x", WHERE_LIST), "nothing");
	assert_string_equal(meaning(&keymap, "g", WHERE_LIST), "...");
	assert_string_equal(meaning(&keymap, "gz", WHERE_PANES), "zoom");
	struct buffer keys = {0};
	int count;
	const struct command *table = command_table(&count);
	for (int i = 0; i < count; i++)
		if (strcmp(table[i].name, "quit") == 0)
			keymap_keys(&keymap, &table[i], &keys);
	assert_string_equal(keys.data, "<F12>");
	buffer_free(&keys);
	keymap_free(&keymap);
}

static void a_bad_keys_file_is_named_by_line(void **state)
{
	(void)state;
	static const char *const bad[][2] = {
		{"\nbind x quit", "keys, line 2: a line begins with map or unmap"},
		{"map <Nosuch> quit", "keys, line 1: these are no keys"},
		{"map", "keys, line 1: these are no keys"},
		{"map x fly", "keys, line 1: there is no such command; : lists them"},
		{"map x", "keys, line 1: there is no such command; : lists them"},
		{"map x quit now", "keys, line 1: too many words"},
		{"unmap x quit", "keys, line 1: too many words"},
		{"map aaaaaaaaa quit", "keys, line 1: these are no keys"},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		struct keymap keymap = {0};
		struct error error = {0};
		assert_false(keymap_read(&keymap, span_string(bad[i][0]), "keys", &error));
		assert_string_equal(error.message, bad[i][1]);
		keymap_free(&keymap);
	}
}

static void palette_prefers_beginnings(void **state)
{
	(void)state;
	assert_true(palette_score(span_string("se"), "search") >
		    palette_score(span_string("se"), "close-e"));
	assert_true(palette_score(span_string("se"), "search") >
		    palette_score(span_string("se"), "search-everywhere"));
	assert_true(palette_score(span_string("sev"), "search-everywhere") >= 0);
	assert_int_equal(palette_score(span_string("zz"), "search"), -1);
	assert_true(palette_score(span_string(""), "search") >= 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commands_are_named_once_and_documented),
		cmocka_unit_test(keys_do_not_clash),
		cmocka_unit_test(every_key_reaches_its_command),
		cmocka_unit_test(planned_keys_are_free),
		cmocka_unit_test(what_follows_a_key),
		cmocka_unit_test(a_keys_file_wins),
		cmocka_unit_test(a_bad_keys_file_is_named_by_line),
		cmocka_unit_test(palette_prefers_beginnings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
