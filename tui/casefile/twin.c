#include "twin_private.h"

#include "base/bits.h"
#include "base/memory.h"
#include "base/table_hash.h"
#include "block_cache.h"
#include "casefile/visible.h"

#include <stdlib.h>
#include <string.h>

/* Events that are remembered before all are forgotten: 12 MiB. */
#define MOST_EVENTS ((size_t)1 << 18)
#define TABLE_SIZE (2 * MOST_EVENTS)
/* Stretches of time that are remembered. */
#define MOST_STRETCHES 4096
/* Blocks that are kept, some 20 MiB: a log that was written by many machines in turn, and exported
 * one after the other, goes through as many of them at once. */
#define MOST_BLOCKS 128
/* Events that are read ahead, while what is asked for follows in their order. */
#define MOST_AHEAD 512
/* Events of one time and key that are remembered, and of those that are held against a draft: no
 * file makes an import take time that grows with the square of its rows. */
#define MOST_COPIES 1024
#define MOST_COMPARED 64

struct twin_event {
	uint64_t hash; /* of time and key; 0: free */
	int64_t id;
};

/* All events of the format from one time on and before another are in the table. */
struct stretch {
	int64_t from, until;
};

struct twins {
	const struct case_file *file;
	struct writer *writer;
	uint64_t seed;
	struct id_runs of_format, hidden;
	struct field_names names;
	struct natural_key key;
	struct block_cache blocks;
	struct statement *order;
	struct twin_event *events; /* a hash table, allocated when it is first needed */
	size_t event_count;
	struct stretch *stretches; /* ascending, not touching */
	size_t stretch_count, stretch_capacity;
	int64_t *crowded; /* times of more events than are remembered */
	size_t crowded_count, crowded_capacity;
	int ahead;         /* events to be read at the next go */
	int met;           /* of those read last */
	struct bits given; /* twins, by their distance from the format's first event */
	struct buffer exact;
};

static bool load(struct twins *twins, struct span format, struct error *error)
{
	twins->seed = table_hash_seed();
	return hidden_load(twins->file, KIND_EVENT, &twins->hidden, error) &&
	       field_names_load(twins->file, &twins->names, error) &&
	       block_cache_open(&twins->blocks, twins->file, MOST_BLOCKS, error) &&
	       (twins->order = statement_open(twins->file, QUERY_EVENT_ORDER_BETWEEN, error)) &&
	       runs_of_format(twins->file, KIND_EVENT, format, &twins->of_format, error);
}

bool twins_open(const struct case_file *file, struct writer *writer, struct span format,
	struct twins **twins, struct error *error)
{
	struct id_runs of_format = {0};
	*twins = NULL;
	if (writer && !writer_settle(writer, error))
		return false;
	bool read = runs_of_format(file, KIND_EVENT, format, &of_format, error);
	bool none = of_format.count == 0;
	id_runs_free(&of_format);
	if (!read || none)
		return read;
	struct twins *made = memory_array(1, sizeof *made);
	if (!made)
		return error_memory(error);
	made->file = file;
	made->writer = writer;
	made->ahead = 1;
	if (load(made, format, error)) {
		*twins = made;
		return true;
	}
	twins_close(made);
	return false;
}

void twins_close(struct twins *twins)
{
	if (!twins)
		return;
	statement_close(twins->order);
	block_cache_close(&twins->blocks);
	field_names_free(&twins->names);
	id_runs_free(&twins->of_format);
	id_runs_free(&twins->hidden);
	bits_free(&twins->given);
	buffer_free(&twins->exact);
	free(twins->stretches);
	free(twins->crowded);
	free(twins->events);
	free(twins);
}

/* ---- events by time and key ---- */

static void forget(struct twins *twins)
{
	if (twins->event_count > 0)
		memset(twins->events, 0, TABLE_SIZE * sizeof *twins->events);
	twins->event_count = 0;
	twins->stretch_count = 0;
}

/* What is said in another way (observed, reported) is not the same. */
static uint64_t with_time(uint64_t key, int64_t time, int64_t basis)
{
	uint64_t hash = (key ^ (uint64_t)time) * UINT64_C(0x9fb21c651e98df25) + (uint64_t)basis;
	hash ^= hash >> 32;
	return hash ? hash : 1;
}

/* The case is ours to read. */
static bool settle(const struct twins *twins, struct error *error)
{
	return !twins->writer || writer_settle(twins->writer, error);
}

