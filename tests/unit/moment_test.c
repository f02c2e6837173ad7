/* Times as people write them: read as intervals, written back, packed for the database. */
#include "cmocka_all.h"

#include "base/buffer.h"
#include "base/moment.h"

#include <stdio.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define DAY (86400 * SECOND)
/* 2019-06-21 and 2020-01-20, 00:00Z */
#define JUNE_21 (INT64_C(1561075200) * SECOND)
#define JANUARY_20 (INT64_C(1579478400) * SECOND)
#define YEAR_2019 (INT64_C(1546300800) * SECOND)

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525U + 1013904223U;
	return *seed >> 8;
}

static struct moment reads(const char *text, const struct zone *zone)
{
	struct moment moment;
	struct error error = {0};
	if (!moment_parse(span_string(text), zone, &moment, &error))
		fail_msg("%s: byte %lld: %s", text, error.offset, error.message);
	assert_true(moment.from < moment.to);
	return moment;
}

static void assert_same(const struct moment *a, const struct moment *b)
{
	assert_int_equal(a->from, b->from);
	assert_int_equal(a->to, b->to);
	assert_int_equal(moment_pack(a), moment_pack(b));
}

static void comes_back(const struct moment *moment)
{
	struct buffer out = {0};
	moment_format_edtf(&out, moment);
	assert_false(buffer_failed(&out));
	struct moment back = reads(out.data, NULL);
	assert_same(&back, moment);
	buffer_free(&out);
}

static void dates_are_floating_intervals(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t from_days, to_days; /* from 2019-01-01 */
		enum moment_precision precision;
	} dates[] = {
		{"2019", 0, 365, MOMENT_YEAR},
		{"2019-06", 151, 181, MOMENT_MONTH},
		{"2019-06-21", 171, 172, MOMENT_DAY},
		{"20190621", 171, 172, MOMENT_DAY},
		{" 2019-06-21\n", 171, 172, MOMENT_DAY},
		{"2019-21", 59, 151, MOMENT_MONTH},
		{"2019-22", 151, 243, MOMENT_MONTH},
		{"2019-23", 243, 334, MOMENT_MONTH},
		{"2019-24", 334, 365 + 60, MOMENT_MONTH},
		{"2019-29", 243, 334, MOMENT_MONTH},
		{"2019-33", 0, 90, MOMENT_MONTH},
		{"2019-36", 273, 365, MOMENT_MONTH},
		{"2019-39", 243, 365, MOMENT_MONTH},
		{"2019-41", 181, 365, MOMENT_MONTH},
		{"2019-XX", 0, 365, MOMENT_YEAR},
		{"2019-XX-XX", 0, 365, MOMENT_YEAR},
		{"2019-06-XX", 151, 181, MOMENT_MONTH},
		{"201X", -3287, 365, MOMENT_INTERVAL},
		{"20XX", -6940, 29585, MOMENT_INTERVAL},
		{"2019-06-21/2019-06-30", 171, 181, MOMENT_INTERVAL},
		{"2019-06/2019-07", 151, 212, MOMENT_INTERVAL},
		{"2019/2019-01", 0, 31, MOMENT_INTERVAL},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(dates); i++) {
		struct moment moment = reads(dates[i].text, NULL);
		assert_int_equal(moment.from, YEAR_2019 + dates[i].from_days * DAY);
		assert_int_equal(moment.to, YEAR_2019 + dates[i].to_days * DAY);
		assert_int_equal(moment.precision, dates[i].precision);
		assert_true(moment.floating);
		assert_false(moment.uncertain);
		assert_false(moment.inferred);
		comes_back(&moment);
	}
}

