/* See mutation.h. */
#include "mutation.h"

#include "base/compiler.h"

#include <stdio.h>
#include <string.h>

uint64_t chance_number(struct chance *chance)
{
	/* splitmix64 */
	uint64_t z = (chance->state += 0x9e3779b97f4a7c15U);
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
	return z ^ (z >> 31);
}

size_t chance_below(struct chance *chance, size_t limit)
{
	return (size_t)(chance_number(chance) % limit);
}

/* What is changed, and by what. */
struct act {
	struct image *image;
	struct chance *chance;
	const char *victim;
};

static uint32_t odd_number(const struct act *act)
{
	const uint32_t pages = (uint32_t)act->image->page_count;
	const uint32_t odd[] = {0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0x8000, 0xffff,
		0x10000, 0x7fffffff, 0x80000000, 0xffffffff, 0xfffffffe, pages, pages + 1,
		pages - 1, (uint32_t)act->image->page_size};
	size_t which = chance_below(act->chance, ARRAY_LENGTH(odd) + 6);
	if (which < ARRAY_LENGTH(odd))
		return odd[which];
	return which % 2 ? 1 + (uint32_t)chance_below(act->chance, pages)
			 : (uint32_t)chance_number(act->chance);
}

/* A tree, and a page of it: trees alike, however many pages each has. */
static size_t any_page(const struct act *act, bool packed)
{
	const struct image *image = act->image;
	for (int attempt = 0; attempt < 2000; attempt++) {
		int tree = (int)chance_below(act->chance, (size_t)image->tree_count);
		if (packed && !image->trees[tree].packed)
			continue;
		size_t first = chance_below(act->chance, image->page_count);
		for (size_t i = 0; i < image->page_count; i++) {
			size_t page = (first + i) % image->page_count;
			if (image->pages[page].owner == tree &&
				page_start(image, page) + image->page_size <= image->size &&
				(packed || !image->pages[page].overflow))
				return page;
		}
	}
	return 0;
}

/* A cell of a page with cells; false when luck finds none. */
static bool any_cell(const struct act *act, bool packed, struct cell_parts *parts)
{
	for (int attempt = 0; attempt < 40; attempt++) {
		size_t page = any_page(act, packed);
		size_t count = page_cells(act->image, page);
		if (count > 0 &&
			page_cell(act->image, page, chance_below(act->chance, count), parts))
			return true;
	}
	return false;
}

static void change_byte(const struct act *act, uint8_t *at)
{
	static const uint8_t odd[] = {0, 1, 0x7f, 0x80, 0xff, '\n', 0x1b, ' ', '%', '\''};
	switch (chance_below(act->chance, 5)) {
	case 0:
		*at = (uint8_t)(*at + 1);
		break;
	case 1:
		*at = (uint8_t)(*at - 1);
		break;
	case 2:
		*at = odd[chance_below(act->chance, ARRAY_LENGTH(odd))];
		break;
	case 3:
		*at = (uint8_t)chance_number(act->chance);
		break;
	default:
		*at ^= (uint8_t)(1U << chance_below(act->chance, 8));
		break;
	}
}

static void flip_bits(const struct act *act)
{
	for (size_t i = 1 + chance_below(act->chance, 16); i > 0; i--)
		act->image->bytes[chance_below(act->chance, act->image->size)] ^=
			(uint8_t)(1U << chance_below(act->chance, 8));
}

static void fill(const struct act *act, uint8_t *at, size_t room)
{
	const struct image *image = act->image;
	size_t length = 1 + chance_below(act->chance, 200);
	length = length < room ? length : room;
	if (length == 0)
		return;
	switch (chance_below(act->chance, 4)) {
	case 0:
		memset(at, 0, length);
		break;
	case 1:
		memset(at, 0xff, length);
		break;
	case 2:
		for (size_t i = 0; i < length; i++)
			at[i] = (uint8_t)chance_number(act->chance);
		break;
	default:
		memmove(at, image->bytes + chance_below(act->chance, image->size - length), length);
		break;
	}
}

static void fill_anywhere(const struct act *act)
{
	size_t at = chance_below(act->chance, act->image->size);
	fill(act, act->image->bytes + at, act->image->size - at);
}

static void change_cell(const struct act *act)
{
	struct cell_parts parts;
	if (!any_cell(act, false, &parts) || parts.local == 0)
		return;
	size_t at = chance_below(act->chance, parts.local);
	if (chance_below(act->chance, 3) == 0)
		fill(act, act->image->bytes + parts.payload + at, parts.local - at);
	else
		change_byte(act, act->image->bytes + parts.payload + at);
}

