/*
 * search/filter.h: the one filter grammar, for `&`, `,`, `x`, `list --where` and stated counts.
 *
 *	type = server and not status = cleared
 *	first_seen >= 2019-06 and (site is not stated or name ~ /srv[0-9]+/i)
 *	basis = placeholder · any ~ /rundll32/ · quantity_min > 40 · said_on in 2020-01
 *
 *	filter     := and-terms joined by `or`;  and-term := terms joined by `and`
 *	term       := `not` term | `(` filter `)` | comparison
 *	comparison := name (= | != | < | <= | > | >=) value | name (~ | !~) regex | name `in` value
 *	              | name `is stated` | name `is not stated`
 *	name       := a field of the kind, extra.NAME, `any` (some cell), id, basis, stands_for,
 *	              source (its number), kind; in "double quotes" when it is no plain word
 *	value      := a plain word or "text in double quotes", which knows \" \\ \n \t and \xNN
 *	              (two hexadecimal digits) for bytes that can't stand as they are
 *	regex      := /text/ or "text", with an i behind it to ignore case; \/ is a slash
 *	plain word := bytes above space without ( ) " = ! < > ~
 *
 * Text is compared exactly with = and !=; with < and the like as numbers where both sides are whole
 * numbers, else byte by byte. Numbers are compared as numbers, times as intervals: `=` overlaps,
 * `<` ends before, `>` begins after, `<=` ends no later, `>=` begins no earlier, `in` lies within;
 * the same words are equal, too, also when nobody could read them. What a record stands for is an
 * interval of numbers, of which < and the like hold when they hold for all of it. != and !~ hold
 * for a field that is not stated, too; < and the like do not. A choice that is not stated equals
 * its unset word (host.status = "not assessed"). A plain word has to be one that the field may
 * have; in quotes any text may stand behind = and !=. An extra field that a record has several
 * times is taken as `any` is: one is enough. Nothing of the text ever becomes SQL.
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

/* Bytes of a filter's text. */
#define FILTER_MAX_LENGTH (1024 * 1024)

struct filter;

/* ERROR_PATTERN with the byte at fault and what was expected there. Depth and length are bounded.
 * Free with filter_free. A filter belongs to one thread (it holds matchers). */
struct filter *filter_parse(struct span text, enum kind kind, const atomic_bool *cancel,
	struct error *error) MUST_CHECK;
void filter_free(struct filter *filter);

/* Whether a record of the kind passes; MATCH_UNDECIDED when a regex met a limit on it. */
enum match_result filter_match(struct filter *filter, const struct record *record);

/* Asks the search engine, for a large kind, of which records each regex and each `=` of a text
 * holds: all of them at once, which takes a fraction of the time of reading them one by one. Other
 * parts of the filter, and other kinds, are left to filter_match. Told how far it is, in
 * thousandths; progress may be NULL. ERROR_CANCELLED by the flag of filter_parse. */
bool filter_look_ahead(struct filter *filter, const struct case_file *file,
	void (*progress)(void *context, int thousandths), void *context,
	struct error *error) MUST_CHECK;
/* Whether a record passes, as far as that is known without reading it; MATCH_UNDECIDED: it has to
 * be read, and filter_match asked. */
enum match_result filter_match_id(struct filter *filter, int64_t id);

/* The kind that a filter asks for first, as in `kind = host and ...`: of a text that is not parsed
 * yet, and of a filter that cannot pass for any other kind. KIND_NONE when it does not. */
enum kind filter_leading_kind(struct span text);
enum kind filter_requires_kind(const struct filter *filter);

/* Said in words: `type is server and status is not cleared`. Appended to out;
 * text of the case in it still has to be made safe to show. */
void filter_sentence(const struct filter *filter, struct buffer *out);

/* The text of a comparison of a field with a value, quoted as needed, for `,` (equal) and `x`. A
 * span that is not stated gives `is not stated`. */
void filter_compare_text(
	enum kind kind, int field, struct span value, bool equal, struct buffer *out);
/* The text of `any ~ /regex/`. */
void filter_any_text(struct span regex, bool ignore_case, struct buffer *out);
/* The same of a regex for these words standing alone, in any case: 10.0.0.1 is not in 10.0.0.12. */
void filter_words_text(struct span words, struct buffer *out);

#endif
