/*
 * explore/card.h: text laid out in lines, some of which lead somewhere.
 *
 * The record pane, the full record, related records, provenance, imports and help are cards. A
 * card is made for a width, so lines are wrapped here, between clusters; a view only draws them.
 * Text from a case stays as it was stored: the canvas makes it visible-safe.
 */
#ifndef EXPLORE_CARD_H
#define EXPLORE_CARD_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/link.h"
#include "casefile/record.h"

#include <stdbool.h>
#include <stdint.h>

enum card_tone { CARD_PLAIN, CARD_TITLE, CARD_HEADING, CARD_DIM, CARD_WARNING };

/* Hits of one line that are lit. */
#define CARD_MAX_LIT 16

struct card_line {
	struct range label; /* in card.text; drawn in a column of its own */
	struct range text;
	struct range passage;           /* what was added as one, of which the text is a piece */
	bool hit;                       /* a hit of card_find begins here */
	int indent;                     /* columns before the text */
	struct range lit[CARD_MAX_LIT]; /* in card.text */
	int lit_count;
	enum card_tone tone;
	struct record_id target; /* where Enter leads; KIND_NONE: nowhere */
};

struct card {
	struct buffer text;
	struct card_line *lines;
	int64_t count;
	size_t capacity;
	int label_width;
	int width;               /* it was made for */
	bool ascii;              /* drawn in ASCII, where most characters are wider */
	bool failed;             /* out of memory while it was made: it does not say all */
	bool waits;              /* for the count of the claim that it shows */
	struct matcher *matcher; /* lights what it finds in card_add_cell; borrowed, may be NULL */
	int lit_number;          /* which search that was */
	int found_number;        /* which search card_find was called for; 0: none */
	int64_t top;
	int64_t cursor;
};

void card_free(struct card *card);
/* Empty, for a width; place of cursor and scroll are kept. */
void card_begin(struct card *card, int width, int label_width, bool ascii);
/* A line, wrapped to as many as it needs; at most `most` of them (0: any number), then `…`. A label
 * that is longer than its column takes of its line what it needs, or a line of its own. */
void card_add(struct card *card, const char *label, struct span text, enum card_tone tone,
	struct record_id target, int most);
/* As card_add, for what a cell says: what the matcher finds in it is lit. */
void card_add_cell(
	struct card *card, const char *label, struct span text, struct record_id target, int most);
void card_add_string(struct card *card, const char *label, const char *text, enum card_tone tone);
void card_blank(struct card *card);

/* What card_find came upon. */
struct card_found {
	int64_t hits;
	int64_t passages;
	int64_t undecided; /* passages on which the pattern met a limit */
};
/* Looks for a pattern in all passages, lights what it finds and marks the lines where hits begin.
 * False when out of memory. */
bool card_find(struct card *card, struct matcher *matcher, struct card_found *found) MUST_CHECK;
/* The next line after (before) `from` where a hit begins, wrapping round; -1 when there is none. */
int64_t card_next_hit(const struct card *card, int64_t from, bool backwards, bool *wrapped);

/* Moves the cursor to a line within bounds and scrolls so that it is among `height`. */
void card_move_to(struct card *card, int64_t line, int height);
/* The next line after (before) the cursor that leads somewhere; the cursor's own when none. */
int64_t card_next_target(const struct card *card, bool backwards);

struct session;

/* The fields of a record, where it is from and, when related is not NULL, what it is related to.
 * `brief` cuts long texts. */
void card_record(struct card *card, struct session *session, const struct record *record,
	const struct related_list *related, bool brief);
/* Above the card of a record that a folded row shows: it is the first of so many. */
void card_run(struct card *card, int64_t run);
/* Where a record came from: source, hash, bytes, importer, basis, mentions. */
void card_provenance(struct card *card, struct session *session, const struct record *record);
/* What it is related to, grouped by kind of relation. */
void card_related(struct card *card, struct session *session, const struct record *record,
	const struct related_list *related);
/* Files that were imported, and what was skipped of them. */
void card_imports(struct card *card, struct session *session);
/* Keys that work here, from the command table. */
void card_help(struct card *card, const struct session *session, unsigned where);

#endif
