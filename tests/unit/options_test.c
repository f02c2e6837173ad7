/* A command line as a table of options: what is read, what is refused and in which words, and the
 * help made from it. */
#include "cmocka_all.h"

#include "base/near.h"
#include "base/options.h"
#include "base/span.h"

#include <stdio.h>
#include <string.h>

struct arguments {
	bool flag, other;
	const char *text;
	int choice;
	long long count;
	struct option_list list;
};

static const struct option_info rows[] = {
	{OPTION_FLAG(struct arguments, flag), .name = "flag", .letter = 'f', .about = "a flag"},
	{OPTION_FLAG(struct arguments, other), .name = "other", .letter = 'o',
		.about = "another one, of which there is so much to say that a single line does "
			 "not hold it all"},
	{OPTION_TEXT(struct arguments, text), .name = "text", .value = "T", .about = "words"},
	{OPTION_CHOICE(struct arguments, choice), .name = "choice", .value = "one|two|three",
		.about = "a word of some"},
	{OPTION_COUNT(struct arguments, count), .name = "count", .value = "N", .about = "a number"},
	{OPTION_LIST(struct arguments, list), .name = "list", .value = "NAME=VALUE",
		.about = "as often as wanted"},
	{.name = "nothing", .letter = 'n', .about = "taken, and changes nothing"},
};
static const struct option_table table = {.rows = rows, .count = ARRAY_LENGTH(rows)};

#define WORDS_MOST 12

struct reading {
	char text[100];
	char *words[WORDS_MOST + 1];
	int count;
	const char *items[WORDS_MOST];
	struct arguments arguments;
	struct option_reading reading;
	struct error error;
	bool good;
};

/* words: argv behind the program's name, between bars. */
static void read_words(struct reading *reading, const char *words)
{
	*reading = (struct reading){.count = 1};
	reading->arguments.list.items = reading->items;
	snprintf(reading->text, sizeof reading->text, "%s", words);
	for (char *word = reading->text; word;) {
		char *bar = strchr(word, '|');
		assert_true(reading->count < WORDS_MOST);
		reading->words[reading->count++] = word;
		if (bar)
			*bar++ = '\0';
		word = bar;
	}
	reading->good = options_read(&table, reading->count, reading->words, &reading->arguments,
		&reading->reading, &reading->error);
}

static void options_stand_anywhere(void **state)
{
	(void)state;
	struct reading first;
	read_words(&first, "a|--flag|b|--text|-x|c|--count=7|-on");
	assert_true(first.good);
	assert_int_equal(first.reading.operands, 3);
	assert_string_equal(first.words[1], "a");
	assert_string_equal(first.words[2], "b");
	assert_string_equal(first.words[3], "c");
	assert_true(first.arguments.flag && first.arguments.other);
	assert_string_equal(first.arguments.text, "-x");
	assert_int_equal(first.arguments.count, 7);
}

static void dashes_end_options(void **state)
{
	(void)state;
	struct reading reading;
	read_words(&reading, "-f|--|--flag|-|--|-z");
	assert_true(reading.good && reading.arguments.flag);
	assert_int_equal(reading.reading.operands, 4);
	assert_string_equal(reading.words[1], "--flag");
	assert_string_equal(reading.words[2], "-");
	assert_string_equal(reading.words[3], "--");
	assert_string_equal(reading.words[4], "-z");
	struct reading operand;
	read_words(&operand, "-|-f");
	assert_true(operand.good && operand.arguments.flag);
	assert_int_equal(operand.reading.operands, 1);
}

static void values_are_read(void **state)
{
	(void)state;
	struct reading reading;
	read_words(&reading, "--choice|three|--list|a=1|--list=b=2|--text=|-ff");
	assert_true(reading.good);
	assert_int_equal(reading.arguments.choice, 2);
	assert_int_equal(reading.arguments.list.count, 2);
	assert_string_equal(reading.arguments.list.items[0], "a=1");
	assert_string_equal(reading.arguments.list.items[1], "b=2");
	assert_string_equal(reading.arguments.text, "");
}

