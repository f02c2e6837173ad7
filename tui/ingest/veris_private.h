/*
 * What veris.c, veris_people.c and veris_course.c share. Private to ingest/.
 */
#ifndef INGEST_VERIS_PRIVATE_H
#define INGEST_VERIS_PRIVATE_H

#include "json_value.h"
#include "name_table.h"
#include "sheet.h"

/* A record that event_chain speaks of by its class: `external`, `hacking`. */
struct veris_part {
	struct span class;
	struct record_id id;
};

struct veris {
	struct loader *loader;
	struct sheet sheet;
	struct name_table ids; /* in lower case */
	struct buffer key;     /* of the incident at hand, likewise; empty: it has no id */

	/* The incident at hand. */
	struct record_id incident;
	const struct json_value *object;
	struct veris_part *actors, *actions;
	size_t actor_count, actor_capacity, action_count, action_capacity;
};

/* A record that stands in the incident; basis reported. */
struct sheet *veris_begin(struct veris *veris, enum kind kind);
/* Gives it a key of its own that lasts: the incident's, and what it is and says. */
void veris_key(struct veris *veris, const char *what, struct span says);
/* Writes it, and a link from the incident. detail: of the link, may be not stated. made: may be
 * NULL. */
bool veris_end(struct veris *veris, const char *type, struct span detail, struct record_id *made,
	struct error *error) MUST_CHECK;
bool veris_link(struct veris *veris, struct record_id from, const char *type, struct record_id to,
	struct span detail, struct error *error) MUST_CHECK;

/* Unknown, NA, Other and nothing at all. */
bool veris_says_nothing(struct span text);
/* The elements of a list as `a, b`; a text as it is. */
struct span veris_joined(struct sheet *sheet, const struct json_value *value);
/* The same without those that say nothing. */
struct span veris_known(struct sheet *sheet, const struct json_value *value);
/* The next element of a list, or the one text that stands instead of a list; NULL at the end.
 * *item is NULL at first. */
const struct json_value *veris_next(const struct json_value *list, const struct json_value *item);
/* Members as `vector: Web application; result: Exfiltrate`, but for those that are named (`|`
 * between) and for notes. */
struct span veris_said(struct sheet *sheet, const struct json_value *object, const char *without);

/* Who: victims with their places, partners, actors (veris_people.c). */
bool veris_victims(
	struct veris *veris, const struct json_value *victim, struct error *error) MUST_CHECK;
bool veris_actors(
	struct veris *veris, const struct json_value *actors, struct error *error) MUST_CHECK;

/* What happened, to what, and when (veris_course.c). */
bool veris_actions(
	struct veris *veris, const struct json_value *actions, struct error *error) MUST_CHECK;
bool veris_assets(
	struct veris *veris, const struct json_value *assets, struct error *error) MUST_CHECK;
bool veris_chain(
	struct veris *veris, const struct json_value *chain, struct error *error) MUST_CHECK;
bool veris_timeline(struct veris *veris, struct error *error) MUST_CHECK;
/* {"year": 2013, "month": 5} as 2013-05; not stated when there is no year. */
struct span veris_date(struct sheet *sheet, const struct json_value *date);

#endif
