#include "base/moment.h"

#include "base/ascii.h"
#include "calendar.h"

#define MICROSECONDS INT64_C(1000000)
#define YEAR_LAST 9999

struct reader {
	struct span text;
	size_t at;
	const struct zone *zone;
	struct error *error;
};

/* Digits of a written number, of which trailing ones may be X: 201X is 2010 and the nine after. */
struct figure {
	int value;
	int span; /* 1, 10, 100 or 1000 */
};

static bool fail(const struct reader *reader, const char *what)
{
	return error_set_at(reader->error, ERROR_INPUT, (long long)reader->at, "%s", what);
}

static char peek(const struct reader *reader, size_t ahead)
{
	size_t at = reader->at + ahead;
	return at < reader->text.length ? reader->text.data[at] : '\0';
}

static size_t digits_ahead(const struct reader *reader)
{
	size_t count = 0;
	while (ascii_is_digit(peek(reader, count)))
		count++;
	return count;
}

static bool take(struct reader *reader, char wanted)
{
	if (reader->at >= reader->text.length || peek(reader, 0) != wanted)
		return false;
	reader->at++;
	return true;
}

static bool take_two(struct reader *reader, int least, int most, int *number, const char *what)
{
	if (!ascii_is_digit(peek(reader, 0)) || !ascii_is_digit(peek(reader, 1)))
		return fail(reader, what);
	*number = (peek(reader, 0) - '0') * 10 + (peek(reader, 1) - '0');
	if (*number < least || *number > most)
		return fail(reader, what);
	reader->at += 2;
	return true;
}

static bool take_year(struct reader *reader, struct figure *year)
{
	*year = (struct figure){.span = 1};
	for (size_t i = 0; i < 4; i++) {
		char byte = peek(reader, i);
		bool unknown = byte == 'X' && i > 0;
		if (!unknown && (!ascii_is_digit(byte) || year->span > 1))
			return fail(reader, "expected a year of four digits");
		year->value = year->value * 10 + (unknown ? 0 : byte - '0');
		if (unknown)
			year->span *= 10;
	}
	if (year->value + year->span <= 1)
		return fail(reader, "there is no year 0000");
	reader->at += 4;
	return true;
}

static int64_t day_start(int64_t year, int month, int day)
{
	return calendar_days(year, month, day) * SECONDS_PER_DAY * MICROSECONDS;
}

/* [first month, first month + months) of a year; months may run into the next one. */
static void set_months(struct moment *moment, int year, int first, int months)
{
	int after = first + months - 1;
	moment->from = day_start(year, first, 1);
	moment->to = day_start(year + after / 12, after % 12 + 1, 1);
	moment->precision = MOMENT_MONTH;
}

/* Seasons (north 21..28, south 29..32) and parts of a year (33..41), by first month and length. */
static bool set_part(struct moment *moment, int year, int part)
{
	static const struct {
		int8_t first, months;
	} parts[] = {{3, 3}, {6, 3}, {9, 3}, {12, 3}, {3, 3}, {6, 3}, {9, 3}, {12, 3}, {9, 3},
		{12, 3}, {3, 3}, {6, 3}, {1, 3}, {4, 3}, {7, 3}, {10, 3}, {1, 4}, {5, 4}, {9, 4},
		{1, 6}, {7, 6}};
	if (part < 21 || part >= 21 + (int)ARRAY_LENGTH(parts))
		return false;
	set_months(moment, year, parts[part - 21].first, parts[part - 21].months);
	return true;
}

static void set_years(struct moment *moment, struct figure year)
{
	int first = year.value < 1 ? 1 : year.value;
	moment->from = day_start(first, 1, 1);
	moment->to = day_start(year.value + year.span, 1, 1);
	moment->precision = year.span == 1 ? MOMENT_YEAR : MOMENT_INTERVAL;
}

static bool set_day(struct reader *reader, struct moment *moment, int year, int month)
{
	int day;
	if (!take_two(reader, 1, calendar_month_length(year, month), &day,
		    "no such day in that month"))
		return false;
	moment->from = day_start(year, month, day);
	moment->to = moment->from + SECONDS_PER_DAY * MICROSECONDS;
	moment->precision = MOMENT_DAY;
	return true;
}

static bool take_unknown(struct reader *reader)
{
	if (peek(reader, 0) != 'X' || peek(reader, 1) != 'X')
		return false;
	reader->at += 2;
	return true;
}

