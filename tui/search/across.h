/*
 * across.h: whether a pattern may be matched over the text of many cells at once.
 *
 * The cells of a block stand one after the other, each followed by a NUL. Such a text gives the
 * matches of its cells when nothing in the pattern can match a NUL, or see more of what is around
 * than that a NUL is no word character: then no match leaves its cell, and every cell is to the
 * pattern what it is alone. That holds for a few constructs, which are all that is let through:
 * characters that stand for themselves, classes that are not negated, \d \w \s \b, groups,
 * alternatives and quantifiers. Whatever is not recognised is matched cell by cell.
 */
#ifndef SEARCH_ACROSS_H
#define SEARCH_ACROSS_H

#include "search/pattern.h"

/* Empty matches are not looked at: who asks knows that a match has a byte at least. */
bool pattern_goes_across(const struct pattern *pattern);

/* Whether the options leave the pattern as it is: neither whole words nor whole cells are asked
 * for.
 */
bool pattern_is_bare(const struct pattern *pattern);

/* The texts that a pattern is, each standing for itself letter by letter, with `|` between them:
 * where one is, it matches, the first of them in this order. Their number; 0 when the pattern is
 * something else, or has more than `most`. */
size_t pattern_texts(const struct pattern *pattern, struct span *texts, size_t most);

#endif
