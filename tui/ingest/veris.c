/*
 * VERIS incidents (VCDB): one object, or an array of them. What VERIS counts in classes becomes
 * records of that class, linked from the incident; all that an incident says stays with it, too.
 */
#include "format_table.h"

#include "json_probe.h"
#include "veris_private.h"

#include <stdlib.h>
#include <string.h>

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

/* ---- parts ---- */

struct sheet *veris_begin(struct veris *veris, enum kind kind)
{
	struct sheet *sheet = &veris->sheet;
	sheet_begin(sheet, kind, 0, veris->object->start, veris->object->end);
	sheet->draft.basis = loader_basis(veris->loader, BASIS_REPORTED);
	return sheet;
}

void veris_key(struct veris *veris, const char *what, struct span says)
{
	if (veris->key.length == 0)
		return;
	veris->sheet.draft.key = sheet_format(&veris->sheet, "%.*s %s %.*s", (int)veris->key.length,
		veris->key.data, what, (int)says.length, says.data ? says.data : "");
	veris->sheet.draft.lasting = true;
}

bool veris_link(struct veris *veris, struct record_id from, const char *type, struct record_id to,
	struct span detail, struct error *error)
{
	struct draft_link link = {.from = from,
		.to = to,
		.type = span_string(type),
		.detail = detail.length > 0 ? detail : span_string(NULL),
		.basis = loader_basis(veris->loader, BASIS_REPORTED),
		.start = veris->object->start,
		.end = veris->object->end};
	if (to.kind == KIND_NONE || from.kind == KIND_NONE)
		return true;
	return loader_link(veris->loader, &link, error);
}

bool veris_end(struct veris *veris, const char *type, struct span detail, struct record_id *made,
	struct error *error)
{
	struct record_id id;
	if (!sheet_end(&veris->sheet, &id, error))
		return false;
	if (made)
		*made = id;
	return veris_link(veris, veris->incident, type, id, detail, error);
}

struct span veris_known(struct sheet *sheet, const struct json_value *value)
{
	struct buffer text = {0};
	const struct json_value *item = NULL;
	while ((item = veris_next(value, item))) {
		if (veris_says_nothing(json_scalar(item)))
			continue;
		buffer_add_string(&text, text.length ? ", " : "");
		buffer_add_span(&text, json_scalar(item));
	}
	struct span kept = sheet_keep(sheet, buffer_span(&text));
	buffer_free(&text);
	return kept;
}

struct span veris_joined(struct sheet *sheet, const struct json_value *value)
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

const struct json_value *veris_next(const struct json_value *list, const struct json_value *item)
{
	if (item)
		return item == list ? NULL : item->next;
	return json_is_type(list, JSON_ARRAY) ? list->first : list;
}

struct span veris_said(struct sheet *sheet, const struct json_value *object, const char *without)
{
	struct buffer text = {0};
	const struct json_value *member = json_is_type(object, JSON_OBJECT) ? object->first : NULL;
	for (; member; member = member->next) {
		struct span says = veris_joined(sheet, member);
		bool named = false;
		for (const char *word = without; *word && !named;) {
			size_t length = strcspn(word, "|");
			named = span_equal(member->key, span_of(word, length));
			word += length + (word[length] == '|');
		}
		if (named || says.length == 0 || span_is(member->key, "notes"))
			continue;
		buffer_add_string(&text, text.length ? "; " : "");
		buffer_add_span(&text, member->key);
		buffer_add_string(&text, ": ");
		buffer_add_span(&text, says);
	}
	struct span kept = sheet_keep(sheet, buffer_span(&text));
	buffer_free(&text);
	return kept;
}

bool veris_says_nothing(struct span text)
{
	text = span_trim(text);
	return text.length == 0 || span_equal_ignoring_case(text, span_string("Unknown")) ||
	       span_equal_ignoring_case(text, span_string("NA")) ||
	       span_equal_ignoring_case(text, span_string("Other"));
}

