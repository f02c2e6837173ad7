/* The job behind `:why`: how a search is answered. */
#include "work.h"

#include "base/memory.h"
#include "search/search.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct why_event {
	struct job_event event;
	struct buffer text;
	struct error error;
};

struct why_task {
	char *pattern;
	bool literal;
	enum kind kind; /* KIND_NONE: the whole case */
	int64_t undecided;
	char skipped[SKIPPED_SIZE];
	struct why_event *result; /* made beforehand: a job never ends without a word */
};

static void event_release(struct job_event *event)
{
	struct why_event *why = (struct why_event *)event;
	buffer_free(&why->text);
	free(why);
}

static void task_release(void *context)
{
	struct why_task *task = context;
	free(task->pattern);
	if (task->result)
		event_release(&task->result->event);
	free(task);
}

static bool explain(struct job *job, const struct why_task *task, struct why_event *result)
{
	struct worker *worker = job_worker_state(job, &result->error);
	const struct pattern_options options = {
		.letters = PATTERN_CASE_SMART, .literal = task->literal};
	struct pattern *pattern =
		worker ? pattern_compile(span_string(task->pattern), &options, &result->error)
		       : NULL;
	if (!pattern)
		return false;
	case_watch(worker->file, job_cancel_flag(job));
	bool good =
		search_explain(worker->file, pattern, task->kind, &result->text, &result->error);
	case_watch(worker->file, NULL);
	pattern_free(pattern);
	if (good && task->undecided > 0)
		buffer_add_format(&result->text, "skipped, since a limit was met: %" PRId64 "\n%s",
			task->undecided, task->skipped);
	return good && (!buffer_failed(&result->text) || error_memory(&result->error));
}

static void run(struct job *job, void *context)
{
	struct why_task *task = context;
	struct why_event *result = task->result;
	task->result = NULL;
	if (explain(job, task, result))
		result->error = (struct error){0};
	job_post(job, &result->event);
}

void work_why(struct session *session, enum kind kind, const char *pattern, bool literal,
	int64_t undecided, const char skipped[SKIPPED_SIZE])
{
	struct error error;
	struct why_task *task = memory_array(1, sizeof *task);
	if (task) {
		task->kind = kind;
		task->literal = literal;
		task->undecided = undecided;
		memcpy(task->skipped, skipped, sizeof task->skipped);
		task->pattern = memory_copy_string(pattern);
		task->result = memory_array(1, sizeof *task->result);
	}
	if (task && task->pattern && task->result) {
		task->result->event =
			(struct job_event){.type = WORK_WHY, .release = event_release};
		if (job_pool_submit(session->jobs,
			    &(struct job_task){.slot = SLOT_WHY,
				    .run = run,
				    .release = task_release,
				    .context = task},
			    &error))
			return;
	} else {
		if (task)
			task_release(task);
		error_memory(&error);
	}
	session_complain(session, "%s", error.message);
}

void work_take_why(struct session *session, struct job_event *event)
{
	const struct why_event *why = (struct why_event *)event;
	if (why->error.code != ERROR_NONE) {
		session_complain(session, "%s", why->error.message);
		return;
	}
	int width = session->width - 8 < 84 ? session->width - 8 : 84;
	card_begin(&session->popup, width - 2, 0, session->ascii);
	card_add(&session->popup, NULL, span_trim(buffer_span(&why->text)), CARD_PLAIN,
		(struct record_id){KIND_NONE, 0}, 0);
	session->popup_title = "How the search is answered";
}
