/*
 * style.h: how each role of view/canvas.h looks with 256, 8 or no colours.
 */
#ifndef TUI_SCREEN_STYLE_H
#define TUI_SCREEN_STYLE_H

#include "view/canvas.h"

#include <curses.h>

struct style_look {
	attr_t plain;    /* attributes without colour: roles that matter differ by these alone */
	attr_t coloured; /* attributes beside the colours */
	short few[2];    /* foreground and background of 8 colours; -1 is the terminal's own */
	short many[2];   /* of 256 colours */
};

extern const struct style_look style_looks[STYLE_COUNT];

#endif
