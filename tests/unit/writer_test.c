/* Imports as one act: what a second source adds, what a crash leaves, what is taken back. */
#include "case_support.h"

#include "base/buffer.h"
#include "casefile/journal.h"
#include "casefile/link.h"
#include "casefile/listing.h"
#include "casefile/statement.h"
#include "casefile/undo.h"

#include <sqlite3.h>
#include <sys/wait.h>

static int64_t number(struct test_case *test, const char *sql)
{
	struct statement *select;
	WORKS(test, select = statement_open_text(test->file, sql, &test->error));
	WORKS(test, statement_step(select, &test->error) == STATEMENT_ROW);
	int64_t value = statement_int(select, 0);
	statement_close(select);
	return value;
}

static int64_t find(struct test_case *test, enum kind kind, const char *name)
{
	int64_t id = record_find_named(test->file, kind, span_string(name), &test->error);
	WORKS(test, id >= 0);
	return id;
}

static void two_sources_one_host(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "a.csv");
	test_record_at(test, writer, KIND_HOST, 10, WORDS("name=WS01", "type=server", "role=mail"));
	assert_int_equal(writer_made(writer, KIND_HOST), 1);
	test_finish(test, writer);
	writer = test_writer(test, "b.csv");
	/* White space does not make another host; the same word is not said again. */
	assert_int_equal(test_record_at(test, writer, KIND_HOST, 20,
				 WORDS("name= WS01 ", "type=server", "role=files",
					 "address=10.0.0.1", "status=confirmed")),
		1);
	test_record_at(test, writer, KIND_HOST, 30, WORDS("name=ws01"));
	assert_int_equal(writer_made(writer, KIND_HOST), 1);
	/* Not to be seen before the end of the import. */
	assert_string_equal(test_text(test, KIND_HOST, 1), "name=WS01; type=server; role=mail");
	test_finish(test, writer);
	assert_string_equal(test_text(test, KIND_HOST, 1),
		"name=WS01; type=server; role=mail; +address=10.0.0.1; +role=files; "
		"+status=confirmed");
	assert_string_equal(test_text(test, KIND_HOST, 2), "name=ws01");
	assert_int_equal(
		number(test, "SELECT count(*) FROM mention WHERE kind = 5 AND record = 1"), 2);
}

static void source_tells_more_of_what_it_named(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "bundle.json");
	test_record_at(test, writer, KIND_HOST, 5, WORDS("name=WS01", "site=HQ"));
	test_record_at(test, writer, KIND_SITE, 50, WORDS("name=HQ", "city=Tokyo"));
	test_record_at(test, writer, KIND_SITE, 70, WORDS("name=HQ", "city=Osaka"));
	assert_int_equal(writer_made(writer, KIND_SITE), 1);
	test_finish(test, writer);
	assert_string_equal(test_text(test, KIND_SITE, 1), "name=HQ; city=Tokyo; +city=Osaka");
	assert_int_equal(number(test, "SELECT start FROM site WHERE id = 1"), 50);
}

static void refused_drafts_write_nothing(void **state)
{
	struct test_case *test = *state;
	static const struct {
		enum kind kind;
		const char *words[4];
	} cases[] = {
		{KIND_HOST, {"name=WS01", "type=toaster", "site=HQ"}},
		{KIND_HOST, {"type=server", "site=HQ"}},
		{KIND_HOST, {"name= \t ", "site=HQ"}},
		{KIND_HOST, {"name=\xc2\xa0", "site=HQ"}},
		{KIND_CLAIM, {"text=41", "quantity_min=forty", "cited_in=Report"}},
		{KIND_DOCUMENT, {"publisher=Nobody"}},
	};
	struct writer *writer = test_writer(test, "a.csv");
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct test_draft made;
		int64_t id;
		test_draft(&made, cases[i].kind, cases[i].words);
		assert_false(writer_record(writer, &made.draft, &id, NULL, &test->error));
		assert_int_equal(test->error.code, ERROR_INPUT);
	}
	/* The import goes on. */
	test_record(test, writer, KIND_HOST, WORDS("name=WS01"));
	test_finish(test, writer);
	assert_int_equal(number(test, "SELECT count(*) FROM site"), 0);
	assert_int_equal(number(test, "SELECT count(*) FROM document"), 0);
	assert_int_equal(number(test, "SELECT count(*) FROM host"), 1);
}

