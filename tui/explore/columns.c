#include "explore/columns.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

/* From this width on a column holds prose, which is cut anyway. */
#define PROSE_WIDTH 40
#define PROSE_LEAST 24
#define NARROW 40
#define SHORT 10
/* A stamp to the microsecond; one to the second, and the sign that it was cut. */
#define STAMP_WIDTH 26
#define STAMP_LEAST 20
/* Bytes of a cell that are looked at for its width: more than any screen shows of it. */
#define MEASURED_BYTES 512
/* A column's label, the sign of the chosen one before it and that of the sorted one behind. */
#define LABEL_SIGNS 3

static int fields_named(const struct kind_info *info, enum kind kind, int fields[LIST_MAX_COLUMNS])
{
	int count = 0;
	for (const char *at = info->columns; *at && count < LIST_MAX_COLUMNS;) {
		size_t length = strcspn(at, " ");
		fields[count++] = kind_field_find(kind, span_of(at, length));
		at += length + (at[length] == ' ');
	}
	return count;
}

int columns_of(enum kind kind, int fields[LIST_MAX_COLUMNS])
{
	const struct kind_info *info = kind_info(kind);
	if (info->columns)
		return fields_named(info, kind, fields);
	int count = 0;
	for (int field = 0; field < info->field_count && count < LIST_MAX_COLUMNS; field++)
		if (info->fields[field].width > 0 && !(info->fields[field].flags & FIELD_LONG))
			fields[count++] = field;
	return count;
}

const struct cell *columns_shown(const struct record *record, int field)
{
	const struct cell *cell = record_cell(record, field);
	bool name = field == kind_info(record->id.kind)->name_field;
	return cell || !name ? cell : record_name_cell(record);
}

bool columns_lacks_zone(const struct moment *moment)
{
	return moment->floating && moment->precision >= MOMENT_HOUR &&
	       moment->precision <= MOMENT_FRACTION;
}

/* Words that are longer than their room are cut, so that the mark behind them is seen. */
static void add_words(struct buffer *out, struct span words, int room, bool ascii)
{
	if (room < 2 || (int)text_width(words, ascii) <= room) {
		buffer_add_span(out, words);
		return;
	}
	struct text_cluster cluster = {0};
	size_t end = 0;
	for (int used = 0; text_visible_next(words, end, ascii, &cluster); end = cluster.end)
		if ((used += cluster.width) > room - 1)
			break;
	buffer_add_span(out, span_slice(words, 0, end));
	buffer_add_string(out, ascii ? ">" : "\u2026");
}

void columns_stand_in(enum kind kind, const struct cell *cell, char sign[COLUMNS_STAND_IN])
{
	snprintf(sign, COLUMNS_STAND_IN, "\"");
	if (kind != KIND_STATEMENT)
		snprintf(
			sign, COLUMNS_STAND_IN, "%s: ", kind_info(kind)->fields[cell->field].label);
}

void columns_time_text(const struct cell *cell, int width, bool ascii, struct buffer *out)
{
	bool read = cell->moment.precision != MOMENT_NONE;
	if (read && !cell->moment.inferred) {
		struct buffer stamp = {0};
		bool lacks = columns_lacks_zone(&cell->moment);
		moment_format(&stamp, &cell->moment, NULL);
		add_words(out, buffer_span(&stamp), lacks ? width - 3 : 0, ascii);
		buffer_add_string(out, lacks ? " z?" : "");
		buffer_free(&stamp);
		return;
	}
	if (!read) {
		buffer_add_span(out, cell->text);
		return;
	}
	add_words(out, cell->text, width - 2, ascii);
	struct buffer reading = {0};
	moment_format(&reading, &cell->moment, NULL);
	if (text_width(cell->text, ascii) + reading.length + 4 <= (size_t)width) {
		buffer_add_string(out, "  ");
		buffer_add_span(out, buffer_span(&reading));
	}
	buffer_add_string(out, " i");
	buffer_free(&reading);
}

/* room 0: of the words alone, whole. */
static int time_width(const struct cell *cell, int room, bool ascii)
{
	struct buffer text = {0};
	columns_time_text(cell, room, ascii, &text);
	int width = (int)text_width(buffer_span(&text), ascii);
	buffer_free(&text);
	return width;
}

static int cell_width(const struct kind_field *field, const struct cell *cell, bool ascii)
{
	if (!cell)
		return field->unset ? (int)strlen(field->unset) : 1;
	if (field->type == FIELD_TIME) {
		int words = time_width(cell, 0, ascii),
		    more = time_width(cell, field->width, ascii);
		return words > more ? words : more;
	}
	size_t bytes = text_cut(cell->text, MEASURED_BYTES);
	return (int)text_width(span_slice(cell->text, 0, bytes), ascii);
}

