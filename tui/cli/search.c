/* breachx search: one pattern over every cell. */
#include "command.h"

#include "base/clock.h"
#include "base/text.h"
#include "report/json.h"
#include "search/search.h"

#include <inttypes.h>
#include <time.h>

struct search_arguments {
	bool ignore_case, word, whole_cell, literal, inverted, count, records, json, explain;
	const char *kind_name;
	long long limit; /* 0: none */
	enum kind kind;
};

static const struct option_info options[] = {
	{OPTION_FLAG(struct search_arguments, ignore_case), .name = "ignore-case", .letter = 'i',
		.about = "letters match in either case"},
	{OPTION_FLAG(struct search_arguments, word), .name = "word", .letter = 'w',
		.about = "whole words"},
	{OPTION_FLAG(struct search_arguments, whole_cell), .name = "whole-cell", .letter = 'x',
		.about = "the whole cell"},
	{OPTION_FLAG(struct search_arguments, literal), .name = "literal", .letter = 'F',
		.about = "the text itself, no pattern"},
	{OPTION_FLAG(struct search_arguments, inverted), .name = "invert", .letter = 'v',
		.about = "records without a matching cell, as kind:id"},
	{OPTION_FLAG(struct search_arguments, count), .name = "count", .letter = 'c',
		.about = "only the number of such records"},
	{OPTION_FLAG(struct search_arguments, records), .name = "records", .letter = 'l',
		.about = "kind:id, once a record"},
	{OPTION_TEXT(struct search_arguments, kind_name), .name = "kind", .value = "K",
		.about = "only records of this kind"},
	{OPTION_COUNT(struct search_arguments, limit), .name = "limit", .value = "N",
		.about = "stop behind so many lines; of -c, at so many records"},
	CLI_JSON(struct search_arguments),
	{OPTION_FLAG(struct search_arguments, explain), .name = "explain",
		.about = "say first on stderr what a match needs and what the index spares"},
	CLI_READ_ONLY,
};

/* A pattern that meets a limit in one cell meets it in thousands: so many are named on stderr. */
#define UNDECIDED_NAMED 10

struct printing {
	const struct search_arguments *arguments;
	struct buffer line;
	int64_t printed;                  /* lines, or what -c counts */
	int64_t named;                    /* undecided cells, on stderr */
	struct record_id last, undecided; /* the records of the last such cells */
	int code;
	bool limited; /* stopped by --limit */
	bool broken;  /* nobody reads, or the like; code says how to end */
};

/* Whether one more may be printed or counted; when not, there is one more. */
static bool room(struct printing *printing)
{
	const long long limit = printing->arguments->limit;
	printing->limited = limit > 0 && printing->printed == limit;
	return !printing->limited;
}

static bool write_line(struct printing *printing)
{
	printing->broken = !cli_write(&printing->line, &printing->code);
	printing->printed++;
	return !printing->broken;
}

static void add_id(struct buffer *line, struct record_id id)
{
	buffer_add_string(line, kind_info(id.kind)->name);
	buffer_add_byte(line, ':');
	buffer_add_number(line, id.id);
}

static bool print_record(struct printing *printing, struct record_id id)
{
	struct json json = {.out = &printing->line};
	if (!room(printing))
		return false;
	if (printing->arguments->json) {
		json_open(&json, NULL);
		json_string(&json, "kind", kind_info(id.kind)->name);
		json_number(&json, "id", id.id);
		json_close_line(&json);
	} else {
		add_id(&printing->line, id);
		buffer_add_byte(&printing->line, '\n');
	}
	return write_line(printing);
}

static bool print_cell(struct printing *printing, const struct search_hit *hit)
{
	struct buffer *line = &printing->line;
	struct json json = {.out = line};
	if (!room(printing))
		return false;
	if (printing->arguments->json) {
		json_open(&json, NULL);
		json_string(&json, "kind", kind_info(hit->id.kind)->name);
		json_number(&json, "id", hit->id.id);
		json_text(&json, "field", hit->field_name);
		json_number(&json, "start", (int64_t)hit->range.start);
		json_number(&json, "end", (int64_t)hit->range.end);
		json_text(&json, "text", hit->text);
		json_close_line(&json);
	} else {
		add_id(line, hit->id);
		buffer_add_byte(line, ':');
		text_visible(line, hit->field_name, false);
		buffer_add_byte(line, ':');
		text_visible(line, hit->text, false);
		buffer_add_byte(line, '\n');
	}
	return write_line(printing);
}

