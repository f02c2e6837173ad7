/*
 * screen/headless.h: the loop without a terminal: keys from a script, frames onto a file.
 *
 * A script has one step a line. Blank lines and lines that begin with `#` say nothing. Lines that
 * begin with `:` are directives:
 *	:frame [TITLE]   prints a frame
 *	:size WIDTHxHEIGHT
 *	:wait            until the program is idle
 *	:nowait KEYS     types keys and goes on at once
 * Any other line is keys in the text form of explore/key.h, typed one after the other (`gh`,
 * `/servers<Enter>`, `<C-d>`), and then a wait until the program is idle. `<:>` and `<#>` are a
 * colon and a hash at the beginning of a line; blanks at both ends of a line do not count.
 *
 * A frame is
 *	== frame TITLE 80x24 cursor 3,2
 *	|the rows, each behind a bar and without its trailing blanks
 *	-- styles
 *	  0 hhhhhhhh
 * The cursor is `none` where there is none. The style layer has the rows in which a style other
 * than normal occurs, by number from 0, one letter a column, trailing normals cut:
 *	. normal  d dim       b strong  h header    f frame    F focused frame  t title
 *	c column  C cursor    S selected  L linked  H hit      M mark           l label
 *	w warning E error     k key       p prompt
 */
#ifndef SCREEN_HEADLESS_H
#define SCREEN_HEADLESS_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "screen/loop.h"

#include <stdbool.h>
#include <stdio.h>

struct headless_settings {
	struct span script;
	const char *name; /* of the script, for errors */
	int width;        /* at the start; cut to CANVAS_MAX_* */
	int height;
	bool ascii;
	bool text_only; /* no style layer */
	FILE *out;
};

/* Reads `80x24`. False for anything but two numbers from 1 to 65535. */
bool headless_size(struct span text, int *width, int *height) MUST_CHECK;

/* Runs a script to its end. The whole script is read before the first key is typed: ERROR_USAGE
 * names the line at fault, as it does when steps are left after the program quit. ERROR_IO when
 * frames cannot be written. */
bool headless_run(const struct screen_program *program, const struct headless_settings *settings,
	struct error *error) MUST_CHECK;

#endif
