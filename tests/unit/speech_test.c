/* Reported speech: a table of small texts, the bundled case's report, and texts made to be slow. */
#include "cmocka_all.h"

#include "../../tui/ingest/speech.h"
#include "base/buffer.h"
#include "base/error.h"

#include <stdio.h>
#include <time.h>

struct expected {
	const char *excerpt; /* of the statement, whole */
	const char *speaker;
	enum speech_direction direction;
	enum speech_form form;
};

#define EXPECTED 4
struct row {
	const char *text;
	struct expected statements[EXPECTED]; /* those that are not nested */
};

#define ASSERTS SPEECH_ASSERTS, SPEECH_INDIRECT

static const struct row rows[] = {
	/* Frames: that, no that, behind, in the middle, according to. */
	{"The mayor said that the pumps had failed.",
		{{"The mayor said that the pumps had failed.", "mayor", ASSERTS}}},
	{"The mayor said pumps had failed.",
		{{"The mayor said pumps had failed.", "mayor", ASSERTS}}},
	{"Pumps had failed, two neighbours said.",
		{{"Pumps had failed, two neighbours said.", "two neighbours", ASSERTS}}},
	{"Pumps had, the mayor said, failed twice.",
		{{"Pumps had, the mayor said, failed twice.", "mayor", ASSERTS}}},
	{"Pumps had failed, according to Ana Ruiz, a plumber.",
		{{"Pumps had failed, according to Ana Ruiz, a plumber.", "Ana Ruiz", ASSERTS}}},
	{"According to the mayor, pumps had failed. Nobody was surprised.",
		{{"According to the mayor, pumps had failed.", "mayor", ASSERTS}}},
	/* Quotations: around, inverted, colon, running on, single marks and apostrophes. */
	{"\"Pumps fail,\" said Ana Ruiz. \"We knew.\"",
		{{"\"Pumps fail,\" said Ana Ruiz. \"We knew.\"", "Ana Ruiz", SPEECH_ASSERTS,
			SPEECH_DIRECT}}},
	{"‘It’s the workers’ turn,’ Ana said.",
		{{"‘It’s the workers’ turn,’ Ana said.", "Ana", SPEECH_ASSERTS, SPEECH_DIRECT}}},
	{"“One,” Ana Ruiz said. “Two.\n\n“Three.”\n\nFour.",
		{{"“One,” Ana Ruiz said. “Two.\n\n“Three.”", "Ana Ruiz", SPEECH_ASSERTS,
			SPEECH_DIRECT}}},
	{"The mayor was brief: “Pumps fail.”",
		{{"The mayor was brief: “Pumps fail.”", "mayor", SPEECH_ASSERTS, SPEECH_DIRECT}}},
	{"The mayor called the pump “a museum piece”.",
		{{"The mayor called the pump “a museum piece”.", "mayor", SPEECH_ASSERTS,
			SPEECH_PART}}},
	{"It opened a file called “pump.txt”. People know it as “the Pump”.", {{0}}},
	/* Pronouns. */
	{"Mayor Ana Ruiz said pumps failed. The council said it paid. She said it had not. It "
	 "said so twice.",
		{{"Mayor Ana Ruiz said pumps failed.", "Mayor Ana Ruiz", ASSERTS},
			{"The council said it paid.", "council", ASSERTS},
			{"She said it had not.", "Mayor Ana Ruiz", SPEECH_DENIES, SPEECH_INDIRECT},
			{"It said so twice.", "council", ASSERTS}}},
	{"Two neighbours said the pump leaked. They said it was loud.",
		{{"Two neighbours said the pump leaked.", "Two neighbours", ASSERTS},
			{"They said it was loud.", "Two neighbours", ASSERTS}}},
	{"On 3 May Northern Pumps, Inc. (the \"Company\") slept. The Company said pumps leak.",
		{{"The Company said pumps leak.", "Northern Pumps, Inc.", ASSERTS}}},
	{"Northern Pumps (“the maker”) is old. The maker confirmed that pumps leak.",
		{{"The maker confirmed that pumps leak.", "Northern Pumps", ASSERTS}}},
	/* Clauses with a voice or a direction of their own. */
	{"The mayor said pumps failed, but the maker said they did not.",
		{{"The mayor said pumps failed", "mayor", ASSERTS},
			{"but the maker said they did not.", "maker", SPEECH_DENIES,
				SPEECH_INDIRECT}}},
	{"The mayor said pumps failed; the maker denied it.",
		{{"The mayor said pumps failed", "mayor", ASSERTS},
			{"the maker denied it.", "maker", SPEECH_DENIES, SPEECH_INDIRECT}}},
	{"The mayor said pumps failed and warned that more would.",
		{{"The mayor said pumps failed and warned that more would.", "mayor", ASSERTS}}},
	{"The mayor declined to comment and did not say why.",
		{{"The mayor declined to comment", "mayor", SPEECH_DECLINES, SPEECH_INDIRECT},
			{"and did not say why.", "mayor", SPEECH_SILENT, SPEECH_INDIRECT}}},
	{"The mayor's letter said pumps failed, but it did not name the maker.",
		{{"The mayor's letter said pumps failed", "mayor's letter", ASSERTS}}},
	{"The letter did not name the maker.",
		{{"The letter did not name the maker.", "letter", SPEECH_SILENT, SPEECH_INDIRECT}}},
	{"The mayor confirmed the leak but said that no pump was touched.",
		{{"The mayor confirmed the leak", "mayor", ASSERTS},
			{"but said that no pump was touched.", "mayor", SPEECH_DENIES,
				SPEECH_INDIRECT}}},
	{"As the mayor admits, pumps fail.",
		{{"As the mayor admits, pumps fail.", "mayor", ASSERTS}}},
	/* Voices without an agent, and with one behind "by". */
	{"The pump is said to have failed.",
		{{"The pump is said to have failed.", "(not stated)", ASSERTS}}},
	{"The mayor was told by telephone that the pump failed.",
		{{"The mayor was told by telephone that the pump failed.", "(not stated)",
			ASSERTS}}},
	{"The mayor was told by two plumbers that the pump failed.",
		{{"The mayor was told by two plumbers that the pump failed.", "two plumbers",
			ASSERTS}}},
	/* What is no reported speech. */
	{"The mayor believes that pumps fail. The logs show that they did. If a plumber tells you "
	 "so, leave.",
		{{0}}},
	{"The maker issued a statement. The maker has informed the mayor. You may say so.", {{0}}},
	{"She brought a pump, said to be quiet. Sales, reported separately on Monday, rose.",
		{{0}}},
	{"The pump's log says that it failed. Customers were told nothing. It may be said so.",
		{{0}}},
	/* Subjects: appositions, two of them, negated, behind an adjunct, with further verbs. */
	{"The maker, Northern Pumps, said so on Monday. In May, said its head, Ana Ruiz, it "
	 "rained.",
		{{"The maker, Northern Pumps, said so on Monday.", "Northern Pumps", ASSERTS},
			{"In May, said its head, Ana Ruiz, it rained.", "Ana Ruiz", ASSERTS}}},
	{"Neither the maker nor the mayor responded.",
		{{"Neither the maker nor the mayor responded.", "maker nor the mayor",
			SPEECH_SILENT, SPEECH_INDIRECT}}},
	{"On 3 May the mayor told the council to wait.",
		{{"On 3 May the mayor told the council to wait.", "mayor", SPEECH_OTHER,
			SPEECH_INDIRECT}}},
	{"The mayor would neither confirm nor deny the report.",
		{{"The mayor would neither confirm nor deny the report.", "mayor", SPEECH_OTHER,
			SPEECH_INDIRECT}}},
	{"“First.\n\n“Second,” the mayor said.",
		{{"“First.\n\n“Second,” the mayor said.", "mayor", SPEECH_ASSERTS, SPEECH_DIRECT}}},
	{"The mayor said pumps failed, while the maker said pipes did.",
		{{"The mayor said pumps failed", "mayor", ASSERTS},
			{"while the maker said pipes did.", "maker", ASSERTS}}},
	{"The mayor was quoted as saying that pumps fail.",
		{{"The mayor was quoted as saying that pumps fail.", "mayor", ASSERTS}}},
	/* Layout: BOM, dateline, wrapped lines, mixed line ends, lists, a transcript. */
	{"\xef\xbb\xbfPUMPTOWN, 3 May — The mayor said today\r\npumps failed.\n",
		{{"The mayor said today\r\npumps failed.", "mayor", ASSERTS}}},
	{"1. The mayor said pumps failed.\n\n2. Prices rose.\n",
		{{"The mayor said pumps failed.", "mayor", ASSERTS}}},
	{"The mayor calls on the maker\n\n• to pay;\n• to go.\n\nIt rained.",
		{{"The mayor calls on the maker\n\n• to pay;\n• to go.", "mayor", SPEECH_OTHER,
			SPEECH_INDIRECT}}},
	{"CHAIR: Did it fail?\n\nMS RUIZ: It did.\n\nTwice.\n\nCHAIR: Thank you.\n",
		{{"CHAIR: Did it fail?", "CHAIR", SPEECH_OTHER, SPEECH_DIRECT},
			{"MS RUIZ: It did.\n\nTwice.", "MS RUIZ", SPEECH_ASSERTS, SPEECH_DIRECT},
			{"CHAIR: Thank you.", "CHAIR", SPEECH_ASSERTS, SPEECH_DIRECT}}},
	{"[00:10] Host: Did it?\n[00:12] Guest: No.\n[00:14] Host: So.\n",
		{{"Host: Did it?", "Host", SPEECH_OTHER, SPEECH_DIRECT},
			{"Guest: No.", "Guest", SPEECH_DENIES, SPEECH_DIRECT},
			{"Host: So.", "Host", SPEECH_ASSERTS, SPEECH_DIRECT}}},
	{"On Jan. 20 Dr. Ruiz said pumps of Northern Corp. failed at 3 p.m. on Monday.",
		{{"On Jan. 20 Dr. Ruiz said pumps of Northern Corp. failed at 3 p.m. on Monday.",
			"Dr. Ruiz", ASSERTS}}},
};

