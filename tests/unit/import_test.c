/* Files through the loader into a case: what becomes of rows, where they stand, what is refused. */
#include "cmocka_all.h"

#include "base/buffer.h"
#include "case_place.h"
#include "casefile/link.h"
#include "casefile/record.h"
#include "casefile/source.h"
#include "ingest/loader.h"

#include <unistd.h>
#include <zlib.h>

/* A test's case, and what the last import came to. */
struct scene {
	struct case_file *file;
	struct import_result result;
	struct error error;
	char path[160];
};

static void begin(struct scene *scene, void **state)
{
	*scene = (struct scene){.file = place_open(*state, CASE_CREATE)};
}

static void end(struct scene *scene)
{
	import_result_free(&scene->result);
	case_close(scene->file);
}

static bool import_as(struct scene *scene, void **state, const char *name, const void *bytes,
	size_t length, struct import_options options)
{
	import_result_free(&scene->result);
	scene->error = (struct error){0};
	place_file(*state, name, scene->path);
	place_write(scene->path, bytes, length);
	return import_file(scene->file, scene->path, &options, &scene->result, &scene->error);
}

static bool import_text(struct scene *scene, void **state, const char *name, const char *text,
	struct import_options options)
{
	return import_as(scene, state, name, text, strlen(text), options);
}

static void read_one(struct scene *scene, enum kind kind, int64_t id, struct record *record)
{
	struct error error = {0};
	struct record_reader *reader = record_reader_open(scene->file, &error);
	assert_non_null(reader);
	if (record_read(reader, kind, id, record, &error) != RECORD_FOUND)
		fail_msg("%s:%lld is not there: %s", kind_info(kind)->name, (long long)id,
			error.message);
	record_reader_close(reader);
}

static int64_t count_records(struct scene *scene, enum kind kind)
{
	struct error error = {0};
	struct record record = {0};
	struct record_reader *reader = record_reader_open(scene->file, &error);
	int64_t count = 0;
	for (int64_t id = 0; record_next(reader, kind, id, &record, &error) == RECORD_FOUND;
		id = record.id.id)
		count++;
	record_free(&record);
	record_reader_close(reader);
	return count;
}

/* A cell's text; "(none)": the record does not state the field, whatever is kept as extra. */
static void assert_cell(const struct record *record, const char *name, const char *expected)
{
	int field = kind_field_find(record->id.kind, span_string(name));
	const struct cell *cell = field >= 0 ? record_cell(record, field)
					     : record_cell_named(record, span_string(name));
	if (!cell)
		assert_string_equal("(none)", expected);
	else if (!span_is(cell->text, expected))
		fail_msg("%s is `%.*s`, not `%s`", name, (int)cell->text.length, cell->text.data,
			expected);
}

/* The bytes of the source that a record gives as its own. */
static void assert_source(struct scene *scene, const struct record *record, const char *expected)
{
	struct buffer bytes = {0};
	struct error error = {0};
	assert_true(source_bytes(
		scene->file, record->source, record->start, record->end, NULL, &bytes, &error));
	assert_true(span_is(buffer_span(&bytes), expected));
	buffer_free(&bytes);
}

static void rows_become_records(void **state)
{
	struct scene scene;
	struct record record = {0};
	begin(&scene, state);
	assert_true(import_text(&scene, state, "hosts.csv",
		"Key,Name,type,First-Seen,first_seen.reading,stands_for,basis,note\n"
		"h1,\"ws, 01\",Terminal,late June,2019-06-21/2019-06-30,24..,reported,seen\r\n"
		"\n"
		"h2,ws02,laptop,2020-01-20,,?,,\n",
		(struct import_options){.kind = "host"}));
	assert_int_equal(scene.result.rows, 2);
	assert_int_equal(scene.result.skipped, 0);
	assert_int_equal(scene.result.kinds[KIND_HOST], 2);
	read_one(&scene, KIND_HOST, 1, &record);
	assert_cell(&record, "name", "ws, 01");
	assert_cell(&record, "type", "terminal");
	assert_cell(&record, "first_seen", "late June");
	assert_cell(&record, "extra.note", "seen");
	assert_int_equal(record.basis, BASIS_REPORTED);
	assert_int_equal(record.stands_min, 24);
	assert_true(record.stands_max == INT64_MAX);
	const struct cell *seen = record_cell_named(&record, span_string("first_seen"));
	assert_int_equal(seen->moment.precision, MOMENT_INTERVAL);
	assert_true(seen->moment.inferred);
	assert_source(&scene, &record,
		"h1,\"ws, 01\",Terminal,late June,2019-06-21/2019-06-30,24..,reported,seen");
	read_one(&scene, KIND_HOST, 2, &record);
	assert_false(record.stands_stated);
	assert_cell(&record, "type", "(none)");
	assert_cell(&record, "extra.type", "laptop");
	assert_cell(&record, "extra.note", "(none)");
	assert_source(&scene, &record, "h2,ws02,laptop,2020-01-20,,?,,");
	assert_int_equal(scene.result.problem_count, 1);
	assert_int_equal(scene.result.problems[0].line, 4);
	record_free(&record);
	end(&scene);
}

