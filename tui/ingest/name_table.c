#include "name_table.h"

#include "base/memory.h"
#include "base/table_hash.h"

#include <stdlib.h>

void name_table_free(struct name_table *names)
{
	buffer_free(&names->text);
	free(names->starts);
	free(names->slots);
	*names = (struct name_table){0};
}

struct span name_table_at(const struct name_table *names, size_t number)
{
	return span_slice(
		buffer_span(&names->text), names->starts[number], names->starts[number + 1]);
}

/* The slot of a name, or the empty one where it belongs. There is always an empty slot. */
static size_t slot_of(const struct name_table *names, struct span name)
{
	size_t slot = (size_t)table_hash_bytes(names->seed, name) & (names->slot_count - 1);
	while (names->slots[slot] &&
		!span_equal(name_table_at(names, names->slots[slot] - 1), name))
		slot = (slot + 1) & (names->slot_count - 1);
	return slot;
}

size_t name_table_find(const struct name_table *names, struct span name)
{
	if (names->slot_count == 0)
		return SIZE_MAX;
	size_t slot = slot_of(names, name);
	return names->slots[slot] ? names->slots[slot] - 1 : SIZE_MAX;
}

/* Twice the slots, at most half of them taken. */
static bool grow(struct name_table *names)
{
	size_t wanted = names->slot_count ? names->slot_count * 2 : 64;
	uint32_t *slots = calloc(wanted, sizeof *slots);
	if (!slots)
		return false;
	if (names->slot_count == 0)
		names->seed = table_hash_seed();
	free(names->slots);
	names->slots = slots;
	names->slot_count = wanted;
	for (size_t i = 0; i < names->count; i++)
		names->slots[slot_of(names, name_table_at(names, i))] = (uint32_t)(i + 1);
	return true;
}

size_t name_table_add(struct name_table *names, struct span name, bool *added)
{
	size_t found = name_table_find(names, name);
	if (added)
		*added = found == SIZE_MAX;
	if (found != SIZE_MAX)
		return found;
	if (names->count >= UINT32_MAX - 1 ||
		(2 * (names->count + 1) > names->slot_count && !grow(names)))
		return SIZE_MAX;
	size_t *starts =
		memory_grow(names->starts, &names->capacity, names->count + 2, sizeof *starts);
	if (!starts)
		return SIZE_MAX;
	names->starts = starts;
	starts[names->count] = names->text.length;
	buffer_add_span(&names->text, name);
	if (buffer_failed(&names->text))
		return SIZE_MAX;
	starts[names->count + 1] = names->text.length;
	names->slots[slot_of(names, name)] = (uint32_t)(names->count + 1);
	return names->count++;
}
