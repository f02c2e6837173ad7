/* What is known of a part of a pattern, and how parts are put together. Everything here only ever
 * forgets: each result holds for all that the parts can match. */
#include "plan_private.h"

#include "base/text.h"

#include <string.h>

/* Strings that stay apart as what a part may be; more become heads and tails. */
#define EXACT_STRINGS 8
/* Strings at least so long are worth more as trigrams. */
#define EXACT_LENGTH 4
/* Members of a class that are tried one by one. */
#define CLASS_STRINGS 16
#define RUN_MOST 4096

static const struct span nothing = {"", 0};

/* Sets of strings */

static void add_string(struct plan_strings *set, struct span string)
{
	size_t at = 0;
	while (at < set->count && span_compare(set->items[at], string) < 0)
		at++;
	if (at < set->count && span_equal(set->items[at], string))
		return;
	memmove(set->items + at + 1, set->items + at, (set->count - at) * sizeof *set->items);
	set->items[at] = string;
	set->count++;
}

static struct plan_strings only(struct span string)
{
	return (struct plan_strings){.count = 1, .items = {string}};
}

static struct plan_strings cross(struct plan_builder *builder, const struct plan_strings *first,
	const struct plan_strings *second)
{
	struct plan_strings set = {0};
	for (size_t i = 0; i < first->count; i++)
		for (size_t j = 0; j < second->count; j++)
			add_string(&set, plan_join(builder, first->items[i], second->items[j]));
	return set;
}

/* OR over the strings of AND over their trigrams. */
static const struct plan_node *query_of(
	struct plan_builder *builder, const struct plan_strings *set)
{
	const struct plan_node *query = &plan_none;
	for (size_t i = 0; i < set->count; i++)
		query = plan_or(builder, query, plan_all_of(builder, set->items[i]));
	return query;
}

static struct span cut(struct span string, size_t length, bool from_end)
{
	if (string.length <= length)
		return string;
	return from_end ? span_slice(string, string.length - length, string.length)
			: span_slice(string, 0, length);
}

/* Heads (or tails) short enough to be joined with a neighbour: two bytes, or fewer when they are
 * too many; what is cut off is in the query before. */
static struct plan_strings shorten(const struct plan_strings *set, bool from_end)
{
	struct plan_strings shorter;
	for (size_t length = 2;; length--) {
		shorter = (struct plan_strings){0};
		bool free = false;
		for (size_t i = 0; i < set->count; i++) {
			struct span string = cut(set->items[i], length, from_end);
			free |= string.length == 0;
			add_string(&shorter, string);
		}
		if (free)
			return only(nothing);
		if (shorter.count <= EXACT_STRINGS || length == 1)
			return shorter;
	}
}

static size_t shortest_of(const struct plan_strings *set)
{
	size_t shortest = set->count ? SIZE_MAX : 0;
	for (size_t i = 0; i < set->count; i++)
		if (set->items[i].length < shortest)
			shortest = set->items[i].length;
	return shortest;
}

static void tidy_ends(struct plan_builder *builder, struct plan_info *info)
{
	info->query = plan_and(builder, info->query, query_of(builder, &info->heads));
	info->query = plan_and(builder, info->query, query_of(builder, &info->tails));
	info->heads = shorten(&info->heads, false);
	info->tails = shorten(&info->tails, true);
}

/* From "one of these" to "begins with, ends with, contains". */
static void loosen(struct plan_builder *builder, struct plan_info *info)
{
	if (!info->exact)
		return;
	info->exact = false;
	info->heads = info->tails = info->whole;
	tidy_ends(builder, info);
}

static void tidy(struct plan_builder *builder, struct plan_info *info)
{
	if (!info->exact)
		tidy_ends(builder, info);
	else if (info->whole.count > EXACT_STRINGS || shortest_of(&info->whole) >= EXACT_LENGTH)
		loosen(builder, info);
}

/* Runs */

static unsigned bytes_in(const struct plan_run *run)
{
	/* What is beyond ASCII is rare in most texts and counts for little. */
	return (unsigned)__builtin_popcountll(run->bytes[0]) +
	       (unsigned)__builtin_popcountll(run->bytes[1]) +
	       (run->bytes[2] | run->bytes[3] ? 1 : 0);
}

