/* Verifying: a sound case has no findings, and each way to alter it has one. */
#include "case_place.h"

#include "../../tui/casefile/case_private.h"
#include "casefile/block.h"
#include "casefile/journal.h"
#include "casefile/verify.h"

#include <sqlite3.h>

#define TEXT "He said: \"It was us.\" Nobody else spoke."

struct findings {
	int errors, notes;
	char first[ERROR_MESSAGE_SIZE];
	int looks;         /* go_on says no after so many; 0: never */
	const char *named; /* one that is waited for; NULL: none */
	bool seen;         /* it came */
};

static void note_finding(void *context, const struct verify_finding *finding)
{
	struct findings *findings = context;
	if (findings->errors + findings->notes == 0)
		snprintf(findings->first, sizeof findings->first, "%s", finding->message);
	findings->seen |= findings->named && strstr(finding->message, findings->named);
	if (finding->severity == VERIFY_ERROR)
		findings->errors++;
	else
		findings->notes++;
}

static bool keep_going(void *context, const char *step, int64_t done, int64_t total)
{
	struct findings *findings = context;
	assert_non_null(step);
	assert_true(done >= 0 && total >= 0);
	return findings->looks == 0 || --findings->looks > 0;
}

static bool verify(const struct case_file *file, struct findings *findings,
	struct verify_result *result, struct error *error)
{
	const struct verify_options options = {
		.full = true, .found = note_finding, .go_on = keep_going, .context = findings};
	return verify_case(file, &options, result, error);
}

static void add_source(const struct case_file *file, int64_t id, const char *path, bool kept)
{
	struct error error = {0};
	uint8_t digest[HASH_SIZE];
	struct hash hash;
	hash_begin(&hash);
	hash_add(&hash, TEXT, strlen(TEXT));
	hash_end(&hash, digest);
	struct statement *insert = statement_open_text(file,
		"INSERT INTO source(id, name, size, sha256, format, importer, options, imported,"
		" state, path) VALUES(?1, 'a.txt', ?2, ?3, 'text', 'text 1', '', 7, 'ready', ?4)",
		&error);
	assert_non_null(insert);
	statement_bind_int(insert, 1, id);
	statement_bind_int(insert, 2, (int64_t)strlen(TEXT));
	statement_bind_blob(insert, 3, span_of((const char *)digest, HASH_SIZE));
	statement_bind_text(insert, 4, span_string(path));
	assert_true(statement_run(insert, &error));
	statement_close(insert);
	if (kept)
		place_run(file, "INSERT INTO source_content VALUES(1, cast('" TEXT "' AS BLOB))");
}

/* Three events and their block; the field is the one with the block's number. */
static void add_block(const struct case_file *file, int number, int first)
{
	struct block_writer writer = {0};
	struct buffer cells = {0};
	struct error error = {0};
	for (int64_t id = first; id < first + 3; id++) {
		char sql[160];
		snprintf(sql, sizeof sql,
			"INSERT INTO event(id, source, start, \"end\", basis, time_from, time_to,"
			" time_form) VALUES(%d, 1, 3, 9, 0, 0, 1, 0)",
			(int)id);
		place_run(file, sql);
		block_writer_cell(&writer, (uint32_t)number, span_string("a message"));
		block_writer_end_record(&writer, id);
	}
	assert_true(block_writer_encode(&writer, &cells));
	struct statement *insert = statement_open_text(
		file, "INSERT INTO block VALUES(?3, 12, 1, ?4, 3, ?1, ?2)", &error);
	assert_non_null(insert);
	statement_bind_int(insert, 3, number);
	statement_bind_int(insert, 4, first);
	statement_bind_blob(insert, 1, buffer_span(&writer.text));
	statement_bind_blob(insert, 2, buffer_span(&cells));
	if (!statement_run(insert, &error))
		fail_msg("%s", error.message);
	statement_close(insert);
	buffer_free(&cells);
	block_writer_free(&writer);
}

