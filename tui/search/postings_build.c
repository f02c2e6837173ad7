/* A segment in memory: for every trigram the blocks that hold it, as varints of distances. */
#include "postings_private.h"

#include "base/memory.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define PAGES 65536
/* Terms of a word. */
#define FINE_TURNED 64

struct posting_list {
	uint8_t *data;
	uint32_t length, capacity;
	uint32_t last; /* place of the last block */
	uint32_t count;
};

struct growing *growing_new(void)
{
	struct growing *growing = memory_array(1, sizeof *growing);
	if (!growing)
		return NULL;
	growing->pages = memory_array(PAGES, sizeof *growing->pages);
	if (growing->pages)
		return growing;
	free(growing);
	return NULL;
}

void growing_free(struct growing *growing)
{
	if (!growing)
		return;
	for (size_t i = 0; i < growing->list_count; i++)
		free(growing->lists[i].data);
	for (size_t i = 0; i < PAGES; i++)
		free(growing->pages[i]);
	free(growing->pages);
	free(growing->lists);
	free(growing->blocks);
	free(growing->fine);
	free(growing->turned);
	free(growing);
}

static struct posting_list *find_list(struct growing *growing, uint32_t trigram)
{
	uint32_t **page = &growing->pages[trigram >> 8];
	if (!*page) {
		*page = memory_array(256, sizeof **page);
		if (!*page)
			return NULL;
		growing->memory += 256 * sizeof **page;
	}
	uint32_t *number = &(*page)[trigram & 0xff];
	if (*number == 0) {
		struct posting_list *lists = memory_grow(growing->lists, &growing->list_capacity,
			growing->list_count + 1, sizeof *lists);
		if (!lists)
			return NULL;
		growing->lists = lists;
		lists[growing->list_count] = (struct posting_list){0};
		*number = (uint32_t)++growing->list_count;
		growing->memory += sizeof *lists;
	}
	return &growing->lists[*number - 1];
}

/* Room for one more varint. */
static bool list_reserve(struct growing *growing, struct posting_list *list)
{
	if (list->capacity - list->length >= 5)
		return true;
	uint32_t capacity = list->capacity ? list->capacity * 2 : 8;
	uint8_t *data = realloc(list->data, capacity);
	if (!data)
		return false;
	growing->memory += capacity - list->capacity + (list->data ? 0 : 16);
	list->data = data;
	list->capacity = capacity;
	return true;
}

static bool list_add(struct growing *growing, uint32_t trigram, uint32_t place)
{
	struct posting_list *list = find_list(growing, trigram);
	if (!list || !list_reserve(growing, list))
		return false;
	uint32_t distance = place - list->last;
	for (; distance >= 0x80; distance >>= 7)
		list->data[list->length++] = (uint8_t)(distance | 0x80);
	list->data[list->length++] = (uint8_t)distance;
	list->last = place;
	list->count++;
	return true;
}

bool growing_add(
	struct growing *growing, const struct segment_block *block, const struct terms *terms)
{
	struct segment_block *blocks = memory_grow(
		growing->blocks, &growing->capacity, growing->count + 1, sizeof *blocks);
	if (!blocks)
		return false;
	growing->blocks = blocks;
	uint8_t *fine = memory_grow(
		growing->fine, &growing->fine_capacity, growing->count + 1, sizeof terms->fine);
	if (!fine)
		return false;
	growing->fine = fine;
	memcpy(fine + growing->count * sizeof terms->fine, terms->fine, sizeof terms->fine);
	for (size_t i = 0; i < terms->count; i++)
		if (!list_add(growing, terms->trigrams[i], (uint32_t)growing->count))
			return false;
	blocks[growing->count++] = *block;
	growing->memory += sizeof *blocks + sizeof terms->fine;
	return true;
}

void growing_directory(const struct growing *growing, struct buffer *out)
{
	int64_t id = 0, first = 0;
	buffer_add_varint(out, (uint64_t)growing->kind);
	buffer_add_varint(out, growing->count);
	for (size_t i = 0; i < growing->count; i++) {
		const struct segment_block *block = &growing->blocks[i];
		buffer_add_varint(out, (uint64_t)(block->id - id));
		buffer_add_varint(out, (uint64_t)(block->first - first));
		buffer_add_varint(out, (uint64_t)block->records);
		buffer_add_varint(out, (uint64_t)block->cells);
		id = block->id + 1;
		first = block->first + block->records;
	}
}

/* A bitmap where that is shorter than the list. */
static void encode_list(
	const struct growing *growing, const struct posting_list *list, struct buffer *out)
{
	size_t bytes = (growing->count + 7) / 8;
	if (list->count == growing->count) {
		buffer_add_byte(out, POSTING_ALL);
		return;
	}
	if (list->length <= bytes) {
		buffer_add_byte(out, POSTING_DELTAS);
		buffer_add(out, list->data, list->length);
		return;
	}
	if (!buffer_reserve(out, 1 + bytes))
		return;
	buffer_add_byte(out, POSTING_BITMAP);
	uint8_t *bits = (uint8_t *)out->data + out->length;
	memset(bits, 0, bytes);
	const uint8_t *at = list->data, *end = at + list->length;
	uint64_t place = 0, distance;
	while (at < end && varint_read(&at, end, &distance)) {
		place += distance;
		bits[place / 8] |= (uint8_t)(1U << place % 8);
	}
	out->length += bytes;
}

/* Turns the bits of 64 terms, from `first` on, into a bitmap of blocks for each: what lies far
 * apart is read once for all of them. */
static bool turn_fine(struct growing *growing, uint32_t first)
{
	size_t bytes = (growing->count + 7) / 8;
	if (!growing->turned)
		growing->turned = malloc(FINE_TURNED * bytes);
	if (!growing->turned)
		return false;
	memset(growing->turned, 0, FINE_TURNED * bytes);
	for (size_t i = 0; i < growing->count; i++) {
		uint64_t terms;
		memcpy(&terms, growing->fine + i * (FINE_COUNT / 8) + first / 8, sizeof terms);
		for (terms = le64toh(terms); terms; terms &= terms - 1)
			growing->turned[(size_t)__builtin_ctzll(terms) * bytes + i / 8] |=
				(uint8_t)(1U << i % 8);
	}
	return true;
}

static bool encode_fine(struct growing *growing, uint32_t fine, struct buffer *out)
{
	size_t bytes = (growing->count + 7) / 8;
	if (fine % FINE_TURNED == 0 && !turn_fine(growing, fine)) {
		out->failed = true;
		return false;
	}
	const uint8_t *bits = growing->turned + fine % FINE_TURNED * bytes;
	buffer_add_byte(out, POSTING_BITMAP);
	buffer_add(out, bits, bytes);
	bool any = false;
	for (size_t i = 0; i < bytes && !any; i++)
		any = bits[i] != 0;
	return any;
}

bool growing_next(struct growing *growing, uint32_t *term, uint32_t *found, struct buffer *out)
{
	buffer_clear(out);
	for (; *term < TERM_FINE; ++*term) {
		const uint32_t *page = growing->pages[*term >> 8];
		if (!page) {
			*term |= 0xff;
		} else if (page[*term & 0xff] != 0) {
			encode_list(growing, &growing->lists[page[*term & 0xff] - 1], out);
			*found = (*term)++;
			return !buffer_failed(out);
		}
	}
	for (; *term < TERM_FINE + FINE_COUNT; ++*term) {
		buffer_clear(out);
		if (encode_fine(growing, *term - TERM_FINE, out)) {
			*found = (*term)++;
			return !buffer_failed(out);
		}
		if (buffer_failed(out))
			return false;
	}
	return false;
}
