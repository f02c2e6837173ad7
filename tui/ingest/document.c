/*
 * Plain text, Markdown and AsciiDoc: a document kept whole; the indicators that it tells of, and
 * its dated lines as events; what is said in it proposed as statements. Each with its exact bytes.
 * A person accepts, changes or sets aside what is proposed.
 */
#include "document_private.h"

#include "base/compiler.h"
#include "format_table.h"
#include "speech.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* English has one of its commonest words at least so often. */
#define BYTES_A_COMMON_WORD 150

int document_sniff(struct span head, bool whole, struct span name)
{
	(void)whole;
	if (head.length == 0 || memchr(head.data, '\0', head.length))
		return 0;
	if (name_ends(name, ".txt .text .md .markdown .adoc .asciidoc"))
		return 70;
	return 20;
}

/* ---- the language ---- */

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte & 0x80);
}

static bool is_common_word(struct span word)
{
	static const char *const words[] = {"the", "of", "and", "to", "in", "that", "was", "is"};
	for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
		if (span_equal_ignoring_case(word, span_string(words[i])))
			return true;
	return false;
}

static bool is_english(struct span text)
{
	size_t common = 0;
	for (size_t at = 0; at < text.length;) {
		size_t end = at;
		while (end < text.length && is_letter(text.data[end]))
			end++;
		common += end > at && is_common_word(span_slice(text, at, end));
		at = end + 1;
	}
	return common * BYTES_A_COMMON_WORD >= text.length;
}

/* ---- places ---- */

void document_rewind(struct document *document)
{
	document->paragraph = 0;
	document->page = 1;
	document->counted = 0;
}

struct span document_locator(struct document *document, size_t at, char *room)
{
	while (document->paragraph < document->paragraph_count &&
		document->paragraphs[document->paragraph] <= at)
		document->paragraph++;
	for (; document->counted < at; document->counted++)
		document->page += document->text.data[document->counted] == '\f';
	if (document->paged)
		snprintf(room, DOCUMENT_LOCATOR_SIZE, "p. %zu, \u00b6%zu", document->page,
			document->paragraph);
	else
		snprintf(room, DOCUMENT_LOCATOR_SIZE, "\u00b6%zu", document->paragraph);
	return span_string(room);
}

/* ---- records ---- */

void document_cell(
	struct draft *draft, struct draft_cell *cells, const char *field, struct span text)
{
	if (!span_stated(text) || text.length == 0)
		return;
	cells[draft->cell_count++] = (struct draft_cell){
		.field = kind_field_find(draft->kind, span_string(field)), .text = text};
	draft->cells = cells;
}

void document_reference(const struct document *document, struct draft *draft,
	struct draft_cell *cells, const char *field)
{
	size_t count = draft->cell_count;
	document_cell(draft, cells, field, document->title);
	if (draft->cell_count > count)
		cells[count].reference = document->id.id;
}

/* What the person stated with --set is not stated by us. */
static void add_derived(const struct document *document, struct draft *draft,
	struct draft_cell *cells, const char *field, struct span text)
{
	if (!span_stated(loader_setting(document->loader, field)))
		document_cell(draft, cells, field, text);
}

/* The date that the document gives itself. */
static bool add_published(struct document *document, struct draft *draft, struct draft_cell *cells,
	struct moment *moment, struct error *error)
{
	struct document_date date;
	size_t count = draft->cell_count;
	add_derived(document, draft, cells, "published", document->published);
	if (draft->cell_count == count ||
		!document_date(
			document->published, loader_options(document->loader)->dates, &date) ||
		date.open || date.length != document->published.length)
		return true;
	if (!document_moment(document, &date, moment, error))
		return false;
	cells[count].moment = moment->precision == MOMENT_NONE ? NULL : moment;
	return true;
}

