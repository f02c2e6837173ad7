/* Techniques that a source tells of by their ATT&CK ids, or gives a name to. */
#include "writer_private.h"

#include "base/memory.h"

#include <stdlib.h>

static struct span cell_text(const struct draft *draft, int field)
{
	for (size_t i = 0; i < draft->cell_count; i++)
		if (draft->cells[i].field == field)
			return draft->cells[i].text;
	return span_string(NULL);
}

static struct span attack_id_of(const struct draft *draft)
{
	return draft->kind == KIND_TECHNIQUE
		       ? cell_text(draft, kind_field_find(KIND_TECHNIQUE, span_string("attack_id")))
		       : span_string(NULL);
}

bool writer_find_technique(
	struct writer *writer, const struct draft *draft, struct found *found, struct error *error)
{
	struct span attack_id = attack_id_of(draft), key = buffer_span(&writer->own_key);
	bool gone = !found->ours && !found->visible && !found->told;
	int64_t known;
	if (attack_id.length == 0 || (found->id != 0 && !gone))
		return true;
	if (!techniques_find(&writer->techniques, writer->file, attack_id, &known, error))
		return false;
	if (known == 0)
		return true;
	if (!span_equal(key, attack_id)) {
		/* Another name for one that has a name is another record. */
		struct found by_id;
		if (!writer_find(writer, KIND_TECHNIQUE, attack_id, &by_id, error))
			return false;
		if (by_id.id != known || by_id.ours)
			return true;
	}
	*found = (struct found){.id = known, .visible = true};
	return true;
}

/* The name that this source gives to a technique which others call by its id: it has it once the
 * source can be seen. */
static bool keep_name(struct writer *writer, const struct draft *draft, int64_t id)
{
	struct span name = cell_text(draft, kind_info(KIND_TECHNIQUE)->name_field);
	struct technique_name *names = memory_grow(writer->technique_names,
		&writer->technique_name_capacity, writer->technique_name_count + 1, sizeof *names);
	if (!names)
		return false;
	writer->technique_names = names;
	struct technique_name *kept = &names[writer->technique_name_count];
	*kept = (struct technique_name){
		.id = id, .name = memory_copy(name.data, name.length), .length = name.length};
	writer->technique_name_count += kept->name != NULL;
	return kept->name != NULL;
}

bool writer_tell_technique(struct writer *writer, const struct draft *draft,
	const struct found *found, int64_t id, struct error *error)
{
	struct span attack_id = attack_id_of(draft);
	struct record_id of = {.kind = KIND_TECHNIQUE, .id = id};
	if (attack_id.length == 0)
		return true;
	if (span_equal(buffer_span(&writer->own_key), attack_id))
		return writer_shared(writer, of, "name", attack_id, error);
	struct found by_id;
	if (found->id == 0 || found->ours)
		return true;
	if (!writer_find(writer, KIND_TECHNIQUE, attack_id, &by_id, error))
		return false;
	return by_id.id != id || keep_name(writer, draft, id) || error_memory(error);
}

/* *named: it has the name now. Not when another record has it. */
static bool give_name(struct writer *writer, const struct technique_name *given, struct span key,
	bool *named, struct error *error)
{
	struct found found;
	struct statement *update = writer_statement(writer, QUERY_TECHNIQUE_NAME, error);
	if (!update || !writer_find(writer, KIND_TECHNIQUE, key, &found, error))
		return false;
	*named = found.id == given->id;
	if (found.id != 0)
		return true;
	*named = true;
	statement_bind_int(update, 1, given->id);
	statement_bind_text(update, 2, span_of(given->name, given->length));
	statement_bind_text(update, 3, key);
	return statement_run(update, error);
}

bool writer_name_techniques(struct writer *writer, struct error *error)
{
	for (size_t i = 0; i < writer->technique_name_count; i++) {
		const struct technique_name *given = &writer->technique_names[i];
		struct span name = span_of(given->name, given->length);
		bool named;
		buffer_clear(&writer->own_key);
		record_name_key(KIND_TECHNIQUE, name, &writer->own_key);
		if (buffer_failed(&writer->own_key))
			return error_memory(error);
		if (!give_name(writer, given, buffer_span(&writer->own_key), &named, error))
			return false;
		struct record_id of = {.kind = KIND_TECHNIQUE, .id = given->id};
		if (!named && !writer_extra_here(writer, of, span_string("name"), name, error))
			return false;
	}
	return true;
}

void writer_forget_techniques(struct writer *writer)
{
	for (size_t i = 0; i < writer->technique_name_count; i++)
		free(writer->technique_names[i].name);
	free(writer->technique_names);
	techniques_free(&writer->techniques);
}
