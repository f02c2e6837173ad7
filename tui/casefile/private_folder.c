/*
 * Places for private copies, in $TMPDIR: a folder for those of a case, which goes with the handle
 * it was made for, and files without a name for what is unpacked of its sources.
 *
 * Its owner holds a lock on it, so that what a killed program left is known as nobody's, and is
 * removed when the next folder is made: a copy of a case must not lie about.
 */
#include "case_private.h"

#include "base/buffer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/statvfs.h>
#include <unistd.h>

/* A name that nobody gives a folder of their own. */
#define PREFIX ".breachx-copy-"

static const char *root(void)
{
	const char *path = getenv("TMPDIR");
	return path && *path == '/' ? path : "/tmp";
}

/* Removes the files of a folder that is open, and nothing within folders: we make none. */
static void empty(int folder)
{
	int again = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = again >= 0 ? fdopendir(again) : NULL;
	if (!list) {
		if (again >= 0)
			close(again);
		return;
	}
	for (struct dirent *entry; (entry = readdir(list));)
		if (entry->d_name[0] != '.')
			unlinkat(folder, entry->d_name, 0);
	closedir(list);
}

/* Removes a folder of ours that nobody holds. */
static void sweep_one(int place, const char *name)
{
	struct stat status;
	int folder = openat(place, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (folder < 0)
		return;
	if (fstat(folder, &status) == 0 && status.st_uid == geteuid() &&
		flock(folder, LOCK_EX | LOCK_NB) == 0) {
		empty(folder);
		unlinkat(place, name, AT_REMOVEDIR);
	}
	close(folder);
}

static void sweep(void)
{
	DIR *list = opendir(root());
	if (!list)
		return;
	for (struct dirent *entry; (entry = readdir(list));)
		if (strncmp(entry->d_name, PREFIX, sizeof PREFIX - 1) == 0)
			sweep_one(dirfd(list), entry->d_name);
	closedir(list);
}

/* Makes and locks it; false with errno, EAGAIN when another program swept it before it was locked.
 */
static bool make(char *template, int *held)
{
	struct stat opened, named;
	if (!mkdtemp(template))
		return false;
	*held = open(template, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (*held < 0)
		return false;
	if (flock(*held, LOCK_EX | LOCK_NB) == 0 && fstat(*held, &opened) == 0 &&
		lstat(template, &named) == 0 && named.st_dev == opened.st_dev &&
		named.st_ino == opened.st_ino)
		return true;
	close(*held);
	*held = -1;
	errno = EAGAIN;
	return false;
}

bool case_private_folder(struct case_file *file, struct error *error)
{
	struct buffer path = {0};
	bool made = false;
	sweep();
	for (int tries = 0; !made && tries < 10; tries++) {
		buffer_clear(&path);
		buffer_add_format(&path, "%s/" PREFIX "XXXXXX", root());
		if (buffer_failed(&path)) {
			buffer_free(&path);
			return error_memory(error);
		}
		made = make(path.data, &file->folder_held);
		if (!made && errno != EAGAIN)
			break;
	}
	if (!made) {
		error_set_errno(error, "can't make a private copy of %s in %s", file->name, root());
		buffer_free(&path);
		return false;
	}
	file->folder = path.data;
	return true;
}

void case_private_remove(struct case_file *file)
{
	if (!file->folder)
		return;
	empty(file->folder_held);
	rmdir(file->folder);
	close(file->folder_held);
	free(file->folder);
	file->folder = NULL;
}

bool case_private_no_room(int64_t size, struct error *error)
{
	return error_set(error, ERROR_IO,
		"that takes %lld bytes, for which %s has no room: name a folder that has it with "
		"TMPDIR, or unpack it yourself and `breachx attach CASE FOLDER`",
		(long long)size, root());
}

/* File systems that can't make one without a name give it away at once. */
static int make_named(void)
{
	struct buffer path = {0};
	buffer_add_format(&path, "%s/" PREFIX "XXXXXX", root());
	int made = buffer_failed(&path) ? -1 : mkostemp(path.data, O_CLOEXEC);
	int number = buffer_failed(&path) ? ENOMEM : errno;
	if (made >= 0)
		unlink(path.data);
	buffer_free(&path);
	errno = number;
	return made;
}

int case_private_file(int64_t size, struct error *error)
{
	struct statvfs disk;
	int made = open(root(), O_TMPFILE | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
	if (made < 0 && (errno == EOPNOTSUPP || errno == EISDIR))
		made = make_named();
	if (made < 0) {
		error_set_errno(error, "can't make a file in %s", root());
		return -1;
	}
	/* Some file systems do not tell. */
	if (fstatvfs(made, &disk) != 0 || disk.f_blocks == 0 || disk.f_frsize == 0 ||
		(uint64_t)size / disk.f_frsize < disk.f_bavail)
		return made;
	close(made);
	case_private_no_room(size, error);
	return -1;
}
