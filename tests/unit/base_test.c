/* Units of the ground floor that need no table of cases: spans, buffers, memory, hashes, errors. */
#include "cmocka_all.h"

#include "base/bits.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/memory.h"
#include "base/span.h"
#include "base/table_hash.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>

static void span_reads_integers(void **state)
{
	(void)state;
	long long number = 0;
	assert_true(span_to_integer(span_string("-9223372036854775808"), &number));
	assert_true(number == LLONG_MIN);
	assert_true(span_to_integer(span_string("+41"), &number));
	assert_true(number == 41);
	assert_false(span_to_integer(span_string("9223372036854775808"), &number));
	assert_false(span_to_integer(span_string(""), &number));
	assert_false(span_to_integer(span_string("-"), &number));
	assert_false(span_to_integer(span_string("4 1"), &number));
}

static void span_cuts(void **state)
{
	(void)state;
	assert_true(span_is(span_trim(span_string(" \t a b \r\n")), "a b"));
	assert_true(span_is(span_slice(span_string("abcdef"), 2, 4), "cd"));
	assert_int_equal(span_slice(span_string("abc"), 5, 9).length, 0);
	assert_true(span_compare(span_string("ab"), span_string("abc")) < 0);
	assert_true(span_equal_ignoring_case(span_string("HoSt"), span_string("hOsT")));
	assert_true(*span_find(span_string("a-b-c"), "-c") == '-');
	assert_null(span_find(span_string("a-b"), "-c"));
	assert_null(span_find(span_string(NULL), "x"));
	assert_false(span_stated(span_string(NULL)));
	assert_true(span_stated(span_string("")));
}

static void varint_round_trip(void **state)
{
	(void)state;
	const uint64_t numbers[] = {0, 1, 127, 128, 16383, 16384, UINT32_MAX, UINT64_MAX};
	struct buffer buffer = {0};
	for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++)
		buffer_add_varint(&buffer, numbers[i]);
	const uint8_t *at = (const uint8_t *)buffer.data;
	const uint8_t *end = at + buffer.length;
	for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
		uint64_t number = 0;
		assert_true(varint_read(&at, end, &number));
		assert_true(number == numbers[i]);
	}
	uint64_t number = 0;
	assert_false(varint_read(&at, end, &number));
	const uint8_t overlong[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x02};
	at = overlong;
	assert_false(varint_read(&at, overlong + sizeof overlong, &number));
	buffer_free(&buffer);
}

static void numbers_in_decimal(void **state)
{
	(void)state;
	const int64_t numbers[] = {0, 1, -1, 9, 10, -10, 1234567890, INT64_MAX, INT64_MIN};
	for (size_t i = 0; i < ARRAY_LENGTH(numbers); i++) {
		struct buffer buffer = {0}, expected = {0};
		buffer_add_number(&buffer, numbers[i]);
		buffer_add_format(&expected, "%lld", (long long)numbers[i]);
		assert_string_equal(buffer.data, expected.data);
		buffer_free(&buffer);
		buffer_free(&expected);
	}
}

