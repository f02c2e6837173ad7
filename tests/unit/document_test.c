/* What a document becomes: its title, the indicators and dated lines in it, and where they stand.
 */
#include "cmocka_all.h"

#include "base/buffer.h"
#include "case_place.h"
#include "casefile/link.h"
#include "casefile/record.h"
#include "casefile/source.h"
#include "casefile/undo.h"
#include "ingest/loader.h"

#include "../../tui/ingest/document_date.h"

/* A test's case, and what the last import came to. */
struct scene {
	struct case_file *file;
	struct import_result result;
	struct error error;
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

static void import_document(
	struct scene *scene, const char *bytes, size_t length, struct import_options options)
{
	import_result_free(&scene->result);
	options.format = "text";
	if (!import_bytes(scene->file, span_of(bytes, length), "d.txt", &options, &scene->result,
		    &scene->error))
		fail_msg("not imported: %s", scene->error.message);
	assert_int_equal(scene->result.rows + scene->result.skipped, 1);
}

/* ---- records as lines of text ---- */

static void write_cell(struct buffer *out, const struct record *record, const char *name)
{
	const struct cell *cell = record_cell_named(record, span_string(name));
	if (cell) {
		buffer_add_byte(out, ' ');
		buffer_add_span(out, cell->text);
	}
}

static void write_record(struct scene *scene, struct buffer *out, const struct record *record)
{
	static const char *const fields[] = {
		"title", "published", "type", "value", "message", "locator", "extra.written"};
	struct error error = {0};
	struct buffer bytes = {0};
	buffer_add_string(out, kind_info(record->id.kind)->name);
	if (record->id.kind == KIND_EVENT) {
		buffer_add_byte(out, ' ');
		moment_format_edtf(out, &record_cell(record, 0)->moment);
	}
	for (size_t i = 0; i < ARRAY_LENGTH(fields); i++)
		write_cell(out, record, fields[i]);
	if (record->id.kind != KIND_DOCUMENT) {
		assert_true(source_bytes(scene->file, record->source, record->start, record->end,
			NULL, &bytes, &error));
		assert_int_equal(record->basis, BASIS_REPORTED);
		buffer_add_format(out, " {%.*s}", (int)bytes.length, bytes.data);
	}
	buffer_add_byte(out, '\n');
	buffer_free(&bytes);
}

/* Documents, events and indicators, each kind by id. */
static void read_all(struct scene *scene, struct buffer *out)
{
	static const enum kind kinds[] = {KIND_DOCUMENT, KIND_EVENT, KIND_INDICATOR};
	struct error error = {0};
	struct record record = {0};
	struct record_reader *reader = record_reader_open(scene->file, &error);
	assert_non_null(reader);
	buffer_clear(out);
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		for (int64_t id = 0;
			record_next(reader, kinds[i], id, &record, &error) == RECORD_FOUND;
			id = record.id.id)
			write_record(scene, out, &record);
	record_free(&record);
	record_reader_close(reader);
}

static void becomes_with(
	void **state, const char *text, const char *expected, struct import_options options)
{
	struct scene scene;
	struct buffer out = {0};
	begin(&scene, state);
	import_document(&scene, text, strlen(text), options);
	read_all(&scene, &out);
	buffer_add_byte(&out, '\0');
	assert_string_equal(out.data, expected);
	buffer_free(&out);
	end(&scene);
	remove(((struct place *)*state)->path);
}

static void becomes(void **state, const char *text, const char *expected)
{
	becomes_with(state, text, expected, (struct import_options){0});
}

/* ---- titles ---- */

static void a_document_is_called_by_its_heading(void **state)
{
	becomes(state, ":toc:\n\n= A title\n\n== Next\n", "document A title\n");
	becomes(state, "words\n\n## A *title* of [many words](https://a.example/b) ##\n",
		"document A title of many words\n");
	becomes(state, "\n\nA title\n=======\nwords\n", "document A title\n");
	becomes(state, "****\n A first line\nwords\n", "document A first line\n");
	becomes(state, "```\n# no title\n```\n", "document # no title\n");
	becomes(state, "---\nTitle: \"The title\"\ndate: 2020-01-20\n---\n# A heading\n",
		"document The title 2020-01-20\n");
	becomes(state, "---\n", "document ---\n");
}

static void a_date_before_the_title_is_when_it_was_published(void **state)
{
	becomes(state, "2020-01-20 (MONDAY) - A title\n\n2020-01-19: an event\n",
		"document A title 2020-01-20\n"
		"event 2020-01-19 an event ¶2 {2020-01-19: an event}\n");
	becomes(state, "# 2020-01-20: A title\n", "document A title 2020-01-20\n");
	becomes_with(state, "2020-01-20 (MONDAY) - A title\n", "document A title 2019\n",
		(struct import_options){.set = (const char *const[]){"published=2019", NULL}});
	becomes(state, "2020-01-20 - the first line of a log\n",
		"document 2020-01-20 - the first line of a log\n"
		"event 2020-01-20 the first line of a log ¶1 "
		"{2020-01-20 - the first line of a log}\n");
}

/* ---- indicators ---- */

static void indicators_stand_where_they_are_written(void **state)
{
	becomes(state,
		"# Title\n\nIt called hxxp://a[.]example/x, then b[.]example.\n"
		"CVE-2020-0001; SHA1=da39a3ee5e6b4b0d3255bfef95601890afd80709\n\nb[.]example "
		"again\n",
		"document Title\n"
		"indicator url http://a.example/x ¶2 hxxp://a[.]example/x "
		"{hxxp://a[.]example/x}\n"
		"indicator domain b.example ¶2 b[.]example {b[.]example}\n"
		"indicator vulnerability CVE-2020-0001 ¶2 {CVE-2020-0001}\n"
		"indicator sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709 ¶2 "
		"{da39a3ee5e6b4b0d3255bfef95601890afd80709}\n");
}

static void intact_values_are_references(void **state)
{
	becomes(state,
		"Title\n\nSee https://a.example/b or [this](http://c.example), mail "
		"amy@a.example,\n"
		"version 10.20.30.40, and a commit da39a3ee5e6b4b0d3255bfef95601890afd80709.\n",
		"document Title\n");
	becomes(state,
		"Title\n\nIts IP was 10.20.30.40.\n\n- 198.51.100.7\n- 1.2.3.4\n\n198.51.100.8:443 "
		"and 198.51.100.9 too\n## 198.51.100.10\n",
		"document 198.51.100.10\n"
		"indicator ip 10.20.30.40 ¶2 {10.20.30.40}\n"
		"indicator ip 198.51.100.7 ¶3 {198.51.100.7}\n"
		"indicator ip 198.51.100.8 ¶5 {198.51.100.8}\n");
}

static void rows_of_tables_belong_together(void **state)
{
	struct scene scene;
	struct buffer out = {0};
	struct error error = {0};
	struct record record = {0};
	static const char text[] =
		"# T\n\n| Domain | MD5 | Note |\n|---|:-:|---|\n"
		"| `a.example` | d41d8cd98f00b204e9800998ecf8427e | at b[.]example, not c.example "
		"|\n"
		"\n[options=\"header\"]\n|===\n|IP |Port\n\n|198.51.100.7\n|443\n|===\n";
	begin(&scene, state);
	import_document(&scene, text, strlen(text), (struct import_options){0});
	read_all(&scene, &out);
	buffer_add_byte(&out, '\0');
	assert_string_equal(out.data, "document T\n"
				      "indicator domain a.example ¶4 {a.example}\n"
				      "indicator md5 d41d8cd98f00b204e9800998ecf8427e ¶4 "
				      "{d41d8cd98f00b204e9800998ecf8427e}\n"
				      "indicator domain b.example ¶4 b[.]example {b[.]example}\n"
				      "indicator ip 198.51.100.7 ¶8 {198.51.100.7}\n");
	struct record_reader *reader = record_reader_open(scene.file, &error);
	assert_int_equal(record_read(reader, KIND_INDICATOR, 1, &record, &error), RECORD_FOUND);
	assert_true(span_is(record_cell_named(&record, span_string("extra.Note"))->text,
		"at b[.]example, not c.example"));
	assert_int_equal(record_read(reader, KIND_INDICATOR, 4, &record, &error), RECORD_FOUND);
	assert_true(span_is(record_cell_named(&record, span_string("extra.Port"))->text, "443"));
	record_free(&record);
	record_reader_close(reader);
	buffer_free(&out);
	end(&scene);
}

static void lists_of_hashes_have_comments_and_files(void **state)
{
	static const char text[] =
		"# list\n\nd41d8cd98f00b204e9800998ecf8427e\n; note\n"
		"DA39A3EE5E6B4B0D3255BFEF95601890AFD80709 *a b.bin\n"
		"SHA256 (c (1) = 2.bin) = "
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\r\n"
		"MD5(d)= d41d8cd98f00b204e9800998ecf8427f\nno hash\n"
		"d41d8cd98f00b204e9800998ecf8427e x\n";
	static const char *const files[] = {NULL, "a b.bin", "c (1) = 2.bin", "d"};
	struct scene scene;
	struct error error = {0};
	struct record record = {0};
	struct import_options options = {.format = "hashes"};
	begin(&scene, state);
	assert_true(import_bytes(
		scene.file, span_of(text, strlen(text)), "h.txt", &options, &scene.result, &error));
	assert_int_equal(scene.result.rows, 4);
	assert_int_equal(scene.result.skipped, 2);
	assert_int_equal(scene.result.problems[0].line, 8);
	struct record_reader *reader = record_reader_open(scene.file, &error);
	for (size_t i = 0; i < ARRAY_LENGTH(files); i++) {
		assert_int_equal(
			record_read(reader, KIND_INDICATOR, (int64_t)i + 1, &record, &error),
			RECORD_FOUND);
		const struct cell *file = record_cell_named(&record, span_string("extra.file"));
		assert_int_equal(file != NULL, files[i] != NULL);
		assert_true(!file || span_is(file->text, files[i]));
	}
	record_free(&record);
	record_reader_close(reader);
	end(&scene);
}

/* ---- dates ---- */

static const struct {
	const char *text, *read; /* NULL: no date; "": open */
	size_t length;
} dates[] = {
	{"2020-01-20: x", "2020-01-20", 10},
	{"2020/1/2 x", "2020-01-02", 8},
	{"2020-01-20T10:30:05.123Z x", "2020-01-20T10:30:05.123Z", 24},
	{"2020-01-20 10:30:05,123 +09:00 x", "2020-01-20T10:30:05.123+09:00", 30},
	{"2020-01-20 10:30 (UTC) x", "2020-01-20T10:30Z", 22},
	{"2020-01-20 10:30 +0900 x", "2020-01-20T10:30+09:00", 22},
	{"2020-01-20 10:30 (+09:00) x", "2020-01-20T10:30+09:00", 25},
	{"2020-01-20 10:30 (local) x", "2020-01-20T10:30", 16},
	{"2020-01-20 10:30:05. Then", "2020-01-20T10:30:05", 19},
	{"2020-01-20 10:30:05.12345678901234567890Z", "2020-01-20T10:30:05.123456789012Z", 41},
	{"2020-01-20, at 10:30 PM x", "2020-01-20T22:30", 23},
	{"2020-01-20 12:05 a.m. GMT x", "2020-01-20T00:05Z", 25},
	{"2020-01-20 10:30-11:45 x", "2020-01-20T10:30", 16},
	{"2020-01-20T10:30-05:00 x", "2020-01-20T10:30-05:00", 22},
	{"2020-01-20 10:30 JST x", "2020-01-20", 20},
	{"2020-01-20 25:30 x", "2020-01-20", 10},
	{"28th of June, 2019 x", "2019-06-28", 18},
	{"28. June 2019: x", "2019-06-28", 13},
	{"Jun. 28, 2019 x", "2019-06-28", 13},
	{"Monday, 20 January 2020: x", "2020-01-20", 23},
	{"2020 Jan 20 x", "2020-01-20", 11},
	{"Sept 2019 x", "2019-09", 9},
	{"2020年1月20日、x", "2020-01-20", 16},
	{"2020年1月: x", "2020-01", 11},
	{"2020-06-21 – 2020-06-30: x", "2020-06-21/2020-06-30", 25},
	{"May 2019 to June 2020: x", "2019-05/2020-06", 21},
	{"2020-06-21 - 3000 x", "2020-06-21", 10},
	{"2020-06-21 to 2020-06-20 x", "2020-06-21", 10},
	{"9/27/2013 x", "", 9},
	{"9/27/2013 2:42 PM x", "", 17},
	{"2020-02-30 x", NULL, 0},
	{"2020-0688: x", NULL, 0},
	{"2020-01-20-report.txt", NULL, 0},
	{"2020-01-20_x.log", NULL, 0},
	{"Marching 20, 2020", NULL, 0},
	{"May I 2020", NULL, 0},
	{"1.2.2020.3", NULL, 0},
	{"123 June 2019", NULL, 0},
	{"20 January", NULL, 0},
	{"Jan 22 07:52:33 host", NULL, 0},
	{"20220721023749", NULL, 0},
	{"", NULL, 0},
};

static void dates_are_read_or_left(void **state)
{
	(void)state;
	struct document_date date;
	for (size_t i = 0; i < ARRAY_LENGTH(dates); i++) {
		bool read = document_date(span_string(dates[i].text), NULL, &date);
		if (read != (dates[i].read != NULL))
			fail_msg("%s: %s", dates[i].text, read ? date.text : "no date");
		if (!read)
			continue;
		if (strcmp(date.text, dates[i].read) != 0 || date.length != dates[i].length)
			fail_msg("%s: %s of %zu bytes", dates[i].text, date.text, date.length);
		assert_int_equal(date.open, dates[i].read[0] == '\0');
	}
	assert_true(document_date(span_string("9/7/2013 2:42 PM x"), "mdy", &date));
	assert_string_equal(date.text, "2013-09-07T14:42");
	assert_true(document_date(span_string("9.7.2013"), "dmy", &date));
	assert_string_equal(date.text, "2013-07-09");
	assert_false(document_date(span_string("27/9/2013"), "mdy", &date));
}

static void dated_lines_are_events(void **state)
{
	becomes(state,
		"Title\n\n- 28 June 2019 the server was noticed\n  and switched off\n"
		"- **2019-07**: no date\n* [2020-01-20] announced\n・2020年1月20日 発表した\n"
		"## July 2019 – offices\n| 2019-06-28 | ws01 | seen |\n\n"
		"2019-07-01 first\n2019-07-02 second\n",
		"document July 2019 – offices\n"
		"event 2019-06-28 the server was noticed and switched off ¶2 "
		"{- 28 June 2019 the server was noticed\n  and switched off}\n"
		"event 2020-01-20 announced ¶5 {* [2020-01-20] announced}\n"
		"event 2020-01-20 発表した ¶6 {・2020年1月20日 発表した}\n"
		"event 2019-07 offices ¶7 {## July 2019 – offices}\n"
		"event 2019-06-28 ws01 | seen ¶8 {| 2019-06-28 | ws01 | seen |}\n"
		"event 2019-07-01 first ¶9 {2019-07-01 first}\n"
		"event 2019-07-02 second ¶10 {2019-07-02 second}\n");
}

static void rows_may_begin_with_their_number(void **state)
{
	becomes(state,
		"Title\n\n| # | Time (UTC) | What\n|---|---|---\n1 | 2020-01-20 10:30 | a\n"
		"2. | 2020-01-20 10:30 +09:00 | b\n3 | x | 2020-01-20\n4\n\n"
		"|===\n|2020-01-21 |c\n|===\n",
		"document Title\n"
		"event 2020-01-20T10:30Z a ¶4 {1 | 2020-01-20 10:30 | a}\n"
		"event 2020-01-20T01:30Z b ¶5 {2. | 2020-01-20 10:30 +09:00 | b}\n"
		"event 2020-01-21 c ¶9 {|2020-01-21 |c}\n");
}

static void prose_that_begins_with_a_date_is_none(void **state)
{
	becomes(state,
		"Title\n\nJune 28, 2019 was a day like others, and it was seen on\n"
		"2019-06-29: a wrapped line. Then on\nJuly 1, 2019 – too.\n\n"
		"2019年6月28日に、それは起きた。\n\n20 January 2020\n\n2020-01-20\nDear "
		"customers,\n",
		"document Title\n");
	becomes(state, "Title\n\nJune 28, 2019: it was seen\non the first day\n",
		"document Title\n"
		"event 2019-06-28 it was seen on the first day ¶2 "
		"{June 28, 2019: it was seen\non the first day}\n");
}

static void clocks_want_a_zone_and_days_an_order(void **state)
{
	static const char text[] = "Title\n\n- 2020-01-20 10:30 a\n- 2020-01-20 10:30 CET b\n"
				   "- 2020-01-20 10:30Z c\n- 1/2/2020 d\n";
	struct scene scene;
	begin(&scene, state);
	import_document(&scene, text, strlen(text), (struct import_options){0});
	assert_int_equal(scene.result.kinds[KIND_EVENT], 3);
	assert_int_equal(scene.result.problem_count, 4);
	assert_string_equal(scene.result.problems[0].message,
		"1 time of day without a zone: the date counts alone; --zone NAME, or --zone "
		"floating, says what the time is");
	end(&scene);
	remove(((struct place *)*state)->path);
	becomes(state, text,
		"document Title\nevent 2020-01-20 a ¶2 {- 2020-01-20 10:30 a}\n"
		"event 2020-01-20 b ¶3 {- 2020-01-20 10:30 CET b}\n"
		"event 2020-01-20T10:30Z c ¶4 {- 2020-01-20 10:30Z c}\n");
	becomes_with(state, text,
		"document Title\nevent 2020-01-20T01:30Z a ¶2 {- 2020-01-20 10:30 a}\n"
		"event 2020-01-20 b ¶3 {- 2020-01-20 10:30 CET b}\n"
		"event 2020-01-20T10:30Z c ¶4 {- 2020-01-20 10:30Z c}\n"
		"event 2020-02-01 d ¶5 {- 1/2/2020 d}\n",
		(struct import_options){.zone = "Asia/Tokyo", .dates = "dmy"});
}

/* ---- encodings, bounds, undo ---- */

static void ranges_are_those_of_the_file(void **state)
{
	static const char latin[] = "T\xeftle caf\xe9\n\n- 2020-01-20 \x96 caf\xe9 a[.]example\n";
	static const char words[] = "T\n\n- 2020-01-20: \xe9 a[.]example\n";
	struct scene scene;
	struct buffer out = {0};
	begin(&scene, state);
	import_document(&scene, latin, strlen(latin), (struct import_options){0});
	read_all(&scene, &out);
	buffer_add_byte(&out, '\0');
	assert_string_equal(out.data, "document Tïtle café\n"
				      "event 2020-01-20 café a[.]example ¶2 "
				      "{- 2020-01-20 \x96 caf\xe9 a[.]example}\n"
				      "indicator domain a.example ¶2 a[.]example {a[.]example}\n");
	end(&scene);
	remove(((struct place *)*state)->path);
	char wide[2 + 2 * sizeof words];
	size_t length = 2;
	memcpy(wide, "\xff\xfe", 2);
	for (size_t i = 0; i + 1 < sizeof words; i++) {
		wide[length++] = words[i];
		wide[length++] = '\0';
	}
	begin(&scene, state);
	import_document(&scene, wide, length, (struct import_options){0});
	struct error error = {0};
	struct record record = {0};
	struct record_reader *reader = record_reader_open(scene.file, &error);
	assert_int_equal(record_read(reader, KIND_INDICATOR, 1, &record, &error), RECORD_FOUND);
	assert_int_equal(record.start, 2 + 2 * 19);
	assert_int_equal(record.end, 2 + 2 * 30);
	assert_int_equal(record_read(reader, KIND_EVENT, 1, &record, &error), RECORD_FOUND);
	assert_int_equal(record.start, 2 + 2 * 3);
	assert_int_equal(record.end, 2 + 2 * 30);
	record_free(&record);
	record_reader_close(reader);
	buffer_free(&out);
	end(&scene);
}

static void bounds_are_said(void **state)
{
	struct buffer text = {0};
	buffer_add_string(&text, "Title\n\n");
	for (int i = 0; i < 100002; i++)
		buffer_add_format(&text, "- 2020-01-20: %x[.]example\n", i);
	struct import_result result = {0};
	struct error error = {0};
	struct import_options options = {.format = "text", .dry_run = true};
	(void)state;
	assert_true(import_bytes(NULL, buffer_span(&text), "d.txt", &options, &result, &error));
	assert_int_equal(result.kinds[KIND_EVENT], 100000);
	assert_int_equal(result.kinds[KIND_INDICATOR], 100000);
	assert_int_equal(result.problem_count, 3);
	assert_string_equal(result.problems[0].message,
		"more than 100000 dated lines: those from here on are no events");
	assert_string_equal(result.problems[1].message,
		"more than 100000 indicators: those from here on are not listed");
	import_result_free(&result);
	buffer_free(&text);
}

static void the_last_cell_holds_what_is_left(void **state)
{
	struct buffer text = {0};
	buffer_add_string(&text, "Title\n\n");
	for (int i = 0; i < 70; i++)
		buffer_add_format(&text, "|%d", i);
	buffer_add_string(&text, "| a[.]example |\n");
	struct scene scene;
	struct error error = {0};
	struct record record = {0};
	begin(&scene, state);
	import_document(&scene, text.data, text.length, (struct import_options){0});
	struct record_reader *reader = record_reader_open(scene.file, &error);
	assert_int_equal(record_read(reader, KIND_INDICATOR, 1, &record, &error), RECORD_FOUND);
	assert_true(span_is(record_cell_named(&record, span_string("extra.column 64"))->text,
		"63|64|65|66|67|68|69| a[.]example |"));
	record_free(&record);
	record_reader_close(reader);
	buffer_free(&text);
	end(&scene);
}

static void an_import_is_taken_back_whole(void **state)
{
	struct scene scene;
	struct buffer out = {0};
	static const char first[] = "One\n\na[.]example\n", second[] = "Two\n\n- 2020-01-20: x\n"
								       "a[.]example b[.]example\n";
	begin(&scene, state);
	import_document(&scene, first, strlen(first), (struct import_options){0});
	import_document(&scene, second, strlen(second), (struct import_options){0});
	assert_int_equal(scene.result.kinds[KIND_INDICATOR], 1);
	assert_true(undo_import(scene.file, scene.result.source, span_string("amy"), 1,
		span_string("not ours"), &scene.error));
	read_all(&scene, &out);
	buffer_add_byte(&out, '\0');
	assert_string_equal(out.data, "document One\n"
				      "indicator domain a.example ¶2 a[.]example {a[.]example}\n");
	buffer_free(&out);
	end(&scene);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, place_set_up, place_tear_down)
		TEST(a_document_is_called_by_its_heading),
		TEST(a_date_before_the_title_is_when_it_was_published),
		TEST(indicators_stand_where_they_are_written),
		TEST(intact_values_are_references),
		TEST(rows_of_tables_belong_together),
		TEST(lists_of_hashes_have_comments_and_files),
		TEST(dates_are_read_or_left),
		TEST(dated_lines_are_events),
		TEST(rows_may_begin_with_their_number),
		TEST(prose_that_begins_with_a_date_is_none),
		TEST(clocks_want_a_zone_and_days_an_order),
		TEST(ranges_are_those_of_the_file),
		TEST(bounds_are_said),
		TEST(the_last_cell_holds_what_is_left),
		TEST(an_import_is_taken_back_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
