#include "parts.h"

#include "base/text.h"
#include "explore/columns.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* `3 of 31`. */
static void count_of_all(int64_t count, int64_t all, struct buffer *out)
{
	char number[VIEW_NUMBER_SIZE];
	view_number(count, number);
	buffer_add_string(out, number);
	if (all > count) {
		view_number(all, number);
		buffer_add_format(out, " of %s", number);
	}
}

/* `3 of 31 machines`; a silence is a row among the statements, and none of them. */
static void count_rows(const struct list *list, struct buffer *out)
{
	const struct kind_info *info = kind_info(list->kind);
	const struct list_totals *totals = &list->totals;
	int64_t count = list->rows.count - totals->silences,
		all = totals->all - totals->all_silences;
	const char *one = info->counted_one ? info->counted_one : info->name;
	if (list->partial)
		buffer_add_string(out, "\u2265");
	count_of_all(count, all, out);
	buffer_add_format(out, " %s", count == 1 && all <= count ? one : info->counted);
	if (totals->all_silences == 0)
		return;
	buffer_add_string(out, " + ");
	count_of_all(totals->silences, totals->all_silences, out);
	buffer_add_string(out, totals->all_silences == 1 ? " silence" : " silences");
}

/* How far the job is, once that is known. */
static void add_progress(const struct list *list, struct buffer *out)
{
	if (list->thousandths > 0)
		buffer_add_format(out, " %d%%", list->thousandths / 10);
}

/* What the number in a pane's corner counts. */
static void corner_text(const struct list *list, struct buffer *out)
{
	const struct list_totals *totals = &list->totals;
	if (!list->loaded) {
		buffer_add_string(out, "\u2026");
		add_progress(list, out);
		return;
	}
	if (list->stopped && !list->loading)
		buffer_add_string(
			out, list->error.code == ERROR_CANCELLED ? "stopped: " : "failed: ");
	count_rows(list, out);
	if (list->loading) {
		buffer_add_string(out, " \u2026");
		add_progress(list, out);
	}
	if (list->kind == KIND_HOST)
		buffer_add_format(out, " \u00b7 %" PRId64 " confirmed", totals->confirmed);
	if (list->kind == KIND_STATEMENT && totals->documents > 0)
		buffer_add_format(out, " \u00b7 %" PRId64 " voice%s \u00b7 %" PRId64 " document%s",
			totals->voices, totals->voices == 1 ? "" : "s", totals->documents,
			totals->documents == 1 ? "" : "s");
	if (totals->proposed > 0)
		buffer_add_format(out, " \u00b7 %" PRId64 " proposed", totals->proposed);
	if (list->kind == KIND_CLAIM)
		buffer_add_format(out,
			" \u00b7 %" PRId64 " disputed \u00b7 %" PRId64 " in tension \u00b7 %" PRId64
			" counts",
			totals->disputed, totals->in_tension, totals->counts);
	if (totals->placeholders > 0)
		buffer_add_format(out, " \u00b7 %" PRId64 " ph.", totals->placeholders);
	if (totals->undecided > 0)
		buffer_add_format(out, " \u00b7 %" PRId64 " undecided", totals->undecided);
}

/* What all filters hide, or that they are off, at the right, where their words take all the room;
 * returns what is left.
 */
static int draw_hidden(const struct list *list, struct rect rect, int room, struct canvas *canvas)
{
	int64_t hidden = 0;
	char number[VIEW_NUMBER_SIZE], words[VIEW_NUMBER_SIZE + 8];
	for (int i = 0; i < list->filter_count; i++)
		hidden += list->filters[i].hides;
	if (list->stopped || (list->loading && !list->filters_off))
		return room;
	view_number(hidden, number);
	snprintf(words, sizeof words, "%s%s", list->filters_off ? "off" : "hides ",
		list->filters_off ? "" : number);
	view_foot(canvas, rect, 0, words);
	return room - (int)strlen(words) - 2;
}

/* The bottom border says what hides rows; returns the columns that takes. */
static int draw_filters(const struct list *list, struct rect rect, struct canvas *canvas)
{
	struct buffer text = {0};
	char hides[VIEW_NUMBER_SIZE];
	for (int i = 0; i < list->filter_count; i++) {
		if (i > 0)
			buffer_add_string(&text, " \u00b7 ");
		buffer_add_string(&text, list->filters[i].text);
		view_number(list->filters[i].hides, hides);
		if (list->loading)
			buffer_add_string(&text, " (hides \u2026)");
		else if (!list->filters_off && !list->stopped)
			buffer_add_format(&text, " (hides %s)", hides);
	}
	if (list->filters_off)
		buffer_add_string(&text, " \u00b7 off");
	int used = 0, room = rect.width - 6;
	if (list->filter_count > 0 && !buffer_failed(&text)) {
		int y = rect.y + rect.height - 1;
		if ((int)text_width(buffer_span(&text), canvas->ascii) > room)
			room = draw_hidden(list, rect, room, canvas);
		view_words(canvas, rect.x + 2, y, 1, " ", STYLE_TITLE);
		used = view_words(canvas, rect.x + 3, y, room, text.data, STYLE_TITLE) + 2;
		view_words(canvas, rect.x + 1 + used, y, 1, " ", STYLE_TITLE);
	}
	buffer_free(&text);
	return room < rect.width - 6 ? rect.width : used;
}

