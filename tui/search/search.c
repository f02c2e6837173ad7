#include "search_private.h"

#include "base/clock.h"
#include "base/image.h"
#include "casefile/block_reader.h"
#include "casefile/statement.h"

#include <string.h>

/* How often progress is told. */
#define PROGRESS_MICROSECONDS 10000

enum scan_result scan_cancelled(struct error *error)
{
	error_set(error, ERROR_CANCELLED, "the search was cancelled before its end");
	return SCAN_FAILED;
}

static struct span cell_name(struct scan *scan, const struct cell *cell)
{
	if (cell->field != CELL_EXTRA)
		return cell->name;
	buffer_clear(&scan->name);
	buffer_add_string(&scan->name, "extra.");
	buffer_add_span(&scan->name, cell->name);
	return buffer_span(&scan->name);
}

static enum match_result match_cell(
	struct scan *scan, const struct cell *cell, struct range *range, struct error *error)
{
	buffer_clear(&scan->image);
	if (!buffer_reserve(&scan->image, cell->text.length)) {
		error_memory(error);
		return MATCH_CANCELLED;
	}
	/* Most cells are their own image and need no copy, but telling so costs as much. */
	image_make(cell->text, scan->image.data);
	struct span image = span_of(scan->image.data, cell->text.length);
	scan->totals->cells++;
	if (!plan_admits(scan->plan, image))
		return MATCH_NO;
	enum match_result result = matcher_cell(scan->matcher, image, 0, range);
	if (result == MATCH_CANCELLED)
		scan_cancelled(error);
	return result;
}

/* A cell that matches, in that range, or is undecided. */
static enum scan_result give_cell(struct scan *scan, struct record_id id, const struct cell *cell,
	const struct range *range, struct error *error)
{
	struct search_hit hit = {.id = id,
		.field = cell->field,
		.field_name = cell_name(scan, cell),
		.undecided = !range};
	if (!scan->request->records_only)
		hit.text = cell->text;
	if (range)
		hit.range = *range;
	if (buffer_failed(&scan->name)) {
		error_memory(error);
		return SCAN_FAILED;
	}
	if (range)
		scan->totals->hits++;
	else
		scan->totals->undecided++;
	block_reader_rest(scan->blocks);
	return scan->request->hit(scan->request->context, &hit) ? SCAN_ON : SCAN_STOPPED;
}

/* A record of which one match is enough: what is undecided counts when there is none. */
static enum scan_result scan_for_one(
	struct scan *scan, const struct record *record, bool *matched, struct error *error)
{
	struct range range;
	buffer_clear(&scan->doubts);
	for (int i = 0; i < record->cell_count; i++) {
		switch (match_cell(scan, &record->cells[i], &range, error)) {
		case MATCH_NO:
			break;
		case MATCH_YES:
			scan->totals->cells += record->cell_count - 1 - i;
			*matched = true;
			return give_cell(scan, record->id, &record->cells[i], &range, error);
		case MATCH_UNDECIDED:
			buffer_add(&scan->doubts, &i, sizeof i);
			break;
		case MATCH_CANCELLED:
			return SCAN_FAILED;
		}
	}
	enum scan_result result = SCAN_ON;
	if (buffer_failed(&scan->doubts)) {
		error_memory(error);
		return SCAN_FAILED;
	}
	for (size_t at = 0; at < scan->doubts.length && result == SCAN_ON; at += sizeof(int)) {
		int i;
		memcpy(&i, scan->doubts.data + at, sizeof i);
		result = give_cell(scan, record->id, &record->cells[i], NULL, error);
	}
	return result;
}

static enum scan_result scan_for_all(
	struct scan *scan, const struct record *record, bool *matched, struct error *error)
{
	enum scan_result result = SCAN_ON;
	struct range range;
	for (int i = 0; i < record->cell_count && result == SCAN_ON; i++) {
		const struct cell *cell = &record->cells[i];
		switch (match_cell(scan, cell, &range, error)) {
		case MATCH_NO:
			break;
		case MATCH_YES:
			*matched = true;
			result = give_cell(scan, record->id, cell, &range, error);
			break;
		case MATCH_UNDECIDED:
			result = give_cell(scan, record->id, cell, NULL, error);
			break;
		case MATCH_CANCELLED:
			return SCAN_FAILED;
		}
	}
	return result;
}

/* The cells of a record. One that is left half-way counts when a cell of it matched. */
static enum scan_result scan_record(
	struct scan *scan, const struct record *record, struct error *error)
{
	const struct search_request *request = scan->request;
	bool matched = false;
	scan->totals->records++;
	enum scan_result result = request->records_only
					  ? scan_for_one(scan, record, &matched, error)
					  : scan_for_all(scan, record, &matched, error);
	scan->totals->hit_records += matched;
	if (result == SCAN_ON && request->record) {
		block_reader_rest(scan->blocks);
		if (!request->record(request->context, record->id, matched))
			result = SCAN_STOPPED;
	}
	return result;
}

bool scan_is_cancelled(const struct scan *scan)
{
	const atomic_bool *cancel = scan->request->cancel;
	return cancel && atomic_load_explicit(cancel, memory_order_relaxed);
}

enum scan_result scan_id(struct scan *scan, struct record_id id, struct error *error)
{
	switch (record_read(scan->reader, id.kind, id.id, &scan->record, error)) {
	case RECORD_FOUND:
		return scan_record(scan, &scan->record, error);
	case RECORD_NONE:
		return SCAN_ON;
	case RECORD_FAILED:
		break;
	}
	return SCAN_FAILED;
}

