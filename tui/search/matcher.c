#include "pattern_private.h"

#include "base/clock.h"
#include "base/memory.h"

#include <time.h>

/* Cells up to this long are tried without callouts first, with so few steps and so little stack
 * that none of them takes long; a cell that needs more is matched again with callouts, all the
 * steps and all the stack. */
#define SHORT_CELL 1024
#define SHORT_STEPS 1000
/* Steps over the text of many cells, of which a few thousand are bytes. */
#define ACROSS_STEPS 100000
/* Callouts between two looks at the clock. The cancel flag is looked at in each. */
#define CLOCK_INTERVAL 16
#define DEFAULT_CELL_MICROSECONDS 2000000
#define DEFAULT_UNDECIDED_CELLS 10
#define LATE_SHARE 100
/* Short cells get the quick try alone when this part beyond the time for undecided cells is spent,
 * too, or when so many cells in a row came out so and this part of it is. */
#define BEYOND_SHARE 4
#define ROW_CELLS 100
#define ROW_SHARE 20
#define JIT_STACK_START (32 * 1024)
#define JIT_STACK_MOST (16 * 1024 * 1024)

struct matcher {
	const struct pattern *pattern;
	struct match_limits limits;
	pcre2_match_data *data;
	pcre2_match_context *quick;   /* for pattern->plain */
	pcre2_match_context *careful; /* for pattern->guarded */
	pcre2_match_context *across;  /* for pattern->plain, over many cells */
	pcre2_jit_stack *stack;
	int64_t left;      /* microseconds that this cell may still take */
	int64_t undecided; /* microseconds that were spent on cells that came out so */
	unsigned row;      /* cells that did, since the last that did not */
	int64_t deadline;  /* on the monotonic clock */
	unsigned callouts;
	bool cancelled;
	size_t began; /* where the match found last was begun; \K moves its start and end */
};

static bool is_cancelled(const struct matcher *matcher)
{
	return matcher->limits.cancel &&
	       atomic_load_explicit(matcher->limits.cancel, memory_order_relaxed);
}

static int check_limits(pcre2_callout_block *block, void *context)
{
	(void)block;
	struct matcher *matcher = context;
	if (is_cancelled(matcher)) {
		matcher->cancelled = true;
		return PCRE2_ERROR_CALLOUT;
	}
	if (++matcher->callouts % CLOCK_INTERVAL == 0 && clock_microseconds() > matcher->deadline)
		return PCRE2_ERROR_CALLOUT;
	return 0;
}

struct matcher *matcher_new(
	const struct pattern *pattern, const struct match_limits *limits, struct error *error)
{
	struct matcher *matcher = memory_array(1, sizeof *matcher);
	if (!matcher) {
		error_memory(error);
		return NULL;
	}
	matcher->pattern = pattern;
	matcher->limits = *limits;
	if (matcher->limits.steps == 0)
		matcher->limits.steps = PATTERN_STEP_LIMIT;
	if (matcher->limits.cell_microseconds == 0)
		matcher->limits.cell_microseconds = DEFAULT_CELL_MICROSECONDS;
	if (matcher->limits.undecided_microseconds == 0)
		matcher->limits.undecided_microseconds =
			DEFAULT_UNDECIDED_CELLS * matcher->limits.cell_microseconds;
	matcher->data = pcre2_match_data_create(1, NULL);
	matcher->quick = pcre2_match_context_create(NULL);
	matcher->careful = pcre2_match_context_create(NULL);
	matcher->across = pcre2_match_context_create(NULL);
	bool good = matcher->data && matcher->quick && matcher->careful && matcher->across;
	if (good && pattern_uses_jit(pattern)) {
		matcher->stack = pcre2_jit_stack_create(JIT_STACK_START, JIT_STACK_MOST, NULL);
		good = matcher->stack != NULL;
	}
	if (!good) {
		matcher_free(matcher);
		error_memory(error);
		return NULL;
	}
	uint32_t steps = matcher->limits.steps;
	pcre2_set_match_limit(matcher->quick, steps < SHORT_STEPS ? steps : SHORT_STEPS);
	pcre2_set_match_limit(matcher->careful, steps);
	pcre2_set_callout(matcher->careful, check_limits, matcher);
	pcre2_set_match_limit(matcher->across, ACROSS_STEPS);
	pcre2_match_context *contexts[] = {matcher->quick, matcher->careful, matcher->across};
	for (size_t i = 0; i < ARRAY_LENGTH(contexts); i++) {
		pcre2_set_heap_limit(contexts[i], PATTERN_HEAP_LIMIT);
		pcre2_set_depth_limit(contexts[i], PATTERN_DEPTH_LIMIT);
		/* None: 32 KiB of the thread's own. */
		if (contexts[i] != matcher->quick)
			pcre2_jit_stack_assign(contexts[i], NULL, matcher->stack);
	}
	return matcher;
}

void matcher_free(struct matcher *matcher)
{
	if (!matcher)
		return;
	pcre2_match_data_free(matcher->data);
	pcre2_match_context_free(matcher->quick);
	pcre2_match_context_free(matcher->careful);
	pcre2_match_context_free(matcher->across);
	pcre2_jit_stack_free(matcher->stack);
	free(matcher);
}

