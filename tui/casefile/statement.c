#include "casefile/statement.h"

#include "base/memory.h"
#include "bulk.h"
#include "case_private.h"

#include <stdlib.h>

struct statement {
	const struct case_file *file;
	sqlite3_stmt *prepared;
	int bound; /* first error of a bind, told by the next step */
};

bool statement_error(const struct case_file *file, struct error *error)
{
	int code = sqlite3_extended_errcode(file->database);
	if ((code & 0xff) == SQLITE_BUSY && file->given_up)
		return error_set(error, ERROR_CANCELLED,
			"%s: cancelled while another program was reading it", file->name);
	return case_sqlite_error(file->database, code, file->name, error);
}

struct statement *statement_open_text(
	const struct case_file *file, const char *sql, struct error *error)
{
	struct statement *statement = memory_array(1, sizeof *statement);
	if (!statement) {
		error_memory(error);
		return NULL;
	}
	statement->file = file;
	if (sqlite3_prepare_v2(file->database, sql, -1, &statement->prepared, NULL) != SQLITE_OK ||
		!statement->prepared) {
		statement_error(file, error);
		free(statement);
		return NULL;
	}
	return statement;
}

struct statement *statement_open_built(
	const struct case_file *file, struct buffer *sql, struct error *error)
{
	struct statement *statement = NULL;
	if (buffer_failed(sql))
		error_memory(error);
	else
		statement = statement_open_text(file, sql->data, error);
	buffer_free(sql);
	return statement;
}

struct statement *statement_open(
	const struct case_file *file, enum query query, struct error *error)
{
	return statement_open_text(file, query_texts[query], error);
}

void statement_close(struct statement *statement)
{
	if (!statement)
		return;
	sqlite3_finalize(statement->prepared);
	free(statement);
}

static void bound(struct statement *statement, int code)
{
	if (statement->bound == SQLITE_OK)
		statement->bound = code;
}

void statement_bind_int(struct statement *statement, int parameter, int64_t value)
{
	bound(statement, sqlite3_bind_int64(statement->prepared, parameter, value));
}

void statement_bind_text(struct statement *statement, int parameter, struct span text)
{
	bound(statement, sqlite3_bind_text64(statement->prepared, parameter, text.data, text.length,
				 SQLITE_STATIC, SQLITE_UTF8));
}

void statement_bind_blob(struct statement *statement, int parameter, struct span bytes)
{
	bound(statement, sqlite3_bind_blob64(statement->prepared, parameter, bytes.data,
				 bytes.length, SQLITE_STATIC));
}

void statement_bind_bulk(struct statement *statement, int parameter, const struct bulk *bulk)
{
	bound(statement, bulk_bind(statement->prepared, parameter, bulk));
}

enum statement_result statement_step(struct statement *statement, struct error *error)
{
	if (statement->bound != SQLITE_OK) {
		case_sqlite_error(
			statement->file->database, statement->bound, statement->file->name, error);
		return STATEMENT_FAILED;
	}
	switch (sqlite3_step(statement->prepared)) {
	case SQLITE_ROW:
		return STATEMENT_ROW;
	case SQLITE_DONE:
		return STATEMENT_DONE;
	default:
		statement_error(statement->file, error);
		return STATEMENT_FAILED;
	}
}

bool statement_run(struct statement *statement, struct error *error)
{
	enum statement_result result;
	do {
		result = statement_step(statement, error);
	} while (result == STATEMENT_ROW);
	statement_reset(statement);
	return result == STATEMENT_DONE;
}

void statement_reset(struct statement *statement)
{
	sqlite3_reset(statement->prepared);
	sqlite3_clear_bindings(statement->prepared);
	statement->bound = SQLITE_OK;
}

bool statement_is_null(const struct statement *statement, int column)
{
	return sqlite3_column_type(statement->prepared, column) == SQLITE_NULL;
}

int64_t statement_int(const struct statement *statement, int column)
{
	return sqlite3_column_int64(statement->prepared, column);
}

/* A case is UTF-8 (case_look.c sees to it), so that text is its stored bytes, and reading them as a
 * blob needs no allocation that could fail unseen. */
struct span statement_blob(const struct statement *statement, int column)
{
	if (statement_is_null(statement, column))
		return (struct span){0};
	const char *data = sqlite3_column_blob(statement->prepared, column);
	int length = sqlite3_column_bytes(statement->prepared, column);
	return data ? span_of(data, (size_t)length) : span_of("", 0);
}

struct span statement_text(const struct statement *statement, int column)
{
	return statement_blob(statement, column);
}

bool statement_run_query(const struct case_file *file, enum query query, struct error *error)
{
	struct statement *statement = statement_open(file, query, error);
	bool done = statement && statement_run(statement, error);
	statement_close(statement);
	return done;
}

bool statement_execute(const struct case_file *file, const char *sql, struct error *error)
{
	struct statement *statement = statement_open_text(file, sql, error);
	bool done = statement && statement_run(statement, error);
	statement_close(statement);
	return done;
}
