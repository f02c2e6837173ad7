#include "base/span.h"

#include "base/ascii.h"

#include <strings.h>

const char *span_find(struct span span, const char *wanted)
{
	return span.length > 0 ? memmem(span.data, span.length, wanted, strlen(wanted)) : NULL;
}

bool span_starts_with(struct span span, const char *start)
{
	return span_equal(span_slice(span, 0, strlen(start)), span_string(start));
}

bool span_starts_ignoring_case(struct span span, const char *start)
{
	return span_equal_ignoring_case(span_slice(span, 0, strlen(start)), span_string(start));
}

int span_compare(struct span a, struct span b)
{
	size_t shorter = a.length < b.length ? a.length : b.length;
	int order = shorter ? memcmp(a.data, b.data, shorter) : 0;
	if (order != 0)
		return order;
	return a.length < b.length ? -1 : a.length > b.length;
}

struct span span_slice(struct span span, size_t start, size_t end)
{
	if (end > span.length)
		end = span.length;
	if (start > end)
		start = end;
	return span_of(span.data ? span.data + start : NULL, end - start);
}

struct span span_trim(struct span span)
{
	while (span.length > 0 && ascii_is_space(span.data[span.length - 1]))
		span.length--;
	while (span.length > 0 && ascii_is_space(span.data[0])) {
		span.data++;
		span.length--;
	}
	return span;
}

bool span_equal_ignoring_case(struct span a, struct span b)
{
	return a.length == b.length &&
	       (a.length == 0 || strncasecmp(a.data, b.data, a.length) == 0);
}

bool span_to_integer(struct span span, long long *number)
{
	size_t at = 0;
	bool negative = span.length > 0 && span.data[0] == '-';
	if (span.length > 0 && (negative || span.data[0] == '+'))
		at = 1;
	if (at == span.length)
		return false;
	long long value = 0;
	for (; at < span.length; at++) {
		int digit = span.data[at] - '0';
		if (digit < 0 || digit > 9)
			return false;
		if (__builtin_mul_overflow(value, 10LL, &value) ||
			__builtin_sub_overflow(value, (long long)digit, &value))
			return false;
	}
	/* Summed below zero, so that the most negative number is read as well. */
	if (!negative && __builtin_sub_overflow(0LL, value, &value))
		return false;
	*number = value;
	return true;
}
