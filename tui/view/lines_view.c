/* The top line and the two bottom lines. */
#include "parts.h"

#include "base/text.h"
#include "explore/commands.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void view_header(const struct session *session, struct canvas *canvas)
{
	const struct place *place = session_place(session);
	canvas_fill(canvas, 0, 0, canvas->width, 1, STYLE_HEADER);
	char right[96];
	snprintf(right, sizeof right, " UTC \u00b7 %s%s",
		case_read_only(session->file) ? "read-only" : "writable",
		place->type == PLACE_PANES && session->linking ? " \u00b7 linked" : "");
	int wanted = (int)text_width(span_string(right), false);
	int room = canvas->width - wanted;
	int x = view_words(canvas, 0, 0, room, "breachx  ", STYLE_HEADER);
	const char *name =
		session->incident.name[0] ? session->incident.name : case_name(session->file);
	/* A long name leaves half the line to what else has to be said. */
	int most = room - x < 50 ? room - x - 24 : room - x - 48;
	x += canvas_string(canvas, x, 0, most > 12 ? most : 12, name, STYLE_HEADER);
	if (session->incident.as_known[0]) {
		x += view_words(canvas, x, 0, room - x, " \u00b7 as known ", STYLE_HEADER);
		x += canvas_string(
			canvas, x, 0, room - x, session->incident.as_known, STYLE_HEADER);
	}
	char words[96];
	if (session->incident.documents == 1 && room - x > 26)
		x += view_words(
			canvas, x, 0, room - x, " \u00b7 rests on one document", STYLE_HEADER);
	snprintf(words, sizeof words, "  [%s%s]", place->name, place->zoomed ? ", zoomed" : "");
	view_words(canvas, x, 0, room - x, words, STYLE_HEADER);
	view_words(canvas, room, 0, wanted, right, STYLE_HEADER);
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
		buffer_add_format(out, "%s%s of %s %s \u00b7 ",
			list->search.state == SEARCH_RUNNING ? "\u2265" : "", hits, rows,
			kind_info(list->kind)->plural);
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
	while (before > room && first < prompt->cursor) {
		first++;
		before = (int)text_width(span_slice(text, first, prompt->cursor), canvas->ascii);
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
		snprintf(words, sizeof words, "^ byte %zu: %s", at, prompt->error.message);
		/* Beside the caret where there is room, else from the left. */
		int needs = (int)text_width(span_string(words), canvas->ascii);
		if (caret + needs > canvas->width)
			caret = needs < canvas->width ? canvas->width - needs : 0;
		canvas_fill(canvas, 0, y + 1, canvas->width, 1, STYLE_NORMAL);
		canvas_string(canvas, caret, y + 1, canvas->width - caret, words, STYLE_ERROR);
	}
	return begins + used + 2;
}

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
	int right = typed[0] ? (int)strlen(typed) + 1 : 0;
	unsigned where = command_where(session);
	int commands;
	const struct command *table = command_table(&commands);
	int x = 0;
	for (int i = 0; i < commands; i++) {
		if (!table[i].brief || !(table[i].where & where))
			continue;
		char key[32];
		snprintf(key, sizeof key, "%.*s", (int)strcspn(table[i].keys, " "), table[i].keys);
		int needs = (int)strlen(key) + (int)strlen(table[i].brief) + 3;
		if (x + needs > canvas->width - right)
			break;
		x += view_words(canvas, x, y, 16, key, STYLE_KEY) + 1;
		x += view_words(canvas, x, y, 24, table[i].brief, STYLE_DIM) + 2;
	}
	if (right)
		view_words(canvas, canvas->width - right, y, right, typed, STYLE_KEY);
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
	int height = prompt->match_count + 2;
	int width = canvas->width < 84 ? canvas->width : 84;
	struct rect rect = {0, canvas->height - 2 - height, width, height};
	canvas_fill(canvas, rect.x, rect.y, rect.width, rect.height, STYLE_NORMAL);
	view_frame(canvas, rect, true, "Commands", "");
	for (int i = 0; i < prompt->match_count; i++) {
		const struct command *command = &table[prompt->matches[i]];
		int y = rect.y + 1 + i;
		enum style style = i == prompt->match_at ? STYLE_CURSOR : STYLE_NORMAL;
		canvas_fill(canvas, 1, y, width - 2, 1, style);
		view_words(canvas, 1, y, 1, i == prompt->match_at ? "\u25b8" : " ", style);
		view_words(canvas, 2, y, 18, command->name, style);
		view_words(canvas, 21, y, 12, command->keys,
			style == STYLE_CURSOR ? style : STYLE_KEY);
		view_words(canvas, 34, y, width - 36, command->help, style);
	}
}