static void words_that_name_nothing(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "a.csv");
	test_record(test, writer, KIND_EVENT,
		WORDS("time=2019-06-01", "host=localhost", "account=-", "message=m"));
	test_record(test, writer, KIND_HOST, WORDS("name=A", "site=-"));
	test_finish(test, writer);
	assert_int_equal(number(test, "SELECT count(*) FROM host"), 1);
	assert_int_equal(number(test, "SELECT count(*) FROM account"), 0);
	assert_int_equal(number(test, "SELECT count(*) FROM event WHERE host IS NULL"), 1);
	assert_string_equal(test_text(test, KIND_EVENT, 1),
		"time=2019-06-01; message=m; host=localhost; account=-");
	assert_string_equal(test_text(test, KIND_HOST, 1), "name=A; +site=-");
}

static void fill_source(struct test_case *test, struct writer *writer, int rows)
{
	char host[32], message[64], from[40];
	for (int i = 0; i < rows; i++) {
		snprintf(host, sizeof host, "host=WS%02d", i % 7);
		snprintf(message, sizeof message, "message=row %d of a long import", i);
		snprintf(from, sizeof from, "time=2019-06-%02dT00:00:%02dZ", 1 + i % 30, i % 60);
		test_record_at(test, writer, KIND_EVENT, (uint64_t)i * 60,
			WORDS(from, host, "account=svc", message, "pid=12"));
	}
}

static const char *const tables[] = {"host", "site", "document", "account", "event", "event_order",
	"block", "mention", "extra", "link", "edge", "problem", "source_content", "source"};

/* Brings in half a source, up to a commit, and ends the process there. */
static void crash(struct test_case *test)
{
	struct writer *writer = test_writer(test, "bad.csv");
	test_record(test, writer, KIND_HOST, WORDS("name=B", "site=Plant", "rack=1"));
	test_record(test, writer, KIND_HOST, WORDS("name=A", "site=Plant"));
	fill_source(test, writer, 5000);
	WORKS(test, writer_link(writer,
			    &(struct draft_link){.from = {KIND_HOST, 1},
				    .to = {KIND_HOST, 2},
				    .type = span_string("near")},
			    &test->error));
	WORKS(test, writer_keep(writer, span_string("bytes"), &test->error));
	/* As if a run of the order had been written. */
	WORKS(test, statement_execute(test->file,
			    "INSERT OR IGNORE INTO event_order SELECT time_from, id FROM event",
			    &test->error));
	/* So much later the next call commits. */
	usleep(100000);
	WORKS(test, writer_problem(writer, 3, 10, 20, true, "odd", &test->error));
	_exit(7);
}

static void a_crash_is_swept(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "good.csv");
	test_record(test, writer, KIND_HOST, WORDS("name=A", "site=HQ"));
	test_finish(test, writer);
	case_close(test->file);
	test->file = NULL;
	pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		test_open(test, CASE_WRITE);
		crash(test);
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 7);
	test_open(test, CASE_READ);
	assert_true(number(test, "SELECT count(*) FROM block") > 2);
	assert_null(case_notice(test->file));
	assert_string_equal(test_text(test, KIND_HOST, 2), "none");
	assert_string_equal(test_text(test, KIND_HOST, 1), "name=A; site=HQ");
	test_reopen(test, CASE_WRITE);
	assert_string_equal(
		case_notice(test->file), "a half-loaded import of bad.csv was swept away");
	static const int64_t left[] = {1, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 1};
	for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
		char sql[64];
		snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[i]);
		assert_int_equal(number(test, sql), left[i]);
	}
	/* Ids are not used again. */
	writer = test_writer(test, "next.csv");
	assert_true(test_record(test, writer, KIND_HOST, WORDS("name=B")) > 2);
	assert_true(test_record(test, writer, KIND_EVENT, WORDS("message=x")) > 5000);
	test_finish(test, writer);
	assert_int_equal(number(test, "SELECT max(id) FROM source"), 3);
}

static void abandoned_import_leaves_nothing(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "bad.csv");
	fill_source(test, writer, 100);
	writer_abandon(writer);
	for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
		char sql[64];
		snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[i]);
		assert_int_equal(number(test, sql), 0);
	}
	test_reopen(test, CASE_WRITE);
	assert_null(case_notice(test->file));
}

