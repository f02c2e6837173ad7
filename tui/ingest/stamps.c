#include "stamps.h"

#include "base/ascii.h"
#include "ingest/loader.h"

#include <stdio.h>
#include <string.h>

#define SECOND 1000000LL
#define DAY (86400 * SECOND)
/* 1601-01-01, where FILETIME begins, and 0001-01-01, where .NET does. */
#define YEAR_1601 (-11644473600LL * SECOND)
#define YEAR_1 (-62135596800LL * SECOND)
/* 18 digits from here on are no FILETIME (it would be the year 3185), but .NET's ticks. */
#define TICKS_FROM 500000000000000000LL
#define MIN_EPOCH_DIGITS 9
#define STAMP_SIZE 64

/* Digits before a `.`, when all of text is a number without sign; 0 when it is none. */
static size_t number_digits(struct span text)
{
	size_t digits = 0;
	while (digits < text.length && ascii_is_digit(text.data[digits]))
		digits++;
	size_t at = digits;
	if (at < text.length && text.data[at] == '.')
		for (at++; at < text.length && ascii_is_digit(text.data[at]);)
			at++;
	return at == text.length ? digits : 0;
}

static bool read_epoch(struct span text, size_t digits, struct moment *moment)
{
	long long number;
	/* 11 or 14 digits would be of the year 2286 at the earliest. */
	if (digits <= 10)
		return moment_parse_epoch(text, 1, moment);
	if (digits == 12 || digits == 13)
		return moment_parse_epoch(text, 1000, moment);
	if (digits < 15)
		return false;
	if (digits <= 16)
		return moment_parse_epoch(text, SECOND, moment);
	if (digits < 18 || digits > 19 || !span_to_integer(span_slice(text, 0, digits), &number))
		return false;
	if (digits == 18)
		number = number / 10 + (number < TICKS_FROM ? YEAR_1601 : YEAR_1);
	else
		number /= 1000;
	*moment = (struct moment){.from = number, .to = number + 1, .precision = MOMENT_FRACTION};
	return true;
}

/* Midnight of 1970-01-01 on some wall: tools write a zero in the zone they are set to. */
static bool is_1970_at_midnight(struct span text)
{
	size_t at = 10;
	if (!span_equal(span_slice(text, 0, at), span_string("1970-01-01")))
		return false;
	while (at < text.length && memchr("T 0:.", text.data[at], 5))
		at++;
	return at == text.length || strchr("Z+-U", text.data[at]);
}

/* What a zero becomes: where 1601 and the year 1 begin, within the day that zones differ by. */
static bool is_nothing(struct span text, const struct moment *moment)
{
	bool zeros = text.length > 0;
	for (size_t i = 0; i < text.length; i++)
		zeros = zeros && memchr("0-/:.T+Z ", text.data[i], 9);
	if (zeros)
		return true;
	if (moment->precision < MOMENT_DAY || moment->precision > MOMENT_FRACTION)
		return false;
	return moment->from == 0 || is_1970_at_midnight(text) || moment->from <= YEAR_1 + DAY ||
	       (moment->from >= YEAR_1601 - DAY && moment->from <= YEAR_1601 + DAY);
}

/* Up to `most` digits at *at, which moves behind them and one of the bytes in `after`. */
static bool take_number(struct span text, size_t *at, size_t most, const char *after, int *number)
{
	size_t begin = *at;
	*number = 0;
	while (*at < text.length && ascii_is_digit(text.data[*at]) && *at - begin < most)
		*number = *number * 10 + (text.data[(*at)++] - '0');
	if (*at == begin)
		return false;
	if (!*after)
		return true;
	return *at < text.length && strchr(after, text.data[*at]) && ++*at;
}

/* What stands behind a clock: nothing, `Z`, `UTC`, `GMT`, `+09:00` or `+0900`; as ISO 8601 into
 * out. */
static bool read_offset(struct span text, char *out, size_t size)
{
	text = span_trim(text);
	out[0] = '\0';
	if (text.length == 0)
		return true;
	if (span_is(text, "Z") || span_is(text, "UTC") || span_is(text, "GMT")) {
		snprintf(out, size, "Z");
		return true;
	}
	bool colon = text.length == 6 && text.data[3] == ':';
	if ((text.data[0] != '+' && text.data[0] != '-') || (text.length != 5 && !colon))
		return false;
	snprintf(out, size, "%.3s:%.2s", text.data, text.data + (colon ? 4 : 3));
	return true;
}