static void times_have_offsets(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t after; /* microseconds after 2020-01-20T00:00Z */
		int64_t length;
		enum moment_precision precision;
		bool floating;
	} times[] = {
		{"2020-01-20T09:00:00Z", 32400 * SECOND, SECOND, MOMENT_SECOND, false},
		{"2020-01-20 09:00:00z", 32400 * SECOND, SECOND, MOMENT_SECOND, false},
		{"20200120T090000Z", 32400 * SECOND, SECOND, MOMENT_SECOND, false},
		{"2020-01-20t09:00:00+09:00", 0, SECOND, MOMENT_SECOND, false},
		{"2020-01-20 09:00:00 +09:00", 0, SECOND, MOMENT_SECOND, false},
		{"2020-01-20T09:00:00+0900", 0, SECOND, MOMENT_SECOND, false},
		{"2020-01-20T00:00-05", 18000 * SECOND, 60 * SECOND, MOMENT_MINUTE, false},
		{"2020-01-20T09", 32400 * SECOND, 3600 * SECOND, MOMENT_HOUR, true},
		{"2020-01-20T09Z", 32400 * SECOND, 3600 * SECOND, MOMENT_HOUR, false},
		{"2020-01-20T09+05:30", 12600 * SECOND, 3600 * SECOND, MOMENT_HOUR, false},
		{"2020-01-20T09:30", 34200 * SECOND, 60 * SECOND, MOMENT_MINUTE, true},
		{"2020-01-20T00:00:00.158Z", 158000, 1000, MOMENT_FRACTION, false},
		{"2020-01-20T00:00:00,5", 500000, 100000, MOMENT_FRACTION, true},
		{"2020-01-20 00:00:00.1234567Z", 123456, 1, MOMENT_FRACTION, false},
		{"2020-01-20 00:00:00.000000001Z", 0, 1, MOMENT_FRACTION, false},
		{"2020-01-19T24:00:00Z", 0, SECOND, MOMENT_SECOND, false},
		{"2020-01-19T23:59:60Z", 0, SECOND, MOMENT_SECOND, false},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
		struct moment moment = reads(times[i].text, NULL);
		assert_int_equal(moment.from, JANUARY_20 + times[i].after);
		assert_int_equal(moment.to - moment.from, times[i].length);
		assert_int_equal(moment.precision, times[i].precision);
		assert_int_equal(moment.floating, times[i].floating);
		comes_back(&moment);
	}
}

static void a_zone_is_for_times_without_an_offset(void **state)
{
	(void)state;
	struct error error;
	struct zone *tokyo = zone_open("+09:00", &error);
	assert_non_null(tokyo);
	struct moment moment = reads("2020-01-20 09:00:00.25", tokyo);
	assert_int_equal(moment.from, JANUARY_20 + 250000);
	assert_false(moment.floating);
	moment = reads("2020-01-20T09:00:00Z", tokyo);
	assert_int_equal(moment.from, JANUARY_20 + 32400 * SECOND);
	moment = reads("2020-01-20", tokyo);
	assert_int_equal(moment.from, JANUARY_20);
	assert_true(moment.floating);
	zone_free(tokyo);

	struct zone *berlin = zone_open("Europe/Berlin", &error);
	if (!berlin)
		skip();
	moment = reads("2020-10-25T02:30:00", berlin);
	assert_int_equal(moment.from, INT64_C(1603585800) * SECOND);
	assert_true(moment.inferred);
	moment = reads("2020-10-25T03:30:00", berlin);
	assert_false(moment.inferred);
	moment = reads("1969-07-20T21:17:40.5", berlin);
	assert_int_equal(moment.from, INT64_C(-14182940) * SECOND + SECOND / 2);
	zone_free(berlin);
}

static void intervals_may_be_open_or_uncertain(void **state)
{
	(void)state;
	struct moment moment = reads("2019-07/..", NULL);
	assert_int_equal(moment.from, YEAR_2019 + 181 * DAY);
	assert_true(moment.to == MOMENT_OPEN_END);
	assert_true(moment.floating);
	comes_back(&moment);
	moment = reads("2019-07/", NULL);
	assert_true(moment.to == MOMENT_OPEN_END);
	moment = reads("/2019-06-21", NULL);
	assert_true(moment.from == MOMENT_OPEN_START);
	assert_int_equal(moment.to, JUNE_21 + DAY);
	comes_back(&moment);
	moment = reads("../..", NULL);
	comes_back(&moment);

	static const char *const uncertain[] = {"2019?", "2019-06~", "2019-06-21%", "2019-06-21?~",
		"201X?", "2019-22~", "2019?/2020", "2019/2020~", "2019-06-21T09:00Z?", "2019?/.."};
	for (size_t i = 0; i < ARRAY_LENGTH(uncertain); i++) {
		moment = reads(uncertain[i], NULL);
		assert_true(moment.uncertain);
		comes_back(&moment);
	}
	moment = reads("2019-06-21/2019-06-21T10:00Z", NULL);
	assert_false(moment.floating);
	assert_int_equal(moment.from, JUNE_21);
	assert_int_equal(moment.to, JUNE_21 + 36060 * SECOND);
	comes_back(&moment);
}

