/* Opening, closing and making cases: ours, other people's, and hostile ones. */
#include "cmocka_all.h"

#include "casefile/case.h"
#include "casefile/statement.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct place {
	char folder[64];
	char path[96];
};

static struct place *place_of(void **state)
{
	return *state;
}

static int set_up(void **state)
{
	struct place *place = calloc(1, sizeof *place);
	if (!place)
		return 1;
	strcpy(place->folder, "/tmp/case-test-XXXXXX");
	if (!mkdtemp(place->folder))
		return 1;
	snprintf(place->path, sizeof place->path, "%s/c.breach", place->folder);
	*state = place;
	return 0;
}

static int tear_down(void **state)
{
	char command[128];
	snprintf(command, sizeof command, "rm -rf '%s'", place_of(state)->folder);
	int failed = system(command);
	free(*state);
	return failed;
}

static const struct case_options reading = {.mode = CASE_READ};
static const struct case_options writing = {.mode = CASE_WRITE};

static void make(const char *path)
{
	struct error error = {0};
	if (!case_create(path, NULL, &error))
		fail_msg("%s", error.message);
}

static void a_new_case_opens(void **state)
{
	const struct place *place = place_of(state);
	make(place->path);
	struct error error = {0};
	struct case_file *file = case_open(place->path, &reading, &error);
	if (!file)
		fail_msg("%s", error.message);
	assert_string_equal(case_path(file), place->path);
	assert_true(case_read_only(file));
	assert_true(case_size(file) > 0);
	struct statement *select = statement_open(file, QUERY_META_VALUE, &error);
	assert_non_null(select);
	statement_bind_text(select, 1, span_string("program"));
	assert_int_equal(statement_step(select, &error), STATEMENT_ROW);
	assert_true(span_is(statement_text(select, 0), "breachx " BREACHX_VERSION));
	assert_int_equal(statement_step(select, &error), STATEMENT_DONE);
	statement_close(select);
	assert_false(statement_execute(file, "DELETE FROM meta", &error));
	struct case_file *again = case_open_again(file, &error);
	assert_non_null(again);
	case_close(again);
	case_close(file);
	assert_false(case_create(place->path, NULL, &error));
	assert_int_equal(error.code, ERROR_USAGE);
}

static void one_writes(void **state)
{
	const struct place *place = place_of(state);
	make(place->path);
	struct error error = {0};
	struct case_file *file = case_open(place->path, &writing, &error);
	if (!file)
		fail_msg("%s", error.message);
	assert_true(statement_execute(file, "BEGIN IMMEDIATE", &error));
	assert_true(statement_execute(
		file, "INSERT INTO meta(name, value) VALUES('one', 'two')", &error));
	assert_true(statement_execute(file, "COMMIT", &error));
	struct case_file *second = case_open(place->path, &writing, &error);
	assert_null(second);
	assert_int_equal(error.code, ERROR_CASE_LOCKED);
	case_close(file);
	file = case_open(place->path, &writing, &error);
	assert_non_null(file);
	case_close(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_new_case_opens, set_up, tear_down),
		cmocka_unit_test_setup_teardown(one_writes, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
