/*
 * names.h: a bounded table in memory from names to ids.
 *
 * Saves a query for every reference of an import's rows. It forgets everything when it is full, so
 * that a file of any size takes a bounded amount of memory; what it does not know is asked of the
 * case.
 */
#ifndef CASEFILE_NAMES_H
#define CASEFILE_NAMES_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct name_entry {
	uint64_t hash; /* 0: free */
	size_t start;  /* of the name in text */
	size_t length;
	int64_t id;
	int space;
};

struct names {
	uint64_t seed; /* of base/table_hash.h */
	struct name_entry *entries;
	size_t capacity; /* a power of two, or 0 */
	size_t count;
	struct buffer text;
};

void names_begin(struct names *names);
void names_free(struct names *names);
/* The id of a name in a space (a kind, or 0 for something else); 0 when it is not known. */
int64_t names_find(const struct names *names, int space, struct span name);
/* Remembers one that is not known. False when out of memory. */
bool names_add(struct names *names, int space, struct span name, int64_t id) MUST_CHECK;

#endif
