/* Statements of a sentence's hits: which stand side by side, which inside another, and which bytes
 * each takes. */
#include "speech_parts.h"

#include "base/memory.h"

#include <stdio.h>

struct part {
	size_t hit;
	size_t from, to; /* items */
};

struct parts {
	struct part items[SENTENCE_HITS];
	size_t count;
	size_t parent[SENTENCE_HITS]; /* of each hit: 1 + the hit that it stands inside of */
};

static bool semicolon_between(const struct finder *finder, size_t first, size_t last, size_t *at)
{
	for (size_t i = last; i-- > first;)
		if (speech_mark(finder, i, ';')) {
			*at = i;
			return true;
		}
	return false;
}

/* A new statement from item `from` on; the one before ends there, without comma or semicolon. */
static void split(const struct finder *finder, struct parts *parts, size_t hit, size_t from)
{
	struct part *before = &parts->items[parts->count - 1];
	before->to = from;
	if (from > before->from && finder->sentence.items[from - 1].mark &&
		!speech_mark(finder, from - 1, '.'))
		before->to--;
	parts->items[parts->count++] =
		(struct part){.hit = hit, .from = from, .to = finder->sentence.count};
}

/* Whether the attribution is set before everything else in its sentence: "According to ..., ". */
static bool leads(const struct hit *hit, const struct part *part)
{
	return hit->covers && hit->according && hit->verb <= part->from + 2;
}

/* Whether verbs under one subject can share a statement. */
static bool same_direction(
	const struct finder *finder, const struct hit *top, const struct hit *hit)
{
	const struct item *items = finder->sentence.items;
	if (hit->takes & ALONGSIDE)
		return true;
	if (hit->direction != top->direction)
		return false;
	if (hit->direction != SPEECH_ASSERTS || top->verb_end >= hit->clause ||
		hit->verb_end >= finder->sentence.count)
		return true;
	return speech_tone(finder, items[top->verb_end].start, items[hit->clause - 1].end,
		       top->takes & ADMITS) == speech_tone(finder, items[hit->verb_end].start,
						       finder->sentence.end, hit->takes & ADMITS);
}

static void place(const struct finder *finder, struct parts *parts, size_t index)
{
	const struct hit *hit = &finder->hits.items[index];
	if (parts->count == 0) {
		parts->items[parts->count++] =
			(struct part){.hit = index, .from = 0, .to = finder->sentence.count};
		return;
	}
	struct part *part = &parts->items[parts->count - 1];
	const struct hit *top = &finder->hits.items[part->hit];
	size_t at;
	if (semicolon_between(finder, top->verb, hit->clause, &at)) {
		split(finder, parts, index, at + 1);
	} else if (hit->weak) {
		parts->parent[index] = part->hit + 1;
	} else if (top->weak ||
		   (hit->covers && !leads(top, part) && !(top->covers && !hit->according))) {
		parts->parent[part->hit] = index + 1;
		part->hit = index;
	} else if (hit->carried) {
		if (!same_direction(finder, top, hit))
			split(finder, parts, index, hit->clause);
	} else if (hit->joined || (top->subordinate && hit->clause > 0 &&
					  speech_mark(finder, hit->clause - 1, ','))) {
		split(finder, parts, index, hit->clause);
	} else {
		parts->parent[index] = (top->covers ? part->hit : index - 1) + 1;
	}
}

static bool fill_text(struct speech *speech, const struct finder *finder, const struct hit *hit,
	const struct speaker *speaker, const char *via)
{
	const struct item *items = finder->sentence.items;
	char text[SPEAKER_SIZE];
	speech->speaker = memory_copy_string(hit->agentless ? "(not stated)" : speaker->name);
	if (hit->subject_end > hit->subject && !hit->agentless) {
		speech_fold(finder->text, items[hit->subject].start,
			items[hit->subject_end - 1].end, text, sizeof text);
		speech->written = memory_copy_string(text);
		if (!speech->written)
			return false;
	}
	if (via)
		speech->via = memory_copy_string(via);
	size_t first = hit->group;
	while (first < hit->verb && (items[first].classes & WORD_ADVERB))
		first++;
	if (hit->label)
		snprintf(text, sizeof text, "%s", hit->label);
	else
		speech_fold(finder->text, items[first].start, items[hit->verb_end - 1].end, text,
			sizeof text);
	speech->verb = memory_copy_string(text);
	return speech->speaker && speech->verb && (!via || speech->via);
}

