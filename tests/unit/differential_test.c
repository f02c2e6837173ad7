/* Patterns from a grammar and a seed, over text that is hard to search: the engine says of every
 * cell what PCRE2 says of it alone, and pcre2grep says the same of cells of one line.
 *
 * DIFFERENTIAL_SEED and DIFFERENTIAL_PATTERNS make it another and a longer run; `make differential`
 * does so. */
#include "../search_support.h"

#include "casefile/journal.h"
#include "casefile/undo.h"

#include <dirent.h>
#include <sys/stat.h>

#define SHORT_RUN 250
#define HOSTILE "../shared/hostile/regex"

static long setting(const char *name, long otherwise)
{
	const char *text = getenv(name);
	return text && *text ? strtol(text, NULL, 10) : otherwise;
}

static const char *const atoms[] = {"a", "b", "A", "x", "z", "k", "s", "0", "foo", "bar", "foobar",
	"deadbeef", "\\.ps1", "powershell", "鎌", "倉", "製作", "é", "ß", "ẞ", "σ", "ς", "İ", "ı",
	"i", "K", "ſ", "\xe2\x84\xaa", "Ａ", "ａ", "μ", "\xc2\xb5", "ǅ", " ", "\\t", "\\n", "\\r",
	"\\e", "\\x{1a}", "\\x4", "\\x41", "\\x{e9}", "\\x{212A}", "\\o{141}", "\\141", "\\0",
	"\\N{U+938c}", "\\cA", "\\d", "\\w", "\\s", "\\D", "\\W", "\\S", "\\h", "\\H", "\\v", "\\V",
	"\\N", "\\R", "\\X", ".", "[a-c]", "[^a]", "[a-f0-9]", "[A-Fa-f0-9]", "[^\\n]", "[\\w.]",
	"[^\\W_]", "[[:alpha:]]", "[[:^space:]]", "[[:cntrl:]]", "[^[:print:]]", "[[:xdigit:]]{4}",
	"[[:punct:]x]", "[[:upper:]]", "[é-鎌]", "[\\x00-\\x1f]", "[σs]", "[^ſk]", "[k-s]",
	"[\\x{130}i]", "[]a]", "[^]a]", "[\\]-]", "[a\\-z]", "[\\d-z]", "[\\x{4e00}-\\x{9fff}]",
	"[\\Qa-z\\E]", "[a b]", "[\\b\\e]", "[\\p{L}.]", "[^\\p{L}]", "\\p{L}", "\\P{L}", "\\pL",
	"\\p{Han}", "\\p{Greek}", "\\p{^Lu}", "\\p{L&}", "\\p{Cc}", "\\p{Xwd}", "\\x00",
	"\\Qa.b\\E", "\\Q[\\E", "\\\\", "/", "-", "_", "#", "\\x{2028}", "\\x{85}", "<script>",
	"; DROP", "\\x{1F469}", "\\k<n>", "\\k{n}", "(?P=n)", "\\g{1}", "\\g{-1}", "\\g<n>",
	"\\g'1'", "(?&n)", "(?P>n)", "(?R)?", "(?-1)", "(?+1)?"};
static const char *const empties[] = {"^", "$", "\\A", "\\z", "\\Z", "\\b", "\\B", "\\G", "\\K",
	"(?i)", "(?-i)", "(?s)", "(?m)", "(?x)", "(?xx)", "(?-x)", "(?J)", "(?n)", "(?U)", "(?^)",
	"(?^i)", "(?is-m)", "(*SKIP)", "(*PRUNE)", "(*THEN)", "(*COMMIT)", "(*FAIL)", "(*F)",
	"(*ACCEPT)", "(*MARK:m)", "(*SKIP:m)", "(?#c)", "()", "\\E", "\\Q\\E", "(?C1)", "# c\n",
	"[[:<:]]", "[[:>:]]", "(?!)", "(?=a)", "(?(DEFINE)(?<d>ab?))", "(?<n>foo)", "(?'n'k)?"};
static const char *const repeats[] = {"?", "*", "+", "??", "*?", "+?", "?+", "*+", "++", "{2}",
	"{1,3}", "{3,}", "{0,2}?", "{5}", "{2,}+", "{0}", "{,3}", "{1}{2}", " +", "(?#c)+"};
