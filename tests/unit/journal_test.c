/* The journal: what is written, what is refused, and that every way to tamper is found. */
#include "case_place.h"

#include "casefile/journal.h"

#include <sqlite3.h>

static struct case_file *with_records(const struct place *place)
{
	struct case_file *file = place_open(place, CASE_CREATE);
	place_run(file, "INSERT INTO source(id, name, size, sha256, format, importer, options,"
			" imported, state) VALUES(1, 'a.csv', 4, zeroblob(32), 'csv', 'x', '', 0,"
			" 'ready')");
	for (int i = 1; i <= 3; i++) {
		char sql[256];
		snprintf(sql, sizeof sql,
			"INSERT INTO host(id, source, start, \"end\", basis, name, name_key,"
			" first_seen_from, first_seen_to, first_seen_form, last_seen_from,"
			" last_seen_to, last_seen_form)"
			" VALUES(%d, 1, 0, 4, 0, 'h%d', 'h%d', 0, 0, 0, 0, 0, 0)",
			i, i, i);
		place_run(file, sql);
	}
	place_run(file, "INSERT INTO site(id, source, start, \"end\", basis, name, name_key)"
			" VALUES(9, 1, 0, 4, 0, 's', 's')");
	return file;
}

static struct journal_entry entry_of(int64_t host, const char *field, const char *after)
{
	return (struct journal_entry){.reviewer = span_string("R. Viewer"),
		.clock = 1600000000000000,
		.id = {.kind = KIND_HOST, .id = host},
		.field = span_string(field),
		.after = span_string(after),
		.reason = span_string("a reason")};
}

static bool set(struct case_file *file, int64_t host, const char *field, const char *after,
	struct error *error)
{
	struct journal_entry entry = entry_of(host, field, after);
	return journal_set(file, &entry, error);
}

static void assert_chain(const struct case_file *file, int64_t expected)
{
	struct error error = {0};
	int64_t entries = -1;
	uint8_t head[HASH_SIZE];
	if (!journal_verify(file, &entries, head, &error))
		fail_msg("%s", error.message);
	assert_int_equal(entries, expected);
}

static void chain_is_as_documented(void **state)
{
	struct case_file *file = with_records(*state);
	struct error error = {0};
	assert_chain(file, 0);
	assert_true(set(file, 1, "status", "suspected", &error));
	/* By hand: zeros; 1, clock, kind, record; reviewer, action, field, before, after, reason.
	 */
	static const char bytes[] =
		"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
		"\0\0\0\0\0\0\0\1\0\5\xaf\x31\x07\xa4\0\0\0\0\0\0\0\0\0\5\0\0\0\0\0\0\0\1"
		"\0\0\0\0\0\0\0\x9R. Viewer\0\0\0\0\0\0\0\3set\0\0\0\0\0\0\0\6status"
		"\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0\0\0\0\x9suspected"
		"\0\0\0\0\0\0\0\x8"
		"a reason";
	struct hash hash;
	uint8_t digest[HASH_SIZE], head[HASH_SIZE];
	hash_begin(&hash);
	hash_add(&hash, bytes, sizeof bytes - 1);
	hash_end(&hash, digest);
	int64_t entries = 0;
	assert_true(journal_verify(file, &entries, head, &error));
	assert_memory_equal(head, digest, HASH_SIZE);
	case_close(file);
}

static void words_are_checked(void **state)
{
	struct case_file *file = with_records(*state);
	struct error error = {0};
	static const struct {
		int64_t host;
		const char *field, *after;
		bool fits;
	} words[] = {
		{1, "status", "confirmed", true},
		{1, "status", NULL, true},
		{1, "status", "guilty", false},
		{1, "status", "", false},
		{7, "status", "confirmed", false},
		{1, "colour", "red", false},
		{1, "", "red", false},
		{1, "extra.colour", "red", true},
		{1, "extra.", "red", false},
		{1, "note", "seen\nagain", true},
		{1, "site", "site:9", true},
		{1, "site", "site:8", false},
		{1, "site", "host:1", false},
		{1, "site", "9", false},
		{1, "site", "site:", false},
		{1, "first_seen", "late June", true},
	};
	int64_t kept = 0;
	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		bool fits = set(file, words[i].host, words[i].field, words[i].after, &error);
		if (fits != words[i].fits)
			fail_msg("%s %s", words[i].field, words[i].after);
		if (!fits)
			assert_int_equal(error.code, ERROR_USAGE);
		kept += fits;
	}
	struct journal_entry nobody = entry_of(1, "note", "x");
	nobody.reviewer = span_string(" ");
	assert_false(journal_set(file, &nobody, &error));
	nobody = entry_of(1, "note", "x");
	nobody.id.kind = KIND_COUNT;
	assert_false(journal_set(file, &nobody, &error));
	assert_chain(file, kept);
	case_close(file);
	file = place_open(*state, CASE_READ);
	assert_false(set(file, 1, "note", "x", &error));
	assert_int_equal(error.code, ERROR_USAGE);
	case_close(file);
}

