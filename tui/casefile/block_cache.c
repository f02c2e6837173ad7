#include "block_cache.h"

#include "base/memory.h"

#include <stdlib.h>

bool block_cache_open(
	struct block_cache *cache, const struct case_file *file, size_t count, struct error *error)
{
	*cache = (struct block_cache){.count = count};
	cache->blocks = memory_array(count, sizeof *cache->blocks);
	cache->used = memory_array(count, sizeof *cache->used);
	if (!cache->blocks || !cache->used)
		return error_memory(error);
	cache->select = statement_open(file, QUERY_BLOCK_AT, error);
	return cache->select != NULL;
}

void block_cache_close(struct block_cache *cache)
{
	statement_close(cache->select);
	for (size_t i = 0; cache->blocks && i < cache->count; i++)
		block_free(&cache->blocks[i]);
	free(cache->blocks);
	free(cache->used);
	*cache = (struct block_cache){0};
}

static bool holds(const struct block *block, struct record_id id)
{
	return block->records > 0 && block->kind == id.kind && id.id >= block->first &&
	       id.id - block->first < block->records;
}

static bool load_block(
	struct statement *select, struct record_id id, struct block *block, struct error *error)
{
	block->records = 0;
	statement_bind_int(select, 1, id.kind);
	statement_bind_int(select, 2, id.id);
	enum statement_result result = statement_step(select, error);
	bool fit = result != STATEMENT_FAILED;
	if (result == STATEMENT_ROW) {
		block->id = statement_int(select, 0);
		block->kind = id.kind;
		block->first = statement_int(select, 1);
		int64_t records = statement_int(select, 2);
		fit = block_decode(
			block, statement_blob(select, 3), statement_blob(select, 4), error);
		if (fit && block->records != records)
			fit = error_set(error, ERROR_CASE_DAMAGED,
				"block %lld of the case is damaged: it holds %lld records, not "
				"%lld",
				(long long)block->id, (long long)block->records,
				(long long)records);
		if (!fit)
			block->records = 0;
	}
	statement_reset(select);
	if (fit && !holds(block, id))
		return error_set(error, ERROR_CASE_DAMAGED,
			"the case is damaged: no block holds the text of %s:%lld",
			kind_info(id.kind)->name, (long long)id.id);
	return fit;
}

const struct block *block_cache_held(struct block_cache *cache, struct record_id id)
{
	for (size_t i = 0; i < cache->count; i++) {
		/* Most ask for the one asked for last. */
		size_t at = (cache->last + i) % cache->count;
		if (!holds(&cache->blocks[at], id))
			continue;
		cache->last = at;
		cache->used[at] = ++cache->clock;
		return &cache->blocks[at];
	}
	return NULL;
}

const struct block *block_cache_find(
	struct block_cache *cache, struct record_id id, struct error *error)
{
	const struct block *held = block_cache_held(cache, id);
	size_t oldest = 0;
	if (held)
		return held;
	for (size_t i = 1; i < cache->count; i++)
		if (cache->used[i] < cache->used[oldest])
			oldest = i;
	cache->last = oldest;
	cache->used[oldest] = ++cache->clock;
	struct block *block = &cache->blocks[oldest];
	return load_block(cache->select, id, block, error) ? block : NULL;
}
