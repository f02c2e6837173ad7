#include "explore/list.h"

#include "base/memory.h"
#include "scroll.h"

#include <stdlib.h>
#include <string.h>

struct list *list_new(enum kind kind, const char *title, const char *base)
{
	struct list *list = memory_array(1, sizeof *list);
	if (!list)
		return NULL;
	list->kind = kind;
	list->title = title ? title : kind_info(kind)->title;
	list->base = base;
	list->sort = -1;
	list->page_stale = true;
	return list;
}

void list_search_clear(struct list_search *search)
{
	matcher_free(search->matcher);
	pattern_free(search->pattern);
	free(search->text);
	bits_free(&search->hits);
	*search = (struct list_search){0};
}

void list_free(struct list *list)
{
	if (!list)
		return;
	for (int i = 0; i < list->page_capacity; i++) {
		record_free(&list->page[i].record);
		free(list->page[i].lit);
	}
	free(list->page);
	for (int i = 0; i < list->filter_count; i++)
		free(list->filters[i].text);
	list_search_clear(&list->search);
	rows_free(&list->rows);
	free(list);
}

struct record_id list_selected(const struct list *list, bool *heading)
{
	if (heading)
		*heading = false;
	if (list->rows.shown == 0)
		return (struct record_id){KIND_NONE, 0};
	struct row_place place = rows_at(&list->rows, list->cursor);
	if (heading)
		*heading = place.heading;
	return (struct record_id){list->kind, list->rows.ids[place.position]};
}

int64_t list_selected_run(const struct list *list)
{
	if (list->rows.shown == 0)
		return 0;
	struct row_place place = rows_at(&list->rows, list->cursor);
	return place.heading ? list->rows.folds[place.fold].count : 0;
}

const struct list_row *list_selected_row(const struct list *list)
{
	int64_t index = list->cursor - list->page_top;
	if (index < 0 || index >= list->page_rows || !list->page[index].there)
		return NULL;
	return &list->page[index];
}

void list_move_to(struct list *list, int64_t row, int height)
{
	scroll_to(&list->top, &list->cursor, row, list->rows.shown, height, scroll_margin(height));
}

/* More rows than there ever are. */
#define UNKNOWN_LENGTH (INT64_MAX / 4)

static bool is_growing(const struct list *list)
{
	return list->loading && list->partial;
}

/* For a row that is not there yet, unless the cursor was moved since. */
static bool is_waiting(const struct list *list)
{
	return is_growing(list) && list->goal > 0 && list->cursor == list->goal_from;
}

int64_t list_here(const struct list *list)
{
	return is_waiting(list) ? list->goal : list->cursor;
}

int64_t list_length(const struct list *list)
{
	return is_growing(list) && !list->tail ? UNKNOWN_LENGTH : list->rows.shown;
}

bool list_move_on(struct list *list, int64_t row, int height)
{
	list_move_to(list, row, height);
	bool waits = is_growing(list) && !list->tail && row >= list->rows.shown;
	list->goal = waits ? row : 0;
	list->goal_from = list->cursor;
	return !waits;
}

bool list_move_to_number(struct list *list, int64_t row, int height)
{
	if (!is_growing(list) || !list->tail)
		return list_move_on(list, row, height);
	list->goal = row > 0 ? row : 0;
	list->goal_from = list->cursor;
	return false;
}

/* Rows of another order, or of a part: what was seen of the ones before counts no more. */
static void set_rows(struct list *list, struct rows *rows)
{
	list->rows = *rows;
	*rows = (struct rows){0};
	memset(list->seen, 0, sizeof list->seen);
	memset(list->seen_words, 0, sizeof list->seen_words);
	memset(list->says, 0, sizeof list->says);
	list->seen_note = 0;
	list->rows_sort = list->sort;
	list->rows_descending = list->descending;
	list->loaded = true;
	list->page_stale = true;
	list->goal = 0;
	list_count_hits(list);
}

