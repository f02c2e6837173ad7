/*
 * explore/commands.h: what a person can do, as one table: name, keys, help, where it works.
 *
 * The keymap, help (`?`), the palette (`:`), the bottom line and the tests are made from it. Keys
 * are in the text form of explore/key.h; alternatives are separated by blanks.
 */
#ifndef EXPLORE_COMMANDS_H
#define EXPLORE_COMMANDS_H

#include <stdint.h>

struct session;

enum command_where {
	WHERE_LIST = 1 << 0,    /* a list pane has the keys */
	WHERE_CARD = 1 << 1,    /* a record, related records, or the record pane */
	WHERE_SOURCE = 1 << 2,  /* the bytes of a source */
	WHERE_RESULTS = 1 << 3, /* hits of the whole case */
	WHERE_PANES = 1 << 4,   /* a place with panes, whichever has the keys */
	WHERE_TEXT = 1 << 5,    /* imports, help: nothing there leads anywhere */
	WHERE_RECORDS = WHERE_LIST | WHERE_CARD | WHERE_RESULTS | WHERE_SOURCE,
	WHERE_ANY = WHERE_RECORDS | WHERE_TEXT,
};

struct command {
	const char *name;  /* in the palette and in keys files */
	const char *keys;  /* "j <Down>"; "" when it has none */
	const char *help;  /* one line */
	const char *brief; /* for the bottom line; NULL: not there */
	unsigned where;
	void (*run)(struct session *session, const struct command *command, int64_t count);
	int64_t argument; /* for functions that serve several commands */
};

/* All of them, *count (may be NULL). */
const struct command *command_table(int *count);

/* Keys that are kept for what is not there yet, and what that is. */
struct command_planned {
	const char *keys; /* as in struct command */
	const char *help;
};
const struct command_planned *command_planned_table(int *count);

/* Where the keys go now: bits of command_where. */
unsigned command_where(const struct session *session);

#endif
