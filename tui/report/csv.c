#include "report/csv.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Where a name stands, or is to stand. */
static size_t place_of(const struct csv_extras *extras, struct span name, bool *there)
{
	size_t low = 0, high = extras->count;
	*there = false;
	while (low < high && !*there) {
		size_t middle = low + (high - low) / 2;
		int order = span_compare(name, extras->names[middle]);
		*there = order == 0;
		if (order <= 0)
			high = middle;
		else
			low = middle + 1;
	}
	return high;
}

static bool add_name(struct csv_extras *extras, struct span name)
{
	bool there;
	size_t at = place_of(extras, name, &there);
	if (there)
		return true;
	struct span *names = memory_grow(
		extras->names, &extras->capacity, extras->count + 1, sizeof *extras->names);
	if (!names)
		return false;
	extras->names = names;
	char *copy = memory_copy(name.data, name.length);
	if (!copy)
		return false;
	memmove(names + at + 1, names + at, (extras->count - at) * sizeof *names);
	names[at] = span_of(copy, name.length);
	extras->count++;
	return true;
}

bool csv_extras_add(struct csv_extras *extras, const struct record *record)
{
	for (int i = 0; i < record->cell_count; i++)
		if (record->cells[i].field == CELL_EXTRA &&
			!add_name(extras, record->cells[i].name))
			return false;
	return true;
}

void csv_extras_free(struct csv_extras *extras)
{
	for (size_t i = 0; i < extras->count; i++)
		free((void *)(uintptr_t)extras->names[i].data);
	free(extras->names);
	*extras = (struct csv_extras){0};
}

/* Neutralised after OWASP's list: a leading = + - @ TAB CR LF, or its full-width twin. */
static bool begins_formula(struct span text)
{
	if (text.length == 0)
		return false;
	if (memchr("=+-@\t\r\n", text.data[0], 7))
		return true;
	static const char *const wide[] = {"\uff1d", "\uff0b", "\uff0d", "\uff20"};
	for (size_t i = 0; i < ARRAY_LENGTH(wide); i++)
		if (text.length >= 3 && memcmp(text.data, wide[i], 3) == 0)
			return true;
	return false;
}

static void add_cell(struct buffer *out, struct span text)
{
	bool formula = begins_formula(text);
	bool quote = formula;
	for (size_t i = 0; i < text.length && !quote; i++)
		quote = text.data[i] == '"' || text.data[i] == ',' || text.data[i] == '\n' ||
			text.data[i] == '\r';
	if (!quote) {
		buffer_add_span(out, text);
		return;
	}
	buffer_add_string(out, formula ? "\"'" : "\"");
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '"')
			buffer_add_byte(out, '"');
		buffer_add_byte(out, text.data[i]);
	}
	buffer_add_byte(out, '"');
}

static void add_extra(struct buffer *out, const struct record *record, struct span name)
{
	const struct cell *first = NULL;
	struct buffer several = {0};
	for (int i = 0; i < record->cell_count; i++) {
		const struct cell *cell = &record->cells[i];
		if (cell->field != CELL_EXTRA || !span_equal(cell->name, name))
			continue;
		if (first && several.length == 0)
			buffer_add_span(&several, first->text);
		if (first) {
			buffer_add_byte(&several, '\n');
			buffer_add_span(&several, cell->text);
		}
		first = first ? first : cell;
	}
	if (first)
		add_cell(out, several.length > 0 ? buffer_span(&several) : first->text);
	out->failed |= buffer_failed(&several);
	buffer_free(&several);
}

void csv_record(struct buffer *out, const struct record *record, const struct csv_extras *extras)
{
	const struct kind_info *info = kind_info(record->id.kind);
	buffer_add_format(out, "%" PRId64 ",%s", record->id.id, basis_name(record->basis));
	for (int field = 0; field < info->field_count; field++) {
		const struct cell *cell = record_cell(record, field);
		buffer_add_byte(out, ',');
		if (cell)
			add_cell(out, cell->text);
	}
	for (size_t i = 0; i < extras->count; i++) {
		buffer_add_byte(out, ',');
		add_extra(out, record, extras->names[i]);
	}
	buffer_add_byte(out, '\n');
}

void csv_heading(struct buffer *out, enum kind kind, const struct csv_extras *extras)
{
	const struct kind_info *info = kind_info(kind);
	buffer_add_string(out, "id,basis");
	for (int field = 0; field < info->field_count; field++)
		buffer_add_format(out, ",%s", info->fields[field].name);
	for (size_t i = 0; i < extras->count; i++) {
		struct buffer name = {0};
		buffer_add_string(&name, "extra.");
		buffer_add_span(&name, extras->names[i]);
		buffer_add_byte(out, ',');
		add_cell(out, buffer_span(&name));
		out->failed |= buffer_failed(&name);
		buffer_free(&name);
	}
	buffer_add_byte(out, '\n');
}