static const char *const groups[] = {"(", "(", "(?:", "(?:", "(?>", "(?=", "(?!", "(?<=", "(?<!",
	"(?i:", "(?s:", "(?m:", "(?|", "(?<n>", "(?P<n>", "(?x:", "(?-i:", "(?^:", "(?i-s:", "(?*",
	"(?<*", "(*atomic:", "(*pla:", "(*nlb:", "(*sr:", "(?(1)", "(?(<n>)", "(?(?=a)", "(?(?<!a)",
	"(?(R)", "(?(DEFINE)", "(?n:", "(?J:"};
static const char *const leads[] = {"(*ANYCRLF)", "(*CRLF)", "(*ANY)", "(*NUL)", "(*CR)", "(*LF)",
	"(*UTF)", "(*UCP)", "(*BSR_ANYCRLF)", "(*BSR_UNICODE)", "(*NOTEMPTY)",
	"(*NOTEMPTY_ATSTART)", "(*COMMIT)", "(*NO_START_OPT)", "(*NO_AUTO_POSSESS)",
	"(*NO_DOTSTAR_ANCHOR)", "(*NO_JIT)", "(*LIMIT_MATCH=5000)", "(*LIMIT_DEPTH=500)",
	"(*LIMIT_HEAP=100)"};
#define ANY_OF(dice, list) (list)[dice_below(dice, (unsigned)ARRAY_LENGTH(list))]

static void add_alternatives(struct dice *dice, int depth, struct buffer *out);

static void add_item(struct dice *dice, int depth, struct buffer *out)
{
	unsigned choice = dice_below(dice, 20);
	if (choice < 2) {
		buffer_add_string(out, ANY_OF(dice, empties));
		return;
	}
	if (choice < 5 && depth > 0) {
		buffer_add_string(out, ANY_OF(dice, groups));
		add_alternatives(dice, depth - 1, out);
		buffer_add_byte(out, ')');
	} else if (choice == 5 && depth < 2) {
		buffer_add_string(out, dice_below(dice, 2) ? "\\1" : "(?1)");
	} else {
		buffer_add_string(out, ANY_OF(dice, atoms));
	}
	if (dice_below(dice, 3) == 0)
		buffer_add_string(out, ANY_OF(dice, repeats));
}

static void add_alternatives(struct dice *dice, int depth, struct buffer *out)
{
	for (;;) {
		unsigned items = dice_below(dice, 4) + (dice_below(dice, 10) != 0);
		for (unsigned i = 0; i < items; i++)
			add_item(dice, depth, out);
		if (dice_below(dice, 4) != 0)
			return;
		buffer_add_byte(out, '|');
	}
}

/* One character of a cell as a pattern may write it: as it is, by number, in a class, in the other
 * case; or any character instead. */
static void add_spelling(struct dice *dice, struct span character, struct buffer *out)
{
	uint32_t code;
	assert_true(text_decode(character.data, character.length, &code) == character.length);
	bool letter = (code | 0x20) >= 'a' && (code | 0x20) <= 'z';
	unsigned choice = dice_below(dice, 30);
	if (choice == 0)
		buffer_add_string(out, code == '\n' ? "\\n" : ".");
	else if (choice == 1)
		buffer_add_format(out, "\\x{%x}", code);
	else if (choice == 2)
		buffer_add_format(out, "[\\x{%x}z]", code);
	else if (choice == 3)
		buffer_add_format(out, "[^\\x{%x}]", code + 1);
	else if (choice == 4)
		buffer_add_format(out, "(?:%s|\\x{%x})", ANY_OF(dice, atoms), code);
	else if (choice == 5 && letter)
		buffer_add_byte(out, (char)(code ^ 0x20));
	else if (choice == 6)
		buffer_add_format(out, "\\Q%.*s\\E", (int)character.length, character.data);
	else if (letter || code >= 0x80 || (code >= '0' && code <= '9'))
		buffer_add_span(out, character);
	else
		buffer_add_format(out, "\\%c", (char)code);
	if (dice_below(dice, 25) == 0)
		buffer_add_string(out, ANY_OF(dice, repeats));
}

