/*
 * base/memory.h: allocation that is checked for overflow.
 *
 * Every function returns NULL on failure, which the caller turns into ERROR_MEMORY. Free with
 * free().
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include "base/compiler.h"

#include <stddef.h>
#include <stdlib.h>

/* Zeroed room for count items. Never returns NULL for count 0. */
void *memory_array(size_t count, size_t item_size) MUST_CHECK;

/* Room for at least `needed` items, doubling *capacity; old contents kept, new room not zeroed.
 * On failure NULL, and `old` is still valid. */
void *memory_grow(void *old, size_t *capacity, size_t needed, size_t item_size) MUST_CHECK;

/* A copy with a NUL behind it. */
char *memory_copy(const void *data, size_t length) MUST_CHECK;
char *memory_copy_string(const char *string) MUST_CHECK;

#endif
