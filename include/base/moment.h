/*
 * base/moment.h: times as people write them, and as intervals.
 *
 * A moment is what somebody wrote ("late June 2019", "2020-08-06T15:56:07.158Z") read as an
 * interval [from, to) of UTC microseconds with the precision that was given. A date without a time
 * is *floating*: its numbers are those of the same wall clock in UTC and it never moves with a
 * zone. Written forms: ISO 8601 and RFC 3339 with any fraction, EDTF (ISO 8601-2) levels 0 and 1
 * with seasons, intervals `2019-06-21/2019-06-30`, open `2019-07/..`, `?` and `~`, and from level 2
 * sub-year parts; named phrases are not read here (a person reads those, and is said to).
 */
#ifndef BASE_MOMENT_H
#define BASE_MOMENT_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "base/zone.h"

#include <stdbool.h>
#include <stdint.h>

enum moment_precision {
	MOMENT_NONE, /* no time stated */
	MOMENT_YEAR,
	MOMENT_MONTH, /* a month, or a season */
	MOMENT_DAY,
	MOMENT_HOUR,
	MOMENT_MINUTE,
	MOMENT_SECOND,
	MOMENT_FRACTION,
	MOMENT_INTERVAL, /* an interval that was written as one */
};

/* An open end of an interval. */
#define MOMENT_OPEN_START INT64_MIN
#define MOMENT_OPEN_END INT64_MAX

struct moment {
	int64_t from; /* UTC microseconds since 1970, inclusive */
	int64_t to;   /* exclusive; from < to always */
	enum moment_precision precision;
	bool floating;  /* no zone applies to it */
	bool inferred;  /* our reading of words, not what the words say */
	bool uncertain; /* ? or ~ or % in EDTF */
};

/* Reads EDTF or ISO 8601. `zone` says what zone a time without an offset is in; NULL leaves it
 * floating. ERROR_INPUT with the byte at fault for anything else. Years 0001 to 9999. White space
 * around it is skipped. 201X and 19XX are intervals; 2019-XX is the year, 2019-06-XX the month. A
 * wall clock that a zone shows twice or never is inferred (see zone_to_utc). */
bool moment_parse(struct span text, const struct zone *zone, struct moment *moment,
	struct error *error) MUST_CHECK;

/* An epoch number in units of 1/per_second s (1, 1000, 1000000), as text, with an optional
 * fraction. */
bool moment_parse_epoch(struct span text, int64_t per_second, struct moment *moment) MUST_CHECK;

/* Microseconds to `2020-01-20 09:00:00` in zone (NULL: UTC), cut to the precision: a year, month,
 * day or hour:minute is written just so; a fraction with 3 or 6 digits. Floating moments ignore
 * zone. Intervals as `from/to` with the inclusive last unit, days unless finer; open ends `..`.
 * A season as `2019-06/2019-08`, an hour as `2020-01-20 09`, `?` behind what is uncertain. */
void moment_format(struct buffer *out, const struct moment *moment, const struct zone *zone);

/* As EDTF/ISO 8601 in UTC with Z (floating: without), fit for moment_parse. */
void moment_format_edtf(struct buffer *out, const struct moment *moment);

/* Precision and flags in one small number for the database, and back. */
int moment_pack(const struct moment *moment);
void moment_unpack(int packed, struct moment *moment);

#endif
