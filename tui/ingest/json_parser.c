/* What yajl calls, as values: units are kept whole, what stands around them is passed by. */
#include "json_parser.h"

#include "ingest/input.h"

#include <string.h>

const struct json_oddities json_nothing_odd = {
	.surrogate_at = UINT64_MAX, .invalid_at = UINT64_MAX, .repeated_at = UINT64_MAX};

static struct json_path path_of(const struct json_parser *parser)
{
	return (struct json_path){
		.depth = parser->depth, .index = parser->values, .steps = parser->steps};
}

static int fail(struct json_parser *parser)
{
	parser->failed = true;
	return 0;
}

int json_parser_no_memory(struct json_parser *parser)
{
	error_memory(parser->error);
	return fail(parser);
}

unsigned long long json_parser_byte(const struct json_parser *parser, uint64_t at)
{
	return parser->input ? input_original(parser->input, at) : at;
}

uint64_t json_parser_between(const struct json_parser *parser, uint64_t at, uint64_t end)
{
	while (at < end && memchr(" \t\r\n,:", parser->bytes[at - parser->base], 6))
		at++;
	return at;
}

bool json_parser_stray(struct json_parser *parser, uint64_t at)
{
	parser->failed = true;
	return error_set(parser->error, ERROR_INPUT,
		"byte %llu: no JSON: a control character between values",
		json_parser_byte(parser, at));
}

/* Bytes of the token at hand. */
static bool take_token(struct json_parser *parser, uint64_t *start, uint64_t *end)
{
	*end = parser->chunk + yajl_get_bytes_consumed(parser->yajl);
	*start = json_parser_between(parser, parser->token_end, *end);
	parser->token_end = *end;
	char first = parser->bytes[*start - parser->base];
	return (first != '\f' && first != '\v') || json_parser_stray(parser, *start);
}

static struct span token_text(const struct json_parser *parser, uint64_t start, uint64_t end)
{
	return span_of(parser->bytes + (start - parser->base), (size_t)(end - start));
}

/* ---- units ---- */

static void value_done(struct json_parser *parser)
{
	if (parser->depth == 0)
		parser->values++;
	else
		parser->steps[parser->depth - 1].index++;
}

int json_parser_deliver(struct json_parser *parser, struct json_value *value)
{
	parser->in_unit = false;
	if (!parser->visitor) {
		if (parser->last)
			parser->last->next = value;
		else
			parser->first = value;
		parser->last = value;
		return 1;
	}
	struct json_path path = path_of(parser);
	bool ok = parser->visitor->unit(
		parser->visitor->context, &path, value, parser->arena, parser->odd, parser->error);
	json_arena_reset(parser->arena);
	*parser->odd = json_nothing_odd;
	return ok ? 1 : fail(parser);
}

static bool is_unit(struct json_parser *parser, enum json_type type)
{
	struct json_path path = path_of(parser);
	return !parser->visitor || parser->visitor->is_unit(parser->visitor->context, &path, type);
}

/* A value within a unit; NULL after a failure. */
static struct json_value *new_value(
	struct json_parser *parser, enum json_type type, uint64_t start, uint64_t end)
{
	struct json_value *value = json_new(parser->arena, type);
	if (!value) {
		json_parser_no_memory(parser);
		return NULL;
	}
	if (parser->arena->values > JSON_MAX_VALUES) {
		error_set(parser->error, ERROR_LIMIT,
			"byte %llu: more than %d values in one object",
			json_parser_byte(parser, start), JSON_MAX_VALUES);
		fail(parser);
		return NULL;
	}
	value->start = start;
	value->end = end;
	value->key = span_string(NULL);
	if (parser->depth > parser->unit_depth) {
		struct json_value *parent = parser->open[parser->depth - 1];
		if (parent->type == JSON_OBJECT)
			value->key = parser->key;
		json_append(parent, value);
	}
	return value;
}

static void begin_unit(struct json_parser *parser, uint64_t start)
{
	parser->in_unit = true;
	parser->unit_depth = parser->depth;
	parser->unit_start = start;
}

