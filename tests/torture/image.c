/* A case file as pages and cells: https://www.sqlite.org/fileformat2.html */
#include "image.h"

#include "base/compiler.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST_SIDE ((size_t)4 << 20)
#define MOST_DEPTH 20

uint32_t bytes_get(const uint8_t *at, size_t length)
{
	uint32_t value = 0;
	for (size_t i = 0; i < length; i++)
		value = value << 8 | at[i];
	return value;
}

void bytes_put(uint8_t *at, size_t length, uint32_t value)
{
	for (size_t i = length; i-- > 0; value >>= 8)
		at[i] = (uint8_t)value;
}

/* ---- pages and cells ---- */

size_t page_start(const struct image *image, size_t page)
{
	return page * image->page_size;
}

uint8_t *page_header(const struct image *image, size_t page)
{
	return image->bytes + page_start(image, page) + (page == 0 ? 100 : 0);
}

static bool is_interior(const uint8_t *header)
{
	return header[0] == 2 || header[0] == 5;
}

static bool is_tree_page(const uint8_t *header)
{
	return is_interior(header) || header[0] == 10 || header[0] == 13;
}

size_t image_varint(const struct image *image, size_t at, uint64_t *value)
{
	size_t length = 0;
	*value = 0;
	while (length < 9 && at + length < image->size) {
		uint8_t byte = image->bytes[at + length++];
		*value = length == 9 ? *value << 8 | byte : *value << 7 | (byte & 0x7f);
		if (byte < 0x80)
			break;
	}
	return length;
}

size_t page_cells(const struct image *image, size_t page)
{
	const uint8_t *header = page_header(image, page);
	size_t count = bytes_get(header + 3, 2);
	size_t room = image->page_size / 4;
	return is_tree_page(header) && count < room ? count : 0;
}

size_t page_pointer(const struct image *image, size_t page, size_t cell)
{
	const uint8_t *header = page_header(image, page);
	return (size_t)(header - image->bytes) + (is_interior(header) ? 12 : 8) + 2 * cell;
}

/* What of a payload stands on its page. */
static size_t local_part(const struct image *image, bool table, uint64_t payload)
{
	size_t usable = image->page_size;
	size_t most = table ? usable - 35 : (usable - 12) * 64 / 255 - 23;
	size_t least = (usable - 12) * 32 / 255 - 23;
	if (payload <= most)
		return (size_t)payload;
	size_t part = least + (size_t)((payload - least) % (usable - 4));
	return part <= most ? part : least;
}

bool page_cell(const struct image *image, size_t page, size_t cell, struct cell_parts *parts)
{
	const uint8_t *header = page_header(image, page);
	bool table = header[0] == 5 || header[0] == 13;
	size_t end = page_start(image, page) + image->page_size;
	uint64_t payload = 0, rowid;
	*parts = (struct cell_parts){
		.at = page_start(image, page) +
		      bytes_get(image->bytes + page_pointer(image, page, cell), 2)};
	size_t at = parts->at + (is_interior(header) ? 4 : 0);
	if (at + 20 > end)
		return false;
	if (header[0] == 5)
		return true; /* a child and a number, no payload */
	parts->length = at;
	at += image_varint(image, at, &payload);
	if (table)
		at += image_varint(image, at, &rowid);
	parts->payload = at;
	parts->local = local_part(image, table, payload);
	if (at + parts->local + 4 > end)
		return false;
	if (parts->local < payload)
		parts->overflow = at + parts->local;
	return true;
}

/* Gives the pages below one to a tree. */
static void own_pages(struct image *image, uint32_t number, int owner, int depth)
{
	if (number == 0 || number > image->page_count || depth > MOST_DEPTH)
		return;
	size_t page = number - 1;
	const uint8_t *header = page_header(image, page);
	image->pages[page].owner = owner;
	for (size_t i = 0; i < page_cells(image, page); i++) {
		struct cell_parts parts;
		if (!page_cell(image, page, i, &parts))
			continue;
		if (is_interior(header))
			own_pages(image, bytes_get(image->bytes + parts.at, 4), owner, depth + 1);
		uint32_t next = parts.overflow ? bytes_get(image->bytes + parts.overflow, 4) : 0;
		while (next > 0 && next <= image->page_count && !image->pages[next - 1].overflow) {
			image->pages[next - 1] = (struct page){.owner = owner, .overflow = true};
			next = bytes_get(image->bytes + page_start(image, next - 1), 4);
		}
	}
	if (is_interior(header))
		own_pages(image, bytes_get(header + 8, 4), owner, depth + 1);
}

