/* Taking a source back whose import did not end. */
#include "casefile/writer.h"

#include "casefile/statement.h"
#include "kind_sql.h"

#include <sqlite3.h>

/* Rows that go in one commit. */
#define SWEEP_ROWS 5000
#define SWEEP_BLOCKS 20

static bool run(struct case_file *file, enum query query, struct error *error)
{
	struct statement *statement = statement_open(file, query, error);
	bool done = statement && statement_run(statement, error);
	statement_close(statement);
	return done;
}

/* Runs one or two statements on a source in a transaction of their own, until the last changes
 * nothing. */
static bool repeat(struct case_file *file, struct statement *first, struct statement *second,
	int64_t source, struct error *error)
{
	struct statement *statements[] = {first, second};
	for (int changed = 1; changed > 0;) {
		bool done = run(file, QUERY_TRANSACTION_BEGIN, error);
		if (!done)
			return false;
		for (size_t i = 0; done && i < ARRAY_LENGTH(statements) && statements[i]; i++) {
			statement_bind_int(statements[i], 1, source);
			done = statement_run(statements[i], error);
		}
		changed = sqlite3_changes(case_database(file));
		if (!done || !run(file, QUERY_TRANSACTION_COMMIT, error)) {
			run(file, QUERY_TRANSACTION_ROLLBACK, NULL);
			return false;
		}
	}
	return true;
}

static bool repeat_text(
	struct case_file *file, const struct buffer *sql, int64_t source, struct error *error)
{
	if (buffer_failed(sql))
		return error_memory(error);
	struct statement *statement = statement_open_text(file, sql->data, error);
	bool done = statement && repeat(file, statement, NULL, source, error);
	statement_close(statement);
	return done;
}

static bool repeat_query(
	struct case_file *file, enum query query, int64_t source, struct error *error)
{
	struct statement *statement = statement_open(file, query, error);
	bool done = statement && repeat(file, statement, NULL, source, error);
	statement_close(statement);
	return done;
}

/* Rows of a large kind go with the blocks that say which they are: they have no index by source. */
static bool sweep_large(struct case_file *file, enum kind kind, int64_t source, struct error *error)
{
	struct buffer sql = {0};
	buffer_add_format(&sql,
		"DELETE FROM \"%s\" WHERE id IN (SELECT r.id FROM (SELECT first, records FROM block"
		" WHERE source = ?1 AND kind = %d ORDER BY first LIMIT %d) b CROSS JOIN \"%s\" r"
		" ON r.id BETWEEN b.first AND b.first + b.records - 1)",
		kind_info(kind)->name, (int)kind, SWEEP_BLOCKS, kind_info(kind)->name);
	struct statement *rows =
		buffer_failed(&sql) ? NULL : statement_open_text(file, sql.data, error);
	buffer_clear(&sql);
	buffer_add_format(&sql,
		"DELETE FROM block WHERE id IN (SELECT id FROM block"
		" WHERE source = ?1 AND kind = %d ORDER BY first LIMIT %d)",
		(int)kind, SWEEP_BLOCKS);
	struct statement *blocks =
		buffer_failed(&sql) ? NULL : statement_open_text(file, sql.data, error);
	bool done = buffer_failed(&sql) ? error_memory(error) : rows && blocks;
	done = done && repeat(file, rows, blocks, source, error);
	statement_close(rows);
	statement_close(blocks);
	buffer_free(&sql);
	return done;
}

static bool sweep_small(struct case_file *file, enum kind kind, int64_t source, struct error *error)
{
	struct buffer sql = {0};
	const char *name = kind_info(kind)->name;
	buffer_add_format(&sql,
		"DELETE FROM \"%s\" WHERE id IN"
		" (SELECT id FROM \"%s\" WHERE source = ?1 ORDER BY id DESC LIMIT %d)",
		name, name, SWEEP_ROWS);
	bool done = repeat_text(file, &sql, source, error);
	buffer_free(&sql);
	return done;
}

/* What refers goes before what is referred to: documents and sites last. */
static bool sweep_records(struct case_file *file, int64_t source, struct error *error)
{
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		if (kind == KIND_DOCUMENT || kind == KIND_SITE)
			continue;
		bool swept = kind_info((enum kind)kind)->large
				     ? sweep_large(file, (enum kind)kind, source, error)
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
			buffer_add_span(notice, statement_text(select, 1));
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
