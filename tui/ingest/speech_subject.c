/* Who speaks: the noun phrase before a verb group, or behind it. */
#include "speech_parts.h"

#define BACK_ITEMS 40
#define PHRASE_ITEMS 25
#define NAME_ITEMS 6

static bool dated(const struct finder *finder, size_t item)
{
	return speech_has(finder, item, WORD_MONTH | WORD_WEEKDAY | WORD_TIME) ||
	       (item < finder->sentence.count && finder->sentence.items[item].digit);
}

static bool past(const struct finder *finder, size_t item)
{
	if (!speech_kind(finder, item, ITEM_WORD))
		return false;
	const struct item *it = &finder->sentence.items[item];
	return !it->upper && it->end - it->start > 3 &&
	       memcmp(finder->text.data + it->end - 2, "ed", 2) == 0;
}

/* "last week", "this month" */
static bool period(const struct finder *finder, size_t item)
{
	static const char *const spans[] = {"week", "month", "year", "night", "morning",
		"afternoon", "evening", "spring", "summer", "autumn", "winter", "weekend"};
	if (!speech_is(finder, item, "last") && !speech_is(finder, item, "this") &&
		!speech_is(finder, item, "next") && !speech_is(finder, item, "earlier"))
		return false;
	if (speech_has(finder, item + 1, WORD_MONTH | WORD_WEEKDAY))
		return true;
	for (size_t i = 0; i < ARRAY_LENGTH(spans); i++)
		if (speech_is(finder, item + 1, spans[i]))
			return true;
	return false;
}

/* The item of the phrase's head noun: the last word before "of", "who", "posted"... */
static size_t head_of(const struct finder *finder, size_t first, size_t last)
{
	size_t head = first;
	for (size_t i = first; i < last; i++) {
		const struct item *it = &finder->sentence.items[i];
		if (i > first &&
			((it->classes & (WORD_PREPOSITION | WORD_RELATIVE | WORD_THAT)) ||
				past(finder, i) || it->mark || speech_is(finder, i, "close") ||
				speech_is(finder, i, "familiar")))
			break;
		head = i;
	}
	return head;
}

static bool may_speak(const struct finder *finder, size_t first, size_t last)
{
	const struct item *items = finder->sentence.items;
	if (first >= last || last - first > PHRASE_ITEMS ||
		items[last - 1].end - items[first].start >= SPEAKER_SIZE)
		return false;
	if (items[first].kind != ITEM_WORD || speech_is(finder, first, "you"))
		return false;
	if (items[first].classes & (WORD_NOBODY | WORD_PREPOSITION | WORD_AUXILIARY | WORD_PLAN))
		return false;
	uint64_t head = items[head_of(finder, first, last)].classes;
	if (head & WORD_PLAN && !(head & (WORD_PERSON | WORD_BODY | WORD_DOCUMENT)))
		return false;
	return !(head & WORD_INSTRUMENT) || (head & (WORD_PERSON | WORD_BODY | WORD_DOCUMENT));
}

/* Behind "On Monday", "In a note sent last week": the noun phrase that follows. */
static size_t behind_adjunct(const struct finder *finder, size_t first, size_t last)
{
	size_t date = 0;
	for (size_t i = last; i-- > first + 1;)
		if (speech_has(finder, i, WORD_DETERMINER) && !period(finder, i) &&
			!speech_has(finder, i - 1, WORD_PREPOSITION | WORD_AND | WORD_DETERMINER) &&
			!finder->sentence.items[i].digit)
			return i;
	for (size_t i = first + 1; i < last && i < first + 6; i++)
		if (dated(finder, i) || (i > first + 1 && period(finder, i - 1)))
			date = i + 1;
	return date > 0 && date < last ? date : last;
}

static size_t skip_leading(const struct finder *finder, size_t first, size_t last)
{
	while (first < last) {
		if (period(finder, first))
			first += 2;
		else if (speech_is(finder, first, "as") ||
			 (speech_has(finder, first, WORD_ADVERB | WORD_TIME | WORD_JOIN) &&
				 !speech_has(finder, first, WORD_DETERMINER)))
			first++;
		else
			break;
	}
	if (last - first > 2 && speech_is(finder, first, "it") &&
		speech_has(finder, first + 1, WORD_BE))
		first += 2;
	if (first < last && speech_has(finder, first, WORD_PREPOSITION))
		return behind_adjunct(finder, first, last);
	return first < last ? first : last;
}

