#include "document_date.h"

#include "base/ascii.h"
#include "base/compiler.h"
#include "base/moment.h"
#include "stamps.h"

#include <stdio.h>
#include <string.h>

/* Of `:05.123456789`; finer digits are beyond what a moment holds. */
#define MAX_SECONDS 16

struct parts {
	int year, month, day; /* 0: not stated */
	bool numeric, open;
};

/* ---- small pieces: each reads at *at, which moves behind what was there ---- */

static char byte_at(struct span text, size_t at)
{
	return at < text.length ? text.data[at] : '\0';
}

static bool take(struct span text, size_t *at, const char *wanted)
{
	size_t length = strlen(wanted);
	if (!span_equal(span_slice(text, *at, *at + length), span_of(wanted, length)))
		return false;
	*at += length;
	return true;
}

static void skip_spaces(struct span text, size_t *at)
{
	while (take(text, at, " ") || take(text, at, "\t") || take(text, at, "\u00a0"))
		;
}

/* A number of least to most digits, all that stand there. */
static bool take_number(struct span text, size_t *at, size_t least, size_t most, int *number)
{
	size_t end = *at;
	*number = 0;
	while (ascii_is_digit(byte_at(text, end)) && end - *at <= most)
		*number = *number * 10 + (text.data[end++] - '0');
	if (end - *at < least || end - *at > most)
		return false;
	*at = end;
	return true;
}

static struct span take_word(struct span text, size_t *at)
{
	size_t begin = *at;
	while (ascii_is_letter(byte_at(text, *at)))
		++*at;
	return span_slice(text, begin, *at);
}

static bool take_month(struct span text, size_t *at, int *month)
{
	*month = stamp_month(take_word(text, at));
	take(text, at, ".");
	return *month > 0;
}

/* `20`, `20th` or `20.`, and the spaces behind it. */
static bool take_day(struct span text, size_t *at, int *day)
{
	static const char *const endings[] = {"st", "nd", "rd", "th", "."};
	if (!take_number(text, at, 1, 2, day))
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(endings); i++)
		if (take(text, at, endings[i]))
			break;
	return true;
}

/* ---- forms of dates ---- */

/* 2020-01-20, 2020/1/20, 2020.01.20 */
static bool year_first(struct span text, size_t *at, struct parts *parts)
{
	if (!take_number(text, at, 4, 4, &parts->year))
		return false;
	char between[2] = {byte_at(text, *at), '\0'};
	parts->numeric = true;
	return between[0] && strchr("-/.", between[0]) && take(text, at, between) &&
	       take_number(text, at, 1, 2, &parts->month) && take(text, at, between) &&
	       take_number(text, at, 1, 2, &parts->day);
}

/* 2020年1月20日, 2020年1月 */
static bool marked(struct span text, size_t *at, struct parts *parts)
{
	if (!take_number(text, at, 4, 4, &parts->year) || !take(text, at, "年") ||
		!take_number(text, at, 1, 2, &parts->month) || !take(text, at, "月"))
		return false;
	size_t day = *at;
	if (take_number(text, &day, 1, 2, &parts->day) && take(text, &day, "日"))
		*at = day;
	else
		parts->day = 0;
	return true;
}

/* 2020 Jan 20 */
static bool year_and_month(struct span text, size_t *at, struct parts *parts)
{
	if (!take_number(text, at, 4, 4, &parts->year))
		return false;
	skip_spaces(text, at);
	if (!take_month(text, at, &parts->month))
		return false;
	skip_spaces(text, at);
	return take_number(text, at, 1, 2, &parts->day);
}

static bool take_year(struct span text, size_t *at, struct parts *parts)
{
	skip_spaces(text, at);
	take(text, at, ",");
	skip_spaces(text, at);
	return take_number(text, at, 4, 4, &parts->year);
}

/* 20 January 2020, 20th of January, 2020 */
static bool day_first(struct span text, size_t *at, struct parts *parts)
{
	if (!take_day(text, at, &parts->day))
		return false;
	skip_spaces(text, at);
	take(text, at, "of ");
	return take_month(text, at, &parts->month) && take_year(text, at, parts);
}

/* January 20, 2020 */
static bool month_first(struct span text, size_t *at, struct parts *parts)
{
	if (!take_month(text, at, &parts->month))
		return false;
	skip_spaces(text, at);
	return take_day(text, at, &parts->day) && take_year(text, at, parts);
}

/* January 2020 */
static bool month_only(struct span text, size_t *at, struct parts *parts)
{
	return take_month(text, at, &parts->month) && take_year(text, at, parts);
}

/* 20/1/2020 or 1/20/2020 */
static bool numbers(struct span text, size_t *at, struct parts *parts)
{
	if (!take_number(text, at, 1, 2, &parts->day))
		return false;
	char between[2] = {byte_at(text, *at), '\0'};
	parts->open = true;
	return between[0] && strchr("-/.", between[0]) && take(text, at, between) &&
	       take_number(text, at, 1, 2, &parts->month) && take(text, at, between) &&
	       take_number(text, at, 4, 4, &parts->year);
}

