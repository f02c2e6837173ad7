/*
 * input.h: bytes from a terminal to keys.
 *
 * Pure: no descriptor, no clock. Bytes go in as they come; a key comes out when it is whole. What
 * a terminal may send and nobody asked for (mouse reports, answers, keys with odd modifiers) is
 * swallowed whole, so that its tail is never taken for commands.
 */
#ifndef TUI_SCREEN_INPUT_H
#define TUI_SCREEN_INPUT_H

#include "base/compiler.h"
#include "explore/key.h"

#include <stdbool.h>
#include <stddef.h>

#define INPUT_SIZE 4096
/* Sequences of terminfo: arrows, home, end, pages, delete, back-tab, backspaces, F1 to F12. */
#define INPUT_SEQUENCES 32
#define INPUT_SEQUENCE_SIZE 16

struct input_sequence {
	char bytes[INPUT_SEQUENCE_SIZE];
	size_t length;
	key_code key;
};

struct input {
	char bytes[INPUT_SIZE];
	size_t start; /* first byte that is not taken yet */
	size_t end;
	bool pasting;
	struct input_sequence sequences[INPUT_SEQUENCES];
	size_t sequence_count;
};

enum input_result {
	INPUT_KEY,
	INPUT_EMPTY,
	INPUT_PARTIAL, /* more bytes will tell, or the time that passes without them */
};

/* Teaches it one sequence of this terminal. Empty and overlong ones are left out. */
void input_learn(struct input *input, const char *bytes, key_code key);

/* Where the next bytes go, and how many fit: at least one, unless no key was taken since. */
char *input_room(struct input *input, size_t *room);
void input_filled(struct input *input, size_t length);

/* The next key. `late` says that what is there has waited long enough: a lone ESC is the key. */
enum input_result input_next(struct input *input, bool late, key_code *key) MUST_CHECK;

#endif
