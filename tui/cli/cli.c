#include "cli/cli.h"

#include "base/text.h"
#include "commands.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct cli_command commands[] = {
	{.name = "new",
		.run = cli_new,
		.about = "an empty case, or a writable copy of one",
		.usage = "new CASE [--from CASE] [--json]",
		.help = "  breachx new my.breach --from @example\n\n"
			"Nothing is written over a file that is there.\n"},
	{.name = "import",
		.run = cli_import,
		.about = "files into a case, which is made when it is not there",
		.usage =
			"import CASE FILE... [--format F] [--kind K] [--map FIELD=COLUMN]... "
			"[--set FIELD=VALUE]... [--zone TZ] [--original FILE] [--dry-run] [--keep] "
			"[--recover] [--json]",
		.help = "  breachx import my.breach hosts.csv\n"
			"  breachx import my.breach log.csv --kind event --map time=When --zone "
			"Asia/Tokyo\n"
			"  breachx import my.breach article.txt --set publisher='The paper'\n\n"
			"FILE is a file, a folder, a zip, or - for standard input; .gz and .zst "
			"are "
			"unpacked.\n"
			"  --format F           csv, text ...; else it is told by the content\n"
			"  --kind K             what a row is: host, account, event, party ...; "
			"`link` for "
			"rows\n"
			"                       of from,type,to,detail,basis; `decision` for rows "
			"of\n"
			"                       action,record,field,value,detail,reason\n"
			"  --map FIELD=COLUMN   the column a field stands in\n"
			"  --set FIELD=VALUE    for every record that does not state it; also "
			"basis, by, "
			"and\n"
			"                       reviewer for decisions\n"
			"  --zone TZ            the zone of times without an offset: UTC, "
			"Asia/Tokyo, "
			"+09:00;\n"
			"                       `floating` keeps them as they are\n"
			"  --original FILE      the file that this one was made from (a signed PDF "
			"of its "
			"text):\n"
			"                       its name and SHA-256 are kept beside the source\n"
			"  --dry-run            what would come of it; nothing is written\n"
			"  --keep               keep the file's bytes in the case, up to 64 MiB\n"
			"  --recover            first undo the change that a crash left "
			"unfinished\n\n"
			"Ctrl-C takes back what came in of the file at hand. A file with the name "
			"of an "
			"earlier\n"
			"source and other bytes is said to differ from it, and in how many rows; "
			"both "
			"stay.\n\n"
			"A column with a field's name goes there; key, basis, by, stands_for and "
			"TIME.reading\n"
			"have meanings of their own; anything else is kept as extra. An empty cell "
			"is not\n"
			"stated.\n",
		.more = cli_import_formats},
	{.name = "list",
		.run = cli_list,
		.about = "records of a kind",
		.usage = "list CASE KIND [--where FILTER] [--sort FIELD] [--limit N] "
			 "[--format table|csv|json] [--json]",
		.help = "  breachx list @example hosts --where 'type = server' --limit 5\n"
			"  breachx list @example statements --json\n\n"
			"FILTER compares fields: = != < <= > >= ~ /regex/ `in` a time, `is not "
			"stated`,\n"
			"joined by and, or, not and brackets; `any ~ /regex/` looks at every "
			"cell.\n"
			"FIELD may have a - before it: greatest first.\n"},
	{.name = "show",
		.run = cli_show,
		.about = "one record: fields, links, provenance",
		.usage = "show CASE KIND:ID [--json]",
		.help = "  breachx show @example host:1\n"},
	{.name = "search",
		.run = cli_search,
		.about = "matching cells of the whole case",
		.usage = "search CASE PATTERN [-i -w -x -F -v -c -l] [--kind K] [--limit N] "
			 "[--json] "
			 "[--explain]",
		.help = "  breachx search @example 'servers?|terminals?'\n"
			"  breachx search @example -c --kind host '^server'\n\n"
			"  -i  letters match in either case      -w  whole words\n"
			"  -x  the whole cell                    -F  the text itself, no pattern\n"
			"  -v  records without a matching cell   -c  the number of matching "
			"records\n"
			"  -l  kind:id once a record\n"},
	{.name = "info",
		.run = cli_info,
		.about = "counts by kind, sources, size, versions",
		.usage = "info CASE [--json]",
		.help = "  breachx info @example\n"},
	{.name = "verify",
		.run = cli_verify,
		.about = "file, journal chain, source hashes, index against rows",
		.usage = "verify CASE [--json]",
		.help = "  breachx verify my.breach\n"},
	{.name = "undo-import",
		.run = cli_undo_import,
		.about = "take an import back, whole",
		.usage = "undo-import CASE SOURCE [--by NAME] [--reason TEXT] [--recover] [--json]",
		.help = "  breachx undo-import my.breach hosts.csv --reason 'the wrong site'\n"
			"  breachx undo-import my.breach 3\n\n"
			"SOURCE is its number, its name, or the first digits of its SHA-256, as "
			"`breachx "
			"info`\n"
			"lists them. Its records are hidden at once; one that another source "
			"mentions, or "
			"that\n"
			"somebody decided on, stays. The journal says who did it: --by NAME, or "
			"the login "
			"name.\n"},
	{.name = "attach",
		.run = cli_attach,
		.about = "find the files of moved sources again, by size and SHA-256",
		.usage = "attach CASE FOLDER [--recover] [--json]",
		.help = "  breachx attach my.breach /media/stick/evidence\n\n"
			"Says of each source whether it is kept in the case, at hand, found or "
			"absent. "
			"Names\n"
			"do not matter, links are not followed. Ends with 1 when a source is "
			"absent.\n"},
	{.name = "doctor",
		.run = cli_doctor,
		.about = "versions, JIT, terminal: the first page of a bug report",
		.usage = "doctor [--json]",
		.help = "  breachx doctor\n"},
};

