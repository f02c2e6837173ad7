#include "report/records.h"

#include "base/hash.h"
#include "base/memory.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void report_sources_free(struct report_sources *sources)
{
	source_free(&sources->last);
}

bool report_source(struct report_sources *sources, int64_t id, struct error *error)
{
	if (sources->last.id == id)
		return true;
	return source_read(sources->file, id, &sources->last, error);
}

static int compare_names(const void *left, const void *right)
{
	const struct cell *const *a = left, *const *b = right;
	int order = span_compare((*a)->name, (*b)->name);
	return order ? order : (*a > *b) - (*a < *b);
}

/* Extra cells by name, those of one name in their own order; NULL when out of memory. */
static const struct cell **sorted_extra(const struct record *record, size_t *count)
{
	const struct cell **sorted = memory_array((size_t)record->cell_count + 1, sizeof *sorted);
	*count = 0;
	for (int i = 0; sorted && i < record->cell_count; i++)
		if (record->cells[i].field == CELL_EXTRA)
			sorted[(*count)++] = &record->cells[i];
	if (sorted)
		qsort(sorted, *count, sizeof *sorted, compare_names);
	return sorted;
}

/* One member for all cells of a name: a text, or an array where there are several. Of two members
 * with one name a reader of JSON would keep one. */
static bool add_extra(struct json *json, const struct cell *const *cells, size_t count)
{
	struct buffer name = {0};
	struct span *texts = memory_array(count, sizeof *texts);
	buffer_add_string(&name, "extra.");
	buffer_add_span(&name, cells[0]->name);
	bool ok = texts && !buffer_failed(&name);
	for (size_t i = 0; ok && i < count; i++)
		texts[i] = cells[i]->text;
	if (ok && count == 1)
		json_field(json, buffer_span(&name), texts[0]);
	else if (ok)
		json_list(json, buffer_span(&name), texts, count);
	free(texts);
	buffer_free(&name);
	return ok;
}

/* The fields, then the extra cells by their names. */
static bool add_fields(struct json *json, const struct record *record, struct error *error)
{
	size_t count;
	const struct cell **extra = sorted_extra(record, &count);
	bool ok = extra != NULL;
	for (int i = 0; i < record->cell_count; i++)
		if (record->cells[i].field != CELL_EXTRA)
			json_field(json, record->cells[i].name, record->cells[i].text);
	for (size_t at = 0, end; ok && at < count; at = end) {
		for (end = at + 1; end < count && span_equal(extra[end]->name, extra[at]->name);)
			end++;
		ok = add_extra(json, extra + at, end - at);
	}
	free(extra);
	return (ok && !buffer_failed(json->out)) || error_memory(error);
}

bool report_stands_for(const struct record *record, char text[REPORT_STANDS_FOR_SIZE])
{
	if (record->stands_stated && record->stands_min == 1 && record->stands_max == 1)
		return false;
	if (!record->stands_stated)
		snprintf(text, REPORT_STANDS_FOR_SIZE, "?");
	else if (record->stands_max == INT64_MAX)
		snprintf(text, REPORT_STANDS_FOR_SIZE, "%" PRId64 "..", record->stands_min);
	else if (record->stands_min == record->stands_max)
		snprintf(text, REPORT_STANDS_FOR_SIZE, "%" PRId64, record->stands_min);
	else
		snprintf(text, REPORT_STANDS_FOR_SIZE, "%" PRId64 "..%" PRId64, record->stands_min,
			record->stands_max);
	return true;
}

void report_place(struct json *json, const char *name, const struct source *source, uint64_t start,
	uint64_t end)
{
	char sha256[HASH_TEXT_SIZE];
	hash_text(source->sha256, sha256);
	json_open(json, name);
	json_number(json, "id", source->id);
	json_string(json, "name", source->name);
	json_string(json, "sha256", sha256);
	json_number(json, "start", (int64_t)start);
	json_number(json, "end", (int64_t)end);
	json_close(json);
}

