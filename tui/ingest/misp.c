/*
 * MISP events, wrapped in any of the ways that are met. An event's attributes and objects are
 * written one by one as they are read; the event itself when it ends.
 */
#include "format_table.h"

#include "base/memory.h"
#include "json_probe.h"
#include "loader_private.h"
#include "misp_private.h"

#include <stdio.h>
#include <string.h>

/* ---- recognising ---- */

static bool is_event(const struct json_value *value)
{
	const struct json_value *attributes = json_member(value, "Attribute");
	if (json_is_type(attributes, JSON_ARRAY) &&
		json_has(attributes->first, "type+category+value|type+category+uuid"))
		return true;
	return json_has(value, "info+uuid|info+Attribute|info+Object|info+Orgc") &&
	       json_has(value, "uuid|Attribute|Object|threat_level_id") &&
	       json_has(value, "date|threat_level_id|Attribute|Object|Orgc");
}

/* A list for its first element. */
static const struct json_value *one_of(const struct json_value *value)
{
	return json_is_type(value, JSON_ARRAY) ? value->first : value;
}

/* The cut-off beginning may end before much of an event was seen. */
static bool wraps_event(const struct json_value *value)
{
	const struct json_value *event = one_of(json_member(value, "Event"));
	return json_is_type(event, JSON_OBJECT) &&
	       json_has(event, "info|uuid|Attribute|Object|Orgc|id|threat_level_id|date");
}

static bool holds_events(const struct json_probe *probe)
{
	const struct json_value *root = one_of(probe->root);
	return wraps_event(root) || wraps_event(one_of(json_member(root, "response")));
}

static bool wraps_nothing(const struct json_value *value)
{
	const struct json_value *event = json_member(value, "Event");
	return event && !event->next && !event->first &&
	       (event->type == JSON_ARRAY || event->type == JSON_OBJECT);
}

/* What MISP answers when it finds no event, or was not asked for events: why there is none. NULL:
 * it is no such answer. */
static const char *empty_answer(const struct json_probe *probe)
{
	static const char none[] = "an answer of MISP with no event in it";
	const struct json_value *root = one_of(probe->root);
	const struct json_value *response = json_member(root, "response");
	if (wraps_nothing(root))
		return none;
	if (!response || response->next || root->first != response ||
		(response->type != JSON_ARRAY && response->type != JSON_OBJECT))
		return NULL;
	if (!response->first || wraps_nothing(one_of(response)))
		return none;
	return json_has(one_of(json_member(response, "Attribute")), "event_id+category")
		       ? "an answer of MISP with attributes and no event: ask it for the events "
			 "that hold them"
		       : NULL;
}

int misp_sniff(struct span head, bool whole, struct span name)
{
	struct json_probe probe;
	(void)whole;
	(void)name;
	json_probe(&probe, head);
	bool fits = holds_events(&probe) || empty_answer(&probe) ||
		    (probe.layout == JSON_VALUES && is_event(probe.root));
	json_probe_free(&probe);
	return fits ? 97 : 0;
}

/* What MISP also writes, and is no event. */
static const char *kin_of(const struct json_value *root)
{
	if (json_has(root, "matching_attributes+list"))
		return "warninglist";
	/* Its own members may stand behind its clusters, too far to be seen. */
	const struct json_value *values = json_member(root, "values");
	if (json_has(root, "values+authors|values+uuid+type") ||
		(json_is_type(values, JSON_ARRAY) &&
			json_has(values->first, "value+uuid|value+meta")))
		return "galaxy";
	const struct json_value *first = json_is_type(root, JSON_OBJECT) ? root->first : NULL;
	bool by_uuid = first && first->key.length == 36 && first->key.data[8] == '-';
	return by_uuid && json_has(first, "info+Orgc|info+timestamp") ? "manifest" : NULL;
}

static int kin_sniff(struct span head, const char *kin)
{
	struct json_probe probe;
	json_probe(&probe, head);
	const char *is = kin_of(probe.root);
	bool fits = is && strcmp(is, kin) == 0;
	json_probe_free(&probe);
	return fits ? 98 : 0;
}

int misp_warninglist_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	(void)name;
	return kin_sniff(head, "warninglist");
}

int misp_galaxy_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	(void)name;
	return kin_sniff(head, "galaxy");
}

