/*
 * zone_file.h: what a TZif file (RFC 8536, versions 1 to 4) says, and the rule in its footer.
 */
#ifndef ZONE_FILE_H
#define ZONE_FILE_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A day of the year on which clocks change, and when on that day. */
struct zone_change {
	enum zone_day {
		ZONE_DAY_JULIAN, /* 1..365, February 29 is never counted */
		ZONE_DAY_ZERO,   /* 0..365, it is */
		ZONE_DAY_MONTH,  /* a weekday of a week of a month */
	} kind;
	int day;      /* number, or weekday 0..6 from Sunday */
	int month;    /* 1..12 */
	int week;     /* 1..5, 5 is the last */
	int32_t time; /* seconds of the wall clock from midnight; may be negative or over a day */
};

/* A POSIX TZ string: holds for ever after the last transition. Offsets are seconds east. */
struct zone_rule {
	bool stated;
	bool summer;
	int32_t standard_offset;
	int32_t summer_offset;
	struct zone_change start;
	struct zone_change end;
};

/* Zeroed, it is UTC. */
struct zone_data {
	int32_t first_offset; /* before the first transition */
	size_t count;
	int64_t *times;   /* ascending, UTC */
	int32_t *offsets; /* from times[i] on */
	struct zone_rule rule;
};

/* Reads a whole file into data, which is zeroed before. ERROR_USAGE when it is no zone, ERROR_IO
 * when it is damaged. zone_data_free in any case. */
bool zone_data_read(struct zone_data *data, struct span file, struct error *error) MUST_CHECK;
void zone_data_free(struct zone_data *data);

/* Seconds east of UTC at a UTC time. */
int32_t zone_data_offset(const struct zone_data *data, int64_t utc);

/* Reads a POSIX TZ string such as CET-1CEST,M3.5.0,M10.5.0/3. */
bool zone_rule_read(struct zone_rule *rule, struct span text) MUST_CHECK;
int32_t zone_rule_offset(const struct zone_rule *rule, int64_t utc);

#endif
