#include "undo_private.h"

#include "casefile/journal.h"
#include "casefile/record.h"
#include "casefile/source.h"
#include "casefile/statement.h"
#include "casefile/visible.h"

/* Only a source whose import is whole can be taken back, and only once. */
static bool check_state(const struct case_file *file, int64_t id, struct error *error)
{
	struct source source = {0};
	if (!source_read(file, id, &source, error))
		return false;
	bool fit = source.state == SOURCE_READY;
	if (source.state == SOURCE_WITHDRAWN)
		error_set(error, ERROR_USAGE, "source %lld was taken back already", (long long)id);
	else if (!fit)
		error_set(error, ERROR_USAGE, "source %lld is still being imported", (long long)id);
	source_free(&source);
	return fit;
}

static bool withdraw(struct case_file *file, int64_t id, struct error *error)
{
	struct statement *update = statement_open(file, QUERY_SOURCE_WITHDRAW, error);
	if (!update)
		return false;
	statement_bind_int(update, 1, id);
	bool done = statement_run(update, error);
	statement_close(update);
	return done;
}

/* What was called by this source alone has its name no longer. */
static bool unname_techniques(struct case_file *file, int64_t source, struct error *error)
{
	struct statement *update = statement_open(file, QUERY_TECHNIQUE_UNNAME, error);
	if (!update)
		return false;
	statement_bind_int(update, 1, source);
	statement_bind_int(update, 2, KIND_TECHNIQUE);
	bool done = statement_run(update, error);
	statement_close(update);
	return done;
}

/* What stays of large kinds is written down. */
static bool keep_large(struct case_file *file, int64_t source, struct error *error)
{
	bool done = true;
	for (int kind = KIND_NONE + 1; done && kind < KIND_COUNT; kind++)
		done = !kind_info((enum kind)kind)->large ||
		       (hidden_remember(file, (enum kind)kind, error) &&
			       undo_hand_on_edges(file, (enum kind)kind, source, error));
	return done;
}

bool undo_import(struct case_file *file, int64_t source, struct span reviewer, int64_t clock,
	struct span reason, struct error *error)
{
	if (case_read_only(file))
		return error_set(
			error, ERROR_USAGE, "%s is open for reading only", case_name(file));
	if (span_trim(reviewer).length == 0)
		return error_set(
			error, ERROR_USAGE, "taking an import back needs the name of a reviewer");
	struct journal_entry entry = {
		.reviewer = reviewer,
		.clock = clock,
		.action = span_string("withdraw"),
		.id = {.kind = KIND_NONE, .id = source},
		.field = span_string("state"),
		.before = span_string("ready"),
		.after = span_string("withdrawn"),
		.reason = reason,
	};
	if (!statement_run_query(file, QUERY_TRANSACTION_BEGIN, error))
		return false;
	if (check_state(file, source, error) && withdraw(file, source, error) &&
		unname_techniques(file, source, error) && keep_large(file, source, error) &&
		journal_append(file, &entry, error) &&
		statement_run_query(file, QUERY_TRANSACTION_COMMIT, error))
		return true;
	(void)!statement_run_query(file, QUERY_TRANSACTION_ROLLBACK, NULL);
	return false;
}

static bool count_record(struct record_reader *reader, struct record_id id,
	struct undo_count *count, struct error *error)
{
	struct record record = {0};
	enum record_result result = record_read(reader, id.kind, id.id, &record, error);
	record_free(&record);
	count->hidden[id.kind] += result == RECORD_NONE;
	count->stayed += result == RECORD_FOUND;
	return result != RECORD_FAILED;
}

/* Records whose row is of the source, and those that it only mentions. */
static bool count_small(const struct case_file *file, struct record_reader *reader, enum kind kind,
	int64_t source, struct undo_count *count, struct error *error)
{
	struct buffer sql = {0};
	buffer_add_format(&sql,
		"SELECT id FROM \"%s\" WHERE source = ?1"
		" UNION SELECT record FROM mention WHERE source = ?1 AND kind = %d",
		kind_info(kind)->name, kind);
	struct statement *select = statement_open_built(file, &sql, error);
	if (!select)
		return false;
	statement_bind_int(select, 1, source);
	enum statement_result result = STATEMENT_FAILED;
	bool counted = true;
	while (counted && (result = statement_step(select, error)) == STATEMENT_ROW) {
		struct record_id id = {.kind = kind, .id = statement_int(select, 0)};
		counted = count_record(reader, id, count, error);
	}
	statement_close(select);
	return counted && result == STATEMENT_DONE;
}

/* How many ids are in both. */
static int64_t common(const struct id_runs *a, const struct id_runs *b)
{
	int64_t count = 0;
	for (size_t i = 0; i < a->count; i++) {
		int64_t first = a->items[i].first, last = a->items[i].last;
		for (size_t at = id_runs_from(b, first);
			at < b->count && b->items[at].first <= last; at++) {
			int64_t from = b->items[at].first > first ? b->items[at].first : first;
			int64_t to = b->items[at].last < last ? b->items[at].last : last;
			count += to - from + 1;
		}
	}
	return count;
}

/* Events of other sources that the source mentions. */
static bool count_mentioned(const struct case_file *file, enum kind kind, int64_t source,
	const struct id_runs *own, const struct id_runs *hidden, struct undo_count *count,
	struct error *error)
{
	struct statement *select = statement_open(file, QUERY_MENTION_OF_SOURCE, error);
	if (!select)
		return false;
	statement_bind_int(select, 1, source);
	statement_bind_int(select, 2, kind);
	enum statement_result result;
	while ((result = statement_step(select, error)) == STATEMENT_ROW) {
		int64_t id = statement_int(select, 0);
		bool gone = id_runs_hold(hidden, id);
		if (id_runs_hold(own, id))
			continue;
		count->hidden[kind] += gone;
		count->stayed += !gone;
	}
	statement_close(select);
	return result == STATEMENT_DONE;
}

/* A large kind's records are known by the blocks that hold them. */
static bool count_large(const struct case_file *file, enum kind kind, int64_t source,
	struct undo_count *count, struct error *error)
{
	struct id_runs own = {0}, hidden = {0};
	bool done = runs_of_source(file, kind, source, &own, error) &&
		    hidden_load(file, kind, &hidden, error) &&
		    count_mentioned(file, kind, source, &own, &hidden, count, error);
	int64_t gone = common(&own, &hidden);
	count->hidden[kind] += gone;
	count->stayed += common(&own, &own) - gone;
	id_runs_free(&own);
	id_runs_free(&hidden);
	return done;
}

bool undo_count(
	const struct case_file *file, int64_t source, struct undo_count *count, struct error *error)
{
	*count = (struct undo_count){0};
	struct record_reader *reader = record_reader_open(file, error);
	bool done = reader != NULL;
	for (int kind = KIND_NONE + 1; done && kind < KIND_COUNT; kind++)
		done = kind_info((enum kind)kind)->large
			       ? count_large(file, (enum kind)kind, source, count, error)
			       : count_small(file, reader, (enum kind)kind, source, count, error);
	record_reader_close(reader);
	return done;
}
