/* Paragraphs: by blank lines, or a line each, or wrapped at a margin; list marks, paragraph numbers
 * and a transcript's labels. */
#include "speech_parts.h"

#include "base/memory.h"

/* A text whose longest line is longer than this is not wrapped: each line is a paragraph. */
#define WRAP_LONGEST 100
#define WRAP_SHORTEST 40
#define LABEL_WORDS 6
#define LABEL_BYTES 60

struct line {
	size_t start, end; /* without outer white space */
	size_t next;       /* where the next one begins */
};

static struct line line_at(struct span text, size_t at)
{
	struct line line = {.start = at};
	while (at < text.length && text.data[at] != '\n' && text.data[at] != '\r')
		at++;
	line.end = at;
	if (at < text.length)
		at += text.data[at] == '\r' && at + 1 < text.length && text.data[at + 1] == '\n'
			      ? 2
			      : 1;
	line.next = at;
	line.start = speech_skip_space(text, line.start, line.end);
	while (line.end > line.start && speech_glyph_before(text, line.end) == GLYPH_SPACE) {
		line.end--;
		while (((unsigned char)text.data[line.end] & 0xc0) == 0x80)
			line.end--;
	}
	return line;
}

/* The column at which the text is wrapped, 0 when it is not. */
static size_t margin(struct span text)
{
	size_t longest = 0;
	struct line line;
	for (size_t at = 0; at < text.length; at = line.next) {
		line = line_at(text, at);
		if (line.end - line.start > longest)
			longest = line.end - line.start;
	}
	return longest <= WRAP_LONGEST && longest >= WRAP_SHORTEST ? longest : 0;
}

/* Behind "12." or "(a)" or "3)" and its space; `at` when there is none. */
static size_t behind_number(struct span text, size_t at, size_t end)
{
	size_t p = at + (text.data[at] == '(' || text.data[at] == '[');
	size_t first = p;
	while (p < end && text.data[p] >= '0' && text.data[p] <= '9' && p - first < 4)
		p++;
	if (p == first && p < end && text.data[p] >= 'a' && text.data[p] <= 'z')
		p++;
	if (p == first || p >= end)
		return at;
	bool letter = text.data[first] >= 'a';
	bool closed = text.data[p] == ')' || text.data[p] == ']';
	if (!closed && (text.data[p] != '.' || letter))
		return at;
	size_t behind = speech_skip_space(text, p + 1, end);
	return behind > p + 1 && behind < end ? behind : at;
}

/* Behind a bullet and its space; `at` when there is none. */
static size_t behind_bullet(struct span text, size_t at, size_t end)
{
	size_t length;
	enum glyph glyph = speech_glyph(text, at, &length);
	if (glyph != GLYPH_BULLET && glyph != GLYPH_DASH && glyph != GLYPH_HYPHEN)
		return at;
	size_t behind = speech_skip_space(text, at + length, end);
	return behind > at + length && behind < end ? behind : at;
}

/* Behind marks that a line begins with and that belong to no sentence: "#" and ">" of plain-text
 * markup, a transcript's time such as "[00:01:10]". */
static size_t behind_markup(struct span text, size_t at, size_t end)
{
	size_t p = at, colons = 0;
	while (p < end && (text.data[p] == '#' || text.data[p] == '>'))
		p++;
	if (p == at) {
		bool bracket = text.data[p] == '[' || text.data[p] == '(';
		p += bracket;
		for (; p < end && ((text.data[p] >= '0' && text.data[p] <= '9') ||
					  text.data[p] == ':' || text.data[p] == '.');
			p++)
			colons += text.data[p] == ':';
		if (colons == 0 || (bracket && (p >= end || !strchr("])", text.data[p]))))
			return at;
		p += bracket;
	}
	size_t behind = speech_skip_space(text, p, end);
	return behind > p && behind < end ? behind : at;
}

static bool begins_item(struct span text, struct line line)
{
	return line.start < line.end &&
	       (behind_markup(text, line.start, line.end) != line.start ||
		       behind_bullet(text, line.start, line.end) != line.start ||
		       behind_number(text, line.start, line.end) != line.start);
}

