/* Rows against a plain array that is folded by hand, under random folds and toggles. */
#include "cmocka_all.h"

#include "explore/rows.h"

#include <stdlib.h>

#define MOST 400

struct plain {
	int64_t position[MOST * 2];
	bool heading[MOST * 2];
	int64_t rows;
};

static void fold_plainly(const struct rows *rows, struct plain *plain)
{
	plain->rows = 0;
	int64_t fold = 0;
	for (int64_t position = 0; position < rows->count; position++) {
		bool inside = fold < rows->fold_count && position >= rows->folds[fold].first;
		if (inside && position == rows->folds[fold].first) {
			plain->position[plain->rows] = position;
			plain->heading[plain->rows++] = true;
		}
		if (!inside || rows->folds[fold].open) {
			plain->position[plain->rows] = position;
			plain->heading[plain->rows++] = false;
		}
		if (inside && position + 1 == rows->folds[fold].first + rows->folds[fold].count)
			fold++;
	}
}

static void compare(const struct rows *rows)
{
	struct plain plain;
	fold_plainly(rows, &plain);
	assert_int_equal(rows->shown, plain.rows);
	for (int64_t row = 0; row < plain.rows; row++) {
		struct row_place place = rows_at(rows, row);
		assert_int_equal(place.position, plain.position[row]);
		assert_int_equal(place.heading, plain.heading[row]);
		if (!place.heading)
			assert_int_equal(rows_row(rows, place.position), row);
		else if (!rows->folds[place.fold].open)
			assert_int_equal(rows_row(rows, place.position), row);
	}
}

static void rows_fold_as_a_plain_array_does(void **state)
{
	(void)state;
	srand(20200120);
	for (int round = 0; round < 300; round++) {
		struct rows rows = {0};
		int64_t count = rand() % MOST;
		for (int64_t i = 0; i < count; i++)
			assert_true(rows_add(&rows, (uint32_t)(i * 7 + 1)));
		for (int64_t at = rand() % 5; at + 2 <= count; at += rand() % 6) {
			int64_t run = 2 + rand() % 9;
			if (at + run > count)
				break;
			assert_true(rows_add_fold(&rows, at, run));
			at += run;
		}
		rows_changed(&rows);
		compare(&rows);
		for (int toggle = 0; toggle < 8 && rows.fold_count > 0; toggle++) {
			struct fold *fold = &rows.folds[rand() % rows.fold_count];
			fold->open = !fold->open;
			rows_changed(&rows);
			compare(&rows);
		}
		if (count > 0)
			assert_int_equal(
				rows_find(&rows, (uint32_t)((count - 1) * 7 + 1)), count - 1);
		assert_int_equal(rows_find(&rows, 3), -1);
		rows_free(&rows);
	}
}

static void ids_are_shared(void **state)
{
	(void)state;
	for (int first = 0; first < 3; first++) {
		struct rows rows[3] = {0};
		for (uint32_t id = 1; id < 100; id++)
			assert_true(rows_add(&rows[0], id * 3));
		rows_changed(&rows[0]);
		assert_true(rows_share(&rows[1], &rows[0]));
		assert_true(rows_share(&rows[2], &rows[1]));
		rows_free(&rows[first]);
		for (int i = 0; i < 3; i++)
			if (i != first) {
				assert_int_equal(rows[i].shown, 99);
				assert_int_equal(rows_find(&rows[i], 30), 9);
				compare(&rows[i]);
			}
		for (int i = 0; i < 3; i++)
			rows_free(&rows[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_fold_as_a_plain_array_does),
		cmocka_unit_test(ids_are_shared),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