/* A piece of a cell, written as a pattern, so that there are hits. */
static void make_from_cell(
	struct dice *dice, const struct oracle *oracle, bool literal, struct buffer *out)
{
	const struct oracle_cell *cell = &oracle->cells[dice_draw(dice) % oracle->count];
	struct span image = cell->image;
	size_t at = image.length > 0 ? dice_draw(dice) % image.length : 0;
	const char *rare = image.length > 0 ? memrchr(image.data, '~', image.length) : NULL;
	if (rare && dice_below(dice, 2))
		at = (size_t)(rare - image.data);
	while (at < image.length && oracle_character(span_slice(image, at, image.length)) == 0)
		at++;
	for (unsigned left = 1 + dice_below(dice, 12); left > 0 && at < image.length; left--) {
		size_t length = oracle_character(span_slice(image, at, image.length));
		struct span character = span_slice(image, at, at + length);
		if (literal)
			buffer_add_span(out, character);
		else
			add_spelling(dice, character, out);
		at += length;
		if (!literal && dice_below(dice, 30) == 0)
			buffer_add_string(out, ANY_OF(dice, empties));
		if (!literal && dice_below(dice, 40) == 0)
			buffer_add_string(out, ".*");
	}
}

/* A class and nothing else, so many times: that is decided by its bytes. */
static void add_class_alone(struct dice *dice, struct buffer *out)
{
	static const char *const classes[] = {"[a-c]", "[^a]", "[a-f0-9]", "\\d", "\\D", "\\w",
		"\\W", "\\s", "\\S", "\\h", "\\H", "\\v", "\\V", "\\N", ".", "[[:alpha:]]",
		"[[:^alpha:]]", "[[:alnum:]]", "[[:punct:]]", "[[:cntrl:]]", "[[:print:]]",
		"[[:space:]]", "[[:blank:]]", "[[:graph:]]", "[[:word:]]", "[[:xdigit:]]",
		"[[:ascii:]]", "[[:lower:]]", "[[:upper:]]", "[^[:print:]]", "[^\\W\\d]",
		"[\\s\\x1a]", "[k-s]", "[ſK]", "[é-鎌a]", "[\\x00-\\x{ff}]", "[\\x00a]", "\\p{L}",
		"[^\\p{L}]", "[\\p{L}\\d]", "[^é]", "[^\\x{80}-\\x{10ffff}]", "[\\r\\n]", "[^\\n]",
		"[\\-a]", "[]x]", "[abkKsS]", "\\R", "\\X", "[a-zA-Z]", "[^ -~]"};
	static const char *const times[] = {"", "{2}", "{4}", "{8,}", "{3,5}", "{5}?", "{2,3}?",
		"{2}{3}", "{1}{4}", "{3}{1}", "{2,}+", "{1,2}{2}", "+", "++", "+?", "{1,}", "{64}",
		"{65}", "{70,}", "?{3}", "{0,3}", "(?#c){3}", " {3}"};
	static const char *const around[][2] = {{"", ""}, {"", ""}, {"", ""}, {"", ""}, {"(", ")"},
		{"(?:", ")"}, {"(?>", ")"}, {"(?i)", ""}, {"(?i:", ")"}, {"(?x: ", " )"},
		{"(?U)", ""}, {"(?U:", ")"}, {"(?s)", ""}, {"(*sr:", ")"}, {"(?=", ")"},
		{"(?<=", ")"}, {"(?!", ")"}, {"", "\\K"}, {"\\b", ""}, {"(?|", ")"}, {"(", ")\\1"},
		{"", "|x"}, {"", "$"}, {"^", ""}, {"(?<n>", ")(?&n)"}, {"(", "){2}"}, {"((", "))"},
		{"(?^:", ")"}, {"(?(DEFINE)", ")"}, {"(?n)(", ")"}, {"(*UCP)", ""}};
	unsigned which = dice_below(dice, (unsigned)ARRAY_LENGTH(around));
	buffer_add_format(out, "%s%s%s%s", around[which][0], ANY_OF(dice, classes),
		ANY_OF(dice, times), around[which][1]);
}

