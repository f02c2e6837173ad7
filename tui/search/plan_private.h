/*
 * plan_private.h: how a plan is built: memory, queries, and what is known of a part of a pattern.
 *
 * plan_parse.c walks the pattern and asks plan_info.c to put parts together; what is known of a
 * part always holds for everything the part can match. All of it lives in the builder's memory,
 * which becomes the plan's. Where memory or a bound ends, the answer is "anything", and `failed`
 * says so for memory.
 */
#ifndef SEARCH_PLAN_PRIVATE_H
#define SEARCH_PLAN_PRIVATE_H

#include "plan.h"

/* Strings in a set; more make the set less exact. */
#define SET_ROOM 20
/* Bytes of a required literal; more are not needed to tell cells apart. */
#define LITERAL_ROOM 128

struct plan_block;

struct plan_builder {
	struct plan_block *blocks;
	size_t used;
	bool failed;
	bool caseless; /* some part of the pattern ignores case: literals are compared so */
};

/* Room in the builder's memory, or NULL with `failed` set. */
void *plan_room(struct plan_builder *builder, size_t bytes) MUST_CHECK;
void plan_blocks_free(struct plan_block *blocks);
/* a and b, one behind the other; empty when there is no memory. */
struct span plan_join(struct plan_builder *builder, struct span a, struct span b);

/* Queries */
extern const struct plan_node plan_any, plan_none;
const struct plan_node *plan_and(
	struct plan_builder *builder, const struct plan_node *a, const struct plan_node *b);
const struct plan_node *plan_or(
	struct plan_builder *builder, const struct plan_node *a, const struct plan_node *b);
/* All trigrams of a string; ANY when it has none. */
const struct plan_node *plan_all_of(struct plan_builder *builder, struct span string);
void plan_node_text(const struct plan_node *node, struct buffer *out);

/* Sorted, no two alike, folded. No string at all: what it describes matches nothing. */
struct plan_strings {
	size_t count;
	struct span items[SET_ROOM];
};

/* Some strings, of which none contains nothing; more are of no use. */
struct plan_choice {
	size_t count;
	struct span items[PLAN_MAX_CHOICE];
};

/* What is known of everything that a part of a pattern matches. */
struct plan_info {
	bool exact;                /* it is one of `whole` */
	struct plan_strings whole; /* when exact */
	struct plan_strings heads; /* when not: it begins with one of these, */
	struct plan_strings tails; /* and ends with one of these */
	/* The cell contains this, besides what the sets say. */
	const struct plan_node *query;

	bool fixed;                   /* it is always the same text: head, tail and best are that */
	struct span head, tail, best; /* it begins with, ends with, contains */
	struct span aside;            /* a look-around saw this in the cell */
	struct plan_choice choice;    /* it contains one of these */

	struct plan_run all;      /* it has at least so many bytes, all in this set */
	struct plan_run last_run; /* it ends with such a run */
	struct plan_run best_run; /* it contains such a run, or a look-around saw one */

	/* It is characters of one class and nothing else, from alone.length to alone_most of them,
	 * as many as there are, and whatever is so is it. The class is exact for bytes below 0x80;
	 * those above are of characters that may be in it. alone.length 0: it is not known to be
	 * so. */
	struct plan_run alone;
	size_t alone_most;
};

/* A set of characters. */
struct plan_class {
	uint64_t ascii[2]; /* not one too many, unless `rough` */
	bool rough;
	bool wide; /* any character beyond ASCII may be in it, or only these: */
	uint32_t codes[8];
	size_t code_count;
};

void plan_class_add(struct plan_class *set, uint32_t code);
/* Whether a code below 0x80 is in it. */
bool plan_class_has(const struct plan_class *set, uint32_t code);
/* Both ends included. */
void plan_class_add_range(struct plan_class *set, uint32_t first, uint32_t last);
/* A set that is not known. */
void plan_class_add_unknown(struct plan_class *set);
/* `more` has no codes of its own. */
void plan_class_add_class(struct plan_class *set, const struct plan_class *more);
/* What is not in it; everything, when that is not known. */
void plan_class_negate(struct plan_class *set);
/* Characters of \d \w \s \h \v and their opposites in upper case; false for other letters. */
bool plan_class_add_escape(struct plan_class *set, char letter);
/* The class of [:name:]; false when it is not known. */
bool plan_class_add_posix(struct plan_class *set, struct span name);
/* With what differs from a member only by case. Beyond ASCII that is left open, but for the two
 * characters that ASCII letters have there. */
struct plan_class plan_class_close(const struct plan_class *set);

/* Nothing: the empty text. */
void plan_info_empty(struct plan_info *info);
/* The empty text, where the part was seen: what a positive look-around is to what is around it. */
void plan_info_aside(struct plan_builder *builder, struct plan_info *info);
/* Anything at all, the empty text included. */
void plan_info_anything(struct plan_info *info);
/* One character of a set, which is closed under case first when `caseless`. */
void plan_info_class(struct plan_builder *builder, struct plan_info *info,
	const struct plan_class *set, bool caseless);
/* *first becomes first then second, first or second, first repeated. */
void plan_info_append(
	struct plan_builder *builder, struct plan_info *first, const struct plan_info *second);
void plan_info_alternate(
	struct plan_builder *builder, struct plan_info *first, const struct plan_info *second);
/* The parts put together are one part that is *item. */
void plan_info_set_alone(struct plan_info *info, const struct plan_info *item);
#define REPEAT_UNLIMITED UINT32_MAX
void plan_info_repeat(
	struct plan_builder *builder, struct plan_info *info, uint32_t least, uint32_t most);
/* The whole query of a part, with what its sets say. */
const struct plan_node *plan_info_query(struct plan_builder *builder, const struct plan_info *info);

/* How much a run tells: bits, roughly. */
unsigned plan_run_score(const struct plan_run *run);

/* Reads a pattern that PCRE2 has compiled. Anything that is not understood gives anything. */
void plan_parse(
	struct plan_builder *builder, const struct pattern *pattern, struct plan_info *info);

#endif