int misp_manifest_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	(void)name;
	return kin_sniff(head, "manifest");
}

/* An MD5 and a UUID a line. */
int misp_hashes_sniff(struct span head, bool whole, struct span name)
{
	static const char shape[] = "hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh,"
				    "hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh";
	const char *end = head.length ? memchr(head.data, '\n', head.length) : NULL;
	size_t length = end ? (size_t)(end - head.data) : head.length;
	struct span line = span_trim(span_slice(head, 0, length));
	bool fits = line.length == sizeof shape - 1 && (whole || end);
	(void)name;
	for (size_t i = 0; fits && i < line.length; i++)
		fits = shape[i] == 'h' ? memchr("0123456789abcdefABCDEF", line.data[i], 22) != NULL
				       : line.data[i] == shape[i];
	return fits ? 98 : 0;
}

/* ---- the event itself ---- */

static bool begin_event(struct misp *misp, size_t depth, uint64_t start, struct error *error)
{
	json_arena_reset(&misp->header_arena);
	misp->header = json_new(&misp->header_arena, JSON_OBJECT);
	misp->in_event = true;
	misp->event_depth = depth + 1;
	misp->event_start = start;
	snprintf(misp->event_key, sizeof misp->event_key, "misp event at %llu",
		(unsigned long long)start);
	loader_unit(misp->loader, 0);
	return misp->header || error_memory(error);
}

static bool add_publisher(
	struct misp *misp, const char *member, const char *type, struct error *error)
{
	struct json_value *org = json_member(misp->header, member);
	struct span name = json_scalar(json_member(org, "name"));
	struct span uuid = json_scalar(json_member(org, "uuid"));
	if (name.length == 0)
		return true;
	struct span key = uuid.length > 0 ? uuid : name;
	sheet_begin(&misp->sheet, KIND_PARTY, 0, org->start, org->end);
	misp->sheet.draft.key = key;
	sheet_text(&misp->sheet, "name", name);
	sheet_text(&misp->sheet, "role", span_string("publisher"));
	json_member(org, "name")->used = true;
	sheet_rest(&misp->sheet, NULL, org);
	org->used = true;
	return sheet_end(&misp->sheet, NULL, error) &&
	       misp_link(misp, span_string(misp->event_key), type, key, org, error);
}

static bool add_incident(struct misp *misp, uint64_t end, struct error *error)
{
	struct sheet *sheet = &misp->sheet;
	struct json_value *header = misp->header;
	struct record_id made;
	struct span uuid = json_scalar(json_member(header, "uuid"));
	sheet_begin(sheet, KIND_INCIDENT, 0, misp->event_start, end);
	sheet->draft.basis = loader_basis(misp->loader, BASIS_REPORTED);
	sheet->draft.key = uuid;
	sheet->draft.lasting = true;
	struct span info = sheet_take(json_member(header, "info"));
	sheet_text(sheet, "name", info.length > 0 ? info : span_string(misp->event_key));
	sheet_stamp(sheet, "when", sheet_take(json_member(header, "date")), STAMP_UTC);
	misp_add_tags(misp, NULL, header);
	sheet_rest(sheet, NULL, header);
	return sheet_end(sheet, &made, error) &&
	       (made.kind == KIND_NONE ||
		       loader_remember(misp->loader, span_string(misp->event_key), made, error));
}

static bool end_event(struct misp *misp, uint64_t end, struct error *error)
{
	misp->in_event = false;
	if (!misp->header->first && misp->loader->unit_records == 0)
		return loader_skip(misp->loader, 0, (int64_t)misp->event_start, (int64_t)end, error,
			"an event with nothing in it");
	misp->events++;
	return add_publisher(misp, "Orgc", "created_by", error) &&
	       add_publisher(misp, "Org", "owned_by", error) && add_incident(misp, end, error);
}

/* ---- reading ---- */

static bool begins_event(const struct misp *misp, const struct json_path *path, enum json_type type)
{
	if (misp->in_event || type != JSON_OBJECT)
		return false;
	if (path->depth == 0)
		return misp->bare;
	size_t at = path->depth - 1;
	if (path->steps[at].container == JSON_ARRAY && at > 0)
		at--;
	return !misp->bare && span_is(path->steps[at].key, "Event");
}

