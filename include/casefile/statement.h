/*
 * casefile/statement.h: prepared SQL, with errors as values.
 *
 *	struct statement *select = statement_open(file, QUERY_BLOCK_OF_KIND, &error);
 *	statement_bind_int(select, 1, KIND_EVENT);
 *	while (statement_step(select, &error) == STATEMENT_ROW)
 *		... statement_int(select, 0) ...
 *	statement_close(select);
 *
 * Parameters and columns count from 1 and from 0, as in SQLite. A span read from a row is valid
 * until the next step, reset or close. Used inside casefile/ and search/.
 */
#ifndef CASEFILE_STATEMENT_H
#define CASEFILE_STATEMENT_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/case.h"
#include "queries.h"

#include <stdbool.h>
#include <stdint.h>

struct statement;

enum statement_result { STATEMENT_ROW, STATEMENT_DONE, STATEMENT_FAILED };

/* A fixed statement of data/queries.sql. */
struct statement *statement_open(
	const struct case_file *file, enum query query, struct error *error) MUST_CHECK;
/* SQL made by a builder of this folder; never by a caller's text. */
struct statement *statement_open_text(
	const struct case_file *file, const char *sql, struct error *error) MUST_CHECK;
/* The same, of a buffer, which is freed in any case; ERROR_MEMORY when it had failed. */
struct statement *statement_open_built(
	const struct case_file *file, struct buffer *sql, struct error *error) MUST_CHECK;
void statement_close(struct statement *statement);

/* Binding copies nothing: the bytes must stay until the statement is stepped for the last time. A
 * span that is not stated binds NULL. */
void statement_bind_int(struct statement *statement, int parameter, int64_t value);
void statement_bind_text(struct statement *statement, int parameter, struct span text);
void statement_bind_blob(struct statement *statement, int parameter, struct span bytes);

/* On to the next row. An error of binding, a text that is too long, comes out here as well. */
enum statement_result statement_step(struct statement *statement, struct error *error) MUST_CHECK;
/* Steps once to the end and resets: for INSERT, UPDATE and DELETE. */
bool statement_run(struct statement *statement, struct error *error) MUST_CHECK;
/* Ready to be bound and stepped again; bindings are cleared. */
void statement_reset(struct statement *statement);

bool statement_is_null(const struct statement *statement, int column);
int64_t statement_int(const struct statement *statement, int column);
/* Exact bytes, NUL and invalid UTF-8 included; NULL in the database is the "not stated" span. */
struct span statement_text(const struct statement *statement, int column);
struct span statement_blob(const struct statement *statement, int column);

/* Runs a statement that takes nothing and returns nothing: a fixed one, or one of our own words. */
bool statement_run_query(
	const struct case_file *file, enum query query, struct error *error) MUST_CHECK;
bool statement_execute(
	const struct case_file *file, const char *sql, struct error *error) MUST_CHECK;

/* Fills error from the connection's last SQLite error; always false. */
bool statement_error(const struct case_file *file, struct error *error);

#endif
