/*
 * What stix.c and stix_objects.c share. Private to ingest/.
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

/* The record of an object. One without a kind of its own becomes a document. */
bool stix_object(struct stix *stix, struct json_value *object, struct error *error) MUST_CHECK;
/* The kind of what an id names, by what stands before its `--`; KIND_NONE for a relationship and
 * for what is no id. */
enum kind stix_kind_of(struct span id);
bool stix_identity(struct stix *stix, struct json_value *object, struct error *error) MUST_CHECK;

#endif
