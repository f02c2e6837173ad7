/* What a plan says of a pattern, as text; and its promise, on patterns and cells made from a seed:
 * whatever PCRE2 matches satisfies the plan. PLAN_TEST_ROUNDS and PLAN_TEST_SEED in the environment
 * make it run longer, and differently. */
#include "cmocka_all.h"

#include "../plan_oracle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct row {
	const char *pattern;
	bool ignore_case;
	const char *query;
	const char *literal;
	size_t run;
};

static const struct row rows[] = {
	{"", false, "any", "", 0},
	{"ab", false, "any", "ab", 0},
	{"abc", false, "\"abc\"", "abc", 0},
	{"ABC", false, "\"abc\"", "ABC", 0},
	{"aBcD", false, "\"abc\" & \"bcd\"", "aBcD", 0},
	{"aBc", true, "\"abc\"", "abc", 0},
	{"(abc)(def)", false, "\"abc\" & \"bcd\" & \"cde\" & \"def\"", "abcdef", 0},
	{"abc(def|xyz)", false,
		"\"abc\" & ((\"bcd\" & \"cde\" & \"def\") | (\"bcx\" & \"cxy\" & \"xyz\"))", "abc",
		0},
	{"abc.*(def|xyz)", false, "\"abc\" & (\"def\" | \"xyz\")", "abc", 0},
	{"abc|abcdef", false, "\"abc\"", "abc", 0},
	{"abc|x", false, "any", "", 0},
	{"abc|", false, "any", "", 0},
	{"(abc)?def", false, "\"def\"", "def", 0},
	{"ab?c", false, "any", "a", 0},
	{"colou?r", false, "\"col\" & \"olo\" & (\"lor\" | \"our\")", "colo", 0},
	{"(abc)*def", false, "\"def\"", "def", 0},
	{"(abc)+def", false, "\"abc\" & \"bcd\" & \"cde\" & \"def\"", "abcdef", 0},
	{"(abc){2}", false, "\"abc\" & \"bca\" & \"cab\"", "abcabc", 0},
	{"(abc){2,}?x", false, "\"abc\" & \"bca\" & \"bcx\" & \"cab\"", "abcabcx", 0},
	{"(abc){0}def", false, "\"def\"", "def", 0},
	{"a{3}", false, "\"aaa\"", "aaa", 0},
	{"a[bc]d", false, "\"abd\" | \"acd\"", "a", 3},
	{"a[^b]d", false, "any", "a", 0},
	{"ab[0-9]", false,
		"\"ab0\" | \"ab1\" | \"ab2\" | \"ab3\" | \"ab4\" | \"ab5\" | \"ab6\" | \"ab7\" | "
		"\"ab8\" | \"ab9\"",
		"ab", 0},
	{"\\w+\\.ps1", false, "\".ps\" & \"ps1\"", ".ps1", 0},
	{"[a-f0-9]{32}", false, "any", "", 32},
	{"\\d{5}", false, "any", "", 5},
	{"[0-9a-f]{8}-[0-9a-f]{4}", false, "any", "-", 13},
	{".{40}", false, "any", "", 0},
	/* case beyond ASCII: KELVIN SIGN and LONG S */
	{"link", true,
		"\"lin\" & (\"ink\" | (\"in\\xe2\" & \"n\\xe2\\x84\" & \"\\xe2\\x84\\xaa\"))",
		"lin", 0},
	{"link", false, "\"ink\" & \"lin\"", "link", 0},
	{"\xe2\x84\xaa"
	 "ab",
		true,
		"\"kab\" | (\"\\x84\\xaa"
		"a\" & \"\\xaa"
		"ab\" & \"\\xe2\\x84\\xaa\")",
		"ab", 0},
	{"caf\xc3\xa9s", true, "\"caf\"", "caf", 0},
	{"caf\xc3\xa9", false, "\"af\\xc3\" & \"caf\" & \"f\\xc3\\xa9\"", "caf\xc3\xa9", 0},
	{"\xe4\xb8\x89\xe8\x8f\xb1", true,
		"\"\\x89\\xe8\\x8f\" & \"\\xb8\\x89\\xe8\" & \"\\xe4\\xb8\\x89\" & "
		"\"\\xe8\\x8f\\xb1\"",
		"\xe4\xb8\x89\xe8\x8f\xb1", 0},
	/* options */
	{"(?i)abc", false, "\"abc\"", "abc", 0},
	{"A(?i)bc", false, "\"abc\"", "abc", 0},
	{"(?i:a)bcs", false, "\"abc\" & \"bcs\"", "abcs", 0},
	{"(a(?i)s|s)xx", false, "\"sxx\" | (\"\\xbfxx\" & \"\\xc5\\xbfx\")", "xx", 0},
	{"(?x) a b # c\n c", false, "\"abc\"", "abc", 0},
	{"(?x) a b # c\r c", false, "any", "ab", 0},
	{"(*CR)(?x) a b # c\r c", false, "any", "", 0},
	{"(?x: a b) c", false, "\"ab \" & \"b c\"", "ab c", 0},
	{"(?x)[a b]{3}\\ c", false, "\"  c\" | \"a c\" | \"b c\"", " c", 0},
	{"(?xx)abc", false, "any", "", 0},
	{"(?x)ab(?-x) c", false, "\"ab \" & \"b c\"", "ab c", 0},
	{"(?x)(?^)a b", false, "\"a b\"", "a b", 0},
	/* quoting and escapes */
	{"\\Qa.b\\E+c", false, "\"a.b\"", "a.b", 0},
	{"a\\Q\\E+bc", false, "\"abc\"", "abc", 0},
	{"\\x41\\x{42}\\o{103}\\N{U+44}", false, "\"abc\" & \"bcd\"", "ABCD", 0},
	{"\\0101b", false, "\"\\x081b\"", "\b1b", 0},
	{"a\\.\\-c", false, "\".-c\" & \"a.-\"", "a.-c", 0},
	{"ab\\tc", false, "\"ab\\x09\" & \"b\\x09c\"", "ab\tc", 0},
	{"ab\\cZc", false, "\"ab\\x1a\" & \"b\\x1ac\"",
		"ab\x1a"
		"c",
		0},
	{"abc\\p{Lu}def", false, "\"abc\" & \"def\"", "abc", 0},
	{"abc\\N{3}def", false, "\"abc\" & \"def\"", "abc", 0},
	{"(abc)\\1def", false, "\"abc\" & \"def\"", "abc", 0},
	{"(abc)\\g{-1}def\\g<1>ghi\\k{n}(?<n>)", false, "\"abc\" & \"def\" & \"ghi\"", "abc", 0},
	{"\\x{0}abc", false, "none", "abc", 0},
	{"a\\x{0}|bcd", false, "\"bcd\"", "", 3},
	/* groups */
	{"(?:abc)(?<n>d)(?'m'e)(?P<o>f)(?>g)(?|h|h)", false,
		"\"abc\" & \"bcd\" & \"cde\" & \"def\" & \"efg\" & \"fgh\"", "abcdefgh", 0},
	{"(?=.*test)(?=.*ripgrep)", false,
		"\"est\" & \"gre\" & \"ipg\" & \"pgr\" & \"rep\" & \"rip\" & \"tes\"", "ripgrep",
		0},
	{"(?<=abc)(?!def)gh|abcx", false, "\"abc\"", "", 0},
	{"(?(?=abc)d)", false, "any", "", 0},
	{"(?=abc)?de", false, "any", "de", 0},
	{"abc(?=xyz)(?!q)(?<=c)(?<!d)def", false, "\"abc\" & \"bcd\" & \"cde\" & \"def\" & \"xyz\"",
		"abcdef", 0},
	{"abc(*pla:xyz)(*atomic:def)", false, "\"abc\" & \"bcd\" & \"cde\" & \"def\" & \"xyz\"",
		"abcdef", 0},
	{"abc(?#d)e\\Kf\\b", false, "\"abc\" & \"bce\" & \"cef\"", "abcef", 0},
	{"(?(DEFINE)(?<q>xyz))abc(?&q)def", false, "\"abc\" & \"def\"", "abc", 0},
	{"(a)?(?(1)bcd|bce)", false, "\"bcd\" | \"bce\"", "bc", 0},
	{"(a)?(?(1)bcd)efg", false, "\"efg\"", "efg", 0},
	{"(?(?=a)abc|xyz)", false, "\"abc\" | \"xyz\"", "", 0},
	{"abc(?R)?def", false, "\"abc\" & \"def\"", "abc", 0},
	/* verbs */
	{"(*UTF)(*LIMIT_MATCH=5)abc", false, "\"abc\"", "abc", 0},
	{"abc(*COMMIT)def(*MARK:n)", false, "\"abc\" & \"bcd\" & \"cde\" & \"def\"", "abcdef", 0},
	{"abc(*ACCEPT)def", false, "any", "", 0},
	/* quantifiers in forms that not all versions take as such */
	{"abcx{,3}", false, "any", "", 0},
	{"abcx{ 1 }", false, "any", "", 0},
	{"abcx{y}", false, "\"abc\" & \"bcx\" & \"cx{\" & \"x{y\" & \"{y}\"", "abcx{y}", 0},
	/* classes */
	{"a[[:digit:]]{12}", false, "any", "a", 12},
	{"[]a]bc", false, "\"]bc\" | \"abc\"", "bc", 0},
	{"[^]a]{3}bcd", false, "\"bcd\"", "bcd", 0},
	{"x[a\\-c]z", false, "\"x-z\" | \"xaz\" | \"xcz\"", "x", 3},
	{"x[a-]z", false, "\"x-z\" | \"xaz\"", "x", 3},
	{"x[\\x{4e09}\\x{83f1}]", false,
		"(\"x\\xe4\\xb8\" & \"\\xe4\\xb8\\x89\") | "
		"(\"x\\xe8\\x8f\" & \"\\xe8\\x8f\\xb1\")",
		"x", 3},
	{"[[:<:]]abc[[:>:]]", false, "\"abc\"", "abc", 0},
	{"[\\Qab\\E]cde", false, "any", "", 0},
};

