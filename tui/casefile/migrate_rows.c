/* Copies a case of an older schema, table by table and column by column, by their names. */
#include "migrate.h"

#include "base/buffer.h"
#include "edge.h"
#include "queries.h"

#include <stdio.h>
#include <string.h>

/* The new file holds what the old one does. One that would be more than twice as large is of an old
 * one that was made to be: pages that are used over and over. */
#define MOST_GROWTH 2
#define MOST_MORE (64 * 1024 * 1024)

static const struct {
	int version;
	const char *schema;
} schemas[] = {
	{1, schema_sql_1},
	{2, schema_sql_2},
	{CASE_SCHEMA_VERSION, schema_sql},
};

/* Tables whose rows are not those of the table of the same name in a case of that version: a query
 * on the old case that gives them, its columns named as the table's; none: the table stays empty.
 * Every other table, and every column of it, has its place in the current schema; a new column has
 * its default, or the table stands here. */
static const struct {
	int version;
	const char *table;
	const char *select;
} changes[] = {
	/* It was an index. */
	{1, "event_order", "SELECT time_from, id FROM event ORDER BY time_from, id"},
	/* Never written by schema 1; what has no postings is searched without. */
	{1, "posting", NULL},
	/* Every pair was a row: see copy_edges. */
	{1, "edge", NULL},
	{2, "edge", NULL},
};

struct copy {
	const struct case_file *file;
	sqlite3 *made;
	struct error *error;
};

const char *migrate_schema(int version)
{
	for (size_t i = 0; i < ARRAY_LENGTH(schemas); i++)
		if (schemas[i].version == version)
			return schemas[i].schema;
	return "";
}

static bool old_failed(const struct copy *copy, int code)
{
	return case_sqlite_error(copy->file->database, code, copy->file->name, copy->error);
}

static bool made_failed(const struct copy *copy, int code)
{
	int kind = code & 0xff;
	if (kind != SQLITE_FULL && kind != SQLITE_IOERR)
		return case_sqlite_error(copy->made, code, copy->file->name, copy->error);
	return error_set(copy->error, ERROR_IO,
		"%s has schema %d and can't be copied into schema %d: %s; the case is as it was",
		copy->file->name, copy->file->version, CASE_SCHEMA_VERSION,
		sqlite3_errmsg(copy->made));
}

/* Names of our schemas have no quotes in them. */
static bool prepare_insert(
	const struct copy *copy, const char *table, sqlite3_stmt *select, sqlite3_stmt **insert)
{
	struct buffer sql = {0};
	int columns = sqlite3_column_count(select);
	buffer_add_format(&sql, "INSERT INTO \"%s\"", table);
	for (int i = 0; i < columns; i++)
		buffer_add_format(&sql, "%s\"%s\"", i ? ", " : "(", sqlite3_column_name(select, i));
	for (int i = 0; i < columns; i++)
		buffer_add_format(&sql, "%s?%d", i ? ", " : ") VALUES(", i + 1);
	buffer_add_string(&sql, ")");
	if (buffer_failed(&sql)) {
		buffer_free(&sql);
		return error_memory(copy->error);
	}
	int code = sqlite3_prepare_v2(copy->made, sql.data, -1, insert, NULL);
	buffer_free(&sql);
	return code == SQLITE_OK || made_failed(copy, code);
}

static bool copy_rows(const struct copy *copy, sqlite3_stmt *select, sqlite3_stmt *insert)
{
	int columns = sqlite3_column_count(select);
	int code;
	while ((code = sqlite3_step(select)) == SQLITE_ROW) {
		for (int i = 0; i < columns; i++) {
			code = sqlite3_bind_value(insert, i + 1, sqlite3_column_value(select, i));
			if (code != SQLITE_OK)
				return made_failed(copy, code);
		}
		code = sqlite3_step(insert);
		if (code != SQLITE_DONE)
			return made_failed(copy, code);
		sqlite3_reset(insert);
	}
	return code == SQLITE_DONE || old_failed(copy, code);
}

static bool copy_table(const struct copy *copy, const char *table, const char *query)
{
	sqlite3_stmt *select = NULL, *insert = NULL;
	int code = sqlite3_prepare_v2(copy->file->database, query, -1, &select, NULL);
	bool done = code == SQLITE_OK || old_failed(copy, code);
	done = done && prepare_insert(copy, table, select, &insert) &&
	       copy_rows(copy, select, insert);
	sqlite3_finalize(select);
	sqlite3_finalize(insert);
	return done;
}

static bool changed(int version, const char *table)
{
	for (size_t i = 0; i < ARRAY_LENGTH(changes); i++)
		if (changes[i].version == version && strcmp(changes[i].table, table) == 0)
			return true;
	return false;
}

static bool copy_same(const struct copy *copy)
{
	sqlite3_stmt *tables = NULL;
	struct buffer query = {0};
	int code = sqlite3_prepare_v2(copy->file->database,
		"SELECT name FROM sqlite_schema WHERE type = 'table'", -1, &tables, NULL);
	bool done = true;
	while (code == SQLITE_OK && done && (code = sqlite3_step(tables)) == SQLITE_ROW) {
		const char *table = (const char *)sqlite3_column_text(tables, 0);
		code = SQLITE_OK;
		buffer_clear(&query);
		if (table)
			buffer_add_format(&query, "SELECT * FROM \"%s\"", table);
		if (!table || buffer_failed(&query))
			done = error_memory(copy->error);
		else if (!changed(copy->file->version, table))
			done = copy_table(copy, table, query.data);
	}
	buffer_free(&query);
	sqlite3_finalize(tables);
	return done && (code == SQLITE_DONE || old_failed(copy, code));
}

