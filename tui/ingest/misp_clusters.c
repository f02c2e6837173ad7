/* Clusters of MISP galaxies: actors, techniques, malware. In an event they are said of it or of a
 * part of it; a galaxy's own file is a dictionary of them. */
#include "format_table.h"

#include "base/memory.h"
#include "json_probe.h"
#include "loader_private.h"
#include "misp_private.h"

#include <stdlib.h>
#include <string.h>

/* ---- what a cluster is ---- */

/* By words in the type of its galaxy, and else by the galaxy's category. */
static enum kind cluster_kind(struct span type, struct span category)
{
	static const struct {
		const char *word;
		enum kind kind;
	} words[] = {
		{"threat-actor", KIND_ACTOR},
		{"intrusion-set", KIND_ACTOR},
		{"activity-group", KIND_ACTOR},
		{"ics-groups", KIND_ACTOR},
		{"attack-pattern", KIND_TECHNIQUE},
		{"techniques", KIND_TECHNIQUE},
		{"tactic", KIND_TECHNIQUE},
		{"malware", KIND_INDICATOR},
		{"malpedia", KIND_INDICATOR},
		{"ransomware", KIND_INDICATOR},
		{"tool", KIND_INDICATOR},
		{"software", KIND_INDICATOR},
		{"backdoor", KIND_INDICATOR},
		{"banker", KIND_INDICATOR},
		{"botnet", KIND_INDICATOR},
		{"stealer", KIND_INDICATOR},
		{"miner", KIND_INDICATOR},
		{"exploit-kit", KIND_INDICATOR},
		{"vulnerability", KIND_INDICATOR},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
		if (span_find(type, words[i].word))
			return words[i].kind;
	if (misp_is_one_of(type, "rat|tds|android"))
		return KIND_INDICATOR;
	if (misp_is_one_of(type, "country|region"))
		return KIND_SITE;
	return span_is(category, "actor")                     ? KIND_ACTOR
	       : span_is(category, "attack-pattern")          ? KIND_TECHNIQUE
	       : misp_is_one_of(category, "tool|malware|rat") ? KIND_INDICATOR
							      : KIND_DOCUMENT;
}

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

/* Behind the last colon. */
static struct span tail(struct span text)
{
	size_t at = text.length;
	while (at > 0 && text.data[at - 1] != ':')
		at--;
	return span_slice(text, at, text.length);
}

/* The elements of a list, or the one text, with commas between; they are then used. */
static struct span joined(struct sheet *sheet, struct json_value *list)
{
	struct buffer text = {0};
	if (!json_is_type(list, JSON_ARRAY))
		return sheet_take(list);
	for (struct json_value *item = list->first; item; item = item->next) {
		struct span word = sheet_take(item);
		buffer_add_string(&text, text.length && word.length ? ", " : "");
		buffer_add_span(&text, word);
	}
	struct span kept = sheet_keep(sheet, buffer_span(&text));
	buffer_free(&text);
	return kept;
}

/* `attack-Linux:impact`, `attack-macOS:impact` as `impact`. */
static struct span tactics(struct sheet *sheet, const struct json_value *chain)
{
	struct buffer text = {0};
	const struct json_value *first = json_is_type(chain, JSON_ARRAY) ? chain->first : NULL;
	for (const struct json_value *item = first; item; item = item->next) {
		struct span word = tail(json_scalar(item));
		const struct json_value *before = first;
		while (before != item && !span_equal(tail(json_scalar(before)), word))
			before = before->next;
		if (before != item || word.length == 0)
			continue;
		buffer_add_string(&text, text.length ? ", " : "");
		buffer_add_span(&text, word);
	}
	struct span kept = sheet_keep(sheet, buffer_span(&text));
	buffer_free(&text);
	return kept;
}

/* The fields that a cluster's kind has, into a sheet that was begun. What has none stays for
 * sheet_rest. */
static void fill(struct sheet *sheet, struct json_value *cluster, struct span type)
{
	enum kind kind = sheet->draft.kind;
	const struct kind_info *info = kind_info(kind);
	struct json_value *whole = json_member(cluster, "value");
	struct span value = json_scalar(whole), cut;
	struct span name = cut_attack_id(value, &cut);
	struct span id = joined(sheet, json_at(cluster, "meta.external_id"));
	whole->used = name.length == value.length;
	sheet_text(sheet, info->fields[info->name_field].name, name);
	sheet_text(sheet, "attack_id", id.length > 0 ? id : cut);
	sheet_text(sheet, "aliases", joined(sheet, json_at(cluster, "meta.synonyms")));
	if (kind == KIND_TECHNIQUE)
		sheet_text(sheet, "tactic", tactics(sheet, json_at(cluster, "meta.kill_chain")));
	if (kind == KIND_SITE)
		sheet_text(sheet, "country", span_is(type, "country") ? name : span_string(NULL));
	if (kind == KIND_DOCUMENT || kind == KIND_TECHNIQUE || kind == KIND_SITE)
		sheet_extra(sheet, span_string("type"), type);
	else
		sheet_text(sheet, "type", type);
}

/* ---- in an event ---- */

/* galaxy: of which this is the first cluster, NULL for the others: what it says of itself is kept
 * once. */
static bool write_cluster(struct misp *misp, struct json_value *cluster, enum kind kind,
	struct span key, const struct json_value *galaxy, struct error *error)
{
	struct sheet *sheet = &misp->sheet;
	sheet_begin(sheet, kind, 0, cluster->start, cluster->end);
	sheet->draft.basis = loader_basis(misp->loader, BASIS_REPORTED);
	sheet->draft.key = key;
	sheet->draft.lasting = sheet->draft.shared = true;
	fill(sheet, cluster, sheet_take_at(cluster, "type"));
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

/* How what a cluster stands beside has to do with it. */
static const char *said_as(enum kind kind)
{
	return kind == KIND_ACTOR                                 ? "attributed_to"
	       : kind == KIND_TECHNIQUE || kind == KIND_INDICATOR ? "uses"
								  : "mentions";
}

/* The cluster, written once, and its link. Its key is its tag and not its uuid, which older exports
 * take from the galaxy. */
static bool add_cluster(struct misp *misp, struct json_value *cluster, struct span from,
	const struct json_value *galaxy, bool *first, struct error *error)
{
	struct span value = json_scalar(json_member(cluster, "value"));
	struct span type = json_scalar(json_member(cluster, "type"));
	enum kind kind = cluster_kind(type, span_string(NULL));
	struct buffer key = {0};
	bool added;
	if (value.length == 0)
		return loader_remark(misp->loader, 0, (int64_t)cluster->start,
			(int64_t)cluster->end, error, "a galaxy cluster without a value: left out");
	buffer_add_format(&key, "misp-galaxy:%.*s=\"%.*s\"", (int)type.length,
		type.data ? type.data : "", (int)value.length, value.data);
	struct span tag = buffer_span(&key);
	bool ok = !buffer_failed(&key) && name_table_add(&misp->clusters, tag, &added) != SIZE_MAX;
	if (!ok)
		error_memory(error);
	ok = ok &&
	     (!added || write_cluster(misp, cluster, kind, tag, *first ? galaxy : NULL, error));
	*first = *first && !added;
	ok = ok && misp_link(misp, from, said_as(kind), tag, cluster, error);
	buffer_free(&key);
	return ok;
}

bool misp_galaxy(
	struct misp *misp, struct json_value *galaxy, struct span from, struct error *error)
{
	bool first;
	struct json_value *list = json_member(galaxy, "GalaxyCluster");
	struct json_value *cluster = json_is_type(list, JSON_ARRAY) ? list->first : NULL;
	if (!meets_galaxy(misp, galaxy, &first, error))
		return false;
	for (; cluster; cluster = cluster->next) {
		list->used = true;
		if (!add_cluster(misp, cluster, from, galaxy, &first, error))
			return false;
	}
	return true;
}

bool misp_galaxies(
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

/* ---- a galaxy's own file ---- */

struct dictionary {
	struct loader *loader;
	struct sheet sheet;
	/* What the galaxy says of itself, and clusters that came before its type did. */
	struct json_arena kept;
	struct json_value *header, *waiting;
	uint64_t end;
	bool any; /* cluster was written */
};

static bool keep(struct dictionary *dictionary, struct json_value *into,
	const struct json_value *value, struct span key, struct error *error)
{
	struct json_value *copy = json_copy(&dictionary->kept, value);
	if (!copy || !span_stated(copy->key = json_arena_copy(&dictionary->kept, key)))
		return error_memory(error);
	if (dictionary->kept.values > JSON_MAX_VALUES)
		return error_set(error, ERROR_LIMIT,
			"byte %llu: more than %d values before the galaxy's type",
			loader_original(dictionary->loader, value->start), JSON_MAX_VALUES);
	json_append(into, copy);
	return true;
}

/* What a cluster is related to, by uuid. One that no file described yet is taken for the same kind
 * of thing, unless the relation says otherwise. */
static bool add_related(struct dictionary *dictionary, struct json_value *related, struct span from,
	enum kind kind, struct error *error)
{
	struct span to = json_scalar(json_member(related, "dest-uuid"));
	struct span type = json_scalar(json_member(related, "type"));
	struct buffer more = {0};
	if (from.length == 0 || to.length == 0)
		return true;
	sheet_take_at(related, "type");
	bool ok = json_summary(&more, related, "dest-uuid") || error_memory(error);
	struct draft_key_link link = {.from = from,
		.to = to,
		.type = type.length > 0 ? type : span_string("related_to"),
		.detail = joined(&dictionary->sheet, json_member(related, "tags")),
		.more = buffer_span(&more),
		.from_kind = kind,
		.to_kind = span_is(type, "uses")                           ? KIND_INDICATOR
			   : misp_is_one_of(type, "used-by|attributed-to") ? KIND_ACTOR
									   : kind,
		.start = related->start,
		.end = related->end};
	ok = ok && loader_link_keys(dictionary->loader, &link, error);
	related->used = true;
	buffer_free(&more);
	return ok;
}

static bool add_value(
	struct dictionary *dictionary, struct json_value *cluster, struct error *error)
{
	struct sheet *sheet = &dictionary->sheet;
	struct span type = json_scalar(json_member(dictionary->header, "type"));
	struct span category = json_scalar(json_member(dictionary->header, "category"));
	enum kind kind = cluster_kind(type, category);
	loader_unit(dictionary->loader, 0);
	if (cluster->type != JSON_OBJECT || json_scalar(json_member(cluster, "value")).length == 0)
		return loader_skip(dictionary->loader, 0, (int64_t)cluster->start,
			(int64_t)cluster->end, error, "no galaxy cluster: it has no value");
	dictionary->any = true;
	sheet_begin(sheet, kind, 0, cluster->start, cluster->end);
	sheet->draft.basis = loader_basis(dictionary->loader, BASIS_REPORTED);
	sheet->draft.key = json_scalar(json_member(cluster, "uuid"));
	sheet->draft.lasting = true;
	fill(sheet, cluster, type);
	struct json_value *list = json_member(cluster, "related");
	struct json_value *related = json_is_type(list, JSON_ARRAY) ? list->first : NULL;
	for (; related; related = related->next)
		if (!add_related(dictionary, related, sheet->draft.key, kind, error))
			return false;
	sheet_rest(sheet, NULL, cluster);
	return sheet_end(sheet, NULL, error);
}

static bool add_waiting(struct dictionary *dictionary, struct error *error)
{
	struct json_value *cluster = dictionary->waiting->first;
	dictionary->waiting->first = dictionary->waiting->last = NULL;
	for (; cluster; cluster = cluster->next)
		if (!add_value(dictionary, cluster, error))
			return false;
	return true;
}

static bool is_values(const struct json_path *path)
{
	return path->depth > 0 && span_is(path->steps[0].key, "values");
}

static bool is_unit(void *context, const struct json_path *path, enum json_type type)
{
	(void)context;
	if (path->depth == 0)
		return type != JSON_OBJECT;
	return path->depth > 1 || type != JSON_ARRAY || !is_values(path);
}

static bool on_close(void *context, const struct json_path *path, enum json_type type, uint64_t end,
	struct error *error)
{
	struct dictionary *dictionary = context;
	(void)type;
	(void)error;
	if (path->depth == 0)
		dictionary->end = end;
	return true;
}

static bool on_unit(void *context, const struct json_path *path, struct json_value *value,
	struct json_arena *arena, const struct json_oddities *odd, struct error *error)
{
	struct dictionary *dictionary = context;
	(void)arena;
	if (!json_remark(dictionary->loader, 0, odd, error))
		return false;
	if (path->depth == 0)
		return loader_skip(dictionary->loader, 0, (int64_t)value->start,
			(int64_t)value->end, error, "no galaxy");
	if (path->depth == 1)
		return keep(dictionary, dictionary->header, value, path->steps[0].key, error);
	if (!json_member(dictionary->header, "type"))
		return keep(dictionary, dictionary->waiting, value, span_string(""), error);
	return add_waiting(dictionary, error) && add_value(dictionary, value, error);
}

/* What a galaxy says of itself, as a document that is not held. */
static bool add_header(struct dictionary *dictionary, struct error *error)
{
	struct sheet *sheet = &dictionary->sheet;
	struct json_value *header = dictionary->header;
	if (!dictionary->any)
		return true;
	sheet_begin(sheet, KIND_DOCUMENT, 0, 0, dictionary->end);
	sheet->draft.basis = loader_basis(dictionary->loader, BASIS_REPORTED);
	sheet->draft.key = json_scalar(json_member(header, "uuid"));
	sheet->draft.lasting = true;
	struct span name = sheet_take_at(header, "name");
	sheet_text(sheet, "title", name.length > 0 ? name : span_string("MISP galaxy"));
	sheet_text(sheet, "publisher", sheet_take_at(header, "source"));
	sheet_rest(sheet, NULL, header);
	return sheet_end(sheet, NULL, error);
}

bool misp_galaxy_read(struct input *input, struct loader *loader, struct error *error)
{
	struct dictionary dictionary = {.loader = loader, .sheet = {.loader = loader}};
	struct json_visitor visitor = {
		.is_unit = is_unit, .close = on_close, .unit = on_unit, .context = &dictionary};
	dictionary.header = json_new(&dictionary.kept, JSON_OBJECT);
	dictionary.waiting = json_new(&dictionary.kept, JSON_ARRAY);
	bool ok = dictionary.header && dictionary.waiting;
	if (!ok)
		error_memory(error);
	ok = ok && json_read(input, &visitor, error) && add_waiting(&dictionary, error);
	/* What the galaxy says of itself is none of its clusters. */
	loader_unit_end(loader);
	ok = ok && add_header(&dictionary, error);
	sheet_done(&dictionary.sheet);
	json_arena_free(&dictionary.kept);
	sheet_free(&dictionary.sheet);
	return ok;
}