/* `8:52:33.12 PM +09:00` behind a date as `T08:52:33.12+09:00` into out; all of text must be one.
 */
static bool read_clock(struct span text, char *out, size_t size)
{
	size_t at = 0;
	int hour, minute;
	char offset[8];
	if (!take_number(text, &at, 2, ":", &hour) || !take_number(text, &at, 2, "", &minute))
		return false;
	size_t rest = at;
	while (at < text.length && (ascii_is_digit(text.data[at]) || strchr(":.", text.data[at])))
		at++;
	struct span seconds = span_slice(text, rest, at);
	struct span tail = span_trim(span_slice(text, at, text.length));
	bool before = span_equal_ignoring_case(span_slice(tail, 0, 2), span_string("AM"));
	bool past = span_equal_ignoring_case(span_slice(tail, 0, 2), span_string("PM"));
	if (before || past) {
		hour = hour % 12 + (past ? 12 : 0);
		tail = span_slice(tail, 2, tail.length);
	}
	if (!read_offset(tail, offset, sizeof offset))
		return false;
	int length = snprintf(out, size, "T%02d:%02d%.*s%s", hour, minute, (int)seconds.length,
		seconds.data, offset);
	return length > 0 && (size_t)length < size;
}

/* A date in words or numbers: where it ends in text. */
struct date {
	int year, month, day;
};

static bool take_year(struct span text, size_t *at, int *year)
{
	size_t begin = *at;
	if (!take_number(text, at, 4, "", year) || *at - begin == 3 || *at - begin == 1)
		return false;
	if (*at - begin == 2)
		*year += *year < 70 ? 2000 : 1900;
	return true;
}

/* `22/1/2012`, in the order that was stated. */
static bool take_numbers(struct span text, bool day_first, size_t *at, struct date *date)
{
	int first, second;
	if (!take_number(text, at, 2, "/.-", &first) || !take_number(text, at, 2, "/.-", &second) ||
		!take_year(text, at, &date->year))
		return false;
	date->day = day_first ? first : second;
	date->month = day_first ? second : first;
	return true;
}

/* `20210505101010` and `202105051010`, and what may stand behind them, as ISO 8601: read as an
 * epoch they would be of the year 2610, or of 1976. */
static bool spell_compact(struct span text, char out[STAMP_SIZE])
{
	char offset[8];
	struct moment moment;
	size_t digits = 0;
	while (digits < text.length && ascii_is_digit(text.data[digits]))
		digits++;
	size_t end = digits;
	if (digits == 14 && end < text.length && text.data[end] == '.')
		for (end++; end < text.length && ascii_is_digit(text.data[end]);)
			end++;
	bool century =
		digits >= 2 && (memcmp(text.data, "19", 2) == 0 || memcmp(text.data, "20", 2) == 0);
	if ((digits != 14 && digits != 12) || !century ||
		!read_offset(span_slice(text, end, text.length), offset, sizeof offset))
		return false;
	const char *data = text.data;
	int length = snprintf(out, STAMP_SIZE, "%.4s-%.2s-%.2sT%.2s:%.2s%s%.*s%s", data, data + 4,
		data + 6, data + 8, data + 10, digits == 14 ? ":" : "", (int)(end - 12), data + 12,
		offset);
	return length > 0 && length < STAMP_SIZE &&
	       moment_parse(span_string(out), NULL, &moment, NULL);
}

int stamp_month(struct span word)
{
	static const char *const names[] = {"january", "february", "march", "april", "may", "june",
		"july", "august", "september", "october", "november", "december"};
	for (int month = 0; month < 12 && word.length >= 3; month++)
		if (span_equal_ignoring_case(
			    word, span_slice(span_string(names[month]), 0, word.length)))
			return month + 1;
	return 0;
}

