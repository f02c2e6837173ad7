/* Who a VERIS incident tells of: victims and where they are, partners, actors. */
#include "veris_private.h"

#include "base/memory.h"

#include <string.h>

/* ---- where ---- */

struct place {
	struct span country, state, region; /* not stated: none */
};

/* `US-CA` of a country and a state, which is written `CA` or, in later editions, `US-CA` itself. */
static struct span place_name(struct sheet *sheet, const struct place *place)
{
	struct span country = place->country, state = place->state;
	if (state.length > 0 && country.length > 0 && !memchr(state.data, '-', state.length))
		return sheet_format(sheet, "%.*s-%.*s", (int)country.length, country.data,
			(int)state.length, state.data);
	if (state.length > 0 || country.length > 0)
		return state.length > 0 ? state : country;
	return sheet_format(sheet, "region %.*s", (int)place->region.length, place->region.data);
}

static bool add_site(struct veris *veris, const struct json_value *victim,
	const struct place *place, struct record_id party, struct error *error)
{
	struct record_id made;
	struct sheet *sheet = veris_begin(veris, KIND_SITE);
	struct span places = json_scalar(json_member(victim, "locations_affected"));
	sheet_text(sheet, "name", place_name(sheet, place));
	sheet_text(sheet, "country", place->country);
	sheet_extra(
		sheet, span_string("region"), veris_known(sheet, json_member(victim, "region")));
	struct span detail = places.length == 0 ? span_string(NULL)
						: sheet_format(sheet, "locations affected: %.*s",
							  (int)places.length, places.data);
	return veris_end(veris, "located_in", detail, &made, error) &&
	       veris_link(veris, party, "located_in", made, span_string(NULL), error);
}

/* A region is a code of the United Nations; one that begins with 000 is none. It is a place of its
 * own only where no country is known. */
static bool add_regions(struct veris *veris, const struct json_value *victim,
	struct record_id party, struct error *error)
{
	const struct json_value *regions = json_member(victim, "region"), *item = NULL;
	while ((item = veris_next(regions, item))) {
		struct place place = {.region = json_scalar(item)};
		bool none = veris_says_nothing(place.region) ||
			    span_is(span_slice(place.region, 0, 3), "000");
		if (!none && !add_site(veris, victim, &place, party, error))
			return false;
	}
	return true;
}

/* Each country, or its state. Of several countries it isn't said whose the state is: then that is
 * a place of its own. */
static bool add_sites(struct veris *veris, const struct json_value *victim, struct record_id party,
	struct error *error)
{
	const struct json_value *countries = json_member(victim, "country"), *item = NULL;
	struct place place = {.state = span_trim(json_scalar(json_member(victim, "state")))};
	size_t known = 0;
	if (veris_says_nothing(place.state))
		place.state = span_string(NULL);
	while ((item = veris_next(countries, item)))
		known += !veris_says_nothing(json_scalar(item));
	if (known != 1 && place.state.length > 0) {
		if (!add_site(veris, victim, &place, party, error))
			return false;
		place.state = span_string(NULL);
	} else if (known == 0) {
		return add_regions(veris, victim, party, error);
	}
	while ((item = veris_next(countries, item))) {
		place.country = json_scalar(item);
		if (!veris_says_nothing(place.country) &&
			!add_site(veris, victim, &place, party, error))
			return false;
	}
	return true;
}

/* ---- victims ---- */

/* Whether the victim is said to be a government's: `government` has a level. */
static bool is_government(const struct json_value *victim)
{
	const struct json_value *levels = json_member(victim, "government"), *item = NULL;
	while ((item = veris_next(levels, item)))
		if (!veris_says_nothing(json_scalar(item)))
			return true;
	return false;
}

static bool add_victim(struct veris *veris, const struct json_value *victim,
	struct record_id *party, struct error *error)
{
	struct span name = span_trim(json_scalar(json_member(victim, "victim_id")));
	if (veris_says_nothing(name))
		return true;
	struct sheet *sheet = veris_begin(veris, KIND_PARTY);
	sheet_text(sheet, "name", name);
	sheet_text(sheet, "role", span_string("affected"));
	if (is_government(victim))
		sheet_text(sheet, "type", span_string("government"));
	sheet_text(sheet, "country", veris_known(sheet, json_member(victim, "country")));
	sheet_text(sheet, "sector", json_scalar(json_member(victim, "industry")));
	static const char *const more[] = {
		"employee_count", "revenue.amount", "revenue.iso_currency_code"};
	for (size_t i = 0; i < ARRAY_LENGTH(more); i++)
		sheet_extra(sheet, span_string(more[i]), json_scalar_at(victim, more[i]));
	return veris_end(veris, "affected", span_string(NULL), party, error);
}

