/* Any bytes as a filter: refused with a place in them, or said, held against a record, and its
 * parts written so that they read back. The same bytes as a value of a field are found again by it.
 */
#include "search/filter.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void match_one(
	struct filter *filter, int field, struct span text, enum match_result expected)
{
	struct cell cell = {.field = field, .text = text};
	struct record record = {.id = {KIND_HOST, 1},
		.stands_stated = true,
		.stands_min = 1,
		.stands_max = 1,
		.cells = &cell,
		.cell_count = 1};
	enum match_result result = filter_match(filter, &record);
	check(result != MATCH_CANCELLED);
	check(expected == MATCH_UNDECIDED || result == expected);
}

static void read_filter(struct span text)
{
	struct error error = {.offset = -1};
	struct filter *filter = filter_parse(text, KIND_HOST, NULL, &error);
	struct buffer sentence = {0};
	filter_leading_kind(text);
	if (!filter) {
		check(error.code == ERROR_PATTERN);
		check(error.offset >= 0 && (size_t)error.offset <= text.length);
		return;
	}
	filter_sentence(filter, &sentence);
	check(sentence.length > 0);
	filter_requires_kind(filter);
	match_one(filter, 0, text, MATCH_UNDECIDED);
	filter_free(filter);
	buffer_free(&sentence);
}

static void write_value(struct span value, int field, bool equal)
{
	struct buffer text = {0};
	filter_compare_text(KIND_HOST, field, value, equal, &text);
	struct filter *filter = filter_parse(buffer_span(&text), KIND_HOST, NULL, NULL);
	check(filter != NULL);
	match_one(filter, field, value, equal ? MATCH_YES : MATCH_NO);
	filter_free(filter);
	buffer_free(&text);
}

/* What the pattern itself says of a cell. */
static enum match_result plain_match(const struct pattern *pattern, struct span text)
{
	struct matcher *matcher = matcher_new(pattern, &(struct match_limits){0}, NULL);
	char *image = malloc(text.length + 1);
	struct range hit;
	check(matcher && image);
	search_image(text, image);
	enum match_result result = matcher_cell(matcher, span_of(image, text.length), 0, &hit);
	free(image);
	matcher_free(matcher);
	return result;
}

static void write_regex(struct span regex, bool ignore_case)
{
	struct pattern_options options = {
		.letters = ignore_case ? PATTERN_CASE_IGNORE : PATTERN_CASE_EXACT};
	struct pattern *pattern = pattern_compile(regex, &options, NULL);
	if (!pattern)
		return;
	struct buffer text = {0};
	filter_any_text(regex, ignore_case, &text);
	struct filter *filter = filter_parse(buffer_span(&text), KIND_HOST, NULL, NULL);
	check(filter != NULL);
	match_one(filter, 0, regex, plain_match(pattern, regex));
	filter_free(filter);
	buffer_free(&text);
	pattern_free(pattern);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	struct span text = span_of((const char *)data + 1, size - 1);
	read_filter(text);
	write_value(text, data[0] % kind_info(KIND_HOST)->field_count, data[0] & 0x80);
	write_regex(text, data[0] & 0x80);
	return 0;
}
