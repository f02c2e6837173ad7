/* Filters: read, said in words, held against records; refused with the byte and what was expected;
 * written so that they read back. */
#include "case_support.h"

#include "base/buffer.h"
#include "search/filter.h"

static void host(struct test_case *test, struct writer *writer, enum basis basis, int64_t most,
	const char *const *words)
{
	struct test_draft made;
	test_draft(&made, KIND_HOST, words);
	made.draft.basis = basis;
	made.draft.stands_stated = most > 0;
	made.draft.stands_max = most;
	WORKS(test, writer_record(writer, &made.draft, &(int64_t){0}, NULL, &test->error));
}

/* Hosts 1 to 6. */
static void fill(struct test_case *test)
{
	struct writer *writer = test_writer(test, "hosts.csv");
	host(test, writer, BASIS_OBSERVED, 1,
		WORDS("name=WS01", "type=server", "site=Kamakura", "first_seen=2019-06-28",
			"address=10.0.0.9", "Event ID=4624", "port=80"));
	host(test, writer, BASIS_REPORTED, 1,
		WORDS("name=srv12", "type=server", "first_seen=2019-06", "port=443"));
	host(test, writer, BASIS_PLACEHOLDER, 1, WORDS("name=terminal #007", "type=terminal"));
	host(test, writer, BASIS_REPORTED, INT64_MAX,
		WORDS("name=group", "role=a \"quoted\" role", "first_seen=late June"));
	host(test, writer, BASIS_INFERRED, 0, WORDS("name=unknown", "last_seen=2020-01-20"));
	host(test, writer, BASIS_OBSERVED, 1,
		WORDS("name=\xffraw\xe9", "role=", "path=C:\\temp\\x",
			"first_seen=2019-06/2019-08"));
	test_finish(test, writer);
}

static void add_matches(
	struct test_case *test, struct filter *filter, enum kind kind, struct buffer *ids)
{
	struct record record = {0};
	struct record_reader *reader;
	WORKS(test, reader = record_reader_open(test->file, &test->error));
	int64_t after = 0;
	buffer_add(ids, "", 0);
	while (record_next(reader, kind, after, &record, &test->error) == RECORD_FOUND) {
		after = record.id.id;
		enum match_result match = filter_match(filter, &record);
		if (match != MATCH_NO)
			buffer_add_format(ids, "%s%lld%s", ids->length ? " " : "", (long long)after,
				match == MATCH_YES         ? ""
				: match == MATCH_CANCELLED ? "!"
							   : "?");
	}
	record_free(&record);
	record_reader_close(reader);
}

static struct filter *parse(struct test_case *test, struct span text, enum kind kind)
{
	struct filter *filter = filter_parse(text, kind, NULL, &test->error);
	if (!filter)
		fail_msg("%.*s: %lld: %s", (int)text.length, text.data, test->error.offset,
			test->error.message);
	return filter;
}