/* Some texts, of which one has to be there. */
static void add_choice(struct dice *dice, struct buffer *out)
{
	static const char *const texts[] = {"foo", "bar", "deadbeef", "DEAD", "quick", "鎌倉",
		"技術", "ps1", "exe", "Users", "TABLE", "k", "ß", "12345", "0123", "aaaa", "script",
		"the quick brown fox", "10\\.2", "zz", "Foo", "ſ", "", "fo[ob]", "b.r"};
	static const char *const around[][2] = {{"", ""}, {"(?:", ")\\w"}, {"\\w+(?:", ")"},
		{"(?i)", ""}, {"(?:", ")+"}, {"(?:", ")?x"}, {"(?:", "){2}"}, {"(?=", ")."},
		{"(?!", ")b"}, {"(a|", ")\\1"}, {".*(?:", ")"}, {"(?i:", ")s"}};
	unsigned which = dice_below(dice, (unsigned)ARRAY_LENGTH(around));
	buffer_add_string(out, around[which][0]);
	for (unsigned left = 2 + dice_below(dice, 9); left > 0; left--) {
		buffer_add_string(out, ANY_OF(dice, texts));
		if (left > 1)
			buffer_add_byte(out, '|');
	}
	buffer_add_string(out, around[which][1]);
}

/* Half of them are simple, as people write them: those go the quick ways. */
static void make_pattern(struct dice *dice, struct buffer *out)
{
	static const char *const simple[] = {"a", "b", "foo", "bar", "\\d", "\\w", "\\s", "[a-c]",
		"[a-f0-9]{4}", "鎌", "é", "x", "\\.", "(?:foo|bar)", "(a|b)", "\\b", "k", "(z|0)",
		"[\\w.]", "deadbeef", " ", "exe", "\\d{3}", "s+", "b*", "a?", "foo|bar", "|x",
		"[ab]", "[^a]", ".", "^", "$", "\\A", "\\z", "\\W", "\\B", "(?=[ab])", "(?!\\w)",
		"[ab]+", "\\w*?"};
	if (dice_below(dice, 2) == 0) {
		unsigned items = 1 + dice_below(dice, 4);
		for (unsigned i = 0; i < items; i++)
			buffer_add_string(out, ANY_OF(dice, simple));
		return;
	}
	if (dice_below(dice, 5) == 0) {
		add_class_alone(dice, out);
		return;
	}
	if (dice_below(dice, 8) == 0) {
		add_choice(dice, out);
		return;
	}
	if (dice_below(dice, 8) == 0)
		buffer_add_string(out, ANY_OF(dice, leads));
	add_alternatives(dice, 3, out);
}

static struct held make_options(struct dice *dice)
{
	static const enum kind kinds[] = {KIND_NONE, KIND_NONE, KIND_NONE, KIND_EVENT, KIND_HOST};
	return (struct held){
		.options =
			{
				.letters = (enum pattern_case)dice_below(dice, 3),
				.literal = dice_below(dice, 8) == 0,
				.word = dice_below(dice, 5) == 0,
				.whole_cell = dice_below(dice, 6) == 0,
			},
		.by_record = dice_below(dice, 4) == 0,
		.records_only = dice_below(dice, 3) == 0,
		.threads = 1 + (int)dice_below(dice, 3),
		.kind = kinds[dice_below(dice, (unsigned)ARRAY_LENGTH(kinds))],
		.limit = dice_below(dice, 8) == 0 ? 1 + (int64_t)dice_below(dice, 60) : 0,
	};
}

static void import(struct test_case *test, struct dice *dice, int events)
{
	struct writer *writer = test_writer(test, "events.csv");
	struct search_index *index;
	WORKS(test, index = search_index_begin(test->file, writer, &test->error));
	dice_events(test, writer, dice, events);
	test_finish(test, writer);
	search_index_end(index);
}

static void tell(const struct oracle *oracle)
{
	print_message("%lld patterns, %lld hits, %lld cells undecided\n",
		(long long)oracle->patterns, (long long)oracle->hits, (long long)oracle->undecided);
}

/* So many patterns over a case of so many events; how many compiled. */
static long hold_generated(struct test_case *test, uint64_t seed, int events, long patterns)
{
	struct dice dice = {.state = seed};
	struct buffer text = {0};
	struct oracle oracle;
	long compiled = 0;
	import(test, &dice, events);
	oracle_load(test, &oracle);
	for (long i = 0; i < patterns; i++) {
		struct held held = make_options(&dice);
		buffer_clear(&text);
		if (dice_below(&dice, 3) == 0)
			make_from_cell(&dice, &oracle, held.options.literal, &text);
		else
			make_pattern(&dice, &text);
		compiled += same_as_oracle(test, &oracle, buffer_span(&text), &held);
	}
	tell(&oracle);
	oracle_free(&oracle);
	buffer_free(&text);
	return compiled;
}

