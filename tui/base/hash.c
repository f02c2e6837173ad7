#include "base/hash.h"

void hash_begin(struct hash *hash)
{
	SHA256Init(&hash->context);
}

void hash_add(struct hash *hash, const void *data, size_t length)
{
	SHA256Update(&hash->context, data, length);
}

void hash_end(struct hash *hash, uint8_t digest[HASH_SIZE])
{
	SHA256Final(digest, &hash->context);
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
