/*
 * casefile/case.h: opening and closing a case.
 *
 * A case is one SQLite file and nothing beside it once it is closed. Whatever opens a case treats
 * it as hostile (SECURITY: a crafted journal beside a case makes SQLite delete files; views,
 * triggers and generated columns bomb): side files are looked at before SQLite is, the schema must
 * be letter for letter a known one, limits and defensive flags are set before the first query.
 *
 *	struct case_file *file = case_open(path, &(struct case_options){.mode = CASE_READ}, &error);
 *	...
 *	case_close(file);
 *
 * One handle is one connection and belongs to one thread at a time.
 *
 * One case_open per path in a process: further handles, for workers, come from case_open_again and
 * are closed before the first one is. Closing any other descriptor of the file would drop the POSIX
 * locks that SQLite holds on it, in the midst of a transaction.
 *
 * Opened for reading, a case is byte-identical afterwards and no file is left beside it. Only one
 * process writes: the writer holds an OFD lock far beyond the end of the file.
 *
 * A case of an older schema is copied into the current one, row by row into a new file: opened for
 * reading into a private one that is gone at the close, opened for writing into one that takes the
 * case's place, and the old file stays beside it as `NAME.schema-1.bak`; case_notice says so. It
 * takes as long as writing the case, and its room once more.
 */
#ifndef CASEFILE_CASE_H
#define CASEFILE_CASE_H

#include "base/compiler.h"
#include "base/error.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* "BrXc" */
#define CASE_APPLICATION_ID 0x42725863
#define CASE_SCHEMA_VERSION 3

/* A column's or a bound value's greatest size. */
#define CASE_MAX_LENGTH (64 * 1024 * 1024)

struct case_file;
struct sqlite3;

enum case_mode {
	CASE_READ,   /* -R and every command that changes nothing */
	CASE_WRITE,  /* the case must be there */
	CASE_CREATE, /* it is made when it is not there */
};

struct case_options {
	enum case_mode mode;
	bool recover; /* finish or undo what a crash of our own left; asked for with --recover */
};

/* Opens a case. `@example` names the bundled one and is read-only. Errors: ERROR_CASE_MISSING,
 * _IO, _LOCKED, _DAMAGED, _FOREIGN, _NEWER (names the version), ERROR_MEMORY; ERROR_USAGE for
 * writing to the bundled case and for no name at all. */
struct case_file *case_open(
	const char *path, const struct case_options *options, struct error *error) MUST_CHECK;

/* Another read-only connection to the same case, for a worker thread; ERROR_CASE_LOCKED when
 * another file stands under its name by now. */
struct case_file *case_open_again(const struct case_file *file, struct error *error) MUST_CHECK;

/* Closes and frees; a writer leaves the case in rollback mode with no file beside it. NULL is
 * allowed. */
void case_close(struct case_file *file);

/* As it was asked for, for the header; and the real path. */
const char *case_name(const struct case_file *file);
const char *case_path(const struct case_file *file);
bool case_read_only(const struct case_file *file);

/* What the open noticed and a person should be told once ("a half-loaded import of x.csv was swept
 * away"), or NULL. */
const char *case_notice(const struct case_file *file);

/* Bytes of the case file. */
int64_t case_size(const struct case_file *file);
/* Another number than before, on this handle, when somebody else has changed the case; 0 when that
 * can't be told. */
int64_t case_version(const struct case_file *file);

/* What is read until case_let_go is of one moment, and whoever writes waits for it: nothing that
 * could block stands between. *held is what case_let_go gets: false within what is held already. */
bool case_hold(const struct case_file *file, bool *held, struct error *error) MUST_CHECK;
void case_let_go(const struct case_file *file, bool held);

/* Path of the bundled case, beside the program or under its prefix; NULL and ERROR_CASE_MISSING
 * when it is not there. Free with free. */
char *case_example_path(struct error *error) MUST_CHECK;

/* A new, empty case; ERROR_USAGE when the path exists. from: NULL, or a case to copy. */
bool case_create(const char *path, const char *from, struct error *error) MUST_CHECK;

/* From here on a statement of this connection ends with ERROR_CANCELLED soon after the flag is set
 * (a sort of millions takes seconds within one step); NULL ends that. The flag outlives it. */
void case_watch(struct case_file *file, const atomic_bool *cancel);
/* From another thread: the statement that runs on this connection, if any, ends with
 * ERROR_CANCELLED. For SQLite's check of a file, which looks at no flag. */
void case_interrupt(struct case_file *file);

/* Asked while a write waits for other programs that read the case, with the milliseconds it has
 * waited; false gives up, and the write ends with ERROR_CANCELLED. */
struct case_wait {
	bool (*go_on)(void *context, int milliseconds);
	void *context;
};
/* For acts that are too long to be lost to somebody's open pager: from here on a write waits for as
 * long as *wait says, which is copied; NULL: ten seconds, then ERROR_CASE_LOCKED. */
void case_wait_for_readers(struct case_file *file, const struct case_wait *wait);

/* The version of SQLite that runs, for doctor. */
const char *case_sqlite_version(void);

/* For casefile/ and search/ only. */
struct sqlite3 *case_database(const struct case_file *file);

#endif