static void generated(void **state)
{
	long patterns = setting("DIFFERENTIAL_PATTERNS", SHORT_RUN);
	uint64_t seed = (uint64_t)setting("DIFFERENTIAL_SEED", 1);
	/* The grammar makes patterns, not errors. */
	assert_true(hold_generated(*state, seed, 400, patterns) > patterns / 2);
}

/* With an index, of which small cases have none. */
static void generated_over_an_index(void **state)
{
	long patterns = setting("DIFFERENTIAL_PATTERNS", SHORT_RUN) / 25;
	uint64_t seed = (uint64_t)setting("DIFFERENTIAL_SEED", 1) + 1000;
	hold_generated(*state, seed, 30000, patterns);
}

/* ---- what people decided, and sources that were taken back ---- */

/* Text of one line or more as the journal takes it; now and then none, which takes a field away. */
static void decide(
	struct test_case *test, struct dice *dice, struct record_id id, const char *field)
{
	struct buffer text = {0};
	struct journal_entry entry = {.reviewer = span_string("tester"),
		.clock = 1,
		.action = span_string("set"),
		.id = id,
		.field = span_string(field),
		.reason = span_string("test")};
	if (strcmp(field, "site") == 0)
		buffer_add_format(&text, "site:%u", 1 + dice_below(dice, 20));
	else
		dice_text(dice, &text);
	if (dice_below(dice, 4) != 0)
		entry.after = text.length > 0 ? buffer_span(&text) : span_string("");
	WORKS(test, journal_set(test->file, &entry, &test->error));
	buffer_free(&text);
}

/* A source of small records with hard text, beside its events: hosts have names that other sources
 * have, too, sites that they refer to, and extra fields. */
static int64_t import_small(struct test_case *test, struct dice *dice, int records)
{
	static const char *const fields[] = {"role", "address", "site", "extra.zz", "first_seen"};
	struct writer *writer = test_writer(test, "small.csv");
	struct buffer name = {0}, texts[ARRAY_LENGTH(fields)] = {0};
	int64_t id, source = writer_source_id(writer);
	for (int i = 0; i < records; i++) {
		struct draft draft = DRAFT(KIND_HOST);
		struct draft_cell cells[ARRAY_LENGTH(fields) + 1];
		draft.cells = cells;
		buffer_clear(&name);
		buffer_add_format(&name, "foo%u", dice_below(dice, 2 * (unsigned)records));
		cells[draft.cell_count++] = (struct draft_cell){
			.field = kind_field_find(KIND_HOST, span_string("name")),
			.name = span_string("name"),
			.text = buffer_span(&name)};
		for (size_t j = 0; j < ARRAY_LENGTH(fields); j++) {
			buffer_clear(&texts[j]);
			dice_text(dice, &texts[j]);
			if (dice_below(dice, 3) == 0 || texts[j].length == 0)
				continue;
			struct span field = span_string(fields[j]);
			cells[draft.cell_count++] =
				(struct draft_cell){.field = kind_field_find(KIND_HOST, field),
					.name = field,
					.text = buffer_span(&texts[j])};
		}
		WORKS(test, writer_record(writer, &draft, &id, NULL, &test->error));
	}
	dice_events(test, writer, dice, records);
	test_finish(test, writer);
	for (size_t j = 0; j < ARRAY_LENGTH(fields); j++)
		buffer_free(&texts[j]);
	buffer_free(&name);
	return source;
}