static size_t skip_trailing(const struct finder *finder, size_t first, size_t last)
{
	for (;;) {
		if (last > first + 1 && speech_has(finder, last - 1, WORD_TIME | WORD_ADVERB))
			last--;
		else if (last > first + 2 && period(finder, last - 2))
			last -= 2;
		else if (last > first + 2 && speech_has(finder, last - 1, WORD_WEEKDAY) &&
			 speech_has(finder, last - 2, WORD_PREPOSITION))
			last -= 2;
		else
			return last;
	}
}

/* A comma or dash before the verb closes a parenthesis: "The plumber, Ana Ruiz, said".
 * Sets name when it is an apposition. Returns where the phrase before it ends, 0 when there is no
 * pair. */
static size_t before_parenthesis(const struct finder *finder, struct hit *hit)
{
	size_t end = hit->group - 1;
	char mark = finder->sentence.items[end].mark;
	for (size_t k = end; k-- > 0 && end - k < BACK_ITEMS;) {
		if (speech_mark(finder, k, ';') || speech_mark(finder, k, ':'))
			return 0;
		if (!speech_mark(finder, k, mark))
			continue;
		if (k + 1 == end || speech_has(finder, k + 1, WORD_JOIN | WORD_AUXILIARY))
			return 0;
		const struct item *first = &finder->sentence.items[k + 1];
		bool noun = (first->kind == ITEM_QUOTE || first->upper ||
				    (first->classes & WORD_DETERMINER)) &&
			    !(first->classes & (WORD_PREPOSITION | WORD_RELATIVE));
		for (size_t i = k + 1; i < end; i++)
			noun = noun && !speech_has(finder, i, WORD_AUXILIARY);
		if (noun) {
			hit->name = k + 1;
			hit->name_end = end;
		}
		return k;
	}
	return 0;
}

/* Whether the item before a clause's first ends the walk back to the left. */
static bool boundary(const struct finder *finder, size_t item)
{
	const struct item *it = &finder->sentence.items[item];
	if (it->mark || it->kind == ITEM_QUOTE)
		return true;
	if (speech_is(finder, item, "than"))
		return true;
	if (it->classes & (WORD_RELATIVE | WORD_THAT))
		/* "a person who was there" goes on; "that the person" does not. */
		return !speech_has(finder, item + 1, WORD_AUXILIARY | WORD_ADVERB) &&
		       !past(finder, item + 1);
	if (it->classes & (WORD_CONCEDE | WORD_CONDITION | WORD_QUESTION | WORD_BUT))
		return true;
	if (finder->hits.count > 0) {
		const struct hit *hit = &finder->hits.items[finder->hits.count - 1];
		return item >= hit->group && item < hit->verb_end;
	}
	return false;
}

/* In a coordination the clause begins at the last "and" that has a verb before it. */
static size_t last_and(const struct finder *finder, size_t first, size_t last)
{
	size_t found = first;
	bool verb = false;
	for (size_t i = first; i < last; i++) {
		verb = verb || speech_has(finder, i, WORD_AUXILIARY) || past(finder, i);
		if (i > first && verb && speech_has(finder, i, WORD_AND))
			found = i;
	}
	return found;
}

/* The subject of a verb joined to another clause's, where that has no verb of saying. */
static bool subject_of_sentence(const struct finder *finder, struct hit *hit)
{
	size_t first = skip_leading(finder, 0, hit->group), last = first;
	while (last < hit->group && !speech_has(finder, last, WORD_AUXILIARY) &&
		!past(finder, last) && !finder->sentence.items[last].mark)
		last++;
	hit->subject = first;
	hit->subject_end = skip_trailing(finder, first, last);
	hit->clause = 0;
	return last < hit->group && may_speak(finder, first, hit->subject_end);
}

static bool carried(const struct finder *finder, struct hit *hit)
{
	hit->clause = hit->group - 1;
	hit->subject = hit->subject_end = hit->group;
	if (finder->hits.count == 0)
		return subject_of_sentence(finder, hit);
	hit->carried = true;
	return true;
}

/* Finds the left end of the clause whose subject ends at `end`; false where the clause is a
 * condition or a comparison. */
