#include "base/options.h"

#include "base/near.h"
#include "base/span.h"

#include <string.h>

#define LINE_COLUMNS 80
/* Where the explanations of options begin. */
#define ABOUT_COLUMN 24

struct reader {
	const struct option_table *table;
	void *arguments;
	int argc, at; /* the next of argv */
	char **argv;
	unsigned long long given; /* a bit a row, of those with a value */
	struct error *error;
};

static bool takes_value(const struct option_info *option)
{
	return option->value != NULL;
}

/* ---- reading ---- */

static const struct option_info *find_name(const struct option_table *table, struct span name)
{
	for (size_t i = 0; i < table->count; i++)
		if (span_is(name, table->rows[i].name))
			return &table->rows[i];
	return NULL;
}

static bool unknown_name(struct reader *reader, struct span name)
{
	int length = (int)(name.length < 100 ? name.length : 100);
	for (size_t i = 0; i < reader->table->count; i++)
		if (word_is_near(name, reader->table->rows[i].name))
			return error_set(reader->error, ERROR_USAGE,
				"there is no option --%.*s; did you mean --%s?", length, name.data,
				reader->table->rows[i].name);
	return error_set(
		reader->error, ERROR_USAGE, "there is no option --%.*s", length, name.data);
}

/* The number of a word among words|with|bars, or -1. */
static int choice_of(const char *words, struct span word)
{
	for (int number = 0;; number++) {
		size_t length = strcspn(words, "|");
		if (span_equal(word, span_of(words, length)))
			return number;
		if (words[length] == '\0')
			return -1;
		words += length + 1;
	}
}

static bool set_value(struct reader *reader, const struct option_info *option, const char *value)
{
	void *place = (char *)reader->arguments + option->place;
	unsigned long long bit = 1ULL << (option - reader->table->rows);
	if (option->type != OPTION_TYPE_LIST && reader->given & bit)
		return error_set(reader->error, ERROR_USAGE, "--%s may stand once, with one value",
			option->name);
	reader->given |= bit;
	switch (option->type) {
	case OPTION_TYPE_TEXT:
		*(const char **)place = value;
		return true;
	case OPTION_TYPE_LIST: {
		struct option_list *list = place;
		list->items[list->count++] = value;
		return true;
	}
	case OPTION_TYPE_CHOICE:
		*(int *)place = choice_of(option->value, span_string(value));
		return *(int *)place >= 0 ||
		       error_set(reader->error, ERROR_USAGE, "--%s takes %s, not `%.100s`",
			       option->name, option->value, value);
	case OPTION_TYPE_COUNT:
		return (span_to_integer(span_string(value), place) && *(long long *)place > 0) ||
		       error_set(reader->error, ERROR_USAGE,
			       "--%s takes a whole number from 1 up, not `%.100s`", option->name,
			       value);
	case OPTION_TYPE_FLAG:
	case OPTION_TYPE_IGNORED:
		break;
	}
	return false;
}

static bool set_flag(struct reader *reader, const struct option_info *option)
{
	if (option->type == OPTION_TYPE_FLAG)
		*(bool *)((char *)reader->arguments + option->place) = true;
	return true;
}

/* `--name`, `--name=value` or `--name value`; word is what stands behind the dashes. */
static bool read_long(struct reader *reader, const char *word)
{
	const char *equal = strchr(word, '=');
	struct span name = equal ? span_of(word, (size_t)(equal - word)) : span_string(word);
	const struct option_info *option = find_name(reader->table, name);
	if (!option)
		return unknown_name(reader, name);
	if (!takes_value(option))
		return equal ? error_set(reader->error, ERROR_USAGE, "--%s takes no value",
				       option->name)
			     : set_flag(reader, option);
	if (equal)
		return set_value(reader, option, equal + 1);
	if (reader->at == reader->argc)
		return error_set(reader->error, ERROR_USAGE, "--%s needs a value: --%s %s",
			option->name, option->name, option->value);
	return set_value(reader, option, reader->argv[reader->at++]);
}

static bool read_letter(struct reader *reader, const char *letter)
{
	for (size_t i = 0; i < reader->table->count; i++)
		if (reader->table->rows[i].letter == *letter)
			return set_flag(reader, &reader->table->rows[i]);
	/* A character, not a byte of one. */
	size_t length = 1;
	while ((letter[length] & 0xc0) == 0x80)
		length++;
	return error_set(
		reader->error, ERROR_USAGE, "there is no option -%.*s", (int)length, letter);
}

