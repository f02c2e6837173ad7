#include "stix_pattern.h"

#include <string.h>

static bool is_word(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
	       (byte >= '0' && byte <= '9') || byte == '-' || byte == '_';
}

/* Behind the closing quote of the string that begins at `at`. */
static size_t string_end(struct span pattern, size_t at)
{
	for (at++; at < pattern.length && pattern.data[at] != '\''; at++)
		at += pattern.data[at] == '\\';
	return at < pattern.length ? at + 1 : pattern.length;
}

static size_t skip_space(struct span pattern, size_t at)
{
	while (at < pattern.length && memchr(" \t\r\n", pattern.data[at], 4))
		at++;
	return at;
}

static size_t word_end(struct span pattern, size_t at)
{
	while (at < pattern.length && is_word(pattern.data[at]))
		at++;
	return at;
}

/* Behind an object path: names, 'quoted ones', dots, indices. */
static size_t path_end(struct span pattern, size_t at)
{
	while (at < pattern.length) {
		if (is_word(pattern.data[at]) || strchr(".[]*", pattern.data[at]))
			at++;
		else if (pattern.data[at] == '\'')
			at = string_end(pattern, at);
		else
			break;
	}
	return at;
}

/* A comparison that begins at *at with a word; *at moves on, whatever it is. */
static bool read_comparison(struct span pattern, size_t *at, struct stix_comparison *comparison)
{
	size_t end = word_end(pattern, *at);
	comparison->type = span_slice(pattern, *at, end);
	*at = end;
	if (end >= pattern.length || pattern.data[end] != ':')
		return false;
	size_t path = end + 1;
	end = path_end(pattern, path);
	comparison->path = span_slice(pattern, path, end);
	*at = end;
	end = skip_space(pattern, end);
	if (end >= pattern.length || pattern.data[end] != '=')
		return false;
	end = skip_space(pattern, end + 1);
	*at = end;
	if (end >= pattern.length || pattern.data[end] != '\'')
		return false;
	*at = string_end(pattern, end);
	if (*at - end < 2 || pattern.data[*at - 1] != '\'')
		return false;
	comparison->value = span_slice(pattern, end + 1, *at - 1);
	return comparison->value.length > 0;
}

bool stix_comparison_next(struct span pattern, size_t *at, struct stix_comparison *comparison)
{
	while (*at < pattern.length) {
		if (pattern.data[*at] == '\'')
			*at = string_end(pattern, *at);
		else if (!is_word(pattern.data[*at]))
			++*at;
		else if (read_comparison(pattern, at, comparison))
			return true;
	}
	return false;
}

size_t stix_unescape(struct span value, char *out)
{
	size_t length = 0;
	for (size_t i = 0; i < value.length; i++) {
		i += value.data[i] == '\\' && i + 1 < value.length;
		out[length++] = value.data[i];
	}
	return length;
}
