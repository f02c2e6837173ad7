/* Geometry at every size: panes lie inside the screen, touch no bottom line, and do not overlap. */
#include "cmocka_all.h"

#include "base/compiler.h"
#include "explore/columns.h"
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
	struct column columns[LIST_MAX_COLUMNS];
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		struct list list = {.kind = (enum kind)kind};
		int fields[LIST_MAX_COLUMNS];
		int total = columns_of(list.kind, fields);
		assert_true(total > 0);
		for (int width = 20; width < 400; width += 9)
			for (list.first_column = 0; list.first_column < total;
				list.first_column++) {
				int count = columns_fit(&list, width, columns);
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

/* A row of a host, of which only the name and the address are stated. */
static void see(struct list *list, const char *name, const char *address)
{
	struct cell cells[] = {{.field = kind_field_find(KIND_HOST, span_string("name")),
				       .text = span_string(name)},
		{.field = kind_field_find(KIND_HOST, span_string("address")),
			.text = span_string(address)}};
	columns_measure(list, &(struct list_row){.there = true,
				      .record = {.id = {KIND_HOST, 1},
					      .cells = cells,
					      .cell_count = ARRAY_LENGTH(cells)}});
}

static int width_of(const struct list *list, int width, const char *name)
{
	struct column columns[LIST_MAX_COLUMNS];
	int count = columns_fit(list, width, columns);
	for (int i = 0; i < count; i++)
		if (columns[i].field == kind_field_find(list->kind, span_string(name)))
			return columns[i].width;
	return 0;
}

/* What says little takes little, so that what says much is whole where there is room. */
static void columns_are_as_wide_as_what_they_say(void **state)
{
	(void)state;
	struct list list = {.kind = KIND_HOST};
	see(&list, "a", "10.1.1.1");
	int narrow = width_of(&list, 120, "name");
	see(&list, "MORDORDC.theshire.corporation.example", "10.1.1.1");
	assert_true(narrow < width_of(&list, 120, "name"));
	assert_int_equal(width_of(&list, 140, "name"), 37);
	assert_int_equal(width_of(&list, 140, "status"), 12);
	/* Scrolled back to narrower rows they stand still. */
	see(&list, "b", "");
	assert_int_equal(width_of(&list, 140, "name"), 37);
	/* A status is not cut; the columns that matter less give way. */
	for (int width = 50; width < 140; width++)
		assert_int_equal(width_of(&list, width, "status"), 12);
}

/* A column of which nothing is stated stands behind those that say something: never in the place of
 * one, nor where what is stated would be cut for it. */
static void what_says_nothing_gives_way(void **state)
{
	(void)state;
	struct list list = {.kind = KIND_HOST, .sort = -1};
	see(&list, "WORKSTATION5.theshire.local", "10.1.1.1");
	for (int width = 40; width < 200; width++) {
		bool whole = width_of(&list, width, "name") == 27 &&
			     width_of(&list, width, "status") == 12 &&
			     width_of(&list, width, "address") > 0;
		if (width_of(&list, width, "type") + width_of(&list, width, "site") > 0)
			assert_true(whole);
	}
	assert_true(width_of(&list, 70, "address") > 0);
	assert_int_equal(width_of(&list, 60, "site"), 0);
	assert_true(width_of(&list, 160, "site") > 0);
	/* Chosen, or sorted by, it is seen. */
	list.sort = kind_field_find(KIND_HOST, span_string("site"));
	assert_true(width_of(&list, 70, "site") > 0);
	list.sort = -1;
	list.column = 3;
	assert_true(width_of(&list, 70, "site") > 0);
	list.column = 0;
	list.first_column = 3;
	assert_true(width_of(&list, 70, "site") > 0);
	/* And as soon as a row says something. */
	list.first_column = 0;
	list.says[1] = true;
	assert_true(width_of(&list, 70, "type") > 0);
}

/* An identifier is whole or not there. */
static void what_is_short_is_not_cut(void **state)
{
	(void)state;
	struct list list = {.kind = KIND_TECHNIQUE, .sort = -1};
	struct cell cells[] = {{.field = kind_field_find(KIND_TECHNIQUE, span_string("attack_id")),
				       .text = span_string("T1546.004")},
		{.field = kind_field_find(KIND_TECHNIQUE, span_string("name")),
			.text = span_string("Abuse Elevation Control Mechanism, and so on")}};
	columns_measure(&list, &(struct list_row){.there = true,
				       .record = {.id = {KIND_TECHNIQUE, 1},
					       .cells = cells,
					       .cell_count = ARRAY_LENGTH(cells)}});
	for (int width = 30; width < 120; width++) {
		int id = width_of(&list, width, "attack_id");
		assert_true(id == 0 || id >= 9);
	}
	assert_true(width_of(&list, 32, "attack_id") >= 9);
}

/* A row of an event at this time, as it is told. */
static void see_event(struct list *list, const char *time)
{
	struct cell cells[] = {{.field = kind_field_find(KIND_EVENT, span_string("time")),
				       .text = span_string(time),
				       .moment = {.precision = MOMENT_FRACTION, .from = 131415}},
		{.field = kind_field_find(KIND_EVENT, span_string("message")),
			.text = span_string("a long message that fills what there is of room")}};
	columns_measure(list, &(struct list_row){.there = true,
				      .record = {.id = {KIND_EVENT, 1},
					      .cells = cells,
					      .cell_count = ARRAY_LENGTH(cells)}});
}

/* On the narrowest screen there is, a timeline says what happened beside when. */
static void a_timeline_says_what_happened(void **state)
{
	(void)state;
	struct list list = {.kind = KIND_EVENT, .sort = -1};
	see_event(&list, "2019-06-21T10:11:12.131415Z");
	assert_int_equal(width_of(&list, 38, "time"), 20);
	assert_true(width_of(&list, 38, "message") >= 10);
	assert_int_equal(width_of(&list, 78, "time"), 26);
}

/* Words that are cut keep the sign that they are read as a date. */
static void a_reading_is_always_marked(void **state)
{
	(void)state;
	struct cell cell = {.text = span_string("first noticed late June"),
		.moment = {.precision = MOMENT_DAY, .inferred = true}};
	struct buffer text = {0};
	columns_time_text(&cell, 12, false, &text);
	assert_string_equal(text.data, "first not\u2026 i");
	buffer_clear(&text);
	columns_time_text(&cell, 12, true, &text);
	assert_string_equal(text.data, "first not> i");
	buffer_clear(&text);
	columns_time_text(&cell, 25, false, &text);
	assert_string_equal(text.data, "first noticed late June i");
	buffer_free(&text);
}

/* No column stands beside prose that is cut for it. */
static void prose_comes_first(void **state)
{
	(void)state;
	struct list list = {.kind = KIND_CLAIM};
	assert_int_equal(width_of(&list, 60, "act"), 0);
	assert_true(width_of(&list, 60, "text") >= 48);
	assert_true(width_of(&list, 100, "act") > 0);
}

/* A proposed statement has no gist yet: its words are what it is called and shown by. */
static void words_stand_for_a_gist(void **state)
{
	(void)state;
	int gist = kind_field_find(KIND_STATEMENT, span_string("gist"));
	struct cell cells[] = {{.field = kind_field_find(KIND_STATEMENT, span_string("quote")),
				       .text = span_string("they said so")},
		{.field = gist, .text = span_string("so they said")}};
	struct record record = {.id = {KIND_STATEMENT, 3}, .cells = cells, .cell_count = 1};
	struct buffer title = {0};
	assert_ptr_equal(columns_shown(&record, gist), &cells[0]);
	record_title(&record, &title);
	assert_string_equal(title.data, "they said so");
	record.cell_count = 2;
	assert_ptr_equal(columns_shown(&record, gist), &cells[1]);
	record.cell_count = 0;
	assert_null(columns_shown(&record, gist));
	buffer_clear(&title);
	record_title(&record, &title);
	assert_string_equal(title.data, "statement #3");
	buffer_free(&title);
}

static void list_columns_are_fields(void **state)
{
	(void)state;
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		const struct kind_info *info = kind_info((enum kind)kind);
		int fields[LIST_MAX_COLUMNS], shown = 0, times[64] = {0};
		int count = columns_of((enum kind)kind, fields);
		for (int i = 0; i < count; i++) {
			assert_in_range(fields[i], 0, info->field_count - 1);
			assert_int_equal(times[fields[i]]++, 0);
		}
		for (int i = 0; i < info->field_count; i++)
			shown += info->fields[i].width > 0 && !(info->fields[i].flags & FIELD_LONG);
		assert_int_equal(count, shown);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(panes_fit_every_size),
		cmocka_unit_test(columns_stay_in_their_pane),
		cmocka_unit_test(columns_are_as_wide_as_what_they_say),
		cmocka_unit_test(what_says_nothing_gives_way),
		cmocka_unit_test(what_is_short_is_not_cut),
		cmocka_unit_test(a_timeline_says_what_happened),
		cmocka_unit_test(a_reading_is_always_marked),
		cmocka_unit_test(prose_comes_first),
		cmocka_unit_test(words_stand_for_a_gist),
		cmocka_unit_test(list_columns_are_fields),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
