/* What is looked at before SQLite is asked to open a case: SQLite acts on what lies beside a file.
 */
#include "case_private.h"

#include "base/buffer.h"
#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <unistd.h>

#define HEADER_SIZE 100
#define JOURNAL_HEADER_SIZE 28
/* Far beyond the end of any case, and away from the bytes that SQLite locks. */
#define LOCK_BYTE ((off_t)1 << 61)
#define SQLITE_PENDING_BYTE 0x40000000

static const unsigned char journal_magic[8] = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};

char *case_resolve(const char *name, struct error *error)
{
	const char *slash = strrchr(name, '/');
	const char *last = slash ? slash + 1 : name;
	if (*name == '\0') {
		error_set(error, ERROR_USAGE, "a case has a name, and this one is empty");
		return NULL;
	}
	if (*last == '\0' || strcmp(last, ".") == 0 || strcmp(last, "..") == 0) {
		error_set(error, ERROR_CASE_FOREIGN, "%s is a folder, not a case file", name);
		return NULL;
	}
	char *folder = slash ? memory_copy(name, slash == name ? 1 : (size_t)(slash - name))
			     : memory_copy_string(".");
	char *real = folder ? realpath(folder, NULL) : NULL;
	if (!folder)
		error_memory(error);
	else if (!real && (errno == ENOENT || errno == ENOTDIR))
		error_set(error, ERROR_CASE_MISSING, "%s: there is no folder %s", name, folder);
	else if (!real)
		error_set_errno(error, "%s: the folder can't be reached", name);
	free(folder);
	if (!real)
		return NULL;
	struct buffer path = {0};
	buffer_add_format(&path, "%s/%s", strcmp(real, "/") == 0 ? "" : real, last);
	free(real);
	if (!buffer_failed(&path))
		return path.data;
	buffer_free(&path);
	error_memory(error);
	return NULL;
}

