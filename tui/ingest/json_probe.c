#include "json_probe.h"

#include "ingest/input.h"
#include "ingest/loader.h"

#include <string.h>

/* ---- looking ---- */

/* The next line that is not blank, without its line end. *cut: the head ends within it. */
static struct span next_line(struct span *rest, bool *cut)
{
	while (rest->length > 0) {
		const char *end = memchr(rest->data, '\n', rest->length);
		size_t length = end ? (size_t)(end - rest->data) : rest->length;
		struct span line = span_trim(span_slice(*rest, 0, length));
		*rest = span_slice(*rest, length + 1, rest->length);
		*cut = !end;
		if (line.length > 0)
			return line;
	}
	return span_string(NULL);
}

static struct json_value *parse_value(struct span line, struct json_arena *arena)
{
	struct json_oddities odd;
	struct error error = {0};
	return line.length > 0 ? json_parse(line, 0, NULL, arena, &odd, &error) : NULL;
}

static struct json_value *parse_line(struct span line, struct json_arena *arena)
{
	struct json_value *value = parse_value(line, arena);
	return json_is_type(value, JSON_OBJECT) ? value : NULL;
}

/* Whether the last value of a head is whole. */
static bool is_closed(const struct json_value *value, struct span head)
{
	struct json_arena arena = {0};
	while (value->next)
		value = value->next;
	bool closed = parse_value(span_slice(head, value->start, head.length), &arena) != NULL;
	json_arena_free(&arena);
	return closed;
}

/* `{...}`, then a line that is no JSON: it begins a value over several lines, or it is a bad line.
 * What is broken as values is lines; and so is what does not end while the line behind stands by
 * itself, or nothing stands behind. */
static bool second_is_bad(struct json_probe *probe, struct span head, struct span behind)
{
	bool cut;
	if (probe->broken || !probe->root)
		return true;
	if (is_closed(probe->root, head))
		return false;
	struct span third = next_line(&behind, &cut);
	return !span_stated(third) || parse_line(third, &probe->arena);
}

static bool looks_like_lines(struct json_probe *probe, struct span head)
{
	bool cut = false, last = false;
	struct span rest = head;
	struct span first = next_line(&rest, &cut);
	if (!span_stated(first) || cut)
		return false;
	struct span second = next_line(&rest, &last);
	if (!span_stated(second))
		return false;
	struct json_value *one = parse_line(first, &probe->arena);
	struct json_value *two = last ? NULL : parse_value(second, &probe->arena);
	if (one && !two && !last && !second_is_bad(probe, head, rest))
		return false;
	probe->sample = one ? one : probe->broken && json_is_type(two, JSON_OBJECT) ? two : NULL;
	return probe->sample != NULL;
}

static const struct json_value *first_object(const struct json_value *array)
{
	for (const struct json_value *child = array->first; child; child = child->next)
		if (child->type == JSON_OBJECT)
			return child;
	return NULL;
}

static void look_at_object(struct json_probe *probe)
{
	const struct json_value *root = probe->root;
	probe->layout = JSON_VALUES;
	probe->sample = root;
	if (root->first && root->first->type == JSON_OBJECT &&
		span_is(root->first->key, "event_0")) {
		probe->layout = JSON_MEMBERS;
		probe->sample = root->first;
	}
}

void json_probe(struct json_probe *probe, struct span head)
{
	*probe = (struct json_probe){0};
	struct span start = span_trim(head);
	if (start.length == 0)
		return;
	probe->root = json_parse_head(head, &probe->arena, &probe->broken);
	if (looks_like_lines(probe, head)) {
		probe->layout = JSON_LINES;
	} else if (json_is_type(probe->root, JSON_ARRAY)) {
		probe->layout = JSON_ELEMENTS;
		probe->sample = first_object(probe->root);
	} else if (json_is_type(probe->root, JSON_OBJECT)) {
		look_at_object(probe);
	} else if (probe->root) {
		probe->layout = JSON_VALUES;
	}
}

void json_probe_free(struct json_probe *probe)
{
	json_arena_free(&probe->arena);
	*probe = (struct json_probe){0};
}

