/* Sentences as items: a word, a mark, a whole quotation, a whole parenthesis. */
#include "speech_parts.h"

#define PARENTHESIS_BYTES 400
#define DATELINE_BYTES 70

bool speech_is(const struct finder *finder, size_t item, const char *word)
{
	if (item >= finder->sentence.count)
		return false;
	const struct item *it = &finder->sentence.items[item];
	struct span text = span_of(finder->text.data + it->start, it->end - it->start);
	return it->kind == ITEM_WORD && span_equal_ignoring_case(text, span_string(word));
}

static bool ends_sentence_before(struct span text, size_t at, size_t end)
{
	size_t length;
	if (at >= end)
		return true;
	enum glyph glyph = speech_glyph(text, at, &length);
	return speech_upper(text, at) || glyph == GLYPH_DIGIT || glyph == GLYPH_OPEN_DOUBLE ||
	       glyph == GLYPH_OPEN_SINGLE || glyph == GLYPH_DOUBLE || glyph == GLYPH_SINGLE ||
	       glyph == GLYPH_DASH || text.data[at] == '(' || text.data[at] == '[';
}

/* Whether the stop at `at` (of this length) ends the sentence whose last item is `word`. */
static bool stops(
	const struct finder *finder, size_t at, size_t length, size_t end, const struct item *word)
{
	struct span text = finder->text;
	size_t behind = at + length, size;
	if (behind >= end)
		return true;
	if (speech_glyph(text, behind, &size) != GLYPH_SPACE)
		return text.data[behind] == ')' || text.data[behind] == ']';
	size_t next = speech_skip_space(text, behind, end);
	if (!ends_sentence_before(text, next, end))
		return false;
	if (text.data[at] != '.' || !word || word->kind != ITEM_WORD || word->end != at)
		return true;
	if ((word->classes & WORD_TITLE) && word->upper)
		return false;
	bool initial = word->end - word->start == 1 && word->upper;
	if (!initial && !(word->classes & WORD_SHORTENED))
		return true;
	/* "May" is no abbreviation, and "Corp. The" ends a sentence where "Corp. Bank" does not. */
	if ((word->classes & WORD_MONTH) && !word->upper)
		return true;
	uint64_t classes;
	size_t stop = speech_word_end(text, next, end);
	speech_lookup(finder->lexicon, span_of(text.data + next, stop - next), &classes);
	return (classes & (WORD_DETERMINER | WORD_SUBJECT | WORD_JOIN | WORD_CONDITION)) != 0 &&
	       !(initial && word->start > 0);
}

/* The end of the parenthesis at `at`, 0 when it is not closed soon. */
static size_t parenthesis_end(struct span text, size_t at, size_t end)
{
	char close = text.data[at] == '(' ? ')' : ']';
	for (size_t p = at + 1; p < end && p - at < PARENTHESIS_BYTES; p++)
		if (text.data[p] == close)
			return p + 1;
	return 0;
}

/* Behind "PLACE, 12 May - ", `at` when there is none: a dash soon, behind a word in capitals. */
static size_t behind_dateline(struct span text, size_t at, size_t end)
{
	size_t length, capitals = 0, p = at;
	while (p < end && text.data[p] >= 'A' && text.data[p] <= 'Z') {
		p++;
		capitals++;
	}
	if (capitals < 3)
		return at;
	for (; p < end && p - at < DATELINE_BYTES; p += length) {
		enum glyph glyph = speech_glyph(text, p, &length);
		bool spaced =
			speech_glyph_before(text, p) == GLYPH_SPACE || text.data[p - 1] == ')';
		size_t next;
		if ((glyph == GLYPH_DASH || glyph == GLYPH_HYPHEN) && spaced) {
			p += length;
			if (speech_glyph(text, p, &next) == GLYPH_HYPHEN)
				p++;
			return speech_skip_space(text, p, end);
		}
		if (glyph == GLYPH_STOP && speech_glyph(text, p + length, &next) == GLYPH_SPACE &&
			!ends_sentence_before(text, p + length + next, end))
			continue;
	}
	return at;
}

