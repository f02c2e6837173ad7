/* Records of small kinds: a row, and what has no place in it as extra fields. */
#include "writer_private.h"

/* Which cells of a draft become columns. */
struct plan {
	const struct draft_cell *cell[KIND_MOST_FIELDS];
	int64_t reference[KIND_MOST_FIELDS];
};

static bool check_cell(enum kind kind, const struct draft_cell *cell, struct error *error)
{
	const struct kind_info *info = kind_info(kind);
	if (cell->field == CELL_EXTRA)
		return true;
	const struct kind_field *field = &info->fields[cell->field];
	int shown = cell->text.length > 80 ? 80 : (int)cell->text.length;
	long long number;
	if (field->flags & FIELD_JUDGEMENT)
		return true;
	if (field->type == FIELD_CHOICE && !kind_choice_valid(field, cell->text))
		return error_set(error, ERROR_INPUT,
			"%s of a %s can't be \"%.*s\": it is one of %s", field->label, info->name,
			shown, cell->text.data, field->choices);
	if (field->type == FIELD_NUMBER && !span_to_integer(cell->text, &number))
		return error_set(error, ERROR_INPUT, "%s of a %s is no number: \"%.*s\"",
			field->label, info->name, shown, cell->text.data);
	return true;
}

bool writer_check(const struct draft *draft, struct error *error)
{
	const struct kind_info *info = kind_info(draft->kind);
	bool stated[KIND_MOST_FIELDS] = {false};
	for (size_t i = 0; i < draft->cell_count; i++) {
		const struct draft_cell *cell = &draft->cells[i];
		if (!check_cell(draft->kind, cell, error))
			return false;
		if (cell->field != CELL_EXTRA && span_trim(cell->text).length > 0)
			stated[cell->field] = true;
	}
	for (int field = 0; field < info->field_count; field++)
		if ((info->fields[field].flags & FIELD_REQUIRED) && !stated[field])
			return error_set(error, ERROR_INPUT, "%s %s needs a %s",
				kind_article(draft->kind), info->name, info->fields[field].name);
	return true;
}

static bool make_plan(
	struct writer *writer, const struct draft *draft, struct plan *plan, struct error *error)
{
	*plan = (struct plan){0};
	for (size_t i = 0; i < draft->cell_count; i++) {
		const struct draft_cell *cell = &draft->cells[i];
		if (cell->field == CELL_EXTRA || plan->cell[cell->field])
			continue;
		const struct kind_field *field = &kind_info(draft->kind)->fields[cell->field];
		if (field->flags & FIELD_JUDGEMENT)
			continue;
		if (field->type == FIELD_REFERENCE) {
			int64_t *id = &plan->reference[cell->field];
			*id = cell->reference;
			if (*id == 0 && !writer_refer(writer, field->refers_to, cell->text, draft,
						id, error))
				return false;
			if (*id == 0)
				continue;
		}
		plan->cell[cell->field] = cell;
	}
	return true;
}

/* A time field's last three columns from `parameter` on; NULL: not read. */
static void bind_moment(struct statement *statement, int parameter, const struct moment *moment)
{
	statement_bind_int(statement, parameter, moment ? moment->from : INT64_MAX);
	statement_bind_int(statement, parameter + 1, moment ? moment->to : INT64_MAX);
	statement_bind_int(statement, parameter + 2, moment ? moment_pack(moment) : 0);
}

/* Parameters of a record's row but its fields; ids are bound beside. */
static void bind_record(const struct writer *writer, struct statement *statement, int64_t id,
	const struct draft *draft)
{
	statement_bind_int(statement, RECORD_ID + 1, id);
	statement_bind_int(statement, RECORD_SOURCE + 1, writer->source);
	statement_bind_int(statement, RECORD_START + 1, (int64_t)draft->start);
	statement_bind_int(statement, RECORD_END + 1, (int64_t)draft->end);
	statement_bind_int(statement, RECORD_BASIS + 1, draft->basis);
	statement_bind_text(statement, RECORD_BY + 1, draft->by);
	if (draft->stands_stated)
		statement_bind_int(statement, RECORD_STANDS_MIN + 1, draft->stands_min);
	if (draft->stands_stated && draft->stands_max != INT64_MAX)
		statement_bind_int(statement, RECORD_STANDS_MAX + 1, draft->stands_max);
}

