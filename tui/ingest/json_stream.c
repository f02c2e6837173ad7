#include "json_stream.h"

#include "base/buffer.h"
#include "ingest/input.h"
#include "ingest/loader.h"
#include "json_memory.h"

#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#define CHUNK ((size_t)64 * 1024)

static const struct json_oddities nothing_odd = {
	.surrogate_at = UINT64_MAX, .invalid_at = UINT64_MAX, .repeated_at = UINT64_MAX};

struct parser {
	struct json_memory memory;
	yajl_handle yajl;
	const struct json_visitor *visitor; /* NULL: every outermost value is a unit */
	struct json_arena *arena;
	struct json_oddities *odd;
	struct error *error;
	bool failed; /* *error is set */

	const char *bytes; /* bytes[0] is decoded byte `base` */
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

static struct json_path path_of(const struct parser *parser)
{
	return (struct json_path){
		.depth = parser->depth, .index = parser->values, .steps = parser->steps};
}

static int fail(struct parser *parser)
{
	parser->failed = true;
	return 0;
}

static int fail_memory(struct parser *parser)
{
	error_memory(parser->error);
	return fail(parser);
}

static uint64_t skip_between(const struct parser *parser, uint64_t at, uint64_t end)
{
	while (at < end && memchr(" \t\r\n,:", parser->bytes[at - parser->base], 6))
		at++;
	return at;
}

/* yajl takes form feeds and vertical tabs for white space, JSON does not. */
static bool refuse_stray(struct parser *parser, uint64_t at)
{
	parser->failed = true;
	return error_set(parser->error, ERROR_INPUT,
		"byte %llu: no JSON: a control character between values", (unsigned long long)at);
}

/* Bytes of the token at hand. */
static bool take_token(struct parser *parser, uint64_t *start, uint64_t *end)
{
	*end = parser->chunk + yajl_get_bytes_consumed(parser->yajl);
	*start = skip_between(parser, parser->token_end, *end);
	parser->token_end = *end;
	char first = parser->bytes[*start - parser->base];
	return (first != '' && first != '') || refuse_stray(parser, *start);
}

static struct span token_text(const struct parser *parser, uint64_t start, uint64_t end)
{
	return span_of(parser->bytes + (start - parser->base), (size_t)(end - start));
}

/* ---- units ---- */

static void value_done(struct parser *parser)
{
	if (parser->depth == 0)
		parser->values++;
	else
		parser->steps[parser->depth - 1].index++;
}

static int deliver(struct parser *parser, struct json_value *value)
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
	*parser->odd = nothing_odd;
	return ok ? 1 : fail(parser);
}

static bool is_unit(struct parser *parser, enum json_type type)
{
	struct json_path path = path_of(parser);
	return !parser->visitor || parser->visitor->is_unit(parser->visitor->context, &path, type);
}

