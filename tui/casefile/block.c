#include "casefile/block.h"

#include "base/image.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* A patch as it stands in struct block: four bytes of offset, one byte. */
#define PATCH_SIZE 5

void block_writer_free(struct block_writer *writer)
{
	buffer_free(&writer->text);
	buffer_free(&writer->cells);
	buffer_free(&writer->patches);
	buffer_free(&writer->record);
	*writer = (struct block_writer){0};
}

void block_writer_clear(struct block_writer *writer)
{
	buffer_clear(&writer->text);
	buffer_clear(&writer->cells);
	buffer_clear(&writer->patches);
	buffer_clear(&writer->record);
	writer->record_cells = 0;
	writer->last_patch = 0;
	writer->patch_count = 0;
	writer->first = 0;
	writer->records = 0;
}

/* Remembers the bytes that the image at `start` of the writer's text replaced. */
static void add_patches(struct block_writer *writer, struct span cell, size_t start)
{
	const char *image = writer->text.data + start;
	for (size_t i = 0; i < cell.length; i++) {
		if (image[i] == cell.data[i])
			continue;
		buffer_add_varint(&writer->patches, start + i - writer->last_patch);
		buffer_add_byte(&writer->patches, cell.data[i]);
		writer->last_patch = start + i;
		writer->patch_count++;
	}
}

/* As buffer_add_varint, where there is room: cells are many and small. */
static char *put_varint(char *at, uint64_t number)
{
	for (; number >= 0x80; number >>= 7)
		*at++ = (char)(number | 0x80);
	*at++ = (char)number;
	return at;
}

void block_writer_cell(struct block_writer *writer, int64_t field_name, struct span text)
{
	size_t start = writer->text.length;
	/* Offsets in a block are 32 bits. */
	if (text.length >= UINT32_MAX - start || !buffer_reserve(&writer->text, text.length + 1) ||
		!buffer_reserve(&writer->record, 20)) {
		writer->text.failed = true;
		return;
	}
	if (image_make(text, writer->text.data + start))
		add_patches(writer, text, start);
	writer->text.data[start + text.length] = '\0';
	writer->text.length += text.length + 1;
	writer->text.data[writer->text.length] = '\0';
	char *begin = writer->record.data + writer->record.length;
	char *end = put_varint(put_varint(begin, (uint64_t)field_name), text.length);
	*end = '\0';
	writer->record.length += (size_t)(end - begin);
	writer->record_cells++;
}

void block_writer_end_record(struct block_writer *writer, int64_t id)
{
	if (writer->records == 0)
		writer->first = id;
	buffer_add_varint(&writer->cells, writer->record_cells);
	buffer_add_span(&writer->cells, buffer_span(&writer->record));
	if (buffer_failed(&writer->record))
		writer->cells.failed = true;
	buffer_clear(&writer->record);
	writer->record_cells = 0;
	writer->records++;
}

bool block_writer_full(const struct block_writer *writer)
{
	return writer->text.length >= BLOCK_TEXT_SIZE;
}

bool block_writer_encode(struct block_writer *writer, struct buffer *cells)
{
	buffer_clear(cells);
	buffer_add_varint(cells, (uint64_t)writer->records);
	buffer_add_span(cells, buffer_span(&writer->cells));
	buffer_add_varint(cells, writer->patch_count);
	buffer_add_span(cells, buffer_span(&writer->patches));
	return !buffer_failed(cells) && !buffer_failed(&writer->text) &&
	       !buffer_failed(&writer->cells) && !buffer_failed(&writer->patches);
}

void block_free(struct block *block)
{
	buffer_free(&block->text);
	buffer_free(&block->patches);
	free(block->cells);
	free(block->record_start);
	*block = (struct block){0};
}

static bool damaged(int64_t id, const char *what, struct error *error)
{
	return error_set(error, ERROR_CASE_DAMAGED, "block %lld of the case is damaged: %s",
		(long long)id, what);
}

/* varint_read, of which most are one byte. */
static inline bool read_number(const uint8_t **at, const uint8_t *end, uint64_t *number)
{
	if (*at < end && **at < 0x80) {
		*number = *(*at)++;
		return true;
	}
	return varint_read(at, end, number);
}

