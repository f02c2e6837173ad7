/* Time zones: names, fixed offsets, TZif files and the rule for times that no table holds. Expected
 * offsets were taken from another implementation. */
#include "cmocka_all.h"

#include "../../tui/base/zone_file.h"
#include "base/zone.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static struct zone *open_zone(const char *name)
{
	struct error error = {0};
	struct zone *zone = zone_open(name, &error);
	if (!zone && error.code == ERROR_IO) {
		print_message("%s\n", error.message);
		skip();
	}
	assert_non_null(zone);
	return zone;
}

static void refused(const char *name)
{
	struct error error = {0};
	assert_null(zone_open(name, &error));
	assert_int_equal(error.code, ERROR_USAGE);
	assert_true(strlen(error.message) > 0);
}

static void fixed_offsets_need_no_file(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int32_t offset;
	} fixed[] = {{"UTC", 0}, {"Z", 0}, {"+09:00", 32400}, {"+0900", 32400}, {"+09", 32400},
		{"-03:30", -12600}, {"+00:00", 0}, {"+23:59", 86340}};
	for (size_t i = 0; i < ARRAY_LENGTH(fixed); i++) {
		struct zone *zone = open_zone(fixed[i].name);
		bool ambiguous = true;
		assert_int_equal(zone_offset_at(zone, 0), fixed[i].offset);
		assert_int_equal(zone_offset_at(zone, INT64_MIN), fixed[i].offset);
		assert_int_equal(zone_offset_at(zone, INT64_MAX), fixed[i].offset);
		assert_int_equal(zone_to_utc(zone, 100000, &ambiguous), 100000 - fixed[i].offset);
		assert_false(ambiguous);
		zone_free(zone);
	}
}

static void offsets_are_read_as_far_as_they_go(void **state)
{
	(void)state;
	int32_t seconds = 0;
	assert_int_equal(zone_read_offset(span_string("+09:00/2019"), &seconds), 6);
	assert_int_equal(seconds, 32400);
	assert_int_equal(zone_read_offset(span_string("-0530?"), &seconds), 5);
	assert_int_equal(seconds, -19800);
	assert_int_equal(zone_read_offset(span_string("+01:"), &seconds), 3);
	assert_int_equal(zone_read_offset(span_string("+9"), &seconds), 0);
	assert_int_equal(zone_read_offset(span_string("+090"), &seconds), 0);
	assert_int_equal(zone_read_offset(span_string("+24:00"), &seconds), 0);
	assert_int_equal(zone_read_offset(span_string("+09:60"), &seconds), 0);
	assert_int_equal(zone_read_offset(span_string("09:00"), &seconds), 0);
	assert_int_equal(zone_read_offset(span_string(""), &seconds), 0);
}

static void names_are_checked_before_they_are_a_path(void **state)
{
	(void)state;
	const char *const names[] = {"", "/etc/passwd", "../../../etc/passwd", "Asia/../UTC",
		"Asia//Tokyo", "Asia/", "Asia", "Asia/Tokyo/x", "Atlantis", "+9", "tzdata.zi",
		"Asia/Tok yo", "leapseconds",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"};
	if (access("/usr/share/zoneinfo", F_OK) != 0)
		skip();
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		refused(names[i]);
}

static void zones_give_known_offsets(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int64_t utc;
		int32_t offset;
	} known[] = {
		{"Asia/Tokyo", 1579478400, 32400},
		{"Asia/Tokyo", -649641600, 36000},
		{"Asia/Tokyo", -5364662400, 33539},
		{"Asia/Tokyo", 16740864000, 32400},
		{"Europe/Berlin", 1579478400, 3600},
		{"Europe/Berlin", 1593561600, 7200},
		{"Europe/Berlin", -775872000, 10800},
		{"Europe/Berlin", 3802550400, 7200},
		{"Europe/Berlin", 3818361600, 3600},
		{"America/New_York", 3802550400, -14400},
		{"America/New_York", 3786912000, -18000},
		{"America/New_York", 13575772800, -14400},
		{"America/New_York", -2745446400, -17762},
		{"America/New_York", 1174348800, -14400},
		{"Australia/Sydney", 2524608000, 39600},
		{"Australia/Sydney", 2540246400, 36000},
		{"Australia/Sydney", 1577750400, 39600},
		{"Europe/Dublin", 2524608000, 0},
		{"Europe/Dublin", 2540246400, 3600},
		{"Asia/Kathmandu", 1577836800, 20700},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(known); i++) {
		struct zone *zone = open_zone(known[i].name);
		assert_int_equal(zone_offset_at(zone, known[i].utc), known[i].offset);
		zone_free(zone);
	}
}

