#include "casefile/visible.h"

#include "base/memory.h"
#include "casefile/statement.h"

#include <stdlib.h>

void hidden_free(struct hidden *hidden)
{
	free(hidden->runs);
	free(hidden->kept);
	*hidden = (struct hidden){0};
}

static int compare_runs(const void *a, const void *b)
{
	const struct hidden_run *left = a, *right = b;
	return (left->first > right->first) - (left->first < right->first);
}

/* Sorts the runs and makes one of those that touch, as blocks of one source do. */
static void merge_runs(struct hidden *hidden)
{
	if (hidden->count < 2)
		return;
	qsort(hidden->runs, hidden->count, sizeof *hidden->runs, compare_runs);
	size_t last = 0;
	for (size_t i = 1; i < hidden->count; i++) {
		const struct hidden_run *run = &hidden->runs[i];
		if (run->first > hidden->runs[last].last + 1)
			hidden->runs[++last] = *run;
		else if (run->last > hidden->runs[last].last)
			hidden->runs[last].last = run->last;
	}
	hidden->count = last + 1;
}

static bool load_runs(struct statement *select, struct hidden *hidden, struct error *error)
{
	enum statement_result result;
	while ((result = statement_step(select, error)) == STATEMENT_ROW) {
		int64_t first = statement_int(select, 0), records = statement_int(select, 1);
		if (first < 1 || records < 1 || records > INT64_MAX - 1 - first)
			continue;
		struct hidden_run *runs = memory_grow(
			hidden->runs, &hidden->capacity, hidden->count + 1, sizeof *runs);
		if (!runs)
			return error_memory(error);
		hidden->runs = runs;
		runs[hidden->count++] =
			(struct hidden_run){.first = first, .last = first + records - 1};
	}
	merge_runs(hidden);
	return result == STATEMENT_DONE;
}

static bool load_kept(struct statement *select, struct hidden *hidden, struct error *error)
{
	enum statement_result result;
	while ((result = statement_step(select, error)) == STATEMENT_ROW) {
		int64_t *kept = memory_grow(
			hidden->kept, &hidden->kept_capacity, hidden->kept_count + 1, sizeof *kept);
		if (!kept)
			return error_memory(error);
		hidden->kept = kept;
		kept[hidden->kept_count++] = statement_int(select, 0);
	}
	return result == STATEMENT_DONE;
}

static bool load(const struct case_file *file, enum query query, enum kind kind,
	bool (*read)(struct statement *, struct hidden *, struct error *), struct hidden *hidden,
	struct error *error)
{
	struct statement *select = statement_open(file, query, error);
	if (!select)
		return false;
	statement_bind_int(select, 1, kind);
	bool done = read(select, hidden, error);
	statement_close(select);
	return done;
}

bool hidden_load(
	const struct case_file *file, enum kind kind, struct hidden *hidden, struct error *error)
{
	hidden->count = 0;
	hidden->kept_count = 0;
	if (!load(file, QUERY_BLOCK_HIDDEN, kind, load_runs, hidden, error))
		return false;
	return hidden->count == 0 ||
	       load(file, QUERY_JOURNAL_RECORDS, kind, load_kept, hidden, error);
}

int64_t hidden_skip(const struct hidden *hidden, int64_t id)
{
	/* The last run that begins at or before id. */
	size_t low = 0;
	for (size_t high = hidden->count; low < high;) {
		size_t middle = low + (high - low) / 2;
		if (hidden->runs[middle].first <= id)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0 || id > hidden->runs[low - 1].last)
		return id;
	int64_t last = hidden->runs[low - 1].last;
	size_t kept = 0;
	for (size_t high = hidden->kept_count; kept < high;) {
		size_t middle = kept + (high - kept) / 2;
		if (hidden->kept[middle] < id)
			kept = middle + 1;
		else
			high = middle;
	}
	if (kept < hidden->kept_count && hidden->kept[kept] <= last)
		return hidden->kept[kept];
	return last + 1; /* runs do not touch */
}