const struct cli_command *cli_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(commands); i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

void cli_help(FILE *out)
{
	fputs("Breach Explorer: the case file of a security breach, in a terminal.\n\n"
	      "  breachx                        the bundled case\n"
	      "  breachx [-R] my.breach         a case\n"
	      "  breachx COMMAND --help         what a command takes\n\n"
	      "Options of the explorer: -R read only \u00b7 --recover finish what a crash left "
	      "\u00b7\n"
	      "--ascii \u00b7 --no-color \u00b7 --script FILE --size WxH [--text-only] prints "
	      "frames\n\n"
	      "Commands:\n",
		out);
	for (size_t i = 0; i < ARRAY_LENGTH(commands); i++)
		fprintf(out, "  %-14s %s\n", commands[i].name, commands[i].about);
	fputs("\n@example names the bundled case wherever a case is asked for.\n", out);
}

int cli_help_command(const struct cli_command *command)
{
	printf("breachx %s\n  %s\n\n%s", command->usage, command->about, command->help);
	if (command->more)
		command->more();
	return cli_finish(0);
}

void cli_version(void)
{
	puts("breachx " BREACHX_VERSION);
}

void cli_say(const char *format, ...)
{
	char text[2048];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	struct buffer line = {0};
	text_visible(&line, span_string(text), false);
	fprintf(stderr, "breachx: %s\n", buffer_failed(&line) ? "out of memory" : line.data);
	buffer_free(&line);
}

int cli_fail(const struct error *error)
{
	cli_say("%s", error->message);
	return error_exit_code(error->code);
}

int cli_usage(const char *name, const char *format, ...)
{
	char text[1024];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(text, sizeof text, format, arguments);
	va_end(arguments);
	const struct cli_command *command = cli_find(name);
	cli_say("%s: %s", name, text);
	if (command)
		fprintf(stderr, "usage: breachx %s\n", command->usage);
	return CLI_USAGE;
}

struct case_file *cli_open(
	const char *path, const struct case_options *options, struct error *error)
{
	struct case_file *file = case_open(path, options, error);
	const char *line = file ? case_notice(file) : NULL;
	while (line) {
		const char *end = strchr(line, '\n');
		cli_say("%.*s", end ? (int)(end - line) : (int)strlen(line), line);
		line = end ? end + 1 : NULL;
	}
	return file;
}

bool cli_clock(int64_t *clock, struct error *error)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	long long seconds;
	struct timespec now;
	if (!epoch) {
		if (clock_gettime(CLOCK_REALTIME, &now) != 0)
			return error_set_errno(error, "the clock");
		*clock = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
		return true;
	}
	if (!span_to_integer(span_string(epoch), &seconds) ||
		__builtin_mul_overflow(seconds, 1000000, &seconds))
		return error_set(
			error, ERROR_USAGE, "SOURCE_DATE_EPOCH is no number of seconds: %s", epoch);
	*clock = seconds;
	return true;
}

bool cli_write(struct span bytes, int *code)
{
	if (fwrite(bytes.data, 1, bytes.length, stdout) == bytes.length)
		return true;
	*code = errno == EPIPE ? 0 : CLI_UNDECIDED;
	if (errno != EPIPE)
		cli_say("can't write: %s", strerror(errno));
	return false;
}

int cli_finish(int code)
{
	if (fflush(stdout) == 0)
		return code;
	if (errno == EPIPE)
		return code;
	cli_say("can't write: %s", strerror(errno));
	return CLI_UNDECIDED;
}

static atomic_bool interrupted;

static void on_interrupt(int number)
{
	(void)number;
	/* A second one ends the program at once. */
	if (atomic_exchange(&interrupted, true))
		_exit(CLI_INTERRUPTED);
}

const atomic_bool *cli_catch_interrupt(void)
{
	struct sigaction action = {.sa_handler = on_interrupt};
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	return &interrupted;
}
