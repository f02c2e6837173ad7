/* The worker pool: events in order, newer jobs in place of older ones, cancelling, worker state,
 * and the mode without threads. Run with TSan by `make tsan`. */
#include "cmocka_all.h"

#include "base/job.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

enum { EVENT_NUMBER, EVENT_CANCELLED };

struct number_event {
	struct job_event event;
	int number;
};

/* What the jobs of a test share; counts are of things that must be balanced at the end. */
struct ledger {
	atomic_int contexts; /* given to the pool and not released yet */
	atomic_int events;
	atomic_int states;
	atomic_int opened;
	atomic_int stops;
	atomic_int running;
	atomic_int most_running;
	atomic_bool hold; /* jobs wait until it is false */
};

struct count_job {
	struct ledger *ledger;
	int first;
	int count;
	bool until_cancelled;
	bool use_state;
	bool holds;
};

static struct ledger *ledger_of_events;

static void release_event(struct job_event *event)
{
	atomic_fetch_sub(&ledger_of_events->events, 1);
	free(event);
}

static bool post(struct job *job, struct ledger *ledger, int type, int number)
{
	struct number_event *posted = calloc(1, sizeof *posted);
	if (!posted)
		abort();
	atomic_fetch_add(&ledger->events, 1);
	posted->event.type = type;
	posted->event.release = release_event;
	posted->number = number;
	return job_post(job, &posted->event);
}

static void run_count(struct job *job, void *context)
{
	struct count_job *count = context;
	struct ledger *ledger = count->ledger;
	int running = atomic_fetch_add(&ledger->running, 1) + 1;
	int most = atomic_load(&ledger->most_running);
	while (running > most &&
		!atomic_compare_exchange_weak(&ledger->most_running, &most, running))
		;
	while (count->holds && atomic_load(&ledger->hold))
		usleep(100);
	if (count->use_state) {
		struct error error;
		int *state = job_worker_state(job, &error);
		if (!state)
			abort();
		++*state;
	}
	for (int i = 0; i < count->count; i++)
		post(job, ledger, EVENT_NUMBER, count->first + i);
	while (count->until_cancelled && !job_cancelled(job))
		usleep(100);
	if (job_cancelled(job))
		post(job, ledger, EVENT_CANCELLED, 0);
	atomic_fetch_sub(&ledger->running, 1);
}

static void release_count(void *context)
{
	struct count_job *count = context;
	atomic_fetch_sub(&count->ledger->contexts, 1);
	free(count);
}

static void *open_state(void *context, struct error *error)
{
	(void)error;
	struct ledger *ledger = context;
	atomic_fetch_add(&ledger->states, 1);
	atomic_fetch_add(&ledger->opened, 1);
	int *state = calloc(2, sizeof(void *));
	if (!state)
		abort();
	memcpy((char *)state + sizeof(void *), &ledger, sizeof ledger);
	return state;
}

static void close_state(void *state)
{
	struct ledger *ledger;
	memcpy(&ledger, (char *)state + sizeof(void *), sizeof ledger);
	atomic_fetch_sub(&ledger->states, 1);
	free(state);
}

static void stop_state(void *state)
{
	struct ledger *ledger;
	memcpy(&ledger, (char *)state + sizeof(void *), sizeof ledger);
	atomic_fetch_add(&ledger->stops, 1);
}

static struct job_pool *pool_with(int threads, struct ledger *ledger)
{
	ledger_of_events = ledger;
	struct error error;
	struct job_pool *pool = job_pool_new(&(struct job_pool_options){.threads = threads,
						     .open = open_state,
						     .close = close_state,
						     .stop = stop_state,
						     .context = ledger},
		&error);
	assert_non_null(pool);
	return pool;
}

static uint64_t submit_as(
	struct job_pool *pool, int slot, bool background, const struct count_job *job)
{
	struct count_job *copy = malloc(sizeof *copy);
	assert_non_null(copy);
	*copy = *job;
	atomic_fetch_add(&job->ledger->contexts, 1);
	struct error error;
	uint64_t id = job_pool_submit(pool,
		&(struct job_task){.slot = slot,
			.background = background,
			.run = run_count,
			.release = release_count,
			.context = copy},
		&error);
	assert_true(id > 0);
	return id;
}

static uint64_t submit(struct job_pool *pool, int slot, const struct count_job *job)
{
	return submit_as(pool, slot, false, job);
}

static void end(struct job_pool *pool, struct ledger *ledger)
{
	job_pool_free(pool);
	assert_int_equal(atomic_load(&ledger->contexts), 0);
	assert_int_equal(atomic_load(&ledger->events), 0);
	assert_int_equal(atomic_load(&ledger->states), 0);
	assert_int_equal(atomic_load(&ledger->running), 0);
}