static void bind_field(struct statement *statement, int parameter, const struct kind_field *field,
	const struct draft_cell *cell, int64_t reference)
{
	long long number;
	switch (field->type) {
	case FIELD_TIME:
		/* An undated record sorts last, and its columns are never NULL. */
		bind_moment(statement, parameter + 1, cell ? cell->moment : NULL);
		if (cell)
			statement_bind_text(statement, parameter, cell->text);
		break;
	case FIELD_REFERENCE:
		if (cell)
			statement_bind_int(statement, parameter, reference);
		break;
	case FIELD_NUMBER:
		if (cell && span_to_integer(cell->text, &number))
			statement_bind_int(statement, parameter, number);
		break;
	case FIELD_TEXT:
	case FIELD_CHOICE:
		if (cell)
			statement_bind_text(statement, parameter, cell->text);
		break;
	}
}

/* Writes a row by INSERT, or by UPDATE over one that says nothing yet. */
static bool write_row(struct writer *writer, bool update, int64_t id, struct span key,
	const struct draft *draft, const struct plan *plan, struct error *error)
{
	enum kind kind = draft->kind;
	const struct kind_info *info = kind_info(kind);
	struct statement *statement =
		update ? writer_built(writer, &writer->update[kind], kind, kind_sql_update, error)
		       : writer_built(writer, &writer->insert[kind], kind, kind_sql_insert, error);
	if (!statement)
		return false;
	bind_record(writer, statement, id, draft);
	int parameter = INSERT_NAME_KEY;
	if (info->named)
		statement_bind_text(statement, parameter++, key);
	for (int field = 0; field < info->field_count; field++) {
		bind_field(statement, parameter, &info->fields[field], plan->cell[field],
			plan->reference[field]);
		parameter += kind_sql_width(kind, field, false);
	}
	return statement_run(statement, error);
}

static bool extra_is_there(struct writer *writer, struct record_id id, struct span name,
	struct span value, bool *there, struct error *error)
{
	struct statement *same = writer_statement(writer, QUERY_EXTRA_SAME, error);
	if (!same)
		return false;
	statement_bind_int(same, 1, id.kind);
	statement_bind_int(same, 2, id.id);
	statement_bind_int(same, 3, writer->source);
	statement_bind_text(same, 4, name);
	statement_bind_text(same, 5, value);
	enum statement_result result = statement_step(same, error);
	*there = result == STATEMENT_ROW;
	statement_reset(same);
	return result != STATEMENT_FAILED;
}

bool writer_extra_here(struct writer *writer, struct record_id id, struct span name,
	struct span value, struct error *error)
{
	struct statement *last = writer_statement(writer, QUERY_EXTRA_LAST, error);
	struct statement *insert = writer_statement(writer, QUERY_EXTRA_INSERT, error);
	if (!last || !insert)
		return false;
	statement_bind_int(last, 1, id.kind);
	statement_bind_int(last, 2, id.id);
	if (statement_step(last, error) != STATEMENT_ROW) {
		statement_reset(last);
		return false;
	}
	int64_t number = statement_int(last, 0);
	statement_reset(last);
	bool there = false;
	if (number > 0 && !extra_is_there(writer, id, name, value, &there, error))
		return false;
	if (there)
		return true;
	statement_bind_int(insert, 1, id.kind);
	statement_bind_int(insert, 2, id.id);
	statement_bind_int(insert, 3, number + 1);
	statement_bind_int(insert, 4, writer->source);
	statement_bind_text(insert, 5, name);
	statement_bind_text(insert, 6, value);
	return statement_run(insert, error);
}

