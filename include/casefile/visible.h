/*
 * casefile/visible.h: which records of a large kind are hidden, and how many of any are seen.
 *
 * A row of a large kind is not asked for its source one by one: sources that are loading or taken
 * back are few, and their ids are a few runs, known from the block table. What another source that
 * can be seen tells of, too, or the journal speaks of, stays; the former is written down in the row
 * `kept KIND` of meta. Used inside casefile/ and search/, but for visible_count.
 */
#ifndef CASEFILE_VISIBLE_H
#define CASEFILE_VISIBLE_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/case.h"
#include "casefile/kinds.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct id_run {
	int64_t first, last;
};

/* Ids of one kind. */
struct id_runs {
	struct id_run *items; /* ascending, not touching */
	size_t count, capacity;
};

void id_runs_free(struct id_runs *runs);
/* The first run that ends at or behind an id, as an index; count when there is none. */
size_t id_runs_from(const struct id_runs *runs, int64_t id);
static inline bool id_runs_hold(const struct id_runs *runs, int64_t id)
{
	size_t at = id_runs_from(runs, id);
	return at < runs->count && runs->items[at].first <= id;
}

/* Reads which are hidden anew. Linear in blocks of sources that are. */
bool hidden_load(const struct case_file *file, enum kind kind, struct id_runs *hidden,
	struct error *error) MUST_CHECK;
/* Writes down which records of hidden sources others mention, so that they are not looked for
 * again: whenever a source was taken back, in its transaction. An import changes nothing of it,
 * since it mentions what can be seen. */
bool hidden_remember(struct case_file *file, enum kind kind, struct error *error) MUST_CHECK;
/* Whether what is written down agrees with the mentions there are. Linear in them. */
bool hidden_check(
	const struct case_file *file, enum kind kind, bool *agrees, struct error *error) MUST_CHECK;
/* The least number >= id that is not hidden. */
int64_t hidden_skip(const struct id_runs *hidden, int64_t id);

/* How many records of a kind are seen; of a large one by its blocks, without looking at each. */
bool visible_count(const struct case_file *file, enum kind kind, int64_t *count,
	struct error *error) MUST_CHECK;

/* Reads which records of a kind a source gave; or all sources of a format, of which some may be
 * taken back. */
bool runs_of_source(const struct case_file *file, enum kind kind, int64_t source,
	struct id_runs *runs, struct error *error) MUST_CHECK;
bool runs_of_format(const struct case_file *file, enum kind kind, struct span format,
	struct id_runs *runs, struct error *error) MUST_CHECK;

#endif
