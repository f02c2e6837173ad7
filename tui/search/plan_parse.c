/* What a pattern consumes, part by part. Empty items say nothing, but for what a positive
 * look-around has seen; references, recursion and whatever is not understood may be anything. */
#include "plan_reader.h"

#define MOST_DEPTH 64

static void read_alternatives(struct reader *reader, struct plan_info *info, size_t *branches);

static void set_character(struct reader *reader, struct plan_info *info, uint32_t code)
{
	struct plan_class set = {0};
	plan_class_add(&set, code);
	plan_info_class(reader->builder, info, &set, reader->caseless);
}

static void set_any_character(struct reader *reader, struct plan_info *info)
{
	struct plan_class set = {0};
	plan_class_add_unknown(&set);
	plan_info_class(reader->builder, info, &set, false);
}

/* The argument of \p \P \g \k, the reader being behind the letter. */
static void skip_argument(struct reader *reader, char letter)
{
	char open = reader_peek(reader, 0);
	if (open == '{')
		reader_skip_past(reader, '}');
	else if (open == '<')
		reader_skip_past(reader, '>');
	else if (open == '\'' && ++reader->at)
		reader_skip_past(reader, '\'');
	else if (letter == 'p' || letter == 'P')
		reader->at++;
	else if (letter == 'g') {
		reader->at += reader_one_of(open, "+-");
		reader_take_number(reader, 10, SIZE_MAX);
	}
}

/* At a backslash, outside of a class. */
static void read_escape(struct reader *reader, struct plan_info *info)
{
	struct plan_class set = {0};
	uint32_t code = 0;
	reader->at++;
	char letter = reader_peek(reader, 0);
	if ((uint8_t)letter >= 0x80) {
		set_character(reader, info, reader_take_character(reader));
		return;
	}
	reader->at++;
	if (reader_take_code(reader, letter, &code)) {
		set_character(reader, info, code);
	} else if (plan_class_add_escape(&set, letter)) {
		plan_info_class(reader->builder, info, &set, false);
	} else if (reader_one_of(letter, "pPN")) {
		if (letter != 'N')
			skip_argument(reader, letter);
		set_any_character(reader, info);
	} else if (reader_one_of(letter, "XR")) {
		struct plan_info more;
		set_any_character(reader, info);
		plan_info_anything(&more);
		plan_info_append(reader->builder, info, &more);
	} else if (reader_one_of(letter, "bBAZzGK")) {
		plan_info_empty(info);
	} else if (letter >= '1' && letter <= '9') {
		reader_take_number(reader, 10, SIZE_MAX);
		plan_info_anything(info);
	} else if (reader_one_of(letter, "gk")) {
		skip_argument(reader, letter);
		plan_info_anything(info);
	} else {
		reader->lost = true;
	}
}

/* At [: inside a class. */
static void read_posix(struct reader *reader, struct plan_class *set)
{
	struct plan_class named = {0};
	reader->lost |= !reader_take(reader, "[:");
	bool negated = reader_take(reader, "^");
	size_t began = reader->at;
	while (reader_peek(reader, 0) >= 'a' && reader_peek(reader, 0) <= 'z')
		reader->at++;
	struct span name = span_slice(reader->text, began, reader->at);
	reader->lost |= !plan_class_add_posix(&named, name) || !reader_take(reader, ":]");
	if (negated)
		plan_class_negate(&named);
	plan_class_add_class(set, &named);
}

/* One character of a class, or one end of a range. False when it is a set, which is added. */
static bool read_class_member(struct reader *reader, struct plan_class *set, uint32_t *code)
{
	if (reader_peek(reader, 0) == '[' && reader_one_of(reader_peek(reader, 1), ":.=")) {
		read_posix(reader, set);
		return false;
	}
	if (!reader_take(reader, "\\")) {
		*code = reader_take_character(reader);
		return true;
	}
	char letter = reader_peek(reader, 0);
	if ((uint8_t)letter >= 0x80) {
		*code = reader_take_character(reader);
		return true;
	}
	reader->at++;
	if (letter == 'b') {
		*code = '\b';
		return true;
	}
	if (reader_take_code(reader, letter, code))
		return true;
	if (reader_one_of(letter, "pP"))
		skip_argument(reader, letter);
	if (reader_one_of(letter, "pP123456789"))
		plan_class_add_unknown(set);
	else
		reader->lost |= !plan_class_add_escape(set, letter);
	return false;
}

