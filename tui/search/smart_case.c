/* Which letters of a pattern stand for themselves: enough of PCRE2's syntax to tell them from the
 * letters of escapes, names, options, verbs and POSIX classes. */
#include "pattern_private.h"

#include "base/span.h"
#include "base/text.h"

#include <utf8proc.h>

struct reader {
	struct span text;
	size_t at;
	bool in_class;
};

static char peek(const struct reader *reader, size_t ahead)
{
	size_t at = reader->at + ahead;
	return at < reader->text.length ? reader->text.data[at] : '\0';
}

/* Moves behind the next `end`, or to the end of the pattern. */
static void skip_past(struct reader *reader, char end)
{
	while (reader->at < reader->text.length && reader->text.data[reader->at] != end)
		reader->at++;
	if (reader->at < reader->text.length)
		reader->at++;
}

/* A character that stands for itself; moves behind it. */
static bool take_upper(struct reader *reader)
{
	uint32_t code = 0;
	size_t length = text_decode(
		reader->text.data + reader->at, reader->text.length - reader->at, &code);
	reader->at += length > 0 ? length : 1;
	if (length == 0)
		return false;
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
	return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LT;
}

/* Inside \Q...\E everything stands for itself; reader is behind \Q. */
static bool take_quoted(struct reader *reader)
{
	bool upper = false;
	while (reader->at < reader->text.length) {
		if (peek(reader, 0) == '\\' && peek(reader, 1) == 'E') {
			reader->at += 2;
			break;
		}
		upper |= take_upper(reader);
	}
	return upper;
}

/* The argument of an escape whose letter was `letter`: {...}, <...>, '...', a digit or a letter. */
static void skip_argument(struct reader *reader, char letter)
{
	char next = peek(reader, 0);
	if (next == '{' && strchr("pPxoNgk", letter)) {
		skip_past(reader, '}');
	} else if (next == '<' && strchr("gk", letter)) {
		skip_past(reader, '>');
	} else if (next == '\'' && strchr("gk", letter)) {
		reader->at++;
		skip_past(reader, '\'');
	} else if (strchr("pPc", letter)) {
		reader->at++;
	} else if (letter == 'x') {
		for (int i = 0; i < 2 && next && strchr("0123456789abcdefABCDEF", next); i++) {
			reader->at++;
			next = peek(reader, 0);
		}
	}
}

static bool take_escape(struct reader *reader)
{
	reader->at++;
	if (reader->at >= reader->text.length)
		return false;
	char letter = peek(reader, 0);
	if ((unsigned char)letter >= 0x80)
		return take_upper(reader);
	reader->at++;
	if (letter == 'Q')
		return take_quoted(reader);
	if (letter != '\0')
		skip_argument(reader, letter);
	return false;
}

/* What follows "(?": options, a name, a comment, or the sign of a kind of group. */
static void skip_group_head(struct reader *reader)
{
	char kind = peek(reader, 0);
	if (kind == 'P' || (kind == '<' && !strchr("=!", peek(reader, 1)))) {
		if (kind == 'P')
			reader->at++;
		skip_past(reader, peek(reader, 0) == '<' ? '>' : ')');
	} else if (kind == '\'') {
		reader->at++;
		skip_past(reader, '\'');
	} else if (kind == '(') {
		/* A condition: an assertion is read like any group, anything else is a name. */
		if (peek(reader, 1) != '?' && peek(reader, 1) != '*')
			skip_past(reader, ')');
	} else if (kind == '#' || kind == '&' || kind == 'R') {
		skip_past(reader, ')');
	} else if (!strchr("=!:>|<", kind)) {
		while (reader->at < reader->text.length && !strchr(":)", peek(reader, 0)))
			reader->at++;
	}
}

static void skip_group_start(struct reader *reader)
{
	reader->at++;
	if (peek(reader, 0) == '?') {
		reader->at++;
		skip_group_head(reader);
	} else if (peek(reader, 0) == '*') {
		/* (*pla:...) holds a pattern, (*MARK:name) does not. */
		char first = peek(reader, 1);
		skip_past(reader, first >= 'a' && first <= 'z' ? ':' : ')');
	}
}

static void enter_class(struct reader *reader)
{
	reader->in_class = true;
	reader->at++;
	if (peek(reader, 0) == '^')
		reader->at++;
	if (peek(reader, 0) == ']')
		reader->at++;
}

bool pattern_has_upper_case(struct span text, bool literal)
{
	struct reader reader = {.text = text};
	bool upper = false;
	while (!upper && reader.at < text.length) {
		char byte = peek(&reader, 0);
		if (literal) {
			upper = take_upper(&reader);
		} else if (byte == '\\') {
			upper = take_escape(&reader);
		} else if (reader.in_class && byte == '[' && peek(&reader, 1) == ':') {
			skip_past(&reader, ']');
		} else if (reader.in_class && byte == ']') {
			reader.in_class = false;
			reader.at++;
		} else if (!reader.in_class && byte == '[') {
			enter_class(&reader);
		} else if (!reader.in_class && byte == '(') {
			skip_group_start(&reader);
		} else {
			upper = take_upper(&reader);
		}
	}
	return upper;
}
