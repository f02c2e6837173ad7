/* Cases that somebody made to do harm, and files that are no cases. */
#include "case_place.h"

#include "casefile/journal.h"
#include "casefile/listing.h"
#include "casefile/record.h"
#include "casefile/source.h"
#include "casefile/verify.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const struct case_options reading = {.mode = CASE_READ, .recover = true};
static const struct case_options writing = {.mode = CASE_WRITE, .recover = true};

static void make(const char *path)
{
	struct error error = {0};
	unlink(path);
	if (!case_create(path, NULL, &error))
		fail_msg("%s", error.message);
}

/* Runs SQL on a file as another program would, with everything allowed. */
static void meddle(const char *path, const char *sql)
{
	sqlite3 *database;
	char *said = NULL;
	/* Opening a case bounds all of SQLite in the process. */
	sqlite3_soft_heap_limit64(0);
	sqlite3_hard_heap_limit64(0);
	assert_int_equal(sqlite3_open(path, &database), SQLITE_OK);
	sqlite3_exec(database, "PRAGMA synchronous=OFF", NULL, NULL, NULL);
	if (sqlite3_exec(database, sql, NULL, NULL, &said) != SQLITE_OK)
		fail_msg("%s: %s", sql, said);
	assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

/* Refused by reader and writer alike, soon, with this code and a sentence. */
static void refused(const char *path, enum error_code code, const char *what)
{
	struct timespec before, after;
	clock_gettime(CLOCK_MONOTONIC, &before);
	const struct case_options *const options[] = {&reading, &writing};
	for (size_t i = 0; i < ARRAY_LENGTH(options); i++) {
		struct error error = {0};
		struct case_file *file = case_open(path, options[i], &error);
		if (file)
			fail_msg("opened: %s", what);
		if (error.code != code)
			fail_msg("%s: %d, %s", what, error.code, error.message);
		assert_true(strlen(error.message) > 10);
	}
	clock_gettime(CLOCK_MONOTONIC, &after);
	assert_true(after.tv_sec - before.tv_sec <= 2);
}

static void what_is_no_case(void **state)
{
	const struct place *place = *state;
	char path[160];
	place_file(place, "x", path);
	place_write(path, "", 0);
	refused(path, ERROR_CASE_FOREIGN, "empty");
	place_write(path, "SQLite format 3", 16);
	refused(path, ERROR_CASE_FOREIGN, "cut header");
	char junk[4096];
	memset(junk, 'j', sizeof junk);
	place_write(path, junk, sizeof junk);
	refused(path, ERROR_CASE_FOREIGN, "junk");
	unlink(path);
	meddle(path, "CREATE TABLE t(a)");
	refused(path, ERROR_CASE_FOREIGN, "another program's");
	make(path);
	meddle(path, "PRAGMA user_version=0");
	refused(path, ERROR_CASE_FOREIGN, "no version");
	meddle(path, "PRAGMA user_version=7");
	refused(path, ERROR_CASE_NEWER, "newer");
	struct error error = {0};
	assert_null(case_open(path, &reading, &error));
	assert_non_null(strstr(error.message, "schema 7"));
	unlink(path);
	meddle(path, "PRAGMA encoding='UTF-16'; CREATE TABLE t(a); PRAGMA user_version=1;"
		     "PRAGMA application_id=1114789987");
	refused(path, ERROR_CASE_FOREIGN, "UTF-16");
}

static void what_is_no_file(void **state)
{
	const struct place *place = *state;
	char link[160], pipe[160];
	make(place->path);
	place_file(place, "link", link);
	place_file(place, "pipe", pipe);
	assert_int_equal(symlink(place->path, link), 0);
	assert_int_equal(mkfifo(pipe, 0600), 0);
	alarm(10);
	refused(link, ERROR_CASE_FOREIGN, "link");
	refused(pipe, ERROR_CASE_FOREIGN, "pipe");
	refused(place->folder, ERROR_CASE_FOREIGN, "folder");
	refused("/dev/zero", ERROR_CASE_FOREIGN, "device");
	refused("/dev/null", ERROR_CASE_FOREIGN, "null");
	refused("/proc/self/mem", ERROR_CASE_IO, "memory"); /* a regular file, says the system */
	refused(".", ERROR_CASE_FOREIGN, "dot");
	alarm(0);
	/* Nor is anything made through a link. */
	char hanging[160];
	struct error error = {0};
	place_file(place, "hanging", hanging);
	place_file(place, "target", pipe);
	assert_int_equal(symlink(pipe, hanging), 0);
	assert_false(case_create(hanging, NULL, &error));
	assert_int_equal(error.code, ERROR_USAGE);
	assert_int_not_equal(access(pipe, F_OK), 0);
	assert_null(case_open(hanging, &(struct case_options){.mode = CASE_CREATE}, &error));
	assert_int_not_equal(access(pipe, F_OK), 0);
}

static void foreign_schemas(void **state)
{
	static const char *const bombs[] = {
		"CREATE VIEW v AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x FROM n)"
		" SELECT count(*) FROM n",
		"DROP TABLE problem; CREATE VIEW problem AS WITH RECURSIVE n(x) AS (SELECT 1"
		" UNION ALL SELECT x FROM n) SELECT * FROM n",
		"CREATE TABLE g(a, b AS (zeroblob(1000000000)), c AS (hex(b)))",
		"CREATE TRIGGER t AFTER INSERT ON meta BEGIN DELETE FROM journal; END",
		"CREATE INDEX i ON meta(value)",
		"CREATE INDEX i ON host(zeroblob(900000000))",
		"DROP INDEX host_order",
		"ALTER TABLE meta ADD COLUMN other TEXT",
		"CREATE VIRTUAL TABLE f USING fts5(a)",
		"ANALYZE",
		"PRAGMA writable_schema=ON; UPDATE sqlite_schema SET sql = replace(sql, 'CHECK',"
		" 'check') WHERE name = 'host'",
		"PRAGMA writable_schema=ON; INSERT INTO sqlite_schema WITH RECURSIVE n(x) AS"
		" (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 300000) SELECT 'view',"
		" 'v' || x, 'v' || x, 0, 'CREATE VIEW v' || x || ' AS SELECT 1' FROM n",
		"PRAGMA writable_schema=ON; INSERT INTO sqlite_schema VALUES('view', 'v', 'v', 0,"
		" 'CREATE VIEW v AS SELECT ' || replace(hex(zeroblob(2000000)), '00', '1+') || "
		"'1')",
	};
	const struct place *place = *state;
	for (size_t i = 0; i < ARRAY_LENGTH(bombs); i++) {
		make(place->path);
		meddle(place->path, bombs[i]);
		struct rusage before, after;
		getrusage(RUSAGE_SELF, &before);
		struct error error = {0};
		struct timespec start, end;
		clock_gettime(CLOCK_MONOTONIC, &start);
		struct case_file *file = case_open(place->path, &reading, &error);
		if (file)
			fail_msg("opened: %s", bombs[i]);
		if (error.code != ERROR_CASE_FOREIGN && error.code != ERROR_CASE_DAMAGED)
			fail_msg("%s: %s", bombs[i], error.message);
		clock_gettime(CLOCK_MONOTONIC, &end);
		getrusage(RUSAGE_SELF, &after);
		assert_true(end.tv_sec - start.tv_sec <= 1);
		assert_true(after.ru_maxrss - before.ru_maxrss < 100 * 1024);
	}
}

static void add_number(struct buffer *bytes, uint32_t number)
{
	for (int shift = 24; shift >= 0; shift -= 8)
		buffer_add_byte(bytes, (char)(number >> shift & 0xff));
}

/* A hot journal whose super-journal is another file: SQLite deletes that when it rolls back. */
static void write_journal(const char *path, const char *super, uint32_t pages)
{
	static const char magic[] = "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
	struct buffer bytes = {0};
	buffer_add(&bytes, magic, 8);
	add_number(&bytes, 0); /* records */
	add_number(&bytes, 1); /* nonce */
	add_number(&bytes, pages);
	add_number(&bytes, 512);
	add_number(&bytes, 16384);
	while (bytes.length < 512)
		buffer_add_byte(&bytes, 0);
	if (super) {
		uint32_t sum = 0;
		for (const char *at = super; *at; at++)
			sum += (unsigned char)*at;
		add_number(&bytes, 0x40000000 / 16384 + 1);
		buffer_add_string(&bytes, super);
		add_number(&bytes, (uint32_t)strlen(super));
		add_number(&bytes, sum);
		buffer_add(&bytes, magic, 8);
	}
	assert_false(buffer_failed(&bytes));
	place_write(path, bytes.data, bytes.length);
	buffer_free(&bytes);
}

static void a_journal_that_deletes(void **state)
{
	const struct place *place = *state;
	char victim[160], journal[160];
	place_file(place, "victim", victim);
	place_file(place, "c.breach-journal", journal);
	make(place->path);
	place_write(victim, "precious", 8);
	write_journal(journal, victim, 2);
	refused(place->path, ERROR_CASE_FOREIGN, "super-journal");
	assert_int_equal(access(victim, F_OK), 0);
	assert_int_equal(access(journal, F_OK), 0);
	struct error error = {0};
	assert_false(case_create(victim, NULL, &error));
	char copy[160];
	place_file(place, "copy", copy);
	assert_false(case_create(copy, place->path, &error));
	assert_int_equal(access(victim, F_OK), 0);
	/* The weapon is loaded: SQLite by itself would have. */
	sqlite3 *database;
	assert_int_equal(sqlite3_open(place->path, &database), SQLITE_OK);
	sqlite3_exec(database, "SELECT * FROM meta", NULL, NULL, NULL);
	sqlite3_close(database);
	assert_int_not_equal(access(victim, F_OK), 0);
}

/* A hot journal that would make the case nothing, or so large that nobody could carry it. */
static void a_journal_that_resizes(void **state)
{
	const struct place *place = *state;
	char journal[160];
	place_file(place, "c.breach-journal", journal);
	make(place->path);
	struct stat status;
	assert_int_equal(stat(place->path, &status), 0);
	const uint32_t pages = (uint32_t)(status.st_size / 16384);
	const uint32_t wrong[] = {0, pages + 1, 1000000000, UINT32_MAX};
	for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++) {
		write_journal(journal, NULL, wrong[i]);
		refused(place->path, ERROR_CASE_FOREIGN, "another size");
		struct stat after;
		assert_int_equal(stat(place->path, &after), 0);
		assert_int_equal(after.st_size, status.st_size);
	}
	write_journal(journal, NULL, pages);
	struct error error = {0};
	struct case_file *file = case_open(place->path, &writing, &error);
	if (!file)
		fail_msg("%s", error.message);
	case_close(file);
}

