/* Makes new cases: under a name of their own until they are whole, then in their place at once. */
#include "case_private.h"

#include "base/buffer.h"
#include "base/hash.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#define WORD_OF(number) #number
#define WORD(macro) WORD_OF(macro)

struct identity {
	char text[40];    /* a UUID */
	char created[32]; /* ISO 8601, UTC */
};

/* Random; with SOURCE_DATE_EPOCH from that and the file's name, so that a build can be repeated. */
static bool identity_make(const char *path, struct identity *identity, struct error *error)
{
	unsigned char bytes[HASH_SIZE];
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	long long seconds = 0;
	if (epoch && span_to_integer(span_string(epoch), &seconds)) {
		const char *base = strrchr(path, '/');
		struct hash hash;
		hash_begin(&hash);
		hash_add(&hash, epoch, strlen(epoch) + 1);
		hash_add(&hash, base ? base + 1 : path, strlen(base ? base + 1 : path));
		hash_end(&hash, bytes);
	} else {
		seconds = time(NULL);
		if (getrandom(bytes, 16, 0) != 16)
			return error_set_errno(error, "no random numbers");
	}
	bytes[6] = (unsigned char)((bytes[6] & 0x0f) | 0x40);
	bytes[8] = (unsigned char)((bytes[8] & 0x3f) | 0x80);
	int at = 0;
	for (int i = 0; i < 16; i++)
		at += snprintf(identity->text + at, sizeof identity->text - (size_t)at, "%s%02x",
			i == 4 || i == 6 || i == 8 || i == 10 ? "-" : "", bytes[i]);
	time_t clock = (time_t)seconds;
	struct tm parts;
	if (!gmtime_r(&clock, &parts) || strftime(identity->created, sizeof identity->created,
						 "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
		return error_set(
			error, ERROR_USAGE, "SOURCE_DATE_EPOCH is no time: %s", epoch ? epoch : "");
	return true;
}

static bool sqlite_failed(sqlite3 *database, const char *path, struct error *error)
{
	return case_sqlite_error(database, sqlite3_extended_errcode(database), path, error);
}

static bool write_meta(
	sqlite3 *database, const char *path, const struct identity *identity, struct error *error)
{
	const char *rows[][2] = {{"identity", identity->text}, {"created", identity->created},
		{"program", "breachx " BREACHX_VERSION}};
	sqlite3_stmt *insert = NULL;
	int code = sqlite3_prepare_v2(database,
		"INSERT INTO meta(name, value) VALUES(?1, ?2)"
		" ON CONFLICT(name) DO UPDATE SET value = excluded.value",
		-1, &insert, NULL);
	for (size_t i = 0; code == SQLITE_OK && i < ARRAY_LENGTH(rows); i++) {
		sqlite3_bind_text(insert, 1, rows[i][0], -1, SQLITE_STATIC);
		sqlite3_bind_text(insert, 2, rows[i][1], -1, SQLITE_STATIC);
		code = sqlite3_step(insert) == SQLITE_DONE ? SQLITE_OK : SQLITE_ERROR;
		sqlite3_reset(insert);
	}
	sqlite3_finalize(insert);
	return code == SQLITE_OK || sqlite_failed(database, path, error);
}

static bool copy_pages(
	sqlite3 *database, const char *path, const struct case_file *from, struct error *error)
{
	sqlite3_backup *backup = sqlite3_backup_init(database, "main", from->database, "main");
	if (!backup)
		return sqlite_failed(database, path, error);
	int code = sqlite3_backup_step(backup, -1);
	sqlite3_backup_finish(backup);
	return code == SQLITE_DONE || case_sqlite_error(NULL, code, from->name, error);
}

bool case_fill_open(
	const char *temporary, const char *name, sqlite3 **database, struct error *error)
{
	return (sqlite3_open_v2(temporary, database,
			SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX |
				SQLITE_OPEN_EXRESCODE,
			NULL) == SQLITE_OK &&
		       sqlite3_exec(*database,
			       "PRAGMA page_size=" WORD(
				       CASE_PAGE_SIZE) "; PRAGMA encoding='UTF-8';"
						       "PRAGMA synchronous=OFF; PRAGMA "
						       "journal_mode=MEMORY",
			       NULL, NULL, NULL) == SQLITE_OK) ||
	       sqlite_failed(*database, name, error);
}

bool case_fill_begin(sqlite3 *database, const char *name, struct error *error)
{
	char settings[96];
	snprintf(settings, sizeof settings, "PRAGMA application_id=%d; PRAGMA user_version=%d",
		CASE_APPLICATION_ID, CASE_SCHEMA_VERSION);
	return (sqlite3_exec(database, "BEGIN", NULL, NULL, NULL) == SQLITE_OK &&
		       sqlite3_exec(database, settings, NULL, NULL, NULL) == SQLITE_OK &&
		       sqlite3_exec(database, schema_sql, NULL, NULL, NULL) == SQLITE_OK) ||
	       sqlite_failed(database, name, error);
}

/* Fills the empty file under its temporary name. */
static bool fill(
	const char *temporary, const char *path, const struct case_file *from, struct error *error)
{
	struct identity identity;
	if (!identity_make(path, &identity, error))
		return false;
	sqlite3 *database = NULL;
	bool done = case_fill_open(temporary, path, &database, error) &&
		    (from ? copy_pages(database, path, from, error)
			  : case_fill_begin(database, path, error));
	done = done && write_meta(database, path, &identity, error);
	if (done && !from && sqlite3_exec(database, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
		done = sqlite_failed(database, path, error);
	return sqlite3_close(database) == SQLITE_OK && done;
}

bool case_sync_folder(const char *path, struct error *error)
{
	char *folder = memory_copy(path, (size_t)(strrchr(path, '/') + 1 - path));
	if (!folder)
		return error_memory(error);
	int place = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	bool done = place >= 0 && fsync(place) == 0;
	if (!done)
		error_set_errno(error, "can't write the folder of %s", path);
	if (place >= 0)
		close(place);
	return done;
}

/* Onto the disk, and in its place unless something stands there. */
static bool put_in_place(
	int file, const char *temporary, const char *path, const char *name, struct error *error)
{
	if (fsync(file) != 0)
		return error_set_errno(error, "can't write %s", name);
	int moved = renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE);
	if (moved != 0 && (errno == EINVAL || errno == ENOSYS)) {
		moved = link(temporary, path);
		if (moved == 0)
			unlink(temporary);
	}
	if (moved != 0 && errno == EEXIST)
		return error_set(
			error, ERROR_USAGE, "%s exists already; choose another name", name);
	if (moved != 0)
		return error_set_errno(error, "can't make %s", name);
	return case_sync_folder(path, error);
}

/* name: the path as it was asked for, for messages. */
static bool create_at(
	const char *path, const char *name, const struct case_file *from, struct error *error)
{
	struct stat status;
	if (lstat(path, &status) == 0)
		return error_set(
			error, ERROR_USAGE, "%s exists already; choose another name", name);
	struct buffer temporary = {0};
	const char *slash = strrchr(path, '/');
	buffer_add(&temporary, path, (size_t)(slash + 1 - path));
	buffer_add_string(&temporary, ".breachx-new-XXXXXX");
	if (buffer_failed(&temporary)) {
		buffer_free(&temporary);
		return error_memory(error);
	}
	int file = mkostemp(temporary.data, O_CLOEXEC);
	bool done = file >= 0;
	if (!done)
		error_set_errno(error, "can't make %s", name);
	done = done && fill(temporary.data, name, from, error) &&
	       put_in_place(file, temporary.data, path, name, error);
	if (file >= 0) {
		close(file);
		if (!done)
			unlink(temporary.data);
	}
	buffer_free(&temporary);
	return done;
}

bool case_create(const char *path, const char *from, struct error *error)
{
	if (strcmp(path, CASE_EXAMPLE) == 0)
		return error_set(error, ERROR_USAGE, "%s is the bundled case; choose a name", path);
	char *resolved = case_resolve(path, error);
	if (!resolved)
		return false;
	struct case_file *source = NULL;
	if (from)
		source = case_open(from, &(struct case_options){.mode = CASE_READ}, error);
	bool done = (!from || source) && create_at(resolved, path, source, error);
	/* What the system refuses here, it refuses of the case. */
	if (!done && error && error->code == ERROR_IO)
		error->code = ERROR_CASE_IO;
	case_close(source);
	free(resolved);
	return done;
}