/* At [ that begins a class. */
static void read_class(struct reader *reader, struct plan_info *info)
{
	struct plan_class set = {0};
	if (reader_take(reader, "[[:<:]]") || reader_take(reader, "[[:>:]]")) {
		plan_info_empty(info);
		return;
	}
	reader->at++;
	bool negated = reader_take(reader, "^");
	for (bool first = true; first || reader_peek(reader, 0) != ']'; first = false) {
		uint32_t from = 0, to = 0;
		reader->lost |= reader_at_end(reader);
		if (reader->lost)
			return;
		if (!read_class_member(reader, &set, &from))
			continue;
		to = from;
		/* A hyphen that turns out to stand before a set stands for itself. */
		if (reader_peek(reader, 0) == '-' && reader_peek(reader, 1) != ']') {
			reader->at++;
			if (!read_class_member(reader, &set, &to)) {
				plan_class_add(&set, '-');
				to = from;
			}
		}
		reader->lost |= to < from;
		plan_class_add_range(&set, from, to);
	}
	reader->at++;
	if (negated)
		plan_class_negate(&set);
	plan_info_class(reader->builder, info, &set, reader->caseless);
}

/* Alternatives up to the closing parenthesis, which is passed; options set inside end with it. */
static void read_group(struct reader *reader, struct plan_info *info, size_t *branches)
{
	bool caseless = reader->caseless, extended = reader->extended;
	read_alternatives(reader, info, branches);
	reader->lost |= !reader_take(reader, ")");
	reader->caseless = caseless;
	reader->extended = extended;
}

static void read_empty_group(struct reader *reader, struct plan_info *info)
{
	size_t branches = 0;
	read_group(reader, info, &branches);
	plan_info_empty(info);
}

/* Behind "(?" of options: up to `)`, for what follows in this group, or `:`, for what is inside. */
static void read_options(struct reader *reader, struct plan_info *info)
{
	bool on = true, caseless = reader->caseless, extended = reader->extended;
	if (reader_take(reader, "^"))
		reader->caseless = reader->extended = false;
	for (; !reader->lost && !reader_one_of(reader_peek(reader, 0), ":)"); reader->at++) {
		char option = reader_peek(reader, 0);
		if (option == '-')
			on = false;
		else if (option == 'i')
			reader->caseless = on;
		else if (option == 'x')
			reader->extended = on;
		else
			reader->lost |= !reader_one_of(option, "mnsJU");
		/* (?xx) changes how classes are read. */
		reader->lost |= option == 'x' && on && reader_peek(reader, 1) == 'x';
		reader->lazy |= option == 'U';
	}
	if (reader_take(reader, ")")) {
		plan_info_empty(info);
		return;
	}
	size_t branches = 0;
	reader->at++;
	read_group(reader, info, &branches);
	reader->caseless = caseless;
	reader->extended = extended;
}

/* Behind "(?(". */
static void read_conditional(struct reader *reader, struct plan_info *info)
{
	size_t branches = 0;
	bool define = reader_take(reader, "DEFINE)");
	if (reader_one_of(reader_peek(reader, 0), "?*")) {
		/* An assertion; lost when it is something else, such as a callout. */
		size_t open = reader_peek(reader, 1) == '<' ? 2 : 1;
		reader->lost |= reader_peek(reader, 0) == '*' ||
				!reader_one_of(reader_peek(reader, open), "=!");
		reader->at += open + 1;
		if (!reader->lost)
			read_empty_group(reader, info);
	} else if (!define) {
		reader_skip_past(reader, ')');
	}
	if (reader->lost)
		return;
	read_group(reader, info, &branches);
	if (define) {
		plan_info_empty(info);
	} else if (branches < 2) {
		struct plan_info empty;
		plan_info_empty(&empty);
		plan_info_alternate(reader->builder, info, &empty);
	}
}