static void what_is_no_time_is_refused(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int at;
	} bad[] = {
		{"", 0},
		{"  ", 0},
		{"/", 1},
		{"..", 2},
		{"late June 2019", 0},
		{"0000", 0},
		{"0000-01-01", 0},
		{"2019-", 5},
		{"2019-00", 5},
		{"2019-13", 5},
		{"2019-42", 5},
		{"2019-02-29", 8},
		{"1900-02-29", 8},
		{"2019-6-1", 5},
		{"2019-06-31", 8},
		{"201906", 4},
		{"20190631", 6},
		{"2019-06-21T", 11},
		{"2019-06-21T25", 11},
		{"2019-06-21T09:60", 14},
		{"2019-06-21T09:00:61", 17},
		{"2019-06-21T24:01", 16},
		{"2019-06-21T09:00:00.", 20},
		{"2019-06-21T09:00+25:00", 16},
		{"2019-06-21T09:00 CET", 16},
		{"2019-06-21x", 10},
		{"06/21/2019", 0},
		{"2019-06-21/2019-06-20", 21},
		{"2019/2020/2021", 9},
		{"2019-XX-15", 8},
		{"20X9", 0},
		{"XXXX", 0},
		{"0001-01-01T00:00+09:00", 0},
		{"9999-12-31T24:00", 0},
		{"2019\xef\xbc\x8d"
		 "06",
			4},
		{"-2019", 0},
		{"12019", 4},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++) {
		struct moment moment;
		struct error error = {0};
		if (moment_parse(span_string(bad[i].text), NULL, &moment, &error))
			fail_msg("%s is no time", bad[i].text);
		assert_int_equal(error.code, ERROR_INPUT);
		if (error.offset != bad[i].at)
			fail_msg("%s: byte %lld", bad[i].text, error.offset);
	}
}

static void shown(const char *text, const struct zone *zone, const char *expected)
{
	struct moment moment = reads(text, NULL);
	struct buffer out = {0};
	moment_format(&out, &moment, zone);
	assert_string_equal(out.data, expected);
	buffer_free(&out);
}

static void is_shown_as_precisely_as_it_was_written(void **state)
{
	(void)state;
	struct error error;
	struct zone *tokyo = zone_open("+09:00", &error);
	struct zone *delhi = zone_open("+05:30", &error);
	assert_non_null(tokyo);
	assert_non_null(delhi);
	shown("2019", tokyo, "2019");
	shown("2019-06", tokyo, "2019-06");
	shown("2019-22", tokyo, "2019-06/2019-08");
	shown("2019-06-21", tokyo, "2019-06-21");
	shown("2020-01-20T00Z", tokyo, "2020-01-20 09");
	shown("2020-01-20T00Z", delhi, "2020-01-20 05:30");
	shown("2020-01-20T00:00Z", tokyo, "2020-01-20 09:00");
	shown("2020-01-20T00:00:00Z", tokyo, "2020-01-20 09:00:00");
	shown("2020-01-20T00:00:00Z", NULL, "2020-01-20 00:00:00");
	shown("2020-01-20T00:00:00", tokyo, "2020-01-20 00:00:00");
	shown("2020-01-20T23:00:00.1Z", tokyo, "2020-01-21 08:00:00.100");
	shown("2020-01-20T00:00:00.1234Z", NULL, "2020-01-20 00:00:00.123400");
	shown("1969-12-31T23:59:59.999Z", NULL, "1969-12-31 23:59:59.999");
	shown("2019-06-21/2019-06-30", tokyo, "2019-06-21/2019-06-30");
	shown("2019-06/..", tokyo, "2019-06-01/..");
	shown("../2019?", tokyo, "../2019-12-31?");
	shown("2020-01-20T00:00Z/2020-01-20T01:00Z", tokyo, "2020-01-20 09:00/2020-01-20 10:00");
	shown("2019-06~", tokyo, "2019-06?");
	struct moment none = {0};
	struct buffer out = {0};
	moment_format(&out, &none, NULL);
	moment_format_edtf(&out, &none);
	assert_int_equal(out.length, 0);
	buffer_free(&out);
	zone_free(tokyo);
	zone_free(delhi);
}