static void the_same_bytes_add_nothing(void **state)
{
	struct scene scene;
	const char *text = "name,type\nws01,server\nws02,server\n";
	begin(&scene, state);
	struct import_options options = {.kind = "host"};
	assert_true(import_text(&scene, state, "a.csv", text, options));
	assert_false(scene.result.already);
	int64_t size = case_size(scene.file);
	assert_true(import_text(&scene, state, "b.csv", text, options));
	assert_true(scene.result.already);
	assert_int_equal(scene.result.rows, 2);
	assert_int_equal(scene.result.duplicate, 2);
	assert_int_equal(scene.result.kinds[KIND_HOST], 0);
	assert_int_equal(count_records(&scene, KIND_HOST), 2);
	assert_int_equal(case_size(scene.file), size);
	end(&scene);
}

static void times_want_a_zone(void **state)
{
	struct scene scene;
	struct record record = {0};
	const char *text = "time,message\n2020-01-20,day\n2020-01-20 09:00:00,a\n"
			   "2020-01-20T10:00,b\n2020-01-20 11:00:00,c\n2020-01-20 12:00:00,d\n";
	begin(&scene, state);
	assert_false(import_text(&scene, state, "e.csv", text, (struct import_options){0}));
	assert_int_equal(scene.error.code, ERROR_USAGE);
	assert_non_null(strstr(scene.error.message,
		"time holds date-times without a zone: 2020-01-20 09:00:00, 2020-01-20T10:00, "
		"2020-01-20 11:00:00;"));
	assert_int_equal(count_records(&scene, KIND_EVENT), 0);
	assert_true(import_text(
		&scene, state, "e.csv", text, (struct import_options){.zone = "Asia/Tokyo"}));
	assert_int_equal(scene.result.kinds[KIND_EVENT], 5);
	assert_true(import_text(&scene, state, "f.csv", "time,message\n2020-01-20 09:00:00,f\n",
		(struct import_options){.zone = "floating"}));
	int64_t tokyo = 0, floating = 0;
	struct error error = {0};
	struct record_reader *reader = record_reader_open(scene.file, &error);
	for (int64_t id = 0; record_next(reader, KIND_EVENT, id, &record, &error) == RECORD_FOUND;
		id = record.id.id) {
		const struct cell *time = record_cell(&record, 0);
		const struct cell *message = record_cell_named(&record, span_string("message"));
		if (span_is(message->text, "a"))
			tokyo = time->moment.from;
		if (span_is(message->text, "f"))
			floating = time->moment.from;
		assert_int_equal(time->moment.floating,
			span_is(message->text, "f") || span_is(message->text, "day"));
	}
	record_reader_close(reader);
	assert_true(floating - tokyo == INT64_C(9) * 3600 * 1000000);
	record_free(&record);
	end(&scene);
}

static void ragged_rows_are_kept(void **state)
{
	struct scene scene;
	struct record record = {0};
	begin(&scene, state);
	assert_true(import_text(&scene, state, "r.csv",
		"name,,note,note,type\nws01,a,b,c,server,over,more\nws02\n,,,,\n",
		(struct import_options){.kind = "host"}));
	assert_int_equal(scene.result.rows, 2);
	assert_int_equal(scene.result.skipped, 1);
	read_one(&scene, KIND_HOST, 1, &record);
	assert_cell(&record, "extra.column 2", "a");
	assert_cell(&record, "extra.note", "b");
	assert_cell(&record, "extra.note 2", "c");
	assert_cell(&record, "extra.column 6", "over");
	assert_cell(&record, "extra.column 7", "more");
	read_one(&scene, KIND_HOST, 2, &record);
	assert_cell(&record, "type", "(none)");
	record_free(&record);
	end(&scene);
}