/* The end of a label: a few capitalised words and a colon; 0 when there is none. */
static size_t label_end(struct span text, size_t at, size_t end, const struct lexicon *lexicon)
{
	size_t words = 0, limit = end - at > LABEL_BYTES ? at + LABEL_BYTES : end, length;
	bool field = false;
	if (!speech_upper(text, at))
		return 0;
	while (at < limit && words < LABEL_WORDS) {
		size_t stop = speech_word_end(text, at, limit);
		if (stop == at)
			return 0;
		uint64_t classes;
		speech_lookup(lexicon, span_of(text.data + at, stop - at), &classes);
		field = field || (classes & WORD_FIELD);
		if (!speech_upper(text, at) && text.data[at] > '9' &&
			!(classes & (WORD_PREPOSITION | WORD_DETERMINER)))
			return 0;
		words++;
		at = stop;
		if (at < limit && text.data[at] == ',')
			at++;
		size_t bracket = speech_skip_space(text, at, limit);
		if (bracket < limit && text.data[bracket] == '(') {
			const char *close = memchr(text.data + bracket, ')', limit - bracket);
			at = close ? (size_t)(close - text.data) + 1 : at;
		}
		if (at < limit && text.data[at] == '.')
			at++;
		if (at < limit && text.data[at] == ':')
			return field || at + 1 >= end ||
					       speech_glyph(text, at + 1, &length) != GLYPH_SPACE
				       ? 0
				       : at;
		at = speech_skip_space(text, at, limit);
	}
	return 0;
}

/* Whether `next` goes on with the paragraph that `line` is in. */
static bool joins(struct span text, struct line line, struct line next, size_t width)
{
	if (width == 0 || next.start == next.end || begins_item(text, next))
		return false;
	size_t length, first = next.start;
	while (first < next.end && speech_glyph(text, first, &length) != GLYPH_SPACE)
		first += length;
	bool stopped = speech_glyph_before(text, line.end) == GLYPH_STOP;
	/* A sentence may go on behind a form feed, a paragraph that has ended does not. */
	bool turned = memchr(text.data + line.end, '\f', next.start + 1 - line.end) != NULL;
	if (turned && stopped)
		return false;
	bool lower = text.data[next.start] >= 'a' && text.data[next.start] <= 'z';
	/* The first word of the next line would not have found room, with some slack. */
	bool full = line.end - line.start + 1 + (first - next.start) + (stopped ? 1 : 8) > width;
	return full || (lower && !stopped);
}

static bool add(struct layout *layout, struct paragraph paragraph)
{
	struct paragraph *grown = memory_grow(
		layout->items, &layout->capacity, layout->count + 1, sizeof *layout->items);
	if (!grown)
		return false;
	layout->items = grown;
	grown[layout->count] = paragraph;
	layout->count++;
	return true;
}

/* How many labels back the same speaker is looked for. */
#define TURNS_BACK 8

/* Labels are those of a transcript only when a speaker comes back. */
static void keep_labels(struct span text, struct layout *layout)
{
	struct span recent[TURNS_BACK];
	size_t labels = 0;
	bool again = false;
	for (size_t i = 0; i < layout->count; i++) {
		const struct paragraph *paragraph = &layout->items[i];
		if (paragraph->label_end == 0)
			continue;
		struct span name = span_of(
			text.data + paragraph->start, paragraph->label_end - paragraph->start);
		for (size_t j = 0; j < TURNS_BACK && j < labels; j++)
			again = again || span_equal(name, recent[j]);
		recent[labels++ % TURNS_BACK] = name;
	}
	for (size_t i = 0; i < layout->count && (labels < 3 || !again); i++)
		layout->items[i].label_end = 0;
}

bool speech_layout(struct span text, const struct lexicon *lexicon, struct layout *layout)
{
	size_t width = margin(text);
	struct line line, next;
	for (size_t at = 0; at < text.length; at = next.next) {
		line = next = line_at(text, at);
		if (line.start == line.end)
			continue;
		struct paragraph paragraph = {.start = line.start};
		size_t behind = behind_bullet(text, line.start, line.end);
		paragraph.item = behind != line.start;
		if (!paragraph.item)
			behind = behind_number(text, line.start, line.end);
		paragraph.item = paragraph.item || text.data[line.start] == '(';
		behind = behind_markup(text, behind, line.end);
		paragraph.start = behind;
		paragraph.label_end = label_end(text, behind, line.end, lexicon);
		while (line.next < text.length) {
			struct line more = line_at(text, line.next);
			if (!joins(text, line, more, width))
				break;
			line = next = more;
		}
		paragraph.end = line.end;
		if (!add(layout, paragraph))
			return false;
	}
	keep_labels(text, layout);
	return true;
}
