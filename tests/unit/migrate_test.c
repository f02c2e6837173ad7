/* Cases of older schemas: nothing of them is lost, however opening them ends. */
#include "case_place.h"

#include "../../tui/casefile/edge.h"
#include "casefile/block.h"
#include "casefile/journal.h"
#include "casefile/record.h"
#include "casefile/verify.h"
#include "casefile/writer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern const char schema_sql_1[], schema_sql_2[];

#define ROWS 25
#define KILLED 77

/* Calls on the way of a new file to its place. The process ends at the one that is counted to,
 * before it (odd) or after it (even). A folder on a stick refuses links. */
static int calls_left;
static bool links_refused;

static void passing(void)
{
	if (calls_left > 0 && --calls_left == 0)
		_exit(KILLED);
}

int fsync(int file)
{
	passing();
	int result = (int)syscall(SYS_fsync, file);
	passing();
	return result;
}

int link(const char *from, const char *to)
{
	if (links_refused) {
		errno = EPERM;
		return -1;
	}
	passing();
	int result = (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
	passing();
	return result;
}

int rename(const char *from, const char *to)
{
	passing();
	int result = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
	passing();
	return result;
}

static void run(sqlite3 *database, const char *sql)
{
	char *said = NULL;
	if (sqlite3_exec(database, sql, NULL, NULL, &said) != SQLITE_OK)
		fail_msg("%s: %s", sql, said);
}

static sqlite3 *open_raw(const char *path)
{
	sqlite3 *database = NULL;
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	return database;
}

static void make_schema(sqlite3 *database, const char *settings, const char *schema)
{
	run(database, "PRAGMA page_size=4096; PRAGMA application_id=1114789987; BEGIN");
	run(database, settings);
	run(database, schema);
	run(database, "COMMIT");
}

static void make_schema_1(sqlite3 *database)
{
	make_schema(database, "PRAGMA user_version=1", schema_sql_1);
}

/* A statement made of a table's columns, each after the other. */
static sqlite3_stmt *about_table(
	sqlite3 *database, const char *table, const char *before, const char *after)
{
	char sql[4096];
	int length = snprintf(sql, sizeof sql, "%s", before);
	sqlite3_stmt *columns = NULL, *made = NULL;
	assert_int_equal(sqlite3_prepare_v2(database, "SELECT name FROM pragma_table_info(?1)", -1,
				 &columns, NULL),
		SQLITE_OK);
	sqlite3_bind_text(columns, 1, table, -1, SQLITE_STATIC);
	for (int i = 0; sqlite3_step(columns) == SQLITE_ROW; i++)
		length += snprintf(sql + length, sizeof sql - (size_t)length, "%s\"%s\"",
			i ? "," : "", (const char *)sqlite3_column_text(columns, 0));
	sqlite3_finalize(columns);
	snprintf(sql + length, sizeof sql - (size_t)length, "%s", after);
	if (sqlite3_prepare_v2(database, sql, -1, &made, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(database));
	return made;
}

/* Calls a function with each table of schema 1 that has a place in later ones. */
static void each_table(
	void (*take)(void *context, sqlite3 *schema, const char *table), void *context)
{
	sqlite3 *schema = open_raw(":memory:");
	make_schema_1(schema);
	sqlite3_stmt *tables = NULL;
	int count = 0;
	assert_int_equal(
		sqlite3_prepare_v2(schema,
			"SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", -1,
			&tables, NULL),
		SQLITE_OK);
	while (sqlite3_step(tables) == SQLITE_ROW) {
		const char *table = (const char *)sqlite3_column_text(tables, 0);
		if (strcmp(table, "posting") != 0)
			take(context, schema, table);
		count++;
	}
	sqlite3_finalize(tables);
	assert_true(count > 25);
	assert_int_equal(sqlite3_close(schema), SQLITE_OK);
}

/* Values of every kind: bytes that are no UTF-8, NUL, NULL, long and empty ones. */
static void bind_some(sqlite3_stmt *insert, int at, int row, const char *column, const char *type,
	bool may_be_null, int key)
{
	static const char text[] = "a\0b\xff\xfe z\xed\xa0\x80";
	static char large[70000];
	if (strcmp(column, "basis") == 0)
		sqlite3_bind_int(insert, at, row % 4);
	else if (strcmp(column, "state") == 0)
		sqlite3_bind_text(insert, at, "ready", -1, SQLITE_STATIC);
	else if (may_be_null && row % 3 == 0)
		sqlite3_bind_null(insert, at);
	else if (strcmp(column, "sha256") == 0)
		sqlite3_bind_zeroblob(insert, at, 32);
	else if (strcmp(type, "BLOB") == 0)
		sqlite3_bind_blob(insert, at, large, row * 1500, SQLITE_STATIC);
	else if (strcmp(type, "INTEGER") == 0)
		sqlite3_bind_int64(
			insert, at, key > 0 || row % 5 ? row + at * (key > 1) : INT64_MAX - row);
	else {
		char value[64];
		int length = snprintf(value, sizeof value, "%d ", row);
		memcpy(value + length, text, sizeof text);
		sqlite3_bind_text(insert, at, value, length + (int)sizeof text, SQLITE_TRANSIENT);
	}
}

static void fill_table(void *context, sqlite3 *schema, const char *table)
{
	sqlite3 *database = context;
	char before[128], after[256] = ") VALUES(?1";
	snprintf(before, sizeof before, "INSERT INTO \"%s\"(", table);
	sqlite3_stmt *columns = NULL;
	sqlite3_prepare_v2(schema, "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?1)",
		-1, &columns, NULL);
	sqlite3_bind_text(columns, 1, table, -1, SQLITE_STATIC);
	int count = 0;
	while (sqlite3_step(columns) == SQLITE_ROW)
		if (++count > 1)
			snprintf(
				after + strlen(after), sizeof after - strlen(after), ",?%d", count);
	strcat(after, ")");
	sqlite3_stmt *insert = about_table(database, table, before, after);
	for (int row = 1; row <= ROWS; row++) {
		sqlite3_reset(columns);
		for (int at = 1; sqlite3_step(columns) == SQLITE_ROW; at++)
			bind_some(insert, at, row, (const char *)sqlite3_column_text(columns, 0),
				(const char *)sqlite3_column_text(columns, 1),
				!sqlite3_column_int(columns, 2) && !sqlite3_column_int(columns, 3),
				sqlite3_column_int(columns, 3));
		if (sqlite3_step(insert) != SQLITE_DONE)
			fail_msg("%s: %s", table, sqlite3_errmsg(database));
		sqlite3_reset(insert);
	}
	sqlite3_finalize(columns);
	sqlite3_finalize(insert);
}

/* A case with rows in every table. */
static void make_full(const char *path)
{
	sqlite3 *database = open_raw(path);
	make_schema_1(database);
	run(database, "BEGIN");
	each_table(fill_table, database);
	run(database, "COMMIT");
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
	assert_int_equal(chmod(path, 0640), 0);
}

struct contents {
	sqlite3 *database;
	struct hash hash;
	int64_t rows;
};

/* Edges are written otherwise since schema 3: edges_are_packed is about them. */
static void add_table(void *context, sqlite3 *schema, const char *table)
{
	struct contents *contents = context;
	char after[128];
	if (strcmp(table, "edge") == 0)
		return;
	snprintf(after, sizeof after, " FROM \"%s\" ORDER BY 1, 2", table);
	sqlite3_stmt *text = about_table(schema, table, "SELECT ", after), *select = NULL;
	assert_int_equal(
		sqlite3_prepare_v2(contents->database, sqlite3_sql(text), -1, &select, NULL),
		SQLITE_OK);
	while (sqlite3_step(select) == SQLITE_ROW) {
		for (int i = 0; i < sqlite3_column_count(select); i++) {
			int type = sqlite3_column_type(select, i);
			const void *bytes = type == SQLITE_BLOB ? sqlite3_column_blob(select, i)
								: sqlite3_column_text(select, i);
			int length = sqlite3_column_bytes(select, i);
			hash_add(&contents->hash, &type, sizeof type);
			hash_add(&contents->hash, &length, sizeof length);
			if (length > 0)
				hash_add(&contents->hash, bytes, (size_t)length);
		}
		contents->rows++;
	}
	hash_add(&contents->hash, table, strlen(table));
	sqlite3_finalize(text);
	sqlite3_finalize(select);
}

/* All values that a schema-1 case has. */
static int64_t digest(sqlite3 *database, uint8_t result[HASH_SIZE])
{
	struct contents contents = {.database = database};
	hash_begin(&contents.hash);
	each_table(add_table, &contents);
	hash_end(&contents.hash, result);
	return contents.rows;
}

static int64_t digest_of(const char *path, uint8_t result[HASH_SIZE])
{
	sqlite3 *database = open_raw(path);
	int64_t rows = digest(database, result);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
	return rows;
}

static bool same_bytes(const char *path, const char *other)
{
	char command[400];
	snprintf(command, sizeof command, "cmp -s '%s' '%s'", path, other);
	return system(command) == 0;
}

static int files_in(const char *folder)
{
	DIR *entries = opendir(folder);
	int count = 0;
	assert_non_null(entries);
	while (readdir(entries))
		count++;
	closedir(entries);
	return count - 2;
}

/* A full case of schema 1, and a copy of it elsewhere; private copies go into a folder beside. */
struct old {
	struct place place;
	char elsewhere[64];
	char original[96];
	char temporary[96];
};

static int set_up(void **state)
{
	struct old *old = calloc(1, sizeof *old);
	assert_non_null(old);
	strcpy(old->place.folder, "/tmp/case-test-XXXXXX");
	strcpy(old->elsewhere, "/tmp/case-test-XXXXXX");
	assert_non_null(mkdtemp(old->place.folder));
	assert_non_null(mkdtemp(old->elsewhere));
	snprintf(old->place.path, sizeof old->place.path, "%s/c.breach", old->place.folder);
	snprintf(old->original, sizeof old->original, "%s/original", old->elsewhere);
	snprintf(old->temporary, sizeof old->temporary, "%s/tmp", old->elsewhere);
	assert_int_equal(mkdir(old->temporary, 0700), 0);
	assert_int_equal(setenv("TMPDIR", old->temporary, 1), 0);
	*state = old;
	return 0;
}

static int tear_down(void **state)
{
	struct old *old = *state;
	char command[200];
	unsetenv("TMPDIR");
	calls_left = 0;
	links_refused = false;
	snprintf(command, sizeof command, "rm -rf '%s' '%s'", old->place.folder, old->elsewhere);
	free(old);
	return system(command);
}

static void copy_file(const char *from, const char *to)
{
	char command[400];
	snprintf(command, sizeof command, "cp -p '%s' '%s'", from, to);
	assert_int_equal(system(command), 0);
}

static void make_old(struct old *old)
{
	make_full(old->place.path);
	copy_file(old->place.path, old->original);
}

static void assert_untouched(const struct old *old)
{
	assert_true(same_bytes(old->place.path, old->original));
	assert_int_equal(files_in(old->place.folder), 1);
	assert_int_equal(files_in(old->temporary), 0);
}

static int64_t count(const struct case_file *file, const char *sql)
{
	sqlite3_stmt *select = NULL;
	assert_int_equal(
		sqlite3_prepare_v2(case_database(file), sql, -1, &select, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(select), SQLITE_ROW);
	int64_t result = sqlite3_column_int64(select, 0);
	sqlite3_finalize(select);
	return result;
}

static void assert_holds(const struct case_file *file, const struct old *old)
{
	uint8_t before[HASH_SIZE], after[HASH_SIZE];
	int64_t rows = digest_of(old->original, before);
	assert_true(rows >= 25 * ROWS);
	assert_int_equal(digest(case_database(file), after), rows);
	assert_memory_equal(before, after, HASH_SIZE);
	assert_int_equal(count(file, "SELECT count(*) FROM event_order NATURAL JOIN event"), ROWS);
	assert_int_equal(count(file, "SELECT count(*) FROM event_order"), ROWS);
}

static void a_reader_gets_a_private_copy(void **state)
{
	struct old *old = *state;
	struct error error = {0};
	make_old(old);
	struct case_file *file = place_open(&old->place, CASE_READ);
	assert_holds(file, old);
	assert_non_null(strstr(case_notice(file), "private copy"));
	assert_true(case_read_only(file));
	assert_int_equal(files_in(old->place.folder), 1);
	struct case_file *again = case_open_again(file, &error);
	assert_non_null(again);
	assert_holds(again, old);
	case_close(again);
	assert_int_equal(sqlite3_exec(case_database(file), "DELETE FROM meta", NULL, NULL, NULL),
		SQLITE_AUTH);
	case_close(file);
	assert_untouched(old);
}

static void backup_of(const struct old *old, const char *number, char path[160])
{
	snprintf(path, 160, "%s.schema-1%s.bak", old->place.path, number);
}

static void assert_migrated(const struct old *old, const char *number)
{
	char backup[160];
	struct stat status;
	backup_of(old, number, backup);
	assert_true(same_bytes(backup, old->original));
	assert_int_equal(stat(old->place.path, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	assert_int_equal(status.st_nlink, 1);
	assert_int_equal(stat(backup, &status), 0);
	assert_int_equal(status.st_mode & 0777, 0640);
	struct case_file *file = place_open(&old->place, CASE_READ);
	assert_holds(file, old);
	assert_null(case_notice(file));
	case_close(file);
}

static void a_writer_puts_a_copy_in_its_place(void **state)
{
	struct old *old = *state;
	make_old(old);
	struct case_file *file = place_open(&old->place, CASE_WRITE);
	assert_holds(file, old);
	assert_non_null(strstr(case_notice(file), "c.breach.schema-1.bak"));
	/* The lock is on the new file. */
	struct error error = {0};
	pid_t child = fork();
	if (child == 0)
		_exit(case_open(old->place.path, &(struct case_options){.mode = CASE_WRITE}, &error)
				? 1
			: error.code == ERROR_CASE_LOCKED ? 0
							  : 2);
	int result;
	assert_int_equal(waitpid(child, &result, 0), child);
	assert_int_equal(result, 0);
	place_run(file, "INSERT INTO meta(name, value) VALUES('x', 'y')");
	place_run(file, "DELETE FROM meta WHERE name = 'x'");
	case_close(file);
	assert_int_equal(files_in(old->place.folder), 2);
	assert_migrated(old, "");
	/* An old file is never written over. */
	copy_file(old->original, old->place.path);
	case_close(place_open(&old->place, CASE_CREATE));
	assert_int_equal(files_in(old->place.folder), 3);
	assert_migrated(old, "");
	assert_migrated(old, ".2");
}

static void a_folder_without_links(void **state)
{
	struct old *old = *state;
	char taken[160];
	make_old(old);
	backup_of(old, "", taken);
	place_write(taken, "mine", 4);
	links_refused = true;
	case_close(place_open(&old->place, CASE_WRITE));
	assert_migrated(old, ".2");
	assert_int_equal(files_in(old->place.folder), 3);
	struct stat status;
	assert_int_equal(stat(taken, &status), 0);
	assert_int_equal(status.st_size, 4);
}

/* In a child, which may be killed: 0 when the case could be opened, else the error's code. */
static int open_in_child(const struct old *old, enum case_mode mode, int calls, rlim_t most)
{
	pid_t child = fork();
	if (child == 0) {
		struct error error = {0};
		struct rlimit limit = {most, most};
		if (setrlimit(RLIMIT_FSIZE, &limit) != 0 ||
			setrlimit(RLIMIT_CORE, &(struct rlimit){0}))
			_exit(1);
		calls_left = calls;
		struct case_file *file =
			case_open(old->place.path, &(struct case_options){.mode = mode}, &error);
		case_close(file);
		_exit(file ? 0 : (int)error.code);
	}
	int result;
	assert_int_equal(waitpid(child, &result, 0), child);
	return WIFSIGNALED(result) ? KILLED : WEXITSTATUS(result);
}

/* After a kill: the old case or the new one stands in its place, and nothing was lost. */
static bool assert_whole(const struct old *old)
{
	char backup[160], command[240];
	backup_of(old, "", backup);
	bool migrated = !same_bytes(old->place.path, old->original);
	if (migrated)
		assert_migrated(old, "");
	else if (access(backup, F_OK) == 0)
		assert_true(same_bytes(backup, old->original));
	struct case_file *file = place_open(&old->place, CASE_WRITE);
	assert_holds(file, old);
	case_close(file);
	/* What the kill left is gone: no hidden file stays. */
	snprintf(command, sizeof command, "ls -A '%s' | grep -q '^\\.'", old->place.folder);
	assert_int_not_equal(system(command), 0);
	snprintf(
		command, sizeof command, "rm -rf '%s'/* '%s'/*", old->place.folder, old->temporary);
	assert_int_equal(system(command), 0);
	copy_file(old->original, old->place.path);
	return migrated;
}

static void killed_on_the_way_to_its_place(void **state)
{
	struct old *old = *state;
	int old_ones = 0, new_ones = 0, calls = 1;
	make_old(old);
	for (; open_in_child(old, CASE_WRITE, calls, RLIM_INFINITY) == KILLED; calls++) {
		if (assert_whole(old))
			new_ones++;
		else
			old_ones++;
	}
	assert_true(old_ones >= 5);
	assert_true(new_ones >= 2);
	assert_migrated(old, "");
}

static void killed_in_the_midst_of_rows(void **state)
{
	struct old *old = *state;
	make_old(old);
	struct stat status;
	assert_int_equal(stat(old->original, &status), 0);
	/* What started the test may ignore it, and a child inherits that. */
	signal(SIGXFSZ, SIG_DFL);
	for (rlim_t most = 1; most < (rlim_t)status.st_size; most = most * 20 + 3) {
		assert_int_equal(open_in_child(old, CASE_WRITE, 0, most), KILLED);
		assert_false(assert_whole(old));
		assert_int_equal(open_in_child(old, CASE_READ, 0, most), KILLED);
		assert_true(same_bytes(old->place.path, old->original));
		assert_int_equal(files_in(old->place.folder), 1);
	}
}

static void no_room(void **state)
{
	struct old *old = *state;
	make_old(old);
	signal(SIGXFSZ, SIG_IGN);
	for (rlim_t most = 1; most < 1000000; most = most * 30) {
		assert_int_equal(open_in_child(old, CASE_WRITE, 0, most), ERROR_CASE_IO);
		assert_untouched(old);
		assert_int_equal(open_in_child(old, CASE_READ, 0, most), ERROR_CASE_IO);
		assert_untouched(old);
	}
	signal(SIGXFSZ, SIG_DFL);
	case_close(place_open(&old->place, CASE_WRITE));
	assert_migrated(old, "");
}

static void meddle(const char *path, const char *sql)
{
	sqlite3 *database = open_raw(path);
	run(database, sql);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void refused(struct old *old, enum error_code code, const char *words)
{
	static const enum case_mode modes[] = {CASE_READ, CASE_WRITE};
	unlink(old->original);
	copy_file(old->place.path, old->original);
	for (size_t i = 0; i < ARRAY_LENGTH(modes); i++) {
		struct error error = {0};
		assert_null(case_open(
			old->place.path, &(struct case_options){.mode = modes[i]}, &error));
		if (!strstr(error.message, words))
			fail_msg("%s: not %s", error.message, words);
		assert_int_equal(error.code, code);
		assert_untouched(old);
	}
	unlink(old->place.path);
}

static void what_is_refused(void **state)
{
	struct old *old = *state;
	make_full(old->place.path);
	meddle(old->place.path, "PRAGMA user_version=4");
	refused(old, ERROR_CASE_NEWER, "schema 4");
	make_full(old->place.path);
	meddle(old->place.path, "CREATE TABLE mine(a)");
	refused(old, ERROR_CASE_FOREIGN, "not those of schema 1");
	make_full(old->place.path);
	meddle(old->place.path, "DROP TABLE posting; CREATE VIEW posting AS SELECT 1");
	refused(old, ERROR_CASE_FOREIGN, "not those of schema 1");
	/* The schema has to be that of the version it claims. */
	make_full(old->place.path);
	meddle(old->place.path, "PRAGMA user_version=2");
	refused(old, ERROR_CASE_FOREIGN, "not those of schema 2");
	case_close(place_open(&old->place, CASE_CREATE));
	meddle(old->place.path, "PRAGMA user_version=1");
	refused(old, ERROR_CASE_FOREIGN, "not those of schema 1");
	/* Rows that schema 1 does not allow either. */
	make_full(old->place.path);
	meddle(old->place.path, "PRAGMA ignore_check_constraints=ON; UPDATE host SET basis = 9");
	refused(old, ERROR_CASE_DAMAGED, "damaged");
}

/* A crash in a change of an old case: undone in the private copy before that is migrated. */
static void a_crash_left_its_journal(void **state)
{
	struct old *old = *state;
	struct error error = {0};
	char journal[160];
	make_old(old);
	pid_t child = fork();
	if (child == 0) {
		run(open_raw(old->place.path),
			"PRAGMA cache_size=1; BEGIN; UPDATE source SET name = 'no';"
			"UPDATE block SET text = zeroblob(60000)");
		_exit(1);
	}
	int result;
	assert_int_equal(waitpid(child, &result, 0), child);
	snprintf(journal, sizeof journal, "%s-journal", old->place.path);
	assert_int_equal(access(journal, F_OK), 0);
	struct case_file *file = place_open(&old->place, CASE_READ);
	assert_holds(file, old);
	assert_non_null(strstr(case_notice(file), "undone in a private copy"));
	assert_non_null(strstr(case_notice(file), "has schema 1"));
	case_close(file);
	assert_int_equal(files_in(old->temporary), 0);
	assert_int_equal(files_in(old->place.folder), 2);
	file = case_open(old->place.path,
		&(struct case_options){.mode = CASE_WRITE, .recover = true}, &error);
	assert_non_null(file);
	assert_holds(file, old);
	case_close(file);
	assert_int_equal(access(journal, F_OK), -1);
}

/* A case as the program makes it, with events in blocks, links and decisions. */
static void make_real(const char *path)
{
	struct error error = {0};
	struct case_file *file =
		case_open(path, &(struct case_options){.mode = CASE_CREATE}, &error);
	assert_non_null(file);
	struct writer_source source = {.name = span_string("log.csv"),
		.format = span_string("csv"),
		.importer = span_string("test 1"),
		.options = span_string(""),
		.imported = 1579478400000000};
	struct writer *writer = writer_begin(file, &source, &error);
	assert_non_null(writer);
	int64_t host = 0, event;
	for (int i = 0; i < 3000; i++) {
		struct moment moment = {.from = 1000000 * (i % 700), .to = 1000000 * (i % 700) + 1};
		char name[32], message[200];
		int length = snprintf(message, sizeof message, "message %d with \xff and NUL", i);
		snprintf(name, sizeof name, "ws%02d", i % 20);
		struct draft_cell named = {.field = kind_field_find(KIND_HOST, span_string("name")),
			.text = span_string(name)};
		struct draft draft = DRAFT(KIND_HOST);
		draft.cells = &named;
		draft.cell_count = 1;
		draft.end = 9;
		if (i < 20)
			assert_true(writer_record(writer, &draft, &host, NULL, &error));
		struct draft_cell cells[] = {
			{.field = kind_field_find(KIND_EVENT, span_string("time")),
				.text = span_string("then"),
				.moment = &moment},
			{.field = kind_field_find(KIND_EVENT, span_string("host")),
				.text = span_string(name)},
			{.field = kind_field_find(KIND_EVENT, span_string("message")),
				.text = span_of(message, (size_t)length + 1)},
		};
		draft = DRAFT(KIND_EVENT);
		draft.cells = cells;
		draft.cell_count = ARRAY_LENGTH(cells);
		draft.start = (uint64_t)i * 10;
		draft.end = draft.start + 9;
		if (!writer_record(writer, &draft, &event, NULL, &error))
			fail_msg("%s", error.message);
	}
	struct writer_totals totals = {.size = 30000, .taken = 3000, .sha256 = {1}};
	assert_true(writer_finish(writer, &totals, &error));
	struct journal_entry entry = {.reviewer = span_string("R. Viewer"),
		.clock = 1600000000000000,
		.id = {.kind = KIND_HOST, .id = host},
		.field = span_string("status"),
		.after = span_string("confirmed"),
		.reason = span_string("seen")};
	assert_true(journal_set(file, &entry, &error));
	entry.field = span_string("same_as");
	entry.after = (struct span){0};
	assert_true(journal_link(file, &entry, (struct record_id){KIND_HOST, host - 1},
		span_string("detail"), &error));
	case_close(file);
}

static void take_down_table(void *context, sqlite3 *schema, const char *table)
{
	sqlite3 *database = context;
	char before[128], after[128];
	if (strcmp(table, "edge") == 0)
		return;
	snprintf(before, sizeof before, "INSERT INTO \"%s\" SELECT ", table);
	snprintf(after, sizeof after, " FROM later.\"%s\"", table);
	(void)schema;
	sqlite3_stmt *insert = about_table(database, table, before, after);
	assert_int_equal(sqlite3_step(insert), SQLITE_DONE);
	sqlite3_finalize(insert);
}

static void note_finding(void *context, const struct verify_finding *finding)
{
	(void)context;
	if (finding->severity == VERIFY_ERROR)
		print_error("%s\n", finding->message);
}

static void assert_sound(const struct case_file *file, uint8_t head[HASH_SIZE])
{
	struct error error = {0};
	struct verify_result result;
	const struct verify_options options = {.full = true, .found = note_finding};
	assert_true(verify_case(file, &options, &result, &error));
	assert_int_equal(result.errors, 0);
	assert_int_equal(result.journal_entries, 2);
	memcpy(head, result.journal_head, HASH_SIZE);
	assert_int_equal(count(file, "SELECT count(*) FROM event_order"), 3000);
	assert_true(count(file, "SELECT count(*) FROM block") > 1);
}

static void it_verifies(void **state)
{
	struct old *old = *state;
	char later[160], sql[200];
	uint8_t before[HASH_SIZE], after[HASH_SIZE];
	place_file(&old->place, "later", later);
	make_real(later);
	sqlite3 *database = open_raw(old->place.path);
	make_schema_1(database);
	snprintf(sql, sizeof sql, "ATTACH '%s' AS later", later);
	run(database, sql);
	each_table(take_down_table, database);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
	struct error error = {0};
	struct case_file *file =
		case_open(later, &(struct case_options){.mode = CASE_READ}, &error);
	assert_non_null(file);
	assert_sound(file, before);
	case_close(file);
	file = place_open(&old->place, CASE_READ);
	assert_sound(file, after);
	assert_memory_equal(before, after, HASH_SIZE);
	case_close(file);
	file = place_open(&old->place, CASE_WRITE);
	assert_sound(file, after);
	assert_memory_equal(before, after, HASH_SIZE);
	case_close(file);
}

/* Pairs of two sources that can be seen and one that was taken back: more than one stretch of them
 * at host 1, host 2 without any time, sums of events, ids and numbers that no import writes. */
static const char edges[] =
	"INSERT INTO source(id, name, size, sha256, format, importer, options, imported, state)"
	" VALUES(1, 'a', 0, zeroblob(32), '', '', '', 0, 'ready'),"
	" (2, 'b', 0, zeroblob(32), '', '', '', 0, 'ready'),"
	" (3, 'c', 0, zeroblob(32), '', '', '', 0, 'withdrawn');"
	"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 1300)"
	" INSERT INTO edge SELECT 5, 1, 6, x * x % 4001, s.id, x * s.id, x * 1000000 - 5000000,"
	" x * 1000007 FROM n CROSS JOIN source s GROUP BY s.id, x * x % 4001;"
	"INSERT INTO edge VALUES(5, 2, 6, 7, 1, 3, 9223372036854775807, -9223372036854775808),"
	" (5, 2, 12, 0, 1, 3, -5, 5), (5, 2, 12, 0, 2, 4, 1, 1),"
	" (6, 7, 12, 0, 1, 3, 0, 0), (5, 3, 6, -9223372036854775807, 1, -1, 8, 7),"
	" (5, 3, 6, 9223372036854775807, 1, 1, -9223372036854775807, 9223372036854775807);";

/* What the rows of the old case say of a record: as the sums, in their order. */
static const char expected_sums[] =
	"SELECT 0, e.b_kind, e.b_record, sum(e.count), min(e.source) FROM edge e"
	" JOIN source s ON s.id = e.source AND s.state = 'ready'"
	" WHERE e.a_kind = ?1 AND e.a_record = ?2 GROUP BY 2, 3 UNION ALL"
	" SELECT 1, e.a_kind, e.a_record, sum(e.count), min(e.source) FROM edge e"
	" JOIN source s ON s.id = e.source AND s.state = 'ready'"
	" WHERE e.b_kind = ?1 AND e.b_record = ?2 AND e.b_record <> 0 GROUP BY 2, 3"
	" ORDER BY 1, 2, 3 LIMIT ?3";

static void assert_sums(const struct case_file *file, sqlite3 *old, struct record_id id, int limit)
{
	struct error error = {0};
	struct edge_sums sums;
	sqlite3_stmt *select = NULL;
	assert_int_equal(sqlite3_prepare_v2(old, expected_sums, -1, &select, NULL), SQLITE_OK);
	sqlite3_bind_int(select, 1, (int)id.kind);
	sqlite3_bind_int64(select, 2, id.id);
	sqlite3_bind_int(select, 3, limit);
	assert_true(edge_sums_read(file, id, (size_t)limit, &sums, &error));
	for (size_t i = 0; i < sums.count; i++) {
		assert_int_equal(sqlite3_step(select), SQLITE_ROW);
		assert_int_equal(sqlite3_column_int(select, 0), sums.items[i].way);
		assert_int_equal(sqlite3_column_int(select, 1), sums.items[i].b.kind);
		assert_int_equal(sqlite3_column_int64(select, 2), sums.items[i].b.id);
		assert_int_equal(sqlite3_column_int64(select, 3), sums.items[i].count);
		assert_int_equal(sqlite3_column_int64(select, 4), sums.items[i].source);
	}
	assert_int_equal(sqlite3_step(select), SQLITE_DONE);
	edge_sums_free(&sums);
	sqlite3_finalize(select);
}

static void edges_are_packed(void **state)
{
	struct old *old = *state;
	static const char *const versions[] = {"PRAGMA user_version=1", "PRAGMA user_version=2"};
	for (size_t version = 0; version < ARRAY_LENGTH(versions); version++) {
		sqlite3 *database = open_raw(old->place.path);
		make_schema(
			database, versions[version], version == 0 ? schema_sql_1 : schema_sql_2);
		run(database, edges);
		struct case_file *file = place_open(&old->place, CASE_READ);
		static const int limits[] = {0, 1, 2, 500, 513, 100000};
		static const struct record_id ids[] = {{KIND_HOST, 1}, {KIND_HOST, 2},
			{KIND_HOST, 3}, {KIND_HOST, 4}, {KIND_ACCOUNT, 7}, {KIND_ACCOUNT, 4},
			{KIND_ACCOUNT, INT64_MAX}};
		for (size_t i = 0; i < ARRAY_LENGTH(ids); i++)
			for (size_t j = 0; j < ARRAY_LENGTH(limits); j++)
				assert_sums(file, database, ids[i], limits[j]);
		assert_true(count(file, "SELECT count(*) FROM edge WHERE a_kind = 5"
					" AND a_record = 1") >= 6);
		case_close(file);
		assert_int_equal(sqlite3_close(database), SQLITE_OK);
		unlink(old->place.path);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_reader_gets_a_private_copy, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_writer_puts_a_copy_in_its_place, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_folder_without_links, set_up, tear_down),
		cmocka_unit_test_setup_teardown(killed_on_the_way_to_its_place, set_up, tear_down),
		cmocka_unit_test_setup_teardown(killed_in_the_midst_of_rows, set_up, tear_down),
		cmocka_unit_test_setup_teardown(no_room, set_up, tear_down),
		cmocka_unit_test_setup_teardown(what_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_crash_left_its_journal, set_up, tear_down),
		cmocka_unit_test_setup_teardown(it_verifies, set_up, tear_down),
		cmocka_unit_test_setup_teardown(edges_are_packed, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
