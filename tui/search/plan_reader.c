#include "plan_reader.h"

#include "base/text.h"

#include <string.h>

#define DIGITS "0123456789"

bool reader_at_end(const struct reader *reader)
{
	return reader->at >= reader->text.length;
}

char reader_peek(const struct reader *reader, size_t ahead)
{
	size_t at = reader->at + ahead;
	return at < reader->text.length ? reader->text.data[at] : '\0';
}

bool reader_one_of(char byte, const char *bytes)
{
	return byte != '\0' && strchr(bytes, byte);
}

bool reader_take(struct reader *reader, const char *word)
{
	size_t length = strlen(word);
	if (reader->text.length - reader->at < length ||
		memcmp(reader->text.data + reader->at, word, length) != 0)
		return false;
	reader->at += length;
	return true;
}

void reader_skip_past(struct reader *reader, char end)
{
	while (!reader_at_end(reader) && reader_peek(reader, 0) != end)
		reader->at++;
	if (reader_at_end(reader))
		reader->lost = true;
	else
		reader->at++;
}

uint32_t reader_take_character(struct reader *reader)
{
	uint32_t code = 0;
	size_t length = 0;
	if (!reader_at_end(reader))
		length = text_decode(
			reader->text.data + reader->at, reader->text.length - reader->at, &code);
	reader->lost |= length == 0;
	reader->at += length;
	return code;
}

uint32_t reader_take_number(struct reader *reader, unsigned base, size_t most)
{
	uint32_t number = 0;
	for (size_t i = 0; i < most; i++) {
		uint8_t byte = plan_fold((uint8_t)reader_peek(reader, 0));
		unsigned digit = base;
		if (byte >= '0' && byte <= '9')
			digit = byte - (unsigned)'0';
		else if (byte >= 'a' && byte <= 'f')
			digit = byte - (unsigned)'a' + 10;
		if (digit >= base)
			break;
		number = number * base + digit;
		reader->at++;
	}
	return number;
}

/* A number in braces, the reader being before them. */
static uint32_t take_braced(struct reader *reader, const char *open, unsigned base)
{
	reader->lost |= !reader_take(reader, open);
	uint32_t number = reader_take_number(reader, base, SIZE_MAX);
	reader->lost |= !reader_take(reader, "}");
	return number;
}

bool reader_take_code(struct reader *reader, char letter, uint32_t *code)
{
	static const char letters[] = "aefnrt";
	static const uint8_t codes[] = {7, 0x1b, '\f', '\n', '\r', '\t'};
	bool braced = reader_peek(reader, 0) == '{';
	if (reader_one_of(letter, letters)) {
		*code = codes[strchr(letters, letter) - letters];
	} else if (letter == 'c') {
		uint8_t byte = plan_fold((uint8_t)reader_peek(reader, 0));
		*code = (byte >= 'a' && byte <= 'z' ? byte & 0x5fU : byte) ^ 0x40U;
		reader->at++;
	} else if (letter == 'x') {
		*code = braced ? take_braced(reader, "{", 16) : reader_take_number(reader, 16, 2);
	} else if (letter == 'o') {
		*code = take_braced(reader, "{", 8);
	} else if (letter == 'N' && braced && reader_peek(reader, 1) == 'U') {
		*code = take_braced(reader, "{U+", 16);
	} else if (letter == '0') {
		*code = reader_take_number(reader, 8, 2);
	} else if ((letter > 0 && letter < '0') || (letter > '9' && letter < 'A') ||
		   (letter > 'Z' && letter < 'a') || letter > 'z') {
		*code = (uint8_t)letter;
	} else {
		return false;
	}
	reader->lost |= *code > 0x10ffff;
	return true;
}

void reader_skip_ignored(struct reader *reader)
{
	while (!reader_at_end(reader) && !reader->lost) {
		if (reader_take(reader, "\\E")) {
			reader->quoted = false;
		} else if (reader->quoted) {
			return;
		} else if (reader_take(reader, "\\Q")) {
			reader->quoted = true;
		} else if (reader_take(reader, "(?#")) {
			reader_skip_past(reader, ')');
		} else if (reader->extended &&
			   reader_one_of(reader_peek(reader, 0), " \t\n\v\f\r")) {
			reader->at++;
		} else if (reader->extended && reader_peek(reader, 0) == '#') {
			while (!reader_at_end(reader) && reader_peek(reader, 0) != '\n')
				reader->at++;
			reader->lost |= reader->other_line_ends;
		} else {
			return;
		}
	}
}

/* {n}, {n,} or {n,m} at the reader. Other versions read more forms as quantifiers: those are not
 * understood. */
static bool take_braces(struct reader *reader, uint32_t *least, uint32_t *most)
{
	size_t began = reader->at++;
	bool strict = reader_one_of(reader_peek(reader, 0), DIGITS);
	*least = *most = reader_take_number(reader, 10, 6);
	if (reader_take(reader, ",")) {
		*most = REPEAT_UNLIMITED;
		if (reader_one_of(reader_peek(reader, 0), DIGITS))
			*most = reader_take_number(reader, 10, 6);
	}
	if (strict && reader_take(reader, "}"))
		return true;
	reader->at = began;
	size_t ahead = 1;
	while (reader_one_of(reader_peek(reader, ahead), " \t," DIGITS))
		ahead++;
	reader->lost |= reader_peek(reader, ahead) == '}' && ahead > 1;
	return false;
}

bool reader_take_quantifier(struct reader *reader, uint32_t *least, uint32_t *most)
{
	reader_skip_ignored(reader);
	if (reader->quoted || reader_at_end(reader))
		return false;
	char sign = reader_peek(reader, 0);
	*least = sign == '+' ? 1 : 0;
	*most = sign == '?' ? 1 : REPEAT_UNLIMITED;
	if (reader_one_of(sign, "*+?"))
		reader->at++;
	else if (sign != '{' || !take_braces(reader, least, most))
		return false;
	reader->lazy |= reader_peek(reader, 0) == '?';
	if (reader_one_of(reader_peek(reader, 0), "?+"))
		reader->at++;
	return true;
}
