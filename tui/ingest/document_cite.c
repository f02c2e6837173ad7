/*
 * The indicators that a document tells of. One that nobody made harmless is left alone: a report
 * keeps its own references intact. Of four numbers with dots only what is told to be an address is
 * one: a version looks alike.
 */
#include "document_private.h"

#include "base/compiler.h"

#include <string.h>

/* ---- intact values ---- */

static bool is_word_byte(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
	       (byte >= 'A' && byte <= 'Z') || (byte & 0x80);
}

bool document_has_word(struct span line, const char *word)
{
	size_t length = strlen(word);
	for (size_t at = 0; at + length <= line.length; at++)
		if (span_equal_ignoring_case(
			    span_slice(line, at, at + length), span_of(word, length)) &&
			(at == 0 || !is_word_byte(line.data[at - 1])) &&
			(at + length == line.length || !is_word_byte(line.data[at + length])))
			return true;
	return false;
}

bool document_speaks_of_addresses(struct span line)
{
	static const char *const words[] = {"ip", "ips", "ipv4", "address", "addresses"};
	for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
		if (document_has_word(line, words[i]))
			return true;
	return span_find(line, "アドレス") || span_find(line, "адрес");
}

/* Whether nothing but markup stands beside it in its line. */
static bool stands_alone(struct span line, size_t content, const struct indicator_found *found)
{
	for (size_t at = content; at < line.length; at++)
		if ((at < found->start || at >= found->end) && is_word_byte(line.data[at]))
			return false;
	return true;
}

/* Versions have small numbers. */
static bool has_large_number(struct span address)
{
	int number = 0;
	for (size_t at = 0; at < address.length; at++) {
		bool digit = address.data[at] >= '0' && address.data[at] <= '9';
		number = digit ? number * 10 + (address.data[at] - '0') : 0;
		if (number > 19)
			return true;
	}
	return false;
}

/* found is an intact value of the line; about: the line speaks of addresses. */
static bool is_told_of(
	const struct line *line, struct span text, bool about, const struct indicator_found *found)
{
	if (strcmp(found->type, "ip") != 0)
		return false;
	return about || (line->kind != LINE_HEADING &&
				stands_alone(text, line->content - line->start, found) &&
				has_large_number(span_slice(text, found->start, found->end)));
}

/* ---- adding ---- */

static bool is_full(
	struct document *document, const struct indicator_found *found, struct error *error)
{
	if (document->citations++ < DOCUMENT_MAX_INDICATORS)
		return false;
	if (document->citations - 1 == DOCUMENT_MAX_INDICATORS)
		document->failed = !loader_remark(document->loader, 0, (int64_t)found->start,
			(int64_t)found->end, error,
			"more than %d indicators: those from here on are not listed",
			DOCUMENT_MAX_INDICATORS);
	return true;
}

/* Where a document tells of it first stands in its record; where it does again, only the place is
 * kept. */
static bool is_first(struct document *document, struct span written, bool *first)
{
	struct buffer plain = {0};
	struct span value = indicator_refang(written, &plain) ? buffer_span(&plain) : written;
	bool ok = name_table_add(&document->cited, value, first) != SIZE_MAX &&
		  !buffer_failed(&plain);
	buffer_free(&plain);
	return ok;
}

bool document_cite(struct document *document, const struct indicator_found *found,
	const struct draft_cell *more, size_t more_count, struct record_id *id, struct error *error)
{
	struct draft draft = DRAFT(KIND_INDICATOR);
	struct draft_cell cells[4 + DOCUMENT_MAX_CELLS];
	char room[DOCUMENT_LOCATOR_SIZE];
	bool first = false;
	if (id)
		*id = (struct record_id){0};
	if (is_full(document, found, error))
		return !document->failed;
	struct span written = span_slice(document->text, found->start, found->end);
	if (!is_first(document, written, &first))
		return error_memory(error);
	draft.basis = loader_basis(document->loader, BASIS_REPORTED);
	draft.start = found->start;
	draft.end = found->end;
	document_cell(&draft, cells, "value", written);
	document_cell(&draft, cells, "type", span_string(found->type));
	if (first) {
		struct span locator = document_locator(document, found->start, room);
		document_reference(document, &draft, cells, "cited_in");
		document_cell(&draft, cells, "locator", locator);
	}
	for (size_t i = 0; i < more_count && i < DOCUMENT_MAX_CELLS; i++)
		cells[draft.cell_count++] = more[i];
	return loader_record(document->loader, &draft, id, error);
}

bool document_cite_line(struct document *document, const struct line *line, struct error *error)
{
	struct span text = span_slice(document->text, line->start, line->end);
	size_t at = 0;
	struct indicator_found found;
	bool about = false, looked = false;
	while (indicator_find(text, &at, &found)) {
		if (found.intact && !looked) {
			about = document_speaks_of_addresses(text);
			looked = true;
		}
		if (found.intact && !is_told_of(line, text, about, &found)) {
			document->intact += strcmp(found.type, "url") == 0;
			continue;
		}
		found.start += line->start;
		found.end += line->start;
		if (!document_cite(document, &found, NULL, 0, NULL, error))
			return false;
	}
	return true;
}
