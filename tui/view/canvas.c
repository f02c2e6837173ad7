#include "view/canvas.h"

#include "base/memory.h"
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The longest text canvas_format makes: as many columns as a canvas may have, four bytes each. */
#define FORMAT_SIZE (4 * CANVAS_MAX_WIDTH + 1)

static int clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

/* The part of [from, from + length) that lies in [0, limit), as [*start, *end). */
static void clip(int from, int length, int limit, int *start, int *end)
{
	const long long behind = (long long)from + (length > 0 ? length : 0);
	*start = clamp(from, 0, limit);
	*end = behind < 0 ? 0 : behind > limit ? limit : (int)behind;
}

static struct canvas_cell *cell_at(struct canvas *canvas, int x, int y)
{
	return &canvas->cells[(size_t)y * (size_t)canvas->width + (size_t)x];
}

static void cell_set(
	struct canvas_cell *cell, const char *bytes, size_t length, int width, enum style style)
{
	memset(cell, 0, sizeof *cell);
	memcpy(cell->bytes, bytes, length);
	cell->width = (uint8_t)width;
	cell->style = (uint8_t)style;
}

/* What is left of a wide cluster when one of its columns is taken. */
static void cell_blank(struct canvas_cell *cell)
{
	cell_set(cell, " ", 1, 1, cell->style);
}

/* Frees columns [x, end) of a row from wide clusters that reach across the edges. */
static void cut_wide(struct canvas *canvas, int x, int end, int y)
{
	if (x > 0 && cell_at(canvas, x, y)->width == 0)
		cell_blank(cell_at(canvas, x - 1, y));
	if (end < canvas->width && cell_at(canvas, end, y)->width == 0)
		cell_blank(cell_at(canvas, end, y));
}

/* Puts one cluster of 1 or 2 columns; a half outside the canvas leaves a blank inside. */
static void put(struct canvas *canvas, int x, int y, const char *bytes, size_t length, int width,
	enum style style)
{
	int start = 0;
	int end = 0;
	clip(x, width, canvas->width, &start, &end);
	if (y < 0 || y >= canvas->height || start >= end)
		return;
	cut_wide(canvas, start, end, y);
	if (end - start < width) {
		cell_set(cell_at(canvas, start, y), " ", 1, 1, style);
		return;
	}
	cell_set(cell_at(canvas, start, y), bytes, length, width, style);
	if (width == 2)
		cell_set(cell_at(canvas, start + 1, y), "", 0, 0, style);
}

static void put_string(struct canvas *canvas, int x, int y, const char *bytes, enum style style)
{
	put(canvas, x, y, bytes, strlen(bytes), 1, style);
}

bool canvas_resize(struct canvas *canvas, int width, int height)
{
	width = clamp(width, 1, CANVAS_MAX_WIDTH);
	height = clamp(height, 1, CANVAS_MAX_HEIGHT);
	struct canvas_cell *cells =
		memory_array((size_t)width * (size_t)height, sizeof(struct canvas_cell));
	if (!cells)
		return false;
	free(canvas->cells);
	canvas->cells = cells;
	canvas->width = width;
	canvas->height = height;
	canvas_clear(canvas);
	return true;
}

void canvas_free(struct canvas *canvas)
{
	free(canvas->cells);
	canvas->cells = NULL;
	canvas->width = 0;
	canvas->height = 0;
}

void canvas_clear(struct canvas *canvas)
{
	canvas->cursor_x = -1;
	canvas->cursor_y = -1;
	canvas_fill(canvas, 0, 0, canvas->width, canvas->height, STYLE_NORMAL);
}

/* A unit wider than a cell (a mark such as <U+202E>) is its code points side by side. */
static void put_unit(
	struct canvas *canvas, int x, int y, const struct text_cluster *unit, enum style style)
{
	if (unit->width <= 2 && !unit->mark) {
		put(canvas, x, y, unit->bytes, unit->length, unit->width, style);
		return;
	}
	for (size_t at = 0; at < unit->length;) {
		uint32_t code = 0;
		const size_t length = text_decode(unit->bytes + at, unit->length - at, &code);
		if (length == 0)
			return;
		const int width = text_code_width(code);
		if (width > 0)
			put(canvas, x, y, unit->bytes + at, length, width, style);
		x += width;
		at += length;
	}
}

/* Line ends and tabs are shown, and shown calmly: they are no harm, and some texts are full of
 * them. */
static enum style mark_style(struct span text, const struct text_cluster *unit, enum style style)
{
	char byte = text.data[unit->start];
	bool ends = byte == '\r' && (unit->end == text.length || text.data[unit->end] == '\n');
	if (byte != '\n' && byte != '\t' && !ends)
		return STYLE_MARK;
	return style == STYLE_NORMAL ? STYLE_DIM : style;
}