static void help_ends_reading(void **state)
{
	(void)state;
	struct reading reading;
	read_words(&reading, "x|--help|--nosuch");
	assert_true(reading.good && reading.reading.help);
	struct reading value;
	read_words(&value, "--text|--help");
	assert_true(value.good && !value.reading.help);
	struct reading operand;
	read_words(&operand, "--|-h");
	assert_true(operand.good && !operand.reading.help);
}

static void slips_are_named(void **state)
{
	static const struct {
		const char *words, *message;
	} slips[] = {
		{"--flga", "there is no option --flga; did you mean --flag?"},
		{"--flagged=1", "there is no option --flagged; did you mean --flag?"},
		{"--xyz", "there is no option --xyz"},
		{"--coun|3", "there is no option --coun; did you mean --count?"},
		{"-fz", "there is no option -z"},
		{"-\xc3\xa9x", "there is no option -\xc3\xa9"},
		{"--flag=yes", "--flag takes no value"},
		{"--text", "--text needs a value: --text T"},
		{"--choice|four", "--choice takes one|two|three, not `four`"},
		{"--choice|", "--choice takes one|two|three, not ``"},
		{"--choice|on", "--choice takes one|two|three, not `on`"},
		{"--count|0", "--count takes a whole number from 1 up, not `0`"},
		{"--count|-5", "--count takes a whole number from 1 up, not `-5`"},
		{"--count|5x", "--count takes a whole number from 1 up, not `5x`"},
		{"--count|9223372036854775808",
			"--count takes a whole number from 1 up, not `9223372036854775808`"},
		{"--count|--flag", "--count takes a whole number from 1 up, not `--flag`"},
		{"--text|a|--text|b", "--text may stand once, with one value"},
		{"--count|5|--count=5", "--count may stand once, with one value"},
	};
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(slips); i++) {
		struct reading reading;
		read_words(&reading, slips[i].words);
		assert_false(reading.good);
		assert_int_equal(reading.error.code, ERROR_USAGE);
		assert_string_equal(reading.error.message, slips[i].message);
	}
}

static void help_is_made_from_the_table(void **state)
{
	(void)state;
	struct buffer out = {0};
	options_usage(&table, "usage: program FILE", &out);
	options_help(&table, &out);
	assert_string_equal(out.data,
		"usage: program FILE [-fon] [--text T] [--choice one|two|three] [--count N]\n"
		"         [--list NAME=VALUE]...\n"
		"  -f, --flag            a flag\n"
		"  -o, --other           another one, of which there is so much to say that a\n"
		"                        single line does not hold it all\n"
		"  --text T              words\n"
		"  --choice one|two|three\n"
		"                        a word of some\n"
		"  --count N             a number\n"
		"  --list NAME=VALUE     as often as wanted\n"
		"  -n, --nothing         taken, and changes nothing\n");
	buffer_free(&out);
}

static void text_is_wrapped(void **state)
{
	(void)state;
	struct buffer out = {0};
	options_wrap(&out, "one two\n\nthree", 0, 4);
	assert_string_equal(out.data, "one two\n\n    three\n");
	buffer_clear(&out);
	/* The 80th column is used; a word longer than a line stands alone. */
	options_wrap(&out,
		"1234567890 234567890 234567890 234567890 234567890 234567890 234567890 "
		"234567890 x",
		0, 2);
	assert_string_equal(out.data, "1234567890 234567890 234567890 234567890 234567890 "
				      "234567890 234567890 234567890\n  x\n");
	buffer_free(&out);
}

static void near_words(void **state)
{
	(void)state;
	assert_true(word_is_near(span_string("serach"), "search"));
	assert_true(word_is_near(span_string("lst"), "list"));
	assert_true(word_is_near(span_string("imports"), "import"));
	assert_true(word_is_near(span_string("undo"), "undo-import"));
	assert_false(word_is_near(span_string("xyz"), "new"));
	assert_false(word_is_near(span_string(""), "new"));
	assert_false(word_is_near(span_string("my.breach"), "search"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(options_stand_anywhere),
		cmocka_unit_test(dashes_end_options),
		cmocka_unit_test(values_are_read),
		cmocka_unit_test(help_ends_reading),
		cmocka_unit_test(slips_are_named),
		cmocka_unit_test(help_is_made_from_the_table),
		cmocka_unit_test(text_is_wrapped),
		cmocka_unit_test(near_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
