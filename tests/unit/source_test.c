/* Sources: their rows, and their bytes from the case or from a file that must be the same. */
#include "case_place.h"

#include "casefile/source.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void digest_of(const char *text, uint8_t digest[HASH_SIZE])
{
	struct hash hash;
	hash_begin(&hash);
	hash_add(&hash, text, strlen(text));
	hash_end(&hash, digest);
}

/* A source with this content, its bytes kept or in a file. */
static void add_source(const struct case_file *file, int64_t id, const char *content,
	const char *path, const char *state, bool kept)
{
	struct error error = {0};
	uint8_t digest[HASH_SIZE];
	digest_of(content, digest);
	struct statement *insert = statement_open_text(file,
		"INSERT INTO source(id, name, size, sha256, format, importer, options, imported,"
		" state, path, taken) VALUES(?1, 'a.csv', ?2, ?3, 'csv', 'csv 1', '', 7, ?4, ?5, "
		"3)",
		&error);
	assert_non_null(insert);
	statement_bind_int(insert, 1, id);
	statement_bind_int(insert, 2, (int64_t)strlen(content));
	statement_bind_blob(insert, 3, span_of((const char *)digest, HASH_SIZE));
	statement_bind_text(insert, 4, span_string(state));
	statement_bind_text(insert, 5, span_string(path));
	assert_true(statement_run(insert, &error));
	statement_close(insert);
	if (!kept)
		return;
	insert = statement_open_text(file, "INSERT INTO source_content VALUES(?1, ?2)", &error);
	assert_non_null(insert);
	statement_bind_int(insert, 1, id);
	statement_bind_blob(insert, 2, span_string(content));
	assert_true(statement_run(insert, &error));
	statement_close(insert);
}

static void rows_are_read(void **state)
{
	struct case_file *file = place_open(*state, CASE_CREATE);
	struct error error = {0};
	add_source(file, 2, "abc", NULL, "withdrawn", true);
	add_source(file, 5, "abc", "/x", "ready", false);
	struct source source = {0};
	int64_t id = 0;
	assert_int_equal(source_next(file, &id, &source, &error), 1);
	assert_int_equal(id, 2);
	assert_int_equal(source.state, SOURCE_WITHDRAWN);
	assert_true(source.kept);
	assert_null(source.path);
	assert_null(source.zone);
	assert_int_equal(source_next(file, &id, &source, &error), 1);
	assert_int_equal(id, 5);
	assert_false(source.kept);
	assert_string_equal(source.path, "/x");
	assert_string_equal(source.name, "a.csv");
	assert_int_equal(source.taken, 3);
	assert_int_equal(source.imported, 7);
	assert_int_equal(source_next(file, &id, &source, &error), 0);
	assert_true(source_read(file, 5, &source, &error));
	assert_int_equal(source_find(file, source.sha256, &error), 5);
	source.sha256[0] ^= 1;
	assert_int_equal(source_find(file, source.sha256, &error), 0);
	assert_false(source_read(file, 4, &source, &error));
	assert_int_equal(error.code, ERROR_CASE_DAMAGED);
	source_free(&source);
	place_run(file, "INSERT INTO problem VALUES(5, 1, NULL, NULL, NULL, 1, 'no time'),"
			" (5, 4, 12, 90, 99, 0, 'odd')");
	struct problem problem = {0};
	int64_t number = 0;
	assert_int_equal(source_problem_next(file, 5, &number, &problem, &error), 1);
	assert_true(problem.skipped && problem.line == 0 && problem.start == -1);
	assert_int_equal(source_problem_next(file, 5, &number, &problem, &error), 1);
	assert_true(!problem.skipped && problem.line == 12 && problem.start == 90);
	assert_string_equal(problem.message, "odd");
	assert_int_equal(source_problem_next(file, 5, &number, &problem, &error), 0);
	source_problem_free(&problem);
	case_close(file);
}

static enum error_code bytes_code(const struct case_file *file, int64_t id, uint64_t start,
	uint64_t end, const char *expected)
{
	struct error error = {0};
	struct buffer bytes = {0};
	bool done = source_bytes(file, id, start, end, NULL, &bytes, &error);
	if (done)
		assert_true(span_is(buffer_span(&bytes), expected));
	else
		assert_null(expected);
	buffer_free(&bytes);
	return done ? ERROR_NONE : error.code;
}

static void kept_bytes(void **state)
{
	struct case_file *file = place_open(*state, CASE_CREATE);
	add_source(file, 1, "abcdef", NULL, "ready", true);
	add_source(file, 2, "abcdef", NULL, "ready", false);
	add_source(file, 3, "", NULL, "ready", true);
	assert_int_equal(bytes_code(file, 1, 0, 6, "abcdef"), ERROR_NONE);
	assert_int_equal(bytes_code(file, 1, 2, 4, "cd"), ERROR_NONE);
	assert_int_equal(bytes_code(file, 1, 6, 6, ""), ERROR_NONE);
	assert_int_equal(bytes_code(file, 3, 0, 0, ""), ERROR_NONE);
	assert_int_equal(bytes_code(file, 1, 2, 7, NULL), ERROR_USAGE);
	assert_int_equal(bytes_code(file, 1, 3, 2, NULL), ERROR_USAGE);
	assert_int_equal(bytes_code(file, 1, 0, UINT64_MAX, NULL), ERROR_USAGE);
	assert_int_equal(bytes_code(file, 1, 0, 1 << 30, NULL), ERROR_LIMIT);
	assert_int_equal(bytes_code(file, 2, 0, 1, NULL), ERROR_USAGE);
	assert_int_equal(bytes_code(file, 9, 0, 1, NULL), ERROR_CASE_DAMAGED);
	place_run(file, "UPDATE source_content SET content = x'61' WHERE source = 1");
	assert_int_equal(bytes_code(file, 1, 0, 1, NULL), ERROR_INTEGRITY);
	case_close(file);
}

