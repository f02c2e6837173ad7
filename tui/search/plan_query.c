/* Queries over trigrams: normal form, bounds, text. */
#include "plan_private.h"

#include <stdlib.h>
#include <string.h>

#define BLOCK_ROOM (32 * 1024)
/* All that one plan may take while it is made. */
#define MOST_ROOM (4 * 1024 * 1024)

struct plan_block {
	struct plan_block *next;
	size_t used, size;
	_Alignas(max_align_t) char bytes[];
};

const struct plan_node plan_any = {.op = PLAN_ANY};
const struct plan_node plan_none = {.op = PLAN_NONE};

void *plan_room(struct plan_builder *builder, size_t bytes)
{
	bytes = (bytes + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
	struct plan_block *block = builder->blocks;
	if (!block || block->size - block->used < bytes) {
		size_t size = bytes > BLOCK_ROOM ? bytes : BLOCK_ROOM;
		if (builder->failed || size > MOST_ROOM - builder->used)
			block = NULL;
		else
			block = malloc(sizeof *block + size);
		if (!block) {
			builder->failed = true;
			return NULL;
		}
		*block = (struct plan_block){.next = builder->blocks, .size = size};
		builder->blocks = block;
		builder->used += size;
	}
	void *room = block->bytes + block->used;
	block->used += bytes;
	return room;
}

void plan_blocks_free(struct plan_block *blocks)
{
	while (blocks) {
		struct plan_block *block = blocks;
		blocks = block->next;
		free(block);
	}
}

struct span plan_join(struct plan_builder *builder, struct span a, struct span b)
{
	if (a.length == 0 || b.length == 0)
		return a.length ? a : b;
	char *joined = plan_room(builder, a.length + b.length);
	if (!joined)
		return span_of("", 0);
	memcpy(joined, a.data, a.length);
	memcpy(joined + a.length, b.data, b.length);
	return span_of(joined, a.length + b.length);
}

/* Trigrams first, by their bytes; then by op, size and children. */
static int compare(const struct plan_node *a, const struct plan_node *b)
{
	if (a == b)
		return 0;
	if (a->op != b->op)
		return a->op < b->op ? -1 : 1;
	if (a->op == PLAN_TRIGRAM)
		return a->trigram < b->trigram ? -1 : a->trigram > b->trigram;
	for (size_t i = 0; i < a->count && i < b->count; i++) {
		int order = compare(a->children[i], b->children[i]);
		if (order != 0)
			return order;
	}
	return a->count < b->count ? -1 : a->count > b->count;
}

/* The parts of a node under an op: its children, or itself. */
struct parts {
	size_t count;
	const struct plan_node *const *items;
};

static struct parts parts_of(const struct plan_node *const *node, enum plan_op op)
{
	if ((*node)->op == op)
		return (struct parts){.count = (*node)->count, .items = (*node)->children};
	return (struct parts){.count = 1, .items = node};
}

/* Whether every part of `few` is a part of `many`; both are sorted. */
static bool includes(struct parts many, struct parts few)
{
	size_t at = 0;
	for (size_t i = 0; i < few.count; i++) {
		while (at < many.count && compare(many.items[at], few.items[i]) < 0)
			at++;
		if (at == many.count || compare(many.items[at], few.items[i]) != 0)
			return false;
	}
	return true;
}

/* Absorption: under AND, x | y says nothing beside x; under OR, neither x & y beside x, nor
 * x & (y | z) beside y and z. */
static bool is_absorbed(struct parts all, size_t which, enum plan_op op)
{
	enum plan_op inner = op == PLAN_AND ? PLAN_OR : PLAN_AND;
	if (all.items[which]->op != inner)
		return false;
	struct parts mine = parts_of(&all.items[which], inner);
	for (size_t i = 0; i < all.count; i++)
		if (i != which && includes(mine, parts_of(&all.items[i], inner)))
			return true;
	for (size_t i = 0; i < mine.count; i++)
		if (includes(all, parts_of(&mine.items[i], op)))
			return true;
	return false;
}

static size_t count_trigrams(const struct plan_node *const *items, size_t count)
{
	size_t trigrams = 0;
	for (size_t i = 0; i < count; i++)
		trigrams += items[i]->trigrams;
	return trigrams;
}

/* Of two that are too many for one query: under AND each may be left out. */
static const struct plan_node *stronger(const struct plan_node *a, const struct plan_node *b)
{
	size_t left = parts_of(&a, PLAN_AND).count, right = parts_of(&b, PLAN_AND).count;
	if (left != right)
		return left > right ? a : b;
	return a->trigrams <= b->trigrams ? a : b;
}

static const struct plan_node *combine(struct plan_builder *builder, enum plan_op op,
	const struct plan_node *a, const struct plan_node *b)
{
	struct parts left = parts_of(&a, op), right = parts_of(&b, op);
	if (includes(left, right))
		return a;
	if (a->trigrams + b->trigrams > PLAN_MAX_TRIGRAMS)
		return op == PLAN_OR ? &plan_any : stronger(a, b);
	size_t room = (left.count + right.count) * sizeof(struct plan_node *);
	const struct plan_node **merged = plan_room(builder, room);
	const struct plan_node **items = plan_room(builder, room);
	struct plan_node *node = plan_room(builder, sizeof *node);
	if (!merged || !items || !node)
		return &plan_any;
	struct parts all = {.count = 0, .items = merged};
	size_t count = 0;
	for (size_t i = 0, j = 0; i < left.count || j < right.count;) {
		int order = i == left.count    ? 1
			    : j == right.count ? -1
					       : compare(left.items[i], right.items[j]);
		merged[all.count++] = order <= 0 ? left.items[i] : right.items[j];
		i += order <= 0;
		j += order >= 0;
	}
	for (size_t i = 0; i < all.count; i++)
		if (!is_absorbed(all, i, op))
			items[count++] = merged[i];
	if (count < 2)
		return count ? items[0] : &plan_any;
	*node = (struct plan_node){.op = op,
		.count = count,
		.children = items,
		.trigrams = count_trigrams(items, count)};
	return node;
}

const struct plan_node *plan_and(
	struct plan_builder *builder, const struct plan_node *a, const struct plan_node *b)
{
	if (a->op == PLAN_NONE || b->op == PLAN_ANY)
		return a;
	if (b->op == PLAN_NONE || a->op == PLAN_ANY)
		return b;
	return combine(builder, PLAN_AND, a, b);
}

/* Parts of `a` that are (or are not) in b as well, under AND. */
static const struct plan_node *select_parts(struct plan_builder *builder,
	const struct plan_node *const *a, const struct plan_node *const *b, bool in_both)
{
	struct parts all = parts_of(a, PLAN_AND), others = parts_of(b, PLAN_AND);
	const struct plan_node *selected = &plan_any;
	for (size_t i = 0; i < all.count; i++) {
		struct parts one = {.count = 1, .items = &all.items[i]};
		if (includes(others, one) == in_both)
			selected = plan_and(builder, selected, all.items[i]);
	}
	return selected;
}

const struct plan_node *plan_or(
	struct plan_builder *builder, const struct plan_node *a, const struct plan_node *b)
{
	if (a->op == PLAN_ANY || b->op == PLAN_NONE)
		return a;
	if (b->op == PLAN_ANY || a->op == PLAN_NONE)
		return b;
	/* What both ask for is asked once: x & y | x & z is x & (y | z). */
	const struct plan_node *common = select_parts(builder, &a, &b, true);
	if (common->op == PLAN_ANY)
		return combine(builder, PLAN_OR, a, b);
	const struct plan_node *left = select_parts(builder, &a, &b, false);
	const struct plan_node *right = select_parts(builder, &b, &a, false);
	return plan_and(builder, common, plan_or(builder, left, right));
}

const struct plan_node *plan_all_of(struct plan_builder *builder, struct span string)
{
	const struct plan_node *all = &plan_any;
	for (size_t i = 0; i + 3 <= string.length; i++) {
		struct plan_node *node = plan_room(builder, sizeof *node);
		if (!node)
			return &plan_any;
		*node = (struct plan_node){.op = PLAN_TRIGRAM,
			.trigram = plan_trigram(string.data + i),
			.trigrams = 1};
		all = plan_and(builder, all, node);
	}
	return all;
}

static void trigram_text(uint32_t trigram, struct buffer *out)
{
	buffer_add_byte(out, '"');
	for (int shift = 16; shift >= 0; shift -= 8) {
		unsigned byte = trigram >> shift & 0xff;
		if (byte < 0x20 || byte > 0x7e || byte == '"' || byte == '\\')
			buffer_add_format(out, "\\x%02x", byte);
		else
			buffer_add_byte(out, (char)byte);
	}
	buffer_add_byte(out, '"');
}

void plan_node_text(const struct plan_node *node, struct buffer *out)
{
	switch (node->op) {
	case PLAN_ANY:
		buffer_add_string(out, "any");
		return;
	case PLAN_NONE:
		buffer_add_string(out, "none");
		return;
	case PLAN_TRIGRAM:
		trigram_text(node->trigram, out);
		return;
	case PLAN_AND:
	case PLAN_OR:
		break;
	}
	for (size_t i = 0; i < node->count; i++) {
		bool nested = node->children[i]->count > 0;
		if (i > 0)
			buffer_add_string(out, node->op == PLAN_AND ? " & " : " | ");
		if (nested)
			buffer_add_byte(out, '(');
		plan_node_text(node->children[i], out);
		if (nested)
			buffer_add_byte(out, ')');
	}
}
