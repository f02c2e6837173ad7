/*
 * STIX 2.0 and 2.1: bundles, arrays and single objects. Order does not matter: references are
 * resolved when all is read. Of an object that stands there in several versions the newest counts.
 */
#include "format_table.h"

#include "base/memory.h"
#include "json_probe.h"
#include "loader_private.h"
#include "stix_private.h"

#include <string.h>

#define MAX_IDENTITIES (JSON_MAX_VALUES / 4)

/* ---- recognising ---- */

/* `malware--...` in an object whose type is malware. */
static bool is_object(const struct json_value *value)
{
	struct span type = json_scalar(json_member(value, "type"));
	struct span id = json_scalar(json_member(value, "id"));
	return type.length > 0 && id.length > type.length + 2 &&
	       memcmp(id.data, type.data, type.length) == 0 && id.data[type.length] == '-' &&
	       id.data[type.length + 1] == '-';
}

static bool is_bundle(const struct json_value *value)
{
	struct span id = json_scalar(json_member(value, "id"));
	const struct json_value *objects = json_member(value, "objects");
	return json_is(json_member(value, "type"), "bundle") ||
	       (id.length > 8 && memcmp(id.data, "bundle--", 8) == 0) ||
	       (json_is_type(objects, JSON_ARRAY) && is_object(objects->first));
}

/* Sets the layout for what stands there; false when it is no STIX. */
static bool lay_out(struct json_probe *probe)
{
	if (probe->layout == JSON_VALUES && is_bundle(probe->root)) {
		probe->layout = JSON_LIST;
		probe->list = span_string("objects");
		return true;
	}
	return is_object(probe->sample) || is_bundle(probe->sample);
}

int stix_sniff(struct span head, bool whole, struct span name)
{
	struct json_probe probe;
	(void)whole;
	(void)name;
	json_probe(&probe, head);
	bool fits = lay_out(&probe);
	json_probe_free(&probe);
	return fits ? 97 : 0;
}

/* ---- reading ---- */

static bool relationship(struct stix *stix, struct json_value *object, struct error *error)
{
	struct span from = sheet_take_at(object, "source_ref");
	struct span to = sheet_take_at(object, "target_ref");
	struct span type = sheet_take_at(object, "relationship_type");
	if (from.length == 0 || to.length == 0 || type.length == 0)
		return loader_skip(stix->loader, 0, (int64_t)object->start, (int64_t)object->end,
			error, "a relationship without its type, source or target");
	sheet_take_at(object, "type");
	if (span_is(type, "targets") && name_table_add(&stix->targets, to, NULL) == SIZE_MAX)
		return error_memory(error);
	struct buffer more = {0};
	if (!json_summary(&more, object, "description"))
		return error_memory(error);
	struct draft_key_link link = {.from = from,
		.to = to,
		.type = type,
		.detail = json_scalar(json_member(object, "description")),
		.more = buffer_span(&more),
		.from_kind = stix_kind_of(from),
		.to_kind = stix_kind_of(to),
		.start = object->start,
		.end = object->end};
	bool ok = loader_link_keys(stix->loader, &link, error);
	buffer_free(&more);
	return ok;
}

/* Keeps the object until all is read; written at once when too many wait. */
static bool keep_identity(struct stix *stix, struct json_value *object, struct error *error)
{
	if (stix->kept.values > MAX_IDENTITIES)
		return stix_identity(stix, object, error);
	struct json_value *copy = json_copy(&stix->kept, object);
	if (!copy)
		return error_memory(error);
	if (stix->last_identity)
		stix->last_identity->next = copy;
	else
		stix->first_identity = copy;
	stix->last_identity = copy;
	return true;
}

/* Whether this version of an object is to be taken: not one that is the same as one that was. Of an
 * event or a relationship no older one, either: it would be another. */
