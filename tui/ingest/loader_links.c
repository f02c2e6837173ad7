/* What is written when all is read: links by the source's own ids, and decisions. */
#include "loader_private.h"

#include "base/memory.h"
#include "ingest/input.h"

#include <stdlib.h>
#include <string.h>

bool loader_link(struct loader *loader, const struct draft_link *given, struct error *error)
{
	struct draft_link link = *given;
	link.start = input_original(loader->input, given->start);
	link.end = input_original(loader->input, given->end);
	loader->unit_records++;
	return !loader->writer || writer_link(loader->writer, &link, error);
}

bool loader_link_keys(
	struct loader *loader, const struct draft_key_link *given, struct error *error)
{
	struct key_link *links = memory_grow(
		loader->links, &loader->link_capacity, loader->link_count + 1, sizeof *links);
	if (!links)
		return error_memory(error);
	loader->links = links;
	struct key_link link = {.from = name_table_add(&loader->link_names, given->from, NULL),
		.to = name_table_add(&loader->link_names, given->to, NULL),
		.type = name_table_add(&loader->link_names, given->type, NULL),
		.detail = loader->link_details.length,
		.detail_length = given->detail.length,
		.more_length = given->more.length,
		.from_kind = given->from_kind,
		.to_kind = given->to_kind,
		.line = loader->unit_line,
		.start = input_original(loader->input, given->start),
		.end = input_original(loader->input, given->end)};
	buffer_add_span(&loader->link_details, given->detail);
	buffer_add_span(&loader->link_details, given->more);
	if (link.from == SIZE_MAX || link.to == SIZE_MAX || link.type == SIZE_MAX ||
		buffer_failed(&loader->link_details))
		return error_memory(error);
	links[loader->link_count++] = link;
	loader->unit_records++;
	return true;
}

/* ---- ids ---- */

bool loader_find_key(struct loader *loader, struct span key, enum kind kind, struct record_id *id,
	struct error *error)
{
	size_t number = name_table_find(&loader->keys, key);
	*id = (struct record_id){0};
	if (number != SIZE_MAX && (kind == KIND_NONE || loader->key_records[number].kind == kind)) {
		*id = loader->key_records[number];
		return true;
	}
	if (!loader->file)
		return true;
	if (loader->writer && !writer_settle(loader->writer, error))
		return false;
	struct error none = {0};
	if (!record_find_key(loader->file, key, id, &none)) {
		*id = (struct record_id){0};
		if (none.code != ERROR_NONE && none.code != ERROR_USAGE) {
			*error = none;
			return false;
		}
	}
	if (kind != KIND_NONE && id->kind != kind)
		*id = (struct record_id){0};
	return true;
}

bool loader_resolve(
	struct loader *loader, struct span text, struct record_id *id, struct error *error)
{
	*id = (struct record_id){0};
	const char *colon = text.length ? memchr(text.data, ':', text.length) : NULL;
	if (!colon)
		return true;
	size_t at = (size_t)(colon - text.data);
	enum kind kind = kind_find(span_trim(span_slice(text, 0, at)));
	struct span name = span_trim(span_slice(text, at + 1, text.length));
	if (kind == KIND_NONE || name.length == 0)
		return true;
	if (!loader_find_key(loader, name, kind, id, error))
		return false;
	if (id->kind != KIND_NONE || !loader->file)
		return true;
	int64_t found = record_find_named(loader->file, kind, name, error);
	if (found > 0)
		*id = (struct record_id){.kind = kind, .id = found};
	return found >= 0;
}

/* A record that stands for an id which is spoken of and nowhere described. */
static bool make_placeholder(struct loader *loader, const struct key_link *link, struct span key,
	enum kind kind, struct record_id *id, struct error *error)
{
	bool made;
	struct draft draft = DRAFT(kind);
	struct draft_cell cell = {.field = kind_info(kind)->name_field, .text = key};
	draft.basis = BASIS_PLACEHOLDER;
	draft.start = link->start;
	draft.end = link->end;
	draft.key = key;
	draft.cells = &cell;
	draft.cell_count = 1;
	*id = (struct record_id){.kind = kind};
	int64_t there;
	if (loader->preview && !preview_add(loader->preview, &draft, false, &there, error))
		return false;
	if (loader->writer && !writer_record(loader->writer, &draft, &id->id, &made, error))
		return false;
	struct span shown = span_slice(key, 0, 80);
	return loader_remember(loader, key, *id, error) &&
	       loader_remark(loader, link->line, -1, -1, error,
		       "%.*s is spoken of and not described: a placeholder stands for it",
		       (int)shown.length, shown.data);
}

