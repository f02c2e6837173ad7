/* Reading records: cells in order, exact bytes, the journal's word, names. */
#include "case_support.h"

#include "casefile/journal.h"
#include "casefile/statement.h"
#include "casefile/visible.h"

static void decide(
	struct test_case *test, struct record_id id, const char *field, const char *after)
{
	struct journal_entry entry = {.reviewer = span_string("R. Viewer"),
		.clock = 1,
		.id = id,
		.field = span_string(field),
		.after = span_string(after)};
	WORKS(test, journal_set(test->file, &entry, &test->error));
}

static void small_record(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "hosts.csv");
	test_record_at(test, writer, KIND_HOST, 100,
		WORDS("name=WS01", "type=server", "site=Kamakura", "first_seen=2019-06", "rack=B 7",
			"asset=17", "status=confirmed"));
	assert_string_equal(test_text(test, KIND_HOST, 1), "none");
	test_finish(test, writer);
	assert_string_equal(test_text(test, KIND_HOST, 1),
		"name=WS01; type=server; site=Kamakura; first_seen=2019-06; +asset=17; +rack=B 7; "
		"+status=confirmed");
	assert_string_equal(test_text(test, KIND_SITE, 1), "name=Kamakura");
	assert_string_equal(test_text(test, KIND_HOST, 2), "none");
}

static void long_cells_are_cut_for_the_screen(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "hosts.csv");
	test_record_at(test, writer, KIND_HOST, 100, WORDS("name=WS01", "role=\u4e09\u83f1\u96fb"));
	test_finish(test, writer);
	struct record record = {0};
	struct record_reader *reader;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	record_reader_limit(reader, 7);
	assert_int_equal(record_read(reader, KIND_HOST, 1, &record, &test->error), RECORD_FOUND);
	const struct cell *role = record_cell_named(&record, span_string("role"));
	assert_true(span_is(role->text, "\u4e09\u83f1"));
	assert_int_equal(role->cut, 3);
	assert_int_equal(record_cell_named(&record, span_string("name"))->cut, 0);
	record_reader_limit(reader, 0);
	assert_int_equal(record_read(reader, KIND_HOST, 1, &record, &test->error), RECORD_FOUND);
	role = record_cell_named(&record, span_string("role"));
	assert_true(span_is(role->text, "\u4e09\u83f1\u96fb"));
	assert_int_equal(role->cut, 0);
	record_free(&record);
	record_reader_close(reader);
}

static void parts_of_a_record(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "hosts.csv");
	struct test_draft made;
	int64_t id;
	bool new_one = false;
	test_draft(&made, KIND_HOST, WORDS("name=WS01", "first_seen=2019-06", "last_seen=later"));
	made.draft.basis = BASIS_INFERRED;
	made.draft.by = span_string("somebody");
	made.draft.stands_min = 24;
	made.draft.stands_max = INT64_MAX;
	made.draft.start = 7;
	made.draft.end = 19;
	made.draft.key = span_string("host--1");
	WORKS(test, writer_record(writer, &made.draft, &id, &new_one, &test->error));
	assert_true(new_one);
	made.draft.stands_stated = false;
	made.cells[0].text = span_string("WS02");
	WORKS(test, writer_record(writer, &made.draft, &id, &new_one, &test->error));
	test_finish(test, writer);

	struct record record = {0};
	struct record_reader *reader;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	assert_int_equal(record_read(reader, KIND_HOST, 1, &record, &test->error), RECORD_FOUND);
	assert_int_equal(record.basis, BASIS_INFERRED);
	assert_true(span_is(record.by, "somebody"));
	assert_true(record.stands_stated);
	assert_int_equal(record.stands_min, 24);
	assert_true(record.stands_max == INT64_MAX);
	assert_int_equal(record.source, 1);
	assert_int_equal(record.start, 7);
	assert_int_equal(record.end, 19);
	const struct cell *seen = record_cell_named(&record, span_string("first_seen"));
	assert_non_null(seen);
	assert_int_equal(seen->moment.precision, MOMENT_MONTH);
	assert_true(seen->moment.floating);
	assert_true(seen->moment.to - seen->moment.from == INT64_C(30) * 86400 * 1000000);
	/* Words that were not read are kept, and sort last. */
	seen = record_cell_named(&record, span_string("last_seen"));
	assert_non_null(seen);
	assert_int_equal(seen->moment.precision, MOMENT_NONE);
	assert_true(span_is(seen->text, "later"));
	assert_int_equal(record_read(reader, KIND_HOST, 2, &record, &test->error), RECORD_FOUND);
	assert_false(record.stands_stated);
	struct record_id found;
	WORKS(test, record_find_key(test->file, span_string("host--1"), &found, &test->error));
	/* Of two with one key the later: the earlier may have stood for it. */
	assert_true(record_id_equal(found, (struct record_id){KIND_HOST, 2}));
	WORKS(test, record_find_key(test->file, span_string("host--9"), &found, &test->error));
	assert_int_equal(found.kind, KIND_NONE);
	/* A record outlives its reader. */
	record_reader_close(reader);
	struct buffer title = {0};
	record_title(&record, &title);
	assert_string_equal(title.data, "WS02");
	buffer_free(&title);
	record_free(&record);
}

