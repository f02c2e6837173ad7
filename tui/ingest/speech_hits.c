/* Attributions in a sentence: verbs of saying, "according to", phrases of silence, a colon. */
#include "speech_parts.h"

#define GROUP_ITEMS 7
#define SUBJECT_ITEMS 16

/* What stands around a verb. */
struct group {
	bool be, have, does, modal, can, future, may, negated, never, neither, to;
};

/* "Neither the firm nor its supplier responded": the subject negates the verb. */
static bool neither_before(const struct finder *finder, size_t group)
{
	bool nor = false;
	for (size_t i = group; i-- > 0 && group - i < SUBJECT_ITEMS;) {
		if (finder->sentence.items[i].mark)
			return false;
		nor = nor || speech_is(finder, i, "nor");
		if (speech_is(finder, i, "neither"))
			return nor;
	}
	return false;
}

/* Walks back over auxiliaries and adverbs from the verb; hit->group is where they begin. */
static struct group read_group(const struct finder *finder, struct hit *hit)
{
	struct group group = {0};
	size_t at = hit->verb;
	while (at > 0 && hit->verb - at < GROUP_ITEMS) {
		const struct item *item = &finder->sentence.items[at - 1];
		uint64_t classes = item->classes;
		bool since =
			speech_is(finder, at - 1, "since") || speech_is(finder, at - 1, "long");
		if (item->kind != ITEM_WORD ||
			(!(classes & (WORD_AUXILIARY | WORD_NOT | WORD_ADVERB)) && !since))
			break;
		group.be = group.be || (classes & WORD_BE);
		group.have = group.have || (classes & WORD_HAVE);
		group.does = group.does || (classes & WORD_DO);
		group.modal = group.modal || (classes & WORD_MODAL);
		group.future = group.future || (classes & WORD_FUTURE);
		group.may = group.may || (classes & WORD_MAY);
		group.negated = group.negated || (classes & WORD_NOT);
		group.never = group.never || speech_is(finder, at - 1, "never");
		group.neither = group.neither || speech_is(finder, at - 1, "neither");
		at--;
	}
	group.negated = group.negated || neither_before(finder, at);
	group.can = group.modal && !group.future && !group.may;
	group.to = at > 0 && speech_is(finder, at - 1, "to");
	hit->group = at;
	return group;
}

static void keep(struct finder *finder, const struct hit *hit)
{
	if (finder->hits.count < SENTENCE_HITS)
		finder->hits.items[finder->hits.count++] = *hit;
}

/* The direction of a negated verb of saying; false when it makes no statement. */
static bool negate(const struct finder *finder, const struct group *group, struct hit *hit)
{
	const struct verb *verb = finder->sentence.items[hit->verb].verb;
	if (group->never && group->future)
		return false;
	if (!(verb->takes & TAKES_CLAIM))
		hit->takes |= TAKES_NOTHING;
	if (verb->takes & ONLY_OUT) {
		hit->takes = verb->takes;
		hit->direction = SPEECH_ASSERTS;
		return group->modal;
	}
	bool could = group->modal && (speech_is(finder, hit->group, "could") || group->can ||
					     speech_is(finder, hit->group, "couldn't"));
	if (verb->direction == SPEECH_DENIES || (could && !(verb->takes & ONLY_NEGATED)))
		hit->direction = SPEECH_OTHER;
	else
		hit->direction = group->future && !could ? SPEECH_DECLINES : SPEECH_SILENT;
	return (verb->takes & ONLY_NEGATED) ||
	       !(verb->takes & (TAKES_CLAIM | TAKES_AT | TAKES_NAME | ONLY_DOCUMENT));
}

/* Whether the verb's form can be finite with what stands before it. */
static bool finite(const struct finder *finder, const struct group *group, const struct hit *hit)
{
	static const char *const articles[] = {
		"a", "an", "the", "its", "their", "our", "my", "his", "your", "no", "any", "every"};
	unsigned forms = finder->sentence.items[hit->verb].forms;
	if (group->to || group->may)
		return false;
	for (size_t i = 0; hit->group > 0 && i < ARRAY_LENGTH(articles); i++)
		if (speech_is(finder, hit->group - 1, articles[i]))
			return false;
	if (group->does || group->modal)
		return (forms & FORM_BASE) || (group->have && (forms & FORM_PARTICIPLE));
	if (group->have)
		return forms & FORM_PARTICIPLE;
	return forms & (FORM_BASE | FORM_THIRD | FORM_PAST);
}

