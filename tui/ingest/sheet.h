/*
 * One record being filled in by a format. Private to ingest/.
 *
 *	sheet_begin(&sheet, KIND_EVENT, line, start, end);
 *	sheet_text(&sheet, "message", text);
 *	sheet_stamp(&sheet, "time", text, STAMP_ANY);
 *	sheet_rest(&sheet, object);
 *	sheet_end(&sheet, &id, &error)
 *
 * What goes wrong is remembered and returned by sheet_end. Text that is not stated or empty is no
 * cell; a field is filled once, what comes for it later goes to extra under its source's name.
 * Texts must stay valid until sheet_end, names need not.
 */
#ifndef INGEST_SHEET_H
#define INGEST_SHEET_H

#include "base/compiler.h"
#include "base/error.h"
#include "ingest/loader.h"
#include "json_value.h"
#include "stamps.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHEET_TIMES 4

struct sheet {
	struct loader *loader;
	struct draft draft;
	int64_t line;
	struct draft_cell *cells;
	size_t capacity;
	struct moment moments[SHEET_TIMES];
	size_t moment_count;
	struct draft_mention mentions[DRAFT_MENTIONS_MOST];
	struct json_arena arena; /* names and composed texts */
	bool failed;
	struct error error;
	int64_t undated; /* stamps that stand for no time, so far */
};

void sheet_free(struct sheet *sheet);
/* start, end: decoded bytes. Basis observed; set sheet.draft for another, and for a key. */
void sheet_begin(struct sheet *sheet, enum kind kind, int64_t line, uint64_t start, uint64_t end);
/* A field by its name. A word that a choice does not have goes to extra. */
void sheet_text(struct sheet *sheet, const char *field, struct span text);
/* A time field; words that are none are kept as words. */
void sheet_stamp(struct sheet *sheet, const char *field, struct span text, enum stamp_form form);
/* A time field whose reading is known. */
void sheet_moment(
	struct sheet *sheet, const char *field, struct span text, const struct moment *moment);
void sheet_extra(struct sheet *sheet, struct span name, struct span text);
/* A record that an event speaks of beside its fields; field: NULL for nothing but its name. What is
 * beyond DRAFT_MENTIONS_MOST, and what was said already, adds nothing. */
void sheet_mention(
	struct sheet *sheet, enum kind kind, struct span name, const char *field, struct span text);
/* Leaves of a value that are not used, as extra cells. Prefix: before their names; may be NULL. */
void sheet_rest(struct sheet *sheet, const char *prefix, const struct json_value *value);
/* printf into the sheet's own room. */
struct span sheet_format(struct sheet *sheet, const char *format, ...) PRINTF_LIKE(2, 3);
/* A copy in the sheet's own room. */
struct span sheet_keep(struct sheet *sheet, struct span text);
bool sheet_end(struct sheet *sheet, struct record_id *id, struct error *error) MUST_CHECK;
/* When all is read: a note on stamps that stood for no time. */
void sheet_done(struct sheet *sheet);

/* The value's text, which is marked as used. */
struct span sheet_take(struct json_value *value);
struct span sheet_take_at(const struct json_value *value, const char *path);

#endif
