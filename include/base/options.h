/*
 * base/options.h: a command line as a table of options, from which it is read and explained.
 *
 *	struct arguments { bool json; long long limit; const char *sort; };
 *	static const struct option_info options[] = {
 *		{OPTION_FLAG(struct arguments, json), .name = "json", .about = "..."},
 *		{OPTION_COUNT(struct arguments, limit), .name = "limit", .value = "N",
 *			.about = "..."},
 *	};
 *
 * Options may stand before, between and behind the operands, up to a `--`. Long ones are `--name`,
 * `--name value` or `--name=value`, never cut short: what is unambiguous today is not tomorrow.
 * Short ones are flags and may stand together (`-ic`). `-` alone is an operand. An option with a
 * value may stand once, lists aside: of two values one would be passed over in silence.
 */
#ifndef BASE_OPTIONS_H
#define BASE_OPTIONS_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>

enum option_type {
	OPTION_TYPE_IGNORED, /* taken, and changes nothing */
	OPTION_TYPE_FLAG,    /* bool */
	OPTION_TYPE_TEXT,    /* const char *, of argv */
	OPTION_TYPE_CHOICE,  /* int: the number of the word among those of `value` */
	OPTION_TYPE_COUNT,   /* long long, 1 or more */
	OPTION_TYPE_LIST,    /* struct option_list */
};

/* Values of an option that may stand several times. items: room for as many as argv is long, the
 * caller's. */
struct option_list {
	const char **items;
	size_t count;
};

struct option_info {
	enum option_type type;
	size_t place;      /* of what it sets, within the caller's arguments */
	const char *name;  /* behind -- */
	char letter;       /* behind -; 0: none */
	const char *value; /* what a help calls it: `N`; of a choice its words: `table|csv|json` */
	const char *about; /* help line */
};

/* The type and place of a row, held against the type of the member. */
#define OPTION_PLACE(arguments, member, of) \
	(offsetof(arguments, member) + 0 * sizeof(_Generic(((arguments *)0)->member, of : 0)))
#define OPTION_FLAG(arguments, member) \
	.type = OPTION_TYPE_FLAG, .place = OPTION_PLACE(arguments, member, bool)
#define OPTION_TEXT(arguments, member) \
	.type = OPTION_TYPE_TEXT, .place = OPTION_PLACE(arguments, member, const char *)
#define OPTION_CHOICE(arguments, member) \
	.type = OPTION_TYPE_CHOICE, .place = OPTION_PLACE(arguments, member, int)
#define OPTION_COUNT(arguments, member) \
	.type = OPTION_TYPE_COUNT, .place = OPTION_PLACE(arguments, member, long long)
#define OPTION_LIST(arguments, member) \
	.type = OPTION_TYPE_LIST, .place = OPTION_PLACE(arguments, member, struct option_list)

/* Up to 64 rows. */
struct option_table {
	const struct option_info *rows;
	size_t count;
};

/* What was read of a command line. */
struct option_reading {
	int operands; /* they stand at argv[1] and on, the options behind them */
	bool help;    /* --help or -h was met, and nothing behind it was read */
};

/* Reads argv[1] to argv[argc - 1] into *arguments and moves the operands to the front. ERROR_USAGE
 * with a sentence that names the option at fault. */
bool options_read(const struct option_table *table, int argc, char **argv, void *arguments,
	struct option_reading *reading, struct error *error) MUST_CHECK;

/* ` [-ic] [--kind K] [--map FIELD=COLUMN]...` behind `begin`, in lines of up to 80 columns, the
 * later ones indented. */
void options_usage(const struct option_table *table, const char *begin, struct buffer *out);
/* A line or more for each option. */
void options_help(const struct option_table *table, struct buffer *out);

/* Text of one or more paragraphs (lines), its words in lines of up to 80 columns, the first of
 * which begins at a column, the others at the indent. ASCII, a column a byte; ends in a newline. */
void options_wrap(struct buffer *out, const char *text, size_t column, size_t indent);

#endif
