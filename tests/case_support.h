/* What the tests of the case file share: a case in a folder of its own, and records in few words.
 */
#ifndef TESTS_CASE_SUPPORT_H
#define TESTS_CASE_SUPPORT_H

#include "cmocka_all.h"

#include "base/text.h"
#include "casefile/case.h"
#include "casefile/record.h"
#include "casefile/writer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct test_case {
	char folder[64];
	char path[96];
	struct case_file *file;
	struct error error;
};

/* A call that has to work; says why it did not. */
#define WORKS(test, call)                                                      \
	do {                                                                   \
		(test)->error.message[0] = '\0';                               \
		if (!(call)) {                                                 \
			print_error("%s: %s\n", #call, (test)->error.message); \
			fail();                                                \
		}                                                              \
	} while (0)

static inline void test_open(struct test_case *test, enum case_mode mode)
{
	WORKS(test, test->file = case_open(
			    test->path, &(struct case_options){.mode = mode}, &test->error));
}

static inline int test_begin(void **state)
{
	static struct test_case test;
	test = (struct test_case){.folder = "/tmp/breachx-test-XXXXXX"};
	assert_non_null(mkdtemp(test.folder));
	snprintf(test.path, sizeof test.path, "%s/test.breach", test.folder);
	test_open(&test, CASE_CREATE);
	*state = &test;
	return 0;
}

static inline int test_end(void **state)
{
	struct test_case *test = *state;
	case_close(test->file);
	unlink(test->path);
	/* A case leaves nothing beside it. */
	assert_int_equal(rmdir(test->folder), 0);
	return 0;
}

static inline void test_reopen(struct test_case *test, enum case_mode mode)
{
	case_close(test->file);
	test_open(test, mode);
}

static inline struct writer *test_writer(struct test_case *test, const char *name)
{
	struct writer_source source = {
		.name = span_string(name),
		.format = span_string("csv"),
		.importer = span_string("test 1"),
		.options = span_string(""),
		.imported = 1579478400000000,
	};
	struct writer *writer;
	WORKS(test, writer = writer_begin(test->file, &source, &test->error));
	return writer;
}

static inline void test_finish(struct test_case *test, struct writer *writer)
{
	static uint8_t number;
	struct writer_totals totals = {.size = 1000, .taken = 1, .sha256 = {++number}};
	WORKS(test, writer_finish(writer, &totals, &test->error));
}

#define TEST_MOST_CELLS 12

/* A draft of `field=value` words; a field the kind does not have is an extra one. The words must
 * stay while the draft is used. */
struct test_draft {
	struct draft draft;
	struct draft_cell cells[TEST_MOST_CELLS];
	struct moment moments[TEST_MOST_CELLS];
};

static inline void test_draft(struct test_draft *made, enum kind kind, const char *const *words)
{
	*made = (struct test_draft){.draft = DRAFT(kind)};
	made->draft.cells = made->cells;
	for (; *words; words++) {
		assert_true(made->draft.cell_count < TEST_MOST_CELLS);
		size_t at = made->draft.cell_count++;
		const char *equals = strchr(*words, '=');
		struct span name = span_of(*words, (size_t)(equals - *words));
		struct draft_cell *cell = &made->cells[at];
		*cell = (struct draft_cell){.field = kind_field_find(kind, name),
			.name = name,
			.text = span_string(equals + 1)};
		if (cell->field >= 0 && kind_info(kind)->fields[cell->field].type == FIELD_TIME &&
			moment_parse(cell->text, NULL, &made->moments[at], NULL))
			cell->moment = &made->moments[at];
	}
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

static inline int64_t test_record_at(struct test_case *test, struct writer *writer, enum kind kind,
	uint64_t start, const char *const *words)
{
	struct test_draft made;
	int64_t id = 0;
	test_draft(&made, kind, words);
	made.draft.start = start;
	made.draft.end = start + 10;
	WORKS(test, writer_record(writer, &made.draft, &id, NULL, &test->error));
	return id;
}

static inline int64_t test_record(
	struct test_case *test, struct writer *writer, enum kind kind, const char *const *words)
{
	return test_record_at(test, writer, kind, 0, words);
}

/* A record as `field=value; …`, extra cells as `+name=value`, decided ones with `!` before; "none"
 * when it is not there. */
static inline const char *test_text(struct test_case *test, enum kind kind, int64_t id)
{
	static char text[4096];
	struct record record = {0};
	struct record_reader *reader;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	enum record_result result = record_read(reader, kind, id, &record, &test->error);
	WORKS(test, result != RECORD_FAILED);
	record_reader_close(reader);
	size_t length = 0;
	text[0] = '\0';
	for (int i = 0; i < record.cell_count && result == RECORD_FOUND; i++) {
		const struct cell *cell = &record.cells[i];
		length += (size_t)snprintf(text + length, sizeof text - length, "%s%s%s%.*s=%.*s",
			i ? "; " : "", cell->decided ? "!" : "",
			cell->field == CELL_EXTRA ? "+" : "", (int)cell->name.length,
			cell->name.data, (int)cell->text.length, cell->text.data);
		assert_true(length < sizeof text);
	}
	record_free(&record);
	return result == RECORD_NONE ? "none" : text;
}

#endif
