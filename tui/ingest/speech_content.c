/* What is said: whether a content goes with a verb of saying, and on which side of it. */
#include "speech_parts.h"

#define AHEAD_ITEMS 18
#define CLAUSE_ITEMS 14

/* The end of the parenthesis that the mark at `item` opens; item where it is not closed. */
static size_t behind_parenthesis(const struct finder *finder, size_t item)
{
	char mark = finder->sentence.items[item].mark;
	for (size_t i = item + 1; i < finder->sentence.count && i - item < AHEAD_ITEMS; i++) {
		if (speech_mark(finder, i, mark))
			return i;
		if (speech_mark(finder, i, '.') || speech_mark(finder, i, ';'))
			break;
	}
	return item;
}

/* "asked not to be named" says nothing of the case. */
static bool asks_not_to_be_named(const struct finder *finder, size_t to)
{
	return speech_is(finder, to + 1, "be") &&
	       (speech_is(finder, to + 2, "named") || speech_is(finder, to + 2, "identified") ||
		       speech_is(finder, to + 2, "quoted"));
}

static bool infinitive(const struct finder *finder, size_t to, const struct hit *hit)
{
	if (!speech_is(finder, to, "to"))
		return false;
	/* "corrected it to 40", but "advised it to leave". */
	if (!(hit->takes & (TAKES_THAT | TAKES_QUOTE)) && hit->direction == SPEECH_ASSERTS)
		return true;
	return speech_kind(finder, to + 1, ITEM_WORD) &&
	       !speech_has(finder, to + 1, WORD_DETERMINER | WORD_SUBJECT) &&
	       !finder->sentence.items[to + 1].upper && !asks_not_to_be_named(finder, to);
}

/* Whether the content begins at item, `words` words behind the verb. */
static bool content_at(
	const struct finder *finder, size_t item, size_t words, const struct hit *hit)
{
	unsigned takes = hit->takes;
	if (speech_kind(finder, item, ITEM_QUOTE)) {
		if ((takes & TAKES_NAME) && words > 0)
			return true;
		return (takes & TAKES_QUOTE) && !speech_quote_names(finder, item);
	}
	if (!speech_kind(finder, item, ITEM_WORD))
		return false;
	if ((takes & TAKES_THAT) && speech_has(finder, item, WORD_THAT))
		return speech_kind(finder, item + 1, ITEM_QUOTE) ||
		       (speech_kind(finder, item + 1, ITEM_WORD) &&
			       !speech_is(finder, item + 1, "of"));
	if ((takes & TAKES_THAT) && speech_has(finder, item, WORD_QUESTION) &&
		(words == 0 || (takes & TAKES_PERSON)))
		return true;
	if ((takes & TAKES_TO) && infinitive(finder, item, hit))
		return true;
	if ((takes & TAKES_OF) && speech_is(finder, item, "of"))
		return true;
	if ((takes & TAKES_AT) && words > 0 && speech_is(finder, item, "at"))
		return true;
	if ((takes & TAKES_AT) && words == 0 && speech_is(finder, item, "it"))
		return true;
	if ((takes & TAKES_CLAIM) && words == 0 && speech_has(finder, item, WORD_THAT))
		return !speech_kind(finder, item + 1, ITEM_WORD);
	return (takes & TAKES_CLAIM) && speech_has(finder, item, WORD_SAYING);
}

/* Whether a clause without "that" begins at item. */
static bool clause_at(const struct finder *finder, size_t item)
{
	if (speech_has(finder, item, WORD_SUBJECT))
		return true;
	for (size_t i = item; i < finder->sentence.count && i - item < CLAUSE_ITEMS; i++) {
		if (finder->sentence.items[i].mark)
			return false;
		if (i > item && speech_has(finder, i, WORD_AUXILIARY))
			return true;
	}
	return false;
}

/* Where the content begins that was recognised at item: there, unless a clause without "that" or a
 * noun leads to it. */
static size_t content_start(const struct finder *finder, const struct hit *hit, size_t item)
{
	size_t first = hit->verb_end;
	if (hit->takes & TAKES_NAME)
		return first;
	if ((hit->takes & TAKES_AT) && speech_is(finder, item, "it")) {
		while (item < finder->sentence.count && !finder->sentence.items[item].mark)
			item++;
		return item;
	}
	while (first < item && speech_has(finder, first, WORD_ADVERB | WORD_TIME))
		first++;
	if ((hit->takes & TAKES_CLAUSE) && !(hit->takes & TAKES_PERSON) && first < item &&
		!speech_has(finder, first, WORD_PREPOSITION | WORD_WEEKDAY))
		return first;
	return item;
}

