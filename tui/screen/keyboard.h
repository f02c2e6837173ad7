/*
 * keyboard.h: bytes from a terminal to keys.
 *
 * Pure: no descriptor, no clock. Bytes go in as they come; a key comes out when it is whole. What
 * a terminal may send and nobody asked for (mouse reports, answers, keys with odd modifiers) is
 * swallowed whole, so that its tail is never taken for commands.
 */
#ifndef TUI_SCREEN_KEYBOARD_H
#define TUI_SCREEN_KEYBOARD_H

#include "base/compiler.h"
#include "explore/key.h"

#include <stdbool.h>
#include <stddef.h>

#define KEYBOARD_SIZE 4096
/* Sequences of terminfo: arrows, home, end, pages, delete, back-tab, backspaces, F1 to F12. */
#define KEYBOARD_SEQUENCES 32
#define KEYBOARD_SEQUENCE_SIZE 16

struct keyboard_sequence {
	char bytes[KEYBOARD_SEQUENCE_SIZE];
	size_t length;
	key_code key;
};

struct keyboard {
	char bytes[KEYBOARD_SIZE];
	size_t start; /* first byte that is not taken yet */
	size_t end;
	bool pasting;
	struct keyboard_sequence sequences[KEYBOARD_SEQUENCES];
	size_t sequence_count;
};

enum keyboard_result {
	KEYBOARD_KEY,
	KEYBOARD_EMPTY,
	KEYBOARD_PARTIAL, /* more bytes will tell, or the time that passes without them */
};

/* Teaches it one sequence of this terminal. Empty and overlong ones are left out. */
void keyboard_learn(struct keyboard *keyboard, const char *bytes, key_code key);

/* Where the next bytes go, and how many fit: at least one, unless no key was taken since. */
char *keyboard_room(struct keyboard *keyboard, size_t *room);
void keyboard_filled(struct keyboard *keyboard, size_t length);

/* The next key. `late` says that what is there has waited long enough: a lone ESC is the key. */
enum keyboard_result keyboard_next(struct keyboard *keyboard, bool late, key_code *key) MUST_CHECK;

#endif
