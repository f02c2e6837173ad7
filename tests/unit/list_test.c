/* A list without a session: hits over what it shows, the cursor over rows that come in two parts.
 */
#include "cmocka_all.h"

#include "base/compiler.h"
#include "explore/list.h"

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
	assert_int_equal(list_next_hit(list, -1, false, NULL), -1);
	list_free(list);
}

/* The first rows of a new order need not hold the record under the cursor. */
static void the_cursor_waits_for_its_record(void **state)
{
	(void)state;
	static const uint32_t before[] = {1, 2, 3, 4, 5, 6}, after[] = {6, 5, 4, 3, 2, 1};
	for (int moved = 0; moved <= 1; moved++) {
		struct list *list = new_list();
		take(list, before, 6, 6, false);
		assert_true(list_move_to_id(list, 2, 10));
		take(list, after, 3, 3, true);
		assert_true(list->partial && list->loading);
		if (moved)
			list_move_to(list, 0, 10);
		take(list, after, 6, 6, false);
		assert_false(list->partial || list->loading);
		assert_int_equal(list_selected(list, NULL).id, moved ? 6 : 2);
		list_free(list);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(hits_are_those_that_are_shown),
		cmocka_unit_test(the_cursor_waits_for_its_record),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