int canvas_text_hits(struct canvas *canvas, int x, int y, int width, struct span text, size_t first,
	const struct range *hits, size_t count, enum style style)
{
	const long long room = (long long)canvas->width - x;
	const int limit = room < width ? (int)(room < 0 ? 0 : room) : width;
	struct text_cluster unit;
	int used = 0;
	size_t hit = 0;
	for (size_t at = first; limit > 0 && text_visible_next(text, at, canvas->ascii, &unit);
		at = unit.end) {
		while (hit < count && hits[hit].end <= unit.start && hits[hit].start < unit.start)
			hit++;
		/* The last column is for the ellipsis unless this unit is the last one. */
		const int free_columns = limit - used;
		const bool last = unit.end >= text.length;
		if (unit.width > (last ? free_columns : free_columns - 1)) {
			put_string(canvas, x + used, y, canvas->ascii ? ">" : "…",
				hit < count ? STYLE_HIT : style);
			return used + 1;
		}
		const bool lit = hit < count && hits[hit].start < unit.end;
		put_unit(canvas, x + used, y, &unit,
			lit         ? STYLE_HIT
			: unit.mark ? mark_style(text, &unit, style)
				    : style);
		used += unit.width;
	}
	return used;
}

int canvas_text(struct canvas *canvas, int x, int y, int width, struct span text, enum style style)
{
	return canvas_text_hits(canvas, x, y, width, text, 0, NULL, 0, style);
}

int canvas_string(
	struct canvas *canvas, int x, int y, int width, const char *string, enum style style)
{
	return canvas_text(canvas, x, y, width, span_string(string), style);
}

int canvas_format(
	struct canvas *canvas, int x, int y, int width, enum style style, const char *format, ...)
{
	char text[FORMAT_SIZE];
	va_list arguments;
	va_start(arguments, format);
	const int length = vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	if (length < 0)
		return 0;
	struct span span = span_of(text, (size_t)length);
	if (span.length >= sizeof text)
		span.length = text_cut(span_of(text, sizeof text - 1), sizeof text - 1);
	return canvas_text(canvas, x, y, width, span, style);
}

void canvas_fill(struct canvas *canvas, int x, int y, int width, int height, enum style style)
{
	int left = 0;
	int right = 0;
	int top = 0;
	int bottom = 0;
	clip(x, width, canvas->width, &left, &right);
	clip(y, height, canvas->height, &top, &bottom);
	for (int row = top; row < bottom && left < right; row++) {
		cut_wide(canvas, left, right, row);
		for (int column = left; column < right; column++)
			cell_set(cell_at(canvas, column, row), " ", 1, 1, style);
	}
}

struct border {
	const char *across;
	const char *down;
	const char *corners[4]; /* from the left above, row by row */
};

static const struct border borders[2][2] = {
	{{"─", "│", {"┌", "┐", "└", "┘"}}, {"━", "┃", {"┏", "┓", "┗", "┛"}}},
	{{"-", "|", {"+", "+", "+", "+"}}, {"=", "#", {"#", "#", "#", "#"}}},
};

void canvas_frame(struct canvas *canvas, int x, int y, int width, int height, bool focused)
{
	if (width < 2 || height < 2)
		return;
	const struct border *border = &borders[canvas->ascii][focused];
	const enum style style = focused ? STYLE_FRAME_FOCUS : STYLE_FRAME;
	/* Rows and columns are clipped first: a frame may be asked for that is huge. */
	int from = 0;
	int to = 0;
	const long long right = (long long)x + width - 1;
	const long long bottom = (long long)y + height - 1;
	const int last_x = right < canvas->width ? (int)right : -1;
	const int last_y = bottom < canvas->height ? (int)bottom : -1;
	clip(x, width, canvas->width, &from, &to);
	for (int column = from; column < to; column++) {
		put_string(canvas, column, y, border->across, style);
		put_string(canvas, column, last_y, border->across, style);
	}
	clip(y, height, canvas->height, &from, &to);
	for (int row = from; row < to; row++) {
		put_string(canvas, x, row, border->down, style);
		put_string(canvas, last_x, row, border->down, style);
	}
	put_string(canvas, x, y, border->corners[0], style);
	put_string(canvas, last_x, y, border->corners[1], style);
	put_string(canvas, x, last_y, border->corners[2], style);
	put_string(canvas, last_x, last_y, border->corners[3], style);
}

void canvas_scrollbar(
	struct canvas *canvas, int x, int y, int height, int64_t top, int64_t seen, int64_t total)
{
	if (height < 1 || seen < 1 || total <= seen)
		return;
	const int64_t hidden = total - seen;
	top = top < 0 ? 0 : top > hidden ? hidden : top;
	const int length = clamp((int)((double)seen / (double)total * height), 1, height);
	const int way = height - length;
	int start = clamp((int)((double)top / (double)hidden * way), 0, way);
	/* Both ends are shown only when they are reached. */
	if (top == hidden)
		start = way;
	else if (start == way && way > 0)
		start = way - 1;
	if (top > 0 && start == 0 && way > 1)
		start = 1;
	int from = 0;
	int to = 0;
	clip(y, height, canvas->height, &from, &to);
	for (int row = from; row < to; row++) {
		const bool thumb = row - y >= start && row - y < start + length;
		const char *glyph = canvas->ascii ? (thumb ? "#" : "|") : (thumb ? "█" : "│");
		put_string(canvas, x, row, glyph, thumb ? STYLE_FRAME_FOCUS : STYLE_FRAME);
	}
}
