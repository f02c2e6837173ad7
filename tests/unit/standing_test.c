/* How claims stand: on small cases made here, and on the bundled one when it was built. Stated
 * counts against rows. */
#include "case_support.h"

#include "base/buffer.h"
#include "claims/count.h"
#include "claims/standing.h"

#define EXAMPLE "build/mitsubishi-electric-2020.breach"

/* The tests change a case between questions, so each question reads it anew. */
static bool standing_once(const struct case_file *file, int64_t claim,
	struct claim_standing *standing, struct error *error)
{
	struct standings *standings = standings_open(file, error);
	bool good = standings && standing_of(standings, claim, standing, error);
	standings_close(standings);
	return good;
}

static int64_t next_conflict_once(
	const struct case_file *file, int64_t after, bool backwards, struct error *error)
{
	struct standings *standings = standings_open(file, error);
	int64_t claim = standings ? standing_next_conflict(standings, after, backwards, error) : -1;
	standings_close(standings);
	return claim;
}

static void link_up(struct test_case *test, struct writer *writer, struct record_id from,
	const char *type, struct record_id to, const char *detail)
{
	struct draft_link link = {
		.from = from, .to = to, .type = span_string(type), .detail = span_string(detail)};
	WORKS(test, writer_link(writer, &link, &test->error));
}

static struct record_id claim(
	struct test_case *test, struct writer *writer, const char *const *words)
{
	return (struct record_id){KIND_CLAIM, test_record(test, writer, KIND_CLAIM, words)};
}

/* A statement of a speaker in a document, with a stance on a claim. */
static struct record_id says(struct test_case *test, struct writer *writer, const char *speaker,
	const char *document, const char *stance, struct record_id on, const char *strength)
{
	char words[2][80];
	snprintf(words[0], sizeof words[0], "speaker=%s", speaker);
	snprintf(words[1], sizeof words[1], "document=%s", document);
	struct record_id statement = {KIND_STATEMENT,
		test_record(test, writer, KIND_STATEMENT, WORDS(words[0], "gist=g", words[1]))};
	link_up(test, writer, statement, stance, on, strength);
	return statement;
}

static struct record_id document(struct test_case *test, struct writer *writer, const char *title)
{
	char word[80];
	snprintf(word, sizeof word, "title=%s", title);
	return (struct record_id){
		KIND_DOCUMENT, test_record(test, writer, KIND_DOCUMENT, WORDS(word))};
}

static const char *stands(struct test_case *test, struct record_id id)
{
	static struct buffer text;
	struct claim_standing standing;
	WORKS(test, standing_once(test->file, id.id, &standing, &test->error));
	buffer_clear(&text);
	standing_text(&standing, &text);
	return text.data;
}

#define STANDS(id, text) assert_string_equal(stands(test, id), text)

static void by_voices(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "claims.csv");
	document(test, writer, "one");
	document(test, writer, "two");
	struct record_id nobody = claim(test, writer, WORDS("text=nobody", "object=a"));
	struct record_id silent = claim(test, writer, WORDS("text=silent", "object=b"));
	struct record_id single = claim(test, writer, WORDS("text=single", "object=c"));
	struct record_id agreed = claim(test, writer, WORDS("text=agreed", "object=d"));
	struct record_id disputed = claim(test, writer, WORDS("text=disputed", "object=e"));
	struct record_id denied = claim(test, writer, WORDS("text=denied", "object=f"));
	says(test, writer, "Firm", "one", "silent", silent, NULL);
	says(test, writer, "Press", "one", "declines", silent, NULL);
	says(test, writer, "Firm", "one", "asserts", single, "flat");
	says(test, writer, "FIRM", "two", "asserts", single, "hedged");
	says(test, writer, "Firm", "one", "asserts", agreed, "hedged");
	says(test, writer, "Press", "two", "asserts", agreed, "flat");
	says(test, writer, "Firm", "one", "denies", disputed, "no evidence found");
	says(test, writer, "Press", "one", "asserts", disputed, "flat");
	says(test, writer, "Third", "one", "silent", disputed, NULL);
	says(test, writer, "Firm", "one", "denies", denied, "flat");
	says(test, writer, "Press", "one", "denies", denied, "flat");
	test_finish(test, writer);
	STANDS(nobody, "unsupported");
	STANDS(silent, "unsupported, 2 silent");
	STANDS(single, "single source");
	STANDS(agreed, "uncontested, 2 voices");
	STANDS(disputed, "disputed, 1 for, 1 against, 1 silent, one document");
	STANDS(denied, "uncontested, 2 voices, against, one document");
	struct claim_standing standing;
	assert_false(standing_once(test->file, 99, &standing, &test->error));
	assert_int_equal(test->error.code, ERROR_USAGE);
}

