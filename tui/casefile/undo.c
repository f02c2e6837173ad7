#include "casefile/undo.h"

#include "casefile/journal.h"
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
