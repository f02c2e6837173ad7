/*
 * explore/list.h: one list pane: what it shows, where its cursor is, what is searched in it.
 *
 * A list is filled by a job (tui/explore/work.h) whose result is folded in by `list_take_rows`;
 * until then its rows draw as `…`. The cursor is kept by record id over filter, sort,
 * reload and fold. Only the page on screen is read (`list_fill`).
 */
#ifndef EXPLORE_LIST_H
#define EXPLORE_LIST_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/record.h"
#include "explore/rows.h"
#include "search/pattern.h"

#include <stdbool.h>
#include <stdint.h>

#define LIST_MAX_FILTERS 16
#define LIST_MAX_COLUMNS 16
/* Hits of one cell that are lit. */
#define LIST_MAX_LIT 16

/* What a person laid over a list, in the text of the filter grammar. */
struct list_filter {
	char *text;
	int64_t hides; /* rows that this one alone hides of what the ones before let through */
};

/* What a list's corner counts; made by the list's job. */
struct list_totals {
	int64_t all;          /* records before the person's filters */
	int64_t placeholders; /* of those shown */
	int64_t confirmed;    /* hosts */
	int64_t voices;       /* statements: distinct speakers */
	int64_t documents;    /* statements: distinct documents */
	int64_t silences;     /* statements: of what was not said */
	int64_t all_silences; /* of all */
	int64_t proposed;     /* statements that nobody reviewed */
	int64_t disputed;     /* claims */
	int64_t in_tension;   /* claims */
	int64_t counts;       /* claims that state one */
	int64_t undecided;    /* records on which a filter's pattern met a limit */
};

enum search_state { SEARCH_NONE, SEARCH_RUNNING, SEARCH_DONE, SEARCH_FAILED };

/* Room for the names of cells on which a limit was met, a line each: `event:7 message`. */
#define SKIPPED_SIZE 1024

/* A pattern over a list's rows. */
struct list_search {
	char *text; /* as typed; NULL: none */
	bool literal;
	struct pattern *pattern; /* compiled, to light what is on screen */
	struct matcher *matcher;
	enum search_state state;
	struct bits hits; /* ids: they stay true over sort and filter */
	int64_t shown;    /* hits among the rows of the list */
	int64_t cells;    /* searched */
	int64_t undecided;
	char skipped[SKIPPED_SIZE]; /* the first of these, at the end */
	int thousandths;            /* of the work, while running */
	struct error error;         /* SEARCH_FAILED */
	int number; /* of the search, so that what was lit by another is seen to be old */
};

/* The lit ranges of one cell of a row on screen. */
struct lit_cell {
	int cell; /* index in record.cells */
	int count;
	struct range ranges[LIST_MAX_LIT];
};

/* One row on screen. */
struct list_row {
	bool there;   /* false: not read yet, or gone */
	bool heading; /* stands for a fold's run */
	bool open;
	int64_t run;          /* records of the fold */
	char sign;            /* how a claim stands; 0: none */
	const char *note;     /* the same in words; the rows' own; NULL: none */
	struct record record; /* of a heading: its run's first */
	bool hit;             /* some cell matches the search */
	bool linked;          /* linked to what is selected elsewhere */
	struct lit_cell *lit;
	int lit_count;
};

struct list {
	enum kind kind;
	const char *title;
	bool ascii;       /* drawn in ASCII, where most characters are wider */
	const char *base; /* filter that belongs to the pane (role = affected); NULL: none */
	int sort;         /* field; -1: the kind's default */
	bool descending;
	/* The order of the rows at hand, until those come that are asked for. */
	int rows_sort;
	bool rows_descending;
	struct list_filter filters[LIST_MAX_FILTERS];
	int filter_count;
	bool filters_off;

	int slot; /* of its jobs: rows in slot, hits in slot + 1 */
	bool loading;
	bool loaded;     /* something was shown once */
	bool partial;    /* the rows are the first of those that were asked for */
	bool tail;       /* no: the last of them */
	bool stopped;    /* the rows are not what was asked for: the job was stopped, or failed */
	int thousandths; /* of the job, while loading */
	struct rows rows;
	struct list_totals totals;
	struct error error; /* why it could not be filled; code ERROR_NONE: it could */

	int64_t cursor; /* row */
	int64_t top;    /* row */
	int64_t goal; /* row below the first rows that the cursor goes to when it comes; 0: none */
	int64_t goal_from; /* unless it was moved from here */
	int column;        /* index of a list column, for sort, keep, exclude */
	int first_column;  /* horizontal scroll */
	/* Widest text of each column on a page so far, 0: none was; of a time with what it is read
	 * as, and without. */
	int seen[LIST_MAX_COLUMNS];
	int seen_words[LIST_MAX_COLUMNS];
	bool says[LIST_MAX_COLUMNS]; /* something was stated in it so far */
	int seen_note;

