/* breachx list: records of a kind. */
#include "command.h"

#include "base/text.h"
#include "casefile/listing.h"
#include "report/records.h"
#include "search/filter.h"

#include <unistd.h>

#define CANCELLED "the list was cancelled before its end"

struct list_arguments {
	const char *where, *sort;
	long long limit; /* 0: none */
	int format;      /* enum report_format */
	bool json;
	enum kind kind;
	int field;
	bool descending;
};

static const struct option_info options[] = {
	{OPTION_TEXT(struct list_arguments, where), .name = "where", .value = "FILTER",
		.about = "only those that pass, see below"},
	{OPTION_TEXT(struct list_arguments, sort), .name = "sort", .value = "FIELD",
		.about = "in the order of a field, or of `id`; -FIELD: greatest first. What is "
			 "not stated comes last"},
	{OPTION_COUNT(struct list_arguments, limit), .name = "limit", .value = "N",
		.about = "at most so many; says when there are more"},
	{OPTION_CHOICE(struct list_arguments, format), .name = "format", .value = "table|csv|json",
		.about = "the columns of the screen, or all fields"},
	{OPTION_FLAG(struct list_arguments, json), .name = "json", .about = "--format json"},
	CLI_READ_ONLY,
};

/* Which field to sort by; a usage error lists those that serve. */
static int find_sort(struct list_arguments *arguments)
{
	const struct kind_info *info = kind_info(arguments->kind);
	const char *name = arguments->sort;
	arguments->field = info->sort_field;
	if (!name)
		return CLI_GO_ON;
	arguments->descending = name[0] == '-';
	name += arguments->descending;
	arguments->field = kind_field_find(arguments->kind, span_string(name));
	if (strcmp(name, "id") == 0 ||
		(arguments->field >= 0 && listing_sorts(arguments->kind, arguments->field)))
		return CLI_GO_ON;
	struct buffer names = {0};
	for (int field = 0; field < info->field_count; field++)
		if (listing_sorts(arguments->kind, field))
			buffer_add_format(&names, " %s", info->fields[field].name);
	int code = cli_usage(&cli_list, "%s can't be sorted by `%s`; they can by: id%s",
		info->plural, name, buffer_failed(&names) ? "" : names.data);
	buffer_free(&names);
	return code;
}

static int read_arguments(int argc, char **argv, struct list_arguments *arguments)
{
	int code = cli_read(&cli_list, argc, argv, arguments, NULL);
	if (code != CLI_GO_ON)
		return code;
	if (!cli_kind(&cli_list, argv[2], &arguments->kind))
		return CLI_USAGE;
	if (arguments->json)
		arguments->format = REPORT_JSON;
	return find_sort(arguments);
}

struct listed {
	struct case_file *file;
	struct record_reader *reader;
	struct listing *listing;
	struct filter *filter;
	struct report_sources sources;
	struct record record;
	struct buffer line;
	bool visible; /* the line is made so */
	struct csv_extras extras;
	int64_t taken, undecided; /* since the listing was begun */
	bool more;                /* than the limit allows */
};

/* CSV is exact bytes where it is data; on a terminal it is text like any other. */
static bool write_line(struct listed *listed, int *code)
{
	if (!listed->visible)
		return cli_write(&listed->line, code);
	struct buffer shown = {.failed = buffer_failed(&listed->line)};
	text_visible(
		&shown, span_slice(buffer_span(&listed->line), 0, listed->line.length - 1), false);
	buffer_add_byte(&shown, '\n');
	buffer_clear(&listed->line);
	bool written = cli_write(&shown, code);
	buffer_free(&shown);
	return written;
}

/* Whether a record passes; one that is hidden does not. False on an error. */
static bool passes(
	struct listed *listed, enum kind kind, int64_t id, bool *pass, struct error *error)
{
	*pass = false;
	if (listed->filter && filter_match_id(listed->filter, id) == MATCH_NO)
		return true;
	enum record_result found = record_read(listed->reader, kind, id, &listed->record, error);
	enum match_result match = MATCH_NO;
	if (found == RECORD_FAILED)
		return false;
	if (found == RECORD_FOUND)
		match = listed->filter ? filter_match(listed->filter, &listed->record) : MATCH_YES;
	if (match == MATCH_CANCELLED)
		return error_set(error, ERROR_CANCELLED, CANCELLED);
	listed->undecided += match == MATCH_UNDECIDED;
	*pass = match == MATCH_YES;
	return true;
}

/* Opens the listing from its beginning. */
static bool begin(
	struct listed *listed, const struct list_arguments *arguments, struct error *error)
{
	listing_close(listed->listing);
	listed->listing = listing_open(
		listed->file, arguments->kind, arguments->field, arguments->descending, error);
	listed->taken = listed->undecided = 0;
	listed->more = false;
	return listed->listing != NULL;
}

