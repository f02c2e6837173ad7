#include "record_private.h"

#include "base/memory.h"

#include <sqlite3.h>
#include <stdlib.h>

void record_free(struct record *record)
{
	free(record->cells);
	buffer_free(&record->text);
	*record = (struct record){0};
}

struct record_reader *record_reader_open(const struct case_file *file, struct error *error)
{
	struct record_reader *reader = memory_array(1, sizeof *reader);
	if (!reader) {
		error_memory(error);
		return NULL;
	}
	reader->file = file;
	reader->changes = -1;
	reader->overlay = statement_open(file, QUERY_OVERLAY_OF_RECORD, error);
	reader->extra = reader->overlay ? statement_open(file, QUERY_EXTRA_OF_RECORD, error) : NULL;
	reader->shared = reader->extra ? statement_open(file, QUERY_EXTRA_SHARED, error) : NULL;
	reader->mention = reader->shared ? statement_open(file, QUERY_MENTION_FIRST, error) : NULL;
	reader->version =
		reader->mention && block_cache_open(&reader->blocks, file, READER_BLOCKS, error)
			? statement_open_text(file, "PRAGMA data_version", error)
			: NULL;
	if (reader->version)
		return reader;
	record_reader_close(reader);
	return NULL;
}

void record_reader_limit(struct record_reader *reader, size_t bytes)
{
	reader->text_limit = bytes;
}

void record_reader_close(struct record_reader *reader)
{
	if (!reader)
		return;
	for (int kind = 0; kind < KIND_COUNT; kind++) {
		statement_close(reader->by_id[kind]);
		statement_close(reader->after[kind]);
		statement_close(reader->name[kind]);
	}
	statement_close(reader->overlay);
	statement_close(reader->extra);
	statement_close(reader->shared);
	statement_close(reader->mention);
	statement_close(reader->version);
	block_cache_close(&reader->blocks);
	id_runs_free(&reader->hidden);
	field_names_free(&reader->fields);
	buffer_free(&reader->exact);
	free(reader->places);
	free(reader);
}

static bool read_overlay_empty(struct record_reader *reader, struct error *error)
{
	struct statement *select = statement_open(reader->file, QUERY_OVERLAY_EMPTY, error);
	if (!select)
		return false;
	enum statement_result result = statement_step(select, error);
	reader->overlay_empty = result == STATEMENT_ROW && statement_int(select, 0) != 0;
	statement_close(select);
	return result == STATEMENT_ROW;
}

/* What the reader remembers of the case is asked anew when the case was changed, by another
 * connection or by this one. The statement that asks is left as it stands until the record is read:
 * one lock is taken and given back, and all of a record is of one moment. */
static bool refresh(struct record_reader *reader, enum kind kind, struct error *error)
{
	if (statement_step(reader->version, error) != STATEMENT_ROW)
		return false;
	int64_t version = statement_int(reader->version, 0);
	int64_t changes = sqlite3_total_changes64(case_database(reader->file));
	if (version != reader->data_version || changes != reader->changes) {
		if (!read_overlay_empty(reader, error))
			return false;
		reader->data_version = version;
		reader->changes = changes;
		reader->large_ready = false;
	}
	if (!kind_info(kind)->large || reader->large_ready)
		return true;
	reader->large_ready = hidden_load(reader->file, kind, &reader->hidden, error) &&
			      field_names_load(reader->file, &reader->fields, error);
	return reader->large_ready;
}

static struct statement *open_select(const struct case_file *file, enum kind kind,
	const char *where, const char *order, struct error *error)
{
	struct buffer sql = {0};
	kind_sql_select(&sql, kind, where, order);
	return statement_open_built(file, &sql, error);
}