static void side_files(void **state)
{
	const struct place *place = *state;
	static const char *const suffixes[] = {"-journal", "-wal", "-shm"};
	make(place->path);
	char beside[160], target[160];
	place_file(place, "target", target);
	place_write(target, "precious", 8);
	for (size_t i = 0; i < ARRAY_LENGTH(suffixes); i++) {
		snprintf(beside, sizeof beside, "%s%s", place->path, suffixes[i]);
		assert_int_equal(symlink(target, beside), 0);
		refused(place->path, ERROR_CASE_FOREIGN, beside);
		assert_int_equal(unlink(beside), 0);
		assert_int_equal(mkfifo(beside, 0600), 0);
		alarm(10);
		refused(place->path, ERROR_CASE_FOREIGN, beside);
		alarm(0);
		assert_int_equal(unlink(beside), 0);
	}
	/* Another case's log, as SQLite makes it. */
	char other[160], log[160];
	place_file(place, "other", other);
	place_file(place, "other-wal", log);
	snprintf(beside, sizeof beside, "%s-wal", place->path);
	make(other);
	sqlite3 *database;
	assert_int_equal(sqlite3_open(other, &database), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(database, "PRAGMA journal_mode=WAL; UPDATE meta SET value = 'swapped'",
			NULL, NULL, NULL),
		SQLITE_OK);
	assert_int_equal(link(log, beside), 0);
	refused(place->path, ERROR_CASE_FOREIGN, "a stranger's log");
	sqlite3_close(database);
	assert_int_equal(unlink(beside), 0);
	struct error error = {0};
	struct case_file *file = case_open(place->path, &reading, &error);
	assert_non_null(file);
	case_close(file);
}

