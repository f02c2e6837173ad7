/*
 * report/json.h: JSON written as it goes, one object a line.
 *
 *	struct json json = {.out = &buffer};
 *	json_open(&json, NULL);
 *	json_text(&json, "kind", span_string("host"));
 *	json_number(&json, "id", 7);
 *	json_close_line(&json);
 *
 * Bytes that are not UTF-8 become U+FFFD, and the member is followed by NAME_base64 with the exact
 * bytes. What no terminal should meet (text_code_unsafe) is written as \uXXXX. A name of NULL is
 * for members of an array and for the outermost value.
 */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include "base/buffer.h"
#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

struct json {
	struct buffer *out;
	bool more; /* a member stands before the next one */
};

void json_open(struct json *json, const char *name);
void json_close(struct json *json);
/* The outermost object, and the newline behind it. */
void json_close_line(struct json *json);
void json_open_array(struct json *json, const char *name);
void json_close_array(struct json *json);
void json_text(struct json *json, const char *name, struct span text);
void json_string(struct json *json, const char *name, const char *string);
void json_number(struct json *json, const char *name, int64_t number);
void json_bool(struct json *json, const char *name, bool value);
/* As json_text with a name that is a span (a field from a file). */
void json_field(struct json *json, struct span name, struct span text);
/* Several texts under one name, as an array; where one is no UTF-8, NAME_base64 is an array, too.
 */
void json_list(struct json *json, struct span name, const struct span *texts, size_t count);

#endif
