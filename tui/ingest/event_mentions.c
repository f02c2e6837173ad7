/* What an event speaks of beside its fields: indicators, the other machine, places, techniques; and
 * what it says of them. Its own text is left as it is. */
#include "events.h"

#include "indicator.h"

#include <stdio.h>
#include <string.h>

/* ---- one value ---- */

static void mention_indicator(struct sheet *sheet, struct span value, const char *type)
{
	sheet_mention(sheet, KIND_INDICATOR, value, "type", span_string(type));
}

static bool is_zeros(struct span hash)
{
	for (size_t i = 0; i < hash.length; i++)
		if (hash.data[i] != '0')
			return false;
	return true;
}

/* `SHA256=...` or the hash alone. */
static void mention_hash(struct sheet *sheet, struct span text)
{
	const char *equals = text.length ? memchr(text.data, '=', text.length) : NULL;
	size_t at = equals ? (size_t)(equals - text.data) + 1 : 0;
	struct span hash = span_slice(text, at, text.length);
	const char *type = indicator_type(hash);
	/* md5, sha1 and longer; an address or a domain is none. */
	if (!type || (type[0] != 'm' && type[0] != 's') || is_zeros(hash))
		return;
	mention_indicator(
		sheet, hash, span_starts_ignoring_case(text, "IMPHASH=") ? "imphash" : type);
}

static void mention_hashes(struct sheet *sheet, struct span text)
{
	struct span hash;
	while (span_stated(hash = indicator_next(&text)))
		mention_hash(sheet, hash);
}

/* The address alone: without a port, without the brackets around it, and one of version 4 that is
 * written as one of version 6 as what it is. */
static struct span bare_address(struct span text)
{
	const char *end = text.length ? memchr(text.data, ']', text.length) : NULL;
	if (text.length > 0 && text.data[0] == '[' && end)
		text = span_slice(text, 1, (size_t)(end - text.data));
	if (span_starts_ignoring_case(text, "::ffff:") && memchr(text.data, '.', text.length))
		text = span_slice(text, 7, text.length);
	const char *colon = text.length ? memchr(text.data, ':', text.length) : NULL;
	if (colon && memchr(text.data, '.', (size_t)(colon - text.data)))
		text = span_slice(text, 0, (size_t)(colon - text.data));
	return text;
}

/* Addresses that are nobody's: of the machine itself, of none, of all (RFC 6890, RFC 5771). */
static bool is_nobodys(struct span address)
{
	static const char *const begin[] = {"127.", "0.", "255.255.255.255", "ff0"};
	static const char *const whole[] = {"::", "::1", "0:0:0:0:0:0:0:1", "0:0:0:0:0:0:0:0"};
	for (size_t i = 0; i < ARRAY_LENGTH(begin); i++)
		if (span_starts_ignoring_case(address, begin[i]))
			return true;
	for (size_t i = 0; i < ARRAY_LENGTH(whole); i++)
		if (span_is(address, whole[i]))
			return true;
	/* 224.0.0.0/4, for many at once. */
	return address.length > 3 && address.data[3] == '.' && address.data[0] == '2' &&
	       (address.data[1] == '2' || address.data[1] == '3') &&
	       memcmp(address.data, "224", 3) >= 0 && memcmp(address.data, "240", 3) < 0;
}

static void mention_address(struct sheet *sheet, enum kind kind, struct span text)
{
	struct span address = bare_address(span_trim(text));
	const char *type = indicator_type(address);
	if (!type || strcmp(type, "ip") != 0 || is_nobodys(address))
		return;
	if (kind == KIND_INDICATOR)
		mention_indicator(sheet, address, type);
	else
		sheet_mention(sheet, kind, address, NULL, span_string(NULL));
}

static void mention_by_looks(struct sheet *sheet, struct span text)
{
	const char *type = indicator_type(text);
	if (type && strcmp(type, "ip") == 0)
		mention_address(sheet, KIND_INDICATOR, text);
	else if (type)
		mention_indicator(sheet, span_trim(text), type);
}

