/* A pattern in a card: what is said in it, wrapped as it may be. */
#include "explore/card.h"

#include "search/pattern.h"

#include <stdlib.h>

/* Of one passage: as many as can be seen, and no more time. */
#define MOST_HITS 4096

/* Lights the part of a hit that lies in each line of its passage; it begins in the first of them.
 */
static void light(struct card *card, int64_t first, int64_t end, struct range hit)
{
	for (int64_t i = first; i < end; i++) {
		struct card_line *line = &card->lines[i];
		bool last = i + 1 == end;
		if (hit.start >= line->text.start && (last || hit.start < line[1].text.start))
			line->hit = true;
		struct range part = {hit.start > line->text.start ? hit.start : line->text.start,
			hit.end < line->text.end ? hit.end : line->text.end};
		if (part.start < part.end && line->lit_count < CARD_MAX_LIT)
			line->lit[line->lit_count++] = part;
	}
}

static bool find_in_passage(struct card *card, int64_t first, int64_t end, struct matcher *matcher,
	struct card_found *found)
{
	struct range passage = card->lines[first].passage;
	struct span text = span_slice(buffer_span(&card->text), passage.start, passage.end);
	char *image = malloc(text.length + 1);
	struct range hit;
	if (!image)
		return false;
	search_image(text, image);
	struct span cell = span_of(image, text.length);
	enum match_result result = matcher_cell(matcher, cell, 0, &hit);
	for (int i = 0; result == MATCH_YES && i < MOST_HITS; i++) {
		found->hits++;
		light(card, first, end,
			(struct range){passage.start + hit.start, passage.start + hit.end});
		result = matcher_next(matcher, cell, &hit);
	}
	found->undecided += result != MATCH_NO;
	free(image);
	return true;
}

bool card_find(struct card *card, struct matcher *matcher, struct card_found *found)
{
	*found = (struct card_found){0};
	for (int64_t i = 0; i < card->count; i++) {
		card->lines[i].lit_count = 0;
		card->lines[i].hit = false;
	}
	for (int64_t first = 0, end = 0; first < card->count; first = end) {
		struct range passage = card->lines[first].passage;
		while (end < card->count && card->lines[end].passage.start == passage.start &&
			card->lines[end].passage.end == passage.end)
			end++;
		if (passage.start == passage.end)
			continue;
		found->passages++;
		if (!find_in_passage(card, first, end, matcher, found))
			return false;
	}
	return true;
}

int64_t card_next_hit(const struct card *card, int64_t from, bool backwards, bool *wrapped)
{
	int64_t step = backwards ? -1 : 1;
	*wrapped = false;
	for (int64_t i = 1; i <= card->count; i++) {
		int64_t at = from + step * i;
		bool around = at < 0 || at >= card->count;
		at = (at % card->count + card->count) % card->count;
		*wrapped |= around;
		if (card->lines[at].hit)
			return at;
	}
	return -1;
}
