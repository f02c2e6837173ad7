/* Drafts on their way into the case: settings added, what names nothing or can't be taken left out,
 * ids remembered. */
#include "loader_private.h"

#include "base/memory.h"
#include "indicator.h"
#include "ingest/input.h"

#include <stdio.h>
#include <string.h>

/* Keys that are looked up without asking the case. */
#define MAX_KEYS 4000000

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
		struct setting *setting = &loader->settings[i];
		struct draft_cell *cell = &loader->cells[draft->cell_count];
		*cell = (struct draft_cell){.field = kind_field_find(draft->kind, setting->name),
			.text = setting->value};
		if (span_is(setting->name, "by") && !span_stated(draft->by))
			draft->by = setting->value;
		setting->taken = setting->taken || cell->field >= 0;
		struct span extra = kind_extra_name(setting->name);
		if (span_stated(extra)) {
			cell->field = CELL_EXTRA;
			cell->name = extra;
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
			else if (!setting->unread)
				loader_note(loader,
					"--set %.*s: `%.*s` can't be read as a time: kept as words",
					(int)setting->name.length, setting->name.data,
					(int)setting->value.length, setting->value.data);
			setting->unread = !cell->moment;
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
			!record_names(field->refers_to, cells[i].text)) {
			cells[i].name = span_string(field->name);
			cells[i].field = CELL_EXTRA;
		}
	}
	return refang(loader, draft, error) && add_settings(loader, draft, error) &&
	       loader_tell_apart(loader, draft, error);
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
		snprintf(reason, size, "%s %s without a %s", kind_article(draft->kind), info->name,
			info->fields[info->name_field].name);
		return true;
	}
	if (info->named && !record_names(draft->kind, name->text)) {
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
	return loader_problem(loader, loader->unit_line, (int64_t)draft->start, (int64_t)draft->end,
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
	if (!draft->lasting || !span_stated(draft->key) || info->large)
		return true;
	*ours = name_table_find(&loader->keys, draft->key) != SIZE_MAX;
	if (!loader->file)
		return true;
	if (!loader_find_key(loader, draft->key, draft->kind, &known, error))
		return false;
	draft->again = known.id;
	return true;
}

/* What another source told of under the same key. Where that is another record, a placeholder or
 * one of another name, the key says that both are the same. made: what the draft became, or would
 * tell of again. */
static bool meet_again(struct loader *loader, const struct draft *draft, struct record_id made,
	struct error *error)
{
	struct draft_link link = {.from = made,
		.to = {.kind = draft->kind, .id = draft->again},
		.type = span_string("same_as"),
		.basis = loader_basis(loader, BASIS_REPORTED),
		.start = draft->start,
		.end = draft->end};
	if (made.id == draft->again) {
		loader->unit_known = loader->unit_known || !draft->shared;
		return true;
	}
	return !loader->writer || writer_link(loader->writer, &link, error);
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
	if (!find_again(loader, &draft, &ours, error) ||
		!loader_find_twin(loader, &draft, &made.id, error))
		return false;
	bool twin = made.id != 0;
	loader->unit_known = loader->unit_known || twin;
	struct record_id told = made;
	if (loader->preview && !preview_add(loader->preview, &draft, twin || ours, &told.id, error))
		return false;
	if (twin && loader->writer && !writer_again(loader->writer, &draft, made.id, error))
		return false;
	if (!twin && loader->writer) {
		struct error refused = {0};
		if (!writer_record(loader->writer, &draft, &made.id, &is_new, &refused)) {
			if (refused.code == ERROR_INPUT)
				return leave_out(loader, &draft, refused.message, error);
			if (error)
				*error = refused;
			return false;
		}
	}
	if (loader->writer)
		told = made;
	if (draft.again && !ours && !meet_again(loader, &draft, told, error))
		return false;
	loader->unit_records++;
	if (id)
		*id = made;
	return loader_remember(loader, draft.key, made, error);
}
