/* One block: read, looked over for what every match must contain, and matched cell by cell, or over
 * many cells at once where that is the same. */
#include "engine_private.h"

#include "across.h"
#include "base/memory.h"
#include "pattern_private.h"

#include <stdlib.h>

/* Bytes that one call of PCRE2 goes over, about: the cancel flag is looked at between two. */
#define ACROSS_BYTES (16 * 1024)
/* A block with so much memory is an exception, and gives it back. */
#define MEMORY_KEPT (1024 * 1024)

void found_free(struct found *found)
{
	block_free(&found->block);
	free(found->hits);
	*found = (struct found){0};
}

void way_make(struct way *way, const struct pattern *pattern, const struct plan *plan)
{
	*way = (struct way){.pattern = pattern, .plan = plan};
	finder_make(&way->finder, plan);
	way->plain = pattern_is_plain(pattern) && way->finder.type == FINDER_LITERAL &&
		     !way->finder.ignores_case &&
		     span_equal(way->finder.literal, pattern_text(pattern));
	way->across = way->finder.type == FINDER_NONE && plan_shortest(plan) > 0 &&
		      pattern_goes_across(pattern);
}

bool block_matcher_begin(struct block_matcher *matching, const struct way *way,
	const struct case_file *file, const atomic_bool *cancel, struct error *error)
{
	struct match_limits limits = {.cancel = cancel};
	matching->way = way;
	matching->select = statement_open(file, QUERY_BLOCK_CONTENT, error);
	matching->matcher = matching->select ? matcher_new(way->pattern, &limits, error) : NULL;
	return matching->matcher != NULL;
}

void block_matcher_end(struct block_matcher *matching)
{
	statement_close(matching->select);
	matcher_free(matching->matcher);
	*matching = (struct block_matcher){0};
}

static bool add_hit(struct found *found, const struct block_hit *hit, struct error *error)
{
	struct block_hit *hits =
		memory_grow(found->hits, &found->capacity, found->count + 1, sizeof *hits);
	if (!hits)
		return error_memory(error);
	found->hits = hits;
	hits[found->count++] = *hit;
	return true;
}

static bool match_cell(
	struct block_matcher *matching, struct found *found, size_t cell, struct error *error)
{
	const struct block_cell *place = &found->block.cells[cell];
	struct span image = span_of(found->block.text.data + place->start, place->length);
	struct block_hit hit = {.cell = (uint32_t)cell};
	struct range range;
	if (image.length < plan_shortest(matching->way->plan))
		return true;
	switch (matcher_cell(matching->matcher, image, 0, &range)) {
	case MATCH_NO:
		return true;
	case MATCH_YES:
		hit.start = (uint32_t)range.start;
		hit.end = (uint32_t)range.end;
		break;
	case MATCH_UNDECIDED:
		hit.undecided = true;
		break;
	case MATCH_CANCELLED:
		return scan_cancelled(error) == SCAN_ON;
	}
	return add_hit(found, &hit, error);
}

/* The cell that a byte of the text is in, or the NUL behind it, from a cell at or before it on. */
static size_t cell_at(const struct block *block, size_t cell, size_t at)
{
	while (cell + 1 < block->cell_count && block->cells[cell + 1].start <= at)
		cell++;
	return cell;
}

/* Looks for what a match needs, and matches the cells that have it. */
static bool match_found(struct block_matcher *matching, struct found *found, struct error *error)
{
	const struct way *way = matching->way;
	const struct block *block = &found->block;
	struct span text = buffer_span(&block->text);
	size_t from = 0;
	for (size_t cell = 0; cell < block->cell_count; cell++) {
		size_t at = finder_next(&way->finder, text, from);
		if (at == FINDER_NOWHERE)
			return true;
		cell = cell_at(block, cell, at);
		const struct block_cell *place = &block->cells[cell];
		struct block_hit hit = {.cell = (uint32_t)cell,
			.start = (uint32_t)at - place->start,
			.end = (uint32_t)(at + way->finder.literal.length) - place->start};
		bool good = way->plain ? add_hit(found, &hit, error)
				       : match_cell(matching, found, cell, error);
		if (!good)
			return false;
		from = (size_t)place->start + place->length + 1;
	}
	return true;
}

/* Cells from one on that begin before `end`. */
static bool match_cells(struct block_matcher *matching, struct found *found, size_t *cell,
	size_t end, struct error *error)
{
	for (; *cell < found->block.cell_count && found->block.cells[*cell].start < end; ++*cell)
		if (!match_cell(matching, found, *cell, error))
			return false;
	return true;
}