static struct pattern *compiled(struct span text, struct pattern_options options)
{
	struct error error = {0};
	struct pattern *pattern = pattern_compile(text, &options, &error);
	if (!pattern)
		fail_msg("%.*s: %s", (int)text.length, text.data, error.message);
	return pattern;
}

static struct plan *planned(const struct pattern *pattern)
{
	struct error error;
	struct plan *plan = plan_new(pattern, &error);
	assert_non_null(plan);
	return plan;
}

static void table_of_plans(void **state)
{
	(void)state;
	int wrong = 0;
	for (size_t i = 0; i < ARRAY_LENGTH(rows); i++) {
		const struct row *row = &rows[i];
		struct pattern *pattern = compiled(span_string(row->pattern),
			(struct pattern_options){.letters = row->ignore_case ? PATTERN_CASE_IGNORE
									     : PATTERN_CASE_EXACT});
		struct plan *plan = planned(pattern);
		struct buffer text = {0};
		bool ignores_case;
		plan_query_text(plan, &text);
		struct span literal = plan_literal(plan, &ignores_case);
		if (!span_is(buffer_span(&text), row->query) || !span_is(literal, row->literal) ||
			plan_run(plan)->length != row->run) {
			print_message("%s:\n\t%s\n\t%s\n\t%.*s, run of %zu\n", row->pattern,
				text.data, row->query, (int)literal.length, literal.data,
				plan_run(plan)->length);
			wrong++;
		}
		buffer_free(&text);
		plan_free(plan);
		pattern_free(pattern);
	}
	assert_int_equal(wrong, 0);
}

