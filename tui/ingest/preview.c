/* What an import would bring, without bringing it. */
#include "loader_private.h"

#include "base/memory.h"
#include "base/text.h"
#include "ingest/input.h"

#include <stdlib.h>
#include <string.h>

#define SHOWN_ROWS 5
#define SHOWN_NAMES 12
#define SHOWN_CELL 80
/* Measured: a case with its index takes up to about twice its sources, and so many bytes more for
 * each record of a small kind. */
#define SPACE_FACTOR 2
#define SPACE_SMALL 512

struct preview {
	struct buffer rows;
	int64_t drafts;
	int64_t undated;
	bool dated;
	struct moment earliest, latest;
	struct name_table extras;
	/* Distinct names of the kinds that are one record a name. */
	struct name_table named[KIND_COUNT];
	int64_t kinds[KIND_COUNT]; /* the others */
	bool failed;
};

struct preview *preview_new(void)
{
	return calloc(1, sizeof(struct preview));
}

void preview_free(struct preview *preview)
{
	if (!preview)
		return;
	buffer_free(&preview->rows);
	name_table_free(&preview->extras);
	for (int kind = 0; kind < KIND_COUNT; kind++)
		name_table_free(&preview->named[kind]);
	free(preview);
}

static void count_name(struct preview *preview, enum kind kind, struct span name)
{
	struct buffer normal = {0};
	record_name_key(kind, name, &normal);
	if (buffer_failed(&normal) ||
		name_table_add(&preview->named[kind], buffer_span(&normal), NULL) == SIZE_MAX)
		preview->failed = true;
	buffer_free(&normal);
}

static void count_time(struct preview *preview, const struct moment *moment)
{
	if (!preview->dated || moment->from < preview->earliest.from)
		preview->earliest = *moment;
	if (!preview->dated || moment->from > preview->latest.from)
		preview->latest = *moment;
	preview->dated = true;
}

/* What a cell is called that becomes an extra field, as a judgement does; not stated of others. */
static struct span extra_name(const struct kind_info *info, const struct draft_cell *cell)
{
	if (cell->field < 0)
		return cell->name;
	const struct kind_field *field = &info->fields[cell->field];
	return span_string(field->flags & FIELD_JUDGEMENT ? field->name : NULL);
}

static void show_row(struct preview *preview, const struct draft *draft)
{
	const struct kind_info *info = kind_info(draft->kind);
	struct buffer *out = &preview->rows;
	buffer_add_format(out, "  %s %c", info->name, basis_letter(draft->basis));
	for (size_t i = 0; i < draft->cell_count; i++) {
		const struct draft_cell *cell = &draft->cells[i];
		struct span text = cell->text, extra = extra_name(info, cell);
		buffer_add_string(out, i ? " · " : "  ");
		if (span_stated(extra)) {
			buffer_add_string(out, "extra.");
			text_visible(out, extra, false);
		} else {
			buffer_add_string(out, info->fields[cell->field].name);
		}
		buffer_add_byte(out, '=');
		text_visible(out, span_slice(text, 0, text_cut(text, SHOWN_CELL)), false);
		if (text.length > SHOWN_CELL)
			buffer_add_string(out, "…");
	}
	buffer_add_byte(out, '\n');
}

bool preview_add(struct preview *preview, const struct draft *draft, bool known)
{
	const struct kind_info *info = kind_info(draft->kind);
	bool dated = false;
	if (preview->drafts++ < SHOWN_ROWS)
		show_row(preview, draft);
	if (!info->named && !known)
		preview->kinds[draft->kind]++;
	for (size_t i = 0; i < draft->cell_count; i++) {
		const struct draft_cell *cell = &draft->cells[i];
		struct span extra = extra_name(info, cell);
		if (span_stated(extra)) {
			if (name_table_add(&preview->extras, extra, NULL) == SIZE_MAX)
				preview->failed = true;
			continue;
		}
		const struct kind_field *field = &info->fields[cell->field];
		if (cell->moment && cell->moment->precision != MOMENT_NONE) {
			count_time(preview, cell->moment);
			dated = true;
		}
		if (info->named && cell->field == info->name_field)
			count_name(preview, draft->kind, cell->text);
		if (field->type == FIELD_REFERENCE && kind_info(field->refers_to)->named)
			count_name(preview, field->refers_to, cell->text);
	}
	for (size_t i = 0; i < draft->mention_count; i++)
		count_name(preview, draft->mentions[i].kind, draft->mentions[i].name);
	if (draft->kind == KIND_EVENT && !dated)
		preview->undated++;
	return !preview->failed && !buffer_failed(&preview->rows);
}

/* In the zone that was asked for; in UTC, which is said, when none was. */
static void show_time(struct buffer *out, const struct loader *loader, const char *title,
	const struct moment *moment)
{
	buffer_add_string(out, title);
	moment_format(out, moment, loader_zone(loader));
	bool utc = !loader_zone(loader) && !moment->floating && moment->precision >= MOMENT_HOUR;
	buffer_add_string(out, utc ? " UTC\n" : "\n");
}

static void write_times(
	const struct preview *preview, const struct loader *loader, struct buffer *out)
{
	const char *zone = loader->options->zone;
	if (preview->dated) {
		show_time(out, loader, "earliest: ", &preview->earliest);
		show_time(out, loader, "latest: ", &preview->latest);
	}
	buffer_add_string(out, "zone: ");
	text_visible(out, span_string(zone ? zone : "not stated"), false);
	if (loader->zoneless.length > 0)
		buffer_add_format(out,
			", and %s holds date-times without one: say --zone NAME or --zone floating",
			loader->zoneless.data);
	buffer_add_format(out, "\nundated events: %lld\n", (long long)preview->undated);
}

static void write_names(const struct name_table *names, const char *title, struct buffer *out)
{
	buffer_add_format(out, "%s: %zu", title, names->count);
	for (size_t i = 0; i < names->count && i < SHOWN_NAMES; i++) {
		struct span name = name_table_at(names, i);
		buffer_add_string(out, i ? ", " : " (");
		text_visible(out, span_slice(name, 0, text_cut(name, SHOWN_CELL)), false);
	}
	if (names->count > 0)
		buffer_add_string(out, names->count > SHOWN_NAMES ? ", …)" : ")");
	buffer_add_byte(out, '\n');
}

void preview_write(
	struct preview *preview, const struct loader *loader, struct import_result *result)
{
	struct buffer *out = &result->preview;
	buffer_add_string(out, "first rows:\n");
	buffer_add_span(out, buffer_span(&preview->rows));
	write_times(preview, loader, out);
	write_names(&preview->named[KIND_HOST], "hosts", out);
	write_names(&preview->named[KIND_ACCOUNT], "accounts", out);
	write_names(&preview->extras, "kept as extra fields", out);
	result->space = result->bytes * SPACE_FACTOR;
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		result->kinds[kind] = preview->kinds[kind] + (int64_t)preview->named[kind].count;
		if (!kind_info((enum kind)kind)->large)
			result->space += result->kinds[kind] * SPACE_SMALL;
	}
}
