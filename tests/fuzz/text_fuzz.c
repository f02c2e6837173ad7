/* Any bytes made visible: every byte in exactly one unit, and nothing unsafe in what is drawn. */
#include "base/buffer.h"
#include "base/text.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_visible(struct span text, bool ascii)
{
	struct text_cluster cluster;
	struct buffer out = {0};
	size_t at = 0;
	size_t width = 0;
	while (text_visible_next(text, at, ascii, &cluster)) {
		check(cluster.start == at && cluster.end > at && cluster.end <= text.length);
		check(cluster.width >= 1 && (cluster.mark || cluster.width <= 2));
		check(cluster.length > 0 && cluster.length < sizeof cluster.bytes);
		width += (size_t)cluster.width;
		at = cluster.end;
	}
	check(at == text.length);
	check(text_width(text, ascii) == width);
	text_visible(&out, text, ascii);
	struct span shown = buffer_span(&out);
	check(text_invalid_at(shown) == shown.length);
	/* Nothing in what was made visible is unsafe. */
	for (at = 0; text_visible_next(shown, at, false, &cluster); at = cluster.end)
		check(!cluster.mark);
	buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);
	struct buffer once = {0};
	check_visible(text, false);
	check_visible(text, true);
	check(text_cut(text, size / 2) <= size / 2);
	text_normalise(&once, text);
	buffer_free(&once);
	return 0;
}
