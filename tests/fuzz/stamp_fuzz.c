/* Any bytes as a time stamp of any form: none, or one that lies in order and is written and packed
 * as every moment is. */
#include "../../tui/ingest/stamps.h"
#include "base/buffer.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_moment(const struct moment *moment)
{
	struct buffer out = {0};
	if (moment->precision == MOMENT_NONE)
		return;
	check(moment->from <= moment->to);
	moment_format(&out, moment, NULL);
	check(buffer_failed(&out) || out.length > 0);
	moment_pack(moment);
	buffer_free(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct span text = span_of((const char *)data, size);
	for (int form = STAMP_ANY; form <= STAMP_DMY; form++) {
		struct moment moment = {0};
		bool nothing = false;
		stamp_in_zone(text, (enum stamp_form)form, NULL, &moment, &nothing);
		check_moment(&moment);
		check(stamp_trouble(text, nothing) != NULL);
	}
	struct moment moment = {0};
	if (stamp_parse(text, NULL, &moment))
		check_moment(&moment);
	check(stamp_orders(text) >= 0 && stamp_orders(text) <= 3);
	stamp_part_of(text);
	return 0;
}
