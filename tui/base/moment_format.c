#include "base/moment.h"

#include "calendar.h"

#define MICROSECONDS INT64_C(1000000)
#define DAY (SECONDS_PER_DAY * MICROSECONDS)

enum {
	PACK_PRECISION = 15,
	PACK_FLOATING = 16,
	PACK_INFERRED = 32,
	PACK_UNCERTAIN = 64,
};

/* How one instant is written. */
struct style {
	const struct zone *zone; /* NULL: UTC */
	char separator;          /* between date and time */
	bool letter;             /* Z behind a time */
};

/* A day of the calendar and what is left of it. */
struct clock {
	struct date date;
	int hour, minute, second, fraction;
};

static struct clock clock_of(int64_t instant, const struct zone *zone)
{
	int64_t seconds = floor_divide(instant, MICROSECONDS);
	int64_t fraction = instant - seconds * MICROSECONDS;
	if (zone)
		seconds += zone_offset_at(zone, seconds);
	int64_t days = floor_divide(seconds, SECONDS_PER_DAY);
	int64_t rest = seconds - days * SECONDS_PER_DAY;
	return (struct clock){
		.date = calendar_date(days),
		.hour = (int)(rest / 3600),
		.minute = (int)(rest / 60 % 60),
		.second = (int)(rest % 60),
		.fraction = (int)fraction,
	};
}

/* Digits of a second that a unit of microseconds stands for, 1..6. */
static int fraction_digits(int64_t instant, int64_t unit)
{
	int digits = 1;
	for (int64_t power = 100000; power > 1; power /= 10, digits++)
		if (unit == power && instant % power == 0)
			break;
	return digits;
}

static void add_fraction(struct buffer *out, int fraction, int digits)
{
	for (int i = digits; i < 6; i++)
		fraction /= 10;
	buffer_add_format(out, ".%0*d", digits, fraction);
}

static void add_instant(struct buffer *out, int64_t instant, enum moment_precision precision,
	int digits, struct style style)
{
	/* Dates stand in no zone. */
	struct clock clock = clock_of(instant, precision > MOMENT_DAY ? style.zone : NULL);
	buffer_add_format(out, "%04lld", (long long)clock.date.year);
	if (precision >= MOMENT_MONTH)
		buffer_add_format(out, "-%02d", clock.date.month);
	if (precision >= MOMENT_DAY)
		buffer_add_format(out, "-%02d", clock.date.day);
	if (precision >= MOMENT_HOUR)
		buffer_add_format(out, "%c%02d", style.separator, clock.hour);
	/* An hour of UTC is no whole hour of every zone. */
	if (precision >= MOMENT_MINUTE || (precision == MOMENT_HOUR && clock.minute > 0))
		buffer_add_format(out, ":%02d", clock.minute);
	if (precision >= MOMENT_SECOND)
		buffer_add_format(out, ":%02d", clock.second);
	if (precision >= MOMENT_FRACTION)
		add_fraction(out, clock.fraction, digits);
	if (precision >= MOMENT_HOUR && style.letter)
		buffer_add_byte(out, 'Z');
}

static int64_t precision_unit(enum moment_precision precision)
{
	return precision <= MOMENT_DAY      ? DAY
	       : precision == MOMENT_HOUR   ? 3600 * MICROSECONDS
	       : precision == MOMENT_MINUTE ? 60 * MICROSECONDS
	       : precision == MOMENT_SECOND ? MICROSECONDS
					    : 1;
}

/* The coarsest precision in which both ends of an interval can be written. */
static enum moment_precision end_precision(const struct moment *moment)
{
	enum moment_precision precision = moment->floating ? MOMENT_DAY : MOMENT_MINUTE;
	for (; precision < MOMENT_FRACTION; precision++) {
		int64_t unit = precision_unit(precision);
		bool from = moment->from == MOMENT_OPEN_START || moment->from % unit == 0;
		bool to = moment->to == MOMENT_OPEN_END || moment->to % unit == 0;
		if (precision != MOMENT_HOUR && from && to)
			break;
	}
	return precision;
}

/* A stored moment may hold any number. */
static int64_t before(int64_t instant, int64_t unit)
{
	return instant < INT64_MIN + unit ? instant : instant - unit;
}

static void add_interval(struct buffer *out, const struct moment *moment, struct style style)
{
	enum moment_precision precision = end_precision(moment);
	if (moment->from == MOMENT_OPEN_START)
		buffer_add_string(out, "..");
	else
		add_instant(out, moment->from, precision, 6, style);
	if (moment->uncertain && moment->to == MOMENT_OPEN_END && moment->from != MOMENT_OPEN_START)
		buffer_add_byte(out, '?');
	buffer_add_byte(out, '/');
	if (moment->to == MOMENT_OPEN_END)
		buffer_add_string(out, "..");
	else
		add_instant(
			out, before(moment->to, precision_unit(precision)), precision, 6, style);
	if (moment->uncertain && moment->to != MOMENT_OPEN_END)
		buffer_add_byte(out, '?');
}