/* Monday, */
static void skip_weekday(struct span text, size_t *at)
{
	static const char *const days[] = {
		"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"};
	size_t end = *at;
	struct span word = take_word(text, &end);
	for (size_t i = 0; i < ARRAY_LENGTH(days) && word.length >= 3; i++) {
		struct span day = span_slice(span_string(days[i]), 0, word.length);
		if (!span_equal_ignoring_case(word, day))
			continue;
		take(text, &end, ".");
		take(text, &end, ",");
		skip_spaces(text, &end);
		*at = end;
		return;
	}
}

static bool take_date(struct span text, size_t *at, struct parts *parts)
{
	static bool (*const forms[])(struct span, size_t *, struct parts *) = {
		year_first, marked, year_and_month, day_first, month_first, month_only, numbers};
	size_t begin = *at;
	skip_weekday(text, &begin);
	for (size_t i = 0; i < ARRAY_LENGTH(forms); i++) {
		size_t end = begin;
		*parts = (struct parts){0};
		if (!forms[i](text, &end, parts))
			continue;
		char next = byte_at(text, end), second = byte_at(text, end + 1);
		bool goes_on = ascii_is_digit(next) || ascii_is_letter(next) || next == '_' ||
			       ((next == '-' || next == '.') &&
				       (ascii_is_digit(second) || ascii_is_letter(second)));
		if (goes_on && !(next == 'T' && ascii_is_digit(second)))
			continue;
		*at = end;
		return true;
	}
	return false;
}

/* Behind what is in out already; false when it is a day that no calendar has. */
static bool write_date(const struct parts *parts, const char *order, char *out, size_t size)
{
	struct moment moment;
	int month = parts->month, day = parts->day;
	if (parts->open && strcmp(order, "mdy") == 0) {
		month = parts->day;
		day = parts->month;
	}
	if (day > 0)
		snprintf(out, size, "%04d-%02d-%02d", parts->year, month, day);
	else
		snprintf(out, size, "%04d-%02d", parts->year, month);
	return moment_parse(span_string(out), NULL, &moment, NULL);
}

/* ---- the clock ---- */

static bool take_utc(struct span text, size_t *at)
{
	static const char *const names[] = {"UTC", "GMT", "Z"};
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++) {
		size_t end = *at;
		if (take(text, &end, names[i]) && !ascii_is_letter(byte_at(text, end))) {
			*at = end;
			return true;
		}
	}
	return false;
}

/* `+09:00` or `+0900`, as ISO 8601 into out. */
static bool take_shift(struct span text, size_t *at, char *out, size_t size)
{
	int hours, minutes;
	char sign = byte_at(text, *at);
	size_t end = *at + 1;
	if (sign != '+' && sign != '-')
		return false;
	if (take_number(text, &end, 4, 4, &hours)) {
		minutes = hours % 100;
		hours /= 100;
	} else if (!take_number(text, &end, 2, 2, &hours) || !take(text, &end, ":") ||
		   !take_number(text, &end, 2, 2, &minutes)) {
		return false;
	}
	snprintf(out, size, "%c%02d:%02d", sign, hours, minutes);
	*at = end;
	return true;
}

/* `Z`, `UTC`, `+09:00`, also in parentheses, as ISO 8601 into out; "" when none stands there.
 * touching: a minus without a space before it is one; else it may lead to a second clock. */
static void take_offset(struct span text, size_t *at, bool touching, char *out, size_t size)
{
	size_t end = *at;
	skip_spaces(text, &end);
	bool minus = touching || end > *at || byte_at(text, end) != '-';
	bool bracket = take(text, &end, "(");
	bool utc = take_utc(text, &end);
	bool found = utc || (minus && take_shift(text, &end, out, size));
	if (utc)
		snprintf(out, size, "Z");
	if (found && (!bracket || take(text, &end, ")")))
		*at = end;
	else
		out[0] = '\0';
}

/* A zone by letters that mean different things in different places. */
static bool take_abbreviation(struct span text, size_t *at)
{
	static const char *const known[] = {"JST", "KST", "IST", "MSK", "CET", "CEST", "EET",
		"EEST", "WET", "BST", "EST", "EDT", "CST", "CDT", "MST", "MDT", "PST", "PDT", "ET",
		"CT", "MT", "PT", "AEST", "AEDT", "SGT", "HKT"};
	size_t end = *at;
	skip_spaces(text, &end);
	bool bracket = take(text, &end, "(");
	struct span word = take_word(text, &end);
	for (size_t i = 0; i < ARRAY_LENGTH(known); i++)
		if (span_is(word, known[i])) {
			if (bracket)
				take(text, &end, ")");
			*at = end;
			return true;
		}
	return false;
}

