/* The top line and the two bottom lines. */
#include "parts.h"

#include "base/text.h"
#include "explore/commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Columns of `breachx  ` in the header. */
#define HEADER_PROGRAM 9
#define HEADER_FORMS 5

/* `not checked`, `checking 42%`, `checked`; never silent about what is wrong. */
static void integrity_text(const struct session *session, char *text, size_t size)
{
	const struct integrity *integrity = &session->integrity;
	if (integrity->state == INTEGRITY_CHECKING)
		snprintf(text, size, "checking %d%%", integrity->percent);
	else if (integrity->state == INTEGRITY_CHECKED && integrity->errors > 0)
		snprintf(text, size, "DOES NOT AGREE (%" PRId64 ")", integrity->errors);
	else
		snprintf(text, size, "%s",
			integrity->state == INTEGRITY_CHECKED ? "checked" : "not checked");
}

/* What stands at the right of the header: form 0 says most, the last least. Returns its width. */
static int header_right(const struct session *session, int form, char *text, size_t size)
{
	const struct place *place = session_place(session);
	bool read_only = case_read_only(session->file);
	/* Off is what one must be told where there is little room. */
	bool panes = place->type == PLACE_PANES;
	const char *linked = panes && session->linking && form == 0   ? " \u00b7 linked"
			     : panes && !session->linking && form < 3 ? " \u00b7 unlinked"
								      : "";
	bool checks = form < HEADER_FORMS - 1 || session->integrity.errors > 0;
	char integrity[48];
	integrity_text(session, integrity, sizeof integrity);
	snprintf(text, size, "UTC \u00b7 %s%s%s%s",
		form < 2 ? (read_only ? "read-only" : "writable") : (read_only ? "R" : "W"),
		checks ? " \u00b7 " : "", checks ? integrity : "", linked);
	return (int)text_width(span_string(text), false);
}

/* The fullest form that leaves a gap of so much room; HEADER_FORMS: not even the shortest does. */
static int header_form(const struct session *session, int room)
{
	char text[96];
	int form = 0;
	while (form < HEADER_FORMS && header_right(session, form, text, sizeof text) + 2 > room)
		form++;
	return form;
}

/* The name of the case, and the day it is told up to, which is never left out. */
static int header_left(const struct session *session, int room, struct canvas *canvas)
{
	const struct incident *incident = &session->incident;
	const char *file = strrchr(case_name(session->file), '/');
	const char *name = incident->name[0] ? incident->name
			   : file            ? file + 1
					     : case_name(session->file);
	char known[96] = "";
	if (incident->as_known[0])
		snprintf(known, sizeof known, " \u00b7 as known %s", incident->as_known);
	int needs = (int)(text_width(span_string(name), canvas->ascii) +
			  text_width(span_string(known), false));
	int x = 0;
	if (needs + HEADER_PROGRAM <= room)
		x = view_words(canvas, 0, 0, room, "breachx  ", STYLE_HEADER);
	int names = room - x - (int)text_width(span_string(known), false);
	x += canvas_text(canvas, x, 0, names, span_string(name), STYLE_HEADER);
	return x + view_words(canvas, x, 0, room - x, known, STYLE_HEADER);
}

/* Said where there is room, what a reader must know before what the panes show themselves. */
void view_header(const struct session *session, struct canvas *canvas)
{
	const struct place *place = session_place(session);
	const char *rests =
		session->incident.documents == 1 ? " \u00b7 all said in one document" : "";
	int needs = (int)text_width(span_string(rests), false), width = canvas->width;
	char right[96], tail[96];
	canvas_fill(canvas, 0, 0, width, 1, STYLE_HEADER);
	int used = header_left(session, width, canvas);
	int form = header_form(session, width - used - needs);
	if (form == HEADER_FORMS) {
		needs = 0;
		form = header_form(session, width - used);
	}
	int wanted = header_right(session, form, right, sizeof right);
	int room = width - wanted - 1;
	if (used > room) {
		canvas_fill(canvas, 0, 0, width, 1, STYLE_HEADER);
		used = header_left(session, room, canvas);
	}
	if (needs > 0)
		used += view_words(canvas, used, 0, room - used, rests, STYLE_HEADER);
	snprintf(tail, sizeof tail, "  [%s%s]", place->name, place->zoomed ? ", zoomed" : "");
	if (used + (int)strlen(tail) < room)
		view_words(canvas, used, 0, room - used, tail, STYLE_HEADER);
	view_words(canvas, width - wanted, 0, wanted, right, STYLE_HEADER);
}