/* A header of thousands of columns of one name, NULs in it, and names that are taken already. */
static void odd_headers_are_numbered(void **state)
{
	struct scene scene;
	struct record record = {0};
	static const char nul[] = "name,\0,\0,a 2,a,a\nws01,1,2,3,4,5\n";
	struct buffer wide = {0};
	begin(&scene, state);
	assert_true(import_as(&scene, state, "o.csv", nul, sizeof nul - 1,
		(struct import_options){.kind = "host"}));
	read_one(&scene, KIND_HOST, 1, &record);
	assert_cell(&record, "extra.a 2", "3");
	assert_cell(&record, "extra.a", "4");
	assert_cell(&record, "extra.a 3", "5");
	assert_int_equal(record.cell_count, 6);
	buffer_add_string(&wide, "name");
	for (int i = 1; i < 4096; i++)
		buffer_add_string(&wide, ",x");
	buffer_add_string(&wide, "\nws02,1\n");
	assert_true(import_text(
		&scene, state, "w.csv", wide.data, (struct import_options){.kind = "host"}));
	read_one(&scene, KIND_HOST, 2, &record);
	assert_cell(&record, "extra.x", "1");
	buffer_free(&wide);
	record_free(&record);
	end(&scene);
}

static void options_are_obeyed(void **state)
{
	struct scene scene;
	struct record record = {0};
	begin(&scene, state);
	const char *const map[] = {"name=Asset Tag", "address=NAME", NULL};
	const char *const set[] = {"role=file server", "basis=reported", "extra.batch=7", NULL};
	assert_true(
		import_text(&scene, state, "m.csv", "Asset-Tag,name,role\nA1,10.0.0.1,\nA2,,dc\n",
			(struct import_options){.kind = "hosts", .map = map, .set = set}));
	read_one(&scene, KIND_HOST, 1, &record);
	assert_cell(&record, "name", "A1");
	assert_cell(&record, "address", "10.0.0.1");
	assert_cell(&record, "role", "file server");
	assert_cell(&record, "extra.batch", "7");
	assert_int_equal(record.basis, BASIS_REPORTED);
	read_one(&scene, KIND_HOST, 2, &record);
	assert_cell(&record, "role", "dc");
	const char *const no_column[] = {"name=nowhere", NULL};
	const char *const no_field[] = {"colour=red", NULL};
	const char *text = "name\nx\n";
	assert_false(import_text(&scene, state, "n.csv", text,
		(struct import_options){.kind = "host", .map = no_column}));
	assert_int_equal(scene.error.code, ERROR_USAGE);
	assert_false(import_text(&scene, state, "n.csv", text,
		(struct import_options){.kind = "host", .set = no_field}));
	assert_int_equal(scene.error.code, ERROR_USAGE);
	assert_false(import_text(
		&scene, state, "n.csv", text, (struct import_options){.kind = "gadget"}));
	assert_int_equal(scene.error.code, ERROR_USAGE);
	assert_false(import_text(&scene, state, "n.csv", text,
		(struct import_options){.kind = "host", .zone = "Mars/Base"}));
	record_free(&record);
	end(&scene);
}

static void judgements_are_not_imported(void **state)
{
	struct scene scene;
	struct record record = {0};
	begin(&scene, state);
	assert_true(
		import_text(&scene, state, "h.csv", "name,status\nws01,confirmed\n-,suspected\n",
			(struct import_options){.kind = "host"}));
	assert_int_equal(scene.result.skipped, 1); /* `-` names no host */
	read_one(&scene, KIND_HOST, 1, &record);
	assert_cell(&record, "status", "(none)");
	assert_cell(&record, "extra.status", "confirmed");
	record_free(&record);
	end(&scene);
}

