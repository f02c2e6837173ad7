/*
 * plan_reader.h: the words of PCRE2's syntax, for plan_parse.c.
 *
 * The pattern has been compiled, so that it is well-formed. What may differ between versions of
 * PCRE2, or is not understood, sets `lost`: nothing is then known of the pattern.
 */
#ifndef SEARCH_PLAN_READER_H
#define SEARCH_PLAN_READER_H

#include "plan_private.h"

struct reader {
	struct plan_builder *builder;
	struct span text;
	size_t at;
	unsigned depth;
	bool caseless;        /* (?i) */
	bool extended;        /* (?x) */
	bool quoted;          /* inside \Q...\E */
	bool other_line_ends; /* a verb made them other than LF */
	bool lazy;            /* some quantifier takes as little as it can */
	bool lost;
};

bool reader_at_end(const struct reader *reader);
/* The byte so far ahead; NUL behind the end. */
char reader_peek(const struct reader *reader, size_t ahead);
/* Moves behind a word when it stands here. */
bool reader_take(struct reader *reader, const char *word);
/* Moves behind the next `end`. */
void reader_skip_past(struct reader *reader, char end);
uint32_t reader_take_character(struct reader *reader);
/* Digits in a base up to 16, at most so many. */
uint32_t reader_take_number(struct reader *reader, unsigned base, size_t most);
/* The character that an escape stands for, the reader being behind its letter: \n, \x41, \o{}, \cA,
 * \N{U+41}, \012, or a sign that stands for itself. False when it is another kind of escape. */
bool reader_take_code(struct reader *reader, char letter, uint32_t *code);
/* What may stand between an item and its quantifier: white space and comments of (?x), (?#...), and
 * the marks where quoting begins and ends. */
void reader_skip_ignored(struct reader *reader);
/* ? * + {n} {n,} {n,m} with what makes them lazy or possessive. */
bool reader_take_quantifier(struct reader *reader, uint32_t *least, uint32_t *most);

/* Whether byte is one of those; NUL never is. */
bool reader_one_of(char byte, const char *bytes);

#endif
