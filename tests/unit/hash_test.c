/* SHA-256 against the examples of FIPS 180-4, whole and in pieces. */
#include "cmocka_all.h"

#include "base/hash.h"
#include "base/memory.h"

#include <string.h>

static const struct {
	const char *bytes;
	const char *digest;
} examples[] = {
	{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
	{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
	{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void ends_as(struct hash *hash, const char *expected)
{
	uint8_t digest[HASH_SIZE];
	char text[HASH_TEXT_SIZE];
	hash_end(hash, digest);
	hash_text(digest, text);
	assert_string_equal(text, expected);
}

static void examples_of_the_standard(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(examples); i++) {
		struct hash hash;
		hash_begin(&hash);
		hash_add(&hash, examples[i].bytes, strlen(examples[i].bytes));
		ends_as(&hash, examples[i].digest);
	}
}

/* Pieces of every length up to three blocks, none of which the block size divides evenly. */
static void in_pieces(void **state)
{
	(void)state;
	char bytes[192];
	memset(bytes, 'a', sizeof bytes);
	struct hash hash;
	hash_begin(&hash);
	size_t left = 1000000;
	for (size_t length = 0; left > 0; length = (length + 1) % sizeof bytes) {
		size_t count = length < left ? length : left;
		hash_add(&hash, bytes, count);
		left -= count;
	}
	ends_as(&hash, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(examples_of_the_standard),
		cmocka_unit_test(in_pieces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
