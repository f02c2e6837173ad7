#include "base/buffer.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void buffer_free(struct buffer *buffer)
{
	free(buffer->data);
	*buffer = (struct buffer){0};
}

void buffer_clear(struct buffer *buffer)
{
	buffer->length = 0;
	buffer->failed = false;
	if (buffer->data)
		buffer->data[0] = '\0';
}

bool buffer_reserve(struct buffer *buffer, size_t more)
{
	if (buffer->failed)
		return false;
	size_t needed;
	if (__builtin_add_overflow(buffer->length, more, &needed) ||
		__builtin_add_overflow(needed, (size_t)1, &needed)) {
		buffer->failed = true;
		return false;
	}
	if (needed <= buffer->capacity)
		return true;
	char *grown = memory_grow(buffer->data, &buffer->capacity, needed, 1);
	if (!grown) {
		buffer->failed = true;
		return false;
	}
	buffer->data = grown;
	return true;
}

void buffer_add(struct buffer *buffer, const void *data, size_t length)
{
	if (!buffer_reserve(buffer, length))
		return;
	if (length > 0)
		memcpy(buffer->data + buffer->length, data, length);
	buffer->length += length;
	buffer->data[buffer->length] = '\0';
}

void buffer_add_byte(struct buffer *buffer, char byte)
{
	buffer_add(buffer, &byte, 1);
}

void buffer_add_span(struct buffer *buffer, struct span span)
{
	buffer_add(buffer, span.data, span.length);
}

void buffer_add_string(struct buffer *buffer, const char *string)
{
	buffer_add(buffer, string, strlen(string));
}

void buffer_add_format(struct buffer *buffer, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0) {
		buffer->failed = true;
	} else if (buffer_reserve(buffer, (size_t)length)) {
		vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, again);
		buffer->length += (size_t)length;
	}
	va_end(again);
}

void buffer_add_number(struct buffer *buffer, int64_t number)
{
	char digits[20]; /* of the least one with its sign */
	size_t at = sizeof digits;
	uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (number < 0)
		digits[--at] = '-';
	buffer_add(buffer, digits + at, sizeof digits - at);
}

void buffer_add_varint(struct buffer *buffer, uint64_t number)
{
	if (!buffer_reserve(buffer, VARINT_MOST))
		return;
	char *at = buffer->data + buffer->length;
	for (; number >= 0x80; number >>= 7)
		*at++ = (char)(number | 0x80);
	*at++ = (char)number;
	*at = '\0';
	buffer->length = (size_t)(at - buffer->data);
}

bool varint_read(const uint8_t **cursor, const uint8_t *end, uint64_t *number)
{
	uint64_t value = 0;
	const uint8_t *at = *cursor;
	for (unsigned shift = 0; at < end && shift < 64; shift += 7) {
		uint8_t byte = *at++;
		if (shift == 63 && byte > 1)
			return false;
		value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80)) {
			*number = value;
			*cursor = at;
			return true;
		}
	}
	return false;
}