static void exact_bytes_survive(void **state)
{
	struct test_case *test = *state;
	static const char bytes[] = "a\0b\xff\x1a\xe4\xb8\x89\xed\xa0\x80\n";
	struct span exact = span_of(bytes, sizeof bytes - 1);
	static const enum kind kinds[] = {KIND_STATEMENT, KIND_EVENT};
	struct writer *writer = test_writer(test, "a.csv");
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		struct test_draft made;
		int64_t id;
		test_draft(&made, kinds[i], WORDS("x=1", "y=2", "z="));
		made.cells[0].field = kind_info(kinds[i])->name_field;
		made.cells[0].text = exact;
		made.cells[1].text = exact;
		WORKS(test, writer_record(writer, &made.draft, &id, NULL, &test->error));
	}
	test_finish(test, writer);
	struct record record = {0};
	struct record_reader *reader;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		assert_int_equal(
			record_read(reader, kinds[i], 1, &record, &test->error), RECORD_FOUND);
		assert_int_equal(record.cell_count, 3);
		const struct cell *name = record_cell(&record, kind_info(kinds[i])->name_field);
		assert_true(name && span_equal(name->text, exact));
		assert_true(span_is(record.cells[1].name, "y"));
		assert_true(span_equal(record.cells[1].text, exact));
		/* An empty text is stated. */
		assert_int_equal(record.cells[2].text.length, 0);
		assert_non_null(record.cells[2].text.data);
	}
	record_free(&record);
	record_reader_close(reader);
}

static void the_journal_has_the_last_word(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "a.csv");
	test_record(test, writer, KIND_HOST,
		WORDS("name=WS01", "type=server", "site=HQ", "first_seen=2019", "rack=7"));
	test_record(test, writer, KIND_SITE, WORDS("name=Plant"));
	test_record(test, writer, KIND_EVENT, WORDS("time=2019-06-01", "host=WS01", "action=a"));
	test_finish(test, writer);
	struct record_id host = {KIND_HOST, 1}, event = {KIND_EVENT, 1};
	decide(test, host, "status", "confirmed");
	decide(test, host, "type", NULL);
	decide(test, host, "site", "site:2");
	decide(test, host, "first_seen", "2018-12-24");
	decide(test, host, "extra.rack", "8");
	decide(test, host, "note", "seen twice");
	decide(test, event, "action", "logon");
	decide(test, event, "message", "added");
	assert_string_equal(test_text(test, KIND_HOST, 1),
		"name=WS01; !site=Plant; !status=confirmed; !first_seen=2018-12-24; "
		"!+note=seen twice; !+rack=8");
	assert_string_equal(test_text(test, KIND_EVENT, 1),
		"time=2019-06-01; !message=added; host=WS01; !action=logon");
	/* A referred record under its new name; and a name that was taken away is none. */
	decide(test, (struct record_id){KIND_SITE, 2}, "name", "Factory");
	assert_string_equal(test_text(test, KIND_SITE, 2), "!name=Factory");
	decide(test, host, "extra.rack", NULL);
	assert_string_equal(test_text(test, KIND_HOST, 1),
		"name=WS01; !site=Factory; !status=confirmed; !first_seen=2018-12-24; "
		"!+note=seen twice");
	struct record record = {0};
	struct record_reader *reader;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	assert_int_equal(record_read(reader, KIND_HOST, 1, &record, &test->error), RECORD_FOUND);
	const struct cell *seen = record_cell_named(&record, span_string("first_seen"));
	assert_true(seen && seen->moment.precision == MOMENT_DAY);
	assert_int_equal(record_cell_named(&record, span_string("site"))->reference, 2);
	/* A reader that is open sees what is decided meanwhile. */
	decide(test, host, "role", "mail");
	assert_int_equal(record_read(reader, KIND_HOST, 1, &record, &test->error), RECORD_FOUND);
	assert_non_null(record_cell_named(&record, span_string("role")));
	record_free(&record);
	record_reader_close(reader);
}

