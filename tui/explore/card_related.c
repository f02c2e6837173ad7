/* What a record is related to, and the two sides of a claim. */
#include "card_parts.h"

#include "claims/standing.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* A stance that somebody took on a claim, and what it is. */
static bool is_stance(const struct related *related)
{
	return related->journal > 0 && !related->outgoing;
}

/* Events with a record lead to the timeline where it is kept to that record. */
static struct record_id target_of(const struct related *related)
{
	bool nowhere = related->id.id == 0 && related->id.kind != KIND_EVENT;
	return nowhere ? CARD_NOWHERE : related->id;
}

/* Lines of one that is related, where what else is said needs room, and where it may have it. */
#define BRIEF_LINES 2
#define FULL_LINES 4

static void add_one_related(
	struct card *card, struct session *session, const struct related *related, bool brief)
{
	struct buffer text = {0};
	struct record record = {0};
	struct error error = {0};
	char label[64];
	snprintf(label, sizeof label, "%s%s", related->outgoing ? "" : "< ", related->type);
	for (char *at = label; *at; at++)
		if (*at == '_')
			*at = ' ';
	const struct kind_info *info = kind_info(related->id.kind);
	/* How firmly it is said comes first: the words may be cut, this must not. */
	bool detail = related->detail && related->detail[0];
	if (detail && is_stance(related))
		buffer_add_format(&text, "(%s) ", related->detail);
	if (related->id.id == 0) {
		buffer_add_format(&text, "%" PRId64 " %s", related->count,
			related->count == 1 ? info->name : info->plural);
	} else if (record_read(session->reader, related->id.kind, related->id.id, &record,
			   &error) == RECORD_FOUND) {
		/* A statement is nothing without who said it. */
		const struct cell *speaker = record_cell_named(&record, span_string("speaker"));
		if (related->id.kind == KIND_STATEMENT && speaker)
			buffer_add_span(&text, speaker->text);
		else
			buffer_add_string(&text, info->name);
		buffer_add_string(&text, ": ");
		record_title(&record, &text);
	} else {
		buffer_add_format(&text, "%s:%" PRId64 " %s", info->name, related->id.id,
			error.code == ERROR_NONE ? "(withdrawn)" : error.message);
	}
	if (related->count > 1 && related->id.id != 0)
		buffer_add_format(&text, " (%" PRId64 " events)", related->count);
	if (detail && !is_stance(related))
		buffer_add_format(&text, " (%s)", related->detail);
	/* What somebody says on a claim is never cut where there is room for it. */
	int most = brief ? BRIEF_LINES : is_stance(related) ? 0 : FULL_LINES;
	if (buffer_failed(&text))
		card->failed = true;
	else
		card_add(card, label, buffer_span(&text), CARD_PLAIN, target_of(related), most);
	record_free(&record);
	buffer_free(&text);
}

/* At most this many of one relation are shown; the rest is counted. */
#define SHOWN_OF_A_RELATION 60

/* All that a record is related to, with the stances on a claim or without. */
void card_add_related(struct card *card, struct session *session,
	const struct related_list *related, bool stances, bool brief)
{
	int run = 0, count = related->count;
	for (int i = 0; i < related->count && !stances; i++)
		count -= is_stance(&related->items[i]);
	if (count == 0)
		return;
	if (card->count > 0)
		card_blank(card);
	card_add_format(card, NULL, CARD_HEADING, CARD_NOWHERE, "related (%s%d)",
		related->more ? ">" : "", count);
	for (int i = 0; i < related->count; i++) {
		const struct related *item = &related->items[i];
		bool same = i > 0 && strcmp(item->type, related->items[i - 1].type) == 0 &&
			    item->outgoing == related->items[i - 1].outgoing &&
			    item->id.kind == related->items[i - 1].id.kind;
		run = same ? run + 1 : 0;
		if (!stances && is_stance(item))
			continue;
		if (run < SHOWN_OF_A_RELATION)
			add_one_related(card, session, item, brief);
		if (run < SHOWN_OF_A_RELATION && is_stance(item))
			card_why(card, session, item->journal);
		if (run == SHOWN_OF_A_RELATION)
			card_add_string(card, NULL, "and more of these", CARD_DIM);
	}
	if (related->more)
		card_add_string(card, NULL, "more than are shown here", CARD_DIM);
}

static void add_stances(
	struct card *card, struct session *session, const struct related_list *related, bool brief)
{
	for (int i = 0; i < related->count; i++)
		if (is_stance(&related->items[i]))
			add_one_related(card, session, &related->items[i], brief);
}

/* Who says what of a claim. One in tension is never shown without what it is in tension with, and
 * who says so. */
void card_sides(struct card *card, struct session *session, int64_t claim,
	const struct related_list *related, bool brief)
{
	struct claim_standing standing;
	struct error error;
	struct record other = {0};
	struct related_list stances = {0};
	struct standings *standings = session_standings(session, &error);
	if (related)
		add_stances(card, session, related, brief);
	if (!standings || !standing_of(standings, claim, &standing, &error) ||
		standing.standing != STANDING_TENSION || standing.against == claim)
		return;
	struct record_id id = {KIND_CLAIM, standing.against};
	if (record_read(session->reader, id.kind, id.id, &other, &error) == RECORD_FOUND &&
		link_related(session->file, id, 1024, &stances, &error)) {
		struct buffer title = {0};
		record_title(&other, &title);
		card_add(card, "against", buffer_span(&title), CARD_PLAIN, id, 0);
		add_stances(card, session, &stances, brief);
		buffer_free(&title);
	}
	related_list_free(&stances);
	record_free(&other);
}

void card_related(struct card *card, struct session *session, const struct record *record,
	const struct related_list *related)
{
	card_title(card, record, 2);
	if (related->count == 0) {
		card_blank(card);
		card_add_string(card, NULL, "related to nothing in this case", CARD_DIM);
	}
	card_add_related(card, session, related, true, false);
}
