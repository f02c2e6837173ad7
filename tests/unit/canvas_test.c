/* The canvas: what is drawn where, what is cut, and that nothing unsafe ever stands on it. */
#include "cmocka_all.h"

#include "base/text.h"
#include "view/canvas.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

static struct canvas make(int width, int height, bool ascii)
{
	struct canvas canvas = {.ascii = ascii};
	assert_true(canvas_resize(&canvas, width, height));
	return canvas;
}

static const struct canvas_cell *at(const struct canvas *canvas, int x, int y)
{
	return &canvas->cells[(size_t)y * (size_t)canvas->width + (size_t)x];
}

/* Row y as text, wide clusters once. */
static const char *row(const struct canvas *canvas, int y)
{
	static char text[CANVAS_MAX_WIDTH * sizeof(((struct canvas_cell *)0)->bytes) + 1];
	text[0] = '\0';
	char *end = text;
	for (int x = 0; x < canvas->width; x++)
		end = stpcpy(end, at(canvas, x, y)->bytes);
	return text;
}

/* Row y as one digit or letter a cell for its style. */
static const char *styles(const struct canvas *canvas, int y)
{
	static char text[CANVAS_MAX_WIDTH + 1];
	for (int x = 0; x < canvas->width; x++)
		text[x] = (char)('a' + at(canvas, x, y)->style);
	text[canvas->width] = '\0';
	return text;
}

#define N "a"
#define H "l"
#define M "m"
_Static_assert(STYLE_HIT == 'l' - 'a' && STYLE_MARK == 'm' - 'a', "letters of the styles");

/* What every canvas holds at any time. */
static void check(const struct canvas *canvas)
{
	for (int y = 0; y < canvas->height; y++) {
		for (int x = 0; x < canvas->width; x++) {
			const struct canvas_cell *cell = at(canvas, x, y);
			const size_t length = strnlen(cell->bytes, sizeof cell->bytes);
			assert_true(length < sizeof cell->bytes);
			assert_true(cell->style < STYLE_COUNT);
			if (cell->width == 0) {
				assert_true(x > 0 && at(canvas, x - 1, y)->width == 2);
				assert_int_equal(length, 0);
				assert_int_equal(cell->style, at(canvas, x - 1, y)->style);
				continue;
			}
			assert_true(length > 0);
			assert_in_range(cell->width, 1, 2);
			if (cell->width == 2)
				assert_true(
					x + 1 < canvas->width && at(canvas, x + 1, y)->width == 0);
			/* Drawn again it is itself: there is nothing in it to be marked. */
			struct text_cluster unit;
			assert_true(text_visible_next(
				span_of(cell->bytes, length), 0, canvas->ascii, &unit));
			assert_false(unit.mark);
			assert_int_equal(unit.end, length);
			assert_int_equal(unit.width, cell->width);
			for (size_t i = 0; i < length; i++)
				assert_true((unsigned char)cell->bytes[i] >= 0x20 &&
					    cell->bytes[i] != 0x7f);
		}
	}
}

static void sizes_are_cut(void **state)
{
	(void)state;
	struct canvas canvas = {0};
	assert_true(canvas_resize(&canvas, 0, -5));
	assert_int_equal(canvas.width, 1);
	assert_int_equal(canvas.height, 1);
	assert_true(canvas_resize(&canvas, INT_MAX, 65535));
	assert_int_equal(canvas.width, CANVAS_MAX_WIDTH);
	assert_int_equal(canvas.height, CANVAS_MAX_HEIGHT);
	assert_int_equal(canvas.cursor_x, -1);
	check(&canvas);
	canvas_free(&canvas);
}

