/* Filters as text: the sentence for people, and comparisons in the grammar. */
#include "filter_private.h"

#include "base/image.h"

/* ---- quoting ---- */

/* What the lexer undoes. Valid UTF-8 stands as it is. */
static void add_quoted(struct span text, struct buffer *out)
{
	buffer_add_byte(out, '"');
	for (size_t at = 0; at < text.length;) {
		unsigned char byte = (unsigned char)text.data[at];
		size_t length = image_sequence(text.data + at, text.length - at);
		if (byte == '"' || byte == '\\')
			buffer_add_format(out, "\\%c", byte);
		else if (byte == '\n' || byte == '\t')
			buffer_add_string(out, byte == '\n' ? "\\n" : "\\t");
		else if (byte < ' ' || byte == 0x7f || length == 0)
			buffer_add_format(out, "\\x%02x", byte);
		else
			buffer_add(out, text.data + at, length);
		at += length > 0 ? length : 1;
	}
	buffer_add_byte(out, '"');
}

/* Words of the grammar are quoted, too: nobody should have to tell them from it. */
static bool is_plain(struct span text)
{
	static const char *const words[] = {"and", "or", "not", "in", "is", "stated"};
	for (size_t i = 0; i < ARRAY_LENGTH(words); i++)
		if (span_is(text, words[i]))
			return false;
	for (size_t i = 0; i < text.length; i++) {
		char byte = text.data[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
		if (!letter && !(byte >= '0' && byte <= '9') &&
			(byte == '\0' || !strchr("_-.:/@+%", byte)))
			return false;
	}
	return text.length > 0;
}

static void add_value(struct span text, struct buffer *out)
{
	if (is_plain(text))
		buffer_add_span(out, text);
	else
		add_quoted(text, out);
}

/* Whether a plain word is taken where this field is compared. */
static bool is_word_of(const struct kind_field *info, struct span value)
{
	long long number;
	struct moment moment;
	switch (info->type) {
	case FIELD_NUMBER:
		return span_to_integer(value, &number);
	case FIELD_TIME:
		return moment_parse(value, NULL, &moment, NULL);
	case FIELD_CHOICE:
		return kind_choice_valid(info, value);
	case FIELD_TEXT:
	case FIELD_REFERENCE:
		break;
	}
	return true;
}

void filter_compare_text(
	enum kind kind, int field, struct span value, bool equal, struct buffer *out)
{
	const struct kind_field *info = &kind_info(kind)->fields[field];
	buffer_add_string(out, info->name);
	if (!span_stated(value)) {
		buffer_add_string(out, equal ? " is not stated" : " is stated");
		return;
	}
	buffer_add_string(out, equal ? " = " : " != ");
	if (is_word_of(info, value))
		add_value(value, out);
	else
		add_quoted(value, out);
}

/* Between slashes when only slashes have to be hidden from the lexer, else in quotes: inside \Q \E
 * a backslash before a slash would be one more character to match. */
static bool fits_slashes(struct span regex)
{
	for (size_t at = 0; at < regex.length; at++) {
		unsigned char byte = (unsigned char)regex.data[at];
		size_t length = image_sequence(regex.data + at, regex.length - at);
		if (byte < ' ' || byte == 0x7f || length == 0)
			return false;
		if (byte == '\\') {
			at++;
			if (at == regex.length || regex.data[at] == 'Q')
				return false;
		} else {
			at += length - 1;
		}
	}
	return true;
}

static void add_regex(struct span regex, bool ignore_case, struct buffer *out)
{
	if (fits_slashes(regex)) {
		buffer_add_byte(out, '/');
		for (size_t at = 0; at < regex.length; at++) {
			if (regex.data[at] == '/')
				buffer_add_byte(out, '\\');
			buffer_add_byte(out, regex.data[at]);
			if (regex.data[at] == '\\')
				buffer_add_byte(out, regex.data[++at]);
		}
		buffer_add_byte(out, '/');
	} else {
		add_quoted(regex, out);
	}
	if (ignore_case)
		buffer_add_byte(out, 'i');
}

void filter_any_text(struct span regex, bool ignore_case, struct buffer *out)
{
	buffer_add_string(out, "any ~ ");
	add_regex(regex, ignore_case, out);
}

void filter_words_text(struct span words, struct buffer *out)
{
	struct buffer regex = {0};
	buffer_add_string(&regex, "(?<![\\w-])(?<!\\w\\.)");
	for (size_t i = 0; i < words.length; i++) {
		char byte = words.data[i];
		bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') ||
			     (byte >= 'a' && byte <= 'z') || byte == '_' || (byte & 0x80) ||
			     (unsigned char)byte <= ' ' || byte == 0x7f;
		if (!plain)
			buffer_add_byte(&regex, '\\');
		buffer_add_byte(&regex, byte);
	}
	buffer_add_string(&regex, "(?![\\w-]|\\.\\w)");
	if (buffer_failed(&regex))
		out->failed = true;
	else
		filter_any_text(buffer_span(&regex), true, out);
	buffer_free(&regex);
}

/* ---- the sentence ---- */

static const char *relation_words(const struct comparison *comparison)
{
	bool time = comparison->info && comparison->info->type == FIELD_TIME;
	switch (comparison->relation) {
	case OP_EQUAL:
		return "is";
	case OP_UNEQUAL:
		return "is not";
	case OP_LESS:
		return time ? "is before" : "is less than";
	case OP_AT_MOST:
		return time ? "is not after" : "is at most";
	case OP_GREATER:
		return time ? "is after" : "is more than";
	case OP_AT_LEAST:
		return time ? "is not before" : "is at least";
	case OP_MATCHES:
		return "matches";
	case OP_NOT_MATCHES:
		return "does not match";
	case OP_IN:
		return "lies in";
	case OP_STATED:
		return "is stated";
	case OP_NOT_STATED:
		return "is not stated";
	case OP_COUNT:
		break;
	}
	return "";
}

static void comparison_sentence(const struct comparison *comparison, struct buffer *out)
{
	struct span name = span_of(comparison->name, comparison->name_length);
	const char *words = relation_words(comparison);
	if (comparison->subject == SUBJECT_ANY) {
		bool none = comparison->relation == OP_UNEQUAL ||
			    comparison->relation == OP_NOT_MATCHES;
		buffer_add_string(out, none ? "no field" : "some field");
		words = comparison->pattern ? "matches" : "is";
	} else if (comparison->subject == SUBJECT_STANDS_FOR) {
		buffer_add_string(out, "the number it stands for");
	} else if (comparison->subject == SUBJECT_EXTRA) {
		buffer_add_string(out, "extra.");
		add_value(name, out);
	} else {
		buffer_add_string(
			out, comparison->info ? comparison->info->label : comparison->name);
	}
	buffer_add_format(out, " %s", words);
	if (comparison->pattern) {
		buffer_add_byte(out, ' ');
		add_regex(pattern_text(comparison->pattern),
			pattern_ignores_case(comparison->pattern), out);
	} else if (comparison->value) {
		buffer_add_byte(out, ' ');
		add_value(span_of(comparison->value, comparison->value_length), out);
	}
}

/* `not` before a comparison that has an opposite: the opposite. */
static bool is_negated_comparison(
	const struct filter *filter, const struct node *node, struct comparison *opposite)
{
	static const enum filter_operator pairs[][2] = {
		{OP_EQUAL, OP_UNEQUAL}, {OP_MATCHES, OP_NOT_MATCHES}, {OP_STATED, OP_NOT_STATED}};
	const struct node *inside = &filter->nodes[node->first];
	if (inside->type != NODE_COMPARISON)
		return false;
	*opposite = filter->comparisons[inside->comparison];
	for (size_t i = 0; i < ARRAY_LENGTH(pairs); i++) {
		for (int side = 0; side < 2; side++) {
			if (opposite->relation == pairs[i][side]) {
				opposite->relation = pairs[i][1 - side];
				return true;
			}
		}
	}
	return false;
}

/* Parentheses where the reader would otherwise have to know what binds closer. */
static void node_sentence(const struct filter *filter, int index, bool alone, struct buffer *out)
{
	const struct node *node = &filter->nodes[index];
	if (node->type == NODE_COMPARISON) {
		comparison_sentence(&filter->comparisons[node->comparison], out);
		return;
	}
	if (node->type == NODE_NOT) {
		struct comparison opposite;
		if (is_negated_comparison(filter, node, &opposite)) {
			comparison_sentence(&opposite, out);
			return;
		}
		buffer_add_string(out, "not (");
		node_sentence(filter, node->first, true, out);
		buffer_add_byte(out, ')');
		return;
	}
	if (!alone)
		buffer_add_byte(out, '(');
	for (int inside = node->first; inside >= 0; inside = filter->nodes[inside].next) {
		if (inside != node->first)
			buffer_add_string(out, node->type == NODE_AND ? " and " : " or ");
		node_sentence(filter, inside, false, out);
	}
	if (!alone)
		buffer_add_byte(out, ')');
}

void filter_sentence(const struct filter *filter, struct buffer *out)
{
	node_sentence(filter, filter->root, true, out);
}
