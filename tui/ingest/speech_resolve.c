/* Who a subject is: names, other names for them, pronouns. */
#include "speech_parts.h"

#include <stdio.h>

void speech_fold(struct span text, size_t start, size_t end, char *out, size_t size)
{
	size_t length = 0, step;
	bool space = false;
	for (size_t at = start; at < end; at += step) {
		if (speech_glyph(text, at, &step) == GLYPH_SPACE) {
			space = length > 0;
			continue;
		}
		/* A word of several bytes is taken byte by byte; its first byte found no space. */
		if (length + step + space >= size)
			break;
		if (space)
			out[length++] = ' ';
		space = false;
		memcpy(out + length, text.data + at, step);
		length += step;
	}
	while (length > 0 && length + 4 > size && ((unsigned char)out[length - 1] & 0x80))
		length--;
	out[length] = '\0';
}

/* The last item before "of", "who" and the like, and what kind of speaker it makes. */
static enum speaker_kind kind_of(
	const struct finder *finder, size_t first, size_t last, bool *plural)
{
	enum speaker_kind kind = SPEAKER_UNKNOWN;
	*plural = false;
	for (size_t i = first; i < last; i++) {
		const struct item *item = &finder->sentence.items[i];
		if (i > first && (item->classes & (WORD_PREPOSITION | WORD_RELATIVE | WORD_THAT)))
			break;
		bool owner = item->kind == ITEM_WORD && item->end - item->start > 2 &&
			     finder->text.data[item->end - 1] == 's' &&
			     speech_glyph_before(finder->text, item->end - 1) != GLYPH_LETTER;
		if (owner)
			continue;
		if ((item->classes & WORD_AND) && !item->upper)
			*plural = true;
		if (item->classes & WORD_PERSON)
			kind = SPEAKER_PERSON;
		else if ((item->classes & WORD_DOCUMENT) && !item->upper)
			kind = SPEAKER_DOCUMENT;
		else if ((item->classes & WORD_BODY) && kind != SPEAKER_PERSON)
			kind = SPEAKER_BODY;
		if ((item->classes & WORD_PLURAL) && !item->upper)
			*plural = true;
	}
	return kind;
}

static bool has_capital(const char *name)
{
	for (size_t i = 0; name[i]; i++)
		if (name[i] >= 'A' && name[i] <= 'Z')
			return true;
	return false;
}

static const char *without_article(const char *name)
{
	static const char *const articles[] = {"a ", "an ", "the ", "A ", "An ", "The "};
	for (size_t i = 0; i < ARRAY_LENGTH(articles); i++)
		if (strncmp(name, articles[i], strlen(articles[i])) == 0)
			return name + strlen(articles[i]);
	return name;
}

static size_t remember_name(struct known *known, const struct speaker *speaker)
{
	for (size_t i = 0; i < known->name_count; i++)
		if (strcmp(known->names[i].name, speaker->name) == 0)
			return i;
	if (known->name_count == KNOWN_NAMES)
		return KNOWN_NAMES;
	known->names[known->name_count] = *speaker;
	return known->name_count++;
}

static void add_alias(struct known *known, const char *word, size_t name)
{
	if (name == KNOWN_NAMES || known->alias_count == KNOWN_NAMES || !*word ||
		strlen(word) >= ALIAS_SIZE)
		return;
	snprintf(known->aliases[known->alias_count].word, ALIAS_SIZE, "%s", word);
	known->aliases[known->alias_count++].name = name;
}

/* Whether the word stands in the name, in any case: "the club", "Rowing Club". */
static bool word_in_name(const char *name, const char *word)
{
	size_t length = strlen(word);
	for (const char *at = name; *at;) {
		size_t size = strcspn(at, " ");
		if (size == length &&
			span_equal_ignoring_case(span_of(at, size), span_string(word)))
			return true;
		at += size + (at[size] == ' ');
	}
	return false;
}

/* "the seller", "the club", "the company": the name that the word stands for, or NULL. */
static const struct speaker *by_noun(const struct finder *finder, const char *noun)
{
	const struct known *known = &finder->known;
	uint64_t classes;
	if (strchr(noun, ' '))
		return NULL;
	for (size_t i = known->alias_count; i-- > 0;)
		if (span_equal_ignoring_case(
			    span_string(known->aliases[i].word), span_string(noun)))
			return &known->names[known->aliases[i].name];
	for (size_t i = known->name_count; i-- > 0;)
		if (word_in_name(known->names[i].name, noun))
			return &known->names[i];
	speech_lookup(finder->lexicon, span_string(noun), &classes);
	for (size_t i = 0; (classes & WORD_COMPANY) && i < known->name_count; i++)
		if (known->names[i].kind == SPEAKER_BODY)
			return &known->names[i];
	return NULL;
}

/* A name that "it" stood for is nobody whom "she" can stand for, and the other way round. */
static void settle(struct known *known, const struct speaker *found)
{
	bool same = strcmp(known->person.name, known->thing.name) == 0;
	if (same && found == &known->thing)
		known->person.name[0] = '\0';
	else if (same && found == &known->person)
		known->thing.name[0] = '\0';
}

