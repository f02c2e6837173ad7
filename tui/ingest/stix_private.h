/*
 * What the files of STIX share. Private to ingest/.
 */
#ifndef INGEST_STIX_PRIVATE_H
#define INGEST_STIX_PRIVATE_H

#include "ingest/loader.h"
#include "json_value.h"
#include "name_table.h"
#include "sheet.h"

struct stix_version {
	char modified[40];
};

struct stix {
	struct loader *loader;
	struct sheet sheet;
	/* Objects by id, and what their newest version is. */
	struct name_table ids;
	struct stix_version *versions;
	size_t version_capacity;
	bool newer; /* the object at hand, than one that was written */
	/* Identities wait for the end: what is said of them elsewhere is their role. */
	struct json_arena kept;
	struct json_value *first_identity, *last_identity;
	struct name_table creators, targets;
};

struct stix_type {
	const char *type;
	enum kind kind;
	const char *name; /* members that name it, `|` between those that are tried in turn */
};

/* The kind of what an id names, by what stands before its `--`; KIND_NONE for a relationship and
 * for what is no id. */
enum kind stix_kind_of(struct span id);

/* The record of an object. One without a kind of its own becomes a document. */
bool stix_object(struct stix *stix, struct json_value *object, struct error *error) MUST_CHECK;
bool stix_identity(struct stix *stix, struct json_value *object, struct error *error) MUST_CHECK;

/* ---- parts of it ---- */

/* Begins a record with the object's id and markings. */
void stix_begin(struct stix *stix, enum kind kind, const struct json_value *object);
/* Its fields, into the sheet that was begun. */
void stix_fill(
	struct stix *stix, const struct stix_type *is, struct json_value *object, struct span type);
/* The texts of an array's elements, or of their member, with commas between. */
struct span stix_joined(struct sheet *sheet, struct json_value *array, const char *member);
/* A record a literal of an indicator's pattern; *done is false when it holds none. */
bool stix_add_pattern(
	struct stix *stix, struct json_value *object, bool *done, struct error *error) MUST_CHECK;
/* Members that refer to other objects, `x_ref` and `x_refs`, as links. How an object is marked
 * stays a field. within: the observed data of STIX 2.0 whose objects refer to each other by
 * number; not stated: ids. */
bool stix_link_refs(struct stix *stix, const struct json_value *object, struct span within,
	struct error *error) MUST_CHECK;
/* What such a number means outside of the data. */
struct span stix_key_of(struct sheet *sheet, struct span within, struct span reference);
/* Markings as the extra field `tlp`. */
void stix_lights(struct sheet *sheet, const struct json_value *object);

#endif
