/* Search images and blocks: what goes in comes out, and bytes that are no block are refused. */
#include "cmocka_all.h"

#include "base/image.h"
#include "casefile/block.h"

#include <string.h>

/* xorshift: the same numbers in every run. */
static uint32_t next_random(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static void image_replaces(void **state)
{
	(void)state;
	static const struct {
		const char *cell;
		size_t length;
		const char *image;
	} cases[] = {
		{"", 0, ""},
		{"plain ascii, longer than a word", 31, "plain ascii, longer than a word"},
		{"a\0b", 3, "a\x1a\x62"},
		{"\xe4\xb8\x89\xe8\x8f\xb1", 6, "\xe4\xb8\x89\xe8\x8f\xb1"},
		{"\xc3\xa9\xff", 3, "\xc3\xa9\x1a"},
		{"\xe4\xb8", 2, "\x1a\x1a"},
		{"\xed\xa0\x80", 3, "\x1a\x1a\x1a"},
		{"\xed\x9f\xbf", 3, "\xed\x9f\xbf"},
		{"\xc0\xaf", 2, "\x1a\x1a"},
		{"\xe0\x9f\xbf", 3, "\x1a\x1a\x1a"},
		{"\xf0\x8f\xbf\xbf", 4, "\x1a\x1a\x1a\x1a"},
		{"\xf4\x8f\xbf\xbf", 4, "\xf4\x8f\xbf\xbf"},
		{"\xf4\x90\x80\x80", 4, "\x1a\x1a\x1a\x1a"},
		{"\xf5\x80\x80\x80", 4, "\x1a\x1a\x1a\x1a"},
		{"\xf0\x9f\x98", 3, "\x1a\x1a\x1a"},
		{"1234567\x80"
		 "9",
			9,
			"1234567\x1a"
			"9"},
		{"1234567\0"
		 "9",
			9,
			"1234567\x1a"
			"9"},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		char out[64];
		struct span cell = span_of(cases[i].cell, cases[i].length);
		bool differs = image_make(cell, out);
		assert_memory_equal(out, cases[i].image, cases[i].length);
		assert_int_equal(differs, memcmp(out, cell.data, cell.length) != 0);
		assert_true(image_is(span_of(out, cell.length)));
		assert_int_equal(image_is(cell), !differs);
	}
}

/* A tame one is short. */
static struct buffer random_cell(uint32_t *seed, bool tame)
{
	struct buffer cell = {0};
	size_t length = next_random(seed) % (next_random(seed) % 50 == 0 && !tame ? 5000 : 40);
	bool binary = next_random(seed) % 4 == 0;
	buffer_add(&cell, "", 0);
	for (size_t i = 0; i < length; i++)
		buffer_add_byte(&cell, (char)(binary ? next_random(seed) : 'a' + i % 26));
	return cell;
}

#define MOST_CELLS 4000

struct sample {
	struct buffer cells[MOST_CELLS];
	int64_t fields[MOST_CELLS];
	size_t cell_count;
	size_t record_cells[MOST_CELLS];
	size_t records;
};

/* The numbers of tame records are one byte each, so that they may be passed whole. */
static void sample_fill(
	struct sample *sample, struct block_writer *writer, uint32_t *seed, bool tame)
{
	sample->cell_count = 0;
	sample->records = 0;
	while (!block_writer_full(writer) && sample->cell_count < MOST_CELLS - 20) {
		size_t cells = next_random(seed) % (tame ? 20 : 8);
		for (size_t i = 0; i < cells; i++) {
			struct buffer cell = random_cell(seed, tame);
			int64_t field = next_random(seed) % (tame ? 128 : 300);
			block_writer_cell(writer, field, buffer_span(&cell));
			sample->fields[sample->cell_count] = field;
			sample->cells[sample->cell_count++] = cell;
		}
		sample->record_cells[sample->records] = cells;
		block_writer_end_record(writer, 1000 + (int64_t)sample->records++);
	}
}

/* A cursor finds every cell that the decoded block has, from any place on, and ends where it does.
 */
static void seek_all(const struct block *block, struct span list, uint32_t *seed, size_t step)
{
	struct block_cursor cursor;
	struct error error;
	struct span text = buffer_span(&block->text);
	assert_true(block_cursor_begin(&cursor, block->id, text, list, &error));
	assert_int_equal(cursor.records, block->records);
	size_t cell = 0;
	for (size_t place = 0; place < text.length; place += 1 + next_random(seed) % step) {
		while (place > block->cells[cell].start + block->cells[cell].length)
			cell++;
		assert_true(block_cursor_seek(&cursor, place, &error));
		assert_int_equal(cursor.cells, cell + 1);
		assert_int_equal(cursor.start, block->cells[cell].start);
		assert_int_equal(cursor.length, block->cells[cell].length);
		assert_int_equal(cursor.field_name, block->cells[cell].field_name);
		assert_in_range(cell, block->record_start[cursor.record],
			block->record_start[cursor.record + 1] - 1);
		if (next_random(seed) % 8 != 0)
			continue;
		assert_true(block_cursor_end_record(&cursor, &error));
		assert_int_equal(cursor.cells, block->record_start[cursor.record + 1]);
		cell = (size_t)cursor.cells - 1;
		place = cursor.next - 1;
	}
	struct buffer patches = {0};
	assert_true(block_cursor_patches(&cursor, &patches, &error));
	assert_true(span_equal(buffer_span(&patches), buffer_span(&block->patches)));
	assert_int_equal(cursor.cells, block->cell_count);
	buffer_free(&patches);
}

static void block_round_trip(void **state)
{
	(void)state;
	static struct sample sample;
	struct block_writer writer = {0};
	struct block block = {.id = 7};
	struct buffer encoded = {0};
	struct buffer bytes = {0};
	struct error error;
	uint32_t seed = 20200120;
	for (int round = 0; round < 40; round++) {
		block_writer_clear(&writer);
		sample_fill(&sample, &writer, &seed, round % 2 == 0);
		assert_int_equal(writer.first, 1000);
		assert_true(block_writer_encode(&writer, &encoded));
		assert_true(block_decode(
			&block, buffer_span(&writer.text), buffer_span(&encoded), &error));
		assert_int_equal(block.records, sample.records);
		assert_int_equal(block.cell_count, sample.cell_count);
		size_t at = 0;
		for (size_t i = 0; i < sample.records; i++) {
			assert_int_equal(block.record_start[i], at);
			at += sample.record_cells[i];
		}
		for (size_t i = 0; i < sample.cell_count; i++) {
			buffer_clear(&bytes);
			block_cell_bytes(&block, &block.cells[i], &bytes);
			assert_int_equal(block.cells[i].field_name, sample.fields[i]);
			assert_true(span_equal(buffer_span(&bytes), buffer_span(&sample.cells[i])));
			buffer_free(&sample.cells[i]);
		}
		seek_all(&block, buffer_span(&encoded), &seed, 90);
		seek_all(&block, buffer_span(&encoded), &seed, 4000);
	}
	buffer_free(&bytes);
	buffer_free(&encoded);
	block_free(&block);
	block_writer_free(&writer);
}

/* Changed bytes are refused or give a block whose every cell can be read; ASan sees the rest. */
static void block_mutations(void **state)
{
	(void)state;
	struct block_writer writer = {0};
	const char *const cells[] = {"2020-01-20", "a\x80 b", "C:\\x.ps1", "", "\xe4\xb8\x89"};
	for (int64_t record = 0; record < 6; record++) {
		for (size_t i = 0; i < ARRAY_LENGTH(cells); i++)
			block_writer_cell(&writer, (int64_t)i, span_string(cells[i]));
		block_writer_end_record(&writer, 1 + record);
	}
	struct buffer encoded = {0};
	assert_true(block_writer_encode(&writer, &encoded));
	struct block block = {0};
	struct buffer bytes = {0};
	struct error error;
	uint32_t seed = 1;
	int refused = 0;
	for (int round = 0; round < 20000; round++) {
		size_t text_at = next_random(&seed) % writer.text.length;
		size_t cells_at = next_random(&seed) % encoded.length;
		char text_was = writer.text.data[text_at], cells_was = encoded.data[cells_at];
		if (round % 2)
			writer.text.data[text_at] = (char)next_random(&seed);
		encoded.data[cells_at] = (char)next_random(&seed);
		size_t cut = round % 5 == 0 ? next_random(&seed) % encoded.length : encoded.length;
		if (block_decode(&block, buffer_span(&writer.text),
			    span_slice(buffer_span(&encoded), 0, cut), &error)) {
			buffer_clear(&bytes);
			for (size_t i = 0; i < block.cell_count; i++)
				block_cell_bytes(&block, &block.cells[i], &bytes);
		} else {
			assert_int_equal(error.code, ERROR_CASE_DAMAGED);
			refused++;
		}
		writer.text.data[text_at] = text_was;
		encoded.data[cells_at] = cells_was;
	}
	assert_true(refused > 10000);
	buffer_free(&bytes);
	buffer_free(&encoded);
	block_free(&block);
	block_writer_free(&writer);
}

static void block_refuses_false_sizes(void **state)
{
	(void)state;
	struct block block = {0};
	struct error error;
	/* 2^40 records, 2^40 cells, a cell of 2^40 bytes, 2^40 patches. */
	static const char *const cells[] = {
		"\x80\x80\x80\x80\x80\x20",
		"\x01\x80\x80\x80\x80\x80\x20",
		"\x01\x01\x01\x80\x80\x80\x80\x80\x20",
		"\x01\x01\x01\x01\x80\x80\x80\x80\x80\x20",
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cells); i++) {
		assert_false(block_decode(&block, span_of("a", 2), span_string(cells[i]), &error));
		assert_int_equal(error.code, ERROR_CASE_DAMAGED);
	}
	assert_true(block_decode(&block, span_of("", 0), span_of("\0", 2), &error));
	assert_int_equal(block.records, 0);
	block_free(&block);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(image_replaces),
		cmocka_unit_test(block_round_trip),
		cmocka_unit_test(block_mutations),
		cmocka_unit_test(block_refuses_false_sizes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
