/* The planner's promise. Input: a byte of options, the pattern up to the first LF, the cell. A cell
 * that the pattern matches must satisfy the plan; so must each of its lines. */
#include "../plan_oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct matcher *matcher, const struct plan *plan, struct span image)
{
	struct range hit;
	if (matcher_cell(matcher, image, 0, &hit) != MATCH_YES)
		return;
	if (oracle_admits(plan, image))
		return;
	struct buffer text = {0};
	plan_query_text(plan, &text);
	fprintf(stderr, "the plan rules out a match: %s\n", text.data);
	abort();
}

static void check_lines(struct matcher *matcher, const struct plan *plan, struct span image)
{
	check(matcher, plan, image);
	while (image.length > 0) {
		const char *end = memchr(image.data, '\n', image.length);
		size_t length = end ? (size_t)(end - image.data) : image.length;
		check(matcher, plan, span_slice(image, 0, length));
		image = span_slice(image, length + 1, image.length);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const uint8_t *end = size > 1 ? memchr(data + 1, '\n', size - 1) : NULL;
	if (!end)
		return 0;
	struct span text = span_of((const char *)data + 1, (size_t)(end - data) - 1);
	struct span cell = span_of((const char *)end + 1, size - text.length - 2);
	struct pattern_options options = {.letters = (enum pattern_case)(data[0] % 3),
		.literal = data[0] & 4,
		.word = data[0] & 8,
		.whole_cell = data[0] & 16};
	struct match_limits limits = {.steps = 20000, .cell_microseconds = 50000};
	struct pattern *pattern = pattern_compile(text, &options, NULL);
	if (!pattern)
		return 0;
	struct plan *plan = plan_new(pattern, NULL);
	struct matcher *matcher = matcher_new(pattern, &limits, NULL);
	char *copy = malloc(cell.length + 1);
	if (plan && matcher && copy) {
		search_image(cell, copy);
		check_lines(matcher, plan, span_of(copy, cell.length));
	}
	free(copy);
	matcher_free(matcher);
	plan_free(plan);
	pattern_free(pattern);
	return 0;
}
