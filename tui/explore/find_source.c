#include "find_source.h"

#include "base/memory.h"
#include "explore/layout.h"
#include "search/lines.h"
#include "source_view.h"
#include "work.h"

#include <stdlib.h>
#include <string.h>

/* Bytes around what is on screen that are looked at for lighting, where a line is long: so much of
 * a hit may lie outside. */
#define AROUND ((size_t)4096)
/* Hits in one command: nobody counts further. */
#define MOST_STEPS 1000

struct source_view *find_source(const struct session *session)
{
	struct place *place = session_place(session);
	bool there = place->type == PLACE_SOURCE && source_view_readable(&place->source);
	return there ? &place->source : NULL;
}

bool find_source_set(struct session *session, struct place *place, struct span text, bool literal,
	struct error *error)
{
	struct source_view *view = &place->source;
	view->steps = 0;
	bool set = list_search_set(&place->find, text, literal, &lit_limits, error);
	work_find_count(session, view, &place->find);
	return set;
}

/* On the way to a hit, and not moved by a key since. */
static bool is_seeking(const struct source_view *view)
{
	return view->steps != 0 && view->lines[view->cursor].start == view->seek_from;
}

void find_source_again(struct session *session, struct place *place)
{
	struct error error;
	char *text = place->find.text ? memory_copy_string(place->find.text) : NULL;
	if (text &&
		!find_source_set(session, place, span_string(text), place->find.literal, &error))
		session_complain(session, "%s", error.message);
	free(text);
}

void find_source_go(struct session *session, struct source_view *view, uint64_t from, int64_t steps)
{
	if (view->count == 0)
		return;
	view->steps = steps > MOST_STEPS ? MOST_STEPS : steps < -MOST_STEPS ? -MOST_STEPS : steps;
	view->seek_from = view->lines[view->cursor].start;
	view->seek_percent = 0;
	work_find(session, view, &session_place(session)->find, from, steps < 0);
}

/* The first byte of the line on screen that comes after the cursor's. */
static uint64_t behind_cursor(const struct source_view *view)
{
	if (view->cursor + 1 < view->count)
		return view->lines[view->cursor + 1].start;
	uint64_t end = view->lines[view->cursor].end;
	size_t at = (size_t)(end - view->start);
	if (view->ends == LINE_ENDS_RETURN_FEED && at < view->bytes.length &&
		view->bytes.data[at] == '\r')
		end++;
	bool cut = end == view->start + view->bytes.length && end < view->size;
	return cut ? end : end + 1;
}

void find_source_step(struct session *session, struct source_view *view, int64_t steps)
{
	if (view->count == 0)
		return;
	if (is_seeking(view) && (view->steps < 0) == (steps < 0)) {
		view->steps += steps; /* keys that came before the hit */
		return;
	}
	uint64_t from = steps < 0 ? view->lines[view->cursor].start : behind_cursor(view);
	find_source_go(session, view, from, steps);
}

void find_source_found(
	struct session *session, struct source_view *view, const struct lines_hit *hit)
{
	bool wanted = view == find_source(session) && is_seeking(view);
	bool backwards = view->steps < 0;
	int64_t left = view->steps + (backwards ? 1 : -1);
	view->steps = 0;
	if (!wanted || !hit->found)
		return;
	source_view_go(session, view, hit->bytes.start, layout_of(session).card_rows);
	if (hit->wrapped && session->prompt.type == PROMPT_NONE)
		session_say(session, "around the %s",
			backwards ? "top to the bottom" : "bottom to the top");
	if (left != 0)
		find_source_step(session, view, left);
}

/* The line of the file, as far as it is held, that a byte of the window stands in. */
static struct range line_around(const struct source_view *view, size_t at)
{
	const char *data = view->bytes.data;
	const char *before = at > 0 ? memrchr(data, '\n', at) : NULL;
	const char *behind = memchr(data + at, '\n', view->bytes.length - at);
	struct range line = {before ? (size_t)(before - data) + 1 : 0,
		behind ? (size_t)(behind - data) : view->bytes.length};
	if (line.end > line.start && behind && data[line.end - 1] == '\r')
		line.end--;
	return line;
}

/* Hits in a part of the window. */
static void light(struct source_view *view, struct matcher *matcher, struct range part)
{
	view->image.length = 0;
	buffer_add(&view->image, view->bytes.data + part.start, part.end - part.start);
	if (buffer_failed(&view->image))
		return;
	struct span image = buffer_span(&view->image);
	(void)search_image(image, view->image.data);
	struct range hit;
	enum match_result result = matcher_cell(matcher, image, 0, &hit);
	while (result == MATCH_YES && view->lit_count < SOURCE_MAX_LIT) {
		uint64_t start = view->start + part.start;
		view->lit[view->lit_count++] = (struct range){start + hit.start, start + hit.end};
		result = matcher_next(matcher, image, &hit);
	}
}

void find_source_light(struct source_view *view, struct matcher *matcher, int height)
{
	view->lit_count = 0;
	if (!matcher || view->count == 0 || view->bytes.length == 0)
		return;
	int64_t last = view->top + height < view->count ? view->top + height - 1 : view->count - 1;
	size_t bottom = (size_t)(view->lines[last].end - view->start);
	for (size_t at = (size_t)(view->lines[view->top].start - view->start); at <= bottom;) {
		struct range line = line_around(view, at);
		size_t end = line.end;
		if (line.end > bottom + AROUND)
			line.end = bottom + AROUND;
		if (at > line.start + AROUND)
			line.start = at - AROUND;
		light(view, matcher, line);
		const char *feed = memchr(view->bytes.data + end, '\n', view->bytes.length - end);
		if (!feed)
			return;
		at = (size_t)(feed - view->bytes.data) + 1;
	}
}
