/*
 * explore/columns.h: which fields of a list stand side by side, and how wide.
 *
 * Columns come in the kind's order, the ones that matter most first. A column is as wide as what
 * was seen of it, up to what its kind prefers, and beyond that where there is room; one that says
 * little takes little. What does not fit is reached by moving to the right.
 */
#ifndef EXPLORE_COLUMNS_H
#define EXPLORE_COLUMNS_H

#include "base/buffer.h"
#include "explore/list.h"

struct column {
	int field;
	int x; /* from the pane's inner left edge */
	int width;
};

/* Left of the first column: cursor, link, fold and basis signs and a blank. */
#define COLUMNS_SIGNS 5

/* Fields that a list of a kind shows, in order. Returns how many. */
int columns_of(enum kind kind, int fields[LIST_MAX_COLUMNS]);
/* Columns that fit into an inner width, from list->first_column on. Returns how many. */
int columns_fit(const struct list *list, int width, struct column columns[LIST_MAX_COLUMNS]);
/* Moves list->first_column until the chosen column is among those that fit. */
void columns_scroll(struct list *list, int width);
/* Columns at the right of an inner width for the notes of rows (how claims stand); 0: none. */
int columns_note(const struct list *list, int width);

/* Takes note of how wide what a row says is. Rows of one order only widen columns, so that they
 * stand still when one scrolls back. */
void columns_measure(struct list *list, const struct list_row *row);

/* What a row shows of a field: its cell, or the words that stand for a name that is not stated;
 * NULL: nothing. */
const struct cell *columns_shown(const struct record *record, int field);
/* What is written before a cell that stands for a name: a quotation mark before somebody's words,
 * the label before another field. */
#define COLUMNS_STAND_IN 64
void columns_stand_in(enum kind kind, const struct cell *cell, char sign[COLUMNS_STAND_IN]);
/* Whether a moment is a clock's of which nobody knows the zone: the header's is not its. */
bool columns_lacks_zone(const struct moment *moment);
/* A stamp that says what it means as it is shown in the zone of the header, `z?` behind it where
 * that is not known to hold; words as they were written, with our reading of them beside in so many
 * columns, and always the mark that there is one. Appended to out. */
void columns_time_text(const struct cell *cell, int width, bool ascii, struct buffer *out);

#endif
