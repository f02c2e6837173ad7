#include "loader_private.h"

#include "base/memory.h"
#include "base/text.h"
#include "indicator.h"
#include "ingest/input.h"
#include "special.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICKS 256
/* Keys that are looked up without asking the case. */
#define MAX_KEYS 4000000

const struct import_options *loader_options(const struct loader *loader)
{
	return loader->options;
}

const struct zone *loader_zone(const struct loader *loader)
{
	return loader->zone;
}

/* ---- settings ---- */

/* Whether --set knows a name: a field of the kind that was asked for, or of any. */
static bool setting_known(struct span name, enum kind kind)
{
	static const char *const reserved[] = {"basis", "by", "reviewer"};
	for (size_t i = 0; i < ARRAY_LENGTH(reserved); i++)
		if (span_is(name, reserved[i]))
			return true;
	for (int other = KIND_NONE + 1; other < KIND_COUNT; other++)
		if ((kind == KIND_NONE || kind == (enum kind)other) &&
			kind_field_find((enum kind)other, name) >= 0)
			return true;
	return name.length > 6 && memcmp(name.data, "extra.", 6) == 0;
}

static bool add_setting(struct loader *loader, const char *text, struct error *error)
{
	const char *equals = strchr(text, '=');
	if (!equals || equals == text)
		return error_set(error, ERROR_USAGE, "--set wants FIELD=VALUE, not %s", text);
	struct span name = span_of(text, (size_t)(equals - text));
	struct span value = span_string(equals + 1);
	enum kind kind =
		loader->options->kind ? kind_find(span_string(loader->options->kind)) : KIND_NONE;
	if (!setting_known(name, kind))
		return kind == KIND_NONE
			       ? error_set(error, ERROR_USAGE, "--set: no kind has a field %.*s",
					 (int)name.length, name.data)
			       : error_set(error, ERROR_USAGE,
					 "--set: the kind %s has no field %.*s",
					 kind_info(kind)->name, (int)name.length, name.data);
	if (span_is(name, "basis") && basis_find(value) < 0)
		return error_set(error, ERROR_USAGE,
			"--set basis: observed, reported, inferred or placeholder, not %s",
			value.data);
	loader->settings[loader->setting_count++] = (struct setting){.name = name, .value = value};
	return true;
}

bool loader_begin(struct loader *loader, struct error *error)
{
	const struct import_options *options = loader->options;
	size_t count = 0;
	while (options->set && options->set[count])
		count++;
	loader->settings = memory_array(count, sizeof *loader->settings);
	loader->set_moments = memory_array(count, sizeof *loader->set_moments);
	if (options->dry_run)
		loader->preview = preview_new();
	if (!loader->settings || !loader->set_moments || (options->dry_run && !loader->preview))
		return error_memory(error);
	if (options->zone && strcmp(options->zone, "floating") != 0) {
		loader->zone = zone_open(options->zone, error);
		if (!loader->zone)
			return error_wrap(error, "--zone");
	}
	if (options->dates && strcmp(options->dates, "dmy") != 0 &&
		strcmp(options->dates, "mdy") != 0)
		return error_set(
			error, ERROR_USAGE, "--dates is dmy or mdy, not %s", options->dates);
	if (options->kind && kind_find(span_string(options->kind)) == KIND_NONE &&
		special_of(options->kind, NULL, 0) == SPECIAL_NONE)
		return error_set(error, ERROR_USAGE,
			"no kind is called %s: say host, event, indicator ..., link or decision",
			options->kind);
	for (size_t i = 0; i < count; i++)
		if (!add_setting(loader, options->set[i], error))
			return false;
	return true;
}

void loader_end(struct loader *loader)
{
	for (size_t i = 0; i < loader->decision_count; i++)
		free(loader->decisions[i].text);
	free(loader->decisions);
	free(loader->links);
	free(loader->key_records);
	free(loader->cells);
	free(loader->set_moments);
	free(loader->settings);
	buffer_free(&loader->zoneless);
	buffer_free(&loader->refanged);
	buffer_free(&loader->link_details);
	name_table_free(&loader->keys);
	name_table_free(&loader->link_names);
	zone_free(loader->zone);
	preview_free(loader->preview);
}

struct span loader_setting(const struct loader *loader, const char *name)
{
	for (size_t i = loader->setting_count; i-- > 0;)
		if (span_is(loader->settings[i].name, name))
			return loader->settings[i].value;
	return span_string(NULL);
}

enum basis loader_basis(const struct loader *loader, enum basis otherwise)
{
	int basis = basis_find(loader_setting(loader, "basis"));
	return basis >= 0 ? (enum basis)basis : otherwise;
}

