/* Techniques of one name that ATT&CK tells apart: Steganography is T1001.002 and T1027.003. */
#include "loader_private.h"

#include "base/memory.h"
#include "base/text.h"

/* The attack_id of the technique with this name in the case, as a number in attack_ids; SIZE_MAX
 * when there is none. */
static bool id_in_case(struct loader *loader, struct span name, size_t *id, struct error *error)
{
	*id = SIZE_MAX;
	if (!loader->file)
		return true;
	if (loader->writer && !writer_settle(loader->writer, error))
		return false;
	int64_t known = record_find_named(loader->file, KIND_TECHNIQUE, name, error);
	if (known <= 0)
		return known == 0;
	struct record record = {0};
	struct record_reader *reader = record_reader_open(loader->file, error);
	if (!reader)
		return false;
	enum record_result result = record_read(reader, KIND_TECHNIQUE, known, &record, error);
	const struct cell *cell = result == RECORD_FOUND
					  ? record_cell_named(&record, span_string("attack_id"))
					  : NULL;
	if (cell)
		*id = name_table_add(&loader->attack_ids, cell->text, NULL);
	bool ok = result != RECORD_FAILED && (!cell || *id != SIZE_MAX || error_memory(error));
	record_free(&record);
	record_reader_close(reader);
	return ok;
}

/* The id that a name goes with, as a number in attack_ids: the one it came with first. */
static bool id_of_name(
	struct loader *loader, struct span name, size_t own, size_t *id, struct error *error)
{
	bool added;
	size_t number = name_table_add(&loader->techniques, name, &added);
	size_t *ids = number == SIZE_MAX
			      ? NULL
			      : memory_grow(loader->technique_ids, &loader->technique_capacity,
					number + 1, sizeof *ids);
	if (!ids)
		return error_memory(error);
	loader->technique_ids = ids;
	if (added) {
		if (!id_in_case(loader, name, &ids[number], error))
			return false;
		if (ids[number] == SIZE_MAX)
			ids[number] = own;
	}
	*id = ids[number];
	return true;
}

static struct draft_cell *cell_of(struct loader *loader, const struct draft *draft, int field)
{
	for (size_t i = 0; i < draft->cell_count; i++)
		if (loader->cells[i].field == field)
			return &loader->cells[i];
	return NULL;
}

bool loader_tell_apart(struct loader *loader, const struct draft *draft, struct error *error)
{
	struct buffer name = {0};
	size_t id;
	if (draft->kind != KIND_TECHNIQUE)
		return true;
	struct draft_cell *cell = cell_of(loader, draft, kind_info(KIND_TECHNIQUE)->name_field);
	const struct draft_cell *stated =
		cell_of(loader, draft, kind_field_find(KIND_TECHNIQUE, span_string("attack_id")));
	if (!cell || !stated || stated->text.length == 0)
		return true;
	text_normalise(&name, cell->text);
	size_t own = name_table_add(&loader->attack_ids, stated->text, NULL);
	bool ok = (!buffer_failed(&name) && own != SIZE_MAX) || error_memory(error);
	ok = ok && id_of_name(loader, buffer_span(&name), own, &id, error);
	buffer_free(&name);
	if (!ok || id == own)
		return ok;
	buffer_clear(&loader->told_apart);
	buffer_add_format(&loader->told_apart, "%.*s (%.*s)", (int)cell->text.length,
		cell->text.data, (int)stated->text.length, stated->text.data);
	cell->text = buffer_span(&loader->told_apart);
	return !buffer_failed(&loader->told_apart) || error_memory(error);
}
