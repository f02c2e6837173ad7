#include "prompt.h"

#include "base/memory.h"
#include "base/text.h"
#include "explore/commands.h"
#include "explore/layout.h"
#include "find_card.h"
#include "find_source.h"
#include "palette.h"
#include "places.h"
#include "results.h"
#include "search/filter.h"
#include "source_view.h"
#include "work.h"

#include <stdlib.h>
#include <string.h>

void prompt_free(struct prompt *prompt)
{
	buffer_free(&prompt->text);
	free(prompt->old_search);
	for (int i = 0; i < prompt->history_count; i++)
		free(prompt->history[i]);
	*prompt = (struct prompt){0};
}

/* Whether what is typed searches the list that has the keys, letter by letter. */
static bool is_live(const struct prompt *prompt)
{
	return prompt->type == PROMPT_SEARCH || prompt->type == PROMPT_NARROW;
}

static int list_height(const struct session *session)
{
	struct layout layout = layout_of(session);
	const struct place *place = session_place(session);
	return place->focus < place->list_count ? layout.rows[place->focus] : 1;
}

/* What Esc puts back of a list, a card, or a source, whose places are its bytes. */
static void keep(const struct session *session, struct prompt *prompt)
{
	const struct list *list = session_list(session);
	const struct card *card = find_card(session);
	const struct source_view *source = find_source(session);
	const struct list_search *search = list ? &list->search : &session_place(session)->find;
	prompt->old_slot = list ? list->slot : source ? source->slot : 0;
	if (list) {
		prompt->old_cursor = list->cursor;
		prompt->old_top = list->top;
		prompt->old_id = list_selected(list, NULL).id;
		prompt->old_record = list_selected(list, NULL);
	} else if (card) {
		prompt->old_cursor = card->cursor;
		prompt->old_top = card->top;
	} else if (source && source->count > 0) {
		prompt->old_cursor = (int64_t)source->lines[source->cursor].start;
		prompt->old_top = (int64_t)source->lines[source->top].start;
	}
	free(prompt->old_search);
	prompt->old_literal = search->literal;
	prompt->old_search = search->text ? memory_copy_string(search->text) : NULL;
}

void prompt_open(struct session *session, enum prompt_type type)
{
	struct prompt *prompt = &session->prompt;
	prompt->type = type;
	prompt->live_results = false;
	buffer_clear(&prompt->text);
	prompt->cursor = 0;
	prompt->error = (struct error){0};
	prompt->history_at = prompt->history_count;
	keep(session, prompt);
	if (type == PROMPT_COMMAND)
		palette_match(session);
}

/* The whole case, letter by letter: a place of results that Esc takes away again. */
static void search_all_live(struct session *session, struct span text)
{
	struct prompt *prompt = &session->prompt;
	struct place *place = session_place(session);
	if (text.length == 0) {
		if (prompt->live_results)
			place_close(session);
		prompt->live_results = false;
	} else if (prompt->live_results) {
		if (results_begin(&place->results, text, false, &prompt->error))
			work_results(session, &place->results);
	} else {
		struct pattern_options options = {.letters = PATTERN_CASE_SMART};
		struct pattern *pattern = pattern_compile(text, &options, &prompt->error);
		if (pattern) {
			place_go_results(session, text, false, true);
			prompt->live_results = session_place(session) != place;
		}
		pattern_free(pattern);
	}
}

static void search_list_live(struct session *session, struct list *list, struct span text)
{
	struct prompt *prompt = &session->prompt;
	if (list_set_search(list, text.length ? text : span_string(NULL), false, &prompt->error))
		work_hits(session, list);
	else
		job_pool_drop(session->jobs, list->slot + 1);
	prompt->jump_slot = list->slot;
	prompt->jump_shown = 0;
	/* Nothing to show yet: the cursor waits where it was. */
	list_move_to(list, prompt->old_cursor, list_height(session));
}

/* The card that has the keys: all of it at once. */
static void search_card_live(struct session *session, struct card *card, struct span text)
{
	struct prompt *prompt = &session->prompt;
	bool set = find_card_set(
		session, text.length ? text : span_string(NULL), false, &prompt->error);
	bool wrapped;
	int64_t line = set ? card_next_hit(card, prompt->old_cursor - 1, false, &wrapped) : -1;
	card->top = prompt->old_top;
	card_move_to(card, line >= 0 ? line : prompt->old_cursor, layout_of(session).card_rows);
}

