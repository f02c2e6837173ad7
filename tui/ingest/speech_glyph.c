/* What stands at a byte of the text, and where its words end. */
#include "speech_parts.h"

#include <ctype.h>

static const struct {
	const char *bytes;
	enum glyph glyph;
} wide[] = {
	{"\xc2\xa0", GLYPH_SPACE},
	{"\xe2\x80\xaf", GLYPH_SPACE},
	{"\xe2\x80\x89", GLYPH_SPACE},
	{"\xe2\x80\x83", GLYPH_SPACE},
	{"\xe2\x80\x82", GLYPH_SPACE},
	{"\xe2\x80\xa8", GLYPH_SPACE},
	{"\xef\xbb\xbf", GLYPH_SPACE},
	{"\xe2\x80\x9c", GLYPH_OPEN_DOUBLE},
	{"\xe2\x80\x9e", GLYPH_OPEN_DOUBLE},
	{"\xc2\xab", GLYPH_OPEN_DOUBLE},
	{"\xe2\x80\x9d", GLYPH_CLOSE_DOUBLE},
	{"\xc2\xbb", GLYPH_CLOSE_DOUBLE},
	{"\xe2\x80\x98", GLYPH_OPEN_SINGLE},
	{"\xe2\x80\x99", GLYPH_CLOSE_SINGLE},
	{"\xe2\x80\x93", GLYPH_DASH},
	{"\xe2\x80\x94", GLYPH_DASH},
	{"\xe2\x80\x95", GLYPH_DASH},
	{"\xe2\x80\xa6", GLYPH_STOP},
	{"\xe2\x80\xa2", GLYPH_BULLET},
	{"\xe2\x80\xa3", GLYPH_BULLET},
	{"\xe2\x97\xa6", GLYPH_BULLET},
	{"\xe2\x96\xaa", GLYPH_BULLET},
	{"\xc2\xb7", GLYPH_BULLET},
};

static enum glyph ascii(unsigned char byte)
{
	if (isspace(byte))
		return GLYPH_SPACE;
	if (isdigit(byte))
		return GLYPH_DIGIT;
	if (isalpha(byte))
		return GLYPH_LETTER;
	switch (byte) {
	case '"':
		return GLYPH_DOUBLE;
	case '\'':
		return GLYPH_SINGLE;
	case '-':
		return GLYPH_HYPHEN;
	case '.':
	case '?':
	case '!':
		return GLYPH_STOP;
	case ',':
	case ';':
	case ':':
	case '(':
	case ')':
	case '[':
	case ']':
		return GLYPH_MARK;
	case '*':
		return GLYPH_BULLET;
	default:
		return GLYPH_OTHER;
	}
}

enum glyph speech_glyph(struct span text, size_t at, size_t *length)
{
	*length = 1;
	if (at >= text.length)
		return GLYPH_NONE;
	unsigned char byte = (unsigned char)text.data[at];
	if (byte < 0x80)
		return ascii(byte);
	for (size_t i = 0; i < ARRAY_LENGTH(wide); i++) {
		size_t size = strlen(wide[i].bytes);
		if (text.length - at >= size && memcmp(text.data + at, wide[i].bytes, size) == 0) {
			*length = size;
			return wide[i].glyph;
		}
	}
	return GLYPH_LETTER;
}

enum glyph speech_glyph_before(struct span text, size_t at)
{
	size_t length;
	if (at == 0)
		return GLYPH_NONE;
	size_t start = at - 1;
	while (start > 0 && at - start < 4 && ((unsigned char)text.data[start] & 0xc0) == 0x80)
		start--;
	return speech_glyph(text, start, &length);
}

bool speech_upper(struct span text, size_t at)
{
	if (at >= text.length)
		return false;
	if (text.data[at] >= 'A' && text.data[at] <= 'Z')
		return true;
	/* U+00C0 to U+00DE: capitals of Latin-1. */
	return at + 1 < text.length && (unsigned char)text.data[at] == 0xc3 &&
	       (unsigned char)text.data[at + 1] >= 0x80 && (unsigned char)text.data[at + 1] <= 0x9e;
}

size_t speech_skip_space(struct span text, size_t at, size_t end)
{
	size_t length;
	while (at < end && speech_glyph(text, at, &length) == GLYPH_SPACE)
		at += length;
	return at < end ? at : end;
}

static bool part_of_word(enum glyph glyph)
{
	return glyph == GLYPH_LETTER || glyph == GLYPH_DIGIT;
}

size_t speech_word_end(struct span text, size_t at, size_t end)
{
	size_t length, next;
	enum glyph before = GLYPH_NONE;
	while (at < end) {
		enum glyph glyph = speech_glyph(text, at, &length);
		enum glyph after =
			at + length < end ? speech_glyph(text, at + length, &next) : GLYPH_NONE;
		bool inner = part_of_word(before) && part_of_word(after);
		if (glyph == GLYPH_CLOSE_SINGLE || glyph == GLYPH_SINGLE) {
			/* An apostrophe, also the one that ends a plural's possessive. */
			if (!inner && !(before == GLYPH_LETTER && after == GLYPH_SPACE &&
					      text.data[at - 1] == 's'))
				return at;
		} else if (glyph == GLYPH_HYPHEN || text.data[at] == '.' || text.data[at] == '&' ||
			   text.data[at] == '/' || text.data[at] == '@' || text.data[at] == '_') {
			if (!inner)
				return at;
		} else if (text.data[at] == ',' || text.data[at] == ':') {
			if (before != GLYPH_DIGIT || after != GLYPH_DIGIT)
				return at;
		} else if (!part_of_word(glyph) && text.data[at] != '%' && text.data[at] != '$') {
			return at;
		}
		before = glyph;
		at += length;
	}
	return end;
}
