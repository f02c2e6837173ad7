/*
 * Names numbered from 0 in the order they came: keys of a source, distinct hosts of a preview.
 * Private to ingest/.
 */
#ifndef INGEST_NAME_TABLE_H
#define INGEST_NAME_TABLE_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct name_table {
	struct buffer text;
	size_t *starts; /* of each name in text; one more for the end */
	size_t count, capacity;
	uint64_t seed;   /* once there are slots */
	uint32_t *slots; /* number + 1, or 0 */
	size_t slot_count;
};

void name_table_free(struct name_table *names);
/* Its number; SIZE_MAX when it is not there. */
size_t name_table_find(const struct name_table *names, struct span name);
/* Its number, added when it is new (*added may be NULL); SIZE_MAX when out of memory. */
size_t name_table_add(struct name_table *names, struct span name, bool *added) MUST_CHECK;
struct span name_table_at(const struct name_table *names, size_t number);

#endif