static struct item word_item(const struct finder *finder, size_t at, size_t end)
{
	size_t length;
	struct item item = {.start = at, .end = end, .kind = ITEM_WORD};
	item.upper = speech_upper(finder->text, at);
	item.digit = speech_glyph(finder->text, at, &length) == GLYPH_DIGIT;
	const struct word *word = speech_lookup(
		finder->lexicon, span_of(finder->text.data + at, end - at), &item.classes);
	/* May and March are months, may and march are not. */
	if ((item.classes & WORD_MONTH) && item.upper)
		item.classes &= ~(WORD_AUXILIARY | WORD_MAY | WORD_HEDGE);
	else
		item.classes &= ~WORD_MONTH;
	if (word) {
		item.verb = word->verb;
		item.forms = word->forms;
	}
	if (end - at > 3 && memcmp(finder->text.data + end - 2, "ly", 2) == 0 &&
		!(item.classes & (WORD_BODY | WORD_PERSON)) && !item.upper)
		item.classes |= WORD_ADVERB;
	return item;
}

static char mark_of(struct span text, size_t at, enum glyph glyph, size_t length)
{
	size_t next;
	if (glyph == GLYPH_DASH)
		return '-';
	if (glyph == GLYPH_HYPHEN) {
		bool doubled = text.data[at + length < text.length ? at + length : at] == '-';
		bool spaced = speech_glyph_before(text, at) == GLYPH_SPACE &&
			      speech_glyph(text, at + length, &next) == GLYPH_SPACE;
		return doubled || spaced ? '-' : 0;
	}
	if (glyph == GLYPH_STOP)
		return '.';
	if (glyph == GLYPH_MARK && strchr(",;:", text.data[at]))
		return text.data[at];
	return 0;
}

/* The quotation that begins at `at`, or NULL. Positions only rise. */
static const struct quotation *quotation_at(struct finder *finder, size_t at)
{
	const struct quotations *all = &finder->quotations;
	while (finder->quotation < all->count && all->items[finder->quotation].start < at)
		finder->quotation++;
	if (finder->quotation < all->count && all->items[finder->quotation].start == at)
		return &all->items[finder->quotation];
	return NULL;
}

/* Whether the sentence ends with the quotation it has just taken. */
static bool ends_with_quote(const struct finder *finder, const struct quotation *quote, size_t end)
{
	struct span text = finder->text;
	size_t length, inner = quote->end;
	if (quote->open || quote->end >= end)
		return true;
	do
		inner--;
	while (((unsigned char)text.data[inner] & 0xc0) == 0x80);
	if (speech_glyph_before(text, inner) != GLYPH_STOP ||
		speech_glyph(text, quote->end, &length) != GLYPH_SPACE)
		return false;
	return ends_sentence_before(text, speech_skip_space(text, quote->end, end), end);
}

/* Reads one item at *at; true when the sentence ends with it. */
static bool read_item(struct finder *finder, size_t *at, size_t end)
{
	struct sentence *sentence = &finder->sentence;
	struct span text = finder->text;
	struct item *last = sentence->count > 0 ? &sentence->items[sentence->count - 1] : NULL;
	struct item item = {.start = *at, .kind = ITEM_MARK};
	const struct quotation *quote = quotation_at(finder, *at);
	size_t length;
	enum glyph glyph = speech_glyph(text, *at, &length);
	bool over = false;
	size_t word = speech_word_end(text, *at, end);
	if (quote) {
		item.kind = ITEM_QUOTE;
		item.end = quote->end;
		over = ends_with_quote(finder, quote, end);
	} else if (word > *at) {
		item = word_item(finder, *at, word);
	} else if ((text.data[*at] == '(' || text.data[*at] == '[') &&
		   parenthesis_end(text, *at, end) > 0) {
		item.kind = ITEM_PARENTHESIS;
		item.end = parenthesis_end(text, *at, end);
	} else {
		item.mark = mark_of(text, *at, glyph, length);
		item.end = *at + length;
		over = glyph == GLYPH_STOP && stops(finder, *at, length, end, last);
		/* A full stop that ends nothing belongs to the word before it. */
		if (glyph == GLYPH_STOP && !over && last) {
			last->end = item.end;
			*at = item.end;
			return false;
		}
	}
	sentence->items[sentence->count++] = item;
	*at = item.end;
	return over;
}

bool speech_next_sentence(struct finder *finder, const struct paragraph *paragraph, size_t *at)
{
	struct sentence *sentence = &finder->sentence;
	size_t end = paragraph->end;
	sentence->count = 0;
	*at = speech_skip_space(finder->text, *at, end);
	if (*at == paragraph->start)
		*at = behind_dateline(finder->text, *at, end);
	sentence->start = *at;
	if (*at >= end)
		return false;
	bool over = false;
	while (*at < end && !over && sentence->count < SENTENCE_ITEMS) {
		over = read_item(finder, at, end);
		if (!over)
			*at = speech_skip_space(finder->text, *at, end);
	}
	if (sentence->count == 0)
		return false;
	sentence->end = sentence->items[sentence->count - 1].end;
	return true;
}