/* Literals of which a match has one, and runs that are all that the pattern is. */
static const struct {
	const char *pattern;
	const char *choice; /* separated by |; NULL: it is a run */
	size_t run, most;
} others[] = {
	{"logon|token", "logon|token", 0, 0},
	{"(?i)(Exfil|marker|Exfil)+[a-z]*", "exfil|mar", 0, 0},
	{"(abcd|efgh)x?(ij|kl)", "abcd|efgh", 0, 0},
	{"(ab|cde)f?(ghi|jkl)", "ghi|jkl", 0, 0},
	{"(abc|def)(?:ghijk)?lmnop", "", 0, 0},
	{"(?<=abc)(?!def)gh|abcx", "gh|abcx", 0, 0},
	{"(?(?=a)abc|xyz)", "abc|xyz", 0, 0},
	{"(abc|def)?x", "", 0, 0},
	{"(abc|d)e", "", 0, 0},
	{"abc|", "", 0, 0},
	{"aa1|bb2|cc3|dd4|ee5|ff6|gg7|hh8", "aa1|bb2|cc3|dd4|ee5|ff6|gg7|hh8", 0, 0},
	{"aa1|bb2|cc3|dd4|ee5|ff6|gg7|hh8|ii9", "", 0, 0},
	{"\\d{5}", NULL, 5, 5},
	{"([0-9a-f]{2,7})", NULL, 2, 7},
	{"(?:\\w)+", NULL, 1, SIZE_MAX},
	{"(?i:[a-f]{3,})", NULL, 3, SIZE_MAX},
	{"[^a]++", NULL, 1, SIZE_MAX},
	{"(?>(?:\\d{1}){4})", NULL, 4, 4},
	{"a{300}", NULL, 300, 300},
	{"\\d", NULL, 1, 1},
	/* more than a run, or another one */
	{"\\d{5}?", "", 0, 0},
	{"(?U)\\d{5,}", "", 0, 0},
	{"^\\d{5}", "", 0, 0},
	{"\\d{5}\\b", "", 0, 0},
	{"\\d{5}|x", "", 0, 0},
	{"(\\d{5})?", "", 0, 0},
	{"(\\d{2}){3}", "", 0, 0},
	{"\\d*", "", 0, 0},
	{".{5}", "", 0, 0},
	{"\\N{5}", "", 0, 0},
	{"\\p{L}{5}", "", 0, 0},
	{"[\\p{L}0-9]{5}", "", 0, 0},
	{"(?i)[^k]{5}", "", 0, 0},
	{"(*sr:\\d{5})", "", 0, 0},
	{"(?=\\d{5})", "", 0, 0},
	{"(?!\\d{5})", "", 0, 0},
	{"(*NOTEMPTY)\\d{5}", "", 0, 0},
	{"[鎌倉]{3}", "", 0, 0},
};

