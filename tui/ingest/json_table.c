/*
 * JSON that no other format knows: flat or nested objects, one a line, in an array, one after
 * another, or in a list within an object. An object is a row, its members' paths are the columns.
 */
#include "format_table.h"

#include "base/memory.h"
#include "ingest/columns.h"
#include "ingest/csv.h"
#include "json_probe.h"
#include "name_table.h"
#include "stamps.h"

#include <stdlib.h>
#include <string.h>

#define LOOKED_AT 200
#define ZONE_VALUES 3
/* Where members go when there are more columns than this. */
#define MORE "more"

struct json_table {
	struct input *input;
	struct loader *loader;
	struct columns *columns;
	struct name_table names; /* of columns, by their index */
	struct buffer more;
	struct error *error;
	int64_t objects;
	/* Of the column that is looked at for times without a zone, or dates without an order. */
	size_t column;
	bool dates;
	struct buffer values;
	int count;
};

static int sniff(struct span head, struct span name, bool lines)
{
	struct json_probe probe;
	struct span start = span_trim(head);
	bool named = name_ends(name, ".json .jsonl .ndjson .geojson");
	bool opens = start.length > 0 && (start.data[0] == '{' || start.data[0] == '[');
	if (start.length == 0 || (!opens && !named))
		return named && !lines ? 75 : 0;
	json_probe(&probe, head);
	bool is_lines = probe.layout == JSON_LINES;
	bool is_json = !probe.broken && probe.root;
	json_probe_free(&probe);
	if (is_lines)
		return lines ? 85 : 0;
	if (lines)
		return 0;
	return is_json ? 80 : named ? 75 : 0;
}

int jsonl_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	return sniff(head, name, true);
}

int json_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	return sniff(head, name, false);
}

/* ---- columns ---- */

static bool add_name(void *context, struct span name, struct span text)
{
	struct json_table *table = context;
	(void)text;
	if (table->names.count < CSV_MAX_COLUMNS - 1 &&
		name_table_add(&table->names, name, NULL) == SIZE_MAX)
		return error_memory(table->error);
	return true;
}

static bool add_names(void *context, struct json_value *object)
{
	struct json_table *table = context;
	struct json_arena arena = {0};
	bool ok = json_flatten(object, &arena, add_name, table);
	json_arena_free(&arena);
	return ok;
}

static enum kind guess(struct json_table *table, struct span file_name)
{
	struct span *names = memory_array(table->names.count, sizeof *names);
	if (!names)
		return KIND_NONE;
	for (size_t i = 0; i < table->names.count; i++)
		names[i] = name_table_at(&table->names, i);
	enum kind kind = columns_guess(names, table->names.count, file_name);
	free(names);
	return kind;
}

static bool nothing_is_unit(void *context, const struct json_path *path, enum json_type type)
{
	(void)context;
	(void)path;
	(void)type;
	return false;
}

/* What can't be told is said only of what is JSON to its end. */
static bool is_json(struct json_table *table, const struct json_probe *probe, struct error *error)
{
	const struct json_value *root = probe->root;
	bool several = json_is_type(root, JSON_OBJECT) &&
		       (!root->next || json_is_type(root->next, JSON_OBJECT));
	struct json_visitor visitor = {.is_unit = nothing_is_unit, .several = several};
	return probe->layout == JSON_LINES || json_read(table->input, &visitor, error);
}

static bool refuse_kind(
	struct json_table *table, const struct json_probe *probe, struct error *error)
{
	const char *asked = loader_options(table->loader)->kind;
	if (!is_json(table, probe, error))
		return false;
	if (!probe->sample)
		return error_set(
			error, ERROR_INPUT, "it is JSON, but holds no objects, and so no records");
	return error_set(error, ERROR_USAGE,
		"%s%s: say --kind with the kind of its objects (host, event, indicator ...)",
		asked ? "no kind is called " : "what its objects are can't be told from their keys",
		asked ? asked : "");
}

/* Whether the person speaks of the objects as they are: a --map names one of their keys, or there
 * are several, and a kind for them. */
