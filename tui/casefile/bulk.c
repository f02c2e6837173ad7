/* A table of SQLite's whose rows lie in memory: a virtual one that is read from its beginning to
 * its end, once a statement. */
#include "bulk.h"

#include "base/memory.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* What a bound pointer has to be called, so that no other is taken for it. */
#define BULK_POINTER "breachx bulk"

void bulk_free(struct bulk *bulk)
{
	free(bulk->values);
	free(bulk->stated);
	buffer_free(&bulk->texts);
	*bulk = (struct bulk){0};
}

void bulk_clear(struct bulk *bulk)
{
	bulk->count = 0;
	buffer_clear(&bulk->texts);
}

size_t bulk_add(struct bulk *bulk)
{
	size_t row = bulk->count;
	int64_t *values = memory_grow(bulk->values, &bulk->value_capacity,
		(row + 1) * (size_t)bulk->width, sizeof *values);
	if (values)
		bulk->values = values;
	uint32_t *stated =
		memory_grow(bulk->stated, &bulk->stated_capacity, row + 1, sizeof *stated);
	if (stated)
		bulk->stated = stated;
	if (!values || !stated)
		return SIZE_MAX;
	stated[row] = 0;
	bulk->count++;
	return row;
}

/* Texts are few and short: where it begins in `texts`, and how long it is. */
void bulk_set_text(struct bulk *bulk, size_t row, int column, struct span text)
{
	if (!span_stated(text))
		return;
	if (bulk->texts.length > INT32_MAX || text.length > UINT32_MAX) {
		bulk->texts.failed = true;
		return;
	}
	bulk_set(bulk, row, column, (int64_t)(bulk->texts.length << 32 | text.length));
	buffer_add_span(&bulk->texts, text);
}

/* ---- for SQLite ---- */

struct cursor {
	sqlite3_vtab_cursor base; /* first: SQLite sees only this */
	const struct bulk *bulk;
	size_t row;
};

static int connect_table(sqlite3 *database, void *context, int count, const char *const *words,
	sqlite3_vtab **table, char **message)
{
	(void)context;
	(void)count;
	(void)words;
	(void)message;
	int code = sqlite3_declare_vtab(database,
		"CREATE TABLE bulk(c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14,"
		" c15, c16, c17, c18, c19, c20, c21, c22, c23, rows HIDDEN)");
	if (code != SQLITE_OK)
		return code;
	*table = memory_array(1, sizeof **table);
	if (!*table)
		return SQLITE_NOMEM;
	return sqlite3_vtab_config(database, SQLITE_VTAB_DIRECTONLY);
}

static int disconnect_table(sqlite3_vtab *table)
{
	free(table);
	return SQLITE_OK;
}

/* The only thing that can be asked is which rows: idxNum says whether it was. */
static int plan(sqlite3_vtab *table, sqlite3_index_info *info)
{
	(void)table;
	info->idxNum = 0;
	info->estimatedCost = 1e6;
	for (int i = 0; i < info->nConstraint; i++) {
		if (info->aConstraint[i].iColumn != BULK_COLUMNS ||
			info->aConstraint[i].op != SQLITE_INDEX_CONSTRAINT_EQ)
			continue;
		if (!info->aConstraint[i].usable)
			return SQLITE_CONSTRAINT;
		info->aConstraintUsage[i].argvIndex = 1;
		info->aConstraintUsage[i].omit = 1;
		info->idxNum = 1;
		info->estimatedCost = 1;
	}
	return SQLITE_OK;
}

static int open_cursor(sqlite3_vtab *table, sqlite3_vtab_cursor **cursor)
{
	(void)table;
	struct cursor *made = memory_array(1, sizeof *made);
	*cursor = made ? &made->base : NULL;
	return made ? SQLITE_OK : SQLITE_NOMEM;
}

static int close_cursor(sqlite3_vtab_cursor *cursor)
{
	free(cursor);
	return SQLITE_OK;
}

static int begin(sqlite3_vtab_cursor *base, int plan_number, const char *plan_name, int count,
	sqlite3_value **values)
{
	struct cursor *cursor = (struct cursor *)base;
	(void)plan_name;
	cursor->row = 0;
	cursor->bulk = plan_number == 1 && count == 1
			       ? sqlite3_value_pointer(values[0], BULK_POINTER)
			       : NULL;
	return SQLITE_OK;
}

static int next(sqlite3_vtab_cursor *base)
{
	((struct cursor *)base)->row++;
	return SQLITE_OK;
}

static int at_end(sqlite3_vtab_cursor *base)
{
	const struct cursor *cursor = (const struct cursor *)base;
	return !cursor->bulk || cursor->row >= cursor->bulk->count;
}

static int column(sqlite3_vtab_cursor *base, sqlite3_context *result, int at)
{
	const struct cursor *cursor = (const struct cursor *)base;
	const struct bulk *bulk = cursor->bulk;
	if (at >= bulk->width || (bulk->stated && !(bulk->stated[cursor->row] >> at & 1)))
		return SQLITE_OK;
	int64_t value = bulk->values[cursor->row * (size_t)bulk->width + (size_t)at];
	if (bulk->text >> at & 1)
		sqlite3_result_text64(result, bulk->texts.data + (value >> 32),
			(sqlite3_uint64)value & UINT32_MAX, SQLITE_STATIC, SQLITE_UTF8);
	else
		sqlite3_result_int64(result, value);
	return SQLITE_OK;
}

static int row_number(sqlite3_vtab_cursor *base, sqlite3_int64 *number)
{
	*number = (sqlite3_int64)((const struct cursor *)base)->row;
	return SQLITE_OK;
}

int bulk_bind(sqlite3_stmt *statement, int parameter, const struct bulk *bulk)
{
	/* SQLite hands the pointer back as it is; it is only read. */
	union {
		const struct bulk *given;
		void *taken;
	} rows = {.given = bulk};
	return sqlite3_bind_pointer(statement, parameter, rows.taken, BULK_POINTER, NULL);
}

int bulk_offer(sqlite3 *database)
{
	/* Without xCreate it is there by its name alone, and no schema can make another. */
	static const sqlite3_module module = {
		.xConnect = connect_table,
		.xBestIndex = plan,
		.xDisconnect = disconnect_table,
		.xOpen = open_cursor,
		.xClose = close_cursor,
		.xFilter = begin,
		.xNext = next,
		.xEof = at_end,
		.xColumn = column,
		.xRowid = row_number,
	};
	return sqlite3_create_module(database, "bulk", &module, NULL);
}
