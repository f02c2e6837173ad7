/* What a record's cards say: fields, where it came from, what it is related to. */
#include "explore/card.h"
#include "explore/session.h"

#include "base/hash.h"
#include "casefile/source.h"
#include "claims/count.h"
#include "claims/standing.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#define LABEL_WIDTH 13
/* Lines that one field takes in the record pane. */
#define BRIEF_LINES 4

static const struct record_id NOWHERE = {KIND_NONE, 0};

static void add_format(struct card *card, const char *label, enum card_tone tone,
	struct record_id target, const char *format, ...) PRINTF_LIKE(5, 6);

static void add_format(struct card *card, const char *label, enum card_tone tone,
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

/* The words, and beside them how they are read where that is not what they say. */
static void cell_text(const struct kind_field *field, const struct cell *cell, struct buffer *out)
{
	buffer_add_span(out, cell->text);
	if (!field || field->type != FIELD_TIME || cell->moment.precision == MOMENT_NONE)
		return;
	if (!cell->moment.inferred)
		return;
	buffer_add_string(out, " (");
	moment_format(out, &cell->moment, NULL);
	buffer_add_string(out, ", our reading)");
}

static void add_cell(
	struct card *card, const struct kind_info *info, const struct cell *cell, bool brief)
{
	const struct kind_field *field = cell->field < 0 ? NULL : &info->fields[cell->field];
	struct buffer text = {0};
	char label[80];
	snprintf(label, sizeof label, "%s%.*s", field ? "" : "extra.",
		(int)(cell->name.length < 60 ? cell->name.length : 60), cell->name.data);
	cell_text(field, cell, &text);
	if (cell->decided)
		buffer_add_string(&text, "  (decided)");
	if (cell->cut > 0)
		buffer_add_format(
			&text, " \u2026\n(%zu bytes more; P opens the source)", cell->cut);
	struct record_id target = NOWHERE;
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

static void add_title(struct card *card, const struct record *record, int most)
{
	struct buffer title = {0};
	int labels = card->label_width;
	card->label_width = 0;
	record_title(record, &title);
	card_add_cell(card, NULL, buffer_span(&title), NOWHERE, most);
	for (int64_t i = 0; i < card->count; i++)
		card->lines[i].tone = CARD_TITLE;
	buffer_free(&title);
	card->label_width = labels;
}

static void add_basis(struct card *card, const struct record *record)
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
	card_add(card, "basis", buffer_span(&text), CARD_PLAIN, NOWHERE, 0);
	buffer_free(&text);
}

/* How a claim stands, against what, and what its count comes to. */
static void add_standing(struct card *card, struct session *session, int64_t claim)
{
	struct claim_standing standing;
	struct claim_count count;
	struct error error;
	struct buffer text = {0};
	struct standings *standings = session_standings(session, &error);
	if (!standings || !standing_of(standings, claim, &standing, &error) ||
		!count_of(session->file, claim, NULL, &count, &error)) {
		card_add_string(card, "standing", error.message, CARD_WARNING);
		return;
	}
	struct record_id against = NOWHERE;
	if (standing.standing == STANDING_TENSION)
		against = (struct record_id){KIND_CLAIM, standing.against};
	standing_text(&standing, &text);
	card_add(card, "standing", buffer_span(&text), CARD_PLAIN, against, 0);
	buffer_clear(&text);
	count_text(&count, &text);
	if (text.length > 0)
		card_add(card, "count", buffer_span(&text), CARD_PLAIN, NOWHERE, 0);
	if (count.verdict != COUNT_NOT_STATED && count.placeholders > 0)
		add_format(card, "", CARD_DIM, NOWHERE,
			"%" PRId64 " placeholders pass and do not count", count.placeholders);
	buffer_free(&text);
}

/* `hosts.csv, bytes 412–470`. */
static void add_source_line(struct card *card, struct session *session, const struct record *record)
{
	struct source source = {0};
	struct error error;
	if (source_read(session->file, record->source, &source, &error))
		add_format(card, "source", CARD_PLAIN, NOWHERE, "%s, bytes %" PRIu64 " to %" PRIu64,
			source.name, record->start, record->end);
	else
		card_add_string(card, "source", error.message, CARD_WARNING);
	source_free(&source);
}

static void add_related(
	struct card *card, struct session *session, const struct related_list *related);
static void add_other_side(struct card *card, struct session *session, int64_t claim);

void card_record(struct card *card, struct session *session, const struct record *record,
	const struct related_list *related, bool brief)
{
	const struct kind_info *info = kind_info(record->id.kind);
	add_title(card, record, brief ? 2 : 0);
	for (int i = 0; i < record->cell_count; i++)
		if (record->cells[i].field != info->name_field) /* the title says it */
			add_cell(card, info, &record->cells[i], brief);
	add_unset(card, record);
	if (record->id.kind == KIND_CLAIM)
		add_standing(card, session, record->id.id);
	add_basis(card, record);
	add_source_line(card, session, record);
	if (related && related->count > 0) {
		card_blank(card);
		add_related(card, session, related);
	}
	if (record->id.kind == KIND_CLAIM)
		add_other_side(card, session, record->id.id);
}

static void add_hash(struct card *card, const uint8_t sha256[HASH_SIZE])
{
	char text[HASH_TEXT_SIZE];
	hash_text(sha256, text);
	card_add_string(card, "SHA-256", text, CARD_PLAIN);
}

static void add_clock(struct card *card, const char *label, int64_t clock)
{
	struct moment moment = {.from = clock / 1000000 * 1000000, .precision = MOMENT_SECOND};
	moment.to = moment.from + 1000000;
	struct buffer text = {0};
	moment_format(&text, &moment, NULL);
	buffer_add_string(&text, " UTC");
	card_add(card, label, buffer_span(&text), CARD_PLAIN, NOWHERE, 0);
	buffer_free(&text);
}

static void add_source(struct card *card, const struct source *source)
{
	add_format(card, "file", CARD_PLAIN, NOWHERE, "%s, %" PRId64 " bytes", source->name,
		source->size);
	add_hash(card, source->sha256);
	add_format(card, "read as", CARD_PLAIN, NOWHERE, "%s, by %s", source->format,
		source->importer);
	add_clock(card, "imported", source->imported);
	if (source->zone)
		card_add_string(card, "zone", source->zone, CARD_PLAIN);
	add_format(card, "units", source->skipped ? CARD_WARNING : CARD_PLAIN, NOWHERE,
		"%" PRId64 " taken, %" PRId64 " skipped", source->taken, source->skipped);
	card_add_string(card, "held",
		source->kept   ? "in the case"
		: source->path ? "beside the case"
			       : "not at hand",
		CARD_PLAIN);
}

void card_provenance(struct card *card, struct session *session, const struct record *record)
{
	add_title(card, record, 2);
	add_format(card, "record", CARD_PLAIN, NOWHERE, "%s:%" PRId64,
		kind_info(record->id.kind)->name, record->id.id);
	add_basis(card, record);
	struct source source = {0};
	struct error error;
	if (source_read(session->file, record->source, &source, &error)) {
		add_source(card, &source);
		add_format(card, "bytes", CARD_PLAIN, NOWHERE,
			"%" PRIu64 " to %" PRIu64 " (%" PRIu64 ")", record->start, record->end,
			record->end - record->start);
	} else {
		card_add_string(card, "source", error.message, CARD_WARNING);
	}
	source_free(&source);
	card_blank(card);
	card_add_string(card, NULL, "P opens the source at these bytes", CARD_DIM);
}

static void add_one_related(
	struct card *card, struct session *session, const struct related *related)
{
	struct buffer text = {0};
	struct record record = {0};
	struct error error = {0};
	char label[64];
	snprintf(label, sizeof label, "%s%s", related->outgoing ? "" : "< ", related->type);
	for (char *at = label; *at; at++)
		if (*at == '_')
			*at = ' ';
	const struct kind_info *info = kind_info(related->id.kind);
	if (related->id.id == 0) {
		buffer_add_format(&text, "%" PRId64 " %s", related->count, info->plural);
	} else if (record_read(session->reader, related->id.kind, related->id.id, &record,
			   &error) == RECORD_FOUND) {
		/* A statement is nothing without who said it. */
		const struct cell *speaker = record_cell_named(&record, span_string("speaker"));
		if (related->id.kind == KIND_STATEMENT && speaker)
			buffer_add_span(&text, speaker->text);
		else
			buffer_add_string(&text, info->name);
		buffer_add_string(&text, ": ");
		record_title(&record, &text);
	} else {
		buffer_add_format(&text, "%s:%" PRId64 " %s", info->name, related->id.id,
			error.code == ERROR_NONE ? "(withdrawn)" : error.message);
	}
	if (related->count > 1 && related->id.id != 0)
		buffer_add_format(&text, " (%" PRId64 " events)", related->count);
	if (related->detail && related->detail[0])
		buffer_add_format(&text, " (%s)", related->detail);
	if (buffer_failed(&text))
		card->failed = true;
	else
		card_add(card, label, buffer_span(&text), CARD_PLAIN,
			related->id.id ? related->id : NOWHERE, 2);
	record_free(&record);
	buffer_free(&text);
}

/* At most this many of one relation are shown; the rest is counted. */
#define SHOWN_OF_A_RELATION 60

static void add_related(
	struct card *card, struct session *session, const struct related_list *related)
{
	add_format(card, NULL, CARD_HEADING, NOWHERE, "related (%s%d)", related->more ? ">" : "",
		related->count);
	int run = 0;
	for (int i = 0; i < related->count; i++) {
		const struct related *item = &related->items[i];
		bool same = i > 0 && strcmp(item->type, related->items[i - 1].type) == 0 &&
			    item->outgoing == related->items[i - 1].outgoing &&
			    item->id.kind == related->items[i - 1].id.kind;
		run = same ? run + 1 : 0;
		if (run < SHOWN_OF_A_RELATION)
			add_one_related(card, session, item);
		else if (run == SHOWN_OF_A_RELATION)
			card_add_string(card, NULL, "…", CARD_DIM);
	}
	if (related->more)
		card_add_string(card, NULL, "more than are shown here", CARD_DIM);
}

/* A claim in tension is never shown without what it is in tension with, and who says so. */
static void add_other_side(struct card *card, struct session *session, int64_t claim)
{
	struct claim_standing standing;
	struct error error;
	struct record other = {0};
	struct related_list stances = {0};
	struct standings *standings = session_standings(session, &error);
	if (!standings || !standing_of(standings, claim, &standing, &error) ||
		standing.standing != STANDING_TENSION)
		return;
	struct record_id id = {KIND_CLAIM, standing.against};
	if (record_read(session->reader, id.kind, id.id, &other, &error) == RECORD_FOUND &&
		link_related(session->file, id, 1024, &stances, &error)) {
		struct buffer title = {0};
		record_title(&other, &title);
		card_blank(card);
		card_add_string(card, NULL, "in tension with", CARD_HEADING);
		card_add(card, "claim", buffer_span(&title), CARD_PLAIN, id, 0);
		for (int i = 0; i < stances.count; i++)
			if (!stances.items[i].outgoing && stances.items[i].journal > 0)
				add_one_related(card, session, &stances.items[i]);
		buffer_free(&title);
	}
	related_list_free(&stances);
	record_free(&other);
}

void card_related(struct card *card, struct session *session, const struct record *record,
	const struct related_list *related)
{
	add_title(card, record, 2);
	card_blank(card);
	if (related->count == 0)
		card_add_string(card, NULL, "related to nothing in this case", CARD_DIM);
	else
		add_related(card, session, related);
}

static void add_problems(struct card *card, struct session *session, int64_t source)
{
	struct problem problem = {0};
	struct error error;
	int64_t number = 0;
	int result;
	while ((result = source_problem_next(session->file, source, &number, &problem, &error)) >
		0) {
		add_format(card, problem.skipped ? "  skipped" : "  remark", CARD_DIM, NOWHERE,
			"line %" PRId64 ", byte %" PRId64 ": %s", problem.line, problem.start,
			problem.message);
		source_problem_free(&problem);
	}
	if (result < 0)
		card_add_string(card, NULL, error.message, CARD_WARNING);
}

void card_imports(struct card *card, struct session *session)
{
	struct source source = {0};
	struct error error;
	int64_t id = 0;
	int result;
	while ((result = source_next(session->file, &id, &source, &error)) > 0) {
		if (card->count > 0)
			card_blank(card);
		add_format(card, NULL, CARD_HEADING, NOWHERE, "source %" PRId64 ": %s%s", id,
			source.name,
			source.state == SOURCE_WITHDRAWN ? " (taken back)"
			: source.state == SOURCE_LOADING ? " (loading)"
							 : "");
		add_source(card, &source);
		add_problems(card, session, id);
		source_free(&source);
	}
	if (result < 0)
		card_add_string(card, NULL, error.message, CARD_WARNING);
	if (card->count == 0)
		card_add_string(card, NULL, "nothing was imported yet", CARD_DIM);
}
