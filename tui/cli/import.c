/* breachx import: files into a case. */
#include "base/memory.h"
#include "base/text.h"
#include "casefile/case.h"
#include "cli/cli.h"
#include "commands.h"
#include "ingest/format.h"
#include "ingest/loader.h"
#include "report/json.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const struct option options[] = {{"format", required_argument, NULL, 'f'},
	{"kind", required_argument, NULL, 'k'}, {"map", required_argument, NULL, 'm'},
	{"set", required_argument, NULL, 's'}, {"zone", required_argument, NULL, 'z'},
	{"dry-run", no_argument, NULL, 'n'}, {"keep", no_argument, NULL, 'K'},
	{"original", required_argument, NULL, 'o'}, {"recover", no_argument, NULL, 'R'},
	{"json", no_argument, NULL, 'j'}, {0}};

struct import {
	struct import_options options;
	const char **map, **set; /* as many as there are arguments */
	size_t map_count, set_count;
	bool as_json, recover;
	bool made;   /* there was no case before */
	bool filled; /* something of a file is in it */
	const char *case_path;
	struct case_file *file;
	struct import_list list;
	bool narrate;  /* progress, on a terminal */
	int64_t told;  /* seconds of the clock when progress was last shown; 0: not for this file */
	int64_t began; /* and when it was first asked for */
	const char *path;
};

static bool read_options(struct import *import, int argc, char **argv)
{
	int option;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'f':
			import->options.format = optarg;
			break;
		case 'k':
			import->options.kind = optarg;
			break;
		case 'm':
			import->map[import->map_count++] = optarg;
			break;
		case 's':
			import->set[import->set_count++] = optarg;
			break;
		case 'z':
			import->options.zone = optarg;
			break;
		case 'n':
			import->options.dry_run = true;
			break;
		case 'K':
			import->options.keep = true;
			break;
		case 'o':
			import->options.original = optarg;
			break;
		case 'R':
			import->recover = true;
			break;
		case 'j':
			import->as_json = true;
			break;
		default:
			cli_usage("import", "what is %s?", argv[optind - 1]);
			return false;
		}
	}
	return true;
}

/* ---- what is printed ---- */

/* Text of several lines, each made visible. */
static void print_lines(FILE *stream, struct span text)
{
	while (text.length > 0) {
		const char *end = memchr(text.data, '\n', text.length);
		size_t length = end ? (size_t)(end - text.data) : text.length;
		struct buffer line = {0};
		text_visible(&line, span_slice(text, 0, length), false);
		if (!buffer_failed(&line))
			fprintf(stream, "%s\n", line.data ? line.data : "");
		buffer_free(&line);
		text = span_slice(text, length + 1, text.length);
	}
}