/* 2019, 201X, 2019-06, 2019-21, 2019-06-21, 2019-06-XX, 2019-XX-XX, 20190621. */
static bool take_date(struct reader *reader, struct moment *moment)
{
	struct figure year;
	int month;
	bool basic = digits_ahead(reader) == 8;
	moment->floating = true;
	if (!take_year(reader, &year))
		return false;
	set_years(moment, year);
	if (!basic && (year.span > 1 || !take(reader, '-')))
		return true;
	if (!basic && take_unknown(reader)) {
		if (take(reader, '-') && !take_unknown(reader))
			return fail(reader, "expected XX for a day of an unknown month");
		return true;
	}
	if (!take_two(reader, 1, basic ? 12 : 41, &month, "expected a month 01 to 12"))
		return false;
	if (month > 12) {
		if (set_part(moment, year.value, month))
			return true;
		reader->at -= 2;
		return fail(reader, "expected a month 01 to 12, or a season 21 to 41");
	}
	set_months(moment, year.value, month, 1);
	if (!basic && (!take(reader, '-') || take_unknown(reader)))
		return true;
	return set_day(reader, moment, year.value, month);
}

/* The digits behind a point or comma, cut to microseconds; *unit is what the last one counts. */
static bool take_fraction(struct reader *reader, int64_t *value, int64_t *unit)
{
	if (!ascii_is_digit(peek(reader, 0)))
		return fail(reader, "expected digits of a second");
	*value = 0;
	for (; ascii_is_digit(peek(reader, 0)); reader->at++) {
		if (*unit == 1)
			continue;
		*unit /= 10;
		*value += (peek(reader, 0) - '0') * *unit;
	}
	return true;
}

/* hh, hh:mm, hh:mm:ss, hh:mm:ss.fraction, or without the colons: microseconds since midnight. */
static bool take_clock(
	struct reader *reader, int64_t *clock, int64_t *unit, enum moment_precision *precision)
{
	int hour, minute = 0, second = 0;
	int64_t fraction = 0;
	*precision = MOMENT_HOUR;
	*unit = 3600 * MICROSECONDS;
	if (!take_two(reader, 0, 24, &hour, "expected an hour 00 to 24"))
		return false;
	bool colons = peek(reader, 0) == ':';
	if (colons ? take(reader, ':') : ascii_is_digit(peek(reader, 0))) {
		if (!take_two(reader, 0, 59, &minute, "expected a minute 00 to 59"))
			return false;
		*precision = MOMENT_MINUTE;
		*unit = 60 * MICROSECONDS;
		if (colons ? take(reader, ':') : ascii_is_digit(peek(reader, 0))) {
			/* A leap second is read as the second after it. */
			if (!take_two(reader, 0, 60, &second, "expected a second 00 to 60"))
				return false;
			*precision = MOMENT_SECOND;
			*unit = MICROSECONDS;
		}
	}
	if (*precision == MOMENT_SECOND && (take(reader, '.') || take(reader, ','))) {
		*precision = MOMENT_FRACTION;
		if (!take_fraction(reader, &fraction, unit))
			return false;
	}
	if (hour == 24 && (minute > 0 || second > 0 || fraction > 0))
		return fail(reader, "no time is later than 24:00");
	*clock = (hour * 3600 + minute * 60 + second) * MICROSECONDS + fraction;
	return true;
}

/* Z or an offset, with a space before it or none. False when there is neither. */
static bool take_offset(struct reader *reader, int32_t *offset)
{
	size_t start = reader->at;
	(void)take(reader, ' ');
	*offset = 0;
	if (take(reader, 'Z') || take(reader, 'z'))
		return true;
	size_t length =
		zone_read_offset(span_slice(reader->text, reader->at, reader->text.length), offset);
	reader->at = length > 0 ? reader->at + length : start;
	return length > 0;
}

static bool take_time(struct reader *reader, struct moment *moment)
{
	int64_t clock = 0, unit = 0;
	int32_t offset;
	if (!take_clock(reader, &clock, &unit, &moment->precision))
		return false;
	moment->from += clock;
	if (take_offset(reader, &offset)) {
		moment->floating = false;
		moment->from -= offset * MICROSECONDS;
	} else if (reader->zone) {
		bool ambiguous = false;
		int64_t fraction = clock % MICROSECONDS;
		int64_t wall = (moment->from - fraction) / MICROSECONDS;
		moment->floating = false;
		moment->from =
			zone_to_utc(reader->zone, wall, &ambiguous) * MICROSECONDS + fraction;
		moment->inferred = ambiguous;
	}
	moment->to = moment->from + unit;
	return true;
}

