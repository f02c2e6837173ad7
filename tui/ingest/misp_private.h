/*
 * What misp.c and misp_parts.c share. Private to ingest/.
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
};

/* Parts of an event; each is linked from it. */
bool misp_attribute(
	struct misp *misp, struct json_value *attribute, struct error *error) MUST_CHECK;
bool misp_object(struct misp *misp, struct json_value *object, struct error *error) MUST_CHECK;
/* The clusters of a galaxy, linked from what they are said of; its list of them is then used. */
bool misp_galaxy(struct misp *misp, struct json_value *galaxy, struct span from,
	struct error *error) MUST_CHECK;
bool misp_report(struct misp *misp, struct json_value *report, struct error *error) MUST_CHECK;

/* A part that makes no record: kept until the event ends, as a member of the event. */
bool misp_keep(struct misp *misp, const struct json_value *value, struct span key,
	struct error *error) MUST_CHECK;

/* A link by ids from one part to another. */
bool misp_link(struct misp *misp, struct span from, const char *type, struct span to,
	const struct json_value *at, struct error *error) MUST_CHECK;
/* Names of an element's Tag[], with commas; they are then used. */
struct span misp_tags(struct misp *misp, const struct json_value *value);

#endif
