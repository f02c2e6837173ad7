/* Puts a copy of a case in the current schema in the place of one in an older schema. */
#include "migrate.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Between a case's name, with a dot before it, and six letters. */
#define MIGRATING ".migrating-"
#define LETTERS 6
/* Names that are tried for the old file. */
#define MOST_BACKUPS 100

/* A file that is being made. */
struct made {
	char *path;
	int file; /* -1: there is none */
};

static char *finish(struct buffer *text, struct error *error)
{
	if (!buffer_failed(text))
		return text->data;
	buffer_free(text);
	error_memory(error);
	return NULL;
}

/* An empty file beside another, under a name that nobody can know before: SQLite acts on what lies
 * beside a file it opens. */
static bool make_beside(const char *path, struct made *made, struct error *error)
{
	struct buffer name = {0};
	const char *base = strrchr(path, '/') + 1;
	buffer_add(&name, path, (size_t)(base - path));
	buffer_add_format(&name, ".%s" MIGRATING "XXXXXX", base);
	made->path = finish(&name, error);
	if (!made->path)
		return false;
	made->file = mkostemp(made->path, O_CLOEXEC);
	return made->file >= 0 || error_set_errno(error, "can't make %s", made->path);
}

static void made_drop(struct made *made)
{
	if (made->file >= 0) {
		close(made->file);
		unlink(made->path);
	}
	free(made->path);
	*made = (struct made){.file = -1};
}

/* What a migration left that was killed. It is nobody's: only who holds the case's lock makes it.
 */
static void remove_leftovers(const char *path)
{
	const char *base = strrchr(path, '/') + 1;
	char *folder = memory_copy(path, (size_t)(base - path));
	DIR *entries = folder ? opendir(folder) : NULL;
	free(folder);
	if (!entries)
		return;
	size_t length = strlen(base);
	for (struct dirent *entry; (entry = readdir(entries));) {
		const char *name = entry->d_name;
		if (name[0] == '.' && strncmp(name + 1, base, length) == 0 &&
			strncmp(name + 1 + length, MIGRATING, strlen(MIGRATING)) == 0 &&
			strlen(name + 1 + length) == strlen(MIGRATING) + LETTERS)
			unlinkat(dirfd(entries), name, 0);
	}
	closedir(entries);
}

/* `NAME.schema-1.bak`, and with a number when there is one already. */
static char *backup_name(const struct case_file *file, int number, struct error *error)
{
	struct buffer name = {0};
	buffer_add_format(&name, "%s.schema-%d", file->path, file->version);
	if (number > 1)
		buffer_add_format(&name, ".%d", number);
	buffer_add_string(&name, ".bak");
	return finish(&name, error);
}

/* Where a file can't have two names, as on a stick: a second file, whole before it has its name. */
static bool copy_old(const struct case_file *file, struct made *copy, struct error *error)
{
	struct stat status;
	if (!make_beside(file->path, copy, error) ||
		!case_copy_file(file->held, copy->file, copy->path, error))
		return false;
	if (fstat(file->held, &status) != 0 || fchmod(copy->file, status.st_mode & 0777) != 0 ||
		fsync(copy->file) != 0)
		return error_set_errno(error, "can't write %s", copy->path);
	return true;
}

static bool move_copy(struct made *copy, const char *name)
{
	if (renameat2(AT_FDCWD, copy->path, AT_FDCWD, name, RENAME_NOREPLACE) != 0)
		return false;
	close(copy->file);
	copy->file = -1;
	return true;
}

/* Gives the old file a second name beside the first; NULL on an error. */
static char *keep_old(const struct case_file *file, struct error *error)
{
	struct made copy = {.file = -1};
	char *name = NULL;
	for (int number = 1; number <= MOST_BACKUPS; number++) {
		free(name);
		name = backup_name(file, number, error);
		if (!name)
			break;
		if (copy.file < 0 && link(file->path, name) == 0)
			return name;
		if (copy.file < 0 && errno != EEXIST && !copy_old(file, &copy, error))
			break;
		if (copy.file >= 0 && move_copy(&copy, name)) {
			made_drop(&copy);
			return name;
		}
		if (errno != EEXIST || number == MOST_BACKUPS) {
			error_set_errno(error, "can't keep the old %s as %s", file->name, name);
			break;
		}
	}
	made_drop(&copy);
	free(name);
	return NULL;
}