/* The next record that passes into listed->record: 1; 0 at the end or the limit, -1 on an error. */
static int next(struct listed *listed, const struct list_arguments *arguments, struct error *error)
{
	int64_t id;
	int found;
	while ((found = listing_next(listed->listing, &id, error)) > 0) {
		bool pass = false;
		if (atomic_load(cli_cancel())) {
			error_set(error, ERROR_CANCELLED, CANCELLED);
			return -1;
		}
		if (!passes(listed, arguments->kind, id, &pass, error))
			return -1;
		if (!pass)
			continue;
		listed->more = arguments->limit > 0 && listed->taken == arguments->limit;
		if (listed->more)
			return 0;
		listed->taken++;
		return 1;
	}
	return found;
}

/* The columns of a CSV are known when all its records were looked at. */
static bool gather_extras(
	struct listed *listed, const struct list_arguments *arguments, struct error *error)
{
	int found;
	if (arguments->format != REPORT_CSV)
		return true;
	while ((found = next(listed, arguments, error)) > 0)
		if (!csv_extras_add(&listed->extras, &listed->record))
			return error_memory(error);
	return found == 0 && begin(listed, arguments, error);
}

static int print(struct listed *listed, const struct list_arguments *arguments)
{
	enum report_format format = (enum report_format)arguments->format;
	struct error error = {0};
	int code = CLI_FOUND, found;
	if (!gather_extras(listed, arguments, &error))
		return cli_fail(&error);
	listed->visible = format == REPORT_CSV && isatty(STDOUT_FILENO);
	report_heading(&listed->line, format, arguments->kind, &listed->extras);
	if (listed->line.length > 0 && !write_line(listed, &code))
		return code;
	while ((found = next(listed, arguments, &error)) > 0) {
		if (!report_record(&listed->line, format, &listed->sources, &listed->extras,
			    &listed->record, &error))
			return cli_fail(&error);
		if (!write_line(listed, &code))
			return code;
	}
	if (found < 0)
		return cli_fail(&error);
	if (listed->more)
		cli_say("more than %lld; --limit stopped there", arguments->limit);
	if (listed->undecided == 0)
		return code;
	cli_say("undecided records: %lld, a limit was met while matching them",
		(long long)listed->undecided);
	return CLI_UNDECIDED;
}

static bool open_all(struct listed *listed, const char *path,
	const struct list_arguments *arguments, struct error *error)
{
	listed->file = cli_open(path, &(struct case_options){.mode = CASE_READ}, error);
	listed->sources.file = listed->file;
	if (!listed->file || !(listed->reader = record_reader_open(listed->file, error)))
		return false;
	if (arguments->where)
		listed->filter = filter_parse(
			span_string(arguments->where), arguments->kind, cli_cancel(), error);
	if (arguments->where && !listed->filter)
		return false;
	/* A few records are found sooner one by one. */
	if (arguments->where && arguments->limit == 0 &&
		!filter_look_ahead(listed->filter, listed->file, NULL, NULL, error))
		return false;
	listed->listing = listing_open(
		listed->file, arguments->kind, arguments->field, arguments->descending, error);
	return listed->listing != NULL;
}

static int run(int argc, char **argv)
{
	struct list_arguments arguments = {0};
	struct listed listed = {0};
	struct error error = {0};
	int code = read_arguments(argc, argv, &arguments);
	if (code != CLI_GO_ON)
		return code;
	if (open_all(&listed, argv[1], &arguments, &error))
		code = print(&listed, &arguments);
	else if (error.code == ERROR_PATTERN) {
		cli_say("list: --where, byte %lld: %s", error.offset, error.message);
		code = CLI_USAGE;
	} else
		code = cli_fail(&error);
	listing_close(listed.listing);
	filter_free(listed.filter);
	record_free(&listed.record);
	csv_extras_free(&listed.extras);
	report_sources_free(&listed.sources);
	buffer_free(&listed.line);
	record_reader_close(listed.reader);
	cli_close(listed.file);
	return cli_finish(code);
}

const struct cli_command cli_list = {.name = "list",
	.about = "records of a kind",
	.operands = "CASE KIND",
	.examples = "@example hosts --where 'type = server' --limit 5\n"
		    "@example statements --json\n"
		    "@example claims --where 'unit is stated' --format csv\n",
	.notes =
		"KIND is a kind by its name or plural: host, hosts. `breachx info` counts them.\n\n"
		"FILTER compares fields: = != < <= > >= with a word or \"text\"; ~ and !~ with "
		"/regex/ or /regex/i; `in` with a time (2019-06, 2019-06/2019-07); `is stated`, "
		"`is not stated`; joined by `and`, `or`, `not` and brackets. Beside the fields of "
		"the kind there are extra.NAME, any (some cell of the record), id, basis, "
		"stands_for, source and kind. An error names the byte of the filter at fault.",
	.json = "an object for each record: kind id basis by stands_for source{id name sha256 "
		"start end}, and its fields, extra ones as extra.NAME; what is not stated is "
		"absent, of several extra values there is an array. start and end are bytes of "
		"the source. Where bytes are no UTF-8, NAME has U+FFFD and NAME_base64 the exact "
		"bytes.",
	.options = CLI_OPTIONS(options),
	.run = run};