static struct case_file *sound_case(const struct place *place)
{
	struct case_file *file = place_open(place, CASE_CREATE);
	struct error error = {0};
	add_source(file, 1, NULL, true);
	place_run(file,
		"INSERT INTO document(id, source, start, \"end\", basis, title, published_from,"
		" published_to, published_form, held)"
		" VALUES(1, 1, 0, 40, 1, 'a', 0, 0, 0, 'original')");
	place_run(file,
		"INSERT INTO statement(id, source, start, \"end\", basis, said_on_from, said_on_to,"
		" said_on_form, document, quote) VALUES(1, 1, 9, 21, 1, 0, 0, 0, 1, 'It was us.')");
	place_run(file, "INSERT INTO site(id, source, start, \"end\", basis, name, name_key)"
			" VALUES(1, 1, 0, 4, 0, 's', 's')");
	place_run(file, "INSERT INTO mention VALUES(4, 1, 1, 0, 4, NULL)");
	place_run(file, "INSERT INTO link(from_kind, from_record, type, to_kind, to_record, basis,"
			" source, start, \"end\") VALUES(4, 1, 'near', 9, 1, 0, 1, 0, 4)");
	place_run(file, "INSERT INTO field_name VALUES(1, 'message')");
	add_block(file, 1, 10);
	struct journal_entry entry = {.reviewer = span_string("R"),
		.id = {.kind = KIND_SITE, .id = 1},
		.field = span_string("note"),
		.after = span_string("x")};
	assert_true(journal_set(file, &entry, &error));
	return file;
}

static void a_sound_case(void **state)
{
	struct case_file *file = sound_case(*state);
	struct findings findings = {0};
	struct verify_result result;
	struct error error = {0};
	assert_true(verify(file, &findings, &result, &error));
	if (findings.errors + findings.notes)
		fail_msg("%s", findings.first);
	assert_int_equal(result.sources, 1);
	assert_int_equal(result.sources_absent, 0);
	assert_int_equal(result.journal_entries, 1);
	assert_int_equal(result.errors + result.notes, 0);
	for (int looks = 1; looks < 6; looks++) {
		findings = (struct findings){.looks = looks};
		if (!verify(file, &findings, &result, &error))
			assert_int_equal(error.code, ERROR_CANCELLED);
		else
			assert_true(findings.looks > 0);
		assert_int_equal(findings.errors, 0);
	}
	case_close(file);
}

static void alterations_are_found(void **state)
{
	static const struct {
		const char *edit, *said;
	} edits[] = {
		{"UPDATE source_content SET content = x'61'", "another size"},
		{"UPDATE source_content SET content = zeroblob(length(content))",
			"another SHA-256"},
		{"UPDATE source SET size = 1", "another size"},
		{"UPDATE source SET size = -1", "is no source"},
		{"UPDATE source SET sha256 = zeroblob(32)", "another SHA-256"},
		{"UPDATE site SET \"end\" = 99", "site:1"},
		{"UPDATE site SET start = -1", "site:1"},
		{"UPDATE site SET source = 7", "leads to no row"},
		{"UPDATE event SET \"end\" = 2 WHERE id = 11", "event:11"},
		{"UPDATE event SET source = 5 WHERE id = 11", "event:11"},
		{"UPDATE mention SET \"end\" = 99", "mention of site:1"},
		{"UPDATE link SET start = 5", "link:1"},
		{"UPDATE statement SET quote = 'It was them.'", "statement:1"},
		{"UPDATE statement SET start = 0, \"end\" = 8", "statement:1"},
		{"DELETE FROM event WHERE id = 12", "block 1 "},
		{"DELETE FROM block", "records of a large kind"},
		{"UPDATE block SET records = 2", "block 1 "},
		{"UPDATE block SET first = 11", "block 1 "},
		{"UPDATE block SET text = zeroblob(3)", "block 1 "},
		{"UPDATE block SET cells = x'ffff'", "block 1 "},
		{"UPDATE block SET cells = x'0301020901010901010900'", "a cell of no field"},
		{"UPDATE block SET cells = x'0303010901090109000000'", "a cell of no field"},
		{"UPDATE field_name SET name = 'extra.message', id = 2", "a cell of no field"},
		{"UPDATE journal SET clock = 5", "journal entry 1"},
		{"UPDATE overlay SET value = 'y'", "journal entry 1"},
	};
	struct case_file *file = sound_case(*state);
	struct error error = {0};
	for (size_t i = 0; i < ARRAY_LENGTH(edits); i++) {
		struct findings findings = {0};
		struct verify_result result;
		sqlite3_db_config(case_database(file), SQLITE_DBCONFIG_ENABLE_FKEY, 0, (int *)NULL);
		place_run(file, "BEGIN");
		place_run(file, edits[i].edit);
		if (!verify(file, &findings, &result, &error))
			fail_msg("%s: %s", edits[i].edit, error.message);
		if (findings.errors == 0 || !strstr(findings.first, edits[i].said))
			fail_msg("%s: %s", edits[i].edit, findings.first);
		/* The first five are of the source's own bytes: it does not agree. */
		assert_int_equal(result.sources, i >= 5);
		place_run(file, "ROLLBACK");
	}
	case_close(file);
}

