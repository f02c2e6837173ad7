/* What a document calls itself: a title of its front matter, else its first heading, else its first
 * line; and the date that stands with it. */
#include "document_private.h"

#include "base/text.h"

#include <string.h>

#define TITLE_LINES 40
#define MAX_LINE 2000 /* of a heading, with its links */
#define MAX_TITLE 200

static struct span trimmed(struct span text, const struct line *line)
{
	return span_trim(span_slice(text, line->start, line->end));
}

/* ---- front matter: `key: value` between two lines of `---` ---- */

/* The value of a key, without quotation marks; not stated when the line is about another. */
static struct span value_of(struct span line, const char *key)
{
	size_t length = strlen(key);
	if (line.length <= length || line.data[length] != ':' ||
		!span_equal_ignoring_case(span_slice(line, 0, length), span_of(key, length)))
		return span_string(NULL);
	struct span value = span_trim(span_slice(line, length + 1, line.length));
	if (value.length >= 2 && strchr("\"'", value.data[0]) &&
		value.data[0] == value.data[value.length - 1])
		value = span_slice(value, 1, value.length - 1);
	return value.length > 0 ? value : span_string(NULL);
}

static void keep_first(struct span *kept, struct span text)
{
	if (!span_stated(*kept))
		*kept = text;
}

/* The byte behind the front matter; 0 when there is none. */
static size_t read_front(struct span text, struct span *title, struct span *published)
{
	struct line line = document_line(text, 0);
	struct span found_title = span_string(NULL), found_date = span_string(NULL);
	if (!span_is(trimmed(text, &line), "---"))
		return 0;
	for (int i = 0; i < TITLE_LINES && line.next < text.length; i++) {
		line = document_line(text, line.next);
		struct span content = trimmed(text, &line);
		keep_first(&found_title, value_of(content, "title"));
		keep_first(&found_date, value_of(content, "date"));
		keep_first(&found_date, value_of(content, "published"));
		if (!span_is(content, "---") && !span_is(content, "..."))
			continue;
		*title = found_title;
		*published = found_date;
		return line.next;
	}
	return 0;
}

/* ---- headings ---- */

/* `## TITLE` of Markdown or `== TITLE` of AsciiDoc, without the signs. */
static struct span marked_heading(struct span line)
{
	size_t signs = 0;
	char sign = line.length > 0 ? line.data[0] : '\0';
	while (signs < line.length && line.data[signs] == sign)
		signs++;
	if ((sign != '#' && sign != '=') || signs > 6 || signs == line.length ||
		line.data[signs] != ' ')
		return span_string(NULL);
	struct span title = span_trim(span_slice(line, signs, line.length));
	while (title.length > 0 && title.data[title.length - 1] == sign)
		title.length--;
	title = span_trim(title);
	return title.length > 0 ? title : span_string(NULL);
}

/* A line of `===` or `---` makes a heading of the one above. */
static bool is_underline(struct span line)
{
	if (line.length < 3 || (line.data[0] != '=' && line.data[0] != '-'))
		return false;
	for (size_t i = 1; i < line.length; i++)
		if (line.data[i] != line.data[0])
			return false;
	return true;
}

/* Whether a line has anything to read: no rule, no attribute (`:toc:`), no comment or tag. */
static bool is_told(struct span line)
{
	if (line.length == 0 || strchr(":<", line.data[0]))
		return false;
	for (size_t i = 0; i < line.length; i++) {
		char byte = line.data[i];
		if ((byte & 0x80) || (byte >= '0' && byte <= '9') ||
			((byte | 0x20) >= 'a' && (byte | 0x20) <= 'z'))
			return true;
	}
	return false;
}

struct title {
	struct span text;
	bool heading;
	bool top; /* nothing is said before it */
};