static bool plural_subject(const struct finder *finder, const struct hit *hit)
{
	for (size_t i = hit->subject; i < hit->subject_end; i++) {
		const struct item *item = &finder->sentence.items[i];
		if (i > hit->subject && (item->classes & WORD_PREPOSITION))
			break;
		if ((item->classes & (WORD_PLURAL | WORD_AND)) ||
			(finder->text.data[item->end - 1] == 's' && (!item->upper || i == 0) &&
				item->end - item->start > 3 && !(item->classes & WORD_DETERMINER)))
			return true;
	}
	return false;
}

/* Whether the subject goes with the form: "they say", "she says". */
static bool agrees(const struct finder *finder, const struct group *group, const struct hit *hit)
{
	unsigned forms = finder->sentence.items[hit->verb].forms;
	if (hit->carried || group->does || group->modal || group->have || (forms & FORM_PAST))
		return true;
	bool pronoun = speech_has(finder, hit->subject, WORD_SUBJECT);
	bool first = speech_has(finder, hit->subject, WORD_FIRST) ||
		     speech_is(finder, hit->subject, "they");
	if (forms & FORM_THIRD)
		return !(pronoun && first);
	return pronoun ? first : plural_subject(finder, hit);
}

/* "“...”, said a neighbour" */
static bool inverted(struct finder *finder, struct hit *hit)
{
	size_t verb = hit->verb;
	if (verb == 0 || hit->group != verb || !(hit->takes & TAKES_BEFORE))
		return false;
	bool quote = speech_kind(finder, verb - 1, ITEM_QUOTE) ||
		     (verb > 1 && speech_mark(finder, verb - 1, ',') &&
			     speech_kind(finder, verb - 2, ITEM_QUOTE));
	if (!quote && !((hit->takes & TAKES_ANY) && speech_mark(finder, verb - 1, ',')))
		return false;
	if (!speech_kind(finder, verb + 1, ITEM_WORD) ||
		!speech_subject_after(finder, verb + 1, true, hit))
		return false;
	const struct item *first = &finder->sentence.items[hit->subject];
	if (!first->upper &&
		!(first->classes & (WORD_DETERMINER | WORD_PERSON | WORD_SUBJECT | WORD_BODY)))
		return false;
	hit->clause = verb;
	hit->verb_end = verb + 1;
	hit->content = hit->subject_end;
	return hit->covers = true;
}

/* The agent behind "by"; "by telephone" is none. */
static bool agent(const struct finder *finder, size_t by, struct hit *hit)
{
	if (!speech_is(finder, by, "by") || speech_has(finder, by + 1, WORD_MEANS))
		return false;
	struct hit found = *hit;
	if (!speech_subject_after(finder, by + 1, false, &found))
		return false;
	hit->subject = found.subject;
	hit->subject_end = found.subject_end;
	hit->name = hit->name_end = 0;
	return true;
}

/* "was told (by them) that", "is said to", "it was announced that", "was quoted as saying". */
static bool passive(struct finder *finder, struct hit *hit)
{
	const struct verb *verb = finder->sentence.items[hit->verb].verb;
	bool told = verb->takes & TAKES_PERSON;
	bool said = (verb->takes & ALSO_SAID) && speech_is(finder, hit->verb_end, "to");
	bool impersonal = hit->group > 0 && speech_is(finder, hit->group - 1, "it") &&
			  (verb->takes & TAKES_THAT) &&
			  speech_has(finder, hit->verb_end, WORD_THAT);
	if (!told && !said && !impersonal)
		return false;
	struct hit found = *hit;
	if (speech_subject(finder, &found)) {
		hit->clause = found.clause;
		hit->joined = found.joined;
		hit->subordinate = found.subordinate;
	} else if (!said && !impersonal) {
		return false;
	}
	hit->takes = said ? TAKES_ANY
			  : verb->takes & (TAKES_THAT | TAKES_TO | TAKES_QUOTE | TAKES_PERSON);
	hit->agentless = true;
	for (size_t i = hit->verb_end; told && i < hit->verb_end + 3; i++)
		if (agent(finder, i, hit)) {
			hit->agentless = false;
			break;
		}
	return speech_content(finder, hit);
}

