/* Fuzz target: bytes as a block's cells over a text, both taken from the input. */
#include "casefile/block.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 1)
		return 0;
	/* The first byte says how much of the rest is text. */
	size_t text = (size - 1) * data[0] / 255;
	const char *bytes = (const char *)data + 1;
	struct block block = {0};
	struct error error;
	if (block_decode(
		    &block, span_of(bytes, text), span_of(bytes + text, size - 1 - text), &error)) {
		struct buffer cell = {0};
		for (size_t i = 0; i < block.cell_count; i++)
			block_cell_bytes(&block, &block.cells[i], &cell);
		buffer_free(&cell);
	}
	block_free(&block);
	return 0;
}