/* The first heading near the top, else the first line that says something, else the first line. */
static struct title find_title(struct span text, size_t at)
{
	struct span told = span_string(NULL), first = span_string(NULL);
	bool fenced = false;
	for (int i = 0; i < TITLE_LINES && at < text.length; i++) {
		struct line line = document_line(text, at);
		struct line below = document_line(text, line.next);
		struct span content = trimmed(text, &line), title = marked_heading(content);
		at = line.next;
		if (content.length == 0)
			continue;
		if (span_is(span_slice(content, 0, 3), "```"))
			fenced = !fenced;
		if (!fenced && is_told(content) && is_underline(trimmed(text, &below)))
			title = content;
		if (!fenced && span_stated(title))
			return (struct title){
				.text = title, .heading = true, .top = !span_stated(told)};
		keep_first(&first, content);
		if (is_told(content))
			keep_first(&told, content);
	}
	return (struct title){.text = span_stated(told) ? told : first, .top = true};
}

/* ---- a date before the title ---- */

/* `(MONDAY)` */
static struct span skip_weekday(struct span text)
{
	size_t end = 1;
	while (end < text.length && (text.data[end] | 0x20) >= 'a' &&
		(text.data[end] | 0x20) <= 'z')
		end++;
	bool day = text.length > 0 && text.data[0] == '(' && end > 6 && end < text.length &&
		   text.data[end] == ')';
	return day ? span_trim(span_slice(text, end + 1, text.length)) : text;
}

/* `2020-01-20 (MONDAY) - TITLE` leaves the title alone. A line of a log begins with a date, too:
 * one that is no heading has to name the day. */
static struct span part_date(struct document *document, struct title found)
{
	struct document_date date;
	struct span title = found.text;
	if (!found.top || !document_date(title, NULL, &date) || date.open || date.clock)
		return title;
	struct span behind = span_trim(span_slice(title, date.length, title.length));
	struct span rest = skip_weekday(behind);
	bool named = rest.length < behind.length;
	if (!found.heading && !named)
		return title;
	size_t marks = 0;
	while (marks < rest.length && strchr("-: ", rest.data[marks]))
		marks++;
	static const char dash[] = "\u2013";
	if (span_is(span_slice(rest, marks, marks + sizeof dash - 1), dash))
		marks += sizeof dash - 1;
	rest = span_trim(span_slice(rest, marks, rest.length));
	if (rest.length == 0 || (marks == 0 && !named))
		return title;
	size_t start = (size_t)(title.data - document->text.data);
	document->title_line = (struct range){.start = start, .end = start + title.length};
	keep_first(&document->published, span_slice(title, 0, date.length));
	return rest;
}

/* ---- as plain words ---- */

/* Where `[words](address)` that begins at `at` has its `]` and its end; 0 when none begins there.
 */
static size_t link_label_end(struct span text, size_t at, size_t *end)
{
	if (text.data[at] != '[')
		return 0;
	const char *middle = span_find(span_slice(text, at, text.length), "](");
	if (!middle)
		return 0;
	size_t label = (size_t)(middle - text.data);
	const char *close = memchr(middle, ')', text.length - label);
	*end = close ? (size_t)(close - text.data) + 1 : 0;
	return close ? label : 0;
}

/* Without the addresses of links and the signs of emphasis and code. */
static void add_plain(struct buffer *out, struct span text)
{
	size_t end = 0, label = 0;
	for (size_t at = 0; at < text.length; at++) {
		if (label == 0 && (label = link_label_end(text, at, &end)) > 0)
			continue;
		if (label > 0 && at == label) {
			at = end - 1;
			label = 0;
		} else if (text.data[at] != '`' && text.data[at] != '*') {
			buffer_add_byte(out, text.data[at]);
		}
	}
}

bool document_title(struct document *document, struct error *error)
{
	struct span title = span_string(NULL);
	size_t behind = read_front(document->text, &title, &document->published);
	if (!span_stated(title))
		title = part_date(document, find_title(document->text, behind));
	title = span_slice(title, 0, text_cut(title, MAX_LINE));
	add_plain(&document->title_room, title);
	if (buffer_failed(&document->title_room))
		return error_memory(error);
	document->title = span_trim(buffer_span(&document->title_room));
	if (document->title.length == 0)
		document->title = title;
	document->title = span_slice(document->title, 0, text_cut(document->title, MAX_TITLE));
	return true;
}
