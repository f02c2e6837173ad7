/* What stands in a MISP event: attributes, objects, galaxies, reports, sightings. */
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

struct span misp_tags(struct misp *misp, const struct json_value *value)
{
	struct buffer names = {0};
	struct json_value *tags = json_member(value, "Tag");
	if (!json_is_type(tags, JSON_ARRAY))
		return span_string(NULL);
	for (const struct json_value *tag = tags->first; tag; tag = tag->next) {
		struct span name = sheet_take_at(tag, "name");
		buffer_add_string(&names, names.length && name.length ? ", " : "");
		buffer_add_span(&names, name);
	}
	struct span kept = sheet_keep(&misp->sheet, buffer_span(&names));
	buffer_free(&names);
	return kept;
}

static bool is_yes(const struct json_value *value)
{
	struct span text = json_scalar(value);
	return span_is(text, "true") || span_is(text, "1");
}

/* One of the words between `|`. */
static bool is_one_of(struct span word, const char *list)
{
	while (*list) {
		size_t length = strcspn(list, "|");
		if (span_equal(word, span_of(list, length)))
			return true;
		list += length + (list[length] == '|');
	}
	return false;
}

/* ---- galaxies ---- */

/* `Spearphishing Link - T1566.002` cut in two; id not stated when there is none. */
static struct span cut_attack_id(struct span value, struct span *id)
{
	*id = span_string(NULL);
	for (size_t at = value.length; at-- > 3;) {
		if (memcmp(value.data + at - 3, " - ", 3) != 0)
			continue;
		if (at + 1 < value.length && strchr("TGSM", value.data[at]) &&
			value.data[at + 1] >= '0' && value.data[at + 1] <= '9') {
			*id = span_slice(value, at, value.length);
			return span_slice(value, 0, at - 3);
		}
	}
	return value;
}

static enum kind cluster_kind(struct span type)
{
	if (is_one_of(type,
		    "threat-actor|mitre-intrusion-set|mitre-enterprise-attack-intrusion-set|"
		    "microsoft-activity-group|360net-threat-actor"))
		return KIND_ACTOR;
	return span_find(type, "attack-pattern") ? KIND_TECHNIQUE : KIND_INDICATOR;
}

/* galaxy: of which this is the first cluster, NULL for the others: what it says of itself is kept
 * once. */
static bool write_cluster(struct misp *misp, struct json_value *cluster, enum kind kind,
	struct span key, const struct json_value *galaxy, struct error *error)
{
	struct sheet *sheet = &misp->sheet;
	struct span type = json_scalar(json_member(cluster, "type")), id;
	sheet_begin(sheet, kind, 0, cluster->start, cluster->end);
	sheet->draft.basis = loader_basis(misp->loader, BASIS_REPORTED);
	sheet->draft.key = key;
	struct span value = sheet_take(json_member(cluster, "value"));
	struct span name = kind == KIND_TECHNIQUE ? cut_attack_id(value, &id) : value;
	if (kind == KIND_TECHNIQUE)
		sheet_text(sheet, "attack_id", id);
	sheet_text(sheet, kind == KIND_INDICATOR ? "value" : "name", name);
	struct json_value *synonyms = json_at(cluster, "meta.synonyms");
	if (kind == KIND_ACTOR && json_is_type(synonyms, JSON_ARRAY)) {
		struct buffer list = {0};
		for (const struct json_value *item = synonyms->first; item; item = item->next) {
			buffer_add_string(&list, list.length ? ", " : "");
			buffer_add_span(&list, json_scalar(item));
		}
		sheet_text(sheet, "aliases", sheet_keep(sheet, buffer_span(&list)));
		buffer_free(&list);
		synonyms->used = true;
	}
	if (kind != KIND_TECHNIQUE)
		sheet_text(sheet, "type", type);
	sheet_rest(sheet, NULL, cluster);
	sheet_rest(sheet, "galaxy", galaxy);
	return sheet_end(sheet, NULL, error);
}

