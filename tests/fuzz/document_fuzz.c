/* Any bytes as a document: title, language, statements; nothing is written. */
#include "ingest/loader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = {0};
	struct import_result result;
	struct import_options options = {.format = "text", .dry_run = true};
	if (import_bytes(NULL, span_of((const char *)data, size), "fuzz.txt", &options, &result,
		    &error) &&
		result.rows + result.skipped != 1)
		__builtin_trap();
	import_result_free(&result);
	return 0;
}
