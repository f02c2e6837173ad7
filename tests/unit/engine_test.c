/* The block engine says what PCRE2 says cell by cell: over indexed and unindexed blocks, under
 * the journal's words, without what was taken back, on one thread and on several. */
#include "../search_support.h"

#include "casefile/journal.h"
#include "casefile/statement.h"
#include "casefile/undo.h"

#include <pthread.h>
#include <time.h>

#define TEXT(literal)                          \
	{                                      \
		(literal), sizeof(literal) - 1 \
	}

static const struct span patterns[] = {
	/* text that stands for itself */
	TEXT("foobar"),
	TEXT("the quick brown fox"),
	TEXT("鎌倉"),
	TEXT("a"),
	TEXT("no such text"),
	TEXT("C:\\\\Users"),
	TEXT("needle-4711"),
	/* hexadecimal digits */
	TEXT("deadbeef"),
	TEXT("deadbeef0123"),
	TEXT("[a-f0-9]{8}"),
	TEXT("[A-F0-9]{12}"),
	TEXT("\\d{5}"),
	TEXT("\\d+"),
	/* ends of the cell */
	TEXT("^foo"),
	TEXT("foo$"),
	TEXT("^$"),
	TEXT("\\Aa"),
	TEXT("a\\z"),
	TEXT("a\\Z"),
	TEXT("^a$"),
	TEXT("(?m)^foo$"),
	TEXT("^"),
	TEXT("$"),
	TEXT(""),
	/* what could see a neighbour */
	TEXT("\\bfoo\\b"),
	TEXT("\\Bfoo"),
	TEXT("(?<!a)b"),
	TEXT("(?<=a)b"),
	TEXT("b(?!a)"),
	TEXT("[^a]b"),
	TEXT("[^a]{3}"),
	TEXT("\\W\\d"),
	TEXT("\\D{4}"),
	TEXT("\\S{9}"),
	TEXT(".*"),
	TEXT("a.b"),
	TEXT("(?s)a.b"),
	TEXT("(?s).{30}"),
	TEXT("\\x00"),
	TEXT("\\x{1a}"),
	TEXT("\\R"),
	TEXT("\\X"),
	TEXT("\\p{Cc}"),
	TEXT("[[:cntrl:]]"),
	TEXT("[[:^alpha:]]b"),
	TEXT("\\N{3}"),
	/* the same where no text is looked for first, so that many cells are at hand: what is not
	 * exact over many, as measured beforehand */
	TEXT("^[ab]"),
	TEXT("[ab]$"),
	TEXT("\\A[ab]"),
	TEXT("[ab]\\z"),
	TEXT("[ab]\\Z"),
	TEXT("\\G[ab]"),
	TEXT("(?m)^[ab]"),
	TEXT("(?m)[ab]$"),
	TEXT("(?-m)[ab]$"),
	TEXT("(?^)[ab]$"),
	TEXT("[ab]."),
	TEXT("(?s)[ab]."),
	TEXT("[ab][^b]"),
	TEXT("[ab][^\\d]"),
	TEXT("[ab]\\W"),
	TEXT("[ab]\\D"),
	TEXT("[ab]\\S"),
	TEXT("[ab]\\H"),
	TEXT("[ab]\\V"),
	TEXT("[ab]\\N"),
	TEXT("[ab]\\X"),
	TEXT("[ab]\\R"),
	TEXT("[ab]\\p{Cc}"),
	TEXT("[ab]\\P{L}"),
	TEXT("[ab]\\x00"),
	TEXT("[ab][[:^alpha:]]"),
	TEXT("[ab][[:cntrl:]]"),
	TEXT("[ab](?!\\w)"),
	TEXT("[ab](?=\\W|$)"),
	TEXT("(?<!\\w)[ab]"),
	TEXT("(?<=\\W)[ab]"),
	TEXT("(?<=\\D)[ab]"),
	TEXT("(*COMMIT)[ab]"),
	TEXT("(*LF)[ab]."),
	TEXT("(*ANYCRLF)[ab]."),
	TEXT("(*NUL)[ab]."),
	TEXT("[ab](*SKIP)[cd]|\\d"),
	TEXT("[ab]\\B"),
	TEXT("\\B[ab]"),
	TEXT("[ab]++\\w"),
	TEXT("(?:[ab]|\\s)*?\\d"),
	/* letters in either case */
	TEXT("(?i)FOO"),
	TEXT("(?i)σ"),
	TEXT("(?i)ß"),
	TEXT("(?i)k"),
	TEXT("(?i)s"),
	TEXT("(?i)İ"),
	TEXT("(?i)Ａ"),
	TEXT("(?i)deadbeef"),
	/* many cells at once */
	TEXT("foo|bar"),
	TEXT("foo|foobar"),
	TEXT("foobar|foo"),
	TEXT("foobar|exe|foo"),
	TEXT("foo|exe|foobar"),
	TEXT("bar|obar|foobar|exe|foo"),
	TEXT("foo||bar"),
	TEXT("foo|bar|"),
	TEXT("(?:foo|bar)\\d"),
	TEXT("\\w\\d"),
	TEXT("[a-c]\\w"),
	TEXT("foo|鎌"),
	TEXT("(foo|z)+"),
	TEXT("\\s\\s"),
	TEXT("\\ba|\\bz"),
	TEXT("x?[ab]"),
	TEXT("(?:a|b){9,}?"),
	/* others */
	TEXT("(a+)+$"),
	TEXT("(a|aa)+x"),
	TEXT("(.)\\1"),
	TEXT("a\\Kb"),
	TEXT("(?|a|b)(?1)"),
	TEXT("(*ANYCRLF)a.b"),
	TEXT("(*COMMIT)b"),
	TEXT("a(*SKIP)b|."),
	TEXT("\\Qa.b\\E|foo"),
	TEXT("(?x) f o o # a comment"),
	TEXT("\\w+\\.ps1"),
	TEXT("(?=.*a)(?=.*b)"),
	TEXT("[\\w.]+\\.exe"),
};

