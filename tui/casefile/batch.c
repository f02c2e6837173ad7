#include "batch.h"

#include "base/memory.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

/* Batches of some 150 KiB that are filled, handed over or being written: enough to read on while a
 * commit waits for the disk. */
#define BATCHES 24

struct batch_queue {
	batch_write *write;
	void *context;
	pthread_t thread;
	bool has_thread;
	bool no_thread; /* there will be none */
	struct batch batches[BATCHES];
	size_t filled; /* handed over so far: the owner fills number `filled` % BATCHES */
	pthread_mutex_t mutex;
	pthread_cond_t changed;
	/* What follows is the mutex's. */
	size_t waiting; /* handed over and not written yet */
	size_t written;
	bool stop;
	bool failed;
	struct error error; /* the first */
};

struct batch_queue *batch_queue_new(batch_write *write, void *context)
{
	struct batch_queue *queue = memory_array(1, sizeof *queue);
	if (!queue)
		return NULL;
	queue->write = write;
	queue->context = context;
	pthread_mutex_init(&queue->mutex, NULL);
	pthread_cond_init(&queue->changed, NULL);
	return queue;
}

struct batch *batch_queue_batch(struct batch_queue *queue)
{
	return &queue->batches[queue->filled % BATCHES];
}

static bool write_batch(struct batch_queue *queue, struct batch *batch, struct error *error)
{
	bool written = queue->write(queue->context, batch, error);
	block_writer_clear(&batch->block);
	bulk_clear(&batch->rows);
	return written;
}

/* With the mutex. */
static void write_oldest(struct batch_queue *queue)
{
	struct batch *batch = &queue->batches[queue->written % BATCHES];
	struct error error = {0};
	pthread_mutex_unlock(&queue->mutex);
	bool written = write_batch(queue, batch, &error);
	pthread_mutex_lock(&queue->mutex);
	if (!written) {
		queue->failed = true;
		queue->error = error;
	}
	queue->written++;
	queue->waiting--;
	pthread_cond_broadcast(&queue->changed);
}

static void *work(void *argument)
{
	struct batch_queue *queue = argument;
	pthread_mutex_lock(&queue->mutex);
	while (!queue->stop) {
		if (queue->waiting > 0 && !queue->failed)
			write_oldest(queue);
		else
			pthread_cond_wait(&queue->changed, &queue->mutex);
	}
	pthread_mutex_unlock(&queue->mutex);
	return NULL;
}

static bool told(const struct batch_queue *queue, struct error *error)
{
	if (queue->failed && error)
		*error = queue->error;
	return !queue->failed;
}

/* Signals are for who waits for them, not for the thread. */
static void start(struct batch_queue *queue)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	queue->has_thread = pthread_create(&queue->thread, NULL, work, queue) == 0;
	queue->no_thread = !queue->has_thread;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}

bool batch_queue_hand_over(struct batch_queue *queue, struct error *error)
{
	if (!queue->has_thread && !queue->no_thread)
		start(queue);
	struct batch *batch = batch_queue_batch(queue);
	if (queue->no_thread)
		return write_batch(queue, batch, error);
	pthread_mutex_lock(&queue->mutex);
	queue->waiting++;
	queue->filled++;
	pthread_cond_broadcast(&queue->changed);
	while (!queue->failed && queue->waiting == BATCHES)
		pthread_cond_wait(&queue->changed, &queue->mutex);
	bool fine = told(queue, error);
	pthread_mutex_unlock(&queue->mutex);
	return fine;
}

bool batch_queue_settle(struct batch_queue *queue, struct error *error)
{
	if (!queue->has_thread)
		return true;
	pthread_mutex_lock(&queue->mutex);
	while (!queue->failed && queue->waiting > 0)
		pthread_cond_wait(&queue->changed, &queue->mutex);
	bool fine = told(queue, error);
	pthread_mutex_unlock(&queue->mutex);
	return fine;
}

void batch_queue_free(struct batch_queue *queue)
{
	if (!queue)
		return;
	if (queue->has_thread) {
		pthread_mutex_lock(&queue->mutex);
		queue->stop = true;
		pthread_cond_broadcast(&queue->changed);
		pthread_mutex_unlock(&queue->mutex);
		pthread_join(queue->thread, NULL);
	}
	for (size_t i = 0; i < BATCHES; i++) {
		block_writer_free(&queue->batches[i].block);
		bulk_free(&queue->batches[i].rows);
	}
	pthread_cond_destroy(&queue->changed);
	pthread_mutex_destroy(&queue->mutex);
	free(queue);
}
