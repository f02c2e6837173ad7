#include "cli/cli.h"
#include "commands.h"

#include "base/text.h"
#include "report/json.h"
#include "search/search.h"

#include <getopt.h>
#include <inttypes.h>
#include <time.h>

enum mode { PRINT_CELLS, PRINT_COUNT, PRINT_RECORDS, PRINT_INVERTED };

struct search_arguments {
	const char *path, *pattern;
	struct pattern_options options;
	enum mode mode;
	bool json, count, inverted, explain;
	enum kind kind;
	long long limit; /* 0: none */
};

struct printing {
	const struct search_arguments *arguments;
	struct buffer line;
	int64_t printed; /* lines, or what -c counts */
	struct record_id last;
	int code;
	bool stopped; /* by --limit, or because nobody reads */
};

static int parse(int argc, char **argv, struct search_arguments *arguments)
{
	static const struct option options[] = {
		{"kind", required_argument, NULL, 'k'},
		{"limit", required_argument, NULL, 'n'},
		{"json", no_argument, NULL, 'j'},
		{"explain", no_argument, NULL, 'e'},
		{NULL, 0, NULL, 0},
	};
	int option;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "RiwxFvcl", options, NULL)) != -1) {
		switch (option) {
		case 'i':
			arguments->options.letters = PATTERN_CASE_IGNORE;
			break;
		case 'w':
			arguments->options.word = true;
			break;
		case 'x':
			arguments->options.whole_cell = true;
			break;
		case 'F':
			arguments->options.literal = true;
			break;
		case 'v':
			arguments->inverted = true;
			break;
		case 'c':
			arguments->count = true;
			break;
		case 'l':
			arguments->mode = PRINT_RECORDS;
			break;
		case 'j':
			arguments->json = true;
			break;
		case 'e':
			arguments->explain = true;
			break;
		case 'k':
			arguments->kind = kind_find(span_string(optarg));
			if (arguments->kind == KIND_NONE)
				return cli_usage("search", "there is no kind `%s`", optarg);
			break;
		case 'n':
			if (!span_to_integer(span_string(optarg), &arguments->limit) ||
				arguments->limit < 1)
				return cli_usage("search", "--limit takes a number from 1 up");
			break;
		case 'R':
			break;
		default:
			return cli_usage("search", "unknown option, or one without its value");
		}
	}
	if (argc - optind != 2)
		return cli_usage("search", "a case and a pattern are needed");
	if (arguments->inverted)
		arguments->mode = PRINT_INVERTED;
	if (arguments->count)
		arguments->mode = PRINT_COUNT;
	arguments->path = argv[optind];
	arguments->pattern = argv[optind + 1];
	return 0;
}

/* Whether one more line may be printed. */
static bool room(struct printing *printing)
{
	if (printing->arguments->limit == 0 || printing->printed < printing->arguments->limit)
		return true;
	printing->stopped = true;
	return false;
}

static bool write_line(struct printing *printing)
{
	printing->printed++;
	if (!buffer_failed(&printing->line) &&
		cli_write(buffer_span(&printing->line), &printing->code))
		return true;
	printing->stopped = true;
	return false;
}

static bool print_record(struct printing *printing, struct record_id id)
{
	if (!room(printing))
		return false;
	buffer_clear(&printing->line);
	if (printing->arguments->json) {
		struct json json = {.out = &printing->line};
		json_open(&json, NULL);
		json_string(&json, "kind", kind_info(id.kind)->name);
		json_number(&json, "id", id.id);
		json_close(&json);
	} else {
		buffer_add_format(&printing->line, "%s:%" PRId64, kind_info(id.kind)->name, id.id);
	}
	buffer_add_byte(&printing->line, '\n');
	return write_line(printing);
}

static bool print_cell(struct printing *printing, const struct search_hit *hit)
{
	if (!room(printing))
		return false;
	struct buffer *line = &printing->line;
	buffer_clear(line);
	if (printing->arguments->json) {
		struct json json = {.out = line};
		json_open(&json, NULL);
		json_string(&json, "kind", kind_info(hit->id.kind)->name);
		json_number(&json, "id", hit->id.id);
		json_text(&json, "field", hit->field_name);
		json_number(&json, "start", (int64_t)hit->range.start);
		json_number(&json, "end", (int64_t)hit->range.end);
		json_text(&json, "text", hit->text);
		json_close(&json);
	} else {
		buffer_add_format(
			line, "%s:%" PRId64 ":", kind_info(hit->id.kind)->name, hit->id.id);
		text_visible(line, hit->field_name, false);
		buffer_add_byte(line, ':');
		text_visible(line, hit->text, false);
	}
	buffer_add_byte(line, '\n');
	return write_line(printing);
}