/* What a search promises, in words, in fewer, and in as few as tell anything. */
enum promise_form { PROMISE_WORDS, PROMISE_BRIEF, PROMISE_LEAST };

/* Shares of a search, cells, and what it can't know. */
static void promise_text(enum search_state state, int thousandths, int64_t cells, const char *unit,
	int64_t undecided, const struct error *error, enum promise_form form, struct buffer *out)
{
	char number[VIEW_NUMBER_SIZE];
	view_number(cells, number);
	if (state == SEARCH_FAILED) {
		buffer_add_format(out, "%s",
			error->code == ERROR_CANCELLED ? "stopped before all was searched"
						       : error->message);
		buffer_add_format(out, " \u00b7 %s %s searched", number, unit);
	} else if (state == SEARCH_RUNNING && form == PROMISE_LEAST) {
		buffer_add_format(out, "%d%% so far", thousandths / 10);
	} else if (state == SEARCH_RUNNING) {
		buffer_add_format(out, "%d%% \u00b7 %s %s so far", thousandths / 10, number, unit);
	} else if (form == PROMISE_LEAST) {
		buffer_add_string(out, "100%");
	} else {
		buffer_add_format(out, "%s100%% of %s %s", form == PROMISE_WORDS ? "searched " : "",
			number, unit);
	}
	view_number(undecided, number);
	buffer_add_format(out, " \u00b7 %s skipped", number);
}

/* What no search of records can find. */
static void not_imported_text(
	const struct session *session, enum promise_form form, struct buffer *out)
{
	char number[VIEW_NUMBER_SIZE];
	view_number(session->incident.not_imported, number);
	if (session->incident.not_imported > 0)
		buffer_add_format(out, " \u00b7 %s%s not imported", number,
			form != PROMISE_WORDS                 ? ""
			: session->incident.not_imported == 1 ? " row"
							      : " rows");
}

static void source_promise(const struct place *place, enum promise_form form, struct buffer *out)
{
	const struct list_search *find = &place->find;
	char hits[VIEW_NUMBER_SIZE];
	view_number(find->shown, hits);
	if (place->source.steps != 0 && place->source.seek_percent > 0)
		buffer_add_format(
			out, "the next hit: %d%% looked at \u00b7 ", place->source.seek_percent);
	buffer_add_format(out, "%s%s line%s with hits \u00b7 ",
		find->state != SEARCH_DONE ? "\u2265" : "", hits, find->shown == 1 ? "" : "s");
	promise_text(find->state, find->thousandths, find->cells,
		find->cells == 1 ? "line" : "lines", find->undecided, &find->error, form, out);
}

static void promise(const struct session *session, enum promise_form form, struct buffer *out)
{
	const struct place *place = session_place(session);
	const struct list *list = session_list(session);
	if (place->type == PLACE_RESULTS) {
		const struct results *results = &place->results;
		promise_text(results->state, results->thousandths, results->cells, "cells",
			results->undecided, &results->error, form, out);
		not_imported_text(session, form, out);
	} else if (list && list->search.text) {
		char hits[VIEW_NUMBER_SIZE], rows[VIEW_NUMBER_SIZE], plural[32];
		view_number(list->search.shown, hits);
		view_number(list->rows.count, rows);
		snprintf(plural, sizeof plural, " %s", kind_info(list->kind)->plural);
		buffer_add_format(out, "%s%s of %s%s%s \u00b7 ",
			list->search.state != SEARCH_DONE || list->partial ? "\u2265" : "", hits,
			list->partial ? "\u2265" : "", rows,
			form == PROMISE_LEAST       ? ""
			: list->totals.silences > 0 ? " rows"
						    : plural);
		promise_text(list->search.state, list->search.thousandths, list->search.cells,
			"cells", list->search.undecided, &list->search.error, form, out);
		not_imported_text(session, form, out);
	} else if (place->type == PLACE_SOURCE && place->find.text &&
		   view_has_bytes(&place->source)) {
		source_promise(place, form, out);
	} else if (!list && place->find.text) {
		const struct list_search *find = &place->find;
		buffer_add_format(
			out, "%" PRId64 " hit%s \u00b7 ", find->shown, find->shown == 1 ? "" : "s");
		if (form == PROMISE_WORDS)
			buffer_add_format(out,
				"searched all %" PRId64 " passages shown here \u00b7 ",
				find->cells);
		else if (form == PROMISE_BRIEF)
			buffer_add_format(out, "all %" PRId64 " passages \u00b7 ", find->cells);
		buffer_add_format(out, "%" PRId64 " skipped", find->undecided);
	}
}

