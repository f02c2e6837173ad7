/*
 * casefile/source.h: the files that were imported, and their bytes.
 */
#ifndef CASEFILE_SOURCE_H
#define CASEFILE_SOURCE_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/span.h"
#include "casefile/case.h"

#include <stdbool.h>
#include <stdint.h>

/* Between the path of a zip and that of a member in it: no resolved path has it. */
#define SOURCE_MEMBER "//"

enum source_state { SOURCE_LOADING, SOURCE_READY, SOURCE_WITHDRAWN };

struct source {
	int64_t id;
	char *name;
	int64_t size;
	uint8_t sha256[HASH_SIZE];
	char *format;
	char *importer;   /* name and version */
	char *options;    /* mapping and settings as given, one a line */
	char *zone;       /* NULL: none was needed */
	int64_t imported; /* UTC microseconds */
	enum source_state state;
	int64_t taken, skipped, duplicate; /* the input's own units */
	char *path;                        /* where it was last found, ZIP//MEMBER in a zip; NULL */
	bool kept;                         /* its bytes are in the case */
	char *original_name;               /* of the file that it was made from; NULL: it is that */
	uint8_t original_sha256[HASH_SIZE];
};

void source_free(struct source *source);

/* One source by an id that the case names; false and ERROR_CASE_DAMAGED when there is none. */
bool source_read(const struct case_file *file, int64_t id, struct source *source,
	struct error *error) MUST_CHECK;

/* Sources in the order of import: the next with an id above *id, which is set. 1, 0 at the end, -1
 * on an error. */
int source_next(const struct case_file *file, int64_t *id, struct source *source,
	struct error *error) MUST_CHECK;

/* A ready source with these bytes; 0 when there is none, -1 on an error. */
int64_t source_find(const struct case_file *file, const uint8_t sha256[HASH_SIZE],
	struct error *error) MUST_CHECK;

/* The source that a person means: by its number, else by its whole name, else by the first digits
 * (at least four) of its SHA-256. Of several with one name the ready one is meant. ERROR_USAGE when
 * there is none, or more than one that could be meant. */
bool source_named(const struct case_file *file, struct span asked, int64_t *id,
	struct error *error) MUST_CHECK;

/* Called after each 256 KiB of a file, or of what it unpacks to, that were hashed, with the number
 * of bytes until then, and while another thread is waited for that does it; false stops. */
struct source_progress {
	bool (*go_on)(void *context, int64_t bytes);
	void *context;
};

/* Bytes start to end of a source, from the case when kept there, else from its path after checking
 * size and hash (once for all handles of a case opened by case_open_again, and again when the file
 * was touched): that takes as long as reading all of the file, and progress (NULL: none) may stop
 * it, ERROR_CANCELLED. A packed file is unpacked meanwhile into an unlinked one of the temporary
 * folder, which stays until the last handle is closed; ERROR_IO says, too, that there is no room.
 * ERROR_USAGE says that the source is not at hand or has no such bytes,
 * ERROR_INTEGRITY that its bytes have changed, ERROR_LIMIT that more than CASE_MAX_LENGTH were
 * asked for at once. */
bool source_bytes(const struct case_file *file, int64_t id, uint64_t start, uint64_t end,
	const struct source_progress *progress, struct buffer *bytes,
	struct error *error) MUST_CHECK;

/* The same for who asks but once: bytes, which is emptied, holds them alone, and a packed file
 * takes no room. */
bool source_bytes_once(const struct case_file *file, int64_t id, uint64_t start, uint64_t end,
	const struct source_progress *progress, struct buffer *bytes,
	struct error *error) MUST_CHECK;

struct problem {
	int64_t number;
	int64_t line;  /* 0: none */
	int64_t start; /* byte; -1: none */
	bool skipped;
	char *message;
};

/* What was skipped or remarked at import, the next above *number. 1, 0, -1 as source_next. */
int source_problem_next(const struct case_file *file, int64_t source, int64_t *number,
	struct problem *problem, struct error *error) MUST_CHECK;
void source_problem_free(struct problem *problem);

#endif
