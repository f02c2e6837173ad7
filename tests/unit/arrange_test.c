/* Events in the order of each of their texts, in rooms of every size, against a sort of what is
 * read. */
#include "case_support.h"

#include "casefile/arrange.h"
#include "casefile/journal.h"

#include <stdlib.h>

#define ROWS 300

struct row {
	uint32_t id;
	bool stated;
	char text[80];
};

static uint32_t draw(uint32_t *seed, uint32_t below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed % below;
}

/* Few different actions, mostly different messages, hosts; some of them not stated. */
static void fill(struct test_case *test, uint32_t *seed)
{
	struct writer *writer = test_writer(test, "events.csv");
	for (int i = 0; i < ROWS; i++) {
		char words[3][80];
		const char *list[4] = {NULL};
		int count = 0;
		if (draw(seed, 4) > 0) {
			snprintf(words[count], 80, "action=%s",
				draw(seed, 2)   ? "logon"
				: draw(seed, 2) ? "log"
						: "\xff read");
			list[count] = words[count];
			count++;
		}
		snprintf(words[count], 80, "message=a message that begins alike %u",
			draw(seed, 200));
		list[count] = words[count];
		count++;
		if (draw(seed, 3) > 0) {
			snprintf(words[count], 80, "host=WS%u", draw(seed, 20));
			list[count] = words[count];
			count++;
		}
		test_record(test, writer, KIND_EVENT, list);
	}
	test_finish(test, writer);
}

static int compare(const void *a, const void *b)
{
	const struct row *left = a, *right = b;
	if (left->stated != right->stated)
		return left->stated ? -1 : 1;
	int order = strcmp(left->text, right->text);
	return order ? order : (left->id > right->id) - (left->id < right->id);
}

static void check(struct test_case *test, const char *name, bool descending, size_t room)
{
	static struct row rows[ROWS];
	int field = kind_field_find(KIND_EVENT, span_string(name));
	int count = 0, stated = 0;
	struct bits set = {0};
	struct record record = {0};
	struct record_reader *reader;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	for (int64_t id = 0;
		record_next(reader, KIND_EVENT, id, &record, &test->error) == RECORD_FOUND;) {
		id = record.id.id;
		if (id % 7 == 3) /* a filter left it out */
			continue;
		const struct cell *cell = record_cell(&record, field);
		struct row *row = &rows[count++];
		*row = (struct row){.id = (uint32_t)id, .stated = cell != NULL};
		if (cell)
			snprintf(row->text, sizeof row->text, "%.*s", (int)cell->text.length,
				cell->text.data);
		stated += row->stated;
		assert_true(bits_add(&set, (uint64_t)id));
	}
	qsort(rows, (size_t)count, sizeof *rows, compare);
	const struct arrange arrange = {.kind = KIND_EVENT,
		.field = field,
		.descending = descending,
		.set = &set,
		.room = room};
	uint32_t ids[ROWS];
	WORKS(test, arrange_ids(test->file, &arrange, ids, count, &test->error));
	for (int i = 0; i < count; i++) {
		int wanted = !descending  ? i
			     : i < stated ? stated - 1 - i
					  : count - 1 - (i - stated);
		if (ids[i] != rows[wanted].id)
			fail_msg("%s%s in %zu bytes: row %d is event:%u, not event:%u", name,
				descending ? " descending" : "", room, i, ids[i], rows[wanted].id);
	}
	record_free(&record);
	record_reader_close(reader);
	bits_free(&set);
}

static void as_sorted(void **state)
{
	struct test_case *test = *state;
	static const char *const fields[] = {"action", "message", "host", "account"};
	static const size_t rooms[] = {1, 6000, 9000, 0};
	uint32_t seed = 7;
	fill(test, &seed);
	for (int round = 0; round < 2; round++) {
		for (size_t i = 0; i < ARRAY_LENGTH(fields); i++)
			for (size_t k = 0; k < 2 * ARRAY_LENGTH(rooms); k++)
				check(test, fields[i], k % 2 == 1, rooms[k / 2]);
		/* And what the journal says. */
		static const char *const words[] = {"aa", "zz", "logon"};
		for (int i = 0; i < 3; i++) {
			struct journal_entry entry = {.reviewer = span_string("R"),
				.id = {KIND_EVENT, 5 + 20 * i},
				.field = span_string("action"),
				.after = span_string(words[i])};
			WORKS(test, journal_set(test->file, &entry, &test->error));
		}
	}
}

static void stopped_and_damaged(void **state)
{
	struct test_case *test = *state;
	uint32_t seed = 7, ids[ROWS + 1];
	struct bits set = {0};
	fill(test, &seed);
	for (uint64_t id = 1; id <= ROWS + 1; id++)
		assert_true(bits_add(&set, id));
	atomic_bool cancel = true;
	struct arrange arrange = {.kind = KIND_EVENT,
		.field = kind_field_find(KIND_EVENT, span_string("message")),
		.set = &set,
		.cancel = &cancel};
	assert_false(arrange_ids(test->file, &arrange, ids, ROWS + 1, &test->error));
	assert_int_equal(test->error.code, ERROR_CANCELLED);
	/* An id without a text. */
	cancel = false;
	assert_false(arrange_ids(test->file, &arrange, ids, ROWS + 1, &test->error));
	assert_int_equal(test->error.code, ERROR_CASE_DAMAGED);
	assert_false(arrange_takes(KIND_EVENT, kind_info(KIND_EVENT)->sort_field));
	assert_false(arrange_takes(KIND_HOST, 0));
	bits_free(&set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(as_sorted, test_begin, test_end),
		cmocka_unit_test_setup_teardown(stopped_and_damaged, test_begin, test_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
