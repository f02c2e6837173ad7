/* Files of sources that were looked at, shared by the handles of one case, which are those of
 * several threads. Of a packed file it holds what was unpacked, once. */
#include "source_private.h"

#include "base/memory.h"
#include "case_private.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Who waits for another one's look asks as often whether to go on. */
#define WAIT_NANOSECONDS 20000000

struct checked {
	int64_t id;
	bool busy;  /* somebody looks at it */
	bool same;  /* it is the source's, in the state that status says */
	int64_t at; /* bytes that were looked at, while busy */
	struct stat status;
	int unpacked; /* -1: it is not packed */
};

struct source_cache {
	pthread_mutex_t lock;
	pthread_cond_t done;
	int users;
	struct checked *items;
	size_t count;
	size_t capacity;
};

struct source_cache *source_cache_new(void)
{
	struct source_cache *cache = memory_array(1, sizeof *cache);
	pthread_condattr_t monotonic;
	if (!cache)
		return NULL;
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_mutex_init(&cache->lock, NULL);
	pthread_cond_init(&cache->done, &monotonic);
	pthread_condattr_destroy(&monotonic);
	cache->users = 1;
	return cache;
}

struct source_cache *source_cache_share(struct source_cache *cache)
{
	pthread_mutex_lock(&cache->lock);
	cache->users++;
	pthread_mutex_unlock(&cache->lock);
	return cache;
}

static void forget(struct checked *checked)
{
	if (checked->unpacked >= 0)
		close(checked->unpacked);
	checked->unpacked = -1;
	checked->same = false;
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
	for (size_t i = 0; i < cache->count; i++)
		forget(&cache->items[i]);
	pthread_cond_destroy(&cache->done);
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

/* With the lock held, as all below; NULL when out of memory. */
static struct checked *item(struct source_cache *cache, int64_t id)
{
	for (size_t i = 0; i < cache->count; i++)
		if (cache->items[i].id == id)
			return &cache->items[i];
	struct checked *items =
		memory_grow(cache->items, &cache->capacity, cache->count + 1, sizeof *items);
	if (!items)
		return NULL;
	cache->items = items;
	items[cache->count] = (struct checked){.id = id, .unpacked = -1};
	return &items[cache->count++];
}

/* Lets go of the lock meanwhile. False when told to stop. */
static bool wait_for_the_other(
	struct source_cache *cache, int64_t at, const struct source_progress *progress)
{
	struct timespec until;
	if (progress) {
		pthread_mutex_unlock(&cache->lock);
		bool go_on = progress->go_on(progress->context, at);
		pthread_mutex_lock(&cache->lock);
		if (!go_on)
			return false;
	}
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += WAIT_NANOSECONDS;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_cond_timedwait(&cache->done, &cache->lock, &until);
	return true;
}

static enum source_claim claim(struct source_cache *cache, int64_t id, const struct stat *status,
	const struct source_progress *progress, int *unpacked, struct error *error)
{
	struct checked *checked;
	/* Items move when there are more of them. */
	while ((checked = item(cache, id)) && checked->busy)
		if (!wait_for_the_other(cache, checked->at, progress))
			return SOURCE_CLAIM_CANCELLED;
	if (!checked) {
		error_memory(error);
		return SOURCE_CLAIM_FAILED;
	}
	if (!checked->same || !same_file(&checked->status, status)) {
		forget(checked);
		checked->busy = true;
		checked->at = 0;
		return SOURCE_TO_BE_CHECKED;
	}
	if (checked->unpacked < 0)
		return SOURCE_CHECKED;
	*unpacked = fcntl(checked->unpacked, F_DUPFD_CLOEXEC, 0);
	if (*unpacked >= 0)
		return SOURCE_CHECKED;
	error_set_errno(error, "can't open what was unpacked of source %lld", (long long)id);
	return SOURCE_CLAIM_FAILED;
}

enum source_claim source_cache_claim(struct source_cache *cache, int64_t id,
	const struct stat *status, const struct source_progress *progress, int *unpacked,
	struct error *error)
{
	*unpacked = -1;
	pthread_mutex_lock(&cache->lock);
	enum source_claim result = claim(cache, id, status, progress, unpacked, error);
	pthread_mutex_unlock(&cache->lock);
	return result;
}

void source_cache_tell(struct source_cache *cache, int64_t id, int64_t bytes)
{
	pthread_mutex_lock(&cache->lock);
	struct checked *checked = item(cache, id);
	if (checked)
		checked->at = bytes;
	pthread_mutex_unlock(&cache->lock);
}

void source_cache_done(
	struct source_cache *cache, int64_t id, const struct stat *status, bool same, int unpacked)
{
	pthread_mutex_lock(&cache->lock);
	struct checked *checked = item(cache, id);
	if (checked) {
		checked->busy = false;
		checked->status = *status;
		checked->unpacked =
			same && unpacked >= 0 ? fcntl(unpacked, F_DUPFD_CLOEXEC, 0) : -1;
		/* Not held, it is unpacked again. */
		checked->same = same && (unpacked < 0 || checked->unpacked >= 0);
	}
	pthread_cond_broadcast(&cache->done);
	pthread_mutex_unlock(&cache->lock);
}

void source_cache_note(struct source_cache *cache, int64_t id, const struct stat *status)
{
	pthread_mutex_lock(&cache->lock);
	struct checked *checked = item(cache, id);
	if (checked && !checked->busy) {
		forget(checked);
		checked->same = true;
		checked->status = *status;
	}
	pthread_mutex_unlock(&cache->lock);
}
