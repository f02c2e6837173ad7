/*
 * base/hash.h: SHA-256, by nettle, which uses the processor's own instructions for it.
 *
 *	struct hash hash;
 *	hash_begin(&hash);
 *	hash_add(&hash, data, length);
 *	uint8_t digest[HASH_SIZE];
 *	hash_end(&hash, digest);
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <nettle/sha2.h>
#include <stddef.h>
#include <stdint.h>

#define HASH_SIZE 32
/* 64 hexadecimal digits and a NUL. */
#define HASH_TEXT_SIZE (2 * HASH_SIZE + 1)

struct hash {
	struct sha256_ctx context;
};

void hash_begin(struct hash *hash);
void hash_add(struct hash *hash, const void *data, size_t length);
void hash_end(struct hash *hash, uint8_t digest[HASH_SIZE]);
/* Lower-case hexadecimal, with a NUL. */
void hash_text(const uint8_t digest[HASH_SIZE], char text[HASH_TEXT_SIZE]);

#endif
