/* The top line and the two bottom lines. */
#include "parts.h"

#include "base/text.h"
#include "explore/commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

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

/* What stands at the right of the header, fullest first; the first that leaves the left whole. */
static int header_right(const struct session *session, int left, char *text, size_t size)
{
	const struct place *place = session_place(session);
	bool read_only = case_read_only(session->file);
	bool linked = place->type == PLACE_PANES && session->linking;
	bool wrong = session->integrity.errors > 0;
	char integrity[48];
	integrity_text(session, integrity, sizeof integrity);
	for (int form = 0; form < 4; form++) {
		snprintf(text, size, "UTC \u00b7 %s%s%s%s",
			form == 3   ? (read_only ? "R" : "W")
			: read_only ? "read-only"
				    : "writable",
			form == 0 || wrong ? " \u00b7 " : "", form == 0 || wrong ? integrity : "",
			form <= 1 && linked ? " \u00b7 linked" : "");
		int width = (int)text_width(span_string(text), false);
		if (left + 2 + width <= session->width || form == 3)
			return width;
	}
	return 0;
}

void view_header(const struct session *session, struct canvas *canvas)
{
	const struct place *place = session_place(session);
	const struct incident *incident = &session->incident;
	const char *name = incident->name[0] ? incident->name : case_name(session->file);
	struct buffer left = {0};
	char right[96], tail[96];
	/* Said while there is room, in this order. */
	buffer_add_format(&left, "breachx  %s", name);
	if (incident->as_known[0])
		buffer_add_format(&left, " \u00b7 as known %s", incident->as_known);
	int used = buffer_failed(&left) ? 0 : (int)text_width(buffer_span(&left), false);
	int wanted = header_right(session, used, right, sizeof right);
	int room = canvas->width - wanted - 1;
	canvas_fill(canvas, 0, 0, canvas->width, 1, STYLE_HEADER);
	if (!buffer_failed(&left))
		view_words(canvas, 0, 0, room, left.data, STYLE_HEADER);
	buffer_free(&left);
	snprintf(tail, sizeof tail, "  [%s%s]", place->name, place->zoomed ? ", zoomed" : "");
	if (used + (int)strlen(tail) < room)
		used += view_words(canvas, used, 0, room - used, tail, STYLE_HEADER);
	if (incident->documents == 1 && used + 28 < room)
		view_words(canvas, used, 0, room - used, " \u00b7 rests on one document",
			STYLE_HEADER);
	view_words(canvas, canvas->width - wanted, 0, wanted, right, STYLE_HEADER);
}

/* Shares of a search, cells, and what it can't know. */
static void promise_text(const struct session *session, enum search_state state, int thousandths,
	int64_t cells, int64_t undecided, const struct error *error, struct buffer *out)
{
	char number[VIEW_NUMBER_SIZE];
	view_number(cells, number);
	if (state == SEARCH_FAILED) {
		buffer_add_format(out, "%s",
			error->code == ERROR_CANCELLED ? "stopped before all was searched"
						       : error->message);
		buffer_add_format(out, " \u00b7 %s cells searched", number);
	} else if (state == SEARCH_RUNNING) {
		buffer_add_format(out, "%d%% \u00b7 %s cells so far", thousandths / 10, number);
	} else {
		buffer_add_format(out, "searched 100%% of %s cells", number);
	}
	view_number(undecided, number);
	buffer_add_format(out, " \u00b7 %s skipped", number);
	if (session->incident.not_imported > 0) {
		view_number(session->incident.not_imported, number);
		buffer_add_format(out, " \u00b7 %s rows not imported", number);
	}
}

void view_promise(const struct session *session, struct buffer *out)
{
	const struct place *place = session_place(session);
	const struct list *list = session_list(session);
	if (place->type == PLACE_RESULTS) {
		const struct results *results = &place->results;
		promise_text(session, results->state, results->thousandths, results->cells,
			results->undecided, &results->error, out);
	} else if (list && list->search.text) {
		char hits[VIEW_NUMBER_SIZE], rows[VIEW_NUMBER_SIZE];
		view_number(list->search.shown, hits);
		view_number(list->rows.count, rows);
		buffer_add_format(out, "%s%s of %s%s %s \u00b7 ",
			list->search.state != SEARCH_DONE || list->partial ? "\u2265" : "", hits,
			list->partial ? "\u2265" : "", rows, kind_info(list->kind)->plural);
		promise_text(session, list->search.state, list->search.thousandths,
			list->search.cells, list->search.undecided, &list->search.error, out);
	}
}

static const char *const prompt_signs[] = {
	[PROMPT_NONE] = "",
	[PROMPT_SEARCH] = "/",
	[PROMPT_SEARCH_ALL] = "g/",
	[PROMPT_NARROW] = "&",
	[PROMPT_COMMAND] = ":",
};

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
		int caret =
			begins + (int)text_width(span_slice(text, first, at > first ? at : first),
					 canvas->ascii);
		char words[ERROR_MESSAGE_SIZE + 32];
		snprintf(words, sizeof words, "^ %s", prompt->error.message);
		/* Beside the caret where there is room, else from the left. */
		int needs = (int)text_width(span_string(words), canvas->ascii);
		if (caret + needs > canvas->width)
			caret = needs < canvas->width ? canvas->width - needs : 0;
		canvas_fill(canvas, 0, y + 1, canvas->width, 1, STYLE_NORMAL);
		canvas_string(canvas, caret, y + 1, canvas->width - caret, words, STYLE_ERROR);
	}
	return begins + used + 2;
}

