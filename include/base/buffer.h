/*
 * base/buffer.h: bytes that grow.
 *
 *	struct buffer text = {0};
 *	buffer_add_string(&text, "42 of ");
 *	buffer_add_format(&text, "%lld", total);
 *	if (buffer_failed(&text)) ...
 *	buffer_free(&text);
 *
 * A buffer remembers the first allocation that failed and ignores what is added afterwards, so
 * a run of additions is checked once, at its end. `data` is always followed by a NUL that is not
 * counted, once anything was added.
 */
#ifndef BASE_BUFFER_H
#define BASE_BUFFER_H

#include "base/compiler.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buffer {
	char *data;
	size_t length;
	size_t capacity;
	bool failed;
};

void buffer_free(struct buffer *buffer);
/* Empties it and keeps its memory; a failure is forgotten. */
void buffer_clear(struct buffer *buffer);
/* Makes room for more bytes behind length. */
bool buffer_reserve(struct buffer *buffer, size_t more);
void buffer_add(struct buffer *buffer, const void *data, size_t length);
void buffer_add_byte(struct buffer *buffer, char byte);
void buffer_add_span(struct buffer *buffer, struct span span);
void buffer_add_string(struct buffer *buffer, const char *string);
void buffer_add_format(struct buffer *buffer, const char *format, ...) PRINTF_LIKE(2, 3);
/* In decimal. */
void buffer_add_number(struct buffer *buffer, int64_t number);
/* LEB128, seven bits a byte, low bits first: at most VARINT_MOST bytes. */
#define VARINT_MOST 10
void buffer_add_varint(struct buffer *buffer, uint64_t number);

static inline bool buffer_failed(const struct buffer *buffer)
{
	return buffer->failed;
}

static inline struct span buffer_span(const struct buffer *buffer)
{
	return span_of(buffer->data ? buffer->data : "", buffer->length);
}

/* Reads a number written by buffer_add_varint at *cursor, which moves behind it. False when the
 * bytes end too early or hold more than 64 bits. */
bool varint_read(const uint8_t **cursor, const uint8_t *end, uint64_t *number) MUST_CHECK;

#endif
