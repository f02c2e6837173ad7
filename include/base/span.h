/*
 * base/span.h: a run of bytes that somebody else owns.
 *
 * Text in a case is bytes with a length: it may hold NUL and invalid UTF-8. A span points into a
 * buffer, a file or a row and is valid as long as its owner says. `data` may be NULL only when
 * length is 0; a span with data NULL means "not stated" where that differs from empty.
 */
#ifndef BASE_SPAN_H
#define BASE_SPAN_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

struct span {
	const char *data;
	size_t length;
};

/* Bytes start (inclusive) to end (exclusive), as in every address into a source. */
struct range {
	size_t start;
	size_t end;
};

static inline struct span span_of(const char *data, size_t length)
{
	return (struct span){.data = data, .length = length};
}

/* A span over a C string, without its NUL; NULL gives the "not stated" span. */
static inline struct span span_string(const char *string)
{
	return (struct span){.data = string, .length = string ? strlen(string) : 0};
}

static inline bool span_stated(struct span span)
{
	return span.data != NULL;
}

static inline bool span_equal(struct span a, struct span b)
{
	return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

static inline bool span_is(struct span span, const char *string)
{
	return span_equal(span, span_string(string));
}

/* Where bytes first stand in a span; NULL when they do not. A span of no bytes holds none: its data
 * may be NULL, which memmem does not take. */
const char *span_find(struct span span, const char *wanted);

/* Whether a span begins with these bytes; in the second, ASCII case is ignored. */
bool span_starts_with(struct span span, const char *start);
bool span_starts_ignoring_case(struct span span, const char *start);

/* Byte order, shorter first: <0, 0, >0. */
int span_compare(struct span a, struct span b);

/* Bytes from start to end of span; both are cut to its length. */
struct span span_slice(struct span span, size_t start, size_t end);

/* Without ASCII white space at both ends. */
struct span span_trim(struct span span);

/* ASCII case is ignored. */
bool span_equal_ignoring_case(struct span a, struct span b);

/* A whole span as a decimal number, with an optional sign. False when it is anything else or does
 * not fit. */
bool span_to_integer(struct span span, long long *number) MUST_CHECK;

#endif