static bool document(const struct finder *finder, const struct hit *hit)
{
	for (size_t i = hit->subject; i < hit->subject_end; i++) {
		if (i > hit->subject && speech_has(finder, i, WORD_PREPOSITION))
			break;
		if (speech_has(finder, i, WORD_DOCUMENT))
			return true;
	}
	return false;
}

static void try_verb(struct finder *finder, size_t *at)
{
	const struct item *item = &finder->sentence.items[*at];
	struct hit hit = {.verb = *at,
		.verb_end = *at + 1,
		.takes = item->verb->takes,
		.direction = item->verb->direction};
	struct group group = read_group(finder, &hit);
	if (group.be) {
		if (group.to || group.may || !(item->forms & FORM_PARTICIPLE) ||
			!passive(finder, &hit))
			return;
		keep(finder, &hit);
		return;
	}
	if (!finite(finder, &group, &hit))
		return;
	if (group.neither && speech_is(finder, *at + 1, "nor") &&
		*at + 2 < finder->sentence.count && finder->sentence.items[*at + 2].verb) {
		hit.verb_end = *at + 3;
		hit.direction = SPEECH_OTHER;
		hit.takes |= TAKES_NOTHING;
	} else if (group.negated ? !negate(finder, &group, &hit)
				 : (hit.takes & ONLY_NEGATED) != 0) {
		return;
	}
	if (!group.negated && !group.neither && group.future &&
		!speech_is(finder, hit.verb_end, "only"))
		return;
	if (!group.negated && speech_is(finder, hit.verb_end, "nothing"))
		hit.direction = SPEECH_SILENT;
	struct hit turned = hit;
	bool behind_quote = *at > 0 && speech_kind(finder, *at - 1, ITEM_QUOTE);
	if (behind_quote && inverted(finder, &turned)) {
		keep(finder, &turned);
		return;
	}
	if (!speech_subject(finder, &hit) || !agrees(finder, &group, &hit) ||
		!speech_content(finder, &hit)) {
		if (!behind_quote && inverted(finder, &turned))
			keep(finder, &turned);
		return;
	}
	if (group.can && !group.negated && !speech_has(finder, hit.subject, WORD_FIRST))
		return;
	if ((hit.takes & ONLY_DOCUMENT) && !hit.carried && !document(finder, &hit))
		return;
	if (!group.negated && (item->verb->takes & ONLY_OUT) &&
		speech_is(finder, hit.verb, "ruled"))
		hit.direction = SPEECH_DENIES;
	keep(finder, &hit);
	if (hit.verb_end > *at + 1)
		*at = hit.verb_end - 1;
}

/* "gave no reason", "is silent on", "could not be reached for comment". */
static void try_silence(struct finder *finder, size_t at)
{
	struct hit hit = {.verb = at, .verb_end = at + 2, .direction = SPEECH_SILENT};
	bool found = false;
	if (speech_has(finder, at, WORD_GIVE | WORD_GET) && speech_is(finder, at + 1, "no")) {
		for (size_t i = at + 2; i < at + 5 && !found; i++) {
			found = speech_has(finder, i, WORD_ANSWER);
			if (found && speech_has(finder, i, WORD_VIEW))
				hit.direction = SPEECH_DECLINES;
			hit.verb_end = i + 1;
		}
		hit.agentless = !speech_has(finder, at, WORD_GIVE);
	} else if (speech_is(finder, at, "silent")) {
		found = at > 0 && (speech_has(finder, at - 1, WORD_BE | WORD_ADVERB) ||
					  speech_is(finder, at - 1, "remained") ||
					  speech_is(finder, at - 1, "stayed"));
		hit.verb_end = at + 1;
		if (found && !speech_has(finder, at - 1, WORD_BE))
			hit.verb = at - 1;
	} else if (speech_is(finder, at, "reached") || speech_is(finder, at, "available") ||
		   speech_is(finder, at, "unavailable")) {
		found = speech_is(finder, at + 1, "for") && speech_is(finder, at + 2, "comment");
		hit.verb_end = at + 3;
	}
	if (!found)
		return;
	struct group group = read_group(finder, &hit);
	if (group.to || (group.may && !group.negated) || !speech_subject(finder, &hit))
		return;
	hit.content = hit.verb_end;
	/* Who got no answer in what somebody tells is part of the telling. */
	if (!(hit.carried && hit.agentless))
		keep(finder, &hit);
}

