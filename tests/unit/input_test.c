/* Files as they are read: encodings, the way back to the original's bytes, packing, refusals. */
#include "cmocka_all.h"

#include "base/buffer.h"
#include "base/hash.h"
#include "base/span.h"
#include "ingest/input.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

static struct input *open_bytes(const void *bytes, size_t length)
{
	struct error error = {0};
	struct input *input = input_open_bytes(span_of(bytes, length), "bytes", &error);
	assert_non_null(input);
	return input;
}

/* All of the text, taken in small steps. */
static void read_all(struct input *input, struct buffer *out)
{
	struct error error = {0};
	struct span window;
	for (;;) {
		assert_true(input_window(input, 3, &window, &error));
		if (window.length == 0)
			return;
		size_t step = window.length < 7 ? window.length : 7;
		buffer_add(out, window.data, step);
		input_advance(input, step);
	}
}

static void encodings_are_told(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t length;
		const char *text;
		enum input_encoding encoding;
	} cases[] = {
		{"plain", 5, "plain", INPUT_UTF8},
		{"", 0, "", INPUT_UTF8},
		{"\xef\xbb\xbf"
		 "a\xc3\xa9",
			6, "a\xc3\xa9", INPUT_UTF8},
		{"a\xe4\xb8\x89\xff", 5, "a\xe4\xb8\x89\xff", INPUT_UTF8},
		{"caf\xe9 \x80 5", 8, "caf\xc3\xa9 \xe2\x82\xac 5", INPUT_WINDOWS_1252},
		{"\xff\xfe"
		 "a\0\x2d\x4e",
			6, "a\xe4\xb8\xad", INPUT_UTF16LE},
		{"\xfe\xff\0a\x4e\x2d", 6, "a\xe4\xb8\xad", INPUT_UTF16BE},
		{"a\0b\0c\0", 6, "abc", INPUT_UTF16LE},
		{"\0a\0b\0c", 6, "abc", INPUT_UTF16BE},
		{"\xff\xfe\x3d\xd8\x00\xde", 6, "\xf0\x9f\x98\x80", INPUT_UTF16LE},
		{"\xff\xfe\x3d\xd8"
		 "a\0",
			6,
			"\xef\xbf\xbd"
			"a",
			INPUT_UTF16LE},
		{"\xff\xfe"
		 "a\0b",
			5, "a\xef\xbf\xbd", INPUT_UTF16LE},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct input *input = open_bytes(cases[i].bytes, cases[i].length);
		struct buffer out = {0};
		read_all(input, &out);
		assert_true(span_is(buffer_span(&out), cases[i].text));
		assert_int_equal(input_encoding(input), cases[i].encoding);
		buffer_free(&out);
		input_close(input);
	}
}

static void nul_among_eight_bit_is_bytes(void **state)
{
	(void)state;
	struct input *input = open_bytes("ab\xff\xfe\0\xff", 6);
	struct buffer out = {0};
	read_all(input, &out);
	assert_int_equal(out.length, 6);
	assert_int_equal(input_encoding(input), INPUT_BYTES);
	buffer_free(&out);
	input_close(input);
}

/* The way back agrees with a walk over the original. */
static void offsets_lead_back(void **state)
{
	(void)state;
	struct buffer utf16 = {0}, eight = {0};
	uint64_t *from16 = calloc(400000, sizeof *from16);
	uint64_t *from8 = calloc(400000, sizeof *from8);
	size_t at16 = 0, at8 = 0;
	buffer_add(&utf16, "\xff\xfe", 2);
	for (int i = 0; i < 60000; i++) {
		uint32_t code = i % 11 == 0  ? 0x1f600
				: i % 5 == 0 ? 0x4e2d
				: i % 3 == 0 ? 0xe9
					     : 'a';
		size_t length = code > 0xffff ? 4 : code > 0x7ff ? 3 : code > 0x7f ? 2 : 1;
		from16[at16] = utf16.length;
		at16 += length;
		if (code > 0xffff)
			buffer_add(&utf16, "\x3d\xd8\x00\xde", 4);
		else
			buffer_add(&utf16, (char[]){(char)(code & 0xff), (char)(code >> 8)}, 2);
		char byte = i % 3 == 0 ? (char)0xe9 : 'a';
		from8[at8] = eight.length;
		at8 += byte == 'a' ? 1 : 2;
		buffer_add_byte(&eight, byte);
	}
	struct input *input = open_bytes(utf16.data, utf16.length);
	struct buffer out = {0};
	read_all(input, &out);
	assert_int_equal(out.length, at16);
	for (size_t at = 0; at < at16; at++)
		if (from16[at])
			assert_int_equal(input_original(input, at), from16[at]);
	assert_int_equal(input_original(input, at16), utf16.length);
	assert_int_equal(input_original(input, 0), 2);
	input_close(input);
	buffer_clear(&out);
	input = open_bytes(eight.data, eight.length);
	read_all(input, &out);
	assert_int_equal(out.length, at8);
	for (size_t at = 2; at < at8; at++)
		if (from8[at])
			assert_int_equal(input_original(input, at), from8[at]);
	input_close(input);
	buffer_free(&out);
	buffer_free(&utf16);
	buffer_free(&eight);
	free(from16);
	free(from8);
}

