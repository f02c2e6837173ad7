/* Have I Been Pwned: an array of breaches of sites. */
#include "format_table.h"

#include "json_probe.h"
#include "sheet.h"

static bool is_breach(const struct json_value *value)
{
	return json_has(value, "Name+BreachDate+PwnCount+Domain");
}

int hibp_sniff(struct span head, bool whole, struct span name)
{
	struct json_probe probe;
	(void)whole;
	(void)name;
	json_probe(&probe, head);
	bool fits = is_breach(probe.sample);
	json_probe_free(&probe);
	return fits ? 96 : 0;
}

struct hibp {
	struct loader *loader;
	struct sheet sheet;
	const struct json_value *object;
	struct record_id incident;
};

/* what: tells it from the other records of the breach; NULL: the breach itself. */
static void begin(struct hibp *hibp, enum kind kind, const char *what, struct span says)
{
	struct span name = json_scalar(json_member(hibp->object, "Name"));
	sheet_begin(&hibp->sheet, kind, 0, hibp->object->start, hibp->object->end);
	hibp->sheet.draft.basis = loader_basis(hibp->loader, BASIS_REPORTED);
	hibp->sheet.draft.key = what ? sheet_format(&hibp->sheet, "%.*s %s %.*s", (int)name.length,
					       name.data ? name.data : "", what, (int)says.length,
					       says.data ? says.data : "")
				     : name;
	hibp->sheet.draft.lasting = true;
}

static bool end(struct hibp *hibp, const char *type, struct error *error)
{
	struct record_id made;
	if (!sheet_end(&hibp->sheet, &made, error))
		return false;
	struct draft_link link = {.from = hibp->incident,
		.to = made,
		.type = span_string(type),
		.basis = loader_basis(hibp->loader, BASIS_REPORTED),
		.start = hibp->object->start,
		.end = hibp->object->end};
	return made.kind == KIND_NONE || hibp->incident.kind == KIND_NONE ||
	       loader_link(hibp->loader, &link, error);
}

static bool add(void *context, int64_t line, struct json_value *object, struct json_arena *arena,
	struct error *error)
{
	struct hibp *hibp = context;
	struct sheet *sheet = &hibp->sheet;
	struct span name = json_scalar(json_member(object, "Name"));
	struct span domain = json_scalar(json_member(object, "Domain"));
	(void)line;
	(void)arena;
	hibp->object = object;
	begin(hibp, KIND_INCIDENT, NULL, name);
	struct span title = sheet_take(json_member(object, "Title"));
	sheet_text(sheet, "name", title.length > 0 ? title : name);
	sheet_stamp(sheet, "when", sheet_take(json_member(object, "BreachDate")), STAMP_UTC);
	sheet_rest(sheet, NULL, object);
	if (!sheet_end(sheet, &hibp->incident, error))
		return false;
	begin(hibp, KIND_PARTY, "domain", domain);
	sheet_text(sheet, "name", domain.length > 0 ? domain : name);
	sheet_text(sheet, "role", span_string("affected"));
	if (!end(hibp, "affected", error))
		return false;
	const struct json_value *classes = json_member(object, "DataClasses");
	const struct json_value *data = json_is_type(classes, JSON_ARRAY) ? classes->first : NULL;
	for (; data; data = data->next) {
		begin(hibp, KIND_DATA, "data", json_scalar(data));
		sheet_text(sheet, "name", json_scalar(data));
		sheet_text(sheet, "exposure", span_string("exposed"));
		if (!end(hibp, "concerned", error))
			return false;
	}
	struct span description = json_scalar(json_member(object, "Description"));
	if (description.length == 0)
		return true;
	begin(hibp, KIND_STATEMENT, "description", description);
	sheet_text(sheet, "speaker", span_string("Have I Been Pwned"));
	sheet_stamp(sheet, "said_on", json_scalar(json_member(object, "AddedDate")), STAMP_UTC);
	sheet_text(sheet, "gist", description);
	return end(hibp, "told_by", error);
}

bool hibp_read(struct input *input, struct loader *loader, struct error *error)
{
	struct hibp hibp = {.loader = loader, .sheet = {.loader = loader}};
	bool ok = json_each_of_file(input, loader, add, &hibp, error);
	sheet_done(&hibp.sheet);
	sheet_free(&hibp.sheet);
	return ok;
}
