/*
 * explore/source_view.h: the source at the bytes of a record, cut into lines.
 */
#ifndef EXPLORE_SOURCE_VIEW_H
#define EXPLORE_SOURCE_VIEW_H

#include "explore/session.h"

/* Jobs of one source: view->slot and those that follow. */
#define SOURCE_SLOTS 3

/* Opens the source of a record around its bytes; view->slot is set. A large file is checked by a
 * job first. As long as that goes on, and when the bytes are not at hand (view->error says why),
 * the record's fields are shown instead. */
bool source_view_open(struct session *session, struct source_view *view,
	const struct record *record, struct error *error) MUST_CHECK;
/* The job has ended, with an error when the file can't be shown. */
void source_view_checked(
	struct session *session, struct source_view *view, const struct error *error);
/* Whether there are bytes to show. */
bool source_view_readable(const struct source_view *view);
/* Cuts lines for a width, when it changed. */
bool source_view_fit(struct source_view *view, int width);
void source_view_move_to(
	struct session *session, struct source_view *view, int64_t line, int height);
/* Puts the cursor on the line of a byte, wherever in the source it is. */
void source_view_go(struct session *session, struct source_view *view, uint64_t byte, int height);
/* The same, with the line of another byte at the top where that leaves the cursor in sight. */
void source_view_show(
	struct session *session, struct source_view *view, uint64_t byte, uint64_t top, int height);
void source_view_free(struct source_view *view);

#endif
