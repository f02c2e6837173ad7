/* Makes a connection safe before its first query, and checks that the schema is ours. */
#include "case_private.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "bulk.h"
#include "migrate.h"

#include <string.h>

/* No statement of our schema is longer, and there are fewer than a hundred: what is larger is
 * somebody else's and is refused before SQLite has taken all of it in. */
#define SCHEMA_SQL_LENGTH 8192
#define SCHEMA_STEPS 8000

/* All of SQLite in this process: above the first its caches grow no more, at the second a statement
 * fails. Keys of an index are read whole, and no other limit holds for them. */
#define CACHES_MOST (96 * 1024 * 1024)
#define MEMORY_MOST (160 * 1024 * 1024)

static const struct {
	int limit;
	int value;
} limits[] = {
	{SQLITE_LIMIT_LENGTH, CASE_MAX_LENGTH},
	{SQLITE_LIMIT_SQL_LENGTH, SCHEMA_SQL_LENGTH},
	{SQLITE_LIMIT_COLUMN, 100},
	{SQLITE_LIMIT_EXPR_DEPTH, 60},
	{SQLITE_LIMIT_COMPOUND_SELECT, 20},
	{SQLITE_LIMIT_VDBE_OP, 25000},
	{SQLITE_LIMIT_FUNCTION_ARG, 8},
	{SQLITE_LIMIT_ATTACHED, 0},
	{SQLITE_LIMIT_LIKE_PATTERN_LENGTH, 50},
	{SQLITE_LIMIT_VARIABLE_NUMBER, 64},
	{SQLITE_LIMIT_TRIGGER_DEPTH, 0},
};

static const struct {
	int option;
	int value;
} flags[] = {
	{SQLITE_DBCONFIG_DEFENSIVE, 1},
	{SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0},
	{SQLITE_DBCONFIG_ENABLE_TRIGGER, 0},
	{SQLITE_DBCONFIG_ENABLE_VIEW, 0},
	{SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0},
	{SQLITE_DBCONFIG_WRITABLE_SCHEMA, 0},
	{SQLITE_DBCONFIG_ENABLE_FKEY, 1},
};

/* How long a statement waits for another program, unless told otherwise. */
#define BUSY_MILLISECONDS 10000

static enum error_code error_code_of(int code)
{
	switch (code & 0xff) {
	case SQLITE_NOMEM:
		return ERROR_MEMORY;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return ERROR_CASE_LOCKED;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
		return ERROR_CASE_DAMAGED;
	case SQLITE_INTERRUPT:
		return ERROR_CANCELLED;
	case SQLITE_TOOBIG:
		return ERROR_LIMIT;
	default:
		return ERROR_CASE_IO;
	}
}

/* Whether the machine has memory. When SQLite got none nevertheless, it is the case that wants more
 * than SQLite gives to one value or than it may take in all. */
static bool has_memory(void)
{
	void *some = memory_array(1, 1024 * 1024);
	free(some);
	return some != NULL;
}

bool case_sqlite_error(sqlite3 *database, int code, const char *name, struct error *error)
{
	enum error_code kind = error_code_of(code);
	if (kind == ERROR_MEMORY && has_memory())
		return error_set(error, ERROR_LIMIT,
			"%s: a value in it is larger than this program takes", name);
	if (kind == ERROR_MEMORY)
		return error_set(error, kind, "%s: out of memory", name);
	if (kind == ERROR_CANCELLED)
		return error_set(error, kind, "%s: cancelled", name);
	if (kind == ERROR_CASE_LOCKED)
		return error_set(error, kind, "%s is in use by another program; try again", name);
	if (code == SQLITE_READONLY_DBMOVED)
		return error_set(error, ERROR_CASE_IO,
			"%s was moved or replaced while it was open; nothing more is written to it",
			name);
	const char *said = database && (sqlite3_errcode(database) & 0xff) == (code & 0xff)
				   ? sqlite3_errmsg(database)
				   : sqlite3_errstr(code);
	if (kind == ERROR_CASE_DAMAGED)
		return error_set(error, kind, "%s is damaged: %s", name, said);
	return error_set(error, kind, "%s: %s", name, said);
}

/* The address of a file for SQLite: whatever its name holds is no parameter. */
static void uri_of(struct buffer *uri, const char *path, bool writable, bool immutable)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789/._-";
	buffer_add_string(uri, "file:");
	for (const char *at = path; *at; at++) {
		if (strchr(plain, *at))
			buffer_add_byte(uri, *at);
		else
			buffer_add_format(uri, "%%%02x", (unsigned char)*at);
	}
	buffer_add_string(uri, writable ? "?mode=rw" : "?mode=ro");
	if (immutable)
		buffer_add_string(uri, "&immutable=1");
}

