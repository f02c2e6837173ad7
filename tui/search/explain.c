/* What a pattern needs, and what the index makes of it, in words. */
#include "engine_private.h"

#include "base/text.h"

#include <inttypes.h>

static void add_literal(const struct plan *plan, struct buffer *out)
{
	bool ignores_case;
	struct span literal = plan_literal(plan, &ignores_case);
	const struct plan_run *run = plan_run(plan);
	if (literal.length > 0) {
		buffer_add_string(out, "a match contains: ");
		text_visible(out, literal, false);
		buffer_add_string(out, ignores_case ? " (in upper or lower case)\n" : "\n");
	}
	const struct span *choice;
	size_t choices = plan_choice(plan, &choice);
	for (size_t i = 0; i < choices; i++) {
		buffer_add_string(out, i == 0 ? "a match contains one of: " : ", ");
		text_visible(out, choice[i], false);
	}
	if (choices > 0)
		buffer_add_string(out, ignores_case ? " (in upper or lower case)\n" : "\n");
	if (run->length > 0)
		buffer_add_format(out,
			"a match contains: %zu bytes of one class, one after the other\n",
			run->length);
	if (plan_shortest(plan) > 0)
		buffer_add_format(out, "a match has at least %zu byte%s\n", plan_shortest(plan),
			plan_shortest(plan) == 1 ? "" : "s");
}

static void add_way(const struct way *way, struct buffer *out)
{
	static const char *const looked_for[] = {[FINDER_NONE] = "every cell",
		[FINDER_LITERAL] = "cells with the text that a match contains",
		[FINDER_RUN] = "cells with such a run"};
	buffer_add_format(out, "matched: %s%s\n",
		way->across ? "many cells at once" : looked_for[way->finder.type],
		way->plain ? ", without PCRE2" : "");
}

static bool add_kind(const struct case_file *file, enum kind kind, const struct plan *plan,
	struct buffer *out, struct error *error)
{
	struct units units = {0};
	bool good = units_load(file, kind, plan, &units, error);
	int64_t records = 0, spared = 0;
	size_t blocks = 0;
	for (size_t i = 0; good && i < units.count; i++) {
		const struct unit *unit = &units.items[i];
		if (unit->hidden)
			continue;
		blocks++;
		records += unit->records;
		spared += unit->candidate ? 0 : unit->records;
	}
	if (good)
		buffer_add_format(out,
			"%s: %zu of %zu blocks are candidates; %" PRId64 " of %" PRId64
			" records are spared\n",
			kind_info(kind)->plural, units.candidates, blocks, spared, records);
	units_free(&units);
	return good;
}

bool search_explain(const struct case_file *file, const struct pattern *pattern, enum kind kind,
	struct buffer *out, struct error *error)
{
	struct plan *plan = plan_new(pattern, error);
	if (!plan)
		return false;
	struct way way;
	way_make(&way, pattern, plan, false);
	buffer_add_string(out, "plan: ");
	plan_query_text(plan, out);
	buffer_add_byte(out, '\n');
	add_literal(plan, out);
	add_way(&way, out);
	if (!pattern_uses_jit(pattern))
		buffer_add_format(out, "PCRE2 interprets the pattern: JIT %s\n",
			pattern_jit_available() ? "does not take it" : "is not to be had");
	bool good = true;
	for (int each = KIND_NONE + 1; each < KIND_COUNT && good; each++)
		if (kind_info((enum kind)each)->large &&
			(kind == KIND_NONE || kind == (enum kind)each))
			good = add_kind(file, (enum kind)each, plan, out, error);
	plan_free(plan);
	return good && (!buffer_failed(out) || error_memory(error));
}