/* Bytes of what we pack ourselves, on the page or beyond it. */
static void change_packed(const struct act *act)
{
	size_t page = any_page(act, true);
	uint8_t *start = act->image->bytes + page_start(act->image, page);
	struct cell_parts parts;
	size_t room = act->image->page_size - 4;
	uint8_t *at = start + 4;
	if (!act->image->pages[page].overflow) {
		if (!any_cell(act, true, &parts) || parts.local == 0)
			return;
		at = act->image->bytes + parts.payload;
		room = parts.local;
	}
	for (size_t i = 1 + chance_below(act->chance, 3); i > 0; i--) {
		size_t offset = chance_below(act->chance, room);
		if (chance_below(act->chance, 4) == 0)
			fill(act, at + offset, room - offset);
		else
			change_byte(act, at + offset);
	}
}

static void move_pages(const struct act *act)
{
	struct image *image = act->image;
	size_t a = page_start(image, any_page(act, false));
	size_t b = page_start(image, any_page(act, false));
	if (a + image->page_size > image->size || b + image->page_size > image->size)
		return;
	switch (chance_below(act->chance, 3)) {
	case 0:
		for (size_t i = 0; i < image->page_size; i++) {
			uint8_t byte = image->bytes[a + i];
			image->bytes[a + i] = image->bytes[b + i];
			image->bytes[b + i] = byte;
		}
		break;
	case 1:
		memmove(image->bytes + a, image->bytes + b, image->page_size);
		break;
	default:
		memset(image->bytes + a, 0, image->page_size);
		break;
	}
}

static void change_size(const struct act *act)
{
	struct image *image = act->image;
	size_t old = image->size;
	switch (chance_below(act->chance, 4)) {
	case 0:
		image->size = chance_below(act->chance, old);
		break;
	case 1:
		image->size = page_start(image, chance_below(act->chance, image->page_count));
		break;
	case 2:
		image->size += chance_below(act->chance, image->page_size);
		break;
	default:
		image->size += (1 + chance_below(act->chance, IMAGE_GROWS / 2)) * image->page_size;
		break;
	}
	if (image->size > image->room)
		image->size = image->room;
	/* Short ones are of one kind, and say less than the rest together. */
	if (image->size < 1024)
		image->size = 1024;
	for (size_t i = old; i < image->size; i++)
		image->bytes[i] = (uint8_t)(chance_below(act->chance, 2) ? 0 : i);
}

static void change_header(const struct act *act)
{
	static const struct {
		uint8_t at, length;
	} fields[] = {{16, 2}, {18, 1}, {19, 1}, {20, 1}, {21, 1}, {22, 1}, {23, 1}, {24, 4},
		{28, 4}, {32, 4}, {36, 4}, {40, 4}, {44, 4}, {48, 4}, {52, 4}, {56, 4}, {60, 4},
		{64, 4}, {68, 4}, {72, 4}, {92, 4}, {96, 4}};
	size_t which = chance_below(act->chance, ARRAY_LENGTH(fields));
	bytes_put(act->image->bytes + fields[which].at, fields[which].length, odd_number(act));
}

static void change_page_header(const struct act *act)
{
	static const struct {
		uint8_t at, length;
	} fields[] = {{0, 1}, {1, 2}, {3, 2}, {5, 2}, {7, 1}, {8, 4}};
	static const uint8_t types[] = {2, 5, 10, 13};
	uint8_t *header = page_header(act->image, any_page(act, false));
	size_t which = chance_below(act->chance, ARRAY_LENGTH(fields));
	if (which == 0)
		header[0] = types[chance_below(act->chance, 4)];
	else
		bytes_put(header + fields[which].at, fields[which].length, odd_number(act));
}

static void change_pointer(const struct act *act)
{
	const struct image *image = act->image;
	size_t page = any_page(act, false), count = page_cells(image, page);
	if (count == 0)
		return;
	uint8_t *at = image->bytes + page_pointer(image, page, chance_below(act->chance, count));
	const uint8_t *other =
		image->bytes + page_pointer(image, page, chance_below(act->chance, count));
	switch (chance_below(act->chance, 4)) {
	case 0:
		bytes_put(at, 2, bytes_get(other, 2));
		break;
	case 1:
		bytes_put(at, 2, bytes_get(at, 2) + (uint32_t)chance_below(act->chance, 16) - 8);
		break;
	case 2:
		bytes_put(at, 2, (uint32_t)chance_below(act->chance, image->page_size));
		break;
	default:
		bytes_put(at, 2, odd_number(act));
		break;
	}
}