static void widen(int *seen, int width)
{
	if (width > *seen)
		*seen = width;
}

void columns_measure(struct list *list, const struct list_row *row)
{
	const struct kind_info *info = kind_info(list->kind);
	int fields[LIST_MAX_COLUMNS];
	int count = columns_of(list->kind, fields);
	for (int i = 0; i < count; i++) {
		const struct kind_field *field = &info->fields[fields[i]];
		const struct cell *cell = columns_shown(&row->record, fields[i]);
		int width = cell_width(field, cell, list->ascii);
		char sign[COLUMNS_STAND_IN] = "";
		if (cell && cell->field != fields[i])
			columns_stand_in(list->kind, cell, sign);
		/* Somebody's words end in a quotation mark, too. */
		widen(&list->seen[i], width + (int)strlen(sign) + (*sign == '"'));
		list->says[i] |= cell || field->unset;
		if (cell && field->type == FIELD_TIME)
			widen(&list->seen_words[i], time_width(cell, 0, list->ascii));
	}
	if (row->note)
		widen(&list->seen_note, (int)text_width(span_string(row->note), false));
}

/* What a column wants: to be worth showing, to be well, and to say all. */
struct want {
	int least;
	int well;
	int all;
	bool whole; /* nothing between well and all */
};

static int smaller(int a, int b)
{
	return a < b ? a : b;
}

/* room: of all columns. */
static struct want want_of(
	const struct list *list, const struct kind_field *field, int column, int room)
{
	int label = (int)strlen(field->label) + LABEL_SIGNS;
	int all = list->seen[column] ? list->seen[column] : field->width;
	if (all < label)
		all = label;
	struct want want = {.well = smaller(all, field->width), .all = all};
	if (want.well < label)
		want.well = smaller(all, label);
	/* On a narrow screen a little prose is better than none. */
	int prose = smaller(PROSE_LEAST, room < NARROW ? room / 3 : room * 2 / 5);
	int least = field->width >= PROSE_WIDTH ? prose : field->width * 3 / 4;
	/* Words of a choice are short, and not themselves when they are cut; nor are times, beside
	 * which what they are read as stands whole or not at all. */
	if (field->type == FIELD_CHOICE)
		least = field->width;
	if (field->type == FIELD_TIME && list->seen[column]) {
		int words = list->seen_words[column] > label ? list->seen_words[column] : label;
		want.well = smaller(words, field->width > STAMP_WIDTH ? field->width : STAMP_WIDTH);
	}
	want.whole = field->type == FIELD_TIME;
	/* Cutting what is short, such as T1546.004, saves little and loses what tells it from
	 * others. */
	want.least = want.whole || want.well <= SHORT ? want.well : smaller(want.well, least);
	return want;
}

/* What a list keeps free for the column that says what a row is, while others come before it. */
static int kept_for_name(
	const struct list *list, const int *fields, int total, int column, int room)
{
	const struct kind_info *info = kind_info(list->kind);
	for (int i = column + 1; i < total; i++)
		if (fields[i] == info->name_field)
			return want_of(list, &info->fields[fields[i]], i, room).least + 2;
	return 0;
}

struct fitting {
	const struct list *list;
	int fields[LIST_MAX_COLUMNS]; /* of the kind */
	int total;
	struct column *columns;      /* that fit */
	int taken[LIST_MAX_COLUMNS]; /* which of the fields they are */
	struct want wants[LIST_MAX_COLUMNS];
	int count;
	int room;
	int reserved; /* what columns that were taken want beyond what they have */
};

/* A column of which nothing is stated as far as one has looked gives way to those that say
 * something; not the chosen one, the one to begin with, nor the one that rows are sorted by. */
static bool says_nothing(const struct fitting *fitting, int column)
{
	const struct list *list = fitting->list;
	const struct kind_info *info = kind_info(list->kind);
	int field = fitting->fields[column];
	bool sorted = field == (list->sort < 0 ? info->sort_field : list->sort);
	bool chosen = column == list->column || column == list->first_column;
	return list->seen[column] > 0 && !list->says[column] && !sorted && !chosen &&
	       field != info->name_field;
}

/* In the kind's order, whenever it was taken. */
static void insert_column(struct fitting *fitting, int index, struct want want)
{
	int at = fitting->count++;
	for (; at > 0 && fitting->taken[at - 1] > index; at--) {
		fitting->taken[at] = fitting->taken[at - 1];
		fitting->columns[at] = fitting->columns[at - 1];
		fitting->wants[at] = fitting->wants[at - 1];
	}
	fitting->taken[at] = index;
	fitting->wants[at] = want;
	fitting->columns[at] =
		(struct column){.field = fitting->fields[index], .width = want.least};
}

