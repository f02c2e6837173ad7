#include "base/job.h"

#include "base/memory.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#define MOST_THREADS 64
/* Above the owner's niceness: a third of its share where both want a core. */
#define WORKER_NICE 5

struct worker {
	struct job_pool *pool;
	pthread_t thread;
	void *state;
};

struct job {
	struct job *next;
	struct job_pool *pool;
	struct worker *worker; /* NULL while it waits */
	struct job_task task;
	uint64_t id;
	bool replaced;
	atomic_bool cancel;
};

struct job_pool {
	struct job_pool_options options;
	int wake;
	pthread_mutex_t lock; /* over everything below */
	pthread_cond_t work;
	struct job *jobs; /* waiting and running, oldest first */
	struct job_event *events;
	struct job_event **last_event;
	uint64_t last_id;
	size_t background_running;
	bool awake; /* the descriptor is readable */
	bool stopping;
	size_t worker_count;     /* threads */
	struct worker workers[]; /* at least one: the owner's own where there are no threads */
};

static void lock(struct job_pool *pool)
{
	pthread_mutex_lock(&pool->lock);
}

static void unlock(struct job_pool *pool)
{
	pthread_mutex_unlock(&pool->lock);
}

/* With the lock held. */
static void wake_owner(struct job_pool *pool)
{
	if (!pool->awake)
		pool->awake = eventfd_write(pool->wake, 1) == 0;
}

static void release_job(struct job *job)
{
	if (job->task.release)
		job->task.release(job->task.context);
	free(job);
}

/* Takes a job out of the list. With the lock held. */
static void unlink_job(struct job_pool *pool, struct job *job)
{
	struct job **at = &pool->jobs;
	while (*at != job)
		at = &(*at)->next;
	*at = job->next;
}

/* The oldest job that waits and may run now. With the lock held. */
static struct job *next_job(struct job_pool *pool)
{
	bool background =
		pool->worker_count < 2 || pool->background_running + 1 < pool->worker_count;
	for (struct job *job = pool->jobs; job; job = job->next)
		if (!job->worker && (background || !job->task.background))
			return job;
	return NULL;
}

/* Runs one job from begin to end. With the lock held, which is let go meanwhile. */
static void run_job(struct job_pool *pool, struct worker *worker, struct job *job)
{
	job->worker = worker;
	pool->background_running += job->task.background;
	unlock(pool);
	job->task.run(job, job->task.context);
	lock(pool);
	pool->background_running -= job->task.background;
	if (job->task.background)
		pthread_cond_broadcast(&pool->work);
	unlink_job(pool, job);
	unlock(pool);
	release_job(job);
	lock(pool);
	wake_owner(pool);
}

/* With the lock held, so that the state stays. */
static void cancel_job(struct job_pool *pool, struct job *job)
{
	atomic_store(&job->cancel, true);
	if (pool->options.stop && job->worker && job->worker->state)
		pool->options.stop(job->worker->state);
}

static void close_state(struct worker *worker)
{
	if (worker->state && worker->pool->options.close)
		worker->pool->options.close(worker->state);
	worker->state = NULL;
}

/* What a worker does takes long anyway; what its owner does, one waits for. Threads that it makes
 * are the same. 0 is the thread that asks. Where the system refuses, they are equals. */
static void give_way(void)
{
	(void)setpriority(PRIO_PROCESS, 0, getpriority(PRIO_PROCESS, 0) + WORKER_NICE);
}

static void *work(void *context)
{
	struct worker *worker = context;
	struct job_pool *pool = worker->pool;
	give_way();
	lock(pool);
	while (!pool->stopping) {
		struct job *job = next_job(pool);
		if (job)
			run_job(pool, worker, job);
		else
			pthread_cond_wait(&pool->work, &pool->lock);
	}
	unlock(pool);
	close_state(worker);
	return NULL;
}

/* Starts the workers with all signals blocked: those are the owner's. */
static bool start_threads(struct job_pool *pool, size_t wanted, struct error *error)
{
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int failure = 0;
	size_t started = 0;
	while (started < wanted && failure == 0) {
		failure = pthread_create(
			&pool->workers[started].thread, NULL, work, &pool->workers[started]);
		started += failure == 0;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	lock(pool);
	pool->worker_count = started;
	unlock(pool);
	if (started > 0 || wanted == 0)
		return true;
	errno = failure;
	return error_set_errno(error, "can't start a worker thread");
}

static size_t thread_count(int asked)
{
	long count = asked;
	if (asked < 0) {
		count = sysconf(_SC_NPROCESSORS_ONLN);
		count = count < 4 ? 4 : count;
	}
	return (size_t)(count > MOST_THREADS ? MOST_THREADS : count);
}

struct job_pool *job_pool_new(const struct job_pool_options *options, struct error *error)
{
	size_t threads = thread_count(options->threads);
	size_t workers = threads > 0 ? threads : 1;
	struct job_pool *pool = calloc(1, sizeof *pool + workers * sizeof *pool->workers);
	if (!pool) {
		error_memory(error);
		return NULL;
	}
	pool->options = *options;
	pool->last_event = &pool->events;
	pool->worker_count = threads;
	for (size_t i = 0; i < workers; i++)
		pool->workers[i].pool = pool;
	pool->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (pool->wake < 0) {
		error_set_errno(error, "can't make a descriptor for the workers");
		free(pool);
		return NULL;
	}
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->work, NULL);
	if (start_threads(pool, threads, error))
		return pool;
	job_pool_free(pool);
	return NULL;
}

