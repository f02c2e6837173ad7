#include "json_value.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK ((size_t)64 * 1024)

struct json_block {
	struct json_block *before;
	size_t used, size;
	max_align_t room[];
};

void *json_arena_take(struct json_arena *arena, size_t size)
{
	struct json_block *block = arena->block;
	size = (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
	if (!block || block->size - block->used < size) {
		size_t room = size > BLOCK ? size : BLOCK;
		block = malloc(sizeof *block + room);
		if (!block)
			return NULL;
		*block = (struct json_block){.before = arena->block, .size = room};
		arena->block = block;
	}
	void *taken = (char *)block->room + block->used;
	block->used += size;
	return taken;
}

struct span json_arena_copy(struct json_arena *arena, struct span text)
{
	char *copy = json_arena_take(arena, text.length + 1);
	if (!copy)
		return span_string(NULL);
	if (text.length > 0)
		memcpy(copy, text.data, text.length);
	copy[text.length] = '\0';
	return span_of(copy, text.length);
}

/* One block of the usual size is kept for what comes next. */
void json_arena_reset(struct json_arena *arena)
{
	struct json_block *kept = NULL;
	for (struct json_block *block = arena->block; block;) {
		struct json_block *before = block->before;
		if (!kept && block->size == BLOCK)
			kept = block;
		else
			free(block);
		block = before;
	}
	if (kept) {
		kept->before = NULL;
		kept->used = 0;
	}
	*arena = (struct json_arena){.block = kept};
}

void json_arena_free(struct json_arena *arena)
{
	json_arena_reset(arena);
	free(arena->block);
	*arena = (struct json_arena){0};
}

struct json_value *json_new(struct json_arena *arena, enum json_type type)
{
	struct json_value *value = json_arena_take(arena, sizeof *value);
	if (!value)
		return NULL;
	arena->values++;
	*value = (struct json_value){.type = type};
	return value;
}

void json_append(struct json_value *parent, struct json_value *child)
{
	if (parent->last)
		parent->last->next = child;
	else
		parent->first = child;
	parent->last = child;
	parent->count++;
}

struct json_value *json_copy(struct json_arena *arena, const struct json_value *value)
{
	struct json_value *copy = json_new(arena, value->type);
	if (!copy)
		return NULL;
	copy->start = value->start;
	copy->end = value->end;
	copy->used = value->used;
	if (span_stated(value->key) && !span_stated(copy->key = json_arena_copy(arena, value->key)))
		return NULL;
	if (span_stated(value->text) &&
		!span_stated(copy->text = json_arena_copy(arena, value->text)))
		return NULL;
	for (const struct json_value *child = value->first; child; child = child->next) {
		struct json_value *its = json_copy(arena, child);
		if (!its)
			return NULL;
		json_append(copy, its);
	}
	return copy;
}

/* ---- looking up ---- */

static struct json_value *member(const struct json_value *value, struct span key)
{
	struct json_value *found = NULL;
	if (!value || value->type != JSON_OBJECT)
		return NULL;
	for (struct json_value *child = value->first; child; child = child->next)
		if (span_equal(child->key, key))
			found = child;
	return found;
}

struct json_value *json_member(const struct json_value *value, const char *key)
{
	return member(value, span_string(key));
}

struct json_value *json_at(const struct json_value *value, const char *path)
{
	struct json_value *found = json_member(value, path);
	for (const char *dot = strchr(path, '.'); !found && dot; dot = strchr(dot + 1, '.')) {
		const struct json_value *part = member(value, span_of(path, (size_t)(dot - path)));
		if (part)
			found = json_at(part, dot + 1);
	}
	return found;
}

struct span json_scalar(const struct json_value *value)
{
	if (!value || value->type == JSON_NULL || value->type == JSON_ARRAY ||
		value->type == JSON_OBJECT)
		return span_string(NULL);
	return value->text;
}

struct span json_scalar_at(const struct json_value *value, const char *path)
{
	return json_scalar(json_at(value, path));
}

bool json_is(const struct json_value *value, const char *text)
{
	return value && value->type == JSON_STRING && span_is(value->text, text);
}

bool json_is_type(const struct json_value *value, enum json_type type)
{
	return value && value->type == type;
}

/* ---- strings ---- */

static uint32_t hex4(const char *text)
{
	uint32_t code = 0;
	for (int i = 0; i < 4; i++) {
		char byte = text[i];
		uint32_t digit = byte <= '9'   ? (uint32_t)(byte - '0')
				 : byte <= 'F' ? (uint32_t)(byte - 'A' + 10)
					       : (uint32_t)(byte - 'a' + 10);
		code = code << 4 | (digit & 15);
	}
	return code;
}

static bool is_unicode_escape(struct span raw, size_t at)
{
	return at + 6 <= raw.length && raw.data[at] == '\\' && raw.data[at + 1] == 'u';
}

/* The \u escape at `at` into out; half of a pair stays as it is written. Bytes taken. */
static size_t unescape_unicode(struct span raw, size_t at, char *out, size_t *length, bool *half)
{
	uint32_t code = hex4(raw.data + at + 2);
	size_t taken = 6;
	if (code >= 0xd800 && code <= 0xdbff && is_unicode_escape(raw, at + 6)) {
		uint32_t low = hex4(raw.data + at + 8);
		if (low >= 0xdc00 && low <= 0xdfff) {
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			taken = 12;
		}
	}
	*half = code >= 0xd800 && code <= 0xdfff;
	if (*half) {
		memcpy(out + *length, raw.data + at, 6);
		*length += 6;
	} else {
		*length += text_encode(code, out + *length);
	}
	return taken;
}

static char plain_escape(char letter)
{
	static const char letters[] = "bfnrt", bytes[] = "\b\f\n\r\t";
	const char *found = letter ? strchr(letters, letter) : NULL;
	return found ? bytes[found - letters] : letter;
}

struct span json_unescape(
	struct json_arena *arena, struct span raw, uint64_t at, struct json_oddities *odd)
{
	/* No escape is shorter than what it stands for. */
	char *out = json_arena_take(arena, raw.length + 1);
	size_t length = 0;
	if (!out)
		return span_string(NULL);
	for (size_t i = 0; i < raw.length;) {
		const char *slash = memchr(raw.data + i, '\\', raw.length - i);
		size_t run = (slash ? (size_t)(slash - raw.data) : raw.length) - i;
		bool half = false;
		memcpy(out + length, raw.data + i, run);
		length += run;
		i += run;
		if (i + 1 >= raw.length)
			break;
		if (is_unicode_escape(raw, i)) {
			size_t taken = unescape_unicode(raw, i, out, &length, &half);
			if (half && odd->surrogate_at == UINT64_MAX)
				odd->surrogate_at = at + i;
			i += taken;
		} else {
			out[length++] = plain_escape(raw.data[i + 1]);
			i += 2;
		}
	}
	out[length] = '\0';
	size_t invalid = text_invalid_at(raw);
	if (invalid < raw.length && odd->invalid_at == UINT64_MAX)
		odd->invalid_at = at + invalid;
	return span_of(out, length);
}

static int compare_keys(const void *left, const void *right)
{
	const struct json_value *const *a = left, *const *b = right;
	int order = span_compare((*a)->key, (*b)->key);
	return order ? order : ((*a)->start > (*b)->start) - ((*a)->start < (*b)->start);
}

static int compare_with_key(const void *key, const void *element)
{
	const struct json_value *const *value = element;
	return span_compare(*(const struct span *)key, (*value)->key);
}

/* Members of one object in the order of their keys; names[i]: what the i-th is called from now on
 * when that is stated. */
struct members {
	struct json_arena *arena;
	struct json_value **sorted;
	struct span *names;
	size_t count;
};

/* `KEY 2` or the next number that no key of the object has. */
static bool name_repeated(struct members *members, size_t at, size_t *number)
{
	struct span key = members->sorted[at]->key, name;
	struct buffer text = {0};
	do {
		buffer_clear(&text);
		buffer_add_span(&text, key);
		buffer_add_format(&text, " %zu", ++*number);
		name = buffer_span(&text);
	} while (!buffer_failed(&text) && bsearch(&name, members->sorted, members->count,
						  sizeof *members->sorted, compare_with_key));
	if (!buffer_failed(&text))
		members->names[at] = json_arena_copy(members->arena, name);
	buffer_free(&text);
	return span_stated(members->names[at]);
}

static bool part(struct members *members, struct json_oddities *odd)
{
	size_t number = 1;
	for (size_t i = 0; i + 1 < members->count; i++) {
		const struct json_value *next = members->sorted[i + 1];
		if (!span_equal(members->sorted[i]->key, next->key)) {
			number = 1;
			continue;
		}
		if (odd->repeated_at == UINT64_MAX) {
			odd->repeated_at = next->start;
			odd->repeated = next->key;
		}
		if (!name_repeated(members, i, &number))
			return false;
	}
	/* At last: until here the keys are looked up as they stand in the file. */
	for (size_t i = 0; i < members->count; i++)
		if (span_stated(members->names[i]))
			members->sorted[i]->key = members->names[i];
	return true;
}

bool json_part_repeated(
	const struct json_value *object, struct json_arena *arena, struct json_oddities *odd)
{
	if (object->count < 2)
		return true;
	struct members members = {.arena = arena,
		.sorted = memory_array(object->count, sizeof *members.sorted),
		.names = memory_array(object->count, sizeof *members.names)};
	bool ok = members.sorted && members.names;
	if (ok) {
		for (struct json_value *child = object->first; child; child = child->next)
			members.sorted[members.count++] = child;
		qsort(members.sorted, members.count, sizeof *members.sorted, compare_keys);
		ok = part(&members, odd);
	}
	free(members.sorted);
	free(members.names);
	return ok;
}

/* ---- flattening ---- */

static void write_string(struct buffer *out, struct span text)
{
	buffer_add_byte(out, '"');
	for (size_t i = 0; i < text.length; i++) {
		unsigned char byte = (unsigned char)text.data[i];
		if (byte == '"' || byte == '\\')
			buffer_add_format(out, "\\%c", byte);
		else if (byte < 0x20)
			buffer_add_format(out, "\\u%04x", byte);
		else
			buffer_add_byte(out, (char)byte);
	}
	buffer_add_byte(out, '"');
}

void json_write(struct buffer *out, const struct json_value *value)
{
	bool container = value->type == JSON_ARRAY || value->type == JSON_OBJECT;
	if (value->type == JSON_STRING)
		write_string(out, value->text);
	else if (!container)
		buffer_add_span(out, value->text);
	if (!container)
		return;
	buffer_add_byte(out, value->type == JSON_ARRAY ? '[' : '{');
	for (const struct json_value *child = value->first; child; child = child->next) {
		if (child != value->first)
			buffer_add_byte(out, ',');
		if (value->type == JSON_OBJECT) {
			write_string(out, child->key);
			buffer_add_byte(out, ':');
		}
		json_write(out, child);
	}
	buffer_add_byte(out, value->type == JSON_ARRAY ? ']' : '}');
}

struct flatten {
	struct json_arena *arena;
	struct buffer name;
	json_take take;
	void *context;
};

static bool flatten(struct flatten *to, const struct json_value *value);

/* What lies too deep for a name: one text of JSON. */
static bool flatten_as_text(struct flatten *to, const struct json_value *value)
{
	struct buffer text = {0};
	json_write(&text, value);
	struct span copy = json_arena_copy(to->arena, buffer_span(&text));
	bool ok = !buffer_failed(&text) && span_stated(copy);
	buffer_free(&text);
	struct span name = span_slice(
		buffer_span(&to->name), 0, text_cut(buffer_span(&to->name), JSON_MAX_NAME));
	return ok && to->take(to->context, name, copy);
}

static bool flatten_children(struct flatten *to, const struct json_value *value)
{
	size_t length = to->name.length, index = 0;
	for (const struct json_value *child = value->first; child; child = child->next, index++) {
		if (child->used)
			continue;
		if (value->type == JSON_ARRAY) {
			buffer_add_format(&to->name, "[%zu]", index);
		} else {
			buffer_add_string(&to->name, length > 0 ? "." : "");
			buffer_add_span(&to->name, child->key);
		}
		if (buffer_failed(&to->name) || !flatten(to, child))
			return false;
		to->name.length = length;
	}
	return true;
}

static bool flatten(struct flatten *to, const struct json_value *value)
{
	bool container = value->type == JSON_ARRAY || value->type == JSON_OBJECT;
	if (to->name.length > JSON_MAX_NAME)
		return flatten_as_text(to, value);
	if (container)
		return flatten_children(to, value);
	if (value->type == JSON_NULL || value->text.length == 0)
		return true;
	return to->take(to->context, buffer_span(&to->name), value->text);
}

bool json_flatten(
	const struct json_value *value, struct json_arena *arena, json_take take, void *context)
{
	struct flatten to = {.arena = arena, .take = take, .context = context};
	bool ok = flatten(&to, value);
	buffer_free(&to.name);
	return ok;
}

static bool add_to_summary(void *context, struct span name, struct span text)
{
	struct buffer *out = context;
	buffer_add_string(out, out->length ? "; " : "");
	buffer_add_span(out, name);
	buffer_add_string(out, ": ");
	buffer_add_span(out, text);
	return !buffer_failed(out);
}

bool json_summary(struct buffer *out, const struct json_value *value, const char *first)
{
	struct json_arena arena = {0};
	struct json_value *leads = json_member(value, first);
	struct span text = json_scalar(leads);
	bool ok = text.length == 0 || add_to_summary(out, span_string(first), text);
	bool used = leads && leads->used;
	if (leads && text.length > 0)
		leads->used = true;
	ok = ok && json_flatten(value, &arena, add_to_summary, out);
	if (leads)
		leads->used = used;
	json_arena_free(&arena);
	return ok;
}
