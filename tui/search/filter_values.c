/* Values of a filter: what a name may be compared with, and whether a comparison holds. */
#include "filter_private.h"

#include "base/memory.h"

#include <stdio.h>

#define BIT(relation) (1U << (relation))
#define EQUALITY (BIT(OP_EQUAL) | BIT(OP_UNEQUAL))
#define ORDER (BIT(OP_LESS) | BIT(OP_AT_MOST) | BIT(OP_GREATER) | BIT(OP_AT_LEAST))
#define REGEX (BIT(OP_MATCHES) | BIT(OP_NOT_MATCHES))
#define STATED (BIT(OP_STATED) | BIT(OP_NOT_STATED))

unsigned filter_operators(const struct comparison *comparison)
{
	switch (comparison->subject) {
	case SUBJECT_ANY:
		return EQUALITY | REGEX;
	case SUBJECT_ID:
	case SUBJECT_SOURCE:
		return EQUALITY | ORDER;
	case SUBJECT_STANDS_FOR:
		return EQUALITY | ORDER | STATED;
	case SUBJECT_BASIS:
	case SUBJECT_KIND:
		return EQUALITY;
	case SUBJECT_EXTRA:
		return EQUALITY | ORDER | REGEX | STATED;
	case SUBJECT_FIELD:
		break;
	}
	if (comparison->info->type == FIELD_CHOICE)
		return EQUALITY | REGEX | STATED;
	if (comparison->info->type == FIELD_TIME)
		return EQUALITY | ORDER | REGEX | STATED | BIT(OP_IN);
	return EQUALITY | ORDER | REGEX | STATED;
}

/* ---- reading ---- */

static bool wrong_value(const struct comparison *comparison, const struct token *token,
	struct error *error, const char *what)
{
	return error_set_at(error, ERROR_PATTERN, (long long)token->start,
		"expected %s after `%s %s`", what, comparison->name,
		filter_operator_text(comparison->relation));
}

/* Text in quotes need not be what the field holds by rights: a case says what it says. */
static bool check_field_value(
	const struct comparison *comparison, const struct token *token, struct error *error)
{
	if (comparison->subject != SUBJECT_FIELD)
		return true;
	const struct kind_field *info = comparison->info;
	bool strict = token->type == TOKEN_WORD || !(BIT(comparison->relation) & EQUALITY);
	char what[160];
	switch (info->type) {
	case FIELD_NUMBER:
		return comparison->is_number || !strict ||
		       wrong_value(comparison, token, error, "a whole number");
	case FIELD_TIME:
		return comparison->moment.precision != MOMENT_NONE || !strict ||
		       wrong_value(comparison, token, error,
			       "a time or an interval (2020-01-20, 2019-06/2019-07)");
	case FIELD_CHOICE:
		if (!strict || kind_choice_valid(info, token->text))
			return true;
		snprintf(what, sizeof what, "one of %s", info->choices);
		return wrong_value(comparison, token, error, what);
	case FIELD_TEXT:
	case FIELD_REFERENCE:
		break;
	}
	return true;
}

static bool check_value(
	struct comparison *comparison, const struct token *token, struct error *error)
{
	switch (comparison->subject) {
	case SUBJECT_ID:
	case SUBJECT_SOURCE:
	case SUBJECT_STANDS_FOR:
		return comparison->is_number ||
		       wrong_value(comparison, token, error, "a whole number");
	case SUBJECT_BASIS:
		comparison->number = basis_find(token->text);
		return comparison->number >= 0 ||
		       wrong_value(comparison, token, error,
			       "one of observed|reported|inferred|placeholder");
	case SUBJECT_KIND:
		comparison->number = kind_find(token->text);
		return comparison->number != KIND_NONE ||
		       wrong_value(comparison, token, error, "a kind of record (host, party ...)");
	case SUBJECT_ANY:
	case SUBJECT_EXTRA:
	case SUBJECT_FIELD:
		break;
	}
	return check_field_value(comparison, token, error);
}