/* However much other sources say of it, one that says a thing twice says it once. */
static void a_word_said_twice_is_one(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "long.csv");
	for (int i = 0; i < 100; i++) {
		char word[32];
		snprintf(word, sizeof word, "w%d=%d", i, i);
		test_record_at(test, writer, KIND_HOST, 10, WORDS("name=WS01", word));
	}
	test_finish(test, writer);
	writer = test_writer(test, "short.csv");
	for (int i = 0; i < 3; i++)
		test_record_at(test, writer, KIND_HOST, 10, WORDS("name=WS01", "note=a", "w5=5"));
	test_finish(test, writer);
	assert_int_equal(number(test, "SELECT count(*) FROM extra WHERE name = 'note'"), 1);
	assert_int_equal(number(test, "SELECT count(*) FROM extra WHERE name = 'w5'"), 2);
	assert_int_equal(number(test, "SELECT count(*) FROM extra"), 102);
}

/* Asked to stop when all is read: what is left to write is not written. */
static void stopped_at_its_end(void **state)
{
	struct test_case *test = *state;
	atomic_bool cancel = false;
	struct writer_source source = {.name = span_string("bad.csv"), .cancel = &cancel};
	struct writer_totals totals = {.size = 1000, .taken = 1};
	struct writer *writer;
	WORKS(test, writer = writer_begin(test->file, &source, &test->error));
	fill_source(test, writer, 100);
	assert_true(writer_goes_on(writer, &test->error));
	atomic_store(&cancel, true);
	assert_false(writer_goes_on(writer, NULL));
	assert_false(writer_finish(writer, &totals, &test->error));
	assert_int_equal(test->error.code, ERROR_CANCELLED);
	for (size_t i = 0; i < ARRAY_LENGTH(tables); i++) {
		char sql[64];
		snprintf(sql, sizeof sql, "SELECT count(*) FROM %s", tables[i]);
		assert_int_equal(number(test, sql), 0);
	}
}

struct heard {
	int64_t blocks, bytes, rows_at_finish;
	bool fails;
};

static void hear_block(void *context, const struct written_block *block)
{
	struct heard *heard = context;
	assert_true(block->id > 0 && block->first > 0 && block->records > 0);
	/* So long that a commit follows on each. */
	usleep(90000);
	heard->blocks++;
	heard->bytes += (int64_t)block->text.length;
}

static bool hear_finish(void *context, struct case_file *file, struct error *error)
{
	struct heard *heard = context;
	/* Outside of a transaction, so that it may begin its own. */
	if (!statement_execute(file, "BEGIN IMMEDIATE", error) ||
		!statement_execute(file, "COMMIT", error))
		return false;
	heard->rows_at_finish = heard->blocks;
	return !heard->fails || error_set(error, ERROR_MEMORY, "no memory");
}

static void blocks_are_heard_of(void **state)
{
	struct test_case *test = *state;
	struct heard heard = {0};
	struct writer_block_hook hook = {
		.block = hear_block, .finish = hear_finish, .context = &heard};
	struct writer *writer = test_writer(test, "a.csv");
	writer_set_block_hook(writer, &hook);
	fill_source(test, writer, 3000);
	test_finish(test, writer);
	assert_int_equal(heard.blocks, number(test, "SELECT count(*) FROM block"));
	assert_int_equal(heard.bytes, number(test, "SELECT sum(length(text)) FROM block"));
	assert_int_equal(heard.rows_at_finish, heard.blocks);
	heard.fails = true;
	writer = test_writer(test, "b.csv");
	writer_set_block_hook(writer, &hook);
	fill_source(test, writer, 10);
	assert_false(writer_finish(writer, &(struct writer_totals){0}, &test->error));
	assert_int_equal(test->error.code, ERROR_MEMORY);
	assert_int_equal(number(test, "SELECT count(*) FROM source"), 1);
	assert_int_equal(number(test, "SELECT count(*) FROM event"), 3000);
}

static int64_t count(struct test_case *test, enum kind kind)
{
	struct listing *listing;
	int64_t id, seen = 0;
	int more;
	WORKS(test, listing = listing_open(test->file, kind, -1, false, &test->error));
	while ((more = listing_next(listing, &id, &test->error)) == 1)
		seen++;
	assert_int_equal(more, 0);
	listing_close(listing);
	return seen;
}

static void take_back(struct test_case *test, int64_t source)
{
	WORKS(test, undo_import(test->file, source, span_string("R. Viewer"), 5,
			    span_string("wrong file"), &test->error));
}

