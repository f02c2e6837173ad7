/*
 * explore/key.h: a key press as a number, and its name in text.
 *
 * A key is a Unicode code point, or one of the constants below. The text form is what keys files,
 * scripts, help and error messages use: `j`, `<Enter>`, `<C-d>`, `<F3>`, `<PgUp>`, `<lt>`.
 */
#ifndef EXPLORE_KEY_H
#define EXPLORE_KEY_H

#include "base/compiler.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef uint32_t key_code;

#define KEY_CONTROL(letter) ((key_code)((letter)&0x1f))

enum {
	KEY_CODE_TAB = '\t',
	KEY_CODE_ENTER = '\r',
	KEY_CODE_ESCAPE = 0x1b,
	KEY_CODE_BACKSPACE = 0x7f,
	KEY_CODE_SPECIAL = 0x110000, /* first value above Unicode */
	KEY_CODE_UP,
	KEY_CODE_DOWN,
	KEY_CODE_LEFT,
	KEY_CODE_RIGHT,
	KEY_CODE_HOME,
	KEY_CODE_END,
	KEY_CODE_PAGE_UP,
	KEY_CODE_PAGE_DOWN,
	KEY_CODE_DELETE,
	KEY_CODE_BACK_TAB,
	KEY_CODE_F1, /* to F12, one after the other */
	KEY_CODE_F12 = KEY_CODE_F1 + 11,
	KEY_CODE_RESIZE,
	KEY_CODE_PASTE_START,
	KEY_CODE_PASTE_END,
};

/* Reads one key in text form at *at of text, which moves behind it. False when there is none:
 * an unknown <name> or the end. */
bool key_parse(struct span text, size_t *at, key_code *key) MUST_CHECK;

/* The text form, with a NUL. Not key_name: ncurses has one of its own. */
#define KEY_NAME_SIZE 16
void key_text(key_code key, char name[KEY_NAME_SIZE]);

#endif
