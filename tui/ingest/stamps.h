/*
 * Times as tools stamp them. Private to ingest/.
 *
 * What ISO 8601 covers goes through loader_time, which knows the zone that was asked for and stops
 * at times that want one. Here are the others: epochs by their number of digits, Windows FILETIME,
 * month and day in an order that the format states, and stamps that stand for no time at all.
 */
#ifndef INGEST_STAMPS_H
#define INGEST_STAMPS_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/moment.h"
#include "base/span.h"

#include <stdbool.h>

struct loader;

enum stamp_form {
	STAMP_ANY, /* ISO 8601 and its kin, a month by its name, and the order of --dates; a number
		    * of 9 digits or more is an epoch by their count: to 10 seconds, 12 and 13
		    * milliseconds, 15 and 16 microseconds, 18 a FILETIME (100 ns since 1601) or
		    * .NET's ticks (since the year 1), 19 nanoseconds; 14 or 12 that are a date and
		    * a clock (20210505101010) are those */
	STAMP_UTC, /* the same; what has no offset is UTC, as the format says */
	STAMP_EPOCH, /* a number as above, of any length */
	STAMP_MICRO, /* microseconds since 1970, of any length and sign */
	STAMP_MDY,   /* 1/22/2012 8:52:33 PM, 01/22/12 */
	STAMP_DMY,   /* 22/1/2012 20:52 */
};

/* text as a moment; precision MOMENT_NONE when it is no time. *nothing: it stands for none (0,
 * 1601-01-01, 1970-01-01T00:00:00, 0001-01-01, in whatever zone, 0000-00-00). column: for the error
 * of loader_time. */
bool stamp_read(struct loader *loader, struct span text, enum stamp_form form, struct span column,
	struct moment *moment, bool *nothing, struct error *error) MUST_CHECK;

/* The same in a zone that its source names; zone NULL: floating. */
void stamp_in_zone(struct span text, enum stamp_form form, const struct zone *zone,
	struct moment *moment, bool *nothing);

/* What is to be said of a text that could not be read, behind `it`. */
const char *stamp_trouble(struct span text, bool nothing);

/* ISO 8601 and its spellings that tools write. zone: of what has no offset; NULL: floating. */
bool stamp_parse(struct span text, const struct zone *zone, struct moment *moment);

/* The orders of day and month, added up, in which a date of numbers (and the clock behind it) is
 * one; 0 for any other text. */
enum stamp_order { STAMP_ORDER_MDY = 1, STAMP_ORDER_DMY = 2 };
int stamp_orders(struct span text);

/* What of a time a text states by its looks, whatever its order. */
enum stamp_part { STAMP_PART_NONE, STAMP_PART_DAY, STAMP_PART_CLOCK, STAMP_PART_BOTH };
enum stamp_part stamp_part_of(struct span text);

/* 1 to 12 for the English name of a month or its beginning (`Jan`, `Sept`), in any case; 0. */
int stamp_month(struct span word);

/* Whether stamp_read would stop at this text for want of a zone. */
bool stamp_needs_zone(const struct loader *loader, struct span text, enum stamp_form form);

#endif
