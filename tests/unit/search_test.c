/* Searching a case: every hit of the oracle and no other, in order; stopping, cancelling, limits.
 */
#include "case_support.h"

#include "base/buffer.h"
#include "casefile/statement.h"
#include "search/search.h"

#include <time.h>

static void fill(struct test_case *test)
{
	struct writer *writer = test_writer(test, "mixed.csv");
	test_record(test, writer, KIND_HOST,
		WORDS("name=WS01", "site=Kamakura", "first_seen=2019-06", "Rack No=B 7"));
	test_record(test, writer, KIND_HOST, WORDS("name=WS02", "role=WS01 spare", "address="));
	test_record(test, writer, KIND_STATEMENT,
		WORDS("speaker=sources", "gist=WS01\nwas reached", "quote=caf\xc3\xa9 \xff WS01"));
	test_record(test, writer, KIND_EVENT,
		WORDS("time=2019-06-28T10:00:00Z", "host=WS01", "message=logon at WS01",
			"EventID=4624"));
	test_record(test, writer, KIND_EVENT, WORDS("message=nothing here", "account=svc"));
	struct test_draft made;
	test_draft(&made, KIND_DOCUMENT, WORDS("title=note", "body=WS0"));
	made.cells[1].text = span_of("a\0WS01", 6);
	WORKS(test, writer_record(writer, &made.draft, &(int64_t){0}, NULL, &test->error));
	test_finish(test, writer);
}

struct seen {
	struct buffer lines;
	int hits;
	int stop_after; /* 0: never */
	int stop_records;
	atomic_bool *cancel; /* set at the first hit */
	int sleep_ms;
	int last_share, told;
	struct buffer records;
	bool records_only;
	struct case_file *writer; /* what it writes at the first hit; NULL: nothing */
	const char *write;
};

static void add_line(struct buffer *lines, struct record_id id, struct span name,
	struct range range, bool undecided)
{
	buffer_add_format(lines, "%s:%lld:%.*s:%zu-%zu%s\n", kind_info(id.kind)->name,
		(long long)id.id, (int)name.length, name.data, range.start, range.end,
		undecided ? "?" : "");
}

static bool take_hit(void *context, const struct search_hit *hit)
{
	struct seen *seen = context;
	if (seen->writer && seen->hits == 0)
		assert_true(statement_execute(seen->writer, seen->write, NULL));
	add_line(&seen->lines, hit->id, hit->field_name, hit->range, hit->undecided);
	if (hit->field == CELL_EXTRA)
		assert_memory_equal(hit->field_name.data, "extra.", 6);
	if (seen->cancel)
		atomic_store(seen->cancel, true);
	if (seen->sleep_ms)
		nanosleep(&(struct timespec){.tv_nsec = seen->sleep_ms * 1000000L}, NULL);
	return ++seen->hits != seen->stop_after;
}

static bool take_record(void *context, struct record_id id, bool matched)
{
	struct seen *seen = context;
	buffer_add_format(&seen->records, "%s:%lld%c ", kind_info(id.kind)->name, (long long)id.id,
		matched ? '+' : '-');
	return --seen->stop_records != 0;
}

static void take_progress(void *context, const struct search_totals *totals, int thousandths)
{
	struct seen *seen = context;
	assert_true(totals->cells > 0);
	assert_true(thousandths >= seen->last_share && thousandths <= 1000);
	seen->last_share = thousandths;
	seen->told++;
}

static struct pattern *compile(struct test_case *test, const char *text)
{
	struct pattern *pattern;
	WORKS(test, pattern = pattern_compile(
			    span_string(text), &(struct pattern_options){0}, &test->error));
	return pattern;
}

static bool search(struct test_case *test, const char *text, enum kind kind, struct seen *seen,
	struct search_totals *totals)
{
	struct pattern *pattern = compile(test, text);
	struct search_request request = {.pattern = pattern,
		.kind = kind,
		.cancel = seen->cancel,
		.records_only = seen->records_only,
		.hit = take_hit,
		.record = take_record,
		.progress = take_progress,
		.context = seen};
	buffer_add(&seen->lines, "", 0);
	buffer_add(&seen->records, "", 0);
	bool good = search_run(test->file, &request, totals, &test->error);
	pattern_free(pattern);
	return good;
}

static void forget(struct seen *seen)
{
	buffer_free(&seen->lines);
	buffer_free(&seen->records);
	*seen = (struct seen){0};
}

