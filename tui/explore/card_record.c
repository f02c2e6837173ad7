/* The card of a record: what it says, how it stands, on what it rests. */
#include "card_parts.h"

#include "casefile/journal.h"
#include "casefile/source.h"
#include "claims/count.h"
#include "claims/standing.h"
#include "explore/columns.h"
#include "search/filter.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

/* Lines that one field takes in the record pane. */
#define BRIEF_LINES 4

void card_add_format(struct card *card, const char *label, enum card_tone tone,
	struct record_id target, const char *format, ...)
{
	char text[512];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	card_add(card, label, span_string(text), tone, target, 0);
}

/* "1", "41 to 60", "24 or more", "not stated". */
static void stands_text(const struct record *record, char *text, size_t size)
{
	if (!record->stands_stated)
		snprintf(text, size, "a number that is not stated");
	else if (record->stands_max == INT64_MAX)
		snprintf(text, size, "%" PRId64 " or more", record->stands_min);
	else if (record->stands_min == record->stands_max)
		snprintf(text, size, "%" PRId64, record->stands_min);
	else
		snprintf(text, size, "%" PRId64 " to %" PRId64, record->stands_min,
			record->stands_max);
}

/* Whether a stamp is written as we write it, but for a T, zeros of its fraction and a UTC behind.
 */
static bool reads_itself(struct span text, struct span reading)
{
	static const char *const ends[] = {"", "Z", "z", "+00:00", "+0000", "+00", " UTC"};
	size_t at = 0;
	while (at < text.length && at < reading.length &&
		(text.data[at] == reading.data[at] ||
			(text.data[at] == 'T' && reading.data[at] == ' ')))
		at++;
	struct span more = span_slice(reading, at, reading.length);
	while (more.length > 0 && strchr(".0", more.data[0]))
		more = span_slice(more, 1, more.length);
	while (at < text.length && strchr(".0", text.data[at]))
		at++;
	struct span end = span_slice(text, at, text.length);
	for (size_t i = 0; i < ARRAY_LENGTH(ends); i++)
		if (span_is(end, ends[i]))
			return more.length == 0;
	return false;
}

/* The words, and beside them how they are read where that is not what they say: words, a number of
 * seconds, the clock of another zone. */
static void cell_text(const struct kind_field *field, const struct cell *cell, struct buffer *out)
{
	buffer_add_span(out, cell->text);
	if (!field || field->type != FIELD_TIME || cell->moment.precision == MOMENT_NONE)
		return;
	struct buffer reading = {0};
	moment_format(&reading, &cell->moment, NULL);
	bool lacks = columns_lacks_zone(&cell->moment);
	if (cell->moment.inferred || !reads_itself(cell->text, buffer_span(&reading))) {
		buffer_add_string(out, " (");
		buffer_add_span(out, buffer_span(&reading));
		buffer_add_string(out, cell->moment.inferred   ? ", our reading)"
				       : lacks                 ? ", zone not known)"
				       : cell->moment.floating ? ")"
							       : " UTC)");
	} else if (lacks) {
		buffer_add_string(out, " (zone not known)");
	}
	buffer_free(&reading);
}

/* What of a document is in the case, in words that do not pass for more. */
static struct span held_words(struct span held)
{
	return span_is(held, "summary") ? span_string("summary, original not held") : held;
}

/* `, ¶8 (summary, original not held)`: what stands behind a reference to a document. */
void card_held(struct session *session, int64_t document, struct buffer *out)
{
	struct record record = {0};
	struct error error;
	if (record_read(session->reader, KIND_DOCUMENT, document, &record, &error) ==
		RECORD_FOUND) {
		const struct cell *held = record_cell_named(&record, span_string("held"));
		buffer_add_string(out, " (");
		buffer_add_span(out, held ? held_words(held->text) : span_string("not held"));
		buffer_add_string(out, ")");
	}
	record_free(&record);
}

void card_why(struct card *card, struct session *session, int64_t entry)
{
	struct buffer text = {0};
	struct error error;
	buffer_add_string(&text, "decided by ");
	size_t begun = text.length;
	if (!journal_why(session->file, entry, &text, &error))
		card_add_string(card, NULL, error.message, CARD_WARNING);
	else if (buffer_failed(&text))
		card->failed = true;
	else if (text.length > begun)
		card_add(card, NULL, buffer_span(&text), CARD_DIM, CARD_NOWHERE, 0);
	buffer_free(&text);
}