static bool pronoun(struct finder *finder, size_t item, struct speaker *speaker)
{
	struct known *known = &finder->known;
	const struct speaker *found = NULL;
	if (speech_has(finder, item, WORD_PERSONAL))
		found = &known->person;
	else if (speech_is(finder, item, "it"))
		found = &known->thing;
	else if (speech_is(finder, item, "they"))
		found = known->many.name[0] ? &known->many : &known->last;
	if (!found || !found->name[0])
		return false;
	*speaker = *found;
	settle(known, found);
	return true;
}

static void remember(struct known *known, const struct speaker *speaker)
{
	known->last = *speaker;
	if (speaker->plural)
		known->many = *speaker;
	else if (speaker->kind == SPEAKER_PERSON)
		known->person = *speaker;
	else
		known->thing = *speaker;
	if (speaker->kind == SPEAKER_UNKNOWN && !speaker->plural)
		known->person = *speaker;
}

/* "our baker, Name": the name speaks, and "the baker" is it from now on. */
static bool apposition(struct finder *finder, const struct hit *hit, struct speaker *speaker)
{
	const struct item *items = finder->sentence.items;
	char alias[SPEAKER_SIZE];
	if (hit->name_end <= hit->name || items[hit->name].kind != ITEM_WORD ||
		!items[hit->name].upper || hit->name < hit->subject + 2)
		return false;
	/* Behind a name stands what it is, not another name. */
	const struct item *last = &items[hit->name - 2];
	if (last->upper)
		return false;
	speech_fold(finder->text, items[hit->name].start, items[hit->name_end - 1].end,
		speaker->name, sizeof speaker->name);
	speaker->kind = kind_of(finder, hit->subject, hit->name_end, &speaker->plural);
	speech_fold(finder->text, last->start, last->end, alias, sizeof alias);
	add_alias(&finder->known, alias, remember_name(&finder->known, speaker));
	return true;
}

void speech_resolve(struct finder *finder, const struct hit *hit, struct speaker *speaker)
{
	const struct item *items = finder->sentence.items;
	char written[SPEAKER_SIZE];
	*speaker = (struct speaker){0};
	if (hit->subject_end <= hit->subject) {
		snprintf(speaker->name, sizeof speaker->name, "(not stated)");
		return;
	}
	if (hit->subject_end == hit->subject + 1 && pronoun(finder, hit->subject, speaker))
		return;
	size_t end = hit->subject_end;
	if (!apposition(finder, hit, speaker)) {
		if (hit->name_end > hit->name && hit->name > hit->subject + 1 &&
			items[hit->name].kind == ITEM_WORD)
			end = hit->name - 1;
		if (end > hit->subject + 1 && items[end - 1].kind == ITEM_PARENTHESIS)
			end--;
		speech_fold(finder->text, items[hit->subject].start, items[end - 1].end, written,
			sizeof written);
		snprintf(speaker->name, sizeof speaker->name, "%s", without_article(written));
		speaker->kind = kind_of(finder, hit->subject, end, &speaker->plural);
		const struct speaker *known = NULL;
		if (speech_is(finder, hit->subject, "the"))
			known = by_noun(finder, speaker->name);
		if (known)
			*speaker = *known;
		else if (has_capital(speaker->name) &&
			 !speech_has(finder, hit->subject, WORD_SUBJECT) && items[end - 1].upper &&
			 speaker->kind != SPEAKER_DOCUMENT)
			remember_name(&finder->known, speaker);
	}
	if (!speech_has(finder, hit->subject, WORD_SUBJECT))
		remember(&finder->known, speaker);
}

void speech_learn_aliases(struct finder *finder)
{
	const struct sentence *sentence = &finder->sentence;
	struct span text = finder->text;
	for (size_t i = 1; i < sentence->count; i++) {
		const struct item *item = &sentence->items[i];
		if (item->kind != ITEM_PARENTHESIS || !sentence->items[i - 1].upper ||
			item->end - item->start > ALIAS_SIZE)
			continue;
		char inside[ALIAS_SIZE * 2];
		speech_fold(text, item->start + 1, item->end - 1, inside, sizeof inside);
		/* ("the word") with any marks, the article inside or outside them. */
		size_t from = strspn(inside, "\"'\xe2\x80\x9c\x9d\x98\x99");
		const char *word = without_article(inside + from);
		char bare[ALIAS_SIZE * 2];
		word += strspn(word, "\"'\xe2\x80\x9c\x9d\x98\x99");
		size_t length = strcspn(word, "\"' \xe2");
		if (word == inside || length == 0)
			continue;
		snprintf(bare, sizeof bare, "%.*s", (int)length, word);
		size_t first = i - 1;
		if (first > 1 && (sentence->items[first].classes & WORD_SHORTENED) &&
			speech_mark(finder, first - 1, ','))
			first -= 2;
		while (first > 0 && sentence->items[first - 1].upper && i - first < 8 &&
			!speech_has(
				finder, first - 1, WORD_MONTH | WORD_WEEKDAY | WORD_PREPOSITION))
			first--;
		struct speaker speaker = {0};
		speech_fold(text, sentence->items[first].start, sentence->items[i - 1].end,
			speaker.name, sizeof speaker.name);
		memmove(speaker.name, without_article(speaker.name),
			strlen(without_article(speaker.name)) + 1);
		speaker.kind = kind_of(finder, first, i, &speaker.plural);
		add_alias(&finder->known, bare, remember_name(&finder->known, &speaker));
	}
}
