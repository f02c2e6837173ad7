/* Indicators of STIX: a record for each literal of the pattern. */
#include "stix_pattern.h"
#include "stix_private.h"

#define MAX_COMPARISONS 1000

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
	stix_begin(stix, KIND_INDICATOR, object);
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
bool stix_add_pattern(struct stix *stix, struct json_value *object, bool *done, struct error *error)
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
