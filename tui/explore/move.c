/* Commands that move within a place. */
#include "actions.h"

#include "explore/columns.h"
#include "explore/layout.h"
#include "results.h"
#include "source_view.h"
#include "work.h"

int action_height(const struct session *session)
{
	struct layout layout = layout_of(session);
	const struct place *place = session_place(session);
	if (place->type == PLACE_PANES && place->focus < place->list_count)
		return layout.rows[place->focus];
	return layout.card_rows;
}

/* Where a motion leads from a row among rows. */
static int64_t target(enum move move, int64_t from, int64_t rows, int height, int64_t count)
{
	int64_t times = count > 0 ? count : 1;
	int page = height > 2 ? height - 1 : 1;
	switch (move) {
	case MOVE_DOWN:
		return from + times;
	case MOVE_UP:
		return from - times;
	case MOVE_PAGE_DOWN:
		return from + times * page;
	case MOVE_PAGE_UP:
		return from - times * page;
	case MOVE_HALF_DOWN:
		return from + times * (height / 2 > 0 ? height / 2 : 1);
	case MOVE_HALF_UP:
		return from - times * (height / 2 > 0 ? height / 2 : 1);
	case MOVE_TOP:
		return count > 0 ? count - 1 : 0;
	case MOVE_BOTTOM:
		return count > 0 ? count - 1 : rows - 1;
	}
	return from;
}

/* A source's ends are those of the file, not of the window that is held; a number is that of a
 * line of the file where those are known. */
static void move_in_source(struct session *session, struct source_view *view, enum move move,
	int height, int64_t count)
{
	bool ends = move == MOVE_TOP || move == MOVE_BOTTOM;
	if (!ends) {
		source_view_move_to(session, view,
			target(move, view->cursor, view->count, height, count), height);
		return;
	}
	uint64_t byte = move == MOVE_TOP || view->size == 0 ? 0 : view->size - 1;
	if (count > 0) {
		byte = 0;
		for (int64_t i = 0; i < view->count; i++)
			if (view->lines[i].number > 0 && view->lines[i].number <= (uint64_t)count)
				byte = view->lines[i].start;
		if (view->start > 0) {
			session_say(session, "no line has its number here: the file is too long");
			return;
		}
	}
	source_view_go(session, view, byte, height);
}

ACTION(action_move)
{
	enum move move = (enum move)command->argument;
	struct place *place = session_place(session);
	struct list *list = session_list(session);
	int height = action_height(session);
	bool ends = move == MOVE_TOP || move == MOVE_BOTTOM;
	bool last = move == MOVE_BOTTOM && count == 0;
	if (list && ends && count <= 1 && work_rows_end(session, list, last))
		return;
	if (list) {
		int64_t row = target(move, list_here(list), list_length(list), height, count);
		bool there = ends && count > 0 ? list_move_to_number(list, row, height)
					       : list_move_on(list, row, height);
		if (!there)
			session_say(session, "that row is not read yet: the cursor goes there "
					     "when it is");
	} else if (place->type == PLACE_RESULTS) {
		place->results.moved = true;
		results_move_to(&place->results,
			target(move, place->results.cursor, results_rows(&place->results), height,
				count),
			height);
	} else if (place->type == PLACE_SOURCE && source_view_readable(&place->source)) {
		move_in_source(session, &place->source, move, height, count);
	} else {
		struct card *card =
			place->type == PLACE_SOURCE ? &place->source.fields : &place->card;
		card_move_to(card, target(move, card->cursor, card->count, height, count), height);
	}
}

ACTION(action_column)
{
	struct list *list = session_list(session);
	int fields[LIST_MAX_COLUMNS];
	int columns = columns_of(list->kind, fields);
	int64_t column = list->column + command->argument * (count > 0 ? count : 1);
	list->column = (int)(column >= columns ? columns - 1 : column < 0 ? 0 : column);
}

ACTION(action_pane)
{
	struct place *place = session_place(session);
	int panes = place->list_count + 1;
	int64_t step = command->argument * (count > 0 ? count % panes : 1);
	place->focus = (int)((place->focus + step + panes) % panes);
	if (place->focus < place->list_count)
		place->source_list = place->focus;
}

ACTION(action_zoom)
{
	(void)command;
	(void)count;
	struct place *place = session_place(session);
	place->zoomed = !place->zoomed;
	struct list *list = session_list(session);
	if (list)
		list_move_to(list, list->cursor, action_height(session));
}

ACTION(action_link)
{
	struct place *place = session_place(session);
	int height = action_height(session);
	if (place->type == PLACE_SOURCE) {
		/* The one thing of interest there is the mark. */
		if (source_view_readable(&place->source))
			source_view_go(session, &place->source, place->source.mark.start, height);
		return;
	}
	for (int64_t i = 0; i < (count > 0 ? count : 1); i++) {
		int64_t next = card_next_target(&place->card, command->argument < 0);
		if (next == place->card.cursor)
			return;
		card_move_to(&place->card, next, height);
	}
}
