/*
 * casefile/source_private.h: files that a case only points at.
 *
 * Such a file counts only when its size and SHA-256 are the source's, or those of what it unpacks
 * to. It is looked at once for all handles of a case, and again when its identity or times on disk
 * say that it was touched. A packed file is unpacked while it is looked at, into an unlinked file
 * of the temporary folder out of which any bytes can then be read; the cache of the case holds it.
 */
#ifndef CASEFILE_SOURCE_PRIVATE_H
#define CASEFILE_SOURCE_PRIVATE_H

#include "base/unpack.h"
#include "casefile/source.h"

#include <sys/stat.h>

enum source_file {
	SOURCE_FILE_SAME,
	SOURCE_FILE_ABSENT,   /* none there, or no regular file */
	SOURCE_FILE_CHANGED,  /* other bytes than those imported; error says why where it is not
				 just that */
	SOURCE_FILE_FAILED,   /* can't be read or unpacked; error is set */
	SOURCE_FILE_CANCELLED /* by progress */
};

struct source_place {
	int64_t id;
	int64_t size;
	struct span sha256;
	struct span path; /* stated; relative ones are beside the case */
};

/* Finds and checks the file of a source. SOURCE_FILE_SAME leaves in *opened, to be closed, what has
 * its bytes: the file, or what was unpacked. progress may be NULL, error not. */
enum source_file source_file_open(const struct case_file *file, const struct source_place *place,
	const struct source_progress *progress, int *opened, struct error *error) MUST_CHECK;
/* Checks it, even when that was done before, and leaves nothing behind: it takes no room. */
enum source_file source_file_check(const struct case_file *file, const struct source_place *place,
	const struct source_progress *progress, struct error *error) MUST_CHECK;

/* The same, and reads a stretch of it on the way. */
enum source_file source_file_excerpt(const struct case_file *file, const struct source_place *place,
	struct range range, const struct source_progress *progress, struct buffer *bytes,
	struct error *error) MUST_CHECK;

/* A regular file that is not the case: closing a second descriptor of that would drop the locks
 * SQLite has on it. -1 and errno, EINVAL for the case and what is no regular file. */
int source_file_at(const struct case_file *file, const char *path, struct stat *status) MUST_CHECK;
/* By its first bytes. */
enum packing source_packing(int descriptor);

/* What is to be read of an open file. */
struct source_reading {
	int descriptor;
	enum packing packing;
	const char *member;  /* of a zip */
	int64_t most;        /* it is read on to more than so many bytes, and no further */
	int into;            /* where they are written to; -1: nowhere */
	struct buffer *kept; /* what stands in `range` of them; NULL: nothing */
	struct range range;
	const struct source_progress *progress;
};

struct source_content {
	int64_t size; /* more than `most`: and the hash is of nothing */
	uint8_t sha256[HASH_SIZE];
};

/* Reads, unpacks and hashes. Errors: ERROR_INPUT and ERROR_LIMIT say what is wrong with packed
 * bytes, ERROR_CANCELLED, ERROR_IO, ERROR_MEMORY. */
bool source_content_read(const struct source_reading *reading, struct source_content *content,
	struct error *error) MUST_CHECK;

/* ---- source_cache.c ---- */

struct source_cache;

enum source_claim {
	SOURCE_CHECKED,         /* it was looked at and is the same */
	SOURCE_TO_BE_CHECKED,   /* by the caller, who ends with source_cache_done */
	SOURCE_CLAIM_CANCELLED, /* while another thread looked at it */
	SOURCE_CLAIM_FAILED     /* error is set */
};

/* Asks for a file in the state that its status says. Of one that is checked and was unpacked
 * *unpacked has the bytes, to be closed; else it is -1. */
enum source_claim source_cache_claim(struct source_cache *cache, int64_t id,
	const struct stat *status, const struct source_progress *progress, int *unpacked,
	struct error *error) MUST_CHECK;
/* How far the one who looks at it is, for those who wait. */
void source_cache_tell(struct source_cache *cache, int64_t id, int64_t bytes);
/* Ends a claim; a descriptor of what was unpacked stays the caller's. */
void source_cache_done(
	struct source_cache *cache, int64_t id, const struct stat *status, bool same, int unpacked);
/* The same of one that was looked at without a claim, and is not packed. */
void source_cache_note(struct source_cache *cache, int64_t id, const struct stat *status);

#endif
