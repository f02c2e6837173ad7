#include "stamps.h"

#include "ingest/loader.h"

#include <stdio.h>
#include <string.h>

#define SECOND 1000000LL
/* 1601-01-01, where FILETIME begins. */
#define YEAR_1601 (-11644473600LL * SECOND)
#define MIN_EPOCH_DIGITS 9
#define STAMP_SIZE 64

static bool is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* Digits before a `.`, when all of text is a number without sign; 0 when it is none. */
static size_t number_digits(struct span text)
{
	size_t digits = 0;
	while (digits < text.length && is_digit(text.data[digits]))
		digits++;
	size_t at = digits;
	if (at < text.length && text.data[at] == '.')
		for (at++; at < text.length && is_digit(text.data[at]);)
			at++;
	return at == text.length ? digits : 0;
}

static bool read_epoch(struct span text, size_t digits, struct moment *moment)
{
	long long number;
	if (digits <= 11)
		return moment_parse_epoch(text, 1, moment);
	if (digits <= 14)
		return moment_parse_epoch(text, 1000, moment);
	if (digits <= 16)
		return moment_parse_epoch(text, SECOND, moment);
	if (digits < 18 || digits > 19 || !span_to_integer(span_slice(text, 0, digits), &number))
		return false;
	number = digits == 18 ? number / 10 + YEAR_1601 : number / 1000;
	*moment = (struct moment){.from = number, .to = number + 1, .precision = MOMENT_FRACTION};
	return true;
}

static bool is_nothing(struct span text, const struct moment *moment)
{
	bool zeros = text.length > 0;
	for (size_t i = 0; i < text.length; i++)
		zeros = zeros && memchr("0-/:.T+Z ", text.data[i], 9);
	if (zeros)
		return true;
	return moment->precision >= MOMENT_SECOND && moment->precision <= MOMENT_FRACTION &&
	       (moment->from == 0 || moment->from == YEAR_1601);
}

/* Up to `most` digits at *at, which moves behind them and one of the bytes in `after`. */
static bool take_number(struct span text, size_t *at, size_t most, const char *after, int *number)
{
	size_t begin = *at;
	*number = 0;
	while (*at < text.length && is_digit(text.data[*at]) && *at - begin < most)
		*number = *number * 10 + (text.data[(*at)++] - '0');
	if (*at == begin)
		return false;
	if (!*after)
		return true;
	return *at < text.length && strchr(after, text.data[*at]) && ++*at;
}

/* `8:52:33.12 PM` behind a date as `T08:52:33.12` into out; all of text must be one. */
static bool read_clock(struct span text, char *out, size_t size)
{
	size_t at = 0;
	int hour, minute;
	if (!take_number(text, &at, 2, ":", &hour) || !take_number(text, &at, 2, "", &minute))
		return false;
	size_t rest = at;
	while (at < text.length && (is_digit(text.data[at]) || strchr(":.", text.data[at])))
		at++;
	struct span seconds = span_slice(text, rest, at);
	struct span half = span_trim(span_slice(text, at, text.length));
	bool before = span_equal_ignoring_case(half, span_string("AM"));
	bool past = span_equal_ignoring_case(half, span_string("PM"));
	if (half.length > 0 && !before && !past)
		return false;
	if (before || past)
		hour = hour % 12 + (past ? 12 : 0);
	int length = snprintf(
		out, size, "T%02d:%02d%.*s", hour, minute, (int)seconds.length, seconds.data);
	return length > 0 && (size_t)length < size;
}