static void choices_and_runs(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LENGTH(others); i++) {
		struct pattern *pattern =
			compiled(span_string(others[i].pattern), (struct pattern_options){0});
		struct plan *plan = planned(pattern);
		struct buffer choice = {0};
		const struct span *items;
		size_t most, count = plan_choice(plan, &items);
		bool matches = plan_run_matches(plan, &most);
		for (size_t j = 0; j < count; j++) {
			buffer_add_string(&choice, j > 0 ? "|" : "");
			buffer_add_span(&choice, items[j]);
		}
		const char *wanted = others[i].choice;
		if (!span_is(buffer_span(&choice), wanted ? wanted : "") || matches != !wanted ||
			(matches && (most != others[i].most ||
					    plan_run(plan)->length != others[i].run)))
			fail_msg("%s: one of %s, run of %zu to %zu (%d)", others[i].pattern,
				choice.data ? choice.data : "", plan_run(plan)->length, most,
				matches);
		buffer_free(&choice);
		plan_free(plan);
		pattern_free(pattern);
	}
}

/* Which bytes such a run has, in ASCII, PCRE2 says. */
static void runs_are_of_the_class(void **state)
{
	(void)state;
	static const char *const classes[] = {"\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "\\h",
		"\\H", "\\v", "\\V", "[ab]", "(?i:k)", "[a-f]", "[^a-f]", "(?i:[a-f])",
		"(?i:[\\x{17f}x])", "[\\x00-\\x1f]", "[\\d.]", "[^\\d.]", "[\\W_]", "[é-鎌-]",
		"[xé]", "[^é]", "[[:alpha:]]", "[[:lower:]]", "[[:upper:]]", "[[:alnum:]]",
		"[[:ascii:]]", "[[:blank:]]", "[[:cntrl:]]", "[[:digit:]]", "[[:graph:]]",
		"[[:print:]]", "[[:punct:]]", "[[:space:]]", "[[:word:]]", "[[:xdigit:]]",
		"[[:^punct:]]", "[[:^cntrl:]x]", "[^[:space:]]"};
	for (size_t i = 0; i < ARRAY_LENGTH(classes); i++) {
		char text[64];
		size_t most;
		struct range hit;
		snprintf(text, sizeof text, "(?:%s){2}", classes[i]);
		struct pattern *pattern = compiled(span_string(text), (struct pattern_options){0});
		struct matcher *matcher = matcher_new(pattern, &(struct match_limits){0}, NULL);
		struct plan *plan = planned(pattern);
		assert_non_null(matcher);
		assert_true(plan_run_matches(plan, &most));
		assert_int_equal(plan_run(plan)->length, 2);
		for (char byte = 1; byte > 0 && byte < 0x7f; byte++) {
			const char cell[] = {byte, byte};
			bool is = matcher_cell(matcher, span_of(cell, 2), 0, &hit) == MATCH_YES;
			if (is != plan_run_has(plan_run(plan), (uint8_t)byte))
				fail_msg("%s: byte %d is %d", text, byte, is);
		}
		plan_free(plan);
		matcher_free(matcher);
		pattern_free(pattern);
	}
}

/* Random patterns, each with a text that it should often match. */
struct maker {
	uint64_t random;
	struct buffer pattern;
	struct buffer sample;
	unsigned depth;
};

static unsigned roll(struct maker *maker, unsigned sides)
{
	maker->random = maker->random * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(maker->random >> 33) % sides;
}

static const char *pick(struct maker *maker, const char *const *choices, size_t count)
{
	return choices[roll(maker, (unsigned)count)];
}

static const char *const characters[] = {"a", "b", "c", "k", "s", "A", "K", "S", "1", "9", " ", "-",
	"_", "\xc3\xa9", "\xc3\x89", "\xc5\xbf", "\xe2\x84\xaa", "\xe4\xb8\x89", "\xe8\x8f\xb1",
	"\xc7\x85", "\xce\xbc", "\xc2\xb5", "\xf0\x90\x90\x80", "\xc4\xb1", "\xc4\xb0"};

static void both(struct maker *maker, const char *pattern, const char *sample)
{
	buffer_add_string(&maker->pattern, pattern);
	buffer_add_string(&maker->sample, sample);
}

static void make_character(struct maker *maker)
{
	const char *text = pick(maker, characters, ARRAY_LENGTH(characters));
	both(maker, text[0] == ' ' || text[0] == '-' ? "\\" : "", "");
	both(maker, text, text);
}

