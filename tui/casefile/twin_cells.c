/* What an event in the case says, held against a draft. */
#include "twin_private.h"

#include "base/bits.h"
#include "base/table_hash.h"

#include <string.h>

/* Whether a name as blocks have it is that of a field, or of an extra cell. */
static bool is_called(struct span stored, int field, struct span name)
{
	if (field != CELL_EXTRA)
		return span_equal(stored, name);
	struct span extra = kind_extra_name(stored);
	return span_stated(extra) && span_equal(extra, name);
}

/* ---- keys ---- */

static void read_part(struct key_part *part, struct span name, const struct field_names *names)
{
	*part = (struct key_part){
		.field = kind_field_find(KIND_EVENT, name), .name = name, .number = -1};
	if (part->field < 0)
		part->field = CELL_EXTRA;
	for (size_t i = 0; i < names->count && part->number < 0; i++)
		if (is_called(field_names_at(names, (uint32_t)i), part->field, name))
			part->number = (int64_t)i;
}

void natural_key_read(struct natural_key *key, const char *text, const struct field_names *names)
{
	*key = (struct natural_key){.text = text};
	while (*text && key->count < KEY_SETS) {
		struct key_set *set = &key->sets[key->count++];
		size_t length = 0;
		do {
			text += length > 0;
			length = strcspn(text, "+|");
			if (set->count < KEY_PARTS)
				read_part(&set->parts[set->count++], span_of(text, length), names);
			text += length;
		} while (*text == '+');
		text += *text == '|';
	}
}

static const struct draft_cell *draft_part(const struct draft *draft, const struct key_part *part)
{
	for (size_t i = 0; i < draft->cell_count; i++) {
		const struct draft_cell *cell = &draft->cells[i];
		if (cell->field == part->field &&
			(part->field != CELL_EXTRA || span_equal(cell->name, part->name)))
			return cell;
	}
	return NULL;
}

static const struct block_cell *told_part(const struct told *told, const struct key_part *part)
{
	for (size_t i = 0; i < told->count; i++)
		if (told->cells[i].field_name == part->number)
			return &told->cells[i];
	return NULL;
}

static struct span told_text(const struct told *told, const struct block_cell *cell)
{
	if (told->block->patches.length == 0)
		return span_of(told->block->text.data + cell->start, cell->length);
	buffer_clear(told->exact);
	block_cell_bytes(told->block, cell, told->exact);
	return buffer_span(told->exact);
}

uint64_t natural_key_of_draft(
	const struct natural_key *key, uint64_t seed, const struct draft *draft)
{
	for (size_t i = 0; i < key->count; i++) {
		const struct key_set *set = &key->sets[i];
		uint64_t hash = seed;
		size_t stated = 0;
		for (; stated < set->count; stated++) {
			const struct draft_cell *cell = draft_part(draft, &set->parts[stated]);
			if (!cell)
				break;
			hash = table_hash_bytes(hash + i, cell->text);
		}
		if (stated == set->count)
			return hash;
	}
	return 0;
}

uint64_t natural_key_of_told(const struct natural_key *key, uint64_t seed, const struct told *told)
{
	for (size_t i = 0; i < key->count; i++) {
		const struct key_set *set = &key->sets[i];
		uint64_t hash = seed;
		size_t stated = 0;
		for (; stated < set->count; stated++) {
			const struct block_cell *cell = told_part(told, &set->parts[stated]);
			if (!cell)
				break;
			hash = table_hash_bytes(hash + i, told_text(told, cell));
		}
		if (stated == set->count)
			return hash;
	}
	return 0;
}

bool told_has_key(const struct told *told, const struct natural_key *key, const struct draft *draft)
{
	for (size_t i = 0; i < key->count; i++) {
		const struct key_set *set = &key->sets[i];
		size_t in_draft = 0, in_told = 0, same = 0;
		for (size_t j = 0; j < set->count; j++) {
			const struct draft_cell *cell = draft_part(draft, &set->parts[j]);
			const struct block_cell *its = told_part(told, &set->parts[j]);
			in_draft += cell != NULL;
			in_told += its != NULL;
			same += cell && its && span_equal(told_text(told, its), cell->text);
		}
		if (in_draft == set->count || in_told == set->count)
			return same == set->count;
	}
	return false;
}

/* ---- all cells ---- */

/* extra: a field's second cell is stored as an extra one. */
static bool is_cell(const struct told *told, const struct block_cell *stored,
	const struct draft_cell *cell, bool extra)
{
	struct span name = cell->name;
	if (cell->field != CELL_EXTRA)
		name = span_string(kind_info(KIND_EVENT)->fields[cell->field].name);
	return stored->length == cell->text.length &&
	       is_called(field_names_at(told->names, stored->field_name),
		       extra ? CELL_EXTRA : cell->field, name) &&
	       span_equal(told_text(told, stored), cell->text);
}

static bool take(struct bits *met, size_t at, const struct told *told)
{
	bool taken = bits_add(met, at);
	if (!taken)
		told->exact->failed = true;
	return taken;
}

bool told_is_same(const struct told *told, const struct draft *draft)
{
	if (told->count != draft->cell_count)
		return false;
	struct bits met = {0};
	bool filled[KIND_MOST_FIELDS] = {false}, same = true, in_order = true;
	for (size_t i = 0; same && i < draft->cell_count; i++) {
		const struct draft_cell *cell = &draft->cells[i];
		bool extra = cell->field == CELL_EXTRA || filled[cell->field];
		if (!extra)
			filled[cell->field] = true;
		if (in_order && is_cell(told, &told->cells[i], cell, extra))
			continue;
		/* From here on every cell is looked for, and taken once. */
		for (size_t j = 0; in_order && j < i; j++)
			same = same && take(&met, j, told);
		in_order = false;
		size_t at = 0;
		while (at < told->count &&
			(bits_has(&met, at) || !is_cell(told, &told->cells[at], cell, extra)))
			at++;
		same = same && at < told->count && take(&met, at, told);
	}
	bits_free(&met);
	return same;
}