bool writer_extra(struct writer *writer, struct record_id id, struct span name, struct span value,
	struct error *error)
{
	return writer_take_turn(writer, error) &&
	       writer_extra_here(writer, id, name, value, error) && writer_breathe(writer, error);
}

/* The cells that are no columns. */
static bool add_rest(struct writer *writer, const struct draft *draft, const struct plan *plan,
	int64_t id, struct error *error)
{
	struct record_id of = {.kind = draft->kind, .id = id};
	for (size_t i = 0; i < draft->cell_count; i++) {
		const struct draft_cell *cell = &draft->cells[i];
		if (cell->field != CELL_EXTRA && plan->cell[cell->field] == cell)
			continue;
		struct span name =
			cell->field == CELL_EXTRA
				? cell->name
				: span_string(kind_info(draft->kind)->fields[cell->field].name);
		if (!writer_extra_here(writer, of, name, cell->text, error))
			return false;
	}
	return true;
}

static bool column_says(const struct statement *row, int column, const struct kind_field *field,
	const struct draft_cell *cell, int64_t reference)
{
	if (statement_is_null(row, column))
		return false;
	long long number;
	switch (field->type) {
	case FIELD_REFERENCE:
		return statement_int(row, column) == reference;
	case FIELD_NUMBER:
		return span_to_integer(cell->text, &number) && statement_int(row, column) == number;
	case FIELD_TEXT:
	case FIELD_CHOICE:
	case FIELD_TIME:
		break;
	}
	return span_equal(statement_text(row, column), cell->text);
}

/* Whether a row says nothing but its name. */
static bool is_bare(const struct statement *row, enum kind kind)
{
	const struct kind_info *info = kind_info(kind);
	int column = ROW_FIELDS;
	for (int field = 0; field < info->field_count; field++) {
		if (field != info->name_field && !statement_is_null(row, column))
			return false;
		column += kind_sql_width(kind, field, false);
	}
	return true;
}

/* Whether a row has its name in the letters of the draft. */
static bool is_called(const struct statement *row, enum kind kind, const struct plan *plan)
{
	const struct kind_info *info = kind_info(kind);
	int column = ROW_FIELDS;
	for (int field = 0; field < info->name_field; field++)
		column += kind_sql_width(kind, field, false);
	return span_equal(statement_text(row, column), plan->cell[info->name_field]->text);
}

/* What this draft says just as the row of another source does stays said when that one is taken
 * back. */
bool writer_shared(struct writer *writer, struct record_id id, const char *name, struct span value,
	struct error *error)
{
	struct statement *insert = writer_statement(writer, QUERY_EXTRA_SHARED_INSERT, error);
	if (!insert)
		return false;
	statement_bind_int(insert, 1, id.kind);
	statement_bind_int(insert, 2, id.id);
	statement_bind_int(insert, 3, writer->source);
	statement_bind_text(insert, 4, span_string(name));
	statement_bind_text(insert, 5, value);
	return statement_run(insert, error);
}

/* What this draft says otherwise than the record that is there, and what it says as well as the
 * source that the row is of. */