void list_take_end(struct list *list, struct rows *rows, bool last, int height)
{
	rows_free(&list->rows);
	list->totals = (struct list_totals){.all = rows->count};
	set_rows(list, rows);
	list->partial = true;
	list->tail = last;
	list_move_to(list, last ? list->rows.shown - 1 : 0, height);
}

void list_move_to_position(struct list *list, int64_t position, int height)
{
	int64_t row = rows_row(&list->rows, position);
	struct row_place place = rows_at(&list->rows, row);
	if (place.heading) {
		list->rows.folds[place.fold].open = true;
		rows_changed(&list->rows);
		list->page_stale = true;
		row = rows_row(&list->rows, position);
	}
	list_move_to(list, row, height);
}

bool list_move_to_id(struct list *list, int64_t id, int height)
{
	int64_t position = rows_find(&list->rows, (uint32_t)id);
	if (position < 0)
		return false;
	list_move_to_position(list, position, height);
	return true;
}

bool list_toggle_fold(struct list *list, int height)
{
	if (list->rows.shown == 0)
		return false;
	struct row_place place = rows_at(&list->rows, list->cursor);
	if (!place.heading)
		return false;
	struct fold *fold = &list->rows.folds[place.fold];
	fold->open = !fold->open;
	rows_changed(&list->rows);
	list->page_stale = true;
	list_move_to(list, list->cursor, height);
	return true;
}

bool list_is_hit(const struct list *list, uint32_t id)
{
	return bits_has(&list->search.hits, id);
}

bool list_add_hits(struct list *list, const uint32_t *ids, size_t count)
{
	struct list_search *search = &list->search;
	for (size_t i = 0; i < count; i++) {
		search->shown += bits_has(&list->rows.set, ids[i]) && !list_is_hit(list, ids[i]);
		if (!bits_add(&search->hits, ids[i]))
			return false;
	}
	list_mark_hits(list);
	return true;
}

void list_count_hits(struct list *list)
{
	list->search.shown = bits_common(&list->search.hits, &list->rows.set);
}

/* The position of the left-th hit from a position on; -1 when there are fewer, by which *left is
 * less. Linear, but a row takes a nanosecond: what the loop needs is copied out of the list for
 * that. */
static int64_t scan_hits(const struct list *list, int64_t from, bool backwards, int64_t *left)
{
	const uint32_t *ids = list->rows.ids;
	const struct bits hits = list->search.hits;
	const int64_t count = list->rows.count, step = backwards ? -1 : 1;
	for (int64_t at = from; at >= 0 && at < count; at += step)
		if (bits_has(&hits, ids[at]) && --*left == 0)
			return at;
	return -1;
}

int64_t list_next_hit(struct list *list, int64_t from, int64_t count, bool backwards, bool *wrapped)
{
	*wrapped = false;
	if (list->search.shown == 0)
		return -1;
	int64_t start = 0;
	if (from >= 0 && from < list->rows.shown) {
		/* From a heading the first record of its run comes next. */
		struct row_place place = rows_at(&list->rows, from);
		start = place.position + (backwards ? -1 : place.heading ? 0 : 1);
	}
	int64_t left = count > 0 ? (count - 1) % list->search.shown + 1 : 1;
	int64_t found = scan_hits(list, start, backwards, &left);
	if (found < 0) {
		found = scan_hits(list, backwards ? list->rows.count - 1 : 0, backwards, &left);
		*wrapped = found >= 0;
	}
	return found;
}

bool list_add_filter(struct list *list, struct span text, struct error *error)
{
	if (list->filter_count == LIST_MAX_FILTERS)
		return error_set(error, ERROR_LIMIT, "no more than %d filters", LIST_MAX_FILTERS);
	char *copy = memory_copy(text.data, text.length);
	if (!copy)
		return error_memory(error);
	list->filters[list->filter_count++] = (struct list_filter){.text = copy};
	list->filters_off = false; /* a new one is meant to work */
	return true;
}

