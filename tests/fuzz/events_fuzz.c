/* Logs, timelines and lists over any bytes: by the format that they look like, and by one that the
 * first byte chooses. */
#include "format_target.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const formats[] = {"hayabusa", "timesketch", "winlog", "ecs", "zeek",
		"cloudtrail", "gcp-audit", "azure-activity", "m365-audit", "hashes", "hibp",
		"text"};
	struct span bytes = span_of((const char *)data, size);
	const struct format *looks = size > 0 ? format_sniff(bytes, true, span_string("")) : NULL;
	for (size_t i = 0; looks && i < ARRAY_LENGTH(formats); i++)
		if (strcmp(formats[i], looks->name) == 0)
			format_target(formats[i], NULL, data, size, NULL);
	if (size > 0)
		format_target(
			formats[data[0] % ARRAY_LENGTH(formats)], NULL, data + 1, size - 1, NULL);
	return 0;
}
