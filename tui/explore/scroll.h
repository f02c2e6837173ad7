/*
 * scroll.h: a cursor among rows of which some are on screen: lists, results, cards and sources.
 */
#ifndef EXPLORE_SCROLL_H
#define EXPLORE_SCROLL_H

#include <stdint.h>

/* Rows that are kept in sight above and below a cursor, where there are more. */
int scroll_margin(int height);

/* Puts a cursor on a row, within bounds, and scrolls so that it is among `height` rows from *top
 * on, with so many around it. height may be anything. */
void scroll_to(int64_t *top, int64_t *cursor, int64_t row, int64_t count, int height, int margin);

#endif
