#include "find_card.h"

#include "source_view.h"

/* A card is looked through while keys wait: ten passages of this are the most that it takes. */
static const struct match_limits find_limits = {.steps = 200000, .cell_microseconds = 4000};

struct card *find_card(const struct session *session)
{
	struct place *place = session_place(session);
	if (place->type == PLACE_SOURCE)
		return source_view_readable(&place->source) ? NULL : &place->source.fields;
	return place->type == PLACE_RESULTS || session_list(session) ? NULL : &place->card;
}

bool find_card_set(struct session *session, struct span text, bool literal, struct error *error)
{
	struct place *place = session_place(session);
	find_card(session)->width = 0; /* made anew, without what was lit */
	bool set = list_search_set(&place->find, text, literal, &find_limits, error);
	session_refresh(session);
	return set;
}

void find_card_refresh(struct session *session)
{
	struct place *place = session_place(session);
	struct list_search *find = &place->find;
	struct card *card = find_card(session);
	struct card_found found;
	if (!card || !find->matcher || card->found_number == find->number)
		return;
	if (!card_find(card, find->matcher, &found))
		session_complain(session, "out of memory");
	card->found_number = find->number;
	find->state = SEARCH_DONE;
	find->shown = found.hits;
	find->cells = found.passages;
	find->undecided = found.undecided;
}
