/* Any bytes as indicators: what was made harmless is taken back once and for all, several in a cell
 * are told apart within it. */
#include "../../tui/ingest/indicator.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size), rest = text;
	struct buffer out = {0}, again = {0};
	bool defanged = indicator_refang(text, &out);
	check(defanged == (out.length > 0) && out.length <= size);
	if (defanged)
		check(!indicator_refang(buffer_span(&out), &again) && again.length == 0);
	indicator_type(text);
	indicator_type_of(text);
	indicator_column(text);
	for (struct span one; span_stated(one = indicator_next(&rest));)
		check(one.length > 0 && one.data >= text.data &&
			one.data + one.length <= text.data + size);
	buffer_free(&out);
	buffer_free(&again);
	return 0;
}
