/* Where the properties of STIX objects go, by the kind of record they become. */
#include "stix_private.h"

#include <string.h>

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
struct span stix_joined(struct sheet *sheet, struct json_value *array, const char *member)
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

static void fill_actor(struct sheet *sheet, const struct json_value *object, struct span type)
{
	sheet_text(sheet, "aliases", stix_joined(sheet, json_member(object, "aliases"), NULL));
	struct json_value *kinds = json_member(object, "threat_actor_types");
	sheet_text(sheet, "type", kinds ? stix_joined(sheet, kinds, NULL) : type);
}

static void fill_technique(struct sheet *sheet, const struct json_value *object)
{
	sheet_text(sheet, "attack_id", attack_id(object));
	sheet_text(sheet, "tactic",
		stix_joined(sheet, json_member(object, "kill_chain_phases"), "phase_name"));
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

/* `ipv4, tcp, port 443` of network traffic. */
static struct span traffic(struct sheet *sheet, const struct json_value *object)
{
	struct span protocols = stix_joined(sheet, json_member(object, "protocols"), NULL);
	struct span port = json_scalar(json_member(object, "dst_port"));
	if (protocols.length == 0 || port.length == 0)
		return protocols;
	return sheet_format(sheet, "%.*s, port %.*s", (int)protocols.length, protocols.data,
		(int)port.length, port.data);
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
	if (span_is(type, "network-traffic"))
		name = traffic(sheet, object);
	if (name.length == 0 && times_seen.length > 0)
		name = sheet_format(sheet, "%.*s, %.*s times", (int)type.length, type.data,
			(int)times_seen.length, times_seen.data);
	sheet_text(sheet, "message", name.length > 0 ? name : type);
}

static void fill_statement(struct sheet *sheet, const struct json_value *object, struct span name)
{
	struct json_value *authors = json_member(object, "authors");
	sheet_text(
		sheet, "speaker", authors ? stix_joined(sheet, authors, NULL) : span_string(NULL));
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

void stix_fill(
	struct stix *stix, const struct stix_type *is, struct json_value *object, struct span type)
{
	struct sheet *sheet = &stix->sheet;
	struct span name = first_of(object, is->name);
	bool own =
		is->kind == KIND_DOCUMENT || is->kind == KIND_STATEMENT || is->kind == KIND_EVENT;
	if (!own)
		sheet_text(sheet, kind_info(is->kind)->fields[kind_info(is->kind)->name_field].name,
			name.length > 0 ? name : sheet->draft.key);
	/* Groups, software and campaigns of ATT&CK have ids, too: G0060. */
	if (is->kind != KIND_TECHNIQUE)
		sheet_extra(sheet, span_string("attack_id"), attack_id(object));
	if (is->kind == KIND_ACTOR)
		fill_actor(sheet, object, type);
	else if (is->kind == KIND_TECHNIQUE)
		fill_technique(sheet, object);
	else if (is->kind == KIND_INCIDENT)
		fill_incident(sheet, object);
	else if (is->kind == KIND_SITE)
		fill_site(sheet, object);
	else if (is->kind == KIND_INDICATOR || is->kind == KIND_ACCOUNT)
		sheet_text(sheet, "type", type);
	else if (is->kind == KIND_EVENT)
		fill_event(sheet, object, type, name);
	else if (is->kind == KIND_STATEMENT)
		fill_statement(sheet, object, name);
	else if (is->kind == KIND_DOCUMENT)
		fill_document(sheet, object, type, name);
}
