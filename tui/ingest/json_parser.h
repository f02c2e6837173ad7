/*
 * A parser's state and yajl's callbacks: json_parser.c fills in what json_stream.c feeds. Private
 * to those two.
 */
#ifndef INGEST_JSON_PARSER_H
#define INGEST_JSON_PARSER_H

#include "base/buffer.h"
#include "json_memory.h"
#include "json_stream.h"

#include <yajl/yajl_parse.h>

extern const struct json_oddities json_nothing_odd;
extern const yajl_callbacks json_parser_callbacks;

struct json_parser {
	struct json_memory memory;
	yajl_handle yajl;
	const struct json_visitor *visitor; /* NULL: every outermost value is a unit */
	struct json_arena *arena;
	struct json_oddities *odd;
	struct error *error;
	bool failed; /* *error is set */

	struct input *input; /* whose original bytes an error names; NULL: decoded ones */
	const char *bytes;   /* bytes[0] is decoded byte `base` */
	uint64_t base;
	uint64_t chunk;     /* decoded byte where the bytes that yajl was given begin */
	uint64_t token_end; /* of the last token */

	size_t depth;
	struct json_step steps[JSON_MAX_DEPTH];
	struct buffer keys[JSON_MAX_DEPTH]; /* of steps outside of units */
	struct json_value *open[JSON_MAX_DEPTH];
	struct span key; /* of the member to come, within a unit */
	bool in_unit;
	size_t unit_depth;
	uint64_t unit_start;
	size_t values;                   /* outermost ones so far */
	struct json_value *first, *last; /* without a visitor: them */
};

/* A decoded byte as an error names it. */
unsigned long long json_parser_byte(const struct json_parser *parser, uint64_t at);
/* Behind white space and what separates values, at most `end`. */
uint64_t json_parser_between(const struct json_parser *parser, uint64_t at, uint64_t end);
/* yajl takes form feeds and vertical tabs for white space, JSON does not: false, and the error. */
bool json_parser_stray(struct json_parser *parser, uint64_t at);
/* Hands a whole unit on. 0 after a failure, as yajl's callbacks return. */
int json_parser_deliver(struct json_parser *parser, struct json_value *value);
/* Sets the error; 0. */
int json_parser_no_memory(struct json_parser *parser);

#endif