static void put_back(struct session *session, struct source_view *view)
{
	const struct prompt *prompt = &session->prompt;
	if (prompt->old_slot != view->slot) {
		/* Its fields were on screen. */
		source_view_go(session, view, view->mark.start, layout_of(session).card_rows);
		return;
	}
	source_view_show(session, view, (uint64_t)prompt->old_cursor, (uint64_t)prompt->old_top,
		layout_of(session).card_rows);
}

/* The bytes of a source: by jobs, as in a list. */
static void search_source_live(struct session *session, struct source_view *view, struct span text)
{
	struct prompt *prompt = &session->prompt;
	if (view->count == 0) /* its bytes just came: no line is cut yet */
		session_refresh(session);
	bool set = find_source_set(session, session_place(session),
		text.length ? text : span_string(NULL), false, &prompt->error);
	put_back(session, view);
	if (set && text.length > 0 && view->count > 0)
		find_source_go(session, view, view->lines[view->cursor].start, 1);
}

static void search_live(struct session *session)
{
	struct prompt *prompt = &session->prompt;
	struct span text = buffer_span(&prompt->text);
	prompt->error = (struct error){0};
	if (prompt->type == PROMPT_COMMAND)
		palette_match(session);
	else if (prompt->type == PROMPT_SEARCH_ALL)
		search_all_live(session, text);
	else if (session_list(session))
		search_list_live(session, session_list(session), text);
	else if (find_card(session))
		search_card_live(session, find_card(session), text);
	else if (find_source(session))
		search_source_live(session, find_source(session), text);
}

void prompt_hits_came(struct session *session)
{
	struct prompt *prompt = &session->prompt;
	struct list *list = session_list(session);
	if (!list || prompt->jump_slot != list->slot || list->search.shown == 0)
		return;
	/* Looking is linear in rows: not for each few hits that come. */
	if (list->search.state == SEARCH_RUNNING && list->search.shown < 2 * prompt->jump_shown)
		return;
	prompt->jump_shown = list->search.shown;
	/* The first hit at or after where the search began. */
	bool wrapped;
	int64_t position = list_next_hit(list, prompt->old_cursor - 1, 1, false, &wrapped);
	/* As long as the search goes on the next one may still come. */
	if (position >= 0 && (!wrapped || list->search.state != SEARCH_RUNNING))
		list_move_to(list, rows_row(&list->rows, position), list_height(session));
}

void prompt_rows_came(struct session *session, const struct list *list)
{
	struct prompt *prompt = &session->prompt;
	int64_t position = -1;
	if (prompt->old_slot == list->slot && prompt->old_id > 0)
		position = rows_find(&list->rows, (uint32_t)prompt->old_id);
	if (position < 0)
		return;
	int64_t row = rows_row(&list->rows, position);
	prompt->old_top += row - prompt->old_cursor;
	prompt->old_cursor = row;
}

/* Exactly as before the prompt was opened. */
static void cancel(struct session *session)
{
	struct prompt *prompt = &session->prompt;
	struct list *list = session_list(session);
	if (is_live(prompt) && list) {
		struct error error;
		if (list_set_search(
			    list, span_string(prompt->old_search), prompt->old_literal, &error))
			work_hits(session, list);
		list->cursor = prompt->old_cursor;
		list->top = prompt->old_top;
		if (list->cursor >= list->rows.shown ||
			!record_id_equal(list_selected(list, NULL), prompt->old_record))
			(void)!list_move_to_id(list, prompt->old_record.id, list_height(session));
	}
	struct card *card = find_card(session);
	if (is_live(prompt) && card) {
		struct error error;
		(void)!find_card_set(
			session, span_string(prompt->old_search), prompt->old_literal, &error);
		card->cursor = prompt->old_cursor;
		card->top = prompt->old_top;
	}
	struct source_view *source = find_source(session);
	if (is_live(prompt) && source) {
		struct error error;
		(void)!find_source_set(session, session_place(session),
			span_string(prompt->old_search), prompt->old_literal, &error);
		put_back(session, source);
	}
	if (prompt->live_results)
		place_close(session);
	prompt->live_results = false;
	prompt->jump_slot = 0;
	prompt->type = PROMPT_NONE;
}