static const struct {
	const char *text, *sentence, *ids;
} readings[] = {
	{"type = server", "type is server", "1 2"},
	{"type != server", "type is not server", "3 4 5 6"},
	{"type = server and not name = WS01", "type is server and name is not WS01", "2"},
	{"type = terminal or site = Kamakura", "type is terminal or site is Kamakura", "1 3"},
	{"type = terminal or type = server and id > 1",
		"type is terminal or (type is server and id is more than 1)", "2 3"},
	{"(type = terminal or type = server) and id > 1",
		"(type is terminal or type is server) and id is more than 1", "2 3"},
	{"not (type = server or type = terminal)", "not (type is server or type is terminal)",
		"4 5 6"},
	{"not not id = 2", "not (id is not 2)", "2"},
	{"not id > 4", "not (id is more than 4)", "1 2 3 4"},
	{"name ~ /SRV[0-9]+/i", "name matches /SRV[0-9]+/i", "2"},
	{"name ~ /SRV/", "name matches /SRV/", ""},
	{"name !~ /^[a-z]/", "name does not match /^[a-z]/", "1 6"},
	{"role !~ /x/", "role does not match /x/", "1 2 3 4 5 6"},
	{"name ~ /l #0{2}7$/", "name matches /l #0{2}7$/", "3"},
	{"any ~ /10\\.0|443/", "some field matches /10\\.0|443/", "1 2"},
	{"any !~ /[0-9]/", "no field matches /[0-9]/", "4"},
	{"any = Kamakura", "some field is Kamakura", "1"},
	{"any != server", "no field is server", "3 4 5 6"},
	{"site is stated", "site is stated", "1"},
	{"site is not stated and type is stated", "site is not stated and type is stated", "2 3"},
	{"not site is stated", "site is not stated", "2 3 4 5 6"},
	{"role = \"\"", "role is \"\"", "6"},
	{"role = \"a \\\"quoted\\\" role\"", "role is \"a \\\"quoted\\\" role\"", "4"},
	{"name = \"\\xffraw\\xe9\"", "name is \"\\xffraw\\xe9\"", "6"},
	{"\"name\" = WS01", "name is WS01", "1"},
	{"\"extra.Event ID\" = 4624", "extra.\"Event ID\" is 4624", "1"},
	{"extra.port > 100", "extra.port is more than 100", "2"},
	{"extra.port <= 80", "extra.port is at most 80", "1"},
	{"extra.port is stated", "extra.port is stated", "1 2"},
	{"extra.path = C:\\temp\\x", "extra.path is \"C:\\\\temp\\\\x\"", "6"},
	{"extra.nothing != x", "extra.nothing is not x", "1 2 3 4 5 6"},
	{"extra.nothing < x", "extra.nothing is less than x", ""},
	{"name < a", "name is less than a", "1"},
	{"basis = placeholder", "basis is placeholder", "3"},
	{"basis != observed", "basis is not observed", "2 3 4 5"},
	{"kind = host and id <= 2", "kind is host and id is at most 2", "1 2"},
	{"kind = party", "kind is party", ""},
	{"source = 1 and id >= 5", "source is 1 and id is at least 5", "5 6"},
	{"stands_for = 1", "the number it stands for is 1", "1 2 3 6"},
	{"stands_for >= 1", "the number it stands for is at least 1", "1 2 3 4 6"},
	{"stands_for <= 5", "the number it stands for is at most 5", "1 2 3 6"},
	{"stands_for != 1", "the number it stands for is not 1", "4 5"},
	{"stands_for is not stated", "the number it stands for is not stated", "5"},
	{"status = \"not assessed\"", "status is \"not assessed\"", "1 2 3 4 5 6"},
	{"status is stated or status = cleared", "status is stated or status is cleared", ""},
	{"status != cleared", "status is not cleared", "1 2 3 4 5 6"},
	{"first_seen = 2019-06", "first seen is 2019-06", "1 2 6"},
	{"first_seen != 2019-06", "first seen is not 2019-06", "3 4 5"},
	{"first_seen in 2019-06", "first seen lies in 2019-06", "1 2"},
	{"first_seen in 2019-06-20/..", "first seen lies in 2019-06-20/..", "1"},
	{"first_seen < 2019-06-29", "first seen is before 2019-06-29", "1"},
	{"first_seen <= 2019-06", "first seen is not after 2019-06", "1 2"},
	{"first_seen > 2019-05", "first seen is after 2019-05", "1 2 6"},
	{"first_seen >= 2019-06-02", "first seen is not before 2019-06-02", "1"},
	{"first_seen = \"late June\"", "first seen is \"late June\"", "4"},
	{"first_seen ~ /June/", "first seen matches /June/", "4"},
	{"any ~ /a\\/b/ or any ~ \"\\\\Qa/b\\\\E\"i",
		"some field matches /a\\/b/ or some field matches \"\\\\Qa/b\\\\E\"i", ""},
	{"  name=srv12\tand(id<3)\n", "name is srv12 and id is less than 3", "2"},
	{"name = and or name = not or id = 1", "name is \"and\" or name is \"not\" or id is 1",
		"1"},
};

static void text_to_sentence_to_ids(void **state)
{
	struct test_case *test = *state;
	fill(test);
	for (size_t i = 0; i < ARRAY_LENGTH(readings); i++) {
		struct buffer sentence = {0}, ids = {0};
		struct filter *filter = parse(test, span_string(readings[i].text), KIND_HOST);
		filter_sentence(filter, &sentence);
		assert_string_equal(sentence.data, readings[i].sentence);
		add_matches(test, filter, KIND_HOST, &ids);
		if (strcmp(ids.data, readings[i].ids) != 0)
			fail_msg("%s: %s, not %s", readings[i].text, ids.data, readings[i].ids);
		filter_free(filter);
		buffer_free(&sentence);
		buffer_free(&ids);
	}
}