static void epochs_are_read(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		int64_t per_second, from, length;
	} epochs[] = {{"1579478400", 1, JANUARY_20, SECOND}, {"0", 1, 0, SECOND},
		{"1579478400123", 1000, JANUARY_20 + 123000, 1000},
		{"1579478400123456", 1000000, JANUARY_20 + 123456, 1},
		{"1579478400.5", 1, JANUARY_20 + 500000, 100000},
		{"1579478400.123456789", 1, JANUARY_20 + 123456, 1},
		{"1579478400000.25", 1000, JANUARY_20 + 250, 10}, {"-1.5", 1, -1500000, 100000},
		{" +1 ", 1, SECOND, SECOND}};
	for (size_t i = 0; i < ARRAY_LENGTH(epochs); i++) {
		struct moment moment;
		assert_true(moment_parse_epoch(
			span_string(epochs[i].text), epochs[i].per_second, &moment));
		assert_int_equal(moment.from, epochs[i].from);
		assert_int_equal(moment.to - moment.from, epochs[i].length);
		assert_false(moment.floating);
		comes_back(&moment);
	}
	static const char *const bad[] = {"", "-", "1e9", "1.", ".5", "0x10", "1 2", "--1",
		"9999999999999999999", "253402300800", "-62135596801"};
	struct moment moment;
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
		assert_false(moment_parse_epoch(span_string(bad[i]), 1, &moment));
	assert_false(moment_parse_epoch(span_string("1"), 60, &moment));
	assert_false(moment_parse_epoch(span_string("1"), 0, &moment));
}

static void every_day_has_its_date(void **state)
{
	(void)state;
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t expected = INT64_C(-62135596800) * SECOND; /* 0001-01-01 */
	for (int year = 1; year <= 9999; year++) {
		bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
		for (int month = 1; month <= 12; month++) {
			int length = lengths[month - 1] + (month == 2 && leap);
			char text[32];
			snprintf(text, sizeof text, "%04d-%02d-%02d", year, month, length);
			struct moment moment = reads(text, NULL);
			assert_int_equal(moment.from, expected + (length - 1) * DAY);
			expected += length * DAY;
			struct buffer out = {0};
			moment_format(&out, &moment, NULL);
			assert_string_equal(out.data, text);
			buffer_free(&out);
		}
	}
	assert_int_equal(expected, INT64_C(253402300800) * SECOND);
}

static size_t write_point(char *text, size_t size, uint32_t *seed)
{
	static const char *const ends[] = {"", "Z", "+09:00", "-0330", "?", "~"};
	unsigned year = 1000 + next_random(seed) % 8999;
	unsigned month = 1 + next_random(seed) % 12;
	unsigned day = 1 + next_random(seed) % 28;
	unsigned clock = next_random(seed) % 86400;
	const char *end = ends[next_random(seed) % ARRAY_LENGTH(ends)];
	int length = 0;
	switch (next_random(seed) % 8) {
	case 0:
		length = snprintf(text, size, "%04u", year);
		break;
	case 1:
		length = snprintf(text, size, "%04u-%02u", year, month);
		break;
	case 2:
		length = snprintf(text, size, "%04u-%02u", year, 21 + clock % 21);
		break;
	case 3:
		length = snprintf(text, size, "%04u-%02u-%02u", year, month, day);
		break;
	case 4:
		length = snprintf(text, size, "%03uX", year / 10);
		break;
	case 5:
		length = snprintf(
			text, size, "%04u-%02u-%02uT%02u%s", year, month, day, clock / 3600, end);
		break;
	case 6:
		length = snprintf(text, size, "%04u-%02u-%02u %02u:%02u:%02u%s", year, month, day,
			clock / 3600, clock / 60 % 60, clock % 60, end);
		break;
	default:
		length = snprintf(text, size, "%04u-%02u-%02uT%02u:%02u:%02u.%0*u%s", year, month,
			day, clock / 3600, clock / 60 % 60, clock % 60,
			1 + (int)(next_random(seed) % 7), clock % 10, end);
		break;
	}
	return (size_t)length;
}