unsigned plan_run_score(const struct plan_run *run)
{
	unsigned halvings = 0;
	for (unsigned bytes = bytes_in(run); bytes > 0 && bytes < 96; bytes *= 2)
		halvings++;
	return halvings * (unsigned)run->length;
}

static struct plan_run better(struct plan_run a, struct plan_run b)
{
	return plan_run_score(&a) >= plan_run_score(&b) ? a : b;
}

static struct plan_run either(struct plan_run a, const struct plan_run *b, size_t length)
{
	for (size_t i = 0; i < ARRAY_LENGTH(a.bytes); i++)
		a.bytes[i] |= b->bytes[i];
	a.length = length < RUN_MOST ? length : RUN_MOST;
	return a;
}

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Literals */

static struct span longer(struct span a, struct span b)
{
	return a.length >= b.length ? a : b;
}

static void set_fixed(struct plan_info *info, struct span text)
{
	info->fixed = text.length <= LITERAL_ROOM;
	info->head = cut(text, LITERAL_ROOM, false);
	info->tail = cut(text, LITERAL_ROOM, true);
	info->best = info->head;
}

static void append_literals(
	struct plan_builder *builder, struct plan_info *first, const struct plan_info *second)
{
	struct span middle = plan_join(builder, first->tail, second->head);
	first->aside = longer(first->aside, second->aside);
	if (first->fixed && second->fixed) {
		set_fixed(first, middle);
		return;
	}
	struct span best = longer(longer(first->best, second->best),
		longer(cut(middle, LITERAL_ROOM, false), first->head));
	if (first->fixed)
		first->head = cut(middle, LITERAL_ROOM, false);
	first->tail = second->fixed ? cut(middle, LITERAL_ROOM, true) : second->tail;
	first->best = longer(best, longer(first->head, first->tail));
	first->fixed = false;
}

/* Choices of literals */

static size_t shortest_choice(const struct plan_choice *choice)
{
	size_t shortest = choice->count ? SIZE_MAX : 0;
	for (size_t i = 0; i < choice->count; i++)
		if (choice->items[i].length < shortest)
			shortest = choice->items[i].length;
	return shortest;
}

/* A literal is a choice of one. */
static struct plan_choice choice_of(const struct plan_info *info)
{
	if (info->best.length == 0 || info->best.length < shortest_choice(&info->choice))
		return info->choice;
	return (struct plan_choice){.count = 1, .items = {info->best}};
}

static void alternate_choices(struct plan_info *first, const struct plan_info *second)
{
	struct plan_choice some = choice_of(first), others = choice_of(second);
	first->choice.count = 0;
	if (some.count == 0 || others.count == 0)
		return;
	for (size_t i = 0; i < others.count; i++) {
		bool known = false;
		for (size_t j = 0; j < some.count && !known; j++)
			known = span_equal(some.items[j], others.items[i]);
		if (known)
			continue;
		if (some.count == PLAN_MAX_CHOICE)
			return;
		some.items[some.count++] = others.items[i];
	}
	first->choice = some;
}

static void append_choices(struct plan_info *first, const struct plan_info *second)
{
	if (shortest_choice(&second->choice) > shortest_choice(&first->choice))
		first->choice = second->choice;
}

static void alternate_literals(struct plan_info *first, const struct plan_info *second)
{
	size_t heads = 0, tails = 0;
	struct span head = first->head, tail = first->tail;
	bool same = span_equal(first->best, second->best);
	if (!span_equal(first->aside, second->aside))
		first->aside = nothing;
	while (heads < head.length && heads < second->head.length &&
		head.data[heads] == second->head.data[heads])
		heads++;
	while (tails < tail.length && tails < second->tail.length &&
		tail.data[tail.length - 1 - tails] ==
			second->tail.data[second->tail.length - 1 - tails])
		tails++;
	first->fixed = first->fixed && second->fixed && same;
	first->head = cut(head, heads, false);
	first->tail = cut(tail, tails, true);
	first->best = longer(same ? first->best : nothing, longer(first->head, first->tail));
}

/* Parts */

