/*
 * search_private.h: one search under way.
 *
 * search.c walks the kinds, and small ones page by page; engine.c walks large ones block by
 * block, has engine_block.c match a block and engine_workers.c do so on several cores, and gives
 * hits on in the order of ids.
 */
#ifndef SEARCH_SEARCH_PRIVATE_H
#define SEARCH_SEARCH_PRIVATE_H

#include "plan.h"
#include "search/search.h"

struct scan {
	const struct case_file *file;
	const struct search_request *request;
	struct search_totals *totals;
	struct plan *plan;
	struct record_reader *reader;
	struct block_reader *blocks; /* for this thread; NULL before a large kind is searched */
	struct matcher *matcher;
	struct record_page page;
	struct record record; /* one that is read by itself */
	struct buffer image;
	struct buffer name;       /* `extra.` and the name of an extra cell */
	struct buffer doubts;     /* indexes of a record's cells that are undecided */
	int64_t last[KIND_COUNT]; /* ids of a kind end here, about */
	int64_t all;              /* the sum of last over the kinds asked for */
	int64_t before;           /* the part of all that lies before the kind at hand */
	int64_t told;             /* when progress was told last, microseconds */
};

/* What comes of a step: go on, end because a callback said so, or end with an error. */
enum scan_result { SCAN_ON, SCAN_STOPPED, SCAN_FAILED };

/* ERROR_CANCELLED and SCAN_FAILED. */
enum scan_result scan_cancelled(struct error *error);
bool scan_is_cancelled(const struct scan *scan);

/* A record that may not be there, through all its cells. */
enum scan_result scan_id(struct scan *scan, struct record_id id, struct error *error) MUST_CHECK;

/* Tells progress when it is time to; the search has come to this record. */
void scan_progress(struct scan *scan, struct record_id at);

/* A large kind, block by block. */
enum scan_result engine_run(struct scan *scan, enum kind kind, struct error *error) MUST_CHECK;

#endif
