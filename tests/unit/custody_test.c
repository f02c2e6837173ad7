/* Sources by what they are called, found again by what they hold, and held against each other. */
#include "case_place.h"

#include "casefile/attach.h"
#include "casefile/compare.h"
#include "casefile/source.h"
#include "casefile/undo.h"
#include "ingest/loader.h"

#include <sys/stat.h>
#include <unistd.h>

/* Imports bytes as a file of the test's folder; the source's id, 0 when there is none. */
static int64_t import_text(void **state, struct case_file *file, const char *name, const char *text,
	struct import_result *result)
{
	struct import_options options = {.kind = "host"};
	struct import_result unwanted;
	struct error error = {0};
	char path[160];
	if (!result)
		result = &unwanted;
	place_file(*state, name, path);
	place_write(path, text, strlen(text));
	if (!import_file(file, path, &options, result, &error))
		fail_msg("%s", error.message);
	int64_t source = result->source;
	if (result == &unwanted)
		import_result_free(result);
	return source;
}

static void withdraw(struct case_file *file, int64_t id)
{
	struct error error = {0};
	assert_true(undo_import(file, id, span_string("me"), 1, span_string(NULL), &error));
}

static int64_t named(const struct case_file *file, const char *asked)
{
	int64_t id = 0;
	struct error error = {0};
	if (source_named(file, span_string(asked), &id, &error))
		return id;
	assert_int_equal(error.code, ERROR_USAGE);
	return error.message[0] == 't' ? 0 : -1; /* "there is no ...", or several */
}

static void sources_are_called(void **state)
{
	struct case_file *file = place_open(*state, CASE_CREATE);
	struct source source = {0};
	struct error error = {0};
	char digits[HASH_TEXT_SIZE];
	assert_int_equal(import_text(state, file, "a.csv", "name\nws01\n", NULL), 1);
	assert_int_equal(import_text(state, file, "2", "name\nws02\n", NULL), 2);
	assert_int_equal(import_text(state, file, "a.csv", "name\nws03\n", NULL), 3);
	assert_int_equal(import_text(state, file, "9", "name\nws04\n", NULL), 4);
	assert_int_equal(named(file, "1"), 1);
	assert_int_equal(named(file, "2"), 2);
	assert_int_equal(named(file, "9"), 4);
	assert_int_equal(named(file, "a.csv"), -1);
	assert_int_equal(named(file, "a.cs"), 0);
	assert_int_equal(named(file, "-1"), 0);
	assert_int_equal(named(file, ""), 0);
	withdraw(file, 1);
	assert_int_equal(named(file, "a.csv"), 3);
	withdraw(file, 3);
	assert_int_equal(named(file, "a.csv"), 3);
	assert_true(source_read(file, 2, &source, &error));
	hash_text(source.sha256, digits);
	source_free(&source);
	assert_int_equal(named(file, digits), 2);
	digits[8] = '\0';
	assert_int_equal(named(file, digits), 2);
	digits[3] = '\0';
	assert_int_equal(named(file, digits), 0);
	case_close(file);
}

static void assert_compared(void **state, const char *earlier, const char *later, int64_t same,
	int64_t changed, int64_t added, int64_t gone)
{
	struct case_file *file = place_open(*state, CASE_CREATE);
	struct import_result result;
	import_text(state, file, "x.csv", earlier, NULL);
	import_text(state, file, "x.csv", later, &result);
	const struct comparison *compared = &result.compared;
	assert_false(compared->without_bytes);
	assert_false(compared->too_many);
	if (compared->same != same || compared->changed != changed || compared->added != added ||
		compared->gone != gone)
		fail_msg("%lld same, %lld changed, %lld added, %lld gone",
			(long long)compared->same, (long long)compared->changed,
			(long long)compared->added, (long long)compared->gone);
	import_result_free(&result);
	case_close(file);
	unlink(((struct place *)*state)->path);
}

