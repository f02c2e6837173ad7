/*
 * JSON of any length, a unit at a time. Private to ingest/.
 *
 * yajl cuts the tokens; what comes out are values in memory (json_value.h) for those places of a
 * document that its visitor calls units: an element of `{"objects":[...]}`, a whole incident. What
 * lies around units is checked and passed over, so that memory is bounded by the largest unit. A
 * text that is not JSON is refused with the byte where it stops to be.
 */
#ifndef INGEST_JSON_STREAM_H
#define INGEST_JSON_STREAM_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "json_value.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct input;
struct loader;

/* Where a value stands: steps[0] is in the document's outermost container. */
struct json_step {
	enum json_type container; /* JSON_ARRAY or JSON_OBJECT */
	size_t index;             /* of the element or member, from 0 */
	struct span key;          /* of the member; not stated in an array */
};
struct json_path {
	size_t depth; /* 0: a value of its own */
	size_t index; /* of the outermost value, from 0 */
	const struct json_step *steps;
};

struct json_visitor {
	/* Whether the value that begins here is a unit. */
	bool (*is_unit)(void *context, const struct json_path *path, enum json_type type);
	/* A container that is none begins, or ended; may be NULL. */
	bool (*open)(void *context, const struct json_path *path, enum json_type type,
		uint64_t start, struct error *error);
	bool (*close)(void *context, const struct json_path *path, enum json_type type,
		uint64_t end, struct error *error);
	/* A unit. It and its text are valid during the call. */
	bool (*unit)(void *context, const struct json_path *path, struct json_value *value,
		struct json_arena *arena, const struct json_oddities *odd, struct error *error);
	void *context;
	bool several; /* one value after another is no error */
};

/* Reads to the end. False on what the visitor failed with, on ERROR_INPUT for what is no JSON, on
 * ERROR_LIMIT for a bound that was met, and on what reading the input failed with. */
bool json_read(
	struct input *input, const struct json_visitor *visitor, struct error *error) MUST_CHECK;

/* A text of one value. NULL when it is none (ERROR_INPUT, with the byte counted from `at`, as the
 * original of input has it where that is not NULL), or on
 * ERROR_LIMIT or ERROR_MEMORY. */
struct json_value *json_parse(struct span text, uint64_t at, struct input *input,
	struct json_arena *arena, struct json_oddities *odd, struct error *error) MUST_CHECK;

/* The values of a text that may be cut off anywhere: as much of them as is there, linked by next.
 * *broken says that what is there is no JSON. NULL when there is none. */
struct json_value *json_parse_head(struct span head, struct json_arena *arena, bool *broken);

/* Remarks on what was odd in a unit. */
bool json_remark(struct loader *loader, int64_t line, const struct json_oddities *odd,
	struct error *error) MUST_CHECK;

#endif