static const char *last_pattern(const struct prompt *prompt)
{
	return prompt->history[prompt->history_count - 1];
}

static void remember(struct prompt *prompt)
{
	/* Commands are no patterns, and twice the same is once. */
	if (prompt->text.length == 0 || prompt->type == PROMPT_COMMAND ||
		(prompt->history_count > 0 &&
			span_is(buffer_span(&prompt->text), last_pattern(prompt))))
		return;
	if (prompt->history_count == PROMPT_MAX_HISTORY) {
		free(prompt->history[0]);
		memmove(prompt->history, prompt->history + 1,
			(PROMPT_MAX_HISTORY - 1) * sizeof(char *));
		prompt->history_count--;
	}
	char *copy = memory_copy(prompt->text.data, prompt->text.length);
	if (copy)
		prompt->history[prompt->history_count++] = copy;
}

static void narrow(struct session *session, struct list *list, struct span text)
{
	struct buffer filter = {0};
	struct pattern_options options = {.letters = PATTERN_CASE_SMART};
	struct error error;
	struct pattern *pattern = pattern_compile(text, &options, &error);
	if (pattern) {
		filter_any_text(text, pattern_ignores_case(pattern), &filter);
		if (buffer_failed(&filter))
			session_complain(session, "out of memory");
		else if (!list_add_filter(list, buffer_span(&filter), &error))
			session_complain(session, "%s", error.message);
		else
			work_rows(session, list);
	}
	pattern_free(pattern);
	buffer_free(&filter);
}

static void accept(struct session *session)
{
	struct prompt *prompt = &session->prompt;
	struct list *list = session_list(session);
	enum prompt_type type = prompt->type;
	bool search = type == PROMPT_SEARCH || type == PROMPT_SEARCH_ALL;
	if (prompt->text.length == 0 && search && prompt->history_count > 0) {
		/* As in less and vi: the last pattern again. */
		buffer_add_string(&prompt->text, last_pattern(prompt));
		prompt->cursor = prompt->text.length;
		search_live(session);
	}
	struct span text = buffer_span(&prompt->text);
	if (prompt->error.code != ERROR_NONE)
		return; /* the error stays on screen; Esc leaves */
	if (text.length == 0 && type != PROMPT_COMMAND) {
		cancel(session);
		return;
	}
	remember(prompt);
	if (prompt->live_results)
		place_settle(session);
	prompt->live_results = false;
	prompt->type = PROMPT_NONE;
	switch (type) {
	case PROMPT_NARROW:
		if (list)
			narrow(session, list, text);
		break;
	case PROMPT_COMMAND:
		palette_run(session);
		break;
	case PROMPT_SEARCH_ALL:
	case PROMPT_SEARCH:
	case PROMPT_NONE:
		break;
	}
}

static void insert(struct prompt *prompt, const char *bytes, size_t length)
{
	if (prompt->text.length + length > PATTERN_MAX_LENGTH)
		return;
	size_t tail = prompt->text.length - prompt->cursor;
	buffer_add(&prompt->text, bytes, length);
	if (buffer_failed(&prompt->text))
		return;
	memmove(prompt->text.data + prompt->cursor + length, prompt->text.data + prompt->cursor,
		tail);
	memcpy(prompt->text.data + prompt->cursor, bytes, length);
	prompt->cursor += length;
}

static size_t character_before(const struct prompt *prompt)
{
	size_t at = prompt->cursor;
	while (at > 0 && ((uint8_t)prompt->text.data[--at] & 0xc0) == 0x80)
		continue;
	return at;
}

static size_t character_after(const struct prompt *prompt)
{
	size_t at = prompt->cursor;
	if (at < prompt->text.length)
		at++;
	while (at < prompt->text.length && ((uint8_t)prompt->text.data[at] & 0xc0) == 0x80)
		at++;
	return at;
}

static size_t word_before(const struct prompt *prompt)
{
	size_t at = prompt->cursor;
	while (at > 0 && prompt->text.data[at - 1] == ' ')
		at--;
	while (at > 0 && prompt->text.data[at - 1] != ' ')
		at--;
	return at;
}