static bool add_differences(struct writer *writer, const struct draft *draft,
	const struct plan *plan, const struct statement *row, const struct found *found,
	struct error *error)
{
	const struct kind_info *info = kind_info(draft->kind);
	struct record_id of = {.kind = draft->kind, .id = found->id};
	if (statement_int(row, ROW_BASIS) != (int64_t)draft->basis &&
		!writer_extra_here(writer, of, span_string("basis"),
			span_string(basis_name(draft->basis)), error))
		return false;
	bool by = span_stated(draft->by) && span_equal(statement_text(row, ROW_BY), draft->by);
	if (span_stated(draft->by) && !by &&
		!writer_extra_here(writer, of, span_string("by"), draft->by, error))
		return false;
	if (by && !found->ours && !writer_shared(writer, of, "by", draft->by, error))
		return false;
	int column = ROW_FIELDS;
	for (int field = 0; field < info->field_count; field++) {
		const struct draft_cell *cell = plan->cell[field];
		const char *name = info->fields[field].name;
		bool spelled = field == info->name_field && info->named;
		bool says = cell && column_says(row, column, &info->fields[field], cell,
					    plan->reference[field]);
		if (cell && !spelled && !says &&
			!writer_extra_here(writer, of, span_string(name), cell->text, error))
			return false;
		if (says && field != info->name_field && !found->ours &&
			!writer_shared(writer, of, name, cell->text, error))
			return false;
		column += kind_sql_width(draft->kind, field, false);
	}
	return true;
}

/* What the row said that the draft says otherwise, or not any more: it stays as extra when the
 * draft takes its place. A reference is a link of its own and goes. */
static bool keep_replaced(struct writer *writer, const struct draft *draft, const struct plan *plan,
	const struct statement *row, int64_t id, struct error *error)
{
	const struct kind_info *info = kind_info(draft->kind);
	struct record_id of = {.kind = draft->kind, .id = id};
	int column = ROW_FIELDS;
	for (int field = 0; field < info->field_count; field++) {
		const struct draft_cell *cell = plan->cell[field];
		bool text = info->fields[field].type != FIELD_REFERENCE &&
			    info->fields[field].type != FIELD_NUMBER;
		bool says = cell && column_says(row, column, &info->fields[field], cell,
					    plan->reference[field]);
		if (text && !says && !statement_is_null(row, column) &&
			!writer_extra_here(writer, of, span_string(info->fields[field].name),
				statement_text(row, column), error))
			return false;
		column += kind_sql_width(draft->kind, field, false);
	}
	return true;
}

static bool extra_is_shared(
	struct writer *writer, struct record_id id, bool *shared, struct error *error)
{
	struct statement *select = writer_statement(writer, QUERY_EXTRA_SHARED_ANY, error);
	if (!select)
		return false;
	statement_bind_int(select, 1, id.kind);
	statement_bind_int(select, 2, id.id);
	enum statement_result result = statement_step(select, error);
	*shared = result == STATEMENT_ROW;
	statement_reset(select);
	return result != STATEMENT_FAILED;
}

/* Whether this source is the first to say more than a name of a record that others mention: it then
 * describes it, as if it had come first. Nothing may stand in the row that a sweep could not bring
 * back (kind_sql_unsay), or that another source counts on. */
static bool describes(struct writer *writer, const struct draft *draft, const struct plan *plan,
	const struct statement *row, const struct found *found, bool *first, struct error *error)
{
	const struct kind_info *info = kind_info(draft->kind);
	struct record_id of = {.kind = draft->kind, .id = found->id};
	bool more = false, shared = false;
	*first = false;
	for (int field = 0; field < info->field_count; field++)
		more = more || (field != info->name_field && plan->cell[field]);
	if (!more || !info->named || found->ours || !found->visible ||
		!plan->cell[info->name_field] ||
		statement_int(row, ROW_BASIS) != (int64_t)draft->basis ||
		!statement_is_null(row, ROW_BY) || statement_int(row, ROW_STANDS_MIN) != 1 ||
		statement_int(row, ROW_STANDS_MAX) != 1 || !is_called(row, draft->kind, plan))
		return true;
	bool taken_back = statement_int(row, ROW_READY) == 0;
	if (taken_back && !extra_is_shared(writer, of, &shared, error))
		return false;
	*first = taken_back ? !shared : is_bare(row, draft->kind);
	return true;
}

