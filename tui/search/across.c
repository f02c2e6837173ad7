#include "across.h"

#include "pattern_private.h"

#include <string.h>

/* A sign that means something outside of a class, in any mode. */
static bool is_meta(char byte)
{
	return byte == '\0' || strchr("\\^$.[]|()?*+{}", byte);
}

bool pattern_is_bare(const struct pattern *pattern)
{
	return !pattern->options.word && !pattern->options.whole_cell;
}

size_t pattern_texts(const struct pattern *pattern, struct span *texts, size_t most)
{
	const struct pattern_options *options = &pattern->options;
	size_t count = 0, begin = 0;
	if (options->letters != PATTERN_CASE_EXACT || !pattern_is_bare(pattern) ||
		memchr(pattern->text, '\0', pattern->length))
		return 0;
	for (size_t i = 0; i <= pattern->length; i++) {
		bool between = !options->literal && pattern->text[i] == '|';
		if (!between && i < pattern->length) {
			if (!options->literal && is_meta(pattern->text[i]))
				return 0;
			continue;
		}
		if (i == begin || count == most)
			return 0;
		texts[count++] = span_of(pattern->text + begin, i - begin);
		begin = i + 1;
	}
	return count;
}

/* An escape that is let through: of a sign, or of those letters. Its length is two. */
static bool safe_escape(const char *text, const char *letters)
{
	char byte = text[1];
	if (byte == '\0' || (byte & 0x80))
		return false;
	bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
		      (byte >= '0' && byte <= '9');
	return letter ? strchr(letters, byte) != NULL : byte > ' ' && byte < 0x7f;
}

/* Bytes of the class that begins here, 0 when it is not let through. */
static size_t safe_class(const char *text)
{
	size_t at = 1;
	if (text[at] == '^' || text[at] == ']')
		return 0;
	while (text[at] != ']') {
		if (text[at] == '\0' || text[at] == '[')
			return 0;
		if (text[at] != '\\') {
			at++;
			continue;
		}
		if (!safe_escape(text + at, "dwsnrt"))
			return 0;
		at += 2;
	}
	return at + 1;
}

/* Bytes of what begins here, 0 when it is not let through. */
static size_t safe_item(const char *text)
{
	switch (text[0]) {
	case '\0':
	case '.':
	case '^':
	case '$':
		return 0;
	case '\\':
		return safe_escape(text, "dwsbnrt") ? 2 : 0;
	case '[':
		return safe_class(text);
	case '(':
		if (text[1] == '*')
			return 0;
		if (text[1] != '?')
			return 1;
		return text[2] == ':' ? 3 : 0;
	default:
		return 1;
	}
}

bool pattern_goes_across(const struct pattern *pattern)
{
	if (pattern->options.whole_cell || memchr(pattern->text, '\0', pattern->length))
		return false;
	if (pattern->options.literal)
		return true;
	for (size_t at = 0; at < pattern->length;) {
		size_t length = safe_item(pattern->text + at);
		if (length == 0)
			return false;
		at += length;
	}
	return true;
}