static bool tell(struct twins *twins, int64_t id, struct told *told, struct error *error)
{
	struct record_id event = {.kind = KIND_EVENT, .id = id};
	const struct block *block = block_cache_held(&twins->blocks, event);
	if (!block && settle(twins, error))
		block = block_cache_find(&twins->blocks, event, error);
	if (!block)
		return false;
	const uint32_t *start = &block->record_start[id - block->first];
	*told = (struct told){.names = &twins->names,
		.block = block,
		.cells = block->cells + start[0],
		.count = start[1] - start[0],
		.exact = &twins->exact};
	return true;
}

static bool add_event(
	struct twins *twins, int64_t time, int64_t id, int64_t basis, struct error *error)
{
	struct told told;
	if (!tell(twins, id, &told, error))
		return false;
	uint64_t key = natural_key_of_told(&twins->key, twins->seed, &told);
	if (buffer_failed(&twins->exact))
		return error_memory(error);
	if (key == 0)
		return true;
	uint64_t hash = with_time(key, time, basis);
	size_t at = (size_t)hash & (TABLE_SIZE - 1);
	for (int copies = 0; twins->events[at].hash != 0; at = (at + 1) & (TABLE_SIZE - 1)) {
		copies += twins->events[at].hash == hash;
		if (copies == MOST_COPIES)
			return true;
	}
	twins->events[at] = (struct twin_event){.hash = hash, .id = id};
	twins->event_count++;
	return true;
}

/* Whether the event at hand is of the format, can be seen, and stands for one thing. */
static bool is_candidate(const struct twins *twins, int64_t id)
{
	return statement_int(twins->order, 3) != 0 && id_runs_hold(&twins->of_format, id) &&
	       !id_runs_hold(&twins->hidden, id);
}

/* ---- stretches of time ---- */

