/*
 * field_names.h: what the numbers of fields in blocks stand for.
 */
#ifndef CASEFILE_FIELD_NAMES_H
#define CASEFILE_FIELD_NAMES_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/case.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A row of the field_name table. */
struct field_name {
	char *name; /* NULL: there is none */
	size_t length;
};

struct field_names {
	struct field_name *items; /* by number */
	size_t count, capacity;
};

/* Reads them anew. */
bool field_names_load(
	const struct case_file *file, struct field_names *names, struct error *error) MUST_CHECK;
void field_names_free(struct field_names *names);

/* A name by its number, `extra.NAME` of an extra one; not stated when there is none. Valid until
 * they are read anew. */
static inline struct span field_names_at(const struct field_names *names, uint32_t number)
{
	if (number >= names->count)
		return (struct span){0};
	return span_of(names->items[number].name, names->items[number].length);
}

#endif