/* One that is swapped while it is open is never read together with the other. */
static void a_case_that_is_replaced(void **state)
{
	const struct place *place = *state;
	char away[160], other[160];
	place_file(place, "away", away);
	place_file(place, "other", other);
	make(place->path);
	make(other);
	struct case_file *file = place_open(place, CASE_READ);
	struct error error = {0};
	assert_int_equal(rename(place->path, away), 0);
	assert_null(case_open_again(file, &error));
	assert_int_equal(rename(other, place->path), 0);
	assert_null(case_open_again(file, &error));
	assert_int_equal(error.code, ERROR_CASE_LOCKED);
	assert_non_null(strstr(error.message, "replaced"));
	assert_int_equal(rename(away, place->path), 0);
	struct case_file *again = case_open_again(file, &error);
	assert_non_null(again);
	case_close(again);
	case_close(file);
}

static void a_huge_cell(void **state)
{
	const struct place *place = *state;
	make(place->path);
	meddle(place->path,
		"INSERT INTO source(id, name, size, sha256, format, importer, options, imported,"
		" state) VALUES(1, 'a', 80000000, zeroblob(32), 'text', 'x', '', 0, 'ready');"
		"INSERT INTO source_content VALUES(1, zeroblob(80000000))");
	struct case_file *file = place_open(place, CASE_READ);
	struct error error = {0};
	struct buffer bytes = {0};
	struct rusage before, after;
	getrusage(RUSAGE_SELF, &before);
	assert_true(source_bytes(file, 1, 79999990, 80000000, NULL, &bytes, &error));
	assert_int_equal(bytes.length, 10);
	buffer_free(&bytes);
	assert_false(source_bytes(file, 1, 0, 80000000, NULL, &bytes, &error));
	assert_int_equal(error.code, ERROR_LIMIT);
	getrusage(RUSAGE_SELF, &after);
	assert_true(after.ru_maxrss - before.ru_maxrss < 40 * 1024);
	case_close(file);
}

