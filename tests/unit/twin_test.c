/* Events that several sources tell of: held once, whoever tells of them. */
#include "case_support.h"

#include "casefile/link.h"
#include "casefile/listing.h"
#include "casefile/statement.h"
#include "casefile/twin.h"
#include "casefile/undo.h"
#include "casefile/verify.h"

#define FORMAT "csv" /* as test_writer says */
#define KEY "host+uid|uid"

/* One import at work. */
struct giving {
	struct test_case *test;
	struct writer *writer;
	struct twins *twins;
	uint64_t start;
	int64_t counts[TWIN_CROWDED + 1];
};

static struct giving begin(struct test_case *test, const char *name)
{
	struct giving giving = {.test = test, .writer = test_writer(test, name)};
	WORKS(test, twins_open(test->file, giving.writer, span_string(FORMAT), &giving.twins,
			    &test->error));
	return giving;
}

static enum twin give(struct giving *giving, const char *const *words)
{
	struct test_case *test = giving->test;
	struct test_draft made;
	enum twin what = TWIN_NONE;
	int64_t id = 0;
	test_draft(&made, KIND_EVENT, words);
	made.draft.natural = KEY;
	made.draft.start = giving->start++ % 900;
	made.draft.end = made.draft.start + 10;
	if (giving->twins)
		WORKS(test, twins_find(giving->twins, &made.draft, &what, &id, &test->error));
	if (what == TWIN_SAME)
		WORKS(test, writer_again(giving->writer, &made.draft, id, &test->error));
	else
		WORKS(test, writer_record(giving->writer, &made.draft, &id, NULL, &test->error));
	giving->counts[what]++;
	return what;
}

static void end(struct giving *giving)
{
	twins_close(giving->twins);
	test_finish(giving->test, giving->writer);
}

static void undo(struct test_case *test, int64_t source)
{
	WORKS(test, undo_import(test->file, source, span_string("me"), 1, span_string(NULL),
			    &test->error));
}

static int64_t listed(struct test_case *test)
{
	struct listing *listing;
	int64_t id, count = 0;
	int more;
	WORKS(test, listing = listing_open(test->file, KIND_EVENT, -1, false, &test->error));
	while ((more = listing_next(listing, &id, &test->error)) > 0)
		count++;
	assert_int_equal(more, 0);
	listing_close(listing);
	return count;
}

static void same_time_key_and_words(void **state)
{
	struct test_case *test = *state;
	struct giving giving = begin(test, "a");
	assert_null(giving.twins);
	give(&giving, WORDS("time=2020-01-20T00:00:00Z", "host=ws01", "uid=1", "message=m"));
	give(&giving, WORDS("time=2020-01-20T00:00:00Z", "uid=2", "message=m\xff\x1a"));
	give(&giving, WORDS("host=ws01", "uid=3"));
	give(&giving, WORDS("time=2020-01-20T00:00:00Z", "host=ws01", "message=no key"));
	end(&giving);
	giving = begin(test, "b");
	assert_non_null(giving.twins);
	/* Another time, another key, other words, other cells. */
	assert_int_equal(give(&giving, WORDS("time=2020-01-20T00:00:01Z", "host=ws01", "uid=1",
					       "message=m")),
		TWIN_NONE);
	assert_int_equal(give(&giving, WORDS("time=2020-01-20T00:00:00Z", "host=ws02", "uid=1",
					       "message=m")),
		TWIN_NONE);
	assert_int_equal(give(&giving, WORDS("time=2020-01-20T00:00:00Z", "host=ws01", "uid=1",
					       "message=n")),
		TWIN_OTHERWISE);
	assert_int_equal(give(&giving, WORDS("time=2020-01-20T00:00:00Z", "host=ws01", "uid=1")),
		TWIN_OTHERWISE);
	assert_int_equal(give(&giving, WORDS("time=2020-01-20T00:00:00Z", "host=ws01", "uid=1",
					       "message=m", "more=x")),
		TWIN_OTHERWISE);
	assert_int_equal(
		give(&giving, WORDS("time=2020-01-20T00:00:00Z", "host=ws01", "uid=1", "note=m")),
		TWIN_OTHERWISE);
	/* Undated, or without a key. */
	assert_int_equal(give(&giving, WORDS("host=ws01", "uid=3")), TWIN_NONE);
	assert_int_equal(
		give(&giving, WORDS("time=2020-01-20T00:00:00Z", "host=ws01", "message=no key")),
		TWIN_NONE);
	/* The image of a byte that is no UTF-8 is not the byte. */
	assert_int_equal(
		give(&giving, WORDS("time=2020-01-20T00:00:00Z", "uid=2", "message=m\x1a\x1a")),
		TWIN_OTHERWISE);
	assert_int_equal(
		give(&giving, WORDS("time=2020-01-20T00:00:00Z", "uid=2", "message=m\xff\x1a")),
		TWIN_SAME);
	/* In another order, the time in another zone's words is another time's. */
	assert_int_equal(give(&giving, WORDS("uid=1", "message=m", "host=ws01",
					       "time=2020-01-20T00:00:00Z")),
		TWIN_SAME);
	/* Each is told of once. */
	assert_int_equal(give(&giving, WORDS("uid=1", "message=m", "host=ws01",
					       "time=2020-01-20T00:00:00Z")),
		TWIN_NONE);
	end(&giving);
	assert_int_equal(listed(test), 4 + 10);
}

