/*
 * VERIS incidents (VCDB): one object, or an array of them. Assets are classes of machines with a
 * stated amount, never machines: they stay fields of the incident.
 */
#include "format_table.h"

#include "base/memory.h"
#include "json_probe.h"
#include "name_table.h"
#include "sheet.h"

#include <stdio.h>
#include <string.h>

struct veris {
	struct loader *loader;
	struct sheet sheet;
	struct name_table ids; /* in lower case */
	struct buffer key;     /* of the incident at hand, likewise */
};

static bool is_incident(const struct json_value *value)
{
	struct span version = json_scalar(json_member(value, "schema_version"));
	bool stated = json_scalar(json_member(value, "incident_id")).length > 0 ||
		      json_scalar(json_member(value, "summary")).length > 0;
	return json_has(value, "action|actor|victim") &&
	       ((version.length > 1 && version.data[0] == '1' && version.data[1] == '.') ||
		       (stated && json_has(value, "action+actor|actor+victim|action+victim")));
}

int veris_sniff(struct span head, bool whole, struct span name)
{
	struct json_probe probe;
	(void)whole;
	(void)name;
	json_probe(&probe, head);
	bool fits = is_incident(probe.sample) && !json_member(probe.sample, "$schema");
	json_probe_free(&probe);
	return fits ? 97 : 0;
}

/* ---- links ---- */

struct place {
	struct veris *veris;
	struct record_id incident;
	const struct json_value *object;
};

static bool link_to(
	const struct place *place, const char *type, struct record_id to, struct error *error)
{
	struct draft_link link = {.from = place->incident,
		.to = to,
		.type = span_string(type),
		.basis = loader_basis(place->veris->loader, BASIS_REPORTED),
		.start = place->object->start,
		.end = place->object->end};
	if (to.kind == KIND_NONE || place->incident.kind == KIND_NONE)
		return true;
	return loader_link(place->veris->loader, &link, error);
}

static struct sheet *begin(const struct place *place, enum kind kind)
{
	struct sheet *sheet = &place->veris->sheet;
	sheet_begin(sheet, kind, 0, place->object->start, place->object->end);
	sheet->draft.basis = loader_basis(place->veris->loader, BASIS_REPORTED);
	return sheet;
}

static bool end(
	const struct place *place, const char *type, struct record_id *made, struct error *error)
{
	struct record_id id;
	return sheet_end(&place->veris->sheet, made ? made : &id, error) &&
	       link_to(place, type, made ? *made : id, error);
}

/* ---- parts ---- */

/* The elements of a list as `a, b`; a text as it is. */
static struct span joined(struct sheet *sheet, const struct json_value *value)
{
	struct buffer text = {0};
	if (!json_is_type(value, JSON_ARRAY))
		return json_scalar(value);
	for (const struct json_value *item = value->first; item; item = item->next) {
		buffer_add_string(&text, text.length ? ", " : "");
		buffer_add_span(&text, json_scalar(item));
	}
	struct span kept = sheet_keep(sheet, buffer_span(&text));
	buffer_free(&text);
	return kept;
}

static bool names_nobody(struct span name)
{
	name = span_trim(name);
	return name.length == 0 || span_equal_ignoring_case(name, span_string("Unknown")) ||
	       span_equal_ignoring_case(name, span_string("NA")) ||
	       span_equal_ignoring_case(name, span_string("Other"));
}

static bool add_victim(const struct place *place, const struct json_value *victim, struct span name,
	struct error *error)
{
	if (names_nobody(name))
		return true;
	struct sheet *sheet = begin(place, KIND_PARTY);
	sheet_text(sheet, "name", name);
	sheet_text(sheet, "role", span_string("affected"));
	if (span_equal(name, json_scalar(json_member(victim, "victim_id")))) {
		sheet_text(sheet, "country", joined(sheet, json_member(victim, "country")));
		sheet_text(sheet, "sector", json_scalar(json_member(victim, "industry")));
	}
	return end(place, "affected", NULL, error);
}

