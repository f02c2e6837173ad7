/*
 * explore/prompt.h: the line at the bottom that is typed into: `/`, `g/`, `&` and `:`.
 */
#ifndef EXPLORE_PROMPT_H
#define EXPLORE_PROMPT_H

#include "explore/session.h"

void prompt_open(struct session *session, enum prompt_type type);
/* A key while the prompt is open. */
void prompt_key(struct session *session, key_code key);
/* Hits of the pattern being typed have come: the cursor shows the first one. */
void prompt_hits_came(struct session *session);
/* A list has other rows: what Esc puts back is found among them. */
void prompt_rows_came(struct session *session, const struct list *list);
void prompt_free(struct prompt *prompt);

#endif
