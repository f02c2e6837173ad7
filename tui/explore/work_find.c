/* The jobs behind `/` in a source: one goes to the next hit, one counts the lines that match. */
#include "work.h"

#include "base/clock.h"
#include "base/memory.h"
#include "casefile/source.h"
#include "find_source.h"
#include "search/lines.h"

#include <stdlib.h>

/* How often they say how far they are. */
#define TELL_MICROSECONDS 50000

struct find_task {
	int64_t source;
	uint64_t size;
	char *text;
	bool literal;
	bool counts; /* all lines; else the next hit is looked for */
	uint64_t from;
	bool backwards;
	struct find_event *last; /* made beforehand: a job never ends without a word */
};

struct find_event {
	struct job_event event;
	bool counts;
	bool ended;
	int thousandths;
	struct lines_count count;
	struct lines_hit hit;
	struct error error;
};

struct finding {
	struct job *job;
	const struct find_task *task;
	struct worker *worker;
	struct lines_count count;
	int64_t told;
};

static void event_release(struct job_event *event)
{
	free(event);
}

static struct find_event *event_new(bool counts)
{
	struct find_event *event = memory_array(1, sizeof *event);
	if (event) {
		event->event = (struct job_event){.type = WORK_FIND, .release = event_release};
		event->counts = counts;
	}
	return event;
}

static void task_release(void *context)
{
	struct find_task *task = context;
	free(task->text);
	free(task->last);
	free(task);
}

static bool go_on(void *context, int64_t bytes)
{
	(void)bytes;
	return !job_cancelled(((const struct finding *)context)->job);
}

/* A file that was touched since it is on screen is checked again, which may take a while. */
static bool read_bytes(
	void *context, uint64_t start, uint64_t end, struct buffer *bytes, struct error *error)
{
	const struct finding *finding = context;
	const struct source_progress progress = {go_on, context};
	return source_bytes(
		finding->worker->file, finding->task->source, start, end, &progress, bytes, error);
}

static void tell(void *context, uint64_t bytes)
{
	struct finding *finding = context;
	int64_t now = clock_microseconds();
	if (now - finding->told < TELL_MICROSECONDS)
		return;
	finding->told = now;
	struct find_event *event = event_new(finding->task->counts);
	if (!event)
		return; /* it will be said later */
	event->thousandths = (int)(bytes * 1000 / finding->task->size);
	event->count = finding->count;
	job_post(finding->job, &event->event);
}

static void find(struct finding *finding, struct matcher *matcher, struct find_event *last)
{
	const struct find_task *task = finding->task;
	struct lines lines = {.size = task->size,
		.read = read_bytes,
		.progress = tell,
		.context = finding,
		.matcher = matcher,
		.cancel = job_cancel_flag(finding->job)};
	bool good = task->counts ? lines_count(&lines, &finding->count, &last->error)
				 : lines_next(&lines, task->from, task->backwards, &last->hit,
					   &last->error);
	if (good)
		last->error = (struct error){0};
	last->count = finding->count;
}

static void run(struct job *job, void *context)
{
	struct find_task *task = context;
	struct find_event *last = task->last;
	task->last = NULL;
	struct finding finding = {.job = job, .task = task, .told = clock_microseconds()};
	finding.worker = job_worker_state(job, &last->error);
	struct pattern_options options = {.letters = PATTERN_CASE_SMART, .literal = task->literal};
	struct match_limits limits = {.cancel = job_cancel_flag(job)};
	struct pattern *pattern =
		finding.worker ? pattern_compile(span_string(task->text), &options, &last->error)
			       : NULL;
	struct matcher *matcher = pattern ? matcher_new(pattern, &limits, &last->error) : NULL;
	if (matcher)
		find(&finding, matcher, last);
	matcher_free(matcher);
	pattern_free(pattern);
	last->ended = true;
	job_post(job, &last->event);
}

static bool start(struct session *session, int slot, const struct find_task *asked,
	struct list_search *search)
{
	struct find_task *task = memory_array(1, sizeof *task);
	struct error error;
	if (task) {
		*task = *asked;
		task->text = memory_copy_string(search->text);
		task->last = event_new(task->counts);
	}
	if (task && task->text && task->last) {
		if (job_pool_submit(session->jobs,
			    &(struct job_task){.slot = slot,
				    .run = run,
				    .release = task_release,
				    .context = task},
			    &error))
			return true;
	} else {
		if (task)
			task_release(task);
		error_memory(&error);
	}
	session_complain(session, "%s", error.message);
	return false;
}

void work_find(struct session *session, struct source_view *view, struct list_search *search,
	uint64_t from, bool backwards)
{
	struct find_task task = {.source = view->source,
		.size = view->size,
		.literal = search->literal,
		.from = from,
		.backwards = backwards};
	if (!start(session, view->slot + 2, &task, search))
		view->steps = 0;
}

void work_find_count(struct session *session, struct source_view *view, struct list_search *search)
{
	struct find_task task = {.source = view->source,
		.size = view->size,
		.literal = search->literal,
		.counts = true};
	job_pool_drop(session->jobs, view->slot + 1);
	job_pool_drop(session->jobs, view->slot + 2);
	if (search->text && !start(session, view->slot + 1, &task, search))
		search->state = SEARCH_FAILED;
}

static void take_count(struct list_search *find, const struct find_event *result)
{
	find->shown = result->count.hits;
	find->cells = result->count.lines;
	find->undecided = result->count.undecided;
	find->thousandths = result->thousandths;
	if (!result->ended)
		return;
	find->error = result->error;
	find->state = result->error.code == ERROR_NONE ? SEARCH_DONE : SEARCH_FAILED;
}

void work_take_find(struct session *session, struct job_event *event)
{
	const struct find_event *result = (struct find_event *)event;
	int slot = event->slot - (result->counts ? 1 : 2);
	for (int i = 0; i < session->place_count; i++) {
		struct place *place = session->places[i];
		struct source_view *view = &place->source;
		if (place->type != PLACE_SOURCE || view->slot != slot || !place->find.text)
			continue;
		if (result->counts) {
			take_count(&place->find, result);
		} else if (!result->ended) {
			view->seek_percent = result->thousandths / 10;
		} else if (result->error.code == ERROR_NONE) {
			find_source_found(session, view, &result->hit);
		} else {
			view->steps = 0;
			if (result->error.code != ERROR_CANCELLED)
				session_complain(session, "%s", result->error.message);
		}
	}
}
