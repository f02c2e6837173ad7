/* STIX objects as records: what each type is here. */
#include "stix_private.h"

static const struct stix_type types[] = {
	{"intrusion-set", KIND_ACTOR, "name"},
	{"threat-actor", KIND_ACTOR, "name"},
	{"campaign", KIND_INCIDENT, "name"},
	{"incident", KIND_INCIDENT, "name"},
	{"report", KIND_DOCUMENT, "name"},
	{"grouping", KIND_DOCUMENT, "name|context"},
	{"attack-pattern", KIND_TECHNIQUE, "name"},
	{"x-mitre-tactic", KIND_TECHNIQUE, "name"},
	{"malware", KIND_INDICATOR, "name"},
	{"tool", KIND_INDICATOR, "name"},
	{"infrastructure", KIND_INDICATOR, "name"},
	{"vulnerability", KIND_INDICATOR, "name"},
	{"indicator", KIND_INDICATOR, "name|pattern"},
	{"identity", KIND_PARTY, "name"},
	{"location", KIND_SITE, "name|city|administrative_area|country|region"},
	{"observed-data", KIND_EVENT, "name"},
	{"sighting", KIND_EVENT, "description"},
	{"note", KIND_STATEMENT, "abstract"},
	{"opinion", KIND_STATEMENT, "opinion"},
	{"ipv4-addr", KIND_INDICATOR, "value"},
	{"ipv6-addr", KIND_INDICATOR, "value"},
	{"domain-name", KIND_INDICATOR, "value"},
	{"url", KIND_INDICATOR, "value"},
	{"email-addr", KIND_INDICATOR, "value"},
	{"mac-addr", KIND_INDICATOR, "value"},
	{"mutex", KIND_INDICATOR, "name"},
	{"windows-registry-key", KIND_INDICATOR, "key"},
	{"autonomous-system", KIND_INDICATOR, "number"},
	{"x509-certificate", KIND_INDICATOR,
		"hashes.SHA-256|hashes.SHA-1|hashes.MD5|serial_number|subject"},
	{"file", KIND_INDICATOR,
		"hashes.SHA-256|hashes.SHA-1|hashes.MD5|hashes.SHA-512|hashes.SSDEEP|name"},
	{"artifact", KIND_INDICATOR, "hashes.SHA-256|hashes.SHA-1|hashes.MD5|url"},
	{"directory", KIND_INDICATOR, "path"},
	{"software", KIND_INDICATOR, "name"},
	{"email-message", KIND_INDICATOR, "message_id|subject"},
	{"user-account", KIND_ACCOUNT, "account_login|display_name|user_id"},
	{"process", KIND_EVENT, "command_line|name"},
	{"network-traffic", KIND_EVENT, "name"},
	{"relationship", KIND_NONE, NULL},
};

/* A type that is not known is a document. */
static const struct stix_type *type_of(struct span name)
{
	static const struct stix_type other = {"", KIND_DOCUMENT, "name"};
	for (size_t i = 0; i < ARRAY_LENGTH(types); i++)
		if (span_is(name, types[i].type))
			return &types[i];
	return &other;
}

enum kind stix_kind_of(struct span id)
{
	const char *dashes = span_find(id, "--");
	if (!dashes || dashes == id.data)
		return KIND_NONE;
	return type_of(span_of(id.data, (size_t)(dashes - id.data)))->kind;
}

void stix_begin(struct stix *stix, enum kind kind, const struct json_value *object)
{
	sheet_begin(&stix->sheet, kind, 0, object->start, object->end);
	stix->sheet.draft.basis = loader_basis(stix->loader, BASIS_REPORTED);
	struct span id = sheet_take(json_member(object, "id"));
	stix->sheet.draft.key = id;
	stix->sheet.draft.lasting = true;
	stix->sheet.draft.newer = stix->newer;
	stix->sheet.draft.natural = "stix_id";
	sheet_extra(&stix->sheet, span_string("stix_id"), id);
	stix_lights(&stix->sheet, object);
}

