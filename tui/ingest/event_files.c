/*
 * Files of events: JSON in any layout, and tables whose header is known. plaso writes tables
 * without quoting: a `"` in a cell is a `"`.
 */
#include "format_table.h"

#include "base/memory.h"
#include "base/zone.h"
#include "events.h"
#include "ingest/csv.h"
#include "json_probe.h"

#include <stdio.h>
#include <string.h>

#define FAMILY_TABLES 3
#define ZONE_VALUES 3
#define LOOKED_AT 200

struct event_table {
	const char *shape;  /* NULL: no more */
	const char *begins; /* what the header begins with; NULL: its names alone tell */
	char delimiter;     /* '\0': as it is sniffed, quoted */
	const char *fields; /* what the header's record begins with, behind its own first cell;
			     * other records that begin with `#` are about the file. NULL: the first
			     * is the header */
};

struct event_family {
	const char *json; /* shape of objects; NULL: none */
	struct event_table tables[FAMILY_TABLES];
};

static const struct event_family plaso = {.json = "plaso",
	.tables = {{"l2tcsv", "date,time,timezone,MACB,", ',', NULL},
		{"psort", "datetime,timestamp_desc,", ',', NULL},
		{"tln", "Time|Source|Host|User|Description", '|', NULL}}};
static const struct event_family hayabusa = {.json = "hayabusa", .tables = {{.shape = "hayabusa"}}};
static const struct event_family timesketch = {
	.json = "timesketch", .tables = {{.shape = "timesketch"}}};
static const struct event_family winlog = {.json = "winlog"};
static const struct event_family ecs = {.json = "ecs"};
static const struct event_family zeek = {
	.json = "zeek", .tables = {{"zeek", "#separator \\x09", '\t', "#fields"}}};
static const struct event_family cloudtrail = {.json = "cloudtrail"};
static const struct event_family gcp = {.json = "gcp-audit"};
static const struct event_family azure = {.json = "azure-activity"};
static const struct event_family m365 = {.json = "m365-audit"};

/* ---- rows as objects ---- */

struct header {
	struct span *names;
	size_t count;
	struct span path; /* `#path` of Zeek: which log it is */
	struct json_arena arena;
};

static bool add_path(struct json_arena *arena, struct json_value *object, struct span path)
{
	struct json_value *member = json_new(arena, JSON_STRING);
	if (!member)
		return false;
	member->key = span_string("_path");
	member->text = path;
	json_append(object, member);
	return true;
}

/* The cells of a record as an object's members; NULL when out of memory. */
static struct json_value *row_object(struct csv_reader *reader, const struct csv_row *row,
	const struct header *header, struct json_arena *arena)
{
	struct json_value *object = json_new(arena, JSON_OBJECT);
	for (size_t i = 0; object && i < row->count; i++) {
		struct json_value *cell = json_new(arena, JSON_STRING);
		if (!cell)
			return NULL;
		char name[32];
		snprintf(name, sizeof name, "column %zu", i + 1);
		bool named = header && i < header->count && header->names[i].length > 0;
		cell->key = named ? header->names[i] : json_arena_copy(arena, span_string(name));
		cell->text = json_arena_copy(arena, csv_cell(reader, i));
		if (!span_stated(cell->text) || !span_stated(cell->key))
			return NULL;
		json_append(object, cell);
	}
	if (object && header && span_stated(header->path) && !add_path(arena, object, header->path))
		return NULL;
	if (object) {
		object->start = row->start;
		object->end = row->end;
	}
	return object;
}

/* The names from the cell `first` on. */
static bool take_names(struct csv_reader *reader, const struct csv_row *row, size_t first,
	struct header *header, struct error *error)
{
	struct span *names = memory_array(row->count, sizeof *names);
	if (!names)
		return error_memory(error);
	header->names = names;
	header->count = row->count - first;
	for (size_t i = 0; i < header->count; i++) {
		names[i] = json_arena_copy(&header->arena, span_trim(csv_cell(reader, first + i)));
		if (!span_stated(names[i]))
			return error_memory(error);
	}
	return true;
}

