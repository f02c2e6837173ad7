/* A list without a session: hits over what it shows, the cursor over rows that come in two parts.
 */
#include "cmocka_all.h"

#include "base/compiler.h"
#include "explore/list.h"

#include <stdlib.h>

static void take(struct list *list, const uint32_t *ids, size_t count, int64_t all, bool partial)
{
	struct rows rows = {0};
	struct list_totals totals = {.all = all};
	int64_t hides[LIST_MAX_FILTERS] = {0};
	for (size_t i = 0; i < count; i++)
		assert_true(rows_add(&rows, ids[i]));
	rows_changed(&rows);
	list_take_rows(list, &rows, &totals, hides, partial, 10);
}

static struct list *new_list(void)
{
	struct list *list = list_new(KIND_EVENT, NULL, NULL);
	assert_non_null(list);
	return list;
}

/* A hit counts once, in any order, and only when the list shows its record. */
static void hits_are_those_that_are_shown(void **state)
{
	(void)state;
	static const uint32_t shown[] = {700, 3, 64, 65}, hits[] = {65, 4, 700, 65, 90000};
	struct list *list = new_list();
	take(list, shown, ARRAY_LENGTH(shown), 9, false);
	assert_true(list_add_hits(list, hits, ARRAY_LENGTH(hits)));
	assert_int_equal(list->search.shown, 2);
	assert_true(list_add_hits(list, &shown[1], 1));
	assert_int_equal(list->search.shown, 3);
	/* Other rows: what was found stays found. */
	static const uint32_t others[] = {4, 5, 90000};
	take(list, others, ARRAY_LENGTH(others), 9, false);
	assert_int_equal(list->search.shown, 2);
	take(list, NULL, 0, 9, false);
	assert_int_equal(list->search.shown, 0);
	bool wrapped;
	assert_int_equal(list_next_hit(list, -1, 1, false, &wrapped), -1);
	list_free(list);
}

/* The first rows of a new order need not hold the record under the cursor: until they do, those of
 * before stay. */
static void the_cursor_waits_for_its_record(void **state)
{
	(void)state;
	static const uint32_t before[] = {1, 2, 3, 4, 5, 6}, after[] = {6, 5, 4, 3, 2, 1};
	for (int moved = 0; moved <= 1; moved++) {
		struct list *list = new_list();
		take(list, before, 6, 6, false);
		assert_true(list_move_to_id(list, 2, 10));
		list->loading = true;
		take(list, after, 3, 3, true);
		assert_true(list->loading && !list->partial);
		assert_int_equal(list->rows.count, 6);
		assert_int_equal(list_selected(list, NULL).id, 2);
		if (moved) {
			assert_true(list_move_to_id(list, 5, 10));
			take(list, after, 3, 3, true);
			assert_true(list->loading && list->partial);
			assert_int_equal(list_selected(list, NULL).id, 5);
		}
		take(list, after, 6, 6, false);
		assert_false(list->partial || list->loading);
		assert_int_equal(list_selected(list, NULL).id, moved ? 5 : 2);
		list_free(list);
	}
}

/* The order that is asked for is that of the rows once they come, not before, and not of those that
 * wait for the cursor's record. */
static void an_order_is_true_when_rows_come(void **state)
{
	(void)state;
	static const uint32_t before[] = {1, 2, 3, 4}, after[] = {4, 3, 2, 1};
	struct list *list = new_list();
	take(list, before, 4, 4, false);
	assert_int_equal(list->rows_sort, -1);
	list->sort = 2;
	list->descending = list->loading = true;
	assert_int_equal(list->rows_sort, -1);
	take(list, after, 2, 2, true);
	assert_int_equal(list->rows_sort, -1);
	take(list, after, 4, 4, false);
	assert_int_equal(list->rows_sort, 2);
	assert_true(list->rows_descending);
	list_free(list);
}

