/* breachx import: files into a case. */
#include "command.h"
#include "import_print.h"
#include "progress.h"

#include "base/memory.h"
#include "ingest/format.h"
#include "ingest/input.h"
#include "ingest/loader.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct import_arguments {
	const char *format, *kind, *zone, *dates, *original;
	struct option_list map, set;
	bool dry_run, keep, recover, json;
};

static const struct option_info options[] = {
	{OPTION_TEXT(struct import_arguments, format), .name = "format", .value = "F",
		.about = "one of the formats below; else it is told by the content"},
	{OPTION_TEXT(struct import_arguments, kind), .name = "kind", .value = "K",
		.about = "what a row is: host, account, event, party ...; `link` for rows of "
			 "from,type,to,detail,basis; `decision` for rows of "
			 "action,record,field,value,detail,reason"},
	{OPTION_LIST(struct import_arguments, map), .name = "map", .value = "FIELD=COLUMN",
		.about = "the column a field stands in"},
	{OPTION_LIST(struct import_arguments, set), .name = "set", .value = "FIELD=VALUE",
		.about = "for every record that does not state it; also basis, by, and reviewer "
			 "for decisions"},
	{OPTION_TEXT(struct import_arguments, zone), .name = "zone", .value = "TZ",
		.about = "the zone of times without an offset: UTC, Asia/Tokyo, +09:00; "
			 "`floating` keeps them as they are"},
	{OPTION_TEXT(struct import_arguments, dates), .name = "dates", .value = "ORDER",
		.about = "what 4/5/2020 means, dmy or mdy; not said, such dates stay words"},
	{OPTION_TEXT(struct import_arguments, original), .name = "original", .value = "FILE",
		.about = "the file that this one was made from (a signed PDF of its text): its "
			 "name and SHA-256 are kept beside the source"},
	{OPTION_FLAG(struct import_arguments, dry_run), .name = "dry-run",
		.about = "what would come of each file by itself, with what the case has already; "
			 "nothing is written"},
	{OPTION_FLAG(struct import_arguments, keep), .name = "keep",
		.about = "keep the file's bytes in the case, up to 64 MiB"},
	CLI_RECOVER(struct import_arguments),
	CLI_JSON(struct import_arguments),
};

struct import {
	struct import_arguments arguments;
	struct import_options options;
	bool made;   /* there was no case before */
	bool filled; /* something of a file is in it */
	bool taken;  /* a file was read, and not passed over */
	const char *case_path;
	struct case_file *file;
	struct import_list list;
	struct input_container container;
	const char *path; /* of the file at hand */
	struct progress progress;
	bool waited; /* for readers, and said so */
	struct import_space space;
	int64_t files, rows; /* in a dry run */
	int64_t left_out;    /* what a folder holds and could not be read */
};

/* ---- progress ---- */

/* A number of bytes in few words. */
static void add_bytes(struct buffer *out, double bytes)
{
	static const char *const units[] = {"B", "KB", "MB", "GB", "TB"};
	size_t unit = 0;
	for (; bytes >= 1000 && unit + 1 < ARRAY_LENGTH(units); unit++)
		bytes /= 1000;
	buffer_add_format(out, unit && bytes < 10 ? "%.1f %s" : "%.0f %s", bytes, units[unit]);
}

static void describe_progress(
	const struct import *import, int64_t bytes, int64_t size, int64_t rows, struct buffer *line)
{
	double seconds = progress_seconds(&import->progress);
	double rate = (double)bytes / seconds;
	/* What one waits for comes first, since a narrow terminal cuts the end. */
	add_bytes(line, (double)bytes);
	if (size > 0) {
		buffer_add_string(line, " of ");
		add_bytes(line, (double)size);
	}
	if (size > bytes && rate > 0) {
		long long left = (long long)((double)(size - bytes) / rate);
		buffer_add_format(line, ", %lld:%02lld left", left / 60, left % 60);
	}
	buffer_add_format(line, ", %lld rows, ", (long long)rows);
	add_bytes(line, rate);
	buffer_add_format(
		line, "/s, %lld rows/s: %s", (long long)((double)rows / seconds), import->path);
}

static void show_progress(void *context, int64_t bytes, int64_t size, int64_t rows)
{
	struct import *import = context;
	struct buffer line = {0};
	if (!progress_due(&import->progress))
		return;
	describe_progress(import, bytes, size, rows, &line);
	progress_show(&import->progress, buffer_span(&line));
	buffer_free(&line);
}

static void say_taking_back(void *context)
{
	struct import *import = context;
	struct buffer line = {0};
	buffer_add_format(&line, "taking back what came in of %s", import->path);
	progress_show_now(&import->progress, buffer_span(&line));
	buffer_free(&line);
}

/* ---- running ---- */

/* Nothing is lost to a pager that somebody left open: a commit waits for it, and says so. After
 * Ctrl-C only for readers that are soon gone, so that what came in can be taken back. */