static bool take_hit(void *context, const struct search_hit *hit)
{
	struct printing *printing = context;
	if (hit->undecided) {
		cli_say("undecided: %s:%lld:%.*s, a limit was met while matching it",
			kind_info(hit->id.kind)->name, (long long)hit->id.id,
			(int)hit->field_name.length, hit->field_name.data);
		return true;
	}
	bool again = record_id_equal(hit->id, printing->last);
	printing->last = hit->id;
	switch (printing->arguments->mode) {
	case PRINT_CELLS:
		return print_cell(printing, hit);
	case PRINT_RECORDS:
		return again || print_record(printing, hit->id);
	case PRINT_COUNT:
	case PRINT_INVERTED:
		break;
	}
	return true;
}

static bool take_record(void *context, struct record_id id, bool matched)
{
	struct printing *printing = context;
	const struct search_arguments *arguments = printing->arguments;
	if (matched == arguments->inverted)
		return true;
	if (arguments->mode == PRINT_INVERTED)
		return print_record(printing, id);
	printing->printed++;
	return true;
}

static void summarise(struct printing *printing, const struct search_totals *totals, int64_t ms)
{
	struct buffer *line = &printing->line;
	buffer_clear(line);
	struct json json = {.out = line};
	json_open(&json, NULL);
	json_open(&json, "summary");
	json_number(&json, "cells", totals->cells);
	json_number(&json, "searched", totals->cells - totals->undecided);
	json_number(&json, "hits", totals->hits);
	json_number(&json, "records", totals->hit_records);
	json_number(&json, "skipped", totals->undecided);
	json_bool(&json, "complete", totals->complete);
	json_number(&json, "ms", ms);
	json_close(&json);
	json_close(&json);
	buffer_add_byte(line, '\n');
	if (!buffer_failed(line))
		cli_write(buffer_span(line), &printing->code);
}

static int64_t milliseconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* On stderr, before the search, a line at a time. */
static bool explain(const struct case_file *file, const struct pattern *pattern, enum kind kind,
	struct error *error)
{
	struct buffer out = {0};
	bool good = search_explain(file, pattern, kind, &out, error);
	struct span rest = buffer_span(&out);
	while (good && rest.length > 0) {
		const char *end = memchr(rest.data, '\n', rest.length);
		size_t length = end ? (size_t)(end - rest.data) : rest.length;
		cli_say("%.*s", (int)length, rest.data);
		rest = span_slice(rest, length + (end != NULL), rest.length);
	}
	buffer_free(&out);
	return good;
}

static int run(struct case_file *file, const struct pattern *pattern,
	const struct search_arguments *arguments)
{
	struct printing printing = {.arguments = arguments};
	struct search_totals totals = {0};
	struct error error = {0};
	/* Hits say by themselves how many records match. */
	bool by_record = arguments->inverted;
	struct search_request request = {.pattern = pattern,
		.kind = arguments->kind,
		.cancel = cli_catch_interrupt(),
		.hit = take_hit,
		.record = by_record ? take_record : NULL,
		.context = &printing};
	if (arguments->explain && !explain(file, pattern, arguments->kind, &error))
		return cli_fail(&error);
	int64_t begun = milliseconds();
	bool good = search_run(file, &request, &totals, &error);
	if (arguments->mode == PRINT_COUNT) {
		if (!arguments->inverted)
			printing.printed = totals.hit_records;
		buffer_clear(&printing.line);
		buffer_add_format(&printing.line, "%" PRId64 "\n", printing.printed);
		cli_write(buffer_span(&printing.line), &printing.code);
	}
	if (arguments->json)
		summarise(&printing, &totals, milliseconds() - begun);
	buffer_free(&printing.line);
	if (!good && error.code == ERROR_CANCELLED)
		return CLI_INTERRUPTED;
	if (!good)
		return cli_fail(&error);
	if (printing.code != 0)
		return printing.code;
	if (totals.undecided > 0) {
		cli_say("%lld cells are undecided", (long long)totals.undecided);
		return CLI_UNDECIDED;
	}
	if (printing.stopped && arguments->limit > 0 && !arguments->json)
		cli_say("--limit stopped the search; there may be more");
	return printing.printed > 0 ? CLI_FOUND : CLI_NOTHING;
}

int cli_search(int argc, char **argv)
{
	struct search_arguments arguments = {0};
	struct error error = {0};
	int code = parse(argc, argv, &arguments);
	if (code != 0)
		return code;
	struct pattern *pattern =
		pattern_compile(span_string(arguments.pattern), &arguments.options, &error);
	if (!pattern) {
		cli_say("pattern: %s", error.message);
		return CLI_USAGE;
	}
	struct case_file *file =
		cli_open(arguments.path, &(struct case_options){.mode = CASE_READ}, &error);
	code = file ? run(file, pattern, &arguments) : cli_fail(&error);
	case_close(file);
	pattern_free(pattern);
	return cli_finish(code);
}
