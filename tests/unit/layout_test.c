/* Geometry at every size: panes lie inside the screen, touch no bottom line, and do not overlap. */
#include "cmocka_all.h"

#include "explore/layout.h"

#include <string.h>

static void check_inside(struct rect rect, const struct session *session)
{
	if (rect.width == 0 || rect.height == 0)
		return;
	assert_true(rect.x >= 0 && rect.y >= 1);
	assert_true(rect.x + rect.width <= session->width);
	assert_true(rect.y + rect.height <= session->height - 2);
}

static bool overlap(struct rect a, struct rect b)
{
	if (a.width == 0 || b.width == 0 || a.height == 0 || b.height == 0)
		return false;
	return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
	       b.y < a.y + a.height;
}

static void panes_fit_every_size(void **state)
{
	(void)state;
	struct list list = {.kind = KIND_HOST};
	struct place place = {.type = PLACE_PANES, .lists = {&list, &list, &list}};
	struct session session = {.places = {&place}, .place_count = 1};
	for (int lists = 1; lists <= 3; lists++)
		for (int zoomed = 0; zoomed <= 1; zoomed++)
			for (int focus = 0; focus <= lists; focus++)
				for (int width = 1; width <= 420; width += 7)
					for (int height = 1; height <= 130; height += 3) {
						place.list_count = lists;
						place.zoomed = zoomed;
						place.focus = focus;
						session.width = width;
						session.height = height;
						struct layout layout = layout_of(&session);
						bool small = width < LAYOUT_MIN_WIDTH ||
							     height < LAYOUT_MIN_HEIGHT;
						assert_int_equal(layout.too_small, small);
						check_inside(layout.card, &session);
						for (int i = 0; i < lists; i++) {
							check_inside(layout.lists[i], &session);
							assert_false(overlap(
								layout.lists[i], layout.card));
							for (int k = 0; k < i; k++)
								assert_false(
									overlap(layout.lists[i],
										layout.lists[k]));
						}
						/* What has the keys is always on screen. */
						if (!small && focus < lists)
							assert_true(layout.rows[focus] > 2);
						if (!small && focus == lists)
							assert_true(layout.card_rows > 0);
					}
}

static void columns_stay_in_their_pane(void **state)
{
	(void)state;
	struct column_place columns[LIST_MAX_COLUMNS];
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		struct list list = {.kind = (enum kind)kind};
		int fields[LIST_MAX_COLUMNS];
		int total = list_columns(list.kind, fields);
		assert_true(total > 0);
		for (int width = 20; width < 400; width += 9)
			for (list.first_column = 0; list.first_column < total;
				list.first_column++) {
				int count = layout_columns(&list, width, columns);
				assert_true(count > 0);
				assert_int_equal(columns[0].field, fields[list.first_column]);
				for (int i = 0; i < count; i++) {
					assert_true(columns[i].x + columns[i].width <= width);
					if (i > 0)
						assert_true(
							columns[i].x >
							columns[i - 1].x + columns[i - 1].width);
				}
			}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(panes_fit_every_size),
		cmocka_unit_test(columns_stay_in_their_pane),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