#define WAIT_MILLISECONDS 2000

static bool wait_for_readers(void *context, int milliseconds)
{
	struct import *import = context;
	if (milliseconds >= WAIT_MILLISECONDS && !import->waited) {
		import->waited = true;
		progress_end(&import->progress);
		cli_say("waiting for another program that reads %s", import->case_path);
	}
	return milliseconds < WAIT_MILLISECONDS || !atomic_load(cli_cancel());
}

/* A dry run looks into a case that is there, and makes none. */
static bool open_case(struct import *import, struct error *error)
{
	struct case_options mode = {.mode = CASE_CREATE, .recover = import->arguments.recover};
	struct stat status;
	bool there = strcmp(import->case_path, "@example") == 0 ||
		     lstat(import->case_path, &status) == 0;
	if (import->arguments.dry_run) {
		mode.mode = CASE_READ;
		if (!there)
			return true;
	}
	import->made = !there;
	import->file = cli_open(import->case_path, &mode, error);
	if (import->file && mode.mode != CASE_READ)
		case_wait_for_readers(import->file,
			&(struct case_wait){.go_on = wait_for_readers, .context = import});
	return import->file != NULL;
}

/* What a folder holds and can't be read is left out, as a row is; what was named itself is not what
 * it should be. */
static int leave_out(struct import *import, const struct import_item *item, const char *why)
{
	import->left_out++;
	cli_say("left out: %s", why);
	int code = CLI_NOTHING;
	if (import->arguments.json)
		import_print_left_out(item, why, &code);
	return code;
}

/* One that was found when the files were listed. */
static int tell_left_out(struct import *import, const struct import_item *item)
{
	if (item->code == ERROR_IO && item->gathered)
		return leave_out(import, item, item->left_out);
	if (item->code != ERROR_NONE) {
		cli_say("%s", item->left_out);
		return error_exit_code(item->code);
	}
	cli_say("left out: %s", item->left_out);
	return CLI_FOUND;
}

/* One file. *worst takes the greater of the codes, and the import goes on with the next unless it
 * was cancelled. */
static bool import_one(struct import *import, const struct import_item *item, int *worst)
{
	struct import_result result;
	struct error error = {0};
	int code = CLI_FOUND;
	bool go_on = true;
	import->options.member = item->member;
	import->options.container = &import->container;
	import->options.gathered = item->gathered;
	import->path = item->path;
	bool good = import_file(import->file, item->path, &import->options, &result, &error);
	progress_end(&import->progress);
	if (!good && error.code == ERROR_IO && item->gathered) {
		code = leave_out(import, item, error.message);
	} else if (!good) {
		code = cli_fail(&error);
		go_on = error.code != ERROR_CANCELLED;
	} else if (result.passed_over) {
		cli_say("%s: passed over: %s", result.file, result.passed_over);
	} else {
		import->taken = true;
		if (result.rows == 0 || result.skipped > 0)
			code = CLI_NOTHING;
		import->filled |= result.source != 0;
		import->files++;
		import->rows += result.rows;
		import->space.needed += result.space;
		import_print(&result, import->arguments.dry_run, import->arguments.json, &code);
		if (result.already && import->arguments.original)
			cli_say("%s: the source that is there stays as it is: --original was not "
				"recorded",
				result.file);
		go_on = !result.stopped;
		if (result.stopped)
			code = cli_cancelled();
	}
	import_result_free(&result);
	if (code > *worst)
		*worst = code;
	return go_on;
}

static bool list_files(struct import *import, char **paths, int count, struct error *error)
{
	import->list.case_path = import->case_path;
	for (int i = 0; i < count; i++)
		if (!import_list_add(&import->list, paths[i], error))
			return false;
	return true;
}

/* What all files together would take: behind the last one's preview. */
static void say_space(struct import *import, int *code)
{
	struct buffer out = {0};
	if (import->files > 1)
		buffer_add_format(&out, "in all: %lld files, %lld rows; ", (long long)import->files,
			(long long)import->rows);
	import_space_look(&import->space, import->case_path);
	import_space_say(&import->space, &out);
	if (!import->arguments.json)
		cli_write(&out, code);
	else if (!buffer_failed(&out))
		fwrite(out.data, 1, out.length, stderr);
	buffer_free(&out);
}

/* All that was listed, in its order. */
static int import_listed(struct import *import)
{
	int worst = CLI_FOUND;
	for (size_t i = 0; i < import->list.count; i++) {
		const struct import_item *item = &import->list.items[i];
		int code = item->left_out ? tell_left_out(import, item) : CLI_FOUND;
		if (code > worst)
			worst = code;
		if (!item->left_out && !import_one(import, item, &worst))
			break;
		/* A file that is refused at once does not meet it. */
		if (atomic_load(cli_cancel()) && i + 1 < import->list.count) {
			struct error error = {0};
			error_set(&error, ERROR_CANCELLED, "cancelled before %zu of the files",
				import->list.count - i - 1);
			worst = cli_fail(&error);
			break;
		}
	}
	if (import->left_out > 0)
		cli_say("%lld left out, each named above", (long long)import->left_out);
	return worst;
}

