#include "plan_private.h"

#include "base/memory.h"

#include <string.h>

/* Bits that a byte of a literal tells, as plan_run_score counts. */
#define LITERAL_SCORE 7
/* A run that tells less, or not twice as much as the literal, is not worth looking for. */
#define RUN_SCORE 6

struct plan {
	struct plan_block *memory;
	const struct plan_node *query;
	struct span literal;
	bool ignores_case;
	size_t anchor;      /* byte of the literal that is looked for first */
	bool tests_literal; /* before PCRE2: where a match begins with it, PCRE2 looks for it */
	struct plan_choice choice;
	struct plan_run run;
	size_t run_most; /* 0: a run is not all that the pattern is */
	size_t shortest;
};

static bool is_letter(char byte)
{
	return byte >= 'a' && byte <= 'z';
}

/* The byte that is likely the rarest: neither a letter, which takes two searches when case is
 * ignored and is frequent anyhow, nor a blank. */
static size_t choose_anchor(struct span literal)
{
	static const char frequent[] = " etaoinsrhldcu0123.-:/";
	size_t best = 0, best_rank = 0;
	for (size_t i = 0; i < literal.length; i++) {
		const char *found = memchr(frequent, literal.data[i], sizeof frequent - 1);
		size_t rank = 1 + (found ? (size_t)(found - frequent) : sizeof frequent);
		if (!is_letter((char)plan_fold((uint8_t)literal.data[i])))
			rank *= 2;
		if (rank > best_rank) {
			best = i;
			best_rank = rank;
		}
	}
	return best;
}

static struct span fold(struct plan_builder *builder, struct span literal)
{
	char *folded = plan_room(builder, literal.length + 1);
	if (!folded)
		return (struct span){"", 0};
	for (size_t i = 0; i < literal.length; i++)
		folded[i] = (char)plan_fold((uint8_t)literal.data[i]);
	return span_of(folded, literal.length);
}

static void take_literals(
	struct plan *plan, struct plan_builder *builder, const struct plan_info *info)
{
	plan->ignores_case = builder->caseless;
	plan->literal = info->best.length >= info->aside.length ? info->best : info->aside;
	plan->tests_literal = info->head.length < plan->literal.length;
	plan->choice = info->choice;
	for (size_t i = 0; i < plan->choice.count; i++) {
		struct span *item = &plan->choice.items[i];
		/* So short a text tells little, even if it is one of many. */
		if (item->length < 2 || item->length <= plan->literal.length)
			plan->choice.count = 0;
		else if (builder->caseless)
			*item = fold(builder, *item);
	}
	if (builder->caseless)
		plan->literal = fold(builder, plan->literal);
	plan->anchor = choose_anchor(plan->literal);
}

static void take_run(struct plan *plan, const struct plan_info *info)
{
	if (info->alone.length > 0 && !info->fixed) {
		plan->run = info->alone;
		plan->run_most = info->alone_most;
		return;
	}
	size_t text = plan->literal.length;
	for (size_t i = 0; i < plan->choice.count; i++)
		if (i == 0 || plan->choice.items[i].length < text)
			text = plan->choice.items[i].length;
	unsigned score = plan_run_score(&info->best_run);
	if (info->best_run.length > 1 && score >= RUN_SCORE && score > 2 * LITERAL_SCORE * text)
		plan->run = info->best_run;
}

static void take_info(struct plan *plan, struct plan_builder *builder, const struct plan_info *info)
{
	plan->query = plan_info_query(builder, info);
	take_literals(plan, builder, info);
	take_run(plan, info);
	plan->shortest = info->all.length;
}

struct plan *plan_new(const struct pattern *pattern, struct error *error)
{
	struct plan *plan = memory_array(1, sizeof *plan);
	if (!plan) {
		error_memory(error);
		return NULL;
	}
	struct plan_builder builder = {0};
	struct plan_info info;
	plan_parse(&builder, pattern, &info);
	take_info(plan, &builder, &info);
	if (builder.failed) {
		plan_blocks_free(builder.blocks);
		*plan = (struct plan){.query = &plan_any};
		return plan;
	}
	plan->memory = builder.blocks;
	return plan;
}

void plan_free(struct plan *plan)
{
	if (!plan)
		return;
	plan_blocks_free(plan->memory);
	free(plan);
}

const struct plan_node *plan_query(const struct plan *plan)
{
	return plan->query;
}

struct span plan_literal(const struct plan *plan, bool *ignores_case)
{
	*ignores_case = plan->ignores_case;
	return plan->literal;
}

const struct plan_run *plan_run(const struct plan *plan)
{
	return &plan->run;
}

bool plan_run_matches(const struct plan *plan, size_t *most)
{
	*most = plan->run_most;
	return plan->run_most > 0;
}

size_t plan_choice(const struct plan *plan, const struct span **items)
{
	*items = plan->choice.items;
	return plan->choice.count;
}

size_t plan_shortest(const struct plan *plan)
{
	return plan->shortest;
}

void plan_query_text(const struct plan *plan, struct buffer *out)
{
	plan_node_text(plan->query, out);
}

static bool is_literal_at(const char *text, const struct plan *plan)
{
	if (!plan->ignores_case)
		return memcmp(text, plan->literal.data, plan->literal.length) == 0;
	for (size_t i = 0; i < plan->literal.length; i++)
		if (plan_fold((uint8_t)text[i]) != (uint8_t)plan->literal.data[i])
			return false;
	return true;
}

static const char *find_byte(const char *from, const char *end, char byte)
{
	const char *found = memchr(from, byte, (size_t)(end - from));
	return found ? found : end;
}

/* Looks at every place of the anchor, in lower and, where case is ignored, in upper case. */
static bool contains_literal(struct span image, const struct plan *plan)
{
	size_t length = plan->literal.length, before = plan->anchor;
	if (image.length < length)
		return false;
	const char *from = image.data + before;
	const char *end = image.data + image.length - (length - 1 - before);
	char lower = plan->literal.data[before];
	bool twice = plan->ignores_case && is_letter(lower);
	char upper = (char)(lower & 0x5f);
	const char *next_lower = find_byte(from, end, lower);
	const char *next_upper = twice ? find_byte(from, end, upper) : end;
	while (next_lower < end || next_upper < end) {
		bool lower_first = next_lower < next_upper;
		const char *at = lower_first ? next_lower : next_upper;
		if (is_literal_at(at - before, plan))
			return true;
		if (lower_first)
			next_lower = find_byte(at + 1, end, lower);
		else
			next_upper = find_byte(at + 1, end, upper);
	}
	return false;
}

/* Looks at the last byte of where a run could be, and goes backwards from there: a byte that is not
 * in the set rules out all places that hold it. */
static bool contains_run(struct span image, const struct plan_run *run)
{
	const uint8_t *bytes = (const uint8_t *)image.data;
	size_t start = 0, known = 0; /* from start to known all are in the set */
	while (image.length - start >= run->length) {
		size_t end = start + run->length, at = end;
		while (at > known && plan_run_has(run, bytes[at - 1]))
			at--;
		if (at <= known)
			return true;
		start = at;
		known = end;
	}
	return false;
}

bool plan_admits(const struct plan *plan, struct span image)
{
	if (image.length < plan->shortest || plan->query->op == PLAN_NONE)
		return false;
	if (plan->tests_literal && !contains_literal(image, plan))
		return false;
	return plan->run.length == 0 || contains_run(image, &plan->run);
}