static void hash_is_sha256(void **state)
{
	(void)state;
	/* FIPS 180-4's example for "abc". */
	struct hash hash;
	uint8_t digest[HASH_SIZE];
	char text[HASH_TEXT_SIZE];
	hash_begin(&hash);
	hash_add(&hash, "abc", 3);
	hash_end(&hash, digest);
	hash_text(digest, text);
	assert_string_equal(
		text, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* Bytes that meet under one seed do not under another; where bytes begin and end is told. */
static void table_hashes_differ(void **state)
{
	(void)state;
	uint64_t seed = table_hash_seed(), other = table_hash_seed();
	assert_true(seed != other);
	assert_true(table_hash_bytes(seed, span_of(NULL, 0)) != 0);
	assert_true(table_hash_bytes(seed, span_string("WS01")) ==
		    table_hash_bytes(seed, span_string("WS01")));
	assert_true(table_hash_bytes(seed, span_string("WS01")) !=
		    table_hash_bytes(other, span_string("WS01")));
	uint64_t hashes[64];
	char text[64] = {0};
	for (size_t i = 0; i < ARRAY_LENGTH(hashes); i++) {
		hashes[i] = table_hash_bytes(seed, span_of(text, i));
		for (size_t j = 0; j < i; j++)
			assert_true(hashes[i] != hashes[j]);
	}
	assert_true(table_hash_bytes(table_hash_bytes(seed, span_string("a")), span_string("bc")) !=
		    table_hash_bytes(table_hash_bytes(seed, span_string("ab")), span_string("c")));
	assert_true(table_hash_number(table_hash_number(seed, 1), 2) !=
		    table_hash_number(table_hash_number(seed, 2), 1));
}

static void error_keeps_place_and_cause(void **state)
{
	(void)state;
	struct error error;
	assert_false(error_set_at(&error, ERROR_PATTERN, 7, "missing )"));
	assert_int_equal(error.offset, 7);
	error_wrap(&error, "%s", "pattern");
	assert_string_equal(error.message, "pattern: missing )");
	errno = ENOENT;
	error_set_errno(&error, "can't open %s", "x");
	assert_int_equal(error.code, ERROR_IO);
	assert_string_equal(error.message, "can't open x: No such file or directory");
	assert_false(error_set(NULL, ERROR_IO, "nobody cares"));
}

static void error_is_cut_at_a_character(void **state)
{
	(void)state;
	struct error error;
	char path[2001];
	for (size_t i = 0; i < 2000; i += 2)
		memcpy(path + i, "\xc3\xa9", 3);
	for (int before = 0; before < 4; before++) {
		error_set(&error, ERROR_USAGE, "%.*s%s; do that", before, "abc", path);
		size_t length = strlen(error.message);
		assert_true(length < sizeof error.message && length > sizeof error.message - 4);
		assert_string_equal(error.message + length - 6, "\xc3\xa9 ...");
	}
	path[600] = '\0';
	errno = ENOENT;
	error_set_errno(&error, "%s", path);
	error_wrap(&error, "%s", "opening the file of a source");
	assert_string_equal(error.message + strlen(error.message) - 4, " ...");
}

static void memory_refuses_overflow(void **state)
{
	(void)state;
	size_t capacity = 0;
	assert_null(memory_grow(NULL, &capacity, SIZE_MAX / 2, 16));
	assert_int_equal(capacity, 0);
}

static void bits_are_a_set_in_order(void **state)
{
	(void)state;
	static const uint64_t numbers[] = {0, 1, 63, 64, 65, 127, 128, 4095, 4096, 100000};
	const int count = (int)(sizeof numbers / sizeof numbers[0]);
	struct bits bits = {0}, others = {0};
	assert_int_equal(bits_next(&bits, 0), -1);
	assert_int_equal(bits_nth(&bits, 0), -1);
	for (int i = count - 1; i >= 0; i--) {
		assert_true(bits_add(&bits, numbers[i]));
		assert_true(bits_add(&bits, numbers[i]));
		if (i % 2 == 0)
			assert_true(bits_add(&others, numbers[i]));
	}
	assert_true(bits_add(&others, 2));
	assert_int_equal(bits_common(&bits, &others), count / 2);
	for (int i = 0; i < count; i++) {
		assert_true(bits_has(&bits, numbers[i]));
		assert_int_equal(bits_nth(&bits, i), numbers[i]);
		assert_int_equal(bits_next(&bits, numbers[i]), numbers[i]);
		assert_int_equal(bits_next(&bits, numbers[i] + 1),
			i + 1 < count ? (int64_t)numbers[i + 1] : -1);
	}
	assert_int_equal(bits_nth(&bits, count), -1);
	assert_int_equal(bits_nth(&bits, -1), -1);
	assert_false(bits_has(&bits, 2) || bits_has(&bits, 99999) || bits_has(&bits, UINT64_MAX));
	assert_int_equal(bits_next(&bits, UINT64_MAX), -1);
	bits_free(&bits);
	bits_free(&others);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(span_reads_integers),
		cmocka_unit_test(span_cuts),
		cmocka_unit_test(varint_round_trip),
		cmocka_unit_test(numbers_in_decimal),
		cmocka_unit_test(hash_is_sha256),
		cmocka_unit_test(table_hashes_differ),
		cmocka_unit_test(error_keeps_place_and_cause),
		cmocka_unit_test(error_is_cut_at_a_character),
		cmocka_unit_test(memory_refuses_overflow),
		cmocka_unit_test(bits_are_a_set_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
