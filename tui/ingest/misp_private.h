/*
 * What misp.c, misp_parts.c, misp_objects.c and misp_clusters.c share. Private to ingest/.
 */
#ifndef INGEST_MISP_PRIVATE_H
#define INGEST_MISP_PRIVATE_H

#include "ingest/loader.h"
#include "json_value.h"
#include "name_table.h"
#include "sheet.h"

struct misp {
	struct loader *loader;
	struct sheet sheet;
	bool bare; /* the document is an event */
	int64_t events;

	/* The event at hand: its parts are written as they come, itself when it ends. */
	bool in_event;
	size_t event_depth; /* of its members */
	uint64_t event_start;
	char event_key[40];
	struct json_arena header_arena;
	struct json_value *header;

	struct name_table clusters; /* that were written */
	struct name_table galaxies; /* that were met */
	int64_t deleted;
	int64_t beside; /* values outside of events */
};

/* Parts of an event; each is linked from it. */
bool misp_attribute(
	struct misp *misp, struct json_value *attribute, struct error *error) MUST_CHECK;
bool misp_object(struct misp *misp, struct json_value *object, struct error *error) MUST_CHECK;
/* The clusters of a galaxy, linked from what they are said of; its list of them is then used. */
bool misp_galaxy(struct misp *misp, struct json_value *galaxy, struct span from,
	struct error *error) MUST_CHECK;
/* The same of each of an element's Galaxy[]. */
bool misp_galaxies(struct misp *misp, struct json_value *value, struct span from,
	struct error *error) MUST_CHECK;
bool misp_report(struct misp *misp, struct json_value *report, struct error *error) MUST_CHECK;

/* A part that makes no record: kept until the event ends, as a member of the event. */
bool misp_keep(struct misp *misp, const struct json_value *value, struct span key,
	struct error *error) MUST_CHECK;

/* A link by ids from one part to another. */
bool misp_link(struct misp *misp, struct span from, const char *type, struct span to,
	const struct json_value *at, struct error *error) MUST_CHECK;
/* Booleans as MISP's versions write them: true, 1, "1". */
bool misp_is_yes(const struct json_value *value);
/* Whether it is one of the words between `|`. */
bool misp_is_one_of(struct span word, const char *list);
/* An element's Tag[] as the extra field `tags`, with commas, and its marking as `tlp`. prefix:
 * before the names; NULL: none. */
void misp_add_tags(struct misp *misp, const char *prefix, const struct json_value *value);
/* What is said of a part beside its value, with its tags; never its base64. */
void misp_add_context(struct misp *misp, const char *prefix, struct json_value *attribute);
/* Sightings of an attribute, as events linked to the part with this id; they are then used. */
bool misp_sightings(struct misp *misp, struct json_value *attribute, struct span of,
	struct error *error) MUST_CHECK;

struct misp_value {
	struct span type, text, key;
	struct span detail_type, detail; /* that stands with it; not stated: none */
	bool whole;                      /* the record has all that the attribute says */
};

/* The record of one value of an attribute, of the kind that its type says. */
bool misp_value(struct misp *misp, struct json_value *attribute, const struct misp_value *value,
	struct error *error) MUST_CHECK;
/* Whether a type's values are words or measures, and nothing to look for elsewhere. */
bool misp_is_words(struct span type);

#endif
