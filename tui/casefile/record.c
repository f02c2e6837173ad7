#include "record_private.h"

#include "base/memory.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

/* So much text a page has, about. */
#define PAGE_TEXT ((size_t)64 * 1024)

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
	reader->overlay.select = statement_open(file, QUERY_OVERLAY_FROM, error);
	if (reader->overlay.select)
		reader->extra.select = statement_open(file, QUERY_EXTRA_FROM, error);
	if (reader->extra.select)
		reader->shared = statement_open(file, QUERY_EXTRA_SHARED, error);
	if (reader->shared)
		reader->mention = statement_open(file, QUERY_MENTION_FIRST, error);
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
	statement_close(reader->overlay.select);
	statement_close(reader->extra.select);
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
 * connection or by this one. The statement that asks is left as it stands until the end of reading:
 * one lock is taken and given back, and all that is read is of one moment. */
static bool begin_reading(struct record_reader *reader, enum kind kind, struct error *error)
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
		memset(reader->renames, 0, sizeof reader->renames);
	}
	if (!kind_info(kind)->large || reader->large_ready)
		return true;
	reader->large_ready = hidden_load(reader->file, kind, &reader->hidden, error) &&
			      field_names_load(reader->file, &reader->fields, error);
	return reader->large_ready;
}

static void end_reading(struct record_reader *reader)
{
	beside_rest(&reader->overlay);
	beside_rest(&reader->extra);
	statement_reset(reader->version);
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

/* The next row of a bound statement. */
static enum record_result read_row(struct record_reader *reader, struct statement *select,
	enum kind kind, struct record *record, struct error *error)
{
	switch (statement_step(select, error)) {
	case STATEMENT_ROW:
		if (fill(reader, select, kind, record, error))
			return RECORD_FOUND;
		break;
	case STATEMENT_DONE:
		return RECORD_NONE;
	case STATEMENT_FAILED:
		break;
	}
	record->cell_count = 0;
	return RECORD_FAILED;
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
	if (!select)
		return RECORD_FAILED;
	if (kind_info(kind)->large && hidden_skip(&reader->hidden, id) != id)
		return RECORD_NONE;
	statement_bind_int(select, 1, id);
	enum record_result found = read_row(reader, select, kind, record, error);
	statement_reset(select);
	return found;
}

/* The statement whose next rows are those of the kind from an id on; NULL on an error. */
static struct statement *select_from(
	struct record_reader *reader, enum kind kind, int64_t id, struct error *error)
{
	struct statement *select = kept_select(
		reader, &reader->after[kind], kind, "r.id >= ?1", " ORDER BY r.id", error);
	if (select)
		statement_bind_int(select, 1, id);
	return select;
}

/* A damaged tree is out of order: who asks for the next would never end. */
static enum record_result read_ascending(struct record_reader *reader, struct statement *select,
	enum kind kind, int64_t after, struct record *record, struct error *error)
{
	enum record_result found = read_row(reader, select, kind, record, error);
	if (found != RECORD_FOUND || record->id.id > after)
		return found;
	error_set(error, ERROR_CASE_DAMAGED, "%s is damaged: %s:%lld stands behind a greater id",
		case_name(reader->file), kind_info(kind)->name, (long long)record->id.id);
	return RECORD_FAILED;
}

static enum record_result read_after(struct record_reader *reader, enum kind kind, int64_t after,
	struct record *record, struct error *error)
{
	bool large = kind_info(kind)->large;
	while (after < INT64_MAX) {
		int64_t from = large ? hidden_skip(&reader->hidden, after + 1) : after + 1;
		struct statement *select = select_from(reader, kind, from, error);
		if (!select)
			return RECORD_FAILED;
		enum record_result found =
			read_ascending(reader, select, kind, from - 1, record, error);
		statement_reset(select);
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
	enum record_result found = RECORD_FAILED;
	if (begin_reading(reader, kind, error))
		found = read_by_id(reader, kind, id, record, error);
	end_reading(reader);
	return found;
}

enum record_result record_next(struct record_reader *reader, enum kind kind, int64_t after,
	struct record *record, struct error *error)
{
	enum record_result found = RECORD_FAILED;
	if (begin_reading(reader, kind, error))
		found = read_after(reader, kind, after, record, error);
	end_reading(reader);
	return found;
}

/* Most kinds have no record in most cases: to say so takes a tenth of what it takes to prepare the
 * statement that would read them. */
static bool look_for_any(
	struct record_reader *reader, enum kind kind, bool *any, struct error *error)
{
	struct buffer sql = {0};
	*any = true;
	if (reader->after[kind])
		return true;
	buffer_add_format(&sql, "SELECT 1 FROM \"%s\" LIMIT 1", kind_info(kind)->name);
	struct statement *select = statement_open_built(reader->file, &sql, error);
	if (!select)
		return false;
	enum statement_result result = statement_step(select, error);
	statement_close(select);
	*any = result == STATEMENT_ROW;
	return result != STATEMENT_FAILED;
}

/* Records that are read one after the other: of a small kind as the rows of one statement. */
static bool read_page(struct record_reader *reader, enum kind kind, int64_t after,
	struct record_page *page, struct error *error)
{
	struct statement *select = NULL;
	bool any;
	if (after == INT64_MAX)
		return true;
	if (!look_for_any(reader, kind, &any, error))
		return false;
	if (!any)
		return true;
	if (!kind_info(kind)->large && !(select = select_from(reader, kind, after + 1, error)))
		return false;
	enum record_result found = RECORD_FOUND;
	for (size_t text = 0; page->count < RECORD_PAGE && text < PAGE_TEXT;) {
		struct record *record = &page->records[page->count];
		found = select ? read_ascending(reader, select, kind, after, record, error)
			       : read_after(reader, kind, after, record, error);
		if (found != RECORD_FOUND)
			break;
		page->count++;
		text += record->text.length;
		after = record->id.id;
	}
	if (select)
		statement_reset(select);
	return found != RECORD_FAILED;
}

bool record_page_read(struct record_reader *reader, enum kind kind, int64_t after,
	struct record_page *page, struct error *error)
{
	page->count = 0;
	if (!page->records)
		page->records = memory_array(RECORD_PAGE, sizeof *page->records);
	if (!page->records)
		return error_memory(error);
	for (int i = 0; i < RECORD_PAGE; i++)
		if (page->records[i].text.capacity > PAGE_TEXT)
			record_free(&page->records[i]);
	bool good =
		begin_reading(reader, kind, error) && read_page(reader, kind, after, page, error);
	end_reading(reader);
	return good;
}

void record_page_free(struct record_page *page)
{
	for (int i = 0; page->records && i < RECORD_PAGE; i++)
		record_free(&page->records[i]);
	free(page->records);
	*page = (struct record_page){0};
}