/* A record as the options want it: counted or named. */
static bool take(struct printing *printing, struct record_id id)
{
	if (!printing->arguments->count)
		return print_record(printing, id);
	if (!room(printing))
		return false;
	printing->printed++;
	return true;
}

/* With --json all of them are listed. */
static bool tell_undecided(struct printing *printing, const struct search_hit *hit)
{
	struct json json = {.out = &printing->line};
	printing->undecided = hit->id;
	if (printing->named < UNDECIDED_NAMED) {
		printing->named++;
		cli_say("undecided: %s:%lld:%.*s, a limit was met while matching it",
			kind_info(hit->id.kind)->name, (long long)hit->id.id,
			(int)hit->field_name.length, hit->field_name.data);
	}
	if (!printing->arguments->json)
		return true;
	json_open(&json, NULL);
	json_string(&json, "kind", kind_info(hit->id.kind)->name);
	json_number(&json, "id", hit->id.id);
	json_text(&json, "field", hit->field_name);
	json_bool(&json, "undecided", true);
	json_close_line(&json);
	printing->broken = !cli_write(&printing->line, &printing->code);
	return !printing->broken;
}

static bool take_hit(void *context, const struct search_hit *hit)
{
	struct printing *printing = context;
	const struct search_arguments *arguments = printing->arguments;
	if (hit->undecided)
		return tell_undecided(printing, hit);
	bool again = record_id_equal(hit->id, printing->last);
	printing->last = hit->id;
	if (arguments->inverted)
		return true;
	if (!arguments->count && !arguments->records)
		return print_cell(printing, hit);
	return again || take(printing, hit->id);
}

/* For -v: a record without a matching cell, as far as that is decided. */
static bool take_record(void *context, struct record_id id, bool matched)
{
	struct printing *printing = context;
	return matched || record_id_equal(id, printing->undecided) || take(printing, id);
}

static void print_count(struct printing *printing)
{
	struct json json = {.out = &printing->line};
	if (printing->arguments->json) {
		json_open(&json, NULL);
		json_number(&json, "count", printing->printed);
		json_close_line(&json);
	} else {
		buffer_add_format(&printing->line, "%" PRId64 "\n", printing->printed);
	}
	printing->broken = !cli_write(&printing->line, &printing->code);
}

static void print_summary(
	struct printing *printing, const struct search_totals *totals, int64_t milliseconds)
{
	struct json json = {.out = &printing->line};
	json_open(&json, NULL);
	json_open(&json, "summary");
	json_number(&json, "cells", totals->cells);
	json_number(&json, "searched", totals->cells - totals->undecided);
	json_number(&json, "hits", totals->hits);
	json_number(&json, "records", totals->hit_records);
	json_number(&json, "skipped", totals->undecided);
	/* Only where the figures are not those of all cells. */
	if (!totals->complete)
		json_bool(&json, "complete", false);
	json_number(&json, "ms", milliseconds);
	json_close(&json);
	json_close_line(&json);
	printing->broken = !cli_write(&printing->line, &printing->code);
}

/* On stderr, before the search. */
static bool explain(const struct case_file *file, const struct pattern *pattern, enum kind kind,
	struct error *error)
{
	struct buffer out = {0};
	bool good = search_explain(file, pattern, kind, &out, error);
	if (good)
		cli_say_lines(buffer_span(&out));
	buffer_free(&out);
	return good;
}

/* What is said at the end, and the exit code. error is NULL when the search came to its end. */
static int conclude(const struct printing *printing, const struct search_totals *totals,
	const struct error *error)
{
	if (printing->broken)
		return printing->code;
	if (error)
		return cli_fail(error);
	if (printing->limited)
		cli_say("more than %lld; --limit stopped there", printing->arguments->limit);
	if (totals->undecided > 0) {
		if (totals->undecided > printing->named)
			cli_say("undecided: and %lld more; --json lists them all",
				(long long)(totals->undecided - printing->named));
		cli_say("undecided: %lld of %lld cells", (long long)totals->undecided,
			(long long)totals->cells);
		return CLI_UNDECIDED;
	}
	if (totals->changed) {
		cli_say("the case changed while it was searched: sources came in or were taken "
			"back, and what was found is of more than one moment; search again");
		return CLI_UNDECIDED;
	}
	return printing->printed > 0 ? CLI_FOUND : CLI_NOTHING;
}

