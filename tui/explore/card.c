#include "explore/card.h"

#include "base/memory.h"
#include "base/text.h"
#include "explore/list.h"
#include "scroll.h"

#include <stdlib.h>
#include <string.h>

void card_free(struct card *card)
{
	buffer_free(&card->text);
	free(card->lines);
	*card = (struct card){0};
}

void card_begin(struct card *card, int width, int label_width, bool ascii)
{
	buffer_clear(&card->text);
	card->count = 0;
	card->failed = card->waits = false;
	card->found_number = 0;
	card->width = width;
	card->ascii = ascii;
	/* On a narrow pane labels give way to what they label. */
	card->label_width = label_width > width / 3 ? width / 3 : label_width;
}

static struct card_line *add_line(struct card *card)
{
	struct card_line *grown = memory_grow(
		card->lines, &card->capacity, (size_t)card->count + 1, sizeof *card->lines);
	if (!grown) {
		card->failed = true;
		return NULL;
	}
	card->lines = grown;
	struct card_line *line = &card->lines[card->count++];
	*line = (struct card_line){0};
	return line;
}

/* Bytes of text from `at` that fit into width columns: to the last blank where there is one, to
 * the end of a line of the text at most. */
static size_t wrap(struct span text, size_t at, int width, bool ascii)
{
	int used = 0;
	size_t blank = 0;
	struct text_cluster cluster;
	while (text_visible_next(text, at, ascii, &cluster)) {
		if (text.data[at] == '\n')
			return at;
		if (used + cluster.width > width)
			return blank ? blank : at;
		used += cluster.width;
		at = cluster.end;
		if (text.data[cluster.start] == ' ')
			blank = at;
	}
	return text.length;
}

/* Columns before the text of a line with this label; -1: the label has the line to itself. */
static int indent_of(const struct card *card, struct span label, enum card_tone tone)
{
	if (tone == CARD_TITLE || tone == CARD_HEADING)
		return 0;
	int needs = (int)text_width(label, card->ascii);
	if (label.length == 0 || needs < card->label_width)
		return card->label_width;
	return needs <= card->width / 2 ? needs + 2 : -1;
}

void card_add(struct card *card, const char *label, struct span text, enum card_tone tone,
	struct record_id target, int most)
{
	size_t label_start = card->text.length;
	if (label)
		buffer_add_string(&card->text, label);
	size_t base = card->text.length;
	buffer_add_span(&card->text, text);
	int indent = indent_of(card, label ? span_string(label) : span_of("", 0), tone);
	/* A line that leads somewhere ends in an arrow. */
	int width = card->width - (target.kind != KIND_NONE ? 2 : 0);
	card->failed = card->failed || buffer_failed(&card->text);
	if (buffer_failed(&card->text) || width <= card->label_width)
		return;
	size_t at = 0;
	int lines = 0;
	do {
		struct card_line *line = add_line(card);
		if (!line)
			return;
		line->passage = (struct range){base, card->text.length};
		if (lines == 0)
			line->label = (struct range){label_start, base};
		if (indent < 0) {
			line->text = (struct range){base, base};
			line->target = target;
			indent = card->label_width;
			lines++;
			continue;
		}
		line->indent = indent;
		size_t end = wrap(text, at, width - indent, card->ascii);
		indent = tone == CARD_TITLE ? 0 : card->label_width;
		if (end == at && at < text.length && text.data[at] != '\n')
			end = at + 1; /* nothing fits: never stand still */
		lines++;
		/* The last line allowed takes all the rest; the canvas cuts it with an ellipsis. */
		if (most > 0 && lines == most)
			end = text.length;
		/* A line's end is one, however it is written; P shows the bytes. */
		bool returns = end > at && end < text.length && text.data[end] == '\n' &&
			       text.data[end - 1] == '\r';
		line->text = (struct range){base + at, base + end - returns};
		line->tone = tone;
		line->target = target;
		at = end;
		if (at < text.length && text.data[at] == '\n')
			at++;
	} while (at < text.length);
}

void card_add_cell(
	struct card *card, const char *label, struct span text, struct record_id target, int most)
{
	int64_t first = card->count;
	size_t base = card->text.length + (label ? strlen(label) : 0);
	card_add(card, label, text, CARD_PLAIN, target, most);
	struct lit_cell lit = {0};
	if (card->matcher)
		lit_find(card->matcher, text, &lit);
	for (int i = 0; i < lit.count; i++) {
		struct range hit = {base + lit.ranges[i].start, base + lit.ranges[i].end};
		for (int64_t k = first; k < card->count; k++) {
			struct card_line *line = &card->lines[k];
			struct range part = {
				hit.start > line->text.start ? hit.start : line->text.start,
				hit.end < line->text.end ? hit.end : line->text.end};
			if (part.start < part.end && line->lit_count < CARD_MAX_LIT)
				line->lit[line->lit_count++] = part;
		}
	}
}

void card_add_string(struct card *card, const char *label, const char *text, enum card_tone tone)
{
	card_add(card, label, span_string(text), tone, (struct record_id){KIND_NONE, 0}, 0);
}

void card_blank(struct card *card)
{
	card_add_string(card, NULL, "", CARD_PLAIN);
}

void card_move_to(struct card *card, int64_t line, int height)
{
	scroll_to(&card->top, &card->cursor, line, card->count, height, 0);
}

int64_t card_next_target(const struct card *card, bool backwards)
{
	int64_t step = backwards ? -1 : 1;
	struct record_id here =
		card->count ? card->lines[card->cursor].target : (struct record_id){KIND_NONE, 0};
	for (int64_t line = card->cursor + step; line >= 0 && line < card->count; line += step) {
		struct record_id target = card->lines[line].target;
		if (target.kind != KIND_NONE && !record_id_equal(target, here))
			return line;
	}
	return card->cursor;
}