void loader_note(struct loader *loader, const char *format, ...)
{
	struct buffer line = {0};
	char text[ERROR_MESSAGE_SIZE];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	text_visible(&line, span_string(text), false);
	buffer_add_span(&loader->result->notes, buffer_span(&line));
	buffer_add_byte(&loader->result->notes, '\n');
	buffer_free(&line);
}

/* ---- units, and what there is to say of them ---- */

void loader_unit_end(struct loader *loader)
{
	if (!loader->in_unit)
		return;
	loader->in_unit = false;
	loader->result->duplicate += loader->unit_known;
	if (loader->unit_refused && loader->unit_records == 0)
		loader->result->skipped++;
	else
		loader->result->rows++;
}

void loader_unit(struct loader *loader, int64_t line)
{
	loader_unit_end(loader);
	loader->in_unit = true;
	loader->units++;
	loader->unit_line = line;
	loader->unit_records = 0;
	loader->unit_refused = false;
	loader->unit_known = false;
}

void loader_duplicate(struct loader *loader)
{
	loader->unit_known = true;
}

/* start, end: original bytes. */
static bool add_problem(struct loader *loader, int64_t line, int64_t start, int64_t end,
	bool skipped, const char *message, struct error *error)
{
	struct import_result *result = loader->result;
	result->problem_count++;
	if (result->problems_kept < LOADER_PROBLEMS_KEPT) {
		char *copy = memory_copy_string(message);
		if (!copy)
			return error_memory(error);
		result->problems[result->problems_kept++] = (struct import_problem){
			.line = line, .start = start, .skipped = skipped, .message = copy};
	}
	return !loader->writer ||
	       writer_problem(loader->writer, line, start, end, skipped, message, error);
}

static int64_t original(struct loader *loader, int64_t decoded)
{
	return decoded < 0 ? -1 : (int64_t)input_original(loader->input, (uint64_t)decoded);
}

bool loader_skip(struct loader *loader, int64_t line, int64_t start, int64_t end,
	struct error *error, const char *format, ...)
{
	char message[ERROR_MESSAGE_SIZE];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	loader->unit_refused = true;
	return add_problem(loader, line, original(loader, start), original(loader, end), true,
		       message, error) &&
	       loader_progress(loader, error);
}

bool loader_remark(struct loader *loader, int64_t line, int64_t start, int64_t end,
	struct error *error, const char *format, ...)
{
	char message[ERROR_MESSAGE_SIZE];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	return add_problem(loader, line, original(loader, start), original(loader, end), false,
		message, error);
}

bool loader_progress(struct loader *loader, struct error *error)
{
	const struct import_options *options = loader->options;
	if (++loader->ticks % TICKS != 0)
		return true;
	if (options->cancel && atomic_load(options->cancel))
		return error_set(
			error, ERROR_CANCELLED, "stopped as asked: nothing of this file was added");
	if (options->progress)
		options->progress(options->progress_context, input_read(loader->input),
			input_size(loader->input), loader->units);
	return true;
}

/* ---- times ---- */

/* Spellings of ISO 8601 that tools write: `2023-10-25 17:44:52 UTC`, `... +09:00` with a space
 * before the offset, and `2025/10/01` (the year first: nothing to guess). */
static bool parse_time(struct span text, const struct zone *zone, struct moment *moment)
{
	char plain[64];
	size_t length = 0;
	if (moment_parse(text, zone, moment, NULL))
		return true;
	if (text.length < 10 || text.length >= sizeof plain)
		return false;
	bool slashes = text.data[4] == '/' && text.data[7] == '/';
	for (size_t i = 0; i < text.length; i++) {
		struct span rest = span_slice(text, i, text.length);
		if (i > 10 &&
			(span_is(rest, " UTC") || span_is(rest, " GMT") || span_is(rest, " Z"))) {
			plain[length++] = 'Z';
			break;
		}
		if (i > 10 && rest.length > 1 && rest.data[0] == ' ' &&
			(rest.data[1] == '+' || rest.data[1] == '-'))
			continue;
		plain[length++] = slashes && (i == 4 || i == 7) ? '-' : text.data[i];
	}
	return moment_parse(span_of(plain, length), zone, moment, NULL);
}

/* Date and time without an offset, and nothing was said about its zone. */
static bool lacks_zone(const struct loader *loader, const struct moment *moment)
{
	return !loader->options->zone && moment->floating && moment->precision >= MOMENT_HOUR &&
	       moment->precision <= MOMENT_FRACTION;
}

bool loader_time_needs_zone(const struct loader *loader, struct span text)
{
	struct moment moment;
	return parse_time(span_trim(text), NULL, &moment) && lacks_zone(loader, &moment);
}

