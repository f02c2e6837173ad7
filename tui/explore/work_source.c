/* The check of a source's file: all of it is hashed before any of it is shown. */
#include "work.h"

#include "base/memory.h"
#include "casefile/source.h"
#include "find_source.h"
#include "source_view.h"

#include <stdlib.h>

struct source_task {
	int64_t source;
	int64_t size;
	struct source_event *last; /* made beforehand: a job never ends without a word */
};

struct source_event {
	struct job_event event;
	int percent;
	bool ended;
	struct error error;
};

struct checking {
	struct job *job;
	int64_t size;
	int percent;
};

static void event_release(struct job_event *event)
{
	free(event);
}

static struct source_event *event_new(void)
{
	struct source_event *event = memory_array(1, sizeof *event);
	if (event)
		event->event = (struct job_event){.type = WORK_SOURCE, .release = event_release};
	return event;
}

static void task_release(void *context)
{
	struct source_task *task = context;
	free(task->last);
	free(task);
}

static bool go_on(void *context, int64_t bytes)
{
	struct checking *checking = context;
	int percent = checking->size > 0 ? (int)(bytes * 100 / checking->size) : 100;
	if (percent != checking->percent) {
		struct source_event *event = event_new();
		checking->percent = percent;
		if (event) {
			event->percent = percent;
			job_post(checking->job, &event->event);
		}
	}
	return !job_cancelled(checking->job);
}

static void run(struct job *job, void *context)
{
	struct source_task *task = context;
	struct source_event *last = task->last;
	task->last = NULL;
	struct checking checking = {.job = job, .size = task->size};
	const struct source_progress progress = {go_on, &checking};
	struct worker *worker = job_worker_state(job, &last->error);
	struct buffer none = {0};
	/* No bytes: they are read when they are shown. */
	if (worker &&
		source_bytes(worker->file, task->source, 0, 0, &progress, &none, &last->error))
		last->error = (struct error){0};
	buffer_free(&none);
	last->ended = true;
	job_post(job, &last->event);
}

static struct source_task *task_new(const struct source_view *view)
{
	struct source_task *task = memory_array(1, sizeof *task);
	if (!task)
		return NULL;
	*task = (struct source_task){
		.source = view->source, .size = (int64_t)view->size, .last = event_new()};
	if (task->last)
		return task;
	free(task);
	return NULL;
}

void work_source(struct session *session, struct source_view *view)
{
	struct error error = {0};
	struct source_task *task = task_new(view);
	view->percent = 0;
	if (!task)
		error_memory(&error);
	else if (job_pool_submit(session->jobs,
			 &(struct job_task){.slot = view->slot,
				 .run = run,
				 .release = task_release,
				 .context = task},
			 &error))
		return;
	source_view_checked(session, view, &error);
}

void work_take_source(struct session *session, struct job_event *event)
{
	const struct source_event *result = (struct source_event *)event;
	for (int i = 0; i < session->place_count; i++) {
		struct source_view *view = &session->places[i]->source;
		if (session->places[i]->type != PLACE_SOURCE || view->slot != event->slot)
			continue;
		view->percent = result->percent;
		view->fields.width = 0; /* it says the percentage */
		if (result->ended)
			source_view_checked(session, view, &result->error);
		if (result->ended && source_view_readable(view))
			find_source_again(session, session->places[i]);
	}
}