static bool add_victims(
	const struct place *place, const struct json_value *victim, struct error *error)
{
	if (json_is_type(victim, JSON_ARRAY)) {
		for (const struct json_value *item = victim->first; item; item = item->next)
			if (!add_victims(place, item, error))
				return false;
		return true;
	}
	if (!add_victim(place, victim, json_scalar(json_member(victim, "victim_id")), error))
		return false;
	const struct json_value *more = json_at(victim, "secondary.victim_id");
	for (const struct json_value *item = more ? more->first : NULL; item; item = item->next)
		if (!add_victim(place, victim, json_scalar(item), error))
			return false;
	return true;
}

/* VERIS knows classes of actors, and names few: one is called by its name, else by its class and
 * variety. */
static bool add_actors(
	const struct place *place, const struct json_value *actors, struct error *error)
{
	const struct json_value *actor = json_is_type(actors, JSON_OBJECT) ? actors->first : NULL;
	for (; actor; actor = actor->next) {
		struct sheet *sheet = begin(place, KIND_ACTOR);
		struct span variety = joined(sheet, json_member(actor, "variety"));
		struct span name = joined(sheet, json_member(actor, "name"));
		if (names_nobody(name))
			name = names_nobody(variety)
				       ? sheet_format(sheet, "%.*s actor", (int)actor->key.length,
						 actor->key.data)
				       : sheet_format(sheet, "%.*s actor: %.*s",
						 (int)actor->key.length, actor->key.data,
						 (int)variety.length, variety.data);
		sheet_text(sheet, "name", name);
		sheet_text(sheet, "type", actor->key);
		if (!end(place, "attributed_to", NULL, error))
			return false;
	}
	return true;
}

/* Each variety of an action. */
static bool add_actions(
	const struct place *place, const struct json_value *actions, struct error *error)
{
	const struct json_value *action =
		json_is_type(actions, JSON_OBJECT) ? actions->first : NULL;
	for (; action; action = action->next) {
		const struct json_value *varieties = json_member(action, "variety");
		bool list = json_is_type(varieties, JSON_ARRAY);
		const struct json_value *item = list ? varieties->first : varieties;
		do {
			struct sheet *sheet = begin(place, KIND_TECHNIQUE);
			struct span variety = json_scalar(item);
			sheet_text(sheet, "name",
				variety.length == 0
					? action->key
					: sheet_format(sheet, "%.*s: %.*s", (int)action->key.length,
						  action->key.data, (int)variety.length,
						  variety.data));
			if (!end(place, "used", NULL, error))
				return false;
			item = list && item ? item->next : NULL;
		} while (item);
	}
	return true;
}

static bool add_data(const struct place *place, const struct json_value *list, struct error *error)
{
	const struct json_value *item = json_is_type(list, JSON_ARRAY) ? list->first : NULL;
	for (; item; item = item->next) {
		struct span variety = json_scalar(json_member(item, "variety"));
		if (variety.length == 0)
			continue;
		struct sheet *sheet = begin(place, KIND_DATA);
		sheet_text(sheet, "name", variety);
		sheet_text(sheet, "exposure",
			json_scalar(json_at(
				place->object, "attribute.confidentiality.data_disclosure")));
		sheet_extra(sheet, span_string("amount"), json_scalar(json_member(item, "amount")));
		if (!end(place, "concerned", NULL, error))
			return false;
	}
	return true;
}

/* What stands between semicolons in `reference`. */
static bool add_references(const struct place *place, struct span text, struct error *error)
{
	while (text.length > 0) {
		const char *semicolon = memchr(text.data, ';', text.length);
		size_t length = semicolon ? (size_t)(semicolon - text.data) : text.length;
		struct span reference = span_trim(span_slice(text, 0, length));
		text = span_slice(text, length + 1, text.length);
		if (reference.length == 0)
			continue;
		struct sheet *sheet = begin(place, KIND_DOCUMENT);
		sheet_text(sheet, "title", reference);
		if (!end(place, "cited", NULL, error))
			return false;
	}
	return true;
}