bool loader_time(struct loader *loader, struct span text, struct span column, struct moment *moment,
	struct error *error)
{
	struct last_time *last = &loader->last_time;
	text = span_trim(text);
	if (text.length > 0 && span_equal(text, span_of(last->text, last->length))) {
		*moment = last->moment;
		return true;
	}
	if (!parse_time(text, loader->zone, moment)) {
		*moment = (struct moment){.precision = MOMENT_NONE};
		return true;
	}
	if (!lacks_zone(loader, moment)) {
		if (text.length <= sizeof last->text) {
			memcpy(last->text, text.data, text.length);
			last->length = text.length;
			last->moment = *moment;
		}
		return true;
	}
	if (loader->options->dry_run) {
		if (loader->zoneless.length == 0)
			text_visible(&loader->zoneless, column, false);
		return true;
	}
	return error_set(error, ERROR_USAGE,
		"%.*s holds date-times without a zone (%.*s): say --zone NAME, or --zone floating "
		"to keep them as they are",
		(int)column.length, column.data, (int)text.length, text.data);
}

/* ---- records ---- */

/* What evidence puts where it has no machine, account ... to name. */
static bool names_nothing(enum kind kind, struct span name)
{
	name = span_trim(name);
	return span_is(name, "-") || span_is(name, ":") ||
	       (kind == KIND_HOST && span_equal_ignoring_case(name, span_string("localhost")));
}

static bool has_field(const struct draft_cell *cells, size_t count, int field)
{
	for (size_t i = 0; i < count; i++)
		if (cells[i].field == field)
			return true;
	return false;
}

/* The --set values that the draft does not state itself. */
static bool add_settings(struct loader *loader, struct draft *draft, struct error *error)
{
	for (size_t i = 0; i < loader->setting_count; i++) {
		const struct setting *setting = &loader->settings[i];
		struct draft_cell *cell = &loader->cells[draft->cell_count];
		*cell = (struct draft_cell){.field = kind_field_find(draft->kind, setting->name),
			.text = setting->value};
		if (span_is(setting->name, "by") && !span_stated(draft->by))
			draft->by = setting->value;
		if (setting->name.length > 6 && memcmp(setting->name.data, "extra.", 6) == 0) {
			cell->field = CELL_EXTRA;
			cell->name = span_slice(setting->name, 6, setting->name.length);
		} else if (cell->field < 0 ||
			   has_field(loader->cells, draft->cell_count, cell->field)) {
			continue;
		}
		if (cell->field >= 0 &&
			kind_info(draft->kind)->fields[cell->field].type == FIELD_TIME) {
			if (!loader_time(loader, setting->value, setting->name,
				    &loader->set_moments[i], error))
				return false;
			if (loader->set_moments[i].precision != MOMENT_NONE)
				cell->moment = &loader->set_moments[i];
		}
		draft->cell_count++;
	}
	return true;
}

/* The value of an indicator as it was before it was made harmless; as it is written it stays as
 * extra. */
static bool refang(struct loader *loader, struct draft *draft, struct error *error)
{
	int value = kind_info(KIND_INDICATOR)->name_field;
	for (size_t i = 0; draft->kind == KIND_INDICATOR && i < draft->cell_count; i++) {
		struct draft_cell *cell = &loader->cells[i];
		if (cell->field != value)
			continue;
		struct span written = cell->text;
		if (!indicator_refang(written, &loader->refanged))
			return !buffer_failed(&loader->refanged) || error_memory(error);
		cell->text = buffer_span(&loader->refanged);
		loader->cells[draft->cell_count++] = (struct draft_cell){
			.field = CELL_EXTRA, .name = span_string("written"), .text = written};
		return true;
	}
	return true;
}

/* A copy of the draft's cells, in which `-` is no host, and with the settings. */
static bool prepare(struct loader *loader, struct draft *draft, struct error *error)
{
	const struct kind_info *info = kind_info(draft->kind);
	struct draft_cell *cells = memory_grow(loader->cells, &loader->cell_capacity,
		draft->cell_count + loader->setting_count + 2, sizeof *cells);
	if (!cells)
		return error_memory(error);
	loader->cells = cells;
	if (draft->cell_count > 0)
		memcpy(cells, draft->cells, draft->cell_count * sizeof *cells);
	draft->cells = cells;
	for (size_t i = 0; i < draft->cell_count; i++) {
		if (cells[i].field < 0)
			continue;
		const struct kind_field *field = &info->fields[cells[i].field];
		if (field->type == FIELD_REFERENCE && cells[i].reference == 0 &&
			names_nothing(field->refers_to, cells[i].text)) {
			cells[i].name = span_string(field->name);
			cells[i].field = CELL_EXTRA;
		}
	}
	return refang(loader, draft, error) && add_settings(loader, draft, error);
}

