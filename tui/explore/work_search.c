/* The jobs behind `/` and `g/`: a pattern over one kind, or over the whole case. */
#include "work.h"

#include "base/clock.h"
#include "base/memory.h"
#include "results.h"
#include "search/search.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Hits are sent on at least so often, and at the latest when there are so many. */
#define SEND_MICROSECONDS 20000
#define SEND_HITS 4096

struct search_task {
	enum kind kind; /* KIND_NONE: the whole case */
	char *text;
	bool literal;
	enum work_event_type type;
	struct search_event *first; /* made beforehand: a job never ends without a word */
};

struct search_event {
	struct job_event event;
	bool last;
	struct search_totals totals;
	int thousandths;
	struct error error;
	char skipped[SKIPPED_SIZE]; /* of the last one */
	size_t count;
	struct {
		uint32_t id;
		uint32_t kind;
	} hits[SEND_HITS];
};

struct searching {
	struct job *job;
	const struct search_task *task;
	struct search_event *batch;
	struct record_id last_hit;
	char skipped[SKIPPED_SIZE];
	size_t skipped_length;
	int64_t sent;
};

static void task_release(void *context)
{
	struct search_task *task = context;
	free(task->first);
	free(task->text);
	free(task);
}

static void event_release(struct job_event *event)
{
	free(event);
}

static struct search_event *batch_new(const struct search_task *task)
{
	struct search_event *batch = calloc(1, sizeof *batch);
	if (batch)
		batch->event =
			(struct job_event){.type = (int)task->type, .release = event_release};
	return batch;
}

static bool send(struct searching *searching)
{
	struct search_event *full = searching->batch;
	searching->batch = batch_new(searching->task);
	searching->sent = clock_microseconds();
	if (!searching->batch) {
		searching->batch = full;
		return false;
	}
	return job_post(searching->job, &full->event);
}

/* While there is room; how many there are is counted. */
static void name_skipped(struct searching *searching, const struct search_hit *hit)
{
	char *end = searching->skipped + searching->skipped_length;
	size_t room = sizeof searching->skipped - searching->skipped_length;
	int length = snprintf(end, room, "%s:%" PRId64 " %.*s\n", kind_info(hit->id.kind)->name,
		hit->id.id, (int)hit->field_name.length, hit->field_name.data);
	if (length > 0 && (size_t)length < room)
		searching->skipped_length += (size_t)length;
	else
		*end = '\0';
}

static bool take_hit(void *context, const struct search_hit *hit)
{
	struct searching *searching = context;
	if (hit->undecided)
		name_skipped(searching, hit);
	if (hit->undecided || record_id_equal(hit->id, searching->last_hit))
		return true;
	searching->last_hit = hit->id;
	struct search_event *batch = searching->batch;
	batch->hits[batch->count].id = (uint32_t)hit->id.id;
	batch->hits[batch->count].kind = (uint32_t)hit->id.kind;
	batch->count++;
	return batch->count < SEND_HITS || send(searching);
}

static void take_progress(void *context, const struct search_totals *totals, int thousandths)
{
	struct searching *searching = context;
	searching->batch->totals = *totals;
	searching->batch->thousandths = thousandths;
	if (clock_microseconds() - searching->sent > SEND_MICROSECONDS)
		send(searching);
}

static void run(struct job *job, void *context)
{
	struct search_task *task = context;
	struct searching searching = {
		.job = job, .task = task, .sent = clock_microseconds(), .batch = task->first};
	task->first = NULL;
	struct error error = {0};
	struct search_totals totals = {0};
	struct worker *worker = job_worker_state(job, &error);
	struct pattern_options options = {.letters = PATTERN_CASE_SMART, .literal = task->literal};
	struct pattern *pattern =
		worker ? pattern_compile(span_string(task->text), &options, &error) : NULL;
	if (pattern) {
		struct search_request request = {.pattern = pattern,
			.kind = task->kind,
			.cancel = job_cancel_flag(job),
			.hit = take_hit,
			.progress = take_progress,
			.context = &searching};
		if (!search_run(worker->file, &request, &totals, &error) &&
			error.code == ERROR_NONE)
			error_memory(&error);
	}
	pattern_free(pattern);
	searching.batch->last = true;
	searching.batch->totals = totals;
	searching.batch->thousandths = 1000;
	searching.batch->error = error;
	memcpy(searching.batch->skipped, searching.skipped, sizeof searching.skipped);
	job_post(job, &searching.batch->event);
}

