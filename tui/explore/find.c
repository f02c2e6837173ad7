/* Commands that search, filter and sort. */
#include "actions.h"

#include "explore/columns.h"
#include "find_card.h"
#include "find_source.h"
#include "places.h"
#include "prompt.h"
#include "results.h"
#include "search/filter.h"
#include "work.h"

#include <inttypes.h>
#include <string.h>

ACTION(action_prompt)
{
	(void)count;
	prompt_open(session, (enum prompt_type)command->argument);
}

static void say_wrapped(struct session *session, bool backwards)
{
	session_say(
		session, "around the %s", backwards ? "top to the bottom" : "bottom to the top");
}

static void hit_in_card(struct session *session, struct card *card, bool backwards, int64_t steps)
{
	for (int64_t i = 0; i < steps; i++) {
		bool wrapped;
		int64_t line = card_next_hit(card, card->cursor, backwards, &wrapped);
		if (line < 0)
			return;
		card_move_to(card, line, action_height(session));
		if (wrapped)
			say_wrapped(session, backwards);
	}
}

ACTION(action_hit)
{
	struct list *list = session_list(session);
	struct source_view *source = find_source(session);
	const struct list_search *search = list ? &list->search : &session_place(session)->find;
	if (!search->text) {
		session_say(session, "nothing was searched here yet: / searches");
		return;
	}
	/* What is not counted yet is looked for all the same. */
	if (search->shown == 0 && !(source && search->state == SEARCH_RUNNING)) {
		session_say(session, "%s",
			search->state == SEARCH_RUNNING || (list && list->loading)
				? "no hit in this pane so far"
			: search->state == SEARCH_DONE && search->undecided == 0
				? "no hit in this pane"
				: "no hit in what was searched; not all could be");
		return;
	}
	bool backwards = command->argument < 0, wrapped;
	if (source) {
		find_source_step(session, source,
			backwards ? -(count ? count : 1)
			: count   ? count
				  : 1);
		return;
	}
	if (!list) {
		/* After as many steps as there are hits the same one comes again. */
		hit_in_card(session, find_card(session), backwards,
			count > 0 ? (count - 1) % search->shown + 1 : 1);
		return;
	}
	int64_t position = list_next_hit(list, list->cursor, count, backwards, &wrapped);
	if (position < 0)
		return;
	list_move_to_position(list, position, action_height(session));
	if (wrapped)
		say_wrapped(session, backwards);
}

ACTION(action_result_kind)
{
	(void)count;
	struct results *results = &session_place(session)->results;
	int64_t step = command->argument, rows = results_rows(results);
	for (int64_t row = results->cursor + step; row >= 0 && row < rows; row += step) {
		bool heading;
		results_at(results, row, &heading);
		if (heading) {
			results->moved = true;
			results_move_to(results, row, action_height(session));
			return;
		}
	}
}

/* The cell under the cursor, or NULL; *field is its field. */
static const struct cell *cell_under_cursor(struct session *session, int *field)
{
	struct list *list = session_list(session);
	int fields[LIST_MAX_COLUMNS];
	int columns = columns_of(list->kind, fields);
	const struct list_row *row = list_selected_row(list);
	if (!row || list->column >= columns)
		return NULL;
	*field = fields[list->column];
	return record_cell(&row->record, *field);
}

/* Rows that are folded into one differ in name: there is no value that one key could speak of. */
static bool is_folded_name(struct session *session)
{
	struct list *list = session_list(session);
	int fields[LIST_MAX_COLUMNS];
	int64_t run = list_selected_run(list);
	if (run == 0 || list->column >= columns_of(list->kind, fields) ||
		fields[list->column] != kind_info(list->kind)->name_field)
		return false;
	const struct list_row *row = list_selected_row(list);
	session_say(session, "these %" PRId64 " rows differ in name; %s", run,
		row && row->open ? "choose one of them" : "Enter unfolds them");
	return true;
}