static void an_act_is_whole(void **state)
{
	struct case_file *file = with_records(*state);
	struct error error = {0};
	assert_true(set(file, 1, "note", "first", &error));
	/* Inside the caller's transaction: gone with it, and an error leaves the rest of it. */
	place_run(file, "BEGIN IMMEDIATE");
	assert_true(set(file, 2, "note", "second", &error));
	place_run(file, "ROLLBACK");
	assert_chain(file, 1);
	place_run(file, "BEGIN IMMEDIATE");
	assert_true(set(file, 2, "note", "second", &error));
	assert_false(set(file, 99, "note", "third", &error));
	place_run(file, "COMMIT");
	assert_chain(file, 2);
	struct journal_entry entry = entry_of(1, "same_as", NULL);
	struct record_id to = {.kind = KIND_HOST, .id = 3};
	assert_true(journal_link(file, &entry, to, span_string("same serial number"), &error));
	entry = entry_of(2, "same_as", NULL);
	assert_true(journal_link(file, &entry, to, (struct span){0}, &error));
	assert_int_equal(entry.number, 4);
	entry = entry_of(2, "", NULL);
	assert_false(journal_link(file, &entry, to, (struct span){0}, &error));
	to.id = 77;
	entry = entry_of(2, "same_as", NULL);
	assert_false(journal_link(file, &entry, to, (struct span){0}, &error));
	assert_chain(file, 4);
	case_close(file);
}

static void tampering_is_found(void **state)
{
	static const char *const edits[] = {
		"UPDATE journal SET after = 'cleared' WHERE number = 2",
		"UPDATE journal SET reason = NULL WHERE number = 1",
		"UPDATE journal SET before = '' WHERE number = 1",
		"UPDATE journal SET clock = clock + 1 WHERE number = 3",
		"UPDATE journal SET kind = kind + 4294967296 WHERE number = 1",
		"UPDATE journal SET reviewer = 'r. viewer' WHERE number = 2",
		"DELETE FROM journal WHERE number = 1",
		"DELETE FROM journal WHERE number = 2",
		"UPDATE journal SET number = 10 WHERE number = 4",
		"UPDATE journal SET sha256 = zeroblob(32) WHERE number = 4",
		"UPDATE overlay SET value = 'cleared'",
		"DELETE FROM overlay",
		"UPDATE overlay SET journal = 3",
		"INSERT INTO overlay VALUES(5, 2, 'note', 'never said', 1)",
		"UPDATE link SET to_record = 2",
		"UPDATE link SET detail = 'another'",
		"DELETE FROM link",
		("INSERT INTO link(id, from_kind, from_record, type, to_kind, to_record, basis,"
		 "	journal) VALUES(9, 5, 2, 'same_as', 5, 3, 2, 4)"),
		/* Cut tail, but what it set is still there. */
		"DELETE FROM journal WHERE number = 4",
	};
	struct place *place = *state;
	struct case_file *file = with_records(place);
	struct error error = {0};
	assert_true(set(file, 1, "status", "suspected", &error));
	assert_true(set(file, 1, "status", "confirmed", &error));
	assert_true(set(file, 3, "note", "seen", &error));
	struct journal_entry entry = entry_of(1, "same_as", NULL);
	assert_true(journal_link(file, &entry, (struct record_id){.kind = KIND_HOST, .id = 3},
		span_string("one machine"), &error));
	place_run(file, "PRAGMA integrity_check");
	for (size_t i = 0; i < ARRAY_LENGTH(edits); i++) {
		/* As somebody with another tool would: nothing holds them back. */
		sqlite3_db_config(case_database(file), SQLITE_DBCONFIG_ENABLE_FKEY, 0, (int *)NULL);
		place_run(file, "BEGIN");
		place_run(file, edits[i]);
		int64_t entries;
		uint8_t head[HASH_SIZE];
		if (journal_verify(file, &entries, head, &error))
			fail_msg("not found: %s", edits[i]);
		assert_int_equal(error.code, ERROR_INTEGRITY);
		place_run(file, "ROLLBACK");
	}
	assert_chain(file, 4);
	case_close(file);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			chain_is_as_documented, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(words_are_checked, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(an_act_is_whole, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(tampering_is_found, place_set_up, place_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