/* What is no UTF-8 shows late: everything before it was ASCII and stays where it was. */
static void a_late_decision_moves_nothing(void **state)
{
	(void)state;
	struct buffer bytes = {0};
	for (int i = 0; i < 100000; i++)
		buffer_add_string(&bytes, "plain line\n");
	size_t plain = bytes.length;
	for (int i = 0; i < 1000000; i++)
		buffer_add_string(&bytes, "caf\xe9 x\n");
	struct input *input = open_bytes(bytes.data, bytes.length);
	struct error error = {0};
	struct span line;
	uint64_t start;
	uint64_t expected = 0;
	while (input_line(input, &line, &start, &error) > 0) {
		assert_int_equal(input_original(input, start), expected);
		assert_int_equal(input_original(input, start + line.length),
			expected + (expected < plain ? 10 : 6));
		expected += expected < plain ? 11 : 7;
	}
	assert_int_equal(expected, bytes.length);
	assert_int_equal(input_encoding(input), INPUT_WINDOWS_1252);
	/* As far back as is promised. */
	uint64_t back = input_at(input) - INPUT_MAX_BACK;
	back -= (back - plain) % 8; /* a line there has eight decoded bytes */
	assert_int_equal(input_original(input, back), plain + (back - plain) / 8 * 7);
	input_close(input);
	buffer_free(&bytes);
}

static void lines_are_cut(void **state)
{
	(void)state;
	struct input *input = open_bytes("\xef\xbb\xbfone\r\n\ntwo\rx\nlast", 19);
	static const struct {
		const char *line;
		uint64_t start;
	} expected[] = {{"one", 0}, {"", 5}, {"two\rx", 6}, {"last", 12}};
	struct error error = {0};
	struct span line;
	uint64_t start;
	for (size_t i = 0; i < ARRAY_LENGTH(expected); i++) {
		assert_int_equal(input_line(input, &line, &start, &error), 1);
		assert_true(span_is(line, expected[i].line));
		assert_int_equal(start, expected[i].start);
		assert_int_equal(input_original(input, start), expected[i].start + 3);
	}
	assert_int_equal(input_line(input, &line, &start, &error), 0);
	input_close(input);
}

static void long_lines_are_refused(void **state)
{
	(void)state;
	size_t length = INPUT_MAX_LINE + 10;
	char *bytes = malloc(length);
	memset(bytes, 'x', length);
	struct input *input = open_bytes(bytes, length);
	struct error error = {0};
	struct span line;
	uint64_t start;
	assert_int_equal(input_line(input, &line, &start, &error), -1);
	assert_int_equal(error.code, ERROR_LIMIT);
	input_close(input);
	free(bytes);
}

static void check_finish(struct input *input, const char *bytes, size_t length)
{
	struct error error = {0};
	int64_t size;
	uint8_t digest[HASH_SIZE], expected[HASH_SIZE];
	struct hash hash;
	hash_begin(&hash);
	hash_add(&hash, bytes, length);
	hash_end(&hash, expected);
	assert_true(input_finish(input, &size, digest, &error));
	assert_int_equal(size, length);
	assert_memory_equal(digest, expected, HASH_SIZE);
	assert_true(span_equal(input_kept(input), span_of(bytes, length)));
}

static void head_consumes_nothing_and_the_rest_is_hashed(void **state)
{
	(void)state;
	size_t length = 300000;
	char *bytes = malloc(length);
	for (size_t i = 0; i < length; i++)
		bytes[i] = (char)('a' + i % 23);
	struct input *input = open_bytes(bytes, length);
	struct error error = {0};
	struct span head;
	bool whole = true;
	assert_true(input_head(input, &head, &whole, &error));
	assert_false(whole);
	assert_int_equal(head.length, 64 * 1024);
	assert_int_equal(input_at(input), 0);
	check_finish(input, bytes, length);
	assert_null(input_packing(input));
	input_close(input);
	input = open_bytes(bytes, 64 * 1024);
	assert_true(input_head(input, &head, &whole, &error));
	assert_true(whole);
	input_close(input);
	free(bytes);
}