/* Events of two sources, one of them hidden, walked in the order of ids. */
static void events_are_walked(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "a.csv");
	for (int i = 0; i < 700; i++)
		test_record(test, writer, KIND_EVENT,
			WORDS("time=2019-06-01T00:00:00Z", "host=WS01", "pid=12",
				"message=a message that is long enough to fill more than one "
				"block "
				"of the table in which the text of events is kept"));
	test_finish(test, writer);
	writer = test_writer(test, "b.csv");
	for (int i = 0; i < 100; i++)
		test_record(test, writer, KIND_EVENT, WORDS("message=second"));
	struct record record = {0};
	struct record_reader *reader;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	int64_t last = 0, seen = 0;
	while (record_next(reader, KIND_EVENT, last, &record, &test->error) == RECORD_FOUND) {
		assert_int_equal(record.id.id, last + 1);
		assert_int_equal(record.cell_count, 4);
		last = record.id.id;
		seen++;
	}
	assert_int_equal(seen, 700);
	test_finish(test, writer);
	assert_int_equal(record_next(reader, KIND_EVENT, 700, &record, &test->error), RECORD_FOUND);
	assert_true(span_is(record.cells[0].text, "second"));
	WORKS(test, statement_execute(test->file,
			    "UPDATE source SET state = 'withdrawn' WHERE id = 1", &test->error));
	assert_int_equal(record_next(reader, KIND_EVENT, 0, &record, &test->error), RECORD_FOUND);
	assert_int_equal(record.id.id, 701);
	assert_int_equal(record_read(reader, KIND_EVENT, 7, &record, &test->error), RECORD_NONE);
	assert_int_equal(record_next(reader, KIND_EVENT, 800, &record, &test->error), RECORD_NONE);
	/* An event without its block is damage, not an event without text. */
	WORKS(test,
		statement_execute(test->file, "DELETE FROM block WHERE source = 2", &test->error));
	record_reader_close(reader);
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	assert_int_equal(
		record_read(reader, KIND_EVENT, 701, &record, &test->error), RECORD_FAILED);
	assert_int_equal(test->error.code, ERROR_CASE_DAMAGED);
	record_free(&record);
	record_reader_close(reader);
}

static bool same_cell(const struct cell *a, const struct cell *b)
{
	return a->field == b->field && span_equal(a->name, b->name) &&
	       span_equal(a->text, b->text) && a->reference == b->reference &&
	       a->moment.precision == b->moment.precision && a->moment.from == b->moment.from &&
	       a->moment.to == b->moment.to && a->cut == b->cut && a->decided == b->decided;
}

static void assert_same_record(const struct record *a, const struct record *b)
{
	assert_true(record_id_equal(a->id, b->id));
	assert_int_equal(a->basis, b->basis);
	assert_int_equal(a->source, b->source);
	assert_int_equal(a->start, b->start);
	assert_int_equal(a->end, b->end);
	assert_int_equal(a->cell_count, b->cell_count);
	for (int i = 0; i < a->cell_count; i++)
		assert_true(same_cell(&a->cells[i], &b->cells[i]));
}