static bool is_about(
	const struct event_table *table, struct csv_reader *reader, const struct csv_row *row)
{
	return table->fields && row->count > 0 &&
	       span_equal(span_slice(csv_cell(reader, 0), 0, 1), span_string("#"));
}

/* 1, 0 when there is none, -1. */
static int take_header(const struct event_table *table, struct csv_reader *reader,
	struct csv_row *row, struct header *header, struct error *error)
{
	int result;
	while ((result = csv_next(reader, row, error)) > 0) {
		if (!table->fields)
			return take_names(reader, row, 0, header, error) ? 1 : -1;
		if (!is_about(table, reader, row))
			return 0;
		struct span word = csv_cell(reader, 0);
		if (span_is(word, table->fields))
			return take_names(reader, row, 1, header, error) ? 1 : -1;
		if (span_is(word, "#path") && row->count > 1)
			header->path = json_arena_copy(&header->arena, csv_cell(reader, 1));
	}
	return result;
}

/* The next record that is no line about the file: 1, 0 at the end, -1. */
static int next_row(const struct event_table *table, struct csv_reader *reader, struct csv_row *row,
	struct error *error)
{
	int result;
	do {
		result = csv_next(reader, row, error);
	} while (result > 0 && is_about(table, reader, row));
	return result;
}

static void free_header(struct header *header)
{
	free(header->names);
	json_arena_free(&header->arena);
}

/* ---- recognising ---- */

static struct csv_dialect dialect_of(const struct event_table *table, struct span head, bool whole)
{
	if (table->delimiter)
		return (struct csv_dialect){.delimiter = table->delimiter};
	return csv_sniff(head, whole, NULL);
}

static bool table_fits(const struct event_table *table, struct span head, bool whole)
{
	struct csv_row row;
	struct header header = {0};
	struct error error = {0};
	struct span begins = span_string(table->begins);
	if (table->begins && !span_equal(span_slice(head, 0, begins.length), begins))
		return false;
	struct csv_reader *reader =
		csv_open_text(head, whole, dialect_of(table, head, whole), &error);
	bool fits = false;
	if (reader && take_header(table, reader, &row, &header, &error) > 0) {
		struct json_value *object = row_object(reader, &row, &header, &header.arena);
		fits = object && json_has(object, event_shape(table->shape)->needs);
	}
	csv_close(reader);
	free_header(&header);
	return fits;
}

static const struct event_table *find_table(
	const struct event_family *family, struct span head, bool whole)
{
	for (size_t i = 0; i < FAMILY_TABLES && family->tables[i].shape; i++)
		if (table_fits(&family->tables[i], head, whole))
			return &family->tables[i];
	return NULL;
}

static bool probe_fits(struct json_probe *probe, const struct event_family *family)
{
	const char *needs = event_shape(family->json)->needs;
	return json_has(probe->sample, needs) ||
	       (json_probe_list(probe) && json_has(probe->sample, needs));
}

static int sniff(const struct event_family *family, int sure, struct span head, bool whole)
{
	struct span start = span_trim(span_slice(head, 0, 4096));
	if (start.length == 0)
		return 0;
	if (start.data[0] == '{' || start.data[0] == '[') {
		struct json_probe probe;
		json_probe(&probe, head);
		bool fits = probe_fits(&probe, family);
		json_probe_free(&probe);
		return fits ? sure : 0;
	}
	return find_table(family, head, whole) ? sure : 0;
}

/* ---- times that want a zone ---- */

struct zoneless {
	const struct loader *loader;
	const struct event_shape *shape;
	struct buffer values;
	int count;
	const char *path;
};

static bool look_for_zone(void *context, struct json_value *object)
{
	struct zoneless *zoneless = context;
	const char *path = NULL;
	struct span text = event_zoneless(zoneless->loader, zoneless->shape, object, &path);
	if (span_stated(text)) {
		zoneless->path = path;
		buffer_add_string(&zoneless->values, zoneless->count++ ? ", " : "");
		buffer_add_span(&zoneless->values, span_slice(text, 0, 40));
	}
	return zoneless->count < ZONE_VALUES;
}