static void imports_are_taken_back(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "a.csv");
	test_record_at(test, writer, KIND_HOST, 1, WORDS("name=A", "role=mail"));
	test_record_at(test, writer, KIND_HOST, 2, WORDS("name=B", "role=mail"));
	test_record_at(test, writer, KIND_DATA, 3, WORDS("name=Names"));
	test_record_at(test, writer, KIND_DATA, 4, WORDS("name=Mails"));
	fill_source(test, writer, 1000);
	test_finish(test, writer);
	writer = test_writer(test, "b.csv");
	test_record_at(test, writer, KIND_HOST, 9, WORDS("name=A", "role=files"));
	fill_source(test, writer, 10);
	test_finish(test, writer);
	struct journal_entry entry = {.reviewer = span_string("R. Viewer"),
		.id = {KIND_DATA, 2},
		.field = span_string("sensitivity"),
		.after = span_string("high")};
	WORKS(test, journal_set(test->file, &entry, &test->error));
	entry.id = (struct record_id){KIND_EVENT, 700};
	entry.field = span_string("note");
	entry.after = span_string("look here");
	WORKS(test, journal_set(test->file, &entry, &test->error));

	take_back(test, 1);
	/* What another source mentions stays, as that source tells it. */
	assert_string_equal(
		test_text(test, KIND_HOST, find(test, KIND_HOST, "A")), "name=A; +role=files");
	assert_int_equal(find(test, KIND_HOST, "B"), 0);
	/* What somebody decided on stays whole. */
	assert_string_equal(test_text(test, KIND_DATA, 2), "name=Mails; !sensitivity=high");
	assert_string_equal(test_text(test, KIND_DATA, 1), "none");
	assert_int_equal(count(test, KIND_DATA), 1);
	assert_int_equal(count(test, KIND_EVENT), 11);
	assert_string_equal(test_text(test, KIND_EVENT, 699), "none");
	assert_int_equal(strncmp(test_text(test, KIND_EVENT, 700), "time=", 5), 0);

	assert_false(
		undo_import(test->file, 1, span_string("R"), 5, (struct span){0}, &test->error));
	assert_int_equal(test->error.code, ERROR_USAGE);
	assert_false(
		undo_import(test->file, 77, span_string("R"), 5, (struct span){0}, &test->error));
	assert_false(
		undo_import(test->file, 2, (struct span){0}, 5, (struct span){0}, &test->error));
	int64_t entries;
	uint8_t head[HASH_SIZE];
	WORKS(test, journal_verify(test->file, &entries, head, &test->error));
	assert_int_equal(entries, 3);

	/* Imported again, in a better version, a record is told by that one. */
	writer = test_writer(test, "c.csv");
	assert_int_equal(
		test_record_at(test, writer, KIND_HOST, 1, WORDS("name=B", "role=print")), 2);
	assert_int_equal(writer_made(writer, KIND_HOST), 1);
	test_finish(test, writer);
	assert_string_equal(test_text(test, KIND_HOST, 2), "name=B; role=print");
}

static void tell(struct test_case *test, const char *source, const char *const *words)
{
	struct writer *writer = test_writer(test, source);
	test_record_at(test, writer, KIND_HOST, 7, words);
	test_finish(test, writer);
}