/* A date with slashes as ISO 8601 into out. */
static bool spell_out(struct span text, bool day_first, char out[STAMP_SIZE])
{
	size_t at = 0;
	int first, second, year;
	char clock[STAMP_SIZE / 2] = "";
	if (!take_number(text, &at, 2, "/.-", &first) || !take_number(text, &at, 2, "/.-", &second))
		return false;
	size_t year_at = at;
	if (!take_number(text, &at, 4, "", &year) || at - year_at == 3 || at - year_at == 1)
		return false;
	if (at - year_at == 2)
		year += year < 70 ? 2000 : 1900;
	struct span rest = span_trim(span_slice(text, at, text.length));
	if (rest.length > 0 && rest.data[0] == ',')
		rest = span_trim(span_slice(rest, 1, rest.length));
	if (rest.length > 0 && !read_clock(rest, clock, sizeof clock))
		return false;
	snprintf(out, STAMP_SIZE, "%04d-%02d-%02d%s", year, day_first ? second : first,
		day_first ? first : second, clock);
	return true;
}

/* text as loader_time is to read it, with `Z` behind it where the format means UTC. */
static struct span with_zone(struct span text, char out[STAMP_SIZE])
{
	struct moment moment;
	if (text.length + 2 > STAMP_SIZE || !moment_parse(text, NULL, &moment, NULL) ||
		!moment.floating || moment.precision < MOMENT_HOUR ||
		moment.precision > MOMENT_FRACTION)
		return text;
	snprintf(out, STAMP_SIZE, "%.*sZ", (int)text.length, text.data);
	return span_string(out);
}

bool stamp_read(struct loader *loader, struct span text, enum stamp_form form, struct span column,
	struct moment *moment, bool *nothing, struct error *error)
{
	char spelled[STAMP_SIZE];
	text = span_trim(text);
	size_t digits = number_digits(text);
	*moment = (struct moment){.precision = MOMENT_NONE};
	*nothing = is_nothing(text, moment);
	if (*nothing || text.length == 0)
		return true;
	if (form == STAMP_MICRO) {
		if (!moment_parse_epoch(text, SECOND, moment))
			moment->precision = MOMENT_NONE;
	} else if (digits >= MIN_EPOCH_DIGITS || (digits > 0 && form == STAMP_EPOCH)) {
		if (!read_epoch(text, digits, moment))
			moment->precision = MOMENT_NONE;
	} else if (form == STAMP_MDY || form == STAMP_DMY) {
		struct span iso =
			spell_out(text, form == STAMP_DMY, spelled) ? span_string(spelled) : text;
		if (!loader_time(loader, iso, column, moment, error))
			return false;
	} else {
		struct span stated = form == STAMP_UTC ? with_zone(text, spelled) : text;
		if (!loader_time(loader, stated, column, moment, error))
			return false;
	}
	*nothing = is_nothing(text, moment);
	if (*nothing)
		moment->precision = MOMENT_NONE;
	return true;
}

void stamp_in_zone(struct span text, enum stamp_form form, const struct zone *zone,
	struct moment *moment, bool *nothing)
{
	char spelled[STAMP_SIZE];
	text = span_trim(text);
	*moment = (struct moment){.precision = MOMENT_NONE};
	*nothing = is_nothing(text, moment);
	if (*nothing)
		return;
	if ((form == STAMP_MDY || form == STAMP_DMY) && spell_out(text, form == STAMP_DMY, spelled))
		text = span_string(spelled);
	if (!moment_parse(text, zone, moment, NULL))
		*moment = (struct moment){.precision = MOMENT_NONE};
	*nothing = is_nothing(text, moment);
	if (*nothing)
		moment->precision = MOMENT_NONE;
}

bool stamp_needs_zone(const struct loader *loader, struct span text, enum stamp_form form)
{
	char spelled[STAMP_SIZE];
	text = span_trim(text);
	if (form == STAMP_UTC || form == STAMP_EPOCH || form == STAMP_MICRO ||
		number_digits(text) >= MIN_EPOCH_DIGITS)
		return false;
	if ((form == STAMP_MDY || form == STAMP_DMY) && spell_out(text, form == STAMP_DMY, spelled))
		text = span_string(spelled);
	return loader_time_needs_zone(loader, text);
}