static const char *const prompt_signs[] = {
	[PROMPT_NONE] = "",
	[PROMPT_SEARCH] = "/",
	[PROMPT_SEARCH_ALL] = "g/",
	[PROMPT_NARROW] = "&",
	[PROMPT_COMMAND] = ":",
};

/* A caret below the byte at fault, and what is wrong beside it; advice where there is room. */
static void draw_fault(const struct prompt *prompt, int caret, int y, struct canvas *canvas)
{
	struct span words = span_string(prompt->error.message);
	const char *advice = strstr(prompt->error.message, "; ");
	if (caret > canvas->width - 1)
		caret = canvas->width - 1;
	int room = canvas->width - caret - 2;
	if (advice && (int)text_width(words, canvas->ascii) > room)
		words = span_of(words.data, (size_t)(advice - words.data));
	int needs = (int)text_width(words, canvas->ascii);
	canvas_fill(canvas, 0, y, canvas->width, 1, STYLE_NORMAL);
	if (needs <= room)
		canvas_text(canvas, caret + 2, y, room, words, STYLE_ERROR);
	else if (needs < caret)
		canvas_text(canvas, caret - needs - 1, y, needs, words, STYLE_ERROR);
	else
		canvas_text(canvas, 0, y, canvas->width, words, STYLE_ERROR);
	if (needs <= room || needs < caret)
		canvas_string(canvas, caret, y, 1, "^", STYLE_ERROR);
}

/* The prompt on line y, and the caret and error of its pattern on the line below. */
static int draw_prompt(const struct session *session, int y, struct canvas *canvas)
{
	const struct prompt *prompt = &session->prompt;
	const char *sign = prompt_signs[prompt->type];
	int begins = view_words(canvas, 0, y, 4, sign, STYLE_PROMPT);
	struct span text = buffer_span(&prompt->text);
	int before = (int)text_width(span_slice(text, 0, prompt->cursor), canvas->ascii);
	/* A long pattern scrolls so that the cursor is seen. */
	size_t first = 0;
	int room = canvas->width - begins - 1;
	struct text_cluster cluster;
	while (before > room && first < prompt->cursor &&
		text_visible_next(text, first, canvas->ascii, &cluster)) {
		first = cluster.end;
		before -= cluster.width;
	}
	int used =
		canvas_text_hits(canvas, begins, y, room + 1, text, first, NULL, 0, STYLE_PROMPT);
	canvas->cursor_x = begins + before;
	canvas->cursor_y = y;
	if (prompt->error.code != ERROR_NONE) {
		size_t at = prompt->error.offset > 0 ? (size_t)prompt->error.offset : 0;
		struct span before_it = span_slice(text, first, at > first ? at : first);
		draw_fault(
			prompt, begins + (int)text_width(before_it, canvas->ascii), y + 1, canvas);
	}
	return begins + used + 2;
}

void view_footer(const struct session *session, struct canvas *canvas)
{
	int y = canvas->height - 2;
	int x = 0;
	canvas_fill(canvas, 0, y, canvas->width, 2, STYLE_NORMAL);
	view_keys(session, y + 1, canvas);
	if (view_keys_ahead(session, y, canvas))
		return;
	if (session->prompt.type != PROMPT_NONE)
		x = draw_prompt(session, y, canvas);
	else if (session->message[0])
		x = view_words(canvas, 0, y, canvas->width, session->message,
			    session->message_is_error ? STYLE_ERROR : STYLE_NORMAL) +
		    2;
	struct buffer words = {0};
	int needs = 0;
	/* The end is what must not be cut: what the search can't know. */
	for (int form = PROMISE_WORDS; form <= PROMISE_LEAST; form++) {
		buffer_clear(&words);
		promise(session, (enum promise_form)form, &words);
		needs = (int)text_width(buffer_span(&words), false);
		if (needs <= canvas->width - x)
			break;
	}
	/* At the right; not the beginning of it beside what is typed or said, which soon goes. */
	int at = canvas->width - needs;
	if (needs > 0 && (at >= x || x == 0) && !buffer_failed(&words))
		view_words(canvas, at > 0 ? at : 0, y, canvas->width, words.data, STYLE_DIM);
	buffer_free(&words);
}
