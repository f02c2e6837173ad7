#include "paint.h"

#include "base/text.h"
#include "style.h"

#include <curses.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <term.h>
#include <unistd.h>

/* Larger canvases are not kept: a terminal that claims a huge size gets no more memory than it must
 * have. */
#define SHOWN_CELLS (256 * 128)

struct paint {
	FILE *file; /* in memory; ncurses writes here */
	SCREEN *screen;
	int width;
	int height;
	struct canvas shown; /* what ncurses holds, to pass rows over that did not change */
	bool colors;
	bool many_colors;
	bool paste; /* the terminal can bracket a paste */
	bool away;  /* the alternate screen was left */
};

/* A string of terminfo. Its padding ($<5>) is for terminals of another age, and is left out. */
static void add_capability(struct buffer *out, const char *name)
{
	const char *string = tigetstr(name);
	if (!string || string == (const char *)-1)
		return;
	while (*string) {
		const char *close = strncmp(string, "$<", 2) == 0 ? strchr(string, '>') : NULL;
		if (close)
			string = close + 1;
		else
			buffer_add_byte(out, *string++);
	}
}

static bool has_capability(const char *name)
{
	const char *string = tigetstr(name);
	return string && string != (const char *)-1 && *string;
}

static void set_colors(struct paint *paint, bool wanted)
{
	if (!wanted || !has_colors() || start_color() == ERR || COLORS < 8 ||
		COLOR_PAIRS <= STYLE_COUNT || use_default_colors() == ERR)
		return;
	paint->colors = true;
	paint->many_colors = COLORS >= 256;
	for (short i = 0; i < STYLE_COUNT; i++) {
		const struct style_look *look = &style_looks[i];
		const short *pair = paint->many_colors ? look->many : look->few;
		init_pair((short)(i + 1), pair[0], pair[1]);
	}
}

/* The name is the environment's, and is shown in an error only through base/text.h. */
static bool refuse(struct error *error, const char *term)
{
	struct buffer name = {0};
	text_visible(&name, span_of(term, text_cut(span_string(term), 64)), true);
	error_set(error, ERROR_TERMINAL,
		"TERM=%s is unknown here, or cannot place its cursor; set TERM to what the "
		"terminal "
		"is, such as xterm-256color",
		name.data ? name.data : "");
	buffer_free(&name);
	return false;
}

/* newterm leaks when it fails, and says no more than no; terminfo is asked first. */
static bool term_will_do(const struct paint *paint, const char *term)
{
	int found = 0;
	const bool known = setupterm(term, fileno(paint->file), &found) == OK;
	const bool able = known && has_capability("cup");
	if (known)
		del_curterm(cur_term);
	return able;
}

static bool start_curses(struct paint *paint, const char *term, struct error *error)
{
	if (!term_will_do(paint, term))
		return refuse(error, term);
	/* Neither LINES and COLUMNS nor the terminal say the size: the canvas does. The second call
	 * lets newterm begin with 24x80 where terminfo states none, as for the Linux console. */
	use_env(FALSE);
	use_tioctl(TRUE);
	paint->screen = newterm(term, paint->file, stdin);
	if (!paint->screen)
		return refuse(error, term);
	nonl();
	typeahead(-1);
	keypad(stdscr, TRUE);
	paint->away = true;
	const char *enter = tigetstr("smcup");
	paint->paste = has_capability("BE") ||
		       (has_capability("smcup") && strncmp(enter, "\033[?", 3) == 0);
	return true;
}

struct paint *paint_open(const char *term, bool color, struct error *error)
{
	struct paint *paint = calloc(1, sizeof *paint);
	if (!paint) {
		error_memory(error);
		return NULL;
	}
	const int fd = memfd_create("screen", MFD_CLOEXEC);
	paint->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (!paint->file) {
		error_set_errno(error, "no memory file for the screen");
		if (fd >= 0)
			close(fd);
		free(paint);
		return NULL;
	}
	if (!start_curses(paint, term, error)) {
		paint_close(paint);
		return NULL;
	}
	set_colors(paint, color);
	return paint;
}