/* Takes events, waiting on the descriptor, until the pool is idle; numbers go to seen[] by job. */
static size_t drain(struct job_pool *pool, int *numbers, size_t room, int *cancelled)
{
	size_t count = 0;
	for (;;) {
		struct job_event *event = job_pool_take(pool);
		if (event && event->type == EVENT_NUMBER && count < room)
			numbers[count++] = ((struct number_event *)event)->number;
		if (event && event->type == EVENT_CANCELLED)
			++*cancelled;
		if (event) {
			event->release(event);
			continue;
		}
		if (job_pool_idle(pool))
			return count;
		struct pollfd wait = {.fd = job_pool_fd(pool), .events = POLLIN};
		if (poll(&wait, 1, 10000) != 1)
			fail_msg("the pool woke nobody");
	}
}

static void wait_until(const atomic_int *what, int value)
{
	for (int i = 0; atomic_load(what) != value; i++) {
		if (i > 100000)
			fail_msg("waited in vain");
		usleep(100);
	}
}

static void events_come_in_order(void **state)
{
	(void)state;
	struct ledger ledger = {0};
	struct job_pool *pool = pool_with(JOB_THREADS_DEFAULT, &ledger);
	int numbers[4000], cancelled = 0;
	for (int i = 0; i < 4; i++)
		submit(pool, JOB_NO_SLOT,
			&(struct count_job){.ledger = &ledger, .first = i * 1000, .count = 1000});
	assert_int_equal(drain(pool, numbers, 4000, &cancelled), 4000);
	int next[4] = {0, 1000, 2000, 3000};
	for (int i = 0; i < 4000; i++)
		assert_int_equal(numbers[i], next[numbers[i] / 1000]++);
	assert_int_equal(cancelled, 0);
	end(pool, &ledger);
}

static void newer_jobs_replace_older_ones(void **state)
{
	(void)state;
	struct ledger ledger = {0};
	struct job_pool *pool = pool_with(2, &ledger);
	for (int round = 0; round < 200; round++) {
		int numbers[100], cancelled = 0;
		submit(pool, 1,
			&(struct count_job){.ledger = &ledger,
				.first = 1,
				.count = 50,
				.until_cancelled = true});
		if (round % 2)
			wait_until(&ledger.running, 1);
		submit(pool, 1, &(struct count_job){.ledger = &ledger, .first = 1000, .count = 3});
		size_t count = drain(pool, numbers, 100, &cancelled);
		assert_int_equal(count, 3);
		assert_int_equal(numbers[0], 1000);
		assert_int_equal(cancelled, 0);
		wait_until(&ledger.running, 0);
	}
	end(pool, &ledger);
}

/* Events that were posted but not taken are dropped as well. */
static void late_events_are_dropped(void **state)
{
	(void)state;
	struct ledger ledger = {0};
	struct job_pool *pool = pool_with(0, &ledger);
	int numbers[10], cancelled = 0;
	submit(pool, 1, &(struct count_job){.ledger = &ledger, .first = 1, .count = 2});
	submit(pool, 2, &(struct count_job){.ledger = &ledger, .first = 10, .count = 2});
	assert_int_equal(job_pool_run_pending(pool), 2);
	submit(pool, 1, &(struct count_job){.ledger = &ledger, .first = 20, .count = 1});
	assert_int_equal(atomic_load(&ledger.events), 2);
	assert_false(job_pool_idle(pool));
	assert_int_equal(job_pool_run_pending(pool), 1);
	assert_int_equal(drain(pool, numbers, 10, &cancelled), 3);
	assert_int_equal(numbers[0], 10);
	assert_int_equal(numbers[2], 20);
	submit(pool, 2, &(struct count_job){.ledger = &ledger, .first = 30, .count = 1});
	job_pool_drop(pool, 2);
	assert_true(job_pool_idle(pool));
	assert_int_equal(job_pool_run_pending(pool), 0);
	end(pool, &ledger);
}

static void cancelled_jobs_say_so(void **state)
{
	(void)state;
	struct ledger ledger = {0};
	struct job_pool *pool = pool_with(2, &ledger);
	struct count_job job = {.ledger = &ledger, .count = 5, .until_cancelled = true};
	int numbers[100], cancelled = 0;
	for (int i = 0; i < 3; i++)
		submit(pool, i + 1, &job);
	wait_until(&ledger.running, 2);
	assert_int_equal(job_pool_cancel_all(pool, true), 0);
	assert_int_equal(job_pool_cancel_all(pool, false), 3);
	assert_int_equal(drain(pool, numbers, 100, &cancelled), 15);
	assert_int_equal(cancelled, 3);
	end(pool, &ledger);
}

static void each_worker_has_its_own_state(void **state)
{
	(void)state;
	struct ledger ledger = {0};
	struct job_pool *pool = pool_with(3, &ledger);
	int numbers[1], cancelled = 0;
	for (int i = 0; i < 300; i++)
		submit(pool, JOB_NO_SLOT,
			&(struct count_job){.ledger = &ledger, .use_state = true});
	drain(pool, numbers, 1, &cancelled);
	assert_in_range(atomic_load(&ledger.opened), 1, 3);
	end(pool, &ledger);
}