/* A key as it is written on it: `<Tab>` to `Tab`. */
static void key_words(
	const struct session *session, const struct command *command, char *words, size_t size)
{
	struct buffer keys = {0};
	keymap_keys(&session->keymap, command, &keys);
	const char *key = buffer_failed(&keys) || !keys.data ? "" : keys.data;
	int length = (int)strcspn(key, " ");
	if (length > 3 && key[0] == '<') {
		key++;
		length -= 2;
	}
	snprintf(words, size, "%.*s", length, key);
	buffer_free(&keys);
}

static int draw_key(const struct session *session, const struct command *command, int x, int y,
	struct canvas *canvas)
{
	char key[32];
	key_words(session, command, key, sizeof key);
	int used = view_words(canvas, x, y, 16, key, STYLE_KEY) + 1;
	return used + view_words(canvas, x + used, y, 24, command->brief, STYLE_DIM) + 2;
}

static int key_width(const struct session *session, const struct command *command)
{
	char key[32];
	key_words(session, command, key, sizeof key);
	return (int)text_width(span_string(key), false) + (int)strlen(command->brief) + 3;
}

/* Keys that work here; help is always among them, at the end. */
static void draw_keys(const struct session *session, int y, struct canvas *canvas)
{
	char typed[64] = "";
	if (session->count > 0)
		snprintf(typed, sizeof typed, "%" PRId64, session->count);
	for (int i = 0; i < session->key_count; i++) {
		char name[KEY_NAME_SIZE];
		key_text(session->keys[i], name);
		strncat(typed, name, sizeof typed - strlen(typed) - 1);
	}
	unsigned where = command_where(session);
	int commands;
	const struct command *table = command_table(&commands), *help = NULL;
	for (int i = 0; i < commands; i++)
		if (strcmp(table[i].name, "help") == 0)
			help = &table[i];
	int right = (typed[0] ? (int)strlen(typed) + 1 : 0) + key_width(session, help);
	int x = 0;
	for (int i = 0; i < commands; i++) {
		if (&table[i] == help || !table[i].brief || !(table[i].where & where))
			continue;
		if (x + key_width(session, &table[i]) > canvas->width - right)
			break;
		x += draw_key(session, &table[i], x, y, canvas);
	}
	draw_key(session, help, x, y, canvas);
	if (typed[0])
		view_words(canvas, canvas->width - (int)strlen(typed), y, 64, typed, STYLE_KEY);
}

void view_footer(const struct session *session, struct canvas *canvas)
{
	int y = canvas->height - 2;
	int x = 0;
	canvas_fill(canvas, 0, y, canvas->width, 2, STYLE_NORMAL);
	draw_keys(session, y + 1, canvas);
	if (session->prompt.type != PROMPT_NONE)
		x = draw_prompt(session, y, canvas);
	else if (session->message[0])
		x = view_words(canvas, 0, y, canvas->width, session->message,
			    session->message_is_error ? STYLE_ERROR : STYLE_NORMAL) +
		    2;
	struct buffer promise = {0};
	view_promise(session, &promise);
	int needs = promise.length ? (int)text_width(buffer_span(&promise), false) : 0;
	/* At the right, as long as it does not touch what is typed. */
	if (needs > 0 && !buffer_failed(&promise)) {
		int at = canvas->width - needs > x ? canvas->width - needs : x;
		view_words(canvas, at, y, canvas->width - at, promise.data, STYLE_DIM);
	}
	buffer_free(&promise);
}

void view_palette(const struct session *session, struct canvas *canvas)
{
	const struct prompt *prompt = &session->prompt;
	const struct command *table = command_table(NULL);
	/* On a small screen the chosen one is among those that are shown. */
	int room = canvas->height - 5;
	int shown = prompt->match_count < room ? prompt->match_count : room;
	int first = prompt->match_at < shown ? 0 : prompt->match_at - shown + 1;
	int height = shown + 2;
	int width = canvas->width < 84 ? canvas->width : 84;
	struct rect rect = {0, canvas->height - 2 - height, width, height};
	canvas_fill(canvas, rect.x, rect.y, rect.width, rect.height, STYLE_NORMAL);
	view_frame(canvas, rect, true, "Commands", "");
	for (int i = first; i < first + shown; i++) {
		const struct command *command = &table[prompt->matches[i]];
		struct buffer keys = {0};
		int y = rect.y + 1 + i - first;
		enum style style = i == prompt->match_at ? STYLE_CURSOR : STYLE_NORMAL;
		canvas_fill(canvas, 1, y, width - 2, 1, style);
		view_words(canvas, 1, y, 1, i == prompt->match_at ? "\u25b8" : " ", style);
		view_words(canvas, 2, y, 18, command->name, style);
		keymap_keys(&session->keymap, command, &keys);
		if (keys.data && !buffer_failed(&keys))
			view_words(canvas, 21, y, 12, keys.data,
				style == STYLE_CURSOR ? style : STYLE_KEY);
		buffer_free(&keys);
		view_words(canvas, 34, y, width - 36, command->help, style);
	}
}