ACTION(action_value_everywhere)
{
	(void)command;
	(void)count;
	int field;
	if (is_folded_name(session))
		return;
	const struct cell *cell = cell_under_cursor(session, &field);
	if (!cell || cell->text.length == 0)
		session_say(session, "nothing is stated under the cursor");
	else if (cell->cut > 0 || cell->text.length > PATTERN_MAX_LENGTH)
		session_complain(session, "the value is too long to search for");
	else
		place_go_results(session, cell->text, true, false);
}

ACTION(action_value_filter)
{
	(void)count;
	struct list *list = session_list(session);
	if (!list_selected_row(list)) {
		session_say(session, "there is no row under the cursor");
		return;
	}
	if (is_folded_name(session))
		return;
	int field = -1;
	const struct cell *cell = cell_under_cursor(session, &field);
	if (cell && cell->cut > 0) {
		session_complain(session, "the value is too long to compare with");
		return;
	}
	struct buffer text = {0};
	struct error error;
	filter_compare_text(list->kind, field, cell ? cell->text : span_string(NULL),
		command->argument == 1, &text);
	bool again = false;
	for (int i = 0; i < list->filter_count && !buffer_failed(&text); i++)
		again |= span_is(buffer_span(&text), list->filters[i].text);
	if (again)
		session_say(session, "that is a filter already; Backspace takes the last away");
	else if (buffer_failed(&text))
		session_complain(session, "out of memory");
	else if (!list_add_filter(list, buffer_span(&text), &error))
		session_complain(session, "%s", error.message);
	else
		work_rows(session, list);
	buffer_free(&text);
}

ACTION(action_filters)
{
	(void)count;
	struct list *list = session_list(session);
	if (list->filter_count == 0) {
		session_say(session, "no filter is on");
		return;
	}
	if (command->argument == 1)
		list_drop_filter(list);
	else
		list->filters_off = !list->filters_off;
	if (list->filter_count == 0)
		list->filters_off = false;
	work_rows(session, list);
}

ACTION(action_sort)
{
	(void)count;
	struct list *list = session_list(session);
	int fields[LIST_MAX_COLUMNS];
	int columns = columns_of(list->kind, fields);
	if (list->column >= columns)
		return;
	int field = fields[list->column];
	bool same = list->sort == field;
	list->sort = field;
	list->descending =
		command->argument == 2 ? same && !list->descending : command->argument == 1;
	work_rows(session, list);
	session_say(session, "order: %s%s", kind_info(list->kind)->fields[field].label,
		list->descending ? ", greatest first" : "");
}

ACTION(action_cancel)
{
	(void)command;
	(void)count;
	if (job_pool_cancel_all(session->jobs, false) > 0)
		session_say(session, "stopped");
	else if (job_pool_cancel_all(session->jobs, true) > 0)
		session_say(session, "the check of the case was stopped");
	else
		session_say(session, "nothing is under way; Q quits");
}

ACTION(action_escape)
{
	(void)command;
	(void)count;
	struct list *list = session_list(session);
	struct error error;
	if (list && list->search.text) {
		if (list_set_search(list, span_string(NULL), false, &error))
			work_hits(session, list);
	} else if (find_card(session) && session_place(session)->find.text) {
		(void)!find_card_set(session, span_string(NULL), false, &error);
	} else if (find_source(session) && session_place(session)->find.text) {
		(void)!find_source_set(
			session, session_place(session), span_string(NULL), false, &error);
	} else {
		bool board = strcmp(session_place(session)->name, "board") == 0;
		session_say(session, "%s", board ? "Q quits" : "q closes this view; Q quits");
	}
}

ACTION(action_why)
{
	(void)command;
	(void)count;
	const struct list *list = session_list(session);
	const struct results *results = list ? NULL : &session_place(session)->results;
	if (list && list->search.text)
		work_why(session, list->kind, list->search.text, list->search.literal,
			list->search.undecided, list->search.skipped);
	else if (results && results->text)
		work_why(session, KIND_NONE, results->text, results->literal, results->undecided,
			results->skipped);
	else
		session_say(session, "nothing was searched here yet: / searches");
}
