/* STIX objects as records: what each type is here, and where its properties go. */
#include "stix_private.h"

#include "stix_pattern.h"

#include <string.h>

#define MAX_COMPARISONS 1000

struct stix_type {
	const char *type;
	enum kind kind;
	const char *name; /* members that name it, `|` between those that are tried in turn */
};

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

static const struct stix_type *find_type(struct span name)
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
	return find_type(span_of(id.data, (size_t)(dashes - id.data)))->kind;
}

/* ---- parts ---- */

/* The first member that is stated, marked as used. */
static struct span first_of(const struct json_value *object, const char *list)
{
	while (list && *list) {
		char path[64];
		size_t length = strcspn(list, "|");
		memcpy(path, list, length);
		path[length] = '\0';
		struct json_value *value = json_at(object, path);
		if (json_scalar(value).length > 0)
			return sheet_take(value);
		list += length + (list[length] == '|');
	}
	return span_string(NULL);
}

/* The texts of an array's elements, or of their member, with commas between. */
static struct span joined(struct sheet *sheet, struct json_value *array, const char *member)
{
	struct buffer text = {0};
	if (!json_is_type(array, JSON_ARRAY))
		return sheet_take(array);
	for (const struct json_value *item = array->first; item; item = item->next) {
		struct span word = json_scalar(member ? json_member(item, member) : item);
		if (word.length == 0)
			continue;
		buffer_add_string(&text, text.length ? ", " : "");
		buffer_add_span(&text, word);
	}
	array->used = !member;
	struct span kept = sheet_keep(sheet, buffer_span(&text));
	buffer_free(&text);
	return kept;
}

/* T1059 of a reference to ATT&CK. */
static struct span attack_id(const struct json_value *object)
{
	const struct json_value *list = json_member(object, "external_references");
	for (const struct json_value *item = list ? list->first : NULL; item; item = item->next) {
		struct span source = json_scalar(json_member(item, "source_name"));
		if (source.length >= 5 && memcmp(source.data, "mitre", 5) == 0)
			return json_scalar(json_member(item, "external_id"));
	}
	return span_string(NULL);
}

static bool is_id(struct span text)
{
	return span_find(text, "--") && stix_kind_of(text) != KIND_NONE;
}

static bool link_ref(struct stix *stix, const struct json_value *object, struct span type,
	struct json_value *ref, struct error *error)
{
	struct span id = json_scalar(json_member(object, "id")), to = json_scalar(ref);
	if (to.length == 0 || id.length == 0 || !is_id(to))
		return true;
	ref->used = true;
	struct draft_key_link link = {.from = id,
		.to = to,
		.type = type,
		.from_kind = stix_kind_of(id),
		.to_kind = stix_kind_of(to),
		.start = object->start,
		.end = object->end};
	return loader_link_keys(stix->loader, &link, error);
}

/* Members that refer to other objects, `x_ref` and `x_refs`, as links. Who made an object and how
 * it is marked stay fields. */
static bool link_refs(struct stix *stix, const struct json_value *object, struct error *error)
{
	for (struct json_value *child = object->first; child; child = child->next) {
		struct span key = child->key;
		bool many = key.length > 5 && memcmp(key.data + key.length - 5, "_refs", 5) == 0;
		bool one = key.length > 4 && memcmp(key.data + key.length - 4, "_ref", 4) == 0;
		if ((!many && !one) || span_is(key, "created_by_ref") ||
			span_is(key, "object_marking_refs") ||
			span_is(key, "x_mitre_modified_by_ref"))
			continue;
		struct span type = span_slice(key, 0, key.length - (many ? 5 : 4));
		if (span_is(key, "object_refs"))
			type = span_string("mentions");
		if (!many && !link_ref(stix, object, type, child, error))
			return false;
		struct json_value *ref = many ? child->first : NULL;
		for (; ref; ref = ref->next)
			if (!link_ref(stix, object, type, ref, error))
				return false;
	}
	return true;
}

/* ---- kinds ---- */

static void begin(struct stix *stix, enum kind kind, const struct json_value *object)
{
	sheet_begin(&stix->sheet, kind, 0, object->start, object->end);
	stix->sheet.draft.basis = loader_basis(stix->loader, BASIS_REPORTED);
	struct span id = sheet_take(json_member(object, "id"));
	stix->sheet.draft.key = id;
	stix->sheet.draft.lasting = true;
	stix->sheet.draft.newer = stix->newer;
	sheet_extra(&stix->sheet, span_string("stix_id"), id);
}

static void fill_actor(struct sheet *sheet, const struct json_value *object, struct span type)
{
	sheet_text(sheet, "aliases", joined(sheet, json_member(object, "aliases"), NULL));
	struct json_value *kinds = json_member(object, "threat_actor_types");
	sheet_text(sheet, "type", kinds ? joined(sheet, kinds, NULL) : type);
}

