/* A filter over a large kind: the search engine is asked once for all records, see filter.h. */
#include "filter_private.h"

#include "base/image.h"
#include "search/search.h"

#include <ctype.h>
#include <string.h>

/* Each keeps a bit or two a record, and costs a pass of the engine. */
#define MOST_AHEAD 8

struct looking {
	struct filter *filter;
	struct comparison *comparison;
	void (*progress)(void *context, int thousandths);
	void *context;
	int done, all; /* comparisons */
	bool failed;   /* out of memory */
};

/* A value that is its own image, and the image of nothing else. */
static bool is_plain_text(struct span value)
{
	return value.length == 0 ||
	       (image_is(value) && !memchr(value.data, IMAGE_SUBSTITUTE, value.length));
}

/* Whether the engine's hits decide a comparison. */
static bool can_ask(const struct comparison *comparison)
{
	bool negated;
	enum filter_operator relation = filter_positive(comparison->relation, &negated);
	if (comparison->subject != SUBJECT_FIELD && comparison->subject != SUBJECT_EXTRA &&
		comparison->subject != SUBJECT_ANY)
		return false;
	if (relation == OP_MATCHES)
		return true;
	const struct kind_field *info = comparison->info;
	if (info && ((info->type != FIELD_TEXT && info->type != FIELD_REFERENCE) || info->unset))
		return false;
	return relation == OP_EQUAL &&
	       is_plain_text(span_of(comparison->value, comparison->value_length));
}

/* A pattern that matches a cell with exactly this text. */
static struct pattern *equal_pattern(struct span value, struct error *error)
{
	struct buffer text = {0};
	buffer_add_string(&text, "\\A");
	for (size_t i = 0; i < value.length; i++) {
		if (isascii((unsigned char)value.data[i]) && !isalnum((unsigned char)value.data[i]))
			buffer_add_byte(&text, '\\');
		buffer_add_byte(&text, value.data[i]);
	}
	buffer_add_string(&text, "\\z");
	struct pattern *pattern = NULL;
	if (buffer_failed(&text))
		error_memory(error);
	else
		pattern = pattern_compile(buffer_span(&text),
			&(struct pattern_options){.letters = PATTERN_CASE_EXACT}, error);
	buffer_free(&text);
	return pattern;
}

static bool is_subject(const struct comparison *comparison, const struct search_hit *hit)
{
	if (comparison->subject == SUBJECT_FIELD)
		return hit->field == comparison->field;
	if (comparison->subject == SUBJECT_ANY)
		return true;
	return hit->field == CELL_EXTRA &&
	       span_equal(kind_extra_name(hit->field_name),
		       span_of(comparison->name, comparison->name_length));
}

static bool take_hit(void *context, const struct search_hit *hit)
{
	struct looking *looking = context;
	struct comparison *comparison = looking->comparison;
	if (!is_subject(comparison, hit))
		return true;
	struct bits *set = hit->undecided ? &comparison->maybe : &comparison->yes;
	looking->failed = !bits_add(set, (uint64_t)hit->id.id);
	return !looking->failed;
}

static void take_progress(void *context, const struct search_totals *totals, int thousandths)
{
	struct looking *looking = context;
	(void)totals;
	if (looking->progress)
		looking->progress(
			looking->context, (looking->done * 1000 + thousandths) / looking->all);
}

static bool ask(struct looking *looking, const struct case_file *file, struct error *error)
{
	struct filter *filter = looking->filter;
	struct comparison *comparison = looking->comparison;
	struct pattern *made = NULL;
	if (!comparison->pattern) {
		made = equal_pattern(span_of(comparison->value, comparison->value_length), error);
		if (!made && error->code == ERROR_PATTERN)
			return true; /* a value too long for a pattern: record by record */
		if (!made)
			return false;
	}
	struct search_totals totals;
	struct search_request request = {.pattern = made ? made : comparison->pattern,
		.kind = filter->kind,
		.cancel = filter->cancel,
		.hit = take_hit,
		.progress = take_progress,
		.context = looking};
	bool done = search_run(file, &request, &totals, error);
	pattern_free(made);
	if (looking->failed)
		return error_memory(error);
	comparison->ahead = done;
	if (done && (filter->ahead_end == 0 || totals.end < filter->ahead_end))
		filter->ahead_end = totals.end;
	return done;
}

bool filter_look_ahead(struct filter *filter, const struct case_file *file,
	void (*progress)(void *context, int thousandths), void *context, struct error *error)
{
	struct looking looking = {.filter = filter, .progress = progress, .context = context};
	if (!kind_info(filter->kind)->large)
		return true;
	for (size_t i = 0; i < filter->comparison_count; i++)
		looking.all += can_ask(&filter->comparisons[i]);
	if (looking.all > MOST_AHEAD)
		looking.all = MOST_AHEAD;
	for (size_t i = 0; i < filter->comparison_count && looking.done < looking.all; i++) {
		looking.comparison = &filter->comparisons[i];
		if (!can_ask(looking.comparison))
			continue;
		if (!ask(&looking, file, error))
			return false;
		looking.done++;
	}
	return true;
}