void plan_info_empty(struct plan_info *info)
{
	*info = (struct plan_info){.exact = true,
		.whole = only(nothing),
		.query = &plan_any,
		.fixed = true,
		.head = nothing,
		.tail = nothing,
		.best = nothing,
		.aside = nothing};
}

void plan_info_anything(struct plan_info *info)
{
	plan_info_empty(info);
	info->exact = info->fixed = false;
	info->heads = info->tails = only(nothing);
	memset(info->all.bytes, 0xff, sizeof info->all.bytes);
	info->last_run = info->all;
}

void plan_info_aside(struct plan_builder *builder, struct plan_info *info)
{
	struct plan_info seen = *info;
	plan_info_empty(info);
	info->query = plan_info_query(builder, &seen);
	info->aside = longer(seen.best, seen.aside);
	info->best_run = better(seen.best_run, seen.all);
}

void plan_info_set_alone(struct plan_info *info, const struct plan_info *item)
{
	info->alone = item->alone;
	info->alone_most = item->alone_most;
}

static void add_run_bytes(struct plan_run *run, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		run->bytes[(uint8_t)bytes[i] / 64] |= UINT64_C(1) << ((uint8_t)bytes[i] % 64);
}

/* The bytes of a class as a run, and its members, folded, as strings; too many count as
 * CLASS_STRINGS + 1. */
static void read_class(struct plan_builder *builder, const struct plan_class *set,
	struct plan_strings *members, struct plan_run *run)
{
	*members = (struct plan_strings){0};
	*run = (struct plan_run){.bytes = {set->ascii[0] & ~UINT64_C(1), set->ascii[1], 0, 0}};
	run->length = run->bytes[0] | run->bytes[1] ? 1 : 2;
	for (uint32_t code = 1; code < 0x80 && members->count <= CLASS_STRINGS; code++) {
		char *byte = plan_class_has(set, code) ? plan_room(builder, 1) : NULL;
		if (!byte)
			continue;
		*byte = (char)plan_fold((uint8_t)code);
		add_string(members, span_of(byte, 1));
	}
	if (set->wide)
		memset(run->bytes + 2, 0xff, 2 * sizeof run->bytes[0]);
	for (size_t i = 0; i < set->code_count; i++) {
		char *bytes = plan_room(builder, 4);
		if (!bytes)
			continue;
		size_t length = text_encode(set->codes[i], bytes);
		add_run_bytes(run, bytes, length);
		if (members->count <= CLASS_STRINGS)
			add_string(members, span_of(bytes, length));
	}
}

void plan_info_class(struct plan_builder *builder, struct plan_info *info,
	const struct plan_class *set, bool caseless)
{
	struct plan_class closed = caseless ? plan_class_close(set) : *set;
	struct plan_strings members;
	struct plan_run run;
	plan_info_anything(info);
	read_class(builder, &closed, &members, &run);
	info->all = info->last_run = info->best_run = run;
	/* Case adds what may not be there to a set of which not all is known. */
	if (!set->rough && !(caseless && set->wide) && run.length == 1) {
		info->alone = run;
		info->alone_most = 1;
	}
	if (closed.wide || members.count > CLASS_STRINGS)
		return;
	info->exact = true;
	info->whole = members;
	if (members.count != 1)
		return;
	/* Where case counts, a literal keeps it. */
	struct span text = members.items[0];
	bool upper = text.length == 1 && !plan_class_has(&closed, (uint8_t)text.data[0]);
	bool both = text.length == 1 && !upper && text.data[0] >= 'a' && text.data[0] <= 'z' &&
		    plan_class_has(&closed, (uint8_t)text.data[0] & 0x5f);
	if (both)
		builder->caseless = true;
	if (upper) {
		char *byte = plan_room(builder, 1);
		if (!byte)
			return;
		*byte = (char)(text.data[0] & 0x5f);
		text = span_of(byte, 1);
	}
	set_fixed(info, text);
}