static void fill_technique(struct sheet *sheet, const struct json_value *object)
{
	sheet_text(sheet, "attack_id", attack_id(object));
	sheet_text(sheet, "tactic",
		joined(sheet, json_member(object, "kill_chain_phases"), "phase_name"));
}

static void fill_incident(struct sheet *sheet, const struct json_value *object)
{
	struct json_value *first = json_member(object, "first_seen");
	struct json_value *last = json_member(object, "last_seen");
	struct span from = json_scalar(first), to = json_scalar(last);
	struct moment moment;
	if (from.length > 0 && to.length > 0) {
		struct span both = sheet_format(
			sheet, "%.*s/%.*s", (int)from.length, from.data, (int)to.length, to.data);
		if (moment_parse(both, NULL, &moment, NULL)) {
			sheet_moment(sheet, "when", both, &moment);
			first->used = last->used = true;
		}
	}
	if (from.length > 0 && !first->used)
		sheet_stamp(sheet, "when", sheet_take(first), STAMP_UTC);
	sheet_text(sheet, "summary", sheet_take(json_member(object, "description")));
}

static void fill_site(struct sheet *sheet, const struct json_value *object)
{
	sheet_text(sheet, "city", sheet_take(json_member(object, "city")));
	sheet_text(sheet, "country", sheet_take(json_member(object, "country")));
}

static void fill_event(
	struct sheet *sheet, struct json_value *object, struct span type, struct span name)
{
	struct json_value *count = json_member(object, "number_observed");
	static const char *const times[] = {
		"first_observed", "first_seen", "start", "created_time"};
	for (size_t i = 0; i < ARRAY_LENGTH(times); i++) {
		struct span text = sheet_take(json_member(object, times[i]));
		if (text.length == 0)
			continue;
		sheet_stamp(sheet, "time", text, STAMP_UTC);
		sheet_text(sheet, "time_kind", span_string(times[i]));
		break;
	}
	sheet_text(sheet, "action", type);
	if (!json_scalar(count).length)
		count = json_member(object, "count");
	struct span times_seen = json_scalar(count);
	if (name.length == 0 && times_seen.length > 0)
		name = sheet_format(sheet, "%.*s, %.*s times", (int)type.length, type.data,
			(int)times_seen.length, times_seen.data);
	sheet_text(sheet, "message", name.length > 0 ? name : type);
}

static void fill_statement(struct sheet *sheet, const struct json_value *object, struct span name)
{
	struct json_value *authors = json_member(object, "authors");
	sheet_text(sheet, "speaker", authors ? joined(sheet, authors, NULL) : span_string(NULL));
	sheet_stamp(sheet, "said_on", sheet_take(json_member(object, "created")), STAMP_UTC);
	struct span content = first_of(object, "content|explanation");
	sheet_text(sheet, "gist", name.length > 0 ? name : content);
	sheet_text(sheet, "quote", content);
}

static void fill_document(
	struct sheet *sheet, const struct json_value *object, struct span type, struct span name)
{
	struct span marking = first_of(object, "definition.tlp|definition.statement");
	if (name.length == 0)
		name = marking.length > 0 ? marking : sheet->draft.key;
	sheet_text(sheet, "title", name.length > 0 ? name : type);
	sheet_stamp(sheet, "published", sheet_take(json_member(object, "published")), STAMP_UTC);
	if (!span_is(type, "report"))
		sheet_extra(sheet, span_string("type"), type);
}

static void fill(
	struct stix *stix, const struct stix_type *is, struct json_value *object, struct span type)
{
	struct sheet *sheet = &stix->sheet;
	struct span name = first_of(object, is->name);
	bool own =
		is->kind == KIND_DOCUMENT || is->kind == KIND_STATEMENT || is->kind == KIND_EVENT;
	if (!own)
		sheet_text(sheet, kind_info(is->kind)->fields[kind_info(is->kind)->name_field].name,
			name.length > 0 ? name : sheet->draft.key);
	if (is->kind == KIND_ACTOR)
		fill_actor(sheet, object, type);
	else if (is->kind == KIND_TECHNIQUE)
		fill_technique(sheet, object);
	else if (is->kind == KIND_INCIDENT)
		fill_incident(sheet, object);
	else if (is->kind == KIND_SITE)
		fill_site(sheet, object);
	else if (is->kind == KIND_INDICATOR)
		sheet_text(sheet, "type", type);
	else if (is->kind == KIND_EVENT)
		fill_event(sheet, object, type, name);
	else if (is->kind == KIND_STATEMENT)
		fill_statement(sheet, object, name);
	else if (is->kind == KIND_DOCUMENT)
		fill_document(sheet, object, type, name);
}

/* ---- indicators ---- */

