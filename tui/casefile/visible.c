#include "casefile/visible.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "casefile/statement.h"
#include "kind_sql.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- what is written down of those that others mention ---- */

/* More are not written down but looked for each time. */
#define MOST_REMEMBERED 65536

static void add_name(struct buffer *name, enum kind kind)
{
	buffer_add_format(name, "kept %s", kind_info(kind)->name);
}

/* `first-last` of each run, a blank between. */
static bool add_remembered(struct span text, struct id_runs *kept, struct error *error)
{
	while (text.length > 0) {
		const char *blank = memchr(text.data, ' ', text.length);
		size_t length = blank ? (size_t)(blank - text.data) : text.length;
		struct span run = span_slice(text, 0, length);
		const char *dash = span_find(run, "-");
		size_t middle = dash ? (size_t)(dash - run.data) : 0;
		long long first, last;
		if (!dash || !span_to_integer(span_slice(run, 0, middle), &first) ||
			!span_to_integer(span_slice(run, middle + 1, length), &last) || first < 1 ||
			last < first || last == INT64_MAX)
			return error_set(error, ERROR_CASE_DAMAGED,
				"the case is damaged: what it keeps of sources that were taken "
				"back can't be read");
		if (!add_run(kept, first, last, error))
			return false;
		text = span_slice(text, length + 1, text.length);
	}
	merge_runs(kept);
	return true;
}

/* *known: it was written down. */
static bool recall(const struct case_file *file, enum kind kind, struct id_runs *kept, bool *known,
	struct error *error)
{
	struct buffer name = {0};
	struct statement *select = statement_open(file, QUERY_META_VALUE, error);
	add_name(&name, kind);
	enum statement_result result = STATEMENT_FAILED;
	if (buffer_failed(&name))
		error_memory(error);
	else if (select) {
		statement_bind_text(select, 1, buffer_span(&name));
		result = statement_step(select, error);
	}
	*known = result == STATEMENT_ROW;
	bool done = result != STATEMENT_FAILED &&
		    (!*known || add_remembered(statement_text(select, 0), kept, error));
	statement_close(select);
	buffer_free(&name);
	return done;
}

static bool write_down(
	struct case_file *file, enum kind kind, const struct id_runs *kept, struct error *error)
{
	struct buffer name = {0}, text = {0};
	bool many = kept->count > MOST_REMEMBERED;
	add_name(&name, kind);
	for (size_t i = 0; !many && i < kept->count; i++)
		buffer_add_format(&text, "%s%" PRId64 "-%" PRId64, i ? " " : "",
			kept->items[i].first, kept->items[i].last);
	struct statement *write =
		statement_open(file, many ? QUERY_META_FORGET : QUERY_META_SET, error);
	bool done = write != NULL;
	if (buffer_failed(&name) || buffer_failed(&text))
		done = error_memory(error);
	if (done) {
		statement_bind_text(write, 1, buffer_span(&name));
		if (!many)
			statement_bind_text(
				write, 2, text.length > 0 ? buffer_span(&text) : span_string(""));
		done = statement_run(write, error);
	}
	statement_close(write);
	buffer_free(&name);
	buffer_free(&text);
	return done;
}

bool hidden_remember(struct case_file *file, enum kind kind, struct error *error)
{
	struct id_runs all = {0}, kept = {0};
	bool done = load(statement_open(file, QUERY_BLOCK_HIDDEN, error), kind, add_blocks, &all,
			    error) &&
		    add_mentioned(file, kind, &all, &kept, error) &&
		    write_down(file, kind, &kept, error);
	id_runs_free(&all);
	id_runs_free(&kept);
	return done;
}

/* look: also for what is written down. */
static bool load_hidden(const struct case_file *file, enum kind kind, bool look,
	struct id_runs *hidden, struct error *error)
{
	struct id_runs all = {0}, kept = {0};
	bool known = false;
	hidden->count = 0;
	bool done = load(
		statement_open(file, QUERY_BLOCK_HIDDEN, error), kind, add_blocks, &all, error);
	if (done && all.count > 0)
		done = load(statement_open(file, QUERY_JOURNAL_RECORDS, error), kind, add_ids,
			       &kept, error) &&
		       (look || recall(file, kind, &kept, &known, error)) &&
		       (known || add_mentioned(file, kind, &all, &kept, error)) &&
		       subtract(&all, &kept, hidden, error);
	id_runs_free(&all);
	id_runs_free(&kept);
	return done;
}

bool hidden_load(
	const struct case_file *file, enum kind kind, struct id_runs *hidden, struct error *error)
{
	return load_hidden(file, kind, false, hidden, error);
}

bool hidden_check(const struct case_file *file, enum kind kind, bool *agrees, struct error *error)
{
	struct id_runs written = {0}, found = {0};
	bool done = load_hidden(file, kind, false, &written, error) &&
		    load_hidden(file, kind, true, &found, error);
	*agrees = done && written.count == found.count;
	for (size_t i = 0; *agrees && i < found.count; i++)
		*agrees = written.items[i].first == found.items[i].first &&
			  written.items[i].last == found.items[i].last;
	id_runs_free(&written);
	id_runs_free(&found);
	return done;
}

int64_t hidden_skip(const struct id_runs *hidden, int64_t id)
{
	size_t at = id_runs_from(hidden, id);
	if (at == hidden->count || id < hidden->items[at].first)
		return id;
	return hidden->items[at].last + 1; /* runs do not touch */
}

static bool read_count(struct statement *select, int64_t *count, struct error *error)
{
	bool read = select && statement_step(select, error) == STATEMENT_ROW;
	if (read)
		*count = statement_int(select, 0);
	statement_close(select);
	return read;
}

static bool count_small(
	const struct case_file *file, enum kind kind, int64_t *count, struct error *error)
{
	struct buffer sql = {0};
	buffer_add_format(&sql, "SELECT count(*) FROM \"%s\" r WHERE ", kind_info(kind)->name);
	kind_sql_visible(&sql, kind);
	return read_count(statement_open_built(file, &sql, error), count, error);
}

bool visible_count(
	const struct case_file *file, enum kind kind, int64_t *count, struct error *error)
{
	if (!kind_info(kind)->large)
		return count_small(file, kind, count, error);
	struct id_runs hidden = {0};
	struct statement *select = statement_open(file, QUERY_BLOCK_RECORDS, error);
	if (select)
		statement_bind_int(select, 1, kind);
	bool done = read_count(select, count, error) && hidden_load(file, kind, &hidden, error);
	for (size_t i = 0; done && i < hidden.count; i++)
		*count -= hidden.items[i].last - hidden.items[i].first + 1;
	id_runs_free(&hidden);
	return done;
}