/* Pattern and a text for it. */
static const char *const items[][2] = {{"\\d", "7"}, {"\\w", "k"}, {"\\W", "-"}, {"\\s", " "},
	{"\\S", "s"}, {"\\D", "x"}, {"\\h", "\t"}, {"\\v", "\n"}, {"\\R", "\r\n"},
	{"\\X", "e\xcc\x81"}, {"\\N", "q"}, {".", "b"}, {"\\p{Lu}", "A"}, {"\\pL", "c"},
	{"\\P{Lu}", "c"}, {"^", ""}, {"$", ""}, {"\\b", ""}, {"\\B", ""}, {"\\A", ""}, {"\\z", ""},
	{"\\Z", ""}, {"\\K", ""}, {"\\G", ""}, {"\\x41", "A"}, {"\\x{e9}", "\xc3\xa9"},
	{"\\x4", "\4"}, {"\\o{141}", "a"}, {"\\N{U+4e09}", "\xe4\xb8\x89"}, {"\\cA", "\1"},
	{"\\ca", "\1"}, {"\\c[", "\x1b"}, {"\\0", ""}, {"\\011", "\t"}, {"\\t", "\t"},
	{"\\e", "\x1b"}, {"\\.", "."}, {"\\[", "["}, {"\\1", "a"}, {"\\k{n}", "b"},
	{"\\g{-1}", "a"}, {"\\g<1>", "a"}, {"(?1)", "b"}, {"(?R)?", ""}, {"\\Qa+b\\E", "a+b"},
	{"\\Qk", "k"}, {"\\E", ""}, {"\\Q\\E", ""}, {"(?#x)", ""}, {"(?i)", ""}, {"(?-i)", ""},
	{"(?x)", ""}, {"(?x) # a\n b", "b"}, {"(?-x)", ""}, {"(?s)", ""}, {"(?^)", ""},
	{"(?U)", ""}, {"(?n)", ""}, {"#", "#"}, {" ", " "}, {"(*COMMIT)", ""}, {"(*SKIP)", ""},
	{"(*THEN)", ""}, {"(*F)", ""}, {"(*ACCEPT)", ""}, {"(*PRUNE:x)", ""}, {"{", "{"},
	{"{,2}", "{,2}"}, {"]", "]"}, {"}", "}"}, {"\\118", "\t8"}, {"[[:<:]]", ""},
	{"(?(DEFINE)(?<n>ab))", ""}, {"(?<n>ab)", "ab"}, {"(?'o'k)", "k"}};

static const char *const members[][2] = {{"a-c", "b"}, {"k", "K"}, {"s", "S"}, {"A-Z", "q"},
	{"0-9", "3"}, {"\\d", "4"}, {"\\w", "w"}, {"\\s", " "}, {"\\W", "-"}, {"\\D", "d"},
	{"\xc3\xa9", "\xc3\x89"}, {"\\x{212a}", "k"}, {"\\x{100}-\\x{200}", "s"},
	{"[:alpha:]", "z"}, {"[:^alpha:]", "1"}, {"[:punct:]", "."}, {"[:upper:]", "l"},
	{"[:ascii:]", "~"}, {"[:word:]", "_"}, {"-", "-"}, {"]", "]"}, {"^", "^"}, {"[", "["},
	{"\\b", "\b"}, {"\\n", "\n"}, {"\\p{Lu}", "Q"}, {"\\x{4e09}", "\xe4\xb8\x89"}, {" ", " "},
	{"\\Qa]\\E", "]"}, {"#", "#"}, {"\\0", "x"}, {"\\-", "-"}, {"\\x{17f}", "S"}, {"!-~", "("},
	{"\\12", "\n"}};

static void make_class(struct maker *maker)
{
	bool negated = roll(maker, 4) == 0;
	unsigned count = 1 + roll(maker, 3), shown = roll(maker, count);
	both(maker, negated ? "[^" : "[", negated ? "@" : "");
	for (unsigned i = 0; i < count; i++) {
		unsigned member = roll(maker, ARRAY_LENGTH(members));
		both(maker, members[member][0], i == shown && !negated ? members[member][1] : "");
	}
	both(maker, "]", "");
}

static void make_alternatives(struct maker *maker);