/* Where two sources agree, either can be taken back and the other's word stays. */
static void what_two_sources_say_stays_with_one(void **state)
{
	struct test_case *test = *state;
	tell(test, "a.csv",
		WORDS("name=WS01", "type=server", "site=HQ", "role=mail",
			"first_seen=2019-06-01T10:00:00Z"));
	struct writer *writer = test_writer(test, "b.csv");
	assert_int_equal(test_record_at(test, writer, KIND_HOST, 20, WORDS("name=WS01")), 1);
	assert_int_equal(test_record_at(test, writer, KIND_HOST, 30,
				 WORDS("name=WS01", "type=server", "site=HQ", "role=files",
					 "first_seen=2019-06-01T10:00:00Z", "rack=1")),
		1);
	test_record_at(test, writer, KIND_HOST, 40, WORDS("name=WS01", "type=server"));
	test_finish(test, writer);
	/* One word for both. */
	assert_string_equal(test_text(test, KIND_HOST, 1),
		"name=WS01; type=server; site=HQ; first_seen=2019-06-01T10:00:00Z; role=mail; "
		"+rack=1; +role=files");
	assert_int_equal(number(test, "SELECT count(*) FROM extra WHERE number < 0"), 3);
	take_back(test, 1);
	/* The first one's own word is gone, the dates are still dates and the site a record. */
	assert_string_equal(test_text(test, KIND_HOST, 1),
		"name=WS01; type=server; site=HQ; first_seen=2019-06-01T10:00:00Z; +rack=1; "
		"+role=files");
	struct record_reader *reader;
	struct record record = {0};
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	WORKS(test, record_read(reader, KIND_HOST, 1, &record, &test->error) == RECORD_FOUND);
	assert_int_equal(record.source, 2);
	assert_int_equal(record.cells[2].reference, 1);
	assert_int_equal(record.cells[3].moment.precision, MOMENT_SECOND);
	record_free(&record);
	record_reader_close(reader);
	assert_int_equal(count(test, KIND_SITE), 1);

	/* A third one agrees with the row of the first, which is hidden. */
	tell(test, "c.csv", WORDS("name=WS01", "role=mail", "type=terminal"));
	assert_string_equal(test_text(test, KIND_HOST, 1),
		"name=WS01; type=server; site=HQ; first_seen=2019-06-01T10:00:00Z; role=mail; "
		"+rack=1; +role=files; +type=terminal");
	take_back(test, 2);
	assert_string_equal(test_text(test, KIND_HOST, 1), "name=WS01; role=mail; +type=terminal");
	/* The first one again. */
	tell(test, "a.csv", WORDS("name=WS01", "type=server", "site=HQ", "role=mail"));
	assert_string_equal(test_text(test, KIND_HOST, 1),
		"name=WS01; type=server; site=HQ; role=mail; +type=terminal");
	take_back(test, 3);
	assert_string_equal(
		test_text(test, KIND_HOST, 1), "name=WS01; type=server; site=HQ; role=mail");
	take_back(test, 4);
	assert_string_equal(test_text(test, KIND_HOST, 1), "none");
	tell(test, "d.csv", WORDS("name=WS01", "role=print"));
	assert_string_equal(test_text(test, KIND_HOST, 1), "name=WS01; role=print");
}

/* An event on a host that speaks of a file's hash and of another machine. */
static void tell_of(struct test_case *test, struct writer *writer, const char *time,
	const char *host, const char *hash, const char *other)
{
	struct test_draft made;
	int64_t id;
	char words[2][40];
	snprintf(words[0], sizeof words[0], "time=%s", time);
	snprintf(words[1], sizeof words[1], "host=%s", host);
	test_draft(&made, KIND_EVENT, WORDS(words[0], words[1], "message=m"));
	struct draft_mention mentions[] = {
		{.kind = KIND_INDICATOR,
			.name = span_string(hash),
			.field = kind_field_find(KIND_INDICATOR, span_string("type")),
			.text = span_string("md5")},
		{.kind = KIND_HOST, .name = span_string(other), .field = CELL_EXTRA},
		{.kind = KIND_HOST, .name = span_string("-"), .field = CELL_EXTRA}};
	made.draft.mentions = mentions;
	made.draft.mention_count = ARRAY_LENGTH(mentions);
	WORKS(test, writer_record(writer, &made.draft, &id, NULL, &test->error));
	assert_int_equal(mentions[2].id, 0);
}

/* What a log spoke of by name alone is described by the first source that tells more of it,
 * whichever came first; taken back or swept away, it is what it was. */
