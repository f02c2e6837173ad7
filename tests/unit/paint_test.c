/* Canvases to a terminal's bytes, read back by libvterm-free means: the bytes themselves. */
#include "cmocka_all.h"

#include "../../tui/screen/paint.h"
#include "../../tui/screen/style.h"
#include "base/text.h"

#include <locale.h>
#include <string.h>
#include <wchar.h>

static struct canvas make(int width, int height)
{
	struct canvas canvas = {0};
	assert_true(canvas_resize(&canvas, width, height));
	return canvas;
}

static size_t painted(struct paint *paint, const struct canvas *canvas, struct buffer *out)
{
	struct error error = {0};
	buffer_clear(out);
	if (!paint_canvas(paint, canvas, out, &error))
		fail_msg("%s", error.message);
	return out->length;
}

static bool holds(const struct buffer *out, const char *text)
{
	return memmem(out->data, out->length, text, strlen(text)) != NULL;
}

static struct paint *open_paint(const char *term, bool color)
{
	struct error error = {0};
	struct paint *paint = paint_open(term, color, &error);
	if (!paint)
		fail_msg("%s", error.message);
	return paint;
}

static void only_changes_are_painted(void **state)
{
	(void)state;
	struct paint *paint = open_paint("xterm-256color", true);
	struct canvas canvas = make(120, 36);
	struct buffer out = {0};
	canvas_string(&canvas, 0, 0, 120, "Kamakura server 三菱電機", STYLE_NORMAL);
	assert_true(painted(paint, &canvas, &out) > 0);
	assert_true(holds(&out, "\033[?1049h"));
	assert_true(holds(&out, "\033[?2004h"));
	assert_true(holds(&out, "server 三菱電機"));
	/* The second time the cursor is where it was and nothing is said. */
	painted(paint, &canvas, &out);
	assert_int_equal(painted(paint, &canvas, &out), 0);
	canvas_string(&canvas, 50, 20, 10, "x", STYLE_NORMAL);
	const size_t change = painted(paint, &canvas, &out);
	assert_in_range(change, 1, 24);
	paint_lost(paint);
	assert_true(painted(paint, &canvas, &out) > 40);
	struct error error = {0};
	buffer_clear(&out);
	assert_true(paint_leave(paint, &out, &error));
	assert_true(holds(&out, "\033[?1049l"));
	assert_true(holds(&out, "\033[?2004l"));
	paint_close(paint);
	buffer_free(&out);
	canvas_free(&canvas);
}

static void ncurses_counts_columns_as_we_do(void **state)
{
	(void)state;
	assert_int_equal(wcwidth(L'三'), 2);
	assert_int_equal(wcwidth(0x301), 0);
	assert_int_equal(wcwidth(0x1b), -1);
	assert_int_equal(wcwidth(0), 0);
	assert_int_equal(wcswidth(L"a三", 9), 3);
	/* Where libc's table is another one, ncurses must follow ours: the x stands in the column
	 * behind, so there is no cursor movement between. */
	const char *const texts[] = {"\xe1\x84\x80\xe1\x85\xa1x", "\xe0\xa4\x95\xe0\xa4\xbfx",
		"\xf0\x9f\x87\xaf\xf0\x9f\x87\xb5x", "\xf0\x9f\x98\x80x", "a\xcc\x81\xcc\x82x"};
	for (size_t i = 0; i < ARRAY_LENGTH(texts); i++) {
		struct paint *paint = open_paint("xterm-256color", false);
		struct canvas canvas = make(20, 2);
		struct buffer out = {0};
		canvas_string(&canvas, 0, 0, 20, texts[i], STYLE_NORMAL);
		painted(paint, &canvas, &out);
		if (!holds(&out, texts[i]))
			fail_msg("%s is not painted in one piece", texts[i]);
		paint_close(paint);
		buffer_free(&out);
		canvas_free(&canvas);
	}
}