static void check_row(const struct row *row)
{
	struct speech_list list;
	struct error error;
	size_t next = 0;
	assert_true(speech_find(span_string(row->text), &list, &error));
	for (size_t i = 0; i < list.count; i++) {
		const struct speech *speech = &list.items[i];
		if (speech->nested)
			continue;
		struct span excerpt =
			span_slice(span_string(row->text), speech->bytes.start, speech->bytes.end);
		if (next == EXPECTED || !row->statements[next].excerpt)
			fail_msg("%s: not expected: %.*s", row->text, (int)excerpt.length,
				excerpt.data);
		const struct expected *expected = &row->statements[next++];
		if (!span_is(excerpt, expected->excerpt))
			fail_msg("%s: got: %.*s", row->text, (int)excerpt.length, excerpt.data);
		assert_string_equal(speech->speaker, expected->speaker);
		if (speech->direction != expected->direction || speech->form != expected->form)
			fail_msg("%s: direction %d, form %d", row->text, (int)speech->direction,
				(int)speech->form);
	}
	if (next < EXPECTED && row->statements[next].excerpt)
		fail_msg("%s: missed: %s", row->text, row->statements[next].excerpt);
	speech_list_free(&list);
}

static void finds_what_the_table_says(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++)
		check_row(&rows[i]);
}

