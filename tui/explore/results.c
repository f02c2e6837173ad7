#include "results.h"

#include "base/memory.h"
#include "scroll.h"

#include <stdlib.h>
#include <string.h>

bool results_begin(struct results *results, struct span text, bool literal, struct error *error)
{
	struct results fresh = {.slot = results->slot, .literal = literal, .page_stale = true};
	struct pattern_options options = {.letters = PATTERN_CASE_SMART, .literal = literal};
	fresh.pattern = pattern_compile(text, &options, error);
	if (!fresh.pattern)
		return false;
	fresh.matcher = matcher_new(fresh.pattern, &lit_limits, error);
	fresh.text = memory_copy(text.data, text.length);
	if (!fresh.matcher || !fresh.text) {
		results_free(&fresh);
		return error_memory(error);
	}
	results_free(results);
	*results = fresh;
	return true;
}

struct record_id results_at(const struct results *results, int64_t row, bool *heading)
{
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		const struct results_kind *of = &results->kinds[kind];
		if (of->count == 0)
			continue;
		if (row <= of->count) {
			*heading = row == 0;
			return (struct record_id){
				(enum kind)kind, row == 0 ? 0 : bits_nth(&of->ids, row - 1)};
		}
		row -= of->count + 1;
	}
	*heading = false;
	return (struct record_id){KIND_NONE, 0};
}

int64_t results_rows(const struct results *results)
{
	return results_kind_row(results, KIND_COUNT);
}

int64_t results_kind_row(const struct results *results, enum kind wanted)
{
	int64_t row = 0;
	for (int kind = 0; kind < (int)wanted; kind++)
		if (results->kinds[kind].count > 0)
			row += 1 + results->kinds[kind].count;
	return row;
}

bool results_add(struct results *results, enum kind kind, uint32_t id)
{
	struct results_kind *of = &results->kinds[kind];
	of->count += !bits_has(&of->ids, id);
	return bits_add(&of->ids, id);
}

/* What is in the row after that of an id, 0 for a heading: an id, else the next heading. */
static struct record_id row_after(const struct results *results, struct record_id id)
{
	if (id.kind == KIND_NONE)
		return id;
	int64_t next = bits_next(&results->kinds[id.kind].ids, (uint64_t)id.id + 1);
	if (next >= 0)
		return (struct record_id){id.kind, next};
	int kind = (int)id.kind + 1;
	while (kind < KIND_COUNT && results->kinds[kind].count == 0)
		kind++;
	return (struct record_id){kind < KIND_COUNT ? (enum kind)kind : KIND_NONE, 0};
}

/* Hits of a kind above come later than those below: the screen stands still then. */
void results_grown(struct results *results, enum kind here, int64_t row_before)
{
	results->page_stale = true;
	if (!results->moved)
		results->cursor = 1; /* the first hit; above it is its kind's heading */
	if (!results->moved || here == KIND_NONE)
		return;
	int64_t by = results_kind_row(results, here) - row_before;
	results->cursor += by;
	results->top += by;
}

void results_move_to(struct results *results, int64_t row, int height)
{
	scroll_to(&results->top, &results->cursor, row, results_rows(results), height,
		scroll_margin(height));
	if (results->top != results->page_top)
		results->page_stale = true;
}

static bool fill_row(struct results *results, struct record_reader *reader, struct record_id id,
	struct results_row *row, struct error *error)
{
	row->heading = id.kind != KIND_NONE && id.id == 0;
	row->there = id.kind != KIND_NONE;
	row->kind = id.kind;
	row->cell = -1;
	if (row->heading || !row->there)
		return true;
	enum record_result found = record_read(reader, id.kind, id.id, &row->record, error);
	if (found == RECORD_FAILED)
		return false;
	row->there = found == RECORD_FOUND;
	for (int i = 0; row->there && row->cell < 0 && i < row->record.cell_count; i++) {
		row->lit.cell = i;
		lit_find(results->matcher, row->record.cells[i].text, &row->lit);
		if (row->lit.count > 0)
			row->cell = i;
	}
	return true;
}

bool results_fill(
	struct results *results, struct record_reader *reader, int height, struct error *error)
{
	if (!results->page_stale && results->page_rows >= height)
		return true;
	if (height > results->page_capacity) {
		struct results_row *grown =
			realloc(results->page, (size_t)height * sizeof *results->page);
		if (!grown)
			return error_memory(error);
		memset(grown + results->page_capacity, 0,
			(size_t)(height - results->page_capacity) * sizeof *grown);
		results->page = grown;
		results->page_capacity = height;
	}
	results->page_top = results->top;
	results->page_rows = height;
	results->page_stale = false;
	bool heading;
	struct record_id id = results_at(results, results->top, &heading);
	for (int i = 0; i < height; i++) {
		if (!fill_row(results, reader, id, &results->page[i], error))
			return false;
		id = row_after(results, id);
	}
	return true;
}

void results_free(struct results *results)
{
	for (int i = 0; i < results->page_capacity; i++)
		record_free(&results->page[i].record);
	for (int kind = 0; kind < KIND_COUNT; kind++)
		bits_free(&results->kinds[kind].ids);
	matcher_free(results->matcher);
	pattern_free(results->pattern);
	free(results->page);
	free(results->text);
	*results = (struct results){0};
}