static void sizes_change(void **state)
{
	(void)state;
	struct paint *paint = open_paint("xterm-256color", true);
	struct buffer out = {0};
	const int sizes[][2] = {{80, 24}, {1, 1}, {CANVAS_MAX_WIDTH, CANVAS_MAX_HEIGHT}, {2, 1},
		{1, 50}, {200, 60}};
	for (size_t i = 0; i < ARRAY_LENGTH(sizes); i++) {
		struct canvas canvas = make(sizes[i][0], sizes[i][1]);
		canvas_fill(&canvas, 0, 0, canvas.width, canvas.height, STYLE_CURSOR);
		canvas_string(&canvas, 0, 0, 4, "三", STYLE_NORMAL);
		canvas.cursor_x = canvas.width - 1;
		canvas.cursor_y = canvas.height - 1;
		assert_true(painted(paint, &canvas, &out) > 0);
		canvas_free(&canvas);
	}
	paint_close(paint);
	buffer_free(&out);
}

static void terminals_that_will_not_do_are_named(void **state)
{
	(void)state;
	struct error error = {0};
	assert_null(paint_open("nosuch\033[2J", true, &error));
	assert_int_equal(error.code, ERROR_TERMINAL);
	assert_non_null(strstr(error.message, "TERM=nosuch^[[2J is unknown"));
	assert_null(paint_open("dumb", true, &error));
	assert_non_null(strstr(error.message, "TERM=dumb is unknown here, or cannot"));
}

static void old_terminals_get_no_new_sequences(void **state)
{
	(void)state;
	struct paint *paint = open_paint("vt100", true);
	struct canvas canvas = make(80, 24);
	canvas.ascii = true;
	canvas_string(&canvas, 0, 0, 80, "plain", STYLE_CURSOR);
	struct buffer out = {0};
	painted(paint, &canvas, &out);
	assert_true(holds(&out, "plain"));
	assert_true(holds(&out, ";7m"));
	assert_false(holds(&out, "\033[?2004h"));
	assert_false(holds(&out, "$<"));
	buffer_clear(&out);
	paint_restore(paint, &out);
	assert_false(holds(&out, "$<"));
	assert_true(holds(&out, "\r\n"));
	paint_close(paint);
	buffer_free(&out);
	canvas_free(&canvas);
}

/* The Linux console's description says no size. */
static void a_description_without_a_size_will_do(void **state)
{
	(void)state;
	struct paint *paint = open_paint("linux", true);
	struct canvas canvas = make(200, 50);
	struct buffer out = {0};
	canvas_string(&canvas, 150, 40, 10, "far out", STYLE_NORMAL);
	painted(paint, &canvas, &out);
	assert_true(holds(&out, "\033[41;151Hfar out"));
	paint_close(paint);
	buffer_free(&out);
	canvas_free(&canvas);
}

/* Roles between which a person must tell. */
static void roles_differ_without_colour(void **state)
{
	(void)state;
	static const enum style roles[] = {STYLE_NORMAL, STYLE_DIM, STYLE_STRONG, STYLE_CURSOR,
		STYLE_SELECTED, STYLE_LINKED, STYLE_HIT, STYLE_MARK, STYLE_ERROR, STYLE_WARNING};
	for (size_t i = 0; i < ARRAY_LENGTH(roles); i++)
		for (size_t j = 0; j < i; j++)
			if (style_looks[roles[i]].plain == style_looks[roles[j]].plain)
				fail_msg("styles %d and %d look the same", roles[i], roles[j]);
}

int main(void)
{
	/* ncurses asks the locale how characters are written. */
	if (!setlocale(LC_CTYPE, "C.UTF-8"))
		return 1;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_changes_are_painted),
		cmocka_unit_test(ncurses_counts_columns_as_we_do),
		cmocka_unit_test(sizes_change),
		cmocka_unit_test(terminals_that_will_not_do_are_named),
		cmocka_unit_test(old_terminals_get_no_new_sequences),
		cmocka_unit_test(a_description_without_a_size_will_do),
		cmocka_unit_test(roles_differ_without_colour),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
