/*
 * explore/session.h: what the person is doing. The whole state of the explorer in one struct.
 *
 * Commands change it and never draw; views read it and never change it; jobs give their results
 * back as events that session_wake folds in. A session knows nothing of terminals: it gets a size
 * and keys.
 *
 * Where the person is, is a *place*: one or more linked list panes with the record pane, one
 * record, what it is related to, the source at its bytes, the results of a search, the imports, or
 * help. Going somewhere makes a new place behind the current one, so that `<` and `>` walk through
 * them exactly as they were left.
 */
#ifndef EXPLORE_SESSION_H
#define EXPLORE_SESSION_H

#include "base/bits.h"
#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/job.h"
#include "base/span.h"
#include "casefile/case.h"
#include "casefile/record.h"
#include "claims/count.h"
#include "explore/card.h"
#include "explore/key.h"
#include "explore/keymap.h"
#include "explore/list.h"

#include <stdbool.h>
#include <stdint.h>

#define PLACE_MAX_LISTS 3
#define SESSION_MAX_PLACES 64
#define PROMPT_MAX_HISTORY 64

enum place_type {
	PLACE_PANES,
	PLACE_RECORD,
	PLACE_RELATED,
	PLACE_SOURCE,
	PLACE_RESULTS,
	PLACE_IMPORTS,
	PLACE_HELP,
};

/* How the lines of a source end, as far as they are held. A carriage return before each feed is
 * said once; where it differs from line to line each is shown. */
enum line_ends { LINE_ENDS_FEED, LINE_ENDS_RETURN_FEED, LINE_ENDS_MIXED };

/* A window into the bytes of a source, cut into lines for a width. */
struct source_line {
	uint64_t start;  /* bytes of the source */
	uint64_t end;    /* before what ends the line */
	uint64_t number; /* of the line in the file, from 1, on its first piece; 0 on others */
};

/* Hits on screen that are lit. */
#define SOURCE_MAX_LIT 512

struct source_view {
	int64_t source;
	char *name;
	struct range mark; /* the record's bytes in the source */
	uint64_t size;
	uint64_t start; /* bytes at hand begin here */
	bool ascii;     /* as of a card */
	struct buffer bytes;
	enum line_ends ends;
	struct source_line *lines;
	int64_t count;
	size_t capacity;
	int width;
	int64_t top;
	int64_t cursor;
	int slot;           /* of the job that checks the file; + 1 and + 2: of a search's */
	bool checking;      /* it is under way: no byte is shown before */
	int percent;        /* of the file */
	struct error error; /* why the bytes are not at hand */
	struct card fields; /* the fields as stored, shown while there are no bytes */
	int64_t steps;      /* hits that the cursor is still to go; backwards: below 0 */
	uint64_t seek_from; /* its line when that began; it stays where it was moved to since */
	int seek_percent;   /* of the source, on the way to the next one */
	struct buffer image;
	struct range lit[SOURCE_MAX_LIT]; /* in the source, of what is on screen */
	size_t lit_count;
};

/* Hits of the whole case, by kind. */
struct results_kind {
	struct bits ids;
	int64_t count; /* of ids */
};

struct results_row {
	bool there;
	bool heading;
	enum kind kind;
	struct record record;
	int cell; /* that matches; -1: none found in time */
	struct lit_cell lit;
};

struct results {
	char *text;
	bool literal;
	struct pattern *pattern;
	struct matcher *matcher;
	enum search_state state;
	struct results_kind kinds[KIND_COUNT];
	int64_t cells, hit_cells, hit_records, undecided;
	char skipped[SKIPPED_SIZE]; /* as in a list's search */
	int thousandths;
	struct error error;
	int slot;
	int64_t top, cursor; /* rows, headings counted */
	bool moved;          /* by the person; until then the cursor is on the first hit */
	struct results_row *page;
	int page_rows;
	int page_capacity;
	int64_t page_top;
	bool page_stale;
};

struct place {
	enum place_type type;
	const char *name; /* in the header: `board`, `hosts` … */
	struct list *lists[PLACE_MAX_LISTS];
	int list_count;
	int focus;       /* index of a list; list_count: the record pane */
	int source_list; /* whose selection the record pane shows */
	bool zoomed;
	struct record_id id;     /* RECORD, RELATED, SOURCE */
	struct card card;        /* record pane, record, related, imports, help */
	struct record_id shown;  /* what the card was made of */
	struct list_search find; /* in the card, or in the source */
	int64_t shown_run;       /* records of the folded run it was the first of; 0: none */
	int shown_rows;          /* lines of the pane it was laid out for */
	struct source_view source;
	struct results results;
	unsigned help_where;
};

enum prompt_type { PROMPT_NONE, PROMPT_SEARCH, PROMPT_SEARCH_ALL, PROMPT_NARROW, PROMPT_COMMAND };

#define PALETTE_MAX 12