/* Whether this galaxy is the first of its name. */
static bool meets_galaxy(
	struct misp *misp, const struct json_value *galaxy, bool *first, struct error *error)
{
	struct span name = json_scalar(json_member(galaxy, "uuid"));
	if (name.length == 0)
		name = json_scalar(json_member(galaxy, "name"));
	*first = true;
	return name.length == 0 || name_table_add(&misp->galaxies, name, first) != SIZE_MAX ||
	       error_memory(error);
}

/* Each cluster is written once; whatever speaks of it is linked to it. */
bool misp_galaxy(
	struct misp *misp, struct json_value *galaxy, struct span from, struct error *error)
{
	bool first;
	struct json_value *list = json_member(galaxy, "GalaxyCluster");
	struct json_value *cluster = json_is_type(list, JSON_ARRAY) ? list->first : NULL;
	if (!meets_galaxy(misp, galaxy, &first, error))
		return false;
	for (; cluster; cluster = cluster->next) {
		bool added;
		list->used = true;
		struct span value = json_scalar(json_member(cluster, "value"));
		struct span type = json_scalar(json_member(cluster, "type"));
		struct buffer key = {0};
		if (value.length == 0) {
			if (!loader_remark(misp->loader, 0, (int64_t)cluster->start,
				    (int64_t)cluster->end, error,
				    "a galaxy cluster without a value: left out"))
				return false;
			continue;
		}
		buffer_add_format(&key, "misp-galaxy:%.*s=\"%.*s\"", (int)type.length,
			type.data ? type.data : "", (int)value.length, value.data);
		struct span name = buffer_span(&key);
		bool ok = !buffer_failed(&key) &&
			  name_table_add(&misp->clusters, name, &added) != SIZE_MAX;
		if (!ok)
			error_memory(error);
		ok = ok && (!added || write_cluster(misp, cluster, cluster_kind(type), name,
					      first ? galaxy : NULL, error));
		first = first && !added;
		ok = ok && misp_link(misp, from,
				   cluster_kind(type) == KIND_TECHNIQUE ? "uses" : "attributed_to",
				   name, cluster, error);
		buffer_free(&key);
		if (!ok)
			return false;
	}
	return true;
}

static bool add_galaxies(
	struct misp *misp, struct json_value *value, struct span from, struct error *error)
{
	struct json_value *list = json_member(value, "Galaxy");
	if (!json_is_type(list, JSON_ARRAY))
		return true;
	for (struct json_value *galaxy = list->first; galaxy; galaxy = galaxy->next) {
		if (!misp_galaxy(misp, galaxy, from, error))
			return false;
		/* One without clusters stays with what it stands in. */
		const struct json_value *clusters = json_member(galaxy, "GalaxyCluster");
		galaxy->used = clusters && clusters->used;
	}
	return true;
}

/* ---- attributes ---- */

static bool add_sightings(
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

static struct span within(struct sheet *sheet, const char *prefix, const char *name)
{
	return prefix ? sheet_format(sheet, "%s.%s", prefix, name) : span_string(name);
}

/* What is said of a part beside its value. prefix: before the names; NULL: none. */
static void add_context(struct misp *misp, const char *prefix, struct json_value *attribute)
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
	sheet_extra(sheet, within(sheet, prefix, "tags"), misp_tags(misp, attribute));
	sheet_rest(sheet, prefix, attribute);
}

