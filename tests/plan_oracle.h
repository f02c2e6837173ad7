/*
 * What a plan says of one cell, looked for byte by byte: for the test and the fuzz target that hold
 * plans to their promise.
 */
#ifndef PLAN_ORACLE_H
#define PLAN_ORACLE_H

#include "../tui/search/plan.h"

static inline bool oracle_has_trigram(struct span image, uint32_t trigram)
{
	for (size_t i = 0; i + 3 <= image.length; i++)
		if (plan_trigram(image.data + i) == trigram)
			return true;
	return false;
}

static inline bool oracle_satisfies(struct span image, const struct plan_node *query)
{
	switch (query->op) {
	case PLAN_ANY:
		return true;
	case PLAN_NONE:
		return false;
	case PLAN_TRIGRAM:
		return oracle_has_trigram(image, query->trigram);
	case PLAN_AND:
	case PLAN_OR:
		break;
	}
	bool stops_at = query->op == PLAN_OR;
	for (size_t i = 0; i < query->count; i++)
		if (oracle_satisfies(image, query->children[i]) == stops_at)
			return stops_at;
	return !stops_at;
}

static inline bool oracle_contains(struct span image, struct span literal, bool ignores_case)
{
	for (size_t i = 0; i + literal.length <= image.length; i++) {
		struct span here = span_slice(image, i, i + literal.length);
		if (span_equal(here, literal) ||
			(ignores_case && span_equal_ignoring_case(here, literal)))
			return true;
	}
	return false;
}

/* All that the plan says every matching cell has. */
static inline bool oracle_admits(const struct plan *plan, struct span image)
{
	bool ignores_case;
	struct span literal = plan_literal(plan, &ignores_case);
	const struct span *choice;
	size_t count = plan_choice(plan, &choice);
	bool chosen = count == 0;
	for (size_t i = 0; i < count && !chosen; i++)
		chosen = oracle_contains(image, choice[i], ignores_case);
	return chosen && oracle_contains(image, literal, ignores_case) &&
	       oracle_satisfies(image, plan_query(plan)) && plan_admits(plan, image);
}

#endif
