/* A filter's tokens as a tree, by recursive descent. */
#include "filter_private.h"

#include "base/memory.h"
#include "base/near.h"

/* Bytes of the filter that an error quotes. */
#define QUOTED_MOST 40

struct parser {
	struct filter *filter;
	struct lexer lexer;
	struct token token; /* the one at hand */
	const atomic_bool *cancel;
	int depth;
	struct error *error;
};

static const char *const operator_texts[OP_COUNT] = {
	[OP_EQUAL] = "=",
	[OP_UNEQUAL] = "!=",
	[OP_LESS] = "<",
	[OP_AT_MOST] = "<=",
	[OP_GREATER] = ">",
	[OP_AT_LEAST] = ">=",
	[OP_MATCHES] = "~",
	[OP_NOT_MATCHES] = "!~",
	[OP_IN] = "in",
	[OP_STATED] = "is stated",
	[OP_NOT_STATED] = "is not stated",
};

const char *filter_operator_text(enum filter_operator relation)
{
	return operator_texts[relation];
}

static bool advance(struct parser *parser, bool regex)
{
	parser->token = lexer_next(&parser->lexer, regex, parser->error);
	return parser->token.type != TOKEN_BAD;
}

static bool is_word(const struct parser *parser, const char *word)
{
	return parser->token.type == TOKEN_WORD && span_is(parser->token.text, word);
}

/* Fails with what was expected and what stands there instead. */
static bool expected(struct parser *parser, const char *what)
{
	const struct token *token = &parser->token;
	if (token->type == TOKEN_END)
		return error_set_at(parser->error, ERROR_PATTERN, (long long)token->start,
			"expected %s at the end of the filter", what);
	struct span there = span_slice(parser->lexer.text, token->start, token->end);
	int length = (int)(there.length < QUOTED_MOST ? there.length : QUOTED_MOST);
	return error_set_at(parser->error, ERROR_PATTERN, (long long)token->start,
		"expected %s, not `%.*s`", what, length, there.data);
}

static int add_node(struct parser *parser, enum node_type type, int first)
{
	struct filter *filter = parser->filter;
	struct node *nodes = memory_grow(
		filter->nodes, &filter->node_capacity, filter->node_count + 1, sizeof *nodes);
	if (!nodes) {
		error_memory(parser->error);
		return -1;
	}
	filter->nodes = nodes;
	nodes[filter->node_count] =
		(struct node){.type = type, .first = first, .next = -1, .comparison = -1};
	return (int)filter->node_count++;
}

/* ---- names ---- */

/* What a name may be beside the fields of a kind. */
static const struct {
	const char *name;
	enum filter_subject subject;
} subjects[] = {
	{"any", SUBJECT_ANY},
	{"id", SUBJECT_ID},
	{"basis", SUBJECT_BASIS},
	{"stands_for", SUBJECT_STANDS_FOR},
	{"source", SUBJECT_SOURCE},
	{"kind", SUBJECT_KIND},
};

/* The names near this one, or all of them. */
static void list_names(
	const struct kind_info *info, struct span name, bool near, struct buffer *out)
{
	for (int i = 0; i < info->field_count; i++)
		if (!near || word_is_near(name, info->fields[i].name))
			buffer_add_format(out, " %s", info->fields[i].name);
	for (size_t i = 0; i < ARRAY_LENGTH(subjects); i++)
		if (!near || word_is_near(name, subjects[i].name))
			buffer_add_format(out, " %s", subjects[i].name);
	if (!near)
		buffer_add_string(out, " extra.NAME");
}

static bool unknown_name(struct parser *parser, struct span name)
{
	const struct kind_info *info = kind_info(parser->filter->kind);
	struct buffer names = {0};
	list_names(info, name, true, &names);
	bool near = names.length > 0;
	if (!near)
		list_names(info, name, false, &names);
	int length = (int)(name.length < QUOTED_MOST ? name.length : QUOTED_MOST);
	if (buffer_failed(&names))
		error_memory(parser->error);
	else
		error_set_at(parser->error, ERROR_PATTERN, (long long)parser->token.start,
			"%s records have no field `%.*s`; %s:%s", info->name, length, name.data,
			near ? "did you mean" : "there are", names.data);
	buffer_free(&names);
	return false;
}

