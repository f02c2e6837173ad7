/*
 * The date that a line begins with. Private to the document files.
 *
 * Read are dates whose parts can't be mistaken: the year first in numbers (2020-01-20, 2020/1/20),
 * a month by its English name with a year, 2020年1月20日, and numbers in the order that --dates
 * states; a span of two of them; and the clock behind a date.
 */
#ifndef INGEST_DOCUMENT_DATE_H
#define INGEST_DOCUMENT_DATE_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

#define DOCUMENT_DATE_SIZE 64

struct document_date {
	char text[DOCUMENT_DATE_SIZE]; /* as ISO 8601: a date, date-time or interval */
	size_t day;                    /* length of the date in text, without its clock */
	size_t length;                 /* bytes of the words it was read from */
	bool numeric;                  /* the year first, in numbers */
	bool clock;                    /* a time of day stands behind the date */
	bool abbreviated;              /* with a zone such as JST, which is not read: text is the
					* day alone */
	bool open;                     /* numbers that leave open which is the day: no text */
};

/* Reads the date at the beginning of text. order: "dmy", "mdy" or NULL for not stated. False when
 * none stands there, or one that no calendar has. */
bool document_date(struct span text, const char *order, struct document_date *date);

#endif