static void files_beside_the_case(void **state)
{
	const struct place *place = *state;
	char path[160];
	place_file(place, "a.txt", path);
	struct case_file *file = sound_case(place);
	add_source(file, 2, path, false);
	struct findings findings = {0};
	struct verify_result result;
	struct error error = {0};
	assert_true(verify(file, &findings, &result, &error));
	assert_int_equal(findings.errors, 0);
	assert_int_equal(findings.notes, 1);
	assert_int_equal(result.sources_absent, 1);
	place_write(path, TEXT, strlen(TEXT));
	findings = (struct findings){0};
	assert_true(verify(file, &findings, &result, &error));
	assert_int_equal(findings.notes + findings.errors, 0);
	assert_int_equal(result.sources, 2);
	place_write(path, "x", 1);
	assert_true(verify(file, &findings, &result, &error));
	assert_int_equal(findings.errors, 1);
	assert_non_null(strstr(findings.first, "other bytes"));
	case_close(file);
}

/* An index that lacks a row: only the full check reads rows against indexes. */
static void an_index_that_disagrees(void **state)
{
	const struct place *place = *state;
	struct case_file *file = sound_case(place);
	case_close(file);
	sqlite3 *database;
	assert_int_equal(sqlite3_open(place->path, &database), SQLITE_OK);
	assert_int_equal(
		sqlite3_exec(database,
			"PRAGMA writable_schema=ON;"
			"UPDATE sqlite_schema SET type='table', name='t', tbl_name='t', sql='CREATE"
			" TABLE t(name, id, PRIMARY KEY(name, id)) WITHOUT ROWID'"
			" WHERE name='site_order'",
			NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(database);
	assert_int_equal(sqlite3_open(place->path, &database), SQLITE_OK);
	assert_int_equal(sqlite3_exec(database,
				 "DELETE FROM t; PRAGMA writable_schema=ON;"
				 "UPDATE sqlite_schema SET type='index', name='site_order',"
				 " tbl_name='site', sql='CREATE INDEX site_order ON site(name, id)'"
				 " WHERE name='t'",
				 NULL, NULL, NULL),
		SQLITE_OK);
	sqlite3_close(database);
	file = place_open(place, CASE_READ);
	struct findings findings = {0};
	struct verify_result result;
	struct error error = {0};
	assert_true(verify(file, &findings, &result, &error));
	assert_true(findings.errors > 0);
	assert_non_null(strstr(findings.first, "site_order"));
	case_close(file);
}

/* Puts the second row of a table before the first, behind SQLite's back: the pointers to the first
 * two cells of its page. Closes the case. */
static void swap_rows(const struct place *place, struct case_file *file, const char *table)
{
	struct error error = {0};
	struct statement *root = statement_open_text(
		file, "SELECT rootpage FROM sqlite_schema WHERE name = ?1", &error);
	assert_non_null(root);
	statement_bind_text(root, 1, span_string(table));
	assert_int_equal(statement_step(root, &error), STATEMENT_ROW);
	long page = (long)(statement_int(root, 0) - 1) * CASE_PAGE_SIZE;
	statement_close(root);
	case_close(file);
	char pointers[4], swapped[4];
	FILE *bytes = fopen(place->path, "r+b");
	assert_non_null(bytes);
	assert_int_equal(fseek(bytes, page + 8, SEEK_SET), 0);
	assert_int_equal(fread(pointers, 1, 4, bytes), 4);
	memcpy(swapped, pointers + 2, 2);
	memcpy(swapped + 2, pointers, 2);
	assert_int_equal(fseek(bytes, page + 8, SEEK_SET), 0);
	assert_int_equal(fwrite(swapped, 1, 4, bytes), 4);
	assert_int_equal(fclose(bytes), 0);
}

static void is_found(const struct place *place, const char *named)
{
	struct case_file *file = place_open(place, CASE_READ);
	struct findings findings = {.named = named};
	struct verify_result result;
	struct error error = {0};
	if (!verify(file, &findings, &result, &error))
		fail_msg("%s", error.message);
	assert_true(findings.seen);
	case_close(file);
}

/* A walk comes by a row that can't be looked up. That is the case's fault, and nothing that was
 * asked for wrongly. */
static void a_source_that_is_not_found(void **state)
{
	const struct place *place = *state;
	struct case_file *file = sound_case(place);
	add_source(file, 2, NULL, false);
	add_source(file, 3, NULL, false);
	place_run(file, "INSERT INTO source_content VALUES(2, cast('" TEXT "' AS BLOB))");
	swap_rows(place, file, "source");
	is_found(place, "there is no source 2");
}

/* A tree may lead back into itself, so that a walk would have no end. */
static void statements_out_of_order(void **state)
{
	const struct place *place = *state;
	struct case_file *file = sound_case(place);
	place_run(file, "INSERT INTO statement(id, source, start, \"end\", basis, said_on_from,"
			" said_on_to, said_on_form, document, quote)"
			" VALUES(2, 1, 9, 21, 1, 0, 0, 0, 1, 'It was us.')");
	swap_rows(place, file, "statement");
	is_found(place, "statement:1 stands behind a greater id");
}

struct meanwhile {
	struct case_file *writer;
	bool written;
};

/* An import ends just before the blocks are read, of which the fields' names were read before. */
static int write_meanwhile(unsigned event, void *context, void *unused, void *text)
{
	struct meanwhile *meanwhile = context;
	(void)event;
	(void)unused;
	if (meanwhile->written || strncmp(text, "SELECT b.id, b.records", 22) != 0)
		return 0;
	meanwhile->written = true;
	place_run(meanwhile->writer, "BEGIN");
	place_run(meanwhile->writer, "INSERT INTO field_name VALUES(2, 'extra.b')");
	add_block(meanwhile->writer, 2, 20);
	place_run(meanwhile->writer, "COMMIT");
	return 0;
}

static void an_import_that_ends_meanwhile(void **state)
{
	struct meanwhile meanwhile = {.writer = sound_case(*state)};
	struct findings findings = {0};
	struct verify_result result;
	struct error error = {0};
	struct case_file *file = case_open_again(meanwhile.writer, &error);
	assert_non_null(file);
	sqlite3_trace_v2(case_database(file), SQLITE_TRACE_STMT, write_meanwhile, &meanwhile);
	assert_true(verify(file, &findings, &result, &error));
	assert_true(meanwhile.written);
	if (findings.errors + findings.notes)
		fail_msg("%s", findings.first);
	assert_int_equal(result.errors + result.notes, 0);
	case_close(file);
	case_close(meanwhile.writer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(a_sound_case, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(
			alterations_are_found, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(
			files_beside_the_case, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(
			an_index_that_disagrees, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(
			a_source_that_is_not_found, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(
			statements_out_of_order, place_set_up, place_tear_down),
		cmocka_unit_test_setup_teardown(
			an_import_that_ends_meanwhile, place_set_up, place_tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
