#include "sheet.h"

#include "base/memory.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void sheet_free(struct sheet *sheet)
{
	free(sheet->cells);
	json_arena_free(&sheet->arena);
}

void sheet_begin(struct sheet *sheet, enum kind kind, int64_t line, uint64_t start, uint64_t end)
{
	json_arena_reset(&sheet->arena);
	sheet->draft = DRAFT(kind);
	sheet->draft.basis = loader_basis(sheet->loader, BASIS_OBSERVED);
	sheet->draft.start = start;
	sheet->draft.end = end;
	sheet->line = line;
	sheet->moment_count = 0;
	sheet->failed = false;
	sheet->error = (struct error){0};
}

static void fail_memory(struct sheet *sheet)
{
	if (!sheet->failed)
		error_memory(&sheet->error);
	sheet->failed = true;
}

static struct draft_cell *add_cell(struct sheet *sheet, int field, struct span text)
{
	struct draft_cell *cells = memory_grow(
		sheet->cells, &sheet->capacity, sheet->draft.cell_count + 1, sizeof *cells);
	if (!cells) {
		fail_memory(sheet);
		return NULL;
	}
	sheet->cells = cells;
	struct draft_cell *cell = &cells[sheet->draft.cell_count++];
	*cell = (struct draft_cell){.field = field, .text = text};
	return cell;
}

static bool filled(const struct sheet *sheet, int field)
{
	for (size_t i = 0; i < sheet->draft.cell_count; i++)
		if (sheet->cells[i].field == field)
			return true;
	return false;
}

struct span sheet_keep(struct sheet *sheet, struct span text)
{
	struct span copy = json_arena_copy(&sheet->arena, text);
	if (!span_stated(copy))
		fail_memory(sheet);
	return copy;
}

struct span sheet_format(struct sheet *sheet, const char *format, ...)
{
	va_list arguments, again;
	va_start(arguments, format);
	va_copy(again, arguments);
	int length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	char *text = length < 0 ? NULL : json_arena_take(&sheet->arena, (size_t)length + 1);
	if (text)
		vsnprintf(text, (size_t)length + 1, format, again);
	else
		fail_memory(sheet);
	va_end(again);
	return text ? span_of(text, (size_t)length) : span_string(NULL);
}

void sheet_extra(struct sheet *sheet, struct span name, struct span text)
{
	if (sheet->failed || text.length == 0)
		return;
	struct span kept = sheet_keep(sheet, name);
	struct draft_cell *cell = sheet->failed ? NULL : add_cell(sheet, CELL_EXTRA, text);
	if (cell)
		cell->name = kept;
}

/* Index of a field that is still free; -1 when it has to be an extra cell. */
static int free_field(struct sheet *sheet, const char *name, struct span text)
{
	int field = kind_field_find(sheet->draft.kind, span_string(name));
	if (field < 0 || filled(sheet, field))
		return -1;
	const struct kind_field *info = &kind_info(sheet->draft.kind)->fields[field];
	bool choice = info->type == FIELD_CHOICE && !(info->flags & FIELD_JUDGEMENT);
	return choice && !kind_choice_valid(info, text) ? -1 : field;
}

void sheet_text(struct sheet *sheet, const char *name, struct span text)
{
	if (sheet->failed || span_trim(text).length == 0)
		return;
	int field = free_field(sheet, name, text);
	if (field < 0)
		sheet_extra(sheet, span_string(name), text);
	else
		add_cell(sheet, field, text);
}

void sheet_moment(
	struct sheet *sheet, const char *name, struct span text, const struct moment *moment)
{
	if (sheet->failed || span_trim(text).length == 0)
		return;
	int field = free_field(sheet, name, text);
	if (field < 0 || sheet->moment_count == SHEET_TIMES) {
		sheet_extra(sheet, span_string(name), text);
		return;
	}
	struct draft_cell *cell = add_cell(sheet, field, text);
	if (!cell || moment->precision == MOMENT_NONE)
		return;
	sheet->moments[sheet->moment_count] = *moment;
	cell->moment = &sheet->moments[sheet->moment_count++];
}