bool block_cursor_begin(struct block_cursor *cursor, int64_t id, struct span text, struct span list,
	struct error *error)
{
	*cursor = (struct block_cursor){.id = id, .text = text, .record = UINT32_MAX};
	if (text.length >= UINT32_MAX || list.length >= UINT32_MAX)
		return damaged(id, "it is too large", error);
	cursor->at = (const uint8_t *)list.data;
	cursor->end = cursor->at + list.length;
	uint64_t records;
	if (!varint_read(&cursor->at, cursor->end, &records) ||
		records > (uint64_t)(cursor->end - cursor->at))
		return damaged(id, "it claims more records than it holds", error);
	cursor->records = (uint32_t)records;
	return true;
}

/* On to the next record that has cells. */
static enum block_step next_record(struct block_cursor *cursor, struct error *error)
{
	while (cursor->left == 0) {
		if (cursor->record + 1 == cursor->records) {
			if (cursor->next == cursor->text.length)
				return BLOCK_END;
			damaged(cursor->id, "it holds text of no cell", error);
			return BLOCK_DAMAGED;
		}
		cursor->record++;
		if (!read_number(&cursor->at, cursor->end, &cursor->left)) {
			damaged(cursor->id, "its list of cells is cut short", error);
			return BLOCK_DAMAGED;
		}
		/* Every cell takes two bytes of the list. */
		if (cursor->left > (uint64_t)(cursor->end - cursor->at) / 2) {
			damaged(cursor->id, "it claims more cells than it holds", error);
			return BLOCK_DAMAGED;
		}
	}
	return BLOCK_CELL;
}

static inline enum block_step next_cell(struct block_cursor *cursor, struct error *error)
{
	if (cursor->left == 0) {
		enum block_step step = next_record(cursor, error);
		if (step != BLOCK_CELL)
			return step;
	}
	uint64_t field, length;
	if (!read_number(&cursor->at, cursor->end, &field) ||
		!read_number(&cursor->at, cursor->end, &length)) {
		damaged(cursor->id, "its list of cells is cut short", error);
		return BLOCK_DAMAGED;
	}
	size_t start = cursor->next;
	if (field > UINT32_MAX || length >= cursor->text.length - start ||
		cursor->text.data[start + length] != '\0') {
		damaged(cursor->id, "a cell reaches beyond its text", error);
		return BLOCK_DAMAGED;
	}
	cursor->field_name = (uint32_t)field;
	cursor->start = start;
	cursor->length = (size_t)length;
	cursor->next = start + (size_t)length + 1;
	cursor->cells++;
	cursor->left--;
	return BLOCK_CELL;
}

enum block_step block_cursor_next(struct block_cursor *cursor, struct error *error)
{
	return next_cell(cursor, error);
}

/* Four cells of the list whose numbers are one byte each: the bytes of their text, NULs included;
 * SIZE_MAX when some number is longer. */
static size_t four_cells(const uint8_t *at)
{
	uint64_t four;
	memcpy(&four, at, sizeof four);
	if (four & 0x8080808080808080u)
		return SIZE_MAX;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	four >>= 8;
#endif
	/* Every second byte is a length; the product has their sum on top. */
	return (size_t)(((four & 0x00ff00ff00ff00ffu) * 0x0001000100010001u) >> 48) + 4;
}

#ifdef __SSE2__
/* Cells of a record whose numbers are looked at together, and their bytes. */
#define RECORD_CELLS 16
#define RECORD_BYTES (2 * RECORD_CELLS)

static inline __m128i load(const uint8_t *bytes)
{
	return _mm_loadu_si128((const __m128i *)bytes);
}

/* The bytes of text, NULs included, of the record that begins here; SIZE_MAX when it has no cell,
 * or many, or some number of it is longer than a byte. */