/* Takes columns that are worth showing, each at its least: those that say something, or the others
 * in the room that these leave. False when it was not enough for all of them. */
static bool take_columns(struct fitting *fitting, bool empty, int all)
{
	bool all_taken = true;
	const struct kind_info *info = kind_info(fitting->list->kind);
	for (int i = fitting->list->first_column; i < fitting->total; i++) {
		int field = fitting->fields[i], gap = fitting->count > 0 ? 2 : 0;
		if (says_nothing(fitting, i) != empty)
			continue;
		struct want want = want_of(fitting->list, &info->fields[field], i, all);
		int kept = empty ? 0
				 : kept_for_name(
					   fitting->list, fitting->fields, fitting->total, i, all);
		/* Nothing stands to the right of what is cut for it, but for the name. */
		int held = kept + (field == info->name_field ? 0 : fitting->reserved);
		/* A stamp loses what is smaller than a second before what a row says is lost. */
		if (want.whole && kept > 0 && want.least + gap > fitting->room - held)
			want.least = want.well = smaller(want.well, STAMP_LEAST);
		bool fits = want.least + gap <= fitting->room - held || fitting->count == 0;
		if (!fits && kept == 0)
			return false;
		all_taken &= fits;
		if (!fits)
			continue;
		if (want.least > fitting->room)
			want.least = fitting->room > 0 ? fitting->room : 0;
		insert_column(fitting, i, want);
		fitting->room -= want.least + gap;
		fitting->reserved += want.well - want.least;
	}
	return all_taken;
}

static int lack_of(const struct fitting *fitting, int i, bool all)
{
	const struct want *want = &fitting->wants[i];
	return (all ? want->all : want->well) - fitting->columns[i].width;
}

/* Gives columns more room, each by its share of what they all lack. */
static void share_room(struct fitting *fitting, bool all)
{
	int lacking = 0, room = fitting->room;
	for (int i = 0; i < fitting->count; i++)
		lacking += lack_of(fitting, i, all);
	for (int i = 0; i < fitting->count && lacking > 0; i++) {
		int lacks = lack_of(fitting, i, all);
		int share = room >= lacking ? lacks : (int)((long long)room * lacks / lacking);
		fitting->columns[i].width += share;
		fitting->room -= share;
	}
	/* What rounding left. */
	for (int i = 0; i < fitting->count && fitting->room > 0; i++)
		if (lack_of(fitting, i, all) > 0) {
			fitting->columns[i].width++;
			fitting->room--;
		}
}

/* What stands whole or not at all takes its room first. */
static void grow_whole(struct fitting *fitting)
{
	for (int i = 0; i < fitting->count; i++) {
		struct want *want = &fitting->wants[i];
		int lacks = lack_of(fitting, i, true);
		if (want->whole && lacks <= fitting->room) {
			fitting->columns[i].width += lacks;
			fitting->room -= lacks;
		} else if (want->whole) {
			want->all = fitting->columns[i].width;
		}
	}
}

int columns_note(const struct list *list, int width)
{
	if (list->seen_note == 0 || width < 2 * PROSE_LEAST)
		return 0;
	return smaller(list->seen_note, width / 3);
}

int columns_fit(const struct list *list, int width, struct column columns[LIST_MAX_COLUMNS])
{
	int note = columns_note(list, width);
	struct fitting fitting = {.list = list,
		.columns = columns,
		.room = width - COLUMNS_SIGNS - (note > 0 ? note + 2 : 0)};
	fitting.total = columns_of(list->kind, fitting.fields);
	int room = fitting.room;
	if (take_columns(&fitting, false, room)) {
		for (int i = 0; i < fitting.count; i++)
			fitting.reserved += fitting.wants[i].all - fitting.wants[i].well;
		(void)take_columns(&fitting, true, room);
	}
	share_room(&fitting, false);
	grow_whole(&fitting);
	share_room(&fitting, true);
	int x = COLUMNS_SIGNS;
	for (int i = 0; i < fitting.count; i++) {
		columns[i].x = x;
		x += columns[i].width + 2;
	}
	return fitting.count;
}

void columns_scroll(struct list *list, int width)
{
	struct column columns[LIST_MAX_COLUMNS];
	int fields[LIST_MAX_COLUMNS];
	columns_of(list->kind, fields);
	if (list->column < list->first_column)
		list->first_column = list->column;
	for (; list->first_column < list->column; list->first_column++) {
		int count = columns_fit(list, width, columns);
		for (int i = 0; i < count; i++)
			if (columns[i].field == fields[list->column])
				return;
	}
}