/* What is asked of a list that is still being read is done when it is. */
static void the_cursor_goes_on_when_rows_come(void **state)
{
	(void)state;
	static const uint32_t ids[] = {9, 8, 7, 6, 5, 4, 3, 2, 1};
	static const struct {
		int64_t row, then;
		int64_t id;
	} cases[] = {
		{6, -1, 3},         /* a row by its number */
		{INT64_MAX, -1, 1}, /* the end */
		{5, 6, 3},          /* from there one further */
		{INT64_MAX, 1, 8},  /* somewhere else after all */
		{2, -1, 7},         /* one that is there */
		{3, 2, 7},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct list *list = new_list();
		take(list, ids, 3, 3, true);
		assert_int_equal(list_move_on(list, cases[i].row, 10), cases[i].row < 3);
		if (cases[i].row < 9)
			assert_int_equal(list_here(list), cases[i].row);
		if (cases[i].then >= 0)
			list_move_on(list, cases[i].then, 10);
		assert_in_range(list->cursor, 0, 2);
		take(list, ids, 9, 9, false);
		assert_int_equal(list_selected(list, NULL).id, cases[i].id);
		/* Later rows leave it where it is. */
		assert_true(list_move_to_id(list, 5, 10));
		take(list, ids, 9, 9, false);
		assert_int_equal(list_selected(list, NULL).id, 5);
		list_free(list);
	}
}

/* ---- a list against a plain array ---- */

#define MOST 300

struct plain {
	uint32_t ids[MOST];
	int64_t count;
	bool hit[MOST + 1]; /* by id */
};

/* Ids in some order, many of them or few. */
/* The last rows are there before the others: the cursor stays on its record, a number waits. */
static void the_end_comes_first(void **state)
{
	(void)state;
	static const uint32_t all[] = {9, 8, 7, 6, 5, 4, 3, 2, 1}, first[] = {9, 8, 7},
			      last[] = {3, 2, 1};
	for (int way = 0; way < 3; way++) {
		struct list *list = new_list();
		struct rows rows = {0};
		list->loading = true;
		for (size_t i = 0; i < ARRAY_LENGTH(last); i++)
			assert_true(rows_add(&rows, last[i]));
		rows_changed(&rows);
		list_take_end(list, &rows, true, 10);
		assert_true(list->tail && list->partial && list->loading);
		assert_int_equal(list_selected(list, NULL).id, 1);
		assert_int_equal(list_length(list), 3);
		/* Above them there is nothing yet, and the first rows don't take their place. */
		assert_true(list_move_on(list, list_here(list) - (way == 1 ? 7 : 1), 10));
		assert_int_equal(list_selected(list, NULL).id, way == 1 ? 3 : 2);
		take(list, first, ARRAY_LENGTH(first), 3, true);
		assert_true(list->tail);
		if (way == 2)
			assert_false(list_move_to_number(list, 1, 10));
		take(list, all, ARRAY_LENGTH(all), 9, false);
		assert_false(list->tail || list->partial || list->loading);
		assert_int_equal(list_selected(list, NULL).id, way == 2 ? 8 : way == 1 ? 3 : 2);
		assert_true(list_move_to_number(list, 4, 10));
		assert_int_equal(list_selected(list, NULL).id, 5);
		list_free(list);
	}
}

static void shuffle(struct plain *plain)
{
	int64_t all = rand() % MOST, keep = 1 + rand() % 4;
	plain->count = 0;
	for (int64_t i = 0; i < all; i++)
		if (rand() % 4 < keep)
			plain->ids[plain->count++] = (uint32_t)i + 1;
	for (int64_t i = plain->count - 1; i > 0 && keep % 2; i--) {
		int64_t other = rand() % (i + 1);
		uint32_t id = plain->ids[i];
		plain->ids[i] = plain->ids[other];
		plain->ids[other] = id;
	}
}

static int64_t plain_find(const struct plain *plain, int64_t id)
{
	for (int64_t i = 0; i < plain->count; i++)
		if (plain->ids[i] == id)
			return i;
	return -1;
}

/* The nearest of the ids at or below a position of before that are still there, else above. */
static int64_t plain_survivor(const struct plain *before, int64_t from, const struct plain *plain)
{
	for (int64_t at = from; at < before->count; at++)
		if (plain_find(plain, before->ids[at]) >= 0)
			return before->ids[at];
	for (int64_t at = from - 1; at >= 0; at--)
		if (plain_find(plain, before->ids[at]) >= 0)
			return before->ids[at];
	return 0;
}