static bool read_name(struct parser *parser, struct comparison *comparison)
{
	struct span name = parser->token.text;
	const struct kind_info *info = kind_info(parser->filter->kind);
	comparison->field = kind_field_find(parser->filter->kind, name);
	if (comparison->field >= 0) {
		comparison->subject = SUBJECT_FIELD;
		comparison->info = &info->fields[comparison->field];
	} else if (span_stated(kind_extra_name(name))) {
		comparison->subject = SUBJECT_EXTRA;
		name = kind_extra_name(name);
	} else {
		size_t i = 0;
		while (i < ARRAY_LENGTH(subjects) && !span_is(name, subjects[i].name))
			i++;
		if (i == ARRAY_LENGTH(subjects))
			return unknown_name(parser, name);
		comparison->subject = subjects[i].subject;
	}
	comparison->name = memory_copy(name.data, name.length);
	comparison->name_length = name.length;
	return comparison->name || error_memory(parser->error);
}

/* ---- operators ---- */

/* The words `is stated` and `is not stated`, from `is` on. */
static bool read_is(struct parser *parser, enum filter_operator *relation)
{
	*relation = OP_STATED;
	if (!advance(parser, false))
		return false;
	if (is_word(parser, "not")) {
		*relation = OP_NOT_STATED;
		if (!advance(parser, false))
			return false;
	}
	return is_word(parser, "stated") || expected(parser, "`is stated` or `is not stated`");
}

static bool read_operator(
	struct parser *parser, const struct comparison *comparison, enum filter_operator *relation)
{
	struct token token = parser->token;
	*relation = OP_COUNT;
	if (is_word(parser, "in"))
		*relation = OP_IN;
	else if (is_word(parser, "is") && !read_is(parser, relation))
		return false;
	for (int i = OP_EQUAL; token.type == TOKEN_OPERATOR && i <= OP_NOT_MATCHES; i++)
		if (span_is(token.text, operator_texts[i]))
			*relation = (enum filter_operator)i;
	unsigned allowed = filter_operators(comparison);
	if (*relation != OP_COUNT && (allowed & 1U << *relation))
		return true;
	struct buffer what = {0};
	for (int i = 0; i < OP_COUNT; i++)
		if (allowed & 1U << i)
			buffer_add_format(
				&what, i < OP_STATED ? "%s " : "`%s` ", operator_texts[i]);
	buffer_add_format(&what, "after `%s`", comparison->name);
	parser->token = token;
	if (buffer_failed(&what))
		error_memory(parser->error);
	else
		expected(parser, what.data);
	buffer_free(&what);
	return false;
}

static bool read_comparison(struct parser *parser, struct comparison *comparison)
{
	if (!read_name(parser, comparison) || !advance(parser, false) ||
		!read_operator(parser, comparison, &comparison->relation))
		return false;
	enum filter_operator relation = comparison->relation;
	if (relation == OP_STATED || relation == OP_NOT_STATED)
		return advance(parser, false);
	if (!advance(parser, relation == OP_MATCHES || relation == OP_NOT_MATCHES))
		return false;
	enum token_type type = parser->token.type;
	if (type != TOKEN_WORD && type != TOKEN_STRING && type != TOKEN_REGEX)
		return expected(parser, "a plain word or text in double quotes");
	return filter_read_value(comparison, &parser->token, parser->cancel, parser->error) &&
	       advance(parser, false);
}

/* ---- the tree ---- */

static int parse_or(struct parser *parser);

