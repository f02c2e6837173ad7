/* The command table. What a command does stands in move.c, find.c and go.c. */
#include "explore/commands.h"

#include "actions.h"

static const struct command commands[] = {
	{"down", "j <Down> <C-n> <C-e>", "down one line", NULL, WHERE_ANY, action_move, MOVE_DOWN},
	{"up", "k <Up> <C-p> <C-y>", "up one line", NULL, WHERE_ANY, action_move, MOVE_UP},
	{"page-down", "<Space> <PgDn> <C-f>", "down one page", NULL, WHERE_ANY, action_move,
		MOVE_PAGE_DOWN},
	{"page-up", "b <PgUp> <C-b>", "up one page", NULL, WHERE_ANY, action_move, MOVE_PAGE_UP},
	{"half-down", "<C-d>", "down half a page", NULL, WHERE_ANY, action_move, MOVE_HALF_DOWN},
	{"half-up", "<C-u>", "up half a page", NULL, WHERE_ANY, action_move, MOVE_HALF_UP},
	{"top", "gg <Home>", "first line, or the one whose number was typed", NULL, WHERE_ANY,
		action_move, MOVE_TOP},
	{"bottom", "G <End>", "last line, or the one whose number was typed", NULL, WHERE_ANY,
		action_move, MOVE_BOTTOM},
	{"column-left", "h <Left>", "column to the left", NULL, WHERE_LIST, action_column, -1},
	{"column-right", "l <Right>", "column to the right", NULL, WHERE_LIST, action_column, 1},
	{"pane-next", "<Tab>", "next pane", "pane", WHERE_PANES, action_pane, 1},
	{"pane-previous", "<S-Tab>", "previous pane", NULL, WHERE_PANES, action_pane, -1},
	{"zoom", "O", "this pane on the whole screen, and back", NULL, WHERE_PANES, action_zoom, 0},
	{"open", "<Enter>", "open what is under the cursor: a record, a link, a folded run", "open",
		WHERE_LIST | WHERE_CARD | WHERE_RESULTS, action_open, 0},
	{"close", "q", "close this view", NULL, WHERE_LIST, action_close, 0},
	{"close", "q", "close this view", "close", WHERE_ANY & ~WHERE_LIST, action_close, 0},
	{"back", "<lt>", "back to where you were", NULL, WHERE_ANY, action_walk, -1},
	{"forward", ">", "forward again", NULL, WHERE_ANY, action_walk, 1},
	{"next-link", "<Tab>", "next line that leads somewhere", "link", WHERE_CARD, action_link,
		1},
	{"next-link", "<Tab>", "next line that leads somewhere", NULL, WHERE_SOURCE, action_link,
		1},
	{"previous-link", "<S-Tab>", "previous line that leads somewhere", NULL,
		WHERE_CARD | WHERE_SOURCE, action_link, -1},

	{"search", "/ <F3>", "search this pane by a regular expression, as you type", "search",
		WHERE_LIST | WHERE_CARD | WHERE_SOURCE | WHERE_TEXT, action_prompt, PROMPT_SEARCH},
	{"search-everywhere", "g/", "search the whole case", "all", WHERE_ANY, action_prompt,
		PROMPT_SEARCH_ALL},
	{"next-hit", "n", "next hit", NULL, WHERE_LIST | WHERE_CARD | WHERE_SOURCE | WHERE_TEXT,
		action_hit, 1},
	{"previous-hit", "N", "previous hit", NULL,
		WHERE_LIST | WHERE_CARD | WHERE_SOURCE | WHERE_TEXT, action_hit, -1},
	{"next-kind", "n", "next kind with hits", NULL, WHERE_RESULTS, action_result_kind, 1},
	{"previous-kind", "N", "previous kind with hits", NULL, WHERE_RESULTS, action_result_kind,
		-1},
	{"value-everywhere", "*", "search the whole case for the value under the cursor", NULL,
		WHERE_LIST, action_value_everywhere, 0},
	{"why", "", "how the search is answered: plan, candidates, records spared", NULL,
		WHERE_LIST | WHERE_RESULTS, action_why, 0},
	{"narrow", "& <F4>", "keep only the rows that match a regular expression", "narrow",
		WHERE_LIST, action_prompt, PROMPT_NARROW},
	{"keep", ",", "keep only rows with the value under the cursor", NULL, WHERE_LIST,
		action_value_filter, 1},
	{"exclude", "x", "exclude rows with the value under the cursor", NULL, WHERE_LIST,
		action_value_filter, 0},
	{"filters-toggle", "gf", "all filters off, and on again", NULL, WHERE_LIST, action_filters,
		0},
	{"filter-drop", "<BS>", "take the last filter away", NULL, WHERE_LIST, action_filters, 1},
	{"sort", "[", "sort by this column", NULL, WHERE_LIST, action_sort, 0},
	{"sort-down", "]", "sort by this column, greatest first", NULL, WHERE_LIST, action_sort, 1},
	{"sort-toggle", "<F6>", "sort by this column; again: the other way round", NULL, WHERE_LIST,
		action_sort, 2},

	{"provenance", "p", "where this record came from", "from", WHERE_RECORDS, action_provenance,
		0},
	{"source", "P", "open the source at this record's bytes", "source",
		WHERE_LIST | WHERE_CARD | WHERE_RESULTS, action_source, 0},
	{"related", "r", "what this record is related to", "related",
		WHERE_LIST | WHERE_CARD | WHERE_RESULTS, action_related, 0},
	{"linking", "L", "mark what is linked to the selected record, or not", "link", WHERE_PANES,
		action_linking, 0},
	{"next-conflict", "e", "next claim on which voices do not agree", "conflict", WHERE_ANY,
		action_conflict, 1},
	{"previous-conflict", "E", "previous claim on which voices do not agree", NULL, WHERE_ANY,
		action_conflict, -1},

	{"board", "gb", "go to the board", NULL, WHERE_ANY, action_go, 0},
	{"hosts", "gh", "go to the hosts", NULL, WHERE_ANY, action_go, 0},
	{"parties", "gp", "go to the parties", NULL, WHERE_ANY, action_go, 0},
	{"statements", "gs", "go to the statements", NULL, WHERE_ANY, action_go, 0},
	{"timeline", "gt", "go to the timeline", NULL, WHERE_ANY, action_go, 0},
	{"accounts", "ga", "go to the accounts", NULL, WHERE_ANY, action_go, 0},
	{"data", "gd", "go to the data", NULL, WHERE_ANY, action_go, 0},
	{"indicators", "gi", "go to the indicators", NULL, WHERE_ANY, action_go, 0},
	{"claims", "gc", "go to the claims: what was said", NULL, WHERE_ANY, action_go, 0},
	{"sites", "gl", "go to the sites", NULL, WHERE_ANY, action_go, 0},
	{"who", "gw", "go to actors and techniques", NULL, WHERE_ANY, action_go, 0},
	{"documents", "go", "go to the documents", NULL, WHERE_ANY, action_go, 0},
	{"imports", "gm", "go to the imports: files, and what was skipped of them", NULL, WHERE_ANY,
		action_go_imports, 0},
	{"incidents", "gI", "go to the incident as a whole", NULL, WHERE_ANY, action_go, 0},

	{"palette", ":", "any command by name", "commands", WHERE_ANY, action_prompt,
		PROMPT_COMMAND},
	{"help", "? <F1>", "keys that work here", "help", WHERE_ANY, action_help, 0},
	{"cancel", "<C-c>", "stop the job under way", NULL, WHERE_ANY, action_cancel, 0},
	{"escape", "<Esc>", "put away what lies on top: a card, a search", NULL, WHERE_ANY,
		action_escape, 0},
	{"redraw", "<C-l>", "draw the screen again", NULL, WHERE_ANY, action_redraw, 0},
	{"quit", "Q", "leave Breach Explorer", "quit", WHERE_ANY, action_quit, 0},
};

