#include "source_view.h"

#include "base/memory.h"
#include "base/text.h"
#include "casefile/source.h"
#include "scroll.h"
#include "work.h"

#include <stdlib.h>
#include <string.h>

/* Bytes held at once: a screenful many times over, whatever the source's size. */
#define WINDOW (256 * 1024)

void source_view_free(struct source_view *view)
{
	free(view->name);
	free(view->lines);
	buffer_free(&view->bytes);
	buffer_free(&view->image);
	card_free(&view->fields);
	*view = (struct source_view){0};
}

/* A file that has to be hashed first, which takes a second for each some hundred MB, is left to a
 * job unless it is small. */
#define SMALL_FILE (1024 * 1024)

static bool is_small(void *context, int64_t bytes)
{
	(void)bytes;
	return ((const struct source_view *)context)->size <= SMALL_FILE;
}

/* False with view->checking when the bytes come later, else with view->error. */
static bool load(struct session *session, struct source_view *view, uint64_t middle)
{
	const struct source_progress small_only = {is_small, view};
	uint64_t start = middle > WINDOW / 2 ? middle - WINDOW / 2 : 0;
	uint64_t end = start + WINDOW < view->size ? start + WINDOW : view->size;
	view->width = 0;
	buffer_clear(&view->bytes);
	view->start = start;
	if (!source_bytes(session->file, view->source, start, end, &small_only, &view->bytes,
		    &view->error)) {
		view->checking = view->error.code == ERROR_CANCELLED;
		if (view->checking)
			work_source(session, view);
		return false;
	}
	if (start == 0)
		return true;
	/* Begin behind a line's end, so that no character is cut. */
	const char *line = memchr(view->bytes.data, '\n', view->bytes.length);
	size_t cut = line ? (size_t)(line - view->bytes.data) + 1 : 0;
	if (cut > 0 && (start + cut <= view->mark.start || start >= view->mark.end)) {
		memmove(view->bytes.data, view->bytes.data + cut, view->bytes.length - cut);
		view->bytes.length -= cut;
		view->start += cut;
	}
	return true;
}

bool source_view_open(struct session *session, struct source_view *view,
	const struct record *record, struct error *error)
{
	struct source source = {0};
	if (!source_read(session->file, record->source, &source, error))
		return false;
	view->source = source.id;
	view->ascii = session->ascii;
	view->size = (uint64_t)source.size;
	view->mark = (struct range){(size_t)record->start, (size_t)record->end};
	view->name = memory_copy_string(source.name);
	source_free(&source);
	if (!view->name)
		return error_memory(error);
	load(session, view, record->start);
	return true;
}

void source_view_checked(
	struct session *session, struct source_view *view, const struct error *error)
{
	view->checking = false;
	view->error = *error;
	view->fields.width = 0; /* it says why it is shown */
	if (error->code == ERROR_CANCELLED)
		error_set(&view->error, ERROR_CANCELLED,
			"The check of its SHA-256 was stopped; q and P begin it again.");
	if (error->code == ERROR_NONE)
		load(session, view, view->mark.start);
}

bool source_view_readable(const struct source_view *view)
{
	return view->error.code == ERROR_NONE && !view->checking;
}

static bool add_line(struct source_view *view, uint64_t start, uint64_t end, uint64_t number)
{
	struct source_line *grown =
		memory_grow(view->lines, &view->capacity, (size_t)view->count + 1, sizeof *grown);
	if (!grown)
		return false;
	view->lines = grown;
	view->lines[view->count++] = (struct source_line){start, end, number};
	return true;
}

/* One line of the source, cut into pieces that fit. */
static bool cut_line(struct source_view *view, size_t start, size_t end, int width, uint64_t number)
{
	struct span text = span_of(view->bytes.data, end);
	size_t piece = start, at = start;
	int used = 0;
	struct text_cluster cluster;
	while (text_visible_next(text, at, view->ascii, &cluster)) {
		if (used + cluster.width > width && at > piece) {
			if (!add_line(view, view->start + piece, view->start + at, number))
				return false;
			number = 0;
			piece = at;
			used = 0;
		}
		used += cluster.width;
		at = cluster.end;
	}
	return add_line(view, view->start + piece, view->start + end, number);
}

