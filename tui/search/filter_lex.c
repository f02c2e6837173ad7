/* A filter's text as tokens. */
#include "filter_private.h"

#include "base/ascii.h"

static bool is_word_byte(char byte)
{
	unsigned char code = (unsigned char)byte;
	return code > ' ' && code != 0x7f && !memchr("()\"=!<>~", byte, 8);
}

static struct token bad(struct token token, size_t at, struct error *error, const char *message)
{
	error_set_at(error, ERROR_PATTERN, (long long)at, "%s", message);
	token.type = TOKEN_BAD;
	return token;
}

static int hex_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	if (byte >= 'A' && byte <= 'F')
		return byte - 'A' + 10;
	return -1;
}

/* The escape whose backslash is at `at`: bytes it takes, 0 when it is none. */
static size_t escape(struct span text, size_t at, char *byte)
{
	if (at + 1 >= text.length)
		return 0;
	switch (text.data[at + 1]) {
	case '"':
	case '\\':
		*byte = text.data[at + 1];
		return 2;
	case 'n':
		*byte = '\n';
		return 2;
	case 't':
		*byte = '\t';
		return 2;
	case 'x':
		break;
	default:
		return 0;
	}
	int high = at + 3 < text.length ? hex_digit(text.data[at + 2]) : -1;
	int low = high >= 0 ? hex_digit(text.data[at + 3]) : -1;
	if (low < 0)
		return 0;
	*byte = (char)(high << 4 | low);
	return 4;
}

static struct token next_string(struct lexer *lexer, struct token token, struct error *error)
{
	size_t at = token.start + 1;
	buffer_clear(&lexer->string);
	while (at < lexer->text.length && lexer->text.data[at] != '"') {
		char byte = lexer->text.data[at];
		size_t length = byte == '\\' ? escape(lexer->text, at, &byte) : 1;
		if (length == 0)
			return bad(token, at, error,
				"expected \\\" \\\\ \\n \\t or \\x and two hexadecimal digits");
		buffer_add_byte(&lexer->string, byte);
		at += length;
	}
	if (at == lexer->text.length)
		return bad(token, at, error, "expected \" at the end of the quoted text");
	if (buffer_failed(&lexer->string)) {
		error_memory(error);
		token.type = TOKEN_BAD;
		return token;
	}
	token.type = TOKEN_STRING;
	token.text = buffer_span(&lexer->string);
	lexer->at = token.end = at + 1;
	return token;
}

/* A backslash takes the byte behind it along, so that `\/` does not end it; PCRE2 reads `\/` as a
 * slash. */
static struct token next_slashes(struct lexer *lexer, struct token token, struct error *error)
{
	size_t at = token.start + 1;
	while (at < lexer->text.length && lexer->text.data[at] != '/')
		at += lexer->text.data[at] == '\\' && at + 1 < lexer->text.length ? 2 : 1;
	if (at >= lexer->text.length)
		return bad(token, lexer->text.length, error,
			"expected / at the end of the regular expression");
	token.type = TOKEN_REGEX;
	token.inside = token.start + 1;
	token.exact = true;
	token.text = span_slice(lexer->text, token.inside, at);
	lexer->at = token.end = at + 1;
	return token;
}

static struct token next_regex(struct lexer *lexer, struct token token, struct error *error)
{
	char byte = token.start < lexer->text.length ? lexer->text.data[token.start] : '\0';
	if (byte != '/' && byte != '"')
		return bad(token, token.start, error,
			"expected a regular expression between slashes: /srv[0-9]+/i");
	token = byte == '/' ? next_slashes(lexer, token, error) : next_string(lexer, token, error);
	if (token.type == TOKEN_BAD)
		return token;
	token.type = TOKEN_REGEX;
	if (lexer->at < lexer->text.length && lexer->text.data[lexer->at] == 'i') {
		token.ignore_case = true;
		token.end = ++lexer->at;
	}
	if (lexer->at < lexer->text.length && is_word_byte(lexer->text.data[lexer->at]))
		return bad(token, lexer->at, error,
			"expected i or a space after the regular expression");
	return token;
}

/* Length of the operator that text begins with; 0 for none. */
static size_t operator_length(struct span text)
{
	static const char *const operators[] = {"!=", "!~", "<=", ">=", "=", "<", ">", "~"};
	for (size_t i = 0; i < ARRAY_LENGTH(operators); i++) {
		size_t length = strlen(operators[i]);
		if (text.length >= length && memcmp(text.data, operators[i], length) == 0)
			return length;
	}
	return 0;
}

struct token lexer_next(struct lexer *lexer, bool regex, struct error *error)
{
	while (lexer->at < lexer->text.length && ascii_is_space(lexer->text.data[lexer->at]))
		lexer->at++;
	struct token token = {.start = lexer->at, .inside = lexer->at, .end = lexer->at};
	struct span rest = span_slice(lexer->text, lexer->at, lexer->text.length);
	if (regex)
		return next_regex(lexer, token, error);
	if (rest.length == 0)
		return token;
	if (rest.data[0] == '"')
		return next_string(lexer, token, error);
	size_t length = operator_length(rest);
	if (length > 0) {
		token.type = TOKEN_OPERATOR;
	} else if (rest.data[0] == '(' || rest.data[0] == ')') {
		token.type = rest.data[0] == '(' ? TOKEN_OPEN : TOKEN_CLOSE;
		length = 1;
	} else {
		token.type = TOKEN_WORD;
		while (length < rest.length && is_word_byte(rest.data[length]))
			length++;
		if (length == 0)
			return bad(token, token.start, error,
				"this byte can't stand outside double quotes");
	}
	token.text = span_slice(rest, 0, length);
	lexer->at = token.end = token.start + length;
	return token;
}
