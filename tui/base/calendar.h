/*
 * calendar.h: days of the proleptic Gregorian calendar, counted from 1970-01-01.
 */
#ifndef CALENDAR_H
#define CALENDAR_H

#include <stdint.h>

#define SECONDS_PER_DAY INT64_C(86400)

struct date {
	int64_t year;
	int month; /* 1..12 */
	int day;   /* 1..31 */
};

/* Rounds towards minus infinity, as dates before 1970 need. divisor > 0. */
static inline int64_t floor_divide(int64_t number, int64_t divisor)
{
	int64_t quotient = number / divisor;
	return quotient - (number % divisor < 0);
}

/* Days of a date; any year within ±10^9, month 1..12. The day may be outside the month and counts
 * on from its first. */
int64_t calendar_days(int64_t year, int month, int day);

/* The date of a day within ±10^14. */
struct date calendar_date(int64_t days);

/* 28..31. */
int calendar_month_length(int64_t year, int month);

#endif