/* A date, perhaps with a time, and what EDTF says of its quality. */
static bool take_point(struct reader *reader, struct moment *moment)
{
	size_t start = reader->at;
	*moment = (struct moment){0};
	if (!take_date(reader, moment))
		return false;
	if (moment->precision == MOMENT_DAY) {
		char next = peek(reader, 0);
		bool time = next == 'T' || next == 't' ||
			    (next == ' ' && ascii_is_digit(peek(reader, 1)));
		if (time) {
			reader->at++;
			if (!take_time(reader, moment))
				return false;
		}
	}
	char quality = peek(reader, 0);
	moment->uncertain = take(reader, '?') || take(reader, '~') || take(reader, '%');
	if (moment->uncertain && quality != '%' && peek(reader, 0) == (quality == '?' ? '~' : '?'))
		reader->at++;
	if (moment->from < day_start(1, 1, 1) || moment->to > day_start(YEAR_LAST + 1, 1, 1)) {
		reader->at = start;
		return fail(reader, "outside the years 0001 to 9999 in UTC");
	}
	return true;
}

/* One end of an interval: a point, or `..` or nothing for an open one. */
static bool take_end(struct reader *reader, struct moment *moment, bool *open)
{
	char next = peek(reader, 0);
	*open = true;
	if (next == '.' && peek(reader, 1) == '.') {
		reader->at += 2;
		return true;
	}
	if (next == '/' || reader->at == reader->text.length)
		return true;
	*open = false;
	return take_point(reader, moment);
}

static bool join(struct reader *reader, struct moment *moment, const struct moment *first,
	bool open_start, const struct moment *last, bool open_end)
{
	moment->from = open_start ? MOMENT_OPEN_START : first->from;
	moment->to = open_end ? MOMENT_OPEN_END : last->to;
	moment->precision = MOMENT_INTERVAL;
	moment->floating = (open_start || first->floating) && (open_end || last->floating);
	moment->uncertain = first->uncertain || last->uncertain;
	moment->inferred = first->inferred || last->inferred;
	return moment->from < moment->to || fail(reader, "the interval ends before it begins");
}

bool moment_parse(
	struct span text, const struct zone *zone, struct moment *moment, struct error *error)
{
	struct span trimmed = span_trim(text);
	struct reader reader = {.text = text, .zone = zone, .error = error};
	struct moment first = {0}, last = {0};
	bool open_start, open_end;
	*moment = (struct moment){0};
	if (trimmed.length == 0)
		return fail(&reader, "no date is written here");
	reader.at = (size_t)(trimmed.data - text.data);
	reader.text.length = reader.at + trimmed.length;
	size_t start = reader.at;
	if (!take_end(&reader, &first, &open_start))
		return false;
	size_t slash = reader.at;
	if (take(&reader, '/')) {
		if (!take_end(&reader, &last, &open_end))
			return false;
		if (reader.at == start + 1)
			return fail(&reader, "an interval needs a date on one side of its /");
		if (reader.at == reader.text.length)
			return join(&reader, moment, &first, open_start, &last, open_end);
	} else if (slash == reader.text.length && !open_start) {
		*moment = first;
		return true;
	}
	return fail(&reader, "expected a date such as 2020-01-20, 2020-01-20T09:00:00Z or "
			     "2019-06/2019-07");
}

bool moment_parse_epoch(struct span text, int64_t per_second, struct moment *moment)
{
	struct span number = span_trim(text);
	struct reader reader = {.text = number};
	int64_t unit = per_second == 1 || per_second == 1000 || per_second == MICROSECONDS
			       ? MICROSECONDS / per_second
			       : 0;
	int64_t whole = 0, fraction = 0;
	*moment = (struct moment){0};
	bool negative = take(&reader, '-');
	if (!negative)
		(void)take(&reader, '+');
	if (unit == 0)
		return false;
	size_t digits = digits_ahead(&reader);
	if (digits == 0)
		return false;
	for (; digits > 0; digits--, reader.at++)
		if (__builtin_mul_overflow(whole, 10, &whole) ||
			__builtin_add_overflow(whole, peek(&reader, 0) - '0', &whole))
			return false;
	if (__builtin_mul_overflow(whole, unit, &whole))
		return false;
	moment->precision = unit == MICROSECONDS ? MOMENT_SECOND : MOMENT_FRACTION;
	if (take(&reader, '.')) {
		moment->precision = MOMENT_FRACTION;
		if (!take_fraction(&reader, &fraction, &unit))
			return false;
	}
	if (reader.at != number.length || __builtin_add_overflow(whole, fraction, &whole))
		return false;
	moment->from = negative ? -whole : whole;
	if (moment->from < day_start(1, 1, 1) || moment->from >= day_start(YEAR_LAST + 1, 1, 1))
		return false;
	moment->to = moment->from + unit;
	return true;
}
