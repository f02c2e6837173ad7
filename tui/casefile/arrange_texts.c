#include "arrange_texts.h"

#include "base/memory.h"
#include "base/table_hash.h"

#include <stdlib.h>
#include <string.h>

void arrange_texts_free(struct arrange_texts *texts)
{
	buffer_free(&texts->from);
	buffer_free(&texts->to);
	buffer_free(&texts->bytes);
	free(texts->items);
	free(texts->slots);
	*texts = (struct arrange_texts){0};
}

static uint32_t hash_of(const struct arrange_texts *texts, struct span text)
{
	return (uint32_t)table_hash_bytes(texts->seed, text);
}

static struct span text_of(const struct arrange_texts *texts, const struct arrange_text *item)
{
	return span_of(texts->bytes.data + item->start, item->length);
}

static bool is_inside(const struct arrange_texts *texts, struct span text)
{
	return (texts->from.length == 0 || span_compare(text, buffer_span(&texts->from)) >= 0) &&
	       (!texts->bounded || span_compare(text, buffer_span(&texts->to)) < 0);
}

/* The slot of a text, or the one where it would be. */
static uint32_t *slot_of(const struct arrange_texts *texts, struct span text, uint32_t hash)
{
	size_t at = hash & (texts->slot_count - 1);
	for (;; at = (at + 1) & (texts->slot_count - 1)) {
		uint32_t index = texts->slots[at];
		if (index == 0)
			return &texts->slots[at];
		const struct arrange_text *item = &texts->items[index - 1];
		if (item->hash == hash && span_equal(text_of(texts, item), text))
			return &texts->slots[at];
	}
}

static void fill_slots(struct arrange_texts *texts)
{
	memset(texts->slots, 0, texts->slot_count * sizeof *texts->slots);
	for (size_t i = 0; i < texts->count; i++) {
		const struct arrange_text *item = &texts->items[i];
		*slot_of(texts, text_of(texts, item), item->hash) = (uint32_t)i + 1;
	}
}

static bool more_slots(struct arrange_texts *texts)
{
	size_t count = texts->slot_count ? 2 * texts->slot_count : 1024;
	uint32_t *slots = memory_array(count, sizeof *slots);
	if (!slots)
		return false;
	free(texts->slots);
	if (texts->slot_count == 0)
		texts->seed = table_hash_seed();
	texts->slots = slots;
	texts->slot_count = count;
	fill_slots(texts);
	return true;
}

static int compare_items(const void *a, const void *b, void *context)
{
	return span_compare(text_of(context, a), text_of(context, b));
}

static void sort(struct arrange_texts *texts)
{
	if (texts->count > 1)
		qsort_r(texts->items, texts->count, sizeof *texts->items, compare_items, texts);
}

static bool is_full(const struct arrange_texts *texts)
{
	size_t bytes = texts->bytes.length + texts->count * sizeof *texts->items +
		       texts->slot_count * sizeof *texts->slots;
	return texts->count > 1 && bytes > texts->room;
}

/* Keeps the smaller half. */
static bool halve(struct arrange_texts *texts)
{
	sort(texts);
	size_t half = texts->count / 2;
	buffer_clear(&texts->to);
	buffer_add_span(&texts->to, text_of(texts, &texts->items[half]));
	struct buffer kept = {0};
	for (size_t i = 0; i < half; i++) {
		struct span text = text_of(texts, &texts->items[i]);
		texts->items[i].start = (uint32_t)kept.length;
		buffer_add_span(&kept, text);
	}
	if (buffer_failed(&kept) || buffer_failed(&texts->to)) {
		buffer_free(&kept);
		return false;
	}
	buffer_free(&texts->bytes);
	texts->bytes = kept;
	texts->bounded = true;
	texts->count = half;
	fill_slots(texts);
	return true;
}

bool arrange_texts_add(struct arrange_texts *texts, struct span text)
{
	if (!is_inside(texts, text))
		return true;
	if (2 * texts->count >= texts->slot_count && !more_slots(texts))
		return false;
	uint32_t hash = hash_of(texts, text);
	uint32_t *slot = slot_of(texts, text, hash);
	if (*slot != 0) {
		texts->items[*slot - 1].count++;
		return true;
	}
	struct arrange_text *items =
		memory_grow(texts->items, &texts->capacity, texts->count + 1, sizeof *items);
	if (!items)
		return false;
	texts->items = items;
	items[texts->count] = (struct arrange_text){.start = (uint32_t)texts->bytes.length,
		.length = (uint32_t)text.length,
		.hash = hash,
		.count = 1};
	buffer_add_span(&texts->bytes, text);
	*slot = (uint32_t)++texts->count;
	if (buffer_failed(&texts->bytes))
		return false;
	return !is_full(texts) || halve(texts);
}

struct arrange_text *arrange_texts_find(struct arrange_texts *texts, struct span text)
{
	if (texts->count == 0 || !is_inside(texts, text))
		return NULL;
	uint32_t index = *slot_of(texts, text, hash_of(texts, text));
	return index > 0 ? &texts->items[index - 1] : NULL;
}

int64_t arrange_texts_place(struct arrange_texts *texts, int64_t place)
{
	sort(texts);
	for (size_t i = 0; i < texts->count; i++) {
		texts->items[i].place = place;
		place += texts->items[i].count;
	}
	if (texts->count > 0)
		fill_slots(texts);
	return place;
}

bool arrange_texts_next(struct arrange_texts *texts)
{
	struct buffer from = texts->to;
	texts->to = texts->from;
	texts->from = from;
	texts->bounded = false;
	buffer_clear(&texts->bytes);
	texts->count = 0;
	if (texts->slot_count > 0)
		memset(texts->slots, 0, texts->slot_count * sizeof *texts->slots);
	return !buffer_failed(&texts->from);
}
