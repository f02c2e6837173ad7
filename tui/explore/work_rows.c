/* The job that fills a list: ids in order, filters applied, placeholders folded, corner counted. */
#include "work.h"

#include "base/memory.h"
#include "casefile/arrange.h"
#include "casefile/listing.h"
#include "corner.h"
#include "explore/layout.h"
#include "prompt.h"
#include "search/filter.h"

#include <stdlib.h>
#include <string.h>

struct rows_task {
	enum kind kind;
	int sort;
	bool descending;
	/* The pane's own filter, then the person's. */
	char *filters[LIST_MAX_FILTERS + 1];
	bool base;
	int filter_count;
	int64_t version;           /* of the rows, see explore/rows.h */
	struct rows_event *result; /* made beforehand: a job never ends without a word */
};

struct rows_event {
	struct job_event event;
	struct rows rows;
	struct list_totals totals;
	int64_t hides[LIST_MAX_FILTERS];
	bool partial;  /* the first rows, so that there is something to see: more will come */
	bool progress; /* nothing but how far it is */
	int thousandths;
	struct error error;
};

/* Rows after which a large list shows itself for the first time. */
#define FIRST_ROWS 512
/* How often it says how far it is, and after how many rows it looks at the clock. */
#define TELL_MICROSECONDS 100000
#define TELL_ROWS 4096

static void event_release(struct job_event *event)
{
	struct rows_event *rows = (struct rows_event *)event;
	rows_free(&rows->rows);
	free(rows);
}

static void task_release(void *context)
{
	struct rows_task *task = context;
	for (int i = 0; i < task->filter_count; i++)
		free(task->filters[i]);
	if (task->result)
		event_release(&task->result->event);
	free(task);
}

/* Placeholders that agree in everything but their name have the same key; others have 0. */
static uint64_t fold_key(const struct record *record)
{
	if (record->basis != BASIS_PLACEHOLDER)
		return 0;
	uint64_t hash = 0;
	int name = kind_info(record->id.kind)->name_field;
	for (int i = 0; i < record->cell_count; i++) {
		if (record->cells[i].field == name)
			continue;
		hash = corner_hash(hash, record->cells[i].name);
		hash = corner_hash(hash, record->cells[i].text);
	}
	return hash ? hash : 1;
}

struct filling {
	struct rows_event *result;
	struct filter *filters[LIST_MAX_FILTERS + 1];
	const struct rows_task *task;
	struct corner corner;
	struct job *job;
	int64_t told;    /* when progress was, microseconds */
	int step, steps; /* the filters that look ahead, then the rows */
	int64_t most;    /* ids that may come */
	int64_t seen;    /* of them */
	uint64_t run_key;
	int64_t run_first;
};

static bool end_run(struct filling *filling, struct rows *rows)
{
	int64_t length = rows->count - filling->run_first;
	if (filling->run_key == 0 || length < 2)
		return true;
	return rows_add_fold(rows, filling->run_first, length);
}

enum passing {
	PASSES,
	HIDDEN,   /* by a filter of the person's */
	NOT_HERE, /* by the pane's own: it does not belong in this list */
};

/* Says whether a record passes, and counts what hides it. One that was not read yet is read only
 * when a filter can't tell by its id. RECORD_NONE: it is gone. */
static enum record_result passes(struct filling *filling, struct worker *worker, int64_t id,
	struct record *record, bool read, enum passing *passing, struct error *error)
{
	struct rows_event *result = filling->result;
	const struct rows_task *task = filling->task;
	for (int i = 0; i < task->filter_count; i++) {
		struct filter *filter = filling->filters[i];
		enum match_result match = read ? MATCH_UNDECIDED : filter_match_id(filter, id);
		if (match == MATCH_UNDECIDED && !read) {
			enum record_result found =
				record_read(worker->reader, task->kind, id, record, error);
			if (found != RECORD_FOUND)
				return found;
			read = true;
		}
		if (match == MATCH_UNDECIDED)
			match = filter_match(filter, record);
		if (match == MATCH_UNDECIDED) {
			result->totals.undecided++;
		} else if (match != MATCH_YES) {
			*passing = task->base && i == 0 ? NOT_HERE : HIDDEN;
			result->totals.all += *passing == HIDDEN;
			if (*passing == HIDDEN)
				result->hides[i - task->base]++;
			return RECORD_FOUND;
		}
	}
	result->totals.all++;
	*passing = PASSES;
	return RECORD_FOUND;
}

