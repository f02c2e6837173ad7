/* The rows of a list that are on screen: read by id, lit by the list's pattern. */
#include "explore/columns.h"
#include "explore/list.h"

#include <stdlib.h>
#include <string.h>

/* A page of 100 rows of 8 cells stays within a frame even if each meets its limit. */
const struct match_limits lit_limits = {
	.steps = 2000, .cell_microseconds = 500, .undecided_microseconds = INT64_MAX};

/* More than a cell is read of for the screen. */
#define LIT_MAX_CELL (20 * 1024)
/* Records of a closed fold that are looked at for a hit. */
#define FOLD_LOOK 4096

void lit_find(struct matcher *matcher, struct span text, struct lit_cell *lit)
{
	char image[LIT_MAX_CELL];
	lit->count = 0;
	if (text.length > sizeof image)
		return;
	search_image(text, image);
	struct span cell = span_of(image, text.length);
	struct range range;
	enum match_result result = matcher_cell(matcher, cell, 0, &range);
	while (result == MATCH_YES && lit->count < LIST_MAX_LIT) {
		lit->ranges[lit->count++] = range;
		result = matcher_next(matcher, cell, &range);
	}
}

static bool light_row(struct list *list, struct list_row *row)
{
	row->lit_count = 0;
	if (!list->search.matcher)
		return true;
	for (int i = 0; i < row->record.cell_count; i++) {
		struct lit_cell lit = {.cell = i};
		lit_find(list->search.matcher, row->record.cells[i].text, &lit);
		if (lit.count == 0)
			continue;
		struct lit_cell *grown =
			realloc(row->lit, (size_t)(row->lit_count + 1) * sizeof *grown);
		if (!grown)
			return false;
		row->lit = grown;
		row->lit[row->lit_count++] = lit;
	}
	return true;
}

static bool run_has_hit(const struct list *list, const struct fold *fold)
{
	for (int64_t i = 0; i < fold->count && i < FOLD_LOOK; i++)
		if (list_is_hit(list, list->rows.ids[fold->first + i]))
			return true;
	return false;
}

static bool is_hit(const struct list *list, const struct row_place *place)
{
	const struct fold *fold = place->heading ? &list->rows.folds[place->fold] : NULL;
	return fold && !fold->open ? run_has_hit(list, fold)
				   : list_is_hit(list, list->rows.ids[place->position]);
}

void list_mark_hits(struct list *list)
{
	/* The page may still be that of other rows, of which it is made anew. */
	for (int i = 0; i < list->page_rows && !list->page_stale; i++) {
		struct row_place place = rows_at(&list->rows, list->page_top + i);
		list->page[i].hit = is_hit(list, &place);
	}
}

static bool read_row(struct list *list, struct record_reader *reader, int64_t at,
	struct list_row *row, struct error *error)
{
	struct row_place place = rows_at(&list->rows, at);
	const struct fold *fold = place.heading ? &list->rows.folds[place.fold] : NULL;
	row->heading = place.heading;
	row->open = fold && fold->open;
	row->run = fold ? fold->count : 0;
	uint32_t id = list->rows.ids[place.position];
	row->hit = is_hit(list, &place);
	row->linked = false;
	row->sign = list->rows.signs ? list->rows.signs[place.position] : '\0';
	row->note = list->rows.notes ? list->rows.notes[place.position] : NULL;
	enum record_result result = record_read(reader, list->kind, id, &row->record, error);
	row->there = result == RECORD_FOUND;
	if (result == RECORD_FAILED)
		return false;
	if (row->there)
		columns_measure(list, row);
	return !row->there || light_row(list, row) || error_memory(error);
}

static bool page_room(struct list *list, int rows)
{
	if (rows <= list->page_capacity)
		return true;
	struct list_row *grown = realloc(list->page, (size_t)rows * sizeof *grown);
	if (!grown)
		return false;
	memset(grown + list->page_capacity, 0,
		(size_t)(rows - list->page_capacity) * sizeof *grown);
	list->page = grown;
	list->page_capacity = rows;
	return true;
}

/* Moves the rows that stay on screen to their new place; the others keep their memory and are
 * marked as not there. */
static void shift_page(struct list *list)
{
	int64_t by = list->top - list->page_top;
	list->page_top = list->top;
	if (list->page_stale || by >= list->page_rows || -by >= list->page_capacity) {
		list->page_rows = 0;
		list->page_stale = false;
	}
	int rows = list->page_rows;
	if (rows == 0 || by == 0)
		return;
	/* A rotation, one row at a time: pages are short. */
	for (int64_t step = 0; step < (by > 0 ? by : -by); step++) {
		struct list_row moved = list->page[by > 0 ? 0 : list->page_capacity - 1];
		size_t rest = (size_t)(list->page_capacity - 1) * sizeof moved;
		if (by > 0) {
			memmove(list->page, list->page + 1, rest);
			list->page[list->page_capacity - 1] = moved;
		} else {
			memmove(list->page + 1, list->page, rest);
			list->page[0] = moved;
		}
		list->page[by > 0 ? list->page_capacity - 1 : 0].there = false;
	}
	int64_t left = rows - by;
	list->page_rows = (int)(left > list->page_capacity ? list->page_capacity : left);
}

bool list_fill(struct list *list, struct record_reader *reader, int height, struct error *error)
{
	if (!page_room(list, height))
		return error_memory(error);
	bool stale = list->page_stale;
	int old_rows = list->page_rows;
	int64_t by = list->top - list->page_top;
	shift_page(list);
	int64_t wanted = list->rows.shown - list->top;
	if (wanted > height)
		wanted = height;
	for (int i = 0; i < wanted; i++) {
		bool kept = !stale && i + by >= 0 && i + by < old_rows && list->page[i].there;
		if (!kept && !read_row(list, reader, list->top + i, &list->page[i], error))
			return false;
	}
	list->page_rows = (int)wanted;
	return true;
}