/* Lengths, numbers of rows, children. */
static void change_cell_head(const struct act *act)
{
	static const uint8_t lengths[][4] = {{0x00}, {0x01}, {0x7f}, {0x81, 0x00},
		{0x82, 0x80, 0x00}, {0xff, 0xff, 0x7f}, {0x87, 0xff, 0xff, 0x7f},
		{0xff, 0xff, 0xff, 0xff}};
	struct cell_parts parts;
	if (!any_cell(act, false, &parts))
		return;
	uint8_t *at = act->image->bytes + (parts.length ? parts.length : parts.at);
	if (!parts.length || chance_below(act->chance, 6) == 0)
		bytes_put(act->image->bytes + parts.at, 4, odd_number(act));
	else if (chance_below(act->chance, 2))
		change_byte(act, at + chance_below(act->chance, 4));
	else
		memcpy(at, lengths[chance_below(act->chance, ARRAY_LENGTH(lengths))], 4);
}

/* The types of a record's columns. */
static void change_types(const struct act *act)
{
	struct cell_parts parts;
	uint64_t length;
	if (!any_cell(act, chance_below(act->chance, 4) == 0, &parts) || !parts.payload)
		return;
	image_varint(act->image, parts.payload, &length);
	if (length == 0 || length > parts.local)
		return;
	uint8_t *at = act->image->bytes + parts.payload + chance_below(act->chance, (size_t)length);
	if (chance_below(act->chance, 2))
		*at = (uint8_t)chance_below(act->chance, 20);
	else
		change_byte(act, at);
}

static void change_schema(const struct act *act)
{
	struct image *image = act->image;
	for (int attempt = 0; attempt < 200; attempt++) {
		size_t page = chance_below(act->chance, image->page_count);
		size_t count = page_cells(image, page);
		struct cell_parts parts;
		if (image->pages[page].owner != 0 || count == 0 ||
			page_start(image, page) + image->page_size > image->size ||
			!page_cell(image, page, chance_below(act->chance, count), &parts) ||
			parts.local < 8)
			continue;
		/* The root page stands between the names and the text. */
		const uint8_t *text = memmem(
			image->bytes + parts.payload, parts.local, "CREATE", strlen("CREATE"));
		if (text && chance_below(act->chance, 2))
			bytes_put(image->bytes + (text - image->bytes) - 1, 1,
				chance_below(act->chance, 2)
					? odd_number(act)
					: image->trees[chance_below(act->chance,
							       (size_t)image->tree_count)]
						  .root);
		else
			change_byte(act, image->bytes + parts.payload +
						 chance_below(act->chance, parts.local));
		return;
	}
}

static void change_free_list(const struct act *act)
{
	struct image *image = act->image;
	uint32_t page = 1 + (uint32_t)any_page(act, false);
	uint32_t trunk = bytes_get(image->bytes + 32, 4);
	if (trunk > 0 && trunk <= image->page_count && chance_below(act->chance, 2) &&
		page_start(image, trunk) <= image->size) {
		bytes_put(image->bytes + page_start(image, trunk - 1) +
				  4 * chance_below(act->chance, 12),
			4, odd_number(act));
		return;
	}
	/* A page that is in use, or none, stands in the list. */
	bytes_put(image->bytes + 32, 4, chance_below(act->chance, 2) ? page : odd_number(act));
	bytes_put(image->bytes + 36, 4, 1 + (uint32_t)chance_below(act->chance, 4));
}

static void change_overflow(const struct act *act)
{
	struct image *image = act->image;
	struct cell_parts parts;
	size_t first = chance_below(act->chance, image->page_count);
	if (chance_below(act->chance, 2)) {
		for (size_t i = 0; i < image->page_count; i++) {
			size_t page = (first + i) % image->page_count;
			if (!image->pages[page].overflow ||
				page_start(image, page) + image->page_size > image->size)
				continue;
			bytes_put(image->bytes + page_start(image, page), 4,
				chance_below(act->chance, 3) ? odd_number(act)
							     : (uint32_t)page + 1);
			return;
		}
	}
	for (int attempt = 0; attempt < 100; attempt++) {
		if (any_cell(act, chance_below(act->chance, 2), &parts) && parts.overflow) {
			bytes_put(image->bytes + parts.overflow, 4, odd_number(act));
			return;
		}
	}
}

/* ---- beside the file ---- */

static const uint8_t journal_magic[8] = {0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7};

/* Makes the journal one of a transaction over many files, of which another file tells. */
static void name_victim(const struct act *act)
{
	struct image *image = act->image;
	size_t length = strlen(act->victim);
	uint8_t *at = image->side + image->side_size;
	uint32_t sum = 0;
	if (image->side_size + length + 20 > image->side_room)
		return;
	for (size_t i = 0; i < length; i++)
		sum += (unsigned char)act->victim[i]; /* an ASCII path */
	bytes_put(at, 4, (uint32_t)(0x40000000 / image->page_size) + 1);
	memcpy(at + 4, act->victim, length);
	bytes_put(at + 4 + length, 4, (uint32_t)length);
	bytes_put(at + 8 + length, 4, sum);
	memcpy(at + 12 + length, journal_magic, sizeof journal_magic);
	image->side_size += length + 20;
}

