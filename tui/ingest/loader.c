/* What was asked for, the units of an input and what is said of them. loader_times.c reads times,
 * loader_records.c brings drafts in, loader_links.c what is written when all is read. */
#include "loader_private.h"

#include "base/memory.h"
#include "base/text.h"
#include "ingest/input.h"
#include "special.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICKS 256

const struct import_options *loader_options(const struct loader *loader)
{
	return loader->options;
}

const struct zone *loader_zone(const struct loader *loader)
{
	return loader->zone;
}

/* ---- settings ---- */

/* What is about records of any kind. */
static bool is_reserved(struct span name)
{
	static const char *const reserved[] = {"basis", "by", "reviewer"};
	for (size_t i = 0; i < ARRAY_LENGTH(reserved); i++)
		if (span_is(name, reserved[i]))
			return true;
	return span_stated(kind_extra_name(name));
}

/* Whether --set knows a name: a field of the kind that was asked for, or of any. */
static bool setting_known(struct span name, enum kind kind)
{
	if (is_reserved(name))
		return true;
	for (int other = KIND_NONE + 1; other < KIND_COUNT; other++)
		if ((kind == KIND_NONE || kind == (enum kind)other) &&
			kind_field_find((enum kind)other, name) >= 0)
			return true;
	return false;
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
	loader->settings[loader->setting_count++] =
		(struct setting){.name = name, .value = value, .taken = is_reserved(name)};
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
	if (!loader->settings || !loader->set_moments)
		return error_memory(error);
	if (options->dry_run && !(loader->preview = preview_new(loader->file, error)))
		return false;
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
	buffer_free(&loader->told_apart);
	name_table_free(&loader->techniques);
	name_table_free(&loader->attack_ids);
	free(loader->technique_ids);
	buffer_free(&loader->link_details);
	name_table_free(&loader->keys);
	name_table_free(&loader->link_names);
	zone_free(loader->zone);
	preview_free(loader->preview);
	twins_close(loader->twins);
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

bool loader_problem(struct loader *loader, int64_t line, int64_t start, int64_t end, bool skipped,
	const char *message, struct error *error)
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

unsigned long long loader_original(struct loader *loader, uint64_t decoded)
{
	return input_original(loader->input, decoded);
}

static int64_t original(struct loader *loader, int64_t decoded)
{
	return decoded < 0 ? -1 : (int64_t)input_original(loader->input, (uint64_t)decoded);
}

/* start, end: decoded bytes, or -1. */
static bool PRINTF_LIKE(6, 0) add_problem(struct loader *loader, int64_t line, int64_t start,
	int64_t end, bool skipped, const char *format, va_list arguments, struct error *error)
{
	char message[ERROR_MESSAGE_SIZE];
	vsnprintf(message, sizeof message, format, arguments);
	return loader_problem(loader, line, original(loader, start), original(loader, end), skipped,
		message, error);
}

bool loader_skip(struct loader *loader, int64_t line, int64_t start, int64_t end,
	struct error *error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	loader->unit_refused = true;
	bool added = add_problem(loader, line, start, end, true, format, arguments, error);
	va_end(arguments);
	return added && loader_progress(loader, error);
}

bool loader_remark(struct loader *loader, int64_t line, int64_t start, int64_t end,
	struct error *error, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	bool added = add_problem(loader, line, start, end, false, format, arguments, error);
	va_end(arguments);
	return added;
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