static const struct command_planned planned[] = {
	{"m '", "mark this row; the list of marks"},
	{"t T", "tag this row; tag all rows marked or shown"},
	{"a", "write a note"},
	{"s", "set a field or a status"},
	{"c", "state a claim, take a stance on one"},
	{"u <C-r>", "undo; redo"},
	{"y Y gy", "copy this cell; the row; its citation"},
	{"=", "two records side by side"},
	{"w W", "next and previous row that nobody reviewed"},
	{"F", "count by this column"},
	{"i z Z", "histogram; zoom into it and out"},
	{"@", "the case as of a date"},
	{"gn", "go to the notes"},
	{"ge", "go to the findings"},
	{"<F2>", "mouse on and off"},
};

const struct command *command_table(int *count)
{
	if (count)
		*count = (int)ARRAY_LENGTH(commands);
	return commands;
}

const struct command_planned *command_planned_table(int *count)
{
	*count = (int)ARRAY_LENGTH(planned);
	return planned;
}

unsigned command_where(const struct session *session)
{
	const struct place *place = session_place(session);
	switch (place->type) {
	case PLACE_PANES:
		return WHERE_PANES | (place->focus < place->list_count ? WHERE_LIST : WHERE_CARD);
	case PLACE_SOURCE:
		return WHERE_SOURCE;
	case PLACE_RESULTS:
		return WHERE_RESULTS;
	case PLACE_IMPORTS:
	case PLACE_HELP:
		return WHERE_TEXT;
	case PLACE_RECORD:
	case PLACE_RELATED:
		break;
	}
	return WHERE_CARD;
}