/* The `objects` of STIX 2.0's observed data: {"0": {"type": "file", ...}}. */
static bool add_observed(struct stix *stix, struct json_value *objects, struct span within,
	struct record_id event, struct error *error)
{
	for (struct json_value *object = objects->first; object; object = object->next) {
		struct record_id made;
		struct span type = sheet_take(json_member(object, "type"));
		const struct stix_type *is = type_of(type);
		if (object->type != JSON_OBJECT || is->kind == KIND_NONE)
			continue;
		if (!stix_link_refs(stix, object, within, error))
			return false;
		stix_begin(stix, is->kind, object);
		stix->sheet.draft.key = stix_key_of(&stix->sheet, within, object->key);
		stix_fill(stix, is, object, type);
		sheet_rest(&stix->sheet, NULL, object);
		if (!sheet_end(&stix->sheet, &made, error))
			return false;
		struct draft_link link = {.from = event,
			.to = made,
			.type = span_string("observed"),
			.basis = loader_basis(stix->loader, BASIS_REPORTED),
			.start = object->start,
			.end = object->end};
		if (made.kind != KIND_NONE && !loader_link(stix->loader, &link, error))
			return false;
	}
	return true;
}

/* An artifact's bytes may be live malware: they stay in the source. */
static void leave_payload(struct sheet *sheet, const struct json_value *object)
{
	struct span base64 = sheet_take_at(object, "payload_bin");
	if (base64.length > 0)
		sheet_extra(sheet, span_string("payload_bin"),
			sheet_format(sheet,
				"%zu bytes of base64, left in the source: it may be live malware",
				base64.length));
}

bool stix_object(struct stix *stix, struct json_value *object, struct error *error)
{
	struct span type = json_scalar(json_member(object, "type"));
	const struct stix_type *is = type_of(type);
	struct record_id made;
	bool done = false;
	if (!stix_link_refs(stix, object, span_string(NULL), error))
		return false;
	if (span_is(type, "indicator") && !stix_add_pattern(stix, object, &done, error))
		return false;
	if (done)
		return true;
	struct json_value *observed = json_member(object, "objects");
	bool within = span_is(type, "observed-data") && json_is_type(observed, JSON_OBJECT);
	stix_begin(stix, is->kind, object);
	struct span id = stix->sheet.draft.key;
	sheet_take(json_member(object, "type"));
	leave_payload(&stix->sheet, object);
	if (within)
		observed->used = true;
	stix_fill(stix, is, object, type);
	sheet_rest(&stix->sheet, NULL, object);
	if (!sheet_end(&stix->sheet, &made, error))
		return false;
	return !within || made.kind == KIND_NONE || add_observed(stix, observed, id, made, error);
}

/* Whether a list of the object's holds a word. */
static bool lists(const struct json_value *object, const char *key, const char *word)
{
	const struct json_value *list = json_member(object, key);
	for (const struct json_value *item = list ? list->first : NULL; item; item = item->next)
		if (json_is(item, word))
			return true;
	return false;
}

bool stix_identity(struct stix *stix, struct json_value *object, struct error *error)
{
	struct sheet *sheet = &stix->sheet;
	struct span id = json_scalar(json_member(object, "id"));
	stix_begin(stix, KIND_PARTY, object);
	sheet_take(json_member(object, "type"));
	struct span name = sheet_take(json_member(object, "name"));
	sheet_text(sheet, "name", name.length > 0 ? name : id);
	if (json_is(json_member(object, "identity_class"), "individual") ||
		json_is(json_member(object, "identity_class"), "group"))
		sheet_text(sheet, "type", span_string("people"));
	sheet_text(sheet, "sector", stix_joined(sheet, json_member(object, "sectors"), NULL));
	if (lists(object, "roles", "victim") || lists(object, "roles", "target") ||
		name_table_find(&stix->targets, id) != SIZE_MAX)
		sheet_text(sheet, "role", span_string("affected"));
	else if (name_table_find(&stix->creators, id) != SIZE_MAX)
		sheet_text(sheet, "role", span_string("publisher"));
	sheet_rest(sheet, NULL, object);
	return sheet_end(sheet, NULL, error);
}
