#include "corner.h"

#include "base/memory.h"
#include "base/table_hash.h"
#include "claims/count.h"
#include "claims/standing.h"
#include "search/filter.h"

#include <stdio.h>
#include <stdlib.h>

void corner_free(struct corner *corner)
{
	standings_close(corner->standings);
	free(corner->voices.hashes);
	free(corner->documents.hashes);
	free(corner->later);
	*corner = (struct corner){0};
}

static bool distinct_add(struct distinct *distinct, struct span text)
{
	if (distinct->count == 0)
		distinct->seed = table_hash_seed();
	uint64_t hash = table_hash_bytes(distinct->seed, text);
	for (size_t i = 0; i < distinct->count; i++)
		if (distinct->hashes[i] == hash)
			return true;
	uint64_t *grown = memory_grow(
		distinct->hashes, &distinct->capacity, distinct->count + 1, sizeof hash);
	if (!grown)
		return false;
	distinct->hashes = grown;
	distinct->hashes[distinct->count++] = hash;
	return true;
}

bool corner_is_silence(const struct record *record)
{
	if (record->id.kind != KIND_STATEMENT)
		return false;
	const struct cell *direction = record_cell_named(record, span_string("direction"));
	return direction && span_is(direction->text, "silent");
}

bool corner_count(struct corner *corner, const struct record *record, struct list_totals *totals)
{
	totals->placeholders += record->basis == BASIS_PLACEHOLDER;
	if (record->id.kind == KIND_HOST) {
		const struct cell *status = record_cell_named(record, span_string("status"));
		totals->confirmed += status && span_is(status->text, "confirmed");
	}
	if (record->id.kind != KIND_STATEMENT)
		return true;
	totals->silences += corner_is_silence(record);
	const struct cell *review = record_cell_named(record, span_string("review"));
	totals->proposed += review && span_is(review->text, "proposed");
	const struct cell *speaker = record_cell_named(record, span_string("speaker"));
	const struct cell *document = record_cell_named(record, span_string("document"));
	if (speaker && !distinct_add(&corner->voices, speaker->text))
		return false;
	if (document && !distinct_add(&corner->documents, document->text))
		return false;
	totals->voices = (int64_t)corner->voices.count;
	totals->documents = (int64_t)corner->documents.count;
	return true;
}

/* What a claim's count comes to, or else how it stands. */
static bool add_note(const struct corner *corner, struct worker *worker, int64_t claim,
	const atomic_bool *cancel, struct buffer *note, struct error *error)
{
	struct claim_standing standing;
	struct claim_count count;
	if (!standing_of(corner->standings, claim, &standing, error) ||
		!count_of(worker->file, claim, cancel, &count, error))
		return false;
	if (count.verdict == COUNT_NOT_STATED)
		standing_brief(&standing, note);
	else
		count_text(&count, note);
	return !buffer_failed(note) || error_memory(error);
}

static bool counts_large_kind(const struct record *claim)
{
	const struct cell *counts = record_cell_named(claim, span_string("counts"));
	return counts && kind_info(filter_leading_kind(counts->text))->large;
}

static bool add_later(struct corner *corner, int64_t position)
{
	int64_t *grown = memory_grow(
		corner->later, &corner->later_capacity, corner->later_count + 1, sizeof *grown);
	if (!grown)
		return false;
	corner->later = grown;
	grown[corner->later_count++] = position;
	return true;
}

bool corner_sign(struct corner *corner, struct worker *worker, const struct record *record,
	const atomic_bool *cancel, struct rows *rows, struct list_totals *totals,
	struct error *error)
{
	if (!corner->standings)
		corner->standings = standings_open(worker->file, error);
	if (!corner->standings)
		return false;
	struct claim_standing standing;
	if (!standing_of(corner->standings, record->id.id, &standing, error))
		return false;
	bool counts = record_cell_named(record, span_string("quantity")) != NULL;
	totals->disputed += standing.standing == STANDING_DISPUTED;
	totals->in_tension += standing.standing == STANDING_TENSION;
	totals->counts += counts;
	struct buffer note = {0};
	bool good = true;
	if (counts && counts_large_kind(record)) {
		buffer_add_string(&note, "counting \u2026");
		good = add_later(corner, rows->count - 1) || error_memory(error);
	} else if (counts) {
		good = add_note(corner, worker, record->id.id, cancel, &note, error);
	} else {
		standing_brief(&standing, &note);
	}
	char sign = counts ? '#' : standing_sign(standing.standing);
	if (good && (buffer_failed(&note) || !rows_sign(rows, sign, note.data)))
		good = error_memory(error);
	buffer_free(&note);
	return good;
}

bool corner_count_later(struct corner *corner, struct worker *worker, const atomic_bool *cancel,
	struct rows *rows, struct error *error)
{
	struct buffer note = {0};
	bool good = true;
	for (size_t i = 0; good && i < corner->later_count; i++) {
		int64_t position = corner->later[i];
		buffer_clear(&note);
		good = add_note(corner, worker, rows->ids[position], cancel, &note, error);
		if (good)
			snprintf(rows->notes[position], sizeof *rows->notes, "%s", note.data);
	}
	buffer_free(&note);
	return good;
}