static void a_relay_is_its_origin(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "claims.csv");
	document(test, writer, "one");
	document(test, writer, "two");
	struct record_id firm = {
		KIND_PARTY, test_record(test, writer, KIND_PARTY, WORDS("name=Firm"))};
	struct record_id relayed = claim(test, writer, WORDS("text=relayed", "object=a"));
	struct record_id chained = claim(test, writer, WORDS("text=chained", "object=b"));
	struct record_id endless = claim(test, writer, WORDS("text=endless", "object=c"));
	says(test, writer, "Firm", "one", "denies", relayed, "flat");
	struct record_id minister =
		says(test, writer, "Minister", "two", "denies", relayed, "flat");
	link_up(test, writer, minister, "relays", firm, NULL);
	/* Whoever relays the relay adds no voice. */
	struct record_id first = says(test, writer, "Firm", "one", "asserts", chained, "flat");
	struct record_id second = says(test, writer, "Press", "one", "asserts", chained, "flat");
	struct record_id third = says(test, writer, "Paper", "two", "asserts", chained, "flat");
	link_up(test, writer, third, "relays", second, NULL);
	link_up(test, writer, second, "relays", first, NULL);
	/* Two that relay each other have no origin, and end. */
	struct record_id one = says(test, writer, "A", "one", "asserts", endless, "flat");
	struct record_id two = says(test, writer, "B", "one", "asserts", endless, "flat");
	link_up(test, writer, one, "relays", two, NULL);
	link_up(test, writer, two, "relays", one, NULL);
	test_finish(test, writer);
	STANDS(relayed, "single source, against");
	STANDS(chained, "single source");
	struct claim_standing standing;
	WORKS(test, standing_once(test->file, endless.id, &standing, &test->error));
}

static void one_voice_both_ways(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "claims.csv");
	document(test, writer, "one");
	document(test, writer, "two");
	struct record_id hedged = claim(test, writer, WORDS("text=hedged", "object=a"));
	struct record_id flat = claim(test, writer, WORDS("text=flat", "object=b"));
	struct record_id inside = claim(test, writer, WORDS("text=inside", "object=c"));
	struct record_id later = claim(test, writer, WORDS("text=later", "object=d"));
	struct record_id other = claim(test, writer, WORDS("text=other", "object=e"));
	says(test, writer, "Firm", "one", "denies", hedged, "no evidence found");
	says(test, writer, "Firm", "one", "asserts", hedged, "hedged");
	says(test, writer, "Firm", "one", "denies", flat, "flat");
	says(test, writer, "Firm", "two", "asserts", flat, "flat");
	/* Told to be silent on what it says: on one occasion, and on two. */
	says(test, writer, "Firm", "one", "asserts", inside, "flat");
	says(test, writer, "Firm", "one", "silent", inside, NULL);
	says(test, writer, "Firm", "one", "silent", later, NULL);
	says(test, writer, "Firm", "two", "asserts", later, "flat");
	says(test, writer, "Press", "one", "asserts", other, "flat");
	says(test, writer, "Firm", "one", "silent", other, NULL);
	test_finish(test, writer);
	STANDS(hedged, "single source, leaning both ways, one document");
	STANDS(flat, "disputed, 1 for, 1 against");
	STANDS(inside, "in tension: said, and told to be silent on it, 1 silent, one document");
	STANDS(later, "single source, 1 silent");
	STANDS(other, "single source, 1 silent, one document");
}