void plan_info_append(
	struct plan_builder *builder, struct plan_info *first, const struct plan_info *second)
{
	struct plan_info next = *second;
	if (first->exact && next.exact && first->whole.count * next.whole.count > SET_ROOM) {
		loosen(builder, first);
		loosen(builder, &next);
	}
	if (first->exact && !next.exact && first->whole.count * next.heads.count > SET_ROOM)
		loosen(builder, first);
	if (!first->exact && next.exact && first->tails.count * next.whole.count > SET_ROOM)
		loosen(builder, &next);
	first->query = plan_and(builder, first->query, next.query);
	if (first->exact && next.exact) {
		first->whole = cross(builder, &first->whole, &next.whole);
	} else if (first->exact) {
		first->heads = cross(builder, &first->whole, &next.heads);
		first->tails = next.tails;
	} else if (next.exact) {
		first->tails = cross(builder, &first->tails, &next.whole);
	} else {
		if (first->tails.count * next.heads.count <= SET_ROOM) {
			struct plan_strings middle = cross(builder, &first->tails, &next.heads);
			first->query = plan_and(builder, first->query, query_of(builder, &middle));
		}
		first->tails = next.tails;
	}
	first->exact = first->exact && next.exact;
	first->alone.length = 0;
	append_choices(first, &next);
	append_literals(builder, first, &next);
	first->last_run = better(next.last_run,
		either(first->last_run, &next.all, first->last_run.length + next.all.length));
	first->all = either(first->all, &next.all, first->all.length + next.all.length);
	first->best_run =
		better(better(first->best_run, next.best_run), better(first->last_run, first->all));
	tidy(builder, first);
}

static struct plan_strings together(const struct plan_strings *a, const struct plan_strings *b)
{
	struct plan_strings set = *a;
	for (size_t i = 0; i < b->count; i++) {
		if (set.count == SET_ROOM)
			return only(nothing);
		add_string(&set, b->items[i]);
	}
	return set;
}

void plan_info_alternate(
	struct plan_builder *builder, struct plan_info *first, const struct plan_info *second)
{
	struct plan_info other = *second;
	if (!first->exact || !other.exact || first->whole.count + other.whole.count > SET_ROOM) {
		loosen(builder, first);
		loosen(builder, &other);
	}
	first->query = plan_or(builder, first->query, other.query);
	if (first->exact) {
		first->whole = together(&first->whole, &other.whole);
	} else {
		first->heads = together(&first->heads, &other.heads);
		first->tails = together(&first->tails, &other.tails);
	}
	first->alone.length = 0;
	alternate_choices(first, &other);
	alternate_literals(first, &other);
	first->best_run = either(first->best_run, &other.best_run,
		smaller(first->best_run.length, other.best_run.length));
	first->last_run = either(first->last_run, &other.last_run,
		smaller(first->last_run.length, other.last_run.length));
	first->all = either(first->all, &other.all, smaller(first->all.length, other.all.length));
	tidy(builder, first);
}

void plan_info_repeat(
	struct plan_builder *builder, struct plan_info *info, uint32_t least, uint32_t most)
{
	struct plan_info once = *info, empty;
	plan_info_empty(&empty);
	if (most == 0) {
		*info = empty;
		return;
	}
	if (least == 0) {
		/* None, one, or (as far as is told here) anything of those bytes. */
		if (most > 1) {
			plan_info_anything(info);
			info->all = either(once.all, &once.all, 0);
			info->last_run = info->all;
			info->best_run = (struct plan_run){0};
		} else {
			plan_info_alternate(builder, info, &empty);
		}
		return;
	}
	struct plan_run alone = once.alone;
	size_t alone_most = most == REPEAT_UNLIMITED ? SIZE_MAX : most;
	bool single = alone.length == 1 && once.alone_most == 1;
	alone.length = single ? least : 0;
	uint32_t copies = 1;
	while (copies < least && copies < 8 && info->exact) {
		plan_info_append(builder, info, &once);
		copies++;
	}
	/* Short of all copies, or with more of them: it begins with the first and ends as the last,
	 * which are the same, so heads and tails hold as they are. */
	if (copies != most) {
		loosen(builder, info);
		info->fixed = false;
		info->all = either(once.all, &once.all, once.all.length * least);
		info->best_run = better(info->best_run, info->all);
		info->last_run = better(info->last_run, info->all);
	}
	info->alone = alone;
	info->alone_most = alone_most;
}

const struct plan_node *plan_info_query(struct plan_builder *builder, const struct plan_info *info)
{
	struct plan_info all = *info;
	loosen(builder, &all);
	return all.query;
}
