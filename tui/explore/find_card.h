/*
 * explore/find_card.h: a search in the card that has the keys.
 */
#ifndef EXPLORE_FIND_CARD_H
#define EXPLORE_FIND_CARD_H

#include "explore/session.h"

/* The card that has the keys and can be searched, or NULL (a list, the bytes of a source,
 * hits). */
struct card *find_card(const struct session *session);
/* Sets or clears (text not stated) what is searched in it. On an error (ERROR_PATTERN with the byte
 * at fault) nothing is. */
bool find_card_set(
	struct session *session, struct span text, bool literal, struct error *error) MUST_CHECK;
/* Looks through a card that is new, or was not looked through for this search. */
void find_card_refresh(struct session *session);

#endif