static const struct {
	const char *text;
	long long offset;
	const char *says;
} refusals[] = {
	{"", 0, "expected a field's name, `not` or `(` at the end"},
	{"type", 4, "expected = != ~ !~ `is stated` `is not stated` after `type` at the end"},
	{"type server", 5,
		"expected = != ~ !~ `is stated` `is not stated` after `type`, not `server`"},
	{"type < server", 5, "expected = != ~ !~"},
	{"name =", 6, "expected a plain word or text"},
	{"name = (", 7, "expected a plain word or text in double quotes, not `(`"},
	{"tyep = server", 0, "did you mean: type"},
	{"adress = 1", 0, "did you mean: address"},
	{"wrong = 1", 0, "there are: name type site"},
	{"extra. = 1", 0, "no field `extra.`"},
	{"type = sever", 7, "expected one of server|terminal|network|mobile|other after `type =`"},
	{"basis = seen", 8, "observed|reported|inferred|placeholder"},
	{"kind = thing", 7, "expected a kind of record"},
	{"id = seven", 5, "expected a whole number after `id =`"},
	{"id ~ /7/", 3, "expected = != < <= > >= after `id`, not `~`"},
	{"stands_for > many", 13, "expected a whole number"},
	{"first_seen in June", 14, "expected a time or an interval"},
	{"first_seen > \"late June\"", 13, "expected a time or an interval"},
	{"name in 2019", 5, "after `name`, not `in`"},
	{"any is stated", 4, "expected = != ~ !~ after `any`"},
	{"name is server", 8, "expected `is stated` or `is not stated`, not `server`"},
	{"name is not", 11, "expected `is stated` or `is not stated` at the end"},
	{"name ~ srv", 7, "expected a regular expression between slashes"},
	{"name ~ /srv", 11, "expected / at the end"},
	{"name ~ /srv\\/", 13, "expected / at the end"},
	{"name ~ /a(b/", 11, "missing closing parenthesis"},
	{"name ~ /a/x", 10, "expected i or a space"},
	{"name = \"a", 9, "expected \" at the end"},
	{"name = \"\\q\"", 8, "two hexadecimal digits"},
	{"name = \"\\x4\"", 8, "two hexadecimal digits"},
	{"(name = a", 9, "expected `and`, `or` or `)` at the end"},
	{"name = a)", 8, "expected `and`, `or` or the end, not `)`"},
	{"name = a b", 9, "expected `and`, `or` or the end, not `b`"},
	{"name = a and", 12, "expected a field's name"},
	{"and", 0, "no field `and`"},
	{"not", 3, "expected a field's name"},
	{"! name = a", 0, "can't stand outside double quotes"},
	{"name = a; drop table host", 10, "not `drop`"},
};

static void refusals_say_where_and_what(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(refusals); i++) {
		struct error error = {0};
		assert_null(filter_parse(span_string(refusals[i].text), KIND_HOST, NULL, &error));
		assert_int_equal(error.code, ERROR_PATTERN);
		if (error.offset != refusals[i].offset || !strstr(error.message, refusals[i].says))
			fail_msg("%s: %lld: %s", refusals[i].text, error.offset, error.message);
	}
	assert_null(filter_parse(span_string("type"), KIND_HOST, NULL, NULL));
}

static void refuse_repeated(
	const char *begin, const char *again, int times, const char *end, const char *says)
{
	struct buffer text = {0};
	struct error error = {0};
	buffer_add_string(&text, begin);
	for (int i = 0; i < times; i++)
		buffer_add_string(&text, again);
	buffer_add_string(&text, end);
	assert_null(filter_parse(buffer_span(&text), KIND_HOST, NULL, &error));
	assert_int_equal(error.code, ERROR_PATTERN);
	if (!strstr(error.message, says))
		fail_msg("%s", error.message);
	buffer_free(&text);
}

static void bounds(void **state)
{
	struct test_case *test = *state;
	refuse_repeated("", "(", 100000, "id = 1", "64 deep");
	refuse_repeated("", "not ", 100000, "id = 1", "64 deep");
	refuse_repeated("id = 1", " or id = 2", 300, "", "256 comparisons");
	refuse_repeated("name = \"", "x", FILTER_MAX_LENGTH, "\"", "longer than");
	struct buffer text = {0};
	for (int i = 0; i < 64; i++)
		buffer_add_string(&text, "(");
	buffer_add_string(&text, "id = 1");
	for (int i = 0; i < 64; i++)
		buffer_add_string(&text, ")");
	for (int i = 0; i < 255; i++)
		buffer_add_string(&text, " and id = 1");
	filter_free(parse(test, buffer_span(&text), KIND_HOST));
	buffer_free(&text);
}

