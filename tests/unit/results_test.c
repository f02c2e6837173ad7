/* The rows of a search of the whole case. */
#include "../../tui/explore/results.h"
#include "../../tui/view/parts.h"
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

/* A hit that is not among what is read for the screen is no blank. */
static void a_hit_out_of_sight_is_said(void **state)
{
	(void)state;
	static char text[] = "x";
	struct cell cells[] = {{.field = kind_field_find(KIND_DOCUMENT, span_string("title")),
				       .text = span_string("A report")},
		{.field = kind_field_find(KIND_DOCUMENT, span_string("body")),
			.name = span_string("body"),
			.text = span_string("begins"),
			.cut = 90000}};
	struct results_row row = {.there = true,
		.kind = KIND_DOCUMENT,
		.record = {.id = {KIND_DOCUMENT, 1},
			.cells = cells,
			.cell_count = ARRAY_LENGTH(cells)},
		.cell = -1};
	struct results results = {.text = text,
		.state = SEARCH_DONE,
		.hit_cells = 1,
		.hit_records = 1,
		.page = &row,
		.page_rows = 1};
	struct canvas canvas = {0};
	char line[121] = "";
	assert_true(canvas_resize(&canvas, 80, 4));
	for (int i = 0; i < 2; i++) {
		view_results(&results, (struct rect){0, 0, 80, 4}, &canvas);
		for (int x = 0; x < 80; x++)
			line[x] = canvas.cells[80 + x].bytes[0];
		assert_non_null(strstr(line, "A report"));
		assert_non_null(
			strstr(line, i == 0 ? "further on in a long text" : "not found again"));
		cells[1].cut = 0;
	}
	canvas_free(&canvas);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_cursor_begins_on_a_hit),
		cmocka_unit_test(the_cursor_keeps_its_record),
		cmocka_unit_test(a_hit_out_of_sight_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