static inline size_t record_length(const uint8_t *at, const uint8_t *end)
{
	/* So many bytes of it that are all ones as the record has, then zeros. */
	static const uint8_t ones[2 * RECORD_BYTES] = {
#define EIGHT 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff
		EIGHT, EIGHT, EIGHT, EIGHT};
#undef EIGHT
	const size_t count = at[0];
	if (count == 0 || count > RECORD_CELLS || end - at <= RECORD_BYTES)
		return SIZE_MAX;
	const uint8_t *mask = ones + RECORD_BYTES - 2 * count;
	__m128i first = _mm_and_si128(load(at + 1), load(mask));
	__m128i second = _mm_and_si128(load(at + 17), load(mask + 16));
	if (_mm_movemask_epi8(_mm_or_si128(first, second)) != 0)
		return SIZE_MAX;
	/* Every second byte is a length, of seven bits. */
	__m128i lengths = _mm_add_epi8(_mm_srli_epi16(first, 8), _mm_srli_epi16(second, 8));
	__m128i sums = _mm_sad_epu8(lengths, _mm_setzero_si128());
	return count + (size_t)_mm_cvtsi128_si32(sums) + (size_t)_mm_extract_epi16(sums, 4);
}
#else
static inline size_t record_length(const uint8_t *at, const uint8_t *end)
{
	(void)at;
	(void)end;
	return SIZE_MAX;
}
#endif

/* Whether so many bytes of text that begin at `next` end at the limit or before it. */
static inline bool ends_by(size_t limit, size_t next, size_t length)
{
	return length <= limit && next <= limit - length;
}

/* Passes cells as next_cell would, up to the one that has a place or the end of the record at hand,
 * as long as all numbers are one byte each and there is nothing to complain of. A search spends
 * most of its steps here: that there is a NUL behind each is not looked at. */
static void pass_cells(struct block_cursor *cursor, size_t place, bool one_record)
{
	const uint8_t *at = cursor->at, *const end = cursor->end;
	const uint8_t *last = NULL; /* the cell passed last */
	const size_t all = cursor->text.length, limit = place < all ? place : all;
	size_t next = cursor->next;
	uint64_t left = cursor->left;
	while (next <= place && end - at >= 2) {
		if (left == 0) {
			if (one_record || cursor->record + 1 == cursor->records || at[0] >= 0x80 ||
				at[0] > (end - at) / 2)
				break;
			size_t record = record_length(at, end);
			left = *at++;
			cursor->record++;
			if (ends_by(limit, next, record)) {
				next += record;
				at += 2 * left;
				last = at - 2;
				cursor->cells += (int64_t)left;
				left = 0;
			}
			continue;
		}
		size_t length = left >= 4 && end - at >= 8 ? four_cells(at) : SIZE_MAX;
		size_t count = 4;
		if (!ends_by(limit, next, length)) {
			length = at[1] + (size_t)1;
			count = 1;
			if ((at[0] | at[1]) >= 0x80 || length > all - next)
				break;
		}
		next += length;
		at += 2 * count;
		last = at - 2;
		left -= count;
		cursor->cells += (int64_t)count;
	}
	cursor->at = at;
	cursor->left = left;
	if (!last)
		return;
	cursor->field_name = last[0];
	cursor->length = last[1];
	cursor->start = next - 1 - last[1];
	cursor->next = next;
}

/* The cell at hand is one of the text's: between two NULs. */
static bool check_cell(const struct block_cursor *cursor, struct error *error)
{
	const char *text = cursor->text.data;
	bool begins = cursor->start == 0 || text[cursor->start - 1] == '\0';
	return (begins && text[cursor->next - 1] == '\0') ||
	       damaged(cursor->id, "a cell reaches beyond its text", error);
}

bool block_cursor_seek(struct block_cursor *cursor, size_t place, struct error *error)
{
	for (;;) {
		pass_cells(cursor, place, false);
		if (place < cursor->next)
			return check_cell(cursor, error);
		enum block_step step = next_cell(cursor, error);
		if (step == BLOCK_END)
			return damaged(cursor->id, "it holds text of no cell", error);
		if (step == BLOCK_DAMAGED)
			return false;
	}
}

bool block_cursor_end_record(struct block_cursor *cursor, struct error *error)
{
	for (;;) {
		pass_cells(cursor, SIZE_MAX, true);
		if (cursor->left == 0)
			return check_cell(cursor, error);
		if (next_cell(cursor, error) != BLOCK_CELL)
			return false;
	}
}

