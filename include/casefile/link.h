/*
 * casefile/link.h: what a record is related to, one hop.
 *
 * Reads links, references in both directions, and the edge summary of large kinds; never scans
 * a large kind.
 */
#ifndef CASEFILE_LINK_H
#define CASEFILE_LINK_H

#include "base/compiler.h"
#include "base/error.h"
#include "casefile/record.h"

#include <stdbool.h>
#include <stdint.h>

struct related {
	/* id.id 0: all records of a large kind that refer to the one asked about */
	struct record_id id;
	char type[48]; /* `said_by`, or the field that refers, or of an edge `seen with` */
	bool outgoing; /* from the record asked about to this one */
	int64_t count; /* 1; the number of events behind an edge */
	enum basis basis;
	int64_t journal; /* entry that made it, 0: imported */
	int64_t source;
	char *detail; /* NULL: none */
};

struct related_list {
	struct related *items;
	int count;
	bool more; /* cut at the limit */
	size_t capacity;
};

/* Related records in a stable order: outgoing references, links, incoming references, edges, and of
 * these kind by kind the ones with most events first; at most `limit`. */
bool link_related(const struct case_file *file, struct record_id id, int limit,
	struct related_list *list, struct error *error) MUST_CHECK;
void related_list_free(struct related_list *list);

#endif
