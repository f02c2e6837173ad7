#include "explore/keymap.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

void keymap_free(struct keymap *keymap)
{
	free(keymap->bindings);
	*keymap = (struct keymap){0};
}

/* The next word of a line; empty at its end. */
static struct span next_word(struct span *line)
{
	*line = span_trim(*line);
	size_t length = 0;
	while (length < line->length && line->data[length] != ' ' && line->data[length] != '\t')
		length++;
	struct span word = span_slice(*line, 0, length);
	*line = span_slice(*line, length, line->length);
	return word;
}

static bool read_keys(struct span text, struct keymap_binding *binding)
{
	for (size_t at = 0; at < text.length;)
		if (binding->count == KEYMAP_MAX_KEYS ||
			!key_parse(text, &at, &binding->keys[binding->count++]))
			return false;
	return binding->count > 0;
}

static const char *find_name(struct span name)
{
	int commands;
	const struct command *table = command_table(&commands);
	for (int i = 0; i < commands; i++)
		if (span_is(name, table[i].name))
			return table[i].name;
	return NULL;
}

static bool read_line(struct keymap *keymap, struct span line, const char *file, long long number,
	struct error *error)
{
	struct keymap_binding binding = {0};
	struct span verb = next_word(&line);
	if (verb.length == 0 || verb.data[0] == '#')
		return true;
	bool map = span_is(verb, "map");
	struct span keys = next_word(&line), name = next_word(&line);
	if (!map && !span_is(verb, "unmap"))
		return error_set(error, ERROR_USAGE,
			"%s, line %lld: a line begins with map or unmap", file, number);
	if (!read_keys(keys, &binding))
		return error_set(
			error, ERROR_USAGE, "%s, line %lld: these are no keys", file, number);
	if (map && !(binding.name = find_name(name)))
		return error_set(error, ERROR_USAGE,
			"%s, line %lld: there is no such command; : lists them", file, number);
	if (next_word(&line).length > 0 || (!map && name.length > 0))
		return error_set(error, ERROR_USAGE, "%s, line %lld: too many words", file, number);
	struct keymap_binding *grown =
		memory_grow(keymap->bindings, &keymap->capacity, keymap->count + 1, sizeof binding);
	if (!grown)
		return error_memory(error);
	keymap->bindings = grown;
	keymap->bindings[keymap->count++] = binding;
	return true;
}

bool keymap_read(struct keymap *keymap, struct span text, const char *file, struct error *error)
{
	for (long long number = 1; text.length > 0; number++) {
		const char *end = memchr(text.data, '\n', text.length);
		size_t length = end ? (size_t)(end - text.data) : text.length;
		if (!read_line(keymap, span_slice(text, 0, length), file, number, error))
			return false;
		text = span_slice(text, length + 1, text.length);
	}
	return true;
}

enum fit { FIT_NOT, FIT_BEGINS, FIT_WHOLE };

static enum fit fit_keys(const key_code *keys, int count, const key_code *typed, int typed_count)
{
	if (typed_count > count || memcmp(keys, typed, (size_t)typed_count * sizeof *typed) != 0)
		return FIT_NOT;
	return typed_count == count ? FIT_WHOLE : FIT_BEGINS;
}

/* The last binding of the file for exactly these keys, or NULL. */
static const struct keymap_binding *find_binding(
	const struct keymap *keymap, const key_code *keys, int count)
{
	for (size_t i = keymap->count; i-- > 0;)
		if (fit_keys(keymap->bindings[i].keys, keymap->bindings[i].count, keys, count) ==
			FIT_WHOLE)
			return &keymap->bindings[i];
	return NULL;
}

/* The next alternative of a command's keys. False at their end. */
static bool next_alternative(struct span *rest, struct keymap_binding *binding)
{
	struct span word = next_word(rest);
	*binding = (struct keymap_binding){0};
	return word.length > 0 && read_keys(word, binding);
}