/* One id of the order: read where something has to be known of it. */
static bool take_id(struct filling *filling, struct worker *worker, int64_t id,
	struct record *record, struct error *error)
{
	struct rows *rows = &filling->result->rows;
	if (id < 1 || id > UINT32_MAX)
		return error_set(
			error, ERROR_LIMIT, "record ids above %u can't be listed", UINT32_MAX);
	enum kind kind = filling->task->kind;
	enum passing passing = NOT_HERE;
	bool large = kind_info(kind)->large;
	enum record_result found =
		large ? RECORD_FOUND : record_read(worker->reader, kind, id, record, error);
	if (found == RECORD_FOUND)
		found = passes(filling, worker, id, record, !large, &passing, error);
	if (found == RECORD_FAILED)
		return false;
	if (found == RECORD_NONE || passing == NOT_HERE)
		return true;
	struct list_totals *totals = &filling->result->totals;
	totals->all_silences += !large && corner_is_silence(record);
	if (passing == HIDDEN)
		return true;
	uint64_t key = large ? 0 : fold_key(record);
	if (!large && !corner_count(&filling->corner, record, totals))
		return error_memory(error);
	if (key != filling->run_key) {
		if (!end_run(filling, rows))
			return error_memory(error);
		filling->run_key = key;
		filling->run_first = rows->count;
	}
	if (!rows_add(rows, (uint32_t)id))
		return error_memory(error);
	return kind != KIND_CLAIM || corner_sign(&filling->corner, worker, record,
					     job_cancel_flag(filling->job), rows, totals, error);
}

static struct rows_event *event_new(void)
{
	struct rows_event *event = memory_array(1, sizeof *event);
	if (event)
		event->event = (struct job_event){.type = WORK_ROWS, .release = event_release};
	return event;
}

/* Says how far the step at hand is, unless that was said just now. */
static void tell(void *context, int thousandths)
{
	struct filling *filling = context;
	int64_t now = work_microseconds();
	if (now - filling->told < TELL_MICROSECONDS)
		return;
	filling->told = now;
	struct rows_event *event = event_new();
	if (!event)
		return; /* it will be said later */
	event->progress = true;
	event->thousandths = (filling->step * 1000 + thousandths) / filling->steps;
	job_post(filling->job, &event->event);
}

/* Sends the first rows while the others are still read, or counted for. */
static bool show_first(const struct filling *filling)
{
	struct rows_event *first = event_new();
	if (!first)
		return false;
	first->partial = true;
	first->totals = filling->result->totals;
	memcpy(first->hides, filling->result->hides, sizeof first->hides);
	const struct rows *rows = &filling->result->rows;
	for (int64_t i = 0; i < rows->count; i++)
		if (!rows_add(&first->rows, rows->ids[i]) ||
			(rows->signs && !rows_sign(&first->rows, rows->signs[i], rows->notes[i]))) {
			event_release(&first->event);
			return false;
		}
	rows_changed(&first->rows);
	return job_post(filling->job, &first->event);
}

/* Whether the order is made of the ids at the end: that of a text which stands in blocks. */
static bool is_arranged(const struct rows_task *task)
{
	return arrange_takes(task->kind, task->sort);
}

static bool open_filters(struct filling *filling, struct worker *worker, struct error *error)
{
	const struct rows_task *task = filling->task;
	filling->steps = task->filter_count + 1 + is_arranged(task);
	for (int i = 0; i < task->filter_count; i++) {
		filling->filters[i] = filter_parse(span_string(task->filters[i]), task->kind,
			job_cancel_flag(filling->job), error);
		if (!filling->filters[i] ||
			!filter_look_ahead(filling->filters[i], worker->file, tell, filling, error))
			return false;
		filling->step++;
	}
	return true;
}