static bool speaks_of_objects(const struct json_table *table, const struct json_probe *probe)
{
	const struct import_options *options = loader_options(table->loader);
	for (const char *const *map = options->map; map && *map; map++) {
		const char *equals = strchr(*map, '=');
		for (size_t i = 0; equals && i < table->names.count; i++)
			if (columns_same_name(
				    name_table_at(&table->names, i), span_string(equals + 1)))
				return true;
	}
	return options->kind && probe->root && probe->root->next;
}

/* The kind that was asked for, or that the keys name. A list within an object is looked into when
 * the object's own keys say nothing. */
static enum kind choose_kind(struct json_table *table, struct json_probe *probe, struct span head)
{
	const char *asked = loader_options(table->loader)->kind;
	struct span name = input_name(table->input);
	json_first_objects(probe, head, LOOKED_AT, add_names, table);
	enum kind kind = table->names.count ? guess(table, name) : KIND_NONE;
	if (kind == KIND_NONE && !speaks_of_objects(table, probe) && json_probe_list(probe)) {
		name_table_free(&table->names);
		table->names = (struct name_table){0};
		json_first_objects(probe, head, LOOKED_AT, add_names, table);
		kind = guess(table, name);
	}
	if (asked)
		return kind_find(span_string(asked));
	if (kind != KIND_NONE)
		loader_note(table->loader, "read as %s, by its keys; --kind says otherwise",
			kind_info(kind)->plural);
	return kind;
}

static bool begin_columns(struct json_table *table, enum kind kind, struct error *error)
{
	table->columns = columns_new(table->loader, kind, error);
	if (!table->columns)
		return false;
	for (size_t i = 0; i < table->names.count; i++)
		if (!columns_add(table->columns, name_table_at(&table->names, i), error))
			return false;
	return columns_ready(table->columns, error);
}

/* ---- times that want a zone, or an order of day and month ---- */

static bool is_wanting(const struct json_table *table, struct span text)
{
	return table->dates ? stamp_orders(span_trim(text)) != 0
			    : columns_needs_zone(table->columns, table->column, text);
}

static bool look_at_cell(void *context, struct span name, struct span text)
{
	struct json_table *table = context;
	if (name_table_find(&table->names, name) == table->column && table->count < ZONE_VALUES &&
		is_wanting(table, text)) {
		buffer_add_string(&table->values, table->count++ ? ", " : "");
		buffer_add_span(&table->values, span_slice(text, 0, 40));
	}
	return true;
}

static bool look_at_times(void *context, struct json_value *object)
{
	struct json_table *table = context;
	struct json_arena arena = {0};
	bool ok = json_flatten(object, &arena, look_at_cell, table);
	json_arena_free(&arena);
	return ok && table->count < ZONE_VALUES;
}

/* The first time column that wants something, with its first values; false when none does. */
static bool find_wanting(
	struct json_table *table, const struct json_probe *probe, struct span head, bool dates)
{
	table->dates = dates;
	for (table->column = 0; table->column < table->names.count; table->column++) {
		if (!columns_is_time(table->columns, table->column))
			continue;
		json_first_objects(probe, head, LOOKED_AT, look_at_times, table);
		if (table->count > 0)
			return true;
	}
	return false;
}

/* A table in cells is looked at whole, since its lines are cheap to read twice. */
static bool check_times(struct json_table *table, const struct json_probe *probe, struct span head,
	struct error *error)
{
	const struct import_options *options = loader_options(table->loader);
	bool dates = !options->dates && find_wanting(table, probe, head, true);
	if (!dates &&
		(options->zone || options->dry_run || !find_wanting(table, probe, head, false)))
		return true;
	struct span name = name_table_at(&table->names, table->column);
	const char *values = table->values.data ? table->values.data : "";
	if (!dates)
		return error_set(error, ERROR_USAGE,
			"%.*s holds date-times without a zone: %s; say --zone NAME (UTC, "
			"Asia/Tokyo, +09:00 ...), or --zone floating to keep them as they are",
			(int)name.length, name.data, values);
	struct error refused;
	error_set(&refused, ERROR_USAGE,
		"%.*s holds dates whose order of day and month is not stated: %s; say --dates dmy "
		"or --dates mdy",
		(int)name.length, name.data, values);
	if (options->dry_run)
		loader_note(table->loader, "%s", refused.message);
	else if (error)
		*error = refused;
	return options->dry_run;
}

