/* What stands in a MISP event: attributes, sightings, reports. */
#include "misp_private.h"

#include <string.h>

bool misp_link(struct misp *misp, struct span from, const char *type, struct span to,
	const struct json_value *at, struct error *error)
{
	if (from.length == 0 || to.length == 0)
		return true;
	struct draft_key_link link = {.from = from,
		.to = to,
		.type = span_string(type),
		.from_kind = KIND_NONE,
		.to_kind = KIND_NONE,
		.start = at->start,
		.end = at->end};
	return loader_link_keys(misp->loader, &link, error);
}

static struct span within(struct sheet *sheet, const char *prefix, const char *name)
{
	return prefix ? sheet_format(sheet, "%s.%s", prefix, name) : span_string(name);
}

static struct span in_lower_case(struct sheet *sheet, struct span text)
{
	char *copy = json_arena_take(&sheet->arena, text.length + 1);
	if (!copy)
		return text;
	for (size_t i = 0; i < text.length; i++)
		copy[i] = text.data[i] >= 'A' && text.data[i] <= 'Z' ? (char)(text.data[i] + 32)
								     : text.data[i];
	return span_of(copy, text.length);
}

void misp_add_tags(struct misp *misp, const char *prefix, const struct json_value *value)
{
	struct sheet *sheet = &misp->sheet;
	struct buffer names = {0};
	struct json_value *tags = json_member(value, "Tag");
	if (!json_is_type(tags, JSON_ARRAY))
		return;
	for (const struct json_value *tag = tags->first; tag; tag = tag->next) {
		struct span name = sheet_take_at(tag, "name");
		bool marking =
			span_equal_ignoring_case(span_slice(name, 0, 4), span_string("tlp:"));
		buffer_add_string(&names, names.length && name.length ? ", " : "");
		buffer_add_span(&names, name);
		if (marking)
			sheet_extra(sheet, within(sheet, prefix, "tlp"),
				in_lower_case(sheet, span_slice(name, 4, name.length)));
	}
	sheet_extra(sheet, within(sheet, prefix, "tags"), sheet_keep(sheet, buffer_span(&names)));
	buffer_free(&names);
}

bool misp_is_yes(const struct json_value *value)
{
	struct span text = json_scalar(value);
	return span_is(text, "true") || span_is(text, "1");
}

bool misp_is_one_of(struct span word, const char *list)
{
	while (*list) {
		size_t length = strcspn(list, "|");
		if (span_equal(word, span_of(list, length)))
			return true;
		list += length + (list[length] == '|');
	}
	return false;
}

/* ---- attributes ---- */

bool misp_sightings(
	struct misp *misp, struct json_value *attribute, struct span uuid, struct error *error)
{
	struct json_value *list = json_member(attribute, "Sighting");
	struct span value = json_scalar(json_member(attribute, "value"));
	if (!json_is_type(list, JSON_ARRAY))
		return true;
	list->used = true;
	for (struct json_value *seen = list->first; seen; seen = seen->next) {
		struct sheet *sheet = &misp->sheet;
		struct span key = json_scalar(json_member(seen, "uuid"));
		struct span type = json_scalar(json_member(seen, "type"));
		const char *action = span_is(type, "1")   ? "false positive"
				     : span_is(type, "2") ? "expiration"
							  : "sighting";
		sheet_begin(sheet, KIND_EVENT, 0, seen->start, seen->end);
		sheet->draft.basis = loader_basis(misp->loader, BASIS_REPORTED);
		sheet->draft.key = key;
		sheet->draft.natural = "uuid";
		sheet_stamp(
			sheet, "time", sheet_take(json_member(seen, "date_sighting")), STAMP_EPOCH);
		sheet_text(sheet, "time_kind", span_string("sighting"));
		sheet_text(sheet, "action", span_string(action));
		sheet_text(sheet, "message", value);
		sheet_rest(sheet, NULL, seen);
		if (!sheet_end(sheet, NULL, error) ||
			!misp_link(misp, key, "sighting_of", uuid, seen, error))
			return false;
	}
	return true;
}

void misp_add_context(struct misp *misp, const char *prefix, struct json_value *attribute)
{
	struct sheet *sheet = &misp->sheet;
	struct json_value *data = json_member(attribute, "data");
	struct span base64 = json_scalar(data);
	if (base64.length > 0) {
		data->used = true;
		sheet_extra(sheet, within(sheet, prefix, "data"),
			sheet_format(sheet,
				"%zu bytes of base64, left in the source: it may be live malware",
				base64.length));
	}
	misp_add_tags(misp, prefix, attribute);
	sheet_rest(sheet, prefix, attribute);
}