/* Whole months from `from` to `to`; first of them in *from. */
static int64_t months_between(const struct moment *moment, struct date *from)
{
	*from = clock_of(moment->from, NULL).date;
	struct date to = clock_of(moment->to, NULL).date;
	return (to.year - from->year) * 12 + to.month - from->month;
}

void moment_format(struct buffer *out, const struct moment *moment, const struct zone *zone)
{
	struct style style = {.zone = moment->floating ? NULL : zone, .separator = ' '};
	struct date from;
	switch (moment->precision) {
	case MOMENT_NONE:
		return;
	case MOMENT_INTERVAL:
		add_interval(out, moment, style);
		return;
	case MOMENT_MONTH:
		add_instant(out, moment->from, MOMENT_MONTH, 0, style);
		if (months_between(moment, &from) > 1) {
			buffer_add_byte(out, '/');
			add_instant(out, before(moment->to, 1), MOMENT_MONTH, 0, style);
		}
		break;
	case MOMENT_YEAR:
	case MOMENT_DAY:
	case MOMENT_HOUR:
	case MOMENT_MINUTE:
	case MOMENT_SECOND:
	case MOMENT_FRACTION:
		add_instant(out, moment->from, moment->precision,
			moment->from % 1000 == 0 && moment->to % 1000 == 0 ? 3 : 6, style);
		break;
	}
	if (moment->uncertain)
		buffer_add_byte(out, '?');
}

/* A time of day in UTC. An hour or minute that was read in a zone need not begin with one of UTC:
 * an hour is then written with an offset in which it does, else it is written as an interval. */
static void add_time_edtf(struct buffer *out, const struct moment *moment, struct style style)
{
	const int64_t minute = 60 * MICROSECONDS;
	int64_t into_hour = moment->from / minute % 60;
	int64_t unit, later;
	if (__builtin_add_overflow(moment->from, 60 * minute, &later) ||
		(moment->precision <= MOMENT_MINUTE && moment->from % minute != 0)) {
		add_interval(out, moment, style);
		return;
	}
	if (moment->precision == MOMENT_HOUR && into_hour != 0) {
		int64_t ahead = into_hour > 0 ? 60 - into_hour : -into_hour;
		style.letter = false;
		add_instant(out, moment->from + ahead * minute, MOMENT_HOUR, 0, style);
		buffer_add_format(out, "+00:%02d", (int)ahead);
	} else {
		if (__builtin_sub_overflow(moment->to, moment->from, &unit))
			unit = 1;
		add_instant(out, moment->from, moment->precision,
			fraction_digits(moment->from, unit), style);
	}
	if (moment->uncertain)
		buffer_add_byte(out, '?');
}

/* The EDTF number of a season or a part of a year. */
static int part_of_year(int month, int64_t months)
{
	if (months == 6)
		return 40 + (month - 1) / 6;
	if (months == 4)
		return 37 + (month - 1) / 4;
	return month % 3 == 0 ? 20 + month / 3 : 33 + (month - 1) / 3;
}

void moment_format_edtf(struct buffer *out, const struct moment *moment)
{
	struct style style = {.separator = 'T', .letter = !moment->floating};
	struct date from;
	switch (moment->precision) {
	case MOMENT_NONE:
		return;
	case MOMENT_INTERVAL:
		add_interval(out, moment, style);
		return;
	case MOMENT_MONTH: {
		int64_t months = months_between(moment, &from);
		if (months > 1)
			from.month = part_of_year(from.month, months);
		buffer_add_format(out, "%04lld-%02d", (long long)from.year, from.month);
		break;
	}
	case MOMENT_YEAR:
	case MOMENT_DAY:
		add_instant(out, moment->from, moment->precision, 0, style);
		break;
	case MOMENT_HOUR:
	case MOMENT_MINUTE:
	case MOMENT_SECOND:
	case MOMENT_FRACTION:
		add_time_edtf(out, moment, style);
		return;
	}
	if (moment->uncertain)
		buffer_add_byte(out, '?');
}

int moment_pack(const struct moment *moment)
{
	return (int)moment->precision | (moment->floating ? PACK_FLOATING : 0) |
	       (moment->inferred ? PACK_INFERRED : 0) | (moment->uncertain ? PACK_UNCERTAIN : 0);
}

void moment_unpack(int packed, struct moment *moment)
{
	int precision = packed & PACK_PRECISION;
	moment->precision =
		precision <= MOMENT_INTERVAL ? (enum moment_precision)precision : MOMENT_NONE;
	moment->floating = (packed & PACK_FLOATING) != 0;
	moment->inferred = (packed & PACK_INFERRED) != 0;
	moment->uncertain = (packed & PACK_UNCERTAIN) != 0;
}