/* The number of the month whose name stands at *at, which moves behind the word; 0. */
static int take_month(struct span text, size_t *at)
{
	size_t begin = *at;
	while (*at < text.length &&
		((text.data[*at] | 0x20) >= 'a' && (text.data[*at] | 0x20) <= 'z'))
		++*at;
	return stamp_month(span_slice(text, begin, *at));
}

static void skip_between(struct span text, size_t *at)
{
	while (*at < text.length && memchr(" ,-./", text.data[*at], 5))
		++*at;
}

/* `2021 Feb 04`, `Fri, 22 Feb 2022`, `Feb 4, 2021`: a month by its name can't be mistaken. */
static bool take_words(struct span text, size_t *at, struct date *date)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	for (size_t i = 0; i < 7; i++)
		if (span_equal_ignoring_case(span_slice(text, 0, 3), span_string(days[i]))) {
			take_month(text, at);
			skip_between(text, at);
		}
	size_t begin = *at;
	bool year_first = begin + 4 < text.length && ascii_is_digit(text.data[begin + 3]);
	if (year_first && !take_year(text, at, &date->year))
		return false;
	bool month_first =
		!year_first && !ascii_is_digit(text.length > begin ? text.data[begin] : '0');
	if (!year_first && !month_first && !take_number(text, at, 2, "", &date->day))
		return false;
	skip_between(text, at);
	date->month = take_month(text, at);
	skip_between(text, at);
	if (date->month == 0 ||
		((year_first || month_first) && !take_number(text, at, 2, "", &date->day)))
		return false;
	skip_between(text, at);
	return year_first || take_year(text, at, &date->year);
}

/* `2021/2/4 2:42 PM`: the year first leaves nothing open, but no ISO 8601 has a half of a day. */
static bool take_year_first(struct span text, size_t *at, struct date *date)
{
	char last = text.length ? text.data[text.length - 1] : '0';
	return (last == 'M' || last == 'm') && take_number(text, at, 4, "/-", &date->year) &&
	       *at == 5 && take_number(text, at, 2, "/-", &date->month) &&
	       take_number(text, at, 2, "", &date->day);
}

/* A date that is no ISO 8601, and the clock behind it, as ISO 8601 into out. form: STAMP_MDY or
 * STAMP_DMY for the order of numbers; any other reads names of months only. */
static bool spell_out(struct span text, enum stamp_form form, char out[STAMP_SIZE])
{
	if (spell_compact(text, out))
		return true;
	size_t at = 0;
	struct date date;
	char clock[STAMP_SIZE / 2] = "";
	bool numbers = form == STAMP_MDY || form == STAMP_DMY;
	bool taken = numbers && take_numbers(text, form == STAMP_DMY, &at, &date);
	if (!taken) {
		at = 0;
		taken = take_words(text, &at, &date);
	}
	if (!taken) {
		at = 0;
		taken = take_year_first(text, &at, &date);
	}
	if (!taken)
		return false;
	struct span rest = span_trim(span_slice(text, at, text.length));
	if (rest.length > 0 && rest.data[0] == ',')
		rest = span_trim(span_slice(rest, 1, rest.length));
	if (rest.length > 0 && !read_clock(rest, clock, sizeof clock))
		return false;
	snprintf(out, STAMP_SIZE, "%04d-%02d-%02d%s", date.year, date.month, date.day, clock);
	return true;
}

/* Whether a date that is no ISO 8601 reads as a time in this order; its precision into *moment. */
static bool reads_in_order(struct span text, enum stamp_form form, struct moment *moment)
{
	char spelled[STAMP_SIZE];
	return spell_out(text, form, spelled) &&
	       moment_parse(span_string(spelled), NULL, moment, NULL);
}

/* Spellings of ISO 8601 that tools write: `2023-10-25 17:44:52 UTC`, `... +09:00` with a space
 * before the offset, and `2025/10/01` (the year first: nothing to guess). */