/* A number of bytes in few words. */
static void add_bytes(struct buffer *out, double bytes)
{
	static const char *const units[] = {"B", "KB", "MB", "GB", "TB"};
	size_t unit = 0;
	for (; bytes >= 1000 && unit + 1 < ARRAY_LENGTH(units); unit++)
		bytes /= 1000;
	buffer_add_format(out, unit && bytes < 10 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

static void describe_progress(const struct import *import, int64_t bytes, int64_t size,
	int64_t rows, int64_t seconds, struct buffer *line)
{
	double rate = (double)bytes / (double)seconds;
	text_visible(line, span_string(import->path), false);
	buffer_add_format(line, ": %lld rows, ", (long long)rows);
	add_bytes(line, (double)bytes);
	if (size > 0) {
		buffer_add_string(line, " of ");
		add_bytes(line, (double)size);
	}
	buffer_add_string(line, ", ");
	add_bytes(line, rate);
	buffer_add_format(line, "/s, %lld rows/s", (long long)(rows / seconds));
	if (size > bytes && rate > 0) {
		long long left = (long long)((double)(size - bytes) / rate);
		buffer_add_format(line, ", %lld:%02lld left", left / 60, left % 60);
	}
}

/* Once a second, on a terminal. */
static void progress(void *context, int64_t bytes, int64_t size, int64_t rows)
{
	struct import *import = context;
	struct timespec now;
	if (!import->narrate || clock_gettime(CLOCK_MONOTONIC, &now) != 0 ||
		now.tv_sec == import->told)
		return;
	if (import->told == 0)
		import->began = now.tv_sec;
	else {
		struct buffer line = {0};
		describe_progress(import, bytes, size, rows, now.tv_sec - import->began, &line);
		if (!buffer_failed(&line))
			fprintf(stderr, "\r\033[K%s", line.data);
		fflush(stderr);
		buffer_free(&line);
	}
	import->told = now.tv_sec;
}

static void end_progress(struct import *import)
{
	if (import->narrate && import->told > 0)
		fputs("\r\033[K", stderr);
	import->told = 0;
}

static void write_original(struct json *json, const struct import_result *result)
{
	char digest[HASH_TEXT_SIZE];
	if (!result->original)
		return;
	hash_text(result->original_sha256, digest);
	json_open(json, "original");
	json_string(json, "name", result->original);
	json_string(json, "sha256", digest);
	json_close(json);
}

static void write_differences(struct json *json, const struct import_result *result)
{
	const struct comparison *compared = &result->compared;
	if (result->differs.length == 0)
		return;
	json_open(json, "differs");
	json_number(json, "source", result->earlier);
	if (result->source != 0 && !compared->too_many) {
		json_number(json, "same", compared->same);
		if (!compared->without_bytes)
			json_number(json, "changed", compared->changed);
		json_number(json, "new", compared->added);
		json_number(json, "gone", compared->gone);
		if (compared->without_bytes)
			json_number(json, "unknown", compared->unknown);
	}
	json_close(json);
}

static void write_json(const struct import_result *result, struct buffer *out)
{
	struct json json = {.out = out};
	char digest[HASH_TEXT_SIZE];
	hash_text(result->sha256, digest);
	json_open(&json, NULL);
	json_string(&json, "file", result->file);
	json_string(&json, "format", result->format);
	json_string(&json, "sha256", digest);
	json_number(&json, "bytes", result->bytes);
	json_number(&json, "rows", result->rows);
	json_number(&json, "skipped", result->skipped);
	json_number(&json, "duplicate", result->duplicate);
	json_number(&json, "problems", result->problem_count);
	json_open(&json, "kinds");
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		if (result->kinds[kind] > 0)
			json_number(&json, kind_info((enum kind)kind)->name, result->kinds[kind]);
	json_close(&json);
	write_original(&json, result);
	write_differences(&json, result);
	json_close(&json);
	buffer_add_byte(out, '\n');
}

static void write_problems(const struct import_result *result, struct buffer *out)
{
	for (size_t i = 0; i < result->problems_kept; i++) {
		const struct import_problem *problem = &result->problems[i];
		buffer_add_string(out, result->file);
		if (problem->line > 0)
			buffer_add_format(out, ":%lld", (long long)problem->line);
		else if (problem->start >= 0)
			buffer_add_format(out, ": byte %lld", (long long)problem->start);
		buffer_add_format(out, ": %s", problem->skipped ? "skipped: " : "");
		/* A message is one line, whatever it quotes. */
		text_visible(out, span_string(problem->message), false);
		buffer_add_byte(out, '\n');
	}
	if (result->problem_count > (int64_t)result->problems_kept)
		buffer_add_format(out, "%s: and %lld more\n", result->file,
			(long long)(result->problem_count - (int64_t)result->problems_kept));
}

static void write_summary(
	const struct import *import, const struct import_result *result, struct buffer *out)
{
	char digest[HASH_TEXT_SIZE];
	hash_text(result->sha256, digest);
	buffer_add_format(out, "%s: %s, %lld rows %s", result->file, result->format,
		(long long)result->rows, import->options.dry_run ? "would be taken" : "taken");
	if (result->skipped > 0)
		buffer_add_format(out, ", %lld skipped", (long long)result->skipped);
	if (result->already)
		buffer_add_string(out, "; these bytes are in the case already, nothing was added");
	else if (result->duplicate > 0)
		buffer_add_format(
			out, ", %lld of them known already", (long long)result->duplicate);
	const char *before = "; records: ";
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT && !result->already; kind++) {
		if (result->kinds[kind] == 0)
			continue;
		buffer_add_format(out, "%s%s %lld", before, kind_info((enum kind)kind)->name,
			(long long)result->kinds[kind]);
		before = ", ";
	}
	buffer_add_format(out, "\n  sha256 %s, %lld bytes\n", digest, (long long)result->bytes);
	if (result->original) {
		hash_text(result->original_sha256, digest);
		buffer_add_format(out, "  made from %s, sha256 %s\n", result->original, digest);
	}
	if (result->differs.length > 0)
		buffer_add_format(out, "  %s\n", result->differs.data);
}

static void print_result(const struct import *import, const struct import_result *result)
{
	struct buffer said = {0}, out = {0};
	if (!result->already) {
		buffer_add_span(&said, buffer_span(&result->notes));
		write_problems(result, &said);
	}
	if (import->as_json)
		write_json(result, &out);
	else
		write_summary(import, result, &out);
	if (import->options.dry_run)
		buffer_add_span(import->as_json ? &said : &out, buffer_span(&result->preview));
	print_lines(stderr, buffer_span(&said));
	print_lines(stdout, buffer_span(&out));
	fflush(stdout); /* what was said of a file stands together */
	if (result->rows == 0)
		cli_say("%s: no row was taken", result->file);
	if (result->already && import->options.original)
		cli_say("%s: the source that is there stays as it is: --original was not recorded",
			result->file);
	buffer_free(&said);
	buffer_free(&out);
}

/* ---- running ---- */

/* A dry run looks into a case that is there, and makes none. */
static bool open_case(struct import *import, struct error *error)
{
	struct case_options mode = {.mode = CASE_CREATE, .recover = import->recover};
	if (import->options.dry_run) {
		mode.mode = CASE_READ;
		if (strcmp(import->case_path, "@example") != 0 &&
			access(import->case_path, F_OK) != 0)
			return true;
	}
	struct stat status;
	import->made = !import->options.dry_run && lstat(import->case_path, &status) != 0;
	import->file = cli_open(import->case_path, &mode, error);
	return import->file != NULL;
}

/* One file. *worst takes the greater of the codes, and the import goes on with the next. */
static bool import_one(struct import *import, const struct import_item *item, int *worst)
{
	struct import_result result;
	struct error error = {0};
	import->options.member = item->member;
	import->path = item->path;
	bool ok = import_file(import->file, item->path, &import->options, &result, &error);
	end_progress(import);
	int code = CLI_FOUND;
	if (!ok) {
		code = cli_fail(&error);
	} else {
		print_result(import, &result);
		import->filled |= result.source != 0;
		if (result.rows == 0 || result.skipped > 0)
			code = CLI_NOTHING;
	}
	import_result_free(&result);
	if (code > *worst)
		*worst = code;
	return error.code != ERROR_CANCELLED;
}

static int import_all(struct import *import, char **paths, int count)
{
	struct error error = {0};
	for (int i = 0; i < count; i++)
		if (!import_list_add(&import->list, paths[i], &error))
			return cli_fail(&error);
	for (size_t at = 0; at < import->list.skipped.length;) {
		const char *path = import->list.skipped.data + at;
		cli_say("%s: no regular file, left out", path);
		at += strlen(path) + 1;
	}
	if (import->list.count == 0) {
		cli_say("there is no file to import");
		return CLI_NOTHING;
	}
	if (import->options.original && import->list.count > 1)
		return cli_usage("import", "--original is of one file, and there are %zu",
			import->list.count);
	if (!open_case(import, &error))
		return cli_fail(&error);
	int worst = CLI_FOUND;
	bool going = true;
	for (size_t i = 0; going && i < import->list.count; i++)
		going = import_one(import, &import->list.items[i], &worst);
	/* An import that brought nothing leaves no case where there was none. It is still locked.
	 */
	if (import->made && !import->filled)
		unlink(case_path(import->file));
	case_close(import->file);
	return going ? worst : CLI_INTERRUPTED;
}

static int run(struct import *import, int argc, char **argv)
{
	struct error error = {0};
	if (!import->map || !import->set) {
		error_memory(&error);
		return cli_fail(&error);
	}
	if (!read_options(import, argc, argv))
		return CLI_USAGE;
	if (argc - optind < 2)
		return cli_usage("import", "name a case and a file to import");
	if (!cli_clock(&import->options.clock, &error))
		return cli_fail(&error);
	import->case_path = argv[optind];
	import->options.case_path = argv[optind];
	import->options.map = import->map;
	import->options.set = import->set;
	import->options.cancel = cli_catch_interrupt();
	import->options.progress = progress;
	import->options.progress_context = import;
	return cli_finish(import_all(import, argv + optind + 1, argc - optind - 1));
}

int cli_import(int argc, char **argv)
{
	struct import import = {.narrate = isatty(STDERR_FILENO)};
	import.map = memory_array((size_t)argc + 1, sizeof *import.map);
	import.set = memory_array((size_t)argc + 1, sizeof *import.set);
	int code = run(&import, argc, argv);
	import_list_free(&import.list);
	free(import.map);
	free(import.set);
	return code;
}

void cli_import_formats(void)
{
	size_t count;
	const struct format *formats = format_table(&count);
	fputs("\nFormats:\n", stdout);
	for (size_t i = 0; i < count; i++)
		if (!formats[i].refused)
			printf("  %-16s %s\n", formats[i].name, formats[i].about);
	fputs("\nNamed and refused:\n", stdout);
	for (size_t i = 0; i < count; i++)
		if (formats[i].refused)
			printf("  %-16s %s\n", formats[i].name, formats[i].about);
}
