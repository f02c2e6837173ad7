/* The job that fills a list, and what a list takes from it. */
#include "work.h"

#include "base/memory.h"
#include "casefile/listing.h"
#include "explore/layout.h"
#include "prompt.h"
#include "rows_fill.h"

#include <stdlib.h>

static void task_release(void *context)
{
	struct rows_task *task = context;
	for (int i = 0; i < task->filter_count; i++)
		free(task->filters[i]);
	if (task->result)
		rows_event_release(&task->result->event);
	free(task);
}

static void run(struct job *job, void *context)
{
	struct rows_task *task = context;
	struct rows_event *result = task->result;
	task->result = NULL;
	rows_fill(job, task, result);
	job_post(job, &result->event);
}

static bool copy_filter(struct rows_task *task, const char *text)
{
	task->filters[task->filter_count] = memory_copy_string(text);
	if (!task->filters[task->filter_count])
		return false;
	task->filter_count++;
	return true;
}

static struct rows_task *task_new(const struct list *list)
{
	struct rows_task *task = memory_array(1, sizeof *task);
	if (!task)
		return NULL;
	task->kind = list->kind;
	task->sort = list->sort < 0 ? kind_info(list->kind)->sort_field : list->sort;
	task->descending = list->descending;
	task->base = list->base != NULL;
	task->result = rows_event_new();
	bool good = task->result != NULL;
	if (good && list->base)
		good = copy_filter(task, list->base);
	for (int i = 0; good && !list->filters_off && i < list->filter_count; i++)
		good = copy_filter(task, list->filters[i].text);
	if (good)
		return task;
	task_release(task);
	return NULL;
}

/* The rows that are there stay, and the corner says that they are not what was asked for. */
static void fail(struct session *session, struct list *list, const struct error *error)
{
	list->error = *error;
	list->loading = false;
	list->loaded = true;
	list->stopped = true;
	if (error->code != ERROR_CANCELLED) /* who stopped it knows */
		session_complain(session, "%s: %s", list->title, error->message);
}

static int height_of(const struct session *session, const struct list *list)
{
	struct layout layout = layout_of(session);
	const struct place *place = session_place(session);
	for (int i = 0; i < place->list_count; i++)
		if (place->lists[i] == list)
			return layout.rows[i];
	return 1;
}

static void take(struct session *session, struct list *list, struct rows *rows,
	const struct list_totals *totals, const int64_t *hides, bool partial)
{
	list->error = (struct error){0};
	list->stopped = false;
	list_take_rows(list, rows, totals, hides, partial, height_of(session, list));
	prompt_rows_came(session, list);
}

/* Whether a list is to show all records of a large kind, in their own order. */
static bool shows_all(const struct list *list)
{
	const struct kind_info *info = kind_info(list->kind);
	return info->large && !list->base && (list->filter_count == 0 || list->filters_off) &&
	       (list->sort < 0 || list->sort == info->sort_field) && !list->descending;
}

/* Those may be at hand in another list, which may have them, too: 4 bytes a row only once. */
static bool take_over(struct session *session, struct list *list, int64_t version)
{
	const int64_t hides[LIST_MAX_FILTERS] = {0};
	for (int i = 0; i < session->place_count; i++)
		for (int k = 0; k < session->places[i]->list_count; k++) {
			struct list *other = session->places[i]->lists[k];
			struct rows rows = {0};
			if (other == list || other->kind != list->kind ||
				other->rows.version != version || !rows_share(&rows, &other->rows))
				continue;
			job_pool_drop(session->jobs, list->slot);
			take(session, list, &rows, &other->totals, hides, false);
			return true;
		}
	return false;
}

void work_rows(struct session *session, struct list *list)
{
	struct error error = {0};
	int64_t version = shows_all(list) ? case_version(session->file) : 0;
	if (version != 0 && take_over(session, list, version))
		return;
	struct rows_task *task = task_new(list);
	list->loading = true;
	list->thousandths = 0;
	if (task)
		task->version = version;
	if (!task)
		error_memory(&error);
	else if (job_pool_submit(session->jobs,
			 &(struct job_task){.slot = list->slot,
				 .run = run,
				 .release = task_release,
				 .context = task},
			 &error))
		return;
	job_pool_drop(session->jobs, list->slot);
	fail(session, list, &error);
}

/* As many as are shown at first. */
static bool read_end(
	struct session *session, enum kind kind, bool last, struct rows *rows, struct error *error)
{
	const int field = kind_info(kind)->sort_field;
	struct listing *listing = last ? listing_open_end(session->file, kind, error)
				       : listing_open(session->file, kind, field, false, error);
	int64_t id = 0;
	int more = listing ? 0 : -1;
	uint32_t ids[ROWS_FILL_FIRST];
	int count = 0;
	while (listing && count < ROWS_FILL_FIRST && (more = listing_next(listing, &id, error)) > 0)
		ids[last ? ROWS_FILL_FIRST - ++count : count++] = (uint32_t)id;
	listing_close(listing);
	for (int i = 0; i < count && more >= 0; i++)
		if (!rows_add(rows, ids[last ? ROWS_FILL_FIRST - count + i : i])) {
			more = -1;
			error_memory(error);
		}
	rows_changed(rows);
	return more >= 0 && count > 0;
}

bool work_rows_end(struct session *session, struct list *list, bool last)
{
	struct rows rows = {0};
	struct error error = {0};
	bool there = list->rows.shown > 0 && list->partial && list->tail == last;
	if (!list->loading || !shows_all(list) || there)
		return false;
	if (read_end(session, list->kind, last, &rows, &error)) {
		list_take_end(list, &rows, last, height_of(session, list));
		return true;
	}
	rows_free(&rows);
	if (error.code != ERROR_NONE)
		session_complain(session, "%s", error.message);
	return false;
}

void work_take_rows(struct session *session, struct job_event *event)
{
	struct rows_event *result = (struct rows_event *)event;
	struct list *list = work_list(session, event->slot);
	if (!list)
		return;
	if (result->progress) {
		list->thousandths = result->thousandths;
		return;
	}
	if (result->error.code != ERROR_NONE) {
		fail(session, list, &result->error);
		return;
	}
	take(session, list, &result->rows, &result->totals, result->hides, result->partial);
}
