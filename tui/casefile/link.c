#include "casefile/link.h"

#include "base/memory.h"
#include "casefile/statement.h"
#include "casefile/visible.h"
#include "edge.h"
#include "kind_sql.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One question: what is this record related to? */
struct asking {
	const struct case_file *file;
	struct record_id id;
	int limit;
	struct related_list *list;
	struct statement *seen[KIND_COUNT]; /* whether a record can be seen */
	struct id_runs hidden[KIND_COUNT];
	struct error *error;
};

void related_list_free(struct related_list *list)
{
	for (int i = 0; i < list->count; i++)
		free(list->items[i].detail);
	free(list->items);
	*list = (struct related_list){0};
}

/* Adds one, with a copy of its detail; beyond the limit it only says that there are more. */
static bool add(
	struct asking *asking, const struct related *related, struct span type, struct span detail)
{
	struct related_list *list = asking->list;
	if (list->count >= asking->limit) {
		list->more = true;
		return true;
	}
	struct related *items =
		memory_grow(list->items, &list->capacity, (size_t)list->count + 1, sizeof *items);
	if (!items)
		return error_memory(asking->error);
	list->items = items;
	struct related *item = &items[list->count];
	*item = *related;
	snprintf(item->type, sizeof item->type, "%.*s",
		(int)(type.length < sizeof item->type ? type.length : sizeof item->type - 1),
		type.data);
	item->detail = span_stated(detail) ? memory_copy(detail.data, detail.length) : NULL;
	if (span_stated(detail) && !item->detail)
		return error_memory(asking->error);
	list->count++;
	return true;
}

static bool open_seen(struct asking *asking, enum kind kind)
{
	struct buffer sql = {0};
	buffer_add_format(&sql, "SELECT 1 FROM \"%s\" r WHERE r.id = ?1", kind_info(kind)->name);
	if (!kind_info(kind)->large) {
		buffer_add_string(&sql, " AND ");
		kind_sql_visible(&sql, kind);
	} else if (!hidden_load(asking->file, kind, &asking->hidden[kind], asking->error)) {
		buffer_free(&sql);
		return false;
	}
	asking->seen[kind] = statement_open_built(asking->file, &sql, asking->error);
	return asking->seen[kind] != NULL;
}

/* Whether the record at the other end is there to be shown. */
static bool can_be_seen(struct asking *asking, struct record_id id, bool *seen)
{
	*seen = false;
	if (id.kind <= KIND_NONE || id.kind >= KIND_COUNT)
		return true;
	if (!asking->seen[id.kind] && !open_seen(asking, id.kind))
		return false;
	struct statement *select = asking->seen[id.kind];
	statement_bind_int(select, 1, id.id);
	enum statement_result result = statement_step(select, asking->error);
	*seen = result == STATEMENT_ROW && hidden_skip(&asking->hidden[id.kind], id.id) == id.id;
	statement_reset(select);
	return result != STATEMENT_FAILED;
}

static bool journal_of(struct asking *asking, struct span field, int64_t *journal)
{
	struct statement *select = statement_open(asking->file, QUERY_OVERLAY_OF, asking->error);
	if (!select)
		return false;
	statement_bind_int(select, 1, asking->id.kind);
	statement_bind_int(select, 2, asking->id.id);
	statement_bind_text(select, 3, field);
	enum statement_result result = statement_step(select, asking->error);
	*journal = result == STATEMENT_ROW ? statement_int(select, 0) : 0;
	statement_close(select);
	return result != STATEMENT_FAILED;
}

/* The records that the record's own fields refer to. */
static bool add_outgoing(struct asking *asking, const struct record *record)
{
	for (int i = 0; i < record->cell_count; i++) {
		const struct cell *cell = &record->cells[i];
		if (cell->field < 0 || cell->reference == 0)
			continue;
		struct related related = {
			.id = {kind_info(record->id.kind)->fields[cell->field].refers_to,
				cell->reference},
			.outgoing = true,
			.count = 1,
			.basis = record->basis,
			.source = record->source,
		};
		bool seen;
		if ((cell->decided && !journal_of(asking, cell->name, &related.journal)) ||
			!can_be_seen(asking, related.id, &seen) ||
			(seen && !add(asking, &related, cell->name, (struct span){0})))
			return false;
	}
	return true;
}

static bool add_links(struct asking *asking, enum query query, bool outgoing)
{
	struct statement *select = statement_open(asking->file, query, asking->error);
	if (!select)
		return false;
	statement_bind_int(select, 1, asking->id.kind);
	statement_bind_int(select, 2, asking->id.id);
	enum statement_result result = STATEMENT_DONE;
	bool fit = true;
	while (fit && !asking->list->more &&
		(result = statement_step(select, asking->error)) == STATEMENT_ROW) {
		struct related related = {
			.id = {(enum kind)statement_int(select, 0), statement_int(select, 1)},
			.outgoing = outgoing,
			.count = 1,
			.basis = (enum basis)(statement_int(select, 3) & 3),
			.source = statement_int(select, 5),
			.journal = statement_int(select, 6),
		};
		bool seen;
		fit = can_be_seen(asking, related.id, &seen) &&
		      (!seen || add(asking, &related, statement_text(select, 2),
					statement_text(select, 4)));
	}
	statement_close(select);
	return fit && result != STATEMENT_FAILED;
}

/* Records of a small kind whose field refers to the record, but for those of which the journal says
 * otherwise. */
