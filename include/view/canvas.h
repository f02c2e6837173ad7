/*
 * view/canvas.h: a grid of character cells, the only thing a view draws on.
 *
 * A canvas knows nothing of terminals, kinds or records. Every text goes through base/text.h on its
 * way in, so a canvas never holds a control character, and what is cut at an edge is cut between
 * clusters. Coordinates are columns and rows from 0; drawing outside is clipped, never an error.
 * The style of a cell is a role, not a colour: the screen decides how a role looks with 256, 8 or
 * no colours.
 */
#ifndef VIEW_CANVAS_H
#define VIEW_CANVAS_H

#include "base/compiler.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/* Sizes a terminal may claim are cut to these before anything is allocated. */
#define CANVAS_MAX_WIDTH 1024
#define CANVAS_MAX_HEIGHT 512

enum style {
	STYLE_NORMAL,
	STYLE_DIM,         /* said quietly: not stated, secondary */
	STYLE_STRONG,      /* a name, a number that matters */
	STYLE_HEADER,      /* the top line */
	STYLE_FRAME,       /* a pane's border */
	STYLE_FRAME_FOCUS, /* the border of the pane that has the keys */
	STYLE_TITLE,       /* a title in a border */
	STYLE_COLUMN,      /* column headings */
	STYLE_CURSOR,      /* the selected row of the focused pane */
	STYLE_SELECTED,    /* the selected row of another pane */
	STYLE_LINKED,      /* a row linked to the selected record */
	STYLE_HIT,         /* what a search matched */
	STYLE_MARK,        /* the visible mark in place of unsafe text */
	STYLE_LABEL,       /* a field's name */
	STYLE_WARNING,
	STYLE_ERROR,
	STYLE_KEY, /* a key in help and the bottom line */
	STYLE_PROMPT,
	STYLE_COUNT
};

struct canvas_cell {
	char bytes[24]; /* safe UTF-8 with NUL; empty in the second column of a wide cluster */
	uint8_t width;  /* 1 or 2; 0 in the second column of a wide cluster */
	uint8_t style;  /* enum style */
};

struct canvas {
	int width;
	int height;
	bool ascii;   /* only printable ASCII is drawn; borders, too */
	int cursor_x; /* where the hardware cursor rests; -1 where there is none */
	int cursor_y;
	struct canvas_cell *cells; /* width * height, row by row */
};

/* Gives the canvas a size (cut to the maxima, at least 1x1) and blanks it. False when out of
 * memory; the canvas is then as before. Start from a zeroed struct. */
bool canvas_resize(struct canvas *canvas, int width, int height) MUST_CHECK;
void canvas_free(struct canvas *canvas);
void canvas_clear(struct canvas *canvas);

/* Draws text from column x of row y, at most `width` columns, and returns the columns used. Text
 * that does not fit ends in … (> in ascii). Unsafe characters become marks in STYLE_MARK; line
 * ends and tabs in STYLE_DIM. */
int canvas_text(struct canvas *canvas, int x, int y, int width, struct span text, enum style style);
int canvas_string(
	struct canvas *canvas, int x, int y, int width, const char *string, enum style style);
int canvas_format(struct canvas *canvas, int x, int y, int width, enum style style,
	const char *format, ...) PRINTF_LIKE(6, 7);

/* As canvas_text, with the byte ranges hits[0..count) of text in STYLE_HIT. Ranges are sorted and
 * do not overlap; an empty range lights the cluster it stands before. `first` is the byte to begin
 * at (horizontal scroll). */
int canvas_text_hits(struct canvas *canvas, int x, int y, int width, struct span text, size_t first,
	const struct range *hits, size_t count, enum style style);

/* Blanks a rectangle in a style. */
void canvas_fill(struct canvas *canvas, int x, int y, int width, int height, enum style style);

/* A border, heavy when focused (= and # in ascii: the focus is never shown by colour alone). */
void canvas_frame(struct canvas *canvas, int x, int y, int width, int height, bool focused);

/* How much of a list is seen, drawn in column x from y over height rows: a thumb on a line. Rows
 * are counted from 0; nothing is drawn when all of them are seen. */
void canvas_scrollbar(
	struct canvas *canvas, int x, int y, int height, int64_t top, int64_t seen, int64_t total);

#endif
