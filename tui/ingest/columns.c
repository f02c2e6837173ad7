#include "columns_private.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "indicator.h"
#include "ingest/loader.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS_SHOWN 12

static char plain(char byte)
{
	if (byte == ' ' || byte == '-')
		return '_';
	return byte >= 'A' && byte <= 'Z' ? (char)(byte - 'A' + 'a') : byte;
}

bool columns_same_name(struct span a, struct span b)
{
	if (a.length != b.length)
		return false;
	for (size_t i = 0; i < a.length; i++)
		if (plain(a.data[i]) != plain(b.data[i]))
			return false;
	return true;
}

struct span columns_clean(struct span name)
{
	name = span_trim(name);
	if (name.length >= 3 && memcmp(name.data, "\xef\xbb\xbf", 3) == 0)
		name = span_trim(span_slice(name, 3, name.length));
	return name;
}

int columns_field_like(enum kind kind, struct span name)
{
	const struct kind_info *info = kind_info(kind);
	for (int field = 0; field < info->field_count; field++)
		if (columns_same_name(name, span_string(info->fields[field].name)))
			return field;
	return -1;
}

/* What a name means for a kind by itself. */
static enum target target_of(enum kind kind, struct span name, int *field)
{
	static const struct {
		const char *name;
		enum target target;
	} reserved[] = {
		{"key", TO_KEY}, {"basis", TO_BASIS}, {"by", TO_BY}, {"stands_for", TO_STANDS_FOR}};
	const size_t reading = strlen(".reading");
	*field = columns_field_like(kind, name);
	if (*field >= 0)
		return TO_FIELD;
	/* Our own words, exactly: `Key` in other people's tables is a key of something else. */
	for (size_t i = 0; i < ARRAY_LENGTH(reserved); i++)
		if (span_is(name, reserved[i].name))
			return reserved[i].target;
	if (name.length <= reading ||
		!columns_same_name(span_slice(name, name.length - reading, name.length),
			span_string(".reading")))
		return TO_EXTRA;
	*field = columns_field_like(kind, span_slice(name, 0, name.length - reading));
	bool time = *field >= 0 && kind_info(kind)->fields[*field].type == FIELD_TIME;
	return time ? TO_READING : TO_EXTRA;
}

struct columns *columns_new(struct loader *loader, enum kind kind, struct error *error)
{
	struct columns *columns = calloc(1, sizeof *columns);
	if (!columns) {
		error_memory(error);
		return NULL;
	}
	columns->loader = loader;
	columns->kind = kind;
	columns->info = kind_info(kind);
	columns->shown = columns->clock = columns->day = columns->stamp = SIZE_MAX;
	return columns;
}

void columns_free(struct columns *columns)
{
	if (!columns)
		return;
	for (size_t i = 0; i < columns->count; i++) {
		free((char *)columns->items[i].name.data);
		free((char *)columns->items[i].given.data);
	}
	name_table_free(&columns->names);
	name_table_free(&columns->given);
	name_table_free(&columns->cleaned);
	free(columns->first);
	free(columns->times);
	free(columns->items);
	free(columns->cells);
	free(columns->moments);
	buffer_free(&columns->joined);
	free(columns);
}

size_t columns_count(const struct columns *columns)
{
	return columns->count;
}

struct span columns_name(const struct columns *columns, size_t index)
{
	return columns->items[index].name;
}

/* ---- names and targets ---- */

/* How often a name came before. False when out of memory. */
static bool count_name(struct columns *columns, struct span name, uint32_t **times)
{
	bool added;
	size_t number = name_table_add(&columns->cleaned, name, &added);
	uint32_t *grown = number == SIZE_MAX ? NULL
					     : memory_grow(columns->times, &columns->times_capacity,
						       number + 1, sizeof *grown);
	if (!grown)
		return false;
	columns->times = grown;
	if (added)
		grown[number] = 0;
	*times = &grown[number];
	return true;
}

/* `column 3` for one without a name; `note 2` for the second `note`; remembered as taken. */
static bool unique_name(struct columns *columns, struct span name, struct buffer *text)
{
	uint32_t *times;
	bool added = false;
	if (name.length == 0)
		buffer_add_format(text, "column %zu", columns->count + 1);
	else
		buffer_add_span(text, name);
	size_t length = text->length;
	if (buffer_failed(text) || !count_name(columns, buffer_span(text), &times))
		return false;
	while (!added) {
		if (++*times > 1) {
			text->length = length;
			buffer_add_format(text, " %u", *times);
		}
		if (buffer_failed(text) ||
			name_table_add(&columns->names, buffer_span(text), &added) == SIZE_MAX)
			return false;
	}
	return true;
}

