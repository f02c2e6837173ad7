/*
 * base/job.h: a small pool of workers for whatever takes longer than a frame.
 *
 *	struct job_pool *pool = job_pool_new(&(struct job_pool_options){...}, &error);
 *	uint64_t id = job_pool_submit(pool, &(struct job_task){...}, &error);
 *	...poll(job_pool_fd(pool))...
 *	while ((event = job_pool_take(pool))) { fold it into the state; event->release(event); }
 *
 * One thread owns the pool: it makes it, submits, cancels, takes and frees. A job runs on a worker,
 * looks at its cancel flag at least every few milliseconds, and reports by posting events; it never
 * touches the owner's state. A newer job of the same slot replaces the older one: that one is
 * cancelled, and none of its events is seen from then on, whatever it still posts.
 *
 * Workers are nicer than their owner: where both want a core, the owner has it.
 *
 * With no threads at all nothing runs until job_pool_run_pending is called: for tests that want
 * one order of things.
 */
#ifndef BASE_JOB_H
#define BASE_JOB_H

#include "base/compiler.h"
#include "base/error.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct job_pool;
struct job;

/* Workers as many as there are cores, at least 4: a list, a search over it and a check in the
 * background go on beside one another. */
#define JOB_THREADS_DEFAULT (-1)

struct job_pool_options {
	int threads; /* JOB_THREADS_DEFAULT, 0 for none, or a number up to 64 */
	/* Makes what one worker keeps for itself (a connection to the case), on that worker, when a
	 * job first asks for it; closed on the same worker. open may be NULL when no job asks. */
	void *(*open)(void *context, struct error *error);
	void (*close)(void *state);
	/* Called by the owner's thread, with its worker's state, when a job that has asked for it
	 * is cancelled: interrupts what can't look at the flag. It must not call the pool. May be
	 * NULL.
	 */
	void (*stop)(void *state);
	void *context;
};

/* ERROR_MEMORY or ERROR_IO when the system gives no thread or descriptor. */
struct job_pool *job_pool_new(
	const struct job_pool_options *options, struct error *error) MUST_CHECK;
/* Cancels every job, waits until all have ended, and frees what was never run or taken. */
void job_pool_free(struct job_pool *pool);

/* Becomes readable when there is an event to take, or when a job has ended. */
int job_pool_fd(const struct job_pool *pool);

/* No slot: such a job replaces none and is replaced by none. */
#define JOB_NO_SLOT 0

struct job_task {
	int slot;        /* JOB_NO_SLOT, or a number > 0 of the owner's choice */
	bool background; /* gives way: one worker is kept free for jobs that are not */
	void (*run)(struct job *job, void *context);
	void (*release)(void *context); /* called once, run or not, on either thread; may be NULL */
	void *context;
};

/* Takes over task->context and queues the job. Its number, > 0 and never used again, or 0 with
 * ERROR_MEMORY, when the context is released and nothing is replaced. */
uint64_t job_pool_submit(
	struct job_pool *pool, const struct job_task *task, struct error *error) MUST_CHECK;

/* Sets the cancel flag of all jobs under way that are in the background, or that are not; their
 * events, the last ones too, still come. A job that waits is run, so that it can say so. Returns
 * how many there were. */
size_t job_pool_cancel_all(struct job_pool *pool, bool background);
/* Cancels the job of a slot and drops its events, as a newer job would. */
void job_pool_drop(struct job_pool *pool, int slot);

/* No job waits or runs, replaced ones aside, and no event waits: the owner's state will not change
 * by itself. */
bool job_pool_idle(struct job_pool *pool);

/* Runs what is queued, on the calling thread, until nothing waits; how many jobs were run. Always 0
 * in a pool with threads. */
size_t job_pool_run_pending(struct job_pool *pool);

/* First member of what a job posts. */
struct job_event {
	struct job_event *next; /* the queue's own */
	uint64_t job;           /* filled by job_post */
	int slot;               /* filled by job_post */
	int type;               /* what it is, for who takes it */
	void (*release)(struct job_event *event);
};

/* The oldest event, which the caller then releases; NULL when there is none. */
struct job_event *job_pool_take(struct job_pool *pool);

/* For the job, on its worker: */

/* Hands an event over. False when nobody wants it any more: it was released, and the job should
 * end. */
bool job_post(struct job *job, struct job_event *event);
/* For matchers and others that look at a flag. */
const atomic_bool *job_cancel_flag(const struct job *job);
bool job_cancelled(const struct job *job);
/* The state of the worker it runs on, opened when first asked for; NULL with an error otherwise. */
void *job_worker_state(struct job *job, struct error *error) MUST_CHECK;

#endif