void list_drop_filter(struct list *list)
{
	if (list->filter_count > 0)
		free(list->filters[--list->filter_count].text);
}

bool list_search_set(struct list_search *search, struct span text, bool literal,
	const struct match_limits *limits, struct error *error)
{
	int number = search->number;
	list_search_clear(search);
	search->number = number + 1;
	if (!span_stated(text))
		return true;
	struct pattern_options options = {.letters = PATTERN_CASE_SMART, .literal = literal};
	search->pattern = pattern_compile(text, &options, error);
	if (!search->pattern)
		return false;
	search->matcher = matcher_new(search->pattern, limits, error);
	search->text = memory_copy(text.data, text.length);
	search->literal = literal;
	if (!search->matcher || !search->text) {
		list_search_clear(search);
		search->number = number + 1;
		return error_memory(error);
	}
	search->state = SEARCH_RUNNING;
	return true;
}

bool list_set_search(struct list *list, struct span text, bool literal, struct error *error)
{
	list->page_stale = true;
	return list_search_set(&list->search, text, literal, &lit_limits, error);
}

/* Folds that were open stay open: the run that begins with the same record. */
static void keep_folds_open(const struct rows *old, struct rows *rows)
{
	for (int64_t i = 0; i < old->fold_count; i++) {
		if (!old->folds[i].open)
			continue;
		uint32_t first = old->ids[old->folds[i].first];
		for (int64_t k = 0; k < rows->fold_count; k++)
			if (rows->ids[rows->folds[k].first] == first)
				rows->folds[k].open = true;
	}
	rows_changed(rows);
}

/* Where the record of an old position, else the nearest below it, else above, is among new rows;
 * -1: none of them is. */
static int64_t survivor(const struct rows *old, int64_t position, const struct rows *rows)
{
	int64_t at = position;
	while (at < old->count && !bits_has(&rows->set, old->ids[at]))
		at++;
	if (at == old->count)
		at = position - 1;
	while (at >= 0 && !bits_has(&rows->set, old->ids[at]))
		at--;
	return at < 0 ? -1 : rows_find(rows, old->ids[at]);
}

/* The cursor was on a position of old rows, or -1. */
static void place_cursor(
	struct list *list, const struct rows *old, int64_t from, bool heading, int height)
{
	int64_t position = from < 0 ? -1 : survivor(old, from, &list->rows);
	if (position < 0) {
		list_move_to(list, list->cursor, height);
		return;
	}
	int64_t row = rows_row(&list->rows, position);
	struct row_place place = rows_at(&list->rows, row);
	bool same = list->rows.ids[position] == old->ids[from];
	if (place.heading && !heading && same) {
		list_move_to_position(list, position, height);
		return;
	}
	if (!place.heading && heading && place.fold >= 0)
		row = list->rows.folds[place.fold].row;
	list_move_to(list, row, height);
}

void list_take_rows(struct list *list, struct rows *rows, const struct list_totals *totals,
	const int64_t *hides, bool partial, int height)
{
	bool heading;
	struct record_id id = list_selected(list, &heading);
	struct rows old = list->rows;
	int64_t from = old.shown > 0 ? rows_at(&old, list->cursor).position : -1;
	bool waits = is_waiting(list);
	int64_t goal = list->goal;
	if (partial && from >= 0 && !bits_has(&rows->set, (uint64_t)id.id)) {
		rows_free(rows);
		return;
	}
	keep_folds_open(&old, rows);
	set_rows(list, rows);
	list->totals = *totals;
	for (int i = 0; i < list->filter_count; i++)
		list->filters[i].hides = hides[i];
	list->loading = list->partial = partial;
	list->tail = false;
	if (waits)
		list_move_to(list, goal, height);
	else
		place_cursor(list, &old, from, heading, height);
	rows_free(&old);
}
