/* Records of delimited text: what is cut, where it stands, and what is said of what is broken. */
#include "cmocka_all.h"

#include "base/buffer.h"
#include "base/span.h"
#include "ingest/csv.h"
#include "ingest/input.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const struct csv_dialect comma = {.delimiter = ',', .quote = '"'};

/* A text's records as `cell|cell` with `/` behind each; LF and CR in a cell as \n and \r. */
static void cut_all(struct span text, struct csv_dialect dialect, struct buffer *out)
{
	struct error error = {0};
	struct input *input = input_open_bytes(text, "text", &error);
	assert_non_null(input);
	struct csv_reader *reader = csv_open(input, dialect, &error);
	assert_non_null(reader);
	struct csv_row row;
	int result;
	while ((result = csv_next(reader, &row, &error)) > 0) {
		for (size_t i = 0; i < row.count; i++) {
			struct span cell = csv_cell(reader, i);
			assert_true(span_stated(cell));
			buffer_add_string(out, i ? "|" : "");
			for (size_t at = 0; at < cell.length; at++) {
				char byte = cell.data[at];
				buffer_add_string(out, byte == '\n'   ? "\\n"
						       : byte == '\r' ? "\\r"
								      : "");
				if (byte != '\n' && byte != '\r')
					buffer_add_byte(out, byte);
			}
		}
		buffer_add_byte(out, '/');
	}
	assert_int_equal(result, 0);
	csv_close(reader);
	input_close(input);
}

static void records_are_cut(void **state)
{
	(void)state;
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{"a,b\n1,2\n", "a|b/1|2/"},
		{"a,b\r\n1,2\r\n", "a|b/1|2/"},
		{"a,b\r1,2\r", "a|b/1|2/"},
		{"a,b\n1,2\r\n3,4\r5,6", "a|b/1|2/3|4/5|6/"},
		{"a,\n,b\n,\n", "a|/|b/|/"},
		{"a\n\nb\n", "a//b/"},
		{"a\r\n\r\nb", "a//b/"},
		{"\"a\",\"b,c\"\n", "a|b,c/"},
		{"\"a\"\"b\",\"\"\"\"\n", "a\"b|\"/"},
		{"\"\",x\n", "|x/"},
		{"\"a\nb\",\"c\r\nd\",\"e\rf\"\n", "a\\nb|c\\r\\nd|e\\rf/"},
		{"a\"b,c\"\n", "a\"b|c\"/"},
		{"\"a\"b,c\n", "ab|c/"},
		{"\"a\"b\"c\",d\n", "ab\"c\"|d/"},
		{"\"a\"\"b\"c\"\"d,e\n", "a\"bc\"\"d|e/"},
		{" \"a\", b \n", " \"a\"| b /"},
		{"a,\"b", "a|\"b/"},
		{"a,\"b\n1,2\n", "a|\"b/1|2/"},
		{"\xef\xbb\xbf\"a,b\",c\n", "a,b|c/"},
		{"\"a\"", "a/"},
		{"\"a\"\r", "a/"},
		{"a,", "a|/"},
		{"", ""},
		{"\n", "/"},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct buffer out = {0};
		cut_all(span_string(cases[i].text), comma, &out);
		assert_string_equal(out.data ? out.data : "", cases[i].expected);
		buffer_free(&out);
	}
}

static void nul_and_plain_dialect(void **state)
{
	(void)state;
	struct buffer out = {0};
	cut_all(span_of("a\0b,c\n", 6), comma, &out);
	assert_int_equal(out.length, 6);
	assert_memory_equal(out.data, "a\0b|c/", 6);
	buffer_clear(&out);
	cut_all(span_string("\"a,b\"\n"), (struct csv_dialect){.delimiter = ','}, &out);
	assert_string_equal(out.data, "\"a|b\"/");
	buffer_free(&out);
}

/* The last record's place and trouble. */
static struct csv_row last_row(struct span text, int nth)
{
	struct error error = {0};
	struct input *input = input_open_bytes(text, "text", &error);
	struct csv_reader *reader = csv_open(input, comma, &error);
	struct csv_row row = {0};
	for (int i = 0; i < nth; i++)
		assert_int_equal(csv_next(reader, &row, &error), 1);
	csv_close(reader);
	input_close(input);
	return row;
}

static void places_are_exact(void **state)
{
	(void)state;
	const char *text = "a,b\r\n\"x\ny\",2\n\n5,6\r\n";
	struct csv_row row = last_row(span_string(text), 2);
	assert_int_equal(row.start, 5);
	assert_int_equal(row.end, 12);
	assert_int_equal(row.line, 2);
	row = last_row(span_string(text), 4);
	assert_int_equal(row.start, 14);
	assert_int_equal(row.end, 17);
	assert_int_equal(row.line, 5);
	assert_int_equal(row.trouble, CSV_FINE);
}

static void troubles_are_named(void **state)
{
	(void)state;
	struct csv_row row = last_row(span_string("a,b\n1,\"2\n3,4\n"), 2);
	assert_int_equal(row.trouble, CSV_OPEN_QUOTE);
	assert_int_equal(row.trouble_at, 6);
	assert_int_equal(row.trouble_line, 2);
	assert_int_equal(row.end, 8);
	assert_int_equal(row.count, 2);
	row = last_row(span_string("a,b\n1,\"2\n3,4\n"), 3);
	assert_int_equal(row.trouble, CSV_FINE);
	assert_int_equal(row.line, 3);
	row = last_row(span_string("\"a\nb\",\"c\"d\n"), 1);
	assert_int_equal(row.trouble, CSV_AFTER_QUOTE);
	assert_int_equal(row.trouble_at, 9);
	assert_int_equal(row.trouble_line, 2);
}