/* A row of sqlite_schema: the number of the root page, if there is one, and its name. */
static uint32_t schema_root(const struct image *image, const struct cell_parts *parts,
	const char **name, size_t *length)
{
	uint64_t header, type[4];
	size_t at = parts->payload + image_varint(image, parts->payload, &header);
	for (int i = 0; i < 4; i++)
		at += image_varint(image, at, &type[i]);
	size_t body = parts->payload + (size_t)header;
	size_t lengths[3];
	for (int i = 0; i < 3; i++)
		lengths[i] = type[i] >= 13 ? (size_t)(type[i] - 13) / 2 : 0;
	*name = (const char *)image->bytes + body + lengths[0];
	*length = lengths[1];
	size_t root = body + lengths[0] + lengths[1] + lengths[2];
	return type[3] >= 1 && type[3] <= 4 ? bytes_get(image->bytes + root, (size_t)type[3]) : 0;
}

static void find_trees(struct image *image)
{
	static const char *const packed[] = {
		"block", "posting", "segment", "edge", "journal", "source", "source_offset"};
	image->trees[0].root = 1;
	image->tree_count = 1;
	own_pages(image, 1, 0, 0);
	for (size_t page = 0; page < image->page_count; page++) {
		if (image->pages[page].owner != 0 || page_header(image, page)[0] != 13)
			continue;
		for (size_t i = 0; i < page_cells(image, page); i++) {
			struct cell_parts parts;
			const char *name;
			size_t length;
			if (!page_cell(image, page, i, &parts))
				continue;
			uint32_t root = schema_root(image, &parts, &name, &length);
			if (root == 0 || image->tree_count == IMAGE_TREES)
				continue;
			image->trees[image->tree_count].root = root;
			for (size_t k = 0; k < ARRAY_LENGTH(packed); k++)
				if (strlen(packed[k]) == length &&
					memcmp(packed[k], name, length) == 0)
					image->trees[image->tree_count].packed = true;
			own_pages(image, root, image->tree_count++, 0);
		}
	}
}

/* ---- reading ---- */

static uint8_t *read_file(const char *path, size_t *size, size_t *room, size_t more)
{
	FILE *in = fopen(path, "rb");
	if (!in)
		return NULL;
	fseek(in, 0, SEEK_END);
	*size = (size_t)ftell(in);
	*room = *size + more;
	rewind(in);
	uint8_t *bytes = malloc(*room + 64); /* what reads a number at the end stays inside */
	if (bytes) {
		memset(bytes + *size, 0, *room + 64 - *size);
		if (fread(bytes, 1, *size, in) != *size) {
			free(bytes);
			bytes = NULL;
		}
	}
	fclose(in);
	return bytes;
}

bool image_read(struct image *image, const char *path)
{
	char beside[4096];
	*image = (struct image){0};
	image->bytes = read_file(path, &image->size, &image->room, 0);
	if (image->bytes && image->size > 512) {
		size_t page_size = bytes_get(image->bytes + 16, 2);
		free(image->bytes);
		image->page_size = page_size == 1 ? 65536 : page_size;
		image->bytes =
			read_file(path, &image->size, &image->room, IMAGE_GROWS * image->page_size);
	}
	snprintf(beside, sizeof beside, "%s-journal", path);
	image->side = read_file(beside, &image->side_size, &image->side_room, MOST_SIDE);
	if (!image->side) {
		image->side_room = MOST_SIDE;
		image->side = calloc(1, MOST_SIDE + 64);
	}
	image->page_count = image->page_size ? image->size / image->page_size : 0;
	image->pages = calloc(image->page_count + 1, sizeof *image->pages);
	if (!image->bytes || !image->pages || !image->side || image->page_count < 2) {
		fprintf(stderr, "mutate: %s can't be read\n", path);
		return false;
	}
	for (size_t i = 0; i < image->page_count; i++)
		image->pages[i].owner = -1;
	find_trees(image);
	return true;
}

void image_free(struct image *image)
{
	free(image->bytes);
	free(image->side);
	free(image->pages);
}