/* Looks for a content that a word or a mark introduces; sets hit->content. */
static bool content_after(const struct finder *finder, struct hit *hit)
{
	size_t words = 0;
	for (size_t i = hit->verb_end; i < finder->sentence.count && words < AHEAD_ITEMS; i++) {
		const struct item *item = &finder->sentence.items[i];
		hit->content = i;
		if (item->mark == '.' || item->mark == ';')
			return false;
		if (item->mark) {
			hit->content = i + 1;
			if ((hit->takes & TAKES_QUOTE) && speech_kind(finder, i + 1, ITEM_QUOTE) &&
				!speech_quote_names(finder, i + 1))
				return true;
			if (item->mark == ':')
				return (hit->takes & (TAKES_QUOTE | TAKES_CLAUSE)) != 0;
			size_t behind = behind_parenthesis(finder, i);
			if (behind == i)
				return false;
			i = behind;
			continue;
		}
		if (content_at(finder, i, words, hit)) {
			hit->content = content_start(finder, hit, i);
			if ((hit->takes & TAKES_PERSON) && speech_is(finder, i, "to") &&
				hit->direction == SPEECH_ASSERTS)
				hit->direction = SPEECH_OTHER;
			return true;
		}
		if ((item->classes & WORD_BUT) && words > 0)
			return false;
		words++;
	}
	return false;
}

/* Content that no word introduces: a clause, a noun, or nothing. */
static bool bare_content(const struct finder *finder, struct hit *hit)
{
	size_t item = hit->verb_end;
	while (speech_has(finder, item, WORD_ADVERB | WORD_TIME) &&
		!speech_has(finder, item, WORD_DETERMINER))
		item++;
	hit->content = item;
	if (hit->takes & TAKES_NOTHING)
		return true;
	if (!speech_kind(finder, item, ITEM_WORD))
		return false;
	if (asks_not_to_be_named(finder, item + 1))
		return false;
	if (hit->takes & TAKES_ANY)
		return true;
	if (hit->takes & TAKES_OBJECT)
		return !speech_has(finder, item, WORD_PREPOSITION | WORD_JOIN) ||
		       hit->direction != SPEECH_ASSERTS;
	return (hit->takes & TAKES_CLAUSE) && clause_at(finder, item);
}

/* Whether words before the clause are set off from it, so that they can be what is said. */
static bool content_before(const struct finder *finder, const struct hit *hit)
{
	if (!(hit->takes & TAKES_BEFORE) || hit->carried || hit->joined || hit->clause == 0)
		return false;
	size_t before = hit->clause - 1;
	if (speech_kind(finder, before, ITEM_QUOTE))
		return true;
	return before > 0 && (speech_mark(finder, before, ',') || speech_mark(finder, before, '-'));
}

/* Whether the words behind the verb, up to a mark, only say where, when or to whom. */
static bool only_adjunct(const struct finder *finder, const struct hit *hit)
{
	size_t item = hit->verb_end;
	if ((hit->takes & TAKES_PERSON) && speech_kind(finder, item, ITEM_WORD))
		return !clause_at(finder, item) || speech_has(finder, item, WORD_SUBJECT);
	return speech_has(
		       finder, item, WORD_PREPOSITION | WORD_TIME | WORD_ADVERB | WORD_WEEKDAY) ||
	       speech_is(finder, item, "last") || speech_is(finder, item, "this");
}

bool speech_content(const struct finder *finder, struct hit *hit)
{
	if (hit->takes & ONLY_OUT) {
		if (!speech_is(finder, hit->verb_end, "out"))
			return false;
		hit->verb_end++;
	}
	hit->content = hit->verb_end;
	if ((hit->takes & TAKES_ON) && (speech_is(finder, hit->verb_end, "on") ||
					       speech_is(finder, hit->verb_end, "for"))) {
		hit->verb_end++;
		hit->direction = SPEECH_OTHER;
		return speech_kind(finder, hit->verb_end, ITEM_WORD);
	}
	bool at_end = hit->verb_end >= finder->sentence.count ||
		      (finder->sentence.items[hit->verb_end].mark &&
			      !speech_mark(finder, hit->verb_end, ':'));
	bool before = content_before(finder, hit);
	/* "As the firm admits, ..." */
	bool as = speech_is(finder, hit->clause, "as") && (hit->takes & TAKES_BEFORE);
	if (at_end && (before || as))
		return hit->covers = true;
	if (content_after(finder, hit))
		return true;
	if (before && only_adjunct(finder, hit))
		return hit->covers = true;
	return bare_content(finder, hit);
}
