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
	const struct case_file *file; /* NULL: there is no case */
	struct record_names *names;   /* of that case */
	struct buffer rows;
	int64_t drafts;
	int64_t undated;
	bool dated;
	struct moment earliest, latest;
	struct name_table extras;
	struct name_table seen;              /* as a source writes them, behind their kind */
	struct name_table named[KIND_COUNT]; /* distinct names, by what tells them apart */
	int64_t kinds[KIND_COUNT];           /* records that would be made */
	int64_t mentioned, mentions_left;    /* as the writer counts them */
	struct buffer key;
};

struct preview *preview_new(const struct case_file *file, struct error *error)
{
	struct preview *preview = calloc(1, sizeof *preview);
	if (!preview) {
		error_memory(error);
		return NULL;
	}
	preview->file = file;
	if (file && !(preview->names = record_names_open(file, error))) {
		preview_free(preview);
		return NULL;
	}
	return preview;
}

void preview_free(struct preview *preview)
{
	if (!preview)
		return;
	record_names_close(preview->names);
	buffer_free(&preview->rows);
	buffer_free(&preview->key);
	name_table_free(&preview->extras);
	name_table_free(&preview->seen);
	for (int kind = 0; kind < KIND_COUNT; kind++)
		name_table_free(&preview->named[kind]);
	free(preview);
}

int64_t preview_mentions_left(const struct preview *preview)
{
	return preview->mentions_left;
}

/* Whether this is the first time that the name is written so. */
static bool see(
	struct preview *preview, enum kind kind, struct span name, bool *first, struct error *error)
{
	buffer_clear(&preview->key);
	buffer_add_format(&preview->key, "%d ", (int)kind);
	buffer_add_span(&preview->key, name);
	return (!buffer_failed(&preview->key) &&
		       name_table_add(&preview->seen, buffer_span(&preview->key), first) !=
			       SIZE_MAX) ||
	       error_memory(error);
}

/* The record in the case that a name means, as the writer finds it: a technique also by its ATT&CK
 * id, when it is called by that, there or here. */
static int64_t find_there(struct preview *preview, enum kind kind, struct span name,
	struct span attack_id, struct error *error)
{
	int64_t there = record_names_find(preview->names, kind, name, error);
	if (kind != KIND_TECHNIQUE || there != 0 || attack_id.length == 0)
		return there;
	int64_t known = record_names_technique(preview->names, attack_id, error);
	if (known <= 0 || span_equal(span_trim(name), attack_id))
		return known;
	there = record_names_find(preview->names, kind, attack_id, error);
	return there < 0 || there == known ? there : 0;
}

/* A record would be made of a name, unless the case or this file has it. *there: its id in the
 * case. */
static bool count_name(struct preview *preview, enum kind kind, struct span name,
	struct span attack_id, int64_t *there, struct error *error)
{
	bool added = false;
	*there = 0;
	buffer_clear(&preview->key);
	if (kind_info(kind)->named)
		record_name_key(kind, name, &preview->key);
	else
		buffer_add_span(&preview->key, name);
	if (!buffer_failed(&preview->key) && preview->key.length == 0)
		return true;
	if (buffer_failed(&preview->key) || name_table_add(&preview->named[kind],
						    buffer_span(&preview->key), &added) == SIZE_MAX)
		return error_memory(error);
	if (preview->names)
		*there = find_there(preview, kind, name, attack_id, error);
	preview->kinds[kind] += added && *there == 0;
	return *there >= 0;
}

/* What a field refers to. */
static bool count_reference(
	struct preview *preview, enum kind kind, struct span name, struct error *error)
{
	bool first;
	int64_t there;
	return see(preview, kind, name, &first, error) &&
	       (!first || count_name(preview, kind, name, span_string(NULL), &there, error));
}