static enum fit fit_command(
	const struct keymap *keymap, const struct command *command, const key_code *keys, int count)
{
	enum fit best = FIT_NOT;
	struct span rest = span_string(command->keys);
	struct keymap_binding alternative;
	while (next_alternative(&rest, &alternative)) {
		/* What a file says of these very keys has the last word. */
		if (find_binding(keymap, alternative.keys, alternative.count))
			continue;
		enum fit fit = fit_keys(alternative.keys, alternative.count, keys, count);
		best = fit > best ? fit : best;
	}
	for (size_t i = 0; i < keymap->count; i++) {
		const struct keymap_binding *binding = &keymap->bindings[i];
		if (!binding->name || strcmp(binding->name, command->name) != 0 ||
			find_binding(keymap, binding->keys, binding->count) != binding)
			continue;
		enum fit fit = fit_keys(binding->keys, binding->count, keys, count);
		best = fit > best ? fit : best;
	}
	return best;
}

enum keymap_result keymap_look_up(const struct keymap *keymap, const key_code *keys, int count,
	unsigned where, const struct command **command)
{
	int commands;
	const struct command *table = command_table(&commands);
	enum keymap_result result = KEYMAP_UNKNOWN;
	for (int i = 0; i < commands; i++) {
		if (!(table[i].where & where))
			continue;
		enum fit fit = fit_command(keymap, &table[i], keys, count);
		if (fit == FIT_WHOLE) {
			*command = &table[i];
			return KEYMAP_RUN;
		}
		if (fit == FIT_BEGINS)
			result = KEYMAP_PREFIX;
	}
	return result;
}

static void add_keys(const struct keymap_binding *binding, struct buffer *out)
{
	if (out->length > 0)
		buffer_add_byte(out, ' ');
	for (int i = 0; i < binding->count; i++) {
		char name[KEY_NAME_SIZE];
		key_text(binding->keys[i], name);
		buffer_add_string(out, name);
	}
}

void keymap_keys(const struct keymap *keymap, const struct command *command, struct buffer *out)
{
	struct span rest = span_string(command->keys);
	struct keymap_binding alternative;
	while (next_alternative(&rest, &alternative))
		if (!find_binding(keymap, alternative.keys, alternative.count))
			add_keys(&alternative, out);
	for (size_t i = 0; i < keymap->count; i++) {
		const struct keymap_binding *binding = &keymap->bindings[i];
		if (binding->name && strcmp(binding->name, command->name) == 0 &&
			find_binding(keymap, binding->keys, binding->count) == binding)
			add_keys(binding, out);
	}
}

/* `<Down>` as `Down`, `<lt>` as `<`. */
static void add_cap(key_code key, struct buffer *out)
{
	char name[KEY_NAME_SIZE];
	key_text(key, name);
	size_t length = strlen(name);
	if (strcmp(name, "<lt>") == 0)
		buffer_add_byte(out, '<');
	else if (length > 2 && name[0] == '<')
		buffer_add(out, name + 1, length - 2);
	else
		buffer_add(out, name, length);
}

void keymap_caps_text(struct span keys, int most, struct buffer *out)
{
	struct keymap_binding binding;
	for (int i = 0; (most == 0 || i < most) && next_alternative(&keys, &binding); i++) {
		if (i > 0)
			buffer_add_string(out, "  ");
		for (int k = 0; k < binding.count; k++)
			add_cap(binding.keys[k], out);
	}
}

void keymap_caps(
	const struct keymap *keymap, const struct command *command, int most, struct buffer *out)
{
	struct buffer keys = {0};
	keymap_keys(keymap, command, &keys);
	keymap_caps_text(buffer_span(&keys), most, out);
	buffer_free(&keys);
}

bool keymap_rest(const struct keymap *keymap, const struct command *command, const key_code *typed,
	int count, struct buffer *out)
{
	struct buffer keys = {0};
	keymap_keys(keymap, command, &keys);
	struct span rest = buffer_span(&keys);
	struct keymap_binding binding;
	bool begins = false;
	while (!begins && next_alternative(&rest, &binding))
		begins = fit_keys(binding.keys, binding.count, typed, count) == FIT_BEGINS;
	for (int i = count; begins && i < binding.count; i++)
		add_cap(binding.keys[i], out);
	buffer_free(&keys);
	return begins;
}

const char *keymap_planned(const key_code *keys, int count)
{
	int rows;
	const struct command_planned *planned = command_planned_table(&rows);
	for (int i = 0; i < rows; i++) {
		struct span rest = span_string(planned[i].keys);
		struct keymap_binding binding;
		while (next_alternative(&rest, &binding))
			if (fit_keys(binding.keys, binding.count, keys, count) == FIT_WHOLE)
				return planned[i].help;
	}
	return NULL;
}
