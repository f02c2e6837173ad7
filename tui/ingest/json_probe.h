/*
 * What a file of JSON looks like, from its beginning. Private to ingest/.
 */
#ifndef INGEST_JSON_PROBE_H
#define INGEST_JSON_PROBE_H

#include "base/span.h"
#include "json_stream.h"

#include <stdbool.h>

enum json_layout {
	JSON_NO_LAYOUT,
	JSON_LINES,    /* an object a line */
	JSON_VALUES,   /* one value, or one after another */
	JSON_ELEMENTS, /* an array */
	JSON_MEMBERS,  /* {"event_0": {...}, "event_1": {...}} */
	JSON_LIST,     /* {"Records": [...]} */
};

struct json_probe {
	enum json_layout layout;
	bool broken;                     /* what is there is no JSON */
	struct json_value *root;         /* the first value, cut off where the beginning ends */
	const struct json_value *sample; /* the first unit that is an object, or NULL */
	struct span list;                /* JSON_LIST: the member's key */
	struct span inner; /* of a list one deeper, `{"hits": {"hits": [...]}}`; else not stated */
	struct json_arena arena;
};

/* head: at most 64 KiB. Free with json_probe_free; root, sample and list are valid until then. */
void json_probe(struct json_probe *probe, struct span head);
/* The same of the beginning of an input that nothing was read of yet. */
bool json_probe_input(
	struct json_probe *probe, struct input *input, struct error *error) MUST_CHECK;
void json_probe_free(struct json_probe *probe);

/* When the root is an object with an array of objects in it, as `{"Records": [...]}`, or is an
 * answer of Elasticsearch, `{"hits": {"hits": [...]}}`, or of Solr: takes those for the units. */
bool json_probe_list(struct json_probe *probe);

/* Whether an object has members by these paths: `a+b|c` is a and b, or c. */
bool json_has(const struct json_value *object, const char *wanted);

/* Reads units in the probe's layout. Each is begun (loader_unit), and remarked upon when it is odd;
 * a line that is no JSON, and a unit that is no object, are skipped with their reason. object and
 * arena: as in struct json_visitor. */
typedef bool (*json_each)(void *context, int64_t line, struct json_value *object,
	struct json_arena *arena, struct error *error);
bool json_each_unit(struct input *input, struct loader *loader, const struct json_probe *probe,
	json_each each, void *context, struct error *error) MUST_CHECK;

/* The same in the layout that the beginning of the file shows. */
bool json_each_of_file(struct input *input, struct loader *loader, json_each each, void *context,
	struct error *error) MUST_CHECK;

/* What stands beside a list of units is none itself, but said. *told counts. */
void json_tell_beside(struct loader *loader, const struct json_path *path,
	const struct json_value *value, int64_t *told);

/* The first objects of a head, in the probe's layout, at most `most`: for what has to be known
 * before the first is read. */
void json_first_objects(const struct json_probe *probe, struct span head, size_t most,
	bool (*each)(void *context, struct json_value *object), void *context);

#endif