static void differences_are_counted(void **state)
{
	assert_compared(
		state, "name,note\na,1\nb,2\nc,3\n", "name,note\nb,2\na,9\nd,4\n", 1, 1, 1, 1);
	/* The end of the last line is none. */
	assert_compared(state, "name\na\nb\n", "name\r\nb\r\na\r\n", 2, 0, 0, 0);
	assert_compared(state, "name\na\nb", "name\nb\na\n\n", 2, 0, 0, 0);
	/* Twice the same row. */
	assert_compared(state, "name\na\na\n", "name\na\n", 1, 0, 0, 1);
	/* A row's own id counts more than its name. */
	assert_compared(state, "key,name\n1,a\n2,b\n", "key,name\n1,b\n2,b\n3,a\n", 1, 1, 1, 0);
	/* A site that rows refer to is no row of its own. */
	assert_compared(state, "name,site\na,Tokyo\nb,Tokyo\n", "name,site\nb,Tokyo\na,Tokyo\n", 2,
		0, 0, 0);
	assert_compared(state, "name\na\n", "name\nb\n", 0, 0, 1, 1);
}

static void differences_without_bytes(void **state)
{
	struct case_file *file = place_open(*state, CASE_CREATE);
	struct comparison compared;
	struct error error = {0};
	import_text(state, file, "x.csv", "name,note\na,1\nb,2\n", NULL);
	place_run(file, "DELETE FROM source_content");
	import_text(state, file, "x.csv", "name,note\na,9\nc,2\n", NULL);
	assert_true(compare_sources(file, 1, 2, NULL, &compared, &error));
	assert_true(compared.without_bytes);
	assert_int_equal(compared.same, 1);
	assert_int_equal(compared.changed, 0);
	assert_int_equal(compared.added, 1);
	assert_int_equal(compared.gone, 1);
	assert_int_equal(compare_earlier(file, span_string("x.csv"), 2, &error), 1);
	assert_int_equal(compare_earlier(file, span_string("x.csv"), 0, &error), 2);
	assert_int_equal(compare_earlier(file, span_string("y.csv"), 0, &error), 0);
	withdraw(file, 1);
	assert_int_equal(compare_earlier(file, span_string("x.csv"), 2, &error), 0);
	case_close(file);
}

static void differences_can_be_left(void **state)
{
	struct case_file *file = place_open(*state, CASE_CREATE);
	atomic_bool cancel = true;
	struct import_options options = {.kind = "host", .cancel = &cancel};
	struct import_result result;
	struct comparison compared;
	struct error error = {0};
	char path[160];
	import_text(state, file, "x.csv", "name,note\na,1\n", NULL);
	import_text(state, file, "x.csv", "name,note\na,2\n", NULL);
	assert_false(compare_sources(file, 1, 2, &cancel, &compared, &error));
	assert_int_equal(error.code, ERROR_CANCELLED);
	cancel = false;
	assert_true(compare_sources(file, 1, 2, &cancel, &compared, &error));
	assert_int_equal(compared.changed, 1);
	/* Nothing of a file comes in once it is asked to stop. */
	cancel = true;
	place_file(*state, "x.csv", path);
	place_write(path, "name,note\na,3\n", 14);
	assert_false(import_file(file, path, &options, &result, &error));
	assert_int_equal(error.code, ERROR_CANCELLED);
	import_result_free(&result);
	assert_int_equal(compare_earlier(file, span_string("x.csv"), 0, &error), 2);
	case_close(file);
}

static bool stop(void *calls, const struct attach *attach)
{
	(void)attach;
	return ++*(int *)calls < 2;
}