/* ---- rows ---- */

/* A member that comes after the most columns were made, or whose path another one has: `a.b` beside
 * an `a` with a `b` in it. */
static bool add_more(struct json_table *table, struct span name, struct span text)
{
	buffer_add_string(&table->more, table->more.length ? "; " : "");
	buffer_add_span(&table->more, name);
	buffer_add_string(&table->more, ": ");
	buffer_add_span(&table->more, text);
	return !buffer_failed(&table->more) || error_memory(table->error);
}

static bool find_column(void *context, struct span name, struct span text)
{
	struct json_table *table = context;
	bool added;
	(void)text;
	if (name_table_find(&table->names, name) != SIZE_MAX ||
		table->names.count >= CSV_MAX_COLUMNS - 1)
		return true;
	return (name_table_add(&table->names, name, &added) != SIZE_MAX ||
		       error_memory(table->error)) &&
	       columns_add(table->columns, name, table->error);
}

static bool take_cell(void *context, struct span name, struct span text)
{
	struct json_table *table = context;
	size_t index = name_table_find(&table->names, name);
	if (index == SIZE_MAX || span_stated(columns_text(table->columns, index)))
		return add_more(table, name, text);
	columns_cell(table->columns, index, text);
	return true;
}

static bool add_object(void *context, int64_t line, struct json_value *object,
	struct json_arena *arena, struct error *error)
{
	struct json_table *table = context;
	table->objects++;
	table->error = error;
	*error = (struct error){0};
	bool ok = json_flatten(object, arena, find_column, table);
	columns_begin(table->columns);
	buffer_clear(&table->more);
	ok = ok && json_flatten(object, arena, take_cell, table);
	if (!ok)
		return error->code == ERROR_NONE ? error_memory(error) : false;
	if (table->more.length > 0) {
		struct span more = span_string(MORE);
		if (name_table_find(&table->names, more) == SIZE_MAX &&
			(name_table_add(&table->names, more, NULL) == SIZE_MAX ||
				!columns_add(table->columns, more, error)))
			return error->code == ERROR_NONE ? error_memory(error) : false;
		size_t index = name_table_find(&table->names, more);
		if (span_stated(columns_text(table->columns, index)) &&
			!add_more(table, more, columns_text(table->columns, index)))
			return false;
		columns_cell(table->columns, index, buffer_span(&table->more));
	}
	return columns_end(table->columns, line, object->start, object->end, error);
}

static bool read_table(
	struct json_table *table, struct json_probe *probe, struct span head, struct error *error)
{
	enum kind kind = choose_kind(table, probe, head);
	if (kind == KIND_NONE || !probe->sample)
		return refuse_kind(table, probe, error);
	struct error refused = {0};
	if (!begin_columns(table, kind, &refused)) {
		if (is_json(table, probe, error))
			*error = refused;
		return false;
	}
	return check_times(table, probe, head, error) &&
	       json_each_unit(table->input, table->loader, probe, add_object, table, error);
}

bool json_table_read(struct input *input, struct loader *loader, struct error *error)
{
	struct json_table table = {.input = input, .loader = loader, .error = error};
	struct json_probe probe;
	struct span head;
	bool whole;
	if (!input_head(input, &head, &whole, error))
		return false;
	/* The window that head is of does not outlive the first read. */
	char *copy = memory_copy(head.data, head.length);
	if (!copy)
		return error_memory(error);
	json_probe(&probe, span_of(copy, head.length));
	bool ok = read_table(&table, &probe, span_of(copy, head.length), error);
	json_probe_free(&probe);
	columns_free(table.columns);
	name_table_free(&table.names);
	buffer_free(&table.more);
	buffer_free(&table.values);
	free(copy);
	return ok;
}
