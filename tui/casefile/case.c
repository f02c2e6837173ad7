#include "casefile/case.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "case_private.h"
#include "casefile/statement.h"
#include "casefile/writer.h"
#include "migrate.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define EXAMPLE_FILE "mitsubishi-electric-2020.breach"

/* A handle that knows its names, and nothing else yet. */
static struct case_file *case_new(
	const char *name, struct source_cache *sources, struct error *error)
{
	struct case_file *file = memory_array(1, sizeof *file);
	if (!file) {
		error_memory(error);
		return NULL;
	}
	file->held = -1;
	file->read_only = true;
	file->version = CASE_SCHEMA_VERSION;
	file->name = memory_copy_string(name);
	file->sources = sources ? source_cache_share(sources) : source_cache_new();
	if (!file->name || !file->sources) {
		error_memory(error);
		case_close(file);
		return NULL;
	}
	return file;
}

void case_close(struct case_file *file)
{
	if (!file)
		return;
	source_cache_free(file->sources);
	/* Statements that were left open would keep the connection; _v2 lets it go with them. */
	sqlite3_close_v2(file->database);
	/* After SQLite: closing any descriptor of a file gives up the locks SQLite has on it. */
	if (file->held >= 0)
		close(file->held);
	case_private_remove(file);
	free(file->name);
	free(file->path);
	free(file->opened);
	free(file->notice);
	free(file);
}

static bool hold(struct case_file *file, bool writable, struct error *error)
{
	struct stat status;
	file->held = case_open_regular(file->path, writable ? O_RDWR : O_RDONLY, &status);
	if (file->held >= 0) {
		file->device = status.st_dev;
		file->inode = status.st_ino;
		return true;
	}
	switch (errno) {
	case ENOENT:
		return error_set(error, ERROR_CASE_MISSING,
			"there is no case %s; `breachx new` makes one", file->name);
	case ELOOP:
		return error_set(error, ERROR_CASE_FOREIGN,
			"%s is a symbolic link; name the file it leads to", file->name);
	case EINVAL:
		return error_set(error, ERROR_CASE_FOREIGN, "%s is not a regular file", file->name);
	case EACCES:
	case EROFS:
	case EPERM:
		if (writable)
			return error_set_errno(
				error, "%s can't be written (`breachx -R` reads it)", file->name);
		break;
	default:
		break;
	}
	return error_set_errno(error, "can't open %s", file->name);
}

/* A change needs a file beside the case, so that a crash can be undone. */
static bool folder_takes_files(const struct case_file *file, struct error *error)
{
	const char *slash = strrchr(file->path, '/');
	char *folder = memory_copy(file->path, slash ? (size_t)(slash + 1 - file->path) : 0);
	if (!folder)
		return error_memory(error);
	bool writable = faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) == 0;
	if (!writable)
		error_set_errno(error,
			"%s can't be written, since nothing can be written in its folder "
			"(`breachx -R` reads it)",
			file->name);
	free(folder);
	return writable;
}

static bool set_notice(struct case_file *file, const char *text, struct error *error)
{
	file->notice = memory_copy_string(text);
	return file->notice || error_memory(error);
}

/* Takes imports back that a crash cut short, and says so beside what was noticed before. */
static bool sweep(struct case_file *file, struct error *error)
{
	struct buffer notice = {0};
	if (file->notice)
		buffer_add_string(&notice, file->notice);
	bool swept = writer_sweep(file, &notice, error);
	if (swept && notice.length > 0) {
		free(file->notice);
		swept = set_notice(file, notice.data, error);
	}
	buffer_free(&notice);
	return swept;
}