static void text_is_cut_with_an_ellipsis(void **state)
{
	(void)state;
	struct canvas canvas = make(8, 1, false);
	assert_int_equal(canvas_string(&canvas, 0, 0, 5, "abcde", STYLE_NORMAL), 5);
	assert_string_equal(row(&canvas, 0), "abcde   ");
	assert_int_equal(canvas_string(&canvas, 0, 0, 5, "uvwxyz", STYLE_NORMAL), 5);
	assert_string_equal(row(&canvas, 0), "uvwx…   ");
	assert_int_equal(canvas_string(&canvas, 6, 0, INT_MAX, "abc", STYLE_NORMAL), 2);
	assert_string_equal(row(&canvas, 0), "uvwx… a…");
	assert_int_equal(canvas_string(&canvas, 0, 0, 1, "ab", STYLE_NORMAL), 1);
	assert_string_equal(row(&canvas, 0), "…vwx… a…");
	assert_int_equal(canvas_string(&canvas, 0, 0, 0, "ab", STYLE_NORMAL), 0);
	assert_int_equal(canvas_string(&canvas, 8, 0, 5, "ab", STYLE_NORMAL), 0);
	assert_int_equal(canvas_string(&canvas, 0, 0, -3, "ab", STYLE_NORMAL), 0);
	canvas_free(&canvas);
	canvas = make(4, 1, true);
	canvas_string(&canvas, 0, 0, 4, "abcdef", STYLE_NORMAL);
	assert_string_equal(row(&canvas, 0), "abc>");
	check(&canvas);
	canvas_free(&canvas);
}

static void outside_is_clipped(void **state)
{
	(void)state;
	struct canvas canvas = make(4, 2, false);
	assert_int_equal(canvas_string(&canvas, -2, 0, 6, "abcdef", STYLE_NORMAL), 6);
	assert_string_equal(row(&canvas, 0), "cdef");
	canvas_string(&canvas, 0, -1, 4, "none", STYLE_NORMAL);
	canvas_string(&canvas, 0, 2, 4, "none", STYLE_NORMAL);
	canvas_string(&canvas, INT_MIN, 1, INT_MAX, "none", STYLE_NORMAL);
	assert_string_equal(row(&canvas, 1), "    ");
	canvas_fill(&canvas, -1, -1, 3, 2, STYLE_ERROR);
	assert_string_equal(row(&canvas, 0), "  ef");
	assert_int_equal(at(&canvas, 1, 0)->style, STYLE_ERROR);
	canvas_fill(&canvas, INT_MIN, INT_MIN, INT_MAX, INT_MAX, STYLE_ERROR);
	canvas_fill(&canvas, INT_MAX, INT_MAX, INT_MAX, INT_MAX, STYLE_ERROR);
	canvas_frame(&canvas, INT_MIN, INT_MIN, INT_MAX, INT_MAX, true);
	canvas_frame(&canvas, 3, 1, INT_MAX, INT_MAX, true);
	assert_string_equal(row(&canvas, 1), "   ┏");
	canvas_scrollbar(&canvas, 9, INT_MIN, INT_MAX, 1, 2, 3);
	check(&canvas);
	canvas_free(&canvas);
}

static void half_a_wide_cluster_is_a_blank(void **state)
{
	(void)state;
	struct canvas canvas = make(6, 1, false);
	assert_int_equal(canvas_string(&canvas, 0, 0, 6, "三菱電", STYLE_NORMAL), 6);
	assert_string_equal(row(&canvas, 0), "三菱電");
	check(&canvas);
	/* Over the second column of one and the first of the next. */
	canvas_string(&canvas, 1, 0, 2, "xy", STYLE_NORMAL);
	assert_string_equal(row(&canvas, 0), " xy 電");
	check(&canvas);
	canvas_fill(&canvas, 0, 0, 5, 1, STYLE_NORMAL);
	assert_string_equal(row(&canvas, 0), "      ");
	/* The left edge cuts it. */
	canvas_string(&canvas, -1, 0, 6, "三菱", STYLE_NORMAL);
	assert_string_equal(row(&canvas, 0), " 菱   ");
	check(&canvas);
	/* It does not fit: the ellipsis comes a column early. */
	canvas_clear(&canvas);
	assert_int_equal(canvas_string(&canvas, 0, 0, 4, "三菱電", STYLE_NORMAL), 3);
	assert_string_equal(row(&canvas, 0), "三…   ");
	assert_int_equal(canvas_string(&canvas, 0, 0, 3, "a三菱", STYLE_NORMAL), 2);
	assert_string_equal(row(&canvas, 0), "a……   ");
	check(&canvas);
	canvas_free(&canvas);
}

