/*
 * explore/card_parts.h: what the cards of a record are put together from.
 */
#ifndef EXPLORE_CARD_PARTS_H
#define EXPLORE_CARD_PARTS_H

#include "explore/card.h"
#include "explore/session.h"

/* A line that leads nowhere. */
#define CARD_NOWHERE ((struct record_id){KIND_NONE, 0})

void card_add_format(struct card *card, const char *label, enum card_tone tone,
	struct record_id target, const char *format, ...) PRINTF_LIKE(5, 6);
/* What the record is called, over the whole width. */
void card_title(struct card *card, const struct record *record, int most);
void card_basis(struct card *card, const struct record *record);
/* Who decided, and why, below what was decided. */
void card_why(struct card *card, struct session *session, int64_t entry);
/* ` (summary, original not held)`: what of a document is in the case; appended to out. */
void card_held(struct session *session, int64_t document, struct buffer *out);

/* All that a record is related to, with the stances on a claim or without. */
void card_add_related(struct card *card, struct session *session,
	const struct related_list *related, bool stances, bool brief);
/* Who says what of a claim; one in tension is never shown without what it is in tension with, and
 * who says so. related may be NULL: only the other side. */
void card_sides(struct card *card, struct session *session, int64_t claim,
	const struct related_list *related, bool brief);

#endif
