#include "cli/cli.h"
#include "commands.h"

#include "casefile/listing.h"
#include "report/records.h"
#include "search/filter.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

struct list_arguments {
	const char *path, *where, *sort;
	enum kind kind;
	long long limit; /* 0: none */
	enum report_format format;
};

static bool parse_format(const char *text, enum report_format *format)
{
	static const char *const names[] = {"table", "csv", "json"};
	for (size_t i = 0; i < ARRAY_LENGTH(names); i++)
		if (strcmp(text, names[i]) == 0) {
			*format = (enum report_format)i;
			return true;
		}
	return false;
}

static int parse(int argc, char **argv, struct list_arguments *arguments)
{
	static const struct option options[] = {
		{"where", required_argument, NULL, 'w'},
		{"sort", required_argument, NULL, 's'},
		{"limit", required_argument, NULL, 'l'},
		{"format", required_argument, NULL, 'f'},
		{"json", no_argument, NULL, 'j'},
		{NULL, 0, NULL, 0},
	};
	int option;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "R", options, NULL)) != -1) {
		if (option == 'w')
			arguments->where = optarg;
		else if (option == 's')
			arguments->sort = optarg;
		else if (option == 'j')
			arguments->format = REPORT_JSON;
		else if (option == 'f' && !parse_format(optarg, &arguments->format))
			return cli_usage("list", "--format is table, csv or json");
		else if (option == 'l' &&
			 (!span_to_integer(span_string(optarg), &arguments->limit) ||
				 arguments->limit < 1))
			return cli_usage("list", "--limit takes a number from 1 up");
		else if (option == '?')
			return cli_usage("list", "unknown option, or one without its value");
	}
	if (argc - optind != 2)
		return cli_usage("list", "a case and a kind are needed");
	arguments->path = argv[optind];
	arguments->kind = kind_find(span_string(argv[optind + 1]));
	if (arguments->kind == KIND_NONE)
		return cli_usage("list", "there is no kind `%s`; `breachx info` lists them",
			argv[optind + 1]);
	return 0;
}

static int find_sort(const struct list_arguments *arguments, int *field, bool *descending)
{
	*field = kind_info(arguments->kind)->sort_field;
	*descending = false;
	if (!arguments->sort)
		return 0;
	*descending = arguments->sort[0] == '-';
	const char *name = arguments->sort + *descending;
	*field = kind_field_find(arguments->kind, span_string(name));
	if (*field < 0 || !listing_sorts(arguments->kind, *field))
		return cli_usage("list", "%s can't be sorted by `%s`",
			kind_info(arguments->kind)->plural, name);
	return 0;
}

struct listed {
	struct case_file *file;
	struct record_reader *reader;
	struct listing *listing;
	struct filter *filter;
	struct report_sources sources;
	struct record record;
	struct buffer line;
	int64_t undecided;
};

/* Prints what passes; the exit code. */
static int print(struct listed *listed, const struct list_arguments *arguments)
{
	struct error error = {0};
	int64_t id, printed = 0;
	int more, code = 0;
	report_heading(&listed->line, arguments->format, arguments->kind);
	if (!cli_write(buffer_span(&listed->line), &code))
		return code;
	while ((more = listing_next(listed->listing, &id, &error)) > 0) {
		enum record_result found =
			record_read(listed->reader, arguments->kind, id, &listed->record, &error);
		if (found == RECORD_FAILED)
			return cli_fail(&error);
		enum match_result match = found == RECORD_NONE ? MATCH_NO
					  : listed->filter
						  ? filter_match(listed->filter, &listed->record)
						  : MATCH_YES;
		listed->undecided += match == MATCH_UNDECIDED;
		if (match != MATCH_YES)
			continue;
		if (arguments->limit > 0 && printed == arguments->limit) {
			cli_say("more than %lld; --limit stopped there", arguments->limit);
			break;
		}
		buffer_clear(&listed->line);
		if (!report_record(&listed->line, arguments->format, &listed->sources,
			    &listed->record, &error))
			return cli_fail(&error);
		if (!cli_write(buffer_span(&listed->line), &code))
			return code;
		printed++;
	}
	if (more < 0)
		return cli_fail(&error);
	if (listed->undecided > 0) {
		cli_say("%lld records are undecided: a limit was met while matching them",
			(long long)listed->undecided);
		return CLI_UNDECIDED;
	}
	return 0;
}

int cli_list(int argc, char **argv)
{
	struct list_arguments arguments = {0};
	struct error error = {0};
	int field;
	bool descending;
	int code = parse(argc, argv, &arguments);
	if (code == 0)
		code = find_sort(&arguments, &field, &descending);
	if (code != 0)
		return code;
	struct listed listed = {0};
	listed.file = cli_open(arguments.path, &(struct case_options){.mode = CASE_READ}, &error);
	listed.sources.file = listed.file;
	bool good = listed.file && (listed.reader = record_reader_open(listed.file, &error)) &&
		    (!arguments.where || (listed.filter = filter_parse(span_string(arguments.where),
						  arguments.kind, NULL, &error))) &&
		    (listed.listing = listing_open(
			     listed.file, arguments.kind, field, descending, &error));
	if (good)
		code = print(&listed, &arguments);
	else if (error.code == ERROR_PATTERN)
		code = cli_usage("list", "--where, byte %lld: %s", error.offset, error.message);
	else
		code = cli_fail(&error);
	listing_close(listed.listing);
	filter_free(listed.filter);
	record_free(&listed.record);
	report_sources_free(&listed.sources);
	buffer_free(&listed.line);
	record_reader_close(listed.reader);
	case_close(listed.file);
	return cli_finish(code);
}
