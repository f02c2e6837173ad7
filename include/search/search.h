/*
 * search/search.h: one pattern over every cell of a case.
 *
 * Walks the cells of the kinds that are asked for, in the order of kinds and ids, and gives every
 * cell that matches (or on which a limit was met) to the caller. Large kinds go by their index
 * (search/postings.h) and on several threads, which call nobody: hits are given on by the thread
 * that called. Runs in a worker, or on the
 * command line; the explorer's /, g/, & and n and `breachx search` all come here. What a hit is,
 * is said by search/pattern.h.
 */
#ifndef SEARCH_SEARCH_H
#define SEARCH_SEARCH_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/record.h"
#include "search/pattern.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct search_hit {
	struct record_id id;
	int field;              /* index in the kinds table, or CELL_EXTRA */
	struct span field_name; /* as printed: `gist`, `extra.Severity` */
	struct span text;   /* the cell's exact bytes, unless records_only; valid during the call */
	struct range range; /* first match, bytes of the cell */
	bool undecided;     /* a limit was met before the cell was decided; range is 0..0 */
};

struct search_totals {
	int64_t cells;   /* searched */
	int64_t records; /* whose cells were searched */
	int64_t hits;    /* cells that match */
	int64_t hit_records;
	int64_t undecided; /* cells on which a limit was met */
	bool complete;     /* every cell asked for was searched, as it was at one moment; false when
			    * cancelled, stopped or changed */
	bool changed;      /* sources came in or were taken back meanwhile: what was given is of
			    * more than one moment */
	/* Of large kinds: blocks of text, those that the index could not rule out, and the records
	 * of the others, which were decided without being looked at. */
	int64_t blocks;
	int64_t candidates;
	int64_t spared;
	int64_t end; /* what was searched has ids below this */
};

struct search_request {
	const struct pattern *pattern;
	enum kind kind;            /* KIND_NONE: all */
	const atomic_bool *cancel; /* may be NULL */
	/* Which records match is all that is asked: of each a cell that matches is given, without
	 * its text, and the others need not be looked at. What is undecided is given of records
	 * without a match alone, and totals.hits counts records. */
	bool records_only;
	/* A cell that matches or is undecided. Returning false ends the search without an error
	 * (a --limit): totals then say `complete` false. */
	bool (*hit)(void *context, const struct search_hit *hit);
	/* Called now and then with the share of the work that is done, 0 to 1000; may be NULL. */
	void (*progress)(void *context, const struct search_totals *totals, int thousandths);
	/* Called after the last cell of each record, with the record's id and whether any cell
	 * matched; may be NULL (for -v). */
	bool (*record)(void *context, struct record_id id, bool matched);
	void *context;
	int threads; /* that match blocks; 0: as many as there are cores */
};

/* False with ERROR_CANCELLED when the cancel flag was seen, or with what went wrong; totals are
 * filled in any case. */
bool search_run(const struct case_file *file, const struct search_request *request,
	struct search_totals *totals, struct error *error) MUST_CHECK;

/* What a pattern needs, in words and lines: the plan, the required literal or run, and how many
 * blocks of each large kind the index leaves, appended to out. The kind as in a request. */
bool search_explain(const struct case_file *file, const struct pattern *pattern, enum kind kind,
	struct buffer *out, struct error *error) MUST_CHECK;

#endif
