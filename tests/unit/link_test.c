/* What a record is related to: fields both ways, links, events, and only what can be seen. */
#include "case_support.h"

#include "casefile/journal.h"
#include "casefile/link.h"

#include <sqlite3.h>

/* `>site site:1 x1; <host ...`, in the order given. */
static const char *related_text(struct test_case *test, enum kind kind, int64_t id, int limit)
{
	static char text[2048];
	struct related_list list;
	WORKS(test,
		link_related(test->file, (struct record_id){kind, id}, limit, &list, &test->error));
	size_t length = 0;
	text[0] = '\0';
	for (int i = 0; i < list.count; i++) {
		const struct related *item = &list.items[i];
		length += (size_t)snprintf(text + length, sizeof text - length,
			"%s%c%s %s:%lld x%lld%s%s%s", i ? "; " : "", item->outgoing ? '>' : '<',
			item->type, kind_info(item->id.kind)->name, (long long)item->id.id,
			(long long)item->count, item->journal ? " j" : "", item->detail ? " " : "",
			item->detail ? item->detail : "");
		assert_true(length < sizeof text);
	}
	if (list.more)
		snprintf(text + length, sizeof text - length, "; more");
	related_list_free(&list);
	return text;
}

static void fields_and_links(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "a.csv");
	test_record(test, writer, KIND_HOST, WORDS("name=WS01", "site=HQ", "cited_in=Report"));
	test_record(test, writer, KIND_HOST, WORDS("name=WS02", "site=HQ"));
	test_record(test, writer, KIND_ACCOUNT, WORDS("name=svc"));
	WORKS(test, writer_link(writer,
			    &(struct draft_link){.from = {KIND_ACCOUNT, 1},
				    .to = {KIND_HOST, 1},
				    .type = span_string("used"),
				    .detail = span_string("by night")},
			    &test->error));
	test_finish(test, writer);
	assert_string_equal(related_text(test, KIND_HOST, 1, 100),
		">site site:1 x1; >cited_in document:1 x1; <used account:1 x1 by night");
	assert_string_equal(related_text(test, KIND_ACCOUNT, 1, 100), ">used host:1 x1 by night");
	assert_string_equal(
		related_text(test, KIND_SITE, 1, 100), "<site host:1 x1; <site host:2 x1");
	assert_string_equal(related_text(test, KIND_SITE, 1, 1), "<site host:1 x1; more");
	assert_string_equal(related_text(test, KIND_DOCUMENT, 1, 100), "<cited_in host:1 x1");
	assert_string_equal(related_text(test, KIND_SITE, 9, 100), "");
}

static void events_are_summed(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "events.csv");
	test_record(test, writer, KIND_EVENT, WORDS("time=2019-06-01", "host=A", "account=x"));
	test_record(test, writer, KIND_EVENT, WORDS("time=2019-06-02", "host=A", "account=x"));
	test_record(test, writer, KIND_EVENT, WORDS("time=2019-06-03", "host=A", "account=-"));
	test_record(test, writer, KIND_EVENT, WORDS("host=B", "account=x", "cited_in=Log"));
	assert_string_equal(related_text(test, KIND_HOST, 1, 100), "");
	test_finish(test, writer);
	assert_string_equal(related_text(test, KIND_HOST, 1, 100),
		"<events event:0 x3; >seen with account:1 x2");
	assert_string_equal(related_text(test, KIND_ACCOUNT, 1, 100),
		"<events event:0 x3; >seen with host:1 x2; >seen with host:2 x1");
	assert_string_equal(related_text(test, KIND_EVENT, 4, 100),
		">host host:2 x1; >account account:1 x1; >cited_in document:1 x1");
	assert_string_equal(related_text(test, KIND_DOCUMENT, 1, 100), "<events event:0 x1");
	/* A second source adds to the sums. */
	writer = test_writer(test, "more.csv");
	test_record(test, writer, KIND_EVENT, WORDS("host=A", "account=x"));
	test_finish(test, writer);
	assert_string_equal(related_text(test, KIND_HOST, 1, 100),
		"<events event:0 x4; >seen with account:1 x3");
	/* Kind by kind, the most seen first. */
	writer = test_writer(test, "most.csv");
	test_record(test, writer, KIND_EVENT, WORDS("host=B", "account=y"));
	test_record(test, writer, KIND_EVENT, WORDS("host=B", "account=y"));
	test_finish(test, writer);
	assert_string_equal(related_text(test, KIND_HOST, 2, 100),
		"<events event:0 x3; >seen with account:2 x2; >seen with account:1 x1");
}

/* What a stretch of pairs says is never believed beyond its bytes. */
static void damaged_pairs(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "events.csv");
	test_record(test, writer, KIND_EVENT, WORDS("time=2019-06-01", "host=A", "account=x"));
	test_finish(test, writer);
	static const char *const pairs[] = {"02", "03", "0280", "0301", "03010a", "0302028080",
		"ffffffffffffffffffff01", "0201ff"};
	for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
		char sql[128];
		struct related_list list;
		snprintf(sql, sizeof sql, "UPDATE edge SET pairs = x'%s' WHERE b_kind = %d",
			pairs[i], (int)KIND_ACCOUNT);
		assert_int_equal(
			sqlite3_exec(case_database(test->file), sql, NULL, NULL, NULL), SQLITE_OK);
		assert_false(link_related(
			test->file, (struct record_id){KIND_HOST, 1}, 10, &list, &test->error));
		assert_int_equal(test->error.code, ERROR_CASE_DAMAGED);
	}
}

static void decide(
	struct test_case *test, struct record_id id, const char *field, const char *after)
{
	struct journal_entry entry = {.reviewer = span_string("R. Viewer"),
		.clock = 1,
		.id = id,
		.field = span_string(field),
		.after = span_string(after),
		.reason = span_string("seen")};
	WORKS(test, journal_set(test->file, &entry, &test->error));
}

static void journal_moves_references(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "a.csv");
	test_record(test, writer, KIND_HOST, WORDS("name=WS01", "site=HQ"));
	test_record(test, writer, KIND_SITE, WORDS("name=Plant"));
	test_finish(test, writer);
	decide(test, (struct record_id){KIND_HOST, 1}, "site", "site:2");
	assert_string_equal(related_text(test, KIND_HOST, 1, 100), ">site site:2 x1 j");
	assert_string_equal(related_text(test, KIND_SITE, 1, 100), "");
	assert_string_equal(related_text(test, KIND_SITE, 2, 100), "<site host:1 x1 j");
	struct journal_entry link = {.reviewer = span_string("R. Viewer"),
		.clock = 2,
		.id = {KIND_SITE, 1},
		.field = span_string("same_as")};
	WORKS(test, journal_link(test->file, &link, (struct record_id){KIND_SITE, 2},
			    (struct span){0}, &test->error));
	assert_string_equal(related_text(test, KIND_SITE, 1, 100), ">same_as site:2 x1 j");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(fields_and_links, test_begin, test_end),
		cmocka_unit_test_setup_teardown(events_are_summed, test_begin, test_end),
		cmocka_unit_test_setup_teardown(damaged_pairs, test_begin, test_end),
		cmocka_unit_test_setup_teardown(journal_moves_references, test_begin, test_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