/* Moves argv[at] to the place of operand number `operand`, those between one on. */
static void move_forward(char **argv, int operand, int at)
{
	char *word = argv[at];
	memmove(argv + operand + 1, argv + operand, (size_t)(at - operand) * sizeof *argv);
	argv[operand] = word;
}

bool options_read(const struct option_table *table, int argc, char **argv, void *arguments,
	struct option_reading *reading, struct error *error)
{
	struct reader reader = {.table = table,
		.arguments = arguments,
		.argc = argc,
		.at = 1,
		.argv = argv,
		.error = error};
	bool ended = false;
	*reading = (struct option_reading){0};
	while (reader.at < argc) {
		const char *word = argv[reader.at++];
		if (ended || word[0] != '-' || word[1] == '\0') {
			move_forward(argv, ++reading->operands, reader.at - 1);
		} else if (strcmp(word, "--") == 0) {
			ended = true;
		} else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
			reading->help = true;
			return true;
		} else if (word[1] == '-') {
			if (!read_long(&reader, word + 2))
				return false;
		} else {
			while (*++word)
				if (!read_letter(&reader, word))
					return false;
		}
	}
	return true;
}

/* ---- explaining ---- */

void options_wrap(struct buffer *out, const char *text, size_t column, size_t indent)
{
	bool begun = false; /* a word stands in this line */
	while (*text) {
		size_t length = strcspn(text, " \n");
		if (begun && column + 1 + length > LINE_COLUMNS) {
			buffer_add_format(out, "\n%*s", (int)indent, "");
			column = indent;
			begun = false;
		}
		if (begun)
			buffer_add_byte(out, ' ');
		buffer_add(out, text, length);
		column += begun + length;
		begun = true;
		text += length;
		if (*text == '\n') {
			buffer_add_format(
				out, "\n%*s", text[1] && text[1] != '\n' ? (int)indent : 0, "");
			column = indent;
			begun = false;
		}
		if (*text)
			text++;
	}
	buffer_add_byte(out, '\n');
}

static void add_usage(struct buffer *out, size_t *column, size_t indent, const char *item)
{
	size_t length = strlen(item);
	if (*column + 1 + length > LINE_COLUMNS) {
		buffer_add_format(out, "\n%*s", (int)indent, "");
		*column = indent;
	} else {
		buffer_add_byte(out, ' ');
		++*column;
	}
	buffer_add_string(out, item);
	*column += length;
}

void options_usage(const struct option_table *table, const char *begin, struct buffer *out)
{
	size_t column = strlen(begin), indent = 9;
	struct buffer item = {0};
	buffer_add_string(out, begin);
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].letter && !takes_value(&table->rows[i])) {
			buffer_add_string(&item, item.length == 0 ? "[-" : "");
			buffer_add_byte(&item, table->rows[i].letter);
		}
	if (item.length > 0) {
		buffer_add_byte(&item, ']');
		add_usage(out, &column, indent, buffer_failed(&item) ? "" : item.data);
	}
	for (size_t i = 0; i < table->count; i++) {
		const struct option_info *option = &table->rows[i];
		if (option->letter && !takes_value(option))
			continue;
		buffer_clear(&item);
		buffer_add_format(&item, "[--%s%s%s]%s", option->name,
			takes_value(option) ? " " : "", takes_value(option) ? option->value : "",
			option->type == OPTION_TYPE_LIST ? "..." : "");
		add_usage(out, &column, indent, buffer_failed(&item) ? "" : item.data);
	}
	out->failed |= buffer_failed(&item);
	buffer_add_byte(out, '\n');
	buffer_free(&item);
}

void options_help(const struct option_table *table, struct buffer *out)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct option_info *option = &table->rows[i];
		size_t start = out->length;
		if (option->letter)
			buffer_add_format(out, "  -%c, ", option->letter);
		else
			buffer_add_string(out, "  ");
		buffer_add_format(out, "--%s%s%s", option->name, takes_value(option) ? " " : "",
			takes_value(option) ? option->value : "");
		size_t column = out->length - start;
		if (column + 2 > ABOUT_COLUMN) {
			buffer_add_byte(out, '\n');
			column = 0;
		}
		buffer_add_format(out, "%*s", (int)(ABOUT_COLUMN - column), "");
		options_wrap(out, option->about, ABOUT_COLUMN, ABOUT_COLUMN);
	}
}