bool report_record_members(struct json *json, struct report_sources *sources,
	const struct record *record, struct error *error)
{
	char stands_for[REPORT_STANDS_FOR_SIZE];
	if (!report_source(sources, record->source, error))
		return false;
	json_string(json, "kind", kind_info(record->id.kind)->name);
	json_number(json, "id", record->id.id);
	json_string(json, "basis", basis_name(record->basis));
	if (span_stated(record->by))
		json_text(json, "by", record->by);
	if (report_stands_for(record, stands_for))
		json_string(json, "stands_for", stands_for);
	report_place(json, "source", &sources->last, record->start, record->end);
	return add_fields(json, record, error);
}

/* Columns of the fields that every kind has: `technique:123456`, `placeholder`. */
#define ID_WIDTH 16
#define BASIS_WIDTH 11

/* Whether a text takes no more than `width` columns, of which it may have millions. */
static bool fits(struct span text, int width)
{
	struct text_cluster cluster;
	size_t at = 0;
	for (; width >= 0 && text_visible_next(text, at, false, &cluster); at = cluster.end)
		width -= cluster.width;
	return width >= 0;
}

/* Visible-safe text, padded to a column; what is cut ends in an ellipsis. */
static void add_column(struct buffer *out, struct span text, int width)
{
	struct text_cluster cluster;
	bool whole = fits(text, width);
	int room = whole ? width : width - 1, used = 0;
	size_t at = 0;
	while (text_visible_next(text, at, false, &cluster) && used + cluster.width <= room) {
		buffer_add(out, cluster.bytes, cluster.length);
		used += cluster.width;
		at = cluster.end;
	}
	if (!whole) {
		buffer_add_string(out, "\u2026");
		used++;
	}
	for (; used < width + 2; used++)
		buffer_add_byte(out, ' ');
}

/* What pads the last column is not written. */
static void end_row(struct buffer *out)
{
	while (out->length > 0 && out->data[out->length - 1] == ' ')
		out->length--;
	buffer_add_byte(out, '\n');
}

static void add_table_record(struct buffer *out, const struct record *record)
{
	const struct kind_info *info = kind_info(record->id.kind);
	char id[48];
	snprintf(id, sizeof id, "%s:%" PRId64, info->name, record->id.id);
	add_column(out, span_string(id), ID_WIDTH);
	add_column(out, span_string(basis_name(record->basis)), BASIS_WIDTH);
	for (int field = 0; field < info->field_count; field++) {
		if (info->fields[field].width == 0 || info->fields[field].flags & FIELD_LONG)
			continue;
		const struct cell *cell = record_cell(record, field);
		add_column(out, cell ? cell->text : span_string("-"), info->fields[field].width);
	}
	end_row(out);
}

bool report_record(struct buffer *out, enum report_format format, struct report_sources *sources,
	const struct csv_extras *extras, const struct record *record, struct error *error)
{
	if (format == REPORT_JSON) {
		struct json json = {.out = out};
		json_open(&json, NULL);
		if (!report_record_members(&json, sources, record, error))
			return false;
		json_close_line(&json);
	} else if (format == REPORT_CSV) {
		csv_record(out, record, extras);
	} else {
		add_table_record(out, record);
	}
	return !buffer_failed(out) || error_memory(error);
}

void report_heading(struct buffer *out, enum report_format format, enum kind kind,
	const struct csv_extras *extras)
{
	const struct kind_info *info = kind_info(kind);
	if (format == REPORT_CSV)
		csv_heading(out, kind, extras);
	if (format != REPORT_TABLE)
		return;
	add_column(out, span_string("id"), ID_WIDTH);
	add_column(out, span_string("basis"), BASIS_WIDTH);
	for (int field = 0; field < info->field_count; field++)
		if (info->fields[field].width > 0 && !(info->fields[field].flags & FIELD_LONG))
			add_column(out, span_string(info->fields[field].name),
				info->fields[field].width);
	end_row(out);
}