static void links_and_decisions(void **state)
{
	struct scene scene;
	struct record record = {0};
	struct related_list related = {0};
	begin(&scene, state);
	assert_true(import_text(&scene, state, "h.csv", "key,name\nk1,ws01\nk2,ws02\n",
		(struct import_options){.kind = "host"}));
	assert_true(import_text(&scene, state, "l.csv",
		"from,type,to,detail,basis\nhost:k1,talks_to,host:ws02,at night,reported\n"
		"host:k1,talks_to,host:nobody,,\n",
		(struct import_options){0}));
	assert_int_equal(scene.result.rows, 1);
	assert_int_equal(scene.result.skipped, 1);
	assert_true(link_related(
		scene.file, (struct record_id){KIND_HOST, 1}, 10, &related, &scene.error));
	assert_int_equal(related.count, 1);
	assert_string_equal(related.items[0].type, "talks_to");
	assert_string_equal(related.items[0].detail, "at night");
	related_list_free(&related);
	const char *decisions = "action,record,field,value,detail,reason\n"
				"set,host:k2,status,confirmed,,the log says so\n"
				"link,host:k1,same_as,host:k2,,one machine\n"
				"set,host:k2,status,broken,,no such word\n"
				"set,host:k2,colour,red,,no such field\n"
				"drop,host:k2,status,,,no such action\n";
	assert_false(import_text(
		&scene, state, "d.csv", decisions, (struct import_options){.kind = "decision"}));
	assert_int_equal(scene.error.code, ERROR_USAGE); /* whose? */
	const char *const set[] = {"reviewer=M. Ito", NULL};
	assert_true(import_text(&scene, state, "d.csv", decisions,
		(struct import_options){.kind = "decision", .set = set, .clock = 1}));
	assert_int_equal(scene.result.rows, 2);
	assert_int_equal(scene.result.skipped, 3);
	read_one(&scene, KIND_HOST, 2, &record);
	assert_cell(&record, "status", "confirmed");
	assert_true(record_cell_named(&record, span_string("status"))->decided);
	assert_true(import_text(&scene, state, "d2.csv", decisions,
		(struct import_options){.kind = "decision", .set = set, .clock = 1}));
	assert_true(scene.result.already);
	record_free(&record);
	end(&scene);
}

static void documents_are_kept_whole(void **state)
{
	struct scene scene;
	struct record record = {0};
	const char *text =
		"# Notice\r\n\r\nThe company said that the files were copied to a server. "
		"It denied that the passwords were taken.\r\n";
	begin(&scene, state);
	assert_true(import_text(&scene, state, "n.md", text, (struct import_options){0}));
	assert_int_equal(scene.result.rows, 1);
	assert_int_equal(scene.result.kinds[KIND_DOCUMENT], 1);
	assert_true(scene.result.kinds[KIND_STATEMENT] >= 2);
	read_one(&scene, KIND_DOCUMENT, 1, &record);
	assert_cell(&record, "title", "Notice");
	assert_cell(&record, "body", text);
	assert_cell(&record, "held", "copy");
	assert_cell(&record, "language", "en");
	assert_source(&scene, &record, text);
	for (int64_t id = 1; id <= scene.result.kinds[KIND_STATEMENT]; id++) {
		read_one(&scene, KIND_STATEMENT, id, &record);
		const struct cell *quote = record_cell_named(&record, span_string("quote"));
		assert_true(span_equal(
			quote->text, span_slice(span_string(text), record.start, record.end)));
		assert_cell(&record, "review", "proposed");
		assert_cell(&record, "document", "Notice");
		assert_int_equal(record.basis, BASIS_REPORTED);
	}
	/* A second text of the same title: its statements are of it, not of the first. */
	assert_true(import_text(&scene, state, "m.md",
		"# Notice\n\nThe minister said that the matter was closed.\n",
		(struct import_options){0}));
	read_one(&scene, KIND_STATEMENT, count_records(&scene, KIND_STATEMENT), &record);
	assert_int_equal(record_cell_named(&record, span_string("document"))->reference, 2);
	record_free(&record);
	end(&scene);
}

/* One sentence, one attribution, one proposal: who is told about within it stands beside it. */
static void a_voice_within_a_statement_is_no_second_one(void **state)
{
	struct scene scene;
	struct record record = {0};
	begin(&scene, state);
	assert_true(import_text(&scene, state, "r.txt",
		"The minister told the council that the maker had said pumps might fail.\n",
		(struct import_options){0}));
	assert_int_equal(scene.result.kinds[KIND_STATEMENT], 1);
	read_one(&scene, KIND_STATEMENT, 1, &record);
	assert_cell(&record, "verb", "told");
	assert_cell(&record, "within", "maker: had said");
	record_free(&record);
	end(&scene);
}