static void erase(struct prompt *prompt, size_t start, size_t end)
{
	if (end <= start)
		return;
	memmove(prompt->text.data + start, prompt->text.data + end, prompt->text.length - end + 1);
	prompt->text.length -= end - start;
	prompt->cursor = start;
}

static void recall(struct prompt *prompt, int step)
{
	int at = prompt->history_at + step;
	if (at < 0 || at > prompt->history_count)
		return;
	prompt->history_at = at;
	buffer_clear(&prompt->text);
	if (at < prompt->history_count)
		buffer_add_string(&prompt->text, prompt->history[at]);
	prompt->cursor = prompt->text.length;
}

/* Keys that edit or move. False when the key is text. */
static bool edit(struct prompt *prompt, key_code key)
{
	if (key == KEY_CODE_BACKSPACE || key == KEY_CONTROL('h'))
		erase(prompt, character_before(prompt), prompt->cursor);
	else if (key == KEY_CODE_DELETE)
		erase(prompt, prompt->cursor, character_after(prompt));
	else if (key == KEY_CONTROL('u'))
		erase(prompt, 0, prompt->cursor);
	else if (key == KEY_CONTROL('k'))
		erase(prompt, prompt->cursor, prompt->text.length);
	else if (key == KEY_CONTROL('w'))
		erase(prompt, word_before(prompt), prompt->cursor);
	else if (key == KEY_CODE_LEFT || key == KEY_CONTROL('b'))
		prompt->cursor = character_before(prompt);
	else if (key == KEY_CODE_RIGHT || key == KEY_CONTROL('f'))
		prompt->cursor = character_after(prompt);
	else if (key == KEY_CODE_HOME || key == KEY_CONTROL('a'))
		prompt->cursor = 0;
	else if (key == KEY_CODE_END || key == KEY_CONTROL('e'))
		prompt->cursor = prompt->text.length;
	else if (key == KEY_CODE_UP || key == KEY_CONTROL('p'))
		recall(prompt, -1);
	else if (key == KEY_CODE_DOWN || key == KEY_CONTROL('n'))
		recall(prompt, 1);
	else
		return false;
	return true;
}

/* In the palette the vertical keys and Tab choose. */
static bool choose(struct prompt *prompt, key_code key)
{
	if (prompt->type != PROMPT_COMMAND || prompt->match_count == 0)
		return false;
	int step = key == KEY_CODE_DOWN || key == KEY_CODE_TAB || key == KEY_CONTROL('n') ? 1
		   : key == KEY_CODE_UP || key == KEY_CODE_BACK_TAB || key == KEY_CONTROL('p')
			   ? prompt->match_count - 1
			   : 0;
	prompt->match_at = (prompt->match_at + step) % prompt->match_count;
	return step != 0;
}

void prompt_key(struct session *session, key_code key)
{
	struct prompt *prompt = &session->prompt;
	if (key == KEY_CODE_PASTE_START || key == KEY_CODE_PASTE_END) {
		/* A paste is one change, searched once, at its end. */
		prompt->pasting = key == KEY_CODE_PASTE_START;
		if (!prompt->pasting)
			search_live(session);
		return;
	}
	if (!prompt->pasting) {
		if (key == KEY_CODE_ESCAPE || key == KEY_CONTROL('c') || key == KEY_CONTROL('g')) {
			cancel(session);
			return;
		}
		if (key == KEY_CODE_ENTER || key == '\n') {
			accept(session);
			return;
		}
		if (choose(prompt, key))
			return;
		if (key == KEY_CODE_BACKSPACE && prompt->text.length == 0) {
			cancel(session);
			return;
		}
	}
	char before[PATTERN_MAX_LENGTH + 1];
	size_t length = prompt->text.length;
	memcpy(before, length ? prompt->text.data : "", length);
	if (prompt->pasting || !edit(prompt, key)) {
		if (key < ' ' || key >= KEY_CODE_SPECIAL)
			return;
		char bytes[4];
		insert(prompt, bytes, text_encode(key, bytes));
	}
	bool changed = length != prompt->text.length ||
		       memcmp(before, length ? prompt->text.data : "", length) != 0;
	if (changed && !prompt->pasting)
		search_live(session);
}
