#include "base/text.h"

#include "base/image.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* ncurses keeps a base and four combining characters in a cell, so a unit holds no more. */
#define COMBINING_MAX 4
/* A mark never stands for more combining characters, so that drawing one unit is bounded work. */
#define FLOOD_MAX 4096
/* utf8proc sorts combining characters by exchange: a run of them is normalised in pieces. */
#define REORDER_MAX 64

static const char dotted_circle[] = "\xe2\x97\x8c";

size_t text_decode(const char *text, size_t length, uint32_t *code)
{
	/* By length: the bits of the first byte that are the code point's. */
	static const uint8_t lead_bits[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	size_t size = image_sequence(text, length);
	uint32_t value = (uint8_t)text[0] & lead_bits[size];
	for (size_t i = 1; i < size; i++)
		value = value << 6 | ((uint8_t)text[i] & 0x3fU);
	if (size > 0)
		*code = value;
	return size;
}

size_t text_encode(uint32_t code, char bytes[4])
{
	if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		code = 0xfffd;
	if (code < 0x80) {
		bytes[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		bytes[0] = (char)(0xc0 | code >> 6);
		bytes[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		bytes[0] = (char)(0xe0 | code >> 12);
		bytes[1] = (char)(0x80 | (code >> 6 & 0x3f));
		bytes[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	bytes[0] = (char)(0xf0 | code >> 18);
	bytes[1] = (char)(0x80 | (code >> 12 & 0x3f));
	bytes[2] = (char)(0x80 | (code >> 6 & 0x3f));
	bytes[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

size_t text_invalid_at(struct span text)
{
	size_t at = 0;
	while (at < text.length) {
		uint32_t code;
		size_t size = text_decode(text.data + at, text.length - at, &code);
		if (size == 0)
			break;
		at += size;
	}
	return at;
}

static bool is_printable_ascii(char byte)
{
	return byte >= 0x20 && byte <= 0x7e;
}

static bool is_regional(uint32_t code)
{
	return code >= 0x1f1e6 && code <= 0x1f1ff;
}

/* Characters that Unicode calls default-ignorable (drawn as nothing) though they are letters or
 * combining marks by category, and skin tones, which some terminals merge with what stands before
 * them and some do not. */
static bool is_invisible(uint32_t code)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
		{0x034f, 0x034f},   /* combining grapheme joiner */
		{0x115f, 0x1160},   /* Hangul fillers */
		{0x17b4, 0x17b5},   /* Khmer inherent vowels */
		{0x180b, 0x180f},   /* Mongolian variation selectors */
		{0x3164, 0x3164},   /* Hangul filler */
		{0xfe00, 0xfe0f},   /* variation selectors */
		{0xffa0, 0xffa0},   /* half-width Hangul filler */
		{0x1f3fb, 0x1f3ff}, /* skin tones */
		{0xe0000, 0xe0fff}, /* tags, variation selectors */
	};
	for (size_t i = 0; i < ARRAY_LENGTH(ranges); i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

bool text_code_unsafe(uint32_t code)
{
	if (code < 0x80)
		return !is_printable_ascii((char)code);
	static const unsigned categories =
		1U << UTF8PROC_CATEGORY_CN | /* unassigned, noncharacters */
		1U << UTF8PROC_CATEGORY_CC | /* control */
		1U << UTF8PROC_CATEGORY_CF | /* bidi, zero-width, soft hyphen, interlinear */
		1U << UTF8PROC_CATEGORY_CS | /* surrogates */
		1U << UTF8PROC_CATEGORY_CO | /* private use */
		1U << UTF8PROC_CATEGORY_ZL | /* line separator */
		1U << UTF8PROC_CATEGORY_ZP;  /* paragraph separator */
	return (categories >> utf8proc_category((utf8proc_int32_t)code) & 1U) || is_invisible(code);
}

int text_code_width(uint32_t code)
{
	if (code < 0x80)
		return 1;
	if (code > 0x10ffff)
		return 1;
	/* Where utf8proc differs from what terminals do: vowels and finals of conjoining Hangul
	 * take no column of their own, spacing combining marks do. */
	if ((code >= 0x1160 && code <= 0x11ff) || (code >= 0xd7b0 && code <= 0xd7ff))
		return 0;
	if (utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_MC)
		return 1;
	int width = utf8proc_charwidth((utf8proc_int32_t)code);
	return width < 0 ? 0 : width > 2 ? 2 : width;
}

static bool is_combining(uint32_t code)
{
	return code >= 0x300 && !text_code_unsafe(code) && text_code_width(code) == 0;
}

static void set_mark(struct text_cluster *cluster, size_t end)
{
	cluster->end = end;
	cluster->mark = true;
	cluster->length = strlen(cluster->bytes);
	cluster->width = (int)cluster->length;
}

static void mark_code(struct text_cluster *cluster, uint32_t code, size_t size)
{
	if (code < 0x20 || code == 0x7f)
		snprintf(cluster->bytes, sizeof cluster->bytes, "^%c", (char)(code ^ 0x40));
	else
		snprintf(cluster->bytes, sizeof cluster->bytes, "<U+%04X>", code);
	set_mark(cluster, cluster->start + size);
}

/* The combining characters at cluster->start did not fit into the unit before. */
static void mark_flood(struct span text, struct text_cluster *cluster)
{
	size_t at = cluster->start;
	unsigned count = 0;
	while (at < text.length && count < FLOOD_MAX) {
		uint32_t code;
		size_t size = text_decode(text.data + at, text.length - at, &code);
		if (size == 0 || !is_combining(code))
			break;
		at += size;
		count++;
	}
	snprintf(cluster->bytes, sizeof cluster->bytes, "<+%u>", count);
	set_mark(cluster, at);
}

/* Whether the character before `at` is one that a combining character at `at` would have been
 * drawn on, if there had been room. Flags are drawn without any. */
static bool combines_backwards(struct span text, size_t at)
{
	for (size_t back = 1; back <= 4 && back <= at; back++) {
		uint32_t code;
		if (text_decode(text.data + at - back, back, &code) == back)
			return !text_code_unsafe(code) && !is_regional(code);
	}
	return false;
}

static void add_code(struct text_cluster *cluster, const char *bytes, size_t size)
{
	memcpy(cluster->bytes + cluster->length, bytes, size);
	cluster->length += size;
	cluster->bytes[cluster->length] = '\0';
}

/* Takes up to COMBINING_MAX combining characters at cluster->end into the unit. */
static void add_combining(struct span text, struct text_cluster *cluster)
{
	for (int room = COMBINING_MAX; room > 0 && cluster->end < text.length; room--) {
		const char *at = text.data + cluster->end;
		uint32_t code;
		size_t size = text_decode(at, text.length - cluster->end, &code);
		if (size == 0 || !is_combining(code))
			return;
		add_code(cluster, at, size);
		cluster->end += size;
	}
}

/* Two regional indicators are a flag, two columns wide; what one alone is drawn as differs. */
static void set_regional(struct span text, struct text_cluster *cluster, uint32_t code, size_t size)
{
	size_t after = cluster->start + size;
	uint32_t second;
	size_t second_size = after < text.length
				     ? text_decode(text.data + after, text.length - after, &second)
				     : 0;
	if (second_size == 0 || !is_regional(second)) {
		mark_code(cluster, code, size);
		return;
	}
	add_code(cluster, text.data + cluster->start, size + second_size);
	cluster->end = after + second_size;
	cluster->width = 2;
}

bool text_visible_next(struct span text, size_t at, bool ascii, struct text_cluster *cluster)
{
	if (at >= text.length)
		return false;
	const char *here = text.data + at;
	size_t left = text.length - at;
	cluster->start = at;
	cluster->end = at + 1;
	cluster->width = 1;
	cluster->mark = false;
	cluster->length = 0;

	if (is_printable_ascii(*here) && (ascii || left == 1 || (unsigned char)here[1] < 0x80)) {
		add_code(cluster, here, 1);
		return true;
	}
	uint32_t code;
	size_t size = text_decode(here, left, &code);
	if (size == 0) {
		snprintf(cluster->bytes, sizeof cluster->bytes, "\\x%02x",
			(unsigned)(unsigned char)*here);
		set_mark(cluster, at + 1);
	} else if (text_code_unsafe(code) || (ascii && code >= 0x80)) {
		mark_code(cluster, code, size);
	} else if (is_regional(code)) {
		set_regional(text, cluster, code, size);
	} else if (is_combining(code)) {
		if (combines_backwards(text, at)) {
			mark_flood(text, cluster);
			return true;
		}
		add_code(cluster, dotted_circle, sizeof dotted_circle - 1);
		cluster->end = at;
		add_combining(text, cluster);
	} else {
		add_code(cluster, here, size);
		cluster->width = text_code_width(code);
		cluster->end = at + size;
		add_combining(text, cluster);
	}
	return true;
}

/* Eight bytes that are printable ASCII: none is above 0x7f, nor becomes so by what is taken from a
 * control character or added to a DEL. */
static bool is_plain_word(const char *bytes)
{
	const uint64_t each = 0x0101010101010101u;
	uint64_t word;
	memcpy(&word, bytes, sizeof word);
	return ((word | (word - 0x20 * each) | (word + each)) & 0x80 * each) == 0;
}

/* Bytes from `at` that are printable ASCII and that nothing combines with. */
static size_t plain_run(struct span text, size_t at)
{
	size_t end = at;
	while (text.length - end >= 8 && is_plain_word(text.data + end))
		end += 8;
	while (end < text.length && is_printable_ascii(text.data[end]))
		end++;
	if (end > at && end < text.length && (unsigned char)text.data[end] >= 0x80)
		end--;
	return end - at;
}

void text_visible(struct buffer *out, struct span text, bool ascii)
{
	struct text_cluster cluster;
	for (size_t at = 0; at < text.length;) {
		size_t plain = plain_run(text, at);
		if (plain > 0) {
			buffer_add(out, text.data + at, plain);
			at += plain;
		} else if (text_visible_next(text, at, ascii, &cluster)) {
			buffer_add(out, cluster.bytes, cluster.length);
			at = cluster.end;
		}
	}
}

size_t text_width(struct span text, bool ascii)
{
	struct text_cluster cluster;
	size_t width = 0;
	for (size_t at = 0; at < text.length;) {
		size_t plain = plain_run(text, at);
		if (plain > 0) {
			width += plain;
			at += plain;
		} else if (text_visible_next(text, at, ascii, &cluster)) {
			width += (size_t)cluster.width;
			at = cluster.end;
		}
	}
	return width;
}

size_t text_cut(struct span text, size_t limit)
{
	if (text.length <= limit)
		return text.length;
	struct text_cluster cluster;
	size_t at = 0;
	while (text_visible_next(text, at, false, &cluster) && cluster.end <= limit)
		at = cluster.end;
	return at;
}

/* End of the valid UTF-8 from `start`, at most REORDER_MAX combining characters in a row. */
static size_t segment_end(struct span text, size_t start)
{
	size_t at = start;
	unsigned run = 0;
	while (at < text.length) {
		uint32_t code;
		size_t size = text_decode(text.data + at, text.length - at, &code);
		if (size == 0)
			break;
		bool combines = code >= 0x300 &&
				utf8proc_get_property((utf8proc_int32_t)code)->combining_class != 0;
		run = combines ? run + 1 : 0;
		if (run > REORDER_MAX)
			break;
		at += size;
	}
	return at;
}

/* Appends the NFC of text; bytes of invalid UTF-8 as they are. */
static void compose(struct buffer *out, struct span text)
{
	for (size_t at = 0; at < text.length;) {
		size_t end = segment_end(text, at);
		if (end == at) {
			buffer_add_byte(out, text.data[at++]);
			continue;
		}
		utf8proc_uint8_t *composed = NULL;
		utf8proc_ssize_t length = utf8proc_map((const utf8proc_uint8_t *)text.data + at,
			(utf8proc_ssize_t)(end - at), &composed,
			UTF8PROC_STABLE | UTF8PROC_COMPOSE);
		if (length < 0 || !composed) {
			out->failed = true;
			return;
		}
		buffer_add(out, composed, (size_t)length);
		free(composed);
		at = end;
	}
}

/* Bytes of the white space character that text begins with; 0 when it begins with none. */
static size_t space_size(const char *text, size_t length)
{
	uint32_t code;
	size_t size = text_decode(text, length, &code);
	if (size == 0)
		return 0;
	if (code == ' ' || (code >= '\t' && code <= '\r') || code == 0x85)
		return size;
	if (code < 0xa0)
		return 0;
	utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
	return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL ||
			       category == UTF8PROC_CATEGORY_ZP
		       ? size
		       : 0;
}

static void add_single_spaced(struct buffer *out, struct span text)
{
	bool any = false;
	bool space = false;
	for (size_t at = 0; at < text.length;) {
		size_t size = space_size(text.data + at, text.length - at);
		if (size > 0) {
			space = true;
			at += size;
			continue;
		}
		if (space && any)
			buffer_add_byte(out, ' ');
		buffer_add_byte(out, text.data[at++]);
		any = true;
		space = false;
	}
}

void text_normalise(struct buffer *out, struct span text)
{
	bool plain = true;
	for (size_t i = 0; i < text.length && plain; i++)
		plain = (unsigned char)text.data[i] < 0x80;
	if (plain) {
		add_single_spaced(out, text);
		return;
	}
	struct buffer composed = {0};
	compose(&composed, text);
	if (buffer_failed(&composed))
		out->failed = true;
	else
		add_single_spaced(out, buffer_span(&composed));
	buffer_free(&composed);
}

const char *text_unicode_version(void)
{
	return utf8proc_unicode_version();
}