static void files_are_found_again(void **state)
{
	struct case_file *file = place_open(*state, CASE_CREATE);
	struct attach attach;
	struct error error = {0};
	struct source source = {0};
	struct buffer bytes = {0};
	char folder[160], path[160];
	int calls = 0;
	import_text(state, file, "a.csv", "name\nws01\n", NULL);
	import_text(state, file, "b.csv", "name\nws02\n", NULL);
	place_run(file, "DELETE FROM source_content WHERE source = 1");
	place_file(*state, "a.csv", path);
	assert_int_equal(unlink(path), 0);
	/* b.csv has the size and other bytes; so has one that is read as a source no more. */
	assert_true(
		attach_find(file, ((struct place *)*state)->folder, NULL, NULL, &attach, &error));
	assert_int_equal(attach.found, 0);
	assert_int_equal(attach.absent, 1);
	assert_int_equal(attach.hashed, 1);
	assert_int_equal(attach.sources[1].state, ATTACH_KEPT);
	attach_free(&attach);
	assert_false(source_bytes(file, 1, 5, 9, NULL, &bytes, &error));
	place_file(*state, "deep", folder);
	assert_int_equal(mkdir(folder, 0700), 0);
	place_file(*state, "deep/z", path);
	place_write(path, "name\nws01\n", 10);
	assert_false(attach_find(file, folder, stop, &calls, &attach, &error));
	assert_int_equal(error.code, ERROR_CANCELLED);
	attach_free(&attach);
	assert_true(source_read(file, 1, &source, &error));
	assert_null(source.path);
	assert_true(attach_find(file, folder, NULL, NULL, &attach, &error));
	assert_int_equal(attach.found, 1);
	assert_string_equal(attach.sources[0].path, "deep/z");
	attach_free(&attach);
	assert_true(source_bytes(file, 1, 5, 9, NULL, &bytes, &error));
	assert_true(span_is(buffer_span(&bytes), "ws01"));
	assert_false(source_bytes(file, 1, 0, CASE_MAX_LENGTH + 1, NULL, &bytes, &error));
	assert_int_equal(error.code, ERROR_LIMIT);
	buffer_free(&bytes);
	case_close(file);
	/* Reading only, nothing is looked for. */
	file = place_open(*state, CASE_READ);
	assert_false(attach_find(file, folder, NULL, NULL, &attach, &error));
	assert_int_equal(error.code, ERROR_USAGE);
	attach_free(&attach);
	source_free(&source);
	case_close(file);
}

static void folders_end(void **state)
{
	struct case_file *file = place_open(*state, CASE_CREATE);
	struct attach attach;
	struct error error = {0};
	char folder[4096];
	snprintf(folder, sizeof folder, "%s", ((struct place *)*state)->folder);
	for (int depth = 0; depth < 70; depth++) {
		strncat(folder, "/d", sizeof folder - strlen(folder) - 1);
		assert_int_equal(mkdir(folder, 0700), 0);
	}
	assert_false(
		attach_find(file, ((struct place *)*state)->folder, NULL, NULL, &attach, &error));
	assert_int_equal(error.code, ERROR_LIMIT);
	attach_free(&attach);
	struct import_list list = {0};
	assert_false(import_list_add(&list, ((struct place *)*state)->folder, &error));
	assert_int_equal(error.code, ERROR_LIMIT);
	import_list_free(&list);
	case_close(file);
}

static void hidden_records_are_counted(void **state)
{
	struct case_file *file = place_open(*state, CASE_CREATE);
	struct undo_count count;
	struct error error = {0};
	import_text(state, file, "a.csv", "name,site\nws01,Tokyo\nws02,Tokyo\nws03,\n", NULL);
	import_text(state, file, "b.csv", "name\nws02\n", NULL);
	withdraw(file, 1);
	assert_true(undo_count(file, 1, &count, &error));
	assert_int_equal(count.hidden[KIND_HOST], 2);
	assert_int_equal(count.hidden[KIND_SITE], 1);
	assert_int_equal(count.stayed, 1);
	case_close(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(sources_are_called, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(
			differences_are_counted, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(
			differences_without_bytes, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(
			differences_can_be_left, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(
			files_are_found_again, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(folders_end, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(
			hidden_records_are_counted, place_set_up, place_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
