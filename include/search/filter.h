/*
 * search/filter.h: the one filter grammar, for `&`, `,`, `x`, `list --where` and stated counts.
 *
 *	type = server and not status = cleared
 *	first_seen >= 2019-06 and (site is not stated or name ~ /srv[0-9]+/i)
 *	basis = placeholder · any ~ /rundll32/ · quantity_min > 40 · said_on in 2020-01
 *
 *	filter     := and-terms joined by `or`;  and-term := terms joined by `and`
 *	term       := `not` term | `(` filter `)` | comparison
 *	comparison := name (= | != | < | <= | > | >=) value | name (~ | !~) /regex/[i] | name `in`
 *	              time-or-interval | name `is stated` | name `is not stated`
 *	name       := a field of the kind, extra.NAME, `any` (some cell), id, basis, stands_for,
 *source, kind; in "double quotes" when it is no plain word
 *	value      := a plain word or "text in double quotes" with \" and \\
 *
 * Text is compared exactly with = and !=, numbers as numbers, times as intervals: `=` overlaps,
 * `<` ends before, `>` begins after. != and !~ hold for a field that is not stated, too; < and the
 * like do not. A choice that is not stated equals its unset word (host.status = "not assessed").
 * Nothing of the text ever becomes SQL.
 */
#ifndef SEARCH_FILTER_H
#define SEARCH_FILTER_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/record.h"
#include "search/pattern.h"

#include <stdatomic.h>
#include <stdbool.h>

struct filter;

/* ERROR_PATTERN with the byte at fault and what was expected there. Depth and length are bounded.
 * Free with filter_free. A filter belongs to one thread (it holds matchers). */
struct filter *filter_parse(struct span text, enum kind kind, const atomic_bool *cancel,
	struct error *error) MUST_CHECK;
void filter_free(struct filter *filter);

/* Whether a record of the kind passes; MATCH_UNDECIDED when a regex met a limit on it. */
enum match_result filter_match(struct filter *filter, const struct record *record);

/* Said in words: `type is server and status is not cleared`. */
void filter_sentence(const struct filter *filter, struct buffer *out);

/* The text of a comparison of a field with a value, quoted as needed, for `,` (equal) and `x`. A
 * span that is not stated gives `is not stated`. */
void filter_compare_text(
	enum kind kind, int field, struct span value, bool equal, struct buffer *out);
/* The text of `any ~ /regex/`. */
void filter_any_text(struct span regex, bool ignore_case, struct buffer *out);

#endif