static bool start(struct session *session, int slot, enum kind kind, const char *text, bool literal,
	enum work_event_type type, struct error *error)
{
	struct search_task *task = memory_array(1, sizeof *task);
	if (task) {
		*task = (struct search_task){.kind = kind, .literal = literal, .type = type};
		task->text = memory_copy_string(text);
		task->first = batch_new(task);
	}
	if (task && task->text && task->first)
		return job_pool_submit(session->jobs,
			&(struct job_task){
				.slot = slot, .run = run, .release = task_release, .context = task},
			error);
	if (task)
		task_release(task);
	return error_memory(error);
}

void work_hits(struct session *session, struct list *list)
{
	struct list_search *search = &list->search;
	job_pool_drop(session->jobs, list->slot + 1);
	if (!search->text || start(session, list->slot + 1, list->kind, search->text,
				     search->literal, WORK_HITS, &search->error))
		return;
	search->state = SEARCH_FAILED;
	session_complain(session, "%s", search->error.message);
}

void work_take_hits(struct session *session, struct job_event *event)
{
	struct search_event *batch = (struct search_event *)event;
	struct list *list = work_list(session, event->slot - 1);
	if (!list || !list->search.text)
		return;
	struct list_search *search = &list->search;
	uint32_t ids[SEND_HITS];
	for (size_t i = 0; i < batch->count; i++)
		ids[i] = batch->hits[i].id;
	if (!list_add_hits(list, ids, batch->count))
		session_complain(session, "out of memory");
	search->cells = batch->totals.cells;
	search->undecided = batch->totals.undecided;
	search->thousandths = batch->thousandths;
	if (batch->last) {
		search->error = batch->error;
		memcpy(search->skipped, batch->skipped, sizeof search->skipped);
		search->state = batch->error.code == ERROR_NONE ? SEARCH_DONE : SEARCH_FAILED;
		list_count_hits(list);
	}
}

void work_results(struct session *session, struct results *results)
{
	results->state = SEARCH_RUNNING;
	job_pool_drop(session->jobs, results->slot);
	if (start(session, results->slot, KIND_NONE, results->text, results->literal, WORK_RESULTS,
		    &results->error))
		return;
	results->state = SEARCH_FAILED;
	session_complain(session, "%s", results->error.message);
}

void work_take_results(struct session *session, struct job_event *event)
{
	struct search_event *batch = (struct search_event *)event;
	struct results *results = NULL;
	for (int i = 0; i < session->place_count; i++)
		if (session->places[i]->type == PLACE_RESULTS &&
			session->places[i]->results.slot == event->slot)
			results = &session->places[i]->results;
	if (!results)
		return;
	bool heading, room = true;
	enum kind here = results_at(results, results->cursor, &heading).kind;
	int64_t row = results_kind_row(results, here);
	for (size_t i = 0; i < batch->count && room; i++)
		room = results_add(results, (enum kind)batch->hits[i].kind, batch->hits[i].id);
	if (!room)
		session_complain(session, "out of memory");
	results_grown(results, here, row);
	results->cells = batch->totals.cells;
	results->hit_cells = batch->totals.hits;
	results->hit_records = batch->totals.hit_records;
	results->undecided = batch->totals.undecided;
	results->thousandths = batch->thousandths;
	if (batch->last) {
		results->error = batch->error;
		memcpy(results->skipped, batch->skipped, sizeof results->skipped);
		results->state = batch->error.code == ERROR_NONE ? SEARCH_DONE : SEARCH_FAILED;
	}
}