static int scalar(struct json_parser *parser, enum json_type type)
{
	uint64_t start, end;
	if (!take_token(parser, &start, &end))
		return 0;
	bool alone = !parser->in_unit;
	if (alone && !is_unit(parser, type)) {
		value_done(parser);
		return 1;
	}
	if (alone)
		begin_unit(parser, start);
	struct json_value *value = new_value(parser, type, start, end);
	if (!value)
		return 0;
	struct span raw = token_text(parser, start, end);
	value->text = type == JSON_STRING
			      ? json_unescape(parser->arena, span_slice(raw, 1, raw.length - 1),
					start + 1, parser->odd)
			      : json_arena_copy(parser->arena, raw);
	if (!span_stated(value->text))
		return json_parser_no_memory(parser);
	if (alone && !json_parser_deliver(parser, value))
		return 0;
	if (alone)
		value_done(parser);
	return 1;
}

static int begin_container(struct json_parser *parser, enum json_type type)
{
	uint64_t start, end;
	struct json_value *value = NULL;
	if (!take_token(parser, &start, &end))
		return 0;
	if (parser->depth == JSON_MAX_DEPTH) {
		error_set(parser->error, ERROR_LIMIT, "byte %llu: nested deeper than %d",
			json_parser_byte(parser, start), JSON_MAX_DEPTH);
		return fail(parser);
	}
	struct json_path path = path_of(parser);
	if (!parser->in_unit && is_unit(parser, type))
		begin_unit(parser, start);
	else if (!parser->in_unit && parser->visitor->open &&
		 !parser->visitor->open(
			 parser->visitor->context, &path, type, start, parser->error))
		return fail(parser);
	if (parser->in_unit) {
		value = new_value(parser, type, start, end);
		if (!value)
			return 0;
	}
	parser->open[parser->depth] = value;
	parser->steps[parser->depth++] =
		(struct json_step){.container = type, .key = span_string(NULL)};
	return 1;
}

static int end_container(struct json_parser *parser)
{
	uint64_t start, end;
	if (!take_token(parser, &start, &end))
		return 0;
	enum json_type type = parser->steps[--parser->depth].container;
	struct json_value *value = parser->open[parser->depth];
	struct json_path path = path_of(parser);
	if (value) {
		value->end = end;
		if (type == JSON_OBJECT && !json_part_repeated(value, parser->arena, parser->odd))
			return json_parser_no_memory(parser);
		if (parser->depth > parser->unit_depth)
			return 1;
		if (!json_parser_deliver(parser, value))
			return 0;
	} else if (parser->visitor->close && !parser->visitor->close(parser->visitor->context,
						     &path, type, end, parser->error)) {
		return fail(parser);
	}
	value_done(parser);
	return 1;
}

/* ---- what yajl calls ---- */

static int on_null(void *context)
{
	return scalar(context, JSON_NULL);
}

static int on_boolean(void *context, int yes)
{
	return scalar(context, yes ? JSON_TRUE : JSON_FALSE);
}

static int on_number(void *context, const char *text, size_t length)
{
	(void)text;
	(void)length;
	return scalar(context, JSON_NUMBER);
}

static int on_string(void *context, const unsigned char *text, size_t length)
{
	(void)text;
	(void)length;
	return scalar(context, JSON_STRING);
}

static int on_start_map(void *context)
{
	return begin_container(context, JSON_OBJECT);
}

static int on_start_array(void *context)
{
	return begin_container(context, JSON_ARRAY);
}

static int on_end(void *context)
{
	return end_container(context);
}

static int on_key(void *context, const unsigned char *text, size_t length)
{
	struct json_parser *parser = context;
	uint64_t start, end;
	(void)text;
	(void)length;
	if (!take_token(parser, &start, &end))
		return 0;
	struct span raw = token_text(parser, start + 1, end - 1);
	if (parser->in_unit) {
		parser->key = json_unescape(parser->arena, raw, start + 1, parser->odd);
		return span_stated(parser->key) ? 1 : json_parser_no_memory(parser);
	}
	struct json_arena arena = {0};
	struct json_oddities odd = json_nothing_odd;
	struct buffer *key = &parser->keys[parser->depth - 1];
	buffer_clear(key);
	struct span unescaped = json_unescape(&arena, raw, start + 1, &odd);
	buffer_add_span(key, unescaped);
	json_arena_free(&arena);
	if (!span_stated(unescaped) || buffer_failed(key))
		return json_parser_no_memory(parser);
	parser->steps[parser->depth - 1].key = buffer_span(key);
	return 1;
}

const yajl_callbacks json_parser_callbacks = {.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_start_map,
	.yajl_map_key = on_key,
	.yajl_end_map = on_end,
	.yajl_start_array = on_start_array,
	.yajl_end_array = on_end};
