/*
 * paint.h: canvases to the bytes that bring a terminal from one to the next, by ncurses.
 *
 * ncurses never sees the terminal: it writes into a file in memory, and what it wrote is handed on
 * as bytes. So the loop alone decides when the terminal gets them, nothing blocks on a terminal
 * that takes nothing, and a terminal's claims about its size reach ncurses only when they are
 * clamped. One paint at a time, since ncurses is one.
 */
#ifndef TUI_SCREEN_PAINT_H
#define TUI_SCREEN_PAINT_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "keyboard.h"
#include "view/canvas.h"

#include <stdbool.h>

struct paint;

/* For the terminal of this name; ERROR_TERMINAL when terminfo does not know it or it cannot place
 * its cursor. The locale's LC_CTYPE is set before, with UTF-8 unless canvases are ASCII. */
struct paint *paint_open(const char *term, bool color, struct error *error) MUST_CHECK;
void paint_close(struct paint *paint);

/* Appends what brings the terminal to this canvas. False when out of memory or when the file in
 * memory fails. */
bool paint_canvas(struct paint *paint, const struct canvas *canvas, struct buffer *out,
	struct error *error) MUST_CHECK;
/* Nothing on the terminal is as it was left: the next canvas is painted whole. */
void paint_lost(struct paint *paint);
/* Appends what leaves the alternate screen; the next canvas enters it again. */
bool paint_leave(struct paint *paint, struct buffer *out, struct error *error) MUST_CHECK;

/* The shortest way out from any state, for a process that dies. */
void paint_restore(const struct paint *paint, struct buffer *out);
/* The size in terminfo, or 80x24. */
void paint_default_size(const struct paint *paint, int *width, int *height);
/* Teaches what this terminal's keys send. */
void paint_teach(const struct paint *paint, struct keyboard *keyboard);

#endif
