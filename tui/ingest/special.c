#include "special.h"

#include "ingest/columns.h"

#include <string.h>

enum link_column { LINK_FROM, LINK_TYPE, LINK_TO, LINK_DETAIL, LINK_BASIS };
enum decision_column {
	DECISION_ACTION,
	DECISION_RECORD,
	DECISION_FIELD,
	DECISION_VALUE,
	DECISION_DETAIL,
	DECISION_REASON
};

static const char *const column_names[][SPECIAL_COLUMNS] = {
	[SPECIAL_LINK] = {"from", "type", "to", "detail", "basis", NULL},
	[SPECIAL_DECISION] = {"action", "record", "field", "value", "detail", "reason"},
};
/* The first so many must be there. */
static const int needed[] = {[SPECIAL_LINK] = 3, [SPECIAL_DECISION] = 4};

static size_t column_at(const struct span *names, size_t count, const char *wanted)
{
	for (size_t i = 0; wanted && i < count; i++)
		if (columns_same_name(span_trim(names[i]), span_string(wanted)))
			return i;
	return SIZE_MAX;
}

enum special special_of(const char *kind, const struct span *names, size_t count)
{
	if (kind && (strcmp(kind, "link") == 0 || strcmp(kind, "links") == 0))
		return SPECIAL_LINK;
	if (kind && (strcmp(kind, "decision") == 0 || strcmp(kind, "decisions") == 0))
		return SPECIAL_DECISION;
	if (kind)
		return SPECIAL_NONE;
	for (int i = 0; i < needed[SPECIAL_LINK]; i++)
		if (column_at(names, count, column_names[SPECIAL_LINK][i]) == SIZE_MAX)
			return SPECIAL_NONE;
	return SPECIAL_LINK;
}

bool special_begin(struct special_table *table, enum special special, const struct span *names,
	size_t count, const struct loader *loader, struct error *error)
{
	*table = (struct special_table){.special = special};
	for (int i = 0; i < SPECIAL_COLUMNS; i++) {
		table->at[i] = column_at(names, count, column_names[special][i]);
		if (table->at[i] == SIZE_MAX && i < needed[special])
			return error_set(error, ERROR_USAGE, "a table of %ss needs a column %s",
				special == SPECIAL_LINK ? "link" : "decision",
				column_names[special][i]);
	}
	table->reviewer = loader_setting(loader, "reviewer");
	if (special == SPECIAL_DECISION && table->reviewer.length == 0)
		return error_set(error, ERROR_USAGE,
			"decisions are somebody's: say whose with --set reviewer=NAME");
	return true;
}

/* A row's place, for what is said of it. */
struct row {
	struct loader *loader;
	int64_t line, start, end;
};

static bool nothing_is_called(const struct row *row, struct span text, struct error *error)
{
	struct span shown = span_slice(text, 0, 80);
	return loader_skip(row->loader, row->line, row->start, row->end, error,
		"`%.*s` is no record of this case: write kind:KEY or kind:NAME", (int)shown.length,
		shown.data);
}

static bool link_row(struct special_table *table, const struct row *row, struct error *error)
{
	struct span *cells = table->cells;
	struct draft_link link = {.type = span_trim(cells[LINK_TYPE]),
		.detail = cells[LINK_DETAIL],
		.basis = loader_basis(row->loader, BASIS_REPORTED),
		.start = (uint64_t)row->start,
		.end = (uint64_t)row->end};
	struct span basis = span_trim(cells[LINK_BASIS]);
	if (basis.length > 0 && basis_find(basis) < 0)
		return loader_skip(row->loader, row->line, row->start, row->end, error,
			"`%.*s` is no basis: observed, reported, inferred or placeholder",
			(int)basis.length, basis.data);
	if (basis.length > 0)
		link.basis = (enum basis)basis_find(basis);
	if (link.type.length == 0)
		return loader_skip(row->loader, row->line, row->start, row->end, error,
			"a link without a type");
	if (!loader_resolve(row->loader, cells[LINK_FROM], &link.from, error) ||
		!loader_resolve(row->loader, cells[LINK_TO], &link.to, error))
		return false;
	if (link.from.kind == KIND_NONE)
		return nothing_is_called(row, cells[LINK_FROM], error);
	if (link.to.kind == KIND_NONE)
		return nothing_is_called(row, cells[LINK_TO], error);
	return loader_link(row->loader, &link, error);
}

/* Why a field can't be set to a value; NULL when it can. */
static const char *refuses_value(enum kind kind, struct span name, struct span value)
{
	int index = kind_field_find(kind, name);
	long long number;
	if (index < 0)
		return "is no field of this kind";
	const struct kind_field *field = &kind_info(kind)->fields[index];
	if (field->type == FIELD_CHOICE && span_stated(value) && !kind_choice_valid(field, value))
		return "can't have this value";
	if (field->type == FIELD_NUMBER && span_stated(value) && !span_to_integer(value, &number))
		return "wants a number";
	return NULL;
}

static bool decision_row(struct special_table *table, const struct row *row, struct error *error)
{
	struct span *cells = table->cells;
	struct record_id to = {0};
	struct journal_entry entry = {.reviewer = table->reviewer,
		.clock = loader_options(row->loader)->clock,
		.action = span_trim(cells[DECISION_ACTION]),
		.field = span_trim(cells[DECISION_FIELD]),
		.before = span_string(NULL),
		.after = cells[DECISION_VALUE].length ? cells[DECISION_VALUE] : span_string(NULL),
		.reason = cells[DECISION_REASON]};
	bool link = span_is(entry.action, "link");
	if (!link && !span_is(entry.action, "set"))
		return loader_skip(row->loader, row->line, row->start, row->end, error,
			"the action of a decision is set or link");
	if (!loader_resolve(row->loader, cells[DECISION_RECORD], &entry.id, error))
		return false;
	if (entry.id.kind == KIND_NONE)
		return nothing_is_called(row, cells[DECISION_RECORD], error);
	if (link) {
		if (!loader_resolve(row->loader, cells[DECISION_VALUE], &to, error))
			return false;
		if (to.kind == KIND_NONE)
			return nothing_is_called(row, cells[DECISION_VALUE], error);
		if (entry.field.length == 0)
			return loader_skip(row->loader, row->line, row->start, row->end, error,
				"a link without a type");
		return loader_decision(row->loader, &entry, to, cells[DECISION_DETAIL], error);
	}
	const char *refused = refuses_value(entry.id.kind, entry.field, entry.after);
	if (refused)
		return loader_skip(row->loader, row->line, row->start, row->end, error, "`%.*s` %s",
			(int)entry.field.length, entry.field.data, refused);
	return loader_decision(row->loader, &entry, to, span_string(NULL), error);
}

bool special_row(struct special_table *table, struct loader *loader, int64_t line, uint64_t start,
	uint64_t end, struct error *error)
{
	struct row row = {
		.loader = loader, .line = line, .start = (int64_t)start, .end = (int64_t)end};
	return table->special == SPECIAL_LINK ? link_row(table, &row, error)
					      : decision_row(table, &row, error);
}