bool block_cursor_patches(struct block_cursor *cursor, struct buffer *patches, struct error *error)
{
	enum block_step step;
	while ((step = next_cell(cursor, error)) == BLOCK_CELL)
		;
	if (step == BLOCK_DAMAGED)
		return false;
	uint64_t count;
	if (!varint_read(&cursor->at, cursor->end, &count) ||
		count > (uint64_t)(cursor->end - cursor->at) / 2)
		return damaged(cursor->id, "its list of exact bytes is cut short", error);
	uint64_t offset = 0;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t distance;
		if (!varint_read(&cursor->at, cursor->end, &distance) ||
			cursor->at == cursor->end || distance >= cursor->text.length - offset)
			return damaged(cursor->id, "an exact byte lies beyond its text", error);
		offset += distance;
		/* What an image replaces is a NUL or of invalid UTF-8. */
		bool replaced = *cursor->at == 0 || *cursor->at >= 0x80;
		if (!replaced || cursor->text.data[offset] != IMAGE_SUBSTITUTE ||
			(i > 0 && distance == 0))
			return damaged(cursor->id, "an exact byte has no place", error);
		uint32_t place = (uint32_t)offset;
		buffer_add(patches, &place, sizeof place);
		buffer_add(patches, cursor->at++, 1);
	}
	if (cursor->at != cursor->end)
		return damaged(cursor->id, "it is longer than it should be", error);
	return !buffer_failed(patches) || error_memory(error);
}

static bool add_cell(struct block *block, const struct block_cursor *cursor, struct error *error)
{
	struct block_cell *cells = memory_grow(
		block->cells, &block->cell_capacity, block->cell_count + 1, sizeof *cells);
	if (!cells)
		return error_memory(error);
	block->cells = cells;
	cells[block->cell_count++] = (struct block_cell){
		.field_name = cursor->field_name,
		.start = (uint32_t)cursor->start,
		.length = (uint32_t)cursor->length,
	};
	return true;
}

static bool decode_cells(struct block *block, struct block_cursor *cursor, struct error *error)
{
	uint32_t *starts = memory_grow(block->record_start, &block->record_capacity,
		(size_t)cursor->records + 1, sizeof *starts);
	if (!starts)
		return error_memory(error);
	block->record_start = starts;
	uint32_t record = 0; /* the first one whose start is not known */
	enum block_step step;
	while ((step = next_cell(cursor, error)) == BLOCK_CELL) {
		while (record <= cursor->record)
			starts[record++] = (uint32_t)block->cell_count;
		if (!add_cell(block, cursor, error))
			return false;
	}
	while (record <= cursor->records)
		starts[record++] = (uint32_t)block->cell_count;
	return step == BLOCK_END;
}

bool block_decode(struct block *block, struct span text, struct span list, struct error *error)
{
	struct block_cursor cursor;
	block->records = 0;
	block->cell_count = 0;
	buffer_clear(&block->text);
	buffer_clear(&block->patches);
	if (!block_cursor_begin(&cursor, block->id, text, list, error))
		return false;
	buffer_add_span(&block->text, text);
	if (buffer_failed(&block->text))
		return error_memory(error);
	if (!decode_cells(block, &cursor, error))
		return false;
	/* Readers rely on it and look no more. Every cell has a NUL behind it, so that there is
	 * none in a cell when there are as many as cells. */
	if (!image_is_joined(text) || image_count(text) != block->cell_count)
		return damaged(block->id, "its text is no search image", error);
	block->records = cursor.records;
	return block_cursor_patches(&cursor, &block->patches, error);
}

static uint32_t patch_place(const struct block *block, size_t patch)
{
	uint32_t place;
	memcpy(&place, block->patches.data + patch * PATCH_SIZE, sizeof place);
	return place;
}

void block_cell_bytes(const struct block *block, const struct block_cell *cell, struct buffer *out)
{
	size_t start = out->length;
	buffer_add(out, block->text.data + cell->start, cell->length);
	size_t count = block->patches.length / PATCH_SIZE;
	if (count == 0 || buffer_failed(out))
		return;
	size_t low = 0;
	for (size_t high = count; low < high;) {
		size_t middle = low + (high - low) / 2;
		if (patch_place(block, middle) < cell->start)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < count && patch_place(block, low) - cell->start < cell->length; low++)
		out->data[start + patch_place(block, low) - cell->start] =
			block->patches.data[low * PATCH_SIZE + PATCH_SIZE - 1];
}