/* Plain pattern.h over plain record_next. */
static void oracle(struct test_case *test, const char *text, struct buffer *lines, int64_t *cells)
{
	struct pattern *pattern = compile(test, text);
	struct matcher *matcher;
	WORKS(test, matcher = matcher_new(pattern, &(struct match_limits){0}, &test->error));
	struct record_reader *reader;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	struct record record = {0};
	buffer_add(lines, "", 0);
	*cells = 0;
	for (int kind = 1; kind < KIND_COUNT; kind++) {
		for (int64_t after = 0; record_next(reader, (enum kind)kind, after, &record,
						&test->error) == RECORD_FOUND;
			after = record.id.id) {
			for (int i = 0; i < record.cell_count; i++) {
				struct cell *cell = &record.cells[i];
				char image[256], name[64];
				struct range hit = {0};
				assert_true(cell->text.length < sizeof image);
				search_image(cell->text, image);
				snprintf(name, sizeof name, "%s%.*s",
					cell->field == CELL_EXTRA ? "extra." : "",
					(int)cell->name.length, cell->name.data);
				enum match_result result = matcher_cell(
					matcher, span_of(image, cell->text.length), 0, &hit);
				++*cells;
				if (result == MATCH_UNDECIDED)
					hit = (struct range){0};
				if (result != MATCH_NO)
					add_line(lines, record.id, span_string(name), hit,
						result == MATCH_UNDECIDED);
			}
		}
	}
	record_free(&record);
	record_reader_close(reader);
	matcher_free(matcher);
	pattern_free(pattern);
}

static void same_as_the_oracle(void **state)
{
	struct test_case *test = *state;
	static const char *const patterns[] = {"WS01", "^WS01$", "^", "$", "", "(?i)ws0[12]",
		"\\x1a", "[^a-z]+", "\\bWS01\\b", "a.W", "\xc3\xa9", "2019", "4624", "no such text",
		"(?s)1.w", "[0-9]{4}", "^$"};
	fill(test);
	for (size_t i = 0; i < ARRAY_LENGTH(patterns); i++) {
		struct buffer expected = {0};
		struct seen seen = {0};
		struct search_totals totals;
		int64_t cells;
		oracle(test, patterns[i], &expected, &cells);
		WORKS(test, search(test, patterns[i], KIND_NONE, &seen, &totals));
		assert_string_equal(seen.lines.data, expected.data);
		assert_int_equal(totals.cells, cells);
		assert_int_equal(totals.hits, seen.hits);
		assert_true(totals.complete);
		assert_int_equal(totals.undecided, 0);
		forget(&seen);
		buffer_free(&expected);
	}
}

static void anchors_are_those_of_a_cell(void **state)
{
	struct test_case *test = *state;
	struct seen seen = {0};
	struct search_totals totals;
	fill(test);
	WORKS(test, search(test, "^WS01$", KIND_NONE, &seen, &totals));
	assert_string_equal(seen.lines.data, "host:1:name:0-4\nevent:1:host:0-4\n");
	assert_int_equal(totals.hit_records, 2);
	forget(&seen);
	WORKS(test, search(test, "^", KIND_NONE, &seen, &totals));
	assert_int_equal(totals.hits, totals.cells);
	assert_int_equal(totals.hit_records, totals.records);
	forget(&seen);
}

static void extra_fields_and_one_kind(void **state)
{
	struct test_case *test = *state;
	struct seen seen = {0};
	struct search_totals totals;
	fill(test);
	WORKS(test, search(test, "B 7|4624", KIND_NONE, &seen, &totals));
	assert_string_equal(
		seen.lines.data, "host:1:extra.Rack No:0-3\nevent:1:extra.EventID:0-4\n");
	forget(&seen);
	WORKS(test, search(test, "WS01", KIND_HOST, &seen, &totals));
	assert_string_equal(seen.lines.data, "host:1:name:0-4\nhost:2:role:0-4\n");
	assert_string_equal(seen.records.data, "host:1+ host:2+ ");
	assert_int_equal(totals.records, 2);
	forget(&seen);
	WORKS(test, search(test, "WS02", KIND_HOST, &seen, &totals));
	assert_string_equal(seen.records.data, "host:1- host:2+ ");
	forget(&seen);
	/* Basis, who inferred it and where it stands are no cells. */
	WORKS(test, search(test, "observed|mixed", KIND_NONE, &seen, &totals));
	assert_int_equal(totals.hits, 0);
	forget(&seen);
}

static void stopping(void **state)
{
	struct test_case *test = *state;
	struct search_totals totals;
	fill(test);
	struct seen seen = {.stop_after = 2};
	WORKS(test, search(test, "WS01", KIND_NONE, &seen, &totals));
	assert_int_equal(seen.hits, 2);
	assert_false(totals.complete);
	forget(&seen);
	seen.stop_records = 2;
	WORKS(test, search(test, "no such text", KIND_HOST, &seen, &totals));
	assert_int_equal(totals.records, 2);
	assert_false(totals.complete);
	forget(&seen);
}