static enum line_ends line_ends(struct span text)
{
	bool feeds = false, returns = false;
	for (size_t at = 0; at < text.length && !(feeds && returns); at++) {
		const char *feed = memchr(text.data + at, '\n', text.length - at);
		if (!feed)
			break;
		at = (size_t)(feed - text.data);
		bool return_before = at > 0 && text.data[at - 1] == '\r';
		returns |= return_before;
		feeds |= !return_before;
	}
	return !returns ? LINE_ENDS_FEED : feeds ? LINE_ENDS_MIXED : LINE_ENDS_RETURN_FEED;
}

bool source_view_fit(struct source_view *view, int width)
{
	if (width == view->width || width < 1 || !source_view_readable(view))
		return true;
	bool first = view->count == 0;
	uint64_t here = first ? view->mark.start : view->lines[view->cursor].start;
	view->width = width;
	view->count = 0;
	view->ends = line_ends(buffer_span(&view->bytes));
	uint64_t number = 1;
	size_t at = 0;
	while (at < view->bytes.length) {
		const char *found = memchr(view->bytes.data + at, '\n', view->bytes.length - at);
		size_t end = found ? (size_t)(found - view->bytes.data) : view->bytes.length;
		bool returns = view->ends == LINE_ENDS_RETURN_FEED && found;
		/* The line's number is only known when the window begins with the source. */
		if (!cut_line(view, at, end - returns, width, view->start == 0 ? number : 0))
			return false;
		number++;
		at = end + 1;
	}
	if (view->count == 0 && !add_line(view, 0, 0, 1))
		return false;
	view->cursor = 0;
	while (view->cursor + 1 < view->count && view->lines[view->cursor + 1].start <= here)
		view->cursor++;
	view->top = view->cursor;
	return true;
}

/* The line that holds a byte; the nearest one where the window does not. */
static int64_t line_at(const struct source_view *view, uint64_t byte)
{
	int64_t line = 0;
	while (line + 1 < view->count && view->lines[line + 1].start <= byte)
		line++;
	return line;
}

/* Loads the window around a byte. False when it can't be read (yet). */
static bool load_around(struct session *session, struct source_view *view, uint64_t byte)
{
	int width = view->width;
	if (!load(session, view, byte))
		return false;
	if (!source_view_fit(view, width))
		session_complain(session, "out of memory");
	return true;
}

static void move_within(struct source_view *view, int64_t line, int height)
{
	scroll_to(&view->top, &view->cursor, line, view->count, height, scroll_margin(height));
}

void source_view_go(struct session *session, struct source_view *view, uint64_t byte, int height)
{
	bool inside = byte >= view->start && byte < view->start + view->bytes.length;
	if (view->count == 0)
		return; /* not drawn yet */
	if (!inside && view->bytes.length < view->size && !load_around(session, view, byte))
		return;
	move_within(view, line_at(view, byte), height);
}

void source_view_show(
	struct session *session, struct source_view *view, uint64_t byte, uint64_t top, int height)
{
	source_view_go(session, view, byte, height);
	view->top = line_at(view, top);
	move_within(view, view->cursor, height);
}

void source_view_move_to(
	struct session *session, struct source_view *view, int64_t line, int height)
{
	if (view->count == 0)
		return;
	bool before = line < 0 && view->start > 0;
	bool behind = line >= view->count && view->start + view->bytes.length < view->size;
	if (before || behind) {
		/* The next window, around the edge; as far from the cursor as was asked for. */
		uint64_t here = view->lines[view->cursor].start;
		int64_t by = line - view->cursor;
		if (!load_around(
			    session, view, before ? view->start : view->start + view->bytes.length))
			return;
		line = line_at(view, here) + by;
	}
	move_within(view, line, height);
}
