/*
 * batch.h: records of a large kind that make one block, on their way into the case.
 *
 * Who imports fills batches and hands them over; a thread of the queue's writes them, in order, and
 * gives them back empty. So that rows are read while others are written. The case's connection
 * belongs to that thread while a batch is under way, and to who imports after batch_queue_settle.
 */
#ifndef CASEFILE_BATCH_H
#define CASEFILE_BATCH_H

#include "base/compiler.h"
#include "base/error.h"
#include "bulk.h"
#include "casefile/block.h"

#include <stdbool.h>
#include <stdint.h>

struct batch {
	enum kind kind;
	int64_t block_id;
	struct block_writer block;
	struct bulk rows; /* columns as the parameters of kind_sql_insert */
};

/* Writes one batch; on the queue's thread, or on the owner's when there is none. */
typedef bool batch_write(void *context, struct batch *batch, struct error *error);

struct batch_queue;

/* Costs little: there is no thread before the first batch is handed over. NULL: no memory. */
struct batch_queue *batch_queue_new(batch_write *write, void *context) MUST_CHECK;
/* Drops what is not written yet, waits for what is being written, and frees. NULL is allowed. */
void batch_queue_free(struct batch_queue *queue);

/* The batch to be filled; always the same one until it is handed over. */
struct batch *batch_queue_batch(struct batch_queue *queue);
/* Hands the batch over, and waits while too many are under way. False when it, or one before it,
 * could not be written: nothing more will be. */
bool batch_queue_hand_over(struct batch_queue *queue, struct error *error) MUST_CHECK;
/* Waits until all that was handed over is written. False as above. */
bool batch_queue_settle(struct batch_queue *queue, struct error *error) MUST_CHECK;

#endif
