/*
 * explore/palette.h: commands by name, found by the letters typed, in order but with gaps.
 */
#ifndef EXPLORE_PALETTE_H
#define EXPLORE_PALETTE_H

#include "explore/session.h"

/* Fills prompt.matches from what is typed. */
void palette_match(struct session *session);
/* Runs the command that is chosen. */
void palette_run(struct session *session);
/* How well typed letters fit a name: higher is better, -1 not at all. */
int palette_score(struct span typed, const char *name);

#endif
