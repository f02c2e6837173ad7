/* Objects of a MISP event: attributes that tell of one thing together. */
#include "loader_private.h"
#include "misp_private.h"

#include <string.h>

static enum kind object_kind(struct span name, struct span type)
{
	if (misp_is_one_of(name, "victim|organization|legal-entity"))
		return KIND_PARTY;
	if (misp_is_one_of(name, "person|user-account|credential"))
		return KIND_ACCOUNT;
	if (span_is(name, "geolocation"))
		return KIND_SITE;
	return misp_is_words(type) ? KIND_STATEMENT : KIND_INDICATOR;
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

/* Whether an attribute says anything here. */
static bool counts(const struct json_value *attribute)
{
	return !misp_is_yes(json_member(attribute, "deleted")) &&
	       span_trim(json_scalar(json_member(attribute, "value"))).length > 0;
}

/* The first that counts and whose member is one of the words between `|`; NULL: none. */
static struct json_value *first_with(
	const struct json_value *attributes, const char *member, const char *words)
{
	for (struct json_value *item = attributes->first; item; item = item->next)
		if (counts(item) && misp_is_one_of(json_scalar(json_member(item, member)), words))
			return item;
	return NULL;
}

/* The attribute that names an object: by its relation; else a hash before a name, else the first.
 * *named: by its relation, or the object needs none. */
static struct json_value *principal(
	struct span name, const struct json_value *attributes, bool *named)
{
	static const char *const order[] = {"sha256", "sha1", "md5", "sha512",
		"domain|hostname|ip-dst|ip-src|url|email-src|email-dst|email|regkey|mutex|"
		"vulnerability|filename",
		NULL};
	const char *const *relation = naming_relations(name);
	struct json_value *found = NULL;
	*named = true;
	for (const char *const *next = relation; !found && *next; next++)
		found = first_with(attributes, "object_relation", *next);
	if (found)
		return found;
	*named = !*relation;
	for (size_t i = 0; !found && order[i]; i++)
		found = first_with(attributes, "type", order[i]);
	for (struct json_value *item = attributes->first; !found && item; item = item->next)
		found = counts(item) ? item : NULL;
	return found;
}

/* The field that a relation fills, in kinds that have it; else what it says is extra. */
static struct span field_of(struct span relation)
{
	static const char *const same[][2] = {{"sectors", "sector"}, {"sector", "sector"},
		{"countrycode", "country"}, {"country", "country"}, {"city", "city"}};
	for (size_t i = 0; i < ARRAY_LENGTH(same); i++)
		if (span_is(relation, same[i][0]))
			return span_string(same[i][1]);
	return span_string(NULL);
}

/* Values by their relation: `filename`, `size-in-bytes`, and what is said of each. A second one of
 * a relation is another cell of its name. */
static void add_members(
	struct misp *misp, struct json_value *attributes, const struct json_value *main)
{
	for (struct json_value *item = attributes->first; item; item = item->next) {
		struct span relation = sheet_take_at(item, "object_relation");
		if (misp_is_yes(json_member(item, "deleted")))
			continue;
		if (relation.length == 0)
			relation = json_scalar(json_member(item, "type"));
		struct span value = sheet_take_at(item, "value");
		struct span field = field_of(relation);
		if (span_stated(field) && kind_field_find(misp->sheet.draft.kind, field) >= 0)
			sheet_text(&misp->sheet, field.data, value);
		else if (item != main)
			sheet_extra(&misp->sheet, relation, value);
		struct span prefix = sheet_format(&misp->sheet, "%.*s", (int)relation.length,
			relation.data ? relation.data : "");
		misp_add_context(misp, prefix.data, item);
	}
}

struct part {
	struct json_value *object, *attributes;
	struct json_value *main; /* the attribute that it is called by */
	bool named;              /* and which names it, rather than say something of it */
	struct span uuid;
};

/* Whether an attribute of an object becomes a record beside it: a value that can be looked for
 * elsewhere. */
static bool is_member(const struct json_value *item, const struct json_value *main)
{
	static const char searchable[] = "domain|hostname|ip-dst|ip-src|url|email-src|email-dst|"
					 "email|regkey|mutex|vulnerability";
	return item != main && counts(item) &&
	       misp_is_one_of(json_scalar(json_member(item, "type")), searchable);
}

/* Attributes without a record of their own are known by the object's. */
static bool remember_members(
	struct misp *misp, const struct part *part, struct record_id made, struct error *error)
{
	for (struct json_value *item = part->attributes->first; item; item = item->next) {
		struct span uuid = json_scalar(json_member(item, "uuid"));
		if (made.kind != KIND_NONE && uuid.length > 0 && counts(item) &&
			!is_member(item, part->main) &&
			!loader_remember(misp->loader, uuid, made, error))
			return false;
	}
	return true;
}

static bool write_object(struct misp *misp, const struct part *part, struct error *error)
{
	struct sheet *sheet = &misp->sheet;
	struct json_value *object = part->object;
	struct span name = json_scalar(json_member(object, "name"));
	struct span type = json_scalar(json_member(part->main, "type"));
	struct span value = json_scalar(json_member(part->main, "value"));
	enum kind kind = object_kind(name, type);
	const struct kind_info *info = kind_info(kind);
	sheet_begin(sheet, kind, 0, object->start, object->end);
	sheet->draft.basis = loader_basis(misp->loader, BASIS_REPORTED);
	sheet->draft.key = part->uuid;
	sheet->draft.lasting = true;
	sheet_text(sheet, info->fields[info->name_field].name,
		part->named ? value
			    : sheet_format(sheet, "%.*s: %.*s", (int)name.length, name.data,
				      (int)value.length, value.data));
	if (kind == KIND_INDICATOR)
		sheet_text(sheet, "type", type);
	if (span_is(name, "victim"))
		sheet_text(sheet, "role", span_string("affected"));
	add_members(misp, part->attributes, part->named ? part->main : NULL);
	part->attributes->used = true;
	sheet_take(json_member(object, "name"));
	sheet_extra(sheet, span_string("object"), name);
	sheet_rest(sheet, NULL, object);
	struct record_id made;
	return sheet_end(sheet, &made, error) && remember_members(misp, part, made, error);
}

/* Galaxies and sightings of an object's attributes, which are then used. */
static bool add_member_parts(struct misp *misp, const struct part *part, struct error *error)
{
	for (struct json_value *item = part->attributes->first; item; item = item->next) {
		struct span own = json_scalar(json_member(item, "uuid"));
		struct span of = is_member(item, part->main) ? own : part->uuid;
		bool deleted = misp_is_yes(json_member(item, "deleted"));
		misp->deleted += deleted;
		if (!deleted && (!misp_galaxies(misp, item, of, error) ||
					!misp_sightings(misp, item, of, error)))
			return false;
	}
	return true;
}

static bool write_members(struct misp *misp, const struct part *part, struct error *error)
{
	for (struct json_value *item = part->attributes->first; item; item = item->next) {
		struct misp_value value = {.type = json_scalar(json_member(item, "type")),
			.text = json_scalar(json_member(item, "value")),
			.key = json_scalar(json_member(item, "uuid"))};
		if (is_member(item, part->main) &&
			(!misp_value(misp, item, &value, error) ||
				!misp_link(
					misp, part->uuid, "same_object", value.key, item, error)))
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
	struct part part = {.object = object,
		.attributes = json_member(object, "Attribute"),
		.uuid = json_scalar(json_member(object, "uuid"))};
	if (misp_is_yes(json_member(object, "deleted"))) {
		misp->deleted++;
		return true;
	}
	if (json_is_type(part.attributes, JSON_ARRAY))
		part.main = principal(
			json_scalar(json_member(object, "name")), part.attributes, &part.named);
	if (!part.main)
		return misp_keep(misp, object, span_string("Object"), error) &&
		       loader_remark(misp->loader, 0, (int64_t)object->start, (int64_t)object->end,
			       error, "an object without an attribute: kept as extra of its event");
	return add_references(misp, object, part.uuid, error) &&
	       add_member_parts(misp, &part, error) && write_object(misp, &part, error) &&
	       write_members(misp, &part, error) &&
	       misp_link(misp, span_string(misp->event_key), "object", part.uuid, object, error);
}