static void a_wall_clock_in_a_gap_or_an_overlap(void **state)
{
	(void)state;
	/* Berlin, 2020-03-29 01:00Z: 02:00 becomes 03:00; 2020-10-25 01:00Z: 03:00 becomes 02:00.
	 */
	const int64_t spring = 1585443600;
	const int64_t autumn = 1603587600;
	struct zone *zone = open_zone("Europe/Berlin");
	bool ambiguous = true;
	assert_int_equal(zone_offset_at(zone, spring - 1), 3600);
	assert_int_equal(zone_offset_at(zone, spring), 7200);
	assert_int_equal(zone_to_utc(zone, spring + 3600 - 1, &ambiguous), spring - 1);
	assert_false(ambiguous);
	assert_int_equal(zone_to_utc(zone, spring + 3600 + 1800, &ambiguous), spring + 1800);
	assert_true(ambiguous);
	assert_int_equal(zone_to_utc(zone, spring + 7200, &ambiguous), spring);
	assert_false(ambiguous);

	assert_int_equal(zone_to_utc(zone, autumn + 3600 - 1, &ambiguous), autumn - 3600 - 1);
	assert_false(ambiguous);
	assert_int_equal(zone_to_utc(zone, autumn + 3600 + 1800, &ambiguous), autumn - 1800);
	assert_true(ambiguous);
	assert_int_equal(zone_to_utc(zone, autumn + 7200, &ambiguous), autumn + 3600);
	assert_false(ambiguous);
	assert_int_equal(zone_to_utc(zone, autumn + 7200, NULL), autumn + 3600);
	zone_free(zone);
}

static void every_hour_goes_there_and_back(void **state)
{
	(void)state;
	const char *const names[] = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
		"America/St_Johns", "Asia/Tokyo"};
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		struct zone *zone = open_zone(names[i]);
		for (int64_t utc = -1000000000; utc < 5000000000; utc += 1799 * 61) {
			bool ambiguous = false;
			int64_t wall = utc + zone_offset_at(zone, utc);
			int64_t back = zone_to_utc(zone, wall, &ambiguous);
			assert_true(back == utc || (ambiguous && back < utc));
			assert_int_equal(back + zone_offset_at(zone, back), wall);
		}
		zone_free(zone);
	}
}

static void rules_are_read(void **state)
{
	(void)state;
	const char *const bad[] = {"", "E", "ES5", "EST", "EST25", "EST5EDT", "EST5EDT,M3.2.0",
		"EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,M3.2.7,M11.1.0",
		"EST5EDT,J0,J365", "EST5EDT,366,1", "EST5EDT,M3.2.0,M11.1.0x", "<+03-3", "JST-9 ",
		"EST5:60", "EST5EDT,M3.2.0/168,M11.1.0"};
	struct zone_rule rule;
	for (size_t i = 0; i < ARRAY_LENGTH(bad); i++)
		assert_false(zone_rule_read(&rule, span_string(bad[i])));

	assert_true(zone_rule_read(&rule, span_string("<-0330>3:30")));
	assert_int_equal(zone_rule_offset(&rule, 0), -12600);
	/* Summer time all year long. */
	assert_true(zone_rule_read(&rule, span_string("XXX3EDT4,0/0,J365/23")));
	for (int64_t utc = 0; utc < 3 * INT64_C(31536000); utc += 1800)
		assert_int_equal(zone_rule_offset(&rule, utc), -14400);
	/* A day before the first of the month's last Saturday, by hours before midnight. */
	assert_true(zone_rule_read(&rule, span_string("<-02>2<-01>,M3.5.0/-1,M10.5.0/0")));
	assert_int_equal(zone_rule_offset(&rule, 2840140800), -7200);
	assert_int_equal(zone_rule_offset(&rule, 2853273600), -3600);
	/* February 29 is a day for 59, none for J60. */
	assert_true(zone_rule_read(&rule, span_string("AAA0BBB,59/0,J60/0")));
	assert_int_equal(zone_rule_offset(&rule, 1582934400), 3600); /* 2020-02-29 */
	assert_int_equal(zone_rule_offset(&rule, 1583020800), 0);    /* 2020-03-01 */
}

static void damaged_files_are_refused(void **state)
{
	(void)state;
	char bytes[8192];
	FILE *file = fopen("/usr/share/zoneinfo/Europe/Berlin", "rb");
	if (!file)
		skip();
	size_t length = fread(bytes, 1, sizeof bytes, file);
	fclose(file);
	assert_true(length < sizeof bytes);
	struct error error;
	for (size_t cut = 0; cut < length; cut++) {
		struct zone_data data = {0};
		assert_false(zone_data_read(&data, span_of(bytes, cut), &error));
		zone_data_free(&data);
	}
	/* Whatever a changed byte does, it is read within bounds. */
	for (size_t at = 0; at < length; at++) {
		struct zone_data data = {0};
		char kept = bytes[at];
		bytes[at] = (char)~kept;
		if (zone_data_read(&data, span_of(bytes, length), &error))
			(void)zone_data_offset(&data, 1579478400);
		zone_data_free(&data);
		bytes[at] = kept;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(fixed_offsets_need_no_file),
		cmocka_unit_test(offsets_are_read_as_far_as_they_go),
		cmocka_unit_test(names_are_checked_before_they_are_a_path),
		cmocka_unit_test(zones_give_known_offsets),
		cmocka_unit_test(a_wall_clock_in_a_gap_or_an_overlap),
		cmocka_unit_test(every_hour_goes_there_and_back),
		cmocka_unit_test(rules_are_read),
		cmocka_unit_test(damaged_files_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