void job_pool_free(struct job_pool *pool)
{
	if (!pool)
		return;
	lock(pool);
	pool->stopping = true;
	for (struct job *job = pool->jobs; job; job = job->next)
		cancel_job(pool, job);
	pthread_cond_broadcast(&pool->work);
	size_t threads = pool->worker_count;
	unlock(pool);
	for (size_t i = 0; i < threads; i++)
		pthread_join(pool->workers[i].thread, NULL);
	if (threads == 0)
		close_state(&pool->workers[0]);
	while (pool->jobs) {
		struct job *job = pool->jobs;
		pool->jobs = job->next;
		release_job(job);
	}
	while (pool->events) {
		struct job_event *event = pool->events;
		pool->events = event->next;
		event->release(event);
	}
	pthread_cond_destroy(&pool->work);
	pthread_mutex_destroy(&pool->lock);
	close(pool->wake);
	free(pool);
}

int job_pool_fd(const struct job_pool *pool)
{
	return pool->wake;
}

/* Takes the jobs of a slot that wait, and the events of all of them, out of the pool into *jobs and
 * *events; those that run are cancelled, and not heard any more. With the lock held. */
static void withdraw(struct job_pool *pool, int slot, struct job **jobs, struct job_event **events)
{
	for (struct job **at = &pool->jobs; *at;) {
		struct job *job = *at;
		if (job->task.slot == slot && !job->worker) {
			*at = job->next;
			job->next = *jobs;
			*jobs = job;
			continue;
		}
		if (job->task.slot == slot) {
			job->replaced = true;
			cancel_job(pool, job);
		}
		at = &job->next;
	}
	struct job_event **at = &pool->events;
	while (*at) {
		struct job_event *event = *at;
		if (event->slot == slot) {
			*at = event->next;
			event->next = *events;
			*events = event;
		} else {
			at = &event->next;
		}
	}
	pool->last_event = at;
}

/* What was withdrawn is released without the lock: that is the owner's code. */
static void release_withdrawn(struct job *jobs, struct job_event *events)
{
	while (jobs) {
		struct job *job = jobs;
		jobs = job->next;
		release_job(job);
	}
	while (events) {
		struct job_event *event = events;
		events = event->next;
		event->release(event);
	}
}

uint64_t job_pool_submit(struct job_pool *pool, const struct job_task *task, struct error *error)
{
	struct job *job = memory_array(1, sizeof *job);
	if (!job) {
		if (task->release)
			task->release(task->context);
		error_memory(error);
		return 0;
	}
	job->pool = pool;
	job->task = *task;
	struct job *old_jobs = NULL;
	struct job_event *old_events = NULL;
	lock(pool);
	if (task->slot != JOB_NO_SLOT)
		withdraw(pool, task->slot, &old_jobs, &old_events);
	uint64_t id = job->id = ++pool->last_id;
	struct job **end = &pool->jobs;
	while (*end)
		end = &(*end)->next;
	*end = job;
	pthread_cond_signal(&pool->work);
	unlock(pool);
	release_withdrawn(old_jobs, old_events);
	return id;
}

void job_pool_drop(struct job_pool *pool, int slot)
{
	struct job *old_jobs = NULL;
	struct job_event *old_events = NULL;
	if (slot == JOB_NO_SLOT)
		return;
	lock(pool);
	withdraw(pool, slot, &old_jobs, &old_events);
	unlock(pool);
	release_withdrawn(old_jobs, old_events);
}

size_t job_pool_cancel_all(struct job_pool *pool, bool background)
{
	size_t count = 0;
	lock(pool);
	for (struct job *job = pool->jobs; job; job = job->next)
		if (job->task.background == background) {
			cancel_job(pool, job);
			count += !job->replaced;
		}
	unlock(pool);
	return count;
}

bool job_pool_idle(struct job_pool *pool)
{
	lock(pool);
	bool idle = !pool->events;
	for (const struct job *job = pool->jobs; job && idle; job = job->next)
		idle = job->replaced;
	unlock(pool);
	return idle;
}

size_t job_pool_run_pending(struct job_pool *pool)
{
	size_t count = 0;
	lock(pool);
	if (pool->worker_count == 0) {
		for (struct job *job = next_job(pool); job; job = next_job(pool)) {
			run_job(pool, &pool->workers[0], job);
			count++;
		}
	}
	unlock(pool);
	return count;
}

struct job_event *job_pool_take(struct job_pool *pool)
{
	lock(pool);
	struct job_event *event = pool->events;
	if (event) {
		pool->events = event->next;
		if (!pool->events)
			pool->last_event = &pool->events;
	} else if (pool->awake) {
		eventfd_t count;
		eventfd_read(pool->wake, &count);
		pool->awake = false;
	}
	unlock(pool);
	return event;
}

bool job_post(struct job *job, struct job_event *event)
{
	struct job_pool *pool = job->pool;
	event->job = job->id;
	event->slot = job->task.slot;
	event->next = NULL;
	lock(pool);
	bool wanted = !job->replaced && !pool->stopping;
	if (wanted) {
		*pool->last_event = event;
		pool->last_event = &event->next;
		wake_owner(pool);
	}
	unlock(pool);
	if (!wanted)
		event->release(event);
	return wanted;
}

const atomic_bool *job_cancel_flag(const struct job *job)
{
	return &job->cancel;
}

bool job_cancelled(const struct job *job)
{
	return atomic_load_explicit(&job->cancel, memory_order_relaxed);
}

void *job_worker_state(struct job *job, struct error *error)
{
	struct job_pool *pool = job->pool;
	struct worker *worker = job->worker;
	if (!worker->state && !pool->options.open) {
		error_set(error, ERROR_USAGE, "this pool keeps nothing for its workers");
	} else if (!worker->state) {
		void *state = pool->options.open(pool->options.context, error);
		lock(pool);
		worker->state = state;
		unlock(pool);
	}
	return worker->state;
}