/* The first member of an object that is an array of objects. */
static const struct json_value *list_in(const struct json_value *object)
{
	for (const struct json_value *child = object->first; child; child = child->next)
		if (child->type == JSON_ARRAY && first_object(child))
			return child;
	return NULL;
}

/* Where Elasticsearch and Solr put what they found. An object of any other name may be a part of
 * the one record that the file is. */
static bool is_envelope(const struct json_value *child)
{
	return (span_is(child->key, "hits") && json_member(child, "hits")) ||
	       (span_is(child->key, "response") && json_member(child, "docs"));
}

bool json_probe_list(struct json_probe *probe)
{
	if (probe->layout != JSON_VALUES || !json_is_type(probe->root, JSON_OBJECT))
		return false;
	const struct json_value *list = list_in(probe->root), *outer = NULL;
	for (const struct json_value *child = probe->root->first; child && !list;
		child = child->next)
		if (is_envelope(child) && (list = list_in(child)))
			outer = child;
	if (!list)
		return false;
	probe->layout = JSON_LIST;
	probe->list = outer ? outer->key : list->key;
	probe->inner = outer ? list->key : span_string(NULL);
	probe->sample = first_object(list);
	return true;
}

bool json_has(const struct json_value *object, const char *wanted)
{
	bool all = true;
	while (*wanted) {
		char path[64];
		size_t length = strcspn(wanted, "+|");
		if (length >= sizeof path)
			return false;
		memcpy(path, wanted, length);
		path[length] = '\0';
		all = all && json_at(object, path);
		wanted += length;
		if (*wanted != '+' && all)
			return true;
		if (*wanted == '|')
			all = true;
		wanted += *wanted != '\0';
	}
	return false;
}

/* ---- reading ---- */

/* Of what stands beside a list; that there is more is said. */
#define BESIDE_TOLD 100

struct reading {
	struct input *input;
	struct loader *loader;
	const struct json_probe *probe;
	json_each each;
	void *context;
	int64_t beside; /* values that were told of */
};

static bool give(const struct reading *reading, int64_t line, struct json_value *value,
	struct json_arena *arena, const struct json_oddities *odd, struct error *error)
{
	if (!json_remark(reading->loader, line, odd, error))
		return false;
	if (value->type != JSON_OBJECT)
		return loader_skip(reading->loader, line, (int64_t)value->start,
			(int64_t)value->end, error, "no object");
	return reading->each(reading->context, line, value, arena, error);
}

/* A line that is no JSON is skipped, memory and the like end the import. */
static bool give_line(const struct reading *reading, int64_t number, struct span line,
	uint64_t start, struct json_arena *arena, struct error *error)
{
	struct json_oddities odd;
	struct error refused = {0};
	loader_unit(reading->loader, number);
	struct json_value *value = json_parse(line, start, reading->input, arena, &odd, &refused);
	if (value)
		return give(reading, number, value, arena, &odd, error);
	if (refused.code != ERROR_INPUT && refused.code != ERROR_LIMIT) {
		*error = refused;
		return false;
	}
	return loader_skip(reading->loader, number, (int64_t)start, (int64_t)(start + line.length),
		error, "%s", refused.message);
}

static bool read_lines(struct input *input, const struct reading *reading, struct error *error)
{
	struct json_arena arena = {0};
	struct span line;
	uint64_t start;
	int64_t number = 0;
	bool ok = true;
	int more = 1;
	while (ok && (more = input_line(input, &line, &start, error)) > 0) {
		number++;
		if (span_trim(line).length == 0)
			continue;
		ok = give_line(reading, number, line, start, &arena, error);
		json_arena_reset(&arena);
	}
	json_arena_free(&arena);
	return ok && more == 0;
}

/* How deep the list's own elements are, and whether a path leads to it or into it. */
static size_t list_depth(const struct reading *reading)
{
	return span_stated(reading->probe->inner) ? 3 : 2;
}

static bool leads_to_list(const struct reading *reading, const struct json_path *path)
{
	const struct json_probe *probe = reading->probe;
	return span_equal(path->steps[0].key, probe->list) &&
	       (path->depth < 2 || !span_stated(probe->inner) ||
		       span_equal(path->steps[1].key, probe->inner));
}