/* Matches from a cell's start on, over the cells up to `end`, which is the NUL behind one of them.
 * *cell moves to the first one behind. */
static bool match_piece(struct block_matcher *matching, struct found *found, size_t *cell,
	size_t end, struct error *error)
{
	const struct block *block = &found->block;
	while (*cell < block->cell_count && block->cells[*cell].start < end) {
		size_t from = block->cells[*cell].start;
		struct span piece = span_of(block->text.data + from, end - from);
		struct range range;
		enum match_result result = matcher_across(matching->matcher, piece, 0, &range);
		if (result == MATCH_CANCELLED)
			return scan_cancelled(error) == SCAN_ON;
		if (result == MATCH_UNDECIDED)
			return match_cells(matching, found, cell, end, error);
		if (result == MATCH_NO) {
			*cell = cell_at(block, *cell, end) + 1;
			return true;
		}
		size_t at = from + range.start;
		size_t hit_cell = cell_at(block, *cell, at);
		const struct block_cell *place = &block->cells[hit_cell];
		/* It never leaves its cell; if it did, the cells would be matched alone. */
		if (at < place->start || from + range.end > (size_t)place->start + place->length)
			return match_cells(matching, found, cell, end, error);
		struct block_hit hit = {.cell = (uint32_t)hit_cell,
			.start = (uint32_t)(at - place->start),
			.end = (uint32_t)(from + range.end - place->start)};
		if (!add_hit(found, &hit, error))
			return false;
		*cell = hit_cell + 1;
	}
	return true;
}

static bool match_across(struct block_matcher *matching, struct found *found, struct error *error)
{
	const struct block *block = &found->block;
	struct span text = buffer_span(&block->text);
	for (size_t cell = 0; cell < block->cell_count;) {
		size_t most = block->cells[cell].start + ACROSS_BYTES;
		size_t end = text.length - 1; /* the last NUL */
		if (most < end)
			end = (size_t)((const char *)memchr(
					       text.data + most, '\0', text.length - most) -
				       text.data);
		/* A cell that is long alone has callouts to look at the clock. */
		bool good = end - block->cells[cell].start > (size_t)2 * ACROSS_BYTES
				    ? match_cells(matching, found, &cell, end, error)
				    : match_piece(matching, found, &cell, end, error);
		if (!good)
			return false;
		/* An empty cell may begin at the end itself. */
		if (cell < block->cell_count && block->cells[cell].start == end)
			cell++;
	}
	return true;
}

static int64_t count_cells(struct span text)
{
	int64_t cells = 0;
	for (size_t i = 0; i < text.length; i++)
		cells += text.data[i] == '\0';
	return cells;
}

static bool decode(const struct statement *row, const struct unit *unit, enum kind kind,
	struct found *found, struct error *error)
{
	struct block *block = &found->block;
	block->id = unit->id;
	block->kind = kind;
	block->source = statement_int(row, 1);
	block->first = unit->first;
	if (!block_decode(block, statement_blob(row, 4), statement_blob(row, 5), error))
		return false;
	if (block->records != unit->records || statement_int(row, 0) != kind ||
		statement_int(row, 2) != unit->first)
		return error_set(error, ERROR_CASE_DAMAGED,
			"block %lld of the case is damaged: it is not the one that was expected",
			(long long)unit->id);
	found->read = true;
	found->cells = (int64_t)block->cell_count;
	return true;
}

static bool take_row(struct block_matcher *matching, const struct unit *unit, enum kind kind,
	bool all, struct found *found, struct error *error)
{
	const struct way *way = matching->way;
	struct span text = statement_blob(matching->select, 4);
	if (!all && way->finder.type != FINDER_NONE &&
		finder_next(&way->finder, text, 0) == FINDER_NOWHERE) {
		found->cells = unit->cells >= 0 ? unit->cells : count_cells(text);
		return true;
	}
	return decode(matching->select, unit, kind, found, error);
}

bool block_matcher_run(struct block_matcher *matching, const struct unit *unit, enum kind kind,
	bool all, struct found *found, struct error *error)
{
	if (found->block.text.capacity > MEMORY_KEPT)
		found_free(found);
	found->count = 0;
	found->cells = 0;
	found->read = false;
	statement_bind_int(matching->select, 1, unit->id);
	enum statement_result result = statement_step(matching->select, error);
	found->absent = result == STATEMENT_DONE;
	bool good = result != STATEMENT_FAILED;
	if (result == STATEMENT_ROW)
		good = take_row(matching, unit, kind, all, found, error);
	statement_reset(matching->select);
	if (!good || !found->read)
		return good;
	return matching->way->across ? match_across(matching, found, error)
				     : match_found(matching, found, error);
}