static bool is_parts(const struct misp *misp, const struct json_path *path)
{
	static const char *const lists[] = {"Attribute", "Object", "Galaxy", "EventReport"};
	for (size_t i = 0; i < ARRAY_LENGTH(lists); i++)
		if (span_is(path->steps[misp->event_depth - 1].key, lists[i]))
			return true;
	return false;
}

static bool is_unit(void *context, const struct json_path *path, enum json_type type)
{
	const struct misp *misp = context;
	if (!misp->in_event)
		return path->depth > 0 && type < JSON_ARRAY && type != JSON_NULL;
	if (path->depth == misp->event_depth)
		return type != JSON_ARRAY || !is_parts(misp, path);
	return true;
}

static bool on_open(void *context, const struct json_path *path, enum json_type type,
	uint64_t start, struct error *error)
{
	struct misp *misp = context;
	return !begins_event(misp, path, type) || begin_event(misp, path->depth, start, error);
}

static bool on_close(void *context, const struct json_path *path, enum json_type type, uint64_t end,
	struct error *error)
{
	struct misp *misp = context;
	bool ends = misp->in_event && type == JSON_OBJECT && path->depth + 1 == misp->event_depth;
	return !ends || end_event(misp, end, error);
}

bool misp_keep(
	struct misp *misp, const struct json_value *value, struct span key, struct error *error)
{
	struct json_value *copy = json_copy(&misp->header_arena, value);
	if (!copy || !span_stated(copy->key = json_arena_copy(&misp->header_arena, key)))
		return error_memory(error);
	json_append(misp->header, copy);
	if (misp->header_arena.values > JSON_MAX_VALUES)
		return error_set(error, ERROR_LIMIT,
			"byte %llu: more than %d values in one event, its attributes aside",
			loader_original(misp->loader, value->start), JSON_MAX_VALUES);
	return true;
}

static bool on_unit(void *context, const struct json_path *path, struct json_value *value,
	struct json_arena *arena, const struct json_oddities *odd, struct error *error)
{
	struct misp *misp = context;
	(void)arena;
	if (!json_remark(misp->loader, 0, odd, error))
		return false;
	if (!misp->in_event) {
		json_tell_beside(misp->loader, path, value, &misp->beside);
		return true;
	}
	struct span key = path->steps[misp->event_depth - 1].key;
	if (path->depth == misp->event_depth || value->type != JSON_OBJECT)
		return misp_keep(misp, value, key, error);
	if (span_is(key, "Attribute"))
		return misp_attribute(misp, value, error);
	if (span_is(key, "Object"))
		return misp_object(misp, value, error);
	if (span_is(key, "EventReport"))
		return misp_report(misp, value, error);
	const struct json_value *clusters = json_member(value, "GalaxyCluster");
	return misp_galaxy(misp, value, span_string(misp->event_key), error) &&
	       ((clusters && clusters->used) || misp_keep(misp, value, key, error));
}

bool misp_read(struct input *input, struct loader *loader, struct error *error)
{
	struct misp misp = {.loader = loader, .sheet = {.loader = loader}};
	struct json_probe probe;
	if (!json_probe_input(&probe, input, error))
		return false;
	const char *why = empty_answer(&probe);
	misp.bare = !why && !holds_events(&probe) &&
		    json_has(probe.root, "info|uuid|Attribute|Object|Orgc|threat_level_id|date");
	json_probe_free(&probe);
	struct json_visitor visitor = {.is_unit = is_unit,
		.open = on_open,
		.close = on_close,
		.unit = on_unit,
		.context = &misp,
		.several = true};
	bool ok = json_read(input, &visitor, error);
	if (ok && misp.events == 0)
		ok = error_set(error, ERROR_INPUT, "%s",
			why ? why
			    : "no MISP event in it: neither a member `Event`, nor what an event is "
			      "made of (info, uuid, Attribute ...)");
	if (misp.deleted > 0)
		loader_note(loader, "%lld attributes or objects are marked as deleted: left out",
			(long long)misp.deleted);
	sheet_done(&misp.sheet);
	name_table_free(&misp.clusters);
	name_table_free(&misp.galaxies);
	json_arena_free(&misp.header_arena);
	sheet_free(&misp.sheet);
	return ok;
}
