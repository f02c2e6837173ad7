/* A timeline under keys at random: whatever was sorted, kept, excluded and narrowed, its rows are
 * those of a plain reading of the case, and the cursor stays on its record. */
#include "../search_support.h"

#include "casefile/listing.h"
#include "explore/session.h"
#include "search/filter.h"

#include <poll.h>

/* More than are shown at first, of two sources whose times lie among one another. */
#define EVENTS 700
/* KEYS in the environment asks for another number. */
#define KEYS 250
#define DEADLINE_MS 20000

static void import(struct test_case *test, struct dice *dice, const char *name)
{
	struct writer *writer = test_writer(test, name);
	for (int i = 0; i < EVENTS; i++) {
		char when[64], host[32], account[32], message[64];
		snprintf(when, sizeof when, "time=2019-07-%02uT%02u:00:00Z",
			1 + dice_below(dice, 28), dice_below(dice, 24));
		snprintf(host, sizeof host, "host=ws%u", dice_below(dice, 9));
		snprintf(account, sizeof account, "account=user%u", dice_below(dice, 4));
		snprintf(message, sizeof message, "message=%s number %u",
			dice_below(dice, 3) ? "logon" : "failed logon", dice_below(dice, 40));
		if (dice_below(dice, 5))
			test_record(test, writer, KIND_EVENT, WORDS(when, host, account, message));
		else
			test_record(test, writer, KIND_EVENT, WORDS(message, host));
	}
	test_finish(test, writer);
}

static struct session *begin(struct test_case *test)
{
	struct dice dice = {.state = 20200120};
	import(test, &dice, "one.csv");
	import(test, &dice, "two.csv");
	test_reopen(test, CASE_READ);
	struct case_file *file;
	WORKS(test, file = case_open(
			    test->path, &(struct case_options){.mode = CASE_READ}, &test->error));
	struct session *session;
	WORKS(test, session = session_new(file, &(struct session_options){0}, &test->error));
	session_resize(session, 120, 36);
	return session;
}

static void settle(struct session *session)
{
	session_refresh(session);
	while (!session_idle(session)) {
		struct pollfd woken = {.fd = session_wake_fd(session), .events = POLLIN};
		assert_int_equal(poll(&woken, 1, DEADLINE_MS), 1);
		session_wake(session);
		session_refresh(session);
	}
}

static void type(struct session *session, const char *keys)
{
	struct span text = span_string(keys);
	for (size_t at = 0; at < text.length;) {
		key_code key;
		assert_true(key_parse(text, &at, &key));
		assert_true(session_key(session, key));
		session_refresh(session);
	}
}

/* What the list is to show, read record by record. */
static void plain_rows(struct test_case *test, const struct list *list, struct rows *rows)
{
	struct filter *filters[LIST_MAX_FILTERS];
	int count = list->filters_off ? 0 : list->filter_count;
	struct record record = {0};
	struct record_reader *reader;
	struct listing *listing;
	int64_t id;
	for (int i = 0; i < count; i++)
		WORKS(test, filters[i] = filter_parse(span_string(list->filters[i].text),
				    KIND_EVENT, NULL, &test->error));
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	int field = list->sort < 0 ? kind_info(KIND_EVENT)->sort_field : list->sort;
	WORKS(test, listing = listing_open(
			    test->file, KIND_EVENT, field, list->descending, &test->error));
	while (listing_next(listing, &id, &test->error) > 0) {
		bool pass = true;
		assert_int_equal(
			record_read(reader, KIND_EVENT, id, &record, &test->error), RECORD_FOUND);
		for (int i = 0; i < count && pass; i++)
			pass = filter_match(filters[i], &record) == MATCH_YES;
		if (pass)
			assert_true(rows_add(rows, (uint32_t)id));
	}
	listing_close(listing);
	record_free(&record);
	record_reader_close(reader);
	for (int i = 0; i < count; i++)
		filter_free(filters[i]);
}

static void check(struct test_case *test, const struct list *list)
{
	struct rows plain = {0};
	plain_rows(test, list, &plain);
	assert_false(list->loading || list->partial || list->stopped);
	assert_int_equal(list->rows.count, plain.count);
	if (plain.count > 0)
		assert_memory_equal(
			list->rows.ids, plain.ids, (size_t)plain.count * sizeof *plain.ids);
	assert_int_equal(list->totals.all, 2 * EVENTS);
	int64_t hidden = 0;
	for (int i = 0; i < list->filter_count && !list->filters_off; i++)
		hidden += list->filters[i].hides;
	assert_int_equal(hidden, 2 * EVENTS - plain.count);
	rows_free(&plain);
}

static void rows_are_those_of_a_plain_reading(void **state)
{
	/* First those that move the cursor or go elsewhere, then those that leave it. */
	static const char *const commands[] = {"G", "gg", "<PgDn>", "<PgUp>", "12j", "700G",
		"1400G", "99999G", "/ws3<Enter>", "n", "7N", "gtgbgt", "gb<lt>", "gt", "l", "l",
		"h", "[", "]", ",", ",", "x", "x", "<BS>", "<BS>", "<BS>", "gf", "&failed<Enter>",
		"&number 1<Enter>", "<Esc>", "/log<Esc>"};
	const unsigned first_still = 14;
	struct test_case *test = *state;
	struct session *session = begin(test);
	struct dice dice = {.state = 7};
	const int wanted = getenv("KEYS") ? atoi(getenv("KEYS")) : KEYS;
	type(session, "gt");
	settle(session);
	for (int typed = 0; typed < wanted; typed++) {
		unsigned number = dice_below(&dice, ARRAY_LENGTH(commands));
		struct list *list = session_list(session);
		struct record_id id = list_selected(list, NULL);
		type(session, commands[number]);
		/* Several, at times, before the first is done. */
		if (dice_below(&dice, 3) == 0)
			type(session, commands[first_still + dice_below(&dice, 13)]);
		settle(session);
		bool stays = number >= first_still && session_list(session) == list;
		if (session_list(session)->kind != KIND_EVENT) {
			type(session, "gt");
			settle(session);
		} else if (stays && rows_find(&list->rows, (uint32_t)id.id) >= 0 &&
			   list_selected(list, NULL).id != id.id) {
			fail_msg("%s: the cursor left event:%lld", commands[number],
				(long long)id.id);
		}
		check(test, session_list(session));
	}
	session_free(session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			rows_are_those_of_a_plain_reading, test_begin, test_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