/* Pages hold the records that are had one by one, whose ids are below `end`; returns how many. */
static int hold_pages(struct test_case *test, enum kind kind, int64_t end)
{
	struct record record = {0};
	struct record_page page = {0};
	struct record_reader *reader, *other;
	int64_t id = 0;
	int records = 0;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	WORKS(test, other = record_reader_open(test->file, &test->error));
	for (;;) {
		WORKS(test, record_page_read(reader, kind, id, &page, &test->error));
		if (page.count == 0)
			break;
		for (int i = 0; i < page.count; i++, records++) {
			enum record_result found = RECORD_NONE;
			while (found == RECORD_NONE && ++id < end)
				found = record_read(other, kind, id, &record, &test->error);
			assert_int_equal(found, RECORD_FOUND);
			assert_same_record(&page.records[i], &record);
		}
	}
	while (++id < end)
		assert_int_equal(record_read(other, kind, id, &record, &test->error), RECORD_NONE);
	int64_t count;
	WORKS(test, visible_count(test->file, kind, &count, &test->error));
	assert_int_equal(count, records);
	record_page_free(&page);
	record_free(&record);
	record_reader_close(reader);
	record_reader_close(other);
	return records;
}

/* Every so many of 300 hosts, with an event each. */
static void write_hosts(struct test_case *test, const char *source, int step)
{
	struct writer *writer = test_writer(test, source);
	for (int i = 0; i < 300; i += step) {
		char name[32], site[32], rack[32], role[32];
		snprintf(name, sizeof name, "name=h%d", i);
		snprintf(site, sizeof site, "site=s%d", i % 3);
		snprintf(rack, sizeof rack, "rack=%s %d", source, i);
		snprintf(role, sizeof role, "role=%s", source);
		if (i % 5 == 0)
			test_record_at(test, writer, KIND_HOST, (uint64_t)i, WORDS(name, site));
		else
			test_record_at(test, writer, KIND_HOST, (uint64_t)i,
				WORDS(name, site, role, rack, "first_seen=2019-06"));
		test_record(test, writer, KIND_EVENT, WORDS("message=a", rack));
	}
	test_finish(test, writer);
}

static void pages(void **state)
{
	struct test_case *test = *state;
	assert_int_equal(hold_pages(test, KIND_HOST, 10), 0);
	write_hosts(test, "a.csv", 1);
	write_hosts(test, "b.csv", 4);
	assert_int_equal(hold_pages(test, KIND_HOST, 400), 300);
	assert_int_equal(hold_pages(test, KIND_EVENT, 500), 375);
	for (int64_t id = 1; id < 300; id += 7) {
		decide(test, (struct record_id){KIND_HOST, id}, "status", "suspected");
		decide(test, (struct record_id){KIND_HOST, id}, "extra.rack", id % 2 ? "9" : NULL);
		decide(test, (struct record_id){KIND_EVENT, id}, "message", "by hand");
	}
	decide(test, (struct record_id){KIND_HOST, 300}, "note", "the last");
	assert_int_equal(hold_pages(test, KIND_HOST, 400), 300);
	assert_int_equal(hold_pages(test, KIND_EVENT, 500), 375);
	decide(test, (struct record_id){KIND_SITE, 2}, "name", "Plant");
	assert_int_equal(hold_pages(test, KIND_HOST, 400), 300);
	/* What is left is what the other source, or a person, speaks of. */
	WORKS(test, statement_execute(test->file,
			    "UPDATE source SET state = 'withdrawn' WHERE id = 1", &test->error));
	assert_int_equal(hold_pages(test, KIND_HOST, 400), 75 + 44 - 11);
	assert_int_equal(hold_pages(test, KIND_EVENT, 500), 75 + 43);
	assert_string_equal(test_text(test, KIND_HOST, 5),
		"name=h4; site=Plant; first_seen=2019-06; +rack=b.csv 4; +role=b.csv");
}

