/* One block: read, looked over for what every match must contain, and matched cell by cell, or over
 * many cells at once where that is the same. */
#include "engine_private.h"

#include "across.h"
#include "base/image.h"
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

/* Whether the pattern is nothing but what the finder looks for, in the same order. */
static bool finds_texts(const struct finder *finder, const struct pattern *pattern)
{
	struct span texts[PLAN_MAX_CHOICE];
	size_t count = pattern_texts(pattern, texts, ARRAY_LENGTH(texts));
	if (finder->ignores_case || count != finder->literal_count)
		return false;
	for (size_t i = 0; i < count; i++)
		if (!span_equal(texts[i], finder->literals[i].text))
			return false;
	return true;
}

void way_make(struct way *way, const struct pattern *pattern, const struct plan *plan, bool records)
{
	*way = (struct way){.pattern = pattern, .plan = plan, .records = records};
	finder_make(&way->finder, plan);
	const struct finder *finder = &way->finder;
	if (finder->type == FINDER_LITERAL)
		way->plain = finds_texts(finder, pattern);
	else if (finder->type == FINDER_RUN)
		way->plain = finder->run_most > 0 && pattern_is_bare(pattern);
	way->across = way->finder.type == FINDER_NONE && plan_shortest(plan) > 0 &&
		      pattern_goes_across(pattern);
}

bool block_matcher_begin(struct block_matcher *matching, const struct way *way, enum kind kind,
	const struct units *units, struct block_reader *reader, const atomic_bool *cancel,
	struct error *error)
{
	struct match_limits limits = {.cancel = cancel};
	*matching =
		(struct block_matcher){.way = way, .kind = kind, .units = units, .reader = reader};
	matching->matcher = matcher_new(way->pattern, &limits, error);
	return matching->matcher != NULL;
}

void block_matcher_end(struct block_matcher *matching)
{
	matcher_free(matching->matcher);
	buffer_free(&matching->text);
	*matching = (struct block_matcher){0};
}

/* One block that is being matched. */
struct match {
	struct block_matcher *matching;
	struct found *found;
	struct span text;
	struct block_cursor cursor;
	struct error *error;
};

static bool damaged(struct match *match, const char *what)
{
	return error_set(match->error, ERROR_CASE_DAMAGED, "block %lld of the case is damaged: %s",
		(long long)match->cursor.id, what);
}

/* The cell at hand, with a match from start to end in it. Where one a record is enough, it takes
 * the place of what was undecided in the record, and the rest of the record is passed. */
static bool add_hit(struct match *match, size_t start, size_t end, bool undecided)
{
	struct found *found = match->found;
	struct block_cursor *cursor = &match->cursor;
	bool enough = match->matching->way->records && !undecided;
	while (enough && found->count > 0 && found->hits[found->count - 1].record == cursor->record)
		found->count--;
	struct block_hit *hits =
		memory_grow(found->hits, &found->capacity, found->count + 1, sizeof *hits);
	if (!hits)
		return error_memory(match->error);
	found->hits = hits;
	hits[found->count++] = (struct block_hit){.record = cursor->record,
		.cell = (uint32_t)(cursor->cells - 1),
		.field_name = cursor->field_name,
		.cell_start = (uint32_t)cursor->start,
		.cell_length = (uint32_t)cursor->length,
		.start = (uint32_t)start,
		.end = (uint32_t)end,
		.undecided = undecided};
	return !enough || block_cursor_end_record(cursor, match->error);
}

/* The cell at hand, through PCRE2. Its text is known to be an image, or `check` asks for that. */
static bool match_cell(struct match *match, bool check)
{
	const struct block_matcher *matching = match->matching;
	struct span image = span_slice(
		match->text, match->cursor.start, match->cursor.start + match->cursor.length);
	struct range range;
	if (image.length < plan_shortest(matching->way->plan))
		return true;
	if (check && !image_is(image))
		return damaged(match, "its text is no search image");
	switch (matcher_cell(matching->matcher, image, 0, &range)) {
	case MATCH_NO:
		return true;
	case MATCH_YES:
		return add_hit(match, range.start, range.end, false);
	case MATCH_UNDECIDED:
		return add_hit(match, 0, 0, true);
	case MATCH_CANCELLED:
		break;
	}
	return scan_cancelled(match->error) == SCAN_ON;
}

/* What the finder found at a place, which the cell at hand has. */
static bool match_place(struct match *match, size_t at)
{
	const struct way *way = match->matching->way;
	const size_t cell = match->cursor.start;
	size_t end;
	if (way->plain && finder_match(&way->finder, match->text, at, &end))
		return add_hit(match, at - cell, end - cell, false);
	/* Where nothing is looked for, the whole text was checked. */
	return match_cell(match, way->finder.type != FINDER_NONE);
}

/* Looks for what a match needs, and matches the cells that have it. `at`: the first such place. */
static bool match_found(struct match *match, size_t at)
{
	const struct finder *finder = &match->matching->way->finder;
	while (at < match->text.length) {
		if (!block_cursor_seek(&match->cursor, at, match->error) || !match_place(match, at))
			return false;
		at = finder_next(finder, match->text, match->cursor.next);
	}
	return true;
}

/* All cells from one's start on, up to the one whose NUL is at `end`; *from moves behind. */
static bool match_cells(struct match *match, size_t *from, size_t end)
{
	while (*from <= end) {
		if (!block_cursor_seek(&match->cursor, *from, match->error) ||
			!match_cell(match, false))
			return false;
		*from = match->cursor.next;
	}
	return true;
}

