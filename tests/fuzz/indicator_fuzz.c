/* Any bytes as indicators: what was made harmless is taken back to a shorter value (of brackets in
 * brackets the inner ones), several in a cell are told apart within it, those in running text and
 * the date that it begins with lie within it. */
#include "../../tui/ingest/document_date.h"
#include "../../tui/ingest/indicator.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_running_text(struct span text)
{
	struct indicator_found found;
	struct document_date date;
	size_t before = 0, at = 0;
	while (indicator_find(text, &at, &found)) {
		check(before <= found.start && found.start < found.end && found.end <= at);
		check(at <= text.length && found.type != NULL);
		before = at;
	}
	if (document_date(text, "dmy", &date))
		check(date.length <= text.length &&
			date.day == (date.clock ? 10 : strlen(date.text)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size), rest = text;
	struct buffer out = {0}, again = {0};
	bool defanged = indicator_refang(text, &out);
	check(defanged == (out.length > 0) && out.length <= size);
	if (defanged && indicator_refang(buffer_span(&out), &again))
		check(again.length < out.length);
	indicator_type(text);
	indicator_type_of(text);
	indicator_column(text);
	check_running_text(text);
	for (struct span one; span_stated(one = indicator_next(&rest));)
		check(one.length > 0 && one.data >= text.data &&
			one.data + one.length <= text.data + size);
	buffer_free(&out);
	buffer_free(&again);
	return 0;
}