static void hits_are_lit(void **state)
{
	(void)state;
	struct canvas canvas = make(8, 1, false);
	const struct range hits[] = {{1, 3}, {4, 4}};
	const struct span text = span_string("abcdef");
	canvas_text_hits(&canvas, 0, 0, 8, text, 0, hits, 2, STYLE_NORMAL);
	assert_string_equal(styles(&canvas, 0), N H H N H N N N);
	/* Scrolled: what lies before the first byte is gone, hits included. */
	canvas_clear(&canvas);
	canvas_text_hits(&canvas, 0, 0, 8, text, 2, hits, 2, STYLE_NORMAL);
	assert_string_equal(row(&canvas, 0), "cdef    ");
	assert_string_equal(styles(&canvas, 0), H N H N N N N N);
	/* A hit behind the cut lights the ellipsis. */
	canvas_clear(&canvas);
	canvas_text_hits(&canvas, 0, 0, 4, text, 0, hits, 2, STYLE_NORMAL);
	assert_string_equal(styles(&canvas, 0), N H H H N N N N);
	canvas_clear(&canvas);
	canvas_text_hits(&canvas, 0, 0, 4, text, 0, hits, 1, STYLE_NORMAL);
	assert_string_equal(styles(&canvas, 0), N H H N N N N N);
	/* Part of a cluster lights all of it. */
	const struct range inner = {1, 2};
	canvas_clear(&canvas);
	canvas_text_hits(&canvas, 0, 0, 8, span_string("三a"), 0, &inner, 1, STYLE_NORMAL);
	assert_string_equal(styles(&canvas, 0), H H N N N N N N);
	check(&canvas);
	canvas_free(&canvas);
}

static void hostile_text_is_marked(void **state)
{
	(void)state;
	struct canvas canvas = make(24, 1, false);
	canvas_text(&canvas, 0, 0, 24, span_of("a\033[2Jb\0\x9b\xc2\x9b", 10), STYLE_DIM);
	assert_string_equal(row(&canvas, 0), "a^[[2Jb^@\\x9b<U+009B>   ");
	assert_string_equal(styles(&canvas, 0), "bmmbbbbmmmmmmmmmmmmmm" N N N);
	check(&canvas);
	canvas_clear(&canvas);
	canvas_string(&canvas, 0, 0, 24, "x\xe2\x80\xaeg", STYLE_NORMAL);
	assert_string_equal(row(&canvas, 0), "x<U+202E>g              ");
	canvas_clear(&canvas);
	/* A mark is drawn whole or not at all. */
	canvas_string(&canvas, 0, 0, 8, "x\xe2\x80\xaeg", STYLE_NORMAL);
	assert_string_equal(row(&canvas, 0), "x…                      ");
	canvas_format(&canvas, 0, 0, 24, STYLE_NORMAL, "%s %d", "\r", 41);
	assert_string_equal(row(&canvas, 0), "^M 41                   ");
	check(&canvas);
	canvas_free(&canvas);
}

/* Texts of logs are full of line ends: no alarm, unless a return stands alone, which could hide
 * what is before it. */
static void line_ends_are_shown_calmly(void **state)
{
	(void)state;
	struct canvas canvas = make(16, 1, false);
	canvas_string(&canvas, 0, 0, 16, "a\r\nb\tc\rd\r", STYLE_NORMAL);
	assert_string_equal(row(&canvas, 0), "a^M^Jb^Ic^Md^M  ");
	assert_string_equal(styles(&canvas, 0), "abbbbabba" M M "abb" N N);
	canvas_string(&canvas, 0, 0, 16, "a\nb", STYLE_STRONG);
	assert_string_equal(styles(&canvas, 0), "ccccbabba" M M "abb" N N);
	check(&canvas);
	canvas_free(&canvas);
}