/* A crash left a journal: its change is undone, here or on a private copy. */
static bool recover(struct case_file *file, const struct case_options *options, struct error *error)
{
	if (!file->read_only) {
		if (!options->recover)
			return error_set(error, ERROR_CASE_DAMAGED,
				"%s-journal holds a change that a crash left unfinished; --recover "
				"undoes it, `breachx -R` reads a copy in which it is undone",
				file->name);
		return set_notice(file,
			"a change that a crash left unfinished was undone in the case", error);
	}
	if (!case_private_copy(file, error))
		return false;
	/* The first connection may write: it rolls the copy back. The copy's journal is looked at
	 * again, since the one beside the case may have changed meanwhile. */
	struct case_look look = {0};
	struct stat status;
	int copy = case_open_regular(file->opened, O_RDONLY, &status);
	if (copy < 0)
		return error_set_errno(error, "can't open the private copy of %s", file->name);
	bool fit = case_look_at(copy, file->name, file->opened, &look, error);
	close(copy);
	if (!fit || !case_connect(file, true, error))
		return false;
	sqlite3_close(file->database);
	file->database = NULL;
	return set_notice(file,
		"a change that a crash left unfinished was undone in a private copy; the case "
		"itself is as it was",
		error);
}

/* SQLite's own locks need nothing but a file that can be read. Only where a file can't change, or
 * where it would be read in WAL mode and so need files beside it, is it read without them. */
static bool reads_without_locks(const struct case_file *file, const struct case_look *look)
{
	struct statvfs medium;
	return look->wal_header || look->empty_wal ||
	       (fstatvfs(file->held, &medium) == 0 && (medium.f_flag & ST_RDONLY));
}

/* A journal that a writer deleted a moment later is no crash's: it is gone at the next look. */
static bool look_twice(const struct case_file *file, struct case_look *look, struct error *error)
{
	for (int looks = 0; looks < 3; looks++) {
		*look = (struct case_look){0};
		if (!case_look_at(file->held, file->name, file->path, look, error))
			return false;
		if (!look->hot_journal || look->live)
			break;
	}
	return true;
}

/* SQLite would leave it there until it next writes. We hold the writer's lock, and nobody else is
 * at work on the file. */
static bool remove_cold_journal(const struct case_file *file, struct error *error)
{
	struct buffer journal = {0};
	buffer_add_format(&journal, "%s-journal", file->path);
	bool done = !buffer_failed(&journal);
	if (!done)
		error_memory(error);
	else if (unlink(journal.data) != 0 && errno != ENOENT)
		done = error_set_errno(error, "can't remove the empty %s-journal", file->name);
	buffer_free(&journal);
	return done;
}

/* A case that was migrated or swapped meanwhile is another file under the same name. */
static bool still_there(const struct case_file *file, struct error *error)
{
	struct stat status;
	if (lstat(file->path, &status) == 0 && status.st_dev == file->device &&
		status.st_ino == file->inode)
		return true;
	return error_set(
		error, ERROR_CASE_LOCKED, "%s was moved or replaced; open it again", file->name);
}

static bool open_path(
	struct case_file *file, const struct case_options *options, struct error *error)
{
	if (!hold(file, !file->read_only, error))
		return false;
	if (!file->read_only && !folder_takes_files(file, error))
		return false;
	if (!file->read_only && !case_lock(file->held, file->name, error))
		return false;
	struct case_look look;
	if (!look_twice(file, &look, error) || !still_there(file, error))
		return false;
	file->version = look.version;
	file->opened = memory_copy_string(file->path);
	if (!file->opened)
		return error_memory(error);
	if (look.live && !file->read_only)
		return error_set(error, ERROR_CASE_LOCKED,
			"%s is being written by another program; try again when it is done",
			file->name);
	if (look.cold_journal && !file->read_only && !remove_cold_journal(file, error))
		return false;
	if (look.hot_journal && !look.live) {
		if (!recover(file, options, error))
			return false;
	} else if (file->read_only) {
		file->immutable = reads_without_locks(file, &look);
	}
	return case_connect(file, !file->read_only, error) &&
	       (file->version == CASE_SCHEMA_VERSION || migrate_case(file, error)) &&
	       (file->read_only || sweep(file, error));
}