static void the_first_to_describe(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "log.jsonl");
	test_record_at(test, writer, KIND_EVENT, 10,
		WORDS("time=2020-01-01T00:00:00Z", "host=WS01", "message=m"));
	test_record_at(test, writer, KIND_EVENT, 20,
		WORDS("time=2020-01-01T00:00:00Z", "host=WS02", "message=m"));
	test_finish(test, writer);
	tell(test, "hosts.csv", WORDS("name=WS01", "type=server", "site=HQ", "first_seen=2019-06"));
	assert_string_equal(test_text(test, KIND_HOST, 1),
		"name=WS01; type=server; site=HQ; first_seen=2019-06");
	assert_int_equal(number(test, "SELECT source FROM host WHERE id = 1"), 2);
	take_back(test, 2);
	assert_string_equal(test_text(test, KIND_HOST, 1), "name=WS01");
	/* The next one is, again, the first that says more. */
	tell(test, "hosts.csv", WORDS("name=WS01", "type=terminal", "role=mail"));
	assert_string_equal(test_text(test, KIND_HOST, 1), "name=WS01; type=terminal; role=mail");
	tell(test, "other.csv", WORDS("name=WS01", "type=server"));
	assert_string_equal(
		test_text(test, KIND_HOST, 1), "name=WS01; type=terminal; role=mail; +type=server");
	/* Another basis, or another spelling: what a sweep could not bring back. */
	tell(test, "wide.csv", WORDS("name=WS02 ", "type=server"));
	assert_string_equal(test_text(test, KIND_HOST, 2), "name=WS02; +type=server");

	writer = test_writer(test, "cut.csv");
	test_record_at(test, writer, KIND_HOST, 10,
		WORDS("name=WS02", "type=server", "first_seen=2019-06", "site=HQ"));
	test_record_at(test, writer, KIND_HOST, 20, WORDS("name=WS03", "type=server"));
	writer_abandon(writer);
	assert_string_equal(test_text(test, KIND_HOST, 2), "name=WS02; +type=server");
	assert_int_equal(number(test, "SELECT source FROM host WHERE id = 2"), 1);
	assert_int_equal(number(test, "SELECT start FROM host WHERE id = 2"), 20);
	assert_int_equal(number(test, "SELECT count(*) FROM host WHERE first_seen_from <> "
				      "9223372036854775807"),
		0);
	assert_int_equal(count(test, KIND_HOST), 2);
}

/* What is related to a record, as `kind:id xCOUNT`. */
static const char *seen_with(struct test_case *test, enum kind kind, int64_t id)
{
	static char text[256];
	struct related_list list;
	size_t length = 0;
	WORKS(test,
		link_related(test->file, (struct record_id){kind, id}, 100, &list, &test->error));
	text[0] = '\0';
	for (int i = 0; i < list.count; i++)
		length += (size_t)snprintf(text + length, sizeof text - length, "%s%s:%d x%d",
			i ? ", " : "", kind_info(list.items[i].id.kind)->name,
			(int)list.items[i].id.id, (int)list.items[i].count);
	related_list_free(&list);
	return text;
}

static void events_mention_records(void **state)
{
	struct test_case *test = *state;
	static const char hash[] = "D41D8CD98F00B204E9800998ECF8427E";
	static const char small[] = "d41d8cd98f00b204e9800998ecf8427e";
	struct writer *writer = test_writer(test, "a.jsonl");
	tell_of(test, writer, "2020-01-01T00:00:00Z", "WS01", hash, "WS02");
	tell_of(test, writer, "2020-01-01T00:00:01Z", "WS01", small, "WS01");
	tell_of(test, writer, "2020-01-01T00:00:02Z", "WS02", hash, "WS01");
	assert_int_equal(writer_made(writer, KIND_INDICATOR), 1);
	assert_int_equal(writer_made(writer, KIND_HOST), 2);
	test_finish(test, writer);
	/* The digits of a hash are one, however they are spelled. */
	assert_string_equal(test_text(test, KIND_INDICATOR, 1),
		"value=D41D8CD98F00B204E9800998ECF8427E; type=md5");
	assert_string_equal(seen_with(test, KIND_INDICATOR, 1), "event:0 x3, host:1 x3, host:2 x2");
	assert_string_equal(seen_with(test, KIND_HOST, 2), "event:0 x2, host:1 x2, indicator:1 x2");
	assert_int_equal(find(test, KIND_INDICATOR, small), 1);

	writer = test_writer(test, "b.jsonl");
	tell_of(test, writer, "2020-01-02T00:00:00Z", "WS03", small, "WS02");
	assert_int_equal(writer_made(writer, KIND_INDICATOR), 0);
	test_finish(test, writer);
	assert_string_equal(
		seen_with(test, KIND_INDICATOR, 1), "event:0 x4, host:1 x3, host:2 x3, host:3 x1");
	take_back(test, 1);
	assert_string_equal(seen_with(test, KIND_INDICATOR, 1), "event:0 x1, host:2 x1, host:3 x1");
	assert_string_equal(test_text(test, KIND_INDICATOR, 1),
		"value=D41D8CD98F00B204E9800998ECF8427E; type=md5");
	take_back(test, 2);
	assert_string_equal(test_text(test, KIND_INDICATOR, 1), "none");
}