static void claims_near_each_other(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "claims.csv");
	document(test, writer, "one");
	document(test, writer, "two");
	struct record_id no_leak = claim(test, writer,
		WORDS("text=leak", "act=leaked", "object=power data", "qualifier=sensitive"));
	struct record_id access = claim(test, writer,
		WORDS("text=access", "act=accessed", "object=company data; Power Data"));
	struct record_id autos =
		claim(test, writer, WORDS("text=autos", "act=accessed", "object=company data"));
	struct record_id linked =
		claim(test, writer, WORDS("text=linked", "act=leaked", "object=turbines"));
	struct record_id same_voice = claim(test, writer,
		WORDS("text=same voice", "act=copied", "object=power data", "scope=here"));
	struct record_id twin_a =
		claim(test, writer, WORDS("text=twin", "act=sold", "object=plans", "period=July"));
	struct record_id twin_b = claim(
		test, writer, WORDS("text=twin again", "act=Sold", "object=Plans", "period=july"));
	says(test, writer, "Firm", "one", "denies", no_leak, "flat");
	says(test, writer, "Press", "two", "asserts", access, "flat");
	says(test, writer, "Press", "two", "asserts", autos, "flat");
	says(test, writer, "Press", "two", "asserts", linked, "flat");
	says(test, writer, "Firm", "one", "asserts", same_voice, "flat");
	link_up(test, writer, linked, "narrows", no_leak, NULL);
	says(test, writer, "Firm", "one", "denies", twin_a, "flat");
	says(test, writer, "Press", "two", "asserts", twin_b, "flat");
	test_finish(test, writer);
	STANDS(no_leak, "in tension: act, qualifier, one document");
	STANDS(access, "in tension: act, qualifier, one document");
	STANDS(autos, "single source, one document");
	STANDS(linked, "in tension: object, qualifier, one document");
	STANDS(same_voice, "single source, one document");
	/* All five agree: they meet, and dispute each other. */
	STANDS(twin_a, "disputed, 0 for, 1 against, one document");
	STANDS(twin_b, "disputed, 1 for, 0 against, one document");
	struct claim_standing standing;
	WORKS(test, standing_once(test->file, access.id, &standing, &test->error));
	assert_int_equal(standing.against, no_leak.id);
}

static void documents_speak_and_rest_on_others(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "claims.csv");
	struct record_id report = {KIND_DOCUMENT,
		test_record(test, writer, KIND_DOCUMENT, WORDS("title=report", "publisher=Paper"))};
	struct record_id release = document(test, writer, "release");
	link_up(test, writer, release, "rests_on", report, NULL);
	struct record_id first = claim(test, writer, WORDS("text=first", "object=a"));
	struct record_id second = claim(test, writer, WORDS("text=second", "object=b"));
	link_up(test, writer, report, "asserts", first, "flat");
	says(test, writer, "Paper", "report", "asserts", first, "flat");
	says(test, writer, "Firm", "release", "denies", first, "flat");
	/* A later stance of the same statement takes the place of the earlier one. */
	struct record_id changed = says(test, writer, "Firm", "release", "asserts", second, "flat");
	link_up(test, writer, changed, "denies", second, "hedged");
	test_finish(test, writer);
	STANDS(first, "disputed, 1 for, 1 against, one document");
	STANDS(second, "single source, against, one document");
}

static int64_t next(struct test_case *test, int64_t after, bool backwards)
{
	int64_t id = next_conflict_once(test->file, after, backwards, &test->error);
	WORKS(test, id >= 0);
	return id;
}

static void walking_conflicts(void **state)
{
	struct test_case *test = *state;
	struct writer *writer = test_writer(test, "claims.csv");
	document(test, writer, "one");
	assert_int_equal(next(test, 0, false), 0);
	struct record_id ids[5];
	for (int i = 0; i < 5; i++) {
		char object[20];
		snprintf(object, sizeof object, "object=%d", i);
		ids[i] = claim(test, writer, WORDS("text=c", object));
		says(test, writer, "Firm", "one", "asserts", ids[i], "flat");
		if (i == 1 || i == 3)
			says(test, writer, "Press", "one", "denies", ids[i], "flat");
	}
	test_finish(test, writer);
	assert_int_equal(next(test, 0, false), ids[1].id);
	assert_int_equal(next(test, ids[1].id, false), ids[3].id);
	assert_int_equal(next(test, ids[3].id, false), ids[1].id);
	assert_int_equal(next(test, ids[3].id, true), ids[1].id);
	assert_int_equal(next(test, ids[1].id, true), ids[3].id);
	assert_int_equal(next(test, ids[4].id, true), ids[3].id);
	assert_int_equal(next(test, 0, true), ids[3].id);
	assert_int_equal(next(test, 9999, false), ids[1].id);
}

/* ---- counts ---- */

static const char *counts(struct test_case *test, int64_t id, struct claim_count *count)
{
	static struct buffer text;
	WORKS(test, count_of(test->file, id, NULL, count, &test->error));
	buffer_clear(&text);
	buffer_add(&text, "", 0);
	count_text(count, &text);
	return text.data;
}

static void add_host(struct test_case *test, struct writer *writer, const char *name,
	enum basis basis, int64_t most)
{
	struct test_draft made;
	char word[80];
	snprintf(word, sizeof word, "name=%s", name);
	test_draft(&made, KIND_HOST, WORDS(word, "type=server"));
	made.draft.basis = basis;
	made.draft.stands_max = most;
	WORKS(test, writer_record(writer, &made.draft, &(int64_t){0}, NULL, &test->error));
}