static int64_t plain_hit(const struct plain *plain, int64_t from, int64_t count, bool backwards)
{
	int64_t hits = 0;
	for (int64_t i = 0; i < plain->count; i++)
		hits += plain->hit[plain->ids[i]];
	for (int64_t at = from; hits > 0;) {
		at = (at + (backwards ? plain->count - 1 : 1)) % plain->count;
		if (plain->hit[plain->ids[at]] && --count == 0)
			return at;
	}
	return -1;
}

static void compare(const struct list *list, const struct plain *plain)
{
	int64_t hits = 0;
	for (int64_t i = 0; i < plain->count; i++) {
		hits += plain->hit[plain->ids[i]];
		assert_int_equal(list_is_hit(list, plain->ids[i]), plain->hit[plain->ids[i]]);
	}
	assert_int_equal(list->rows.shown, plain->count);
	assert_int_equal(list->search.shown, hits);
	assert_in_range(list->cursor, 0, plain->count > 0 ? plain->count - 1 : 0);
	assert_in_range(list->top, 0, list->cursor);
	assert_true(list->cursor < list->top + 10);
}

static void other_rows(struct list *list, struct plain *plain)
{
	struct plain before = *plain;
	int64_t from = list->cursor;
	shuffle(plain);
	list->loading = true;
	if (rand() % 2) {
		/* The first rows, then all. */
		take(list, plain->ids, (size_t)plain->count / 3, plain->count / 3, true);
		assert_true(list->loading);
	}
	take(list, plain->ids, (size_t)plain->count, plain->count, false);
	int64_t wanted = before.count > 0 ? plain_survivor(&before, from, plain) : 0;
	if (wanted > 0)
		assert_int_equal(list_selected(list, NULL).id, wanted);
}

static void some_command(struct list *list, struct plain *plain)
{
	uint32_t id = 1 + (uint32_t)rand() % MOST;
	int64_t row = rand() % (plain->count + 10) - 5;
	bool backwards = rand() % 2, wrapped;
	switch (rand() % 6) {
	case 0:
		other_rows(list, plain);
		break;
	case 1:
		list_move_on(list, row, 10);
		assert_int_equal(list->cursor, row < 0 || plain->count == 0 ? 0
					       : row < plain->count         ? row
									    : plain->count - 1);
		break;
	case 2:
		assert_int_equal(list_move_to_id(list, id, 10), plain_find(plain, id) >= 0);
		if (plain_find(plain, id) >= 0)
			assert_int_equal(list->cursor, plain_find(plain, id));
		break;
	case 3:
	case 4:
		assert_true(list_add_hits(list, &id, 1));
		plain->hit[id] = true;
		break;
	default: {
		int64_t count = rand() % 700;
		assert_int_equal(list_next_hit(list, list->cursor, count, backwards, &wrapped),
			plain_hit(plain, list->cursor, count > 0 ? count : 1, backwards));
		break;
	}
	}
}

static void a_list_is_a_plain_array(void **state)
{
	(void)state;
	srand(20200120);
	for (int round = 0; round < 100; round++) {
		struct list *list = new_list();
		struct plain plain = {0};
		for (int i = 0; i < 60; i++) {
			some_command(list, &plain);
			compare(list, &plain);
		}
		list_free(list);
	}
}

static void filters_are_bounded(void **state)
{
	(void)state;
	struct error error = {0};
	struct list *list = list_new(KIND_HOST, NULL, NULL);
	assert_non_null(list);
	for (int i = 0; i < LIST_MAX_FILTERS; i++)
		assert_true(list_add_filter(list, span_string("type = server"), &error));
	assert_false(list_add_filter(list, span_string("type = server"), &error));
	assert_int_equal(error.code, ERROR_LIMIT);
	list_drop_filter(list);
	assert_true(list_add_filter(list, span_string("type = server"), &error));
	list_free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(filters_are_bounded),
		cmocka_unit_test(hits_are_those_that_are_shown),
		cmocka_unit_test(the_cursor_waits_for_its_record),
		cmocka_unit_test(an_order_is_true_when_rows_come),
		cmocka_unit_test(the_cursor_goes_on_when_rows_come),
		cmocka_unit_test(the_end_comes_first),
		cmocka_unit_test(a_list_is_a_plain_array),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