/* ` PM` makes *hour one of 24; 12 is noon with it and midnight with ` AM`. */
static void take_half(struct span text, size_t *at, int *hour)
{
	static const char *const halves[] = {"AM", "am", "a.m.", "PM", "pm", "p.m."};
	for (size_t i = 0; i < ARRAY_LENGTH(halves); i++) {
		size_t end = *at;
		skip_spaces(text, &end);
		if (!take(text, &end, halves[i]) || ascii_is_letter(byte_at(text, end)))
			continue;
		*hour = *hour % 12 + (i >= 3 ? 12 : 0);
		*at = end;
		return;
	}
}

/* Behind `:05.123`; at when it is none. */
static size_t behind_seconds(struct span text, size_t at)
{
	size_t end = at;
	int second;
	if (!take(text, &end, ":") || !take_number(text, &end, 2, 2, &second))
		return at;
	size_t fraction = end;
	if (!take(text, &fraction, ".") && !take(text, &fraction, ","))
		return end;
	if (!ascii_is_digit(byte_at(text, fraction)))
		return end;
	while (ascii_is_digit(byte_at(text, fraction)))
		fraction++;
	return fraction;
}

/* `10:30`, `10:30:05,123 PM`, as ISO 8601 into out. *exact: with seconds. */
static bool take_time(struct span text, size_t *at, char *out, size_t size, bool *exact)
{
	int hour, minute;
	if (!take_number(text, at, 1, 2, &hour) || !take(text, at, ":") ||
		!take_number(text, at, 2, 2, &minute))
		return false;
	size_t begin = *at;
	*at = behind_seconds(text, begin);
	*exact = *at > begin;
	struct span seconds = span_slice(span_slice(text, begin, *at), 0, MAX_SECONDS);
	take_half(text, at, &hour);
	int start = snprintf(out, size, "T%02d:%02d", hour, minute);
	snprintf(out + start, size - (size_t)start, "%.*s", (int)seconds.length, seconds.data);
	char *comma = strchr(out, ',');
	if (comma)
		*comma = '.';
	return true;
}

/* ` 10:30`, `T10:30:05.123Z`, `, at 10:30 PM (UTC)` behind a date, added to its text. */
static void take_clock(struct span text, struct document_date *date)
{
	size_t at = date->length;
	char time[32], offset[32];
	bool exact, strict = take(text, &at, "T");
	if (!strict) {
		take(text, &at, ",");
		skip_spaces(text, &at);
		take(text, &at, "at ");
	}
	if (at == date->length || !take_time(text, &at, time, sizeof time, &exact))
		return;
	size_t bare = at;
	take_offset(text, &at, strict || exact, offset, sizeof offset);
	date->abbreviated = at == bare && take_abbreviation(text, &at);
	if (ascii_is_letter(byte_at(text, at)) || ascii_is_digit(byte_at(text, at))) {
		date->abbreviated = false;
		return;
	}
	date->clock = !date->abbreviated;
	date->length = at;
	if (date->clock)
		snprintf(date->text + date->day, sizeof date->text - date->day, "%s%.8s", time,
			offset);
}

/* ---- the whole ---- */

/* ` – 2020-01-22` behind a date: both are then an interval. */
static void take_second(struct span text, const char *order, struct document_date *date)
{
	static const char *const dashes[] = {"-", "–", "—", "~", "〜", "～", "to "};
	size_t at = date->length;
	struct parts parts;
	char other[16], both[DOCUMENT_DATE_SIZE];
	struct moment moment;
	skip_spaces(text, &at);
	size_t before = at;
	for (size_t i = 0; i < ARRAY_LENGTH(dashes) && at == before; i++)
		take(text, &at, dashes[i]);
	size_t dash = at;
	skip_spaces(text, &at);
	if (dash == before || !take_date(text, &at, &parts) || (parts.open && !order) ||
		!write_date(&parts, order, other, sizeof other))
		return;
	snprintf(both, sizeof both, "%.*s/%s", (int)date->day, date->text, other);
	if (!moment_parse(span_string(both), NULL, &moment, NULL))
		return;
	date->day = strlen(both);
	memcpy(date->text, both, date->day + 1);
	date->length = at;
}

bool document_date(struct span text, const char *order, struct document_date *date)
{
	struct parts parts;
	struct moment moment;
	*date = (struct document_date){0};
	if (!take_date(text, &date->length, &parts))
		return false;
	date->numeric = parts.numeric;
	date->open = parts.open && !order;
	if (date->open) {
		take_clock(text, date);
		date->text[0] = '\0';
		return true;
	}
	if (!write_date(&parts, order, date->text, sizeof date->text))
		return false;
	date->day = strlen(date->text);
	size_t words = date->length;
	take_clock(text, date);
	if (date->clock && !moment_parse(span_string(date->text), NULL, &moment, NULL)) {
		date->clock = false;
		date->length = words;
		date->text[date->day] = '\0';
	}
	if (date->length == words)
		take_second(text, order, date);
	return true;
}
