/* Records by what they are called. */
#include "casefile/record.h"

#include "base/text.h"
#include "casefile/statement.h"
#include "kind_sql.h"
#include "techniques.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

const struct cell *record_cell(const struct record *record, int field)
{
	for (int i = 0; i < record->cell_count; i++)
		if (record->cells[i].field == field)
			return &record->cells[i];
	return NULL;
}

const struct cell *record_cell_named(const struct record *record, struct span name)
{
	struct span extra = kind_extra_name(name);
	if (!span_stated(extra))
		extra = name;
	for (int i = 0; i < record->cell_count; i++) {
		const struct cell *cell = &record->cells[i];
		if (cell->field == CELL_EXTRA ? span_equal(cell->name, extra)
					      : span_equal(cell->name, name))
			return cell;
	}
	return NULL;
}

const struct cell *record_name_cell(const struct record *record)
{
	const struct kind_info *info = kind_info(record->id.kind);
	const struct cell *name = record_cell(record, info->name_field);
	if ((!name || name->text.length == 0) && info->words_field > 0)
		name = record_cell(record, info->words_field);
	return name && name->text.length > 0 ? name : NULL;
}

void record_title(const struct record *record, struct buffer *out)
{
	const struct kind_info *info = kind_info(record->id.kind);
	const struct cell *name = record_name_cell(record);
	if (name)
		buffer_add_span(out, name->text);
	else
		buffer_add_format(out, "%s #%" PRId64, info->name, record->id.id);
}

bool record_id_parse(struct span text, struct record_id *id)
{
	const char *colon = text.length > 0 ? memchr(text.data, ':', text.length) : NULL;
	if (!colon)
		return false;
	size_t at = (size_t)(colon - text.data);
	struct span digits = span_slice(text, at + 1, text.length);
	enum kind kind = kind_find(span_slice(text, 0, at));
	long long number;
	if (kind == KIND_NONE || digits.length == 0 || digits.data[0] < '0' ||
		digits.data[0] > '9' || !span_to_integer(digits, &number) || number < 1)
		return false;
	*id = (struct record_id){.kind = kind, .id = number};
	return true;
}

/* The digits of a hash and nothing else: MD5 to SHA-512. */
static bool is_hash(struct span name)
{
	if (name.length != 32 && name.length != 40 && name.length != 64 && name.length != 96 &&
		name.length != 128)
		return false;
	for (size_t i = 0; i < name.length; i++)
		if (!strchr("0123456789abcdefABCDEF", name.data[i]) || !name.data[i])
			return false;
	return true;
}

static bool is_one_of(struct span name, const char *const *words)
{
	for (; *words; words++)
		if (span_equal_ignoring_case(name, span_string(*words)))
			return true;
	return false;
}

bool record_names(enum kind kind, struct span name)
{
	static const char *const nothing[] = {"-", ":", "n/a", "null", "(null)", "<null>", NULL};
	static const char *const itself[] = {
		"localhost", "localhost.localdomain", "127.0.0.1", "::1", "0.0.0.0", "::", NULL};
	name = span_trim(name);
	if (name.length == 0 || is_one_of(name, nothing))
		return false;
	if (kind == KIND_HOST)
		return !is_one_of(name, itself);
	/* A login without its name is none, whatever its domain. */
	return kind != KIND_ACCOUNT || name.length < 2 ||
	       !span_is(span_slice(name, name.length - 2, name.length), "\\-");
}

void record_name_key(enum kind kind, struct span name, struct buffer *out)
{
	size_t start = out->length;
	text_normalise(out, name);
	if (kind != KIND_INDICATOR || buffer_failed(out) ||
		!is_hash(span_slice(buffer_span(out), start, out->length)))
		return;
	for (size_t i = start; i < out->length; i++)
		if (out->data[i] >= 'A' && out->data[i] <= 'F')
			out->data[i] = (char)(out->data[i] - 'A' + 'a');
}

static struct statement *open_named(
	const struct case_file *file, enum kind kind, struct error *error)
{
	const struct kind_info *info = kind_info(kind);
	struct buffer sql = {0};
	buffer_add_format(&sql, "SELECT r.id FROM \"%s\" r WHERE ", info->name);
	if (info->named)
		buffer_add_string(&sql, "r.name_key");
	else
		kind_sql_column(&sql, "r.", &info->fields[info->name_field], "");
	buffer_add_string(&sql, " = ?1 AND ");
	kind_sql_visible(&sql, kind);
	buffer_add_string(&sql, " ORDER BY r.id LIMIT 1");
	return statement_open_built(file, &sql, error);
}

struct record_names {
	const struct case_file *file;
	struct buffer key;
	struct statement *find[KIND_COUNT]; /* NULL: not asked yet */
	struct techniques techniques;
};

struct record_names *record_names_open(const struct case_file *file, struct error *error)
{
	struct record_names *names = calloc(1, sizeof *names);
	if (names)
		names->file = file;
	else
		error_memory(error);
	return names;
}

void record_names_close(struct record_names *names)
{
	if (!names)
		return;
	for (int kind = 0; kind < KIND_COUNT; kind++)
		statement_close(names->find[kind]);
	buffer_free(&names->key);
	techniques_free(&names->techniques);
	free(names);
}

int64_t record_names_find(
	struct record_names *names, enum kind kind, struct span name, struct error *error)
{
	if (kind_info(kind)->large)
		return 0; /* its names stand in blocks */
	if (!names->find[kind])
		names->find[kind] = open_named(names->file, kind, error);
	struct statement *find = names->find[kind];
	if (!find)
		return -1;
	if (kind_info(kind)->named) {
		buffer_clear(&names->key);
		record_name_key(kind, name, &names->key);
		name = buffer_span(&names->key);
	}
	if (buffer_failed(&names->key)) {
		error_memory(error);
		return -1;
	}
	statement_bind_text(find, 1, name);
	enum statement_result result = statement_step(find, error);
	int64_t id = result == STATEMENT_ROW ? statement_int(find, 0) : 0;
	statement_reset(find);
	return result == STATEMENT_FAILED ? -1 : id;
}

int64_t record_names_technique(
	struct record_names *names, struct span attack_id, struct error *error)
{
	int64_t id;
	return techniques_find(&names->techniques, names->file, attack_id, &id, error) ? id : -1;
}

int64_t record_find_named(
	const struct case_file *file, enum kind kind, struct span name, struct error *error)
{
	struct record_names *names = record_names_open(file, error);
	int64_t id = names ? record_names_find(names, kind, name, error) : -1;
	record_names_close(names);
	return id;
}

bool record_find_key(
	const struct case_file *file, struct span key, struct record_id *id, struct error *error)
{
	struct statement *select = statement_open(file, QUERY_MENTION_BY_KEY, error);
	if (!select)
		return false;
	statement_bind_text(select, 1, key);
	enum statement_result result = statement_step(select, error);
	*id = (struct record_id){.kind = KIND_NONE};
	if (result == STATEMENT_ROW && statement_int(select, 0) > KIND_NONE &&
		statement_int(select, 0) < KIND_COUNT)
		*id = (struct record_id){.kind = (enum kind)statement_int(select, 0),
			.id = statement_int(select, 1)};
	statement_close(select);
	return result != STATEMENT_FAILED;
}