static void nested_statements_say_who_relays(void **state)
{
	(void)state;
	struct speech_list list;
	struct error error;
	assert_true(speech_find(
		span_string("Ana Ruiz told the council that the maker had said pumps might fail."),
		&list, &error));
	assert_int_equal(list.count, 2);
	assert_false(list.items[0].nested);
	assert_string_equal(list.items[0].hedges, "might");
	assert_true(list.items[1].nested);
	assert_string_equal(list.items[1].speaker, "maker");
	assert_string_equal(list.items[1].via, "Ana Ruiz");
	assert_string_equal(list.items[1].verb, "had said");
	assert_int_equal(list.items[1].bytes.start, list.items[0].bytes.start);
	speech_list_free(&list);
}

/* The acceptance list of the report that the project starts from: ranges, a part of the speaker. */
static void report_gives_its_statements(void **state)
{
	(void)state;
	static const struct {
		size_t start, end;
		const char *speaker;
	} wanted[] = {
		{0, 232, "sources"},
		{234, 320, "sources"},
		{322, 455, "Mitsubishi Electric"},
		{457, 610, "statement"},
		{611, 723, "statement"},
		{725, 814, "statement"},
		{928, 1129, "statement"},
		{1263, 1513, "sources"},
		{1692, 1922, "sources"},
		{2140, 2259, "Suga"},
		{2261, 2399, "Suga"},
		{2508, 2833, "sources"},
		{2835, 3017, "sources"},
		{3255, 3415, "sources"},
		{3511, 3681, "sources"},
		{3683, 3960, "sources"},
		{3962, 4098, "sources"},
	};
	struct buffer text = {0};
	struct speech_list list;
	struct error error;
	size_t next = 0;
	FILE *file = fopen("../shared/incident/article.txt", "rb");
	if (!file) {
		print_message("skipped: ../shared/incident is not here\n");
		skip();
	}
	assert_true(buffer_reserve(&text, 8192));
	text.length = fread(text.data, 1, 8192, file);
	fclose(file);
	assert_true(speech_find(buffer_span(&text), &list, &error));
	for (size_t i = 0; i < list.count; i++) {
		const struct speech *speech = &list.items[i];
		if (speech->nested)
			continue;
		assert_true(next < ARRAY_LENGTH(wanted));
		assert_int_equal(speech->bytes.start, wanted[next].start);
		assert_int_equal(speech->bytes.end, wanted[next].end);
		assert_non_null(strstr(speech->speaker, wanted[next].speaker));
		next++;
	}
	assert_int_equal(next, ARRAY_LENGTH(wanted));
	speech_list_free(&list);
	buffer_free(&text);
}

