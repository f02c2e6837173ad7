/* What happened in a VERIS incident, to what classes of assets, and when. */
#include "veris_private.h"

#include "base/memory.h"

#include <string.h>

/* ---- actions ---- */

static bool add_action(struct veris *veris, const struct json_value *action, struct span variety,
	struct error *error)
{
	struct sheet *sheet = veris_begin(veris, KIND_TECHNIQUE);
	sheet_text(sheet, "name",
		variety.length == 0 ? action->key
				    : sheet_format(sheet, "%.*s: %.*s", (int)action->key.length,
					      action->key.data, (int)variety.length, variety.data));
	struct span said = veris_said(sheet, action, "variety");
	struct veris_part *actions = memory_grow(
		veris->actions, &veris->action_capacity, veris->action_count + 1, sizeof *actions);
	if (!actions)
		return error_memory(error);
	veris->actions = actions;
	struct veris_part *part = &actions[veris->action_count++];
	*part = (struct veris_part){.class = action->key};
	return veris_end(veris, "used", said, &part->id, error);
}

/* `zeus,cryptolocker`, a list or both: what malware and vulnerabilities are called. */
static bool add_names(
	struct veris *veris, const struct json_value *list, const char *type, struct error *error)
{
	const struct json_value *item = NULL;
	while ((item = veris_next(list, item))) {
		struct span names = json_scalar(item);
		for (size_t at = 0, end; at < names.length; at = end + 1) {
			for (end = at; end < names.length && !strchr(",;", names.data[end]);)
				end++;
			struct span name = span_trim(span_slice(names, at, end));
			if (veris_says_nothing(name))
				continue;
			struct sheet *sheet = veris_begin(veris, KIND_INDICATOR);
			sheet_text(sheet, "value", name);
			sheet_text(sheet, "type", span_string(type));
			if (!veris_end(veris, "used", span_string(NULL), NULL, error))
				return false;
		}
	}
	return true;
}

bool veris_actions(struct veris *veris, const struct json_value *actions, struct error *error)
{
	const struct json_value *action =
		json_is_type(actions, JSON_OBJECT) ? actions->first : NULL;
	for (; action; action = action->next) {
		const struct json_value *varieties = json_member(action, "variety");
		const struct json_value *variety = veris_next(varieties, NULL);
		do {
			if (!add_action(veris, action, json_scalar(variety), error))
				return false;
			variety = variety ? veris_next(varieties, variety) : NULL;
		} while (variety);
		if (!add_names(veris, json_member(action, "name"), "malware", error) ||
			!add_names(veris, json_member(action, "cve"), "vulnerability", error))
			return false;
	}
	return true;
}

/* ---- assets ---- */

/* `S - Database` is a server; people, media and what is unknown are no machines. */
static const char *machine(struct span variety)
{
	static const struct {
		const char *letter, *type;
	} types[] = {{"S - ", "server"}, {"U - ", "terminal"}, {"T - ", "terminal"},
		{"N - ", "network"}, {"E - ", "other"}};
	for (size_t i = 0; i < ARRAY_LENGTH(types); i++)
		if (span_is(span_slice(variety, 0, 4), types[i].letter))
			return types[i].type;
	return NULL;
}

/* Classes of machines with a stated amount, and none that is named: placeholders, which stand for
 * that many and count nowhere. */
bool veris_assets(struct veris *veris, const struct json_value *assets, struct error *error)
{
	const struct json_value *asset = NULL;
	while ((asset = veris_next(assets, asset))) {
		struct span variety = json_scalar(json_member(asset, "variety"));
		struct span amount = json_scalar(json_member(asset, "amount"));
		const char *type = machine(variety);
		long long number;
		if (!type)
			continue;
		struct sheet *sheet = veris_begin(veris, KIND_HOST);
		sheet->draft.basis = BASIS_PLACEHOLDER;
		sheet->draft.stands_stated = span_to_integer(amount, &number) && number > 0;
		if (sheet->draft.stands_stated)
			sheet->draft.stands_min = sheet->draft.stands_max = number;
		sheet_text(sheet, "name",
			sheet_format(sheet, "%.*s (%.*s)", (int)variety.length, variety.data,
				(int)veris->key.length, veris->key.data ? veris->key.data : ""));
		sheet_text(sheet, "type", span_string(type));
		if (!veris_end(veris, "affected", span_string(NULL), NULL, error))
			return false;
	}
	return true;
}

/* ---- the chain of events ---- */

/* `hak` is hacking, `prt` partner: the first letters tell the classes apart. */
static bool is_class(struct span class, struct span code, size_t letters)
{
	return code.length >= letters && class.length >= letters &&
	       memcmp(class.data, code.data, letters) == 0;
}