/* A match over many cells, which never leaves one; if it did, that would be matched alone. */
static bool take_across(struct match *match, size_t start, size_t end)
{
	if (!block_cursor_seek(&match->cursor, start, match->error))
		return false;
	size_t cell = match->cursor.start;
	if (end > cell + match->cursor.length)
		return match_cell(match, false);
	return add_hit(match, start - cell, end - cell, false);
}

/* Matches from a cell's start on, over the cells up to the one whose NUL is at `end`; *from moves
 * behind. */
static bool match_piece(struct match *match, size_t *from, size_t end)
{
	while (*from < end) {
		struct span piece = span_slice(match->text, *from, end);
		struct range range;
		switch (matcher_across(match->matching->matcher, piece, 0, &range)) {
		case MATCH_CANCELLED:
			return scan_cancelled(match->error) == SCAN_ON;
		case MATCH_UNDECIDED:
			return match_cells(match, from, end);
		case MATCH_NO:
			*from = end;
			break;
		case MATCH_YES:
			if (!take_across(match, *from + range.start, *from + range.end))
				return false;
			*from = match->cursor.next;
			break;
		}
	}
	/* An empty cell, in which there is no match, may begin at the end itself. */
	if (*from == end)
		++*from;
	return true;
}

static bool match_across(struct match *match)
{
	struct span text = match->text;
	for (size_t from = 0; from < text.length;) {
		size_t end = text.length - 1; /* the last NUL */
		if (end - from > ACROSS_BYTES) {
			const char *nul = memchr(text.data + from + ACROSS_BYTES, '\0',
				text.length - from - ACROSS_BYTES);
			end = (size_t)(nul - text.data);
		}
		/* A cell that is long alone has callouts to look at the clock. */
		bool good = end - from > (size_t)2 * ACROSS_BYTES ? match_cells(match, &from, end)
								  : match_piece(match, &from, end);
		if (!good)
			return false;
	}
	return true;
}

/* Cells of the unit's special records, which are counted elsewhere. cursor: before the first. */
static bool count_special(struct match *match, const struct unit *unit, struct block_cursor *cursor)
{
	const struct units *units = match->matching->units;
	size_t special = units_special(units, unit->first);
	enum block_step step;
	while ((step = block_cursor_next(cursor, match->error)) == BLOCK_CELL) {
		int64_t record = unit->first + cursor->record;
		while (special < units->special_count && units->special[special] < record)
			special++;
		match->found->special_cells +=
			special < units->special_count && units->special[special] == record;
	}
	return step == BLOCK_END;
}

/* What is beside the text, which has to be that of the unit. */
static bool begin_match(struct match *match, const struct unit *unit)
{
	struct block_list list;
	struct block_matcher *matching = match->matching;
	enum block_found found = block_reader_list(matching->reader, unit->id, &list, match->error);
	match->found->absent = found == BLOCK_ABSENT;
	if (found != BLOCK_THERE)
		return found == BLOCK_ABSENT;
	if (!block_cursor_begin(&match->cursor, unit->id, match->text, list.cells, match->error))
		return false;
	if (list.kind != matching->kind || list.first != unit->first ||
		list.records != unit->records || match->cursor.records != unit->records)
		return damaged(match, "it is not the one that was expected");
	return true;
}

/* Matchers rely on the text being images with a NUL behind each. Where few cells of it are matched,
 * it is those that are looked at. */
static bool check_text(struct match *match, const struct unit *unit)
{
	const struct way *way = match->matching->way;
	if (way->finder.type != FINDER_NONE)
		return true;
	bool good = image_is_joined(match->text) &&
		    (unit->cells < 0 || image_count(match->text) == (size_t)unit->cells) &&
		    (match->text.length == 0 || match->text.data[match->text.length - 1] == '\0');
	return good || damaged(match, "its text is no search image");
}

/* Hits keep the text they are in; the next block's goes where that of some block before was. */
static bool keep_text(struct match *match)
{
	struct found *found = match->found;
	struct buffer text = found->block.text;
	found->block.text = match->matching->text;
	match->matching->text = text;
	buffer_clear(&found->block.patches);
	return block_cursor_patches(&match->cursor, &found->block.patches, match->error);
}

/* The block whose text was read: `at` is the first place that is worth a look. */
static bool match_block(struct block_matcher *matching, const struct unit *unit, size_t at,
	struct found *found, struct error *error)
{
	struct match match = {.matching = matching,
		.found = found,
		.text = buffer_span(&matching->text),
		.error = error};
	if (!begin_match(&match, unit) || found->absent)
		return found->absent;
	struct block_cursor all = match.cursor;
	bool good = check_text(&match, unit) &&
		    (matching->way->across ? match_across(&match) : match_found(&match, at));
	if (good && units_special_in(matching->units, unit))
		good = count_special(&match, unit, &all);
	if (good && found->count > 0 && !matching->way->records)
		good = keep_text(&match);
	return good;
}

bool block_matcher_run(struct block_matcher *matching, const struct unit *unit, struct found *found,
	struct error *error)
{
	const struct finder *finder = &matching->way->finder;
	if (found->block.text.capacity > MEMORY_KEPT)
		found_free(found);
	if (matching->text.capacity > MEMORY_KEPT)
		buffer_free(&matching->text);
	found->count = 0;
	found->special_cells = 0;
	enum block_found read =
		block_reader_text(matching->reader, unit->id, &matching->text, error);
	found->absent = read == BLOCK_ABSENT;
	if (read != BLOCK_THERE)
		return read == BLOCK_ABSENT;
	struct span text = buffer_span(&matching->text);
	found->cells = unit->cells >= 0 ? unit->cells : (int64_t)image_count(text);
	size_t at = finder_next(finder, text, 0);
	if (at == FINDER_NOWHERE && !units_special_in(matching->units, unit))
		return true;
	return match_block(matching, unit, at, found, error);
}