/* Behind "(?". */
static void read_special_group(struct reader *reader, struct plan_info *info)
{
	static const char *const positive[] = {"=", "*", "<=", "<*"};
	size_t branches = 0;
	for (size_t i = 0; i < ARRAY_LENGTH(positive); i++) {
		if (reader_take(reader, positive[i])) {
			read_group(reader, info, &branches);
			plan_info_aside(reader->builder, info);
			return;
		}
	}
	if (reader_take(reader, "!") || reader_take(reader, "<!")) {
		read_empty_group(reader, info);
		return;
	}
	char kind = reader_peek(reader, 0), next = reader_peek(reader, 1);
	if (reader_take(reader, ":") || reader_take(reader, ">") || reader_take(reader, "|")) {
		read_group(reader, info, &branches);
	} else if (reader_take(reader, "P<") || reader_take(reader, "<")) {
		reader_skip_past(reader, '>');
		read_group(reader, info, &branches);
	} else if (reader_take(reader, "'")) {
		reader_skip_past(reader, '\'');
		read_group(reader, info, &branches);
	} else if (reader_take(reader, "(")) {
		read_conditional(reader, info);
	} else if (reader_one_of(kind, "PR&+0123456789") ||
		   (kind == '-' && reader_one_of(next, "0123456789"))) {
		reader_skip_past(reader, ')');
		plan_info_anything(info);
	} else {
		read_options(reader, info);
	}
}

static bool is_any_of(struct span word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (span_is(word, words[i]))
			return true;
	return false;
}

/* Behind "(*": a verb, or a group by its long name. (*ACCEPT) ends a match anywhere, so nothing is
 * sure of a pattern that has it. */
static void read_verb(struct reader *reader, struct plan_info *info)
{
	static const char *const groups[] = {
		"atomic", "sr", "script_run", "asr", "atomic_script_run"};
	static const char *const positive[] = {"pla", "positive_lookahead", "plb",
		"positive_lookbehind", "napla", "non_atomic_positive_lookahead", "naplb",
		"non_atomic_positive_lookbehind"};
	static const char *const negative[] = {
		"nla", "negative_lookahead", "nlb", "negative_lookbehind"};
	static const char *const line_ends[] = {"CR", "CRLF", "ANY", "ANYCRLF", "NUL"};
	static const char *const empty[] = {"", "MARK", "COMMIT", "PRUNE", "SKIP", "THEN", "FAIL",
		"F", "UTF", "UCP", "LF", "BSR_ANYCRLF", "BSR_UNICODE", "NOTEMPTY",
		"NOTEMPTY_ATSTART", "NO_AUTO_POSSESS", "NO_DOTSTAR_ANCHOR", "NO_JIT",
		"NO_START_OPT", "LIMIT_HEAP", "LIMIT_MATCH", "LIMIT_DEPTH", "LIMIT_RECURSION"};
	size_t began = reader->at, branches = 0;
	while (!reader_at_end(reader) && !reader_one_of(reader_peek(reader, 0), ":=)"))
		reader->at++;
	struct span name = span_slice(reader->text, began, reader->at);
	bool colon = reader_peek(reader, 0) == ':';
	plan_info_empty(info);
	if (colon && is_any_of(name, groups, ARRAY_LENGTH(groups))) {
		reader->at++;
		read_group(reader, info, &branches);
		/* A script run is asked for more than what is inside. */
		info->alone.length = 0;
	} else if (colon && is_any_of(name, positive, ARRAY_LENGTH(positive))) {
		reader->at++;
		read_group(reader, info, &branches);
		plan_info_aside(reader->builder, info);
	} else if (colon && is_any_of(name, negative, ARRAY_LENGTH(negative))) {
		reader->at++;
		read_empty_group(reader, info);
	} else {
		bool line_end = is_any_of(name, line_ends, ARRAY_LENGTH(line_ends));
		reader->other_line_ends |= line_end;
		reader->lost |= !line_end && !is_any_of(name, empty, ARRAY_LENGTH(empty));
		reader_skip_past(reader, ')');
	}
}

