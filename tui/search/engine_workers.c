/* Threads that match blocks some way ahead of the one whose hits are given on. The caller's thread
 * takes what is found in order, and matches as well while the next is not there. */
#include "engine_private.h"

#include "base/memory.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* Blocks that a thread matches one after the other before it looks at what others do. */
#define BATCH 6
/* Batches that are found and not yet taken, or being matched. */
#define SLOTS 6
/* So few blocks are matched before another thread has begun. */
#define FEW_UNITS 48
#define MOST_THREADS 64
/* How often a thread that waits looks at the cancel flag. */
#define WAIT_NANOSECONDS 2000000

enum slot_state { SLOT_FREE, SLOT_CLAIMED, SLOT_DONE, SLOT_FAILED };

/* A batch. */
struct slot {
	enum slot_state state;
	const struct unit *units[BATCH];
	size_t count;
	struct found found[BATCH];
	size_t good; /* units that were matched; the next one met the error when it FAILED */
	struct error error;
};

struct workers {
	const struct way *way;
	const struct units *units;
	enum kind kind;
	const atomic_bool *cancel;
	struct block_matcher own; /* the caller's thread */
	const struct case_file *file;
	pthread_t threads[MOST_THREADS];
	int thread_count;
	atomic_bool stop;
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	/* What follows is the mutex's. */
	struct slot slots[SLOTS]; /* of the nth batch: n % SLOTS */
	size_t next_unit;         /* where the next unit to be claimed is looked for */
	size_t claimed_units;
	size_t claimed; /* batches that were */
	/* What follows is the caller's thread's. */
	size_t taken; /* batches that it has done with; changed with the mutex */
	size_t given; /* units of the next one that it was given */
};

static bool is_set(const atomic_bool *flag)
{
	return flag && atomic_load_explicit(flag, memory_order_relaxed);
}

static bool all_claimed(const struct workers *workers)
{
	return workers->claimed_units == workers->units->candidates;
}

/* The next units to be read; NULL when there are none, or no slot. With the mutex. */
static struct slot *claim(struct workers *workers)
{
	if (workers->claimed == workers->taken + SLOTS || all_claimed(workers))
		return NULL;
	struct slot *slot = &workers->slots[workers->claimed++ % SLOTS];
	slot->state = SLOT_CLAIMED;
	slot->count = 0;
	while (slot->count < BATCH && !all_claimed(workers)) {
		const struct unit *unit = &workers->units->items[workers->next_unit++];
		if (!unit->candidate)
			continue;
		slot->units[slot->count++] = unit;
		workers->claimed_units++;
	}
	return slot;
}

/* Claims and matches a batch; false when there is none at the moment. With the mutex. */
static bool match_batch(struct workers *workers, struct block_matcher *matching)
{
	struct slot *slot = claim(workers);
	if (!slot)
		return false;
	pthread_mutex_unlock(&workers->mutex);
	for (slot->good = 0; slot->good < slot->count; slot->good++)
		if (!block_matcher_run(matching, slot->units[slot->good], &slot->found[slot->good],
			    &slot->error))
			break;
	pthread_mutex_lock(&workers->mutex);
	slot->state = slot->good == slot->count ? SLOT_DONE : SLOT_FAILED;
	pthread_cond_broadcast(&workers->changed);
	return true;
}

/* A thread that can't begin leaves the work to the others. */
static void *work(void *argument)
{
	struct workers *workers = argument;
	struct block_matcher matching = {0};
	struct error error;
	struct case_file *file = case_open_again(workers->file, &error);
	struct block_reader *reader = file ? block_reader_open(file, &error) : NULL;
	if (reader && block_matcher_begin(&matching, workers->way, workers->kind, workers->units,
			      reader, &workers->stop, &error)) {
		pthread_mutex_lock(&workers->mutex);
		while (!is_set(&workers->stop) && !all_claimed(workers)) {
			if (match_batch(workers, &matching))
				continue;
			block_reader_rest(reader);
			pthread_cond_wait(&workers->changed, &workers->mutex);
		}
		pthread_mutex_unlock(&workers->mutex);
	}
	block_matcher_end(&matching);
	block_reader_close(reader);
	case_close(file);
	return NULL;
}