/* `server #07` heads its run as `server ×41`. */
static void heading_name(const struct list_row *row, struct span name, struct buffer *out)
{
	size_t length = name.length;
	while (length > 0 && strchr("0123456789# ", name.data[length - 1]))
		length--;
	buffer_add(out, name.data, length);
	buffer_add_format(out, " \u00d7%" PRId64, row->run);
}

static const struct lit_cell *lit_of(const struct list_row *row, const struct cell *cell)
{
	for (int i = 0; i < row->lit_count; i++)
		if (&row->record.cells[row->lit[i].cell] == cell)
			return &row->lit[i];
	return NULL;
}

/* What stands for a name says so. */
static void draw_words(const struct list *list, const struct cell *cell, const struct lit_cell *lit,
	int x, int y, int width, enum style style, struct canvas *canvas)
{
	char sign[COLUMNS_STAND_IN];
	columns_stand_in(list->kind, cell, sign);
	bool quoted = *sign == '"';
	int used = view_words(
		canvas, x, y, width, sign, !quoted && style == STYLE_NORMAL ? STYLE_DIM : style);
	used += canvas_text_hits(canvas, x + used, y, width - used, cell->text, 0,
		lit ? lit->ranges : NULL, lit ? (size_t)lit->count : 0, style);
	if (quoted && used < width && (int)text_width(cell->text, canvas->ascii) < width - 1)
		view_words(canvas, x + used, y, 1, sign, style);
}

static void draw_cell(const struct list *list, const struct list_row *row,
	const struct column *place, int x, int y, enum style style, struct canvas *canvas)
{
	const struct kind_info *info = kind_info(list->kind);
	const struct kind_field *field = &info->fields[place->field];
	const struct cell *cell = columns_shown(&row->record, place->field);
	if (!cell) {
		view_words(canvas, x, y, place->width, field->unset ? field->unset : "\u2013",
			style == STYLE_NORMAL ? STYLE_DIM : style);
		return;
	}
	struct buffer text = {0};
	const struct lit_cell *lit = lit_of(row, cell);
	bool heading = row->heading && place->field == info->name_field;
	if (heading)
		heading_name(row, cell->text, &text);
	else if (field->type == FIELD_TIME)
		columns_time_text(cell, place->width, list->ascii, &text);
	if (text.length > 0 && !buffer_failed(&text) && heading)
		view_words(canvas, x, y, place->width, text.data, style);
	else if (text.length > 0 && !buffer_failed(&text))
		canvas_text(canvas, x, y, place->width, buffer_span(&text), style);
	else if (cell->field != place->field)
		draw_words(list, cell, lit, x, y, place->width, style, canvas);
	else
		canvas_text_hits(canvas, x, y, place->width, cell->text, 0,
			lit ? lit->ranges : NULL, lit ? (size_t)lit->count : 0, style);
	buffer_free(&text);
}

static void draw_signs(const struct list_row *row, int x, int y, bool cursor, enum style style,
	struct canvas *canvas)
{
	char sign[2] = {row->sign, '\0'};
	if (cursor)
		view_words(canvas, x, y, 1, "\u25b8", style);
	if (row->hit)
		view_words(canvas, x + 1, y, 1, "*", style);
	else if (row->linked)
		view_words(canvas, x + 1, y, 1, "\u2022", style);
	if (row->heading)
		view_words(canvas, x + 2, y, 1, row->open ? "-" : "+", style);
	else
		view_words(canvas, x + 2, y, 1, sign, style);
	char basis[2] = {basis_letter(row->record.basis), '\0'};
	view_words(canvas, x + 3, y, 1, basis, style == STYLE_NORMAL ? STYLE_DIM : style);
}

