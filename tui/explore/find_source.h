/*
 * explore/find_source.h: a search in the bytes of the source on screen.
 *
 * Two jobs serve it: one goes to the next hit, one counts the lines that match.
 */
#ifndef EXPLORE_FIND_SOURCE_H
#define EXPLORE_FIND_SOURCE_H

#include "explore/session.h"

/* The source that has the keys and whose bytes are on screen, or NULL. */
struct source_view *find_source(const struct session *session);
/* Sets or clears (text not stated) what is searched in the source of a place, and begins to count.
 * On an error (ERROR_PATTERN with the byte at fault) nothing is searched. */
bool find_source_set(struct session *session, struct place *place, struct span text, bool literal,
	struct error *error) MUST_CHECK;
/* The bytes came: what was searched in the fields, which were shown until then, is searched in
 * them. */
void find_source_again(struct session *session, struct place *place);
/* As many hits on, or back, as steps say: from the first hit at or after a byte, or before it. */
void find_source_go(
	struct session *session, struct source_view *view, uint64_t from, int64_t steps);
/* The same from the line under the cursor. */
void find_source_step(struct session *session, struct source_view *view, int64_t steps);
/* What the job found: the cursor goes there unless a key moved it meanwhile. */
struct lines_hit;
void find_source_found(
	struct session *session, struct source_view *view, const struct lines_hit *hit);
/* Lights the hits of the lines on screen. */
void find_source_light(struct source_view *view, struct matcher *matcher, int height);

#endif
