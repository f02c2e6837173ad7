#include "casefile/arrange.h"

#include "arrange_texts.h"
#include "base/memory.h"
#include "casefile/block.h"
#include "casefile/block_reader.h"
#include "casefile/record.h"
#include "casefile/statement.h"

#include <stdlib.h>

#define ROOM ((size_t)16 * 1024 * 1024)

/* Where the text of a record stands in the block at hand. */
struct place {
	uint32_t start, length;
	bool stated;
};

/* What the journal says of a record's field. */
struct decided {
	int64_t id;
	size_t start, length; /* in arranging.words */
	bool stated;
};

struct arranging {
	const struct case_file *file;
	const struct arrange *arrange;
	uint32_t *ids;
	int64_t count;
	int64_t *blocks; /* of the kind, in the order of their records */
	size_t block_count;
	size_t block_capacity;
	int64_t field;           /* its number in blocks; -1: none has it */
	struct decided *decided; /* by id */
	size_t decided_count;
	size_t decided_capacity;
	struct bits decided_ids;
	struct buffer words;
	struct block_reader *reader;
	struct buffer text;
	struct place *places;
	size_t place_capacity;
	struct arrange_texts texts;
	int64_t placed;   /* records in ids, of those with a text */
	int64_t stated;   /* records with a text: those without come behind them */
	int64_t unstated; /* records without that are in ids */
	int told;         /* thousandths */
};

bool arrange_takes(enum kind kind, int field)
{
	const struct kind_info *info = kind_info(kind);
	if (!info->large || field < 0 || field >= info->field_count)
		return false;
	enum field_type type = info->fields[field].type;
	return type == FIELD_TEXT || type == FIELD_CHOICE || type == FIELD_REFERENCE;
}

static bool damaged(int64_t block, struct error *error)
{
	return error_set(error, ERROR_CASE_DAMAGED,
		"the case is damaged: block %lld does not hold the records that it should",
		(long long)block);
}

static bool load_blocks(struct arranging *arranging, struct error *error)
{
	struct statement *select = statement_open(arranging->file, QUERY_BLOCK_OF_KIND, error);
	enum statement_result result = STATEMENT_FAILED;
	bool good = select != NULL;
	if (good)
		statement_bind_int(select, 1, arranging->arrange->kind);
	while (good && (result = statement_step(select, error)) == STATEMENT_ROW) {
		int64_t *blocks = memory_grow(arranging->blocks, &arranging->block_capacity,
			arranging->block_count + 1, sizeof *blocks);
		if (!blocks) {
			good = error_memory(error);
			break;
		}
		arranging->blocks = blocks;
		blocks[arranging->block_count++] = statement_int(select, 0);
	}
	statement_close(select);
	return good && result == STATEMENT_DONE;
}

static const char *field_name(const struct arrange *arrange)
{
	return kind_info(arrange->kind)->fields[arrange->field].name;
}

static bool load_field(struct arranging *arranging, struct error *error)
{
	struct statement *select = statement_open(arranging->file, QUERY_FIELD_NAME_FIND, error);
	if (!select)
		return false;
	statement_bind_text(select, 1, span_string(field_name(arranging->arrange)));
	enum statement_result result = statement_step(select, error);
	arranging->field = result == STATEMENT_ROW ? statement_int(select, 0) : -1;
	statement_close(select);
	return result != STATEMENT_FAILED;
}

static bool add_decided(
	struct arranging *arranging, const struct record *record, struct error *error)
{
	const struct cell *cell = record_cell(record, arranging->arrange->field);
	struct decided *grown = memory_grow(arranging->decided, &arranging->decided_capacity,
		arranging->decided_count + 1, sizeof *grown);
	if (!grown)
		return error_memory(error);
	arranging->decided = grown;
	grown[arranging->decided_count++] = (struct decided){.id = record->id.id,
		.start = arranging->words.length,
		.length = cell ? cell->text.length : 0,
		.stated = cell != NULL};
	if (cell)
		buffer_add_span(&arranging->words, cell->text);
	return (bits_add(&arranging->decided_ids, (uint64_t)record->id.id) &&
		       !buffer_failed(&arranging->words)) ||
	       error_memory(error);
}

static int compare_decided(const void *a, const void *b)
{
	const struct decided *left = a, *right = b;
	return (left->id > right->id) - (left->id < right->id);
}