static void encoded_and_packed_files_keep_their_addresses(void **state)
{
	struct scene scene;
	struct record record = {0};
	static const char utf16[] = "\xff\xfe"
				    "n\0a\0m\0e\0\n\0\x2d\x4e\n\0x\0\n";
	begin(&scene, state);
	assert_true(import_as(&scene, state, "u.csv", utf16, sizeof utf16,
		(struct import_options){.kind = "site"}));
	read_one(&scene, KIND_SITE, 1, &record);
	assert_cell(&record, "name", "\xe4\xb8\xad");
	assert_int_equal(record.start, 12);
	assert_int_equal(record.end, 14);
	assert_true(import_text(&scene, state, "w.csv", "name\ncaf\xe9\nnext\n",
		(struct import_options){.kind = "site"}));
	read_one(&scene, KIND_SITE, 4, &record);
	assert_cell(&record, "name", "next");
	assert_source(&scene, &record, "next");
	place_file(*state, "z.csv.gz", scene.path);
	gzFile out = gzopen(scene.path, "wb");
	gzputs(out, "name\npacked\n");
	gzclose(out);
	import_result_free(&scene.result);
	assert_true(import_file(scene.file, scene.path, &(struct import_options){.kind = "site"},
		&scene.result, &scene.error));
	read_one(&scene, KIND_SITE, 5, &record);
	assert_source(&scene, &record, "packed");
	record_free(&record);
	end(&scene);
}

static void dry_runs_change_nothing(void **state)
{
	struct scene scene;
	begin(&scene, state);
	int64_t size = case_size(scene.file);
	assert_true(import_text(&scene, state, "e.csv",
		"time,host,account,message,odd\n2020-01-20 09:00:00,ws01,eve,logon,1\n"
		"2019-06-21 10:00:00,WS02,eve,logon,2\nsome day,-,,x,3\n",
		(struct import_options){.dry_run = true}));
	assert_int_equal(scene.result.rows, 3);
	assert_int_equal(scene.result.kinds[KIND_EVENT], 3);
	assert_int_equal(scene.result.kinds[KIND_HOST], 2);
	const char *const expected[] = {"time=2020-01-20 09:00:00", "earliest: 2019-06-21 10:00:00",
		"latest: 2020-01-20 09:00:00", "say --zone", "undated events: 1",
		"hosts: 2 (ws01, WS02)", "accounts: 1 (eve)", "odd"};
	for (size_t i = 0; i < ARRAY_LENGTH(expected); i++)
		if (!strstr(scene.result.preview.data, expected[i]))
			fail_msg("no `%s` in:\n%s", expected[i], scene.result.preview.data);
	assert_int_equal(count_records(&scene, KIND_EVENT), 0);
	assert_int_equal(case_size(scene.file), size);
	/* Twice the bytes, and the hosts and the account. */
	assert_int_equal(scene.result.space, 2 * scene.result.bytes + 3 * 512);
	end(&scene);
}

static void bounds_of_a_disk_are_told(void **state)
{
	(void)state;
	const int64_t gigabyte = 1LL << 30;
	static const char enough[] = "NOT ENOUGH", stick[] = "not fit on a FAT32 stick",
			  disk[] = "THIS IS A FAT32 DISK";
	const struct {
		struct import_space space;
		const char *says[2];
	} cases[] = {
		{{.needed = 1000, .free = 1000}, {NULL}},
		{{.needed = 1001, .free = 1000}, {enough}},
		{{.needed = 1001, .free = -1}, {NULL}},
		{{.needed = 4 * gigabyte - 1, .free = 9 * gigabyte, .fat = true}, {NULL}},
		{{.needed = 4 * gigabyte, .free = 9 * gigabyte, .fat = true}, {disk}},
		{{.needed = gigabyte, .there = 3 * gigabyte, .free = 0}, {enough, stick}},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct buffer out = {0};
		int warnings = 0, wanted = 0;
		import_space_say(&cases[i].space, &out);
		buffer_add_byte(&out, '\0');
		for (const char *at = strchr(out.data, '\n'); at[1]; at = strchr(at + 1, '\n'))
			warnings++;
		for (size_t k = 0; k < 2 && cases[i].says[k]; k++, wanted++)
			assert_non_null(strstr(out.data, cases[i].says[k]));
		assert_int_equal(warnings, wanted);
		buffer_free(&out);
	}
	struct import_space here = {.needed = 5};
	import_space_look(&here, "no/such/folder/c.breach");
	assert_int_equal(here.free, -1);
	assert_int_equal(here.there, 0);
	assert_true(here.needed > 1000000);
	here = (struct import_space){.needed = 5};
	import_space_look(&here, "/proc/self/exe");
	assert_true(here.there > 0);
	assert_int_equal(here.needed, 5);
}