static bool copy_changed(const struct copy *copy)
{
	for (size_t i = 0; i < ARRAY_LENGTH(changes); i++)
		if (changes[i].version == copy->file->version && changes[i].select &&
			!copy_table(copy, changes[i].table, changes[i].select))
			return false;
	return true;
}

/* References are taken over as they are, also those that lead nowhere: verify names them. */
static bool settle(const struct copy *copy)
{
	struct stat status;
	if (fstat(copy->file->held, &status) != 0)
		return error_set_errno(copy->error, "can't read %s", copy->file->name);
	char settings[128];
	snprintf(settings, sizeof settings,
		"PRAGMA foreign_keys=OFF; PRAGMA cache_size=-16384; PRAGMA max_page_count=%lld",
		((long long)status.st_size * MOST_GROWTH + MOST_MORE) / CASE_PAGE_SIZE);
	int code = sqlite3_exec(copy->made, settings, NULL, NULL, NULL);
	return code == SQLITE_OK || made_failed(copy, code);
}

/* ---- edges, of which every pair was a row before schema 3 ---- */

static bool write_stretch(
	const struct copy *copy, sqlite3_stmt *insert, struct edge_stretch *stretch, int64_t source)
{
	if (stretch->count == 0)
		return true;
	if (buffer_failed(&stretch->pairs))
		return error_memory(copy->error);
	sqlite3_bind_int64(insert, 1, source);
	sqlite3_bind_int64(insert, 2, stretch->a.kind);
	sqlite3_bind_int64(insert, 3, stretch->a.id);
	sqlite3_bind_int64(insert, 5, stretch->b_kind);
	sqlite3_bind_int64(insert, 6, stretch->b_first);
	sqlite3_bind_blob64(
		insert, 7, stretch->pairs.data, stretch->pairs.length, SQLITE_TRANSIENT);
	int code = sqlite3_step(insert);
	sqlite3_reset(insert);
	edge_stretch_clear(stretch);
	return code == SQLITE_DONE || made_failed(copy, code);
}

static struct edge edge_of(sqlite3_stmt *select)
{
	return (struct edge){
		.a = {(enum kind)sqlite3_column_int(select, 1), sqlite3_column_int64(select, 2)},
		.b = {(enum kind)sqlite3_column_int(select, 3), sqlite3_column_int64(select, 4)},
		.count = sqlite3_column_int64(select, 5),
		.first = sqlite3_column_int64(select, 6),
		.last = sqlite3_column_int64(select, 7)};
}

/* The rows of a query by source, a and b, with the insert's way bound. */
static bool copy_stretches(const struct copy *copy, sqlite3_stmt *select, sqlite3_stmt *insert)
{
	struct edge_stretch stretch = {0};
	int64_t source = 0;
	bool done = true;
	int code = SQLITE_DONE;
	while (done && (code = sqlite3_step(select)) == SQLITE_ROW) {
		struct edge edge = edge_of(select);
		bool same = source == sqlite3_column_int64(select, 0);
		if (same && edge_stretch_add(&stretch, &edge))
			continue;
		done = write_stretch(copy, insert, &stretch, source) &&
		       (edge_stretch_add(&stretch, &edge) || error_memory(copy->error));
		source = sqlite3_column_int64(select, 0);
	}
	done = done && (code == SQLITE_DONE || old_failed(copy, code)) &&
	       write_stretch(copy, insert, &stretch, source);
	buffer_free(&stretch.pairs);
	return done;
}

static bool copy_edges(const struct copy *copy)
{
	static const char *const queries[] = {
		"SELECT source, a_kind, a_record, b_kind, b_record, count, first, last FROM edge"
		" ORDER BY 1, 2, 3, 4, 5",
		"SELECT source, b_kind, b_record, a_kind, a_record, count, first, last FROM edge"
		" WHERE b_record <> 0 ORDER BY 1, 2, 3, 4, 5"};
	sqlite3_stmt *insert = NULL;
	int code =
		sqlite3_prepare_v2(copy->made, query_texts[QUERY_EDGE_INSERT], -1, &insert, NULL);
	bool done = code == SQLITE_OK || made_failed(copy, code);
	for (int way = 0; done && way < 2; way++) {
		sqlite3_stmt *select = NULL;
		code = sqlite3_prepare_v2(copy->file->database, queries[way], -1, &select, NULL);
		sqlite3_bind_int(insert, 4, way);
		done = (code == SQLITE_OK || old_failed(copy, code)) &&
		       copy_stretches(copy, select, insert);
		sqlite3_finalize(select);
	}
	sqlite3_finalize(insert);
	return done;
}

static bool commit(const struct copy *copy)
{
	int code = sqlite3_exec(copy->made, "COMMIT", NULL, NULL, NULL);
	return code == SQLITE_OK || made_failed(copy, code);
}

bool migrate_rows(const struct case_file *file, const char *temporary, struct error *error)
{
	struct copy copy = {.file = file, .error = error};
	bool done = case_fill_open(temporary, file->name, &copy.made, error) && settle(&copy) &&
		    case_fill_begin(copy.made, file->name, error) && copy_same(&copy) &&
		    copy_changed(&copy) && copy_edges(&copy) && commit(&copy);
	int code = sqlite3_close(copy.made);
	return done && (code == SQLITE_OK || case_sqlite_error(NULL, code, file->name, error));
}