static void bounds_hold(void **state)
{
	(void)state;
	struct buffer text = {0};
	for (int i = 0; i < CSV_MAX_COLUMNS; i++)
		buffer_add_string(&text, "x,");
	buffer_add_string(&text, "\"y\nz\"\nnext\n");
	struct csv_row row = last_row(buffer_span(&text), 1);
	assert_int_equal(row.trouble, CSV_TOO_WIDE);
	assert_int_equal(row.count, 0);
	row = last_row(buffer_span(&text), 2);
	assert_int_equal(row.count, 1);
	assert_int_equal(row.line, 3);

	buffer_clear(&text);
	assert_true(buffer_reserve(&text, INPUT_MAX_LINE + 100));
	memset(text.data, 'x', INPUT_MAX_LINE + 50);
	text.length = INPUT_MAX_LINE + 50;
	buffer_add_string(&text, "\r\nnext,row\n");
	row = last_row(buffer_span(&text), 1);
	assert_int_equal(row.trouble, CSV_TOO_LONG);
	assert_int_equal(row.count, 0);
	assert_int_equal(row.end, INPUT_MAX_LINE + 50);
	row = last_row(buffer_span(&text), 2);
	assert_int_equal(row.count, 2);
	assert_int_equal(row.start, INPUT_MAX_LINE + 52);
	assert_int_equal(row.line, 2);

	/* A quote that does not close within reach: its record ends with its line. */
	memcpy(text.data, "a,\"b\nc,d\n", 9);
	row = last_row(buffer_span(&text), 1);
	assert_int_equal(row.trouble, CSV_OPEN_QUOTE);
	assert_int_equal(row.end, 4);
	row = last_row(buffer_span(&text), 2);
	assert_int_equal(row.count, 2);
	assert_int_equal(row.start, 5);
	buffer_free(&text);
}

/* Records that lie across the borders of chunks and windows are cut as short ones are. */
static void windows_do_not_show(void **state)
{
	(void)state;
	struct buffer text = {0};
	struct buffer expected = {0};
	for (int i = 0; i < 20000; i++) {
		buffer_add_format(&text, "%d,\"%0*d\"\"\r\n\",z\r\n", i, i % 97 + 1, i);
		buffer_add_format(&expected, "%d|%0*d\"\\r\\n|z/", i, i % 97 + 1, i);
	}
	struct buffer out = {0};
	cut_all(buffer_span(&text), comma, &out);
	assert_true(span_equal(buffer_span(&out), buffer_span(&expected)));
	buffer_free(&out);
	buffer_free(&expected);
	buffer_free(&text);
}

static void delimiters_are_found(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		char delimiter;
		size_t columns;
	} cases[] = {
		{"a,b,c\n1,2,3\n", ',', 3},
		{"a;b\n1,5;2,5\n", ';', 2},
		{"a\tb\tc\n1\t2,2\t3\n", '\t', 3},
		{"a|b\n1|2\n", '|', 2},
		{"\"a;b\",c\n\"1;2;3\",d\n", ',', 2},
		{"alone\nvalue\n", ',', 1},
		{"", ',', 1},
		{"name;note\nx;one, two\ny;three\nz;four, five, six\n", ';', 2},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct csv_shape shape;
		struct csv_dialect dialect = csv_sniff(span_string(cases[i].text), true, &shape);
		assert_int_equal(dialect.delimiter, cases[i].delimiter);
		assert_int_equal(shape.columns, cases[i].columns);
	}
}

/* Published files that other readers fell over: only that each is read to its end. */
static void hostile_files_end(void **state)
{
	(void)state;
	static const char *const folders[] = {"../shared/hostile/univocity/csv",
		"../shared/hostile/univocity/examples", "../shared/hostile/univocity/issues",
		"../shared/hostile/csv-spectrum/csvs"};
	int files = 0;
	for (size_t i = 0; i < ARRAY_LENGTH(folders); i++) {
		DIR *folder = opendir(folders[i]);
		struct dirent *entry;
		while (folder && (entry = readdir(folder))) {
			char path[1024];
			struct error error = {0};
			snprintf(path, sizeof path, "%s/%s", folders[i], entry->d_name);
			struct input *input = input_open(path, NULL, NULL, &error);
			if (!input)
				continue;
			struct csv_reader *reader = csv_open(input, comma, &error);
			struct csv_row row;
			uint64_t end = 0;
			int result;
			while ((result = csv_next(reader, &row, &error)) > 0) {
				assert_true(row.start >= end && row.end >= row.start);
				end = row.end;
			}
			assert_int_equal(result, 0);
			files++;
			csv_close(reader);
			input_close(input);
		}
		if (folder)
			closedir(folder);
	}
	if (files == 0)
		print_message("skipped: ../shared/hostile is not here\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_are_cut),
		cmocka_unit_test(nul_and_plain_dialect),
		cmocka_unit_test(places_are_exact),
		cmocka_unit_test(troubles_are_named),
		cmocka_unit_test(bounds_hold),
		cmocka_unit_test(windows_do_not_show),
		cmocka_unit_test(delimiters_are_found),
		cmocka_unit_test(hostile_files_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
