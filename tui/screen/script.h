/*
 * script.h: a key script as steps; its form is told in screen/headless.h.
 */
#ifndef TUI_SCREEN_SCRIPT_H
#define TUI_SCREEN_SCRIPT_H

#include "base/error.h"
#include "base/span.h"
#include "explore/key.h"

#include <stdbool.h>
#include <stddef.h>

enum script_kind { SCRIPT_KEY, SCRIPT_SETTLE, SCRIPT_FRAME, SCRIPT_SIZE };

struct script_step {
	enum script_kind kind;
	int line; /* from 1 */
	key_code key;
	int width;
	int height;
	struct span title; /* points into the script's text */
};

struct script {
	struct script_step *steps;
	size_t count;
	size_t capacity;
};

/* Reads text into *script (zeroed before). ERROR_USAGE names the line and what is wrong with it;
 * the offset is the byte of the text. Free with script_free in either case. */
bool script_parse(
	struct script *script, struct span text, const char *name, struct error *error) MUST_CHECK;
void script_free(struct script *script);

#endif