static bool harden(sqlite3 *database)
{
	sqlite3_hard_heap_limit64(MEMORY_MOST);
	sqlite3_soft_heap_limit64(CACHES_MOST);
	for (size_t i = 0; i < ARRAY_LENGTH(limits); i++)
		sqlite3_limit(database, limits[i].limit, limits[i].value);
	for (size_t i = 0; i < ARRAY_LENGTH(flags); i++)
		if (sqlite3_db_config(database, flags[i].option, flags[i].value, NULL) != SQLITE_OK)
			return false;
	/* None of these reads the file. */
	return sqlite3_exec(database,
		       "PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=FILE",
		       NULL, NULL, NULL) == SQLITE_OK;
}

static int out_of_steps(void *unused)
{
	(void)unused;
	return 1;
}

/* Statements of our schema: there are fewer. */
#define SCHEMA_MOST 128

struct known {
	struct span statements[SCHEMA_MOST]; /* as SQLite keeps them: without comments and `;` */
	bool seen[SCHEMA_MOST];
	size_t count;
};

/* Cuts a schema of ours, in which comments stand on lines of their own before a statement. Done by
 * hand since making a database of it takes as long as all the rest of opening a case. */
static void cut_schema(const char *schema, struct known *known)
{
	known->count = 0;
	for (const char *at = schema; (at = strstr(at, "CREATE ")) && known->count < SCHEMA_MOST;) {
		const char *end = strstr(at, ";\n");
		size_t length = end ? (size_t)(end - at) : strlen(at);
		known->seen[known->count] = false;
		known->statements[known->count++] = span_of(at, length);
		at += length;
	}
}

/* `CREATE TABLE name(` or `CREATE INDEX name ON` for the entry's type and name. */
static bool entry_agrees(struct span sql, struct span type, struct span name)
{
	static const char create[] = "CREATE ";
	size_t at = sizeof create - 1;
	if (!span_equal_ignoring_case(span_slice(sql, at, at + type.length), type))
		return false;
	at += type.length + 1;
	if (!span_equal(span_slice(sql, at, at + name.length), name))
		return false;
	at += name.length;
	return at < sql.length && (sql.data[at] == '(' || sql.data[at] == ' ');
}

static bool take_entry(struct known *known, struct span type, struct span name, struct span sql)
{
	/* An index that a constraint makes has no statement; SQLite sees to it that there is one.
	 */
	if (!span_stated(sql))
		return span_is(type, "index") && name.length > 17 &&
		       memcmp(name.data, "sqlite_autoindex_", 17) == 0;
	for (size_t i = 0; i < known->count; i++) {
		if (!known->seen[i] && span_equal(known->statements[i], sql)) {
			known->seen[i] = true;
			return entry_agrees(sql, type, name);
		}
	}
	return false;
}

static struct span column(sqlite3_stmt *row, int at)
{
	const char *data = (const char *)sqlite3_column_text(row, at);
	return data ? span_of(data, (size_t)sqlite3_column_bytes(row, at)) : (struct span){0};
}

/* Reads sqlite_schema: *ours when it holds the schema's statements, each once, and nothing else. */
static int read_schema(sqlite3 *database, const char *schema, bool *ours)
{
	struct known known;
	cut_schema(schema, &known);
	sqlite3_stmt *select = NULL;
	*ours = true;
	int code = sqlite3_prepare_v2(
		database, "SELECT type, name, sql FROM sqlite_schema", -1, &select, NULL);
	while (code == SQLITE_OK && *ours && (code = sqlite3_step(select)) == SQLITE_ROW) {
		*ours = take_entry(&known, column(select, 0), column(select, 1), column(select, 2));
		code = SQLITE_OK;
	}
	sqlite3_finalize(select);
	for (size_t i = 0; i < known.count; i++)
		*ours = *ours && known.seen[i];
	return code == SQLITE_DONE ? SQLITE_OK : code;
}

static bool check_schema(struct case_file *file, struct error *error)
{
	/* Loading the schema is a query as well: bounded, whatever the file holds. */
	bool ours = false;
	sqlite3_progress_handler(file->database, SCHEMA_STEPS, out_of_steps, NULL);
	int code = read_schema(file->database, migrate_schema(file->version), &ours);
	sqlite3_progress_handler(file->database, 0, NULL, NULL);
	if (code != SQLITE_OK && (code & 0xff) != SQLITE_INTERRUPT &&
		(code & 0xff) != SQLITE_TOOBIG)
		return case_sqlite_error(file->database, code, file->name, error);
	if (code == SQLITE_OK && ours)
		return true;
	return error_set(error, ERROR_CASE_FOREIGN,
		"%s is not a case this program made: its tables are not those of schema %d",
		file->name, file->version);
}

