/* How SQLite runs every statement of the program: by an index, or for a reason given here. */
#include "case_place.h"

#include "base/buffer.h"
#include "casefile/listing.h"

#include <fnmatch.h>

/* A plan that is not a search by an index. Every line must be met, so that none outlives its
 * reason. */
struct exception {
	const char *query;
	const char *plan; /* a pattern of fnmatch */
	const char *reason;
};

static const struct exception exceptions[] = {
	{"journal_last", "SCAN journal", "one row, from the end"},
	{"overlay_empty", "SCAN overlay", "one row"},
	{"sequence_list", "SCAN sequence", "one row a kind"},
	{"field_name_list", "SCAN field_name", "a row for each column that was ever imported"},
	{"block_records", "SCAN s*", "sources are few, and their blocks are found by an index"},
	{"block_hidden", "SCAN s", "sources are few, and their blocks are found by an index"},
	{"block_of_format", "SCAN s", "sources are few, and their blocks are found by an index"},
	{"mention_again", "SCAN bulk VIRTUAL TABLE INDEX 1:", "the rows that are inserted"},
	{"mention_again_speaks", "SCAN bulk VIRTUAL TABLE INDEX 1:", "the rows that are inserted"},
	{"source_ready", "SCAN source", "sources are few"},
	{"source_loading", "SCAN source", "sources are few; once at an open for writing"},
	{"segment_list", "SCAN g", "a row for some thousand blocks"},
	{"segment_count", "SCAN g", "a row for some thousand blocks"},
	{"overlay_referring", "SCAN overlay", "what people decided by hand is little"},
	{"extra_shared_insert", "SCAN (subquery-*)", "the 32 rows of a record written last"},
	{"extra_same", "SCAN (subquery-*)", "the 64 rows of a record written last"},
	{"sweep_extra", "SCAN extra", "after a crash"},
	{"sweep_link", "SCAN link", "after a crash"},
	{"sweep_edge", "SCAN edge", "after a crash"},
	{"sweep_source", "SCAN *", "after a crash: references to the source are looked for"},
	{"event_order_insert", "SCAN bulk VIRTUAL TABLE INDEX 1:", "the rows that are inserted"},
	{"sweep_event_order", "SCAN b", "after a crash: the twenty blocks at hand"},
	{"sweep_event", "SCAN b", "after a crash: the twenty blocks at hand"},
	{"overlay_without_entry", "SCAN o", "verifying reads all"},
	{"link_without_entry", "SCAN l", "verifying reads all"},
	{"verify_mention_ranges", "SCAN m", "verifying reads all"},
	{"verify_link_ranges", "SCAN l", "verifying reads all"},
	{"verify_quotes", "SCAN t*", "verifying reads all"},
};

static bool frowned_on(const char *plan)
{
	return (strncmp(plan, "SCAN ", 5) == 0 && strcmp(plan, "SCAN CONSTANT ROW") != 0) ||
	       strstr(plan, "TEMP B-TREE") || strstr(plan, "AUTOMATIC");
}

/* Runs a plan's lines through a function. */
static void each_plan(const struct case_file *file, const char *sql,
	void (*take)(void *context, const char *plan), void *context)
{
	struct error error = {0};
	struct buffer explain = {0};
	buffer_add_format(&explain, "EXPLAIN QUERY PLAN %s", sql);
	assert_false(buffer_failed(&explain));
	struct statement *select = statement_open_text(file, explain.data, &error);
	if (!select)
		fail_msg("%s: %s", sql, error.message);
	enum statement_result result;
	while ((result = statement_step(select, &error)) == STATEMENT_ROW) {
		struct span detail = statement_text(select, 3);
		char *plan = strndup(detail.data, detail.length);
		assert_non_null(plan);
		take(context, plan);
		free(plan);
	}
	assert_int_equal(result, STATEMENT_DONE);
	statement_close(select);
	buffer_free(&explain);
}

struct check {
	const char *query;
	bool met[ARRAY_LENGTH(exceptions)];
	int bad;
};

static void check_plan(void *context, const char *plan)
{
	struct check *check = context;
	if (!frowned_on(plan))
		return;
	for (size_t i = 0; i < ARRAY_LENGTH(exceptions); i++) {
		if (strcmp(exceptions[i].query, check->query) == 0 &&
			fnmatch(exceptions[i].plan, plan, 0) == 0) {
			check->met[i] = true;
			return;
		}
	}
	check->bad++;
	print_error("%s: %s\n", check->query, plan);
}

static void fixed_statements(void **state)
{
	struct case_file *file = place_open(*state, CASE_CREATE);
	struct check check = {0};
	for (int query = 0; query < QUERY_COUNT; query++) {
		check.query = query_names[query];
		each_plan(file, query_texts[query], check_plan, &check);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(exceptions); i++) {
		if (!check.met[i])
			print_error("%s: not met any more: %s\n", exceptions[i].query,
				exceptions[i].plan);
		check.bad += !check.met[i];
	}
	assert_int_equal(check.bad, 0);
	case_close(file);
}

/* The test would see a bad plan. */
static void bad_plans_are_seen(void **state)
{
	static const char *const bad[] = {
		"SELECT 1 FROM host WHERE role = 'x'",
		"SELECT name FROM host ORDER BY role",
		"SELECT count(*) FROM event",
		"SELECT DISTINCT role FROM host WHERE id = 3 UNION SELECT 1",
	};
	struct case_file *file = place_open(*state, CASE_CREATE);
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		struct check check = {.query = "expected"};
		each_plan(file, bad[i], check_plan, &check);
		assert_true(check.bad > 0);
	}
	case_close(file);
}

struct listing_check {
	const char *sql;
	bool default_order;
	int bad;
};

/* A list walks its kind, in the order of an index where that is its default. Any other order is
 * sorted, in a worker. What a row is joined with is always searched for. */
static void check_listing(void *context, const char *plan)
{
	struct listing_check *check = context;
	bool sorts = strstr(plan, "TEMP B-TREE FOR ORDER BY") ||
		     strstr(plan, "TEMP B-TREE FOR RIGHT PART OF ORDER BY") ||
		     strstr(plan, "TEMP B-TREE FOR LAST TERM OF ORDER BY");
	bool walks = fnmatch("SCAN r", plan, 0) == 0 || fnmatch("SCAN r *", plan, 0) == 0;
	if (!frowned_on(plan) || walks || (sorts && !check->default_order))
		return;
	check->bad++;
	print_error("%s\n\t%s\n", check->sql, plan);
}

static void listings(void **state)
{
	struct case_file *file = place_open(*state, CASE_CREATE);
	int bad = 0, seen = 0;
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		const struct kind_info *info = kind_info((enum kind)kind);
		for (int choice = 0; choice < 8 * (info->field_count + 1); choice++) {
			int field = choice / 8 - 1;
			enum listing_part part = choice & 2 ? LISTING_NOT_STATED : LISTING_STATED;
			struct buffer sql = {0};
			bool decided = (choice & 4) && field >= 0;
			if (listing_sorts((enum kind)kind, field) &&
				listing_sql(
					(enum kind)kind, field, choice & 1, part, decided, &sql)) {
				struct listing_check check = {.sql = sql.data,
					.default_order = field < 0 || field == info->sort_field};
				each_plan(file, sql.data, check_listing, &check);
				bad += check.bad;
				seen++;
			}
			buffer_free(&sql);
		}
	}
	assert_true(seen > 8 * KIND_COUNT);
	assert_int_equal(bad, 0);
	case_close(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(fixed_statements, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(listings, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(bad_plans_are_seen, place_set_up, place_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