static size_t gzip(const char *bytes, size_t length, char *room, size_t size)
{
	z_stream stream = {0};
	deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
	stream.next_in = (Bytef *)bytes;
	stream.avail_in = (uInt)length;
	stream.next_out = (Bytef *)room;
	stream.avail_out = (uInt)size;
	assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
	size_t packed = stream.total_out;
	deflateEnd(&stream);
	return packed;
}

static void packed_files_are_unpacked(void **state)
{
	(void)state;
	char packed[4096];
	size_t first = gzip("a,b\n", 4, packed, sizeof packed);
	size_t both = first + gzip("1,2\n", 4, packed + first, sizeof packed - first);
	struct input *input = open_bytes(packed, both);
	check_finish(input, "a,b\n1,2\n", 8);
	assert_string_equal(input_packing(input), "gzip");
	int64_t size;
	uint8_t digest[HASH_SIZE];
	assert_true(input_container(input, &size, digest));
	assert_int_equal(size, both);
	input_close(input);
	size_t frame = ZSTD_compress(packed, sizeof packed, "a,b\n1,2\n", 8, 3);
	input = open_bytes(packed, frame);
	check_finish(input, "a,b\n1,2\n", 8);
	assert_string_equal(input_packing(input), "zstd");
	input_close(input);
}

static void check_again(struct input *input, const char *bytes)
{
	struct error error = {0};
	struct buffer text = {0};
	struct span window;
	/* From the beginning, wherever the first one stands, which stays there. */
	assert_true(input_window(input, 3, &window, &error));
	input_advance(input, 3);
	struct input *again = input_again(input, &error);
	assert_non_null(again);
	read_all(again, &text);
	assert_true(span_equal(buffer_span(&text), span_string(bytes)));
	assert_int_equal(input_at(input), 3);
	input_close(again);
	buffer_free(&text);
}

static void what_is_at_rest_is_read_twice(void **state)
{
	(void)state;
	char folder[] = "/tmp/breachx-again-XXXXXX", file[64], packed[256];
	struct error error = {0};
	assert_non_null(mkdtemp(folder));
	snprintf(file, sizeof file, "%s/a.gz", folder);
	size_t length = gzip("a,b\n1,2\n", 8, packed, sizeof packed);
	FILE *out = fopen(file, "wb");
	assert_int_equal(fwrite(packed, 1, length, out), length);
	fclose(out);
	struct input *input = input_open(file, NULL, NULL, &error);
	assert_non_null(input);
	check_again(input, "a,b\n1,2\n");
	/* Another file in its place is not the same bytes. */
	unlink(file);
	out = fopen(file, "wb");
	fputs("other", out);
	fclose(out);
	assert_null(input_again(input, &error));
	assert_int_equal(error.code, ERROR_IO);
	input_close(input);
	unlink(file);
	rmdir(folder);
	input = open_bytes("x,y\n3,4\n", 8);
	check_again(input, "x,y\n3,4\n");
	input_close(input);
}

/* The test's own standard input: what it was started with may be closed, or never say anything. */
static void standard_input_is_read_once(void **state)
{
	(void)state;
	struct error error = {0};
	struct buffer text = {0};
	int before = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3), ends[2];
	assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
	assert_int_equal(write(ends[1], "x,y\n", 4), 4);
	assert_int_equal(dup2(ends[0], STDIN_FILENO), STDIN_FILENO);
	if (ends[0] != STDIN_FILENO)
		close(ends[0]);
	close(ends[1]);
	struct input *input = input_open("-", NULL, NULL, &error);
	assert_non_null(input);
	read_all(input, &text);
	assert_true(span_equal(buffer_span(&text), span_string("x,y\n")));
	assert_null(input_again(input, &error));
	assert_int_equal(error.code, ERROR_NONE);
	input_close(input);
	buffer_free(&text);
	if (before >= 0)
		dup2(before, STDIN_FILENO);
	close(before >= 0 ? before : STDIN_FILENO);
}

