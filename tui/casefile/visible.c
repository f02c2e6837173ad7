#include "casefile/visible.h"

#include "base/memory.h"
#include "casefile/statement.h"

#include <stdlib.h>

void id_runs_free(struct id_runs *runs)
{
	free(runs->items);
	*runs = (struct id_runs){0};
}

size_t id_runs_from(const struct id_runs *runs, int64_t id)
{
	size_t low = 0;
	for (size_t high = runs->count; low < high;) {
		size_t middle = low + (high - low) / 2;
		if (runs->items[middle].last < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Adds a run, to the last one where it goes on from it. */
static bool add_run(struct id_runs *runs, int64_t first, int64_t last, struct error *error)
{
	struct id_run *before = runs->count > 0 ? &runs->items[runs->count - 1] : NULL;
	if (before && first >= before->first && first <= before->last + 1) {
		before->last = last > before->last ? last : before->last;
		return true;
	}
	struct id_run *items =
		memory_grow(runs->items, &runs->capacity, runs->count + 1, sizeof *items);
	if (!items)
		return error_memory(error);
	runs->items = items;
	items[runs->count++] = (struct id_run){.first = first, .last = last};
	return true;
}

static int compare_runs(const void *a, const void *b)
{
	const struct id_run *left = a, *right = b;
	return (left->first > right->first) - (left->first < right->first);
}

/* Sorts the runs and makes one of those that touch, as blocks of one source do. */
static void merge_runs(struct id_runs *runs)
{
	if (runs->count < 2)
		return;
	qsort(runs->items, runs->count, sizeof *runs->items, compare_runs);
	size_t last = 0;
	for (size_t i = 1; i < runs->count; i++) {
		const struct id_run *run = &runs->items[i];
		if (run->first > runs->items[last].last + 1)
			runs->items[++last] = *run;
		else if (run->last > runs->items[last].last)
			runs->items[last].last = run->last;
	}
	runs->count = last + 1;
}

/* Rows of first id and number of records. */
static bool add_blocks(struct statement *select, struct id_runs *runs, struct error *error)
{
	enum statement_result result;
	while ((result = statement_step(select, error)) == STATEMENT_ROW) {
		int64_t first = statement_int(select, 0), records = statement_int(select, 1);
		if (first < 1 || records < 1 || records > INT64_MAX - 1 - first)
			continue;
		if (!add_run(runs, first, first + records - 1, error))
			return false;
	}
	return result == STATEMENT_DONE;
}

/* Rows of an id. */
static bool add_ids(struct statement *select, struct id_runs *runs, struct error *error)
{
	enum statement_result result;
	while ((result = statement_step(select, error)) == STATEMENT_ROW) {
		int64_t id = statement_int(select, 0);
		if (id > 0 && id < INT64_MAX && !add_run(runs, id, id, error))
			return false;
	}
	return result == STATEMENT_DONE;
}

/* Runs of what a statement finds when its first parameter is the kind. Closes it. */
static bool load(struct statement *select, enum kind kind,
	bool (*add)(struct statement *, struct id_runs *, struct error *), struct id_runs *runs,
	struct error *error)
{
	runs->count = 0;
	if (!select)
		return false;
	statement_bind_int(select, 1, kind);
	bool done = add(select, runs, error);
	statement_close(select);
	merge_runs(runs);
	return done;
}

bool runs_of_source(const struct case_file *file, enum kind kind, int64_t source,
	struct id_runs *runs, struct error *error)
{
	struct statement *select = statement_open(file, QUERY_BLOCK_OF_SOURCE, error);
	if (select)
		statement_bind_int(select, 2, source);
	return load(select, kind, add_blocks, runs, error);
}

bool runs_of_format(const struct case_file *file, enum kind kind, struct span format,
	struct id_runs *runs, struct error *error)
{
	struct statement *select = statement_open(file, QUERY_BLOCK_OF_FORMAT, error);
	if (select)
		statement_bind_text(select, 2, format);
	return load(select, kind, add_blocks, runs, error);
}

/* Records of hidden sources that others mention. */
static bool add_mentioned(const struct case_file *file, enum kind kind,
	const struct id_runs *hidden, struct id_runs *kept, struct error *error)
{
	struct statement *select = statement_open(file, QUERY_MENTION_KEPT, error);
	bool done = select != NULL;
	for (size_t i = 0; done && i < hidden->count; i++) {
		statement_bind_int(select, 1, kind);
		statement_bind_int(select, 2, hidden->items[i].first);
		statement_bind_int(select, 3, hidden->items[i].last);
		done = add_ids(select, kept, error);
		statement_reset(select);
	}
	statement_close(select);
	merge_runs(kept);
	return done;
}

/* What is left of runs without others. */
static bool subtract(const struct id_runs *runs, const struct id_runs *others, struct id_runs *left,
	struct error *error)
{
	left->count = 0;
	for (size_t i = 0; i < runs->count; i++) {
		int64_t first = runs->items[i].first, last = runs->items[i].last;
		for (size_t at = id_runs_from(others, first);
			at < others->count && others->items[at].first <= last; at++) {
			const struct id_run *other = &others->items[at];
			if (other->first > first && !add_run(left, first, other->first - 1, error))
				return false;
			first = other->last + 1;
		}
		if (first <= last && !add_run(left, first, last, error))
			return false;
	}
	return true;
}

bool hidden_load(
	const struct case_file *file, enum kind kind, struct id_runs *hidden, struct error *error)
{
	struct id_runs all = {0}, kept = {0};
	hidden->count = 0;
	bool done = load(
		statement_open(file, QUERY_BLOCK_HIDDEN, error), kind, add_blocks, &all, error);
	if (done && all.count > 0)
		done = load(statement_open(file, QUERY_JOURNAL_RECORDS, error), kind, add_ids,
			       &kept, error) &&
		       add_mentioned(file, kind, &all, &kept, error) &&
		       subtract(&all, &kept, hidden, error);
	id_runs_free(&all);
	id_runs_free(&kept);
	return done;
}

int64_t hidden_skip(const struct id_runs *hidden, int64_t id)
{
	size_t at = id_runs_from(hidden, id);
	if (at == hidden->count || id < hidden->items[at].first)
		return id;
	return hidden->items[at].last + 1; /* runs do not touch */
}