static void ignore_finding(void *context, const struct verify_finding *finding)
{
	(void)context;
	assert_non_null(finding->message);
}

/* What an index holds has no limit of its own in SQLite. */
static void a_huge_key(void **state)
{
	const struct place *place = *state;
	make(place->path);
	meddle(place->path, "PRAGMA foreign_keys=OFF; PRAGMA journal_mode=OFF;"
			    "INSERT INTO site(id, source, start, \"end\", basis, name, name_key)"
			    " VALUES(1, 1, 0, 1, 0, cast(zeroblob(220000000) AS TEXT), 'a')");
	struct rusage before, after;
	getrusage(RUSAGE_SELF, &before);
	struct case_file *file = place_open(place, CASE_READ);
	struct error error = {0};
	struct listing *listing =
		listing_open(file, KIND_SITE, kind_info(KIND_SITE)->sort_field, false, &error);
	int64_t id;
	assert_true(!listing || listing_next(listing, &id, &error) < 0);
	assert_int_equal(error.code, ERROR_LIMIT);
	listing_close(listing);
	/* To verify it is a finding: nobody's machine is too small for it. */
	struct verify_result result;
	assert_true(verify_case(file,
		&(struct verify_options){.full = true, .found = ignore_finding}, &result, &error));
	assert_true(result.errors > 0);
	case_close(file);
	getrusage(RUSAGE_SELF, &after);
	assert_true(after.ru_maxrss - before.ru_maxrss < 180 * 1024);
}

/* Every record, one after the other: in a damaged tree too this ends. */
static void read_records(const struct case_file *file)
{
	struct error error = {0};
	struct record record = {0};
	struct record_reader *reader = record_reader_open(file, &error);
	for (int kind = KIND_NONE + 1; reader && kind < KIND_COUNT; kind++) {
		int64_t id = 0;
		while (record_next(reader, (enum kind)kind, id, &record, &error) == RECORD_FOUND) {
			assert_true(record.id.id > id);
			id = record.id.id;
		}
	}
	record_free(&record);
	record_reader_close(reader);
}