/* Whether a short cell gets no more than the quick try. */
static bool is_spent(const struct matcher *matcher)
{
	int64_t all = matcher->limits.undecided_microseconds;
	return matcher->undecided >= all + all / BEYOND_SHARE ||
	       (matcher->row >= ROW_CELLS && matcher->undecided >= all / ROW_SHARE);
}

static int run_guarded(struct matcher *matcher, struct span image, size_t from, uint32_t options)
{
	int64_t began = clock_microseconds();
	if (matcher->left <= 0)
		return PCRE2_ERROR_CALLOUT;
	matcher->deadline = began + matcher->left;
	int code = pcre2_match(matcher->pattern->guarded, (PCRE2_SPTR)image.data, image.length,
		from, options, matcher->data, matcher->careful);
	int64_t took = clock_microseconds() - began;
	matcher->left -= took;
	if (code < PCRE2_ERROR_NOMATCH)
		matcher->undecided += took;
	return code;
}

static enum match_result run(struct matcher *matcher, struct span image, size_t from,
	uint32_t options, struct range *hit)
{
	if (is_cancelled(matcher))
		return MATCH_CANCELLED;
	if (!image.data)
		image.data = "";
	options |= PCRE2_NO_UTF_CHECK;
	bool quick = image.length <= SHORT_CELL;
	int code = 0;
	if (quick)
		code = pcre2_match(matcher->pattern->plain, (PCRE2_SPTR)image.data, image.length,
			from, options, matcher->data, matcher->quick);
	bool more = code == PCRE2_ERROR_MATCHLIMIT || code == PCRE2_ERROR_JIT_STACKLIMIT;
	if (!quick || (more && !is_spent(matcher)))
		code = run_guarded(matcher, image, from, options);
	if (code == PCRE2_ERROR_NOMATCH)
		return MATCH_NO;
	if (code < 0)
		return matcher->cancelled ? MATCH_CANCELLED : MATCH_UNDECIDED;
	const size_t *bounds = pcre2_get_ovector_pointer(matcher->data);
	hit->end = bounds[1];
	hit->start = bounds[0] < bounds[1] ? bounds[0] : bounds[1];
	matcher->began = pcre2_get_startchar(matcher->data);
	/* An anchored match begins where the cell does. In PCRE2 10.42 (*SKIP) moves on all the
	 * same where JIT serves. */
	if (matcher->pattern->options.whole_cell && matcher->began > 0)
		return MATCH_NO;
	return MATCH_YES;
}

static bool inside_character(struct span image, size_t at)
{
	return at < image.length && ((unsigned char)image.data[at] & 0xc0) == 0x80;
}

static size_t next_character(const struct matcher *matcher, struct span image, size_t at)
{
	if (matcher->pattern->crlf_is_newline && at + 1 < image.length && image.data[at] == '\r' &&
		image.data[at + 1] == '\n')
		return at + 2;
	at++;
	while (inside_character(image, at))
		at++;
	return at;
}

enum match_result matcher_cell(
	struct matcher *matcher, struct span image, size_t from, struct range *hit)
{
	matcher->left = matcher->limits.cell_microseconds;
	if (matcher->undecided >= matcher->limits.undecided_microseconds)
		matcher->left /= LATE_SHARE;
	matcher->cancelled = false;
	while (inside_character(image, from))
		from++;
	if (from > image.length || (from > 0 && matcher->pattern->options.whole_cell))
		return MATCH_NO;
	enum match_result result = run(matcher, image, from, 0, hit);
	matcher->row = result == MATCH_UNDECIDED ? matcher->row + 1 : 0;
	return result;
}

enum match_result matcher_next(struct matcher *matcher, struct span image, struct range *hit)
{
	const size_t before = hit->end;
	const bool was_empty = hit->start == before;
	uint32_t options = was_empty ? PCRE2_NOTEMPTY_ATSTART | PCRE2_ANCHORED : 0;
	if (matcher->pattern->options.whole_cell)
		return MATCH_NO;
	for (size_t from = before; from <= image.length; options = 0) {
		enum match_result result = run(matcher, image, from, options, hit);
		if (result == MATCH_UNDECIDED || result == MATCH_CANCELLED)
			return result;
		if (result == MATCH_NO && options == 0)
			return MATCH_NO;
		bool empty_behind = !was_empty && hit->start == before && hit->end == before;
		if (result == MATCH_YES && (hit->end > before || empty_behind))
			return MATCH_YES;
		/* Nothing here but the empty match again. Or \K, called from a look-around, ended
		 * a match no later than the one before: it is passed over. */
		if (result == MATCH_YES && matcher->began > from)
			from = matcher->began;
		from = next_character(matcher, image, from);
	}
	return MATCH_NO;
}

enum match_result matcher_across(
	struct matcher *matcher, struct span text, size_t from, struct range *hit)
{
	if (is_cancelled(matcher))
		return MATCH_CANCELLED;
	int code = pcre2_match(matcher->pattern->plain, (PCRE2_SPTR)text.data, text.length, from,
		PCRE2_NO_UTF_CHECK, matcher->data, matcher->across);
	if (code == PCRE2_ERROR_NOMATCH)
		return MATCH_NO;
	const size_t *bounds = pcre2_get_ovector_pointer(matcher->data);
	if (code < 0 || bounds[0] >= bounds[1])
		return MATCH_UNDECIDED;
	*hit = (struct range){bounds[0], bounds[1]};
	return MATCH_YES;
}
