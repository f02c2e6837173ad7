/* What is said in a document, as statements for a person to accept or set aside. */
#include "document_private.h"

#include "speech.h"

#include <string.h>

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

static void add_extra(
	struct draft *draft, struct draft_cell *cells, const char *name, struct span text)
{
	cells[draft->cell_count++] =
		(struct draft_cell){.field = CELL_EXTRA, .name = span_string(name), .text = text};
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
		[SPEECH_DECLINES] = "declines",
		[SPEECH_OTHER] = "other"};
	struct draft draft = DRAFT(KIND_STATEMENT);
	struct draft_cell cells[12];
	char room[DOCUMENT_LOCATOR_SIZE];
	struct span locator = document_locator(document, speech->bytes.start, room);
	draft.basis = loader_basis(document->loader, BASIS_REPORTED);
	draft.start = speech->bytes.start;
	draft.end = speech->bytes.end;
	document_cell(&draft, cells, "speaker", span_string(speech->speaker));
	document_cell(&draft, cells, "via", span_string(speech->via));
	document_cell(&draft, cells, "quote",
		span_slice(document->text, speech->bytes.start, speech->bytes.end));
	document_cell(&draft, cells, "locator", locator);
	document_cell(&draft, cells, "verb", span_string(speech->verb));
	document_cell(&draft, cells, "form", span_string(forms[speech->form]));
	document_cell(&draft, cells, "direction", span_string(directions[speech->direction]));
	document_cell(&draft, cells, "hedges", span_string(speech->hedges));
	document_cell(&draft, cells, "review", span_string("proposed"));
	document_reference(document, &draft, cells, "document");
	if (speech->written && strcmp(speech->written, speech->speaker) != 0)
		add_extra(&draft, cells, "written", span_string(speech->written));
	struct buffer within = {0};
	bool ok = write_within(&within, list, number, error);
	if (within.length > 0)
		add_extra(&draft, cells, "within", buffer_span(&within));
	ok = ok && loader_record(document->loader, &draft, NULL, error);
	buffer_free(&within);
	return ok;
}

bool document_statements(struct document *document, struct error *error)
{
	struct speech_list list = {0};
	bool ok = speech_find(document->text, &list, error);
	size_t proposed = 0;
	document_rewind(document);
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