/* Opens, reads and verifies; whatever it finds, it ends well. */
static void exercise(const char *path)
{
	struct error error = {0};
	struct case_file *file = case_open(path, &(struct case_options){.mode = CASE_READ}, &error);
	if (!file) {
		assert_int_not_equal(error.code, ERROR_NONE);
		return;
	}
	struct source source = {0};
	struct buffer bytes = {0};
	int64_t id = 0;
	for (int i = 0; i < 5 && source_next(file, &id, &source, &error) > 0; i++)
		(void)!source_bytes(file, id, 0, 4, NULL, &bytes, &error);
	source_free(&source);
	buffer_free(&bytes);
	read_records(file);
	struct verify_result result;
	const struct verify_options options = {.full = true, .found = ignore_finding};
	if (!verify_case(file, &options, &result, &error))
		assert_int_not_equal(error.code, ERROR_NONE);
	case_close(file);
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

/* A small case: 512-byte pages, so that changed bytes mean something. */
static char *small_case(const struct place *place, size_t *length)
{
	make(place->path);
	meddle(place->path,
		"INSERT INTO source(id, name, size, sha256, format, importer, options, imported,"
		" state) VALUES(1, 'a', 8, zeroblob(32), 'text', 'x', '', 0, 'ready');"
		"INSERT INTO source_content VALUES(1, x'6162636465666768');"
		"INSERT INTO site(id, source, start, \"end\", basis, name, name_key)"
		" VALUES(1, 1, 0, 4, 0, 's', 's'), (2, 1, 0, 4, 0, 't', 't');"
		"INSERT INTO event(id, source, start, \"end\", basis, time_from, time_to,"
		" time_form) VALUES(1, 1, 0, 4, 0, 0, 1, 0);"
		"INSERT INTO block VALUES(1, 12, 1, 1, 1, x'6100', x'010101010100');"
		"PRAGMA page_size=512; VACUUM");
	struct case_file *file = place_open(place, CASE_WRITE);
	struct error error = {0};
	struct journal_entry entry = {.reviewer = span_string("R"),
		.id = {.kind = KIND_SITE, .id = 1},
		.field = span_string("note"),
		.after = span_string("x")};
	assert_true(journal_set(file, &entry, &error));
	case_close(file);
	exercise(place->path);
	FILE *stream = fopen(place->path, "rb");
	assert_non_null(stream);
	struct stat status;
	assert_int_equal(fstat(fileno(stream), &status), 0);
	*length = (size_t)status.st_size;
	char *bytes = malloc(*length);
	assert_non_null(bytes);
	assert_int_equal(fread(bytes, 1, *length, stream), *length);
	fclose(stream);
	return bytes;
}

static void damaged_files(void **state)
{
	const struct place *place = *state;
	size_t length;
	char *sound = small_case(place, &length);
	char *bytes = malloc(length);
	assert_non_null(bytes);
	char path[160];
	place_file(place, "damaged", path);
	uint64_t seed = 20200120;
	for (int round = 0; round < 3000; round++) {
		memcpy(bytes, sound, length);
		/* One byte in three falls into the head of a page, where it hurts. */
		for (uint64_t flips = 1 + next_random(&seed) % 6; flips > 0; flips--) {
			size_t at = (size_t)(next_random(&seed) % length);
			if (next_random(&seed) % 3 == 0)
				at = at / 512 * 512 + at % 16;
			bytes[at] = (char)next_random(&seed);
		}
		size_t kept = round % 10 == 0 ? (size_t)(next_random(&seed) % length) : length;
		place_write(path, bytes, kept);
		alarm(20);
		exercise(path);
	}
	alarm(0);
	free(bytes);
	free(sound);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_no_case),
		TEST(what_is_no_file),
		TEST(foreign_schemas),
		TEST(a_journal_that_deletes),
		TEST(a_journal_that_resizes),
		TEST(side_files),
		TEST(a_case_that_is_replaced),
		TEST(a_huge_cell),
		TEST(a_huge_key),
		TEST(damaged_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