static bool add_notice(struct case_file *file, const char *kept, struct error *error)
{
	struct buffer notice = {0};
	if (file->notice)
		buffer_add_format(&notice, "%s\n", file->notice);
	if (kept)
		buffer_add_format(&notice,
			"the case had schema %d and was copied into schema %d; the old file is "
			"kept as %s",
			file->version, CASE_SCHEMA_VERSION, kept);
	else
		buffer_add_format(&notice,
			"the case has schema %d and is read from a private copy in schema %d; the "
			"case itself is as it was",
			file->version, CASE_SCHEMA_VERSION);
	char *text = finish(&notice, error);
	if (text) {
		free(file->notice);
		file->notice = text;
	}
	return text != NULL;
}

/* The old connection goes, and the one to the new file is made as any other. */
static bool reconnect(struct case_file *file, const char *kept, struct error *error)
{
	sqlite3_close(file->database);
	file->database = NULL;
	if (!add_notice(file, kept, error))
		return false;
	file->version = CASE_SCHEMA_VERSION;
	return case_connect(file, !file->read_only, error);
}

/* From here on the new file is the case: its lock was taken before anybody could see it. */
static void adopt(struct case_file *file, struct made *made, const struct stat *status)
{
	sqlite3_close(file->database);
	file->database = NULL;
	close(file->held);
	file->held = made->file;
	file->device = status->st_dev;
	file->inode = status->st_ino;
	made->file = -1;
}

static bool put_in_place(
	struct case_file *file, struct made *made, char **kept, struct error *error)
{
	struct stat old, new;
	if (fstat(file->held, &old) != 0 || fchmod(made->file, old.st_mode & 0777) != 0 ||
		fsync(made->file) != 0 || fstat(made->file, &new) != 0)
		return error_set_errno(error, "can't write %s", made->path);
	*kept = keep_old(file, error);
	if (!*kept)
		return false;
	if (rename(made->path, file->path) != 0) {
		error_set_errno(error, "can't replace %s", file->name);
		unlink(*kept);
		return false;
	}
	adopt(file, made, &new);
	return case_sync_folder(file->path, error);
}

/* With SQLite's own lock as well, so that no other program reads the old file under the name of the
 * new one. */
static bool migrate_in_place(struct case_file *file, struct error *error)
{
	struct made made = {.file = -1};
	char *kept = NULL;
	int code = sqlite3_exec(file->database, "BEGIN EXCLUSIVE", NULL, NULL, NULL);
	if (code != SQLITE_OK)
		return case_sqlite_error(file->database, code, file->name, error);
	remove_leftovers(file->path);
	bool done = make_beside(file->path, &made, error) &&
		    case_lock(made.file, file->name, error) &&
		    migrate_rows(file, made.path, error) &&
		    put_in_place(file, &made, &kept, error) && reconnect(file, kept, error);
	made_drop(&made);
	free(kept);
	return done;
}

static char *private_path(const char *folder, struct error *error)
{
	struct buffer path = {0};
	buffer_add_format(&path, "%s/case", folder);
	return finish(&path, error);
}

/* In the private folder that there is when a crash's change was undone, or in a new one. */
static bool migrate_private(struct case_file *file, struct error *error)
{
	struct made made = {.file = -1};
	int code = sqlite3_exec(file->database, "BEGIN", NULL, NULL, NULL);
	if (code != SQLITE_OK)
		return case_sqlite_error(file->database, code, file->name, error);
	bool placed = file->folder || case_private_folder(file, error);
	char *path = placed ? private_path(file->folder, error) : NULL;
	bool done = path && make_beside(path, &made, error) && migrate_rows(file, made.path, error);
	if (done && rename(made.path, path) != 0)
		done = error_set_errno(error, "can't make %s", path);
	if (!done) {
		made_drop(&made);
		free(path);
		return false;
	}
	close(made.file);
	free(made.path);
	free(file->opened);
	file->opened = path;
	file->immutable = false;
	return reconnect(file, NULL, error);
}

bool migrate_case(struct case_file *file, struct error *error)
{
	return file->read_only ? migrate_private(file, error) : migrate_in_place(file, error);
}