/* One end of a link; KIND_NONE when nothing has its id and no placeholder is wanted. */
static bool resolve_end(struct loader *loader, const struct key_link *link, size_t name,
	enum kind kind, struct record_id *id, struct error *error)
{
	struct span key = name_table_at(&loader->link_names, name);
	if (!loader_find_key(loader, key, KIND_NONE, id, error))
		return false;
	if (id->kind != KIND_NONE || kind == KIND_NONE)
		return true;
	return make_placeholder(loader, link, key, kind, id, error);
}

static bool write_link(struct loader *loader, const struct key_link *link, struct record_id from,
	struct record_id to, struct error *error)
{
	struct draft_link draft = {.from = from,
		.to = to,
		.type = name_table_at(&loader->link_names, link->type),
		.detail = span_slice(buffer_span(&loader->link_details), link->detail,
			link->detail + link->detail_length),
		.basis = loader_basis(loader, BASIS_REPORTED),
		.start = link->start,
		.end = link->end};
	if (link->detail_length == 0)
		draft.detail = span_string(NULL);
	return !loader->writer || writer_link(loader->writer, &draft, error);
}

/* What else is said of a link, as a cell of the record it leads from; of the other one when that is
 * of a large kind, whose cells are written already. */
static bool write_more(struct loader *loader, const struct key_link *link, struct record_id from,
	struct record_id to, struct error *error)
{
	size_t at = link->detail + link->detail_length;
	struct span more =
		span_slice(buffer_span(&loader->link_details), at, at + link->more_length);
	struct record_id of = kind_info(from.kind)->large ? to : from;
	if (more.length == 0 || !loader->writer)
		return true;
	if (!kind_info(of.kind)->large)
		return writer_extra(loader->writer, of,
			name_table_at(&loader->link_names, link->type), more, error);
	return loader_remark(loader, link->line, -1, -1, error,
		"a link between two events: what else is said of it stands in the source only");
}

static bool resolve_link(struct loader *loader, const struct key_link *link, struct error *error)
{
	struct record_id from, to;
	if (!resolve_end(loader, link, link->from, link->from_kind, &from, error) ||
		!resolve_end(loader, link, link->to, link->to_kind, &to, error))
		return false;
	if (from.kind != KIND_NONE && to.kind != KIND_NONE)
		return write_link(loader, link, from, to, error) &&
		       write_more(loader, link, from, to, error);
	struct span missing =
		name_table_at(&loader->link_names, from.kind == KIND_NONE ? link->from : link->to);
	return loader_remark(loader, link->line, -1, -1, error,
		"a link leads to %.*s, which this file does not hold", (int)missing.length,
		missing.data);
}

bool loader_complete(struct loader *loader, struct error *error)
{
	loader_unit_end(loader);
	for (size_t i = 0; i < loader->setting_count; i++)
		if (!loader->settings[i].taken)
			loader_note(loader, "--set %.*s: no record of this file has a place for it",
				(int)loader->settings[i].name.length,
				loader->settings[i].name.data);
	for (size_t i = 0; i < loader->link_count; i++)
		if (!resolve_link(loader, &loader->links[i], error))
			return false;
	return true;
}

/* ---- decisions ---- */

/* Moves a span into text behind *at. */
static struct span copy_span(char *text, size_t *at, struct span span)
{
	if (!span_stated(span))
		return span;
	if (span.length > 0)
		memcpy(text + *at, span.data, span.length);
	struct span copy = span_of(text + *at, span.length);
	*at += span.length;
	return copy;
}

bool loader_decision(struct loader *loader, const struct journal_entry *entry, struct record_id to,
	struct span detail, struct error *error)
{
	struct decision *decisions = memory_grow(loader->decisions, &loader->decision_capacity,
		loader->decision_count + 1, sizeof *decisions);
	if (!decisions)
		return error_memory(error);
	loader->decisions = decisions;
	size_t length = entry->reviewer.length + entry->action.length + entry->field.length +
			entry->after.length + entry->reason.length + detail.length;
	char *text = malloc(length + 1);
	if (!text)
		return error_memory(error);
	size_t at = 0;
	struct decision *decision = &decisions[loader->decision_count++];
	*decision = (struct decision){.entry = *entry, .to = to, .text = text};
	decision->entry.reviewer = copy_span(text, &at, entry->reviewer);
	decision->entry.action = copy_span(text, &at, entry->action);
	decision->entry.field = copy_span(text, &at, entry->field);
	decision->entry.after = copy_span(text, &at, entry->after);
	decision->entry.reason = copy_span(text, &at, entry->reason);
	decision->detail = copy_span(text, &at, detail);
	loader->unit_records++;
	return true;
}

bool loader_decide(struct loader *loader, struct error *error)
{
	for (size_t i = 0; loader->writer && i < loader->decision_count; i++) {
		struct decision *decision = &loader->decisions[i];
		bool ok = decision->to.kind == KIND_NONE
				  ? journal_set(loader->file, &decision->entry, error)
				  : journal_link(loader->file, &decision->entry, decision->to,
					    decision->detail, error);
		if (!ok)
			return false;
	}
	return true;
}
