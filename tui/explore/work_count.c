/* The job behind the card of a claim that states a count: rows of the case are counted for it. */
#include "work.h"

#include "base/memory.h"

#include <stdlib.h>

struct count_event {
	struct job_event event;
	struct counted counted;
};

struct count_task {
	int64_t claim;
	struct count_event *result; /* made beforehand: a job never ends without a word */
};

static void event_release(struct job_event *event)
{
	free(event);
}

static void task_release(void *context)
{
	struct count_task *task = context;
	free(task->result);
	free(task);
}

static void run(struct job *job, void *context)
{
	struct count_task *task = context;
	struct count_event *result = task->result;
	struct counted *counted = &result->counted;
	task->result = NULL;
	struct worker *worker = job_worker_state(job, &counted->error);
	counted->claim = task->claim;
	if (worker && count_of(worker->file, task->claim, job_cancel_flag(job), &counted->count,
			      &counted->error))
		counted->error = (struct error){0};
	job_post(job, &result->event);
}

static struct count_task *task_new(int64_t claim)
{
	struct count_task *task = memory_array(1, sizeof *task);
	struct count_event *result = memory_array(1, sizeof *result);
	if (task && result) {
		result->event = (struct job_event){.type = WORK_COUNT, .release = event_release};
		*task = (struct count_task){claim, result};
		return task;
	}
	free(task);
	free(result);
	return NULL;
}

/* What the count of a claim comes to: session_counted says. */
static void count(struct session *session, int64_t claim)
{
	struct error error;
	struct count_task *task = task_new(claim);
	if (!task)
		error_memory(&error);
	else if (job_pool_submit(session->jobs,
			 &(struct job_task){.slot = SLOT_COUNT,
				 .run = run,
				 .release = task_release,
				 .context = task},
			 &error)) {
		session->counting = claim;
		return;
	}
	session_complain(session, "%s", error.message);
}

void work_take_count(struct session *session, struct job_event *event)
{
	const struct counted *counted = &((struct count_event *)event)->counted;
	session->counting = 0;
	session->counted[session->counted_next++ % SESSION_MAX_COUNTED] = *counted;
}

const struct counted *session_counted(struct session *session, int64_t claim)
{
	for (size_t i = 0; i < SESSION_MAX_COUNTED; i++)
		if (session->counted[i].claim == claim)
			return &session->counted[i];
	if (session->counting != claim)
		count(session, claim);
	return NULL;
}

void session_count_again(struct session *session)
{
	for (size_t i = 0; i < SESSION_MAX_COUNTED; i++)
		if (session->counted[i].error.code != ERROR_NONE)
			session->counted[i] = (struct counted){0};
}