static void whatever_is_read_comes_back(void **state)
{
	(void)state;
	uint32_t seed = 20200120;
	int intervals = 0;
	for (int round = 0; round < 40000; round++) {
		char text[160];
		struct moment moment;
		size_t length = write_point(text, sizeof text, &seed);
		if (next_random(&seed) % 3 == 0) {
			text[length++] = '/';
			length += write_point(text + length, sizeof text - length, &seed);
		}
		if (!moment_parse(span_of(text, length), NULL, &moment, NULL)) {
			/* An interval of two random times may end before it begins. */
			assert_non_null(memchr(text, '/', length));
			continue;
		}
		intervals += moment.precision == MOMENT_INTERVAL;
		comes_back(&moment);
		/* One byte changed: refused, or another time that comes back. */
		text[next_random(&seed) % length] =
			"0123456789-:/.TZX?~ +"[next_random(&seed) % 21];
		if (moment_parse(span_of(text, length), NULL, &moment, NULL))
			comes_back(&moment);
	}
	assert_true(intervals > 5000);
}

static void any_stored_number_is_shown(void **state)
{
	(void)state;
	const int64_t numbers[] = {INT64_MIN, INT64_MIN + 1, -1, 0, 1, INT64_MAX - 1, INT64_MAX};
	struct error error;
	struct zone *zone = zone_open("Europe/Berlin", &error);
	for (int packed = 0; packed < 256; packed++)
		for (size_t i = 0; i < ARRAY_LENGTH(numbers) * ARRAY_LENGTH(numbers); i++) {
			struct moment moment = {.from = numbers[i % ARRAY_LENGTH(numbers)],
				.to = numbers[i / ARRAY_LENGTH(numbers)]};
			struct buffer out = {0};
			moment_unpack(packed, &moment);
			moment_format(&out, &moment, zone);
			moment_format_edtf(&out, &moment);
			assert_false(buffer_failed(&out));
			buffer_free(&out);
		}
	zone_free(zone);
}

static void packs_into_a_number(void **state)
{
	(void)state;
	for (int precision = MOMENT_NONE; precision <= MOMENT_INTERVAL; precision++)
		for (int flags = 0; flags < 8; flags++) {
			struct moment moment = {.precision = (enum moment_precision)precision,
				.floating = flags & 1,
				.inferred = flags & 2,
				.uncertain = flags & 4};
			struct moment back = {0};
			moment_unpack(moment_pack(&moment), &back);
			assert_int_equal(back.precision, moment.precision);
			assert_int_equal(back.floating, moment.floating);
			assert_int_equal(back.inferred, moment.inferred);
			assert_int_equal(back.uncertain, moment.uncertain);
		}
	struct moment moment = {0};
	moment_unpack(-1, &moment);
	assert_int_equal(moment.precision, MOMENT_NONE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates_are_floating_intervals),
		cmocka_unit_test(times_have_offsets),
		cmocka_unit_test(a_zone_is_for_times_without_an_offset),
		cmocka_unit_test(intervals_may_be_open_or_uncertain),
		cmocka_unit_test(what_is_no_time_is_refused),
		cmocka_unit_test(is_shown_as_precisely_as_it_was_written),
		cmocka_unit_test(epochs_are_read),
		cmocka_unit_test(every_day_has_its_date),
		cmocka_unit_test(whatever_is_read_comes_back),
		cmocka_unit_test(any_stored_number_is_shown),
		cmocka_unit_test(packs_into_a_number),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