/* What the journal and other sources say lies over base rows and masks them exactly. */
static void generated_over_a_reviewed_case(void **state)
{
	static const char *const fields[] = {"name", "role", "site", "extra.zz", "note", "address"};
	struct test_case *test = *state;
	long patterns = setting("DIFFERENTIAL_PATTERNS", SHORT_RUN) / 2;
	struct dice dice = {.state = (uint64_t)setting("DIFFERENTIAL_SEED", 1) + 2000};
	struct buffer text = {0};
	import_small(test, &dice, 150);
	int64_t taken_back = import_small(test, &dice, 150);
	import_small(test, &dice, 100);
	for (int i = 0; i < 60; i++) {
		decide(test, &dice, (struct record_id){KIND_HOST, 1 + dice_below(&dice, 150)},
			ANY_OF(&dice, fields));
		decide(test, &dice, (struct record_id){KIND_EVENT, 1 + dice_below(&dice, 400)},
			dice_below(&dice, 2) ? "message" : "extra.zz");
	}
	decide(test, &dice, (struct record_id){KIND_SITE, 3}, "name");
	for (long part = 0; part < 2; part++) {
		struct oracle oracle;
		oracle_load(test, &oracle);
		for (long i = 0; i < patterns; i++) {
			struct held held = make_options(&dice);
			buffer_clear(&text);
			if (dice_below(&dice, 2) == 0)
				make_from_cell(&dice, &oracle, held.options.literal, &text);
			else
				make_pattern(&dice, &text);
			same_as_oracle(test, &oracle, buffer_span(&text), &held);
		}
		tell(&oracle);
		oracle_free(&oracle);
		if (part == 0)
			WORKS(test, undo_import(test->file, taken_back, span_string("tester"), 1,
					    (struct span){0}, &test->error));
	}
	buffer_free(&text);
}

/* ---- patterns of others ---- */

static void hold_file(struct test_case *test, struct oracle *oracle, const char *path, long most,
	long *held_patterns)
{
	static const struct held ways[] = {
		{.threads = 1}, {.options = {.letters = PATTERN_CASE_IGNORE}, .threads = 1}};
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t size = 0;
	ssize_t length;
	assert_non_null(file);
	while ((length = getline(&line, &size, file)) > 0 && *held_patterns < most) {
		/* PCRE2's own tests: a pattern on a line, between two slashes. */
		char *end = memrchr(line, '/', (size_t)length);
		if (line[0] != '/' || !end || end == line)
			continue;
		struct span text = span_of(line + 1, (size_t)(end - line) - 1);
		*held_patterns += same_as_oracle(test, oracle, text,
			&ways[dice_below(&(struct dice){.state = (uint64_t)length}, 2)]);
	}
	free(line);
	fclose(file);
}

static void hostile_patterns(void **state)
{
	struct test_case *test = *state;
	DIR *folder = opendir(HOSTILE);
	if (!folder) {
		print_message("no hostile patterns at hand: skipped\n");
		skip();
	}
	struct dice dice = {.state = 5};
	long held = 0, most = setting("DIFFERENTIAL_PATTERNS", SHORT_RUN) * 2;
	struct oracle oracle;
	import(test, &dice, 60);
	oracle_load(test, &oracle);
	for (struct dirent *entry; (entry = readdir(folder));) {
		char path[512];
		snprintf(path, sizeof path, "%s/%s", HOSTILE, entry->d_name);
		struct stat status;
		if (stat(path, &status) == 0 && S_ISREG(status.st_mode))
			hold_file(test, &oracle, path, most, &held);
	}
	closedir(folder);
	tell(&oracle);
	oracle_free(&oracle);
	assert_true(held > 0);
}

/* ---- pcre2grep ---- */

#define LINES 300

static bool one_line(struct span text)
{
	for (size_t i = 0; i < text.length; i++)
		if (text.data[i] == '\0' || text.data[i] == '\n' || text.data[i] == '\r' ||
			text.data[i] == '\x0b' || text.data[i] == '\x0c')
			return false;
	return true;
}

/* A cell a line; the same into the case, one event each. */
static void make_lines(struct test_case *test, struct dice *dice, const char *path)
{
	FILE *file = fopen(path, "w");
	struct writer *writer = test_writer(test, "lines.csv");
	struct buffer text = {0}, image = {0};
	assert_non_null(file);
	for (int made = 0; made < LINES;) {
		buffer_clear(&text);
		dice_text(dice, &text);
		if (!one_line(buffer_span(&text)) || text.length == 0 || text.length > 2000)
			continue;
		/* pcre2grep wants valid UTF-8. */
		buffer_clear(&image);
		assert_true(buffer_reserve(&image, text.length));
		search_image(buffer_span(&text), image.data);
		fwrite(image.data, 1, text.length, file);
		putc('\n', file);
		struct draft_cell cell = {
			.field = kind_field_find(KIND_EVENT, span_string("message")),
			.text = span_of(image.data, text.length)};
		struct draft draft = DRAFT(KIND_EVENT);
		draft.cells = &cell;
		draft.cell_count = 1;
		int64_t id;
		WORKS(test, writer_record(writer, &draft, &id, NULL, &test->error));
		assert_int_equal(id, ++made);
	}
	assert_int_equal(fclose(file), 0);
	test_finish(test, writer);
	buffer_free(&text);
	buffer_free(&image);
}