static void what_is_not_read_is_named(void **state)
{
	struct scene scene;
	static const struct {
		const char *name, *bytes;
		size_t length;
		const char *says;
	} cases[] = {
		{"a.pdf", "%PDF-1.7 ...", 12, "pdftotext"},
		{"a.html", "<!DOCTYPE html><p>x", 19, "HTML"},
		{"a.docx", "PK\003\004....[Content_Types].xml", 27, "pandoc"},
		{"a.zip", "PK\005\006..................", 22, "an empty zip"},
		{"a.evtx", "ElfFile\0....", 12, "hayabusa"},
		{"a.plaso", "SQLite format 3\0", 16, "psort.py"},
		{"a.bin", "\0\1\2\3\4", 5, "no known format"},
		{"a.csv", "", 0, "empty"},
	};
	begin(&scene, state);
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		assert_false(import_as(&scene, state, cases[i].name, cases[i].bytes,
			cases[i].length, (struct import_options){0}));
		if (!strstr(scene.error.message, cases[i].says))
			fail_msg("%s: %s", cases[i].name, scene.error.message);
	}
	import_result_free(&scene.result);
	assert_false(import_file(scene.file, ((struct place *)*state)->path,
		&(struct import_options){0}, &scene.result, &scene.error));
	assert_non_null(strstr(scene.error.message, "the case itself"));
	end(&scene);
}

static void a_cancelled_import_leaves_nothing(void **state)
{
	struct scene scene;
	struct buffer text = {0};
	atomic_bool cancel = true;
	begin(&scene, state);
	buffer_add_string(&text, "name\n");
	for (int i = 0; i < 1000; i++)
		buffer_add_format(&text, "host%d\n", i);
	assert_false(import_text(&scene, state, "h.csv", text.data,
		(struct import_options){.kind = "host", .cancel = &cancel}));
	assert_int_equal(scene.error.code, ERROR_CANCELLED);
	assert_int_equal(count_records(&scene, KIND_HOST), 0);
	int64_t source = 0;
	struct source read = {0};
	assert_int_equal(source_next(scene.file, &source, &read, &scene.error), 0);
	buffer_free(&text);
	end(&scene);
}

/* Real files of other people: their rows are counted as an independent reader counts them. */
static void samples_are_counted(void **state)
{
	static const struct {
		const char *path, *kind, *map;
		int64_t rows;
	} samples[] = {
		{"csv/breach-hhs-ocr-2023-2024.csv", "party", "name=Name of Covered Entity", 853},
		{"csv/ioc-unit42-dearjoohn-dearjoohn_iocs.csv", "indicator", "value=Hash", 9},
		{"csv/ioc-unit42-henbox-henbox_samples.csv", "indicator", "value=SHA256", 215},
		{"csv/ioc-volexity-2018-patchwork.csv", NULL, NULL, 36},
		{"csv/ioc-volexity-2021-xegroup.csv", NULL, NULL, 144},
		{"csv/ioc-volexity-2023-evilbamboo.csv", NULL, NULL, 243},
		{"csv/m365-activity-log.csv", NULL, NULL, 15},
		{"hayabusa/standard-utc.csv", "event", "time=Timestamp", 2451},
	};
	int found = 0;
	for (size_t i = 0; i < ARRAY_LENGTH(samples); i++) {
		struct scene scene;
		char path[256];
		snprintf(path, sizeof path, "../shared/samples/%s", samples[i].path);
		if (access(path, R_OK) != 0)
			continue;
		found++;
		begin(&scene, state);
		const char *const map[] = {samples[i].map, NULL};
		struct import_options options = {
			.kind = samples[i].kind, .map = map, .zone = "UTC", .format = "csv"};
		if (!import_file(scene.file, path, &options, &scene.result, &scene.error))
			fail_msg("%s: %s", path, scene.error.message);
		assert_int_equal(scene.result.rows + scene.result.skipped, samples[i].rows);
		end(&scene);
		unlink(((struct place *)*state)->path);
	}
	if (found == 0)
		print_message("skipped: ../shared/samples is not here\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, place_set_up, place_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(rows_become_records),
		TEST(the_same_bytes_add_nothing),
		TEST(times_want_a_zone),
		TEST(ragged_rows_are_kept),
		TEST(odd_headers_are_numbered),
		TEST(options_are_obeyed),
		TEST(judgements_are_not_imported),
		TEST(links_and_decisions),
		TEST(documents_are_kept_whole),
		TEST(a_voice_within_a_statement_is_no_second_one),
		TEST(encoded_and_packed_files_keep_their_addresses),
		TEST(dry_runs_change_nothing),
		cmocka_unit_test(bounds_of_a_disk_are_told),
		TEST(what_is_not_read_is_named),
		TEST(a_cancelled_import_leaves_nothing),
		TEST(samples_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