/* The record of one value of a type. */
static bool write_value(struct misp *misp, struct json_value *attribute, struct span type,
	struct span value, struct span key, bool context, struct error *error)
{
	struct sheet *sheet = &misp->sheet;
	bool words = is_one_of(type, "text|comment|other|campaign-name|anonymised");
	enum kind kind = words                   ? KIND_STATEMENT
			 : span_is(type, "link") ? KIND_DOCUMENT
						 : KIND_INDICATOR;
	sheet_begin(sheet, kind, 0, attribute->start, attribute->end);
	sheet->draft.basis = loader_basis(misp->loader, BASIS_REPORTED);
	sheet->draft.key = key;
	sheet->draft.lasting = true;
	if (kind == KIND_INDICATOR) {
		sheet_text(sheet, "value", value);
		sheet_text(sheet, "type", type);
	} else {
		sheet_text(sheet, kind == KIND_DOCUMENT ? "title" : "gist", value);
		sheet_extra(sheet, span_string("type"), type);
	}
	if (context)
		add_context(misp, NULL, attribute);
	else
		sheet_extra(sheet, span_string("category"),
			json_scalar(json_member(attribute, "category")));
	return sheet_end(sheet, NULL, error);
}

/* `filename|sha1` and `invoice.exe|7768...`: two records, linked. */
static bool write_composite(struct misp *misp, struct json_value *attribute, struct span type,
	struct span value, struct span uuid, struct error *error)
{
	const char *type_bar = span_find(type, "|");
	const char *bar = span_find(value, "|");
	size_t at = (size_t)(bar - value.data), type_at = (size_t)(type_bar - type.data);
	struct buffer key = {0};
	buffer_add_format(&key, "%.*s second", (int)uuid.length, uuid.data ? uuid.data : "");
	bool ok = !buffer_failed(&key) || error_memory(error);
	struct span second = buffer_span(&key);
	/* As a whole it stays with the first. */
	json_member(attribute, "type")->used = json_member(attribute, "value")->used = false;
	ok = ok && write_value(misp, attribute, span_slice(type, 0, type_at),
			   span_slice(value, 0, at), uuid, true, error);
	ok = ok && write_value(misp, attribute, span_slice(type, type_at + 1, type.length),
			   span_slice(value, at + 1, value.length), second, false, error);
	ok = ok && misp_link(misp, uuid, "same_attribute", second, attribute, error);
	buffer_free(&key);
	return ok;
}

bool misp_attribute(struct misp *misp, struct json_value *attribute, struct error *error)
{
	struct span uuid = json_scalar(json_member(attribute, "uuid"));
	struct span type = json_scalar(json_member(attribute, "type"));
	struct span value = json_scalar(json_member(attribute, "value"));
	if (is_yes(json_member(attribute, "deleted"))) {
		misp->deleted++;
		return true;
	}
	if (span_trim(value).length == 0)
		return misp_keep(misp, attribute, span_string("Attribute"), error) &&
		       loader_remark(misp->loader, 0, (int64_t)attribute->start,
			       (int64_t)attribute->end, error,
			       "an attribute without a value: kept as extra of its event");
	bool composite = span_find(type, "|") && span_find(value, "|");
	if (!add_galaxies(misp, attribute, uuid, error) ||
		!add_sightings(misp, attribute, uuid, error))
		return false;
	sheet_take(json_member(attribute, "value"));
	sheet_take(json_member(attribute, "type"));
	bool ok = composite ? write_composite(misp, attribute, type, value, uuid, error)
			    : write_value(misp, attribute, type, value, uuid, true, error);
	return ok &&
	       misp_link(misp, span_string(misp->event_key), "attribute", uuid, attribute, error);
}

/* ---- objects ---- */

static enum kind object_kind(struct span name, struct span type)
{
	if (is_one_of(name, "victim|organization|legal-entity"))
		return KIND_PARTY;
	if (is_one_of(name, "person|user-account|credential"))
		return KIND_ACCOUNT;
	if (span_is(name, "geolocation"))
		return KIND_SITE;
	return is_one_of(type, "text|comment|other|float|counter|size-in-bytes|datetime|mime-type")
		       ? KIND_STATEMENT
		       : KIND_INDICATOR;
}

/* What names an object that stands for something else than an indicator: its relations, the best
 * first. */
