/*
 * writer_private.h: what the parts of writer*.c share.
 *
 * writer.c is the act as a whole and its commits; writer_small.c records of small kinds,
 * writer_events.c those of large ones, writer_names.c records by name, names.c and edges.c the two
 * tables in memory, sweep.c taking a source back.
 */
#ifndef CASEFILE_WRITER_PRIVATE_H
#define CASEFILE_WRITER_PRIVATE_H

#include "casefile/block.h"
#include "casefile/statement.h"
#include "casefile/writer.h"
#include "edges.h"
#include "kind_sql.h"
#include "names.h"
#include "sequence.h"

/* Work between two commits, so that a waiting note is written soon. */
#define COMMIT_MICROSECONDS 80000

/* An event's place in time. */
struct event_place {
	int64_t time;
	int64_t id;
};

struct writer {
	struct case_file *file;
	int64_t source;
	bool in_transaction;
	int64_t began; /* microseconds, monotonic */
	struct sequence sequence;
	int64_t made[KIND_COUNT];
	int64_t problems;
	struct names names;
	struct statement *fixed[QUERY_COUNT]; /* opened when first used */
	struct statement *insert[KIND_COUNT];
	struct statement *update[KIND_COUNT];
	struct statement *find[KIND_COUNT];
	struct statement *again[KIND_COUNT];
	struct statement *row[KIND_COUNT];
	struct buffer key;     /* a normalised name that is referred to */
	struct buffer own_key; /* that of the record at hand */
	/* Large kinds. */
	struct event_place *places; /* not in the order yet */
	size_t place_count;
	size_t place_capacity;
	enum kind block_kind;
	struct block_writer block;
	struct buffer cells;
	struct edges edges;
	struct writer_block_hook hook;
};

/* A fixed statement of the writer, ready to be bound; NULL on an error. */
struct statement *writer_statement(
	struct writer *writer, enum query query, struct error *error) MUST_CHECK;
/* One made by a builder, kept in *slot. */
struct statement *writer_built(struct writer *writer, struct statement **slot, enum kind kind,
	void (*build)(struct buffer *sql, enum kind kind), struct error *error) MUST_CHECK;

/* A transaction is open from here on. */
bool writer_open(struct writer *writer, struct error *error) MUST_CHECK;
/* Commits when enough work was done since the last time. */
bool writer_breathe(struct writer *writer, struct error *error) MUST_CHECK;

/* Parameters of a record's row but its fields; ids are bound beside. */
void writer_bind_record(const struct writer *writer, struct statement *statement, int64_t id,
	const struct draft *draft);
/* A time field's last three columns from `parameter` on; NULL: not read. */
void writer_bind_moment(struct statement *statement, int parameter, const struct moment *moment);

bool writer_mention(struct writer *writer, enum kind kind, int64_t id, const struct draft *draft,
	struct span key, struct error *error) MUST_CHECK;

/* The record that a cell of a draft refers to by name, made if there is none; 0 for a text that
 * names nothing ("-"). */
bool writer_refer(struct writer *writer, enum kind kind, struct span name,
	const struct draft *draft, int64_t *id, struct error *error) MUST_CHECK;
/* Whether a text names a record at all. */
bool writer_names(enum kind kind, struct span name);

/* What writer_find found. */
struct found {
	int64_t id;   /* 0: nothing */
	bool ours;    /* it comes from this source */
	bool visible; /* it can be seen already */
	bool told;    /* this source mentions it */
};

/* The record of a kind with this name: the normalised one where the kind is named. */
bool writer_find(struct writer *writer, enum kind kind, struct span key, struct found *found,
	struct error *error) MUST_CHECK;

/* The same of the record that a draft tells of again. */
bool writer_find_again(struct writer *writer, const struct draft *draft, struct found *found,
	struct error *error) MUST_CHECK;

/* ERROR_INPUT when a draft can't be taken; nothing is written. */
bool writer_check(const struct draft *draft, struct error *error) MUST_CHECK;
bool writer_small(struct writer *writer, const struct draft *draft, int64_t *id, bool *made,
	struct error *error) MUST_CHECK;
/* A record with nothing but a name, where a reference needs one. */
bool writer_bare(struct writer *writer, enum kind kind, struct span name, const struct draft *draft,
	int64_t replaced, int64_t *id, struct error *error) MUST_CHECK;

bool writer_large(struct writer *writer, const struct draft *draft, int64_t *id,
	struct error *error) MUST_CHECK;
/* Writes the block at hand, if it holds anything. */
bool writer_flush_block(struct writer *writer, struct error *error) MUST_CHECK;
bool writer_flush_edges(struct writer *writer, struct error *error) MUST_CHECK;

/* Remembers an event's place in the order in which events are listed, and writes a sorted run when
 * there are many. */
bool writer_order(struct writer *writer, int64_t time, int64_t id, struct error *error) MUST_CHECK;
bool writer_flush_order(struct writer *writer, struct error *error) MUST_CHECK;

#endif