/* Remembers where a name as it was given is found. */
static bool remember_given(struct columns *columns, struct span given)
{
	bool added;
	size_t number = name_table_add(&columns->given, given, &added);
	size_t *first = number == SIZE_MAX ? NULL
					   : memory_grow(columns->first, &columns->first_capacity,
						     number + 1, sizeof *first);
	if (!first)
		return false;
	columns->first = first;
	if (added)
		first[number] = columns->count;
	return true;
}

/* The FIELD of a --map FIELD=COLUMN; not stated when none names this column. */
static struct span mapped_to(const struct columns *columns, struct span column)
{
	const char *const *map = loader_options(columns->loader)->map;
	for (; map && *map; map++) {
		const char *equals = strchr(*map, '=');
		if (equals && columns_same_name(column, columns_clean(span_string(equals + 1))))
			return span_of(*map, (size_t)(equals - *map));
	}
	return span_string(NULL);
}

/* Whether a --map sends some column to the field that this name is. */
static bool mapped_away(const struct columns *columns, struct span name)
{
	const char *const *map = loader_options(columns->loader)->map;
	for (; map && *map; map++) {
		const char *equals = strchr(*map, '=');
		if (equals && columns_same_name(name, span_of(*map, (size_t)(equals - *map))))
			return true;
	}
	return false;
}

static void set_target(struct columns *columns, struct column *column, struct span as)
{
	column->target = target_of(columns->kind, as, &column->field);
	columns->own = columns->own || column->target == TO_BASIS;
	if (column->target != TO_FIELD)
		return;
	if (columns->taken[column->field])
		column->target = TO_EXTRA;
	columns->taken[column->field] = true;
}

bool columns_add(struct columns *columns, struct span name, struct error *error)
{
	struct column *items =
		memory_grow(columns->items, &columns->capacity, columns->count + 1, sizeof *items);
	if (!items)
		return error_memory(error);
	columns->items = items;
	struct span cleaned = columns_clean(name);
	struct buffer own = {0};
	struct column column = {.given = {memory_copy(name.data, name.length), name.length},
		.day = SIZE_MAX,
		.clock = SIZE_MAX};
	bool ok = column.given.data && unique_name(columns, cleaned, &own) &&
		  remember_given(columns, name);
	if (!ok) {
		free((char *)column.given.data);
		buffer_free(&own);
		return error_memory(error);
	}
	column.name = buffer_span(&own);
	struct span as = mapped_to(columns, cleaned);
	if (span_stated(as))
		set_target(columns, &column, as);
	else if (cleaned.length > 0 && !mapped_away(columns, cleaned))
		set_target(columns, &column, cleaned);
	items[columns->count++] = column;
	return true;
}

/* Sends a column with no place of its own to a field, unless --map speaks of either. */
static void fill(struct columns *columns, struct column *column, struct span name, struct span as)
{
	bool mapped = span_stated(mapped_to(columns, name));
	/* A known header may call by a field's name what is none: its host is a sensor. */
	if (span_is(as, "extra") && column->target == TO_FIELD && !mapped) {
		columns->taken[column->field] = false;
		column->target = TO_EXTRA;
	}
	if (column->target == TO_EXTRA && !mapped && !mapped_away(columns, as))
		set_target(columns, column, as);
}

/* Columns with no place that a known header or else a synonym has one for. */
static bool fill_by_mappings(struct columns *columns, struct error *error)
{
	struct span *names = memory_array(columns->count, sizeof *names);
	if (!names)
		return error_memory(error);
	for (size_t i = 0; i < columns->count; i++)
		names[i] = columns_clean(columns->items[i].given);
	const struct mapping *mapping = mapping_find(names, columns->count);
	if (mapping && mapping->kind != columns->kind)
		mapping = NULL;
	for (size_t i = 0; mapping && i < columns->count; i++) {
		struct span as = mapping_field(mapping, names[i]);
		if (span_stated(as))
			fill(columns, &columns->items[i], names[i], as);
		columns->lasting |= mapping->lasting && columns->items[i].target == TO_KEY;
	}
	for (size_t i = 0; i < columns->count; i++) {
		int field = mapping_synonym(columns->kind, names[i]);
		bool said = mapping && span_stated(mapping_field(mapping, names[i]));
		if (field >= 0 && !said)
			fill(columns, &columns->items[i], names[i],
				span_string(columns->info->fields[field].name));
	}
	free(names);
	if (mapping)
		columns_parts_begin(columns, mapping);
	return true;
}

/* Where no column is called the value of an indicator, those that hold some. */
static void find_indicators(struct columns *columns)
{
	int value = columns->info->name_field;
	bool set = span_stated(loader_setting(columns->loader, columns->info->fields[value].name));
	if (columns->kind != KIND_INDICATOR || columns->taken[value] || set)
		return;
	for (size_t i = 0; i < columns->count; i++) {
		struct column *column = &columns->items[i];
		column->sure = indicator_column(columns_clean(column->given));
		if (column->target != TO_EXTRA || column->sure == 0)
			continue;
		column->target = TO_INDICATOR;
		columns->taken[value] = true;
	}
}