/* The first stretch that ends behind a time. */
static size_t stretch_at(const struct twins *twins, int64_t time)
{
	size_t low = 0;
	for (size_t high = twins->stretch_count; low < high;) {
		size_t middle = low + (high - low) / 2;
		if (twins->stretches[middle].until <= time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool has_time(const struct twins *twins, int64_t time)
{
	size_t at = stretch_at(twins, time);
	return at < twins->stretch_count && twins->stretches[at].from <= time;
}

/* Adds one at its place, where none is yet; to its neighbours when they touch. */
static bool add_stretch(struct twins *twins, int64_t from, int64_t until)
{
	size_t at = stretch_at(twins, from);
	if (at < twins->stretch_count && twins->stretches[at].from == until) {
		twins->stretches[at].from = from;
	} else {
		struct stretch *items = memory_grow(twins->stretches, &twins->stretch_capacity,
			twins->stretch_count + 1, sizeof *items);
		if (!items)
			return false;
		twins->stretches = items;
		if (at < twins->stretch_count)
			memmove(items + at + 1, items + at,
				(twins->stretch_count - at) * sizeof *items);
		items[at] = (struct stretch){.from = from, .until = until};
		twins->stretch_count++;
	}
	if (at > 0 && twins->stretches[at - 1].until == from) {
		twins->stretches[at - 1].until = twins->stretches[at].until;
		twins->stretch_count--;
		memmove(twins->stretches + at, twins->stretches + at + 1,
			(twins->stretch_count - at) * sizeof *twins->stretches);
	}
	return true;
}

/* Reads events from a time on up to `until`, as many as are read ahead and all that have the time
 * of the last; *until becomes the first time that was not read. It stays at `from` when so many
 * have this one time that they are not to be remembered. */
static bool read_order(struct twins *twins, int64_t from, int64_t *until, struct error *error)
{
	int64_t last = from, bound = *until;
	enum statement_result result = STATEMENT_DONE;
	bool good = true, full = false, enough = false;
	statement_bind_int(twins->order, 1, from);
	statement_bind_int(twins->order, 2, bound);
	for (int read = 0; good && !full && !enough; read++) {
		result = statement_step(twins->order, error);
		if (result != STATEMENT_ROW)
			break;
		int64_t time = statement_int(twins->order, 0), id = statement_int(twins->order, 1);
		enough = read >= twins->ahead && time > last;
		last = time;
		if (enough || !is_candidate(twins, id))
			continue;
		full = twins->event_count == MOST_EVENTS;
		good = full || add_event(twins, time, id, statement_int(twins->order, 2), error);
	}
	statement_reset(twins->order);
	*until = full || enough ? last : bound;
	return good && result != STATEMENT_FAILED;
}

/* There are few such times. */
static bool is_crowded(const struct twins *twins, int64_t time)
{
	for (size_t i = 0; i < twins->crowded_count; i++)
		if (twins->crowded[i] == time)
			return true;
	return false;
}

static bool remember_crowded(struct twins *twins, int64_t time)
{
	int64_t *times = memory_grow(
		twins->crowded, &twins->crowded_capacity, twins->crowded_count + 1, sizeof *times);
	if (!times)
		return false;
	twins->crowded = times;
	times[twins->crowded_count++] = time;
	return true;
}

/* Sees to it that the events of a time are in the table; *crowded: there are too many. */
static bool read_time(struct twins *twins, int64_t time, bool *crowded, struct error *error)
{
	*crowded = is_crowded(twins, time);
	if (*crowded || has_time(twins, time))
		return true;
	if (!settle(twins, error))
		return false;
	if (!twins->events)
		twins->events = memory_array(TABLE_SIZE, sizeof *twins->events);
	if (!twins->events)
		return error_memory(error);
	twins->ahead = 2 * twins->met >= twins->ahead ? 2 * twins->ahead : twins->ahead / 2;
	twins->ahead = twins->ahead < 1 ? 1 : twins->ahead;
	twins->ahead = twins->ahead > MOST_AHEAD ? MOST_AHEAD : twins->ahead;
	twins->met = 0;
	for (int go = 0; go < 2; go++) {
		if (twins->event_count == MOST_EVENTS || twins->stretch_count == MOST_STRETCHES)
			forget(twins);
		bool empty = twins->event_count == 0;
		size_t next = stretch_at(twins, time);
		int64_t until =
			next < twins->stretch_count ? twins->stretches[next].from : INT64_MAX;
		if (!read_order(twins, time, &until, error))
			return false;
		if (until > time)
			return add_stretch(twins, time, until) || error_memory(error);
		if (empty)
			break;
	}
	*crowded = true;
	forget(twins);
	return remember_crowded(twins, time) || error_memory(error);
}

/* ---- twins ---- */

/* The time by which events are sorted; INT64_MAX when a draft has none. */
static int64_t time_of(const struct draft *draft)
{
	int field = kind_info(KIND_EVENT)->sort_field;
	for (size_t i = 0; i < draft->cell_count; i++)
		if (draft->cells[i].field == field)
			return draft->cells[i].moment ? draft->cells[i].moment->from : INT64_MAX;
	return INT64_MAX;
}

/* Holds the events of a time and key against a draft. */
static bool look(struct twins *twins, const struct draft *draft, uint64_t hash, enum twin *what,
	int64_t *id, struct error *error)
{
	int64_t base = twins->of_format.items[0].first;
	int copies = 0;
	for (size_t at = (size_t)hash & (TABLE_SIZE - 1);
		twins->events[at].hash != 0 && copies < MOST_COMPARED;
		at = (at + 1) & (TABLE_SIZE - 1)) {
		const struct twin_event *event = &twins->events[at];
		struct told told;
		if (event->hash != hash || bits_has(&twins->given, (uint64_t)(event->id - base)))
			continue;
		copies++;
		if (!tell(twins, event->id, &told, error))
			return false;
		if (told_is_same(&told, draft)) {
			*what = TWIN_SAME;
			*id = event->id;
			return bits_add(&twins->given, (uint64_t)(event->id - base)) ||
			       error_memory(error);
		}
		if (*what == TWIN_NONE && told_has_key(&told, &twins->key, draft)) {
			*what = TWIN_OTHERWISE;
			*id = event->id;
		}
	}
	return true;
}

bool twins_find(struct twins *twins, const struct draft *draft, enum twin *what, int64_t *id,
	struct error *error)
{
	*what = TWIN_NONE;
	*id = 0;
	int64_t time = time_of(draft);
	bool crowded;
	bool one = draft->stands_stated && draft->stands_min == 1 && draft->stands_max == 1;
	if (!draft->natural || time == INT64_MAX || !one || span_stated(draft->by))
		return true;
	if (twins->key.text != draft->natural) {
		natural_key_read(&twins->key, draft->natural, &twins->names);
		forget(twins);
	}
	uint64_t key = natural_key_of_draft(&twins->key, twins->seed, draft);
	if (key == 0)
		return true;
	if (!read_time(twins, time, &crowded, error))
		return false;
	if (crowded) {
		*what = TWIN_CROWDED;
		return true;
	}
	if (!look(twins, draft, with_time(key, time, draft->basis), what, id, error))
		return false;
	twins->met += *what != TWIN_NONE;
	return !buffer_failed(&twins->exact) || error_memory(error);
}
