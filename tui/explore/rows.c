#include "explore/rows.h"

#include "base/memory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void rows_free(struct rows *rows)
{
	bool last = !rows->users || --*rows->users == 0;
	if (last) {
		free(rows->users);
		free(rows->ids);
		bits_free(&rows->set);
	}
	free(rows->signs);
	free(rows->notes);
	free(rows->folds);
	*rows = (struct rows){0};
}

bool rows_share(struct rows *rows, struct rows *others)
{
	if (!others->users) {
		others->users = memory_array(1, sizeof *others->users);
		if (!others->users)
			return false;
		*others->users = 1;
	}
	++*others->users;
	*rows = (struct rows){.version = others->version,
		.users = others->users,
		.ids = others->ids,
		.count = others->count,
		.set = others->set};
	rows_changed(rows);
	return true;
}

bool rows_add(struct rows *rows, uint32_t id)
{
	if (!bits_add(&rows->set, id))
		return false;
	uint32_t *grown =
		memory_grow(rows->ids, &rows->capacity, (size_t)rows->count + 1, sizeof *rows->ids);
	if (!grown)
		return false;
	rows->ids = grown;
	rows->ids[rows->count++] = id;
	return true;
}

bool rows_sign(struct rows *rows, char sign, const char *note)
{
	char *grown = memory_grow(rows->signs, &rows->sign_capacity, (size_t)rows->count, 1);
	if (!grown)
		return false;
	rows->signs = grown;
	rows->signs[rows->count - 1] = sign;
	char(*notes)[ROWS_NOTE_SIZE] = memory_grow(
		rows->notes, &rows->note_capacity, (size_t)rows->count, sizeof *rows->notes);
	if (!notes)
		return false;
	rows->notes = notes;
	snprintf(notes[rows->count - 1], sizeof *notes, "%s", note);
	return true;
}

bool rows_add_fold(struct rows *rows, int64_t first, int64_t count)
{
	struct fold *grown = memory_grow(rows->folds, &rows->fold_capacity,
		(size_t)rows->fold_count + 1, sizeof *rows->folds);
	if (!grown)
		return false;
	rows->folds = grown;
	rows->folds[rows->fold_count++] = (struct fold){.first = first, .count = count};
	return true;
}

void rows_changed(struct rows *rows)
{
	/* A closed fold takes one row for its run, an open one a heading more than its run. */
	int64_t shift = 0;
	for (int64_t i = 0; i < rows->fold_count; i++) {
		struct fold *fold = &rows->folds[i];
		fold->row = fold->first + shift;
		shift += fold->open ? 1 : 1 - fold->count;
	}
	rows->shown = rows->count + shift;
}

/* The last fold whose heading is at or above a row (by_row) or whose run begins at or before a
 * position; -1 when there is none. */
static int64_t fold_before(const struct rows *rows, int64_t at, bool by_row)
{
	int64_t low = 0, high = rows->fold_count;
	while (low < high) {
		int64_t middle = low + (high - low) / 2;
		int64_t begins = by_row ? rows->folds[middle].row : rows->folds[middle].first;
		if (begins <= at)
			low = middle + 1;
		else
			high = middle;
	}
	return low - 1;
}

struct row_place rows_at(const struct rows *rows, int64_t row)
{
	int64_t index = fold_before(rows, row, true);
	if (index < 0)
		return (struct row_place){.position = row, .fold = -1};
	const struct fold *fold = &rows->folds[index];
	if (row == fold->row)
		return (struct row_place){.position = fold->first, .fold = index, .heading = true};
	int64_t below = row - fold->row - 1;
	if (fold->open && below < fold->count)
		return (struct row_place){.position = fold->first + below, .fold = index};
	int64_t inside = fold->open ? fold->count : 0;
	return (struct row_place){
		.position = fold->first + fold->count + below - inside, .fold = -1};
}

int64_t rows_row(const struct rows *rows, int64_t position)
{
	int64_t index = fold_before(rows, position, false);
	if (index < 0)
		return position;
	const struct fold *fold = &rows->folds[index];
	int64_t inside = position - fold->first;
	if (inside < fold->count)
		return fold->open ? fold->row + 1 + inside : fold->row;
	return fold->row + 1 + (fold->open ? fold->count : 0) + inside - fold->count;
}

int64_t rows_find(const struct rows *rows, uint32_t id)
{
	if (!bits_has(&rows->set, id))
		return -1;
	for (int64_t position = 0; position < rows->count; position++)
		if (rows->ids[position] == id)
			return position;
	return -1;
}