void json_tell_beside(struct loader *loader, const struct json_path *path,
	const struct json_value *value, int64_t *told)
{
	struct buffer text = {0};
	const struct json_step *last = &path->steps[path->depth - 1];
	struct span key = last->container == JSON_OBJECT ? last->key : span_string("an element");
	if (++*told > BESIDE_TOLD) {
		if (*told == BESIDE_TOLD + 1)
			loader_note(loader, "beside the list, no record: and more");
		return;
	}
	json_write(&text, value);
	loader_note(loader, "beside the list, no record: %.*s %.*s",
		key.length < 60 ? (int)key.length : 60, key.data,
		text.length < 200 ? (int)text.length : 200, text.data ? text.data : "");
	buffer_free(&text);
}

static bool is_unit(void *context, const struct json_path *path, enum json_type type)
{
	const struct reading *reading = context;
	switch (reading->probe->layout) {
	case JSON_ELEMENTS:
		return path->depth == 1 || (path->depth == 0 && type != JSON_ARRAY);
	case JSON_MEMBERS:
		return path->depth == 1 || (path->depth == 0 && type != JSON_OBJECT);
	case JSON_LIST:
		return path->depth == list_depth(reading) ||
		       (path->depth > 0 && !leads_to_list(reading, path)) ||
		       (path->depth == 0 && type != JSON_OBJECT);
	case JSON_NO_LAYOUT:
	case JSON_LINES:
	case JSON_VALUES:
		break;
	}
	return path->depth == 0;
}

static bool take_unit(void *context, const struct json_path *path, struct json_value *value,
	struct json_arena *arena, const struct json_oddities *odd, struct error *error)
{
	struct reading *reading = context;
	if (reading->probe->layout == JSON_LIST && path->depth > 0 &&
		path->depth < list_depth(reading)) {
		json_tell_beside(reading->loader, path, value, &reading->beside);
		return true;
	}
	loader_unit(reading->loader, 0);
	return give(reading, 0, value, arena, odd, error);
}

bool json_each_unit(struct input *input, struct loader *loader, const struct json_probe *probe,
	json_each each, void *context, struct error *error)
{
	struct reading reading = {
		.input = input, .loader = loader, .probe = probe, .each = each, .context = context};
	if (probe->layout == JSON_LINES)
		return read_lines(input, &reading, error);
	struct json_visitor visitor = {.is_unit = is_unit,
		.unit = take_unit,
		.context = &reading,
		.several = probe->layout == JSON_VALUES};
	return json_read(input, &visitor, error);
}

bool json_probe_input(struct json_probe *probe, struct input *input, struct error *error)
{
	struct span head;
	bool whole;
	if (!input_head(input, &head, &whole, error))
		return false;
	json_probe(probe, head);
	return true;
}

bool json_each_of_file(struct input *input, struct loader *loader, json_each each, void *context,
	struct error *error)
{
	struct json_probe probe;
	if (!json_probe_input(&probe, input, error))
		return false;
	bool ok = json_each_unit(input, loader, &probe, each, context, error);
	json_probe_free(&probe);
	return ok;
}

/* ---- the first few ---- */

/* The first value in the member of this name, from `value` on. */
static struct json_value *member_first(struct json_value *value, struct span key)
{
	while (value && !span_equal(value->key, key))
		value = value->next;
	return value ? value->first : NULL;
}

void json_first_objects(const struct json_probe *probe, struct span head, size_t most,
	bool (*each)(void *context, struct json_value *object), void *context)
{
	struct json_value *value = probe->root ? probe->root->first : NULL;
	if (probe->layout == JSON_LINES) {
		bool cut = false;
		for (size_t i = 0; i < most && head.length > 0; i++) {
			struct json_arena arena = {0};
			struct json_value *line = parse_line(next_line(&head, &cut), &arena);
			bool more = !line || each(context, line);
			json_arena_free(&arena);
			if (!more)
				return;
		}
		return;
	}
	if (probe->layout == JSON_LIST) {
		value = member_first(value, probe->list);
		if (span_stated(probe->inner))
			value = member_first(value, probe->inner);
	}
	if (probe->layout == JSON_VALUES)
		value = probe->root;
	for (size_t i = 0; i < most && value; value = value->next, i++)
		if (value->type == JSON_OBJECT && !each(context, value))
			return;
}
