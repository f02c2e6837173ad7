/*
 * block_cache.h: decoded blocks by the records they hold, the ones asked for last.
 */
#ifndef CASEFILE_BLOCK_CACHE_H
#define CASEFILE_BLOCK_CACHE_H

#include "base/compiler.h"
#include "base/error.h"
#include "casefile/block.h"
#include "casefile/record.h"
#include "casefile/statement.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct block_cache {
	struct statement *select;
	struct block *blocks;
	uint64_t *used; /* when each was asked for last */
	size_t count;
	size_t last; /* the one asked for last */
	uint64_t clock;
};

/* Of `count` blocks at most, of some 150 KiB each. Close it also after a failure. */
bool block_cache_open(struct block_cache *cache, const struct case_file *file, size_t count,
	struct error *error) MUST_CHECK;
void block_cache_close(struct block_cache *cache);

/* The block with a record's cells if it is at hand; nothing is read. */
const struct block *block_cache_held(struct block_cache *cache, struct record_id id);
/* The block with a record's cells, which stays until `count` others were asked for. NULL:
 * ERROR_CASE_DAMAGED when there is none, ERROR_IO. */
const struct block *block_cache_find(
	struct block_cache *cache, struct record_id id, struct error *error) MUST_CHECK;

#endif