void paint_close(struct paint *paint)
{
	if (!paint)
		return;
	if (paint->screen) {
		endwin();
		delscreen(paint->screen);
	}
	fclose(paint->file);
	canvas_free(&paint->shown);
	free(paint);
}

/* Moves what ncurses wrote to the end of out. */
static bool collect(struct paint *paint, struct buffer *out, struct error *error)
{
	const int fd = fileno(paint->file);
	const off_t size = lseek(fd, 0, SEEK_END);
	if (size < 0 || !buffer_reserve(out, (size_t)size))
		return size < 0 ? error_set_errno(error, "the screen's memory file failed")
				: error_memory(error);
	off_t at = 0;
	while (at < size) {
		const ssize_t count = pread(fd, out->data + out->length, (size_t)(size - at), at);
		if (count <= 0)
			return error_set_errno(error, "the screen's memory file failed");
		out->length += (size_t)count;
		at += count;
	}
	if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0)
		return error_set_errno(error, "the screen's memory file failed");
	return true;
}

static void look_of(const struct paint *paint, enum style style, attr_t *attributes, short *pair)
{
	const struct style_look *look = &style_looks[style];
	*attributes = paint->colors ? look->coloured : look->plain;
	*pair = paint->colors ? (short)(style + 1) : 0;
}

/* Code points of a cell that ncurses takes into one of its own, as wide characters with a 0. */
static size_t cell_wide(const char *bytes, wchar_t wide[CCHARW_MAX + 1])
{
	const size_t length = strlen(bytes);
	size_t count = 0;
	size_t at = 0;
	while (at < length && count < CCHARW_MAX) {
		uint32_t code = 0;
		const size_t size = text_decode(bytes + at, length - at, &code);
		if (size == 0 || (count > 0 && wcwidth((wchar_t)code) != 0))
			break;
		wide[count++] = (wchar_t)code;
		at += size;
	}
	wide[count] = 0;
	return at;
}

/* ncurses keeps one base character a cell. A flag is two of one column, side by side. */
static void put_cell(const struct paint *paint, int x, int y, const struct canvas_cell *cell)
{
	attr_t attributes = A_NORMAL;
	short pair = 0;
	look_of(paint, (enum style)cell->style, &attributes, &pair);
	const char *bytes = cell->bytes;
	for (int used = 0; used < cell->width;) {
		wchar_t wide[CCHARW_MAX + 1] = L" ";
		bytes += cell_wide(bytes, wide);
		int width = wcwidth(wide[0]);
		if (wide[0] == 0 || width < 1 || used + width > cell->width) {
			wcscpy(wide, L" ");
			width = 1;
		}
		cchar_t character;
		if (setcchar(&character, wide, attributes, pair, NULL) == OK)
			mvadd_wch(y, x + used, &character);
		used += width;
	}
}

static bool resize(struct paint *paint, int width, int height)
{
	if (paint->width == width && paint->height == height)
		return true;
	paint->width = paint->height = 0;
	canvas_free(&paint->shown);
	if (width * height <= SHOWN_CELLS && !canvas_resize(&paint->shown, width, height))
		return false;
	if (resize_term(height, width) == ERR)
		return false;
	paint->width = width;
	paint->height = height;
	clearok(curscr, TRUE);
	erase();
	return true;
}

/* Whether a row has to be put again; it is remembered then. */
static bool row_changed(struct paint *paint, const struct canvas_cell *row, int y)
{
	const size_t width = (size_t)paint->width;
	if (!paint->shown.cells)
		return true;
	struct canvas_cell *shown = paint->shown.cells + (size_t)y * width;
	if (memcmp(shown, row, width * sizeof *row) == 0)
		return false;
	memcpy(shown, row, width * sizeof *row);
	return true;
}