static void make_group(struct maker *maker)
{
	static const char *const opens[] = {"(", "(", "(?:", "(?:", "(?>", "(?|",
		"(?i:", "(?-i:", "(?x:", "(?i-x:", "(?^i:", "(?<n>", "(?'n'", "(?P<n>",
		"(?=", "(?!", "(?<=", "(?<!", "(*pla:", "(*nla:", "(*atomic:", "(*sr:", "(?*",
		"(?(1)", "(?(?=a)", "(?(<n>)", "(?(DEFINE)"};
	const char *open = pick(maker, opens, ARRAY_LENGTH(opens));
	bool empty = strchr("=!*", open[strlen(open) - 1]) || strstr(open, "la:") ||
		     strstr(open, "DEFINE");
	/* What a look-around sees is there when something takes it in, before or after. */
	bool taken = roll(maker, 2) && !strchr(open, '!') && !strstr(open, "nla");
	size_t before = maker->sample.length;
	both(maker, empty && taken && strchr(open, '<') ? ".*" : "", "");
	both(maker, open, "");
	make_alternatives(maker);
	both(maker, ")", "");
	if (empty && taken)
		both(maker, strchr(open, '<') ? "" : ".*", "");
	else if (empty)
		maker->sample.length = before;
}

static void make_item(struct maker *maker)
{
	unsigned kind = roll(maker, 20);
	if (kind < 9 || maker->depth > 4) {
		for (unsigned count = roll(maker, 4); count > 0; count--)
			make_character(maker);
		make_character(maker);
	} else if (kind < 13) {
		unsigned item = roll(maker, ARRAY_LENGTH(items));
		both(maker, items[item][0], items[item][1]);
	} else if (kind < 15) {
		make_class(maker);
	} else {
		make_group(maker);
	}
}

static void make_branch(struct maker *maker)
{
	static const char *const quantifiers[] = {"?", "*", "+", "{2}", "{1,3}", "{0}", "{3,}",
		"{0,2}", "??", "*?", "++", "{2}+", "(?#y)+", "{2}{2}", " +", "\\E*", "{9}"};
	for (unsigned count = roll(maker, 5); count > 0; count--) {
		size_t before = maker->sample.length;
		make_item(maker);
		if (roll(maker, 4) > 0)
			continue;
		both(maker, pick(maker, quantifiers, ARRAY_LENGTH(quantifiers)), "");
		size_t length = maker->sample.length - before;
		unsigned copies = roll(maker, 4);
		if (copies == 0)
			maker->sample.length = before;
		for (; copies > 1 && length < 40; copies--) {
			char copy[40];
			memcpy(copy, maker->sample.data + before, length);
			buffer_add(&maker->sample, copy, length);
		}
	}
}

static void make_alternatives(struct maker *maker)
{
	maker->depth++;
	unsigned count = roll(maker, 3) > 0 ? 1 : 2 + roll(maker, 2);
	unsigned shown = roll(maker, count);
	for (unsigned i = 0; i < count; i++) {
		size_t before = maker->sample.length;
		both(maker, i ? "|" : "", "");
		make_branch(maker);
		if (i != shown)
			maker->sample.length = before;
	}
	maker->depth--;
}

static void make_pattern(struct maker *maker)
{
	static const char *const verbs[] = {
		"(*UTF)", "(*CRLF)", "(*NO_START_OPT)", "(*CR)(?x)", "(*ANY)", "(*NOTEMPTY)"};
	buffer_clear(&maker->pattern);
	buffer_clear(&maker->sample);
	both(maker, "", "");
	if (roll(maker, 20) == 0)
		both(maker, pick(maker, verbs, ARRAY_LENGTH(verbs)), "");
	make_alternatives(maker);
	assert_false(buffer_failed(&maker->pattern) || buffer_failed(&maker->sample));
}

