/*
 * base/table_hash.h: hashes of bytes for tables in memory.
 *
 *	table->seed = table_hash_seed();
 *	slot = table_hash_bytes(table->seed, name) & (table->slot_count - 1);
 *
 * Fast, and no proof of anything (that is base/hash.h). Whoever wrote a file or a case chose its
 * bytes: a table takes a seed of its own, so that nobody can choose bytes that meet in it. It is
 * never stored, and no order that a person sees is made of it.
 */
#ifndef BASE_TABLE_HASH_H
#define BASE_TABLE_HASH_H

#include "base/span.h"

#include <stdint.h>

/* Another one each time. */
uint64_t table_hash_seed(void);

/* With a number behind what was hashed before, or a seed. */
uint64_t table_hash_number(uint64_t hash, uint64_t number);
/* With bytes behind it, and how many there are. Never 0. */
uint64_t table_hash_bytes(uint64_t hash, struct span bytes);

#endif
