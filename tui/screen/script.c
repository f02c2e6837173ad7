#include "script.h"

#include "base/memory.h"
#include "screen/headless.h"

#define SIZE_LIMIT 65535

/* One line under way. */
struct reader {
	struct script *script;
	const char *name;
	struct span text;
	int line;
	struct error *error;
};

static bool complain(const struct reader *reader, const char *at, const char *message)
{
	return error_set_at(reader->error, ERROR_USAGE, at - reader->text.data, "%s, line %d: %s",
		reader->name, reader->line, message);
}

static bool add_step(struct reader *reader, struct script_step step)
{
	struct script *script = reader->script;
	if (script->count == script->capacity) {
		struct script_step *grown = memory_grow(
			script->steps, &script->capacity, script->count + 1, sizeof *grown);
		if (!grown)
			return error_memory(reader->error);
		script->steps = grown;
	}
	step.line = reader->line;
	script->steps[script->count++] = step;
	return true;
}

static bool add_keys(struct reader *reader, struct span keys)
{
	for (size_t at = 0; at < keys.length;) {
		struct script_step step = {.kind = SCRIPT_KEY};
		if (!key_parse(keys, &at, &step.key))
			return complain(reader, keys.data + at,
				"not a key; keys are written as j, <Enter>, <C-d>, <lt>");
		if (!add_step(reader, step))
			return false;
	}
	return true;
}

static bool side(struct span text, int *length)
{
	long long number = 0;
	if (text.length == 0 || text.data[0] == '+' || !span_to_integer(text, &number) ||
		number < 1 || number > SIZE_LIMIT)
		return false;
	*length = (int)number;
	return true;
}

bool headless_size(struct span text, int *width, int *height)
{
	const char *cross = text.length > 0 ? memchr(text.data, 'x', text.length) : NULL;
	if (!cross)
		return false;
	const size_t at = (size_t)(cross - text.data);
	return side(span_slice(text, 0, at), width) &&
	       side(span_slice(text, at + 1, text.length), height);
}

static bool read_directive(struct reader *reader, struct span line)
{
	size_t end = 1;
	while (end < line.length && line.data[end] != ' ' && line.data[end] != '\t')
		end++;
	const struct span word = span_slice(line, 1, end);
	const struct span rest = span_trim(span_slice(line, end, line.length));
	struct script_step step = {.kind = SCRIPT_FRAME, .title = rest};
	if (span_is(word, "frame"))
		return add_step(reader, step);
	if (span_is(word, "nowait"))
		return rest.length > 0 ? add_keys(reader, rest)
				       : complain(reader, line.data, ":nowait wants keys");
	if (span_is(word, "size")) {
		step.kind = SCRIPT_SIZE;
		if (!headless_size(rest, &step.width, &step.height))
			return complain(reader, line.data, ":size wants a size such as 80x24");
		return add_step(reader, step);
	}
	if (!span_is(word, "wait"))
		return complain(reader, line.data,
			"no such directive; there are :frame, :size, :wait and :nowait, and "
			"<:> types a colon");
	if (rest.length > 0)
		return complain(reader, line.data, ":wait stands alone");
	step.kind = SCRIPT_SETTLE;
	return add_step(reader, step);
}

static bool read_line(struct reader *reader, struct span line)
{
	line = span_trim(line);
	if (line.length == 0 || line.data[0] == '#')
		return true;
	if (line.data[0] == ':')
		return read_directive(reader, line);
	const struct script_step settle = {.kind = SCRIPT_SETTLE};
	return add_keys(reader, line) && add_step(reader, settle);
}

bool script_parse(struct script *script, struct span text, const char *name, struct error *error)
{
	struct reader reader = {
		.script = script, .name = name, .text = text, .line = 1, .error = error};
	for (size_t at = 0; at < text.length; reader.line++) {
		const char *newline = memchr(text.data + at, '\n', text.length - at);
		const size_t end = newline ? (size_t)(newline - text.data) : text.length;
		if (!read_line(&reader, span_slice(text, at, end)))
			return false;
		at = end + 1;
	}
	return true;
}

void script_free(struct script *script)
{
	free(script->steps);
	*script = (struct script){0};
}
