/*
 * Members of a zip, by minizip over a descriptor. Private to base/unpack.c.
 */
#ifndef BASE_ZIP_H
#define BASE_ZIP_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/unpack.h"

#include <stdint.h>
#include <sys/types.h>

struct zip_member;

/* *packed is its size in the zip. */
struct zip_member *zip_member_open(int descriptor, const struct unpack_entry *entry,
	const struct unpack_asker *asker, int64_t *packed, struct error *error) MUST_CHECK;
void zip_member_close(struct zip_member *member);
/* How many bytes, 0 at the end (its checksum agrees then), -1 on an error. */
ssize_t zip_member_read(
	struct zip_member *member, char *room, size_t size, struct error *error) MUST_CHECK;

#endif
