/* Opening, closing and making cases of our own: one writer, readers beside it, crashes. */
#include "case_place.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static void make(const char *path)
{
	struct error error = {0};
	if (!case_create(path, NULL, &error))
		fail_msg("%s", error.message);
}

static struct case_file *open_as(
	const char *path, enum case_mode mode, bool recover, struct error *error)
{
	return case_open(path, &(struct case_options){.mode = mode, .recover = recover}, error);
}

static int64_t count(const struct case_file *file, const char *sql)
{
	struct error error = {0};
	struct statement *select = statement_open_text(file, sql, &error);
	if (!select || statement_step(select, &error) != STATEMENT_ROW)
		fail_msg("%s", error.message);
	int64_t number = statement_int(select, 0);
	statement_close(select);
	return number;
}

static void meta(const struct case_file *file, const char *name, char value[64])
{
	struct error error = {0};
	struct statement *select = statement_open(file, QUERY_META_VALUE, &error);
	assert_non_null(select);
	statement_bind_text(select, 1, span_string(name));
	assert_int_equal(statement_step(select, &error), STATEMENT_ROW);
	struct span text = statement_text(select, 0);
	snprintf(value, 64, "%.*s", (int)text.length, text.data);
	assert_int_equal(statement_step(select, &error), STATEMENT_DONE);
	statement_close(select);
}

/* Files in the folder of the test. */
static int files_in(const struct place *place)
{
	DIR *folder = opendir(place->folder);
	assert_non_null(folder);
	int files = 0;
	for (struct dirent *entry; (entry = readdir(folder));)
		files += entry->d_name[0] != '.' || entry->d_name[1] == 'b';
	closedir(folder);
	return files;
}

static char *contents(const char *path, size_t *length)
{
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	struct stat status;
	assert_int_equal(fstat(fileno(file), &status), 0);
	*length = (size_t)status.st_size;
	char *bytes = malloc(*length);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, *length, file), *length);
	fclose(file);
	return bytes;
}

