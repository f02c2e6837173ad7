/* Any bytes as a file: unpacked, decoded in steps; the way back to the original is in order and
 * within it, and what is read to the end is what is hashed. */
#include "ingest/input.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	size_t step = data[0] % 61 + 1;
	struct error error = {0};
	struct input *input =
		input_open_bytes(span_of((const char *)data + 1, size - 1), "fuzz", &error);
	if (!input)
		return 0;
	struct span window;
	uint64_t original = 0;
	while (input_window(input, step, &window, &error) && window.length > 0) {
		uint64_t at = input_original(input, input_at(input));
		check(at >= original);
		original = at;
		input_advance(input, window.length < step ? window.length : step);
	}
	int64_t bytes;
	uint8_t digest[HASH_SIZE];
	if (input_finish(input, &bytes, digest, &error)) {
		check(original <= (uint64_t)bytes);
		check(input_packing(input) || bytes == (int64_t)size - 1);
	}
	input_close(input);
	return 0;
}
