/*
 * base/unpack.h: packed files, unpacked a stretch at a time and within bounds.
 *
 * gzip (with several members one after the other) and zstd come from any stream; a zip's members
 * need a file that can be sought in. Nothing is ever written to disk.
 */
#ifndef BASE_UNPACK_H
#define BASE_UNPACK_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define UNPACK_MAX_EXPANSION 200 /* unpacked bytes for each packed one, above UNPACK_FREE */
#define UNPACK_FREE (1024 * 1024)
#define UNPACK_MAX_SIZE (64LL * 1024 * 1024 * 1024)

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_ZSTD, PACKING_ZIP };

/* By the first four bytes. */
enum packing packing_of(struct span head);
const char *packing_name(enum packing packing); /* NULL for PACKING_NONE */

/* Reads packed bytes: how many, 0 at the end, -1 on an error. */
typedef ssize_t (*unpack_source)(void *context, char *room, size_t size, struct error *error);

/* Asked now and then; false stops: ERROR_CANCELLED. */
struct unpack_asker {
	bool (*go_on)(void *context);
	void *context;
};

struct unpack;

struct unpack *unpack_stream(
	enum packing packing, unpack_source source, void *context, struct error *error) MUST_CHECK;
/* A member of a zip. */
struct unpack_entry {
	const char *path;
	int64_t size; /* unpacked: no other size can come out of it. Of one to be read: not asked */
	/* Where the zip's directory speaks of it, so that it is not looked for among thousands;
	 * when it does not (0: that is not known), it is found by its path, of several the first.
	 */
	uint64_t at, number;
};

/* asker is asked while the zip is read, and outlives it; NULL: nobody is.
 */
struct unpack *unpack_member(int descriptor, const struct unpack_entry *member,
	const struct unpack_asker *asker, struct error *error) MUST_CHECK;
void unpack_close(struct unpack *unpack);

/* Unpacked bytes into room: how many, 0 at the end, -1 on an error: ERROR_INPUT for bytes that are
 * damaged or cut short, ERROR_LIMIT for what unpacks to more than the bounds above. */
ssize_t unpack_read(struct unpack *unpack, char *room, size_t size, struct error *error) MUST_CHECK;

/* Takes what a zip's directory says of each member that is a file. False with the error set ends
 * it.
 */
typedef bool (*unpack_take)(void *context, const struct unpack_entry *entry, struct error *error);
/* Hands on the members of a zip in their order; ERROR_LIMIT when there are too many. */
bool unpack_members(int descriptor, const struct unpack_asker *asker, unpack_take take,
	void *context, struct error *error) MUST_CHECK;

#endif