/* A small generator of its own, so that a failure can be seen again. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 16;
}

/* One record that states `value` in one text field. */
static bool passes(struct filter *filter, int field, struct span value)
{
	struct cell cell = {.field = field,
		.name = span_string(kind_info(KIND_HOST)->fields[field].name),
		.text = value};
	struct record record = {.id = {KIND_HOST, 1}, .cells = &cell, .cell_count = 1};
	return filter_match(filter, &record) == MATCH_YES;
}

static void written_filters_read_back(void **state)
{
	struct test_case *test = *state;
	uint32_t seed = 20200120;
	static const char *const pieces[] = {"\"", "\\", "\n", "\t", " ", "\xff", "\xc3\xa9", "a",
		"Z9", "\\x41", "\\\"", "/", "=", "not", "\x7f", "\xe2\x80\xae", "(", "\x1b", "2020",
		"server", "-1"};
	int fields = kind_info(KIND_HOST)->field_count;
	for (int round = 0; round < 4000; round++) {
		struct buffer value = {0}, text = {0};
		buffer_add(&value, "", 0);
		for (uint32_t left = next_random(&seed) % 6; left > 0; left--) {
			const char *piece = pieces[next_random(&seed) % ARRAY_LENGTH(pieces)];
			if (next_random(&seed) % 4 == 0)
				buffer_add_byte(&value, (char)next_random(&seed));
			else
				buffer_add_string(&value, piece);
		}
		int field = (int)(next_random(&seed) % (uint32_t)fields);
		bool equal = next_random(&seed) % 2;
		filter_compare_text(KIND_HOST, field, buffer_span(&value), equal, &text);
		assert_null(memchr(text.data, '\0', text.length));
		struct filter *filter = parse(test, buffer_span(&text), KIND_HOST);
		assert_int_equal(passes(filter, field, buffer_span(&value)), equal);
		buffer_add_string(&value, "~");
		assert_int_equal(passes(filter, field, buffer_span(&value)), !equal);
		filter_free(filter);
		buffer_free(&value);
		buffer_free(&text);
	}
}

static void values_not_stated(void **state)
{
	struct test_case *test = *state;
	struct buffer text = {0};
	filter_compare_text(KIND_HOST, 2, span_string(NULL), true, &text);
	assert_string_equal(text.data, "site is not stated");
	buffer_clear(&text);
	filter_compare_text(KIND_HOST, 2, span_string(NULL), false, &text);
	assert_string_equal(text.data, "site is stated");
	filter_free(parse(test, buffer_span(&text), KIND_HOST));
	buffer_free(&text);
}

static void regexes_read_back(void **state)
{
	struct test_case *test = *state;
	static const struct {
		const char *regex, *text, *subject, *other;
	} cases[] = {
		{"a/b", "any ~ /a\\/b/i", "xA/B", "ab"},
		{"a\\/b", "any ~ /a\\/b/i", "a/b", "a\\/b"},
		{"\\Qa/b\\E", "any ~ \"\\\\Qa/b\\\\E\"i", "a/b", "a\\/b"},
		{"\\Qa\\", "any ~ \"\\\\Qa\\\\\"i", "a\\", "a"},
		{"[/]\\\\", "any ~ /[\\/]\\\\/i", "/\\", "\\"},
		{"a\nb", "any ~ \"a\\nb\"i", "a\nb", "ab"},
		{"\"x\"", "any ~ /\"x\"/i", "\"X\"", "x"},
		{"\xc3\xa9", "any ~ /\xc3\xa9/i", "\xc3\x89", "e"},
		{"", "any ~ //i", "", NULL},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct buffer text = {0};
		filter_any_text(span_string(cases[i].regex), true, &text);
		assert_string_equal(text.data, cases[i].text);
		struct filter *filter = parse(test, buffer_span(&text), KIND_HOST);
		assert_true(passes(filter, 0, span_string(cases[i].subject)));
		if (cases[i].other)
			assert_false(passes(filter, 0, span_string(cases[i].other)));
		filter_free(filter);
		buffer_free(&text);
	}
}