static int parse_comparison(struct parser *parser)
{
	struct filter *filter = parser->filter;
	if (filter->comparison_count == FILTER_MAX_TERMS) {
		error_set_at(parser->error, ERROR_PATTERN, (long long)parser->token.start,
			"a filter may have %d comparisons; use a regular expression",
			FILTER_MAX_TERMS);
		return -1;
	}
	struct comparison *room = memory_grow(filter->comparisons, &filter->comparison_capacity,
		filter->comparison_count + 1, sizeof *room);
	if (!room) {
		error_memory(parser->error);
		return -1;
	}
	filter->comparisons = room;
	int number = (int)filter->comparison_count++;
	room[number] = (struct comparison){0};
	if (!read_comparison(parser, &room[number]))
		return -1;
	int node = add_node(parser, NODE_COMPARISON, -1);
	if (node >= 0)
		filter->nodes[node].comparison = number;
	return node;
}

static int parse_parentheses(struct parser *parser)
{
	if (!advance(parser, false))
		return -1;
	int inside = parse_or(parser);
	if (inside < 0)
		return -1;
	if (parser->token.type != TOKEN_CLOSE) {
		expected(parser, "`and`, `or` or `)`");
		return -1;
	}
	return advance(parser, false) ? inside : -1;
}

static int parse_term(struct parser *parser)
{
	bool name = parser->token.type == TOKEN_WORD || parser->token.type == TOKEN_STRING;
	bool negated = is_word(parser, "not");
	if (name && !negated)
		return parse_comparison(parser);
	if (!negated && parser->token.type != TOKEN_OPEN) {
		expected(parser, "a field's name, `not` or `(`");
		return -1;
	}
	if (parser->depth == FILTER_MAX_DEPTH) {
		error_set_at(parser->error, ERROR_PATTERN, (long long)parser->token.start,
			"parentheses and `not` may stand %d deep", FILTER_MAX_DEPTH);
		return -1;
	}
	parser->depth++;
	int node = -1;
	if (!negated) {
		node = parse_parentheses(parser);
	} else if (advance(parser, false)) {
		int inside = parse_term(parser);
		node = inside >= 0 ? add_node(parser, NODE_NOT, inside) : -1;
	}
	parser->depth--;
	return node;
}

/* Terms joined by a word; one alone stands for itself. */
static int parse_joined(struct parser *parser, const char *word, enum node_type type,
	int (*parse)(struct parser *parser))
{
	int first = parse(parser);
	if (first < 0 || !is_word(parser, word))
		return first;
	int chain = add_node(parser, type, first);
	int last = first;
	while (chain >= 0 && is_word(parser, word)) {
		if (!advance(parser, false))
			return -1;
		int next = parse(parser);
		if (next < 0)
			return -1;
		parser->filter->nodes[last].next = next;
		last = next;
	}
	return chain;
}

static int parse_and(struct parser *parser)
{
	return parse_joined(parser, "and", NODE_AND, parse_term);
}

static int parse_or(struct parser *parser)
{
	return parse_joined(parser, "or", NODE_OR, parse_and);
}

struct filter *filter_parse(
	struct span text, enum kind kind, const atomic_bool *cancel, struct error *error)
{
	if (text.length > FILTER_MAX_LENGTH) {
		error_set_at(error, ERROR_PATTERN, FILTER_MAX_LENGTH,
			"the filter is longer than %d bytes", FILTER_MAX_LENGTH);
		return NULL;
	}
	struct error ignored;
	struct filter *filter = memory_array(1, sizeof *filter);
	if (!filter) {
		error_memory(error);
		return NULL;
	}
	filter->kind = kind;
	filter->cancel = cancel;
	struct parser parser = {.filter = filter,
		.lexer.text = text,
		.cancel = cancel,
		.error = error ? error : &ignored};
	filter->root = advance(&parser, false) ? parse_or(&parser) : -1;
	if (filter->root >= 0 && parser.token.type != TOKEN_END) {
		expected(&parser, "`and`, `or` or the end");
		filter->root = -1;
	}
	buffer_free(&parser.lexer.string);
	if (filter->root < 0) {
		filter_free(filter);
		return NULL;
	}
	return filter;
}