/* Stops before the first event when its time wants a zone and none was asked for. */
static bool refuse_zoneless(struct zoneless *zoneless, struct error *error)
{
	bool refused = zoneless->count > 0;
	if (refused)
		error_set(error, ERROR_USAGE,
			"%s holds date-times without a zone: %s; say --zone NAME (UTC, "
			"Asia/Tokyo, +09:00 ...), or --zone floating to keep them as they are",
			zoneless->path, zoneless->values.data ? zoneless->values.data : "");
	buffer_free(&zoneless->values);
	return !refused;
}

static bool asks_zone(const struct loader *loader)
{
	return loader_options(loader)->zone || loader_options(loader)->dry_run;
}

/* ---- objects ---- */

static bool add_object(void *context, int64_t line, struct json_value *object,
	struct json_arena *arena, struct error *error)
{
	(void)arena;
	return event_add(context, object, line, NULL, error);
}

static bool read_objects(const struct event_family *family, struct input *input,
	struct loader *loader, struct span head, struct error *error)
{
	struct events events = {.sheet = {.loader = loader}, .shape = event_shape(family->json)};
	struct json_probe probe;
	json_probe(&probe, head);
	probe_fits(&probe, family);
	struct zoneless zoneless = {.loader = loader, .shape = events.shape};
	if (!asks_zone(loader))
		json_first_objects(&probe, head, LOOKED_AT, look_for_zone, &zoneless);
	bool ok = refuse_zoneless(&zoneless, error) &&
		  json_each_unit(input, loader, &probe, add_object, &events, error);
	events_free(&events);
	json_probe_free(&probe);
	return ok;
}

/* ---- tables ---- */

struct rows {
	struct input *input;
	struct loader *loader;
	const struct event_table *table;
	struct csv_reader *reader;
	struct header header;
	struct json_arena arena;
	struct events events;
	char zone_name[64]; /* of the row before */
	struct zone *zone;
};

/* The zone that a row names; floating, with a remark, when there is no such zone. */
static bool name_zone(
	struct rows *rows, struct span name, const struct csv_row *row, struct error *error)
{
	struct error none;
	if (name.length >= sizeof rows->zone_name)
		name = span_string("");
	if (rows->zone_name[0] && span_is(name, rows->zone_name))
		return true;
	zone_free(rows->zone);
	snprintf(rows->zone_name, sizeof rows->zone_name, "%.*s", (int)name.length, name.data);
	rows->zone = zone_open(rows->zone_name, &none);
	return rows->zone ||
	       loader_remark(rows->loader, row->line, (int64_t)row->start, (int64_t)row->end, error,
		       "no zone is called `%s`: its times are kept floating", rows->zone_name);
}

/* date, time and timezone of l2tcsv as one. */
static bool join_time(struct rows *rows, struct json_value *object, const struct csv_row *row,
	struct event_when *when, struct error *error)
{
	bool nothing;
	struct span date = sheet_take_at(object, "date"), time = sheet_take_at(object, "time");
	struct span zone = json_scalar_at(object, "timezone");
	if (!name_zone(rows, span_trim(zone), row, error))
		return false;
	struct buffer words = {0};
	buffer_add_format(
		&words, "%.*s %.*s", (int)date.length, date.data, (int)time.length, time.data);
	stamp_in_zone(buffer_span(&words), STAMP_MDY, rows->zone, &when->moment, &nothing);
	rows->events.sheet.undated += nothing;
	when->words = json_arena_copy(&rows->arena, buffer_span(&words));
	bool ok = !buffer_failed(&words) && span_stated(when->words);
	buffer_free(&words);
	return ok || error_memory(error);
}

/* `User: amy \u00a6 Type: 3` of a cell of hayabusa's, as members by which a shape can look it up.
 * The cell itself is what is kept. */
