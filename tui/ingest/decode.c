#include "decode.h"

#include "base/text.h"

#include <string.h>

#define EVIDENCE (64 * 1024)

/* Windows-1252, 0x80 to 0x9f; the five that it leaves open are C1 controls, as everywhere. */
static const uint16_t windows_1252[32] = {0x20ac, 0x81, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020,
	0x2021, 0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8d, 0x017d, 0x8f, 0x90, 0x2018, 0x2019,
	0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0x9d,
	0x017e, 0x0178};

static bool starts_with(struct span bytes, const char *start, size_t length)
{
	return bytes.length >= length && memcmp(bytes.data, start, length) == 0;
}

/* UTF-16 without a BOM: NULs in every second byte of the first 64, and only there. */
static bool looks_like_utf16(struct span bytes, size_t nul_at)
{
	size_t pairs = bytes.length / 2 < 32 ? bytes.length / 2 : 32;
	for (size_t i = 0; i < pairs; i++)
		if (bytes.data[2 * i + nul_at] != '\0' || bytes.data[2 * i + 1 - nul_at] == '\0')
			return false;
	return pairs > 1;
}

static void begin(struct decoder *decoder, struct span bytes)
{
	decoder->begun = true;
	decoder->decided = true;
	if (starts_with(bytes, "\xef\xbb\xbf", 3)) {
		decoder->bom = 3;
		decoder->encoding = INPUT_UTF8;
	} else if (starts_with(bytes, "\xff\xfe", 2)) {
		decoder->bom = 2;
		decoder->encoding = INPUT_UTF16LE;
	} else if (starts_with(bytes, "\xfe\xff", 2)) {
		decoder->bom = 2;
		decoder->encoding = INPUT_UTF16BE;
	} else if (looks_like_utf16(bytes, 1)) {
		decoder->encoding = INPUT_UTF16LE;
	} else if (looks_like_utf16(bytes, 0)) {
		decoder->encoding = INPUT_UTF16BE;
	} else {
		decoder->encoding = INPUT_UTF8;
		decoder->decided = false;
	}
}

static size_t ascii_length(struct span bytes)
{
	size_t at = 0;
	uint64_t word;
	for (; at + sizeof word <= bytes.length; at += sizeof word) {
		memcpy(&word, bytes.data + at, sizeof word);
		if (word & UINT64_C(0x8080808080808080))
			break;
	}
	while (at < bytes.length && (unsigned char)bytes.data[at] < 0x80)
		at++;
	return at;
}

/* bytes begins with one that is not ASCII. */
static enum input_encoding decide(struct span bytes)
{
	size_t valid = 0, invalid = 0;
	bool nul = false;
	bool cut = bytes.length > EVIDENCE;
	if (cut)
		bytes.length = EVIDENCE;
	for (size_t at = 0; at < bytes.length;) {
		if ((unsigned char)bytes.data[at] < 0x80) {
			nul |= bytes.data[at] == '\0';
			at++;
			continue;
		}
		uint32_t code;
		size_t length = text_decode(bytes.data + at, bytes.length - at, &code);
		/* A character cut off by the end of the evidence says nothing. */
		if (length == 0 && cut && at + 4 > bytes.length)
			break;
		valid += length > 0;
		invalid += length == 0;
		at += length > 0 ? length : 1;
	}
	if (valid >= invalid)
		return INPUT_UTF8;
	return nul ? INPUT_BYTES : INPUT_WINDOWS_1252;
}

static void add_code(struct buffer *text, uint32_t code)
{
	char bytes[4];
	buffer_add(text, bytes, text_encode(code, bytes));
}

static size_t decode_1252(struct span bytes, struct buffer *text)
{
	for (size_t at = 0; at < bytes.length;) {
		size_t ascii = ascii_length(span_slice(bytes, at, bytes.length));
		buffer_add(text, bytes.data + at, ascii);
		at += ascii;
		for (; at < bytes.length && (unsigned char)bytes.data[at] >= 0x80; at++) {
			unsigned char byte = (unsigned char)bytes.data[at];
			add_code(text, byte < 0xa0 ? windows_1252[byte - 0x80] : byte);
		}
	}
	return bytes.length;
}

static uint32_t unit_at(struct span bytes, size_t at, bool big)
{
	unsigned char first = (unsigned char)bytes.data[at];
	unsigned char second = (unsigned char)bytes.data[at + 1];
	return big ? (uint32_t)(first << 8 | second) : (uint32_t)(second << 8 | first);
}

/* A surrogate without its other half, and half a unit at the end, become U+FFFD. */
static size_t decode_utf16(struct span bytes, bool big, bool last, struct buffer *text)
{
	size_t at = 0;
	while (at + 2 <= bytes.length) {
		uint32_t code = unit_at(bytes, at, big);
		size_t length = 2;
		if (code >= 0xd800 && code <= 0xdbff) {
			if (at + 4 > bytes.length && !last)
				break;
			uint32_t low = at + 4 <= bytes.length ? unit_at(bytes, at + 2, big) : 0;
			if (low >= 0xdc00 && low <= 0xdfff) {
				code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
				length = 4;
			}
		}
		add_code(text, code);
		at += length;
	}
	if (last && at < bytes.length) {
		add_code(text, 0xfffd);
		at = bytes.length;
	}
	return at;
}

/* UTF-8 so far: passes ASCII on, then decides when there is enough to decide by. */
static size_t decode_undecided(
	struct decoder *decoder, struct span bytes, bool last, struct buffer *text)
{
	size_t ascii = ascii_length(bytes);
	buffer_add(text, bytes.data, ascii);
	struct span rest = span_slice(bytes, ascii, bytes.length);
	if (rest.length == 0 || (rest.length < EVIDENCE && !last))
		return ascii;
	decoder->encoding = decide(rest);
	decoder->decided = true;
	return ascii + decode(decoder, rest, last, text);
}

size_t decode(struct decoder *decoder, struct span bytes, bool last, struct buffer *text)
{
	size_t skipped = 0;
	if (!decoder->begun) {
		if (bytes.length < 64 && !last)
			return 0;
		begin(decoder, bytes);
		skipped = decoder->bom;
		bytes = span_slice(bytes, skipped, bytes.length);
	}
	if (bytes.length == 0)
		return skipped;
	if (!decoder->decided)
		return skipped + decode_undecided(decoder, bytes, last, text);
	switch (decoder->encoding) {
	case INPUT_UTF16LE:
		return skipped + decode_utf16(bytes, false, last, text);
	case INPUT_UTF16BE:
		return skipped + decode_utf16(bytes, true, last, text);
	case INPUT_WINDOWS_1252:
		return skipped + decode_1252(bytes, text);
	case INPUT_UTF8:
	case INPUT_BYTES:
		break;
	}
	buffer_add_span(text, bytes);
	return skipped + bytes.length;
}

uint64_t decode_original(const struct decoder *decoder, struct span text)
{
	if (decoder->encoding == INPUT_UTF8 || decoder->encoding == INPUT_BYTES)
		return text.length;
	uint64_t characters = 0, pairs = 0;
	for (size_t at = 0; at < text.length; at++) {
		unsigned char byte = (unsigned char)text.data[at];
		characters += (byte & 0xc0) != 0x80;
		pairs += byte >= 0xf0;
	}
	return decoder->encoding == INPUT_WINDOWS_1252 ? characters : 2 * (characters + pairs);
}