static void draw_headings(const struct list *list, const struct column *columns, int count,
	struct rect rect, struct canvas *canvas)
{
	const struct kind_info *info = kind_info(list->kind);
	int fields[LIST_MAX_COLUMNS];
	int total = columns_of(list->kind, fields);
	/* What rows are sorted by that are still to come is no news of those at hand. */
	int sort = list->loaded ? list->rows_sort : list->sort;
	int sorted = sort < 0 ? info->sort_field : sort;
	bool down = list->loaded ? list->rows_descending : list->descending;
	view_words(canvas, rect.x + 1 + 3, rect.y + 1, 1, "B", STYLE_COLUMN);
	for (int i = 0; i < count; i++) {
		char words[64];
		bool here = columns[i].field == fields[list->column];
		snprintf(words, sizeof words, "%s%s%s", here ? "\u25b8" : "",
			info->fields[columns[i].field].label,
			columns[i].field != sorted ? ""
			: down                     ? " v"
						   : " ^");
		view_words(canvas, rect.x + 1 + columns[i].x, rect.y + 1, columns[i].width, words,
			here ? STYLE_TITLE : STYLE_COLUMN);
	}
	int note = columns_note(list, rect.width - 2);
	if (note > 0)
		view_words(canvas, rect.x + rect.width - 1 - note, rect.y + 1, note, "standing",
			STYLE_COLUMN);
	if (list->first_column > 0)
		view_words(canvas, rect.x + 1, rect.y + 1, 1, "<", STYLE_KEY);
	if (list->first_column + count < total)
		view_words(canvas, rect.x + rect.width - 2, rect.y + 1, 1, ">", STYLE_KEY);
}

/* shown: the record pane shows this list's selection. */
static void draw_row(const struct list *list, int index, const struct column *columns, int count,
	struct rect rect, bool focused, bool shown, struct canvas *canvas)
{
	const struct list_row *row = &list->page[index];
	int x = rect.x + 1, y = rect.y + 2 + index, width = rect.width - 2;
	bool cursor = list->page_top + index == list->cursor;
	enum style style = cursor        ? (focused ? STYLE_CURSOR : STYLE_SELECTED)
			   : row->linked ? STYLE_LINKED
					 : STYLE_NORMAL;
	if (style != STYLE_NORMAL)
		canvas_fill(canvas, x, y, width, 1, style);
	if (!row->there) {
		view_words(
			canvas, x + COLUMNS_SIGNS, y, width - COLUMNS_SIGNS, "\u2026", STYLE_DIM);
		return;
	}
	draw_signs(row, x, y, cursor && shown, style, canvas);
	for (int i = 0; i < count; i++)
		draw_cell(list, row, &columns[i], x + columns[i].x, y, style, canvas);
	int note = columns_note(list, width);
	if (note > 0 && row->note)
		view_words(canvas, x + width - note, y, note, row->note, style);
	if (cursor && focused) {
		canvas->cursor_x = x;
		canvas->cursor_y = y;
	}
}

/* Why there is nothing to see. */
static void draw_empty(const struct list *list, struct rect rect, struct canvas *canvas)
{
	const char *words = "\u2026";
	if (list->error.code != ERROR_NONE)
		words = list->error.message;
	else if (list->loaded && list->totals.all > 0)
		words = "all rows are hidden by filters; Backspace takes the last away";
	else if (list->loaded)
		words = "none in this case";
	view_words(canvas, rect.x + 1 + COLUMNS_SIGNS, rect.y + 2, rect.width - 2 - COLUMNS_SIGNS,
		words, list->error.code != ERROR_NONE ? STYLE_ERROR : STYLE_DIM);
}

/* The number that G takes. Rows that were read from the end have none yet. */
static void draw_row_number(
	const struct list *list, struct rect rect, int taken, struct canvas *canvas)
{
	char number[VIEW_NUMBER_SIZE], words[VIEW_NUMBER_SIZE + 8];
	view_number(list->cursor + 1, number);
	snprintf(words, sizeof words, "row %s", number);
	if (!list->tail)
		view_foot(canvas, rect, taken, words);
}

void view_list(const struct session *session, const struct list *list, struct rect rect,
	bool focused, struct canvas *canvas)
{
	const struct place *place = session_place(session);
	bool shown = place->lists[place->source_list] == list;
	struct buffer corner = {0};
	char title[64];
	snprintf(title, sizeof title, "%s%s", list->title, place->zoomed ? ", zoomed" : "");
	corner_text(list, &corner);
	view_frame(canvas, rect, focused, title, corner.data ? corner.data : "");
	buffer_free(&corner);
	if (rect.height < 4 || rect.width < 8)
		return;
	struct column columns[LIST_MAX_COLUMNS];
	int count = columns_fit(list, rect.width - 2, columns);
	int rows = rect.height - 3;
	draw_headings(list, columns, count, rect, canvas);
	for (int i = 0; i < list->page_rows && i < rows; i++)
		draw_row(list, i, columns, count, rect, focused, shown, canvas);
	if (list->rows.shown == 0)
		draw_empty(list, rect, canvas);
	canvas_scrollbar(canvas, rect.x + rect.width - 1, rect.y + 2, rows, list->top, rows,
		list->rows.shown);
	int taken = draw_filters(list, rect, canvas);
	if (focused && list->rows.shown > rows)
		draw_row_number(list, rect, taken, canvas);
}