static int thread_count(const struct search_request *request)
{
	long cores = request->threads > 0 ? request->threads : sysconf(_SC_NPROCESSORS_ONLN);
	return cores < 1 ? 1 : cores > MOST_THREADS ? MOST_THREADS : (int)cores;
}

struct workers *workers_start(const struct scan *scan, const struct way *way, enum kind kind,
	const struct units *units, struct error *error)
{
	struct workers *workers = memory_array(1, sizeof *workers);
	if (!workers) {
		error_memory(error);
		return NULL;
	}
	workers->file = scan->file;
	workers->way = way;
	workers->kind = kind;
	workers->units = units;
	workers->cancel = scan->request->cancel;
	pthread_mutex_init(&workers->mutex, NULL);
	pthread_cond_init(&workers->changed, NULL);
	if (!block_matcher_begin(
		    &workers->own, way, kind, units, scan->blocks, workers->cancel, error)) {
		workers_end(workers);
		return NULL;
	}
	int helpers = thread_count(scan->request) - 1;
	while (units->candidates > FEW_UNITS && workers->thread_count < helpers &&
		pthread_create(&workers->threads[workers->thread_count], NULL, work, workers) == 0)
		workers->thread_count++;
	return workers;
}

static void wait_a_little(struct workers *workers)
{
	struct timespec until;
	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += WAIT_NANOSECONDS;
	if (until.tv_nsec >= 1000000000) {
		until.tv_nsec -= 1000000000;
		until.tv_sec++;
	}
	pthread_cond_timedwait(&workers->changed, &workers->mutex, &until);
}

/* Waits for the next batch, matching what comes behind it meanwhile. With the mutex. */
static bool wait_for(struct workers *workers, const struct slot *slot)
{
	while (workers->taken == workers->claimed || slot->state == SLOT_CLAIMED) {
		if (is_set(workers->cancel))
			return false;
		if (!match_batch(workers, &workers->own))
			wait_a_little(workers);
	}
	return true;
}

/* The batch that the next unit is in; NULL when the search was cancelled. */
static struct slot *next_slot(struct workers *workers)
{
	struct slot *slot = &workers->slots[workers->taken % SLOTS];
	if (workers->given > 0 && workers->given < slot->count)
		return slot;
	pthread_mutex_lock(&workers->mutex);
	/* What was given before is done with now. */
	if (workers->given > 0) {
		workers->taken++;
		workers->given = 0;
		pthread_cond_broadcast(&workers->changed);
	}
	slot = &workers->slots[workers->taken % SLOTS];
	bool there = wait_for(workers, slot);
	pthread_mutex_unlock(&workers->mutex);
	return there ? slot : NULL;
}

const struct found *workers_next(struct workers *workers, struct error *error)
{
	struct slot *slot = next_slot(workers);
	if (!slot)
		scan_cancelled(error);
	else if (workers->given < slot->good)
		return &slot->found[workers->given++];
	else
		*error = slot->error;
	return NULL;
}

void workers_end(struct workers *workers)
{
	if (!workers)
		return;
	pthread_mutex_lock(&workers->mutex);
	atomic_store(&workers->stop, true);
	pthread_cond_broadcast(&workers->changed);
	pthread_mutex_unlock(&workers->mutex);
	for (int i = 0; i < workers->thread_count; i++)
		pthread_join(workers->threads[i], NULL);
	for (size_t i = 0; i < SLOTS * BATCH; i++)
		found_free(&workers->slots[i / BATCH].found[i % BATCH]);
	block_matcher_end(&workers->own);
	pthread_cond_destroy(&workers->changed);
	pthread_mutex_destroy(&workers->mutex);
	free(workers);
}
