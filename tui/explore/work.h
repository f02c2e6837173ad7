/*
 * explore/work.h: the jobs behind a session: rows of a list, hits of a list, hits of the case, the
 * check of a source and the search in it, the count of a claim, the facts of the header. A job owns
 * copies of what it was asked; its result comes back as events that work_take folds into the
 * session.
 */
#ifndef EXPLORE_WORK_H
#define EXPLORE_WORK_H

#include "explore/session.h"

/* What one worker keeps: a connection of its own and a reader. */
struct worker {
	struct case_file *file;
	struct record_reader *reader;
};
void *worker_open(void *context, struct error *error); /* context: the session's case */
void worker_close(void *state);
void worker_stop(void *state);

enum work_event_type {
	WORK_ROWS,
	WORK_HITS,
	WORK_RESULTS,
	WORK_SOURCE,
	WORK_FIND,
	WORK_COUNT,
	WORK_WHY,
	WORK_INCIDENT,
	WORK_INTEGRITY
};

/* Slots of the jobs that are not of a list, a source or hits. */
enum work_slot { SLOT_INCIDENT = 1, SLOT_INTEGRITY, SLOT_COUNT, SLOT_WHY, SLOT_NEXT };

/* Each starts a job that replaces the one before it; a failure to start is told the person. */
void work_rows(struct session *session, struct list *list);
/* G and gg where the rows of a long list are still read: its last ones, or the first, are shown at
 * once. False when there is nothing to wait for, or no other way. */
bool work_rows_end(struct session *session, struct list *list, bool last);
void work_hits(struct session *session, struct list *list);
void work_results(struct session *session, struct results *results);
/* The file of a source is hashed; source_view_checked is called at the end. */
void work_source(struct session *session, struct source_view *view);
/* Looks for the hit of a search next to a byte: find_source_found is called at the end. In slot +
 * 2; it replaces the one before it. */
void work_find(struct session *session, struct source_view *view, struct list_search *search,
	uint64_t from, bool backwards);
/* Stops both jobs of a search in a source, and counts its lines that match, in slot + 1, when there
 * is something to search for. */
void work_find_count(struct session *session, struct source_view *view, struct list_search *search);
/* How a search is answered, and what was skipped in it: a card over everything says. kind
 * KIND_NONE: of the whole case. */
void work_why(struct session *session, enum kind kind, const char *pattern, bool literal,
	int64_t undecided, const char skipped[SKIPPED_SIZE]);
void work_incident(struct session *session);
void work_integrity(struct session *session);

/* Folds an event in; the caller releases it. */
void work_take(struct session *session, struct job_event *event);

/* ---- between the files of the jobs ---- */
void work_take_rows(struct session *session, struct job_event *event);
void work_take_hits(struct session *session, struct job_event *event);
void work_take_results(struct session *session, struct job_event *event);
void work_take_source(struct session *session, struct job_event *event);
void work_take_find(struct session *session, struct job_event *event);
void work_take_count(struct session *session, struct job_event *event);
void work_take_why(struct session *session, struct job_event *event);
void work_take_incident(struct session *session, struct job_event *event);
void work_take_integrity(struct session *session, struct job_event *event);
/* The list whose jobs run in a slot (rows), or NULL: it was closed. */
struct list *work_list(const struct session *session, int slot);

#endif