static struct span comparison_type(struct sheet *sheet, const struct stix_comparison *comparison)
{
	struct span type = comparison->type, path = comparison->path;
	if (span_is(path, "value"))
		return type;
	return sheet_format(
		sheet, "%.*s:%.*s", (int)type.length, type.data, (int)path.length, path.data);
}

/* One record a literal of the pattern. The first is the indicator's own; the others are linked to
 * it. */
static bool add_comparison(struct stix *stix, struct json_value *object,
	const struct stix_comparison *comparison, struct record_id *first, struct error *error)
{
	struct sheet *sheet = &stix->sheet;
	struct record_id made;
	struct span name = json_scalar(json_member(object, "name"));
	bool own = first->kind == KIND_NONE;
	begin(stix, KIND_INDICATOR, object);
	if (!own)
		sheet->draft.key = span_string(NULL);
	char *value = json_arena_take(&sheet->arena, comparison->value.length + 1);
	if (!value)
		return error_memory(error);
	sheet_text(sheet, "value", span_of(value, stix_unescape(comparison->value, value)));
	sheet_text(sheet, "type", comparison_type(sheet, comparison));
	if (own)
		sheet_rest(sheet, NULL, object);
	else
		sheet_extra(sheet, span_string("name"), name);
	if (!sheet_end(sheet, &made, error))
		return false;
	if (own) {
		*first = made;
		return true;
	}
	struct draft_link link = {.from = *first,
		.to = made,
		.type = span_string("same_pattern"),
		.basis = loader_basis(stix->loader, BASIS_REPORTED),
		.start = object->start,
		.end = object->end};
	return (first->id == made.id && first->kind == made.kind) ||
	       loader_link(stix->loader, &link, error);
}

/* False in *done when the pattern holds no literal. */
static bool add_pattern(
	struct stix *stix, struct json_value *object, bool *done, struct error *error)
{
	struct span pattern = json_scalar(json_member(object, "pattern"));
	struct span language = json_scalar(json_member(object, "pattern_type"));
	struct stix_comparison comparison;
	struct record_id first = {0};
	size_t at = 0;
	*done = false;
	if (language.length > 0 && !span_is(language, "stix"))
		return true;
	struct json_value *type = json_member(object, "type");
	type->used = true;
	for (int i = 0; stix_comparison_next(pattern, &at, &comparison); i++) {
		*done = true;
		if (i == MAX_COMPARISONS)
			return loader_remark(stix->loader, 0, (int64_t)object->start,
				(int64_t)object->end, error,
				"more than %d comparisons in one pattern: the others are in its "
				"text only",
				MAX_COMPARISONS);
		if (!add_comparison(stix, object, &comparison, &first, error))
			return false;
	}
	return true;
}

/* ---- objects ---- */

/* The `objects` of STIX 2.0's observed data: {"0": {"type": "file", ...}}. */
static bool add_observed(
	struct stix *stix, struct json_value *objects, struct record_id event, struct error *error)
{
	for (struct json_value *object = objects->first; object; object = object->next) {
		struct record_id made;
		struct span type = sheet_take(json_member(object, "type"));
		const struct stix_type *is = find_type(type);
		if (object->type != JSON_OBJECT || is->kind == KIND_NONE)
			continue;
		begin(stix, is->kind, object);
		fill(stix, is, object, type);
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

bool stix_object(struct stix *stix, struct json_value *object, struct error *error)
{
	struct span type = json_scalar(json_member(object, "type"));
	const struct stix_type *is = find_type(type);
	struct record_id made;
	bool done = false;
	if (!link_refs(stix, object, error))
		return false;
	if (span_is(type, "indicator") && !add_pattern(stix, object, &done, error))
		return false;
	if (done)
		return true;
	struct json_value *observed = json_member(object, "objects");
	bool within = span_is(type, "observed-data") && json_is_type(observed, JSON_OBJECT);
	begin(stix, is->kind, object);
	sheet_take(json_member(object, "type"));
	if (within)
		observed->used = true;
	fill(stix, is, object, type);
	sheet_rest(&stix->sheet, NULL, object);
	if (!sheet_end(&stix->sheet, &made, error))
		return false;
	return !within || made.kind == KIND_NONE || add_observed(stix, observed, made, error);
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
	begin(stix, KIND_PARTY, object);
	sheet_take(json_member(object, "type"));
	struct span name = sheet_take(json_member(object, "name"));
	sheet_text(sheet, "name", name.length > 0 ? name : id);
	sheet_text(sheet, "sector", joined(sheet, json_member(object, "sectors"), NULL));
	if (lists(object, "roles", "victim") || lists(object, "roles", "target") ||
		name_table_find(&stix->targets, id) != SIZE_MAX)
		sheet_text(sheet, "role", span_string("affected"));
	else if (name_table_find(&stix->creators, id) != SIZE_MAX)
		sheet_text(sheet, "role", span_string("publisher"));
	sheet_rest(sheet, NULL, object);
	return sheet_end(sheet, NULL, error);
}
