#include "source_private.h"

#include "base/memory.h"
#include "case_private.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_SIZE ((size_t)256 * 1024)

struct checked {
	int64_t id;
	struct stat status;
};

/* Shared by the handles of one case, which are those of several threads. */
struct source_cache {
	pthread_mutex_t lock;
	int users;
	struct checked *items;
	size_t count;
	size_t capacity;
};

struct source_cache *source_cache_new(void)
{
	struct source_cache *cache = memory_array(1, sizeof *cache);
	if (cache) {
		pthread_mutex_init(&cache->lock, NULL);
		cache->users = 1;
	}
	return cache;
}

struct source_cache *source_cache_share(struct source_cache *cache)
{
	pthread_mutex_lock(&cache->lock);
	cache->users++;
	pthread_mutex_unlock(&cache->lock);
	return cache;
}

void source_cache_free(struct source_cache *cache)
{
	if (!cache)
		return;
	pthread_mutex_lock(&cache->lock);
	bool last = --cache->users == 0;
	pthread_mutex_unlock(&cache->lock);
	if (!last)
		return;
	pthread_mutex_destroy(&cache->lock);
	free(cache->items);
	free(cache);
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool same_file(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino && a->st_size == b->st_size &&
	       same_time(a->st_mtim, b->st_mtim) && same_time(a->st_ctim, b->st_ctim);
}

/* With the lock held. */
static struct checked *checked_find(struct source_cache *cache, int64_t id)
{
	for (size_t i = 0; i < cache->count; i++)
		if (cache->items[i].id == id)
			return &cache->items[i];
	return NULL;
}

static bool is_checked(struct source_cache *cache, int64_t id, const struct stat *status)
{
	pthread_mutex_lock(&cache->lock);
	const struct checked *checked = checked_find(cache, id);
	bool same = checked && same_file(&checked->status, status);
	pthread_mutex_unlock(&cache->lock);
	return same;
}

static bool add_checked(struct source_cache *cache, int64_t id, const struct stat *status)
{
	pthread_mutex_lock(&cache->lock);
	struct checked *checked = checked_find(cache, id);
	if (!checked) {
		struct checked *items = memory_grow(
			cache->items, &cache->capacity, cache->count + 1, sizeof *items);
		if (items) {
			cache->items = items;
			checked = &items[cache->count++];
		}
	}
	if (checked)
		*checked = (struct checked){.id = id, .status = *status};
	pthread_mutex_unlock(&cache->lock);
	return checked != NULL;
}

/* The whole path of a source's file; NULL when out of memory. A NUL in it ends it. */
static char *whole_path(const struct case_file *file, struct span path)
{
	struct buffer whole = {0};
	if (path.length == 0 || path.data[0] != '/')
		buffer_add(&whole, file->path, (size_t)(strrchr(file->path, '/') + 1 - file->path));
	buffer_add_span(&whole, path);
	if (!buffer_failed(&whole))
		return whole.data;
	buffer_free(&whole);
	return NULL;
}

static enum source_file hash_file(int opened, const struct source_place *place,
	const struct source_progress *progress, struct error *error)
{
	char *chunk = memory_array(CHUNK_SIZE, 1);
	if (!chunk) {
		error_memory(error);
		return SOURCE_FILE_FAILED;
	}
	struct hash hash;
	hash_begin(&hash);
	int64_t total = 0;
	ssize_t got = 0;
	bool go_on = true;
	while (go_on && total <= place->size &&
		(got = pread(opened, chunk, CHUNK_SIZE, total)) > 0) {
		hash_add(&hash, chunk, (size_t)got);
		total += got;
		go_on = !progress || progress->go_on(progress->context, total);
	}
	free(chunk);
	if (!go_on)
		return SOURCE_FILE_CANCELLED;
	if (got < 0) {
		error_set_errno(error, "can't read the file of source %lld", (long long)place->id);
		return SOURCE_FILE_FAILED;
	}
	uint8_t digest[HASH_SIZE];
	hash_end(&hash, digest);
	return total == place->size && place->sha256.length == HASH_SIZE &&
			       memcmp(digest, place->sha256.data, HASH_SIZE) == 0
		       ? SOURCE_FILE_SAME
		       : SOURCE_FILE_CHANGED;
}

static enum source_file check_file(const struct case_file *file, const struct source_place *place,
	bool again, const struct source_progress *progress, int opened, const struct stat *status,
	struct error *error)
{
	if (status->st_size != place->size)
		return SOURCE_FILE_CHANGED;
	if (!again && is_checked(file->sources, place->id, status))
		return SOURCE_FILE_SAME;
	enum source_file result = hash_file(opened, place, progress, error);
	if (result == SOURCE_FILE_SAME && !add_checked(file->sources, place->id, status)) {
		error_memory(error);
		return SOURCE_FILE_FAILED;
	}
	return result;
}

enum source_file source_file_open(const struct case_file *file, const struct source_place *place,
	bool again, const struct source_progress *progress, int *opened, struct error *error)
{
	char *path = whole_path(file, place->path);
	if (!path) {
		error_memory(error);
		return SOURCE_FILE_FAILED;
	}
	struct stat status;
	/* Closing a second descriptor of the case would drop the locks SQLite has on it. */
	bool is_case = stat(path, &status) == 0 && status.st_dev == file->device &&
		       status.st_ino == file->inode;
	*opened = is_case ? -1 : case_open_regular(path, O_RDONLY, &status);
	int number = is_case ? EINVAL : errno;
	free(path);
	if (*opened < 0 && number != EACCES && number != EPERM && number != EIO)
		return SOURCE_FILE_ABSENT;
	if (*opened < 0) {
		errno = number;
		error_set_errno(error, "can't open the file of source %lld", (long long)place->id);
		return SOURCE_FILE_FAILED;
	}
	enum source_file result = check_file(file, place, again, progress, *opened, &status, error);
	if (result != SOURCE_FILE_SAME) {
		close(*opened);
		*opened = -1;
	}
	return result;
}