static const char *const *naming_relations(struct span name)
{
	static const char *const party[] = {"name", "commercial-name", NULL};
	static const char *const account[] = {"username", "user-id", "full-name", "display-name",
		"alias", "email", "last-name", "first-name", NULL};
	static const char *const site[] = {
		"city", "address", "region", "country", "countrycode", NULL};
	static const char *const none[] = {NULL};
	enum kind kind = object_kind(name, span_string(""));
	return kind == KIND_PARTY     ? party
	       : kind == KIND_ACCOUNT ? account
	       : kind == KIND_SITE    ? site
				      : none;
}

/* The attribute that names an object: by its relation; else a hash before a name, else the first
 * that is no mere words. */
static struct json_value *principal(struct span name, const struct json_value *attributes)
{
	static const char *const order[] = {"sha256", "sha1", "md5", "sha512",
		"domain|hostname|ip-dst|ip-src|url|email-src|email-dst|email|regkey|mutex|"
		"vulnerability|filename",
		NULL};
	const char *const *relation = naming_relations(name);
	for (; *relation; relation++)
		for (struct json_value *item = attributes->first; item; item = item->next)
			if (!is_yes(json_member(item, "deleted")) &&
				json_is(json_member(item, "object_relation"), *relation) &&
				json_scalar(json_member(item, "value")).length > 0)
				return item;
	for (size_t i = 0; order[i]; i++)
		for (struct json_value *item = attributes->first; item; item = item->next)
			if (!is_yes(json_member(item, "deleted")) &&
				is_one_of(json_scalar(json_member(item, "type")), order[i]) &&
				json_scalar(json_member(item, "value")).length > 0)
				return item;
	for (struct json_value *item = attributes->first; item; item = item->next)
		if (!is_yes(json_member(item, "deleted")) &&
			json_scalar(json_member(item, "value")).length > 0)
			return item;
	return NULL;
}

/* Values by their relation: `filename`, `size-in-bytes`, and what is said of each. A second one of
 * a relation is another cell of its name. */
static void add_members(
	struct misp *misp, struct json_value *attributes, const struct json_value *main)
{
	for (struct json_value *item = attributes->first; item; item = item->next) {
		struct span relation = sheet_take_at(item, "object_relation");
		if (is_yes(json_member(item, "deleted")))
			continue;
		if (relation.length == 0)
			relation = json_scalar(json_member(item, "type"));
		struct span value = sheet_take_at(item, "value");
		if (item != main)
			sheet_extra(&misp->sheet, relation, value);
		struct span prefix = sheet_format(&misp->sheet, "%.*s", (int)relation.length,
			relation.data ? relation.data : "");
		add_context(misp, prefix.data, item);
	}
}

static bool write_object(struct misp *misp, struct json_value *object,
	struct json_value *attributes, struct json_value *main, struct span uuid,
	struct error *error)
{
	struct sheet *sheet = &misp->sheet;
	struct span name = json_scalar(json_member(object, "name"));
	struct span type = json_scalar(json_member(main, "type"));
	enum kind kind = object_kind(name, type);
	sheet_begin(sheet, kind, 0, object->start, object->end);
	sheet->draft.basis = loader_basis(misp->loader, BASIS_REPORTED);
	sheet->draft.key = uuid;
	sheet->draft.lasting = true;
	const struct kind_info *info = kind_info(kind);
	sheet_text(sheet, info->fields[info->name_field].name,
		json_scalar(json_member(main, "value")));
	if (kind == KIND_INDICATOR)
		sheet_text(sheet, "type", type);
	if (span_is(name, "victim"))
		sheet_text(sheet, "role", span_string("affected"));
	add_members(misp, attributes, main);
	attributes->used = true;
	sheet_take(json_member(object, "name"));
	sheet_extra(sheet, span_string("object"), name);
	sheet_rest(sheet, NULL, object);
	return sheet_end(sheet, NULL, error);
}

/* Whether an attribute of an object becomes a record beside it: a value that can be looked for
 * elsewhere. */
static bool is_member(const struct json_value *item, const struct json_value *main)
{
	static const char searchable[] = "domain|hostname|ip-dst|ip-src|url|email-src|email-dst|"
					 "email|regkey|mutex|vulnerability";
	return item != main && !is_yes(json_member(item, "deleted")) &&
	       is_one_of(json_scalar(json_member(item, "type")), searchable) &&
	       json_scalar(json_member(item, "value")).length > 0;
}