static void add_event(struct test_case *test, struct writer *writer, const char *message,
	const char *action, enum basis basis)
{
	struct test_draft made;
	char words[2][80];
	snprintf(words[0], sizeof words[0], "message=%s", message);
	snprintf(words[1], sizeof words[1], "action=%s", action);
	test_draft(&made, KIND_EVENT, WORDS(words[0], words[1]));
	made.draft.basis = basis;
	WORKS(test, writer_record(writer, &made.draft, &(int64_t){0}, NULL, &test->error));
}

static void stated_counts(void **state)
{
	struct test_case *test = *state;
	static const struct {
		const char *least, *most, *counts, *text;
	} cases[] = {
		{"quantity_min=3", NULL, "counts=kind = host and type = server",
			"2 of 3+ accounted for"},
		{"quantity_min=2", NULL, "counts=kind = host", "accounted for"},
		{"quantity_min=2", "quantity_max=2", "counts=kind = host", "accounted for"},
		{"quantity_min=5", "quantity_max=5", "counts=kind = host", "2 of 5 accounted for"},
		{"quantity_min=4", "quantity_max=9", "counts=kind = host",
			"2 of 4 to 9 accounted for"},
		{"quantity_min=1", "quantity_max=1", "counts=kind = host",
			"contradicts: 2 found, 1 stated"},
		{"quantity=few", "quantity_max=1", "counts=kind = host",
			"contradicts: 2 found, up to 1 stated"},
		{"quantity_min=3", NULL, "counts=kind = host and status = confirmed",
			"0 of 3+ accounted for"},
		{"quantity_min=3", NULL, "unit=hosts",
			"not comparable: no filter says what to count"},
		{"quantity=dozens", NULL, "counts=kind = host",
			"not comparable: nobody has read its words as a number"},
		{"quantity_min=9", "quantity_max=3", "counts=kind = host",
			"not comparable: its bounds are no interval of numbers"},
		{"quantity_min=3", NULL, "counts=type = server",
			"not comparable: its filter does not begin with a kind (kind = host and "
			"...)"},
		{"quantity_min=3", NULL, "counts=kind = host or type = server",
			"not comparable: its filter may pass for more than one kind"},
		{"quantity_min=3", NULL, "counts=kind = host and tyqe = server",
			"not comparable: its filter: host records have no field `tyqe`; did you "
			"mean: type"},
		{"quantity_min=3", NULL,
			"counts=kind = host and not name ~ /^((W|WW)+)+$/ and name ~ /W/",
			"not comparable: a limit was met before every row was decided"},
		{"unit=hosts", NULL, "counts=kind = host", ""},
		{"quantity_min=3", NULL, "counts=kind = event", "accounted for"},
		{"quantity_min=3", NULL, "counts=kind = event and message ~ /log.n/",
			"2 of 3+ accounted for"},
		{"quantity_min=3", NULL,
			"counts=kind = event and action = logon and not basis = observed",
			"1 of 3+ accounted for"},
	};
	int64_t ids[ARRAY_LENGTH(cases)];
	struct writer *writer = test_writer(test, "claims.csv");
	add_host(test, writer, "S1", BASIS_REPORTED, 1);
	add_host(test, writer, "WWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWWW2", BASIS_OBSERVED, 1);
	add_host(test, writer, "server #01", BASIS_PLACEHOLDER, 1);
	add_host(test, writer, "server #02", BASIS_PLACEHOLDER, 1);
	add_host(test, writer, "dozens", BASIS_REPORTED, INT64_MAX);
	add_event(test, writer, "a login by night", "logon", BASIS_OBSERVED);
	add_event(test, writer, "a logon", "logon", BASIS_REPORTED);
	add_event(test, writer, "a logon that was told of", "logon", BASIS_PLACEHOLDER);
	add_event(test, writer, "a file was read", "read", BASIS_OBSERVED);
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
		ids[i] = claim(test, writer,
			WORDS("text=a count", cases[i].least, cases[i].counts, cases[i].most))
				 .id;
	test_finish(test, writer);
	struct claim_count count;
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++)
		assert_string_equal(counts(test, ids[i], &count), cases[i].text);
	counts(test, ids[0], &count);
	assert_int_equal(count.rows, 2);
	assert_int_equal(count.placeholders, 2);
	assert_int_equal(count.groups, 1);
	atomic_bool cancel = true;
	assert_false(count_of(test->file, ids[0], &cancel, &count, &test->error));
	assert_int_equal(test->error.code, ERROR_CANCELLED);
	assert_false(count_of(test->file, 999, NULL, &count, &test->error));
	assert_int_equal(test->error.code, ERROR_USAGE);
}

