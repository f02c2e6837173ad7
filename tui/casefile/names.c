#include "names.h"

#include "base/memory.h"
#include "base/table_hash.h"

#include <stdlib.h>
#include <string.h>

#define MOST_NAMES ((size_t)1 << 19)
#define MOST_TEXT ((size_t)32 << 20)

static uint64_t hash_of(const struct names *names, int space, struct span name)
{
	return table_hash_bytes(names->seed + (uint64_t)space, name);
}

void names_begin(struct names *names)
{
	*names = (struct names){.seed = table_hash_seed()};
}

void names_free(struct names *names)
{
	free(names->entries);
	buffer_free(&names->text);
	*names = (struct names){0};
}

static void forget(struct names *names)
{
	if (names->capacity > 0)
		memset(names->entries, 0, names->capacity * sizeof *names->entries);
	names->count = 0;
	buffer_clear(&names->text);
}

static struct name_entry *place(
	const struct names *names, uint64_t hash, int space, struct span name)
{
	size_t mask = names->capacity - 1;
	for (size_t at = (size_t)hash & mask;; at = (at + 1) & mask) {
		struct name_entry *entry = &names->entries[at];
		if (entry->hash == 0 ||
			(entry->hash == hash && entry->space == space &&
				span_equal(name,
					span_of(names->text.data + entry->start, entry->length))))
			return entry;
	}
}

int64_t names_find(const struct names *names, int space, struct span name)
{
	if (names->capacity == 0)
		return 0;
	return place(names, hash_of(names, space, name), space, name)->id;
}

static bool grow(struct names *names)
{
	size_t capacity = names->capacity ? names->capacity * 2 : 1024;
	struct name_entry *entries = memory_array(capacity, sizeof *entries);
	if (!entries)
		return false;
	for (size_t i = 0; i < names->capacity; i++) {
		if (names->entries[i].hash == 0)
			continue;
		size_t at = (size_t)names->entries[i].hash & (capacity - 1);
		while (entries[at].hash != 0)
			at = (at + 1) & (capacity - 1);
		entries[at] = names->entries[i];
	}
	free(names->entries);
	names->entries = entries;
	names->capacity = capacity;
	return true;
}

bool names_add(struct names *names, int space, struct span name, int64_t id)
{
	if (names->count >= MOST_NAMES || names->text.length + name.length > MOST_TEXT)
		forget(names);
	if (2 * (names->count + 1) > names->capacity && !grow(names))
		return false;
	uint64_t hash = hash_of(names, space, name);
	struct name_entry *entry = place(names, hash, space, name);
	size_t start = names->text.length;
	buffer_add_span(&names->text, name);
	if (buffer_failed(&names->text))
		return false;
	if (entry->hash == 0)
		names->count++;
	*entry = (struct name_entry){
		.hash = hash, .start = start, .length = name.length, .id = id, .space = space};
	return true;
}
