#include "rows_fill.h"

#include "base/clock.h"
#include "base/memory.h"
#include "base/table_hash.h"
#include "casefile/arrange.h"
#include "casefile/listing.h"
#include "corner.h"
#include "search/filter.h"

#include <stdlib.h>
#include <string.h>

/* How often it says how far it is, and after how many rows it looks at the clock. */
#define TELL_MICROSECONDS 100000
#define TELL_ROWS 4096

void rows_event_release(struct job_event *event)
{
	struct rows_event *rows = (struct rows_event *)event;
	rows_free(&rows->rows);
	free(rows);
}

struct rows_event *rows_event_new(void)
{
	struct rows_event *event = memory_array(1, sizeof *event);
	if (event)
		event->event = (struct job_event){.type = WORK_ROWS, .release = rows_event_release};
	return event;
}

/* Placeholders that agree in everything but their name have the same key; others have 0. */
static uint64_t fold_key(uint64_t seed, const struct record *record)
{
	if (record->basis != BASIS_PLACEHOLDER)
		return 0;
	uint64_t hash = seed;
	int name = kind_info(record->id.kind)->name_field;
	for (int i = 0; i < record->cell_count; i++) {
		if (record->cells[i].field == name)
			continue;
		hash = table_hash_bytes(hash, record->cells[i].name);
		hash = table_hash_bytes(hash, record->cells[i].text);
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
	uint64_t run_seed, run_key;
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
	uint64_t key = large ? 0 : fold_key(filling->run_seed, record);
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

/* Says how far the step at hand is, unless that was said just now. */
static void tell(void *context, int thousandths)
{
	struct filling *filling = context;
	int64_t now = clock_microseconds();
	if (now - filling->told < TELL_MICROSECONDS)
		return;
	filling->told = now;
	struct rows_event *event = rows_event_new();
	if (!event)
		return; /* it will be said later */
	event->progress = true;
	event->thousandths = (filling->step * 1000 + thousandths) / filling->steps;
	job_post(filling->job, &event->event);
}

/* Sends the first rows while the others are still read, or counted for. */
static bool show_first(const struct filling *filling)
{
	struct rows_event *first = rows_event_new();
	if (!first)
		return false;
	first->partial = true;
	first->totals = filling->result->totals;
	memcpy(first->hides, filling->result->hides, sizeof first->hides);
	const struct rows *rows = &filling->result->rows;
	for (int64_t i = 0; i < rows->count; i++)
		if (!rows_add(&first->rows, rows->ids[i]) ||
			(rows->signs && !rows_sign(&first->rows, rows->signs[i], rows->notes[i]))) {
			rows_event_release(&first->event);
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
		if (good && !shown && filling->result->rows.count == ROWS_FILL_FIRST) {
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

void rows_fill(struct job *job, const struct rows_task *task, struct rows_event *result)
{
	struct filling filling = {
		.result = result, .task = task, .job = job, .run_seed = table_hash_seed()};
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
}
