/* Cards on where records came from: one record's provenance, and all imports. */
#include "card_parts.h"

#include "base/hash.h"
#include "casefile/source.h"

#include <inttypes.h>
#include <string.h>

/* Where the text that tells of a record says so; nothing when it cites none. */
static void add_citation(struct card *card, struct session *session, const struct record *record)
{
	const struct kind_info *info = kind_info(record->id.kind);
	for (int i = 0; i < record->cell_count; i++) {
		const struct cell *cell = &record->cells[i];
		if (cell->field < 0 || info->fields[cell->field].refers_to != KIND_DOCUMENT ||
			cell->reference <= 0)
			continue;
		const struct cell *locator = record_cell_named(record, span_string("locator"));
		struct buffer text = {0};
		buffer_add_span(&text, cell->text);
		if (locator) {
			buffer_add_string(&text, ", ");
			buffer_add_span(&text, locator->text);
		}
		card_held(session, cell->reference, &text);
		card_add(card, info->fields[cell->field].label, buffer_span(&text), CARD_PLAIN,
			CARD_NOWHERE, 0);
		buffer_free(&text);
	}
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
	card_add(card, label, buffer_span(&text), CARD_PLAIN, CARD_NOWHERE, 0);
	buffer_free(&text);
}

/* What a person stated with the import and no byte of the file says: `set host=WS01`. */
static void add_stated(struct card *card, const struct source *source)
{
	struct span rest = span_string(source->options);
	const char *label = "stated";
	while (rest.length > 0) {
		const char *end = memchr(rest.data, '\n', rest.length);
		struct span line =
			span_slice(rest, 0, end ? (size_t)(end - rest.data) : rest.length);
		rest = span_slice(rest, line.length + 1, rest.length);
		if (!span_starts_with(line, "map ") && !span_starts_with(line, "set ") &&
			!span_starts_with(line, "dates "))
			continue;
		card_add(card, label, line, CARD_PLAIN, CARD_NOWHERE, 0);
		label = "";
	}
}

static void add_source(struct card *card, const struct source *source)
{
	card_add_format(card, "file", CARD_PLAIN, CARD_NOWHERE, "%s, %" PRId64 " bytes",
		source->name, source->size);
	add_hash(card, source->sha256);
	card_add_format(card, "read as", CARD_PLAIN, CARD_NOWHERE, "%s, by %s", source->format,
		source->importer);
	add_clock(card, "imported", source->imported);
	if (source->zone)
		card_add_string(card, "zone", source->zone, CARD_PLAIN);
	add_stated(card, source);
	card_add_format(card, "units", source->skipped ? CARD_WARNING : CARD_PLAIN, CARD_NOWHERE,
		"%" PRId64 " taken, %" PRId64 " skipped", source->taken, source->skipped);
	card_add_string(card, "held",
		source->kept   ? "in the case"
		: source->path ? "outside the case, by name and hash"
			       : "not at hand",
		CARD_PLAIN);
}

void card_provenance(struct card *card, struct session *session, const struct record *record)
{
	card_title(card, record, 2);
	card_add_format(card, "record", CARD_PLAIN, CARD_NOWHERE, "%s:%" PRId64,
		kind_info(record->id.kind)->name, record->id.id);
	card_basis(card, record);
	add_citation(card, session, record);
	struct source source = {0};
	struct error error;
	if (source_read(session->file, record->source, &source, &error)) {
		add_source(card, &source);
		card_add_format(card, "bytes", CARD_PLAIN, CARD_NOWHERE,
			"%" PRIu64 " to %" PRIu64 " (%" PRIu64 ")", record->start, record->end,
			record->end - record->start);
	} else {
		card_add_string(card, "source", error.message, CARD_WARNING);
	}
	source_free(&source);
	card_blank(card);
	card_add_string(card, NULL, "P opens the source at these bytes", CARD_DIM);
}

static void add_problems(struct card *card, struct session *session, int64_t source)
{
	struct problem problem = {0};
	struct error error;
	int64_t number = 0;
	int result;
	while ((result = source_problem_next(session->file, source, &number, &problem, &error)) >
		0) {
		struct buffer text = {0};
		if (problem.line > 0)
			buffer_add_format(&text, "line %" PRId64, problem.line);
		if (problem.start >= 0)
			buffer_add_format(
				&text, "%sbyte %" PRId64, text.length ? ", " : "", problem.start);
		buffer_add_format(&text, "%s%s", text.length ? ": " : "", problem.message);
		card_add(card, problem.skipped ? "  skipped" : "  remark", buffer_span(&text),
			CARD_DIM, CARD_NOWHERE, 0);
		buffer_free(&text);
		source_problem_free(&problem);
	}
	if (result < 0)
		card_add_string(card, NULL, error.message, CARD_WARNING);
}

/* Of more than one source: how many there are, and in which not all came in. */
static void add_sum(struct card *card, struct session *session)
{
	struct source source = {0};
	struct error error;
	struct buffer text = {0}, name = {0};
	int64_t id = 0, sources = 0, taken_back = 0, taken = 0, skipped = 0, skipping = 0;
	while (source_next(session->file, &id, &source, &error) > 0) {
		bool away = source.state == SOURCE_WITHDRAWN;
		sources++;
		taken_back += away;
		taken += away ? 0 : source.taken;
		skipped += away ? 0 : source.skipped;
		if (!away && source.skipped > 0 && skipping++ == 0)
			buffer_add_string(&name, source.name);
		source_free(&source);
	}
	buffer_add_format(&text,
		"%" PRId64 " sources: %" PRId64 " units taken, %" PRId64 " skipped", sources, taken,
		skipped);
	if (skipping == 1 && !buffer_failed(&name))
		buffer_add_format(&text, " in %s", name.data);
	else if (skipping > 1)
		buffer_add_format(&text, " in %" PRId64 " of them", skipping);
	if (taken_back > 0)
		buffer_add_format(&text, "; %" PRId64 " taken back", taken_back);
	if (sources > 1 && !buffer_failed(&text))
		card_add(card, NULL, buffer_span(&text), CARD_HEADING, CARD_NOWHERE, 0);
	buffer_free(&name);
	buffer_free(&text);
}

void card_imports(struct card *card, struct session *session)
{
	add_sum(card, session);
	struct source source = {0};
	struct error error;
	int64_t id = 0;
	int result;
	while ((result = source_next(session->file, &id, &source, &error)) > 0) {
		if (card->count > 0)
			card_blank(card);
		card_add_format(card, NULL, CARD_HEADING, CARD_NOWHERE, "source %" PRId64 ": %s%s",
			id, source.name,
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
