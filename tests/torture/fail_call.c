/*
 * A library to be preloaded: the n-th system call of a family fails. FAIL_FAMILY is read, write,
 * sync or name (of files: made, removed, renamed, opened), FAIL_AT is n, FAIL_ERRNO the number it
 * fails with; with FAIL_FOREVER all after it fail, too. FAIL_COUNT names a file that gets the
 * family's number of calls. Standard input, output and error are left alone.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

enum family { NONE, READ, WRITE, SYNC, NAME };

static enum family chosen;
static atomic_long count;
static long fails_at = -1;
static int number;
static bool forever;

static bool fails(enum family family, int file)
{
	if (family != chosen || (file >= 0 && file <= 2))
		return false;
	long now = atomic_fetch_add(&count, 1) + 1;
	if (fails_at < 0 || (forever ? now < fails_at : now != fails_at))
		return false;
	errno = number;
	return true;
}

/* The function of that name behind this one. */
#define REAL(name)                     \
	static __typeof__(name) *real; \
	if (!real)                     \
	*(void **)&real = dlsym(RTLD_NEXT, #name)

/* A function that fails with -1, or does what the real one does. */
#define WRAP(result, family, file, name, parameters, arguments)   \
	result name parameters                                    \
	{                                                         \
		REAL(name);                                       \
		return fails(family, file) ? -1 : real arguments; \
	}

WRAP(ssize_t, READ, file, read, (int file, void *to, size_t size), (file, to, size))
WRAP(ssize_t, READ, file, pread, (int file, void *to, size_t size, off_t at), (file, to, size, at))
WRAP(ssize_t, READ, file, pread64, (int file, void *to, size_t size, off64_t at),
	(file, to, size, at))
WRAP(ssize_t, WRITE, file, write, (int file, const void *from, size_t size), (file, from, size))
WRAP(ssize_t, WRITE, file, pwrite, (int file, const void *from, size_t size, off_t at),
	(file, from, size, at))
WRAP(ssize_t, WRITE, file, pwrite64, (int file, const void *from, size_t size, off64_t at),
	(file, from, size, at))
WRAP(ssize_t, WRITE, to, sendfile, (int to, int from, off_t *at, size_t size), (to, from, at, size))
WRAP(ssize_t, WRITE, to, sendfile64, (int to, int from, off64_t *at, size_t size),
	(to, from, at, size))
WRAP(int, WRITE, file, ftruncate, (int file, off_t size), (file, size))
WRAP(int, WRITE, file, ftruncate64, (int file, off64_t size), (file, size))
WRAP(int, SYNC, file, fsync, (int file), (file))
WRAP(int, SYNC, file, fdatasync, (int file), (file))
WRAP(int, NAME, -1, unlink, (const char *path), (path))
WRAP(int, NAME, -1, unlinkat, (int folder, const char *path, int flags), (folder, path, flags))
WRAP(int, NAME, -1, rename, (const char *from, const char *to), (from, to))
WRAP(int, NAME, -1, renameat2,
	(int from_folder, const char *from, int to_folder, const char *to, unsigned flags),
	(from_folder, from, to_folder, to, flags))
WRAP(int, NAME, -1, link, (const char *from, const char *to), (from, to))
WRAP(int, NAME, -1, mkdir, (const char *path, mode_t mode), (path, mode))

/* The mode behind the flags, which is there when a file may be made. */
#define OPEN(name)                                                     \
	int name(const char *path, int flags, ...)                     \
	{                                                              \
		REAL(name);                                            \
		va_list more;                                          \
		va_start(more, flags);                                 \
		mode_t mode = va_arg(more, mode_t);                    \
		va_end(more);                                          \
		return fails(NAME, -1) ? -1 : real(path, flags, mode); \
	}
OPEN(open)
OPEN(open64)

/* What the compiler makes of reads into room that it knows. */
ssize_t __read_chk(int file, void *to, size_t size, size_t room);
ssize_t __pread64_chk(int file, void *to, size_t size, off64_t at, size_t room);
WRAP(ssize_t, READ, file, __read_chk, (int file, void *to, size_t size, size_t room),
	(file, to, size, room))
WRAP(ssize_t, READ, file, __pread64_chk, (int file, void *to, size_t size, off64_t at, size_t room),
	(file, to, size, at, room))

__attribute__((constructor)) static void begin(void)
{
	static const char *const names[] = {"", "read", "write", "sync", "name"};
	const char *family = getenv("FAIL_FAMILY"), *at = getenv("FAIL_AT");
	const char *told = getenv("FAIL_ERRNO");
	for (int i = READ; family && i <= NAME; i++)
		if (strcmp(family, names[i]) == 0)
			chosen = (enum family)i;
	fails_at = at ? atol(at) : -1;
	number = told ? atoi(told) : EIO;
	forever = getenv("FAIL_FOREVER") != NULL;
	atomic_store(&count, 0);
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("FAIL_COUNT");
	const long total = atomic_load(&count);
	chosen = NONE;
	FILE *out = path ? fopen(path, "w") : NULL;
	if (out) {
		fprintf(out, "%ld\n", total);
		fclose(out);
	}
}