/* "was quoted as saying that" */
static bool try_quoted(struct finder *finder, size_t at)
{
	struct hit hit = {.verb = at,
		.verb_end = at + 3,
		.direction = SPEECH_ASSERTS,
		.takes = TAKES_ANY | TAKES_THAT | TAKES_QUOTE};
	if ((!speech_is(finder, at, "quoted") && !speech_is(finder, at, "cited")) ||
		!speech_is(finder, at + 1, "as") || !speech_is(finder, at + 2, "saying"))
		return false;
	struct group group = read_group(finder, &hit);
	if (!group.be || !speech_subject(finder, &hit) || !speech_content(finder, &hit))
		return false;
	keep(finder, &hit);
	return true;
}

/* "according to them", "in their words" */
static bool try_according(struct finder *finder, size_t at)
{
	struct hit hit = {.clause = at,
		.group = at,
		.verb = at,
		.covers = true,
		.according = true,
		.direction = SPEECH_ASSERTS};
	if (speech_is(finder, at, "according") && speech_is(finder, at + 1, "to"))
		hit.verb_end = at + 2;
	else if (speech_is(finder, at, "in") && speech_is(finder, at + 1, "the") &&
		 speech_is(finder, at + 2, "words") && speech_is(finder, at + 3, "of"))
		hit.verb_end = at + 4;
	else
		return false;
	if (!speech_subject_after(finder, hit.verb_end, false, &hit))
		return false;
	hit.content = hit.subject_end;
	keep(finder, &hit);
	return true;
}

/* "The clerk was blunt: “...”" */
static void try_colon(struct finder *finder)
{
	size_t colon = 0;
	while (colon < finder->sentence.count && !speech_mark(finder, colon, ':'))
		colon++;
	if (colon == 0 || !speech_kind(finder, colon + 1, ITEM_QUOTE) ||
		speech_quote_names(finder, colon + 1))
		return;
	size_t end = 0;
	while (end < colon && !speech_has(finder, end, WORD_AUXILIARY) &&
		finder->sentence.items[end].kind == ITEM_WORD)
		end++;
	struct hit hit = {.verb = colon,
		.verb_end = colon + 1,
		.group = colon,
		.content = colon + 1,
		.direction = SPEECH_ASSERTS,
		.label = "(colon)"};
	if (end == 0 || end > 12 || !finder->sentence.items[0].upper ||
		!speech_subject_after(finder, 0, false, &hit))
		return;
	if (hit.subject_end > end)
		hit.subject_end = end;
	if (speech_has(finder, 0, WORD_DETERMINER | WORD_SUBJECT | WORD_PERSON) ||
		(end < 5 && finder->sentence.items[end - 1].upper))
		keep(finder, &hit);
}

void speech_find_hits(struct finder *finder)
{
	finder->hits.count = 0;
	for (size_t i = 0; i < finder->sentence.count; i++) {
		if (finder->sentence.items[i].kind != ITEM_WORD || try_according(finder, i) ||
			try_quoted(finder, i))
			continue;
		size_t before = finder->hits.count;
		size_t at = i;
		if (finder->sentence.items[i].verb)
			try_verb(finder, &i);
		if (finder->hits.count == before)
			try_silence(finder, at);
	}
	if (finder->hits.count == 0)
		try_colon(finder);
}
