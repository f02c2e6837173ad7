/* Listings: every kind by every field in both directions, against a sort of what is read. */
#include "case_support.h"

#include "casefile/journal.h"
#include "casefile/listing.h"
#include "casefile/statement.h"

#include <sqlite3.h>

static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

#define ROWS 60

/* Records with fields stated or not, values that meet, and some decided on. */
static void fill(struct test_case *test, enum kind kind, const char *const *format, uint32_t *seed)
{
	static char words[ROWS][TEST_MOST_CELLS][64];
	struct writer *writer = test_writer(test, "a.csv");
	for (int row = 0; row < ROWS; row++) {
		const char *list[TEST_MOST_CELLS + 1];
		int count = 0;
		for (int i = 0; format[i]; i++) {
			if (i > 0 && next_random(seed) % 4 == 0)
				continue;
			int value = i == 0 ? (row * 37) % ROWS : (int)(next_random(seed) % 9 + 1);
			char *word = words[row][count];
			snprintf(word, 64, "%s", format[i]);
			char *mark = strchr(word, '#');
			assert_non_null(mark);
			snprintf(mark, 64 - (size_t)(mark - word), "%02d", value);
			list[count++] = word;
		}
		list[count] = NULL;
		test_record(test, writer, kind, list);
	}
	test_finish(test, writer);
	/* A part of another import is not to be seen. */
	writer = test_writer(test, "hidden.csv");
	test_record(test, writer, kind,
		(const char *const[]){
			"name=hidden", "title=hidden", "text=hidden", "value=hidden", NULL});
	test_finish(test, writer);
	WORKS(test, statement_execute(test->file,
			    "UPDATE source SET state = 'withdrawn' WHERE id = (SELECT max(id) FROM "
			    "source)",
			    &test->error));
}

static void decide(
	struct test_case *test, struct record_id id, const char *field, const char *after)
{
	struct journal_entry entry = {.reviewer = span_string("R"),
		.id = id,
		.field = span_string(field),
		.after = span_string(after)};
	WORKS(test, journal_set(test->file, &entry, &test->error));
}

/* How two records of a page stand to each other: <0, 0, >0. */
static int compare(enum kind kind, int field, const struct record *a, const struct record *b)
{
	if (field < 0)
		return 0;
	enum field_type type = kind_info(kind)->fields[field].type;
	const struct cell *left = record_cell(a, field), *right = record_cell(b, field);
	if (type == FIELD_TIME) {
		if (left && left->moment.precision == MOMENT_NONE)
			left = NULL;
		if (right && right->moment.precision == MOMENT_NONE)
			right = NULL;
	}
	if (!left || !right)
		return !left - !right;
	if (type == FIELD_TIME)
		return (left->moment.from > right->moment.from) -
		       (left->moment.from < right->moment.from);
	long long x = 0, y = 0;
	if (type == FIELD_NUMBER) {
		assert_true(span_to_integer(left->text, &x) && span_to_integer(right->text, &y));
		return (x > y) - (x < y);
	}
	return span_compare(left->text, right->text);
}

static bool stated(enum kind kind, int field, const struct record *record)
{
	const struct cell *cell = field < 0 ? NULL : record_cell(record, field);
	return field < 0 || (cell && (kind_info(kind)->fields[field].type != FIELD_TIME ||
					     cell->moment.precision != MOMENT_NONE));
}

static void check_order(struct test_case *test, enum kind kind, int field, bool descending)
{
	struct listing *listing;
	struct record_reader *reader;
	struct record records[2] = {{.cells = NULL}, {.cells = NULL}};
	int64_t id;
	int count = 0, more;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	WORKS(test, listing = listing_open(test->file, kind, field, descending, &test->error));
	while ((more = listing_next(listing, &id, &test->error)) == 1) {
		struct record *now = &records[count % 2], *before = &records[(count + 1) % 2];
		assert_int_equal(record_read(reader, kind, id, now, &test->error), RECORD_FOUND);
		if (count++ == 0)
			continue;
		int order = compare(kind, field, before, now);
		/* What is not stated comes last both ways. */
		if (stated(kind, field, before) && stated(kind, field, now) && descending)
			order = -order;
		bool tie = descending ? before->id.id > now->id.id : before->id.id < now->id.id;
		if (!(order < 0 || (order == 0 && tie)))
			fail_msg("%s by %s%s: %lld before %lld", kind_info(kind)->name,
				field < 0 ? "id" : kind_info(kind)->fields[field].name,
				descending ? " descending" : "", (long long)before->id.id,
				(long long)now->id.id);
	}
	WORKS(test, more == 0);
	assert_int_equal(count, ROWS);
	listing_close(listing);
	record_reader_close(reader);
	record_free(&records[0]);
	record_free(&records[1]);
}

static void check_all(struct test_case *test, enum kind kind)
{
	for (int field = -1; field < kind_info(kind)->field_count; field++)
		if (listing_sorts(kind, field)) {
			check_order(test, kind, field, false);
			check_order(test, kind, field, true);
		}
}

