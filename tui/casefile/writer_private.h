/*
 * writer_private.h: what the parts of writer*.c share.
 *
 * writer.c is the act as a whole and its commits; writer_small.c records of small kinds,
 * writer_events.c those of large ones, which go through the queue of batch.c, writer_batch.c what
 * that queue's thread writes of them, writer_again.c those of another source that are told of
 * again, writer_edges.c their summary, writer_names.c records by name, names.c and edges.c the two
 * tables in memory, sweep.c taking a source back.
 *
 * Two threads: the importer's, and that of the queue once there are many events. What is marked the
 * turn's belongs to the queue's thread while batches are under way, and to the importer's after
 * writer_take_turn.
 */
#ifndef CASEFILE_WRITER_PRIVATE_H
#define CASEFILE_WRITER_PRIVATE_H

#include "batch.h"
#include "casefile/statement.h"
#include "casefile/writer.h"
#include "edges.h"
#include "kind_sql.h"
#include "names.h"
#include "sequence.h"
#include "techniques.h"

/* Work between two commits, so that a waiting note is written soon. */
#define COMMIT_MICROSECONDS 80000

/* Events that have no place in the order of their times yet: two columns, time and id. */
struct order {
	struct bulk places;
	int64_t written; /* the earliest time of what was written last */
};

struct technique_name {
	int64_t id;
	char *name;
	size_t length;
};

struct writer {
	int64_t source;
	const atomic_bool *cancel; /* may be NULL */
	/* The turn's. */
	struct case_file *file;
	bool in_transaction;
	int64_t began; /* microseconds, monotonic */
	struct sequence sequence;
	struct statement *fixed[QUERY_COUNT]; /* opened when first used */
	struct statement *insert[KIND_COUNT];
	struct statement *update[KIND_COUNT];
	struct statement *find[KIND_COUNT];
	struct statement *again[KIND_COUNT];
	struct statement *row[KIND_COUNT];
	struct buffer cells; /* of the block at hand */
	struct order order;
	struct writer_block_hook hook;
	/* The importer's. */
	int64_t made[KIND_COUNT];
	int64_t problems;
	int64_t mentioned,
		mentions_left; /* records that mentions named, and mentions beyond them */
	struct names names;
	struct buffer key;      /* a normalised name that is referred to */
	struct buffer own_key;  /* that of the record at hand */
	struct bulk again_rows; /* events that are told of again */
	struct techniques techniques;
	struct technique_name *technique_names; /* to be given at the end */
	size_t technique_name_count, technique_name_capacity;
	/* Large kinds. */
	struct batch_queue *queue;
	enum kind large; /* kind of the batch at hand, or of the last; KIND_NONE: none yet */
	int columns[KIND_MOST_FIELDS];           /* of its fields in a batch's rows */
	int64_t field_numbers[KIND_MOST_FIELDS]; /* in blocks; 0: not looked up yet */
	int64_t next_record, next_block;
	struct edges edges;
};

/* A fixed statement of the writer, ready to be bound; NULL on an error. */
struct statement *writer_statement(
	struct writer *writer, enum query query, struct error *error) MUST_CHECK;
/* One made by a builder, kept in *slot. */
struct statement *writer_built(struct writer *writer, struct statement **slot, enum kind kind,
	void (*build)(struct buffer *sql, enum kind kind), struct error *error) MUST_CHECK;

/* The case is the importer's from here on, with a transaction open. */
bool writer_take_turn(struct writer *writer, struct error *error) MUST_CHECK;
/* A transaction is open from here on. */
bool writer_open(struct writer *writer, struct error *error) MUST_CHECK;
/* Commits when enough work was done since the last time. */
bool writer_breathe(struct writer *writer, struct error *error) MUST_CHECK;

bool writer_mention(struct writer *writer, enum kind kind, int64_t id, const struct draft *draft,
	struct span key, struct error *error) MUST_CHECK;

/* The record that a cell of a draft refers to by name, made if there is none; 0 for a text that
 * names nothing (record_names). */
bool writer_refer(struct writer *writer, enum kind kind, struct span name,
	const struct draft *draft, int64_t *id, struct error *error) MUST_CHECK;
/* The same of a record that an event speaks of beside its fields. */
bool writer_mentioned(struct writer *writer, const struct draft_mention *mention,
	const struct draft *draft, int64_t *id, struct error *error) MUST_CHECK;

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
/* Within a turn: see writer_extra; and what this source says as well as the row of another (see
 * extra_shared_insert). */
bool writer_extra_here(struct writer *writer, struct record_id id, struct span name,
	struct span value, struct error *error) MUST_CHECK;
bool writer_shared(struct writer *writer, struct record_id id, const char *name, struct span value,
	struct error *error) MUST_CHECK;

/* Where a draft of a technique found nothing by its name: one with its ATT&CK id, which it calls by
 * that id, or gives a name to. */
bool writer_find_technique(struct writer *writer, const struct draft *draft, struct found *found,
	struct error *error) MUST_CHECK;
/* Remembers what a draft, written as the record `id`, called it. */
bool writer_tell_technique(struct writer *writer, const struct draft *draft,
	const struct found *found, int64_t id, struct error *error) MUST_CHECK;
/* Names what is called by its id, in the commit that makes the source visible. */
bool writer_name_techniques(struct writer *writer, struct error *error) MUST_CHECK;
void writer_forget_techniques(struct writer *writer);

/* A record with nothing but a name, where a reference needs one. */
bool writer_bare(struct writer *writer, enum kind kind, struct span name, const struct draft *draft,
	int64_t replaced, int64_t *id, struct error *error) MUST_CHECK;

bool writer_large(struct writer *writer, const struct draft *draft, int64_t *id,
	struct error *error) MUST_CHECK;
/* Hands over the batch at hand, if it holds anything. */
bool writer_end_batch(struct writer *writer, struct error *error) MUST_CHECK;
bool writer_flush_edges(struct writer *writer, struct error *error) MUST_CHECK;

/* Writes the mentions of events that are told of again. */
bool writer_flush_again(struct writer *writer, struct error *error) MUST_CHECK;

/* Writes the records of a batch, their block and their places; a batch_write of a writer. */
batch_write writer_write_batch;
/* Writes the events that have no place in the order yet. */
bool writer_flush_order(struct writer *writer, struct error *error) MUST_CHECK;
/* Takes the places of a batch's records, and writes them when they follow on those written last, or
 * when there are many. */
bool writer_order(struct writer *writer, const struct batch *batch, struct error *error) MUST_CHECK;

#endif
