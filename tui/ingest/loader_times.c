/* Times as a source states them, in the zone that was asked for. */
#include "loader_private.h"

#include "base/text.h"
#include "stamps.h"

#include <string.h>

/* Date and time without an offset, and nothing was said about its zone. */
static bool lacks_zone(const struct loader *loader, const struct moment *moment)
{
	return !loader->options->zone && moment->floating && moment->precision >= MOMENT_HOUR &&
	       moment->precision <= MOMENT_FRACTION;
}

bool loader_time_needs_zone(const struct loader *loader, struct span text)
{
	struct moment moment;
	return stamp_parse(span_trim(text), NULL, &moment) && lacks_zone(loader, &moment);
}

bool loader_time(struct loader *loader, struct span text, struct span column, struct moment *moment,
	struct error *error)
{
	struct last_time *last = &loader->last_time;
	text = span_trim(text);
	if (text.length > 0 && span_equal(text, span_of(last->text, last->length))) {
		*moment = last->moment;
		return true;
	}
	if (!stamp_parse(text, loader->zone, moment)) {
		*moment = (struct moment){.precision = MOMENT_NONE};
		return true;
	}
	if (!lacks_zone(loader, moment)) {
		if (text.length <= sizeof last->text) {
			memcpy(last->text, text.data, text.length);
			last->length = text.length;
			last->moment = *moment;
		}
		return true;
	}
	if (loader->options->dry_run) {
		if (loader->zoneless.length == 0)
			text_visible(&loader->zoneless, column, false);
		return true;
	}
	return error_set(error, ERROR_USAGE,
		"%.*s holds date-times without a zone (%.*s): say --zone NAME, or --zone floating "
		"to keep them as they are",
		(int)column.length, column.data, (int)text.length, text.data);
}