/* What a job asked for is stopped when the job is cancelled, and only then. */
static void cancelling_stops_the_state(void **state)
{
	(void)state;
	struct ledger ledger = {0};
	struct job_pool *pool = pool_with(2, &ledger);
	struct count_job job = {
		.ledger = &ledger, .count = 1, .until_cancelled = true, .use_state = true};
	submit(pool, 1, &job);
	job.use_state = false;
	submit(pool, 2, &job);
	wait_until(&ledger.events, 2);
	assert_int_equal(atomic_load(&ledger.stops), 0);
	job_pool_drop(pool, 2);
	assert_int_equal(atomic_load(&ledger.stops), 0);
	job_pool_drop(pool, 1);
	assert_int_equal(atomic_load(&ledger.stops), 1);
	end(pool, &ledger);
}

static void run_without_state(struct job *job, void *context)
{
	struct error *error = context;
	assert_null(job_worker_state(job, error));
}

static void a_state_that_cannot_be_opened_is_an_error(void **state)
{
	(void)state;
	struct error error = {0};
	struct job_pool *pool = job_pool_new(&(struct job_pool_options){.threads = 0}, &error);
	assert_non_null(pool);
	uint64_t id = job_pool_submit(
		pool, &(struct job_task){.run = run_without_state, .context = &error}, NULL);
	assert_int_equal(id, 1);
	assert_int_equal(job_pool_run_pending(pool), 1);
	assert_int_equal(error.code, ERROR_USAGE);
	job_pool_free(pool);
}

static void background_jobs_leave_a_worker_free(void **state)
{
	(void)state;
	struct ledger ledger = {.hold = true}, front = {0};
	struct job_pool *pool = pool_with(3, &ledger);
	int numbers[10], cancelled = 0;
	for (int i = 0; i < 6; i++)
		submit_as(pool, JOB_NO_SLOT, true,
			&(struct count_job){.ledger = &ledger, .holds = true});
	wait_until(&ledger.running, 2);
	submit(pool, JOB_NO_SLOT, &(struct count_job){.ledger = &front, .count = 0});
	wait_until(&front.contexts, 0);
	assert_int_equal(atomic_load(&ledger.most_running), 2);
	atomic_store(&ledger.hold, false);
	drain(pool, numbers, 10, &cancelled);
	assert_int_equal(atomic_load(&ledger.most_running), 2);
	end(pool, &ledger);
}

static void look_at_niceness(struct job *job, void *context)
{
	(void)job;
	atomic_store((atomic_int *)context, getpriority(PRIO_PROCESS, 0));
}

/* The owner, for whom somebody waits, is let first. */
static void workers_give_way(void **state)
{
	(void)state;
	struct error error;
	atomic_int niceness = -100;
	const int own = getpriority(PRIO_PROCESS, 0);
	struct job_pool *pool = job_pool_new(&(struct job_pool_options){.threads = 1}, &error);
	assert_non_null(pool);
	assert_true(job_pool_submit(pool,
			    &(struct job_task){.run = look_at_niceness, .context = &niceness},
			    &error) > 0);
	while (!job_pool_idle(pool))
		usleep(1000);
	assert_int_equal(niceness, own + 5 > 19 ? 19 : own + 5);
	assert_int_equal(getpriority(PRIO_PROCESS, 0), own);
	job_pool_free(pool);
}

static void freeing_cancels_and_joins(void **state)
{
	(void)state;
	for (int round = 0; round < 100; round++) {
		struct ledger ledger = {0};
		struct job_pool *pool = pool_with(2, &ledger);
		for (int i = 0; i < 5; i++)
			submit(pool, i,
				&(struct count_job){.ledger = &ledger,
					.count = 3,
					.use_state = true,
					.until_cancelled = true});
		if (round % 2)
			wait_until(&ledger.running, 2);
		end(pool, &ledger);
	}
}

/* The descriptor is readable exactly while there is something to look at. */
static void descriptor_follows_the_queue(void **state)
{
	(void)state;
	struct ledger ledger = {0};
	struct job_pool *pool = pool_with(0, &ledger);
	struct pollfd wait = {.fd = job_pool_fd(pool), .events = POLLIN};
	assert_int_equal(poll(&wait, 1, 0), 0);
	submit(pool, JOB_NO_SLOT, &(struct count_job){.ledger = &ledger, .count = 1});
	assert_int_equal(poll(&wait, 1, 0), 0);
	job_pool_run_pending(pool);
	assert_int_equal(poll(&wait, 1, 0), 1);
	int numbers[2], cancelled = 0;
	assert_int_equal(drain(pool, numbers, 2, &cancelled), 1);
	assert_int_equal(poll(&wait, 1, 0), 0);
	end(pool, &ledger);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(events_come_in_order),
		cmocka_unit_test(newer_jobs_replace_older_ones),
		cmocka_unit_test(late_events_are_dropped),
		cmocka_unit_test(cancelled_jobs_say_so),
		cmocka_unit_test(each_worker_has_its_own_state),
		cmocka_unit_test(cancelling_stops_the_state),
		cmocka_unit_test(a_state_that_cannot_be_opened_is_an_error),
		cmocka_unit_test(background_jobs_leave_a_worker_free),
		cmocka_unit_test(workers_give_way),
		cmocka_unit_test(freeing_cancels_and_joins),
		cmocka_unit_test(descriptor_follows_the_queue),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