static bool fill(struct record_reader *reader, const struct statement *row, enum kind kind,
	struct record *record, struct error *error)
{
	record->cell_count = 0;
	buffer_clear(&record->text);
	record->id = (struct record_id){.kind = kind, .id = statement_int(row, RECORD_ID)};
	int64_t basis = statement_int(row, RECORD_BASIS);
	if (basis < 0 || basis >= BASIS_COUNT)
		return error_set(error, ERROR_CASE_DAMAGED,
			"the case is damaged: %s:%lld has no basis", kind_info(kind)->name,
			(long long)record->id.id);
	record->basis = (enum basis)basis;
	record->source = statement_int(row, RECORD_SOURCE);
	record->start = (uint64_t)statement_int(row, RECORD_START);
	record->end = (uint64_t)statement_int(row, RECORD_END);
	record->stands_stated = !statement_is_null(row, RECORD_STANDS_MIN);
	record->stands_min = statement_int(row, RECORD_STANDS_MIN);
	record->stands_max = statement_is_null(row, RECORD_STANDS_MAX)
				     ? INT64_MAX
				     : statement_int(row, RECORD_STANDS_MAX);
	/* Stands first in the text; record_seal gives it its address. */
	record->by = statement_text(row, RECORD_BY);
	buffer_add_span(&record->text, record->by);
	if (!record_read_overlay(reader, record, error))
		return false;
	bool filled = kind_info(kind)->large ? record_cells_large(reader, row, record, error)
					     : record_cells_small(reader, row, record, error);
	return filled && record_seal(reader, record, error);
}

/* The row a bound statement leads to. */
static enum record_result read_row(struct record_reader *reader, struct statement *select,
	enum kind kind, struct record *record, struct error *error)
{
	enum record_result found = RECORD_FAILED;
	switch (statement_step(select, error)) {
	case STATEMENT_ROW:
		found = fill(reader, select, kind, record, error) ? RECORD_FOUND : RECORD_FAILED;
		break;
	case STATEMENT_DONE:
		found = RECORD_NONE;
		break;
	case STATEMENT_FAILED:
		break;
	}
	statement_reset(select);
	if (found == RECORD_FAILED)
		record->cell_count = 0;
	return found;
}

/* The statement of a kind in *slot. */
static struct statement *kept_select(struct record_reader *reader, struct statement **slot,
	enum kind kind, const char *where, const char *order, struct error *error)
{
	if (!*slot)
		*slot = open_select(reader->file, kind, where, order, error);
	return *slot;
}

static enum record_result read_by_id(struct record_reader *reader, enum kind kind, int64_t id,
	struct record *record, struct error *error)
{
	struct statement *select =
		kept_select(reader, &reader->by_id[kind], kind, "r.id = ?1", "", error);
	if (!select || !refresh(reader, kind, error))
		return RECORD_FAILED;
	if (kind_info(kind)->large && hidden_skip(&reader->hidden, id) != id)
		return RECORD_NONE;
	statement_bind_int(select, 1, id);
	return read_row(reader, select, kind, record, error);
}

static enum record_result read_after(struct record_reader *reader, enum kind kind, int64_t after,
	struct record *record, struct error *error)
{
	struct statement *select = kept_select(
		reader, &reader->after[kind], kind, "r.id >= ?1", " ORDER BY r.id LIMIT 1", error);
	if (!select || !refresh(reader, kind, error))
		return RECORD_FAILED;
	bool large = kind_info(kind)->large;
	while (after < INT64_MAX) {
		int64_t from = large ? hidden_skip(&reader->hidden, after + 1) : after + 1;
		statement_bind_int(select, 1, from);
		enum record_result found = read_row(reader, select, kind, record, error);
		/* A damaged tree is out of order: who asks for the next would never end. */
		if (found == RECORD_FOUND && record->id.id < from) {
			error_set(error, ERROR_CASE_DAMAGED,
				"%s is damaged: %s:%lld stands behind a greater id",
				case_name(reader->file), kind_info(kind)->name,
				(long long)record->id.id);
			return RECORD_FAILED;
		}
		if (!large || found != RECORD_FOUND ||
			hidden_skip(&reader->hidden, record->id.id) == record->id.id)
			return found;
		/* Ids have a gap before a hidden run. */
		after = record->id.id;
	}
	return RECORD_NONE;
}

enum record_result record_read(struct record_reader *reader, enum kind kind, int64_t id,
	struct record *record, struct error *error)
{
	enum record_result found = read_by_id(reader, kind, id, record, error);
	statement_reset(reader->version);
	return found;
}

enum record_result record_next(struct record_reader *reader, enum kind kind, int64_t after,
	struct record *record, struct error *error)
{
	enum record_result found = read_after(reader, kind, after, record, error);
	statement_reset(reader->version);
	return found;
}
