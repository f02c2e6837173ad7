/* Pairs of quotation marks, by paragraph; a quotation whose mark is repeated at the head of the
 * next paragraph runs on there. */
#include "speech_parts.h"

#include "base/memory.h"

/* Kinds of marks of which a paragraph holds no more closing ones. */
struct exhausted {
	bool doubles, straight, single;
};

static bool wordlike(enum glyph glyph)
{
	return glyph == GLYPH_LETTER || glyph == GLYPH_DIGIT;
}

static bool opens(struct span text, size_t at, enum glyph glyph, size_t length)
{
	size_t next;
	enum glyph before = speech_glyph_before(text, at);
	enum glyph after = speech_glyph(text, at + length, &next);
	switch ((int)glyph) {
	case GLYPH_OPEN_DOUBLE:
		return true;
	case GLYPH_OPEN_SINGLE:
		return !wordlike(before) && after != GLYPH_SPACE;
	case GLYPH_DOUBLE:
	case GLYPH_SINGLE:
		return !wordlike(before) && before != GLYPH_STOP && after != GLYPH_SPACE &&
		       after != GLYPH_NONE;
	default:
		return false;
	}
}

/* Whether the mark at `at` closes a quotation in single marks rather than being an apostrophe.
 * "workers' rights" is one: an s before it, a lower-case word behind it. */
static bool closes_single(struct span text, size_t at, size_t length, size_t end)
{
	size_t next;
	enum glyph before = speech_glyph_before(text, at);
	enum glyph after = at + length < end ? speech_glyph(text, at + length, &next) : GLYPH_NONE;
	if (wordlike(after) || before == GLYPH_SPACE)
		return false;
	if (!wordlike(before) || text.data[at - 1] != 's' || after != GLYPH_SPACE)
		return true;
	size_t word = speech_skip_space(text, at + length, end);
	return word >= end || speech_upper(text, word) ||
	       speech_glyph(text, word, &next) != GLYPH_LETTER;
}

/* The end of the quotation opened by a mark of this kind, 0 when nothing closes it. */
static size_t closing(struct span text, size_t at, size_t end, enum glyph opened)
{
	size_t length, weak = 0;
	for (; at < end; at += length) {
		enum glyph glyph = speech_glyph(text, at, &length);
		bool single = glyph == GLYPH_CLOSE_SINGLE || glyph == GLYPH_SINGLE;
		if (opened == GLYPH_OPEN_DOUBLE && glyph == GLYPH_CLOSE_DOUBLE)
			return at + length;
		if (opened == GLYPH_DOUBLE && glyph == GLYPH_DOUBLE)
			return at + length;
		bool again = glyph == GLYPH_OPEN_SINGLE ||
			     (weak > 0 && glyph == GLYPH_SINGLE && opens(text, at, glyph, length));
		if (again && (opened == GLYPH_OPEN_SINGLE || opened == GLYPH_SINGLE))
			break;
		if ((opened == GLYPH_OPEN_SINGLE && glyph == GLYPH_CLOSE_SINGLE) ||
			(opened == GLYPH_SINGLE && single)) {
			if (closes_single(text, at, length, end))
				return at + length;
			enum glyph before = speech_glyph_before(text, at);
			size_t next;
			if (weak == 0 && before == GLYPH_LETTER &&
				speech_glyph(text, at + length, &next) == GLYPH_SPACE)
				weak = at + length;
		}
	}
	return weak;
}

static bool *exhausted_of(struct exhausted *exhausted, enum glyph glyph)
{
	if (glyph == GLYPH_OPEN_DOUBLE)
		return &exhausted->doubles;
	return glyph == GLYPH_DOUBLE ? &exhausted->straight : &exhausted->single;
}

static bool add(struct quotations *quotations, size_t start, size_t end, bool open)
{
	struct quotation *grown = memory_grow(quotations->items, &quotations->capacity,
		quotations->count + 1, sizeof *quotations->items);
	if (!grown)
		return false;
	quotations->items = grown;
	grown[quotations->count++] = (struct quotation){.start = start, .end = end, .open = open};
	return true;
}

/* Whether the next paragraph begins with the same opening mark. */
static bool runs_on(struct span text, const struct layout *layout, size_t index, enum glyph opened)
{
	size_t length;
	return index + 1 < layout->count &&
	       speech_glyph(text, layout->items[index + 1].start, &length) == opened;
}

static bool pair(
	struct span text, const struct layout *layout, size_t index, struct quotations *quotations)
{
	const struct paragraph *paragraph = &layout->items[index];
	struct exhausted exhausted = {0};
	size_t length;
	for (size_t at = paragraph->start; at < paragraph->end; at += length) {
		enum glyph glyph = speech_glyph(text, at, &length);
		if (!opens(text, at, glyph, length))
			continue;
		bool *none = exhausted_of(&exhausted, glyph);
		size_t end = *none ? 0 : closing(text, at + length, paragraph->end, glyph);
		bool open = end == 0 && !*none && runs_on(text, layout, index, glyph);
		/* Another single mark opened in between says nothing about what comes behind it. */
		if (end == 0 && glyph != GLYPH_OPEN_SINGLE)
			*none = true;
		if (open)
			end = paragraph->end;
		if (end == 0)
			continue;
		if (!add(quotations, at, end, open))
			return false;
		length = end - at;
	}
	return true;
}

bool speech_quotations(struct span text, const struct layout *layout, struct quotations *quotations)
{
	for (size_t i = 0; i < layout->count; i++)
		if (!pair(text, layout, i, quotations))
			return false;
	return true;
}
