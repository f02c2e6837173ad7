/* Taking a source back whose import did not end. */
#include "casefile/writer.h"

#include "base/text.h"
#include "casefile/statement.h"
#include "kind_sql.h"

#include <sqlite3.h>

/* Rows that go in one commit. */
#define SWEEP_ROWS 5000

/* Runs statements on a source in a transaction of their own, until the last changes nothing. */
static bool repeat(struct case_file *file, struct statement *const *statements, size_t count,
	int64_t source, struct error *error)
{
	for (int changed = 1; changed > 0;) {
		bool done = statement_run_query(file, QUERY_TRANSACTION_BEGIN, error);
		if (!done)
			return false;
		for (size_t i = 0; done && i < count; i++) {
			statement_bind_int(statements[i], 1, source);
			done = statement_run(statements[i], error);
		}
		changed = sqlite3_changes(case_database(file));
		if (!done || !statement_run_query(file, QUERY_TRANSACTION_COMMIT, error)) {
			(void)!statement_run_query(file, QUERY_TRANSACTION_ROLLBACK, NULL);
			return false;
		}
	}
	return true;
}

static bool repeat_query(
	struct case_file *file, enum query query, int64_t source, struct error *error)
{
	struct statement *statement = statement_open(file, query, error);
	bool done = statement && repeat(file, &statement, 1, source, error);
	statement_close(statement);
	return done;
}

/* Events go with the blocks that say which they are: they have no index by source. */
static bool sweep_events(struct case_file *file, int64_t source, struct error *error)
{
	static const enum query queries[] = {
		QUERY_SWEEP_EVENT_ORDER, QUERY_SWEEP_EVENT, QUERY_SWEEP_EVENT_BLOCK};
	struct statement *statements[ARRAY_LENGTH(queries)] = {NULL};
	bool done = true;
	for (size_t i = 0; done && i < ARRAY_LENGTH(queries); i++) {
		statements[i] = statement_open(file, queries[i], error);
		done = statements[i] != NULL;
	}
	done = done && repeat(file, statements, ARRAY_LENGTH(queries), source, error);
	for (size_t i = 0; i < ARRAY_LENGTH(queries); i++)
		statement_close(statements[i]);
	return done;
}

/* A record that this source described, and another one spoke of by name before, is what it was. */
static bool unsay(struct case_file *file, enum kind kind, int64_t source, struct error *error)
{
	struct buffer sql = {0};
	if (!kind_info(kind)->named)
		return true;
	kind_sql_unsay(&sql, kind, SWEEP_ROWS);
	struct statement *statement = statement_open_built(file, &sql, error);
	bool done = statement && repeat(file, &statement, 1, source, error);
	statement_close(statement);
	return done;
}

static bool sweep_small(struct case_file *file, enum kind kind, int64_t source, struct error *error)
{
	struct buffer sql = {0};
	if (!unsay(file, kind, source, error))
		return false;
	const char *name = kind_info(kind)->name;
	buffer_add_format(&sql,
		"DELETE FROM \"%s\" WHERE id IN"
		" (SELECT id FROM \"%s\" WHERE source = ?1 ORDER BY id DESC LIMIT %d)",
		name, name, SWEEP_ROWS);
	struct statement *statement = statement_open_built(file, &sql, error);
	bool done = statement && repeat(file, &statement, 1, source, error);
	statement_close(statement);
	return done;
}

/* What refers goes before what is referred to: documents and sites last. */
static bool sweep_records(struct case_file *file, int64_t source, struct error *error)
{
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		if (kind == KIND_DOCUMENT || kind == KIND_SITE)
			continue;
		bool swept = kind == KIND_EVENT ? sweep_events(file, source, error)
						: sweep_small(file, (enum kind)kind, source, error);
		if (!swept)
			return false;
	}
	return sweep_small(file, KIND_SITE, source, error) &&
	       sweep_small(file, KIND_DOCUMENT, source, error);
}

bool writer_sweep_source(struct case_file *file, int64_t source, struct error *error)
{
	static const enum query queries[] = {
		QUERY_SWEEP_EXTRA,
		QUERY_SWEEP_MENTION,
		QUERY_SWEEP_LINK,
		QUERY_SWEEP_EDGE,
		QUERY_SWEEP_POSTING,
		QUERY_SWEEP_SEGMENT,
		QUERY_SWEEP_PROBLEM,
		QUERY_SWEEP_CONTENT,
		QUERY_SWEEP_OFFSET,
	};
	for (size_t i = 0; i < ARRAY_LENGTH(queries); i++)
		if (!repeat_query(file, queries[i], source, error))
			return false;
	/* The source goes last: a sweep that is cut short is taken up by the next. */
	return sweep_records(file, source, error) &&
	       repeat_query(file, QUERY_SWEEP_SOURCE, source, error);
}

bool writer_sweep(struct case_file *file, struct buffer *notice, struct error *error)
{
	for (;;) {
		struct statement *select = statement_open(file, QUERY_SOURCE_LOADING, error);
		if (!select)
			return false;
		enum statement_result result = statement_step(select, error);
		int64_t source = 0;
		size_t noted = notice->length;
		if (result == STATEMENT_ROW) {
			source = statement_int(select, 0);
			if (notice->length > 0)
				buffer_add_byte(notice, '\n');
			buffer_add_string(notice, "a half-loaded import of ");
			text_visible(notice, statement_text(select, 1), false);
			buffer_add_string(notice, " was swept away");
		}
		statement_close(select);
		if (result != STATEMENT_ROW)
			return result == STATEMENT_DONE;
		if (buffer_failed(notice))
			return error_memory(error);
		if (!writer_sweep_source(file, source, error)) {
			notice->length = noted;
			return false;
		}
	}
}