static const struct held ways[] = {
	{.threads = 1},
	{.threads = 3},
	{.threads = 2, .by_record = true},
	{.threads = 2, .records_only = true},
	{.threads = 1, .by_record = true, .records_only = true},
	{.options = {.letters = PATTERN_CASE_IGNORE}, .threads = 2},
	{.options = {.word = true}, .threads = 2},
	{.options = {.whole_cell = true}, .threads = 2},
	{.options = {.literal = true}, .threads = 2},
	{.options = {.literal = true, .letters = PATTERN_CASE_IGNORE}, .threads = 2},
	{.options = {.literal = true, .word = true, .letters = PATTERN_CASE_SMART}, .threads = 2},
};

static int64_t number(struct test_case *test, const char *sql)
{
	struct statement *select;
	WORKS(test, select = statement_open_text(test->file, sql, &test->error));
	assert_int_equal(statement_step(select, &test->error), STATEMENT_ROW);
	int64_t value = statement_int(select, 0);
	statement_close(select);
	return value;
}

/* A source of events, indexed as an import does it. */
static int64_t import(struct test_case *test, uint64_t seed, int events, bool indexed)
{
	struct dice dice = {.state = seed};
	struct writer *writer = test_writer(test, "events.csv");
	struct search_index *index = NULL;
	if (indexed)
		WORKS(test, index = search_index_begin(test->file, writer, &test->error));
	int64_t source = writer_source_id(writer);
	dice_events(test, writer, &dice, events / 2);
	test_record(test, writer, KIND_EVENT, WORDS("message=a needle-4711 in hay", "host=ws1"));
	dice_events(test, writer, &dice, events / 2);
	test_finish(test, writer);
	search_index_end(index);
	return source;
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

static void hold(
	struct test_case *test, const struct span *texts, size_t count, size_t first, size_t end)
{
	struct oracle oracle;
	oracle_load(test, &oracle);
	for (size_t i = 0; i < count; i++)
		for (size_t j = first; j < end; j++)
			same_as_oracle(test, &oracle, texts[i], &ways[j]);
	oracle_free(&oracle);
}

static void few_blocks_have_no_index(void **state)
{
	struct test_case *test = *state;
	import(test, 1, 300, true);
	assert_int_equal(number(test, "SELECT count(*) FROM segment"), 0);
	hold(test, patterns, ARRAY_LENGTH(patterns), 0, ARRAY_LENGTH(ways));
}

static bool any_hit(void *context, const struct search_hit *hit)
{
	(void)context;
	return hit != NULL;
}

static int64_t hits(struct test_case *test, const char *text, struct search_totals *totals)
{
	struct pattern *pattern;
	WORKS(test, pattern = pattern_compile(
			    span_string(text), &(struct pattern_options){0}, &test->error));
	struct search_request request = {.pattern = pattern, .hit = any_hit, .threads = 2};
	WORKS(test, search_run(test->file, &request, totals, &test->error));
	pattern_free(pattern);
	return totals->hits;
}

static const struct span few[] = {TEXT("needle-4711"), TEXT("(foo|bar)\\d"), TEXT("deadbeef"),
	TEXT("foo"), TEXT("[a-f0-9]{12}"), TEXT("")};

/* Enough for an index; then edits, another source without index, and one that is taken back. */
static void indexed(void **state)
{
	struct test_case *test = *state;
	struct search_totals totals;
	int64_t first = import(test, 2, 30000, true);
	assert_int_equal(number(test, "SELECT count(*) FROM segment WHERE blocks IS NOT NULL"), 1);
	assert_int_equal(hits(test, "needle-4711", &totals), 1);
	assert_true(totals.blocks > 32);
	assert_true(totals.candidates < 4);
	assert_true(totals.spared > totals.records * 9 / 10);
	hold(test, few, ARRAY_LENGTH(few), 2, 3);

	set(test, 7, "message", "needle-4711 by hand");
	set(test, 15001, "message", NULL);
	set(test, 9000, "action", "needle-4711");
	assert_int_equal(hits(test, "needle-4711", &totals), 2);
	hold(test, few, ARRAY_LENGTH(few), 2, 3);

	import(test, 3, 200, false);
	assert_int_equal(hits(test, "needle-4711", &totals), 3);
	WORKS(test, undo_import(test->file, first, span_string("tester"), 1, (struct span){0},
			    &test->error));
	/* What the journal speaks of stays. */
	assert_int_equal(hits(test, "needle-4711", &totals), 3);
	hold(test, few, ARRAY_LENGTH(few), 2, 3);
}

/* A search that is stopped gives the same first hits. */
static void stopped(void **state)
{
	struct test_case *test = *state;
	struct oracle oracle;
	import(test, 4, 6000, true);
	oracle_load(test, &oracle);
	for (int64_t limit = 1; limit < 1000; limit = limit * 3 + 1)
		same_as_oracle(test, &oracle, span_string("foo|bar"),
			&(struct held){.threads = 3, .limit = limit});
	oracle_free(&oracle);
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

struct cancelling {
	atomic_bool flag;
	double at;
};

static void *cancel_soon(void *context)
{
	struct cancelling *cancelling = context;
	nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
	cancelling->at = seconds();
	atomic_store(&cancelling->flag, true);
	return NULL;
}

/* Also while a cell is matched that takes a long time. */
static void cancelled(void **state)
{
	struct test_case *test = *state;
	struct buffer slow = {0};
	for (int i = 0; i < 100000; i++)
		buffer_add_string(&slow, "a ");
	struct writer *writer = test_writer(test, "slow.csv");
	for (int i = 0; i < 200; i++) {
		struct draft_cell cell = {
			.field = kind_field_find(KIND_EVENT, span_string("message")),
			.text = buffer_span(&slow)};
		struct draft draft = DRAFT(KIND_EVENT);
		draft.cells = &cell;
		draft.cell_count = 1;
		int64_t id;
		WORKS(test, writer_record(writer, &draft, &id, NULL, &test->error));
	}
	test_finish(test, writer);
	struct pattern *pattern;
	WORKS(test, pattern = pattern_compile(span_string("(?=.*\\d)(?=.*\\d)\\s?"),
			    &(struct pattern_options){0}, &test->error));
	struct cancelling cancelling = {0};
	struct search_totals totals;
	struct search_request request = {
		.pattern = pattern, .cancel = &cancelling.flag, .hit = any_hit, .threads = 2};
	pthread_t thread;
	assert_int_equal(pthread_create(&thread, NULL, cancel_soon, &cancelling), 0);
	bool done = search_run(test->file, &request, &totals, &test->error);
	double took = seconds();
	pthread_join(thread, NULL);
	if (!done) {
		took -= cancelling.at;
		assert_int_equal(test->error.code, ERROR_CANCELLED);
		/* The promise is 50 ms; a machine that is busy with other tests gets more. */
		assert_true(took < 1.0);
	} else {
		fail_msg("the pattern was decided too soon to be cancelled");
	}
	buffer_free(&slow);
	pattern_free(pattern);
}

/* A block whose text or cells were damaged is an error, not a miss. */
static void damaged(void **state)
{
	struct test_case *test = *state;
	struct search_totals totals;
	import(test, 5, 300, true);
	WORKS(test, statement_execute(test->file,
			    "UPDATE block SET cells = x'01' WHERE id = (SELECT min(id) FROM block)",
			    &test->error));
	struct pattern *pattern;
	WORKS(test, pattern = pattern_compile(
			    span_string("foo"), &(struct pattern_options){0}, &test->error));
	struct search_request request = {.pattern = pattern, .hit = any_hit, .threads = 2};
	assert_false(search_run(test->file, &request, &totals, &test->error));
	assert_int_equal(test->error.code, ERROR_CASE_DAMAGED);
	assert_false(totals.complete);
	pattern_free(pattern);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(few_blocks_have_no_index, test_begin, test_end),
		cmocka_unit_test_setup_teardown(indexed, test_begin, test_end),
		cmocka_unit_test_setup_teardown(stopped, test_begin, test_end),
		cmocka_unit_test_setup_teardown(cancelled, test_begin, test_end),
		cmocka_unit_test_setup_teardown(damaged, test_begin, test_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