/* ---- the bundled case ---- */

static const struct {
	const char *claim, *standing;
	int64_t against_some; /* whether it is against another claim */
} bundled[] = {
	{"Mitsubishi Electric was attacked", "uncontested, 3 voices, one document", 0},
	{"sensitive data leaked in the defense industry",
		"in tension: act, qualifier, scope, one document", 1},
	{"sensitive data leaked in the electric industry",
		"in tension: act, qualifier, scope, one document", 1},
	{"data of the Defense Ministry hacked", "in tension: act, qualifier, scope, one document",
		1},
	{"data on telecommunications companies accessed", "single source, one document", 0},
	{"data on companies in the auto industry accessed", "single source, one document", 0},
	{"classified information on technology compromised",
		"in tension: act, qualifier, scope, one document", 1},
	{"vital information on customers compromised",
		"in tension: act, qualifier, scope, one document", 1},
	{"confidential corporate information leaked", "uncontested, 2 voices, one document", 0},
	{"personal information leaked", "single source, one document", 0},
	{"the breach did damage or had an impact", "single source, leaning both ways, one document",
		0},
	{"the company's statement names kinds of information that may have leaked",
		"in tension: said, and told to be silent on it, 1 silent, one document", 0},
	{"Tick was behind the attacks", "single source, 1 silent, one document", 0},
	{"the company suspects Tick", "single source, 1 silent, one document", 0},
	{"the company first became aware in Japan in late June", "single source, one document", 0},
	{"unauthorized access began at an affiliate in China", "single source, one document", 0},
};

static void hold_bundled_standings(struct test_case *test)
{
	for (size_t i = 0; i < ARRAY_LENGTH(bundled); i++) {
		int64_t id = record_find_named(
			test->file, KIND_CLAIM, span_string(bundled[i].claim), &test->error);
		WORKS(test, id > 0);
		STANDS(((struct record_id){KIND_CLAIM, id}), bundled[i].standing);
		struct claim_standing standing;
		WORKS(test, standing_once(test->file, id, &standing, &test->error));
		assert_int_equal(
			standing.against != 0 && standing.against != id, bundled[i].against_some);
	}
}

static void hold_bundled_counts(struct test_case *test)
{
	static const struct {
		const char *claim, *text;
	} stated[] = {
		{"more than 40 servers breached", "0 of 41+ accounted for"},
		{"more than 120 terminals breached", "0 of 121+ accounted for"},
		{"information of more than 10 government bodies hacked", "5 of 11+ accounted for"},
		{"data on dozens of leading companies accessed", "0 of 24+ accounted for"},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(stated); i++) {
		struct claim_count count;
		int64_t id = record_find_named(
			test->file, KIND_CLAIM, span_string(stated[i].claim), &test->error);
		WORKS(test, id > 0);
		assert_string_equal(counts(test, id, &count), stated[i].text);
	}
}

static void bundled_case(void **state)
{
	struct test_case test = {0};
	(void)state;
	if (access(EXAMPLE, R_OK) != 0) {
		print_message("%s is not there: skipped\n", EXAMPLE);
		skip();
	}
	snprintf(test.path, sizeof test.path, "%s", EXAMPLE);
	test_open(&test, CASE_READ);
	hold_bundled_standings(&test);
	hold_bundled_counts(&test);
	/* No claim of it is disputed, and the walk comes round. */
	int64_t first = next(&test, 0, false), id = first;
	int conflicts = 0;
	do {
		struct claim_standing standing;
		WORKS(&test, standing_once(test.file, id, &standing, &test.error));
		assert_int_equal(standing.standing, STANDING_TENSION);
		id = next(&test, id, false);
	} while (++conflicts < 100 && id != first);
	assert_int_equal(conflicts, 12);
	case_close(test.file);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, test_begin, test_end)
	const struct CMUnitTest tests[] = {
		TEST(by_voices),
		TEST(a_relay_is_its_origin),
		TEST(one_voice_both_ways),
		TEST(claims_near_each_other),
		TEST(documents_speak_and_rest_on_others),
		TEST(walking_conflicts),
		TEST(stated_counts),
		cmocka_unit_test(bundled_case),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