int case_open_regular(const char *path, int flags, struct stat *status)
{
	/* Opening a device can have effects of its own, so the look comes first. */
	if (lstat(path, status) != 0)
		return -1;
	if (!S_ISREG(status->st_mode)) {
		errno = S_ISLNK(status->st_mode) ? ELOOP : EINVAL;
		return -1;
	}
	int file = open(path, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (file < 0)
		return -1;
	if (fstat(file, status) == 0 && S_ISREG(status->st_mode))
		return file;
	close(file);
	errno = EINVAL;
	return -1;
}

static uint32_t big_endian(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

static bool look_at_header(int held, const char *name, struct case_look *look, struct error *error)
{
	unsigned char header[HEADER_SIZE];
	ssize_t got = pread(held, header, sizeof header, 0);
	if (got < 0)
		return error_set_errno(error, "can't read %s", name);
	if (got < HEADER_SIZE || memcmp(header, "SQLite format 3", 16) != 0)
		return error_set(error, ERROR_CASE_FOREIGN, "%s is not a case file", name);
	if (big_endian(header + 68) != CASE_APPLICATION_ID)
		return error_set(error, ERROR_CASE_FOREIGN,
			"%s is a database of another program, not a case file", name);
	int32_t version = (int32_t)big_endian(header + 60);
	if (version > CASE_SCHEMA_VERSION)
		return error_set(error, ERROR_CASE_NEWER,
			"%s was made by a newer version: it has schema %d and this program knows "
			"schemas up to %d; use the newer program",
			name, version, CASE_SCHEMA_VERSION);
	if (version < 1 || big_endian(header + 56) != 1)
		return error_set(error, ERROR_CASE_FOREIGN,
			"%s is not a case this program made: schema %d, text encoding %u", name,
			version, big_endian(header + 56));
	look->version = version;
	look->wal_header = header[18] == 2 || header[19] == 2;
	return true;
}

/* A file beside the case: -1 on an error, 0 when there is none, 1 with its size. */
static int look_at_side(const char *name, const char *path, const char *suffix, int *side,
	struct stat *status, struct error *error)
{
	struct buffer beside = {0};
	buffer_add_format(&beside, "%s%s", path, suffix);
	if (buffer_failed(&beside)) {
		buffer_free(&beside);
		error_memory(error);
		return -1;
	}
	*side = case_open_regular(beside.data, O_RDONLY, status);
	int number = errno;
	buffer_free(&beside);
	if (*side >= 0)
		return 1;
	if (number == ENOENT)
		return 0;
	if (number == ELOOP || number == EINVAL)
		error_set(error, ERROR_CASE_FOREIGN,
			"%s%s lies beside the case and is no regular file; move it away", name,
			suffix);
	else
		error_set_errno(error, "can't read %s%s", name, suffix);
	return -1;
}

/* SQLite would delete the file that a super-journal's name leads to. We never write one. */
static bool names_super_journal(int side, off_t size)
{
	unsigned char tail[sizeof journal_magic];
	if (size < (off_t)sizeof tail)
		return false;
	return pread(side, tail, sizeof tail, size - (off_t)sizeof tail) != (ssize_t)sizeof tail ||
	       memcmp(tail, journal_magic, sizeof tail) == 0;
}

/* SQLite gives the case the size that a journal states, be it nothing or terabytes. What it had was
 * a page at least, and no page that is neither there nor in the journal. The case is measured after
 * the journal was read: a writer at work makes it larger and never smaller. */
static bool misstates_size(int held, int side, off_t size)
{
	unsigned char header[JOURNAL_HEADER_SIZE];
	struct stat status;
	if (pread(side, header, sizeof header, 0) != (ssize_t)sizeof header ||
		memcmp(header, journal_magic, sizeof journal_magic) != 0)
		return false; /* no journal, or the begin of one: SQLite takes nothing from it */
	off_t pages = big_endian(header + 16);
	off_t page = big_endian(header + 24);
	if (page == 0)
		page = CASE_PAGE_SIZE;
	return pages < 1 || fstat(held, &status) != 0 ||
	       pages > status.st_size / page + size / page;
}

static bool look_at_journal(
	int held, const char *name, const char *path, struct case_look *look, struct error *error)
{
	int side;
	struct stat status;
	int found = look_at_side(name, path, "-journal", &side, &status, error);
	if (found <= 0)
		return found == 0;
	char first = 0;
	bool deletes = names_super_journal(side, status.st_size);
	bool resizes = misstates_size(held, side, status.st_size);
	look->hot_journal = status.st_size > 0 && (pread(side, &first, 1, 0) != 1 || first != 0);
	look->cold_journal = !look->hot_journal;
	close(side);
	if (deletes || resizes)
		return error_set(error, ERROR_CASE_FOREIGN,
			"%s-journal lies beside the case and %s; this program never writes such a "
			"file: move it away",
			name,
			deletes ? "names yet another file to delete"
				: "gives the case a size that it never had");
	return true;
}

static bool look_at_wal(
	const char *name, const char *path, struct case_look *look, struct error *error)
{
	int side;
	struct stat status;
	int found = look_at_side(name, path, "-wal", &side, &status, error);
	if (found > 0) {
		close(side);
		look->empty_wal = status.st_size == 0;
		if (!look->empty_wal)
			return error_set(error, ERROR_CASE_FOREIGN,
				"%s-wal lies beside the case and this program writes none: let the "
				"program that made it finish, or move it away",
				name);
	}
	if (found < 0)
		return false;
	found = look_at_side(name, path, "-shm", &side, &status, error);
	if (found > 0)
		close(side);
	return found >= 0;
}

/* Whether another open file holds a lock for writing on these bytes. */
static bool locked(int held, off_t start, off_t length)
{
	struct flock lock = {
		.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = start, .l_len = length};
	return fcntl(held, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
}

bool case_look_at(
	int held, const char *name, const char *path, struct case_look *look, struct error *error)
{
	if (!look_at_header(held, name, look, error) ||
		!look_at_journal(held, name, path, look, error) ||
		!look_at_wal(name, path, look, error))
		return false;
	/* Our own writer, or SQLite's lock of whoever is about to write: pending and reserved. */
	look->live = locked(held, LOCK_BYTE, 1) || locked(held, SQLITE_PENDING_BYTE, 2);
	return true;
}

bool case_lock(int held, const char *name, struct error *error)
{
	struct flock lock = {
		.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = LOCK_BYTE, .l_len = 1};
	if (fcntl(held, F_OFD_SETLK, &lock) == 0)
		return true;
	if (errno == EAGAIN || errno == EACCES)
		return error_set(error, ERROR_CASE_LOCKED,
			"%s is open for writing in another breachx; close that one first, or look "
			"at the case with `breachx -R`",
			name);
	return error_set_errno(error, "can't lock %s", name);
}

bool case_copy_file(int from, int to, const char *path, struct error *error)
{
	off_t at = 0;
	ssize_t moved;
	do {
		moved = sendfile(to, from, &at, 1 << 30);
	} while (moved > 0);
	return moved == 0 || error_set_errno(error, "can't copy the case to %s", path);
}

static bool copy_into(int from, const char *path, struct error *error)
{
	int to = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (to < 0)
		return error_set_errno(error, "can't make %s", path);
	bool done = case_copy_file(from, to, path, error);
	if (close(to) != 0 && done)
		done = error_set_errno(error, "can't copy the case to %s", path);
	return done;
}

bool case_private_copy(struct case_file *file, struct error *error)
{
	if (!case_private_folder(file, error))
		return false;
	struct buffer case_copy = {0}, journal_copy = {0};
	buffer_add_format(&case_copy, "%s/case", file->folder);
	buffer_add_format(&journal_copy, "%s/case-journal", file->folder);
	free(file->opened);
	file->opened = case_copy.data;
	int side = -1;
	struct stat status;
	bool done = !buffer_failed(&case_copy) && !buffer_failed(&journal_copy);
	if (!done)
		error_memory(error);
	int found =
		done ? look_at_side(file->name, file->path, "-journal", &side, &status, error) : -1;
	if (found == 0)
		error_set(error, ERROR_CASE_LOCKED, "%s changed while it was opened; try again",
			file->name);
	done = found > 0 && copy_into(file->held, case_copy.data, error) &&
	       copy_into(side, journal_copy.data, error);
	if (side >= 0)
		close(side);
	buffer_free(&journal_copy);
	return done;
}