static void begin_journal(const struct act *act)
{
	struct image *image = act->image;
	size_t record = image->page_size + 8;
	if (512 + record > image->side_room)
		return;
	memset(image->side, 0, 512);
	memcpy(image->side, journal_magic, sizeof journal_magic);
	bytes_put(image->side + 8, 4, 1);
	bytes_put(image->side + 16, 4, (uint32_t)image->page_count);
	bytes_put(image->side + 20, 4, 512);
	bytes_put(image->side + 24, 4, (uint32_t)image->page_size);
	bytes_put(image->side + 512, 4, 1 + (uint32_t)chance_below(act->chance, image->page_count));
	size_t from = page_start(image, any_page(act, false));
	memcpy(image->side + 516, image->bytes + from, image->page_size);
	uint32_t sum = 0;
	for (size_t i = image->page_size - 200; i > 0; i -= i > 200 ? 200 : i)
		sum += image->side[516 + i];
	bytes_put(image->side + 516 + image->page_size, 4, sum);
	image->side_size = 512 + record;
}

static void change_side(const struct act *act)
{
	static const uint8_t fields[] = {0, 4, 8, 12, 16, 20, 24};
	struct image *image = act->image;
	if (image->side_size < 28)
		begin_journal(act);
	if (image->side_size < 28)
		return;
	switch (chance_below(act->chance, 7)) {
	case 0:
		bytes_put(image->side + fields[chance_below(act->chance, sizeof fields)], 4,
			odd_number(act));
		break;
	case 1:
		image->side_size = chance_below(act->chance, image->side_size);
		break;
	case 2:
		name_victim(act);
		break;
	case 3: { /* the page that a record is about */
		size_t records = image->side_size / (image->page_size + 8);
		size_t at = 512 + chance_below(act->chance, records + 1) * (image->page_size + 8);
		if (at + 4 <= image->side_size)
			bytes_put(image->side + at, 4, odd_number(act));
		break;
	}
	case 4:
		image->side[chance_below(act->chance, image->side_size)] ^=
			(uint8_t)(1U << chance_below(act->chance, 8));
		break;
	case 5: {
		size_t at = chance_below(act->chance, image->side_size);
		fill(act, image->side + at, image->side_size - at);
		break;
	}
	default:
		if (image->side_size + image->page_size <= image->side_room &&
			image->size > image->page_size) {
			memmove(image->side + image->side_size,
				image->bytes +
					chance_below(act->chance, image->size - image->page_size),
				image->page_size);
			image->side_size += image->page_size;
		}
		break;
	}
}

/* ---- all of them ---- */

static const struct {
	const char *name;
	void (*change)(const struct act *act);
	int weight;
} changes[] = {
	{"bits", flip_bits, 4},
	{"bytes", fill_anywhere, 4},
	{"cell", change_cell, 8},
	{"packed", change_packed, 10},
	{"pages", move_pages, 4},
	{"size", change_size, 3},
	{"header", change_header, 3},
	{"page-header", change_page_header, 6},
	{"pointer", change_pointer, 5},
	{"cell-head", change_cell_head, 8},
	{"types", change_types, 10},
	{"schema", change_schema, 3},
	{"free-list", change_free_list, 3},
	{"overflow", change_overflow, 5},
	{"journal", change_side, 2},
};

static size_t choose_change(struct chance *chance, bool journal)
{
	int all = 0;
	if (journal && chance_below(chance, 2))
		return ARRAY_LENGTH(changes) - 1;
	for (size_t i = 0; i < ARRAY_LENGTH(changes); i++)
		all += changes[i].weight;
	int left = (int)chance_below(chance, (size_t)all);
	size_t which = 0;
	while ((left -= changes[which].weight) >= 0)
		which++;
	return which;
}

void image_mutate(struct image *image, struct chance *chance, const char *victim, char *what,
	size_t what_size)
{
	static const uint8_t counts[] = {1, 1, 1, 1, 1, 2, 2, 3, 5, 12};
	struct act act = {.image = image, .chance = chance, .victim = victim};
	bool journal = image->side_size > 0;
	what[0] = '\0';
	for (size_t i = counts[chance_below(chance, sizeof counts)]; i > 0; i--) {
		size_t which = choose_change(chance, journal);
		size_t used = strlen(what);
		snprintf(what + used, what_size - used, "%s%s", used ? "," : "",
			changes[which].name);
		changes[which].change(&act);
	}
}