/* Galaxies and sightings of an object's attributes, which are then used. */
static bool add_member_parts(struct misp *misp, struct json_value *attributes,
	const struct json_value *main, struct span uuid, struct error *error)
{
	for (struct json_value *item = attributes->first; item; item = item->next) {
		struct span own = json_scalar(json_member(item, "uuid"));
		struct span of = is_member(item, main) ? own : uuid;
		bool deleted = is_yes(json_member(item, "deleted"));
		misp->deleted += deleted;
		if (!deleted && (!add_galaxies(misp, item, of, error) ||
					!add_sightings(misp, item, of, error)))
			return false;
	}
	return true;
}

static bool write_members(struct misp *misp, const struct json_value *attributes,
	const struct json_value *main, struct span uuid, struct error *error)
{
	for (struct json_value *item = attributes->first; item; item = item->next) {
		struct span key = json_scalar(json_member(item, "uuid"));
		if (!is_member(item, main))
			continue;
		if (!write_value(misp, item, json_scalar(json_member(item, "type")),
			    json_scalar(json_member(item, "value")), key, false, error) ||
			!misp_link(misp, uuid, "same_object", key, item, error))
			return false;
	}
	return true;
}

/* References to other parts, as links. What else is said of one is kept with the link. */
static bool add_references(
	struct misp *misp, const struct json_value *object, struct span uuid, struct error *error)
{
	const struct json_value *list = json_member(object, "ObjectReference");
	struct json_value *reference = json_is_type(list, JSON_ARRAY) ? list->first : NULL;
	for (; reference; reference = reference->next) {
		struct span to = json_scalar(json_member(reference, "referenced_uuid"));
		if (uuid.length == 0 || to.length == 0)
			continue;
		sheet_take_at(reference, "referenced_uuid");
		struct span type = sheet_take_at(reference, "relationship_type");
		struct draft_key_link link = {.from = uuid,
			.to = to,
			.type = type.length > 0 ? type : span_string("refers_to"),
			.detail = json_scalar(json_member(reference, "comment")),
			.to_kind = KIND_INDICATOR,
			.start = reference->start,
			.end = reference->end};
		struct buffer more = {0};
		bool ok = json_summary(&more, reference, "comment") || error_memory(error);
		link.more = buffer_span(&more);
		ok = ok && loader_link_keys(misp->loader, &link, error);
		buffer_free(&more);
		if (!ok)
			return false;
		reference->used = true;
	}
	return true;
}

bool misp_object(struct misp *misp, struct json_value *object, struct error *error)
{
	struct span uuid = json_scalar(json_member(object, "uuid"));
	struct json_value *attributes = json_member(object, "Attribute");
	if (is_yes(json_member(object, "deleted"))) {
		misp->deleted++;
		return true;
	}
	struct json_value *main =
		json_is_type(attributes, JSON_ARRAY)
			? principal(json_scalar(json_member(object, "name")), attributes)
			: NULL;
	if (!main)
		return misp_keep(misp, object, span_string("Object"), error) &&
		       loader_remark(misp->loader, 0, (int64_t)object->start, (int64_t)object->end,
			       error, "an object without an attribute: kept as extra of its event");
	return add_references(misp, object, uuid, error) &&
	       add_member_parts(misp, attributes, main, uuid, error) &&
	       write_object(misp, object, attributes, main, uuid, error) &&
	       write_members(misp, attributes, main, uuid, error) &&
	       misp_link(misp, span_string(misp->event_key), "object", uuid, object, error);
}

bool misp_report(struct misp *misp, struct json_value *report, struct error *error)
{
	struct sheet *sheet = &misp->sheet;
	struct span uuid = json_scalar(json_member(report, "uuid"));
	if (is_yes(json_member(report, "deleted"))) {
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
