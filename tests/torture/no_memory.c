/*
 * A library to be preloaded: the n-th allocation of the program fails, n being NO_MEMORY_AT, and
 * with NO_MEMORY_FOREVER all after it. NO_MEMORY_COUNT names a file that gets their number.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static void *(*real_malloc)(size_t);
static void *(*real_calloc)(size_t, size_t);
static void *(*real_realloc)(void *, size_t);
static atomic_long count;
static long fails_at = -1;
static bool forever;

/* dlsym itself may ask for a little, before the real ones are known. */
static char early[4096];
static size_t early_used;

static void *take_early(size_t size)
{
	void *taken = early + early_used;
	early_used += (size + 15) / 16 * 16;
	return early_used <= sizeof early ? taken : NULL;
}

static bool fails(void)
{
	long number = atomic_fetch_add(&count, 1) + 1;
	if (fails_at < 0 || (forever ? number < fails_at : number != fails_at))
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	if (!real_malloc)
		return take_early(size);
	return fails() ? NULL : real_malloc(size);
}

void *calloc(size_t number, size_t size)
{
	if (!real_calloc)
		return take_early(number * size);
	return fails() ? NULL : real_calloc(number, size);
}

void *realloc(void *old, size_t size)
{
	return fails() ? NULL : real_realloc(old, size);
}

__attribute__((constructor)) static void begin(void)
{
	*(void **)&real_realloc = dlsym(RTLD_NEXT, "realloc");
	*(void **)&real_calloc = dlsym(RTLD_NEXT, "calloc");
	*(void **)&real_malloc = dlsym(RTLD_NEXT, "malloc");
	const char *at = getenv("NO_MEMORY_AT");
	fails_at = at ? atol(at) : -1;
	forever = getenv("NO_MEMORY_FOREVER") != NULL;
	atomic_store(&count, 0);
}

__attribute__((destructor)) static void end(void)
{
	const char *path = getenv("NO_MEMORY_COUNT");
	const long total = atomic_load(&count);
	FILE *out = path ? fopen(path, "w") : NULL;
	if (out) {
		fprintf(out, "%ld\n", total);
		fclose(out);
	}
}