/* Words of a record's name are found where they stand alone, whatever is in them. */
static void words_stand_alone(void **state)
{
	struct test_case *test = *state;
	static const struct {
		const char *words, *holds, *fails;
	} cases[] = {
		{"10.0.0.1", "::ffff:10.0.0.1", "10.0.0.12"},
		{"10.0.0.1", "from 10.0.0.1.", "1.10.0.0.1"},
		{"10.0.0.1", "(10.0.0.1:80)", "110.0.0.1"},
		{"d41d8cd9", "MD5=D41D8CD9,SHA1=", "d41d8cd98"},
		{"C:\\Q\\E.exe", "run C:\\q\\e.exe now", "C:\\Q\\E.exe.mui"},
		{"a/b [x]*", "a/b [x]*", "a/b x"},
		{"\xe4\xb8\x89\xe8\x8f\xb1", "\xe4\xb8\x89\xe8\x8f\xb1:", "\xe4\xb8\x89"},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct buffer text = {0};
		filter_words_text(span_string(cases[i].words), &text);
		struct filter *filter = parse(test, buffer_span(&text), KIND_HOST);
		assert_true(passes(filter, 0, span_string(cases[i].holds)));
		assert_false(passes(filter, 0, span_string(cases[i].fails)));
		filter_free(filter);
		buffer_free(&text);
	}
}

static void undecided_and_cancelled(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum match_result match;
	} cases[] = {
		{"name ~ /^(a+)+$/", MATCH_UNDECIDED},
		{"not name ~ /^(a+)+$/", MATCH_UNDECIDED},
		{"name !~ /^(a+)+$/", MATCH_UNDECIDED},
		{"any ~ /^(a+)+$/", MATCH_UNDECIDED},
		{"name ~ /^(a+)+$/ or id = 1", MATCH_YES},
		{"name ~ /^(a+)+$/ and id = 1", MATCH_UNDECIDED},
		{"name ~ /^(a+)+$/ and id = 2", MATCH_NO},
		{"not (name ~ /^(a+)+$/ and id = 2)", MATCH_YES},
	};
	struct cell cell = {.field = 0,
		.name = span_string("name"),
		.text = span_string("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")};
	struct record record = {.id = {KIND_HOST, 1}, .cells = &cell, .cell_count = 1};
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		atomic_bool cancel = false;
		struct filter *filter =
			filter_parse(span_string(cases[i].text), KIND_HOST, &cancel, NULL);
		assert_non_null(filter);
		assert_int_equal(filter_match(filter, &record), cases[i].match);
		cancel = true;
		assert_int_equal(filter_match(filter, &record), MATCH_CANCELLED);
		filter_free(filter);
	}
}

static void which_kind_it_asks_for(void **state)
{
	struct test_case *test = *state;
	static const struct {
		const char *text;
		enum kind leading, required;
	} cases[] = {
		{"kind = host and type = server", KIND_HOST, KIND_HOST},
		{"kind = hosts", KIND_HOST, KIND_HOST},
		{"kind = host or type = server", KIND_HOST, KIND_NONE},
		{"(kind = host and id = 1) and id = 2", KIND_NONE, KIND_HOST},
		{"not kind = host", KIND_NONE, KIND_NONE},
		{"kind != host", KIND_NONE, KIND_NONE},
		{"type = server", KIND_NONE, KIND_NONE},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cases); i++) {
		struct filter *filter = parse(test, span_string(cases[i].text), KIND_HOST);
		assert_int_equal(filter_leading_kind(span_string(cases[i].text)), cases[i].leading);
		assert_int_equal(filter_requires_kind(filter), cases[i].required);
		filter_free(filter);
	}
	assert_int_equal(filter_leading_kind(span_string("")), KIND_NONE);
	assert_int_equal(filter_leading_kind(span_string("kind = \"")), KIND_NONE);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, test_begin, test_end)
	const struct CMUnitTest tests[] = {
		TEST(text_to_sentence_to_ids),
		TEST(refusals_say_where_and_what),
		TEST(bounds),
		TEST(written_filters_read_back),
		TEST(values_not_stated),
		TEST(regexes_read_back),
		TEST(words_stand_alone),
		TEST(undecided_and_cancelled),
		TEST(which_kind_it_asks_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