/* A cell near the sample: with other text around it, letters of the other case, bytes changed. */
static void make_cell(struct maker *maker, struct buffer *image)
{
	struct buffer cell = {0};
	for (unsigned count = roll(maker, 3); count > 0; count--)
		buffer_add_string(&cell, pick(maker, characters, ARRAY_LENGTH(characters)));
	for (size_t i = 0; i < maker->sample.length; i++) {
		char byte = maker->sample.data[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
		unsigned change = roll(maker, 24);
		if (change < 2 && letter)
			buffer_add_byte(&cell, byte ^ 0x20);
		else if (change == 2 && (byte == 's' || byte == 'S'))
			buffer_add_string(&cell, "\xc5\xbf");
		else if (change == 2 && (byte == 'k' || byte == 'K'))
			buffer_add_string(&cell, "\xe2\x84\xaa");
		else if (change == 3)
			buffer_add_string(&cell, pick(maker, characters, ARRAY_LENGTH(characters)));
		else
			buffer_add_byte(&cell, byte);
	}
	for (unsigned count = roll(maker, 3); count > 0; count--)
		buffer_add_string(&cell, pick(maker, characters, ARRAY_LENGTH(characters)));
	buffer_clear(image);
	assert_true(buffer_reserve(image, cell.length));
	search_image(buffer_span(&cell), image->data);
	image->length = cell.length;
	buffer_free(&cell);
}

static size_t check_promise(
	struct maker *maker, const struct pattern *pattern, const struct plan *plan)
{
	size_t matches = 0;
	struct match_limits limits = {.steps = 20000, .cell_microseconds = 20000};
	struct matcher *matcher = matcher_new(pattern, &limits, NULL);
	assert_non_null(matcher);
	struct buffer image = {0};
	for (int cell = 0; cell < 6; cell++) {
		struct range hit;
		make_cell(maker, &image);
		if (matcher_cell(matcher, buffer_span(&image), 0, &hit) != MATCH_YES)
			continue;
		matches++;
		if (!oracle_admits(plan, buffer_span(&image))) {
			struct buffer text = {0};
			plan_query_text(plan, &text);
			fail_msg("pattern %s (%s) matches [%s] but its plan says no: %s",
				maker->pattern.data,
				pattern_ignores_case(pattern) ? "any case" : "exact", image.data,
				text.data);
		}
	}
	buffer_free(&image);
	matcher_free(matcher);
	return matches;
}

static unsigned long setting(const char *name, unsigned long otherwise)
{
	const char *value = getenv(name);
	return value ? strtoul(value, NULL, 10) : otherwise;
}

static void promise_holds(void **state)
{
	(void)state;
	struct maker maker = {.random = setting("PLAN_TEST_SEED", 20200120)};
	unsigned long rounds = setting("PLAN_TEST_ROUNDS", 20000);
	size_t good = 0, matches = 0, useful = 0;
	for (unsigned long round = 0; round < rounds; round++) {
		make_pattern(&maker);
		struct pattern_options options = {
			.letters = roll(&maker, 2) ? PATTERN_CASE_IGNORE : PATTERN_CASE_EXACT,
			.literal = roll(&maker, 16) == 0,
			.word = roll(&maker, 8) == 0,
			.whole_cell = roll(&maker, 8) == 0};
		if (options.literal) {
			buffer_clear(&maker.pattern);
			buffer_add_span(&maker.pattern, buffer_span(&maker.sample));
		}
		struct pattern *pattern =
			pattern_compile(buffer_span(&maker.pattern), &options, NULL);
		if (!pattern)
			continue;
		struct plan *plan = planned(pattern);
		bool ignores_case;
		size_t found = check_promise(&maker, pattern, plan);
		good++;
		matches += found;
		useful += found > 0 && (plan_query(plan)->op != PLAN_ANY ||
					       plan_literal(plan, &ignores_case).length > 1);
		plan_free(plan);
		pattern_free(pattern);
	}
	buffer_free(&maker.pattern);
	buffer_free(&maker.sample);
	/* The test tests something: most patterns compile, many match, many plans say something. */
	print_message("%zu patterns, %zu matches, %zu of use\n", good, matches, useful);
	assert_true(good > rounds / 2);
	assert_true(matches > good / 2);
	assert_true(useful > good / 20);
}

/* The plan takes it that no ASCII letters but k and s have other cases beyond ASCII, and that some
 * scripts have none. PCRE2's own tables say whether that is so. */
static void case_is_as_pcre2_has_it(void **state)
{
	(void)state;
	static const uint32_t caseless[][2] = {{0x590, 0x109f}, {0x2e80, 0xa63f}, {0xac00, 0xd7a3},
		{0xf900, 0xfaff}, {0x20000, 0x3ffff}};
	struct buffer wide = {0}, inside = {0}, outside = {0};
	struct range hit;
	struct match_limits limits = {.steps = 10000000, .cell_microseconds = 60000000};
	for (uint32_t code = 0x80; code <= 0x10ffff; code++) {
		char bytes[5] = {(char)(0xf0 | code >> 18), (char)(0x80 | (code >> 12 & 63)),
			(char)(0x80 | (code >> 6 & 63)), (char)(0x80 | (code & 63)), 0};
		size_t skip = code < 0x800 ? 2 : code < 0x10000 ? 1 : 0;
		if (skip > 0)
			bytes[skip] = (char)(skip == 2 ? 0xc0 | code >> 6 : 0xe0 | code >> 12);
		if (code >= 0xd800 && code <= 0xdfff)
			continue;
		bool in = false;
		for (size_t i = 0; i < ARRAY_LENGTH(caseless); i++)
			in |= code >= caseless[i][0] && code <= caseless[i][1];
		buffer_add(in ? &inside : &outside, bytes + skip, 4 - skip);
		if (code != 0x17f && code != 0x212a)
			buffer_add(&wide, bytes + skip, 4 - skip);
	}
	const struct {
		const char *pattern;
		const struct buffer *cell;
	} never[] = {
		{"(?i)[a-z]", &wide},
		{"(?i)[\\x{590}-\\x{109f}\\x{2e80}-\\x{a63f}\\x{ac00}-\\x{d7a3}\\x{f900}-\\x{faff}"
		 "\\x{20000}-\\x{3ffff}]",
			&outside},
		/* A letter whose other case is another letter is Lu, Ll or Lt, or has one. */
		{"[\\p{Lu}\\p{Lt}]", &inside},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(never); i++) {
		struct pattern *pattern =
			compiled(span_string(never[i].pattern), (struct pattern_options){0});
		struct matcher *matcher = matcher_new(pattern, &limits, NULL);
		assert_non_null(matcher);
		assert_int_equal(
			matcher_cell(matcher, buffer_span(never[i].cell), 0, &hit), MATCH_NO);
		matcher_free(matcher);
		pattern_free(pattern);
	}
	buffer_free(&wide);
	buffer_free(&inside);
	buffer_free(&outside);
}

static void admits_looks_at_every_place(void **state)
{
	(void)state;
	static const struct {
		const char *pattern;
		bool ignore_case;
		const char *cell;
		bool admitted;
	} cells[] = {
		{"[a-f0-9]{8}", false, "zz0123456z789abcdzz", false},
		{"[a-f0-9]{8}", false, "zz0123456789abcdezz", true},
		{"[a-f0-9]{8}", false, "01234567", true},
		{"[a-f0-9]{8}", false, "0123456", false},
		{"[a-f0-9]{8}", false, "0123456-01234567", true},
		{".*rundll", true, "xRUNDLLx", true},
		{".*rundll", true, "RUNDLrundl", false},
		{".*rundll", true, "", false},
		{"\\w+a-b", true, "xA-B", true},
		{"\\w+a-b", false, "xA-B", false},
		{".*xyz", true, "XYxyXYZ", true},
		{".*", false, "", true},
		{"abc\\x{0}", false, "abc", false},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(cells); i++) {
		struct pattern *pattern = compiled(span_string(cells[i].pattern),
			(struct pattern_options){.letters = cells[i].ignore_case
								    ? PATTERN_CASE_IGNORE
								    : PATTERN_CASE_EXACT});
		struct plan *plan = planned(pattern);
		assert_int_equal(plan_admits(plan, span_string(cells[i].cell)), cells[i].admitted);
		plan_free(plan);
		pattern_free(pattern);
	}
}

/* A long literal is planned like a short one, as far as the bounds go. */
static void long_literals_are_planned(void **state)
{
	(void)state;
	struct buffer text = {0};
	uint32_t random = 1;
	while (text.length < PATTERN_MAX_LENGTH) {
		random = random * 1664525 + 1013904223;
		buffer_add_byte(&text, (char)('a' + (random >> 24) % 26));
	}
	struct pattern *pattern = compiled(buffer_span(&text), (struct pattern_options){0});
	struct plan *plan = planned(pattern);
	bool ignores_case;
	assert_int_equal(plan_query(plan)->op, PLAN_AND);
	assert_in_range(plan_query(plan)->trigrams, 200, PLAN_MAX_TRIGRAMS);
	assert_in_range(plan_literal(plan, &ignores_case).length, 100, 200);
	assert_int_equal(plan_shortest(plan), PATTERN_MAX_LENGTH);
	plan_free(plan);
	pattern_free(pattern);
	buffer_free(&text);
}

/* The longest and the most branched patterns stay within the bounds, and quick. */
static void plans_are_bounded(void **state)
{
	(void)state;
	static const char *const units[] = {"a", "[a-h]", "(?:a|b|c|d)", "abc|", "(?i)k", "s?",
		"(a|b)*", "[\\x{4e00}-\\x{4e07}]", "k{9}", "(?:aks|kas|ska)|"};
	for (size_t i = 0; i < ARRAY_LENGTH(units) * 2; i++) {
		struct buffer text = {0};
		const char *unit = units[i / 2];
		while (text.length + strlen(unit) <= PATTERN_MAX_LENGTH)
			buffer_add_string(&text, unit);
		struct pattern_options options = {
			.letters = i % 2 ? PATTERN_CASE_IGNORE : PATTERN_CASE_EXACT};
		struct pattern *pattern = pattern_compile(buffer_span(&text), &options, NULL);
		if (pattern) {
			struct plan *plan = planned(pattern);
			assert_true(plan_query(plan)->trigrams <= PLAN_MAX_TRIGRAMS);
			plan_free(plan);
		}
		pattern_free(pattern);
		buffer_free(&text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(table_of_plans),
		cmocka_unit_test(choices_and_runs),
		cmocka_unit_test(runs_are_of_the_class),
		cmocka_unit_test(promise_holds),
		cmocka_unit_test(case_is_as_pcre2_has_it),
		cmocka_unit_test(admits_looks_at_every_place),
		cmocka_unit_test(long_literals_are_planned),
		cmocka_unit_test(plans_are_bounded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