static void another_basis_or_format(void **state)
{
	struct test_case *test = *state;
	struct giving giving = begin(test, "a");
	give(&giving, WORDS("time=2020-01-20", "uid=1"));
	end(&giving);
	struct test_draft made;
	struct twins *twins;
	enum twin what;
	int64_t id;
	test_draft(&made, KIND_EVENT, WORDS("time=2020-01-20", "uid=1"));
	made.draft.natural = KEY;
	WORKS(test, twins_open(test->file, NULL, span_string(FORMAT), &twins, &test->error));
	made.draft.basis = BASIS_REPORTED;
	WORKS(test, twins_find(twins, &made.draft, &what, &id, &test->error));
	assert_int_equal(what, TWIN_NONE);
	made.draft.basis = BASIS_OBSERVED;
	made.draft.by = span_string("amy");
	WORKS(test, twins_find(twins, &made.draft, &what, &id, &test->error));
	assert_int_equal(what, TWIN_NONE);
	made.draft.by = span_string(NULL);
	WORKS(test, twins_find(twins, &made.draft, &what, &id, &test->error));
	assert_int_equal(what, TWIN_SAME);
	assert_int_equal(id, 1);
	twins_close(twins);
	WORKS(test, twins_open(test->file, NULL, span_string("other"), &twins, &test->error));
	assert_null(twins);
	/* What can't be seen is no twin. */
	undo(test, 1);
	WORKS(test, twins_open(test->file, NULL, span_string(FORMAT), &twins, &test->error));
	WORKS(test, twins_find(twins, &made.draft, &what, &id, &test->error));
	assert_int_equal(what, TWIN_NONE);
	twins_close(twins);
}

/* More events of one time than are remembered: they are not told, and that is. */
static void a_crowded_time(void **state)
{
	struct test_case *test = *state;
	char uid[32];
	struct giving giving = begin(test, "a");
	for (int i = 0; i <= 1 << 18; i++) {
		snprintf(uid, sizeof uid, "uid=%d", i);
		give(&giving, WORDS("time=2020-01-20", uid));
	}
	give(&giving, WORDS("time=2020-01-19", "uid=before"));
	give(&giving, WORDS("time=2020-01-21", "uid=after"));
	end(&giving);
	giving = begin(test, "b");
	assert_int_equal(give(&giving, WORDS("time=2020-01-19", "uid=before")), TWIN_SAME);
	for (int i = 0; i < 1000; i++) {
		snprintf(uid, sizeof uid, "uid=%d", i);
		assert_int_equal(give(&giving, WORDS("time=2020-01-20", uid)), TWIN_CROWDED);
	}
	assert_int_equal(give(&giving, WORDS("time=2020-01-21", "uid=after")), TWIN_SAME);
	end(&giving);
}

/* More copies than are remembered are written again. */
static void many_copies(void **state)
{
	struct test_case *test = *state;
	struct giving giving = begin(test, "a");
	for (int i = 0; i < 1100; i++)
		give(&giving, WORDS("time=2020-01-20", "uid=1"));
	end(&giving);
	giving = begin(test, "b");
	for (int i = 0; i < 1100; i++)
		give(&giving, WORDS("time=2020-01-20", "uid=1"));
	assert_int_equal(giving.counts[TWIN_SAME], 1024);
	end(&giving);
	assert_int_equal(listed(test), 1100 + 1100 - 1024);
}

/* ---- sources at random, held against a count by hand ---- */

