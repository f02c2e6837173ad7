#include "kind_sql.h"

#include <stddef.h>
#include <string.h>

static const char *const time_suffixes[] = {"", "_from", "_to", "_form"};

/* Columns of a time field: a large kind's words stand in its block. */
static size_t first_time_column(enum kind kind)
{
	return kind_info(kind)->large ? 1 : 0;
}

int kind_sql_width(enum kind kind, int field, bool select)
{
	const struct kind_info *info = kind_info(kind);
	switch (info->fields[field].type) {
	case FIELD_TIME:
		return (int)(ARRAY_LENGTH(time_suffixes) - first_time_column(kind));
	case FIELD_REFERENCE:
		return select && !info->large ? 2 : 1;
	case FIELD_TEXT:
	case FIELD_NUMBER:
	case FIELD_CHOICE:
		break;
	}
	return info->large ? 0 : 1;
}

void kind_sql_column(
	struct buffer *sql, const char *prefix, const struct kind_field *field, const char *suffix)
{
	buffer_add_format(sql, "%s\"%s%s\"", prefix, field->name, suffix);
}

/* The condition of kind_sql_visible; state: how the state of the record's source is had. */
static void add_visible(struct buffer *sql, enum kind kind, const char *state)
{
	buffer_add_format(sql, "(%s = 'ready'", state);
	if (!kind_info(kind)->large)
		buffer_add_format(sql,
			" OR EXISTS(SELECT 1 FROM mention m JOIN source s ON s.id = m.source"
			" WHERE m.kind = %d AND m.record = r.id AND s.state = 'ready')",
			(int)kind);
	buffer_add_format(sql,
		" OR EXISTS(SELECT 1 FROM journal j WHERE j.kind = %d AND j.record = r.id))",
		(int)kind);
}

void kind_sql_visible(struct buffer *sql, enum kind kind)
{
	add_visible(sql, kind, "(SELECT s.state FROM source s WHERE s.id = r.source)");
}

static void select_fields(struct buffer *sql, enum kind kind)
{
	const struct kind_info *info = kind_info(kind);
	for (int field = 0; field < info->field_count; field++) {
		const struct kind_field *at = &info->fields[field];
		if (at->type == FIELD_TIME) {
			for (size_t i = first_time_column(kind); i < ARRAY_LENGTH(time_suffixes);
				i++) {
				buffer_add_string(sql, ", ");
				kind_sql_column(sql, "r.", at, time_suffixes[i]);
			}
		} else if (kind_sql_width(kind, field, true) > 0) {
			buffer_add_string(sql, ", ");
			kind_sql_column(sql, "r.", at, "");
		}
		if (at->type == FIELD_REFERENCE && !info->large) {
			const struct kind_info *other = kind_info(at->refers_to);
			buffer_add_format(
				sql, ", f%d.\"%s\"", field, other->fields[other->name_field].name);
		}
	}
}

void kind_sql_select(struct buffer *sql, enum kind kind, const char *where, const char *order)
{
	const struct kind_info *info = kind_info(kind);
	buffer_add_string(sql, "SELECT r.id, r.source, r.start, r.\"end\", r.basis, r.by,"
			       " r.stands_min, r.stands_max, own.state = 'ready'");
	select_fields(sql, kind);
	buffer_add_format(
		sql, " FROM \"%s\" r LEFT JOIN source own ON own.id = r.source", info->name);
	for (int field = 0; field < info->field_count && !info->large; field++) {
		const struct kind_field *at = &info->fields[field];
		if (at->type != FIELD_REFERENCE)
			continue;
		buffer_add_format(sql,
			" LEFT JOIN \"%s\" f%d ON f%d.id = ", kind_info(at->refers_to)->name, field,
			field);
		kind_sql_column(sql, "r.", at, "");
	}
	buffer_add_format(sql, " WHERE %s", where);
	if (!info->large) {
		buffer_add_string(sql, " AND ");
		add_visible(sql, kind, "own.state");
	}
	buffer_add_string(sql, order);
}

/* Calls for each column that is written, in the order of the parameters. */
static void each_column(struct buffer *sql, enum kind kind,
	void (*add)(struct buffer *sql, const char *name, const char *suffix, int parameter))
{
	static const char *const columns[] = {
		"id", "source", "start", "end", "basis", "by", "stands_min", "stands_max"};
	const struct kind_info *info = kind_info(kind);
	int parameter = 1;
	for (size_t i = 0; i < ARRAY_LENGTH(columns); i++)
		add(sql, columns[i], "", parameter++);
	if (info->named)
		add(sql, "name_key", "", parameter++);
	for (int field = 0; field < info->field_count; field++) {
		const char *name = info->fields[field].name;
		if (info->fields[field].type == FIELD_TIME)
			for (size_t i = first_time_column(kind); i < ARRAY_LENGTH(time_suffixes);
				i++)
				add(sql, name, time_suffixes[i], parameter++);
		else if (kind_sql_width(kind, field, false) > 0)
			add(sql, name, "", parameter++);
	}
}

