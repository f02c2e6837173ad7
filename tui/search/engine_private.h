/*
 * engine_private.h: what the parts of the block engine share.
 *
 * engine_units.c lists the blocks of a kind and asks the index which can hold a match;
 * engine_block.c matches one block; engine_workers.c has several threads do so, some blocks ahead
 * of the one whose hits are given on; engine.c gives them on, in the order of ids.
 */
#ifndef SEARCH_ENGINE_PRIVATE_H
#define SEARCH_ENGINE_PRIVATE_H

#include "casefile/block.h"
#include "casefile/block_reader.h"
#include "casefile/statement.h"
#include "casefile/visible.h"
#include "finder.h"
#include "search_private.h"

/* A block, before it is read. */
struct unit {
	int64_t id;
	int64_t first;
	int64_t records;
	int64_t cells;  /* -1: not known before it is read */
	bool candidate; /* it has to be read */
	bool hidden;    /* none of its records is seen, but for special ones */
};

struct units {
	struct unit *items; /* ascending by first */
	size_t count, capacity;
	size_t candidates;
	/* Records that are more, or less, than their block says: the journal speaks of them. They
	 * are read one by one. Ascending. */
	int64_t *special;
	size_t special_count, special_capacity;
};

bool units_load(const struct case_file *file, enum kind kind, const struct plan *plan,
	struct units *units, struct error *error) MUST_CHECK;
void units_free(struct units *units);
/* The first special record from `id` on, as an index. */
size_t units_special(const struct units *units, int64_t id);
/* Whether there is one in the unit. */
bool units_special_in(const struct units *units, const struct unit *unit);

/* A cell that matches or is undecided. */
struct block_hit {
	uint32_t record;     /* counted from the block's first */
	uint32_t cell;       /* counted from the block's first */
	uint32_t field_name; /* as in struct block_cell */
	uint32_t cell_start, cell_length;
	uint32_t start, end; /* in the cell */
	bool undecided;
};

/* What was found in a block. */
struct found {
	struct block block; /* its text and patches, when there are hits whose text is asked for */
	bool absent;        /* the case has no such block (any more) */
	int64_t cells;      /* all of the block */
	int64_t special_cells; /* those of its special records */
	struct block_hit *hits;
	size_t count, capacity;
};

void found_free(struct found *found);

/* How the pattern of a search is looked for in blocks: the same for all threads. */
struct way {
	const struct pattern *pattern;
	const struct plan *plan;
	struct finder finder;
	bool plain;   /* what the finder finds is a match */
	bool across;  /* the matcher may go over many cells at once */
	bool records; /* one match a record is enough, and which cell it is in does not matter */
};

void way_make(
	struct way *way, const struct pattern *pattern, const struct plan *plan, bool records);

/* What one thread needs. */
struct block_matcher {
	const struct way *way;
	const struct units *units;
	enum kind kind;
	struct block_reader *reader;
	struct matcher *matcher;
	struct buffer text; /* of the block at hand */
};

/* The reader is the caller's. */
bool block_matcher_begin(struct block_matcher *matching, const struct way *way, enum kind kind,
	const struct units *units, struct block_reader *reader, const atomic_bool *cancel,
	struct error *error) MUST_CHECK;
void block_matcher_end(struct block_matcher *matching);

/* Reads a unit and finds its hits, one a cell (or one a record) and in their order. */
bool block_matcher_run(struct block_matcher *matching, const struct unit *unit, struct found *found,
	struct error *error) MUST_CHECK;

struct workers;

/* Threads for the units that have to be read, of the scan that runs: its thread matches as well,
 * with its own reader; `threads` counts it. It is no error if the system gives fewer. NULL on an
 * error. */
struct workers *workers_start(const struct scan *scan, const struct way *way, enum kind kind,
	const struct units *units, struct error *error) MUST_CHECK;
/* What was found in the next unit that has to be read, in their order; valid until the next call.
 * NULL on an error, ERROR_CANCELLED among them. */
const struct found *workers_next(struct workers *workers, struct error *error) MUST_CHECK;
/* Stops whatever is under way. NULL is allowed. */
void workers_end(struct workers *workers);

#endif
