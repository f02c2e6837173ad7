#include "parts.h"

#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>

static enum style tone_style(enum card_tone tone)
{
	switch (tone) {
	case CARD_TITLE:
		return STYLE_STRONG;
	case CARD_HEADING:
		return STYLE_TITLE;
	case CARD_DIM:
		return STYLE_DIM;
	case CARD_WARNING:
		return STYLE_WARNING;
	case CARD_PLAIN:
		break;
	}
	return STYLE_NORMAL;
}

static void draw_line(const struct card *card, int64_t index, int x, int y, int width, bool cursor,
	struct canvas *canvas)
{
	const struct card_line *line = &card->lines[index];
	struct span all = buffer_span(&card->text);
	int room = width - (line->target.kind ? 2 : 0);
	enum style style = cursor ? STYLE_CURSOR : tone_style(line->tone);
	if (cursor)
		canvas_fill(canvas, x, y, width, 1, STYLE_CURSOR);
	struct span label = span_slice(all, line->label.start, line->label.end);
	if (label.length > 0)
		canvas_text(canvas, x, y, line->indent > 1 ? line->indent - 1 : room, label,
			cursor ? STYLE_CURSOR : STYLE_LABEL);
	struct range lit[CARD_MAX_LIT];
	for (int i = 0; i < line->lit_count; i++)
		lit[i] = (struct range){
			line->lit[i].start - line->text.start, line->lit[i].end - line->text.start};
	canvas_text_hits(canvas, x + line->indent, y, room - line->indent,
		span_slice(all, line->text.start, line->text.end), 0, lit, (size_t)line->lit_count,
		style);
	bool first = index == 0 || !record_id_equal(line[-1].target, line->target);
	if (line->target.kind != KIND_NONE && first)
		view_words(canvas, x + width - 2, y, 2, canvas->ascii ? "->" : " \u2192",
			cursor ? STYLE_CURSOR : STYLE_KEY);
}

void view_card(const struct card *card, struct rect rect, bool focused, const char *title,
	const char *corner, struct canvas *canvas)
{
	if (rect.width < 4 || rect.height < 3)
		return;
	view_frame(canvas, rect, focused, title, corner);
	int rows = rect.height - 2;
	for (int i = 0; i < rows && card->top + i < card->count; i++) {
		bool cursor = focused && card->top + i == card->cursor;
		draw_line(card, card->top + i, rect.x + 1, rect.y + 1 + i, rect.width - 2, cursor,
			canvas);
		if (cursor) {
			canvas->cursor_x = rect.x + 1;
			canvas->cursor_y = rect.y + 1 + i;
		}
	}
	canvas_scrollbar(
		canvas, rect.x + rect.width - 1, rect.y + 1, rows, card->top, rows, card->count);
}

/* The part of a line that lies in a range of the source; false when none does. */
static bool part_of(const struct source_line *line, struct range range, struct range *part)
{
	uint64_t start = range.start > line->start ? range.start : line->start;
	uint64_t end = range.end < line->end ? range.end : line->end;
	if (start >= end)
		return false;
	*part = (struct range){(size_t)(start - line->start), (size_t)(end - line->start)};
	return true;
}

/* The hits of one line that are drawn at most. */
#define LINE_MAX_LIT 64

/* The bytes of a line, the mark behind them, and the hits of a search upon both. */
static void draw_bytes(const struct source_view *source, const struct source_line *line, int x,
	int y, int width, struct canvas *canvas)
{
	struct span text = span_slice(buffer_span(&source->bytes),
		(size_t)(line->start - source->start), (size_t)(line->end - source->start));
	struct range lit[LINE_MAX_LIT], mark;
	size_t count = 0;
	for (size_t i = 0; i < source->lit_count && count < LINE_MAX_LIT; i++)
		count += part_of(line, source->lit[i], &lit[count]);
	canvas_text_hits(canvas, x, y, width, text, 0, lit, count, STYLE_NORMAL);
	if (!part_of(line, source->mark, &mark))
		return;
	int before = (int)text_width(span_slice(text, 0, mark.start), canvas->ascii);
	canvas_text_hits(canvas, x + before, y, width - before, span_slice(text, 0, mark.end),
		mark.start, lit, count, STYLE_SELECTED);
}

void view_source(const struct source_view *source, struct rect rect, struct canvas *canvas)
{
	char title[160], corner[160], start[VIEW_NUMBER_SIZE], end[VIEW_NUMBER_SIZE],
		size[VIEW_NUMBER_SIZE];
	view_number((int64_t)source->mark.start, start);
	view_number((int64_t)source->mark.end, end);
	view_number((int64_t)source->size, size);
	snprintf(title, sizeof title, "Source %s", source->name);
	snprintf(corner, sizeof corner, "%sbytes %s\u2013%s of %s",
		!view_has_bytes(source)                 ? ""
		: source->ends == LINE_ENDS_RETURN_FEED ? "CRLF \u00b7 "
		: source->ends == LINE_ENDS_MIXED       ? "LF and CRLF \u00b7 "
							: "",
		start, end, size);
	if (!view_has_bytes(source)) {
		view_card(&source->fields, rect, true, title, corner, canvas);
		return;
	}
	view_frame(canvas, rect, true, title, corner);
	int rows = rect.height - 2;
	int gutter = rect.width > 11 ? 8 : 0;
	for (int i = 0; i < rows && source->top + i < source->count; i++) {
		const struct source_line *line = &source->lines[source->top + i];
		int y = rect.y + 1 + i;
		if (gutter > 0 && line->number > 0)
			canvas_format(canvas, rect.x + 1, y, gutter - 1, STYLE_DIM, "%6" PRIu64,
				line->number);
		bool cursor = source->top + i == source->cursor;
		/* Empty lines within a record are marked, too. */
		bool marked = line->start < source->mark.end &&
			      (line->start >= source->mark.start || line->end > source->mark.start);
		if (cursor || marked)
			view_words(
				canvas, rect.x + gutter, y, 1, cursor ? "\u25b8" : "|", STYLE_KEY);
		draw_bytes(source, line, rect.x + 1 + gutter, y, rect.width - 2 - gutter, canvas);
		if (cursor) {
			canvas->cursor_x = rect.x + 1 + gutter;
			canvas->cursor_y = y;
		}
	}
	/* Where lines can't be counted, since the window begins within the source. */
	if (source->start > 0 && source->count > 0) {
		char number[VIEW_NUMBER_SIZE], words[VIEW_NUMBER_SIZE + 8];
		view_number((int64_t)source->lines[source->cursor].start, number);
		snprintf(words, sizeof words, "byte %s", number);
		view_foot(canvas, rect, 0, words);
	}
	if (source->bytes.length == source->size) {
		canvas_scrollbar(canvas, rect.x + rect.width - 1, rect.y + 1, rows, source->top,
			rows, source->count);
	} else if (source->count > 0) {
		/* Of the file, not of the window that is held. */
		int64_t last =
			source->top + rows < source->count ? source->top + rows : source->count;
		uint64_t from = source->lines[source->top].start;
		canvas_scrollbar(canvas, rect.x + rect.width - 1, rect.y + 1, rows, (int64_t)from,
			(int64_t)(source->lines[last - 1].end - from) + 1, (int64_t)source->size);
	}
}