static double seconds(struct span text)
{
	struct timespec before, after;
	struct speech_list list;
	struct error error;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &before);
	assert_true(speech_find(text, &list, &error));
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &after);
	speech_list_free(&list);
	return (double)(after.tv_sec - before.tv_sec) +
	       (double)(after.tv_nsec - before.tv_nsec) / 1e9;
}

/* Four times the text may take six times the time, and the noise of a short run. */
static void hostile_text_takes_linear_time(void **state)
{
	(void)state;
	static const char *const pieces[] = {"The mayor said pumps failed. ", "“a” ", "pump ",
		"he said, ", "\"", "“", "‘", "' '", "a \"b ", "said ", "x", "(", "[a ", "Mr. A. ",
		"A: b\n\n", "“a\n\n", "- a\n", "1. a\n", "\n", "\r", ", ", " and he said", "—",
		"\xe2\x80", "The pump, ", "according to ", "It’s the ‘", "no answer ", "1,2", "A-"};
	for (size_t i = 0; i < ARRAY_LENGTH(pieces); i++) {
		struct buffer text = {0};
		size_t size = i < 4 ? 1000000 : 200000;
		while (text.length < size)
			buffer_add_string(&text, pieces[i]);
		assert_false(buffer_failed(&text));
		double whole = seconds(buffer_span(&text));
		double quarter = seconds(span_of(text.data, text.length / 4));
		if (whole > 6 * quarter + 0.3)
			fail_msg("\"%s\": %.2f s for the text, %.2f s for a quarter", pieces[i],
				whole, quarter);
		buffer_free(&text);
	}
}

static void takes_any_bytes(void **state)
{
	(void)state;
	static const char bytes[] = "\0\xff\xfe said \xe2\x80 \xc2\xa0\0“\xe2";
	struct speech_list list;
	struct error error;
	assert_true(speech_find(span_of(bytes, sizeof bytes - 1), &list, &error));
	speech_list_free(&list);
	assert_true(speech_find(span_of(NULL, 0), &list, &error));
	assert_int_equal(list.count, 0);
	speech_list_free(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_the_table_says),
		cmocka_unit_test(nested_statements_say_who_relays),
		cmocka_unit_test(report_gives_its_statements),
		cmocka_unit_test(hostile_text_takes_linear_time),
		cmocka_unit_test(takes_any_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