static bool add_secondary(struct veris *veris, const struct json_value *victim, struct error *error)
{
	const struct json_value *more = json_at(victim, "secondary.victim_id"), *item = NULL;
	while ((item = veris_next(more, item))) {
		struct span name = span_trim(json_scalar(item));
		if (veris_says_nothing(name))
			continue;
		struct sheet *sheet = veris_begin(veris, KIND_PARTY);
		sheet_text(sheet, "name", name);
		sheet_text(sheet, "role", span_string("affected"));
		if (!veris_end(veris, "affected", span_string("secondary victim"), NULL, error))
			return false;
	}
	return true;
}

bool veris_victims(struct veris *veris, const struct json_value *victim, struct error *error)
{
	const struct json_value *item = NULL;
	while ((item = veris_next(victim, item))) {
		struct record_id party = {0};
		if (!add_victim(veris, item, &party, error) || !add_secondary(veris, item, error) ||
			!add_sites(veris, item, party, error))
			return false;
	}
	return true;
}

/* ---- actors ---- */

/* A partner of the victim's. VERIS seldom names one; then a placeholder stands for it. */
static bool add_partner(struct veris *veris, const struct json_value *actor, struct error *error)
{
	struct span victim = json_scalar_at(veris->object, "victim.victim_id");
	struct sheet *sheet = veris_begin(veris, KIND_PARTY);
	struct span name = veris_joined(sheet, json_member(actor, "name"));
	if (veris_says_nothing(name)) {
		sheet->draft.basis = BASIS_PLACEHOLDER;
		name = veris_says_nothing(victim)
			       ? sheet_format(sheet, "a partner (%.*s)", (int)veris->key.length,
					 veris->key.data ? veris->key.data : "")
			       : sheet_format(sheet, "a partner of %.*s", (int)victim.length,
					 victim.data);
	}
	sheet_text(sheet, "name", name);
	struct span industry = json_scalar(json_member(actor, "industry"));
	sheet_text(sheet, "sector", veris_says_nothing(industry) ? span_string(NULL) : industry);
	sheet_text(sheet, "country", veris_known(sheet, json_member(actor, "country")));
	sheet_extra(sheet, span_string("notes"), json_scalar(json_member(actor, "notes")));
	return veris_end(veris, "partner", span_string(NULL), NULL, error);
}

static bool add_actor(
	struct veris *veris, const struct json_value *actor, struct span name, struct error *error)
{
	struct sheet *sheet = veris_begin(veris, KIND_ACTOR);
	struct span variety = veris_joined(sheet, json_member(actor, "variety"));
	if (veris_says_nothing(name))
		name = veris_says_nothing(variety)
			       ? sheet_format(sheet, "%.*s actor", (int)actor->key.length,
					 actor->key.data)
			       : sheet_format(sheet, "%.*s actor: %.*s", (int)actor->key.length,
					 actor->key.data, (int)variety.length, variety.data);
	sheet_text(sheet, "name", name);
	sheet_text(sheet, "type", actor->key);
	struct span said = veris_said(sheet, actor, "name");
	struct veris_part *actors = memory_grow(
		veris->actors, &veris->actor_capacity, veris->actor_count + 1, sizeof *actors);
	if (!actors)
		return error_memory(error);
	veris->actors = actors;
	struct veris_part *part = &actors[veris->actor_count++];
	*part = (struct veris_part){.class = actor->key};
	return veris_end(veris, "attributed_to", said, &part->id, error);
}

/* VERIS knows classes of actors, and names few: one is called by its name, else by its class and
 * variety. */
bool veris_actors(struct veris *veris, const struct json_value *actors, struct error *error)
{
	const struct json_value *actor = json_is_type(actors, JSON_OBJECT) ? actors->first : NULL;
	for (; actor; actor = actor->next) {
		const struct json_value *names = json_member(actor, "name");
		const struct json_value *name = veris_next(names, NULL);
		do {
			if (!add_actor(veris, actor, json_scalar(name), error))
				return false;
			name = name ? veris_next(names, name) : NULL;
		} while (name);
		if (span_is(actor->key, "partner") && !add_partner(veris, actor, error))
			return false;
	}
	return true;
}
