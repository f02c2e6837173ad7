#include "names.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#define MOST_NAMES ((size_t)1 << 19)
#define MOST_TEXT ((size_t)32 << 20)

static uint64_t mix(uint64_t value)
{
	value ^= value >> 32;
	value *= UINT64_C(0x9fb21c651e98df25);
	value ^= value >> 29;
	return value;
}

uint64_t names_hash(uint64_t seed, int space, struct span name)
{
	uint64_t hash = mix(seed + (uint64_t)space + (name.length << 8));
	size_t at = 0;
	for (; at + 8 <= name.length; at += 8) {
		uint64_t word;
		memcpy(&word, name.data + at, 8);
		hash = mix(hash ^ word) + seed;
	}
	uint64_t rest = 0;
	if (at < name.length)
		memcpy(&rest, name.data + at, name.length - at);
	hash = mix(hash ^ rest);
	return hash ? hash : 1;
}

uint64_t names_seed(void)
{
	uint64_t seed;
	/* Without the system's randomness an address must do: it is only against bad luck. */
	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
		seed = (uint64_t)(uintptr_t)&seed;
	return seed;
}

void names_begin(struct names *names)
{
	*names = (struct names){.seed = names_seed()};
}

void names_free(struct names *names)
{
	free(names->entries);
	buffer_free(&names->text);
	*names = (struct names){0};
}

void names_clear(struct names *names)
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
	return place(names, names_hash(names->seed, space, name), space, name)->id;
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
		names_clear(names);
	if (2 * (names->count + 1) > names->capacity && !grow(names))
		return false;
	uint64_t hash = names_hash(names->seed, space, name);
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
