/*
 * JSON as values in memory: one unit of a file at a time. Private to ingest/.
 *
 * Strings are decoded to UTF-8, numbers stay as they are written, every value knows its bytes. What
 * a string holds is kept exactly: bytes of invalid UTF-8 stay, and half of a surrogate pair stays
 * as the escape it was written as (`\ud800`); both are said (struct json_oddities). Of members with
 * one key the last has it, as with most readers; those before are called `KEY 2`, `KEY 3`, as
 * columns of one name are.
 */
#ifndef INGEST_JSON_VALUE_H
#define INGEST_JSON_VALUE_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bounds, each named with the byte where it is met. A unit's bytes: INPUT_MAX_LINE. */
#define JSON_MAX_DEPTH 128
#define JSON_MAX_VALUES (1024 * 1024)
/* A longer name of a flattened member ends here, and what is below it is kept as JSON. */
#define JSON_MAX_NAME 512

enum json_type {
	JSON_NULL,
	JSON_FALSE,
	JSON_TRUE,
	JSON_NUMBER,
	JSON_STRING,
	JSON_ARRAY,
	JSON_OBJECT
};

struct json_value {
	enum json_type type;
	bool used;           /* has found its place: json_flatten passes it over */
	struct span key;     /* of a member of an object */
	struct span text;    /* string: decoded; number: as written; true, false, null */
	uint64_t start, end; /* decoded bytes of the input */
	size_t count;        /* members or elements */
	struct json_value *first, *last, *next;
};

/* Room for values and text that is given back all at once. Zeroed at first. */
struct json_arena {
	struct json_block *block;
	size_t values; /* since the last reset */
};

void *json_arena_take(struct json_arena *arena, size_t size) MUST_CHECK;
/* A copy with its bytes in the arena; not stated when out of memory. */
struct span json_arena_copy(struct json_arena *arena, struct span text);
void json_arena_reset(struct json_arena *arena);
void json_arena_free(struct json_arena *arena);

struct json_value *json_new(struct json_arena *arena, enum json_type type) MUST_CHECK;
void json_append(struct json_value *parent, struct json_value *child);
/* A whole value in another arena; NULL when out of memory. */
struct json_value *json_copy(struct json_arena *arena, const struct json_value *value) MUST_CHECK;

/* The last member with this key; NULL when there is none or value is no object (or NULL). */
struct json_value *json_member(const struct json_value *value, const char *key);
/* By a path of members, `winlog.event_data.Image`; a key may hold dots itself. */
struct json_value *json_at(const struct json_value *value, const char *path);
/* Text of a string, number or boolean; not stated for anything else, NULL included. */
struct span json_scalar(const struct json_value *value);
struct span json_scalar_at(const struct json_value *value, const char *path);
bool json_is(const struct json_value *value, const char *text);
bool json_is_type(const struct json_value *value, enum json_type type);

/* What a unit held that is worth a remark; UINT64_MAX: none. */
struct json_oddities {
	uint64_t surrogate_at, invalid_at, repeated_at; /* decoded bytes */
	struct span repeated;
};

/* The text between a string's quotes, unescaped, into the arena. at: its decoded byte. The escapes
 * must be well-formed. Not stated when out of memory. */
struct span json_unescape(
	struct json_arena *arena, struct span raw, uint64_t at, struct json_oddities *odd);
/* Gives members that share their key with a later one keys of their own, in the arena, and says the
 * first such key. False when out of memory. */
bool json_part_repeated(const struct json_value *object, struct json_arena *arena,
	struct json_oddities *odd) MUST_CHECK;

/* Each leaf that is stated and not used, as `a.b[0]`, in order. null, empty text and empty
 * containers are not stated. take returns false to stop; so does json_flatten when it did, or when
 * out of memory. Names are valid during the call only, texts as long as value. */
typedef bool (*json_take)(void *context, struct span name, struct span text);
bool json_flatten(const struct json_value *value, struct json_arena *arena, json_take take,
	void *context) MUST_CHECK;
/* The same leaves as one text, `a.b[0]: x; c: y`; the member `first` before the others, when it is
 * there. False when out of memory. */
bool json_summary(struct buffer *out, const struct json_value *value, const char *first) MUST_CHECK;
/* As compact JSON. */
void json_write(struct buffer *out, const struct json_value *value);

#endif
