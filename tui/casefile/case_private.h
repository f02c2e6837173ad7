/*
 * casefile/case_private.h: what the parts of case*.c share.
 *
 * case_look.c looks at files before SQLite does, case_connect.c makes a connection safe and checks
 * whose schema it is, case_create.c makes new cases, private_folder.c a place for copies, migrate.c
 * copies old ones into the current schema, case.c puts them together.
 */
#ifndef CASEFILE_CASE_PRIVATE_H
#define CASEFILE_CASE_PRIVATE_H

#include "casefile/case.h"

#include <sqlite3.h>
#include <sys/stat.h>

/* The bundled case, wherever a case is asked for. */
#define CASE_EXAMPLE "@example"

/* 16 KiB: text in blocks is read more than twice as fast as from 4 KiB pages; an empty case has 1.1
 * MB instead of 0.3. */
#define CASE_PAGE_SIZE 16384

struct source_cache;

struct case_file {
	sqlite3 *database;
	char *name;      /* as asked for */
	char *path;      /* of the case, its folder resolved */
	char *opened;    /* what SQLite opened: path, or a private copy */
	char *folder;    /* of the private copy, removed at the end; NULL: there is none */
	int folder_held; /* its descriptor and lock, while there is one */
	char *notice;
	bool read_only;
	bool immutable;
	int version; /* of the schema that `opened` has to have */
	int held;    /* descriptor of the case: holds the writer's lock; closed after SQLite; -1 */
	dev_t device;
	ino_t inode;
	struct case_wait wait;
	bool given_up;                /* by wait, since a write last began to wait */
	struct source_cache *sources; /* files that were hashed, for all handles of the case */
};

/* What stands on disk, seen before SQLite is asked. */
struct case_look {
	int version;       /* of the schema, by the header: one that is known */
	bool wal_header;   /* the file says that it is in WAL mode; no case of ours does */
	bool empty_wal;    /* an empty -wal lies beside it */
	bool hot_journal;  /* a -journal with something to undo lies beside it */
	bool cold_journal; /* one with nothing to undo: a crash came before it was filled */
	bool live;         /* somebody writes it right now */
};

/* A path with its folder resolved: the file itself may be missing. */
char *case_resolve(const char *name, struct error *error) MUST_CHECK;

/* Opens a regular file, follows no link in its last part, never waits. -1 and errno (ELOOP for a
 * link, EINVAL for what is no regular file). */
int case_open_regular(const char *path, int flags, struct stat *status) MUST_CHECK;

/* Looks at an open case's header and the files beside it. */
bool case_look_at(int held, const char *name, const char *path, struct case_look *look,
	struct error *error) MUST_CHECK;

/* Takes the writer's lock; ERROR_CASE_LOCKED when somebody else has it. */
bool case_lock(int held, const char *name, struct error *error) MUST_CHECK;

/* Makes a folder that only this user can enter, for private copies of the case: file->folder. One
 * that a killed program left is removed. */
bool case_private_folder(struct case_file *file, struct error *error) MUST_CHECK;
/* Removes the folder, if there is one, with what is in it. SQLite must have closed its files. */
void case_private_remove(struct case_file *file);
/* An unlinked file that only this user could open, for `size` bytes beside no case: it goes with
 * its last descriptor. -1 also when there is no room for them. */
int case_private_file(int64_t size, struct error *error) MUST_CHECK;
/* That there was no room after all; always false. */
bool case_private_no_room(int64_t size, struct error *error);

/* Copies what an open file holds into a new one, which may not be there; it is as private as `mode`
 * says. */
bool case_copy_file(int from, int to, const char *path, struct error *error) MUST_CHECK;

/* Copies case and hot journal into a private folder, and makes the copy what is opened. */
bool case_private_copy(struct case_file *file, struct error *error) MUST_CHECK;

/* Opens file->opened, sets limits and flags, checks the schema. `writable` is of the connection. */
bool case_connect(struct case_file *file, bool writable, struct error *error) MUST_CHECK;

/* An error of SQLite, in our words. name: the case it is about. Always false. */
bool case_sqlite_error(sqlite3 *database, int code, const char *name, struct error *error);

/* Opens an empty file to be filled as a case, without a journal: nobody else knows its name and a
 * failure removes it. *database is to be closed, also after a failure. name: what errors are about.
 */
bool case_fill_open(const char *temporary, const char *name, sqlite3 **database,
	struct error *error) MUST_CHECK;

/* Begins a transaction and makes the tables of the current schema in it. */
bool case_fill_begin(sqlite3 *database, const char *name, struct error *error) MUST_CHECK;

/* Puts what was made, moved or removed in the folder of a path onto the disk. */
bool case_sync_folder(const char *path, struct error *error) MUST_CHECK;

/* From data/schema.sql and the frozen data/schema-N.sql. */
extern const char schema_sql[];
extern const char schema_sql_1[];
extern const char schema_sql_2[];

/* source_cache.c */
struct source_cache *source_cache_new(void) MUST_CHECK;
/* One more user of it: each frees it. */
struct source_cache *source_cache_share(struct source_cache *cache);
void source_cache_free(struct source_cache *cache);

#endif