struct lines {
	bool hit[LINES + 1];
	bool undecided;
};

static bool mark_line(void *context, const struct search_hit *hit)
{
	struct lines *lines = context;
	lines->undecided |= hit->undecided;
	lines->hit[hit->id.id] = true;
	return true;
}

/* False when pcre2grep can't decide the pattern. */
static bool ask_pcre2grep(const char *pattern_path, const char *path, struct lines *lines)
{
	char command[512];
	snprintf(command, sizeof command,
		"{ pcre2grep -u -N LF -n -f '%s' '%s' 2>&1; echo \"=$?\"; } | cut -d: -f1 | tr -d "
		"'\\200-\\377'",
		pattern_path, path);
	FILE *pipe = popen(command, "r");
	char line[4096];
	bool good = false;
	assert_non_null(pipe);
	while (fgets(line, sizeof line, pipe)) {
		long number = strtol(line, NULL, 10);
		if (line[0] == '=')
			good = line[1] == '0' || line[1] == '1';
		else if (number > 0 && number <= LINES)
			lines->hit[number] = true;
	}
	pclose(pipe);
	return good;
}

static void pcre2grep_agrees(void **state)
{
	struct test_case *test = *state;
	struct dice dice = {.state = (uint64_t)setting("DIFFERENTIAL_SEED", 1) + 77};
	long patterns = setting("DIFFERENTIAL_PATTERNS", SHORT_RUN) / 5, compared = 0;
	if (system("pcre2grep -V >/dev/null 2>&1") != 0) {
		print_message("pcre2grep is not installed: skipped\n");
		skip();
	}
	char path[128], pattern_path[128];
	snprintf(path, sizeof path, "%s/lines", test->folder);
	snprintf(pattern_path, sizeof pattern_path, "%s/pattern", test->folder);
	make_lines(test, &dice, path);
	struct buffer text = {0};
	for (long i = 0; i < patterns; i++) {
		struct lines ours = {0}, theirs = {0};
		buffer_clear(&text);
		make_pattern(&dice, &text);
		/* Verbs at the start change what pcre2grep takes for a line, and \G where it looks
		 * for the next; blanks at the end of a pattern it leaves out, and a line is a
		 * pattern. */
		if (text.length == 0 || memchr(text.data, '\n', text.length) ||
			memmem(text.data, text.length, "(*", 2) ||
			memmem(text.data, text.length, "\\G", 2) ||
			text.data[text.length - 1] == ' ')
			continue;
		struct pattern *pattern = pattern_compile(
			buffer_span(&text), &(struct pattern_options){0}, &test->error);
		if (!pattern)
			continue;
		FILE *file = fopen(pattern_path, "w");
		assert_non_null(file);
		fprintf(file, "(*UCP)%.*s\n", (int)text.length, text.data ? text.data : "");
		assert_int_equal(fclose(file), 0);
		struct search_request request = {
			.pattern = pattern, .hit = mark_line, .context = &ours, .threads = 1};
		struct search_totals totals;
		WORKS(test, search_run(test->file, &request, &totals, &test->error));
		pattern_free(pattern);
		if (ours.undecided || !ask_pcre2grep(pattern_path, path, &theirs))
			continue;
		compared++;
		for (int line = 1; line <= LINES; line++)
			if (ours.hit[line] != theirs.hit[line])
				fail_msg("/%.*s/ line %d: %d, pcre2grep says %d", (int)text.length,
					text.data, line, ours.hit[line], theirs.hit[line]);
	}
	unlink(path);
	unlink(pattern_path);
	buffer_free(&text);
	assert_true(compared > patterns / 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(generated, test_begin, test_end),
		cmocka_unit_test_setup_teardown(generated_over_an_index, test_begin, test_end),
		cmocka_unit_test_setup_teardown(
			generated_over_a_reviewed_case, test_begin, test_end),
		cmocka_unit_test_setup_teardown(hostile_patterns, test_begin, test_end),
		cmocka_unit_test_setup_teardown(pcre2grep_agrees, test_begin, test_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
