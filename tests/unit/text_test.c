/* Text as it is drawn: decoding, width, marks in place of what is unsafe, normal form. */
#include "cmocka_all.h"

#include "base/buffer.h"
#include "base/text.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

static void shows(const char *bytes, size_t length, bool ascii, const char *expected, size_t width)
{
	struct buffer out = {0};
	struct span text = span_of(bytes, length);
	text_visible(&out, text, ascii);
	assert_false(buffer_failed(&out));
	assert_string_equal(length > 0 ? out.data : "", expected);
	assert_int_equal(text_width(text, ascii), width);
	buffer_free(&out);
}

static void shows_string(const char *text, const char *expected, size_t width)
{
	shows(text, strlen(text), false, expected, width);
}

/* What may reach a terminal: valid UTF-8 without controls, bidi or anything that is not seen. */
static bool is_forbidden(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {{0x00, 0x1f}, {0x7f, 0x9f}, {0xad, 0xad}, {0x34f, 0x34f}, {0x61c, 0x61c},
		{0x115f, 0x1160}, {0x180b, 0x180f}, {0x200b, 0x200f}, {0x2028, 0x202e},
		{0x2060, 0x206f}, {0x3164, 0x3164}, {0xe000, 0xf8ff}, {0xfdd0, 0xfdef},
		{0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfffb},
		{0xfffe, 0xffff}, {0xe0000, 0xe0fff}, {0xf0000, 0x10ffff}};
	for (size_t i = 0; i < ARRAY_LENGTH(ranges); i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

static void assert_safe(struct span shown)
{
	for (size_t at = 0; at < shown.length;) {
		uint32_t code = 0;
		size_t size = text_decode(shown.data + at, shown.length - at, &code);
		assert_true(size > 0);
		if (is_forbidden(code))
			fail_msg("U+%04X at byte %zu would reach the terminal", code, at);
		at += size;
	}
}

/* Every byte belongs to exactly one unit, in order, and every unit keeps its promises. */
static void assert_covered(struct span text, bool ascii)
{
	struct text_cluster cluster;
	struct buffer drawn = {0};
	struct buffer whole = {0};
	size_t at = 0;
	size_t width = 0;
	while (text_visible_next(text, at, ascii, &cluster)) {
		assert_int_equal(cluster.start, at);
		assert_true(cluster.end > at && cluster.end <= text.length);
		assert_true(cluster.width >= 1);
		assert_true(cluster.length > 0 && cluster.length < sizeof cluster.bytes);
		assert_int_equal(strlen(cluster.bytes), cluster.length);
		assert_true(cluster.mark || cluster.width <= 2);
		if (cluster.mark || ascii) {
			assert_int_equal(cluster.width, cluster.length);
			for (size_t i = 0; i < cluster.length; i++)
				assert_in_range(cluster.bytes[i], 0x20, 0x7e);
		}
		buffer_add(&drawn, cluster.bytes, cluster.length);
		width += (size_t)cluster.width;
		at = cluster.end;
	}
	assert_int_equal(at, text.length);
	text_visible(&whole, text, ascii);
	assert_true(span_equal(buffer_span(&drawn), buffer_span(&whole)));
	assert_int_equal(text_width(text, ascii), width);
	assert_safe(buffer_span(&whole));
	buffer_free(&drawn);
	buffer_free(&whole);
}

static void decodes_every_code_point(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		char bytes[4];
		uint32_t back = 0;
		size_t size = text_encode(code, bytes);
		assert_int_equal(text_decode(bytes, size, &back), size);
		assert_int_equal(back, code >= 0xd800 && code <= 0xdfff ? 0xfffd : code);
		for (size_t cut = 1; cut < size; cut++)
			assert_int_equal(text_decode(bytes, cut, &back), 0);
	}
	char bytes[4];
	assert_int_equal(text_encode(0x110000, bytes), 3);
	assert_memory_equal(bytes, "\xef\xbf\xbd", 3);
}

static void refuses_invalid_utf8(void **state)
{
	(void)state;
	const char *const invalid[] = {"\x80", "\xbf", "\xc0\x80", "\xc1\xbf", "\xc3", "\xc3(",
		"\xe0\x80\x80", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xed\xbf\xbf", "\xf0\x80\x80\x80",
		"\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xfe", "\xff"};
	for (size_t i = 0; i < ARRAY_LENGTH(invalid); i++) {
		uint32_t code;
		assert_int_equal(text_decode(invalid[i], strlen(invalid[i]), &code), 0);
		assert_int_equal(text_invalid_at(span_string(invalid[i])), 0);
	}
	assert_int_equal(text_invalid_at(span_string("caf\xc3\xa9 \xe4\xb8\x89\xffx")), 9);
	assert_int_equal(text_invalid_at(span_string("caf\xc3\xa9")), 5);
	assert_int_equal(text_invalid_at(span_string("")), 0);
}

static void marks_what_is_unsafe(void **state)
{
	(void)state;
	shows("", 0, false, "", 0);
	shows("a\0b", 3, false, "a^@b", 4);
	shows_string("\x1b]0;x\x07", "^[]0;x^G", 8);
	shows_string("\t\r\n\x7f", "^I^M^J^?", 8);
	shows_string("\xc2\x9b\x33m", "<U+009B>3m", 10);
	shows_string("\xc2\x85", "<U+0085>", 8);
	shows_string("\x9b\xff", "\\x9b\\xff", 8);
	shows_string("\xed\xa0\x80", "\\xed\\xa0\\x80", 12);
	shows_string("invoice\xe2\x80\xae"
		     "fdp.exe",
		"invoice<U+202E>fdp.exe", 22);
	shows_string("pay\xe2\x80\x8bpal", "pay<U+200B>pal", 14);
	shows_string("a\xc2\xadz", "a<U+00AD>z", 10);
	shows_string("\xe3\x85\xa4", "<U+3164>", 8);
	shows_string("\xf3\xa0\x81\x81", "<U+E0041>", 9);
	shows_string("\xe2\x9d\xa4\xef\xb8\x8f", "\xe2\x9d\xa4<U+FE0F>", 9);
	shows_string("\xef\xbf\xbf", "<U+FFFF>", 8);
	shows_string("\xee\x80\x80", "<U+E000>", 8);
	shows_string("\xf4\x8f\xbf\xbf", "<U+10FFFF>", 10);
}

static void every_unsafe_code_point_is_marked(void **state)
{
	(void)state;
	for (uint32_t code = 0; code <= 0x10ffff; code++) {
		char bytes[4];
		struct text_cluster cluster;
		size_t size = text_encode(code, bytes);
		assert_true(text_visible_next(span_of(bytes, size), 0, false, &cluster));
		assert_int_equal(cluster.end, size);
		if (is_forbidden(code))
			assert_true(cluster.mark);
		if (cluster.mark)
			assert_int_equal(cluster.width, cluster.length);
		else
			assert_in_range(cluster.width, 1, 2);
		assert_in_range(text_code_width(code), 0, 2);
	}
}

static void width_is_that_of_columns(void **state)
{
	(void)state;
	shows_string("caf\xc3\xa9", "caf\xc3\xa9", 4);
	shows_string("cafe\xcc\x81", "cafe\xcc\x81", 4);
	shows_string("\xe4\xb8\x89\xe8\x8f\xb1", "\xe4\xb8\x89\xe8\x8f\xb1", 4);
	shows_string("\xef\xbd\xb6", "\xef\xbd\xb6", 1);         /* half-width katakana */
	shows_string("\xc2\xb1", "\xc2\xb1", 1);                 /* ambiguous */
	shows_string("\xf0\x9f\x91\x8d", "\xf0\x9f\x91\x8d", 2); /* emoji */
	/* Conjoining Hangul takes the columns of its initial. */
	shows_string(
		"\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", "\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab", 2);
	/* A spacing combining mark has a column of its own. */
	shows_string("\xe0\xa4\x95\xe0\xa4\xbf", "\xe0\xa4\x95\xe0\xa4\xbf", 2);
	/* A flag is a pair; a half of one, a joined and a tinted emoji are taken apart. */
	shows_string("\xf0\x9f\x87\xaf\xf0\x9f\x87\xb5", "\xf0\x9f\x87\xaf\xf0\x9f\x87\xb5", 2);
	shows_string("\xf0\x9f\x87\xaf", "<U+1F1EF>", 9);
	shows_string("\xf0\x9f\x91\x8d\xf0\x9f\x8f\xbd", "\xf0\x9f\x91\x8d<U+1F3FD>", 11);
}

static void combining_characters_stay_with_their_base(void **state)
{
	(void)state;
	struct text_cluster cluster;
	struct span text = span_string("e\xcc\x81x");
	assert_true(text_visible_next(text, 0, false, &cluster));
	assert_int_equal(cluster.end, 3);
	assert_int_equal(cluster.width, 1);
	assert_false(cluster.mark);
	assert_false(text_visible_next(text, text.length, false, &cluster));

	/* With nothing to stand on they are drawn on a dotted circle. */
	shows_string("\xcc\x81x", "\xe2\x97\x8c\xcc\x81x", 2);
	shows_string("\x1b\xcc\x81", "^[\xe2\x97\x8c\xcc\x81", 3);
	shows_string("\xff\xcc\x81", "\\xff\xe2\x97\x8c\xcc\x81", 5);
}

static void a_flood_of_combining_characters_is_counted(void **state)
{
	(void)state;
	struct buffer text = {0};
	struct buffer out = {0};
	buffer_add_byte(&text, 'e');
	for (int i = 0; i < 60; i++)
		buffer_add_string(&text, "\xcc\x81");
	buffer_add_byte(&text, 'x');
	text_visible(&out, buffer_span(&text), false);
	assert_string_equal(out.data, "e\xcc\x81\xcc\x81\xcc\x81\xcc\x81<+56>x");
	assert_int_equal(text_width(buffer_span(&text), false), 7);
	assert_covered(buffer_span(&text), false);
	for (int i = 0; i < 9000; i++)
		buffer_add_string(&text, "\xcc\x81");
	assert_covered(buffer_span(&text), false);
	buffer_free(&text);
	buffer_free(&out);
}

static void ascii_shows_ascii(void **state)
{
	(void)state;
	const char *text = "caf\xc3\xa9 \xe4\xb8\x89 e\xcc\x81";
	shows(text, strlen(text), true, "caf<U+00E9> <U+4E09> e<U+0301>", 30);
}

static void any_bytes_are_covered(void **state)
{
	(void)state;
	/* Pieces that begin, end and break clusters, among random bytes. */
	static const char *const pieces[] = {"a", "\xcc\x81", "\xe2\x80\x8d", "\xf0\x9f\x87\xaf",
		"\xf0\x9f\x91\x8d", "\xf0\x9f\x8f\xbd", "\xe4\xb8\x89", "\x1b[", "\xc2\x9b",
		"\xe1\x84\x92", "\xe1\x85\xa1", "\xe0\xa4\xbf", "\xef\xb8\x8f", "\xf0", "\xe4\xb8"};
	uint32_t seed = 20200120;
	for (int round = 0; round < 20000; round++) {
		char bytes[64];
		size_t length = 0;
		size_t wanted = next_random(&seed) % 48;
		while (length < wanted) {
			if (next_random(&seed) % 3 == 0) {
				bytes[length++] = (char)next_random(&seed);
				continue;
			}
			const char *piece = pieces[next_random(&seed) % ARRAY_LENGTH(pieces)];
			memcpy(bytes + length, piece, strlen(piece));
			length += strlen(piece);
		}
		assert_covered(span_of(bytes, length), false);
		assert_covered(span_of(bytes, length), true);
		size_t limit = next_random(&seed) % 50;
		size_t cut = text_cut(span_of(bytes, length), limit);
		assert_true(cut <= limit && cut <= length);
	}
}

static void cuts_between_clusters(void **state)
{
	(void)state;
	struct span text = span_string("e\xcc\x81\xe4\xb8\x89x");
	const size_t expected[] = {0, 0, 0, 3, 3, 3, 6, 7, 7};
	for (size_t limit = 0; limit < ARRAY_LENGTH(expected); limit++)
		assert_int_equal(text_cut(text, limit), expected[limit]);
}

static void normalises(const char *text, const char *expected)
{
	struct buffer once = {0};
	struct buffer twice = {0};
	text_normalise(&once, span_string(text));
	assert_false(buffer_failed(&once));
	assert_true(span_is(buffer_span(&once), expected));
	text_normalise(&twice, buffer_span(&once));
	assert_true(span_equal(buffer_span(&twice), buffer_span(&once)));
	buffer_free(&once);
	buffer_free(&twice);
}

static void normal_form_is_for_identity(void **state)
{
	(void)state;
	normalises("", "");
	normalises(" \t\n ", "");
	normalises("  Head \t\r\n Office ", "Head Office");
	normalises("Cafe\xcc\x81", "Caf\xc3\xa9");
	normalises("Caf\xc3\xa9", "Caf\xc3\xa9");
	normalises("\xe3\x80\x80\xe4\xb8\x89\xe3\x80\x80\xc2\xa0\xe8\x8f\xb1\xe2\x80\xa8",
		"\xe4\xb8\x89 \xe8\x8f\xb1");
	normalises("a\xff e\xcc\x81\x80", "a\xff \xc3\xa9\x80");
	normalises("\xff", "\xff");
}

static void normal_form_of_a_flood_is_quick(void **state)
{
	(void)state;
	/* Descending classes, for which sorting by exchange would be quadratic. */
	struct buffer text = {0};
	struct buffer out = {0};
	buffer_add_byte(&text, 'e');
	for (int i = 0; i < 200000; i++)
		buffer_add_string(&text, i < 100000 ? "\xcc\x81" : "\xcc\xa7");
	text_normalise(&out, buffer_span(&text));
	assert_false(buffer_failed(&out));
	assert_true(out.length > 300000);
	buffer_free(&text);
	buffer_free(&out);
}

static size_t check_file(const char *path)
{
	struct buffer bytes = {0};
	char chunk[4096];
	FILE *file = fopen(path, "rb");
	assert_non_null(file);
	for (size_t got; (got = fread(chunk, 1, sizeof chunk, file)) > 0;)
		buffer_add(&bytes, chunk, got);
	fclose(file);
	assert_false(buffer_failed(&bytes));
	assert_covered(buffer_span(&bytes), false);
	assert_covered(buffer_span(&bytes), true);
	buffer_free(&bytes);
	return 1;
}

static size_t check_folder(const char *path)
{
	size_t files = 0;
	DIR *folder = opendir(path);
	if (!folder)
		return 0;
	for (struct dirent *entry; (entry = readdir(folder));) {
		char inner[1024];
		if (entry->d_name[0] == '.')
			continue;
		snprintf(inner, sizeof inner, "%s/%s", path, entry->d_name);
		files += entry->d_type == DT_DIR ? check_folder(inner) : check_file(inner);
	}
	closedir(folder);
	return files;
}

static void hostile_files_are_made_safe(void **state)
{
	(void)state;
	size_t files = check_folder("../shared/hostile/terminal");
	files += check_folder("../shared/hostile/text");
	if (files == 0) {
		print_message("no ../shared/hostile here\n");
		skip();
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_every_code_point),
		cmocka_unit_test(refuses_invalid_utf8),
		cmocka_unit_test(marks_what_is_unsafe),
		cmocka_unit_test(every_unsafe_code_point_is_marked),
		cmocka_unit_test(width_is_that_of_columns),
		cmocka_unit_test(combining_characters_stay_with_their_base),
		cmocka_unit_test(a_flood_of_combining_characters_is_counted),
		cmocka_unit_test(ascii_shows_ascii),
		cmocka_unit_test(any_bytes_are_covered),
		cmocka_unit_test(cuts_between_clusters),
		cmocka_unit_test(normal_form_is_for_identity),
		cmocka_unit_test(normal_form_of_a_flood_is_quick),
		cmocka_unit_test(hostile_files_are_made_safe),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
