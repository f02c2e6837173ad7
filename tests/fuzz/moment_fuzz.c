/* Any bytes read as a time: refused with a place in them, or written back to the same time. */
#include "base/moment.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);
	struct moment moment, back;
	struct error error = {.offset = -1};
	struct buffer out = {0};
	if (moment_parse_epoch(text, 1000, &moment))
		check(moment.from < moment.to);
	if (!moment_parse(text, NULL, &moment, &error)) {
		check(error.code == ERROR_INPUT);
		check(error.offset >= 0 && (size_t)error.offset <= size);
		return 0;
	}
	check(moment.from < moment.to);
	moment_format(&out, &moment, NULL);
	buffer_clear(&out);
	moment_format_edtf(&out, &moment);
	check(moment_parse(buffer_span(&out), NULL, &back, NULL));
	check(back.from == moment.from && back.to == moment.to);
	check(moment_pack(&back) == moment_pack(&moment));
	buffer_free(&out);
	return 0;
}
