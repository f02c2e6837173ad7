#include "base/hash.h"

void hash_begin(struct hash *hash)
{
	sha256_init(&hash->context);
}

void hash_add(struct hash *hash, const void *data, size_t length)
{
	sha256_update(&hash->context, length, data);
}

void hash_end(struct hash *hash, uint8_t digest[HASH_SIZE])
{
	sha256_digest(&hash->context, HASH_SIZE, digest);
}

void hash_text(const uint8_t digest[HASH_SIZE], char text[HASH_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < HASH_SIZE; i++) {
		text[2 * i] = digits[digest[i] >> 4];
		text[2 * i + 1] = digits[digest[i] & 15];
	}
	text[HASH_TEXT_SIZE - 1] = '\0';
}
