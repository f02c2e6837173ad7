/* What STIX objects say of each other: references and markings. */
#include "stix_private.h"

#include <string.h>

static bool is_id(struct span text)
{
	return span_find(text, "--") && stix_kind_of(text) != KIND_NONE;
}

/* What a reference within the objects of STIX 2.0's observed data means: `0` of that data. */
struct span stix_key_of(struct sheet *sheet, struct span within, struct span reference)
{
	return within.length == 0 ? reference
				  : sheet_format(sheet, "%.*s %.*s", (int)within.length,
					    within.data, (int)reference.length, reference.data);
}

static bool link_ref(struct stix *stix, const struct json_value *object, struct span within,
	struct span type, struct json_value *ref, struct error *error)
{
	struct span from = json_scalar(json_member(object, "id")), to = json_scalar(ref);
	if (within.length > 0)
		from = stix_key_of(&stix->sheet, within, object->key);
	if (to.length == 0 || from.length == 0 || (within.length == 0 && !is_id(to)))
		return true;
	ref->used = within.length == 0;
	struct draft_key_link link = {.from = from,
		.to = stix_key_of(&stix->sheet, within, to),
		.type = type,
		.from_kind = within.length > 0 ? KIND_NONE : stix_kind_of(from),
		.to_kind = within.length > 0 ? KIND_NONE : stix_kind_of(to),
		.start = object->start,
		.end = object->end};
	return loader_link_keys(stix->loader, &link, error);
}

bool stix_link_refs(
	struct stix *stix, const struct json_value *object, struct span within, struct error *error)
{
	for (struct json_value *child = object->first; child; child = child->next) {
		struct span key = child->key;
		bool many = key.length > 5 && memcmp(key.data + key.length - 5, "_refs", 5) == 0;
		bool one = key.length > 4 && memcmp(key.data + key.length - 4, "_ref", 4) == 0;
		if ((!many && !one) || span_is(key, "object_marking_refs") ||
			span_is(key, "x_mitre_modified_by_ref"))
			continue;
		struct span type = span_slice(key, 0, key.length - (many ? 5 : 4));
		if (span_is(key, "object_refs"))
			type = span_string("mentions");
		if (!many && !link_ref(stix, object, within, type, child, error))
			return false;
		struct json_value *ref = many ? child->first : NULL;
		for (; ref; ref = ref->next)
			if (!link_ref(stix, object, within, type, ref, error))
				return false;
	}
	return true;
}

/* ---- markings ---- */

/* The traffic light of a marking: those of TLP 1 and 2 have ids of their own in the standard. */
static const char *traffic_light(struct span marking)
{
	static const char *const lights[][2] = {
		{"613f2e26-407d-48c7-9eca-b8e91df99dc9", "white"},
		{"34098fce-860f-48ae-8e50-ebd3cc5e41da", "green"},
		{"f88d31f6-486f-44da-b317-01333bde0b82", "amber"},
		{"5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "red"},
		{"94868c89-83c2-464b-929b-a1a8aa3c8487", "clear"},
		{"bab4a63c-aed9-4cf5-a766-dfca5abac2bb", "green"},
		{"55d920b0-5e8b-4f79-9ee9-91f868d9b421", "amber"},
		{"939a9414-2ddd-4d32-a0cd-375ea402b003", "amber+strict"},
		{"e828b379-4e03-4974-9ac4-e53a884c97c1", "red"},
	};
	struct span uuid = span_slice(marking, strlen("marking-definition--"), marking.length);
	for (size_t i = 0; i < ARRAY_LENGTH(lights); i++)
		if (span_is(uuid, lights[i][0]))
			return lights[i][1];
	return NULL;
}

/* Its markings as the extra field `tlp`, as tags of MISP are. */
void stix_lights(struct sheet *sheet, const struct json_value *object)
{
	const struct json_value *list = json_member(object, "object_marking_refs");
	const struct json_value *ref = json_is_type(list, JSON_ARRAY) ? list->first : NULL;
	for (; ref; ref = ref->next) {
		const char *light = traffic_light(json_scalar(ref));
		if (light)
			sheet_extra(sheet, span_string("tlp"), span_string(light));
	}
}
