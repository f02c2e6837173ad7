/*
 * explore/rows_fill.h: the rows of a list, made in a worker: ids in order, filters applied,
 * placeholders folded, corner counted.
 */
#ifndef EXPLORE_ROWS_FILL_H
#define EXPLORE_ROWS_FILL_H

#include "explore/list.h"
#include "work.h"

/* Rows after which a large list shows itself for the first time. */
#define ROWS_FILL_FIRST 512

struct rows_task {
	enum kind kind;
	int sort;
	bool descending;
	/* The pane's own filter, then the person's. */
	char *filters[LIST_MAX_FILTERS + 1];
	bool base;
	int filter_count;
	int64_t version;           /* of the rows, see explore/rows.h */
	struct rows_event *result; /* made beforehand: a job never ends without a word */
};

struct rows_event {
	struct job_event event;
	struct rows rows;
	struct list_totals totals;
	int64_t hides[LIST_MAX_FILTERS];
	bool partial;  /* the first rows, so that there is something to see: more will come */
	bool progress; /* nothing but how far it is */
	int thousandths;
	struct error error;
};

struct rows_event *rows_event_new(void);
void rows_event_release(struct job_event *event);
/* Fills the rows and totals of the result, or says in its error why not; on the way, events tell
 * how far it is and what the first rows are. */
void rows_fill(struct job *job, const struct rows_task *task, struct rows_event *result);

#endif
