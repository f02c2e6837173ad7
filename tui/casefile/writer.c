#include "writer_private.h"

#include "base/memory.h"

#include <stdlib.h>
#include <time.h>

/* Only so many problems become rows. */
#define MOST_PROBLEMS 10000

static int64_t now(void)
{
	struct timespec time;
	/* Asked for every row; a few milliseconds more or less do not count. */
	clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
	return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

struct statement *writer_statement(struct writer *writer, enum query query, struct error *error)
{
	if (!writer->fixed[query])
		writer->fixed[query] = statement_open(writer->file, query, error);
	return writer->fixed[query];
}

struct statement *writer_built(struct writer *writer, struct statement **slot, enum kind kind,
	void (*build)(struct buffer *sql, enum kind kind), struct error *error)
{
	if (*slot)
		return *slot;
	struct buffer sql = {0};
	build(&sql, kind);
	*slot = statement_open_built(writer->file, &sql, error);
	return *slot;
}

static bool run(struct writer *writer, enum query query, struct error *error)
{
	struct statement *statement = writer_statement(writer, query, error);
	return statement && statement_run(statement, error);
}

bool writer_open(struct writer *writer, struct error *error)
{
	if (writer->in_transaction)
		return true;
	if (!run(writer, QUERY_TRANSACTION_BEGIN, error))
		return false;
	writer->in_transaction = true;
	writer->began = now();
	return sequence_load(writer->file, &writer->sequence, error);
}

bool writer_settle(struct writer *writer, struct error *error)
{
	return batch_queue_settle(writer->queue, error);
}

bool writer_take_turn(struct writer *writer, struct error *error)
{
	if (!batch_queue_settle(writer->queue, error) || !writer_open(writer, error))
		return false;
	/* Records at hand have their numbers already. */
	if (writer->large != KIND_NONE)
		sequence_reach(&writer->sequence, (int)writer->large, writer->next_record);
	return true;
}

/* Events are never committed without the block that holds their text: a batch has both. */
static bool commit(struct writer *writer, struct error *error)
{
	if (!writer->in_transaction)
		return true;
	if (!sequence_store(writer->file, &writer->sequence, error) ||
		!run(writer, QUERY_TRANSACTION_COMMIT, error))
		return false;
	writer->in_transaction = false;
	return true;
}

bool writer_goes_on(const struct writer *writer, struct error *error)
{
	return !writer->cancel || !atomic_load(writer->cancel) ||
	       error_set(
		       error, ERROR_CANCELLED, "stopped as asked: nothing of this file was added");
}

bool writer_breathe(struct writer *writer, struct error *error)
{
	if (!writer_goes_on(writer, error))
		return false;
	return !writer->in_transaction || now() - writer->began < COMMIT_MICROSECONDS ||
	       commit(writer, error);
}

static bool insert_source(
	struct writer *writer, const struct writer_source *source, struct error *error)
{
	struct statement *insert = writer_statement(writer, QUERY_SOURCE_INSERT, error);
	if (!insert || !writer_open(writer, error))
		return false;
	writer->source = sequence_take(&writer->sequence, SEQUENCE_SOURCE);
	const struct span empty = {.data = "", .length = 0};
	statement_bind_int(insert, 1, writer->source);
	statement_bind_text(insert, 2, span_stated(source->name) ? source->name : empty);
	statement_bind_text(insert, 3, span_stated(source->format) ? source->format : empty);
	statement_bind_text(insert, 4, span_stated(source->importer) ? source->importer : empty);
	statement_bind_text(insert, 5, span_stated(source->options) ? source->options : empty);
	statement_bind_text(insert, 6, source->zone);
	statement_bind_int(insert, 7, source->imported);
	return statement_run(insert, error) && commit(writer, error);
}

static void rollback(struct writer *writer)
{
	if (writer->in_transaction && run(writer, QUERY_TRANSACTION_ROLLBACK, NULL))
		writer->in_transaction = false;
}

static void writer_free(struct writer *writer)
{
	batch_queue_free(writer->queue);
	for (int query = 0; query < QUERY_COUNT; query++)
		statement_close(writer->fixed[query]);
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		statement_close(writer->insert[kind]);
		statement_close(writer->update[kind]);
		statement_close(writer->find[kind]);
		statement_close(writer->again[kind]);
		statement_close(writer->row[kind]);
	}
	names_free(&writer->names);
	writer_forget_techniques(writer);
	edges_free(&writer->edges);
	buffer_free(&writer->cells);
	bulk_free(&writer->order.places);
	bulk_free(&writer->again_rows);
	buffer_free(&writer->key);
	buffer_free(&writer->own_key);
	free(writer);
}

struct writer *writer_begin(
	struct case_file *file, const struct writer_source *source, struct error *error)
{
	struct writer *writer = memory_array(1, sizeof *writer);
	if (writer)
		writer->queue = batch_queue_new(writer_write_batch, writer);
	if (!writer || !writer->queue) {
		free(writer);
		error_memory(error);
		return NULL;
	}
	writer->file = file;
	writer->cancel = source->cancel;
	writer->order.written = INT64_MIN;
	names_begin(&writer->names);
	writer->edges.seed = writer->names.seed;
	if (insert_source(writer, source, error))
		return writer;
	rollback(writer);
	writer_free(writer);
	return NULL;
}

int64_t writer_source_id(const struct writer *writer)
{
	return writer->source;
}

void writer_set_block_hook(struct writer *writer, const struct writer_block_hook *hook)
{
	writer->hook = *hook;
}