static bool load_decided(struct arranging *arranging, struct error *error)
{
	const struct arrange *arrange = arranging->arrange;
	struct record_reader *reader = record_reader_open(arranging->file, error);
	struct statement *select =
		reader ? statement_open(arranging->file, QUERY_OVERLAY_OF_FIELD, error) : NULL;
	struct record record = {0};
	enum statement_result result = STATEMENT_FAILED;
	bool good = select != NULL;
	if (good) {
		statement_bind_int(select, 1, arrange->kind);
		statement_bind_text(select, 2, span_string(field_name(arrange)));
	}
	while (good && (result = statement_step(select, error)) == STATEMENT_ROW) {
		int64_t id = statement_int(select, 0);
		enum record_result found = record_read(reader, arrange->kind, id, &record, error);
		good = found == RECORD_NONE ||
		       (found == RECORD_FOUND && add_decided(arranging, &record, error));
	}
	record_free(&record);
	statement_close(select);
	record_reader_close(reader);
	if (arranging->decided_count > 1)
		qsort(arranging->decided, arranging->decided_count, sizeof *arranging->decided,
			compare_decided);
	return good && result == STATEMENT_DONE;
}

/* Where the field stands in each record of a block, and the bytes that its image replaced. */
static bool read_places(
	struct arranging *arranging, int64_t id, const struct block_list *list, struct error *error)
{
	struct block_cursor cursor;
	struct place *places = memory_grow(arranging->places, &arranging->place_capacity,
		(size_t)list->records, sizeof *places);
	if (!places)
		return error_memory(error);
	arranging->places = places;
	memset(places, 0, (size_t)list->records * sizeof *places);
	if (!block_cursor_begin(&cursor, id, buffer_span(&arranging->text), list->cells, error))
		return false;
	if (cursor.records != list->records)
		return damaged(id, error);
	enum block_step step;
	while ((step = block_cursor_next(&cursor, error)) == BLOCK_CELL)
		if (cursor.field_name == arranging->field && !places[cursor.record].stated)
			places[cursor.record] = (struct place){
				(uint32_t)cursor.start, (uint32_t)cursor.length, true};
	struct buffer patches = {0};
	bool good = step == BLOCK_END && block_cursor_patches(&cursor, &patches, error);
	for (size_t at = 0; good && at < patches.length; at += sizeof(uint32_t) + 1) {
		uint32_t offset;
		memcpy(&offset, patches.data + at, sizeof offset);
		arranging->text.data[offset] = patches.data[at + sizeof offset];
	}
	buffer_free(&patches);
	return good;
}

static struct span text_of(const struct arranging *arranging, int64_t id, const struct place *place)
{
	if (bits_has(&arranging->decided_ids, (uint64_t)id)) {
		const struct decided key = {.id = id};
		const struct decided *decided = bsearch(&key, arranging->decided,
			arranging->decided_count, sizeof key, compare_decided);
		return decided->stated
			       ? span_of(arranging->words.data + decided->start, decided->length)
			       : span_string(NULL);
	}
	return place->stated ? span_of(arranging->text.data + place->start, place->length)
			     : span_string(NULL);
}

/* What is done with each record, in the order of ids; a text that is not stated has none. */
typedef bool take_text(struct arranging *arranging, uint32_t id, struct span text);

static bool walk_block(
	struct arranging *arranging, int64_t id, take_text *take, struct error *error)
{
	const struct bits *set = arranging->arrange->set;
	struct block_list list;
	enum block_found found = block_reader_text(arranging->reader, id, &arranging->text, error);
	if (found == BLOCK_THERE)
		found = block_reader_list(arranging->reader, id, &list, error);
	if (found == BLOCK_ABSENT)
		return true; /* what is missing is seen at the end */
	if (found == BLOCK_FAILED)
		return false;
	if (list.first < 1 || list.records < 0 || list.records > (int64_t)list.cells.length)
		return damaged(id, error);
	int64_t at = bits_next(set, (uint64_t)list.first);
	if (at < 0 || at >= list.first + list.records)
		return true;
	if (!read_places(arranging, id, &list, error))
		return false;
	for (; at >= 0 && at < list.first + list.records; at = bits_next(set, (uint64_t)at + 1))
		if (!take(arranging, (uint32_t)at,
			    text_of(arranging, at, &arranging->places[at - list.first])))
			return error_memory(error);
	return true;
}