#define SOURCES 6
#define HOSTS 3
#define TIMES 40
#define MESSAGES 2
#define CONTENTS (HOSTS * TIMES * MESSAGES)

static uint32_t draw(uint32_t *seed, uint32_t below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed % below;
}

struct model {
	int copies[SOURCES][CONTENTS];
	bool ready[SOURCES];
};

/* Each event as often as the source of those to be seen that tells of it most often. */
static int64_t expected(const struct model *model, int host)
{
	int64_t sum = 0;
	for (int content = 0; content < CONTENTS; content++) {
		int most = 0;
		for (int source = 0; source < SOURCES; source++)
			if (model->ready[source] && model->copies[source][content] > most)
				most = model->copies[source][content];
		if (host < 0 || content % HOSTS == host)
			sum += most;
	}
	return sum;
}

/* How many events the summary counts for a host. */
static int64_t summed(struct test_case *test, int host)
{
	char name[16];
	struct related_list list = {0};
	int64_t count = 0;
	snprintf(name, sizeof name, "ws%d", host);
	int64_t id = record_find_named(test->file, KIND_HOST, span_string(name), &test->error);
	WORKS(test, id >= 0);
	if (id == 0)
		return 0;
	WORKS(test, link_related(test->file, (struct record_id){KIND_HOST, id}, 100, &list,
			    &test->error));
	for (int i = 0; i < list.count; i++)
		if (list.items[i].id.kind == KIND_EVENT && list.items[i].id.id == 0)
			count += list.items[i].count;
	related_list_free(&list);
	return count;
}

static int64_t scanned(struct test_case *test)
{
	struct record record = {0};
	struct record_reader *reader;
	enum record_result result;
	int64_t count = 0;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	while ((result = record_next(reader, KIND_EVENT, record.id.id, &record, &test->error)) ==
		RECORD_FOUND)
		count++;
	assert_int_equal(result, RECORD_NONE);
	record_reader_close(reader);
	record_free(&record);
	return count;
}

static void check(struct test_case *test, const struct model *model)
{
	struct verify_result result = {0};
	assert_int_equal(listed(test), expected(model, -1));
	assert_int_equal(scanned(test), expected(model, -1));
	for (int host = 0; host < HOSTS; host++)
		assert_int_equal(summed(test, host), expected(model, host));
	WORKS(test, verify_case(test->file, &(struct verify_options){.found = NULL}, &result,
			    &test->error));
	assert_int_equal(result.errors, 0);
}

static void give_content(struct giving *giving, int content)
{
	char time[40], host[16], uid[16], message[16];
	snprintf(time, sizeof time, "time=2020-01-20T00:00:%02dZ", content / HOSTS % TIMES);
	snprintf(host, sizeof host, "host=ws%d", content % HOSTS);
	snprintf(uid, sizeof uid, "uid=%d", content / HOSTS % TIMES);
	snprintf(message, sizeof message, "message=%d", content / HOSTS / TIMES);
	give(giving, WORDS(time, host, uid, message));
}

static void import_at_random(
	struct test_case *test, struct model *model, int source, uint32_t *seed)
{
	struct giving giving = begin(test, "x");
	uint32_t rows = draw(seed, 300), from = draw(seed, CONTENTS);
	bool in_order = draw(seed, 2) == 0;
	for (uint32_t i = 0; i < rows; i++) {
		int content = (int)((in_order ? from + i : draw(seed, CONTENTS)) % CONTENTS);
		model->copies[source][content]++;
		give_content(&giving, content);
	}
	end(&giving);
	model->ready[source] = true;
}

static void sources_at_random(void **state)
{
	struct test_case *test = *state;
	uint32_t seed = 20200120;
	for (int round = 0; round < 12; round++) {
		struct model model = {.ready = {false}};
		case_close(test->file);
		unlink(test->path);
		test_open(test, CASE_CREATE);
		for (int source = 0; source < SOURCES; source++) {
			import_at_random(test, &model, source, &seed);
			check(test, &model);
			int taken_back = (int)draw(&seed, SOURCES);
			if (taken_back > source || !model.ready[taken_back])
				continue;
			undo(test, taken_back + 1);
			model.ready[taken_back] = false;
			check(test, &model);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, test_begin, test_end)
		TEST(same_time_key_and_words),
		TEST(another_basis_or_format),
		TEST(a_crowded_time),
		TEST(many_copies),
		TEST(sources_at_random),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
