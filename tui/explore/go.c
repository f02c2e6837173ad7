/* Commands that lead somewhere else. */
#include "actions.h"

#include "claims/standing.h"
#include "explore/layout.h"
#include "places.h"
#include "results.h"

#include <stdlib.h>

/* What Enter follows on a card: the line's target. */
static struct record_id card_target(const struct card *card)
{
	if (card->count == 0)
		return (struct record_id){KIND_NONE, 0};
	return card->lines[card->cursor].target;
}

ACTION(action_open)
{
	(void)command;
	(void)count;
	struct place *place = session_place(session);
	struct list *list = session_list(session);
	struct record_id id = {KIND_NONE, 0};
	if (list) {
		if (list_toggle_fold(list, action_height(session)))
			return;
		id = list_selected(list, NULL);
	} else if (place->type == PLACE_RESULTS) {
		bool heading;
		id = results_at(&place->results, place->results.cursor, &heading);
		if (heading) {
			place_go(session, place_name_of(id.kind));
			return;
		}
	} else {
		id = card_target(&place->card);
		if (id.kind == KIND_NONE) {
			session_say(session, "this line leads nowhere; Tab finds one that does");
			return;
		}
	}
	if (id.kind == KIND_NONE) {
		session_say(session, "there is no row under the cursor");
		return;
	}
	if (id.id == 0)
		place_go_events(session, place->type == PLACE_PANES ? place->shown : place->id);
	else
		place_go_record(session, id, PLACE_RECORD);
}

ACTION(action_close)
{
	(void)command;
	(void)count;
	struct place *place = session_place(session);
	if (place->type == PLACE_PANES && place->zoomed)
		place->zoomed = false;
	else
		place_close(session);
}

ACTION(action_walk)
{
	if (command->argument < 0)
		place_back(session, count > 0 ? count : 1);
	else
		place_forward(session, count > 0 ? count : 1);
}

/* The record that p, P and r speak of; says so when there is none. */
static bool chosen(struct session *session, struct record_id *id)
{
	*id = session_selected(session);
	if (id->kind == KIND_NONE)
		session_say(session, "no record is under the cursor");
	return id->kind != KIND_NONE;
}

ACTION(action_provenance)
{
	(void)command;
	(void)count;
	struct record_id id;
	struct record record = {0};
	if (!chosen(session, &id) || !place_read(session, id, &record))
		return;
	int width = session->width - 2 < 84 ? session->width - 2 : 84;
	card_begin(&session->popup, width - 2, 10, session->ascii);
	card_provenance(&session->popup, session, &record);
	session->popup_title = "Where this came from";
	record_free(&record);
}

ACTION(action_source)
{
	(void)command;
	(void)count;
	struct record_id id;
	if (chosen(session, &id))
		place_go_source(session, id);
}

ACTION(action_related)
{
	(void)command;
	(void)count;
	struct record_id id;
	if (chosen(session, &id))
		place_go_record(session, id, PLACE_RELATED);
}

ACTION(action_linking)
{
	(void)command;
	(void)count;
	session->linking = !session->linking;
	session->selected = (struct record_id){KIND_NONE, 0};
	session_say(session, session->linking
				     ? "linking on: what is linked to the selected record is marked"
				     : "linking off");
}

ACTION(action_conflict)
{
	struct record_id here = session_selected(session);
	int64_t after = here.kind == KIND_CLAIM ? here.id : 0;
	struct error error = {0};
	struct standings *standings = session_standings(session, &error);
	int64_t claim =
		standings ? standing_next_conflict(standings, after, command->argument < 0, &error)
			  : -1;
	(void)count;
	if (claim < 0)
		session_complain(session, "%s", error.message);
	else if (claim == 0)
		session_say(session, "no claim of this case is disputed or in tension");
	else
		place_go_record(session, (struct record_id){KIND_CLAIM, claim}, PLACE_RECORD);
	if (claim <= 0 || after == 0)
		return;
	if (claim == after)
		session_say(session, "there is no other conflict");
	else if ((claim < after) != (command->argument < 0))
		session_say(session, "around the %s",
			command->argument < 0 ? "first conflict to the last"
					      : "last conflict to the first");
}

ACTION(action_go)
{
	(void)count;
	place_go(session, command->name);
}

ACTION(action_go_imports)
{
	(void)command;
	(void)count;
	place_go_imports(session);
}

ACTION(action_help)
{
	(void)command;
	(void)count;
	place_go_help(session);
}

ACTION(action_redraw)
{
	(void)command;
	(void)count;
	session->message[0] = '\0';
}

ACTION(action_quit)
{
	(void)command;
	(void)count;
	session->quit = true;
}