static void cancelling(void **state)
{
	struct test_case *test = *state;
	struct search_totals totals;
	atomic_bool cancel = true;
	fill(test);
	struct seen seen = {.cancel = &cancel};
	assert_false(search(test, "WS01", KIND_NONE, &seen, &totals));
	assert_int_equal(test->error.code, ERROR_CANCELLED);
	assert_int_equal(totals.cells, 0);
	assert_false(totals.complete);
	forget(&seen);
	cancel = false;
	seen.cancel = &cancel;
	assert_false(search(test, "WS01", KIND_NONE, &seen, &totals));
	assert_int_equal(test->error.code, ERROR_CANCELLED);
	assert_int_equal(totals.hits, 1);
	assert_false(totals.complete);
	forget(&seen);
}

/* Somebody else writes in the midst of a search: what changes which records can be seen makes it
 * one of more than one moment, and that is told; nothing else is. */
static void changes_meanwhile_are_told(void **state)
{
	static const struct {
		const char *write;
		bool changed;
	} writes[] = {
		{"INSERT INTO meta VALUES('a', 'b')", false},
		{"INSERT INTO source(name, size, sha256, format, importer, options, imported, "
		 "state)"
		 " VALUES('x', 0, zeroblob(32), 'csv', 'x', '', 0, 'loading')",
			false},
		{"UPDATE source SET state = 'ready' WHERE state = 'loading'", true},
		{"UPDATE source SET state = 'withdrawn' WHERE id = 1", true},
	};
	struct test_case *test = *state;
	struct search_totals totals;
	fill(test);
	struct case_file *writer = test->file;
	for (size_t i = 0; i < ARRAY_LENGTH(writes); i++) {
		struct seen seen = {.writer = writer, .write = writes[i].write};
		WORKS(test, test->file = case_open_again(writer, &test->error));
		WORKS(test, search(test, "WS", KIND_NONE, &seen, &totals));
		assert_true(seen.hits > 0);
		assert_int_equal(totals.changed, writes[i].changed);
		assert_int_equal(totals.complete, !writes[i].changed);
		forget(&seen);
		case_close(test->file);
	}
	test->file = writer;
}

static void undecided_cells_are_counted(void **state)
{
	struct test_case *test = *state;
	struct search_totals totals;
	struct writer *writer = test_writer(test, "evil.csv");
	test_record(test, writer, KIND_HOST,
		WORDS("name=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "role=aaa"));
	test_record(test, writer, KIND_HOST, WORDS("name=plain"));
	test_finish(test, writer);
	struct seen seen = {0};
	WORKS(test, search(test, "^(a+)+$", KIND_NONE, &seen, &totals));
	assert_string_equal(seen.lines.data, "host:1:name:0-0?\nhost:1:role:0-3\n");
	assert_int_equal(totals.undecided, 1);
	assert_int_equal(totals.hits, 1);
	assert_int_equal(totals.cells, 3);
	assert_true(totals.complete);
	forget(&seen);
}

/* What is undecided in a record that matches anyhow is nothing to anybody. */
static void records_alone(void **state)
{
	static const enum kind kinds[] = {KIND_HOST, KIND_EVENT};
	static const char *const fields[] = {"name", "role", "message", "action"};
	static const char slow[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab";
	struct test_case *test = *state;
	struct search_totals totals;
	struct writer *writer = test_writer(test, "evil.csv");
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		char first[128], second[128];
		snprintf(first, sizeof first, "%s=%s", fields[2 * i], slow);
		snprintf(second, sizeof second, "%s=aaa", fields[2 * i + 1]);
		test_record(test, writer, kinds[i], WORDS(first, second));
		snprintf(first, sizeof first, "%s=%sb", fields[2 * i], slow);
		test_record(test, writer, kinds[i], WORDS(first));
	}
	test_finish(test, writer);
	struct seen seen = {.records_only = true};
	WORKS(test, search(test, "^(a+)+$", KIND_NONE, &seen, &totals));
	assert_string_equal(seen.lines.data, "host:1:role:0-3\nhost:2:name:0-0?\n"
					     "event:1:action:0-3\nevent:2:message:0-0?\n");
	assert_string_equal(seen.records.data, "host:1+ host:2- event:1+ event:2- ");
	assert_int_equal(totals.undecided, 2);
	assert_int_equal(totals.hits, 2);
	assert_int_equal(totals.hit_records, 2);
	assert_int_equal(totals.cells, 6);
	forget(&seen);
}

static void progress_is_told(void **state)
{
	struct test_case *test = *state;
	struct search_totals totals;
	fill(test);
	struct seen seen = {.sleep_ms = 12};
	WORKS(test, search(test, "WS01", KIND_NONE, &seen, &totals));
	assert_true(seen.told >= 2);
	assert_true(seen.last_share > 0);
	forget(&seen);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, test_begin, test_end)
	const struct CMUnitTest tests[] = {
		TEST(same_as_the_oracle),
		TEST(anchors_are_those_of_a_cell),
		TEST(extra_fields_and_one_kind),
		TEST(stopping),
		TEST(cancelling),
		TEST(changes_meanwhile_are_told),
		TEST(undecided_cells_are_counted),
		TEST(records_alone),
		TEST(progress_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
