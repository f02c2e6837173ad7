#include "casefile/block.h"

#include "base/image.h"
#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

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

static bool damaged(const struct block *block, const char *what, struct error *error)
{
	return error_set(error, ERROR_CASE_DAMAGED, "block %lld of the case is damaged: %s",
		(long long)block->id, what);
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

/* The cells of one record; *offset moves over their text. */
static bool decode_record(struct block *block, const uint8_t **at, const uint8_t *end,
	size_t *offset, struct error *error)
{
	uint64_t count;
	if (!varint_read(at, end, &count))
		return damaged(block, "its list of cells is cut short", error);
	/* Every cell takes two bytes of the list, so that a false count can't ask for memory. */
	if (count > (uint64_t)(end - *at) / 2)
		return damaged(block, "it claims more cells than it holds", error);
	struct block_cell *cells = memory_grow(block->cells, &block->cell_capacity,
		block->cell_count + (size_t)count, sizeof *cells);
	if (!cells)
		return error_memory(error);
	block->cells = cells;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t field, length;
		if (!read_number(at, end, &field) || !read_number(at, end, &length))
			return damaged(block, "its list of cells is cut short", error);
		size_t rest = block->text.length - *offset;
		if (field > UINT32_MAX || length >= rest ||
			block->text.data[*offset + (size_t)length] != '\0')
			return damaged(block, "a cell reaches beyond its text", error);
		block->cells[block->cell_count++] = (struct block_cell){
			.field_name = (uint32_t)field,
			.start = (uint32_t)*offset,
			.length = (uint32_t)length,
		};
		*offset += (size_t)length + 1;
	}
	return true;
}

static bool decode_records(struct block *block, const uint8_t **at, const uint8_t *end,
	uint64_t records, struct error *error)
{
	uint32_t *starts = memory_grow(
		block->record_start, &block->record_capacity, (size_t)records + 1, sizeof *starts);
	if (!starts)
		return error_memory(error);
	block->record_start = starts;
	size_t offset = 0;
	for (uint64_t record = 0; record < records; record++) {
		starts[record] = (uint32_t)block->cell_count;
		if (!decode_record(block, at, end, &offset, error))
			return false;
	}
	starts[records] = (uint32_t)block->cell_count;
	if (offset != block->text.length)
		return damaged(block, "it holds text of no cell", error);
	/* Matchers rely on it and look no more. Every cell has a NUL behind it, so that there is
	 * none in a cell when there are as many as cells. */
	size_t nuls;
	if (!image_is_joined(buffer_span(&block->text), &nuls) || nuls != block->cell_count)
		return damaged(block, "its text is no search image", error);
	block->records = (int64_t)records;
	return true;
}

static bool decode_patches(
	struct block *block, const uint8_t **at, const uint8_t *end, struct error *error)
{
	uint64_t count;
	if (!varint_read(at, end, &count) || count > (uint64_t)(end - *at) / 2)
		return damaged(block, "its list of exact bytes is cut short", error);
	uint64_t offset = 0;
	for (uint64_t i = 0; i < count; i++) {
		uint64_t distance;
		if (!varint_read(at, end, &distance) || *at == end ||
			distance >= block->text.length - offset)
			return damaged(block, "an exact byte lies beyond its text", error);
		offset += distance;
		if (block->text.data[offset] != IMAGE_SUBSTITUTE || (i > 0 && distance == 0))
			return damaged(block, "an exact byte has no place", error);
		uint32_t place = (uint32_t)offset;
		buffer_add(&block->patches, &place, sizeof place);
		buffer_add(&block->patches, (*at)++, 1);
	}
	if (*at != end)
		return damaged(block, "it is longer than it should be", error);
	return !buffer_failed(&block->patches) || error_memory(error);
}

bool block_decode(struct block *block, struct span text, struct span cells, struct error *error)
{
	block->records = 0;
	block->cell_count = 0;
	buffer_clear(&block->text);
	buffer_clear(&block->patches);
	if (text.length >= UINT32_MAX || cells.length >= UINT32_MAX)
		return damaged(block, "it is too large", error);
	buffer_add_span(&block->text, text);
	if (buffer_failed(&block->text))
		return error_memory(error);
	const uint8_t *at = (const uint8_t *)cells.data;
	const uint8_t *end = at + cells.length;
	uint64_t records;
	if (!varint_read(&at, end, &records) || records > (uint64_t)(end - at))
		return damaged(block, "it claims more records than it holds", error);
	return decode_records(block, &at, end, records, error) &&
	       decode_patches(block, &at, end, error);
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
