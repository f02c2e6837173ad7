/* Patterns and cells. Input: a byte of options, the pattern up to the first LF, the cell. Checked:
 * every match lies in the cell, on characters, and behind the one before; and what the interpreter
 * finds first, JIT finds. */
#include "base/buffer.h"
#include "search/pattern.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MUST(condition)                                                     \
	do {                                                                \
		if (!(condition)) {                                         \
			fprintf(stderr, "does not hold: %s\n", #condition); \
			abort();                                            \
		}                                                           \
	} while (0)

static const struct match_limits limits = {.steps = 20000, .cell_microseconds = 50000};

static bool on_character(struct span image, size_t at)
{
	return at == image.length || ((unsigned char)image.data[at] & 0xc0) != 0x80;
}

static enum match_result walk(const struct pattern *pattern, struct span image, struct range *first)
{
	struct matcher *matcher = matcher_new(pattern, &limits, NULL);
	MUST(matcher);
	struct range hit;
	enum match_result result = matcher_cell(matcher, image, 0, &hit);
	enum match_result first_result = result;
	*first = result == MATCH_YES ? hit : (struct range){0};
	for (int count = 0; result == MATCH_YES && count < 200; count++) {
		struct range before = hit;
		MUST(hit.start <= hit.end && hit.end <= image.length);
		MUST(on_character(image, hit.start) && on_character(image, hit.end));
		result = matcher_next(matcher, image, &hit);
		MUST(result != MATCH_YES || hit.end > before.end ||
			(before.start < before.end && hit.start == before.end));
	}
	matcher_free(matcher);
	return first_result;
}

static void compare_engines(struct span text, const struct pattern_options *options,
	struct span image, enum match_result result, struct range hit)
{
	struct buffer slow = {0};
	buffer_add_string(&slow, "(*NO_JIT)");
	buffer_add_span(&slow, text);
	struct pattern *pattern = pattern_compile(buffer_span(&slow), options, NULL);
	struct range other;
	if (pattern) {
		enum match_result same = walk(pattern, image, &other);
		bool decided = result <= MATCH_YES && same <= MATCH_YES;
		MUST(!decided ||
			(same == result && hit.start == other.start && hit.end == other.end));
	}
	pattern_free(pattern);
	buffer_free(&slow);
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
	struct error error;
	struct pattern *pattern = pattern_compile(text, &options, &error);
	if (!pattern) {
		MUST(error.code == ERROR_PATTERN);
		MUST(error.offset >= 0 && (size_t)error.offset <= text.length);
		return 0;
	}
	char *copy = malloc(cell.length + 1);
	MUST(copy);
	search_image(cell, copy);
	struct span image = span_of(copy, cell.length);
	struct range hit;
	enum match_result result = walk(pattern, image, &hit);
	if (!options.literal)
		compare_engines(text, &options, image, result, hit);
	free(copy);
	pattern_free(pattern);
	return 0;
}
