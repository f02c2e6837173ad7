/* The POSIX TZ string in the footer of a TZif file: read, and asked for a time. */
#include "base/ascii.h"
#include "calendar.h"
#include "zone_file.h"

/* A rule is asked only for times that calendars can hold. */
#define TIME_LIMIT INT64_C(1000000000000000)

struct reader {
	const char *at;
	const char *end;
};

static bool take(struct reader *reader, char wanted)
{
	if (reader->at == reader->end || *reader->at != wanted)
		return false;
	reader->at++;
	return true;
}

static bool is_digit(const struct reader *reader)
{
	return reader->at < reader->end && ascii_is_digit(*reader->at);
}

static bool take_number(struct reader *reader, int least, int most, int *number)
{
	*number = 0;
	if (!is_digit(reader))
		return false;
	for (; is_digit(reader); reader->at++) {
		*number = *number * 10 + (*reader->at - '0');
		if (*number > most)
			return false;
	}
	return *number >= least;
}

/* Three letters or more, or anything in <>. */
static bool take_name(struct reader *reader)
{
	const char *start = reader->at;
	if (take(reader, '<')) {
		while (reader->at < reader->end && *reader->at != '>')
			reader->at++;
		return take(reader, '>');
	}
	while (reader->at < reader->end && ((*reader->at >= 'a' && *reader->at <= 'z') ||
						   (*reader->at >= 'A' && *reader->at <= 'Z')))
		reader->at++;
	return reader->at - start >= 3;
}

/* [+-]hh[:mm[:ss]] as seconds. */
static bool take_time(struct reader *reader, int most_hours, int32_t *seconds)
{
	int hours, minutes = 0, rest = 0;
	bool negative = take(reader, '-');
	if (!negative)
		(void)take(reader, '+');
	if (!take_number(reader, 0, most_hours, &hours))
		return false;
	if (take(reader, ':')) {
		if (!take_number(reader, 0, 59, &minutes))
			return false;
		if (take(reader, ':') && !take_number(reader, 0, 59, &rest))
			return false;
	}
	int32_t total = hours * 3600 + minutes * 60 + rest;
	*seconds = negative ? -total : total;
	return true;
}

static bool take_change(struct reader *reader, struct zone_change *change)
{
	bool ok;
	if (!take(reader, ','))
		return false;
	if (take(reader, 'M')) {
		change->kind = ZONE_DAY_MONTH;
		ok = take_number(reader, 1, 12, &change->month) && take(reader, '.') &&
		     take_number(reader, 1, 5, &change->week) && take(reader, '.') &&
		     take_number(reader, 0, 6, &change->day);
	} else if (take(reader, 'J')) {
		change->kind = ZONE_DAY_JULIAN;
		ok = take_number(reader, 1, 365, &change->day);
	} else {
		change->kind = ZONE_DAY_ZERO;
		ok = take_number(reader, 0, 365, &change->day);
	}
	change->time = 2 * 3600;
	return ok && (!take(reader, '/') || take_time(reader, 167, &change->time));
}

bool zone_rule_read(struct zone_rule *rule, struct span text)
{
	struct reader reader = {.at = text.data, .end = text.data + text.length};
	int32_t west;
	*rule = (struct zone_rule){0};
	if (!take_name(&reader) || !take_time(&reader, 24, &west))
		return false;
	rule->standard_offset = -west;
	if (reader.at < reader.end) {
		if (!take_name(&reader))
			return false;
		rule->summer = true;
		rule->summer_offset = rule->standard_offset + 3600;
		if (reader.at < reader.end && *reader.at != ',') {
			if (!take_time(&reader, 24, &west))
				return false;
			rule->summer_offset = -west;
		}
		if (!take_change(&reader, &rule->start) || !take_change(&reader, &rule->end))
			return false;
	}
	rule->stated = reader.at == reader.end;
	return rule->stated;
}

/* The wall clock of a change in a year, in seconds since 1970. */
static int64_t change_in_year(const struct zone_change *change, int64_t year)
{
	int64_t days = calendar_days(year, 1, 1);
	switch (change->kind) {
	case ZONE_DAY_JULIAN:
		days += change->day - 1;
		if (change->day > 59 && calendar_month_length(year, 2) == 29)
			days++;
		break;
	case ZONE_DAY_ZERO:
		days += change->day;
		break;
	case ZONE_DAY_MONTH: {
		int64_t first = calendar_days(year, change->month, 1);
		/* 1970-01-01 was a Thursday, weekday 4. */
		int64_t weekday = (first + 4) - floor_divide(first + 4, 7) * 7;
		int64_t day = (change->day - weekday + 7) % 7 + (change->week - 1) * 7;
		while (day >= calendar_month_length(year, change->month))
			day -= 7;
		days = first + day;
		break;
	}
	}
	return days * SECONDS_PER_DAY + change->time;
}

int32_t zone_rule_offset(const struct zone_rule *rule, int64_t utc)
{
	if (!rule->summer)
		return rule->standard_offset;
	if (utc > TIME_LIMIT || utc < -TIME_LIMIT)
		return rule->standard_offset;
	/* The latest change at or before the time, of this year and its neighbours: a change can
	 * lie some days outside its year. Of two at once the one of the later year counts, so that
	 * summer time without an end has none. */
	int64_t year = calendar_date(floor_divide(utc, SECONDS_PER_DAY)).year;
	int64_t latest = INT64_MIN;
	int32_t offset = rule->standard_offset;
	for (int64_t y = year - 1; y <= year + 1; y++) {
		int64_t start = change_in_year(&rule->start, y) - rule->standard_offset;
		int64_t end = change_in_year(&rule->end, y) - rule->summer_offset;
		if (start <= utc && start >= latest) {
			latest = start;
			offset = rule->summer_offset;
		}
		if (end <= utc && end > latest) {
			latest = end;
			offset = rule->standard_offset;
		}
	}
	return offset;
}