/* All ids of the order. False on an error and when the job was cancelled. */
static bool take_ids(struct filling *filling, struct worker *worker, struct listing *listing,
	struct error *error)
{
	struct record record = {0};
	int64_t id = 0;
	int more = 0;
	bool good = true;
	bool shown = !kind_info(filling->task->kind)->large || is_arranged(filling->task);
	while (good && !job_cancelled(filling->job) &&
		(more = listing_next(listing, &id, error)) > 0) {
		good = take_id(filling, worker, id, &record, error);
		if (good && !shown && filling->result->rows.count == FIRST_ROWS) {
			shown = true;
			good = show_first(filling) || job_cancelled(filling->job) ||
			       error_memory(error);
		}
		if (++filling->seen % TELL_ROWS == 0 && filling->seen <= filling->most)
			tell(filling, (int)(filling->seen * 1000 / filling->most));
	}
	record_free(&record);
	if (job_cancelled(filling->job))
		return error_set(error, ERROR_CANCELLED, "cancelled");
	return good && more == 0;
}

static bool arrange(struct filling *filling, struct worker *worker, struct error *error)
{
	const struct rows_task *task = filling->task;
	struct rows *rows = &filling->result->rows;
	filling->step++;
	const struct arrange arrange = {.kind = task->kind,
		.field = task->sort,
		.descending = task->descending,
		.set = &rows->set,
		.cancel = job_cancel_flag(filling->job),
		.progress = tell,
		.context = filling};
	return arrange_ids(worker->file, &arrange, rows->ids, rows->count, error);
}

/* Rows are seen while rows of a large kind are counted for some of them. */
static bool count_later(struct filling *filling, struct worker *worker, struct error *error)
{
	if (filling->corner.later_count == 0)
		return true;
	if (!show_first(filling) && !job_cancelled(filling->job))
		return error_memory(error);
	return corner_count_later(&filling->corner, worker, job_cancel_flag(filling->job),
		&filling->result->rows, error);
}

static bool fill(struct filling *filling, struct worker *worker, struct error *error)
{
	const struct rows_task *task = filling->task;
	if (!open_filters(filling, worker, error))
		return false;
	struct listing *listing = listing_open(worker->file, task->kind,
		is_arranged(task) ? -1 : task->sort, task->descending && !is_arranged(task), error);
	if (!listing)
		return false;
	filling->most = listing_most(listing);
	bool taken = take_ids(filling, worker, listing, error);
	listing_close(listing);
	if (!taken || (is_arranged(task) && !arrange(filling, worker, error)) ||
		!count_later(filling, worker, error))
		return false;
	if (!end_run(filling, &filling->result->rows))
		return error_memory(error);
	rows_changed(&filling->result->rows);
	filling->result->rows.version = task->version;
	return true;
}

static void run(struct job *job, void *context)
{
	struct rows_task *task = context;
	struct rows_event *result = task->result;
	task->result = NULL;
	struct filling filling = {.result = result, .task = task, .job = job};
	struct worker *worker = job_worker_state(job, &result->error);
	if (worker) {
		/* A sort is one step of SQLite's: it has to look at the flag itself. */
		case_watch(worker->file, job_cancel_flag(job));
		if (!fill(&filling, worker, &result->error))
			rows_free(&result->rows);
		case_watch(worker->file, NULL);
	}
	for (int i = 0; i < task->filter_count; i++)
		filter_free(filling.filters[i]);
	corner_free(&filling.corner);
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
	task->result = event_new();
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
	uint32_t ids[FIRST_ROWS];
	int count = 0;
	while (listing && count < FIRST_ROWS && (more = listing_next(listing, &id, error)) > 0)
		ids[last ? FIRST_ROWS - ++count : count++] = (uint32_t)id;
	listing_close(listing);
	for (int i = 0; i < count && more >= 0; i++)
		if (!rows_add(rows, ids[last ? FIRST_ROWS - count + i : i])) {
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