static bool is_current(struct stix *stix, const struct json_value *object, struct span id,
	bool *current, struct error *error)
{
	bool added;
	struct span modified = span_slice(json_scalar(json_member(object, "modified")), 0,
		sizeof stix->versions->modified - 1);
	*current = true;
	stix->newer = false;
	size_t number = name_table_add(&stix->ids, id, &added);
	struct stix_version *versions =
		number == SIZE_MAX ? NULL
				   : memory_grow(stix->versions, &stix->version_capacity,
					     number + 1, sizeof *versions);
	if (!versions)
		return error_memory(error);
	stix->versions = versions;
	struct span known = span_string(added ? "" : versions[number].modified);
	int order = added ? 1 : span_compare(modified, known);
	int shown = id.length < 80 ? (int)id.length : 80;
	int64_t start = (int64_t)object->start, end = (int64_t)object->end;
	if (order > 0) {
		memset(&versions[number], 0, sizeof *versions);
		if (modified.length > 0)
			memcpy(versions[number].modified, modified.data, modified.length);
		stix->newer = !added;
		return added || loader_remark(stix->loader, 0, start, end, error,
					"a newer version of %.*s: what it says otherwise counts",
					shown, id.data);
	}
	if (modified.length == 0)
		return true;
	enum kind kind = stix_kind_of(id);
	if (order < 0 && kind != KIND_NONE && !kind_info(kind)->large)
		return loader_remark(stix->loader, 0, start, end, error,
			"an older version of %.*s: what it says otherwise is kept as extra", shown,
			id.data);
	*current = false;
	if (order < 0)
		return loader_skip(stix->loader, 0, start, end, error,
			"%.*s stands there in a newer version", shown, id.data);
	loader_duplicate(stix->loader);
	return loader_remark(stix->loader, 0, start, end, error,
		"%.*s stands there twice in one version: the first one counts", shown, id.data);
}

static bool add(struct stix *stix, struct json_value *object, struct error *error);

/* A bundle within one: its objects are units as the others are. */
static bool add_bundle(struct stix *stix, struct json_value *bundle, struct error *error)
{
	struct json_value *objects = json_member(bundle, "objects");
	struct json_value *object = json_is_type(objects, JSON_ARRAY) ? objects->first : NULL;
	struct buffer own = {0};
	if (object)
		objects->used = true;
	bool ok = json_summary(&own, bundle, "id") || error_memory(error);
	ok = ok && loader_remark(stix->loader, 0, (int64_t)bundle->start, (int64_t)bundle->end,
			   error, "a bundle within the bundle, no record: %.*s",
			   (int)(own.length < 200 ? own.length : 200), own.data ? own.data : "");
	buffer_free(&own);
	for (; ok && object; object = object->next) {
		loader_unit(stix->loader, 0);
		ok = add(stix, object, error);
	}
	return ok;
}

static bool add(struct stix *stix, struct json_value *object, struct error *error)
{
	struct span type = json_scalar(json_member(object, "type"));
	struct span id = json_scalar(json_member(object, "id"));
	bool current = true;
	if (span_is(type, "bundle"))
		return add_bundle(stix, object, error);
	if (type.length == 0)
		return loader_skip(stix->loader, 0, (int64_t)object->start, (int64_t)object->end,
			error, "no STIX object: it has no type");
	if (id.length > 0 && !is_current(stix, object, id, &current, error))
		return false;
	if (!current)
		return true;
	struct span creator = json_scalar(json_member(object, "created_by_ref"));
	if (creator.length > 0 && name_table_add(&stix->creators, creator, NULL) == SIZE_MAX)
		return error_memory(error);
	if (span_is(type, "relationship"))
		return relationship(stix, object, error);
	return span_is(type, "identity") ? keep_identity(stix, object, error)
					 : stix_object(stix, object, error);
}

static bool add_unit(void *context, int64_t line, struct json_value *object,
	struct json_arena *arena, struct error *error)
{
	(void)line;
	(void)arena;
	return add(context, object, error);
}

bool stix_read(struct input *input, struct loader *loader, struct error *error)
{
	struct stix stix = {.loader = loader, .sheet = {.loader = loader}};
	struct json_probe probe;
	if (!json_probe_input(&probe, input, error))
		return false;
	lay_out(&probe);
	bool ok = json_each_unit(input, loader, &probe, add_unit, &stix, error);
	struct json_value *identity = stix.first_identity;
	/* Their units were counted as they came. */
	loader_unit_end(loader);
	for (; ok && identity; identity = identity->next)
		ok = stix_identity(&stix, identity, error);
	sheet_done(&stix.sheet);
	json_probe_free(&probe);
	name_table_free(&stix.ids);
	name_table_free(&stix.creators);
	name_table_free(&stix.targets);
	json_arena_free(&stix.kept);
	sheet_free(&stix.sheet);
	free(stix.versions);
	return ok;
}
