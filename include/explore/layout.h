/*
 * explore/layout.h: where panes stand at a size. Geometry is known here, so that commands can page
 * and jobs fetch what is seen; views only draw into it.
 */
#ifndef EXPLORE_LAYOUT_H
#define EXPLORE_LAYOUT_H

#include "explore/session.h"

/* Below this the screen says so and shows nothing else. */
#define LAYOUT_MIN_WIDTH 40
#define LAYOUT_MIN_HEIGHT 12

struct rect {
	int x, y, width, height; /* width or height 0: not on screen */
};

struct layout {
	bool too_small;
	struct rect lists[PLACE_MAX_LISTS]; /* with their frames */
	struct rect card;                   /* record pane, or the one card of a place */
	int rows[PLACE_MAX_LISTS];          /* records a list shows: without frame and headings */
	int card_rows;
	int body_y, body_height; /* between header and the two bottom lines */
};

/* For the session's place and size. */
struct layout layout_of(const struct session *session);

#endif
