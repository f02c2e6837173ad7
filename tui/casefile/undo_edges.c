/* What is seen together in events that stay when the source that held them is taken back. */
#include "undo_private.h"

#include "base/table_hash.h"
#include "casefile/source.h"
#include "casefile/statement.h"
#include "edges.h"
#include "kind_sql.h"

#include <string.h>

/* The events that a source (?1) holds once another one (?2) is taken back: it mentions them, no
 * source before it that can be seen does, and they are that other one's, or of one that was taken
 * back earlier and mentioned by that other one. Time, what they refer to, and what that source
 * mentions in them. */
static void build_select(struct buffer *sql, enum kind kind)
{
	const struct kind_info *info = kind_info(kind);
	buffer_add_string(sql, "SELECT ");
	kind_sql_column(sql, "r.", &info->fields[info->sort_field], "_from");
	for (int field = 0; field < info->field_count; field++) {
		if (info->fields[field].type != FIELD_REFERENCE)
			continue;
		buffer_add_string(sql, ", ");
		kind_sql_column(sql, "r.", &info->fields[field], "");
	}
	buffer_add_format(sql,
		", (SELECT x.value FROM extra x WHERE x.kind = %d AND x.record = m.record"
		" AND x.number = ?1)"
		" FROM mention m CROSS JOIN \"%s\" r ON r.id = m.record"
		" WHERE m.source = ?1 AND m.kind = %d AND (r.source = ?2 OR (?2 < ?1"
		" AND (SELECT w.state FROM source w WHERE w.id = r.source) <> 'ready'"
		" AND EXISTS(SELECT 1 FROM mention t WHERE t.kind = %d AND t.record = m.record"
		" AND t.source = ?2)))"
		" AND NOT EXISTS(SELECT 1 FROM mention o CROSS JOIN source s ON s.id = o.source"
		" WHERE o.kind = %d AND o.record = m.record AND o.source < ?1"
		" AND s.state = 'ready')",
		kind, info->name, kind, kind, kind);
}

/* `kind:id` of each, as mention_again_speaks wrote them. What can't be one is passed over. */
static void add_mentioned(struct spoken *spoken, struct span text)
{
	for (size_t i = 0; text.length > 0 && i < DRAFT_MENTIONS_MOST; i++) {
		const char *blank = memchr(text.data, ' ', text.length);
		size_t length = blank ? (size_t)(blank - text.data) : text.length;
		const char *colon = memchr(text.data, ':', length);
		size_t middle = colon ? (size_t)(colon - text.data) : length;
		long long kind, id;
		if (span_to_integer(span_slice(text, 0, middle), &kind) &&
			span_to_integer(span_slice(text, middle + 1, length), &id) &&
			kind > KIND_NONE && kind < KIND_COUNT && id > 0)
			spoken_add(spoken, (enum kind)kind, id);
		text = span_slice(text, length + 1, text.length);
	}
}

static bool add_row(struct edges *edges, const struct statement *row, enum kind kind)
{
	const struct kind_info *info = kind_info(kind);
	int64_t reference[KIND_MOST_FIELDS] = {0};
	int column = 1;
	for (int field = 0; field < info->field_count; field++)
		if (info->fields[field].type == FIELD_REFERENCE)
			reference[field] = statement_int(row, column++);
	struct spoken spoken;
	spoken_by_fields(&spoken, kind, reference);
	add_mentioned(&spoken, statement_text(row, column));
	return edges_add_record(edges, kind, &spoken, statement_int(row, 0));
}

struct handing {
	struct statement *select;
	enum kind kind;
	int64_t from;
	struct edges edges;
	struct edges_writing to;
};

static bool hand_to(struct handing *handing, int64_t source, struct error *error)
{
	enum statement_result result;
	bool done = true;
	handing->to.source = source;
	statement_bind_int(handing->select, 1, source);
	statement_bind_int(handing->select, 2, handing->from);
	while (done && (result = statement_step(handing->select, error)) == STATEMENT_ROW) {
		done = add_row(&handing->edges, handing->select, handing->kind) ||
		       error_memory(error);
		if (done && edges_full(&handing->edges))
			done = edges_write(&handing->edges, &handing->to, error);
	}
	statement_reset(handing->select);
	return done && result == STATEMENT_DONE &&
	       edges_write(&handing->edges, &handing->to, error);
}

bool undo_hand_on_edges(struct case_file *file, enum kind kind, int64_t source, struct error *error)
{
	struct handing handing = {.kind = kind, .from = source, .edges.seed = table_hash_seed()};
	struct source next = {0};
	struct buffer sql = {0};
	int64_t id = 0;
	int more = 0;
	build_select(&sql, kind);
	handing.select = statement_open_built(file, &sql, error);
	handing.to.insert = handing.select ? statement_open(file, QUERY_EDGE_INSERT, error) : NULL;
	bool done = handing.to.insert != NULL;
	while (done && (more = source_next(file, &id, &next, error)) > 0)
		done = next.state != SOURCE_READY || hand_to(&handing, id, error);
	source_free(&next);
	statement_close(handing.select);
	statement_close(handing.to.insert);
	edges_free(&handing.edges);
	return done && more == 0;
}
