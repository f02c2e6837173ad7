/* Asks the index which blocks can hold a match. What is read is not trusted: every place is checked
 * against the number of blocks. */
#include "postings_private.h"

#include "base/memory.h"

#include <stdlib.h>

/* So few candidates are matched sooner than another list is read. */
#define FEW_CANDIDATES 1
/* Records of a block; a hostile case may claim any number, and -v goes through all of them. */
#define MOST_RECORDS 1000000

static bool read_block(const uint8_t **at, const uint8_t *end, struct segment_block *block,
	int64_t *id, int64_t *first)
{
	uint64_t id_step, first_step, records, cells;
	if (!varint_read(at, end, &id_step) || !varint_read(at, end, &first_step) ||
		!varint_read(at, end, &records) || !varint_read(at, end, &cells))
		return false;
	const uint64_t most = INT64_MAX / 4;
	if (id_step > most || first_step > most || records > most || cells > most ||
		(uint64_t)*id > most || (uint64_t)*first > most || records == 0 ||
		records > MOST_RECORDS)
		return false;
	block->id = *id + (int64_t)id_step;
	block->first = *first + (int64_t)first_step;
	block->records = (int64_t)records;
	block->cells = (int64_t)cells;
	*id = block->id + 1;
	*first = block->first + block->records;
	return true;
}

/* False when it is damaged or there is no memory, which error says. */
static bool read_directory(struct segment *segment, struct span directory, struct error *error)
{
	const uint8_t *at = (const uint8_t *)directory.data, *end = at + directory.length;
	uint64_t kind, count;
	if (!varint_read(&at, end, &kind) || !varint_read(&at, end, &count) || kind >= KIND_COUNT ||
		count > (uint64_t)(end - at) / 4 || count == 0)
		return false;
	segment->kind = (enum kind)kind;
	segment->blocks = memory_array((size_t)count, sizeof *segment->blocks);
	if (!segment->blocks)
		return error_memory(error);
	int64_t id = 0, first = 0;
	for (size_t i = 0; i < count; i++)
		if (!read_block(&at, end, &segment->blocks[i], &id, &first))
			return false;
	segment->count = (size_t)count;
	return at == end && segment->blocks[0].id == segment->id;
}

static bool add_segment(struct segments *segments, const struct statement *row, struct error *error)
{
	struct segment segment = {.id = statement_int(row, 0), .source = statement_int(row, 1)};
	error->code = ERROR_NONE;
	bool good = read_directory(&segment, statement_blob(row, 2), error);
	const struct segment *before =
		segments->count > 0 ? &segments->items[segments->count - 1] : NULL;
	if (good && before && before->blocks[before->count - 1].id >= segment.id)
		good = false;
	struct segment *items = NULL;
	if (good)
		items = memory_grow(
			segments->items, &segments->capacity, segments->count + 1, sizeof *items);
	if (good && !items)
		error_memory(error);
	if (!items) {
		free(segment.blocks);
		return error->code == ERROR_NONE;
	}
	segments->items = items;
	items[segments->count++] = segment;
	return true;
}

bool segments_load(const struct case_file *file, struct segments *segments, struct error *error)
{
	struct statement *list = statement_open(file, QUERY_SEGMENT_LIST, error);
	if (!list)
		return false;
	enum statement_result result;
	bool good = true;
	while (good && (result = statement_step(list, error)) == STATEMENT_ROW)
		good = add_segment(segments, list, error);
	statement_close(list);
	return good && result == STATEMENT_DONE;
}

void segments_free(struct segments *segments)
{
	for (size_t i = 0; i < segments->count; i++)
		free(segments->items[i].blocks);
	free(segments->items);
	*segments = (struct segments){0};
}

bool posting_decode(struct span posting, size_t blocks, uint64_t *bits)
{
	const uint8_t *at = (const uint8_t *)posting.data, *end = at + posting.length;
	if (posting.length == 0)
		return false;
	uint8_t form = *at++;
	if (form == POSTING_ALL) {
		for (size_t i = 0; i < blocks; i++)
			bits[i / 64] |= UINT64_C(1) << i % 64;
		return at == end;
	}
	if (form == POSTING_BITMAP) {
		if ((size_t)(end - at) != (blocks + 7) / 8)
			return false;
		for (size_t i = 0; i < (size_t)(end - at); i++)
			bits[i / 8] |= (uint64_t)at[i] << i % 8 * 8;
		return blocks % 8 == 0 || at[blocks / 8] >> blocks % 8 == 0;
	}
	uint64_t place = 0, distance;
	while (form == POSTING_DELTAS && at < end) {
		if (!varint_read(&at, end, &distance) || distance >= blocks - place)
			return false;
		place += distance;
		bits[place / 64] |= UINT64_C(1) << place % 64;
	}
	return form == POSTING_DELTAS;
}

