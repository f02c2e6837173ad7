/*
 * explore/keymap.h: from keys to commands: the table's keys, and what a keys file changes of them.
 *
 * A keys file has one binding a line; blank lines and lines that begin with # say nothing:
 *	map KEYS COMMAND     KEYS as in explore/key.h, COMMAND a name of the command table
 *	unmap KEYS           these keys mean nothing any more
 * Later lines win, and a file wins over the table. KEYS that begin other keys hide those.
 */
#ifndef EXPLORE_KEYMAP_H
#define EXPLORE_KEYMAP_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "explore/commands.h"
#include "explore/key.h"

#include <stdbool.h>
#include <stddef.h>

/* Keys of one sequence. */
#define KEYMAP_MAX_KEYS 8

struct keymap_binding {
	key_code keys[KEYMAP_MAX_KEYS];
	int count;
	const char *name; /* of a command; NULL: unmapped */
};

struct keymap {
	struct keymap_binding *bindings;
	size_t count;
	size_t capacity;
};

/* Adds the bindings of a keys file. ERROR_USAGE names the file and line at fault; what stands
 * before it is kept. */
bool keymap_read(
	struct keymap *keymap, struct span text, const char *file, struct error *error) MUST_CHECK;
void keymap_free(struct keymap *keymap);

enum keymap_result {
	KEYMAP_RUN,    /* *command is what the keys mean */
	KEYMAP_PREFIX, /* the beginning of something */
	KEYMAP_UNKNOWN,
};
enum keymap_result keymap_look_up(const struct keymap *keymap, const key_code *keys, int count,
	unsigned where, const struct command **command);

/* The keys of a command as they are now, in text form with blanks between them. */
void keymap_keys(const struct keymap *keymap, const struct command *command, struct buffer *out);
/* The same as they are written on the keys, two blanks between them: `j  Down  <`. At most `most`
 * of them; 0: all. */
void keymap_caps(
	const struct keymap *keymap, const struct command *command, int most, struct buffer *out);
void keymap_caps_text(struct span keys, int most, struct buffer *out);

/* What has to be typed behind these keys for a command; false when none of its keys begin so. */
bool keymap_rest(const struct keymap *keymap, const struct command *command, const key_code *typed,
	int count, struct buffer *out);

/* What keys will do that mean nothing yet; NULL: nothing is planned for them. */
const char *keymap_planned(const key_code *keys, int count);

#endif