static void read_parenthesis(struct reader *reader, struct plan_info *info)
{
	size_t branches = 0;
	if (reader_take(reader, "(?"))
		read_special_group(reader, info);
	else if (reader_take(reader, "(*"))
		read_verb(reader, info);
	else if (reader_take(reader, "("))
		read_group(reader, info, &branches);
}

/* White space of (?x) beyond ASCII. */
static bool is_wide_space(uint32_t code)
{
	return code == 0x85 || (code | 1) == 0x200f || (code | 1) == 0x2029;
}

/* One item, the reader being neither at the end nor at | or ). */
static void read_item(struct reader *reader, struct plan_info *info)
{
	char byte = reader->quoted ? 'Q' : reader_peek(reader, 0);
	plan_info_anything(info);
	if (byte == '(') {
		read_parenthesis(reader, info);
	} else if (byte == '[') {
		read_class(reader, info);
	} else if (byte == '\\') {
		read_escape(reader, info);
	} else if (byte == '.') {
		reader->at++;
		set_any_character(reader, info);
	} else if (byte == '^' || byte == '$') {
		reader->at++;
		plan_info_empty(info);
	} else {
		uint32_t code = reader_take_character(reader);
		reader->lost |= reader->extended && is_wide_space(code);
		set_character(reader, info, code);
	}
}

static void read_branch(struct reader *reader, struct plan_info *info)
{
	struct plan_info item;
	uint32_t least = 0, most = 0;
	plan_info_empty(info);
	for (size_t items = 1;; items++) {
		reader_skip_ignored(reader);
		if (reader->lost || reader->builder->failed || reader_at_end(reader))
			return;
		if (!reader->quoted && reader_one_of(reader_peek(reader, 0), "|)"))
			return;
		read_item(reader, &item);
		while (!reader->lost && reader_take_quantifier(reader, &least, &most))
			plan_info_repeat(reader->builder, &item, least, most);
		plan_info_append(reader->builder, info, &item);
		if (items == 1)
			plan_info_set_alone(info, &item);
	}
}

static void read_alternatives(struct reader *reader, struct plan_info *info, size_t *branches)
{
	reader->lost |= ++reader->depth > MOST_DEPTH;
	plan_info_anything(info);
	*branches = 1;
	if (!reader->lost)
		read_branch(reader, info);
	while (!reader->lost && reader_take(reader, "|")) {
		struct plan_info other;
		read_branch(reader, &other);
		plan_info_alternate(reader->builder, info, &other);
		++*branches;
	}
	reader->depth--;
}

static void read_literal(struct reader *reader, struct plan_info *info)
{
	plan_info_empty(info);
	while (!reader_at_end(reader) && !reader->lost) {
		struct plan_info item;
		set_character(reader, &item, reader_take_character(reader));
		plan_info_append(reader->builder, info, &item);
	}
}

void plan_parse(struct plan_builder *builder, const struct pattern *pattern, struct plan_info *info)
{
	struct reader reader = {.builder = builder,
		.text = pattern_text(pattern),
		.caseless = pattern_ignores_case(pattern)};
	size_t branches = 0;
	if (pattern_is_literal(pattern))
		read_literal(&reader, info);
	else
		read_alternatives(&reader, info, &branches);
	if (reader.lost || builder->failed || !reader_at_end(&reader))
		plan_info_anything(info);
	if (reader.lazy)
		info->alone.length = 0;
}