static bool open_clause(const struct finder *finder, size_t end, struct hit *hit, size_t *first)
{
	size_t at = end;
	while (at > 0 && end - at < BACK_ITEMS && !boundary(finder, at - 1))
		at--;
	if (end - at >= BACK_ITEMS)
		return false;
	hit->clause = *first = at;
	if (at > 0 && speech_has(finder, at - 1, WORD_CONCEDE)) {
		hit->joined = at > 1 && speech_mark(finder, at - 2, ',') && finder->hits.count > 0;
		hit->subordinate = !hit->joined;
		hit->clause = at - 1;
	} else if (at > 0 && speech_has(finder, at - 1, WORD_BUT)) {
		hit->joined = true;
		hit->clause = at - 1;
	} else if (at > 0 && (speech_has(finder, at - 1, WORD_CONDITION | WORD_QUESTION) ||
				     speech_is(finder, at - 1, "than"))) {
		return false;
	}
	size_t joint = last_and(finder, at, end);
	if (joint > at || speech_has(finder, at, WORD_AND)) {
		hit->joined = true;
		hit->clause = joint;
		*first = joint + 1;
	}
	return true;
}

bool speech_subject(const struct finder *finder, struct hit *hit)
{
	size_t end = hit->group, first;
	if (end == 0)
		return false;
	if (speech_has(finder, end - 1, WORD_JOIN))
		return carried(finder, hit);
	bool relative = speech_has(finder, end - 1, WORD_RELATIVE);
	if (relative) {
		hit->weak = true;
		end -= end > 1 && speech_mark(finder, end - 2, ',') ? 2 : 1;
	}
	hit->subject_end = end;
	if (!relative && (speech_mark(finder, end - 1, ',') || speech_mark(finder, end - 1, '-'))) {
		end = before_parenthesis(finder, hit);
		hit->subject_end = hit->name_end > hit->name ? hit->name_end : end;
	}
	if (end == 0 || !open_clause(finder, end, hit, &first))
		return false;
	if (speech_has(finder, end - 1, WORD_SUBJECT) && end == hit->subject_end &&
		!(end > 1 && speech_has(finder, end - 2, WORD_PREPOSITION) && end - 2 > first)) {
		hit->subject = end - 1;
		return !speech_is(finder, end - 1, "you");
	}
	hit->subject = skip_leading(finder, first, end);
	if (end == hit->subject_end)
		hit->subject_end = skip_trailing(finder, hit->subject, end);
	return hit->subject < end && may_speak(finder, hit->subject, hit->subject_end);
}

/* "in a statement", "on Monday": no part of the name before it. */
static bool adjunct(const struct finder *finder, size_t item)
{
	if (!speech_has(finder, item, WORD_PREPOSITION))
		return dated(finder, item) || period(finder, item);
	size_t noun = item + 1 + speech_has(finder, item + 1, WORD_DETERMINER);
	return dated(finder, item + 1) || period(finder, item + 1) ||
	       ((speech_is(finder, item, "in") || speech_is(finder, item, "during") ||
			speech_is(finder, item, "via")) &&
		       (speech_has(finder, noun, WORD_DOCUMENT) ||
			       speech_is(finder, noun, "interview")));
}

/* "its chairman, Owen Pell": the name belongs to the subject that ends at the comma. */
static void name_behind(const struct finder *finder, struct hit *hit, size_t comma)
{
	size_t end = comma + 1;
	if (hit->subject_end != comma || !speech_mark(finder, comma, ',') ||
		finder->sentence.items[comma - 1].upper)
		return;
	while (end < finder->sentence.count && end - comma < NAME_ITEMS &&
		finder->sentence.items[end].kind == ITEM_WORD && finder->sentence.items[end].upper)
		end++;
	if (end == comma + 1 || (end < finder->sentence.count && !finder->sentence.items[end].mark))
		return;
	hit->name = comma + 1;
	hit->name_end = hit->subject_end = end;
}

bool speech_subject_after(const struct finder *finder, size_t item, bool inverted, struct hit *hit)
{
	size_t end = item;
	while (end < finder->sentence.count && end - item < PHRASE_ITEMS &&
		finder->sentence.items[end].kind == ITEM_WORD &&
		!(inverted && end > item && adjunct(finder, end)) &&
		!speech_has(finder, end, WORD_THAT))
		end++;
	hit->subject = item;
	hit->subject_end = skip_trailing(finder, item, end);
	if (!may_speak(finder, item, hit->subject_end))
		return false;
	name_behind(finder, hit, end);
	return true;
}
