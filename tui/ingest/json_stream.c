#include "json_stream.h"

#include "ingest/input.h"
#include "ingest/loader.h"
#include "json_parser.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK ((size_t)64 * 1024)

static bool begin(struct json_parser *parser, bool several)
{
	yajl_alloc_funcs functions = json_memory_functions(&parser->memory);
	*parser->odd = json_nothing_odd;
	parser->memory.guarded = true;
	if (setjmp(parser->memory.out) == 0)
		parser->yajl = yajl_alloc(&json_parser_callbacks, &functions, parser);
	parser->memory.guarded = false;
	if (!parser->yajl)
		return error_memory(parser->error);
	yajl_config(parser->yajl, yajl_allow_multiple_values, several ? 1 : 0);
	/* Strings are looked at when they are unescaped. */
	yajl_config(parser->yajl, yajl_dont_validate_strings, 1);
	return true;
}

static void end(struct json_parser *parser)
{
	json_memory_free(&parser->memory);
	for (size_t i = 0; i < JSON_MAX_DEPTH; i++)
		buffer_free(&parser->keys[i]);
}

/* yajl's words for what is wrong, without their heading and line end. */
static bool refuse(struct json_parser *parser, uint64_t at)
{
	unsigned char *words = yajl_get_error(parser->yajl, 0, NULL, 0);
	struct span text = span_trim(span_string((const char *)words));
	const char *colon = text.length ? memchr(text.data, ':', text.length) : NULL;
	if (colon)
		text = span_trim(span_slice(text, (size_t)(colon - text.data) + 1, text.length));
	error_set(parser->error, ERROR_INPUT, "byte %llu: no JSON: %.*s",
		json_parser_byte(parser, at), (int)text.length, text.data ? text.data : "");
	if (words)
		yajl_free_error(parser->yajl, words);
	parser->failed = true;
	return false;
}

static yajl_status parse_chunk(struct json_parser *parser, struct span chunk)
{
	if (chunk.length == 0)
		return yajl_complete_parse(parser->yajl);
	return yajl_parse(parser->yajl, (const unsigned char *)chunk.data, chunk.length);
}

/* False when there was no memory: yajl is left in its midst. */
static bool parse_guarded(struct json_parser *parser, struct span chunk, yajl_status *status)
{
	if (setjmp(parser->memory.out) != 0)
		return false;
	*status = parse_chunk(parser, chunk);
	return true;
}

/* Bytes that yajl has not seen yet; none: the end. */
static bool feed(struct json_parser *parser, struct span chunk)
{
	yajl_status status = yajl_status_error;
	parser->memory.guarded = true;
	if (!parse_guarded(parser, chunk, &status))
		json_parser_no_memory(parser);
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

/* ---- texts and files ---- */

struct json_value *json_parse(struct span text, uint64_t at, struct input *input,
	struct json_arena *arena, struct json_oddities *odd, struct error *error)
{
	struct json_parser parser = {.input = input,
		.arena = arena,
		.odd = odd,
		.error = error,
		.bytes = text.data,
		.base = at,
		.chunk = at,
		.token_end = at};
	bool ok = begin(&parser, false) && feed(&parser, text);
	parser.chunk = at + text.length;
	ok = ok && feed(&parser, span_of("", 0));
	uint64_t to = json_parser_between(&parser, parser.token_end, parser.chunk);
	ok = ok && (to == parser.chunk || json_parser_stray(&parser, to));
	end(&parser);
	if (ok && !parser.first)
		error_set(error, ERROR_INPUT, "byte %llu: no JSON: nothing stands in it",
			json_parser_byte(&parser, at));
	return ok ? parser.first : NULL;
}

struct json_value *json_parse_head(struct span head, struct json_arena *arena, bool *broken)
{
	struct json_oddities odd;
	struct error error = {0};
	struct json_parser parser = {
		.arena = arena, .odd = &odd, .error = &error, .bytes = head.data};
	*broken = !begin(&parser, true) || !feed(&parser, head);
	if (parser.in_unit && parser.depth > 0) {
		struct json_value *cut = parser.open[0];
		cut->end = head.length;
		json_parser_deliver(&parser, cut);
	}
	end(&parser);
	return parser.first;
}

/* How far the input may be passed: to the unit at hand, or behind the last token and what stands
 * between tokens. */
static uint64_t done_to(const struct json_parser *parser, uint64_t fed_to)
{
	if (parser->in_unit)
		return parser->unit_start;
	return json_parser_between(parser, parser->token_end, fed_to);
}

static bool read_all(struct json_parser *parser, struct input *input)
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
			return end == fed_to || json_parser_stray(parser, end);
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
	struct json_parser *parser = calloc(1, sizeof *parser);
	if (!parser)
		return error_memory(error);
	parser->input = input;
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