struct narrowing {
	const struct segment *segment;
	struct statement *select;
	size_t words;
	uint64_t *list; /* of the posting at hand */
	struct error *error;
};

static size_t count_bits(const struct narrowing *narrowing, const uint64_t *bits)
{
	size_t count = 0;
	for (size_t i = 0; i < narrowing->words; i++)
		count += (size_t)__builtin_popcountll(bits[i]);
	return count;
}

/* Keeps the bits of blocks with a term. A posting that is damaged rules nothing out. */
static bool keep_term(struct narrowing *narrowing, uint32_t term, uint64_t *bits)
{
	statement_bind_int(narrowing->select, 1, narrowing->segment->id);
	statement_bind_int(narrowing->select, 2, term);
	enum statement_result result = statement_step(narrowing->select, narrowing->error);
	memset(narrowing->list, 0, narrowing->words * sizeof *narrowing->list);
	bool good = result != STATEMENT_ROW || posting_decode(statement_blob(narrowing->select, 0),
						       narrowing->segment->count, narrowing->list);
	statement_reset(narrowing->select);
	for (size_t i = 0; good && i < narrowing->words; i++)
		bits[i] &= narrowing->list[i];
	return result != STATEMENT_FAILED;
}

static bool keep(struct narrowing *narrowing, const struct plan_node *node, uint64_t *bits);

static bool keep_all(struct narrowing *narrowing, const struct plan_node *node, uint64_t *bits)
{
	for (size_t i = 0; i < node->count; i++) {
		if (count_bits(narrowing, bits) <= FEW_CANDIDATES)
			return true;
		if (!keep(narrowing, node->children[i], bits))
			return false;
	}
	return true;
}

static bool keep_one(struct narrowing *narrowing, const struct plan_node *node, uint64_t *bits)
{
	size_t bytes = narrowing->words * sizeof *bits;
	uint64_t *some = malloc(2 * bytes);
	if (!some)
		return error_memory(narrowing->error);
	uint64_t *part = some + narrowing->words;
	bool good = true;
	memset(some, 0, bytes);
	for (size_t i = 0; good && i < node->count; i++) {
		memcpy(part, bits, bytes);
		good = keep(narrowing, node->children[i], part);
		for (size_t j = 0; j < narrowing->words; j++)
			some[j] |= part[j];
	}
	memcpy(bits, some, bytes);
	free(some);
	return good;
}

static bool keep(struct narrowing *narrowing, const struct plan_node *node, uint64_t *bits)
{
	switch (node->op) {
	case PLAN_ANY:
		break;
	case PLAN_NONE:
		memset(bits, 0, narrowing->words * sizeof *bits);
		break;
	case PLAN_TRIGRAM:
		return keep_term(narrowing, node->trigram, bits);
	case PLAN_AND:
		return keep_all(narrowing, node, bits);
	case PLAN_OR:
		return keep_one(narrowing, node, bits);
	}
	return true;
}

/* The runs of hexadecimal digits in the required literal. */
static bool keep_fine(struct narrowing *narrowing, struct span literal, uint64_t *bits)
{
	uint32_t number = 0;
	unsigned run = 0;
	for (size_t i = 0; i < literal.length; i++) {
		uint8_t digit = term_hex_digit((uint8_t)literal.data[i]);
		run = digit == NOT_HEX ? 0 : run + 1;
		number = (number << 4 | digit) & 0xfffff;
		if (run < FINE_LENGTH)
			continue;
		if (count_bits(narrowing, bits) <= FEW_CANDIDATES)
			return true;
		if (!keep_term(narrowing, TERM_FINE + term_fine(number), bits))
			return false;
	}
	return true;
}

bool segment_narrow(const struct case_file *file, const struct segment *segment,
	const struct plan *plan, uint64_t *bits, struct error *error)
{
	struct narrowing narrowing = {
		.segment = segment, .words = (segment->count + 63) / 64, .error = error};
	bool ignores_case;
	struct span literal = plan_literal(plan, &ignores_case);
	narrowing.list = memory_array(narrowing.words, sizeof *narrowing.list);
	if (!narrowing.list)
		return error_memory(error);
	narrowing.select = statement_open(file, QUERY_POSTING_OF, error);
	bool good = narrowing.select && keep(&narrowing, plan_query(plan), bits) &&
		    keep_fine(&narrowing, literal, bits);
	statement_close(narrowing.select);
	free(narrowing.list);
	return good;
}