	struct list_search search;

	/* The page on screen. */
	struct list_row *page;
	int page_rows; /* rows that are filled */
	int page_capacity;
	int64_t page_top;
	bool page_stale;
};

/* An empty list that asks for all records of a kind, or for those that pass a filter, `base`, which
 * is no filter of the person's. title NULL: the kind's. Both are kept as they are and must outlive
 * the list. NULL when out of memory. */
struct list *list_new(enum kind kind, const char *title, const char *base) MUST_CHECK;
void list_free(struct list *list);

/* The record under the cursor; {KIND_NONE, 0} when there is none. *heading says that it is a fold's
 * heading (may be NULL). */
struct record_id list_selected(const struct list *list, bool *heading);
/* Records of the run whose heading is under the cursor; 0: it is no heading. */
int64_t list_selected_run(const struct list *list);
/* Its row when it is on the page, or NULL. */
const struct list_row *list_selected_row(const struct list *list);

/* Moves the cursor to a row, within bounds, and scrolls so that it is among `height` rows. */
void list_move_to(struct list *list, int64_t row, int height);
/* The same for the person, who may ask for a row that is not read yet: the cursor goes there when
 * it is. False when it has to wait for that. */
bool list_move_on(struct list *list, int64_t row, int height);
/* The row that the next motion starts from, and how many there are as far as motions go. */
int64_t list_here(const struct list *list);
int64_t list_length(const struct list *list);
/* Puts the cursor on a record, opening its fold. False when the list does not show it. */
bool list_move_to_id(struct list *list, int64_t id, int height);
/* Puts the cursor on a position, opening its fold. */
void list_move_to_position(struct list *list, int64_t position, int height);
/* Opens or closes the fold under the cursor. False when there is none. */
bool list_toggle_fold(struct list *list, int height);

/* Position of the record with the count-th next hit (0 is 1) after a row, or before it, wrapping;
 * -1 when there is none. from -1: from the first of all. After as many hits as there are the same
 * one comes again. */
int64_t list_next_hit(
	struct list *list, int64_t from, int64_t count, bool backwards, bool *wrapped);

/* Narrows the list to what passes a filter (search/filter.h), which is copied. ERROR_LIMIT when
 * there are LIST_MAX_FILTERS already. Dropping takes back the one that was added last. */
bool list_add_filter(struct list *list, struct span text, struct error *error) MUST_CHECK;
void list_drop_filter(struct list *list);

/* Sets or clears (text not stated) what is searched; limits are those of matcher_new. On an error
 * (ERROR_PATTERN with the byte at fault) there is nothing. */
bool list_search_set(struct list_search *search, struct span text, bool literal,
	const struct match_limits *limits, struct error *error) MUST_CHECK;
void list_search_clear(struct list_search *search);
/* Sets or clears (text not stated) the pattern; hits come by a job. On an error (ERROR_PATTERN with
 * the byte at fault) there is none. */
bool list_set_search(
	struct list *list, struct span text, bool literal, struct error *error) MUST_CHECK;

/* Lights what a matcher finds in a cell of a row on screen: bounded in time, since it is done while
 * drawing; a cell that takes longer is not lit. */
void lit_find(struct matcher *matcher, struct span text, struct lit_cell *lit);
/* Limits for such a matcher. */
extern const struct match_limits lit_limits;

struct record_reader;
/* Reads the rows from list->top on that are not on the page yet. */
bool list_fill(struct list *list, struct record_reader *reader, int height,
	struct error *error) MUST_CHECK;

/* Tells the rows on the page whether they are hits. */
void list_mark_hits(struct list *list);

/* Adds hits, by id; ids come in any order. */
bool list_add_hits(struct list *list, const uint32_t *ids, size_t count) MUST_CHECK;
/* Counts hits among the rows again. */
void list_count_hits(struct list *list);
bool list_is_hit(const struct list *list, uint32_t id);

/* Shows the last rows of those that are asked for, or the first, until all of them are there. */
void list_take_end(struct list *list, struct rows *rows, bool last, int height);
/* The row of a number among all that are asked for: the cursor goes there, at once or when they are
 * there, of which false tells. */
bool list_move_to_number(struct list *list, int64_t row, int height);
/* Takes in the result of a job: the cursor stays on its record, or the nearest that is still there.
 * partial: only the first rows, more will come; they are taken when they hold the cursor's record
 * or when there are no others. */
void list_take_rows(struct list *list, struct rows *rows, const struct list_totals *totals,
	const int64_t *hides, bool partial, int height);

#endif