/* Of a field that was decided on. */
static void add_why(
	struct card *card, struct session *session, struct record_id id, const struct cell *cell)
{
	struct error error;
	int64_t entry =
		cell->field < 0 ? 0 : journal_of_field(session->file, id, cell->name, &error);
	if (entry > 0)
		card_why(card, session, entry);
	else if (entry < 0)
		card_add_string(card, NULL, error.message, CARD_WARNING);
}

static void add_cell(struct card *card, struct session *session, const struct kind_info *info,
	const struct cell *cell, bool brief)
{
	const struct kind_field *field = cell->field < 0 ? NULL : &info->fields[cell->field];
	struct buffer text = {0};
	char label[80];
	snprintf(label, sizeof label, "%s%.*s", field ? "" : "extra.",
		(int)(cell->name.length < 60 ? cell->name.length : 60), cell->name.data);
	cell_text(field, cell, &text);
	if (info == kind_info(KIND_DOCUMENT) && span_is(cell->name, "held")) {
		buffer_clear(&text);
		buffer_add_span(&text, held_words(cell->text));
	}
	if (field && field->refers_to == KIND_DOCUMENT && cell->reference > 0)
		card_held(session, cell->reference, &text);
	if (cell->decided)
		buffer_add_string(&text, "  (decided)");
	if (cell->cut > 0)
		buffer_add_format(&text, "\n(%zu bytes more; P opens the source)", cell->cut);
	struct record_id target = CARD_NOWHERE;
	if (field && field->type == FIELD_REFERENCE && cell->reference > 0)
		target = (struct record_id){field->refers_to, cell->reference};
	if (buffer_failed(&text))
		card->failed = true;
	else
		card_add_cell(card, field ? field->label : label, buffer_span(&text), target,
			brief ? BRIEF_LINES : 0);
	buffer_free(&text);
}

/* A judgement that nobody made is said, since a blank would look like an oversight. */
static void add_unset(struct card *card, const struct record *record)
{
	const struct kind_info *info = kind_info(record->id.kind);
	for (int field = 0; field < info->field_count; field++)
		if (info->fields[field].flags & FIELD_JUDGEMENT && !record_cell(record, field))
			card_add_string(card, info->fields[field].label,
				info->fields[field].unset ? info->fields[field].unset
							  : "not stated",
				CARD_DIM);
}

void card_title(struct card *card, const struct record *record, int most)
{
	struct buffer title = {0};
	int labels = card->label_width;
	card->label_width = 0;
	record_title(record, &title);
	int64_t first = card->count;
	card_add_cell(card, NULL, buffer_span(&title), CARD_NOWHERE, most);
	for (int64_t i = first; i < card->count; i++)
		card->lines[i].tone = CARD_TITLE;
	buffer_free(&title);
	card->label_width = labels;
}

void card_basis(struct card *card, const struct record *record)
{
	char stands[64];
	stands_text(record, stands, sizeof stands);
	bool one = record->stands_stated && record->stands_min == 1 && record->stands_max == 1;
	struct buffer text = {0};
	buffer_add_string(&text, basis_name(record->basis));
	if (span_stated(record->by)) {
		buffer_add_string(&text, " by ");
		buffer_add_span(&text, record->by);
	}
	if (!one)
		buffer_add_format(&text, ", stands for %s", stands);
	card_add(card, "basis", buffer_span(&text), CARD_PLAIN, CARD_NOWHERE, 0);
	buffer_free(&text);
}

void card_run(struct card *card, int64_t run)
{
	int labels = card->label_width;
	card->label_width = 0;
	card_add_format(card, NULL, CARD_DIM, CARD_NOWHERE,
		"the first of %" PRId64 " that differ only in name; Enter unfolds them", run);
	card->label_width = labels;
}

/* What a claim's filter counts, in words; one that can't be read is the count's to tell. */
static void add_counted(struct card *card, const struct record *claim)
{
	const struct cell *counts = record_cell_named(claim, span_string("counts"));
	enum kind kind = counts ? filter_leading_kind(counts->text) : KIND_NONE;
	struct error error;
	struct filter *filter =
		kind == KIND_NONE ? NULL : filter_parse(counts->text, kind, NULL, &error);
	if (!filter)
		return;
	struct buffer text = {0};
	buffer_add_string(&text, "of rows whose ");
	filter_sentence(filter, &text);
	filter_free(filter);
	if (buffer_failed(&text))
		card->failed = true;
	else
		card_add(card, "", buffer_span(&text), CARD_DIM, CARD_NOWHERE, 0);
	buffer_free(&text);
}