/* Direct when no word of the content stands outside quotation marks. */
static void fill_quotes(struct speech *speech, const struct finder *finder, const struct hit *hit,
	const struct part *part)
{
	bool outside = false;
	for (size_t i = part->from; i < part->to; i++) {
		const struct item *item = &finder->sentence.items[i];
		bool own = i >= hit->subject && i < hit->subject_end;
		if (item->kind == ITEM_QUOTE && !own && !speech_quote_names(finder, i)) {
			if (speech->quote_count < SPEECH_MAX_QUOTES)
				speech->quotes[speech->quote_count++] =
					(struct range){item->start, item->end};
			continue;
		}
		if (item->mark)
			continue;
		if (!hit->covers)
			outside = outside || i >= hit->content;
		else if (i < hit->group && i < hit->subject)
			outside = true;
		else if (hit->according && i >= hit->subject_end)
			outside = true;
		else if (i > hit->verb_end && i >= hit->subject_end &&
			 finder->sentence.items[i - 1].mark == ',')
			outside = outside ||
				  speech_has(finder, i, WORD_THAT | WORD_SUBJECT | WORD_JOIN) ||
				  memcmp(finder->text.data + item->end - 3, "ing", 3) == 0;
	}
	if (speech->quote_count > 0)
		speech->form = outside ? SPEECH_PART : SPEECH_DIRECT;
}

/* Directions that the words of the content give to a neutral verb. */
static enum speech_direction direction_of(
	const struct finder *finder, const struct hit *hit, const struct part *part)
{
	const struct item *items = finder->sentence.items;
	size_t from = hit->verb_end, to = part->to;
	if (hit->according)
		from = hit->content;
	if (hit->covers && !(hit->according && hit->verb <= part->from + 1)) {
		from = part->from;
		to = hit->clause;
	}
	if (hit->direction != SPEECH_ASSERTS || from >= to)
		return hit->direction;
	return speech_tone(finder, items[from].start, items[to - 1].end, hit->takes & ADMITS);
}

static bool emit(struct finder *finder, const struct hit *hit, const struct part *part,
	const struct speaker *speaker, const char *via, bool nested)
{
	struct speech_list *list = finder->list;
	const struct item *items = finder->sentence.items;
	struct speech *grown =
		memory_grow(list->items, &list->capacity, list->count + 1, sizeof *list->items);
	if (!grown)
		return false;
	list->items = grown;
	struct speech *speech = &grown[list->count++];
	*speech = (struct speech){
		.bytes = {items[part->from].start, items[part->to - 1].end}, .nested = nested};
	bool failed;
	fill_quotes(speech, finder, hit, part);
	speech->direction = direction_of(finder, hit, part);
	speech->hedges = speech_hedges(finder, speech->bytes.start, speech->bytes.end, &failed);
	return fill_text(speech, finder, hit, speaker, via) && !failed;
}

/* A document's silence told beside something else is the writer's remark; so is a silence inside
 * what somebody says. */
static bool remark(const struct hit *hit, const struct speaker *speaker, const struct parts *parts)
{
	return hit->direction == SPEECH_SILENT && speaker->kind == SPEAKER_DOCUMENT &&
	       parts->count > 1;
}

static bool emit_nested(struct finder *finder, const struct parts *parts, const struct part *part,
	const struct speaker *speakers)
{
	for (size_t i = 0; i < finder->hits.count; i++) {
		const struct hit *hit = &finder->hits.items[i];
		size_t parent = parts->parent[i];
		if (parent == 0 || hit->verb < part->from || hit->verb >= part->to ||
			hit->direction == SPEECH_SILENT || hit->carried)
			continue;
		if (!emit(finder, hit, part, &speakers[i], speakers[parent - 1].name, true))
			return false;
	}
	return true;
}

/* Quotations and lists may go on behind the statement just made. */
static void expect_more(struct finder *finder, const struct paragraph *paragraph, size_t statement)
{
	const struct sentence *sentence = &finder->sentence;
	const struct speech *speech = &finder->list->items[statement];
	size_t length;
	bool ends_quoted = sentence->items[sentence->count - 1].kind == ITEM_QUOTE;
	if (speech->quote_count > 0 && (speech->form == SPEECH_DIRECT || ends_quoted))
		finder->running = statement + 1;
	bool open = speech_glyph_before(finder->text, sentence->end) != GLYPH_STOP && !ends_quoted;
	if (sentence->end == paragraph->end && open &&
		speech_glyph(finder->text, sentence->end, &length) != GLYPH_STOP)
		finder->listing = statement + 1;
}

static bool only_quotation(const struct sentence *sentence)
{
	for (size_t i = 0; i < sentence->count; i++)
		if (sentence->items[i].kind != ITEM_QUOTE && sentence->items[i].mark != '.')
			return false;
	return true;
}

