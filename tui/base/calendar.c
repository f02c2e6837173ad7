#include "calendar.h"

#include <stdbool.h>

/* Days from 0000-03-01 to 1970-01-01. Years are counted from March, so that a leap day ends one. */
#define EPOCH_FROM_MARCH 719468
#define DAYS_IN_400_YEARS 146097

int64_t calendar_days(int64_t year, int month, int day)
{
	int64_t march_year = month > 2 ? year : year - 1;
	int64_t era = floor_divide(march_year, 400);
	int64_t year_of_era = march_year - era * 400;
	int64_t march_month = month > 2 ? month - 3 : month + 9;
	/* Months from March on are 31 30 31 30 31, over and over: 153 days in five. */
	int64_t day_of_year = (153 * march_month + 2) / 5 + day - 1;
	int64_t leap_days = year_of_era / 4 - year_of_era / 100;
	return era * DAYS_IN_400_YEARS + year_of_era * 365 + leap_days + day_of_year -
	       EPOCH_FROM_MARCH;
}

struct date calendar_date(int64_t days)
{
	int64_t shifted = days + EPOCH_FROM_MARCH;
	int64_t era = floor_divide(shifted, DAYS_IN_400_YEARS);
	int64_t day_of_era = shifted - era * DAYS_IN_400_YEARS;
	/* Without the leap days before it a day of the era is 365 days a year. */
	int64_t leapless =
		day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096;
	int64_t year_of_era = leapless / 365;
	int64_t day_of_year =
		day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t march_month = (5 * day_of_year + 2) / 153;
	int month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
	return (struct date){
		.year = era * 400 + year_of_era + (month <= 2),
		.month = month,
		.day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1),
	};
}

int calendar_month_length(int64_t year, int month)
{
	static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	return month == 2 && leap ? 29 : lengths[month - 1];
}