static void add_name(struct buffer *sql, const char *name, const char *suffix, int parameter)
{
	buffer_add_format(sql, "%s\"%s%s\"", parameter > 1 ? ", " : "", name, suffix);
}

static void add_parameter(struct buffer *sql, const char *name, const char *suffix, int parameter)
{
	(void)name;
	(void)suffix;
	buffer_add_format(sql, "%s?%d", parameter > 1 ? ", " : "", parameter);
}

static void add_assignment(struct buffer *sql, const char *name, const char *suffix, int parameter)
{
	if (parameter > 1)
		buffer_add_format(sql, "%s\"%s%s\" = ?%d", parameter > 2 ? ", " : "", name, suffix,
			parameter);
}

void kind_sql_insert(struct buffer *sql, enum kind kind)
{
	buffer_add_format(sql, "INSERT INTO \"%s\"(", kind_info(kind)->name);
	each_column(sql, kind, add_name);
	buffer_add_string(sql, ") VALUES(");
	each_column(sql, kind, add_parameter);
	buffer_add_string(sql, ")");
}

static void add_bulk_column(struct buffer *sql, const char *name, const char *suffix, int parameter)
{
	(void)name;
	(void)suffix;
	buffer_add_format(sql, "%sc%d", parameter > 1 ? ", " : "", parameter - 1);
}

void kind_sql_insert_bulk(struct buffer *sql, enum kind kind)
{
	buffer_add_format(sql, "INSERT INTO \"%s\"(", kind_info(kind)->name);
	each_column(sql, kind, add_name);
	buffer_add_string(sql, ") SELECT ");
	each_column(sql, kind, add_bulk_column);
	buffer_add_string(sql, " FROM bulk(?1)");
}

void kind_sql_update(struct buffer *sql, enum kind kind)
{
	buffer_add_format(sql, "UPDATE \"%s\" SET ", kind_info(kind)->name);
	each_column(sql, kind, add_assignment);
	buffer_add_string(sql, " WHERE id = ?1");
}

static void add_read(struct buffer *sql, const char *name, const char *suffix, int parameter)
{
	if (parameter >= INSERT_NAME_KEY && strcmp(name, "name_key") != 0)
		buffer_add_format(sql, ", \"%s%s\"", name, suffix);
}

void kind_sql_row(struct buffer *sql, enum kind kind)
{
	buffer_add_string(sql, "SELECT basis, by, stands_min, stands_max,"
			       " (SELECT s.state FROM source s WHERE s.id = source) = 'ready'");
	each_column(sql, kind, add_read);
	buffer_add_format(sql, " FROM \"%s\" WHERE id = ?1", kind_info(kind)->name);
}

static void unsay_field(struct buffer *sql, const struct kind_field *field)
{
	static const char *const unsaid[] = {
		" = NULL", " = 9223372036854775807", " = 9223372036854775807", " = 0"};
	size_t columns = field->type == FIELD_TIME ? ARRAY_LENGTH(time_suffixes) : 1;
	for (size_t i = 0; i < columns; i++) {
		buffer_add_string(sql, ", ");
		kind_sql_column(sql, "", field, columns > 1 ? time_suffixes[i] : "");
		buffer_add_string(sql, unsaid[i]);
	}
}

void kind_sql_unsay(struct buffer *sql, enum kind kind, int most)
{
	const struct kind_info *info = kind_info(kind);
	buffer_add_format(sql,
		"UPDATE \"%s\" SET (source, start, \"end\") ="
		" (SELECT m.source, m.start, m.\"end\" FROM mention m"
		" WHERE m.kind = %d AND m.record = id ORDER BY m.source, m.start LIMIT 1),"
		" by = NULL, stands_min = 1, stands_max = 1",
		info->name, (int)kind);
	for (int field = 0; field < info->field_count; field++)
		if (field != info->name_field)
			unsay_field(sql, &info->fields[field]);
	buffer_add_format(sql,
		" WHERE id IN (SELECT r.id FROM \"%s\" r WHERE r.source = ?1"
		" AND EXISTS(SELECT 1 FROM mention m WHERE m.kind = %d AND m.record = r.id)"
		" ORDER BY r.id DESC LIMIT %d)",
		info->name, (int)kind, most);
}
