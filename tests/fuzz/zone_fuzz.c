/* Any bytes as a zone's file and as a rule: refused, or an offset for every time that is one. */
#include "../../tui/base/zone_file.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

/* RFC 8536 lets offsets go to a day and a bit; a rule's summer adds one more. */
static void check_offset(int32_t offset)
{
	check(offset >= -27 * 3600 && offset <= 27 * 3600);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int64_t times[] = {INT64_MIN / 2000000, -62135596800, -1, 0, 951782400,
		1579478400, 4102444800, 253402300799, INT64_MAX / 2000000};
	struct span text = span_of((const char *)data, size);
	struct zone_data zone = {0};
	struct zone_rule rule = {0};
	struct error error = {0};
	bool read = zone_data_read(&zone, text, &error);
	check(read || error.code == ERROR_USAGE || error.code == ERROR_IO);
	bool ruled = zone_rule_read(&rule, text);
	for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
		if (read)
			check_offset(zone_data_offset(&zone, times[i]));
		if (ruled)
			check_offset(zone_rule_offset(&rule, times[i]));
	}
	zone_data_free(&zone);
	return 0;
}
