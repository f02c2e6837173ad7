/* The lines of a document: which begin with a date, which are rows of a table, what stands in them.
 */
#include "document_private.h"

#include "base/compiler.h"

#include <string.h>

/* Lines that go on with a dated one. */
#define MAX_RUN 50

/* ---- one line ---- */

static bool begins(struct span text, size_t at, const char *sign)
{
	size_t length = strlen(sign);
	return span_equal(span_slice(text, at, at + length), span_of(sign, length));
}

static size_t skip_spaces(struct span text, size_t at)
{
	for (;;) {
		if (at < text.length && memchr(" \t\f", text.data[at], 3))
			at++;
		else if (begins(text, at, "\u00a0"))
			at += strlen("\u00a0");
		else if (begins(text, at, "\u3000"))
			at += strlen("\u3000");
		else
			return at;
	}
}

/* Behind the same sign one to six times and a space; 0 when that does not stand there. */
static size_t behind_signs(struct span text, size_t at, const char *signs)
{
	size_t end = at;
	if (at == text.length || !memchr(signs, text.data[at], strlen(signs)))
		return 0;
	while (end < text.length && text.data[end] == text.data[at])
		end++;
	return end - at <= 6 && end < text.length && text.data[end] == ' ' ? end : 0;
}

/* Behind `12. ` or `3) `; 0 when it stands for the day of a date, or none does. */
static size_t behind_number(struct span text, size_t at)
{
	struct document_date date;
	size_t end = at;
	while (end < text.length && text.data[end] >= '0' && text.data[end] <= '9')
		end++;
	bool number = end > at && end - at <= 3 && end + 1 < text.length &&
		      memchr(".)", text.data[end], 2) && text.data[end + 1] == ' ';
	return number && !document_date(span_slice(text, at, text.length), NULL, &date) ? end + 1
											: 0;
}

static size_t behind_bullet(struct span text, size_t at)
{
	static const char *const bullets[] = {"\u30fb", "\u2022 ", "\u2013 ", "\u2014 ", "\u25e6 ",
		"\u25cf ", "\u25aa ", "\u2023 "};
	for (size_t i = 0; i < ARRAY_LENGTH(bullets); i++)
		if (begins(text, at, bullets[i]))
			return at + strlen(bullets[i]);
	size_t behind = behind_signs(text, at, "-*+.");
	return behind > 0 ? behind : behind_number(text, at);
}

/* A line of signs alone, or a fence of code with its language. */
static bool is_rule(struct span content)
{
	size_t signs = 0;
	while (signs < content.length && memchr("-=_*~.+`", content.data[signs], 8))
		signs++;
	return signs >= 3 && (signs == content.length || content.data[0] == '`');
}

/* text ends where the line does. */
static void read_marks(struct span text, struct line *line)
{
	size_t at = skip_spaces(text, line->start);
	while (at < text.length && text.data[at] == '>')
		at = skip_spaces(text, at + 1);
	line->content = at;
	line->kind = LINE_TEXT;
	if (at == text.length) {
		line->kind = LINE_BLANK;
		return;
	}
	if (is_rule(span_trim(span_slice(text, at, text.length)))) {
		line->kind = LINE_RULE;
		return;
	}
	size_t behind = behind_signs(text, at, "#=");
	line->kind = behind > 0 ? LINE_HEADING : LINE_TEXT;
	if (behind == 0 && (behind = behind_bullet(text, at)) > 0)
		line->kind = LINE_ITEM;
	if (behind > 0)
		line->content = skip_spaces(text, behind);
}

struct line document_line(struct span text, size_t at)
{
	struct line line = {.start = at, .end = at};
	while (line.end < text.length && text.data[line.end] != '\n' && text.data[line.end] != '\r')
		line.end++;
	line.next = line.end;
	if (line.next < text.length)
		line.next += begins(text, line.end, "\r\n") ? 2 : 1;
	read_marks(span_slice(text, 0, line.end), &line);
	return line;
}

/* Whether a line goes on with one: indented where that is of a list, and on the same page. */
static bool goes_on(struct span text, const struct line *line, const struct line *next)
{
	struct document_date date;
	struct span content = span_slice(text, next->content, next->end);
	if (next->kind != LINE_TEXT || text.data[next->start] == '\f' || content.data[0] == '|')
		return false;
	return (line->kind != LINE_ITEM || next->content > next->start) &&
	       !document_date(document_skip_opening(content), NULL, &date);
}

size_t document_run_end(struct span text, const struct line *line)
{
	struct line last = *line;
	for (int i = 0; i < MAX_RUN && last.next < text.length; i++) {
		struct line next = document_line(text, last.next);
		if (!goes_on(text, line, &next))
			break;
		last = next;
	}
	return last.end;
}

/* ---- all of them ---- */

/* fresh: the line is the first of its block, or a dated one stands in that before it. */
static bool take_line(
	struct document *document, const struct line *line, bool *fresh, struct error *error)
{
	bool made = false, prose = line->kind == LINE_TEXT;
	bool title = document->title_line.start >= line->start &&
		     document->title_line.end <= line->end && document->title_line.end > 0;
	struct dated dated = {.start = line->start,
		.end = line->end,
		.content = line->content,
		.line = line->kind == LINE_HEADING ? NULL : line,
		.prose = prose,
		.running = prose && !*fresh};
	if (!title && !document_event(document, &dated, &made, error))
		return false;
	/* What goes on with a dated line may be followed by the next one. */
	*fresh = line->kind == LINE_HEADING || (prose && made);
	return document_cite_line(document, line, error);
}

bool document_lines(struct document *document, struct error *error)
{
	struct document_table table = {0};
	struct line line;
	bool fresh = true, taken;
	for (size_t at = 0; at < document->text.length; at = line.next) {
		line = document_line(document->text, at);
		fresh = fresh || document->text.data[at] == '\f';
		if (!loader_progress(document->loader, error) ||
			!document_table_line(document, &table, &line, &taken, error))
			return false;
		if (taken || line.kind == LINE_BLANK || line.kind == LINE_RULE)
			fresh = true;
		else if (!take_line(document, &line, &fresh, error))
			return false;
	}
	return document_table_end(document, &table, error);
}