/* One step: the actors of its class used the actions of its class. */
static bool add_step(
	struct veris *veris, const struct json_value *step, size_t number, struct error *error)
{
	struct sheet *sheet = &veris->sheet;
	struct span actor = json_scalar(json_member(step, "actor"));
	struct span action = json_scalar(json_member(step, "action"));
	struct span said = veris_said(sheet, step, "actor|action");
	struct span detail = sheet_format(
		sheet, "step %zu: %.*s", number, (int)said.length, said.data ? said.data : "");
	for (size_t i = 0; i < veris->actor_count; i++) {
		if (!is_class(veris->actors[i].class, actor, 1))
			continue;
		for (size_t k = 0; k < veris->action_count; k++)
			if (is_class(veris->actions[k].class, action, 2) &&
				!veris_link(veris, veris->actors[i].id, "used",
					veris->actions[k].id, detail, error))
				return false;
	}
	return true;
}

bool veris_chain(struct veris *veris, const struct json_value *chain, struct error *error)
{
	const struct json_value *step = NULL;
	size_t number = 0;
	while ((step = veris_next(chain, step)))
		if (!add_step(veris, step, ++number, error))
			return false;
	return true;
}

/* ---- the timeline ---- */

struct span veris_date(struct sheet *sheet, const struct json_value *date)
{
	long long year, month, day;
	if (!span_to_integer(json_scalar(json_member(date, "year")), &year))
		return span_string(NULL);
	if (!span_to_integer(json_scalar(json_member(date, "month")), &month))
		return sheet_format(sheet, "%04lld", year);
	if (!span_to_integer(json_scalar(json_member(date, "day")), &day))
		return sheet_format(sheet, "%04lld-%02lld", year, month);
	return sheet_format(sheet, "%04lld-%02lld-%02lld", year, month, day);
}

static bool add_event(struct veris *veris, const char *what, struct span said, struct span after,
	struct error *error)
{
	struct sheet *sheet = &veris->sheet;
	struct moment moment;
	veris_key(veris, what, said);
	sheet->draft.natural = "action+message";
	if (after.length > 0 && moment_parse(after, NULL, &moment, NULL))
		sheet_moment(sheet, "time", after, &moment);
	struct span of = json_scalar_at(veris->object, "victim.victim_id");
	if (veris_says_nothing(of))
		of = json_scalar(json_member(veris->object, "incident_id"));
	sheet_text(sheet, "action", span_string(what));
	sheet_text(sheet, "message",
		sheet_format(sheet, "%s %.*s: %.*s", what, (int)said.length,
			said.data ? said.data : "", (int)of.length, of.data ? of.data : ""));
	return veris_end(veris, "timeline", span_string(NULL), NULL, error);
}

/* A date that is stated, to the day, month or year. */
static bool add_dated(struct veris *veris, const char *what, const char *path, struct error *error)
{
	struct sheet *sheet = veris_begin(veris, KIND_EVENT);
	struct span date = veris_date(sheet, json_at(veris->object, path));
	if (date.length == 0)
		return true;
	sheet_text(sheet, "time_kind", span_string("stated date"));
	return add_event(veris, what, date, date, error);
}

/* `{"unit": "Months", "value": 3}`: some time after the incident's date, which is all that is
 * known of it. What did not happen or is not known is no event. */
static bool add_relative(struct veris *veris, const char *what, struct error *error)
{
	struct sheet *sheet = veris_begin(veris, KIND_EVENT);
	const struct json_value *lapse = json_member(json_member(veris->object, "timeline"), what);
	struct span unit = json_scalar(json_member(lapse, "unit"));
	struct span value = json_scalar(json_member(lapse, "value"));
	struct span date = veris_date(sheet, json_at(veris->object, "timeline.incident"));
	if (veris_says_nothing(unit) || span_is(unit, "Never"))
		return true;
	struct span said = value.length == 0
				   ? sheet_format(sheet, "after %.*s", (int)unit.length, unit.data)
				   : sheet_format(sheet, "after %.*s %.*s", (int)value.length,
					     value.data, (int)unit.length, unit.data);
	struct span after = date.length == 0
				    ? date
				    : sheet_format(sheet, "%.*s/..", (int)date.length, date.data);
	sheet_text(sheet, "time_kind", span_string("not before the incident"));
	return add_event(veris, what, said, after, error);
}

bool veris_timeline(struct veris *veris, struct error *error)
{
	static const char *const lapses[] = {
		"compromise", "exfiltration", "discovery", "containment"};
	if (!add_dated(veris, "incident", "timeline.incident", error))
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(lapses); i++)
		if (!add_relative(veris, lapses[i], error))
			return false;
	return add_dated(veris, "notification", "plus.timeline.notification", error);
}