struct case_file *case_open(
	const char *path, const struct case_options *options, struct error *error)
{
	struct case_file *file = case_new(path, NULL, error);
	if (!file)
		return NULL;
	file->read_only = options->mode == CASE_READ;
	bool example = strcmp(path, CASE_EXAMPLE) == 0;
	if (example && !file->read_only) {
		error_set(error, ERROR_USAGE,
			"the bundled case can't be changed; `breachx new CASE --from @example` "
			"makes a copy that can");
		case_close(file);
		return NULL;
	}
	file->path = example ? case_example_path(error) : case_resolve(path, error);
	bool fit = file->path != NULL;
	struct stat status;
	if (fit && options->mode == CASE_CREATE && lstat(file->path, &status) != 0 &&
		errno == ENOENT)
		fit = case_create(path, NULL, error);
	if (fit && open_path(file, options, error))
		return file;
	/* What the system refuses here, it refuses of the case. */
	if (error && error->code == ERROR_IO)
		error->code = ERROR_CASE_IO;
	case_close(file);
	return NULL;
}

/* SQLite opens what stands under the name now. */
static bool connect_again(struct case_file *file, struct error *error)
{
	if (strcmp(file->opened, file->path) != 0) /* private, and nobody else's */
		return case_connect(file, false, error);
	return still_there(file, error) && case_connect(file, false, error) &&
	       still_there(file, error);
}

struct case_file *case_open_again(const struct case_file *file, struct error *error)
{
	struct case_file *again = case_new(file->name, file->sources, error);
	if (!again)
		return NULL;
	again->path = memory_copy_string(file->path);
	again->opened = memory_copy_string(file->opened);
	again->immutable = file->immutable;
	again->device = file->device;
	again->inode = file->inode;
	if (!again->path || !again->opened)
		error_memory(error);
	else if (connect_again(again, error))
		return again;
	case_close(again);
	return NULL;
}

const char *case_name(const struct case_file *file)
{
	return file->name;
}

const char *case_path(const struct case_file *file)
{
	return file->path;
}

bool case_read_only(const struct case_file *file)
{
	return file->read_only;
}

const char *case_notice(const struct case_file *file)
{
	return file->notice;
}

int64_t case_size(const struct case_file *file)
{
	struct stat status;
	return stat(file->path, &status) == 0 ? status.st_size : 0;
}

int64_t case_version(const struct case_file *file)
{
	struct statement *select = statement_open_text(file, "PRAGMA data_version", NULL);
	int64_t version = 0;
	if (select && statement_step(select, NULL) == STATEMENT_ROW)
		version = statement_int(select, 0);
	statement_close(select);
	return version;
}

bool case_hold(const struct case_file *file, bool *held, struct error *error)
{
	*held = sqlite3_get_autocommit(file->database) != 0;
	return !*held || statement_execute(file, "BEGIN", error);
}

void case_let_go(const struct case_file *file, bool held)
{
	/* Nothing was written: it can't fail in a way that matters. */
	if (held)
		(void)!statement_execute(file, "COMMIT", NULL);
}

struct sqlite3 *case_database(const struct case_file *file)
{
	return file->database;
}

/* The folder the program stands in, with a slash behind it. */
static bool program_folder(struct buffer *folder)
{
	char program[4096];
	ssize_t length = readlink("/proc/self/exe", program, sizeof program);
	if (length <= 0 || length == (ssize_t)sizeof program)
		return false;
	const char *slash = memrchr(program, '/', (size_t)length);
	if (!slash)
		return false;
	buffer_add(folder, program, (size_t)(slash + 1 - program));
	return true;
}

char *case_example_path(struct error *error)
{
	static const char *const places[] = {EXAMPLE_FILE, "../share/breachx/" EXAMPLE_FILE};
	for (size_t i = 0; i < ARRAY_LENGTH(places); i++) {
		struct buffer path = {0};
		bool known = program_folder(&path);
		buffer_add_string(&path, places[i]);
		if (buffer_failed(&path)) {
			buffer_free(&path);
			error_memory(error);
			return NULL;
		}
		char *resolved = known && access(path.data, R_OK) == 0
					 ? case_resolve(path.data, error)
					 : NULL;
		buffer_free(&path);
		if (resolved)
			return resolved;
	}
	error_set(error, ERROR_CASE_MISSING,
		"the bundled case %s is neither beside the program nor in ../share/breachx",
		EXAMPLE_FILE);
	return NULL;
}
