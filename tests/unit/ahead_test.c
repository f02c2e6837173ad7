/* What a filter knows of a record before it is read is what it says when it is: over hostile text,
 * under the journal's words, beside a source that was taken back. */
#include "../search_support.h"

#include "casefile/journal.h"
#include "casefile/undo.h"
#include "search/filter.h"

#define EVENTS 700
/* Values of random cells that are compared with. */
#define VALUES 60

static void import(struct test_case *test, uint64_t seed, int events)
{
	struct dice dice = {.state = seed};
	struct writer *writer = test_writer(test, "events.csv");
	dice_events(test, writer, &dice, events);
	test_record(test, writer, KIND_EVENT,
		WORDS("message=a needle-4711 in hay", "host=ws1", "time=2019-06-28"));
	test_record(test, writer, KIND_EVENT, WORDS("message=ws1", "host=ws2", "account=ws1"));
	test_record(test, writer, KIND_EVENT,
		WORDS("message=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "host=ws3"));
	test_finish(test, writer);
}

static void set(struct test_case *test, int64_t id, const char *field, const char *after)
{
	struct journal_entry entry = {.reviewer = span_string("tester"),
		.clock = 1,
		.action = span_string("set"),
		.id = {.kind = KIND_EVENT, .id = id},
		.field = span_string(field),
		.after = span_string(after),
		.reason = span_string("test")};
	WORKS(test, journal_set(test->file, &entry, &test->error));
}

static struct filter *parse(struct test_case *test, struct span text)
{
	struct filter *filter = filter_parse(text, KIND_EVENT, NULL, &test->error);
	if (!filter)
		fail_msg("%.*s: %s", (int)text.length, text.data, test->error.message);
	return filter;
}

/* Holds the look ahead against reading; how many records it could not tell. */
static int64_t hold(struct test_case *test, struct span text)
{
	struct filter *filter = parse(test, text);
	WORKS(test, filter_look_ahead(filter, test->file, NULL, NULL, &test->error));
	struct record record = {0};
	struct record_reader *reader;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	int64_t after = 0, untold = 0;
	while (record_next(reader, KIND_EVENT, after, &record, &test->error) == RECORD_FOUND) {
		after = record.id.id;
		enum match_result ahead = filter_match_id(filter, after);
		enum match_result match = filter_match(filter, &record);
		untold += ahead == MATCH_UNDECIDED;
		if (ahead != MATCH_UNDECIDED && ahead != match)
			fail_msg("%.*s: event:%lld: %d ahead, %d when read", (int)text.length,
				text.data, (long long)after, ahead, match);
	}
	/* Of what came later nothing is known. */
	assert_int_equal(filter_match_id(filter, after + 1000000), MATCH_UNDECIDED);
	record_free(&record);
	record_reader_close(reader);
	filter_free(filter);
	return untold;
}

static void fill(struct test_case *test)
{
	import(test, 1, EVENTS);
	import(test, 2, EVENTS);
	import(test, 3, EVENTS);
	WORKS(test, undo_import(test->file, 2, span_string("tester"), 1, (struct span){0},
			    &test->error));
	set(test, 5, "message", "decided needle-4711");
	set(test, 6, "message", "");
	set(test, EVENTS + 20, "message", "of a source that was taken back: needle-4711");
}

static void what_is_known_ahead_is_true(void **state)
{
	static const struct {
		const char *text;
		bool all; /* nothing has to be read */
	} filters[] = {
		{"any ~ /needle-4711/", true},
		{"any !~ /needle-4711/", true},
		{"not any ~ /needle-4711/", true},
		{"message ~ /needle-4711/", true},
		{"any ~ /FOO/i", true},
		{"extra.Severity ~ /foo/", true},
		{"extra.nosuch ~ /foo/", true},
		{"extra.zz !~ /a/", true},
		{"any ~ /.*/", true},
		{"host = ws1", true},
		{"host != ws1", true},
		{"message = ws1 and account = ws1", true},
		{"account = ws1 or host = ws1", true},
		{"message = \"\"", true},
		{"any ~ /foo/ and any ~ /bar/ and not any ~ /z/", true},
		{"any ~ /^(a+)+$/", false}, /* limits */
		{"time in 2019-06", false},
		{"time in 2019-06 and any ~ /needle/", false},
		{"time in 2019-06 or any ~ /needle/", false},
		{"host is stated", false},
		{"basis = observed and host = ws1", false},
	};
	struct test_case *test = *state;
	fill(test);
	for (size_t i = 0; i < ARRAY_LENGTH(filters); i++) {
		int64_t untold = hold(test, span_string(filters[i].text));
		if (filters[i].all != (untold == 0))
			fail_msg("%s: %lld records not told ahead", filters[i].text,
				(long long)untold);
	}
	/* The part that is known spares reading where the other does not matter. */
	assert_in_range(hold(test, span_string("time in 2019-06 and any ~ /needle/")), 1, 4);
}

static void values_of_cells(void **state)
{
	struct test_case *test = *state;
	struct dice dice = {.state = 4};
	struct record record = {0};
	struct record_reader *reader;
	fill(test);
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	for (int i = 0; i < VALUES; i++) {
		int64_t after = dice_below(&dice, 3 * EVENTS);
		if (record_next(reader, KIND_EVENT, after, &record, &test->error) != RECORD_FOUND ||
			record.cell_count == 0)
			continue;
		const struct cell *cell =
			&record.cells[dice_below(&dice, (unsigned)record.cell_count)];
		if (cell->field == CELL_EXTRA || cell->text.length > 2000)
			continue;
		struct buffer text = {0};
		filter_compare_text(KIND_EVENT, cell->field, cell->text, i % 2 == 0, &text);
		assert_false(buffer_failed(&text));
		hold(test, buffer_span(&text));
		buffer_free(&text);
	}
	record_free(&record);
	record_reader_close(reader);
}

static void cancelled(void **state)
{
	struct test_case *test = *state;
	atomic_bool cancel = true;
	import(test, 1, 10);
	struct filter *filter =
		filter_parse(span_string("any ~ /a/"), KIND_EVENT, &cancel, &test->error);
	assert_non_null(filter);
	assert_false(filter_look_ahead(filter, test->file, NULL, NULL, &test->error));
	assert_int_equal(test->error.code, ERROR_CANCELLED);
	assert_int_equal(filter_match_id(filter, 1), MATCH_UNDECIDED);
	filter_free(filter);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_known_ahead_is_true, test_begin, test_end),
		cmocka_unit_test_setup_teardown(values_of_cells, test_begin, test_end),
		cmocka_unit_test_setup_teardown(cancelled, test_begin, test_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