/* Only what the program's own statements do; schema and settings stay as they are. */
static int authorize(void *argument, int action, const char *first, const char *second,
	const char *database, const char *trigger)
{
	static const char *const pragmas[] = {"quick_check", "integrity_check", "foreign_key_check",
		"data_version", "page_count", "freelist_count", "threads"};
	const struct case_file *file = argument;
	(void)second;
	(void)database;
	(void)trigger;
	switch (action) {
	case SQLITE_SELECT:
	case SQLITE_READ:
	case SQLITE_FUNCTION:
	case SQLITE_RECURSIVE:
	case SQLITE_TRANSACTION:
	case SQLITE_SAVEPOINT:
		return SQLITE_OK;
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
		return file->read_only ? SQLITE_DENY : SQLITE_OK;
	case SQLITE_PRAGMA:
		for (size_t i = 0; i < ARRAY_LENGTH(pragmas); i++)
			if (strcmp(first, pragmas[i]) == 0)
				return SQLITE_OK;
		return SQLITE_DENY;
	default:
		return SQLITE_DENY;
	}
}

bool case_connect(struct case_file *file, bool writable, struct error *error)
{
	struct buffer uri = {0};
	uri_of(&uri, file->opened, writable, file->immutable);
	if (buffer_failed(&uri)) {
		buffer_free(&uri);
		return error_memory(error);
	}
	int mode = SQLITE_OPEN_URI | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_NOMUTEX |
		   SQLITE_OPEN_EXRESCODE;
	int code = sqlite3_open_v2(uri.data, &file->database,
		mode | (writable ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY), NULL);
	buffer_free(&uri);
	if (code != SQLITE_OK)
		return case_sqlite_error(file->database, code, file->name, error);
	if (!harden(file->database) || bulk_offer(file->database) != SQLITE_OK)
		return case_sqlite_error(file->database, sqlite3_extended_errcode(file->database),
			file->name, error);
	sqlite3_busy_timeout(file->database, BUSY_MILLISECONDS);
	if (!check_schema(file, error))
		return false;
	sqlite3_limit(file->database, SQLITE_LIMIT_SQL_LENGTH, 100000);
	/* A reader goes through text once, in pages that the system keeps: what fits into the
	 * processor's cache is quicker than what saves a read. */
	const char *settings = writable ? "PRAGMA cache_size=-16384; PRAGMA journal_mode=DELETE; "
					  "PRAGMA synchronous=FULL"
					: "PRAGMA cache_size=-2048; PRAGMA query_only=ON";
	if (sqlite3_exec(file->database, settings, NULL, NULL, NULL) != SQLITE_OK)
		return case_sqlite_error(file->database, sqlite3_extended_errcode(file->database),
			file->name, error);
	if (sqlite3_set_authorizer(file->database, authorize, file) != SQLITE_OK)
		return case_sqlite_error(file->database, sqlite3_extended_errcode(file->database),
			file->name, error);
	return true;
}

/* Milliseconds between two tries of a write that waits. */
#define WAIT_STEP 20

static int wait_for_readers(void *argument, int tries)
{
	struct case_file *file = argument;
	if (tries == 0)
		file->given_up = false;
	file->given_up = !file->wait.go_on(file->wait.context, tries * WAIT_STEP);
	if (!file->given_up)
		sqlite3_sleep(WAIT_STEP);
	return !file->given_up;
}

void case_wait_for_readers(struct case_file *file, const struct case_wait *wait)
{
	file->given_up = false;
	if (wait) {
		file->wait = *wait;
		sqlite3_busy_handler(file->database, wait_for_readers, file);
	} else {
		sqlite3_busy_timeout(file->database, BUSY_MILLISECONDS);
	}
}

const char *case_sqlite_version(void)
{
	return sqlite3_libversion();
}

/* Steps of SQLite's machine between two looks at the flag: some tens of microseconds. */
#define STEPS_WATCHED 4000

static int is_cancelled(void *flag)
{
	const atomic_bool *cancel = flag;
	return atomic_load_explicit(cancel, memory_order_relaxed);
}

void case_watch(struct case_file *file, const atomic_bool *cancel)
{
	/* SQLite hands the pointer back as it is; it is only read. */
	union {
		const atomic_bool *given;
		void *taken;
	} flag = {.given = cancel};
	sqlite3_progress_handler(file->database, cancel ? STEPS_WATCHED : 0,
		cancel ? is_cancelled : NULL, flag.taken);
}

void case_interrupt(struct case_file *file)
{
	sqlite3_interrupt(file->database);
}
