#include "claims/count.h"

#include "casefile/listing.h"
#include "search/filter.h"

#include <inttypes.h>
#include <stdio.h>

static const struct cell *claim_cell(const struct record *claim, const char *field)
{
	return record_cell(claim, kind_field_find(KIND_CLAIM, span_string(field)));
}

static bool not_comparable(struct claim_count *count, const char *reason)
{
	count->verdict = COUNT_NOT_COMPARABLE;
	snprintf(count->reason, sizeof count->reason, "%s", reason);
	return true;
}

/* The stated interval; false when there is none to compare with, which is said in count. */
static bool read_quantity(const struct record *claim, struct claim_count *count)
{
	const struct cell *least = claim_cell(claim, "quantity_min");
	const struct cell *most = claim_cell(claim, "quantity_max");
	long long number;
	count->most = INT64_MAX;
	if (!least && !most) {
		if (claim_cell(claim, "quantity"))
			not_comparable(count, "nobody has read its words as a number");
		return false;
	}
	bool read = true;
	if (least && (read = span_to_integer(least->text, &number) && number >= 0))
		count->least = number;
	if (read && most && (read = span_to_integer(most->text, &number) && number >= 0))
		count->most = number;
	if (!read || count->least > count->most)
		not_comparable(count, "its bounds are no interval of numbers");
	return count->verdict != COUNT_NOT_COMPARABLE;
}

static void give_verdict(struct claim_count *count)
{
	if (count->rows < count->least)
		count->verdict = COUNT_PARTLY;
	else if (count->rows > count->most)
		count->verdict = COUNT_CONTRADICTS;
	else
		count->verdict = COUNT_ACCOUNTED;
}

static void take_row(const struct record *record, struct claim_count *count)
{
	if (record->basis == BASIS_PLACEHOLDER)
		count->placeholders++;
	else if (!record->stands_stated || record->stands_min != 1 || record->stands_max != 1)
		count->groups++;
	else
		count->rows++;
}

static bool cancelled(struct error *error)
{
	return error_set(error, ERROR_CANCELLED, "counting was cancelled before its end");
}

static bool count_row(struct record_reader *reader, struct filter *filter, int64_t id,
	struct record *record, struct claim_count *count, int64_t *undecided, struct error *error)
{
	/* Most rows of a large kind are told by the search engine, without being read. */
	if (filter_match_id(filter, id) == MATCH_NO)
		return true;
	enum record_result found = record_read(reader, count->kind, id, record, error);
	if (found != RECORD_FOUND)
		return found == RECORD_NONE;
	enum match_result match = filter_match(filter, record);
	if (match == MATCH_CANCELLED)
		return cancelled(error);
	*undecided += match == MATCH_UNDECIDED;
	if (match == MATCH_YES)
		take_row(record, count);
	return true;
}

static bool count_rows(const struct case_file *file, struct record_reader *reader,
	struct filter *filter, const atomic_bool *cancel, struct claim_count *count,
	struct error *error)
{
	struct record record = {0};
	int64_t undecided = 0, id = 0;
	if (!filter_look_ahead(filter, file, NULL, NULL, error))
		return false;
	struct listing *listing = listing_open(file, count->kind, -1, false, error);
	int more = listing ? listing_next(listing, &id, error) : -1;
	bool good = more >= 0;
	for (; good && more > 0; more = listing_next(listing, &id, error)) {
		good = cancel && atomic_load(cancel)
			       ? cancelled(error)
			       : count_row(reader, filter, id, &record, count, &undecided, error);
		if (!good)
			break;
	}
	listing_close(listing);
	record_free(&record);
	if (!good || more < 0)
		return false;
	give_verdict(count);
	if (undecided > 0)
		not_comparable(count, "a limit was met before every row was decided");
	return true;
}

/* The filter of a claim, which names one kind; NULL when it is not comparable, or on an error that
 * is not the filter's. */
static struct filter *read_filter(const struct record *claim, const atomic_bool *cancel,
	struct claim_count *count, struct error *error)
{
	const struct cell *cell = claim_cell(claim, "counts");
	if (!cell) {
		not_comparable(count, "no filter says what to count");
		return NULL;
	}
	enum kind kind = filter_leading_kind(cell->text);
	if (kind == KIND_NONE) {
		not_comparable(
			count, "its filter does not begin with a kind (kind = host and ...)");
		return NULL;
	}
	struct error wrong = {0};
	struct filter *filter = filter_parse(cell->text, kind, cancel, &wrong);
	if (!filter && wrong.code != ERROR_PATTERN) {
		if (error)
			*error = wrong;
		return NULL;
	}
	if (!filter) {
		char reason[sizeof count->reason];
		snprintf(reason, sizeof reason, "its filter: %.*s", (int)sizeof reason - 16,
			wrong.message);
		not_comparable(count, reason);
		return NULL;
	}
	if (filter_requires_kind(filter) != kind) {
		not_comparable(count, "its filter may pass for more than one kind");
		filter_free(filter);
		return NULL;
	}
	count->kind = kind;
	return filter;
}

bool count_of(const struct case_file *file, int64_t claim, const atomic_bool *cancel,
	struct claim_count *count, struct error *error)
{
	*count = (struct claim_count){.verdict = COUNT_NOT_STATED, .most = INT64_MAX};
	struct record_reader *reader = record_reader_open(file, error);
	if (!reader)
		return false;
	struct record record = {0};
	bool good = true;
	enum record_result found = record_read(reader, KIND_CLAIM, claim, &record, error);
	if (found == RECORD_NONE)
		good = error_set(
			error, ERROR_USAGE, "there is no claim:%" PRId64 " in this case", claim);
	else if (found == RECORD_FAILED)
		good = false;
	struct filter *filter = NULL;
	if (good && read_quantity(&record, count)) {
		filter = read_filter(&record, cancel, count, error);
		good = filter || count->verdict == COUNT_NOT_COMPARABLE;
	}
	record_free(&record);
	if (filter)
		good = count_rows(file, reader, filter, cancel, count, error);
	filter_free(filter);
	record_reader_close(reader);
	return good;
}

/* `41+`, `7`, `up to 9`, `4 to 9`. */
static void add_interval(const struct claim_count *count, struct buffer *out)
{
	if (count->most == INT64_MAX)
		buffer_add_format(out, "%" PRId64 "+", count->least);
	else if (count->least == count->most)
		buffer_add_format(out, "%" PRId64, count->least);
	else if (count->least == 0)
		buffer_add_format(out, "up to %" PRId64, count->most);
	else
		buffer_add_format(out, "%" PRId64 " to %" PRId64, count->least, count->most);
}

void count_text(const struct claim_count *count, struct buffer *out)
{
	switch (count->verdict) {
	case COUNT_NOT_STATED:
		break;
	case COUNT_ACCOUNTED:
		buffer_add_string(out, "accounted for");
		break;
	case COUNT_PARTLY:
		buffer_add_format(out, "%" PRId64 " of ", count->rows);
		add_interval(count, out);
		buffer_add_string(out, " accounted for");
		break;
	case COUNT_CONTRADICTS:
		buffer_add_format(out, "contradicts: %" PRId64 " found, ", count->rows);
		add_interval(count, out);
		buffer_add_string(out, " stated");
		break;
	case COUNT_NOT_COMPARABLE:
		buffer_add_format(out, "not comparable: %s", count->reason);
		break;
	}
}