/* Whose word a record is: the second one's other name stays, and the first one's goes with it. */
static void who_says_it_goes_with_the_source(void **state)
{
	struct test_case *test = *state;
	static const char *const said[] = {"R. Viewer", "R. Viewer", "S. Other"};
	for (size_t i = 0; i < ARRAY_LENGTH(said); i++) {
		struct test_draft made;
		struct writer *writer = test_writer(test, "hosts.csv");
		int64_t id;
		test_draft(&made, KIND_HOST, WORDS("name=WS01"));
		made.draft.by = span_string(said[i]);
		WORKS(test, writer_record(writer, &made.draft, &id, NULL, &test->error));
		test_finish(test, writer);
	}
	struct record_reader *reader;
	struct record record = {0};
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	for (int64_t source = 0; source <= 2; source++) {
		if (source > 0)
			take_back(test, source);
		WORKS(test,
			record_read(reader, KIND_HOST, 1, &record, &test->error) == RECORD_FOUND);
		assert_int_equal(span_is(record.by, "R. Viewer"), source < 2);
		assert_int_equal(span_stated(record.by), source < 2);
		assert_string_equal(test_text(test, KIND_HOST, 1), "name=WS01; +by=S. Other");
	}
	record_free(&record);
	record_reader_close(reader);
}

/* Every field of the kinds table has its columns, and no column is without a field. */
static void kinds_agree_with_the_schema(void **state)
{
	struct test_case *test = *state;
	static const char *const fixed[] = {"id", "source", "start", "end", "basis", "by",
		"stands_min", "stands_max", "name_key"};
	static const char *const suffixes[] = {"", "_from", "_to", "_form"};
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		const struct kind_info *info = kind_info((enum kind)kind);
		char sql[200];
		snprintf(sql, sizeof sql,
			"SELECT name, \"notnull\" FROM pragma_table_info('%s') ORDER BY cid",
			info->name);
		sqlite3_stmt *columns = NULL;
		sqlite3 *schema = NULL;
		assert_int_equal(sqlite3_open(test->path, &schema), SQLITE_OK);
		assert_int_equal(sqlite3_prepare_v2(schema, sql, -1, &columns, NULL), SQLITE_OK);
		int found = 0, wanted = 0, known = 0;
		while (sqlite3_step(columns) == SQLITE_ROW) {
			const char *name = (const char *)sqlite3_column_text(columns, 0);
			bool required = sqlite3_column_int(columns, 1) != 0;
			found++;
			for (size_t i = 0; i < ARRAY_LENGTH(fixed); i++)
				known += strcmp(name, fixed[i]) == 0;
			for (int field = 0; field < info->field_count; field++) {
				const struct kind_field *at = &info->fields[field];
				size_t count = at->type == FIELD_TIME ? 4 : 1;
				for (size_t i = 0; i < count; i++) {
					char column[64];
					snprintf(column, sizeof column, "%s%s", at->name,
						suffixes[i]);
					if (strcmp(column, name) != 0)
						continue;
					known++;
					if (at->type != FIELD_TIME)
						assert_int_equal(required,
							(at->flags & FIELD_REQUIRED) != 0);
				}
			}
		}
		sqlite3_finalize(columns);
		sqlite3_close(schema);
		wanted = info->named ? 9 : 8;
		for (int field = 0; field < info->field_count; field++)
			if (info->fields[field].type == FIELD_TIME)
				wanted += info->large ? 3 : 4;
			else if (!info->large || info->fields[field].type == FIELD_REFERENCE)
				wanted++;
		assert_int_equal(found, wanted);
		assert_int_equal(known, found);
		assert_true(info->field_count <= 24);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_begin, test_end)
		TEST(two_sources_one_host),
		TEST(source_tells_more_of_what_it_named),
		TEST(refused_drafts_write_nothing),
		TEST(words_that_name_nothing),
		TEST(a_crash_is_swept),
		TEST(abandoned_import_leaves_nothing),
		TEST(a_word_said_twice_is_one),
		TEST(stopped_at_its_end),
		TEST(blocks_are_heard_of),
		TEST(imports_are_taken_back),
		TEST(what_two_sources_say_stays_with_one),
		TEST(the_first_to_describe),
		TEST(events_mention_records),
		TEST(who_says_it_goes_with_the_source),
		TEST(kinds_agree_with_the_schema),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
