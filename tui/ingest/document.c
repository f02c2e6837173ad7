/*
 * Plain text and Markdown: a document kept whole, and what is said in it proposed as statements,
 * each with its exact bytes. A person accepts, changes or sets aside what is proposed.
 */
#include "format_table.h"

#include "base/memory.h"
#include "base/text.h"
#include "ingest/speech.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TITLE_LINES 40
#define MAX_TITLE 200
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

/* ---- the title ---- */

static struct span next_line(struct span *text)
{
	size_t length = 0;
	while (length < text->length && text->data[length] != '\n' && text->data[length] != '\r')
		length++;
	struct span line = span_slice(*text, 0, length);
	*text = span_slice(*text, length + 1, text->length);
	return span_trim(line);
}

/* `# TITLE` of Markdown or `= TITLE` of AsciiDoc, without the sign; not stated for any other line.
 */
static struct span heading(struct span line)
{
	if (line.length < 3 || line.data[1] != ' ' || (line.data[0] != '#' && line.data[0] != '='))
		return span_string(NULL);
	return span_trim(span_slice(line, 2, line.length));
}

/* The first heading near the top, else the first line that is not blank. */
static struct span title_of(struct span text)
{
	struct span first = span_string(NULL);
	for (int i = 0; i < TITLE_LINES && text.length > 0; i++) {
		struct span line = next_line(&text);
		struct span title = heading(line);
		if (span_stated(title))
			return title;
		if (first.length == 0 && line.length > 0)
			first = line;
	}
	return span_slice(first, 0, text_cut(first, MAX_TITLE));
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

/* ---- records ---- */

struct document {
	struct loader *loader;
	struct span text;
	struct span title;
	struct record_id id;
	bool paged;           /* form feeds part it into pages */
	size_t page, counted; /* of the bytes that were counted */
};

static void add_cell(
	struct draft *draft, struct draft_cell *cells, const char *field, struct span text)
{
	if (!span_stated(text) || text.length == 0)
		return;
	cells[draft->cell_count++] = (struct draft_cell){
		.field = kind_field_find(draft->kind, span_string(field)), .text = text};
	draft->cells = cells;
}

/* What the person stated with --set is not stated by us. */
static void add_derived(const struct document *document, struct draft *draft,
	struct draft_cell *cells, const char *field, struct span text)
{
	if (!span_stated(loader_setting(document->loader, field)))
		add_cell(draft, cells, field, text);
}

static bool add_document(struct document *document, bool english, struct error *error)
{
	struct draft draft = DRAFT(KIND_DOCUMENT);
	struct draft_cell cells[4];
	struct span asked = loader_setting(document->loader, "title");
	document->title = span_stated(asked) ? asked : title_of(document->text);
	draft.basis = loader_basis(document->loader, BASIS_OBSERVED);
	draft.end = document->text.length;
	add_derived(document, &draft, cells, "title", document->title);
	add_derived(document, &draft, cells, "language", span_string(english ? "en" : NULL));
	add_derived(document, &draft, cells, "held", span_string("copy"));
	add_cell(&draft, cells, "body", document->text);
	return loader_record(document->loader, &draft, &document->id, error);
}

/* `¶12`, and the page before it where form feeds part the text into pages. Statements come in the
 * order of their bytes. */
static struct span write_locator(
	struct document *document, const struct speech *speech, char *room, size_t size)
{
	for (; document->counted < speech->bytes.start; document->counted++)
		document->page += document->text.data[document->counted] == '\f';
	if (document->paged)
		snprintf(room, size, "p. %zu, \u00b6%zu", document->page, speech->paragraph);
	else
		snprintf(room, size, "\u00b6%zu", speech->paragraph);
	return span_string(room);
}

/* Who is told to have said something within a statement (`he said the company reported ...`): words
 * of the record that holds it, for a person to make a statement of. */
static bool write_within(
	struct buffer *within, const struct speech_list *list, size_t holder, struct error *error)
{
	for (size_t i = holder + 1; i < list->count && list->items[i].nested; i++) {
		if (within->length > 0)
			buffer_add_string(within, "; ");
		buffer_add_format(within, "%s: %s", list->items[i].speaker, list->items[i].verb);
	}
	return !buffer_failed(within) || error_memory(error);
}

static bool add_statement(struct document *document, const struct speech_list *list, size_t number,
	struct error *error)
{
	const struct speech *speech = &list->items[number];
	static const char *const forms[] = {
		[SPEECH_INDIRECT] = "indirect", [SPEECH_DIRECT] = "direct", [SPEECH_PART] = "part"};
	static const char *const directions[] = {[SPEECH_ASSERTS] = "asserts",
		[SPEECH_DENIES] = "denies",
		[SPEECH_SILENT] = "silent",
		[SPEECH_OTHER] = "other"};
	struct draft draft = DRAFT(KIND_STATEMENT);
	struct draft_cell cells[12];
	char locator[64];
	draft.basis = loader_basis(document->loader, BASIS_REPORTED);
	draft.start = speech->bytes.start;
	draft.end = speech->bytes.end;
	add_cell(&draft, cells, "speaker", span_string(speech->speaker));
	add_cell(&draft, cells, "via", span_string(speech->via));
	add_cell(&draft, cells, "quote",
		span_slice(document->text, speech->bytes.start, speech->bytes.end));
	add_cell(
		&draft, cells, "locator", write_locator(document, speech, locator, sizeof locator));
	add_cell(&draft, cells, "verb", span_string(speech->verb));
	add_cell(&draft, cells, "form", span_string(forms[speech->form]));
	add_cell(&draft, cells, "direction", span_string(directions[speech->direction]));
	add_cell(&draft, cells, "hedges", span_string(speech->hedges));
	add_cell(&draft, cells, "review", span_string("proposed"));
	add_cell(&draft, cells, "document", document->title);
	if (draft.cells[draft.cell_count - 1].field ==
		kind_field_find(KIND_STATEMENT, span_string("document")))
		cells[draft.cell_count - 1].reference = document->id.id;
	if (speech->written && strcmp(speech->written, speech->speaker) != 0)
		cells[draft.cell_count++] = (struct draft_cell){.field = CELL_EXTRA,
			.name = span_string("written"),
			.text = span_string(speech->written)};
	struct buffer within = {0};
	bool ok = write_within(&within, list, number, error);
	if (within.length > 0)
		cells[draft.cell_count++] = (struct draft_cell){.field = CELL_EXTRA,
			.name = span_string("within"),
			.text = buffer_span(&within)};
	ok = ok && loader_record(document->loader, &draft, NULL, error);
	buffer_free(&within);
	return ok;
}

static bool propose(struct document *document, struct error *error)
{
	document->paged = memchr(document->text.data, '\f', document->text.length) != NULL;
	document->page = 1;
	struct speech_list list = {0};
	bool ok = speech_find(document->text, &list, error);
	size_t proposed = 0;
	for (size_t i = 0; ok && i < list.count; i++) {
		if (list.items[i].nested)
			continue;
		ok = add_statement(document, &list, i, error);
		proposed++;
	}
	if (ok)
		loader_note(document->loader,
			"%zu statement%s proposed; a person accepts or sets them aside", proposed,
			proposed == 1 ? "" : "s");
	speech_list_free(&list);
	return ok;
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

bool document_read(struct input *input, struct loader *loader, struct error *error)
{
	struct document document = {.loader = loader};
	if (!whole_text(input, &document.text, error))
		return false;
	loader_unit(loader, 1);
	if (span_trim(document.text).length == 0)
		return loader_skip(loader, 1, 0, -1, error, "nothing stands in it");
	bool english = is_english(document.text);
	if (!add_document(&document, english, error))
		return false;
	if (!english)
		return loader_remark(loader, 0, -1, -1, error,
			"statements are proposed from English text only, and this is none by its "
			"commonest words: none were looked for");
	return propose(&document, error) &&
	       loader_remark(loader, 0, -1, -1, error,
		       "statements are proposed by rules for English: what they miss is not "
		       "listed");
}
