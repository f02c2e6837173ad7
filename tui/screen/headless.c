#include "screen/headless.h"

#include "base/text.h"
#include "script.h"

#include <errno.h>
#include <poll.h>

struct headless {
	const struct headless_settings *settings;
	struct script script;
	size_t at; /* the next step */
	int width;
	int height;
	struct span title; /* of the frame that is to be shown */
};

static const char letters[] = {
	[STYLE_NORMAL] = '.',
	[STYLE_DIM] = 'd',
	[STYLE_STRONG] = 'b',
	[STYLE_HEADER] = 'h',
	[STYLE_FRAME] = 'f',
	[STYLE_FRAME_FOCUS] = 'F',
	[STYLE_TITLE] = 't',
	[STYLE_COLUMN] = 'c',
	[STYLE_CURSOR] = 'C',
	[STYLE_SELECTED] = 'S',
	[STYLE_LINKED] = 'L',
	[STYLE_HIT] = 'H',
	[STYLE_MARK] = 'M',
	[STYLE_LABEL] = 'l',
	[STYLE_WARNING] = 'w',
	[STYLE_ERROR] = 'E',
	[STYLE_KEY] = 'k',
	[STYLE_PROMPT] = 'p',
};
_Static_assert(ARRAY_LENGTH(letters) == STYLE_COUNT, "every style has a letter");

static const struct canvas_cell *row_of(const struct canvas *canvas, int y)
{
	return canvas->cells + (size_t)y * (size_t)canvas->width;
}

static void print_row(FILE *out, const struct canvas_cell *row, int width)
{
	int end = width;
	while (end > 0 && strcmp(row[end - 1].bytes, " ") == 0)
		end--;
	fputc('|', out);
	for (int x = 0; x < end; x++)
		fputs(row[x].bytes, out);
	fputc('\n', out);
}

static void print_styles(FILE *out, const struct canvas_cell *row, int width, int y)
{
	int end = width;
	while (end > 0 && row[end - 1].style == STYLE_NORMAL)
		end--;
	if (end == 0)
		return;
	fprintf(out, "%3d ", y);
	for (int x = 0; x < end; x++)
		fputc(letters[row[x].style], out);
	fputc('\n', out);
}

/* A title comes from the script, which may be anybody's. */
static void print_title(FILE *out, struct span title)
{
	struct text_cluster unit;
	for (size_t at = 0; text_visible_next(title, at, false, &unit); at = unit.end)
		fwrite(unit.bytes, 1, unit.length, out);
	if (title.length > 0)
		fputc(' ', out);
}

/* What :frame does. The title may be empty. */
static void print_frame(FILE *out, const struct canvas *canvas, struct span title, bool text_only)
{
	fputs("== frame ", out);
	print_title(out, title);
	fprintf(out, "%dx%d cursor ", canvas->width, canvas->height);
	if (canvas->cursor_x < 0)
		fputs("none\n", out);
	else
		fprintf(out, "%d,%d\n", canvas->cursor_x, canvas->cursor_y);
	for (int y = 0; y < canvas->height; y++)
		print_row(out, row_of(canvas, y), canvas->width);
	if (text_only)
		return;
	fputs("-- styles\n", out);
	for (int y = 0; y < canvas->height; y++)
		print_styles(out, row_of(canvas, y), canvas->width, y);
}

static enum screen_event headless_next(void *context, key_code *key, struct error *error)
{
	(void)error;
	struct headless *headless = context;
	if (headless->at == headless->script.count)
		return SCREEN_END;
	const struct script_step *step = &headless->script.steps[headless->at++];
	switch (step->kind) {
	case SCRIPT_KEY:
		*key = step->key;
		return SCREEN_KEY;
	case SCRIPT_SETTLE:
		return SCREEN_SETTLE;
	case SCRIPT_FRAME:
		headless->title = step->title;
		return SCREEN_SHOW;
	case SCRIPT_SIZE:
		headless->width = step->width;
		headless->height = step->height;
		return SCREEN_RESIZE;
	}
	return SCREEN_END;
}

static void headless_size_now(const void *context, int *width, int *height)
{
	const struct headless *headless = context;
	*width = headless->width;
	*height = headless->height;
}

static bool headless_drained(void *context)
{
	(void)context;
	return true;
}

static bool headless_show(void *context, const struct canvas *canvas, struct error *error)
{
	const struct headless *headless = context;
	FILE *out = headless->settings->out;
	print_frame(out, canvas, headless->title, headless->settings->text_only);
	return ferror(out) ? error_set_errno(error, "the frame cannot be written") : true;
}

static enum screen_wait headless_wait(void *context, int wake_fd, int timeout, struct error *error)
{
	(void)context;
	struct pollfd watched = {.fd = wake_fd, .events = POLLIN};
	const int count = poll(&watched, 1, timeout);
	if (count < 0 && errno != EINTR) {
		error_set_errno(error, "waiting for a job failed");
		return SCREEN_WAIT_FAILED;
	}
	if (count < 0)
		return SCREEN_WAIT_INPUT;
	return count > 0 ? SCREEN_WAIT_WOKEN : SCREEN_WAIT_TIMEOUT;
}

/* Steps that nobody took are a fault of the script: it tells of keys that the program never saw. */
static bool nothing_left(const struct headless *headless, bool quit, struct error *error)
{
	const struct script *script = &headless->script;
	const int line = headless->at > 0 ? script->steps[headless->at - 1].line : 0;
	size_t at = headless->at;
	while (at < script->count && script->steps[at].line == line &&
		script->steps[at].kind == SCRIPT_SETTLE)
		at++;
	if (!quit || at == script->count)
		return true;
	return error_set(error, ERROR_USAGE, "%s, line %d: the program has quit in line %d",
		headless->settings->name, script->steps[at].line, line);
}

bool headless_run(const struct screen_program *program, const struct headless_settings *settings,
	struct error *error)
{
	struct headless headless = {
		.settings = settings, .width = settings->width, .height = settings->height};
	const struct screen_end end = {
		.context = &headless,
		.ascii = settings->ascii,
		.next = headless_next,
		.size = headless_size_now,
		.drained = headless_drained,
		.show = headless_show,
		.wait = headless_wait,
	};
	bool quit = false;
	const bool well = script_parse(&headless.script, settings->script, settings->name, error) &&
			  loop_run(program, &end, &quit, error) &&
			  nothing_left(&headless, quit, error);
	script_free(&headless.script);
	if (well && fflush(settings->out) != 0)
		return error_set_errno(error, "frames cannot be written");
	return well;
}
