#include "events.h"

#include "base/buffer.h"
#include "ingest/loader.h"

#include <string.h>

/* ---- values of a shape's paths ---- */

bool event_next_path(const char **list, char room[SHAPE_MAX_PATH])
{
	if (!*list || !**list)
		return false;
	size_t length = strcspn(*list, "|");
	size_t kept = length < SHAPE_MAX_PATH ? length : SHAPE_MAX_PATH - 1;
	memcpy(room, *list, kept);
	room[kept] = '\0';
	*list += length + ((*list)[length] == '|');
	return true;
}

bool event_says_nothing(const struct event_shape *shape, struct span text)
{
	text = span_trim(text);
	if (text.length == 0)
		return true;
	const char *list = shape->nothing;
	char word[SHAPE_MAX_PATH];
	while (event_next_path(&list, word))
		if (span_is(text, word))
			return true;
	return false;
}

struct span event_word(const struct event_shape *shape, const struct json_value *object, char *path)
{
	char *label = strchr(path, '>');
	*label++ = '\0';
	struct span text = json_scalar_at(object, path);
	const char *found = text.length > 0 ? span_find(text, label) : NULL;
	if (!found)
		return span_string(NULL);
	size_t start = (size_t)(found - text.data) + strlen(label), end = start;
	bool alone = found == text.data || strchr(" \t\n{,;", found[-1]) != NULL;
	while (end < text.length && !strchr(" \t\r\n\",;", text.data[end]))
		end++;
	struct span word = span_slice(text, start, end);
	return alone && !event_says_nothing(shape, word) ? word : span_string(NULL);
}

/* The value at a path, when it says something. */
static struct json_value *said(
	const struct event_shape *shape, const struct json_value *object, const char *path)
{
	struct json_value *value = json_at(object, path);
	return span_stated(json_scalar(value)) && !event_says_nothing(shape, value->text) ? value
											  : NULL;
}

/* `a+b`: a, between, b; whichever of them are stated. A single path is taken out of the object, a
 * composed one leaves its parts there, a word its text. Not stated when the last one isn't. */
static struct span composed(struct sheet *sheet, const struct event_shape *shape,
	const struct json_value *object, char *paths, char between)
{
	char *plus = strchr(paths, '+');
	if (strchr(paths, '>'))
		return event_word(shape, object, paths);
	if (!plus) {
		struct json_value *value = said(shape, object, paths);
		return value ? sheet_take(value) : span_string(NULL);
	}
	*plus = '\0';
	struct json_value *first = said(shape, object, paths);
	struct json_value *second = said(shape, object, plus + 1);
	if (!second || sheet->failed)
		return span_string(NULL);
	if (!first || (between == '\\' && span_find(second->text, "\\")))
		return sheet_keep(sheet, second->text);
	struct buffer text = {0};
	buffer_add_span(&text, first->text);
	buffer_add_byte(&text, between);
	buffer_add_span(&text, second->text);
	struct span kept = sheet_keep(sheet, buffer_span(&text));
	buffer_free(&text);
	return kept;
}

static struct span first_said(struct sheet *sheet, const struct event_shape *shape,
	const struct json_value *object, const char *list, char between)
{
	char paths[SHAPE_MAX_PATH];
	while (event_next_path(&list, paths)) {
		struct span text = composed(sheet, shape, object, paths, between);
		if (text.length > 0)
			return text;
	}
	return span_string(NULL);
}

/* ---- the time ---- */

/* The first stamp that can be read; else the first that is stated, as words. */
static bool add_time(struct sheet *sheet, const struct event_shape *shape,
	const struct json_value *object, struct error *error)
{
	struct json_value *words = NULL;
	const char *path = NULL;
	for (size_t i = 0; i < SHAPE_TIMES && shape->times[i].path; i++) {
		const struct event_time *time = &shape->times[i];
		struct json_value *value = said(shape, object, time->path);
		struct moment moment;
		bool nothing;
		if (!value)
			continue;
		if (!stamp_read(sheet->loader, value->text, time->form, span_string(time->path),
			    &moment, &nothing, error))
			return false;
		if (moment.precision != MOMENT_NONE) {
			sheet_moment(sheet, "time", sheet_take(value), &moment);
			if (!shape->time_kind)
				sheet_text(sheet, "time_kind", span_string(time->path));
			return true;
		}
		if (!words) {
			words = value;
			path = time->path;
		}
	}
	if (words) {
		sheet_stamp(sheet, "time", sheet_take(words), STAMP_ANY);
		if (!shape->time_kind)
			sheet_text(sheet, "time_kind", span_string(path));
	}
	return true;
}

struct span event_zoneless(const struct loader *loader, const struct event_shape *shape,
	const struct json_value *object, const char **path)
{
	for (size_t i = 0; i < SHAPE_TIMES && shape->times[i].path; i++) {
		const struct json_value *value = said(shape, object, shape->times[i].path);
		if (!value)
			continue;
		*path = shape->times[i].path;
		return stamp_needs_zone(loader, value->text, shape->times[i].form)
			       ? value->text
			       : span_string(NULL);
	}
	return span_string(NULL);
}

/* ---- an event ---- */

static void add_fields(struct events *events, const struct json_value *object, struct span host)
{
	struct sheet *sheet = &events->sheet;
	const struct event_shape *shape = events->shape;
	sheet_text(sheet, "host", host);
	sheet_text(sheet, "account", first_said(sheet, shape, object, shape->account, '\\'));
	sheet_text(sheet, "action", first_said(sheet, shape, object, shape->action, '/'));
	sheet_text(sheet, "message", first_said(sheet, shape, object, shape->message, ' '));
	if (shape->time_kind)
		sheet_text(sheet, "time_kind",
			first_said(sheet, shape, object, shape->time_kind, ' '));
	event_mentions(events, object, host);
	sheet_rest(sheet, NULL, object);
}

bool event_add(struct events *events, struct json_value *object, int64_t line,
	const struct event_when *when, struct error *error)
{
	struct sheet *sheet = &events->sheet;
	const struct event_shape *shape = events->shape;
	sheet_begin(sheet, KIND_EVENT, line, object->start, object->end);
	sheet->draft.natural = shape->key;
	if (when)
		sheet_moment(sheet, "time", when->words, &when->moment);
	else if (!add_time(sheet, shape, object, error))
		return false;
	struct span host = first_said(sheet, shape, object, shape->host, '.');
	add_fields(events, object, host);
	if (!sheet->failed && sheet->draft.cell_count == 0)
		return loader_skip(sheet->loader, line, (int64_t)object->start,
			(int64_t)object->end, error, "nothing stands in it");
	return sheet_end(sheet, NULL, error) && event_relations(events, object, host, error);
}

void events_free(struct events *events)
{
	sheet_done(&events->sheet);
	if (events->pairs_left > 0)
		loader_note(events->sheet.loader,
			"events say more than %d things of pairs of records: those beyond them are "
			"no links",
			EVENT_PAIRS_MOST);
	sheet_free(&events->sheet);
	name_table_free(&events->pairs);
}