static void damaged_packing_is_an_error(void **state)
{
	(void)state;
	char packed[4096];
	size_t length = gzip("a,b\n1,2\n", 8, packed, sizeof packed);
	struct error error = {0};
	int64_t size;
	uint8_t digest[HASH_SIZE];
	for (size_t cut = 4; cut < length; cut++) {
		struct input *input = open_bytes(packed, cut);
		assert_false(input_finish(input, &size, digest, &error));
		assert_int_equal(error.code, ERROR_INPUT);
		input_close(input);
	}
	memcpy(packed + length, "rest", 4);
	struct input *input = open_bytes(packed, length + 4);
	assert_false(input_finish(input, &size, digest, &error));
	input_close(input);
	length = ZSTD_compress(packed, sizeof packed, "a,b\n1,2\n", 8, 3);
	for (size_t cut = 4; cut < length; cut++) {
		input = open_bytes(packed, cut);
		assert_false(input_finish(input, &size, digest, &error));
		assert_int_equal(error.code, ERROR_INPUT);
		input_close(input);
	}
}

/* Packed bytes may be many and unpack to nothing: what reads them can be stopped all the same. */
static void what_unpacks_to_nothing_can_be_stopped(void **state)
{
	(void)state;
	char folder[] = "/tmp/breachx-stop-XXXXXX", path[64], packed[64];
	struct error error = {0};
	struct span window;
	atomic_bool cancel = false;
	assert_non_null(mkdtemp(folder));
	snprintf(path, sizeof path, "%s/a.gz", folder);
	size_t length = gzip("", 0, packed, sizeof packed);
	FILE *out = fopen(path, "wb");
	for (int i = 0; i < 50000; i++)
		assert_int_equal(fwrite(packed, 1, length, out), length);
	fclose(out);
	struct input *input = input_open(path, NULL, &cancel, &error);
	assert_non_null(input);
	cancel = true;
	assert_false(input_window(input, 1, &window, &error));
	assert_int_equal(error.code, ERROR_CANCELLED);
	input_close(input);
	unlink(path);
	rmdir(folder);
}

static void bombs_are_refused(void **state)
{
	(void)state;
	size_t length = 8 * 1024 * 1024, room = 1024 * 1024;
	char *zeros = calloc(1, length);
	char *packed = malloc(room);
	size_t size = gzip(zeros, length, packed, room);
	struct input *input = open_bytes(packed, size);
	struct error error = {0};
	int64_t unpacked;
	uint8_t digest[HASH_SIZE];
	assert_false(input_finish(input, &unpacked, digest, &error));
	assert_int_equal(error.code, ERROR_LIMIT);
	input_close(input);
	free(zeros);
	free(packed);
}

static void odd_files_are_refused(void **state)
{
	(void)state;
	char folder[] = "/tmp/breachx-input-XXXXXX";
	assert_non_null(mkdtemp(folder));
	char file[256], link[256], pipe_path[256];
	snprintf(file, sizeof file, "%s/file.csv", folder);
	snprintf(link, sizeof link, "%s/link.csv", folder);
	snprintf(pipe_path, sizeof pipe_path, "%s/pipe.csv", folder);
	FILE *out = fopen(file, "w");
	fputs("a,b\n1,2\n", out);
	fclose(out);
	assert_int_equal(symlink("file.csv", link), 0);
	assert_int_equal(mkfifo(pipe_path, 0600), 0);
	const char *const refused[] = {link, pipe_path, folder, "/dev/zero", "/nonexistent"};
	struct error error = {0};
	for (size_t i = 0; i < ARRAY_LENGTH(refused); i++)
		assert_null(input_open(refused[i], NULL, NULL, &error));
	struct input *input = input_open(file, NULL, NULL, &error);
	assert_non_null(input);
	assert_true(span_is(input_name(input), "file.csv"));
	assert_int_equal(input_size(input), 8);
	/* Changed while it is read. */
	out = fopen(file, "a");
	fputs("3,4\n", out);
	fclose(out);
	int64_t size;
	uint8_t digest[HASH_SIZE];
	assert_false(input_finish(input, &size, digest, &error));
	assert_int_equal(error.code, ERROR_IO);
	input_close(input);
	unlink(file);
	unlink(link);
	unlink(pipe_path);
	rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(encodings_are_told),
		cmocka_unit_test(nul_among_eight_bit_is_bytes),
		cmocka_unit_test(offsets_lead_back),
		cmocka_unit_test(a_late_decision_moves_nothing),
		cmocka_unit_test(lines_are_cut),
		cmocka_unit_test(long_lines_are_refused),
		cmocka_unit_test(head_consumes_nothing_and_the_rest_is_hashed),
		cmocka_unit_test(packed_files_are_unpacked),
		cmocka_unit_test(what_is_at_rest_is_read_twice),
		cmocka_unit_test(standard_input_is_read_once),
		cmocka_unit_test(damaged_packing_is_an_error),
		cmocka_unit_test(what_unpacks_to_nothing_can_be_stopped),
		cmocka_unit_test(bombs_are_refused),
		cmocka_unit_test(odd_files_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