/* Through all blocks, on the way from one number of records in place to another. */
static bool walk(
	struct arranging *arranging, take_text *take, int64_t from, int64_t to, struct error *error)
{
	const struct arrange *arrange = arranging->arrange;
	for (size_t i = 0; i < arranging->block_count; i++) {
		if (arrange->cancel && atomic_load_explicit(arrange->cancel, memory_order_relaxed))
			return error_set(error, ERROR_CANCELLED, "cancelled");
		if (!walk_block(arranging, arranging->blocks[i], take, error))
			return false;
		double part = (double)(i + 1) / (double)arranging->block_count;
		double done = (double)from + part * (double)(to - from);
		int thousandths = (int)(1000 * done / (double)arranging->count);
		if (thousandths > arranging->told && arrange->progress)
			arrange->progress(arrange->context, thousandths);
		if (thousandths > arranging->told)
			arranging->told = thousandths;
	}
	return true;
}

static bool collect(struct arranging *arranging, uint32_t id, struct span text)
{
	(void)id;
	return !span_stated(text) || arrange_texts_add(&arranging->texts, text);
}

static bool collect_first(struct arranging *arranging, uint32_t id, struct span text)
{
	arranging->stated += span_stated(text);
	return collect(arranging, id, text);
}

static bool put(struct arranging *arranging, uint32_t id, struct span text)
{
	struct arrange_text *item =
		span_stated(text) ? arrange_texts_find(&arranging->texts, text) : NULL;
	if (item && item->count > 0) {
		item->count--;
		arranging->placed++;
		arranging->ids[item->place++] = id;
	}
	return true;
}

static bool put_first(struct arranging *arranging, uint32_t id, struct span text)
{
	if (span_stated(text))
		return put(arranging, id, text);
	if (arranging->stated + arranging->unstated < arranging->count)
		arranging->ids[arranging->stated + arranging->unstated++] = id;
	return true;
}

static bool run(struct arranging *arranging, struct error *error)
{
	struct arrange_texts *texts = &arranging->texts;
	bool more = true;
	for (bool first = true; more; first = false) {
		int64_t from = arranging->placed + arranging->unstated;
		/* How many texts fit is known at its end: nothing can be told on the way. */
		if (!walk(arranging, first ? collect_first : collect, from, from, error))
			return false;
		int64_t to = arrange_texts_place(texts, arranging->placed);
		/* Blocks that are listed twice hold more than there is room for. */
		if (to > arranging->stated || arranging->stated > arranging->count)
			return error_set(error, ERROR_CASE_DAMAGED,
				"the records changed while they were sorted; sort them again");
		if (!walk(arranging, first ? put_first : put, from, to + arranging->unstated,
			    error))
			return false;
		more = texts->bounded;
		if (more && !arrange_texts_next(texts))
			return error_memory(error);
	}
	return arranging->placed + arranging->unstated == arranging->count ||
	       error_set(error, ERROR_CASE_DAMAGED,
		       "the case is damaged, or its records changed while they were sorted: %lld "
		       "of %lld have a text",
		       (long long)(arranging->placed + arranging->unstated),
		       (long long)arranging->count);
}

static void reverse(uint32_t *ids, int64_t count)
{
	for (int64_t i = 0, k = count - 1; i < k; i++, k--) {
		uint32_t id = ids[i];
		ids[i] = ids[k];
		ids[k] = id;
	}
}

bool arrange_ids(const struct case_file *file, const struct arrange *arrange, uint32_t *ids,
	int64_t count, struct error *error)
{
	struct arranging arranging = {.file = file,
		.arrange = arrange,
		.ids = ids,
		.count = count,
		.texts.room = arrange->room ? arrange->room : ROOM};
	bool good = load_blocks(&arranging, error) && load_field(&arranging, error) &&
		    load_decided(&arranging, error);
	if (good)
		arranging.reader = block_reader_open(file, error);
	good = arranging.reader && run(&arranging, error);
	if (good && arrange->descending) {
		reverse(ids, arranging.stated);
		reverse(ids + arranging.stated, count - arranging.stated);
	}
	block_reader_close(arranging.reader);
	arrange_texts_free(&arranging.texts);
	buffer_free(&arranging.words);
	buffer_free(&arranging.text);
	bits_free(&arranging.decided_ids);
	free(arranging.decided);
	free(arranging.blocks);
	free(arranging.places);
	return good;
}