/* What the count of a claim comes to; it is counted by a job. */
static void add_count(struct card *card, struct session *session, const struct record *claim)
{
	const struct counted *counted = session_counted(session, claim->id.id);
	struct buffer text = {0};
	if (!counted) {
		card_add_string(card, "count", "counting \u2026", CARD_DIM);
		card->waits = true;
		return;
	}
	if (counted->error.code != ERROR_NONE) {
		card_add_string(card, "count", counted->error.message, CARD_WARNING);
		return;
	}
	count_text(&counted->count, &text);
	if (text.length > 0)
		card_add(card, "count", buffer_span(&text), CARD_PLAIN, CARD_NOWHERE, 0);
	add_counted(card, claim);
	if (counted->count.verdict != COUNT_NOT_STATED && counted->count.placeholders > 0)
		card_add_format(card, "", CARD_DIM, CARD_NOWHERE,
			"%" PRId64 " placeholders pass and do not count",
			counted->count.placeholders);
	buffer_free(&text);
}

static bool states_count(const struct record *claim)
{
	static const char *const fields[] = {"quantity", "quantity_min", "quantity_max"};
	bool states = false;
	for (size_t i = 0; i < ARRAY_LENGTH(fields); i++)
		states |= record_cell_named(claim, span_string(fields[i])) != NULL;
	return states;
}

/* How a claim stands, and against what. */
static void add_standing(struct card *card, struct session *session, int64_t claim)
{
	struct claim_standing standing;
	struct error error;
	struct buffer text = {0};
	struct standings *standings = session_standings(session, &error);
	if (!standings || !standing_of(standings, claim, &standing, &error)) {
		card_add_string(card, "standing", error.message, CARD_WARNING);
		return;
	}
	struct record_id against = CARD_NOWHERE;
	if (standing.standing == STANDING_TENSION)
		against = (struct record_id){KIND_CLAIM, standing.against};
	standing_text(&standing, &text);
	card_add(card, "standing", buffer_span(&text), CARD_PLAIN, against, 0);
	buffer_free(&text);
}

/* `hosts.csv, bytes 412–470`. */
static void add_source_line(struct card *card, struct session *session, const struct record *record)
{
	struct source source = {0};
	struct error error;
	if (source_read(session->file, record->source, &source, &error))
		card_add_format(card, "source", CARD_PLAIN, CARD_NOWHERE,
			"%s, bytes %" PRIu64 " to %" PRIu64, source.name, record->start,
			record->end);
	else
		card_add_string(card, "source", error.message, CARD_WARNING);
	source_free(&source);
}

/* Places that a card names beside a record's own. */
#define MOST_PLACES 4

static void add_places(struct card *card, struct session *session, const struct record *record)
{
	struct record_mention places[MOST_PLACES];
	struct error error;
	bool more;
	int count = record_mentions(session->file, record, places, MOST_PLACES, &more, &error);
	for (int i = 0; i < count; i++) {
		struct source source = {0};
		if (source_read(session->file, places[i].source, &source, &error))
			card_add_format(card, i ? "" : "also in", CARD_PLAIN, CARD_NOWHERE,
				"%s, bytes %" PRIu64 " to %" PRIu64, source.name, places[i].start,
				places[i].end);
		source_free(&source);
	}
	if (more)
		card_add_string(card, "", "and others", CARD_PLAIN);
}

void card_record(struct card *card, struct session *session, const struct record *record,
	const struct related_list *related, bool brief)
{
	const struct kind_info *info = kind_info(record->id.kind);
	card_title(card, record, brief ? 2 : 0);
	if (record->id.kind == KIND_CLAIM) {
		add_standing(card, session, record->id.id);
		if (states_count(record))
			add_count(card, session, record);
		card_sides(card, session, record->id.id, related, brief);
	}
	const struct cell *name = record_name_cell(record);
	if (name && name->field != info->name_field && record->id.kind != KIND_STATEMENT)
		name = NULL; /* the title does not say what it is */
	for (int i = 0; i < record->cell_count; i++)
		if (&record->cells[i] != name) { /* the title says it */
			add_cell(card, session, info, &record->cells[i], brief);
			if (record->cells[i].decided && !brief)
				add_why(card, session, record->id, &record->cells[i]);
		}
	add_unset(card, record);
	card_basis(card, record);
	add_source_line(card, session, record);
	if (!brief)
		add_places(card, session, record);
	if (related)
		card_add_related(card, session, related, record->id.kind != KIND_CLAIM, brief);
}
