/*
 * casefile/source_private.h: files that a case only points at.
 *
 * Such a file counts only when its size and SHA-256 are the source's. It is hashed once for all
 * handles of a case, and again when its identity or times on disk say that it was touched.
 */
#ifndef CASEFILE_SOURCE_PRIVATE_H
#define CASEFILE_SOURCE_PRIVATE_H

#include "casefile/source.h"

#include <sys/stat.h>

enum source_file {
	SOURCE_FILE_SAME,
	SOURCE_FILE_ABSENT,   /* none there, or no regular file */
	SOURCE_FILE_CHANGED,  /* other bytes than those imported */
	SOURCE_FILE_FAILED,   /* can't be read; error is set */
	SOURCE_FILE_CANCELLED /* by progress */
};

struct source_place {
	int64_t id;
	int64_t size;
	struct span sha256;
	struct span path; /* stated; relative ones are beside the case */
};

/* Finds and checks the file of a source. SOURCE_FILE_SAME leaves it open in *opened. `again`
 * hashes it even when that was done before. progress may be NULL. */
enum source_file source_file_open(const struct case_file *file, const struct source_place *place,
	bool again, const struct source_progress *progress, int *opened,
	struct error *error) MUST_CHECK;

#endif
