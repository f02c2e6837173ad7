/*
 * Packed files, unpacked a stretch at a time and within bounds. Private to ingest/.
 *
 * gzip (with several members one after the other) and zstd come from any stream; a zip's members
 * need a file that can be sought in. Nothing is ever written to disk.
 */
#ifndef INGEST_UNPACK_H
#define INGEST_UNPACK_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

enum packing { PACKING_NONE, PACKING_GZIP, PACKING_ZSTD, PACKING_ZIP };

/* By the first four bytes. */
enum packing packing_of(struct span head);
const char *packing_name(enum packing packing); /* NULL for PACKING_NONE */

/* Reads packed bytes: how many, 0 at the end, -1 on an error. */
typedef ssize_t (*unpack_source)(void *context, char *room, size_t size, struct error *error);

struct unpack;

struct unpack *unpack_stream(
	enum packing packing, unpack_source source, void *context, struct error *error) MUST_CHECK;
struct unpack *unpack_member(int descriptor, const char *member, struct error *error) MUST_CHECK;
void unpack_close(struct unpack *unpack);

/* Unpacked bytes into room: how many, 0 at the end, -1 on an error: ERROR_INPUT for bytes that are
 * damaged or cut short, ERROR_LIMIT for what unpacks to more than the bounds of ingest/input.h. */
ssize_t unpack_read(struct unpack *unpack, char *room, size_t size, struct error *error) MUST_CHECK;

/* Paths of a zip's members that are files, each followed by NUL. *document says that it is an
 * office document, whose members are parts and not files. */
bool unpack_members(
	int descriptor, struct buffer *names, bool *document, struct error *error) MUST_CHECK;

#endif