static bool spread_cell(struct json_arena *arena, struct json_value *object, const char *name)
{
	static const char bar[] = " \u00a6 ";
	struct span rest = json_scalar(json_member(object, name));
	while (rest.length > 0) {
		const char *end = span_find(rest, bar);
		size_t length = end ? (size_t)(end - rest.data) : rest.length;
		struct span pair = span_slice(rest, 0, length);
		const char *colon = span_find(pair, ": ");
		rest = span_slice(rest, length + strlen(bar), rest.length);
		if (!colon || colon - pair.data > 40)
			continue;
		char key[64];
		struct json_value *member = json_new(arena, JSON_STRING);
		snprintf(key, sizeof key, "%s.%.*s", name, (int)(colon - pair.data), pair.data);
		if (!member || !span_stated(member->key = json_arena_copy(arena, span_string(key))))
			return false;
		member->text =
			span_trim(span_slice(pair, (size_t)(colon - pair.data) + 2, pair.length));
		member->used = true;
		json_append(object, member);
	}
	return true;
}

static bool spread_cells(struct json_arena *arena, struct json_value *object)
{
	return spread_cell(arena, object, "Details") &&
	       spread_cell(arena, object, "ExtraFieldInfo") &&
	       spread_cell(arena, object, "AllFieldInfo");
}

static bool add_row(struct rows *rows, const struct csv_row *row, struct error *error)
{
	struct event_when when;
	int64_t start = (int64_t)row->start, end = (int64_t)row->end;
	loader_unit(rows->loader, row->line);
	if (row->count == 0)
		return loader_skip(rows->loader, row->line, start, end, error,
			"longer than %d bytes, or more than %d cells, from byte %llu on",
			INPUT_MAX_LINE, CSV_MAX_COLUMNS, loader_original(rows->loader, row->start));
	if (row->trouble != CSV_FINE &&
		!loader_remark(rows->loader, row->trouble_line, (int64_t)row->trouble_at, end,
			error, "a quote that is not closed, or text behind one that is"))
		return false;
	if (row->count != rows->header.count &&
		!loader_remark(rows->loader, row->line, start, end, error,
			"%zu cells under a header of %zu", row->count, rows->header.count))
		return false;
	struct json_value *object = row_object(rows->reader, row, &rows->header, &rows->arena);
	if (!object)
		return error_memory(error);
	const struct event_shape *shape = rows->events.shape;
	if (strcmp(shape->name, "hayabusa") == 0 && !spread_cells(&rows->arena, object))
		return error_memory(error);
	bool joined = strcmp(shape->name, "l2tcsv") == 0;
	bool ok = !joined || join_time(rows, object, row, &when, error);
	for (struct json_value *cell = object->first; cell; cell = cell->next)
		cell->used = cell->used || (shape->nothing && span_is(cell->text, "-"));
	ok = ok && event_add(&rows->events, object, row->line, joined ? &when : NULL, error);
	json_arena_reset(&rows->arena);
	return ok;
}

/* The rows that stand in the head. */
static bool check_rows(struct rows *rows, struct span head, bool whole, struct csv_dialect dialect,
	struct error *error)
{
	struct csv_row row;
	struct zoneless zoneless = {.loader = rows->loader, .shape = rows->events.shape};
	struct csv_reader *reader = csv_open_text(head, whole, dialect, error);
	if (!reader)
		return false;
	bool header = !rows->table->fields, more = !asks_zone(rows->loader);
	while (more && next_row(rows->table, reader, &row, error) > 0) {
		struct json_arena arena = {0};
		struct json_value *object = row_object(reader, &row, &rows->header, &arena);
		if (object && !header)
			more = look_for_zone(&zoneless, object);
		header = false;
		json_arena_free(&arena);
	}
	csv_close(reader);
	return refuse_zoneless(&zoneless, error);
}

static bool read_rows(struct rows *rows, struct span head, bool whole, struct error *error)
{
	struct csv_row row;
	struct csv_dialect dialect = dialect_of(rows->table, head, whole);
	rows->reader = csv_open(rows->input, dialect, error);
	if (!rows->reader ||
		take_header(rows->table, rows->reader, &row, &rows->header, error) <= 0)
		return false;
	bool ok = strcmp(rows->events.shape->name, "l2tcsv") == 0 ||
		  check_rows(rows, head, whole, dialect, error);
	int more = 0;
	while (ok && (more = next_row(rows->table, rows->reader, &row, error)) > 0)
		if (row.count > 0 || row.trouble != CSV_FINE)
			ok = add_row(rows, &row, error);
	return ok && more == 0;
}

