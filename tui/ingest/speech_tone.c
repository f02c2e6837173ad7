/* What a content's words tell: hedges, denials, names in quotation marks. */
#include "speech_parts.h"

#include "base/buffer.h"

#define DENIAL_WORDS 22
#define NAME_WORDS 4
#define MAX_HEDGES 8

/* A walk over the words of a stretch of text, quotations included. */
struct walk {
	size_t at, end;
	size_t start, stop; /* the word */
	uint64_t classes;
	bool marked; /* a comma, semicolon or stop stands before it */
};

static bool next_word(const struct finder *finder, struct walk *walk)
{
	size_t length;
	walk->marked = false;
	while (walk->at < walk->end) {
		size_t stop = speech_word_end(finder->text, walk->at, walk->end);
		if (stop > walk->at) {
			walk->start = walk->at;
			walk->stop = walk->at = stop;
			speech_lookup(finder->lexicon,
				span_of(finder->text.data + walk->start, stop - walk->start),
				&walk->classes);
			return true;
		}
		enum glyph glyph = speech_glyph(finder->text, walk->at, &length);
		walk->marked = walk->marked || glyph == GLYPH_MARK || glyph == GLYPH_STOP;
		walk->at += length;
	}
	return false;
}

static bool word_is(const struct finder *finder, const struct walk *walk, const char *word)
{
	return span_equal_ignoring_case(
		span_of(finder->text.data + walk->start, walk->stop - walk->start),
		span_string(word));
}

static bool denies(const struct finder *finder, size_t start, size_t end)
{
	struct walk walk = {.at = start, .end = end};
	uint64_t before = 0;
	for (size_t words = 0; words < DENIAL_WORDS && next_word(finder, &walk); words++) {
		if (words > 0 && (walk.marked || (walk.classes & WORD_CONDITION)))
			return false;
		struct walk ahead = walk;
		bool more = next_word(finder, &ahead);
		bool mild =
			more && ((ahead.classes & WORD_MILD) || word_is(finder, &ahead, "rule"));
		if ((walk.classes & WORD_NOBODY) && !mild)
			return true;
		if ((walk.classes & WORD_FALSE) && (before & (WORD_BE | WORD_ADVERB)))
			return true;
		if ((walk.classes & WORD_NOT) && !mild && !(walk.classes & WORD_MODAL) &&
			((before & (WORD_BE | WORD_HAVE | WORD_DO)) ||
				(walk.classes & (WORD_BE | WORD_HAVE | WORD_DO)) ||
				word_is(finder, &walk, "never")))
			return true;
		before = walk.classes;
	}
	return false;
}

/* Advice ("you should"), an apology, a question. */
static bool asks(const struct finder *finder, size_t start, size_t end)
{
	struct walk walk = {.at = start, .end = end};
	size_t last = end;
	uint64_t before = 0;
	while (last > start && strchr("\"'\xe2\x80\x9d\x99", finder->text.data[last - 1]))
		last--;
	if (last > start && finder->text.data[last - 1] == '?')
		return true;
	for (size_t words = 0; words < DENIAL_WORDS && next_word(finder, &walk); words++) {
		if (words > 0 && (walk.marked || (walk.classes & WORD_CONDITION)))
			return false;
		if (word_is(finder, &walk, "should") || word_is(finder, &walk, "must") ||
			word_is(finder, &walk, "sorry") || word_is(finder, &walk, "apologise") ||
			word_is(finder, &walk, "apologize") ||
			((before & WORD_NOT) && word_is(finder, &walk, "know")) ||
			((words == 0 || (before & WORD_THAT)) && word_is(finder, &walk, "you")))
			return true;
		before = walk.classes;
	}
	return false;
}

/* "We do not comment", "will not discuss". */
static bool declines(const struct finder *finder, size_t start, size_t end)
{
	struct walk walk = {.at = start, .end = end};
	bool negated = false;
	for (size_t words = 0; words < DENIAL_WORDS && next_word(finder, &walk); words++) {
		if (words > 0 && walk.marked)
			return false;
		if (negated &&
			(word_is(finder, &walk, "comment") || word_is(finder, &walk, "discuss") ||
				word_is(finder, &walk, "speculate")))
			return true;
		negated = walk.classes & WORD_NOT;
	}
	return false;
}