/* Why the case can't take a draft, into reason; false when it can. */
static bool refuses(const struct draft *draft, char *reason, size_t size)
{
	const struct kind_info *info = kind_info(draft->kind);
	const struct draft_cell *name = NULL;
	for (size_t i = 0; i < draft->cell_count; i++) {
		const struct draft_cell *cell = &draft->cells[i];
		if (cell->field < 0)
			continue;
		const struct kind_field *field = &info->fields[cell->field];
		long long number;
		int shown = cell->text.length < 60 ? (int)cell->text.length : 60;
		if (cell->field == info->name_field && span_trim(cell->text).length > 0)
			name = cell;
		if (field->type == FIELD_CHOICE && !(field->flags & FIELD_JUDGEMENT) &&
			!kind_choice_valid(field, cell->text)) {
			snprintf(reason, size, "%s can't be `%.*s`, only %s", field->name, shown,
				cell->text.data, field->choices);
			return true;
		}
		if (field->type == FIELD_NUMBER && !span_to_integer(cell->text, &number)) {
			snprintf(reason, size, "%s is no number: `%.*s`", field->name, shown,
				cell->text.data);
			return true;
		}
	}
	bool needed = info->named || (info->fields[info->name_field].flags & FIELD_REQUIRED);
	if (needed && !name) {
		snprintf(reason, size, "a %s without a %s", info->name,
			info->fields[info->name_field].name);
		return true;
	}
	if (info->named && names_nothing(draft->kind, name->text)) {
		snprintf(reason, size, "`%.*s` names no %s", (int)name->text.length,
			name->text.data, info->name);
		return true;
	}
	return false;
}

/* A draft that can't be taken: its unit is skipped, unless something else of it was taken. */
static bool leave_out(
	struct loader *loader, const struct draft *draft, const char *reason, struct error *error)
{
	loader->unit_refused = true;
	return add_problem(loader, loader->unit_line, (int64_t)draft->start, (int64_t)draft->end,
		loader->unit_records == 0, reason, error);
}

bool loader_remember(
	struct loader *loader, struct span key, struct record_id id, struct error *error)
{
	if (!span_stated(key) || loader->keys.count >= MAX_KEYS)
		return true;
	size_t number = name_table_add(&loader->keys, key, NULL);
	struct record_id *records =
		number == SIZE_MAX ? NULL
				   : memory_grow(loader->key_records, &loader->key_capacity,
					     number + 1, sizeof *records);
	if (!records)
		return error_memory(error);
	loader->key_records = records;
	records[number] = id;
	return true;
}

/* Whether a key that lasts names a record that is there: the draft then tells of that one again.
 * *ours: this source told of it. */
static bool find_again(struct loader *loader, struct draft *draft, bool *ours, struct error *error)
{
	struct record_id known;
	const struct kind_info *info = kind_info(draft->kind);
	if (!draft->lasting || !span_stated(draft->key) || info->large || !loader->file)
		return true;
	*ours = name_table_find(&loader->keys, draft->key) != SIZE_MAX;
	if (!loader_find_key(loader, draft->key, draft->kind, &known, error))
		return false;
	draft->again = known.id;
	return true;
}

/* What another source told of under the same key. Where that is another record, a placeholder or
 * one of another name, the key says that both are the same. */
static bool meet_again(struct loader *loader, const struct draft *draft, struct record_id made,
	struct error *error)
{
	struct draft_link link = {.from = made,
		.to = {.kind = draft->kind, .id = draft->again},
		.type = span_string("same_as"),
		.basis = loader_basis(loader, BASIS_REPORTED),
		.start = draft->start,
		.end = draft->end};
	if (!loader->writer || made.id == draft->again) {
		loader->unit_known = true;
		return true;
	}
	return writer_link(loader->writer, &link, error);
}

bool loader_record(
	struct loader *loader, const struct draft *given, struct record_id *id, struct error *error)
{
	struct draft draft = *given;
	struct record_id made = {.kind = given->kind};
	char reason[ERROR_MESSAGE_SIZE];
	bool is_new, ours = false;
	if (id)
		*id = (struct record_id){0};
	if (!loader_progress(loader, error) || !prepare(loader, &draft, error))
		return false;
	draft.start = input_original(loader->input, given->start);
	draft.end = input_original(loader->input, given->end);
	if (refuses(&draft, reason, sizeof reason))
		return leave_out(loader, &draft, reason, error);
	if (!find_again(loader, &draft, &ours, error))
		return false;
	if (loader->preview && !preview_add(loader->preview, &draft))
		return error_memory(error);
	if (loader->writer) {
		struct error refused = {0};
		if (!writer_record(loader->writer, &draft, &made.id, &is_new, &refused)) {
			if (refused.code == ERROR_INPUT)
				return leave_out(loader, &draft, refused.message, error);
			if (error)
				*error = refused;
			return false;
		}
	}
	if (draft.again && !ours && !meet_again(loader, &draft, made, error))
		return false;
	loader->unit_records++;
	if (id)
		*id = made;
	return loader_remember(loader, draft.key, made, error);
}