void columns_give_value(struct columns *columns, size_t index)
{
	columns->shown = index;
}

/* What columns_give_value said, when no name does it better. */
static void take_shown(struct columns *columns)
{
	int field = columns->info->name_field;
	if (columns->shown >= columns->count || columns->taken[field] ||
		columns->items[columns->shown].target != TO_EXTRA)
		return;
	columns->items[columns->shown].target = TO_FIELD;
	columns->items[columns->shown].field = field;
	columns->taken[field] = true;
}

/* Whether a --map before this one has its field or its column: only one of them could be done. */
static bool mapped_before(const struct columns *columns, const char *const *map, const char *equals)
{
	struct span field = span_of(*map, (size_t)(equals - *map));
	for (const char *const *other = loader_options(columns->loader)->map; other < map;
		other++) {
		const char *second = strchr(*other, '=');
		if (columns_same_name(field, span_of(*other, (size_t)(second - *other))) ||
			columns_same_name(columns_clean(span_string(equals + 1)),
				columns_clean(span_string(second + 1))))
			return true;
	}
	return false;
}

static bool check_maps(const struct columns *columns, struct error *error)
{
	const char *const *map = loader_options(columns->loader)->map;
	for (; map && *map; map++) {
		const char *equals = strchr(*map, '=');
		int field;
		bool found = false;
		if (!equals || equals == *map || !equals[1])
			return error_set(
				error, ERROR_USAGE, "--map wants FIELD=COLUMN, not %s", *map);
		struct span as = span_of(*map, (size_t)(equals - *map));
		if (mapped_before(columns, map, equals))
			return error_set(error, ERROR_USAGE,
				"--map %s: an earlier --map has that field or that column", *map);
		if (target_of(columns->kind, as, &field) == TO_EXTRA)
			return error_set(error, ERROR_USAGE, "--map: the kind %s has no field %.*s",
				columns->info->name, (int)as.length, as.data);
		for (size_t i = 0; i < columns->count && !found; i++)
			found = columns_same_name(columns_clean(columns->items[i].given),
				columns_clean(span_string(equals + 1)));
		if (!found)
			return error_set(
				error, ERROR_USAGE, "--map: there is no column %s", equals + 1);
	}
	return true;
}

/* A name or, for an event, anything of what makes one. */
static bool has_substance(const struct columns *columns)
{
	const struct kind_info *info = columns->info;
	if (span_stated(loader_setting(columns->loader, info->fields[info->name_field].name)))
		return true;
	if (columns->kind != KIND_EVENT && columns->kind != KIND_STATEMENT)
		return columns->taken[info->name_field];
	for (int field = 0; field < info->field_count; field++)
		if (columns->taken[field])
			return true;
	return false;
}

static bool no_substance(const struct columns *columns, struct error *error)
{
	const struct kind_info *info = columns->info;
	const char *name = info->fields[info->name_field].name;
	struct buffer list = {0};
	for (size_t i = 0; i < columns->count && i < COLUMNS_SHOWN; i++) {
		buffer_add_string(&list, i ? ", " : "");
		buffer_add_span(&list, span_slice(columns->items[i].name, 0, 40));
	}
	buffer_add_string(&list, columns->count > COLUMNS_SHOWN ? " ..." : "");
	error_set(error, ERROR_USAGE,
		"no column gives %s %s its %s: say --map %s=COLUMN; the columns are %s",
		kind_article(columns->kind), info->name, name, name,
		list.data ? list.data : "none");
	buffer_free(&list);
	return false;
}

/* What an event is without: said, since nobody finds it on a timeline. */
static void note_undated(struct columns *columns)
{
	const struct kind_field *time = &columns->info->fields[0];
	if (columns->kind == KIND_EVENT && !columns->taken[0] &&
		!span_stated(loader_setting(columns->loader, time->name)))
		loader_note(columns->loader,
			"no column gives events their time: all of them are undated; --map "
			"%s=COLUMN says which does",
			time->name);
}

bool columns_ready(struct columns *columns, struct error *error)
{
	if (!check_maps(columns, error) || !fill_by_mappings(columns, error))
		return false;
	const struct kind_info *info = columns->info;
	find_indicators(columns);
	take_shown(columns);
	columns_times_begin(columns);
	if (!has_substance(columns))
		return no_substance(columns, error);
	note_undated(columns);
	for (int field = 0; field < info->field_count; field++)
		if (columns->taken[field] && (info->fields[field].flags & FIELD_JUDGEMENT))
			loader_note(columns->loader,
				"%s is a judgement: what the file says of it is kept as extra.%s",
				info->fields[field].name, info->fields[field].name);
	return true;
}
