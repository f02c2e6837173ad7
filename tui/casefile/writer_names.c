/* Records found or made by what they are called. */
#include "writer_private.h"

/* The record with a name, in the order of struct found. */
static void build_find(struct buffer *sql, enum kind kind)
{
	const struct kind_info *info = kind_info(kind);
	/* One of the source at hand may have as many mentions as that has rows: none is looked at.
	 * AND and OR look at both sides outside of a WHERE. */
	buffer_add_string(sql, "SELECT r.id, r.source = ?2, CASE WHEN r.source = ?2 THEN 0 WHEN "
			       "(SELECT s.state FROM source s WHERE s.id = r.source) = 'ready' "
			       "THEN 1 ELSE ");
	kind_sql_visible(sql, kind);
	buffer_add_format(sql,
		" END, EXISTS(SELECT 1 FROM mention m WHERE m.kind = %d AND m.record = r.id"
		" AND m.source = ?2)",
		(int)kind);
	buffer_add_format(sql, " FROM \"%s\" r WHERE ", info->name);
	if (info->named) {
		buffer_add_string(sql, "r.name_key = ?1");
		return;
	}
	/* Two documents may have one title: the first that counts. */
	kind_sql_column(sql, "r.", &info->fields[info->name_field], "");
	buffer_add_string(sql, " = ?1 AND (r.source = ?2 OR ");
	kind_sql_visible(sql, kind);
	buffer_add_string(sql, ") ORDER BY r.id LIMIT 1");
}

static void build_again(struct buffer *sql, enum kind kind)
{
	buffer_add_string(sql, "SELECT r.id, r.source = ?2, ");
	kind_sql_visible(sql, kind);
	/* Imported rows never change: what stood for a thing does not become it. */
	buffer_add_format(sql, " FROM \"%s\" r WHERE r.id = ?1 AND r.basis <> %d",
		kind_info(kind)->name, (int)BASIS_PLACEHOLDER);
}

bool writer_find_again(
	struct writer *writer, const struct draft *draft, struct found *found, struct error *error)
{
	struct statement *find =
		writer_built(writer, &writer->again[draft->kind], draft->kind, build_again, error);
	if (!find)
		return false;
	statement_bind_int(find, 1, draft->again);
	statement_bind_int(find, 2, writer->source);
	enum statement_result result = statement_step(find, error);
	*found = (struct found){0};
	bool ours = result == STATEMENT_ROW && statement_int(find, 1) != 0;
	/* One of a source that was taken back is not told of again, but anew. */
	if (ours || (result == STATEMENT_ROW && statement_int(find, 2) != 0))
		*found = (struct found){
			.id = draft->again, .ours = ours, .visible = !ours, .told = true};
	statement_reset(find);
	return result != STATEMENT_FAILED;
}

bool writer_find(struct writer *writer, enum kind kind, struct span key, struct found *found,
	struct error *error)
{
	struct statement *find = writer_built(writer, &writer->find[kind], kind, build_find, error);
	if (!find)
		return false;
	statement_bind_text(find, 1, key);
	statement_bind_int(find, 2, writer->source);
	enum statement_result result = statement_step(find, error);
	*found = (struct found){0};
	if (result == STATEMENT_ROW)
		*found = (struct found){.id = statement_int(find, 0),
			.ours = statement_int(find, 1) != 0,
			.visible = statement_int(find, 2) != 0,
			.told = statement_int(find, 3) != 0};
	statement_reset(find);
	return result != STATEMENT_FAILED;
}

/* As writer_refer, for a name that the table in memory does not know. */
static bool look_up(struct writer *writer, enum kind kind, struct span name,
	const struct draft *draft, int64_t *id, struct error *error)
{
	struct span key = name;
	if (kind_info(kind)->named) {
		buffer_clear(&writer->key);
		record_name_key(kind, name, &writer->key);
		if (buffer_failed(&writer->key))
			return error_memory(error);
		key = buffer_span(&writer->key);
	}
	struct found found;
	if (key.length == 0) {
		*id = 0;
		return true;
	}
	if (!writer_take_turn(writer, error) || !writer_find(writer, kind, key, &found, error))
		return false;
	*id = found.id;
	if (found.id == 0 || (!found.ours && !found.visible && !found.told)) {
		if (!writer_bare(writer, kind, name, draft, found.id, id, error))
			return false;
		writer->made[kind]++;
	} else if (kind_info(kind)->named && !found.told &&
		   !writer_mention(writer, kind, *id, draft, (struct span){0}, error)) {
		return false;
	}
	return true;
}

bool writer_refer(struct writer *writer, enum kind kind, struct span name,
	const struct draft *draft, int64_t *id, struct error *error)
{
	if (!record_names(kind, name)) {
		*id = 0;
		return true;
	}
	*id = names_find(&writer->names, (int)kind, name);
	if (*id != 0)
		return true;
	if (!look_up(writer, kind, name, draft, id, error))
		return false;
	return *id == 0 || names_add(&writer->names, (int)kind, name, *id) || error_memory(error);
}

/* As writer_mentioned, for a name that the table in memory does not know. */
static bool make_mentioned(struct writer *writer, const struct draft_mention *mention,
	const struct draft *draft, int64_t *id, struct error *error)
{
	struct draft_cell cells[2] = {
		{.field = kind_info(mention->kind)->name_field, .text = mention->name},
		{.field = mention->field, .text = mention->text}};
	struct draft made = DRAFT(mention->kind);
	bool is_new;
	made.basis = draft->basis;
	made.by = draft->by;
	made.start = draft->start;
	made.end = draft->end;
	made.cells = cells;
	made.cell_count = mention->field == CELL_EXTRA ? 1 : 2;
	buffer_clear(&writer->key);
	record_name_key(mention->kind, mention->name, &writer->key);
	if (buffer_failed(&writer->key))
		return error_memory(error);
	if (writer->key.length == 0)
		return true;
	if (!writer_take_turn(writer, error) || !writer_small(writer, &made, id, &is_new, error) ||
		!writer_breathe(writer, error))
		return false;
	writer->made[mention->kind] += is_new;
	return true;
}

bool writer_mentioned(struct writer *writer, const struct draft_mention *mention,
	const struct draft *draft, int64_t *id, struct error *error)
{
	*id = 0;
	if (!record_names(mention->kind, mention->name))
		return true;
	*id = names_find(&writer->names, (int)mention->kind, mention->name);
	if (*id != 0)
		return true;
	if (writer->mentioned >= WRITER_MENTIONED_MOST) {
		writer->mentions_left++;
		return true;
	}
	if (!make_mentioned(writer, mention, draft, id, error))
		return false;
	writer->mentioned += *id != 0;
	return *id == 0 || names_add(&writer->names, (int)mention->kind, mention->name, *id) ||
	       error_memory(error);
}
