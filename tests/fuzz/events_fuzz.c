/* Logs, timelines and lists over any bytes; the first byte chooses the format. */
#include "format_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const formats[] = {"hayabusa", "timesketch", "winlog", "ecs", "zeek",
		"cloudtrail", "gcp-audit", "azure-activity", "m365-audit", "hashes", "hibp",
		"text"};
	if (size > 0)
		format_target(
			formats[data[0] % ARRAY_LENGTH(formats)], NULL, data + 1, size - 1, NULL);
	return 0;
}
