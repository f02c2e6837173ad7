/*
 * explore/places.h: going somewhere, and back.
 */
#ifndef EXPLORE_PLACES_H
#define EXPLORE_PLACES_H

#include "explore/session.h"

/* Places with panes, by name (`board`, `hosts`, `who` …); false when there is none so called. */
bool place_go(struct session *session, const char *name);
/* The place with panes that shows a kind, by its go-to command. */
const char *place_name_of(enum kind kind);
/* Reads a record; one that is not there, or can't be read, is said and freed. */
bool place_read(struct session *session, struct record_id id, struct record *record) MUST_CHECK;
/* The timeline kept to the events of a host, an account. */
void place_go_events(struct session *session, struct record_id of);
void place_go_record(struct session *session, struct record_id id, enum place_type type);
void place_go_source(struct session *session, struct record_id id);
/* live: while the pattern is typed. place_close then puts all back; place_settle says it stays. */
void place_go_results(struct session *session, struct span text, bool literal, bool live);
/* What is ahead of the current place is forgotten, and the oldest when there are many (the first,
 * the board, stays). */
void place_settle(struct session *session);
void place_go_imports(struct session *session);
void place_go_help(struct session *session);
/* Along the places that were visited. */
void place_back(struct session *session, int64_t count);
void place_forward(struct session *session, int64_t count);
/* Leaves the current place for good. */
void place_close(struct session *session);
void place_free(struct place *place);

#endif