/* Once more, where nothing was printed yet of a case that changed meanwhile. */
#define COUNTS_MOST 5
static bool search_or_count(const struct case_file *file, const struct search_request *request,
	struct printing *printing, struct search_totals *totals, struct error *error)
{
	bool good, again;
	int counts = 0;
	do {
		printing->printed = 0;
		printing->last = (struct record_id){0};
		good = search_run(file, request, totals, error);
		again = good && totals->changed && printing->arguments->count &&
			totals->undecided == 0;
	} while (again && ++counts < COUNTS_MOST);
	return good;
}

static int search(struct case_file *file, const struct pattern *pattern,
	const struct search_arguments *arguments)
{
	struct printing printing = {.arguments = arguments};
	struct search_totals totals = {0};
	struct error error = {0};
	/* The summary of --json says how many cells match. */
	bool records = arguments->count || arguments->records || arguments->inverted;
	struct search_request request = {.pattern = pattern,
		.kind = arguments->kind,
		.cancel = cli_cancel(),
		.records_only = records && !arguments->json,
		.hit = take_hit,
		.record = arguments->inverted ? take_record : NULL,
		.context = &printing};
	if (arguments->explain && !explain(file, pattern, arguments->kind, &error))
		return cli_fail(&error);
	int64_t begun = clock_microseconds();
	bool good = search_or_count(file, &request, &printing, &totals, &error);
	if (arguments->count && !printing.broken)
		print_count(&printing);
	if (arguments->json && !printing.broken)
		print_summary(&printing, &totals, (clock_microseconds() - begun) / 1000);
	buffer_free(&printing.line);
	return conclude(&printing, &totals, good ? NULL : &error);
}

static int run(int argc, char **argv)
{
	struct search_arguments arguments = {0};
	struct error error = {0};
	int code = cli_read(&cli_search, argc, argv, &arguments, NULL);
	if (code != CLI_GO_ON)
		return code;
	if (arguments.kind_name && !cli_kind(&cli_search, arguments.kind_name, &arguments.kind))
		return CLI_USAGE;
	struct pattern_options how = {
		.letters = arguments.ignore_case ? PATTERN_CASE_IGNORE : PATTERN_CASE_EXACT,
		.word = arguments.word,
		.whole_cell = arguments.whole_cell,
		.literal = arguments.literal};
	struct pattern *pattern = pattern_compile(span_string(argv[2]), &how, &error);
	/* How the command is called is not what was wrong. */
	if (!pattern) {
		cli_say("search: PATTERN: %s", error.message);
		return CLI_USAGE;
	}
	struct case_file *file =
		cli_open(argv[1], &(struct case_options){.mode = CASE_READ}, &error);
	code = file ? search(file, pattern, &arguments) : cli_fail(&error);
	cli_close(file);
	pattern_free(pattern);
	return cli_finish(code);
}

const struct cli_command cli_search = {.name = "search",
	.about = "matching cells of the whole case",
	.operands = "CASE PATTERN",
	.examples = "@example 'servers?|terminals?'\n"
		    "@example -c --kind host '^server'\n"
		    "@example -iF 'r&d center'\n"
		    "@example -- '-v'\n",
	.notes = "PATTERN is a regular expression of PCRE2. It is matched against each cell, one "
		 "stated field of one record, alone: ^ and $ are its ends. Matching cells are "
		 "printed as kind:id:field:text, what can't be shown as a mark.\n\n"
		 "A NUL, and each byte that is no UTF-8, matches as \\x1a. A cell on which a limit "
		 "of time or memory was met is undecided: the first ten are named on stderr, and "
		 "the command ends with 4. So it does when an import ended or was taken back "
		 "meanwhile.",
	.json = "an object for each matching cell: kind id field start end text, start and end "
		"being bytes of the cell around the first match; with -l and -v for each record: "
		"kind id; with -c one: count. An undecided cell is kind id field undecided, which "
		"is true. The last line is summary{cells searched hits records skipped ms}, with "
		"complete false when not every cell was looked at, or not all at one moment. Where "
		"bytes "
		"are no UTF-8, text has U+FFFD and text_base64 the exact bytes.",
	.options = CLI_OPTIONS(options),
	.run = run};