enum speech_direction speech_tone(
	const struct finder *finder, size_t start, size_t end, bool admitted)
{
	if (asks(finder, start, end))
		return SPEECH_OTHER;
	if (declines(finder, start, end))
		return SPEECH_DECLINES;
	return !admitted && denies(finder, start, end) ? SPEECH_DENIES : SPEECH_ASSERTS;
}

static void add_hedge(const struct finder *finder, struct buffer *hedges, size_t start, size_t end)
{
	char text[SPEAKER_SIZE];
	speech_fold(finder->text, start, end, text, sizeof text);
	if (hedges->length > 0)
		buffer_add_string(hedges, ", ");
	buffer_add_string(hedges, text);
}

/* The end of a hedging phrase that begins with the walk's word, 0 when none does. */
static size_t phrase(const struct finder *finder, struct walk walk)
{
	bool negative = walk.classes & WORD_NOT;
	bool no = word_is(finder, &walk, "no"), none = word_is(finder, &walk, "none");
	bool could = word_is(finder, &walk, "could");
	if (!next_word(finder, &walk))
		return 0;
	if (no && (word_is(finder, &walk, "evidence") || word_is(finder, &walk, "indication") ||
			  word_is(finder, &walk, "sign")))
		return walk.stop;
	if (negative &&
		(word_is(finder, &walk, "impossible") || word_is(finder, &walk, "confirmed")))
		return walk.stop;
	if (none && word_is(finder, &walk, "so"))
		return next_word(finder, &walk) && word_is(finder, &walk, "far") ? walk.stop : 0;
	if (could && word_is(finder, &walk, "not") && !next_word(finder, &walk))
		return 0;
	if ((negative || could) && word_is(finder, &walk, "rule"))
		return next_word(finder, &walk) && word_is(finder, &walk, "out") ? walk.stop : 0;
	return 0;
}

char *speech_hedges(const struct finder *finder, size_t start, size_t end, bool *failed)
{
	struct buffer hedges = {0};
	struct walk walk = {.at = start, .end = end};
	size_t count = 0;
	*failed = false;
	while (count < MAX_HEDGES && next_word(finder, &walk)) {
		size_t stop = phrase(finder, walk);
		bool hedge = walk.classes & WORD_HEDGE;
		struct walk ahead = walk;
		if (hedge && (walk.classes & WORD_MONTH) && speech_upper(finder->text, walk.start))
			hedge = false;
		if (hedge && word_is(finder, &walk, "could"))
			hedge = next_word(finder, &ahead) &&
				(ahead.classes & (WORD_BE | WORD_HAVE | WORD_ADVERB)) &&
				!(ahead.classes & WORD_NOT);
		if (stop == 0 && !hedge)
			continue;
		add_hedge(finder, &hedges, walk.start, stop > 0 ? stop : walk.stop);
		if (stop > 0)
			walk.at = stop;
		count++;
	}
	*failed = buffer_failed(&hedges);
	if (*failed || count == 0) {
		buffer_free(&hedges);
		return NULL;
	}
	return hedges.data;
}

bool speech_quote_names(const struct finder *finder, size_t item)
{
	const struct item *quote = &finder->sentence.items[item];
	struct walk walk = {.at = quote->start, .end = quote->end};
	size_t words = 0;
	bool capitals = true;
	if (item > 0 && speech_has(finder, item - 1, WORD_NAMING))
		return true;
	if (item > 1 && speech_is(finder, item - 1, "as") && speech_is(finder, item - 2, "known"))
		return true;
	while (words <= NAME_WORDS && next_word(finder, &walk)) {
		bool small = walk.classes & (WORD_PREPOSITION | WORD_DETERMINER | WORD_AND);
		if (words > 0 && walk.marked)
			return false;
		capitals = capitals &&
			   (speech_upper(finder->text, walk.start) || (small && words > 0));
		words++;
	}
	if (!capitals || words == 0 || words > NAME_WORDS)
		return false;
	/* Words end with a mark inside, names do not. */
	size_t length, at = walk.stop;
	enum glyph glyph = speech_glyph(finder->text, at, &length);
	return glyph != GLYPH_STOP && glyph != GLYPH_MARK &&
	       (words > 1 || item == 0 || !speech_mark(finder, item - 1, ':'));
}