bool paint_canvas(
	struct paint *paint, const struct canvas *canvas, struct buffer *out, struct error *error)
{
	if (!resize(paint, canvas->width, canvas->height))
		return error_memory(error);
	for (int y = 0; y < canvas->height; y++) {
		const struct canvas_cell *row = canvas->cells + (size_t)y * (size_t)canvas->width;
		if (!row_changed(paint, row, y))
			continue;
		for (int x = 0; x < canvas->width; x++)
			put_cell(paint, x, y, &row[x]);
	}
	const bool cursor = canvas->cursor_x >= 0 && canvas->cursor_x < canvas->width &&
			    canvas->cursor_y >= 0 && canvas->cursor_y < canvas->height;
	curs_set(cursor);
	move(cursor ? canvas->cursor_y : 0, cursor ? canvas->cursor_x : 0);
	const bool entering = paint->away;
	paint->away = false;
	wnoutrefresh(stdscr);
	if (doupdate() == ERR)
		return error_set(error, ERROR_TERMINAL, "the screen could not be drawn");
	if (!collect(paint, out, error))
		return false;
	if (entering && paint->paste)
		buffer_add_string(out, "\033[?2004h");
	return buffer_failed(out) ? error_memory(error) : true;
}

void paint_lost(struct paint *paint)
{
	(void)paint;
	clearok(curscr, TRUE);
}

bool paint_leave(struct paint *paint, struct buffer *out, struct error *error)
{
	if (paint->away)
		return true;
	paint->away = true;
	if (paint->paste)
		buffer_add_string(out, "\033[?2004l");
	curs_set(1);
	endwin();
	clearok(curscr, TRUE);
	if (!collect(paint, out, error))
		return false;
	/* On a screen that stays, the shell goes on in a line of its own. */
	if (!has_capability("rmcup"))
		add_capability(out, "el");
	return buffer_failed(out) ? error_memory(error) : true;
}

void paint_restore(const struct paint *paint, struct buffer *out)
{
	if (paint->paste)
		buffer_add_string(out, "\033[?2004l");
	add_capability(out, "sgr0");
	add_capability(out, "op");
	add_capability(out, "rmkx");
	add_capability(out, "cnorm");
	if (has_capability("rmcup"))
		add_capability(out, "rmcup");
	else
		buffer_add_string(out, "\r\n");
}

void paint_default_size(const struct paint *paint, int *width, int *height)
{
	(void)paint;
	const int across = tigetnum("cols");
	const int down = tigetnum("lines");
	*width = across > 0 ? across : 80;
	*height = down > 0 ? down : 24;
}

void paint_teach(const struct paint *paint, struct keyboard *keyboard)
{
	(void)paint;
	static const struct {
		const char *capability;
		key_code key;
	} keys[] = {
		{"kcuu1", KEY_CODE_UP},
		{"kcud1", KEY_CODE_DOWN},
		{"kcub1", KEY_CODE_LEFT},
		{"kcuf1", KEY_CODE_RIGHT},
		{"khome", KEY_CODE_HOME},
		{"kend", KEY_CODE_END},
		{"kpp", KEY_CODE_PAGE_UP},
		{"knp", KEY_CODE_PAGE_DOWN},
		{"kdch1", KEY_CODE_DELETE},
		{"kcbt", KEY_CODE_BACK_TAB},
		{"kbs", KEY_CODE_BACKSPACE},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
		const char *bytes = tigetstr(keys[i].capability);
		if (bytes != (const char *)-1)
			keyboard_learn(keyboard, bytes, keys[i].key);
	}
	for (int i = 0; i < 12; i++) {
		char name[] = "kf12";
		snprintf(name, sizeof name, "kf%d", i + 1);
		const char *bytes = tigetstr(name);
		if (bytes != (const char *)-1)
			keyboard_learn(keyboard, bytes, KEY_CODE_F1 + (key_code)i);
	}
}
