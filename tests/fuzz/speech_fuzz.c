/* Any bytes give a list of statements whose ranges lie in the text. */
#include "../../tui/ingest/speech.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct speech_list list;
	struct error error;
	if (!speech_find(span_of((const char *)data, size), &list, &error))
		return 0;
	for (size_t i = 0; i < list.count; i++) {
		const struct speech *speech = &list.items[i];
		if (speech->bytes.start >= speech->bytes.end || speech->bytes.end > size ||
			!speech->speaker || !speech->verb)
			abort();
		for (size_t j = 0; j < speech->quote_count; j++)
			if (speech->quotes[j].end > size ||
				speech->quotes[j].start >= speech->quotes[j].end)
				abort();
	}
	speech_list_free(&list);
	return 0;
}