/* A value within a unit; NULL after a failure. */
static struct json_value *new_value(
	struct parser *parser, enum json_type type, uint64_t start, uint64_t end)
{
	struct json_value *value = json_new(parser->arena, type);
	if (!value) {
		fail_memory(parser);
		return NULL;
	}
	if (parser->arena->values > JSON_MAX_VALUES) {
		error_set(parser->error, ERROR_LIMIT,
			"byte %llu: more than %d values in one object", (unsigned long long)start,
			JSON_MAX_VALUES);
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

static void begin_unit(struct parser *parser, uint64_t start)
{
	parser->in_unit = true;
	parser->unit_depth = parser->depth;
	parser->unit_start = start;
}

static int scalar(struct parser *parser, enum json_type type)
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
		return fail_memory(parser);
	if (alone && !deliver(parser, value))
		return 0;
	if (alone)
		value_done(parser);
	return 1;
}

static int begin_container(struct parser *parser, enum json_type type)
{
	uint64_t start, end;
	struct json_value *value = NULL;
	if (!take_token(parser, &start, &end))
		return 0;
	if (parser->depth == JSON_MAX_DEPTH) {
		error_set(parser->error, ERROR_LIMIT, "byte %llu: nested deeper than %d",
			(unsigned long long)start, JSON_MAX_DEPTH);
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

static int end_container(struct parser *parser)
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
			return fail_memory(parser);
		if (parser->depth > parser->unit_depth)
			return 1;
		if (!deliver(parser, value))
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
	struct parser *parser = context;
	uint64_t start, end;
	(void)text;
	(void)length;
	if (!take_token(parser, &start, &end))
		return 0;
	struct span raw = token_text(parser, start + 1, end - 1);
	if (parser->in_unit) {
		parser->key = json_unescape(parser->arena, raw, start + 1, parser->odd);
		return span_stated(parser->key) ? 1 : fail_memory(parser);
	}
	struct json_arena arena = {0};
	struct json_oddities odd = nothing_odd;
	struct buffer *key = &parser->keys[parser->depth - 1];
	buffer_clear(key);
	struct span unescaped = json_unescape(&arena, raw, start + 1, &odd);
	buffer_add_span(key, unescaped);
	json_arena_free(&arena);
	if (!span_stated(unescaped) || buffer_failed(key))
		return fail_memory(parser);
	parser->steps[parser->depth - 1].key = buffer_span(key);
	return 1;
}

static const yajl_callbacks callbacks = {.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_start_map,
	.yajl_map_key = on_key,
	.yajl_end_map = on_end,
	.yajl_start_array = on_start_array,
	.yajl_end_array = on_end};

/* ---- feeding it ---- */

static bool begin(struct parser *parser, bool several)
{
	yajl_alloc_funcs functions = json_memory_functions(&parser->memory);
	*parser->odd = nothing_odd;
	parser->memory.guarded = true;
	if (setjmp(parser->memory.out) == 0)
		parser->yajl = yajl_alloc(&callbacks, &functions, parser);
	parser->memory.guarded = false;
	if (!parser->yajl)
		return error_memory(parser->error);
	yajl_config(parser->yajl, yajl_allow_multiple_values, several ? 1 : 0);
	/* Strings are looked at when they are unescaped. */
	yajl_config(parser->yajl, yajl_dont_validate_strings, 1);
	return true;
}

static void end(struct parser *parser)
{
	json_memory_free(&parser->memory);
	for (size_t i = 0; i < JSON_MAX_DEPTH; i++)
		buffer_free(&parser->keys[i]);
}

/* yajl's words for what is wrong, without their heading and line end. */
static bool refuse(struct parser *parser, uint64_t at)
{
	unsigned char *words = yajl_get_error(parser->yajl, 0, NULL, 0);
	struct span text = span_trim(span_string((const char *)words));
	const char *colon = text.length ? memchr(text.data, ':', text.length) : NULL;
	if (colon)
		text = span_trim(span_slice(text, (size_t)(colon - text.data) + 1, text.length));
	error_set(parser->error, ERROR_INPUT, "byte %llu: no JSON: %.*s", (unsigned long long)at,
		(int)text.length, text.data ? text.data : "");
	if (words)
		yajl_free_error(parser->yajl, words);
	parser->failed = true;
	return false;
}

static yajl_status parse_chunk(struct parser *parser, struct span chunk)
{
	if (chunk.length == 0)
		return yajl_complete_parse(parser->yajl);
	return yajl_parse(parser->yajl, (const unsigned char *)chunk.data, chunk.length);
}

/* False when there was no memory: yajl is left in its midst. */
static bool parse_guarded(struct parser *parser, struct span chunk, yajl_status *status)
{
	if (setjmp(parser->memory.out) != 0)
		return false;
	*status = parse_chunk(parser, chunk);
	return true;
}

/* Bytes that yajl has not seen yet; none: the end. */
static bool feed(struct parser *parser, struct span chunk)
{
	yajl_status status = yajl_status_error;
	parser->memory.guarded = true;
	if (!parse_guarded(parser, chunk, &status))
		fail_memory(parser);
	parser->memory.guarded = false;
	if (parser->failed)
		return false;
	if (status == yajl_status_ok)
		return true;
	uint64_t at = parser->chunk;
	if (chunk.length > 0)
		at += yajl_get_bytes_consumed(parser->yajl);
	return refuse(parser, at);
}

struct json_value *json_parse(struct span text, uint64_t at, struct json_arena *arena,
	struct json_oddities *odd, struct error *error)
{
	struct parser parser = {.arena = arena,
		.odd = odd,
		.error = error,
		.bytes = text.data,
		.base = at,
		.chunk = at,
		.token_end = at};
	bool ok = begin(&parser, false) && feed(&parser, text);
	parser.chunk = at + text.length;
	ok = ok && feed(&parser, span_of("", 0));
	uint64_t to = skip_between(&parser, parser.token_end, parser.chunk);
	ok = ok && (to == parser.chunk || refuse_stray(&parser, to));
	end(&parser);
	if (ok && !parser.first)
		error_set(error, ERROR_INPUT, "byte %llu: no JSON: nothing stands in it",
			(unsigned long long)at);
	return ok ? parser.first : NULL;
}

struct json_value *json_parse_head(struct span head, struct json_arena *arena, bool *broken)
{
	struct json_oddities odd;
	struct error error = {0};
	struct parser parser = {.arena = arena, .odd = &odd, .error = &error, .bytes = head.data};
	*broken = !begin(&parser, true) || !feed(&parser, head);
	if (parser.in_unit && parser.depth > 0) {
		struct json_value *cut = parser.open[0];
		cut->end = head.length;
		deliver(&parser, cut);
	}
	end(&parser);
	return parser.first;
}

/* How far the input may be passed: to the unit at hand, or behind the last token and what stands
 * between tokens. */
static uint64_t done_to(const struct parser *parser, uint64_t fed_to)
{
	if (parser->in_unit)
		return parser->unit_start;
	return skip_between(parser, parser->token_end, fed_to);
}

static bool read_all(struct parser *parser, struct input *input)
{
	uint64_t fed_to = input_at(input);
	parser->token_end = fed_to;
	for (;;) {
		struct span window;
		size_t fed = (size_t)(fed_to - input_at(input));
		if (!input_window(input, fed + 1, &window, parser->error))
			return error_wrap(parser->error, "one value of the JSON");
		parser->bytes = window.data;
		parser->base = input_at(input);
		parser->chunk = fed_to;
		struct span chunk = span_slice(window, fed, fed + CHUNK);
		if (!feed(parser, chunk))
			return false;
		if (chunk.length == 0) {
			uint64_t end = done_to(parser, fed_to);
			return end == fed_to || refuse_stray(parser, end);
		}
		fed_to += chunk.length;
		uint64_t to = done_to(parser, fed_to);
		input_advance(input, (size_t)(to - parser->base));
		if (parser->token_end < to)
			parser->token_end = to;
	}
}

bool json_read(struct input *input, const struct json_visitor *visitor, struct error *error)
{
	struct json_arena arena = {0};
	struct json_oddities odd;
	struct parser *parser = calloc(1, sizeof *parser);
	if (!parser)
		return error_memory(error);
	parser->visitor = visitor;
	parser->arena = &arena;
	parser->odd = &odd;
	parser->error = error;
	bool ok = begin(parser, visitor->several) && read_all(parser, input);
	end(parser);
	free(parser);
	json_arena_free(&arena);
	return ok;
}

bool json_remark(
	struct loader *loader, int64_t line, const struct json_oddities *odd, struct error *error)
{
	struct span key = span_slice(odd->repeated, 0, 60);
	if (odd->repeated_at != UINT64_MAX &&
		!loader_remark(loader, line, (int64_t)odd->repeated_at, -1, error,
			"the key %.*s stands twice in one object: both are kept, the last one "
			"counts",
			(int)key.length, key.data))
		return false;
	if (odd->surrogate_at != UINT64_MAX &&
		!loader_remark(loader, line, (int64_t)odd->surrogate_at, -1, error,
			"half of a surrogate pair: kept as the escape it is written as"))
		return false;
	return odd->invalid_at == UINT64_MAX ||
	       loader_remark(loader, line, (int64_t)odd->invalid_at, -1, error,
		       "bytes that are no UTF-8: kept as they are");
}
