/*
 * casefile/attach.h: finding the files of a case again.
 *
 * A large source is not kept in the case but known by its size and SHA-256. When its file was moved
 * (another machine, another stick), attach_find looks through a folder for files of that size, and
 * one with that SHA-256 is from then on where the source's bytes are read. Names say nothing. Links
 * are not followed, files are looked at in byte order of their paths, and a file is hashed only
 * when a source that is not at hand has its size.
 *
 * What is not found like that is looked for in packed files, within the bounds of base/unpack.h and
 * without writing anything: members of a zip that have its size; .gz and .zst files, which do not
 * tell what they unpack to, one by one until they unpack to more than any source has.
 */
#ifndef CASEFILE_ATTACH_H
#define CASEFILE_ATTACH_H

#include "base/compiler.h"
#include "base/error.h"
#include "casefile/case.h"
#include "casefile/source.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum attach_state {
	ATTACH_KEPT,    /* its bytes are in the case */
	ATTACH_AT_HAND, /* where it was before */
	ATTACH_FOUND,   /* found now */
	ATTACH_ABSENT,
};

struct attach_source {
	int64_t id;
	char *name;
	int64_t size;
	uint8_t sha256[HASH_SIZE];
	char *path;   /* where it was, or is found now; NULL */
	bool changed; /* what stands at the path now has other bytes */
	enum attach_state state;
};

/* What is said of each source that is not withdrawn. */
struct attach {
	struct attach_source *sources;
	size_t count, capacity;
	size_t found, absent;
	int64_t files;    /* regular files looked at */
	int64_t hashed;   /* of them read */
	int64_t unpacked; /* of them unpacked, or members of them */
	int64_t bytes;    /* that were hashed: what the search has cost */
	int64_t unread;   /* that could not be read or unpacked, and folders */
};

/* Looks through a folder and writes what was found into the case, which must be open for writing,
 * in one transaction. Paths below the case's own folder are stored relative to it. go_on is called
 * often and shows how far the search is; it may be NULL; false from it ends with ERROR_CANCELLED
 * and nothing written. ERROR_USAGE when folder is none. */
bool attach_find(struct case_file *file, const char *folder,
	bool (*go_on)(void *context, const struct attach *attach), void *context,
	struct attach *attach, struct error *error) MUST_CHECK;
void attach_free(struct attach *attach);

#endif