bool stamp_parse(struct span text, const struct zone *zone, struct moment *moment)
{
	char plain[64];
	size_t length = 0;
	if (moment_parse(text, zone, moment, NULL))
		return true;
	if (text.length < 10 || text.length >= sizeof plain)
		return false;
	bool slashes = text.data[4] == '/' && text.data[7] == '/';
	for (size_t i = 0; i < text.length; i++) {
		struct span rest = span_slice(text, i, text.length);
		if (i > 10 &&
			(span_is(rest, " UTC") || span_is(rest, " GMT") || span_is(rest, " Z"))) {
			plain[length++] = 'Z';
			break;
		}
		if (i > 10 && rest.length > 1 && rest.data[0] == ' ' &&
			(rest.data[1] == '+' || rest.data[1] == '-'))
			continue;
		plain[length++] = slashes && (i == 4 || i == 7) ? '-' : text.data[i];
	}
	return moment_parse(span_of(plain, length), zone, moment, NULL);
}

int stamp_orders(struct span text)
{
	size_t at = 0;
	struct date date;
	struct moment moment;
	text = span_trim(text);
	if (!take_numbers(text, false, &at, &date))
		return 0;
	return (reads_in_order(text, STAMP_MDY, &moment) ? STAMP_ORDER_MDY : 0) |
	       (reads_in_order(text, STAMP_DMY, &moment) ? STAMP_ORDER_DMY : 0);
}

enum stamp_part stamp_part_of(struct span text)
{
	char clock[STAMP_SIZE / 2];
	struct moment moment;
	text = span_trim(text);
	if (text.length < 4)
		return STAMP_PART_NONE;
	if (read_clock(text, clock, sizeof clock))
		return STAMP_PART_CLOCK;
	if (!reads_in_order(text, STAMP_MDY, &moment) &&
		!reads_in_order(text, STAMP_DMY, &moment) && !stamp_parse(text, NULL, &moment))
		return STAMP_PART_NONE;
	if (moment.precision < MOMENT_DAY || moment.precision > MOMENT_FRACTION)
		return STAMP_PART_NONE;
	return moment.precision == MOMENT_DAY ? STAMP_PART_DAY : STAMP_PART_BOTH;
}

/* The form that a text is read in: the order of days and months may have been stated for all. */
static enum stamp_form form_of(const struct loader *loader, enum stamp_form form)
{
	const char *dates = loader_options(loader)->dates;
	if (form != STAMP_ANY || !dates)
		return form;
	return strcmp(dates, "dmy") == 0 ? STAMP_DMY : STAMP_MDY;
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
	form = form_of(loader, form);
	if (form == STAMP_MICRO) {
		if (!moment_parse_epoch(text, SECOND, moment))
			moment->precision = MOMENT_NONE;
	} else if ((digits >= MIN_EPOCH_DIGITS && !spell_compact(text, spelled)) ||
		   (digits > 0 && form == STAMP_EPOCH)) {
		if (!read_epoch(text, digits, moment))
			moment->precision = MOMENT_NONE;
	} else {
		if (spell_out(text, form, spelled))
			text = span_string(spelled);
		char zoned[STAMP_SIZE];
		struct span stated = form == STAMP_UTC ? with_zone(text, zoned) : text;
		if (stated.data != text.data)
			loader_took_for_utc(loader, column);
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
	if (spell_out(text, form, spelled))
		text = span_string(spelled);
	if (!moment_parse(text, zone, moment, NULL))
		*moment = (struct moment){.precision = MOMENT_NONE};
	*nothing = is_nothing(text, moment);
	if (*nothing)
		moment->precision = MOMENT_NONE;
}

const char *stamp_trouble(struct span text, bool nothing)
{
	if (nothing)
		return "stands for no time";
	switch (stamp_orders(text)) {
	case 0:
		return "can't be read as a time";
	case STAMP_ORDER_MDY | STAMP_ORDER_DMY:
		return "leaves open which number is the day: say --dates dmy or mdy";
	default:
		return "has its day and month in an order that was not stated: say --dates dmy or "
		       "mdy";
	}
}

bool stamp_needs_zone(const struct loader *loader, struct span text, enum stamp_form form)
{
	char spelled[STAMP_SIZE];
	text = span_trim(text);
	if (form == STAMP_UTC || form == STAMP_EPOCH || form == STAMP_MICRO ||
		(number_digits(text) >= MIN_EPOCH_DIGITS && !spell_compact(text, spelled)))
		return false;
	if (spell_out(text, form_of(loader, form), spelled))
		text = span_string(spelled);
	return loader_time_needs_zone(loader, text);
}