/* A sentence of nothing but a quotation goes on with the statement before it, or waits for the
 * voice that comes behind it. */
static bool run_on(struct finder *finder)
{
	const struct sentence *sentence = &finder->sentence;
	if (!only_quotation(sentence))
		return false;
	if (finder->running == 0) {
		if (finder->pending.end == 0)
			finder->pending = (struct range){sentence->start, sentence->end};
		else
			finder->pending.end = sentence->end;
		return true;
	}
	struct speech *speech = &finder->list->items[finder->running - 1];
	speech->bytes.end = sentence->end;
	for (size_t i = 0; i < sentence->count; i++)
		if (sentence->items[i].kind == ITEM_QUOTE &&
			speech->quote_count < SPEECH_MAX_QUOTES)
			speech->quotes[speech->quote_count++] =
				(struct range){sentence->items[i].start, sentence->items[i].end};
	return true;
}

/* Gives a waiting quotation to the statement that begins with another right behind it. */
static void take_pending(
	struct finder *finder, const struct paragraph *paragraph, struct speech *speech)
{
	struct range pending = finder->pending;
	bool closed = speech_glyph_before(finder->text, pending.end) != GLYPH_STOP;
	if (pending.end == 0 || finder->sentence.items[0].kind != ITEM_QUOTE ||
		speech->form != SPEECH_DIRECT || (pending.start < paragraph->start && closed))
		return;
	speech->bytes.start = pending.start;
	if (speech->quote_count == SPEECH_MAX_QUOTES)
		speech->quote_count--;
	memmove(speech->quotes + 1, speech->quotes, speech->quote_count * sizeof *speech->quotes);
	speech->quotes[0] = pending;
	speech->quote_count++;
}

bool speech_assemble(struct finder *finder, const struct paragraph *paragraph)
{
	struct parts parts = {0};
	struct speaker speakers[SENTENCE_HITS];
	speech_learn_aliases(finder);
	if (run_on(finder))
		return true;
	finder->running = 0;
	speech_find_hits(finder);
	for (size_t i = 0; i < finder->hits.count; i++) {
		place(finder, &parts, i);
		const struct hit *hit = &finder->hits.items[i];
		if (hit->carried && i > 0)
			speakers[i] = speakers[i - 1];
		else if (hit->agentless)
			speakers[i] = (struct speaker){.name = "(not stated)"};
		else
			speech_resolve(finder, hit, &speakers[i]);
	}
	for (size_t i = 0; i < parts.count; i++) {
		const struct part *part = &parts.items[i];
		const struct hit *hit = &finder->hits.items[part->hit];
		const char *via = NULL;
		size_t index = finder->list->count;
		if (part->from >= part->to || remark(hit, &speakers[part->hit], &parts))
			continue;
		if (finder->turn > 0)
			via = finder->list->items[finder->turn - 1].speaker;
		if (!emit(finder, hit, part, &speakers[part->hit], via, finder->turn > 0) ||
			!emit_nested(finder, &parts, part, speakers))
			return false;
		if (i == 0)
			take_pending(finder, paragraph, &finder->list->items[index]);
		if (i + 1 == parts.count && finder->turn == 0)
			expect_more(finder, paragraph, index);
	}
	finder->pending = (struct range){0};
	return true;
}

bool speech_add_turn(struct finder *finder, const struct paragraph *paragraph)
{
	struct speech_list *list = finder->list;
	char label[SPEAKER_SIZE];
	speech_fold(finder->text, paragraph->start, paragraph->label_end, label, sizeof label);
	struct speech *grown =
		memory_grow(list->items, &list->capacity, list->count + 1, sizeof *list->items);
	if (!grown)
		return false;
	list->items = grown;
	struct speech *speech = &grown[list->count++];
	*speech =
		(struct speech){.bytes = {paragraph->start, paragraph->end}, .form = SPEECH_DIRECT};
	if (finder->text.data[paragraph->end - 1] == '?')
		speech->direction = SPEECH_OTHER;
	else
		speech->direction =
			speech_tone(finder, paragraph->label_end + 1, paragraph->end, false);
	bool failed;
	speech->hedges = speech_hedges(finder, paragraph->label_end + 1, paragraph->end, &failed);
	speech->written = memory_copy_string(label);
	char *bracket = strstr(label, " (");
	if (bracket)
		*bracket = '\0';
	speech->speaker = memory_copy_string(label);
	speech->verb = memory_copy_string("(label)");
	finder->turn = list->count;
	return !failed && speech->speaker && speech->written && speech->verb;
}
