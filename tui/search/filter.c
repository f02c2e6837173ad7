#include "filter_private.h"

#include <stdlib.h>

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->comparison_count; i++) {
		struct comparison *comparison = &filter->comparisons[i];
		free(comparison->name);
		free(comparison->value);
		matcher_free(comparison->matcher);
		pattern_free(comparison->pattern);
		bits_free(&comparison->yes);
		bits_free(&comparison->maybe);
	}
	free(filter->comparisons);
	free(filter->nodes);
	buffer_free(&filter->image);
	free(filter);
}

/* What is asked about: a record, or the id of one that was not read. */
struct asked {
	const struct record *record; /* NULL: not read */
	int64_t id;
};

/* What filter_look_ahead knows. */
static enum match_result compare_ahead(const struct comparison *comparison, int64_t id)
{
	bool negated;
	if (!comparison->ahead || bits_has(&comparison->maybe, (uint64_t)id))
		return MATCH_UNDECIDED;
	filter_positive(comparison->relation, &negated);
	return bits_has(&comparison->yes, (uint64_t)id) != negated ? MATCH_YES : MATCH_NO;
}

/* Three values: what can't be decided stays so unless the rest decides it. The depth is bounded by
 * FILTER_MAX_DEPTH. */
static enum match_result node_match(struct filter *filter, int index, const struct asked *asked)
{
	const struct node *node = &filter->nodes[index];
	if (node->type == NODE_COMPARISON) {
		const struct comparison *comparison = &filter->comparisons[node->comparison];
		return asked->record ? filter_compare(filter, comparison, asked->record)
				     : compare_ahead(comparison, asked->id);
	}
	if (node->type == NODE_NOT) {
		enum match_result inside = node_match(filter, node->first, asked);
		if (inside == MATCH_YES)
			return MATCH_NO;
		return inside == MATCH_NO ? MATCH_YES : inside;
	}
	enum match_result decides = node->type == NODE_AND ? MATCH_NO : MATCH_YES;
	enum match_result result = node->type == NODE_AND ? MATCH_YES : MATCH_NO;
	for (int inside = node->first; inside >= 0; inside = filter->nodes[inside].next) {
		enum match_result part = node_match(filter, inside, asked);
		if (part == decides || part == MATCH_CANCELLED)
			return part;
		if (part == MATCH_UNDECIDED)
			result = part;
	}
	return result;
}

enum match_result filter_match(struct filter *filter, const struct record *record)
{
	return node_match(filter, filter->root, &(struct asked){.record = record});
}

enum match_result filter_match_id(struct filter *filter, int64_t id)
{
	if (id < 1 || id >= filter->ahead_end)
		return MATCH_UNDECIDED;
	return node_match(filter, filter->root, &(struct asked){.id = id});
}

enum kind filter_requires_kind(const struct filter *filter)
{
	int index = filter->root;
	while (filter->nodes[index].type == NODE_AND)
		index = filter->nodes[index].first;
	const struct node *node = &filter->nodes[index];
	if (node->type != NODE_COMPARISON)
		return KIND_NONE;
	const struct comparison *comparison = &filter->comparisons[node->comparison];
	if (comparison->subject != SUBJECT_KIND || comparison->relation != OP_EQUAL)
		return KIND_NONE;
	return (enum kind)comparison->number;
}

enum kind filter_leading_kind(struct span text)
{
	struct lexer lexer = {.text = text};
	struct error error;
	enum kind kind = KIND_NONE;
	struct token name = lexer_next(&lexer, false, &error);
	if (name.type == TOKEN_WORD && span_is(name.text, "kind")) {
		struct token equals = lexer_next(&lexer, false, &error);
		if (equals.type == TOKEN_OPERATOR && span_is(equals.text, "=")) {
			struct token value = lexer_next(&lexer, false, &error);
			if (value.type == TOKEN_WORD || value.type == TOKEN_STRING)
				kind = kind_find(value.text);
		}
	}
	buffer_free(&lexer.string);
	return kind;
}