void sheet_stamp(struct sheet *sheet, const char *name, struct span text, enum stamp_form form)
{
	struct moment moment;
	bool nothing;
	if (sheet->failed || span_trim(text).length == 0)
		return;
	if (!stamp_read(sheet->loader, text, form, span_string(name), &moment, &nothing,
		    &sheet->error)) {
		sheet->failed = true;
		return;
	}
	sheet->undated += nothing;
	if (!nothing && moment.precision == MOMENT_NONE &&
		!loader_remark(sheet->loader, sheet->line, (int64_t)sheet->draft.start,
			(int64_t)sheet->draft.end, &sheet->error,
			"%s: `%.*s` is kept as words, it %s", name,
			(int)(text.length < 60 ? text.length : 60), text.data,
			stamp_trouble(text, false)))
		sheet->failed = true;
	sheet_moment(sheet, name, text, &moment);
}

void sheet_mention(
	struct sheet *sheet, enum kind kind, struct span name, const char *field, struct span text)
{
	struct draft *draft = &sheet->draft;
	for (size_t i = 0; i < draft->mention_count; i++)
		if (sheet->mentions[i].kind == kind && span_equal(sheet->mentions[i].name, name))
			return;
	if (sheet->failed || name.length == 0 || draft->mention_count == DRAFT_MENTIONS_MOST)
		return;
	sheet->mentions[draft->mention_count++] = (struct draft_mention){.kind = kind,
		.name = name,
		.field = field ? kind_field_find(kind, span_string(field)) : CELL_EXTRA,
		.text = text};
}

static bool take_rest(void *context, struct span name, struct span text)
{
	struct sheet *sheet = context;
	sheet_extra(sheet, name, text);
	return !sheet->failed;
}

struct prefixed {
	struct sheet *sheet;
	const char *prefix;
};

static bool take_prefixed(void *context, struct span name, struct span text)
{
	const struct prefixed *to = context;
	struct buffer whole = {0};
	buffer_add_string(&whole, to->prefix);
	if (name.length > 0 && name.data[0] != '[')
		buffer_add_byte(&whole, '.');
	buffer_add_span(&whole, name);
	if (buffer_failed(&whole))
		fail_memory(to->sheet);
	else
		sheet_extra(to->sheet, buffer_span(&whole), text);
	buffer_free(&whole);
	return !to->sheet->failed;
}

void sheet_rest(struct sheet *sheet, const char *prefix, const struct json_value *value)
{
	struct prefixed to = {.sheet = sheet, .prefix = prefix};
	if (sheet->failed || !value || value->used)
		return;
	bool ok = prefix ? json_flatten(value, &sheet->arena, take_prefixed, &to)
			 : json_flatten(value, &sheet->arena, take_rest, sheet);
	if (!ok)
		fail_memory(sheet);
}

bool sheet_end(struct sheet *sheet, struct record_id *id, struct error *error)
{
	if (id)
		*id = (struct record_id){0};
	if (sheet->failed) {
		*error = sheet->error;
		return false;
	}
	sheet->draft.cells = sheet->cells;
	sheet->draft.mentions = sheet->mentions;
	return loader_record(sheet->loader, &sheet->draft, id, error);
}

void sheet_done(struct sheet *sheet)
{
	if (sheet->undated > 0)
		loader_note(sheet->loader,
			"%lld stamps stand for no time (zero, 1601, 1970): undated, kept as words",
			(long long)sheet->undated);
}

struct span sheet_take(struct json_value *value)
{
	struct span text = json_scalar(value);
	if (span_stated(text))
		value->used = true;
	return text;
}

struct span sheet_take_at(const struct json_value *value, const char *path)
{
	return sheet_take(json_at(value, path));
}