static bool add_data(struct veris *veris, const struct json_value *list, struct error *error)
{
	const struct json_value *item = json_is_type(list, JSON_ARRAY) ? list->first : NULL;
	for (; item; item = item->next) {
		struct span variety = json_scalar(json_member(item, "variety"));
		if (variety.length == 0)
			continue;
		struct sheet *sheet = veris_begin(veris, KIND_DATA);
		veris_key(veris, "data", variety);
		sheet_text(sheet, "name", variety);
		sheet_text(sheet, "exposure",
			json_scalar(json_at(
				veris->object, "attribute.confidentiality.data_disclosure")));
		sheet_extra(sheet, span_string("amount"), json_scalar(json_member(item, "amount")));
		if (!veris_end(veris, "concerned", span_string(NULL), NULL, error))
			return false;
	}
	return true;
}

/* What stands between semicolons in `reference`. */
static bool add_references(struct veris *veris, struct span text, struct error *error)
{
	while (text.length > 0) {
		const char *semicolon = memchr(text.data, ';', text.length);
		size_t length = semicolon ? (size_t)(semicolon - text.data) : text.length;
		struct span reference = span_trim(span_slice(text, 0, length));
		text = span_slice(text, length + 1, text.length);
		if (reference.length == 0)
			continue;
		struct sheet *sheet = veris_begin(veris, KIND_DOCUMENT);
		veris_key(veris, "cites", reference);
		sheet_text(sheet, "title", reference);
		if (!veris_end(veris, "cited", span_string(NULL), NULL, error))
			return false;
	}
	return true;
}

/* What the one who filed the incident says in words of their own. */
static bool add_statements(struct veris *veris, struct error *error)
{
	static const char *const words[] = {"summary", "notes", "discovery_notes"};
	for (size_t i = 0; i < ARRAY_LENGTH(words); i++) {
		struct span text = json_scalar(json_member(veris->object, words[i]));
		if (veris_says_nothing(text))
			continue;
		struct sheet *sheet = veris_begin(veris, KIND_STATEMENT);
		veris_key(veris, words[i], text);
		sheet_text(sheet, "quote", text);
		sheet_text(sheet, "channel", span_string(words[i]));
		if (!veris_end(veris, "told_by", span_string(NULL), NULL, error))
			return false;
	}
	return true;
}

/* ---- the incident ---- */

static bool add_incident(struct veris *veris, struct json_value *object, struct error *error)
{
	struct sheet *sheet = veris_begin(veris, KIND_INCIDENT);
	struct span id = json_scalar(json_member(object, "incident_id"));
	struct span victim = json_scalar(json_at(object, "victim.victim_id"));
	sheet->draft.key = id.length > 0 ? buffer_span(&veris->key) : span_string(NULL);
	sheet->draft.lasting = true;
	sheet_text(sheet, "name",
		veris_says_nothing(victim)
			? id
			: sheet_format(sheet, "%.*s (%.*s)", (int)victim.length, victim.data,
				  (int)id.length, id.data ? id.data : ""));
	if (sheet->draft.cell_count == 0)
		sheet_text(sheet, "name", span_string("incident without an id"));
	sheet_stamp(
		sheet, "when", veris_date(sheet, json_at(object, "timeline.incident")), STAMP_UTC);
	sheet_text(sheet, "summary", sheet_take(json_member(object, "summary")));
	sheet_rest(sheet, NULL, object);
	return sheet_end(sheet, &veris->incident, error);
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
	veris->object = object;
	veris->actor_count = veris->action_count = 0;
	return add_incident(veris, object, error) &&
	       veris_victims(veris, json_member(object, "victim"), error) &&
	       veris_actors(veris, json_member(object, "actor"), error) &&
	       veris_actions(veris, json_member(object, "action"), error) &&
	       veris_assets(veris, json_at(object, "asset.assets"), error) &&
	       veris_chain(veris, json_at(object, "plus.event_chain"), error) &&
	       veris_timeline(veris, error) &&
	       add_data(veris, json_at(object, "attribute.confidentiality.data"), error) &&
	       add_statements(veris, error) &&
	       add_references(veris, json_scalar(json_member(object, "reference")), error);
}

bool veris_read(struct input *input, struct loader *loader, struct error *error)
{
	struct veris veris = {.loader = loader, .sheet = {.loader = loader}};
	bool ok = json_each_of_file(input, loader, add, &veris, error);
	sheet_done(&veris.sheet);
	name_table_free(&veris.ids);
	buffer_free(&veris.key);
	sheet_free(&veris.sheet);
	free(veris.actors);
	free(veris.actions);
	return ok;
}
