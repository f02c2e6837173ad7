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

static void tell_of_hour(struct loader *loader, struct span text, struct span column)
{
	if (!loader->told_of_hour)
		loader_note(loader,
			"%.*s: an hour that %s has twice is read as its first, one that it leaves "
			"out as behind the gap, and marked as our reading; the first such time: "
			"%.*s",
			(int)(column.length < 60 ? column.length : 60), column.data,
			loader->options->zone, (int)(text.length < 60 ? text.length : 60),
			text.data);
	loader->told_of_hour = true;
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
	if (loader->zone && moment->inferred)
		tell_of_hour(loader, text, column);
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

void loader_took_for_utc(struct loader *loader, struct span column)
{
	static const char utc[] = "UtcTime";
	const size_t length = sizeof utc - 1;
	size_t begin = column.length < length ? 0 : column.length - length;
	bool named = span_is(span_slice(column, begin, column.length), utc);
	if (loader->took_for_utc || named)
		return;
	loader->took_for_utc = true;
	loader_note(loader, "%.*s: times without an offset are UTC, as this format has them%s",
		(int)(column.length < 60 ? column.length : 60), column.data,
		loader->options->zone ? ", whatever --zone says" : "");
}
