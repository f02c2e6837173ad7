/*
 * casefile/arrange_texts.h: the smallest different texts of many, as many as fit into a room, and
 * how often each was met.
 */
#ifndef CASEFILE_ARRANGE_TEXTS_H
#define CASEFILE_ARRANGE_TEXTS_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct arrange_text {
	uint32_t start, length; /* in texts.bytes */
	uint32_t hash;
	uint32_t count; /* how often it was met */
	int64_t place;  /* of the next record with it, once there are places */
};

/* Zeroed, but for the room, it holds nothing and takes any text. */
struct arrange_texts {
	size_t room;        /* bytes */
	struct buffer from; /* texts below are not taken */
	struct buffer to;   /* nor this one and those above, once there is one */
	bool bounded;       /* there is */
	struct buffer bytes;
	struct arrange_text *items;
	size_t count;
	size_t capacity;
	uint64_t seed;   /* once there are slots */
	uint32_t *slots; /* index + 1; a power of two of them */
	size_t slot_count;
};

void arrange_texts_free(struct arrange_texts *texts);
/* Counts a text, unless it is out of bounds. False when out of memory. */
bool arrange_texts_add(struct arrange_texts *texts, struct span text) MUST_CHECK;
/* What it is kept as; NULL when it is not. */
struct arrange_text *arrange_texts_find(struct arrange_texts *texts, struct span text);
/* Gives each its place in the order, the first one `place`. Returns the place behind all. */
int64_t arrange_texts_place(struct arrange_texts *texts, int64_t place);
/* Empty again, to take those from the upper bound on. False when out of memory. */
bool arrange_texts_next(struct arrange_texts *texts) MUST_CHECK;

#endif