static void hosts_are_sorted(void **state)
{
	struct test_case *test = *state;
	uint32_t seed = 3;
	fill(test, KIND_HOST,
		(const char *const[]){"name=WS#", "role=r#", "site=s#", "address=10.0.0.#",
			"first_seen=2019-06-#", "last_seen=some day #", "cited_in=d#", NULL},
		&seed);
	check_all(test, KIND_HOST);
	decide(test, (struct record_id){KIND_HOST, 5}, "status", "confirmed");
	decide(test, (struct record_id){KIND_HOST, 9}, "status", "cleared");
	decide(test, (struct record_id){KIND_HOST, 9}, "name", "WS07a");
	decide(test, (struct record_id){KIND_HOST, 50}, "first_seen", "2019-06-04");
	decide(test, (struct record_id){KIND_HOST, 51}, "first_seen", NULL);
	decide(test, (struct record_id){KIND_HOST, 52}, "first_seen", "once");
	decide(test, (struct record_id){KIND_HOST, 53}, "first_seen", "2001");
	decide(test, (struct record_id){KIND_HOST, 20}, "site", "site:2");
	decide(test, (struct record_id){KIND_HOST, 21}, "site", NULL);
	decide(test, (struct record_id){KIND_HOST, 22}, "role", "r05");
	check_all(test, KIND_HOST);
}

static void claims_are_sorted(void **state)
{
	struct test_case *test = *state;
	uint32_t seed = 5;
	fill(test, KIND_CLAIM,
		(const char *const[]){
			"text=c#", "quantity_min=-#", "quantity_max=#0", "unit=u#", NULL},
		&seed);
	decide(test, (struct record_id){KIND_CLAIM, 7}, "quantity_max", "3");
	decide(test, (struct record_id){KIND_CLAIM, 8}, "quantity_max", "100");
	check_all(test, KIND_CLAIM);
}

/* From the end the same ids come, the other way round. */
static void check_end(struct test_case *test, enum kind kind)
{
	int64_t ids[ROWS], id;
	int count = 0, more;
	struct listing *listing;
	WORKS(test, listing = listing_open(
			    test->file, kind, kind_info(kind)->sort_field, false, &test->error));
	while ((more = listing_next(listing, &id, &test->error)) == 1)
		ids[count++] = id;
	listing_close(listing);
	assert_int_equal(count, ROWS);
	WORKS(test, listing = listing_open_end(test->file, kind, &test->error));
	while ((more = listing_next(listing, &id, &test->error)) == 1)
		assert_int_equal(id, ids[--count]);
	WORKS(test, more == 0);
	assert_int_equal(count, 0);
	listing_close(listing);
}

static void events_are_sorted(void **state)
{
	struct test_case *test = *state;
	uint32_t seed = 7;
	fill(test, KIND_EVENT,
		(const char *const[]){"message=m#", "time=2019-07-#", "found=2020-01-#", "host=WS#",
			"account=a#", NULL},
		&seed);
	check_all(test, KIND_EVENT);
	decide(test, (struct record_id){KIND_EVENT, 11}, "time", "2019-07-05T10:00");
	decide(test, (struct record_id){KIND_EVENT, 12}, "time", NULL);
	check_all(test, KIND_EVENT);
	check_end(test, KIND_EVENT);
	int none = kind_info(KIND_EVENT)->field_count;
	assert_false(listing_sorts(KIND_EVENT, none));
	assert_null(listing_open(test->file, KIND_EVENT, none, false, &test->error));
	assert_int_equal(test->error.code, ERROR_USAGE);
}

static void documents_and_statements_are_sorted(void **state)
{
	struct test_case *test = *state;
	uint32_t seed = 9;
	fill(test, KIND_STATEMENT,
		(const char *const[]){
			"gist=g#", "speaker=p#", "said_on=2020-01-#", "document=d#", NULL},
		&seed);
	check_all(test, KIND_STATEMENT);
}

/* The order a pane opens with goes along an index: no row is sorted, none of the kind is read that
 * is not given out. */
static void default_orders_use_an_index(void **state)
{
	struct test_case *test = *state;
	sqlite3 *plain = NULL;
	assert_int_equal(sqlite3_open(test->path, &plain), SQLITE_OK);
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		for (int turn = 0; turn < 4; turn++) {
			struct buffer sql = {0};
			buffer_add_string(&sql, "EXPLAIN QUERY PLAN ");
			if (!listing_sql((enum kind)kind, kind_info((enum kind)kind)->sort_field,
				    turn & 1, turn & 2 ? LISTING_NOT_STATED : LISTING_STATED, false,
				    &sql)) {
				buffer_free(&sql);
				continue;
			}
			sqlite3_stmt *plan = NULL;
			assert_int_equal(
				sqlite3_prepare_v2(plain, sql.data, -1, &plan, NULL), SQLITE_OK);
			while (sqlite3_step(plan) == SQLITE_ROW) {
				const char *step = (const char *)sqlite3_column_text(plan, 3);
				if (strstr(step, "TEMP B-TREE") || strstr(step, "AUTOMATIC") ||
					(strncmp(step, "SCAN", 4) == 0 && !strstr(step, "USING")))
					fail_msg("%s: %s", sql.data, step);
			}
			sqlite3_finalize(plan);
			buffer_free(&sql);
		}
	sqlite3_close(plain);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_begin, test_end)
		TEST(hosts_are_sorted),
		TEST(claims_are_sorted),
		TEST(events_are_sorted),
		TEST(documents_and_statements_are_sorted),
		TEST(default_orders_use_an_index),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
