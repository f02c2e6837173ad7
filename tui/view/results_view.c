#include "parts.h"

#include "base/text.h"
#include "explore/columns.h"

#include <stdio.h>

/* Bytes of a cell before its first hit that are shown. */
#define CONTEXT 24
/* Columns of a field's name. */
#define LABELS 14
/* Of a title; less says nothing. */
#define NAMES_LEAST 10
/* Of a stamp to the second and the sign that it was cut; to the microsecond from this width on. */
#define STAMP 20
#define STAMP_WHOLE 26
#define WIDE 98

static void draw_heading(const struct results *results, const struct results_row *row, int x, int y,
	int width, bool cursor, struct canvas *canvas)
{
	char number[VIEW_NUMBER_SIZE], words[96];
	view_number(results->kinds[row->kind].count, number);
	snprintf(words, sizeof words, "%s \u00b7 %s%s", kind_info(row->kind)->title,
		results->state == SEARCH_DONE ? "" : "\u2265", number);
	view_words(canvas, x, y, width, words, cursor ? STYLE_CURSOR : STYLE_TITLE);
}

/* The cell from its beginning when the hit is seen then, else from a little before the hit. Returns
 * the columns that takes. */
static int draw_excerpt(const struct results_row *row, int x, int y, int width, enum style style,
	struct canvas *canvas)
{
	const struct cell *cell = &row->record.cells[row->cell];
	size_t first = row->lit.ranges[0].start, from = 0;
	struct span before = span_slice(cell->text, 0, row->lit.ranges[0].end);
	if ((int)text_width(before, canvas->ascii) >= width && first > CONTEXT)
		from = first - CONTEXT;
	/* From a character's beginning. */
	while (from > 0 && from < first && ((unsigned char)cell->text.data[from] & 0xc0) == 0x80)
		from++;
	int cut = from > 0 ? view_words(canvas, x, y, 1, canvas->ascii ? "<" : "\u2026", style) : 0;
	return cut + canvas_text_hits(canvas, x + cut, y, width - cut, cell->text, from,
			     row->lit.ranges, (size_t)row->lit.count, style);
}

/* When an event was, without which its words say little; returns the columns that takes. */
static int draw_time(const struct results_row *row, int x, int y, int width, enum style style,
	struct canvas *canvas)
{
	if (row->kind != KIND_EVENT)
		return 0;
	int columns = width < WIDE ? STAMP : STAMP_WHOLE;
	const struct cell *time = record_cell(&row->record, kind_info(row->kind)->sort_field);
	struct buffer text = {0};
	if (time)
		columns_time_text(time, columns, canvas->ascii, &text);
	if (text.length > 0 && !buffer_failed(&text))
		canvas_text(canvas, x, y, columns, buffer_span(&text), style);
	else
		view_words(canvas, x, y, 1, "\u2013", style == STYLE_NORMAL ? STYLE_DIM : style);
	buffer_free(&text);
	return columns + 2;
}

/* Why a hit is not shown beside what it was found in. */
static const char *why_not(const struct record *record)
{
	for (int i = 0; i < record->cell_count; i++)
		if (record->cells[i].cut > 0)
			return "further on in a long text";
	return "not found again in time";
}

static void draw_title(const struct results_row *row, int x, int y, int width, enum style style,
	struct canvas *canvas)
{
	struct buffer title = {0};
	record_title(&row->record, &title);
	canvas_text(canvas, x, y, width, buffer_span(&title), style);
	buffer_free(&title);
}

/* What the record is called, the field and its words; once when they are the same. */
static void draw_hit(
	const struct results_row *row, int x, int y, int width, bool cursor, struct canvas *canvas)
{
	enum style style = cursor ? STYLE_CURSOR : STYLE_NORMAL;
	const struct cell *cell = row->cell < 0 ? NULL : &row->record.cells[row->cell];
	int time = draw_time(row, x + 2, y, width, style, canvas);
	int at = x + 2 + time, names = width / 3 - time;
	if (cell && cell == record_name_cell(&row->record) &&
		cell->field == kind_info(row->kind)->name_field) {
		draw_excerpt(row, at, y, x + width - at, style, canvas);
		return;
	}
	bool titled = names >= NAMES_LEAST;
	if (titled) {
		draw_title(row, at, y, names, style, canvas);
		at += names + 2;
	}
	int end = x + width;
	bool labelled = end - at > LABELS + NAMES_LEAST;
	if (cell && labelled)
		canvas_text(canvas, at, y, LABELS, cell->name, cursor ? STYLE_CURSOR : STYLE_LABEL);
	at += labelled ? LABELS + 1 : 0;
	enum style dim = cursor ? STYLE_CURSOR : STYLE_DIM;
	at += cell ? draw_excerpt(row, at, y, end - at, style, canvas)
		   : view_words(canvas, at, y, end - at, why_not(&row->record), dim);
	/* What there was no room for before it, where there is behind it. */
	if (!titled && end - at - 2 >= NAMES_LEAST)
		draw_title(row, at + 2, y, end - at - 2, dim, canvas);
}

void view_results(const struct results *results, struct rect rect, struct canvas *canvas)
{
	char corner[96], cells[VIEW_NUMBER_SIZE], records[VIEW_NUMBER_SIZE];
	view_number(results->hit_cells, cells);
	view_number(results->hit_records, records);
	snprintf(corner, sizeof corner, "%s%s cell%s in %s record%s%s",
		results->state == SEARCH_FAILED ? "\u2265" : "", cells,
		results->hit_cells == 1 ? "" : "s", records, results->hit_records == 1 ? "" : "s",
		results->state == SEARCH_RUNNING ? " \u2026" : "");
	struct buffer title = {0};
	buffer_add_string(&title, results->literal ? "Everywhere: " : "Everywhere: /");
	buffer_add_string(&title, results->text);
	if (!results->literal)
		buffer_add_byte(&title, '/');
	view_frame(canvas, rect, true, title.data ? title.data : "", corner);
	buffer_free(&title);
	int rows = rect.height - 2;
	for (int i = 0; i < rows && i < results->page_rows; i++) {
		const struct results_row *row = &results->page[i];
		bool cursor = results->page_top + i == results->cursor;
		int x = rect.x + 1, y = rect.y + 1 + i, width = rect.width - 2;
		if (!row->there)
			continue;
		if (cursor) {
			canvas_fill(canvas, x, y, width, 1, STYLE_CURSOR);
			canvas->cursor_x = x;
			canvas->cursor_y = y;
		}
		if (row->heading)
			draw_heading(results, row, x, y, width, cursor, canvas);
		else
			draw_hit(row, x, y, width, cursor, canvas);
	}
	if (results->hit_records == 0 && results->state == SEARCH_DONE)
		view_words(canvas, rect.x + 3, rect.y + 1, rect.width - 4,
			results->undecided > 0 ? "no cell matches of those that could be decided"
					       : "no cell matches",
			STYLE_DIM);
}