static bool add_incoming_field(
	struct asking *asking, enum kind kind, const struct kind_field *field)
{
	struct buffer sql = {0};
	buffer_add_format(
		&sql, "SELECT r.id, r.basis, r.source FROM \"%s\" r WHERE ", kind_info(kind)->name);
	kind_sql_column(&sql, "r.", field, "");
	buffer_add_string(&sql, " = ?1 AND ");
	kind_sql_visible(&sql, kind);
	buffer_add_format(&sql,
		" AND NOT EXISTS(SELECT 1 FROM overlay o WHERE o.kind = %d AND o.record = r.id"
		" AND o.field = '%s') ORDER BY r.id LIMIT ?2",
		(int)kind, field->name);
	struct statement *select = statement_open_built(asking->file, &sql, asking->error);
	if (!select)
		return false;
	statement_bind_int(select, 1, asking->id.id);
	statement_bind_int(select, 2, asking->limit - asking->list->count + 1);
	enum statement_result result = STATEMENT_DONE;
	bool fit = true;
	while (fit && (result = statement_step(select, asking->error)) == STATEMENT_ROW) {
		struct related related = {
			.id = {kind, statement_int(select, 0)},
			.count = 1,
			.basis = (enum basis)(statement_int(select, 1) & 3),
			.source = statement_int(select, 2),
		};
		fit = add(asking, &related, span_string(field->name), (struct span){0});
	}
	statement_close(select);
	return fit && result != STATEMENT_FAILED;
}

static bool add_incoming(struct asking *asking)
{
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		const struct kind_info *info = kind_info((enum kind)kind);
		/* What large kinds refer to is in the edge summary. */
		for (int i = 0; i < info->field_count && !info->large && !asking->list->more; i++)
			if (info->fields[i].type == FIELD_REFERENCE &&
				info->fields[i].refers_to == asking->id.kind &&
				!add_incoming_field(asking, (enum kind)kind, &info->fields[i]))
				return false;
	}
	return true;
}

/* Records of which the journal says that they refer to this one. */
static bool add_decided(struct asking *asking)
{
	char word[40];
	snprintf(word, sizeof word, "%s:%" PRId64, kind_info(asking->id.kind)->name, asking->id.id);
	struct statement *select =
		statement_open(asking->file, QUERY_OVERLAY_REFERRING, asking->error);
	if (!select)
		return false;
	statement_bind_text(select, 1, span_string(word));
	enum statement_result result = STATEMENT_DONE;
	bool fit = true;
	while (fit && (result = statement_step(select, asking->error)) == STATEMENT_ROW) {
		struct related related = {
			.id = {(enum kind)statement_int(select, 0), statement_int(select, 1)},
			.count = 1,
			.basis = BASIS_INFERRED,
			.journal = statement_int(select, 3),
		};
		struct span name = statement_text(select, 2);
		bool seen;
		fit = can_be_seen(asking, related.id, &seen);
		int field = fit && seen ? kind_field_find(related.id.kind, name) : -1;
		if (field >= 0 && kind_info(related.id.kind)->fields[field].type == FIELD_REFERENCE)
			fit = add(asking, &related, name, (struct span){0});
	}
	statement_close(select);
	return fit && result != STATEMENT_FAILED;
}

/* How many events there are, and then what they are seen with: kind by kind, the most seen first.
 */
static int compare_sums(const void *left, const void *right)
{
	const struct edge_sum *a = left, *b = right;
	if ((a->b.id == 0) != (b->b.id == 0))
		return a->b.id == 0 ? -1 : 1;
	if (a->b.kind != b->b.kind)
		return a->b.kind < b->b.kind ? -1 : 1;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	if (a->b.id != b->b.id)
		return a->b.id < b->b.id ? -1 : 1;
	return a->way - b->way;
}

/* What large kinds say of the record and others, and how many of theirs speak of it. */
static bool add_edges(struct asking *asking)
{
	struct edge_sums sums;
	size_t room = (size_t)(asking->limit - asking->list->count);
	if (!edge_sums_read(asking->file, asking->id, room, &sums, asking->error))
		return false;
	bool fit = true;
	if (sums.count > 1)
		qsort(sums.items, sums.count, sizeof *sums.items, compare_sums);
	for (size_t i = 0; fit && i < sums.count; i++) {
		const struct edge_sum *sum = &sums.items[i];
		struct related related = {
			.id = sum->b,
			.outgoing = sum->b.id != 0,
			.count = sum->count,
			.basis = BASIS_OBSERVED,
			.source = sum->source,
		};
		const char *type = sum->b.id == 0 ? kind_info(sum->b.kind)->counted : "seen with";
		fit = add(asking, &related, span_string(type), (struct span){0});
	}
	asking->list->more = asking->list->more || sums.more;
	edge_sums_free(&sums);
	return fit;
}

static bool ask(struct asking *asking, const struct record *record)
{
	return add_outgoing(asking, record) && add_links(asking, QUERY_LINKS_FROM, true) &&
	       add_links(asking, QUERY_LINKS_TO, false) && add_incoming(asking) &&
	       add_decided(asking) && add_edges(asking);
}

bool link_related(const struct case_file *file, struct record_id id, int limit,
	struct related_list *list, struct error *error)
{
	*list = (struct related_list){0};
	struct record_reader *reader = record_reader_open(file, error);
	if (!reader)
		return false;
	struct asking asking = {
		.file = file, .id = id, .limit = limit, .list = list, .error = error};
	struct record record = {0};
	enum record_result found = record_read(reader, id.kind, id.id, &record, error);
	bool answered = found == RECORD_NONE || (found == RECORD_FOUND && ask(&asking, &record));
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		statement_close(asking.seen[kind]);
		id_runs_free(&asking.hidden[kind]);
	}
	record_free(&record);
	record_reader_close(reader);
	if (!answered)
		related_list_free(list);
	return answered;
}