int64_t writer_mentions_left(const struct writer *writer)
{
	return writer->mentions_left;
}

int64_t writer_made(const struct writer *writer, enum kind kind)
{
	return writer->made[kind];
}

bool writer_record(struct writer *writer, const struct draft *draft, int64_t *id, bool *made,
	struct error *error)
{
	bool new_one = true;
	if (!writer_check(draft, error))
		return false;
	bool written = kind_info(draft->kind)->large
			       ? writer_large(writer, draft, id, error)
			       : writer_take_turn(writer, error) &&
					 writer_small(writer, draft, id, &new_one, error) &&
					 writer_breathe(writer, error);
	if (!written)
		return false;
	if (made)
		*made = new_one;
	if (new_one)
		writer->made[draft->kind]++;
	return true;
}

bool writer_mention(struct writer *writer, enum kind kind, int64_t id, const struct draft *draft,
	struct span key, struct error *error)
{
	struct statement *insert = writer_statement(writer, QUERY_MENTION_INSERT, error);
	if (!insert)
		return false;
	statement_bind_int(insert, 1, kind);
	statement_bind_int(insert, 2, id);
	statement_bind_int(insert, 3, writer->source);
	statement_bind_int(insert, 4, (int64_t)draft->start);
	statement_bind_int(insert, 5, (int64_t)draft->end);
	statement_bind_text(insert, 6, key);
	return statement_run(insert, error);
}

bool writer_link(struct writer *writer, const struct draft_link *link, struct error *error)
{
	if (!writer_take_turn(writer, error))
		return false;
	struct statement *insert = writer_statement(writer, QUERY_LINK_INSERT, error);
	if (!insert)
		return false;
	statement_bind_int(insert, 1, link->from.kind);
	statement_bind_int(insert, 2, link->from.id);
	statement_bind_text(insert, 3, link->type);
	statement_bind_int(insert, 4, link->to.kind);
	statement_bind_int(insert, 5, link->to.id);
	statement_bind_int(insert, 6, link->basis);
	statement_bind_text(insert, 7, link->detail);
	statement_bind_int(insert, 8, writer->source);
	statement_bind_int(insert, 9, (int64_t)link->start);
	statement_bind_int(insert, 10, (int64_t)link->end);
	return statement_run(insert, error) && writer_breathe(writer, error);
}

bool writer_problem(struct writer *writer, int64_t line, int64_t start, int64_t end, bool skipped,
	const char *message, struct error *error)
{
	if (writer->problems >= MOST_PROBLEMS)
		return true;
	if (!writer_take_turn(writer, error))
		return false;
	struct statement *insert = writer_statement(writer, QUERY_PROBLEM_INSERT, error);
	if (!insert)
		return false;
	statement_bind_int(insert, 1, writer->source);
	statement_bind_int(insert, 2, ++writer->problems);
	if (line > 0)
		statement_bind_int(insert, 3, line);
	if (start >= 0) {
		statement_bind_int(insert, 4, start);
		statement_bind_int(insert, 5, end);
	}
	statement_bind_int(insert, 6, skipped);
	statement_bind_text(insert, 7, span_string(message));
	return statement_run(insert, error) && writer_breathe(writer, error);
}

bool writer_keep(struct writer *writer, struct span content, struct error *error)
{
	if (!writer_take_turn(writer, error))
		return false;
	struct statement *insert = writer_statement(writer, QUERY_SOURCE_KEEP, error);
	if (!insert)
		return false;
	statement_bind_int(insert, 1, writer->source);
	statement_bind_blob(insert, 2, span_stated(content) ? content : span_of("", 0));
	return statement_run(insert, error) && writer_breathe(writer, error);
}

static bool make_ready(
	struct writer *writer, const struct writer_totals *totals, struct error *error)
{
	struct statement *update = writer_statement(writer, QUERY_SOURCE_FINISH, error);
	if (!update || !writer_open(writer, error))
		return false;
	statement_bind_int(update, 1, writer->source);
	statement_bind_int(update, 2, totals->size);
	statement_bind_blob(update, 3, span_of((const char *)totals->sha256, HASH_SIZE));
	statement_bind_int(update, 4, totals->taken);
	statement_bind_int(update, 5, totals->skipped);
	statement_bind_int(update, 6, totals->duplicate);
	statement_bind_text(update, 7, totals->original_name);
	if (span_stated(totals->original_name))
		statement_bind_blob(
			update, 8, span_of((const char *)totals->original_sha256, HASH_SIZE));
	statement_bind_text(update, 9, totals->path);
	return statement_run(update, error) && writer_name_techniques(writer, error) &&
	       commit(writer, error);
}

bool writer_finish(struct writer *writer, const struct writer_totals *totals, struct error *error)
{
	bool finished = writer_end_batch(writer, error) && writer_flush_again(writer, error) &&
			writer_flush_edges(writer, error) && writer_flush_order(writer, error) &&
			commit(writer, error);
	if (finished && writer->hook.finish)
		finished = writer->hook.finish(writer->hook.context, writer->file, error);
	if (finished && make_ready(writer, totals, error)) {
		writer_free(writer);
		return true;
	}
	writer_abandon(writer);
	return false;
}

void writer_abandon(struct writer *writer)
{
	struct case_file *file = writer->file;
	int64_t source = writer->source;
	batch_queue_free(writer->queue);
	writer->queue = NULL;
	rollback(writer);
	writer_free(writer);
	/* Whatever keeps it from being swept now, it stays `loading` and is swept at the next open.
	 */
	if (!writer_sweep_source(file, source, NULL))
		return;
}