static void bytes_of_a_file(void **state)
{
	const struct place *place = *state;
	char path[160], other[160];
	place_file(place, "a.csv", path);
	place_file(place, "b.csv", other);
	struct case_file *file = place_open(place, CASE_CREATE);
	add_source(file, 1, "abcdef", path, "ready", false);
	add_source(file, 2, "abcdef", "a.csv", "ready", false); /* beside the case */
	assert_int_equal(bytes_code(file, 1, 0, 2, NULL), ERROR_USAGE);
	place_write(path, "abcdef", 6);
	assert_int_equal(bytes_code(file, 1, 2, 6, "cdef"), ERROR_NONE);
	assert_int_equal(bytes_code(file, 1, 0, 1, "a"), ERROR_NONE);
	assert_int_equal(bytes_code(file, 2, 0, 1, "a"), ERROR_NONE);
	/* Other bytes of the same size, after it was checked once. */
	place_write(path, "abcdeF", 6);
	assert_int_equal(bytes_code(file, 1, 0, 1, NULL), ERROR_INTEGRITY);
	place_write(path, "abcdefg", 7);
	assert_int_equal(bytes_code(file, 1, 0, 1, NULL), ERROR_INTEGRITY);
	place_write(path, "abcdef", 6);
	assert_int_equal(bytes_code(file, 1, 0, 1, "a"), ERROR_NONE);
	/* No link is followed, nothing waits. */
	assert_int_equal(rename(path, other), 0);
	assert_int_equal(symlink(other, path), 0);
	assert_int_equal(bytes_code(file, 1, 0, 1, NULL), ERROR_USAGE);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	assert_int_equal(bytes_code(file, 1, 0, 1, NULL), ERROR_USAGE);
	case_close(file);
}

static bool no_further(void *context, int64_t bytes)
{
	*(int64_t *)context = bytes;
	return false;
}

/* What one handle has hashed, another does not hash again, until the file is touched. */
static void a_check_is_shared_and_can_be_stopped(void **state)
{
	const struct place *place = *state;
	char path[160];
	place_file(place, "a.csv", path);
	place_write(path, "abcdef", 6);
	struct case_file *file = place_open(place, CASE_CREATE);
	add_source(file, 1, "abcdef", path, "ready", false);
	struct error error = {0};
	struct case_file *again = case_open_again(file, &error);
	assert_non_null(again);
	int64_t hashed = 0;
	const struct source_progress none = {no_further, &hashed};
	struct buffer bytes = {0};
	assert_false(source_bytes(file, 1, 0, 3, &none, &bytes, &error));
	assert_int_equal(error.code, ERROR_CANCELLED);
	assert_int_equal(hashed, 6);
	assert_int_equal(bytes_code(again, 1, 0, 0, ""), ERROR_NONE);
	hashed = 0;
	assert_true(source_bytes(file, 1, 0, 3, &none, &bytes, &error));
	assert_true(span_is(buffer_span(&bytes), "abc"));
	assert_int_equal(hashed, 0);
	place_write(path, "abcdeF", 6);
	assert_false(source_bytes(file, 1, 0, 3, &none, &bytes, &error));
	assert_int_equal(hashed, 6);
	case_close(file);
	assert_int_equal(bytes_code(again, 1, 0, 1, NULL), ERROR_INTEGRITY);
	case_close(again);
	buffer_free(&bytes);
}

/* A source that says its bytes are the case's: closing such a file would drop SQLite's locks. */
static void the_case_is_no_source(void **state)
{
	const struct place *place = *state;
	struct case_file *file = place_open(place, CASE_CREATE);
	add_source(file, 1, "abcdef", place->path, "ready", false);
	place_run(file, "BEGIN IMMEDIATE");
	assert_int_equal(bytes_code(file, 1, 0, 1, NULL), ERROR_USAGE);
	/* The lock of the transaction is held still: pending byte + 1. */
	struct flock lock = {.l_type = F_WRLCK, .l_start = 0x40000001, .l_len = 1};
	int other = open(place->path, O_RDWR);
	assert_true(other >= 0);
	assert_int_equal(fcntl(other, F_OFD_GETLK, &lock), 0);
	assert_int_equal(lock.l_type, F_WRLCK);
	place_run(file, "COMMIT");
	close(other);
	case_close(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(rows_are_read, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(kept_bytes, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(bytes_of_a_file, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(
			a_check_is_shared_and_can_be_stopped, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(
			the_case_is_no_source, place_set_up, place_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