void scan_progress(struct scan *scan, struct record_id at)
{
	const struct search_request *request = scan->request;
	int64_t now = request->progress ? clock_microseconds() : 0;
	if (!request->progress || now - scan->told < PROGRESS_MICROSECONDS)
		return;
	block_reader_rest(scan->blocks);
	scan->told = now;
	int64_t last = scan->last[at.kind];
	int64_t done = at.id < last ? at.id : last;
	double share = scan->all > 0 ? (double)(scan->before + done) / (double)scan->all : 0;
	request->progress(request->context, scan->totals, (int)(share * 1000));
}

static enum scan_result scan_page(struct scan *scan, struct error *error)
{
	enum scan_result result = SCAN_ON;
	for (int i = 0; i < scan->page.count && result == SCAN_ON; i++) {
		if (scan_is_cancelled(scan))
			return scan_cancelled(error);
		result = scan_record(scan, &scan->page.records[i], error);
		if (result == SCAN_ON)
			scan_progress(scan, scan->page.records[i].id);
	}
	return result;
}

/* A kind, page by page: the case is not held while somebody else is called. */
static enum scan_result scan_records(struct scan *scan, enum kind kind, struct error *error)
{
	int64_t after = 0;
	enum scan_result result = SCAN_ON;
	while (result == SCAN_ON) {
		if (scan_is_cancelled(scan))
			return scan_cancelled(error);
		if (!record_page_read(scan->reader, kind, after, &scan->page, error))
			return SCAN_FAILED;
		if (scan->page.count == 0)
			break;
		after = scan->page.records[scan->page.count - 1].id.id;
		result = scan_page(scan, error);
	}
	return result;
}

/* The block engine gives the same hits in the same order. */
static enum scan_result scan_kind(struct scan *scan, enum kind kind, struct error *error)
{
	return kind_info(kind)->large ? engine_run(scan, kind, error)
				      : scan_records(scan, kind, error);
}

static bool asked_for(const struct search_request *request, enum kind kind)
{
	return request->kind == KIND_NONE || request->kind == kind;
}

static bool read_sizes(struct scan *scan, struct error *error)
{
	struct statement *sizes = statement_open(scan->file, QUERY_SEQUENCE_LIST, error);
	if (!sizes)
		return false;
	enum statement_result step;
	while ((step = statement_step(sizes, error)) == STATEMENT_ROW) {
		int64_t kind = statement_int(sizes, 0);
		int64_t last = statement_int(sizes, 1) - 1;
		if (kind <= KIND_NONE || kind >= KIND_COUNT || last < 0 || last > UINT32_MAX ||
			!asked_for(scan->request, (enum kind)kind))
			continue;
		scan->last[kind] = last;
		scan->all += last;
	}
	statement_close(sizes);
	return step == STATEMENT_DONE;
}

static enum scan_result scan_kinds(struct scan *scan, struct error *error)
{
	if (!read_sizes(scan, error))
		return SCAN_FAILED;
	enum scan_result result = SCAN_ON;
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT && result == SCAN_ON; kind++) {
		if (!asked_for(scan->request, (enum kind)kind))
			continue;
		result = scan_kind(scan, (enum kind)kind, error);
		scan->before += scan->last[kind];
	}
	return result;
}

/* Which sources can be seen, at a moment. The case is let go between pages and blocks, lest a pager
 * that rests on one hold up whoever writes, so that an import may be whole in the midst of it. */
struct sight {
	int64_t version;
	uint64_t ready; /* made of their ids */
};

static bool look_at_sources(const struct case_file *file, struct sight *sight, struct error *error)
{
	sight->version = case_version(file);
	sight->ready = 0;
	struct statement *select = statement_open(file, QUERY_SOURCE_READY, error);
	if (!select)
		return false;
	enum statement_result step;
	while ((step = statement_step(select, error)) == STATEMENT_ROW)
		sight->ready = (sight->ready ^ (uint64_t)statement_int(select, 0)) * 0x100000001b3U;
	statement_close(select);
	return step == STATEMENT_DONE;
}

/* Most of what is written meanwhile changes nothing of it: steps of an import that is under way. */
static bool look_again(struct scan *scan, const struct sight *before, struct error *error)
{
	struct sight now;
	if (before->version == case_version(scan->file))
		return true;
	if (!look_at_sources(scan->file, &now, error))
		return false;
	scan->totals->changed = now.ready != before->ready;
	return true;
}

bool search_run(const struct case_file *file, const struct search_request *request,
	struct search_totals *totals, struct error *error)
{
	struct scan scan = {
		.file = file, .request = request, .totals = totals, .told = clock_microseconds()};
	struct match_limits limits = {.cancel = request->cancel};
	*totals = (struct search_totals){0};
	scan.plan = plan_new(request->pattern, error);
	scan.reader = scan.plan ? record_reader_open(file, error) : NULL;
	scan.matcher = scan.reader ? matcher_new(request->pattern, &limits, error) : NULL;
	struct sight sight;
	enum scan_result result = SCAN_FAILED;
	if (scan.matcher && look_at_sources(file, &sight, error))
		result = scan_kinds(&scan, error);
	if (result != SCAN_FAILED && !look_again(&scan, &sight, error))
		result = SCAN_FAILED;
	totals->complete = result == SCAN_ON && !totals->changed;
	record_free(&scan.record);
	record_page_free(&scan.page);
	record_reader_close(scan.reader);
	block_reader_close(scan.blocks);
	matcher_free(scan.matcher);
	plan_free(scan.plan);
	buffer_free(&scan.image);
	buffer_free(&scan.name);
	buffer_free(&scan.doubts);
	return result != SCAN_FAILED;
}