static void frames_differ_without_colour(void **state)
{
	(void)state;
	struct canvas canvas = make(8, 3, false);
	canvas_frame(&canvas, 0, 0, 4, 3, false);
	canvas_frame(&canvas, 4, 0, 4, 3, true);
	assert_string_equal(row(&canvas, 0), "┌──┐┏━━┓");
	assert_string_equal(row(&canvas, 1), "│  │┃  ┃");
	assert_string_equal(row(&canvas, 2), "└──┘┗━━┛");
	canvas_free(&canvas);
	canvas = make(8, 3, true);
	canvas_frame(&canvas, 0, 0, 4, 3, false);
	canvas_frame(&canvas, 4, 0, 4, 3, true);
	assert_string_equal(row(&canvas, 0), "+--+#==#");
	assert_string_equal(row(&canvas, 1), "|  |#  #");
	assert_string_equal(row(&canvas, 2), "+--+#==#");
	canvas_frame(&canvas, 0, 0, 1, 3, true);
	assert_string_equal(row(&canvas, 0), "+--+#==#");
	canvas_free(&canvas);
}

static void the_thumb_tells_the_ends(void **state)
{
	(void)state;
	const struct {
		int64_t top;
		const char *thumb;
	} cases[] = {
		{0, "##||||||"},
		{1, "|##|||||"},
		{75 * 1000000000000LL, "||||||##"},
		{75 * 1000000000000LL - 1, "|||||##|"},
		{INT64_MAX, "||||||##"},
		{-1, "##||||||"},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct canvas canvas = make(1, 8, true);
		canvas_scrollbar(&canvas, 0, 0, 8, cases[i].top, 25 * 1000000000000LL,
			100 * 1000000000000LL);
		for (int y = 0; y < 8; y++)
			assert_int_equal(at(&canvas, 0, y)->bytes[0], cases[i].thumb[y]);
		canvas_free(&canvas);
	}
	struct canvas canvas = make(1, 3, true);
	canvas_scrollbar(&canvas, 0, 0, 3, 0, 10, 10);
	assert_string_equal(row(&canvas, 0), " ");
	canvas_free(&canvas);
}

/* Whatever is drawn wherever, the canvas holds. */
static void anything_keeps_it_whole(void **state)
{
	(void)state;
	static const char *const pieces[] = {"a", " ", "三", "e\xcc\x81", "\xcc\x81", "\033[",
		"\xff", "\xf0\x9f\x98\x80", "\xf0\x9f\x87\xaf", "\xf0\x9f\x87\xb5", "\xe2\x80\x8d",
		"\t", "\xe1\x84\x80\xe1\x85\xa1", "\xc2\x9b", "\xe0\xa4\x95\xe0\xa4\xbf"};
	srandom(20200120);
	for (int round = 0; round < 300; round++) {
		struct canvas canvas = make(1 + (int)(random() % 20), 3, random() % 4 == 0);
		for (int i = 0; i < 30; i++) {
			char text[128] = "";
			for (long n = random() % 8; n > 0; n--)
				strcat(text, pieces[(size_t)random() % ARRAY_LENGTH(pieces)]);
			const int x = (int)(random() % 24) - 4;
			const int y = (int)(random() % 5) - 1;
			const int width = (int)(random() % 12);
			const struct range hit = {(size_t)random() % 9, 9};
			const enum style style = (enum style)(random() % STYLE_COUNT);
			switch (random() % 5) {
			case 0:
				canvas_fill(&canvas, x, y, width, 2, style);
				break;
			case 1:
				canvas_fill(&canvas, x, y, width, 2, style);
				break;
			case 2:
				canvas_frame(&canvas, x, y, width, 3, random() % 2);
				break;
			default:
				canvas_text_hits(&canvas, x, y, width, span_string(text),
					(size_t)random() % 4, &hit, 1, style);
			}
			check(&canvas);
		}
		canvas_free(&canvas);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_cut),
		cmocka_unit_test(text_is_cut_with_an_ellipsis),
		cmocka_unit_test(outside_is_clipped),
		cmocka_unit_test(half_a_wide_cluster_is_a_blank),
		cmocka_unit_test(hits_are_lit),
		cmocka_unit_test(hostile_text_is_marked),
		cmocka_unit_test(line_ends_are_shown_calmly),
		cmocka_unit_test(frames_differ_without_colour),
		cmocka_unit_test(the_thumb_tells_the_ends),
		cmocka_unit_test(anything_keeps_it_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
