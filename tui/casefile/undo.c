#include "casefile/undo.h"

#include "casefile/journal.h"
#include "casefile/record.h"
#include "casefile/source.h"
#include "casefile/statement.h"

static bool run(struct case_file *file, enum query query, struct error *error)
{
	struct statement *statement = statement_open(file, query, error);
	bool done = statement && statement_run(statement, error);
	statement_close(statement);
	return done;
}

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
	if (!run(file, QUERY_TRANSACTION_BEGIN, error))
		return false;
	if (check_state(file, source, error) && withdraw(file, source, error) &&
		journal_append(file, &entry, error) && run(file, QUERY_TRANSACTION_COMMIT, error))
		return true;
	run(file, QUERY_TRANSACTION_ROLLBACK, NULL);
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

/* A large kind's records have no other source: all are hidden but those the journal speaks of. */
static bool count_large(const struct case_file *file, struct record_reader *reader, enum kind kind,
	int64_t source, struct undo_count *count, struct error *error)
{
	struct statement *sum = statement_open(file, QUERY_BLOCK_RECORDS_OF_SOURCE, error);
	if (!sum)
		return false;
	statement_bind_int(sum, 1, source);
	statement_bind_int(sum, 2, kind);
	bool done = statement_step(sum, error) == STATEMENT_ROW;
	int64_t stayed = 0, records = done ? statement_int(sum, 0) : 0;
	statement_close(sum);
	struct statement *select = done ? statement_open(file, QUERY_JOURNAL_RECORDS, error) : NULL;
	if (!select)
		return false;
	statement_bind_int(select, 1, kind);
	enum statement_result result = STATEMENT_ROW;
	while (done && (result = statement_step(select, error)) == STATEMENT_ROW) {
		struct record record = {0};
		enum record_result found =
			record_read(reader, kind, statement_int(select, 0), &record, error);
		stayed += found == RECORD_FOUND && record.source == source;
		done = found != RECORD_FAILED;
		record_free(&record);
	}
	statement_close(select);
	count->hidden[kind] = records - stayed;
	count->stayed += stayed;
	return done && result == STATEMENT_DONE;
}

bool undo_count(
	const struct case_file *file, int64_t source, struct undo_count *count, struct error *error)
{
	*count = (struct undo_count){0};
	struct record_reader *reader = record_reader_open(file, error);
	bool done = reader != NULL;
	for (int kind = KIND_NONE + 1; done && kind < KIND_COUNT; kind++)
		done = (kind_info((enum kind)kind)->large ? count_large : count_small)(
			file, reader, (enum kind)kind, source, count, error);
	record_reader_close(reader);
	return done;
}