static int import_all(struct import *import, char **paths, int count)
{
	struct error error = {0};
	if (!list_files(import, paths, count, &error))
		return cli_fail(&error);
	if (import->arguments.original && import->list.readable > 1)
		return cli_usage(&cli_import, "--original is of one file, and there are %zu",
			import->list.readable);
	if (import->list.readable == 0) {
		int code = import_listed(import);
		if (code > CLI_NOTHING)
			return code;
		cli_say("there is no file to import");
		return CLI_NOTHING;
	}
	if (!open_case(import, &error))
		return cli_fail(&error);
	int worst = import_listed(import);
	if (import->arguments.dry_run && import->files > 0)
		say_space(import, &worst);
	/* An import that brought nothing leaves no case where there was none. It is still locked.
	 */
	if (import->made && !import->filled)
		unlink(case_path(import->file));
	cli_close(import->file);
	return worst == CLI_FOUND && !import->taken ? CLI_NOTHING : worst;
}

static bool fill_options(struct import *import, struct error *error)
{
	const struct import_arguments *arguments = &import->arguments;
	import->options = (struct import_options){.format = arguments->format,
		.kind = arguments->kind,
		.map = arguments->map.items,
		.set = arguments->set.items,
		.original = arguments->original,
		.zone = arguments->zone,
		.dates = arguments->dates,
		.dry_run = arguments->dry_run,
		.keep = arguments->keep,
		.cancel = cli_cancel(),
		.progress = show_progress,
		.taking_back = say_taking_back,
		.progress_context = import};
	return cli_clock(&import->options.clock, error);
}

static int import(struct import *import, int argc, char **argv)
{
	struct error error = {0};
	int operands;
	/* NULL stands behind the last. */
	import->arguments.map.items = memory_array((size_t)argc + 1, sizeof(char *));
	import->arguments.set.items = memory_array((size_t)argc + 1, sizeof(char *));
	if (!import->arguments.map.items || !import->arguments.set.items) {
		error_memory(&error);
		return cli_fail(&error);
	}
	int code = cli_read(&cli_import, argc, argv, &import->arguments, &operands);
	if (code != CLI_GO_ON)
		return code;
	import->case_path = argv[1];
	if (!fill_options(import, &error))
		return cli_fail(&error);
	return cli_finish(import_all(import, argv + 2, operands - 1));
}

static int run(int argc, char **argv)
{
	struct import importing = {0};
	int code = import(&importing, argc, argv);
	import_list_free(&importing.list);
	free(importing.arguments.map.items);
	free(importing.arguments.set.items);
	return code;
}

static void list_formats(struct buffer *out, const char *heading, bool refused)
{
	size_t count;
	const struct format *formats = format_table(&count);
	buffer_add_format(out, "\n%s:\n", heading);
	for (size_t i = 0; i < count; i++) {
		if (formats[i].refused != refused)
			continue;
		buffer_add_format(out, "  %-16s ", formats[i].name);
		options_wrap(out, formats[i].about, 19, 19);
	}
}

static void add_formats(struct buffer *out)
{
	list_formats(out, "Formats", false);
	list_formats(out, "Named and refused", true);
}

const struct cli_command cli_import = {.name = "import",
	.about = "files into a case, which is made when it is not there",
	.operands = "CASE FILE...",
	.examples = "my.breach hosts.csv\n"
		    "my.breach log.csv --kind event --map time=When --zone +09:00\n"
		    "my.breach article.txt --set publisher='The paper'\n"
		    "my.breach evidence/ --dry-run\n",
	.notes =
		"FILE is a file, a folder, a zip, or - for standard input; .gz and .zst are "
		"unpacked.\n\n"
		"A column with a field's name goes there; key, basis, by, stands_for and "
		"TIME.reading have meanings of their own; anything else is kept as extra. An empty "
		"cell is not stated.\n\n"
		"Ctrl-C takes back what came in of the file at hand. A file with the name of an "
		"earlier source and other bytes is said to differ from it, and in how many rows; "
		"both stay. An event that an earlier file of its format gave, the same to the "
		"byte, "
		"is not added again: both files tell of it. What a folder holds and can't be read "
		"is left out and named, and the others come in; links are not followed. Ends with "
		"1 when rows were skipped, or none was taken, or something was left out; with 2 "
		"when a file that was named can't be read, or is not what it should be.",
	.json = "an object for each file read, and {file left_out} for what a folder holds and "
		"could not be read: file format sha256 bytes rows skipped duplicate "
		"problems kinds{host ...}; original{name sha256} and differs{source same changed "
		"new gone} where there is something to say. rows and skipped are units of the "
		"input: rows, objects, documents; kinds the records made.",
	.options = CLI_OPTIONS(options),
	.run = run,
	.more = add_formats};
