/*
 * torture/image.h: a case file in memory, as SQLite's pages and cells.
 *
 * It knows which table or index a page belongs to, and where cells, their lengths and what
 * overflows them stand.
 */
#ifndef TORTURE_IMAGE_H
#define TORTURE_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct page {
	int owner; /* number of the b-tree it belongs to; -1: none, or a free one */
	bool overflow;
};

#define IMAGE_TREES 256

struct image {
	uint8_t *bytes;
	size_t size, room; /* room is more: an image may grow */
	uint8_t *side;     /* a journal beside it, or what is put there; side_room bytes */
	size_t side_size, side_room;
	size_t page_size, page_count;
	struct page *pages;
	/* B-trees by their number: pages of each, and the ones that hold blobs of our own making.
	 */
	struct {
		uint32_t root;
		bool packed;
	} trees[IMAGE_TREES];
	int tree_count;
};

/* Reads a case and the journal beside it, if there is one. False, and a word on stderr. */
bool image_read(struct image *image, const char *path);
void image_free(struct image *image);

/* Pages that an image may grow by. */
#define IMAGE_GROWS 32

/* Where the parts of a cell stand; 0 for a part that it has not. */
struct cell_parts {
	size_t at;      /* of the image */
	size_t length;  /* where the payload's length is written */
	size_t payload; /* its first byte */
	size_t local;   /* how many bytes of it stand on the page */
	size_t overflow;
};

uint32_t bytes_get(const uint8_t *at, size_t length);
void bytes_put(uint8_t *at, size_t length, uint32_t value);
/* The bytes it has; the number. */
size_t image_varint(const struct image *image, size_t at, uint64_t *value);
/* Places in the image. Pages count from 0. */
size_t page_start(const struct image *image, size_t page);
/* The header of a b-tree page, behind the file's own on the first. */
uint8_t *page_header(const struct image *image, size_t page);
/* 0 for what is no page of a tree. */
size_t page_cells(const struct image *image, size_t page);
size_t page_pointer(const struct image *image, size_t page, size_t cell);
bool page_cell(const struct image *image, size_t page, size_t cell, struct cell_parts *parts);

#endif