static bool add_document(struct document *document, bool english, struct error *error)
{
	struct draft draft = DRAFT(KIND_DOCUMENT);
	struct draft_cell cells[5];
	struct moment published;
	struct span asked = loader_setting(document->loader, "title");
	if (!document_title(document, error))
		return false;
	if (span_stated(asked))
		document->title = asked;
	draft.basis = loader_basis(document->loader, BASIS_OBSERVED);
	draft.end = document->text.length;
	add_derived(document, &draft, cells, "title", document->title);
	if (!add_published(document, &draft, cells, &published, error))
		return false;
	add_derived(document, &draft, cells, "language", span_string(english ? "en" : NULL));
	add_derived(document, &draft, cells, "held", span_string("copy"));
	document_cell(&draft, cells, "body", document->text);
	return loader_record(document->loader, &draft, &document->id, error);
}

/* ---- what there is to say of it ---- */

static bool report(struct document *document, struct error *error)
{
	struct loader *loader = document->loader;
	size_t indicators = document->cited.count;
	if (indicators + document->events > 0)
		loader_note(loader, "%zu indicator%s, %zu dated line%s", indicators,
			indicators == 1 ? "" : "s", document->events,
			document->events == 1 ? "" : "s");
	if (document->intact > 0)
		loader_note(loader,
			"%zu link%s that nobody made harmless (hxxp, [.]) taken for references, "
			"not for indicators",
			document->intact, document->intact == 1 ? "" : "s");
	return (document->zoneless == 0 ||
		       loader_remark(loader, 0, -1, -1, error,
			       "%zu time%s of day without a zone: the date counts alone; --zone "
			       "NAME, "
			       "or --zone floating, says what the time is",
			       document->zoneless, document->zoneless == 1 ? "" : "s")) &&
	       (document->abbreviated == 0 ||
		       loader_remark(loader, 0, -1, -1, error,
			       "%zu time%s of day in a zone by its abbreviation (JST, CET ...), "
			       "which "
			       "is not read: the date counts alone",
			       document->abbreviated, document->abbreviated == 1 ? "" : "s")) &&
	       (document->open == 0 ||
		       loader_remark(loader, 0, -1, -1, error,
			       "%zu line%s begin%s with a date that leaves open which number is "
			       "the "
			       "day: no event; --dates dmy or mdy says what it means",
			       document->open, document->open == 1 ? "" : "s",
			       document->open == 1 ? "s" : ""));
}

/* All of the text at hand at once: it is one record's body. */
static bool whole_text(struct input *input, struct span *text, struct error *error)
{
	size_t wanted = 64 * 1024;
	for (;;) {
		if (!input_window(input, wanted, text, error))
			return error_wrap(error, "a document is read as one text");
		if (text->length < wanted)
			return true;
		wanted = text->length < INPUT_MAX_LINE ? text->length + 1 : INPUT_MAX_LINE + 1;
		if (wanted < INPUT_MAX_LINE / 2)
			wanted *= 2;
	}
}

static bool read_text(struct document *document, struct error *error)
{
	bool english = is_english(document->text);
	if (!speech_paragraphs(
		    document->text, &document->paragraphs, &document->paragraph_count, error) ||
		!add_document(document, english, error))
		return false;
	if (document->id.kind == KIND_NONE)
		return true;
	if (!document_lines(document, error) || !report(document, error))
		return false;
	if (!english)
		return loader_remark(document->loader, 0, -1, -1, error,
			"statements are proposed from English text only, and this is none by its "
			"commonest words: none were looked for");
	return document_statements(document, error) &&
	       loader_remark(document->loader, 0, -1, -1, error,
		       "statements are proposed by rules for English: what they miss is not "
		       "listed");
}

bool document_read(struct input *input, struct loader *loader, struct error *error)
{
	struct document document = {.loader = loader};
	if (!whole_text(input, &document.text, error))
		return false;
	loader_unit(loader, 1);
	if (span_trim(document.text).length == 0)
		return loader_skip(loader, 1, 0, -1, error, "nothing stands in it");
	document.paged = memchr(document.text.data, '\f', document.text.length) != NULL;
	document_rewind(&document);
	bool ok = read_text(&document, error);
	free(document.paragraphs);
	buffer_free(&document.title_room);
	name_table_free(&document.cited);
	return ok;
}