static bool is_digits(struct span text, size_t at, size_t count)
{
	if (at + count > text.length)
		return false;
	for (size_t i = at; i < at + count; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return true;
}

/* T1059 and T1059.001 among tags; a group's or a tool's tag names no technique. */
static void mention_techniques(struct sheet *sheet, struct span text)
{
	for (size_t at = 0; at < text.length;) {
		size_t end = at;
		while (end < text.length && !strchr(" \t\r\n,;|\xc2", text.data[end]))
			end++;
		struct span tag = span_slice(text, at, end);
		bool sub = tag.length == 9 && tag.data[5] == '.' && is_digits(tag, 6, 3);
		if ((tag.length == 5 || sub) && tag.data[0] == 'T' && is_digits(tag, 1, 4))
			sheet_mention(sheet, KIND_TECHNIQUE, tag, "attack_id", tag);
		at = end + 1;
	}
}

static void mention(struct sheet *sheet, const struct event_mention *how, struct span text)
{
	switch (how->form) {
	case MENTION_NAME:
		sheet_mention(sheet, how->kind, span_trim(text), NULL, span_string(NULL));
		break;
	case MENTION_HASHES:
		mention_hashes(sheet, text);
		break;
	case MENTION_ADDRESS:
		mention_address(sheet, how->kind, text);
		break;
	case MENTION_PATH:
		text = span_trim(text);
		if (memchr(text.data, '\\', text.length) || memchr(text.data, '/', text.length))
			mention_indicator(sheet, text, "path");
		break;
	case MENTION_LOOKS:
		mention_by_looks(sheet, text);
		break;
	case MENTION_TECHNIQUES:
		mention_techniques(sheet, text);
		break;
	}
}

/* ---- an event's ---- */

/* All that stands at the first path which says something: one text, or each of a list. */
static void mention_at(
	struct events *events, const struct event_mention *how, const struct json_value *object)
{
	const char *list = how->paths;
	char path[SHAPE_MAX_PATH];
	while (event_next_path(&list, path)) {
		if (strchr(path, '>')) {
			struct span word = event_word(events->shape, object, path);
			if (span_stated(word)) {
				mention(&events->sheet, how, word);
				return;
			}
			continue;
		}
		const struct json_value *value = json_at(object, path);
		bool many = json_is_type(value, JSON_ARRAY);
		bool said = false;
		for (value = many ? value->first : value; value;
			value = many ? value->next : NULL) {
			struct span text = json_scalar(value);
			if (!span_stated(text) || event_says_nothing(events->shape, text))
				continue;
			mention(&events->sheet, how, text);
			said = true;
		}
		if (said)
			return;
	}
}

void event_mentions(struct events *events, const struct json_value *object, struct span host)
{
	const struct event_shape *shape = events->shape;
	/* For what it is linked with; the event's own field tells of it. */
	for (size_t i = 0; i < SHAPE_RELATIONS && shape->relations[i].type; i++)
		if (!shape->relations[i].to && span_stated(host))
			sheet_mention(&events->sheet, KIND_HOST, host, NULL, span_string(NULL));
	for (size_t i = 0; i < SHAPE_MENTIONS && shape->mentions[i].paths; i++)
		mention_at(events, &shape->mentions[i], object);
}

/* ---- what it says of them ---- */

static const struct draft_mention *named(
	const struct sheet *sheet, enum kind kind, struct span name)
{
	for (size_t i = 0; i < sheet->draft.mention_count; i++)
		if (sheet->mentions[i].kind == kind && span_equal(sheet->mentions[i].name, name))
			return &sheet->mentions[i];
	return NULL;
}

/* The indicator that was made of what stands at the first path which says something. */
static const struct draft_mention *made_of(
	const struct events *events, const struct json_value *object, const char *paths)
{
	const struct sheet *sheet = &events->sheet;
	char path[SHAPE_MAX_PATH];
	while (event_next_path(&paths, path)) {
		struct span text = span_trim(json_scalar_at(object, path));
		if (!span_stated(text) || event_says_nothing(events->shape, text))
			continue;
		const struct draft_mention *found = named(sheet, KIND_INDICATOR, text);
		return found ? found : named(sheet, KIND_INDICATOR, bare_address(text));
	}
	return NULL;
}

/* Whether the pair is not linked yet and may be. */
static bool is_new_pair(struct events *events, const char *type, struct record_id from,
	struct record_id to, bool *is_new, struct error *error)
{
	char key[96];
	*is_new = false;
	snprintf(key, sizeof key, "%s %lld %d %lld", type, (long long)from.id, (int)to.kind,
		(long long)to.id);
	struct span pair = span_string(key);
	if (events->pairs.count >= EVENT_PAIRS_MOST) {
		events->pairs_left += name_table_find(&events->pairs, pair) == SIZE_MAX;
		return true;
	}
	return name_table_add(&events->pairs, pair, is_new) != SIZE_MAX || error_memory(error);
}

bool event_relations(struct events *events, const struct json_value *object, struct span host,
	struct error *error)
{
	const struct event_shape *shape = events->shape;
	struct sheet *sheet = &events->sheet;
	for (size_t i = 0; i < SHAPE_RELATIONS && shape->relations[i].type; i++) {
		const struct event_relation *relation = &shape->relations[i];
		const struct draft_mention *from = made_of(events, object, relation->from);
		const struct draft_mention *to = relation->to
							 ? made_of(events, object, relation->to)
							 : named(sheet, KIND_HOST, host);
		bool is_new;
		if (!from || !to || from->id == 0 || to->id == 0 || from == to)
			continue;
		struct draft_link link = {.from = {from->kind, from->id},
			.to = {to->kind, to->id},
			.type = span_string(relation->type),
			.basis = sheet->draft.basis,
			.start = sheet->draft.start,
			.end = sheet->draft.end};
		if (!is_new_pair(events, relation->type, link.from, link.to, &is_new, error) ||
			(is_new && !loader_link(sheet->loader, &link, error)))
			return false;
	}
	return true;
}