struct prompt {
	enum prompt_type type;
	struct buffer text;
	size_t cursor;      /* byte in text */
	struct error error; /* of the pattern as it stands; code ERROR_NONE: none */
	char *history[PROMPT_MAX_HISTORY];
	int history_count;
	int history_at;
	/* What Esc puts back: rows of the list in old_slot, and the record that was there. */
	int64_t old_cursor, old_top;
	int old_slot;   /* of that list, or of a source whose bytes these are; else 0 */
	int64_t old_id; /* 0: none */
	struct record_id old_record; /* what the cursor was on, should other rows come meanwhile */
	char *old_search;
	bool old_literal;
	/* Palette: commands that fit what is typed, best first. */
	int matches[PALETTE_MAX];
	int match_count;
	int match_at;
	bool pasting;
	bool live_results;  /* a place of results was made for what is being typed */
	int64_t jump_shown; /* hits when it was looked for last */
	int jump_slot; /* list whose cursor follows its first hit until a key moves it; 0: none */
};

struct session_options {
	bool ascii;            /* signs are drawn in ASCII: help tells of those */
	struct span keys_text; /* of a keys file; may be not stated */
	const char *keys_file; /* its name, for errors */
	const char *notice;    /* what --recover did, a line each; NULL: case_notice is said */
};

struct incident {
	char name[160];
	char as_known[64];
	int64_t documents;    /* that statements stand in */
	int64_t not_imported; /* units that imports skipped */
};

enum integrity_state { INTEGRITY_NOT_CHECKED, INTEGRITY_CHECKING, INTEGRITY_CHECKED };

struct integrity {
	enum integrity_state state;
	int percent;
	int64_t errors;
};

/* What the count of a claim came to. */
struct counted {
	int64_t claim; /* 0: nothing is kept here */
	struct claim_count count;
	struct error error; /* code ERROR_NONE: count says it */
};

#define SESSION_MAX_COUNTED 32

struct session {
	struct case_file *file;
	struct record_reader *reader;
	struct job_pool *jobs;
	bool ascii;
	int width, height;
	bool stale; /* something changed since session_refresh */
	bool quit;
	struct incident incident;
	struct integrity integrity;
	struct standings *standings; /* NULL: not asked for yet */
	struct counted counted[SESSION_MAX_COUNTED];
	size_t counted_next;
	int64_t counting; /* claim that a job counts for; 0: none */

	struct place *places[SESSION_MAX_PLACES + 1]; /* one more while a search is typed */
	int place_count;
	int place_at;

	bool linking;
	struct record_id selected; /* what linked was made for */
	struct record_id *linked;  /* sorted by kind and id */
	int64_t linked_count;
	size_t linked_capacity;

	struct card popup; /* provenance over everything; count 0: none */
	const char *popup_title;
	struct prompt prompt;

	struct keymap keymap;
	key_code keys[KEYMAP_MAX_KEYS]; /* of a sequence that is not whole yet */
	int key_count;
	int64_t count; /* typed before a command; 0: none */

	char message[ERROR_MESSAGE_SIZE];
	bool message_is_error;
	int next_slot; /* for the jobs of the next list */
};

/* A session over an open case, which it closes when it is freed. NULL and error when it can't be
 * made; the case is then still the caller's. Jobs run in pool's threads. */
struct session *session_new(struct case_file *file, const struct session_options *options,
	struct error *error) MUST_CHECK;
void session_free(struct session *session);

void session_resize(struct session *session, int width, int height);
/* One key. False when the person asked to quit. */
bool session_key(struct session *session, key_code key);
/* Takes in what jobs have sent; called when session_wake_fd is readable. */
void session_wake(struct session *session);
int session_wake_fd(const struct session *session);
/* No job is under way and none has sent anything that was not taken in. */
bool session_idle(const struct session *session);

/* Reads what the page on screen shows; called after changes and before drawing. */
void session_refresh(struct session *session);
/* Runs a command, on what is on screen after all keys before it. */
struct command;
void session_run(struct session *session, const struct command *command, int64_t count);

/* How claims stand, read when first asked for; NULL with an error. */
struct standings *session_standings(struct session *session, struct error *error) MUST_CHECK;
/* What the count of a claim comes to, as long as it is among the last that were asked for; NULL: a
 * job counts. */
const struct counted *session_counted(struct session *session, int64_t claim);
/* Counts that failed or were stopped are begun again when they are asked for. */
void session_count_again(struct session *session);
struct place *session_place(const struct session *session);
/* The list that has the keys, or NULL (record pane, other places). */
struct list *session_list(const struct session *session);
/* The record that p, P, r, Enter speak of; KIND_NONE when there is none. */
struct record_id session_selected(const struct session *session);

void session_say(struct session *session, const char *format, ...) PRINTF_LIKE(2, 3);
void session_complain(struct session *session, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
