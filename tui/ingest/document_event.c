/* Lines that begin with a date, as events. A person's prose that happens to begin with one is none.
 */
#include "document_private.h"

#include "base/compiler.h"

#include <string.h>

bool document_moment(struct document *document, struct document_date *date, struct moment *moment,
	struct error *error)
{
	document->abbreviated += date->abbreviated;
	if (date->clock && loader_time_needs_zone(document->loader, span_string(date->text))) {
		document->zoneless++;
		date->text[date->day] = '\0';
	}
	return loader_time(document->loader, span_string(date->text), span_string("a dated line"),
		moment, error);
}

/* ---- what stands around a date ---- */

/* Length of one of a list of signs at the beginning of text; 0. */
static size_t sign_length(struct span text, const char *const *signs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(signs[i]);
		if (span_equal(span_slice(text, 0, length), span_of(signs[i], length)))
			return length;
	}
	return 0;
}

static struct span skip_signs(struct span text, const char *const *signs, size_t count)
{
	size_t length;
	while ((length = sign_length(text, signs, count)) > 0)
		text = span_slice(text, length, text.length);
	return text;
}

struct span document_skip_opening(struct span text)
{
	static const char *const signs[] = {"*", "_", "`", "[", "(", "<"};
	return skip_signs(text, signs, ARRAY_LENGTH(signs));
}

/* What parts a date from what happened on it; *parted: something more than a space or comma does.
 */
static struct span skip_separator(struct span text, bool *parted)
{
	static const char *const closing[] = {"*", "_", "`", "]", ")", ">"};
	static const char *const parting[] = {":", "：", "-", "–", "—", "―", "|", "\t", "→", "·"};
	static const char *const others[] = {" ", "\u00a0", "\u3000", ",", "、", "，"};
	struct span rest = skip_signs(text, closing, ARRAY_LENGTH(closing));
	bool bracket = rest.length < text.length && memchr("])>", rest.data[-1], 3);
	*parted = bracket || span_is(span_slice(rest, 0, 2), "  ");
	for (;;) {
		struct span begin = rest;
		rest = skip_signs(rest, others, ARRAY_LENGTH(others));
		struct span behind = skip_signs(rest, parting, ARRAY_LENGTH(parting));
		*parted = *parted || behind.length < rest.length;
		rest = skip_signs(behind, closing, ARRAY_LENGTH(closing));
		if (rest.length == begin.length)
			return rest;
	}
}

static bool is_event(const struct dated *dated, const struct document_date *date,
	struct span behind, bool parted)
{
	bool clock = date->clock || date->abbreviated;
	if (dated->running)
		return clock && !(behind.length > 0 && behind.data[0] == ',');
	return !dated->prose || parted || date->numeric || clock;
}

/* ---- adding ---- */

static void state_utc(struct document_date *date)
{
	size_t length = strlen(date->text);
	bool stated = strpbrk(date->text + date->day, "Z+-") != NULL;
	if (date->clock && !stated && length + 1 < sizeof date->text)
		memcpy(date->text + length, "Z", 2);
}

/* The text without the white space and bars at its end, and each run of white space with a line's
 * end in it as one space. */
static void add_message(struct buffer *out, struct span text)
{
	while (text.length > 0 && memchr(" \t\r\n\f|", text.data[text.length - 1], 6))
		text.length--;
	for (size_t at = 0; at < text.length;) {
		size_t end = at;
		while (end < text.length && memchr(" \t\r\n\f", text.data[end], 5))
			end++;
		struct span space = span_slice(text, at, end);
		bool broken = space.length > 0 && (memchr(space.data, '\n', space.length) ||
							  memchr(space.data, '\r', space.length));
		if (broken)
			buffer_add_byte(out, ' ');
		else if (space.length > 0)
			buffer_add_span(out, space);
		else
			buffer_add_byte(out, text.data[end++]);
		at = end;
	}
}

static bool add_event(struct document *document, const struct dated *dated, struct span words,
	struct document_date *date, struct span message, struct error *error)
{
	struct draft draft = DRAFT(KIND_EVENT);
	struct draft_cell cells[6];
	struct moment moment;
	char room[DOCUMENT_LOCATOR_SIZE];
	if (dated->utc)
		state_utc(date);
	if (!document_moment(document, date, &moment, error))
		return false;
	struct span locator = document_locator(document, dated->content, room);
	draft.basis = loader_basis(document->loader, BASIS_REPORTED);
	draft.start = dated->start;
	draft.end = dated->end;
	document_cell(&draft, cells, "time", words);
	cells[0].moment = moment.precision == MOMENT_NONE ? NULL : &moment;
	document_cell(&draft, cells, "message", message);
	document_cell(&draft, cells, "time_kind", span_string("dated line"));
	document_reference(document, &draft, cells, "cited_in");
	document_cell(&draft, cells, "locator", locator);
	return loader_record(document->loader, &draft, NULL, error);
}

static bool is_full(struct document *document, const struct dated *dated, struct error *error)
{
	if (document->events++ < DOCUMENT_MAX_EVENTS)
		return false;
	if (document->events - 1 == DOCUMENT_MAX_EVENTS)
		document->failed = !loader_remark(document->loader, 0, (int64_t)dated->start,
			(int64_t)dated->end, error,
			"more than %d dated lines: those from here on are no events",
			DOCUMENT_MAX_EVENTS);
	return true;
}

/* What happened, behind the date; not stated when the line is no event. A line of a list may have
 * it on the lines that follow. */
static struct span find_message(struct document *document, struct dated *dated,
	const struct document_date *date, struct span behind)
{
	bool parted;
	struct span rest = skip_separator(behind, &parted);
	if ((rest.length == 0 && dated->prose) || !is_event(dated, date, behind, parted))
		return span_string(NULL);
	size_t start = (size_t)(behind.data - document->text.data);
	if (dated->line)
		dated->end = document_run_end(document->text, dated->line);
	rest = skip_separator(span_slice(document->text, start, dated->end), &parted);
	rest = span_trim(rest);
	return rest.length > 0 ? rest : span_string(NULL);
}

bool document_event(
	struct document *document, const struct dated *given, bool *made, struct error *error)
{
	struct dated dated = *given;
	struct document_date date;
	struct span line = span_slice(document->text, dated.content, dated.end);
	struct span begin = document_skip_opening(line);
	*made = false;
	if (!document_date(begin, loader_options(document->loader)->dates, &date))
		return true;
	struct span words = span_slice(begin, 0, date.length);
	struct span message =
		find_message(document, &dated, &date, span_slice(begin, date.length, begin.length));
	if (!span_stated(message))
		return true;
	if (date.open) {
		document->open++;
		return true;
	}
	*made = true;
	if (is_full(document, &dated, error))
		return !document->failed;
	struct buffer folded = {0};
	add_message(&folded, message);
	bool ok = buffer_failed(&folded)
			  ? error_memory(error)
			  : add_event(document, &dated, words, &date, buffer_span(&folded), error);
	buffer_free(&folded);
	return ok;
}
