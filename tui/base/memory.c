#include "base/memory.h"

#include <stdint.h>
#include <string.h>

void *memory_array(size_t count, size_t item_size)
{
	return calloc(count ? count : 1, item_size);
}

void *memory_grow(void *old, size_t *capacity, size_t needed, size_t item_size)
{
	if (old && needed <= *capacity)
		return old;
	size_t wanted = *capacity < 8 ? 8 : *capacity;
	while (wanted < needed) {
		if (wanted > SIZE_MAX / 2)
			return NULL;
		wanted *= 2;
	}
	size_t bytes;
	if (__builtin_mul_overflow(wanted, item_size, &bytes))
		return NULL;
	void *grown = realloc(old, bytes);
	if (grown)
		*capacity = wanted;
	return grown;
}

char *memory_copy(const void *data, size_t length)
{
	if (length == SIZE_MAX)
		return NULL;
	char *copy = malloc(length + 1);
	if (!copy)
		return NULL;
	if (length > 0)
		memcpy(copy, data, length);
	copy[length] = '\0';
	return copy;
}

char *memory_copy_string(const char *string)
{
	return memory_copy(string, strlen(string));
}