/* The record that this draft tells of is there: what this source adds to it. */
static bool meet(struct writer *writer, const struct draft *draft, const struct plan *plan,
	const struct found *found, bool *made, struct error *error)
{
	struct statement *row =
		writer_built(writer, &writer->row[draft->kind], draft->kind, kind_sql_row, error);
	if (!row)
		return false;
	statement_bind_int(row, 1, found->id);
	bool met = statement_step(row, error) == STATEMENT_ROW;
	/* Hidden, and not of this source: it was taken back with the source that told of it. */
	bool gone = !found->ours && !found->visible && !found->told;
	bool newer = draft->newer && found->ours;
	bool bare = found->ours && !draft->again && is_bare(row, draft->kind), first = false;
	met = met && describes(writer, draft, plan, row, found, &first, error);
	bool rewrite = met && (gone || newer || bare || first);
	if (met && newer)
		met = keep_replaced(writer, draft, plan, row, found->id, error);
	else if (met && !rewrite)
		met = add_differences(writer, draft, plan, row, found, error);
	statement_reset(row);
	*made = gone;
	return met && (!rewrite || write_row(writer, true, found->id, buffer_span(&writer->own_key),
					   draft, plan, error));
}

static bool make_key(struct writer *writer, const struct draft *draft, struct error *error)
{
	const struct kind_info *info = kind_info(draft->kind);
	buffer_clear(&writer->own_key);
	for (size_t i = 0; i < draft->cell_count && writer->own_key.length == 0; i++)
		if (draft->cells[i].field == info->name_field)
			record_name_key(draft->kind, draft->cells[i].text, &writer->own_key);
	if (buffer_failed(&writer->own_key))
		return error_memory(error);
	return writer->own_key.length > 0 ||
	       error_set(error, ERROR_INPUT, "%s %s needs a %s", kind_article(draft->kind),
		       info->name, info->fields[info->name_field].name);
}

bool writer_small(struct writer *writer, const struct draft *draft, int64_t *id, bool *made,
	struct error *error)
{
	enum kind kind = draft->kind;
	bool named = kind_info(kind)->named;
	struct plan plan;
	struct found found = {0};
	if ((named && !make_key(writer, draft, error)) || !make_plan(writer, draft, &plan, error))
		return false;
	if (named && !writer_find(writer, kind, buffer_span(&writer->own_key), &found, error))
		return false;
	if (!named && draft->again && !writer_find_again(writer, draft, &found, error))
		return false;
	if (named && !writer_find_technique(writer, draft, &found, error))
		return false;
	*made = found.id == 0;
	*id = found.id ? found.id : sequence_take(&writer->sequence, (int)kind);
	bool written = found.id == 0 ? write_row(writer, false, *id, buffer_span(&writer->own_key),
					       draft, &plan, error)
				     : meet(writer, draft, &plan, &found, made, error);
	if (!written)
		return false;
	if ((named || span_stated(draft->key)) &&
		!writer_mention(writer, kind, *id, draft, draft->key, error))
		return false;
	return writer_tell_technique(writer, draft, &found, *id, error) &&
	       add_rest(writer, draft, &plan, *id, error);
}

bool writer_bare(struct writer *writer, enum kind kind, struct span name, const struct draft *draft,
	int64_t replaced, int64_t *id, struct error *error)
{
	const struct kind_info *info = kind_info(kind);
	struct draft_cell cell = {.field = info->name_field, .text = name};
	struct draft bare = DRAFT(kind);
	bare.basis = draft->basis == BASIS_PLACEHOLDER ? BASIS_REPORTED : draft->basis;
	bare.by = draft->by;
	bare.start = draft->start;
	bare.end = draft->end;
	bare.cells = &cell;
	bare.cell_count = 1;
	struct plan plan = {.cell = {[0] = NULL}};
	plan.cell[info->name_field] = &cell;
	*id = replaced ? replaced : sequence_take(&writer->sequence, (int)kind);
	return write_row(writer, replaced != 0, *id, buffer_span(&writer->key), &bare, &plan,
		       error) &&
	       (!info->named || writer_mention(writer, kind, *id, &bare, (struct span){0}, error));
}