static void a_new_case_opens(void **state)
{
	const struct place *place = *state;
	make(place->path);
	struct stat status;
	assert_int_equal(stat(place->path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	struct case_file *file = place_open(place, CASE_READ);
	assert_string_equal(case_path(file), place->path);
	assert_string_equal(case_name(file), place->path);
	assert_true(case_read_only(file));
	assert_null(case_notice(file));
	assert_int_equal(case_size(file), status.st_size);
	char value[64];
	meta(file, "program", value);
	assert_string_equal(value, "breachx " BREACHX_VERSION);
	meta(file, "identity", value);
	assert_int_equal(strlen(value), 36);
	struct error error = {0};
	struct case_file *again = case_open_again(file, &error);
	assert_non_null(again);
	assert_true(case_read_only(again));
	assert_int_equal(count(again, "SELECT count(*) FROM meta"), 3);
	case_close(again);
	case_close(file);
	assert_false(case_create(place->path, NULL, &error));
	assert_int_equal(error.code, ERROR_USAGE);
	assert_int_equal(files_in(place), 1);
	case_close(NULL);
}

static void what_is_missing(void **state)
{
	const struct place *place = *state;
	struct error error = {0};
	char inside[160];
	place_file(place, "no/such.breach", inside);
	assert_null(open_as(place->path, CASE_READ, false, &error));
	assert_int_equal(error.code, ERROR_CASE_MISSING);
	assert_null(open_as(place->path, CASE_WRITE, false, &error));
	assert_int_equal(error.code, ERROR_CASE_MISSING);
	assert_null(open_as(inside, CASE_CREATE, false, &error));
	assert_int_equal(error.code, ERROR_CASE_MISSING);
	assert_null(open_as("", CASE_READ, false, &error));
	assert_false(case_create(place->path, inside, &error));
	assert_int_equal(files_in(place), 0);
	case_close(place_open(place, CASE_CREATE));
	case_close(place_open(place, CASE_CREATE));
	assert_int_equal(files_in(place), 1);
}

static void builds_repeat_and_copies_differ(void **state)
{
	const struct place *place = *state;
	char other[160], copy[160];
	place_file(place, "d", other);
	assert_int_equal(mkdir(other, 0700), 0);
	place_file(place, "d/c.breach", other);
	place_file(place, "copy.breach", copy);
	setenv("SOURCE_DATE_EPOCH", "1579478400", 1);
	make(place->path);
	make(other);
	unsetenv("SOURCE_DATE_EPOCH");
	size_t first, second;
	char *a = contents(place->path, &first), *b = contents(other, &second);
	assert_int_equal(first, second);
	assert_memory_equal(a, b, first);
	free(a);
	free(b);
	struct case_file *file = place_open(place, CASE_WRITE);
	place_run(file, "INSERT INTO meta VALUES('mine', 'kept')");
	char identity[64], value[64];
	meta(file, "identity", identity);
	meta(file, "created", value);
	assert_string_equal(value, "2020-01-20T00:00:00Z");
	case_close(file);
	struct error error = {0};
	if (!case_create(copy, place->path, &error))
		fail_msg("%s", error.message);
	file = open_as(copy, CASE_WRITE, false, &error);
	assert_non_null(file);
	meta(file, "mine", value);
	assert_string_equal(value, "kept");
	meta(file, "identity", value);
	assert_string_not_equal(value, identity);
	case_close(file);
}

static void only_our_statements(void **state)
{
	static const char *const refused[] = {
		"ATTACH ':memory:' AS other",
		"PRAGMA writable_schema=ON",
		"PRAGMA journal_mode=WAL",
		"CREATE TABLE t(a)",
		"CREATE TEMP VIEW v AS SELECT 1",
		"DROP TABLE meta",
		"ALTER TABLE meta RENAME TO m",
		"UPDATE sqlite_schema SET sql = ''",
		"SELECT load_extension('x')",
		"VACUUM",
	};
	const struct place *place = *state;
	struct error error = {0};
	struct case_file *file = place_open(place, CASE_CREATE);
	for (size_t i = 0; i < ARRAY_LENGTH(refused); i++)
		if (statement_execute(file, refused[i], &error))
			fail_msg("%s", refused[i]);
	assert_false(statement_execute(file, "INSERT INTO problem VALUES(1,1,1,1,1,1,'')", &error));
	case_close(file);
	file = place_open(place, CASE_READ);
	assert_false(statement_execute(file, "DELETE FROM meta", &error));
	assert_false(statement_execute(file, "BEGIN IMMEDIATE", &error));
	case_close(file);
}

/* One step that would take a day, stopped from another thread. */
static void *raise_flag(void *flag)
{
	usleep(30000);
	atomic_store((atomic_bool *)flag, true);
	return NULL;
}

static void a_statement_is_cancelled(void **state)
{
	const struct place *place = *state;
	struct error error = {0};
	struct case_file *file = place_open(place, CASE_CREATE);
	atomic_bool cancel = false;
	pthread_t thread;
	case_watch(file, &cancel);
	struct statement *endless = statement_open_text(file,
		"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) "
		"FROM n",
		&error);
	assert_non_null(endless);
	assert_int_equal(pthread_create(&thread, NULL, raise_flag, &cancel), 0);
	assert_int_equal(statement_step(endless, &error), STATEMENT_FAILED);
	assert_int_equal(error.code, ERROR_CANCELLED);
	pthread_join(thread, NULL);
	statement_close(endless);
	case_watch(file, NULL);
	/* Nothing of it stays with the connection. */
	struct statement *next = statement_open_text(file, "SELECT 1", &error);
	assert_non_null(next);
	assert_int_equal(statement_step(next, &error), STATEMENT_ROW);
	statement_close(next);
	case_close(file);
}

static void texts_are_exact(void **state)
{
	struct error error = {0};
	struct case_file *file = place_open(*state, CASE_CREATE);
	struct statement *insert =
		statement_open_text(file, "INSERT INTO meta VALUES(?1, ?2)", &error);
	assert_non_null(insert);
	statement_bind_text(insert, 1, span_of("a\0\xff", 3));
	statement_bind_text(insert, 2, span_of("", 0));
	assert_true(statement_run(insert, &error));
	statement_bind_text(insert, 1, span_string("not stated"));
	statement_bind_text(insert, 2, (struct span){0});
	assert_false(statement_run(insert, &error));
	statement_reset(insert);
	statement_bind_int(insert, 3, 1);
	assert_false(statement_run(insert, &error));
	statement_close(insert);
	struct statement *select = statement_open_text(file,
		"SELECT name, value, NULL, x'', 9223372036854775807 FROM meta"
		" WHERE value = ''",
		&error);
	assert_non_null(select);
	assert_int_equal(statement_step(select, &error), STATEMENT_ROW);
	assert_true(span_equal(statement_text(select, 0), span_of("a\0\xff", 3)));
	assert_true(span_stated(statement_text(select, 1)));
	assert_int_equal(statement_text(select, 1).length, 0);
	assert_false(span_stated(statement_text(select, 2)));
	assert_true(statement_is_null(select, 2));
	assert_true(span_stated(statement_blob(select, 3)));
	assert_true(statement_int(select, 4) == INT64_MAX);
	statement_close(select);
	case_close(file);
}

/* Runs in a process of its own; what it returns is its exit code, 99 for a signal. */
static int in_child(int (*run)(const struct place *), const struct place *place)
{
	pid_t child = fork();
	if (child == 0)
		_exit(run(place));
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

static int try_to_write(const struct place *place)
{
	struct error error = {0};
	struct case_file *file = open_as(place->path, CASE_WRITE, false, &error);
	int result = file ? 0 : (int)error.code;
	case_close(file);
	return result;
}

/* 0: reads, and sees no row that was not committed. */
static int try_to_read(const struct place *place)
{
	struct error error = {0};
	struct case_file *file = open_as(place->path, CASE_READ, false, &error);
	if (!file)
		return (int)error.code;
	int rows = (int)count(file, "SELECT count(*) FROM meta");
	int noticed = case_notice(file) != NULL;
	case_close(file);
	return rows == 3 && !noticed ? 0 : 98;
}

static int die_holding_the_lock(const struct place *place)
{
	struct error error = {0};
	struct case_file *file = open_as(place->path, CASE_WRITE, false, &error);
	if (!file)
		return 1;
	raise(SIGKILL);
	return 0;
}

static void one_writes_others_read(void **state)
{
	const struct place *place = *state;
	struct case_file *file = place_open(place, CASE_CREATE);
	assert_int_equal(in_child(try_to_write, place), ERROR_CASE_LOCKED);
	assert_int_equal(in_child(try_to_read, place), 0);
	place_run(file, "BEGIN IMMEDIATE");
	place_run(file, "INSERT INTO meta VALUES('one', 'two')");
	char journal[160];
	place_file(place, "c.breach-journal", journal);
	assert_int_equal(access(journal, F_OK), 0);
	assert_int_equal(in_child(try_to_read, place), 0);
	assert_int_equal(in_child(try_to_write, place), ERROR_CASE_LOCKED);
	place_run(file, "ROLLBACK");
	case_close(file);
	assert_int_equal(in_child(try_to_write, place), 0);
	assert_int_equal(in_child(die_holding_the_lock, place), 99);
	assert_int_equal(in_child(try_to_write, place), 0);
	assert_int_equal(files_in(place), 1);
}

/* Opens, writes and closes for as long as it is told to. */
static int write_often(const struct place *place)
{
	for (int i = 0; i < 60; i++) {
		struct error error = {0};
		struct case_file *file = open_as(place->path, CASE_WRITE, false, &error);
		bool done =
			file && statement_execute(file, "BEGIN IMMEDIATE", &error) &&
			statement_execute(file, "UPDATE meta SET value = value || 'x'", &error) &&
			statement_execute(file, "COMMIT", &error);
		case_close(file);
		if (!done)
			return 1;
	}
	return 0;
}

static int read_often(const struct place *place)
{
	for (int i = 0; i < 300; i++)
		if (try_to_read(place) != 0)
			return 1;
	return 0;
}

/* No reader is refused, told of a crash, or shown half a change. */
static void readers_beside_a_writer(void **state)
{
	const struct place *place = *state;
	int (*const run[])(const struct place *) = {write_often, read_often, read_often};
	pid_t children[ARRAY_LENGTH(run)];
	make(place->path);
	for (size_t i = 0; i < ARRAY_LENGTH(run); i++)
		if ((children[i] = fork()) == 0)
			_exit(run[i](place));
	int failed = 0;
	for (size_t i = 0; i < ARRAY_LENGTH(run); i++) {
		int status = 0;
		assert_int_equal(waitpid(children[i], &status, 0), children[i]);
		failed += status != 0;
	}
	assert_int_equal(failed, 0);
	assert_int_equal(files_in(place), 1);
}

/* A writer that dies with half a transaction in the file. */
static int crash(const struct place *place)
{
	sqlite3 *database;
	if (sqlite3_open(place->path, &database) != SQLITE_OK)
		return 1;
	if (sqlite3_exec(database,
		    "PRAGMA cache_size=2; BEGIN IMMEDIATE;"
		    "UPDATE meta SET value = 'never committed';"
		    "INSERT INTO meta SELECT 'x' || value, hex(randomblob(9000))"
		    " FROM (WITH RECURSIVE n(value) AS (SELECT 1 UNION ALL SELECT value + 1"
		    " FROM n WHERE value < 200) SELECT value FROM n)",
		    NULL, NULL, NULL) != SQLITE_OK)
		return 2;
	raise(SIGKILL);
	return 0;
}

static void a_crash_is_undone(void **state)
{
	const struct place *place = *state;
	make(place->path);
	assert_int_equal(in_child(crash, place), 99);
	assert_int_equal(files_in(place), 2);
	char journal[160];
	place_file(place, "c.breach-journal", journal);
	size_t case_length, journal_length, length;
	char *case_bytes = contents(place->path, &case_length);
	char *journal_bytes = contents(journal, &journal_length);
	struct error error = {0};
	assert_null(open_as(place->path, CASE_WRITE, false, &error));
	assert_int_equal(error.code, ERROR_CASE_DAMAGED);
	assert_non_null(strstr(error.message, "--recover"));
	/* Reading: a copy is rolled back, here nothing changes. */
	setenv("TMPDIR", place->folder, 1);
	struct case_file *file = place_open(place, CASE_READ);
	assert_int_equal(files_in(place), 3);
	assert_non_null(case_notice(file));
	assert_string_equal(case_path(file), place->path);
	assert_int_equal(count(file, "SELECT count(*) FROM meta"), 3);
	struct case_file *again = case_open_again(file, &error);
	assert_non_null(again);
	assert_int_equal(count(again, "SELECT count(*) FROM meta"), 3);
	case_close(again);
	case_close(file);
	unsetenv("TMPDIR");
	assert_int_equal(files_in(place), 2);
	char *now = contents(place->path, &length);
	assert_int_equal(length, case_length);
	assert_memory_equal(now, case_bytes, length);
	free(now);
	now = contents(journal, &length);
	assert_int_equal(length, journal_length);
	assert_memory_equal(now, journal_bytes, length);
	free(now);
	free(case_bytes);
	free(journal_bytes);
	/* Writing: undone in place, once it is asked for. */
	file = open_as(place->path, CASE_WRITE, true, &error);
	if (!file)
		fail_msg("%s", error.message);
	assert_non_null(case_notice(file));
	assert_int_equal(count(file, "SELECT count(*) FROM meta"), 3);
	case_close(file);
	assert_int_equal(files_in(place), 1);
	assert_int_equal(in_child(try_to_read, place), 0);
}

static void a_half_import_is_swept(void **state)
{
	const struct place *place = *state;
	struct case_file *file = place_open(place, CASE_CREATE);
	place_run(file, "INSERT INTO source(id, name, size, sha256, format, importer, options,"
			" imported, state) VALUES(4, 'half.csv', 0, zeroblob(32), 'csv', 'x', '',"
			" 0, 'loading')");
	case_close(file);
	file = place_open(place, CASE_READ);
	assert_null(case_notice(file));
	assert_int_equal(count(file, "SELECT count(*) FROM source"), 1);
	case_close(file);
	file = place_open(place, CASE_WRITE);
	assert_non_null(strstr(case_notice(file), "half.csv"));
	assert_int_equal(count(file, "SELECT count(*) FROM source"), 0);
	case_close(file);
}

static void reading_leaves_nothing(void **state)
{
	const struct place *place = *state;
	make(place->path);
	struct stat before, after;
	size_t length, now_length;
	char *bytes = contents(place->path, &length);
	assert_int_equal(stat(place->path, &before), 0);
	struct case_file *file = place_open(place, CASE_READ);
	assert_int_equal(count(file, "SELECT count(*) FROM sqlite_schema a, sqlite_schema b"
				     " WHERE a.name <> b.name ORDER BY a.sql, b.sql") > 0,
		1);
	assert_int_equal(files_in(place), 1);
	case_close(file);
	char *now = contents(place->path, &now_length);
	assert_int_equal(now_length, length);
	assert_memory_equal(now, bytes, length);
	free(now);
	free(bytes);
	assert_int_equal(stat(place->path, &after), 0);
	assert_true(before.st_mtim.tv_sec == after.st_mtim.tv_sec &&
		    before.st_mtim.tv_nsec == after.st_mtim.tv_nsec);
	assert_int_equal(files_in(place), 1);
	/* A file and a folder that nobody may write. */
	assert_int_equal(chmod(place->path, 0400), 0);
	assert_int_equal(chmod(place->folder, 0500), 0);
	case_close(place_open(place, CASE_READ));
	assert_int_equal(chmod(place->folder, 0700), 0);
}

/* Somebody set the case to WAL mode with another tool. */
static void wal_mode_is_undone(void **state)
{
	const struct place *place = *state;
	make(place->path);
	sqlite3 *database;
	assert_int_equal(sqlite3_open(place->path, &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database,
				 "PRAGMA journal_mode=WAL; UPDATE meta SET value = 'x' WHERE name "
				 "= 'program'",
				 NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
	char wal[160], value[64];
	place_file(place, "c.breach-wal", wal);
	for (int beside = 0; beside < 2; beside++) {
		struct case_file *file = place_open(place, CASE_READ);
		meta(file, "program", value);
		assert_string_equal(value, "x");
		assert_int_equal(files_in(place), 1 + beside);
		case_close(file);
		assert_int_equal(files_in(place), 1 + beside);
		place_write(wal, "", 0);
	}
	case_close(place_open(place, CASE_WRITE));
	assert_int_equal(files_in(place), 1);
	FILE *file = fopen(place->path, "rb");
	assert_non_null(file);
	assert_int_equal(fseek(file, 18, SEEK_SET), 0);
	assert_int_equal(fgetc(file), 1);
	fclose(file);
}

static void a_moved_case_is_not_written(void **state)
{
	const struct place *place = *state;
	char other[160];
	place_file(place, "moved.breach", other);
	struct error error = {0};
	struct case_file *file = place_open(place, CASE_CREATE);
	assert_int_equal(rename(place->path, other), 0);
	assert_false(statement_execute(file, "INSERT INTO meta VALUES('a', 'b')", &error));
	assert_non_null(strstr(error.message, "moved"));
	make(place->path);
	assert_false(statement_execute(file, "INSERT INTO meta VALUES('a', 'b')", &error));
	assert_int_equal(count(file, "SELECT count(*) FROM meta"), 3);
	case_close(file);
	assert_int_equal(in_child(try_to_read, place), 0);
}

static void the_bundled_case(void **state)
{
	(void)state;
	struct error error = {0};
	char path[4096];
	ssize_t length = readlink("/proc/self/exe", path, sizeof path - 64);
	assert_true(length > 0);
	path[length] = '\0';
	strcpy(strrchr(path, '/') + 1, "mitsubishi-electric-2020.breach");
	unlink(path);
	assert_null(case_example_path(&error));
	assert_int_equal(error.code, ERROR_CASE_MISSING);
	make(path);
	char *found = case_example_path(&error);
	assert_non_null(found);
	assert_string_equal(found, path);
	free(found);
	struct case_file *file = open_as("@example", CASE_READ, false, &error);
	assert_non_null(file);
	assert_string_equal(case_name(file), "@example");
	case_close(file);
	assert_false(case_create("@example", NULL, &error));
	assert_int_equal(error.code, ERROR_USAGE);
	assert_null(open_as("@example", CASE_WRITE, false, &error));
	assert_int_equal(error.code, ERROR_USAGE);
	assert_int_equal(unlink(path), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_new_case_opens),
		TEST(what_is_missing),
		TEST(builds_repeat_and_copies_differ),
		TEST(only_our_statements),
		TEST(a_statement_is_cancelled),
		TEST(texts_are_exact),
		TEST(one_writes_others_read),
		TEST(readers_beside_a_writer),
		TEST(a_crash_is_undone),
		TEST(a_half_import_is_swept),
		TEST(reading_leaves_nothing),
		TEST(wal_mode_is_undone),
		TEST(a_moved_case_is_not_written),
		cmocka_unit_test(the_bundled_case),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