static bool read_regex(struct comparison *comparison, const struct token *token,
	const atomic_bool *cancel, struct error *error)
{
	struct pattern_options options = {
		.letters = token->ignore_case ? PATTERN_CASE_IGNORE : PATTERN_CASE_EXACT};
	struct match_limits limits = {.cancel = cancel};
	comparison->pattern = pattern_compile(token->text, &options, error);
	if (!comparison->pattern) {
		/* The byte in the regex becomes a byte of the filter. */
		if (error->offset >= 0)
			error->offset =
				(long long)token->inside + (token->exact ? error->offset : 0);
		return false;
	}
	comparison->matcher = matcher_new(comparison->pattern, &limits, error);
	return comparison->matcher != NULL;
}

bool filter_read_value(struct comparison *comparison, const struct token *token,
	const atomic_bool *cancel, struct error *error)
{
	if (token->type == TOKEN_REGEX)
		return read_regex(comparison, token, cancel, error);
	comparison->value = memory_copy(token->text.data, token->text.length);
	if (!comparison->value)
		return error_memory(error);
	comparison->value_length = token->text.length;
	comparison->is_number = span_to_integer(token->text, &comparison->number);
	if (comparison->info && comparison->info->type == FIELD_TIME &&
		!moment_parse(token->text, NULL, &comparison->moment, NULL))
		comparison->moment = (struct moment){.precision = MOMENT_NONE};
	return check_value(comparison, token, error);
}

/* ---- comparing ---- */

static enum match_result yes_if(bool holds)
{
	return holds ? MATCH_YES : MATCH_NO;
}

static bool ordered(enum filter_operator relation, int order)
{
	return (relation == OP_LESS && order < 0) || (relation == OP_AT_MOST && order <= 0) ||
	       (relation == OP_GREATER && order > 0) || (relation == OP_AT_LEAST && order >= 0) ||
	       (relation == OP_EQUAL && order == 0);
}

/* An interval of numbers against one: only what holds for all of it. */
static bool number_holds(enum filter_operator relation, int64_t low, int64_t high, int64_t number)
{
	if (relation == OP_LESS)
		return high < number;
	if (relation == OP_AT_MOST)
		return high <= number;
	if (relation == OP_GREATER)
		return low > number;
	if (relation == OP_AT_LEAST)
		return low >= number;
	return low == number && high == number;
}

static bool moment_holds(
	enum filter_operator relation, const struct moment *moment, const struct moment *value)
{
	if (moment->precision == MOMENT_NONE || value->precision == MOMENT_NONE)
		return false;
	if (relation == OP_LESS)
		return moment->to <= value->from;
	if (relation == OP_AT_MOST)
		return moment->to <= value->to;
	if (relation == OP_GREATER)
		return moment->from >= value->to;
	if (relation == OP_AT_LEAST)
		return moment->from >= value->from;
	if (relation == OP_IN)
		return moment->from >= value->from && moment->to <= value->to;
	return moment->from < value->to && value->from < moment->to;
}

static enum match_result regex_holds(
	struct filter *filter, const struct comparison *comparison, struct span text)
{
	struct range hit;
	buffer_clear(&filter->image);
	if (!buffer_reserve(&filter->image, text.length))
		return MATCH_UNDECIDED;
	search_image(text, filter->image.data);
	return matcher_cell(comparison->matcher, span_of(filter->image.data, text.length), 0, &hit);
}