/* Long records end a page early, and one after the other they take no more memory than a few. */
static void pages_of_long_records(void **state)
{
	struct test_case *test = *state;
	struct buffer body = {0};
	for (int i = 0; i < 30000; i++)
		buffer_add_string(&body, "text ");
	struct writer *writer = test_writer(test, "a.csv");
	for (int i = 0; i < 100; i++) {
		struct test_draft made;
		test_draft(&made, KIND_DOCUMENT, WORDS("title=note", "body="));
		if (i % 3 == 1)
			made.cells[1].text = buffer_span(&body);
		WORKS(test, writer_record(writer, &made.draft, &(int64_t){0}, NULL, &test->error));
	}
	test_finish(test, writer);
	assert_int_equal(hold_pages(test, KIND_DOCUMENT, 110), 100);
	struct record_page page = {0};
	struct record_reader *reader;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	size_t memory = 0;
	for (int64_t after = 0; after < 100; after = page.records[page.count - 1].id.id) {
		WORKS(test, record_page_read(reader, KIND_DOCUMENT, after, &page, &test->error));
		assert_in_range(page.count, 1, 3);
		memory = 0;
		for (int i = 0; i < RECORD_PAGE; i++)
			memory += page.records[i].text.capacity;
		assert_true(memory < 4 * body.length);
	}
	record_page_free(&page);
	record_reader_close(reader);
	buffer_free(&body);
}

static void names_and_numbers(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "a.csv");
	test_record(test, writer, KIND_HOST, WORDS("name=Caf\xc3\xa9  1"));
	test_record(test, writer, KIND_DOCUMENT, WORDS("title=Report"));
	test_finish(test, writer);
	static const struct {
		enum kind kind;
		const char *name;
		int64_t id;
	} names[] = {
		{KIND_HOST, " Cafe\xcc\x81 1", 1},
		{KIND_HOST, "cafe\xcc\x81 1", 0},
		{KIND_DOCUMENT, "Report", 1},
		{KIND_DOCUMENT, "Reports", 0},
		{KIND_EVENT, "Report", 0},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		assert_int_equal(record_find_named(test->file, names[i].kind,
					 span_string(names[i].name), &test->error),
			names[i].id);
	struct record_id id;
	assert_true(record_id_parse(span_string("host:7"), &id));
	assert_true(id.kind == KIND_HOST && id.id == 7);
	assert_true(record_id_parse(span_string("parties:9223372036854775807"), &id));
	static const char *const wrong[] = {"", "host", "host:", "host:-1", "host:+1", "host:0",
		"host:7x", "host: 7", "house:7", ":7", "host:9223372036854775808"};
	for (size_t i = 0; i < ARRAY_LENGTH(wrong); i++)
		assert_false(record_id_parse(span_string(wrong[i]), &id));
}

/* What evidence puts where it has no name makes no record. */
static void words_that_name_nothing(void **state)
{
	static const char *const nothing[] = {
		"", " ", "-", " - ", ":", "n/a", "N/A", "null", "(null)", "<NULL>"};
	static const char *const machines[] = {"localhost", "LocalHost", "localhost.localdomain",
		"127.0.0.1", "::1", "0.0.0.0", "::"};
	static const char *const names[] = {
		"--", "none", "unknown", "n", "WS-", "127.0.0.11", "nulls"};
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(nothing); i++) {
		assert_false(record_names(KIND_HOST, span_string(nothing[i])));
		assert_false(record_names(KIND_PARTY, span_string(nothing[i])));
	}
	for (size_t i = 0; i < ARRAY_LENGTH(machines); i++) {
		assert_false(record_names(KIND_HOST, span_string(machines[i])));
		assert_true(record_names(KIND_INDICATOR, span_string(machines[i])));
	}
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		assert_true(record_names(KIND_HOST, span_string(names[i])));
	assert_false(record_names(KIND_ACCOUNT, span_string("CORP\\-")));
	assert_false(record_names(KIND_ACCOUNT, span_string("-\\-")));
	assert_true(record_names(KIND_ACCOUNT, span_string("CORP\\amy-")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_begin, test_end)
		TEST(small_record),
		TEST(long_cells_are_cut_for_the_screen),
		TEST(parts_of_a_record),
		TEST(exact_bytes_survive),
		TEST(the_journal_has_the_last_word),
		TEST(events_are_walked),
		TEST(pages),
		TEST(pages_of_long_records),
		TEST(names_and_numbers),
		TEST(words_that_name_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