/* What a value is, by its attribute's type; anything else is an indicator. */
static enum kind value_kind(struct span type)
{
	static const struct {
		const char *types;
		enum kind kind;
	} kinds[] = {
		{"text|comment|other|campaign-name|campaign-id|anonymised|boolean|counter|datetime|"
		 "float|mime-type|size-in-bytes",
			KIND_STATEMENT},
		{"link", KIND_DOCUMENT},
		{"threat-actor", KIND_ACTOR},
		{"target-org", KIND_PARTY},
		{"target-user", KIND_ACCOUNT},
		{"target-machine", KIND_HOST},
		{"target-location", KIND_SITE},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		if (misp_is_one_of(type, kinds[i].types))
			return kinds[i].kind;
	return KIND_INDICATOR;
}

bool misp_is_words(struct span type)
{
	return value_kind(type) == KIND_STATEMENT;
}

bool misp_value(struct misp *misp, struct json_value *attribute, const struct misp_value *value,
	struct error *error)
{
	struct sheet *sheet = &misp->sheet;
	enum kind kind = value_kind(value->type);
	const struct kind_info *info = kind_info(kind);
	sheet_begin(sheet, kind, 0, attribute->start, attribute->end);
	sheet->draft.basis = loader_basis(misp->loader, BASIS_REPORTED);
	sheet->draft.key = value->key;
	sheet->draft.lasting = true;
	sheet_text(sheet, info->fields[info->name_field].name, value->text);
	if (kind == KIND_INDICATOR || kind == KIND_ACTOR)
		sheet_text(sheet, "type", value->type);
	else
		sheet_extra(sheet, span_string("type"), value->type);
	if (span_is(value->type, "target-org"))
		sheet_text(sheet, "role", span_string("affected"));
	if (value->detail.length > 0)
		sheet_extra(sheet, value->detail_type, value->detail);
	if (value->whole)
		misp_add_context(misp, NULL, attribute);
	else
		sheet_extra(sheet, span_string("category"),
			json_scalar(json_member(attribute, "category")));
	return sheet_end(sheet, NULL, error);
}

/* `filename|sha1` and `invoice.exe|7768...`: two records, linked. A port or a registry key's data
 * is nothing to look for by itself, and stays with what it belongs to. */
static bool write_composite(struct misp *misp, struct json_value *attribute, struct span type,
	struct span text, struct span uuid, struct error *error)
{
	size_t bar = (size_t)(span_find(text, "|") - text.data);
	size_t type_bar = (size_t)(span_find(type, "|") - type.data);
	struct span rest = span_slice(text, bar + 1, text.length);
	struct span rest_type = span_slice(type, type_bar + 1, type.length);
	struct misp_value first = {.type = span_slice(type, 0, type_bar),
		.text = span_slice(text, 0, bar),
		.key = uuid,
		.whole = true};
	/* As a whole it stays with the first. */
	json_member(attribute, "type")->used = json_member(attribute, "value")->used = false;
	if (misp_is_one_of(rest_type, "port|value")) {
		first.detail_type = rest_type;
		first.detail = rest;
		return misp_value(misp, attribute, &first, error);
	}
	struct buffer key = {0};
	buffer_add_format(&key, "%.*s second", (int)uuid.length, uuid.data ? uuid.data : "");
	struct misp_value second = {.type = rest_type, .text = rest, .key = buffer_span(&key)};
	bool ok = !buffer_failed(&key) || error_memory(error);
	ok = ok && misp_value(misp, attribute, &first, error) &&
	     misp_value(misp, attribute, &second, error) &&
	     misp_link(misp, uuid, "same_attribute", second.key, attribute, error);
	buffer_free(&key);
	return ok;
}

bool misp_attribute(struct misp *misp, struct json_value *attribute, struct error *error)
{
	struct span uuid = json_scalar(json_member(attribute, "uuid"));
	struct span type = json_scalar(json_member(attribute, "type"));
	struct span value = json_scalar(json_member(attribute, "value"));
	if (misp_is_yes(json_member(attribute, "deleted"))) {
		misp->deleted++;
		return true;
	}
	if (span_trim(value).length == 0)
		return misp_keep(misp, attribute, span_string("Attribute"), error) &&
		       loader_remark(misp->loader, 0, (int64_t)attribute->start,
			       (int64_t)attribute->end, error,
			       "an attribute without a value: kept as extra of its event");
	if (!misp_galaxies(misp, attribute, uuid, error) ||
		!misp_sightings(misp, attribute, uuid, error))
		return false;
	sheet_take(json_member(attribute, "value"));
	sheet_take(json_member(attribute, "type"));
	/* The file's name and hash; the file itself is in its data. */
	struct span parts = span_is(type, "malware-sample") ? span_string("filename|md5") : type;
	struct misp_value all = {.type = type, .text = value, .key = uuid, .whole = true};
	bool ok = span_find(parts, "|") && span_find(value, "|")
			  ? write_composite(misp, attribute, parts, value, uuid, error)
			  : misp_value(misp, attribute, &all, error);
	return ok &&
	       misp_link(misp, span_string(misp->event_key), "attribute", uuid, attribute, error);
}

/* ---- reports ---- */

bool misp_report(struct misp *misp, struct json_value *report, struct error *error)
{
	struct sheet *sheet = &misp->sheet;
	struct span uuid = json_scalar(json_member(report, "uuid"));
	if (misp_is_yes(json_member(report, "deleted"))) {
		misp->deleted++;
		return true;
	}
	sheet_begin(sheet, KIND_DOCUMENT, 0, report->start, report->end);
	sheet->draft.key = uuid;
	sheet->draft.lasting = true;
	struct span name = sheet_take(json_member(report, "name"));
	sheet_text(sheet, "title", name.length > 0 ? name : span_string("event report"));
	sheet_text(sheet, "held", span_string("copy"));
	sheet_text(sheet, "body", sheet_take(json_member(report, "content")));
	sheet_rest(sheet, NULL, report);
	return sheet_end(sheet, NULL, error) &&
	       misp_link(misp, span_string(misp->event_key), "report", uuid, report, error);
}