/* The relation without its negation, on one stated cell. */
static enum match_result cell_holds(struct filter *filter, const struct comparison *comparison,
	enum filter_operator relation, const struct cell *cell)
{
	struct span value = span_of(comparison->value, comparison->value_length);
	if (relation == OP_STATED)
		return MATCH_YES;
	if (relation == OP_MATCHES)
		return regex_holds(filter, comparison, cell->text);
	if (relation == OP_EQUAL && span_equal(cell->text, value))
		return MATCH_YES;
	enum field_type type = comparison->info ? comparison->info->type : FIELD_TEXT;
	if (type == FIELD_TIME)
		return yes_if(moment_holds(relation, &cell->moment, &comparison->moment));
	long long number = 0;
	bool number_both = comparison->is_number && span_to_integer(cell->text, &number);
	if (number_both && (type == FIELD_NUMBER || relation != OP_EQUAL))
		return yes_if(number_holds(relation, number, number, comparison->number));
	if (type == FIELD_NUMBER || relation == OP_EQUAL)
		return MATCH_NO;
	return yes_if(ordered(relation, span_compare(cell->text, value)));
}

static bool is_subject(const struct comparison *comparison, const struct cell *cell)
{
	if (comparison->subject == SUBJECT_FIELD)
		return cell->field == comparison->field;
	return comparison->subject == SUBJECT_ANY ||
	       (cell->field == CELL_EXTRA &&
		       span_equal(cell->name, span_of(comparison->name, comparison->name_length)));
}

/* Whether the relation holds for some cell that the name means; an extra name may have several. */
static enum match_result some_cell_holds(struct filter *filter, const struct comparison *comparison,
	enum filter_operator relation, const struct record *record)
{
	enum match_result result = MATCH_NO;
	bool stated = false;
	for (int i = 0; i < record->cell_count; i++) {
		if (!is_subject(comparison, &record->cells[i]))
			continue;
		stated = true;
		enum match_result cell =
			cell_holds(filter, comparison, relation, &record->cells[i]);
		if (cell == MATCH_YES || cell == MATCH_CANCELLED)
			return cell;
		if (cell == MATCH_UNDECIDED)
			result = cell;
	}
	const char *unset = comparison->info ? comparison->info->unset : NULL;
	if (!stated && relation == OP_EQUAL && unset)
		return yes_if(span_is(span_of(comparison->value, comparison->value_length), unset));
	return result;
}

static enum match_result stands_hold(const struct comparison *comparison,
	enum filter_operator relation, const struct record *record)
{
	if (relation == OP_STATED || !record->stands_stated)
		return yes_if(record->stands_stated);
	return yes_if(
		number_holds(relation, record->stands_min, record->stands_max, comparison->number));
}

enum filter_operator filter_positive(enum filter_operator relation, bool *negated)
{
	*negated = true;
	if (relation == OP_UNEQUAL)
		return OP_EQUAL;
	if (relation == OP_NOT_MATCHES)
		return OP_MATCHES;
	if (relation == OP_NOT_STATED)
		return OP_STATED;
	*negated = false;
	return relation;
}

enum match_result filter_compare(
	struct filter *filter, const struct comparison *comparison, const struct record *record)
{
	bool negated;
	enum filter_operator relation = filter_positive(comparison->relation, &negated);
	enum match_result result = MATCH_NO;
	long long number = comparison->number;
	switch (comparison->subject) {
	case SUBJECT_ID:
		result = yes_if(number_holds(relation, record->id.id, record->id.id, number));
		break;
	case SUBJECT_SOURCE:
		result = yes_if(number_holds(relation, record->source, record->source, number));
		break;
	case SUBJECT_STANDS_FOR:
		result = stands_hold(comparison, relation, record);
		break;
	case SUBJECT_BASIS:
		result = yes_if((long long)record->basis == number);
		break;
	case SUBJECT_KIND:
		result = yes_if((long long)record->id.kind == number);
		break;
	case SUBJECT_FIELD:
	case SUBJECT_EXTRA:
	case SUBJECT_ANY:
		result = some_cell_holds(filter, comparison, relation, record);
		break;
	}
	if (negated && (result == MATCH_YES || result == MATCH_NO))
		return yes_if(result == MATCH_NO);
	return result;
}