/* ---- the incident ---- */

/* {"year": 2013, "month": 5} as 2013-05. */
static void add_when(struct sheet *sheet, const struct json_value *incident)
{
	const struct json_value *date = json_at(incident, "timeline.incident");
	long long year, month, day;
	if (!span_to_integer(json_scalar(json_member(date, "year")), &year))
		return;
	struct span text = sheet_format(sheet, "%04lld", year);
	if (span_to_integer(json_scalar(json_member(date, "month")), &month)) {
		text = sheet_format(sheet, "%04lld-%02lld", year, month);
		if (span_to_integer(json_scalar(json_member(date, "day")), &day))
			text = sheet_format(sheet, "%04lld-%02lld-%02lld", year, month, day);
	}
	sheet_stamp(sheet, "when", text, STAMP_UTC);
}

static bool add_incident(struct place *place, struct json_value *object, struct error *error)
{
	struct sheet *sheet = begin(place, KIND_INCIDENT);
	struct span id = json_scalar(json_member(object, "incident_id"));
	struct span victim = json_scalar(json_at(object, "victim.victim_id"));
	sheet->draft.key = id.length > 0 ? buffer_span(&place->veris->key) : span_string(NULL);
	sheet->draft.lasting = true;
	sheet_text(sheet, "name",
		names_nobody(victim)
			? id
			: sheet_format(sheet, "%.*s (%.*s)", (int)victim.length, victim.data,
				  (int)id.length, id.data ? id.data : ""));
	if (sheet->draft.cell_count == 0)
		sheet_text(sheet, "name", span_string("incident without an id"));
	add_when(sheet, object);
	sheet_text(sheet, "summary", sheet_take(json_member(object, "summary")));
	sheet_rest(sheet, NULL, object);
	return sheet_end(sheet, &place->incident, error);
}

/* Ids differ in case only between editions of the same incident. */
static bool make_key(struct veris *veris, struct span id, bool *known, struct error *error)
{
	bool added = true;
	buffer_clear(&veris->key);
	for (size_t i = 0; i < id.length; i++) {
		char byte = id.data[i];
		buffer_add_byte(&veris->key, byte >= 'A' && byte <= 'Z' ? (char)(byte + 32) : byte);
	}
	bool ok = !buffer_failed(&veris->key) &&
		  (id.length == 0 || name_table_add(&veris->ids, buffer_span(&veris->key),
					     &added) != SIZE_MAX);
	*known = !added;
	return ok || error_memory(error);
}

static bool add(void *context, int64_t line, struct json_value *object, struct json_arena *arena,
	struct error *error)
{
	struct veris *veris = context;
	struct place place = {.veris = veris, .object = object};
	struct span id = json_scalar(json_member(object, "incident_id"));
	bool known;
	(void)line;
	(void)arena;
	if (!make_key(veris, id, &known, error))
		return false;
	if (known) {
		loader_duplicate(veris->loader);
		if (!loader_remark(veris->loader, 0, (int64_t)object->start, (int64_t)object->end,
			    error, "the incident %.*s stands there twice",
			    (int)(id.length < 60 ? id.length : 60), id.data))
			return false;
	}
	return add_incident(&place, object, error) &&
	       add_victims(&place, json_member(object, "victim"), error) &&
	       add_actors(&place, json_member(object, "actor"), error) &&
	       add_actions(&place, json_member(object, "action"), error) &&
	       add_data(&place, json_at(object, "attribute.confidentiality.data"), error) &&
	       add_references(&place, json_scalar(json_member(object, "reference")), error);
}

bool veris_read(struct input *input, struct loader *loader, struct error *error)
{
	struct veris veris = {.loader = loader, .sheet = {.loader = loader}};
	bool ok = json_each_of_file(input, loader, add, &veris, error);
	sheet_done(&veris.sheet);
	name_table_free(&veris.ids);
	buffer_free(&veris.key);
	sheet_free(&veris.sheet);
	return ok;
}
