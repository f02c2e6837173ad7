/* The check of the whole case, in the background: never by opening the path again. */
#include "work.h"

#include "casefile/verify.h"

#include <stdlib.h>

struct integrity_event {
	struct job_event event;
	struct integrity integrity;
	struct error error;
};

struct checking {
	struct job *job;
	int percent;
};

static void event_release(struct job_event *event)
{
	free(event);
}

static bool post(struct job *job, struct integrity integrity, const struct error *error)
{
	struct integrity_event *event = calloc(1, sizeof *event);
	if (!event)
		return false;
	event->event = (struct job_event){.type = WORK_INTEGRITY, .release = event_release};
	event->integrity = integrity;
	if (error)
		event->error = *error;
	return job_post(job, &event->event);
}

static bool go_on(void *context, const char *step, int64_t done, int64_t total)
{
	struct checking *checking = context;
	(void)step;
	int percent = total > 0 ? (int)(done * 100 / total) : 0;
	if (percent != checking->percent) {
		checking->percent = percent;
		post(checking->job,
			(struct integrity){.state = INTEGRITY_CHECKING, .percent = percent}, NULL);
	}
	return !job_cancelled(checking->job);
}

static void run(struct job *job, void *context)
{
	(void)context;
	struct error error = {0};
	struct checking checking = {.job = job};
	struct integrity integrity = {.state = INTEGRITY_NOT_CHECKED};
	struct worker *worker = job_worker_state(job, &error);
	struct verify_result result = {0};
	struct verify_options options = {.go_on = go_on, .context = &checking};
	if (worker && verify_case(worker->file, &options, &result, &error)) {
		integrity.state = INTEGRITY_CHECKED;
		integrity.errors = result.errors;
	}
	post(job, integrity, &error);
}

void work_integrity(struct session *session)
{
	struct error error;
	session->integrity.state = INTEGRITY_CHECKING;
	if (!job_pool_submit(session->jobs,
		    &(struct job_task){.slot = SLOT_INTEGRITY, .background = true, .run = run},
		    &error)) {
		session->integrity.state = INTEGRITY_NOT_CHECKED;
		session_complain(session, "%s", error.message);
	}
}

void work_take_integrity(struct session *session, struct job_event *event)
{
	struct integrity_event *result = (struct integrity_event *)event;
	session->integrity = result->integrity;
	if (result->integrity.errors > 0)
		session_complain(session,
			"this case does not agree with itself; `breachx verify` says where");
	else if (result->error.code != ERROR_NONE && result->error.code != ERROR_CANCELLED)
		session_complain(
			session, "the check of the case failed: %s", result->error.message);
}
