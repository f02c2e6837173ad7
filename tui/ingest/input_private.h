/*
 * What input.c and input_open.c share. Private to ingest/.
 */
#ifndef INGEST_INPUT_PRIVATE_H
#define INGEST_INPUT_PRIVATE_H

#include "base/buffer.h"
#include "base/unpack.h"
#include "decode.h"
#include "ingest/input.h"

#include <sys/stat.h>
#include <sys/types.h>

/* A decoded place and the original's: one where each chunk begins, from the first that had to be
 * decoded on. Before that both are the same but for a BOM. */
struct place {
	uint64_t decoded, original;
};

struct input {
	/* Where bytes come from. */
	int descriptor; /* -1: memory */
	struct stat opened;
	bool regular;
	const atomic_bool *cancel;
	struct unpack_asker asker; /* what a zip asks: cancel */
	struct span bytes, memory; /* all of it, and what is not read yet */
	char *name;
	char *path;                 /* NULL: memory, or what can't be opened again */
	struct unpack_entry member; /* its path is the name; of no zip: NULL */
	struct buffer probe;        /* first bytes, read to see whether they are packed */
	size_t probe_at;
	bool container_ended;
	struct hash container_hash;
	int64_t container_size;
	uint8_t container_digest[HASH_SIZE];
	struct input_container *shared; /* NULL: it is hashed for this member alone */
	enum packing packing;
	struct unpack *unpack;

	/* The original's bytes. */
	struct hash hash;
	int64_t size;
	bool ended;
	bool finished;
	uint8_t digest[HASH_SIZE];
	int64_t keep_limit;
	struct buffer kept;
	struct buffer pending; /* not decoded yet */

	/* The text. */
	struct decoder decoder;
	struct buffer text; /* text[0] is decoded byte `base` */
	uint64_t base;
	size_t at;
	struct place *places;
	size_t place_count, place_capacity;
	struct place last_place; /* what was asked for last */
};

/* Bytes as they come: as many as there are, 0 at the end, -1. */
ssize_t input_read_descriptor(
	struct input *input, char *room, size_t size, struct error *error) MUST_CHECK;
/* Bytes as they stand in the file, packed or not; context: the input. */
ssize_t input_read_container(
	void *context, char *room, size_t size, struct error *error) MUST_CHECK;

#endif