static bool count_mention(
	struct preview *preview, const struct draft_mention *mention, struct error *error)
{
	bool first = true;
	int64_t there;
	/* Beyond the most a name that is new is one whenever it comes. */
	if (preview->mentioned >= WRITER_MENTIONED_MOST) {
		buffer_clear(&preview->key);
		buffer_add_format(&preview->key, "%d ", (int)mention->kind);
		buffer_add_span(&preview->key, mention->name);
		preview->mentions_left +=
			name_table_find(&preview->seen, buffer_span(&preview->key)) == SIZE_MAX;
		return !buffer_failed(&preview->key) || error_memory(error);
	}
	if (!see(preview, mention->kind, mention->name, &first, error))
		return false;
	preview->mentioned += first;
	return !first ||
	       count_name(preview, mention->kind, mention->name, mention->text, &there, error);
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

/* Whether a record which has no name to be found by is told of again: as the writer does it, by an
 * id that the case knows, but of no placeholder. *there: its id. */
static bool find_told(
	struct preview *preview, const struct draft *draft, int64_t *there, struct error *error)
{
	struct record record = {0};
	struct record_reader *reader = record_reader_open(preview->file, error);
	if (!reader)
		return false;
	record_reader_limit(reader, 1);
	enum record_result result = record_read(reader, draft->kind, draft->again, &record, error);
	if (result == RECORD_FOUND && record.basis != BASIS_PLACEHOLDER)
		*there = draft->again;
	record_free(&record);
	record_reader_close(reader);
	return result != RECORD_FAILED;
}

/* The first of a field, as the writer takes it; not stated when there is none (field below 0). */
static struct span cell_text(const struct draft *draft, int field)
{
	for (size_t i = 0; field >= 0 && i < draft->cell_count; i++)
		if (draft->cells[i].field == field)
			return draft->cells[i].text;
	return span_string(NULL);
}

/* The draft's own record. */
static bool count_record(struct preview *preview, const struct draft *draft, bool told,
	int64_t *there, struct error *error)
{
	const struct kind_info *info = kind_info(draft->kind);
	struct span name = cell_text(draft, info->name_field);
	*there = 0;
	if (info->named)
		return count_name(preview, draft->kind, name,
			cell_text(draft, kind_field_find(draft->kind, span_string("attack_id"))),
			there, error);
	if (!told && draft->again && !find_told(preview, draft, there, error))
		return false;
	preview->kinds[draft->kind] += !told && *there == 0;
	/* So that what refers to it by its name refers to it. */
	return info->large || !span_stated(name) ||
	       name_table_add(&preview->named[draft->kind], name, NULL) != SIZE_MAX ||
	       error_memory(error);
}

/* Times and names in a draft's cells. *dated: a time could be read. */
static bool count_cell(struct preview *preview, const struct draft *draft,
	const struct draft_cell *cell, bool *dated, struct error *error)
{
	struct span extra = extra_name(kind_info(draft->kind), cell);
	if (span_stated(extra))
		return name_table_add(&preview->extras, extra, NULL) != SIZE_MAX ||
		       error_memory(error);
	const struct kind_field *field = &kind_info(draft->kind)->fields[cell->field];
	if (cell->moment && cell->moment->precision != MOMENT_NONE) {
		count_time(preview, cell->moment);
		*dated = true;
	}
	return field->type != FIELD_REFERENCE ||
	       count_reference(preview, field->refers_to, cell->text, error);
}

bool preview_add(struct preview *preview, const struct draft *draft, bool told, int64_t *there,
	struct error *error)
{
	bool dated = false;
	if (preview->drafts++ < SHOWN_ROWS)
		show_row(preview, draft);
	for (size_t i = 0; i < draft->cell_count; i++)
		if (!count_cell(preview, draft, &draft->cells[i], &dated, error))
			return false;
	if (!count_record(preview, draft, told, there, error))
		return false;
	for (size_t i = 0; i < draft->mention_count; i++)
		if (!count_mention(preview, &draft->mentions[i], error))
			return false;
	if (draft->kind == KIND_EVENT && !dated)
		preview->undated++;
	return !buffer_failed(&preview->rows) || error_memory(error);
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
		result->kinds[kind] = result->already ? 0 : preview->kinds[kind];
		if (!kind_info((enum kind)kind)->large)
			result->space += result->kinds[kind] * SPACE_SMALL;
	}
}
