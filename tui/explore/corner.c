#include "corner.h"

#include "base/memory.h"
#include "claims/count.h"
#include "claims/standing.h"

#include <stdlib.h>

void corner_free(struct corner *corner)
{
	standings_close(corner->standings);
	free(corner->voices.hashes);
	free(corner->documents.hashes);
	*corner = (struct corner){0};
}

uint64_t corner_hash(uint64_t hash, struct span text)
{
	/* FNV-1a, 64 bits. */
	hash = hash ? hash : UINT64_C(14695981039346656037);
	for (size_t i = 0; i < text.length; i++)
		hash = (hash ^ (uint8_t)text.data[i]) * UINT64_C(1099511628211);
	return (hash ^ 0xff) * UINT64_C(1099511628211);
}

static bool distinct_add(struct distinct *distinct, struct span text)
{
	uint64_t hash = corner_hash(0, text);
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
	struct claim_count count = {.verdict = COUNT_NOT_STATED};
	if (counts && !count_of(worker->file, record->id.id, cancel, &count, error))
		return false;
	if (count.verdict == COUNT_NOT_STATED)
		standing_brief(&standing, &note);
	else
		count_text(&count, &note);
	char sign = counts ? '#' : standing_sign(standing.standing);
	bool good = !buffer_failed(&note) && rows_sign(rows, sign, note.data);
	buffer_free(&note);
	return good || error_memory(error);
}