static bool read_table(const struct event_table *table, struct input *input, struct loader *loader,
	struct span head, bool whole, struct error *error)
{
	struct rows rows = {.input = input,
		.loader = loader,
		.table = table,
		.events = {.sheet = {.loader = loader}, .shape = event_shape(table->shape)}};
	bool ok = read_rows(&rows, head, whole, error);
	events_free(&rows.events);
	csv_close(rows.reader);
	free_header(&rows.header);
	json_arena_free(&rows.arena);
	zone_free(rows.zone);
	return ok;
}

/* What the tables of a family begin with, in words; of a shape those of its names that suffice. */
static void name_tables(const struct event_family *family, struct buffer *out)
{
	for (size_t i = 0; i < FAMILY_TABLES && family->tables[i].shape; i++) {
		const struct event_table *table = &family->tables[i];
		const char *needs = event_shape(table->shape)->needs;
		buffer_add_string(out, i ? " or " : "");
		if (table->begins) {
			buffer_add_format(out, "`%s`", table->begins);
			continue;
		}
		for (; *needs && *needs != '|'; needs++)
			buffer_add_string(out, *needs == '+' ? ", " : (char[]){*needs, '\0'});
	}
}

/* What was said to be of this format, and is neither JSON nor one of its tables. */
static bool check_start(const struct event_family *family, struct span head, struct error *error)
{
	struct span start = span_trim(span_slice(head, 0, 4096));
	bool json = start.length > 0 && (start.data[0] == '{' || start.data[0] == '[');
	const struct event_table *first = &family->tables[0];
	if (json || !first->shape)
		return true;
	if (first->fields && span_find(head, first->begins) == head.data)
		return error_set(error, ERROR_INPUT,
			"no line `%s` names its columns before the first row: put it back, or say "
			"--format csv",
			first->fields);
	struct buffer names = {0};
	name_tables(family, &names);
	buffer_add_byte(&names, '\0');
	bool named = !buffer_failed(&names);
	if (named)
		error_set(error, ERROR_INPUT,
			"line 1 is no JSON, nor the header of such a table (%s); --format csv "
			"reads "
			"any table",
			names.data);
	else
		error_memory(error);
	buffer_free(&names);
	return false;
}

static bool read_family(const struct event_family *family, struct input *input,
	struct loader *loader, struct error *error)
{
	struct span head;
	bool whole;
	if (!input_head(input, &head, &whole, error))
		return false;
	/* The window that head is of does not outlive the first read. */
	char *copy = memory_copy(head.data, head.length);
	if (!copy)
		return error_memory(error);
	struct span kept = span_of(copy, head.length);
	const struct event_table *table = find_table(family, kept, whole);
	bool ok = table ? read_table(table, input, loader, kept, whole, error)
			: check_start(family, kept, error) &&
				  read_objects(family, input, loader, kept, error);
	free(copy);
	return ok;
}

#define FAMILY(name_, sure_)                                                               \
	int name_##_sniff(struct span head, bool whole, struct span name)                  \
	{                                                                                  \
		(void)name;                                                                \
		return sniff(&name_, sure_, head, whole);                                  \
	}                                                                                  \
	bool name_##_read(struct input *input, struct loader *loader, struct error *error) \
	{                                                                                  \
		return read_family(&name_, input, loader, error);                          \
	}

FAMILY(plaso, 98)
FAMILY(hayabusa, 97)
FAMILY(timesketch, 96)
FAMILY(winlog, 95)
FAMILY(ecs, 93)
FAMILY(zeek, 95)
FAMILY(cloudtrail, 94)
FAMILY(gcp, 94)
FAMILY(azure, 93)
FAMILY(m365, 94)
