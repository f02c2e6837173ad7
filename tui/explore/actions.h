/*
 * explore/actions.h: what the commands of the table do.
 */
#ifndef EXPLORE_ACTIONS_H
#define EXPLORE_ACTIONS_H

#include "explore/commands.h"
#include "explore/session.h"

enum move {
	MOVE_DOWN,
	MOVE_UP,
	MOVE_PAGE_DOWN,
	MOVE_PAGE_UP,
	MOVE_HALF_DOWN,
	MOVE_HALF_UP,
	MOVE_TOP,
	MOVE_BOTTOM,
};

#define ACTION(name) \
	void name(struct session *session, const struct command *command, int64_t count)

/* move.c */
ACTION(action_move);
ACTION(action_column);
ACTION(action_pane);
ACTION(action_zoom);
ACTION(action_link);
/* find.c */
ACTION(action_prompt);
ACTION(action_hit);
ACTION(action_result_kind);
ACTION(action_value_everywhere);
ACTION(action_value_filter);
ACTION(action_filters);
ACTION(action_sort);
ACTION(action_cancel);
ACTION(action_why);
ACTION(action_escape);
/* go.c */
ACTION(action_open);
ACTION(action_close);
ACTION(action_walk);
ACTION(action_provenance);
ACTION(action_source);
ACTION(action_related);
ACTION(action_linking);
ACTION(action_conflict);
ACTION(action_go);
ACTION(action_go_imports);
ACTION(action_help);
ACTION(action_redraw);
ACTION(action_quit);

/* Rows of the pane that has the keys. */
int action_height(const struct session *session);

#endif
