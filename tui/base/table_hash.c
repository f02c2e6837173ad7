#include "base/table_hash.h"

#include <string.h>
#include <sys/random.h>

uint64_t table_hash_seed(void)
{
	uint64_t seed;
	/* Without the system's randomness an address must do: it is only against bad luck. */
	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) != (ssize_t)sizeof seed)
		seed = (uint64_t)(uintptr_t)&seed;
	return seed;
}

static uint64_t mix(uint64_t value)
{
	value ^= value >> 32;
	value *= UINT64_C(0x9fb21c651e98df25); /* XXH3's, for the same step */
	value ^= value >> 29;
	return value;
}

uint64_t table_hash_number(uint64_t hash, uint64_t number)
{
	return mix(hash ^ number);
}

uint64_t table_hash_bytes(uint64_t hash, struct span bytes)
{
	const uint64_t seed = hash;
	uint64_t word = 0;
	size_t at = 0;
	hash = mix(seed + (bytes.length << 8));
	for (; bytes.length - at >= sizeof word; at += sizeof word) {
		memcpy(&word, bytes.data + at, sizeof word);
		hash = mix(hash ^ word) + seed;
	}
	word = 0;
	if (at < bytes.length)
		memcpy(&word, bytes.data + at, bytes.length - at);
	hash = mix(hash ^ word);
	return hash ? hash : 1;
}
