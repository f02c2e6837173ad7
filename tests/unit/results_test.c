/* The rows of a search of the whole case. */
#include "../../tui/explore/results.h"
#include "cmocka_all.h"

#include <string.h>

static void hits_come(struct results *results, enum kind kind, uint32_t first, int count)
{
	bool heading;
	enum kind here = results_at(results, results->cursor, &heading).kind;
	int64_t row = results_kind_row(results, here);
	for (int i = 0; i < count; i++)
		assert_true(results_add(results, kind, first + (uint32_t)i));
	results_grown(results, here, row);
	results_move_to(results, results->cursor, 10);
}

/* Until it is moved, the cursor is on the first hit, whatever comes when. */
static void the_cursor_begins_on_a_hit(void **state)
{
	(void)state;
	struct results results = {0};
	bool heading;
	hits_come(&results, KIND_EVENT, 7, 3);
	struct record_id id = results_at(&results, results.cursor, &heading);
	assert_false(heading);
	assert_int_equal(id.kind, KIND_EVENT);
	assert_int_equal(id.id, 7);
	hits_come(&results, KIND_HOST, 4, 2);
	id = results_at(&results, results.cursor, &heading);
	assert_false(heading);
	assert_int_equal(id.kind, KIND_HOST);
	assert_int_equal(id.id, 4);
	results_free(&results);
}

/* Then it keeps its record and its place on the screen. */
static void the_cursor_keeps_its_record(void **state)
{
	(void)state;
	struct results results = {0};
	bool heading;
	hits_come(&results, KIND_EVENT, 1, 40);
	results.moved = true;
	results_move_to(&results, 30, 10);
	int64_t above = results.cursor - results.top;
	hits_come(&results, KIND_HOST, 1, 5);
	hits_come(&results, KIND_INDICATOR, 1, 5);
	hits_come(&results, KIND_EVENT, 41, 5);
	hits_come(&results, KIND_HOST, 6, 1);
	struct record_id id = results_at(&results, results.cursor, &heading);
	assert_int_equal(id.kind, KIND_EVENT);
	assert_int_equal(id.id, 30);
	assert_int_equal(results.cursor - results.top, above);
	results_free(&results);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cursor_begins_on_a_hit),
		cmocka_unit_test(the_cursor_keeps_its_record),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
