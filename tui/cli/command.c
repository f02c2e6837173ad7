/* What the subcommands share: reading the command line, telling, writing, ending. */
#include "command.h"

#include "base/text.h"

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* ---- cancelling ---- */

static atomic_bool cancelled;
static volatile sig_atomic_t interrupted;
/* The case whose statements a signal ends: one that is only read. */
static _Atomic(struct case_file *) watched;

static void on_signal(int number)
{
	/* A second one ends the program at once. */
	if (atomic_exchange(&cancelled, true))
		_exit(number == SIGINT ? CLI_INTERRUPTED : CLI_UNDECIDED);
	interrupted = number == SIGINT;
	struct case_file *file = atomic_load(&watched);
	if (file)
		case_interrupt(file); /* sets a flag, which is all that a handler may do */
}

void cli_catch_signals(void)
{
	static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
	const struct sigaction action = {.sa_handler = on_signal};
	for (size_t i = 0; i < ARRAY_LENGTH(signals); i++) {
		struct sigaction before;
		/* What nohup or a shell without job control has switched off stays so. */
		if (sigaction(signals[i], NULL, &before) == 0 && before.sa_handler != SIG_IGN)
			sigaction(signals[i], &action, NULL);
	}
}

const atomic_bool *cli_cancel(void)
{
	return &cancelled;
}

int cli_cancelled(void)
{
	return interrupted ? CLI_INTERRUPTED : CLI_UNDECIDED;
}

/* ---- the command line ---- */

static void add_usage(const struct cli_command *command, struct buffer *out)
{
	struct buffer begin = {0};
	buffer_add_format(&begin, "usage: breachx %s%s%s", command->name,
		command->operands[0] ? " " : "", command->operands);
	options_usage(&command->options, buffer_failed(&begin) ? "" : begin.data, out);
	buffer_free(&begin);
}

static int help(const struct cli_command *command)
{
	struct buffer out = {0};
	int code = CLI_FOUND;
	buffer_add_format(&out, "breachx %s: %s\n\n", command->name, command->about);
	for (const char *line = command->examples; *line;) {
		size_t length = strcspn(line, "\n");
		buffer_add_format(&out, "  breachx %s%s%.*s\n", command->name,
			length > 0 ? " " : "", (int)length, line);
		line += length + (line[length] == '\n');
	}
	buffer_add_byte(&out, '\n');
	add_usage(command, &out);
	buffer_add_byte(&out, '\n');
	options_help(&command->options, &out);
	buffer_add_string(&out, "  -h, --help            this page\n");
	if (command->notes) {
		buffer_add_byte(&out, '\n');
		options_wrap(&out, command->notes, 0, 0);
	}
	buffer_add_string(&out, "\nWith --json, ");
	options_wrap(&out, command->json, strlen("With --json, "), 0);
	if (command->more)
		command->more(&out);
	cli_write(&out, &code);
	buffer_free(&out);
	return cli_finish(code);
}

/* How many operands there have to be, and the name of the one at a place. */
static int operands_asked(const char *operands, int place, struct span *name)
{
	int count = 0;
	for (const char *at = operands; *at;) {
		size_t length = strcspn(at, " ");
		if (count++ == place)
			*name = span_of(at, length);
		at += length + (at[length] == ' ');
	}
	return count;
}

static int check_operands(const struct cli_command *command, int count, char **argv)
{
	struct span missing = {0};
	int asked = operands_asked(command->operands, count, &missing);
	size_t length = strlen(command->operands);
	bool many = length > 3 && strcmp(command->operands + length - 3, "...") == 0;
	/* `FILE...` is missing as FILE. */
	if (many && count == asked - 1)
		missing.length -= 3;
	if (count < asked)
		return cli_usage(command, "%.*s is missing", (int)missing.length, missing.data);
	if (count > asked && !many)
		return cli_usage(command, "`%s` is one word too many%s", argv[asked + 1],
			argv[asked + 1][0] == '\0' ? ", and empty" : "");
	return CLI_GO_ON;
}

int cli_read(
	const struct cli_command *command, int argc, char **argv, void *arguments, int *operands)
{
	struct error error = {0};
	struct option_reading reading;
	if (!options_read(&command->options, argc, argv, arguments, &reading, &error))
		return cli_usage(command, "%s", error.message);
	if (reading.help)
		return help(command);
	if (operands)
		*operands = reading.operands;
	return check_operands(command, reading.operands, argv);
}

bool cli_kind(const struct cli_command *command, const char *name, enum kind *kind)
{
	*kind = kind_find(span_string(name));
	if (*kind != KIND_NONE)
		return true;
	struct buffer names = {0};
	for (int each = KIND_NONE + 1; each < KIND_COUNT; each++)
		buffer_add_format(&names, " %s", kind_info((enum kind)each)->name);
	cli_usage(command, "there is no kind `%.100s`; there are:%s", name,
		buffer_failed(&names) ? "" : names.data);
	buffer_free(&names);
	return false;
}

/* ---- narration ---- */

/* before: what stands before the message, or "". */
static void PRINTF_LIKE(2, 0) say(const char *before, const char *format, va_list arguments)
{
	struct buffer line = {0};
	char *text = NULL;
	int length = vasprintf(&text, format, arguments);
	buffer_add_string(&line, before);
	if (length >= 0)
		text_visible(&line, span_string(text), false);
	fprintf(stderr, "breachx: %s\n",
		length >= 0 && !buffer_failed(&line) ? line.data : "out of memory");
	if (length >= 0)
		free(text);
	buffer_free(&line);
}

void cli_say(const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	say("", format, arguments);
	va_end(arguments);
}

void cli_say_lines(struct span text)
{
	while (text.length > 0) {
		const char *end = memchr(text.data, '\n', text.length);
		size_t length = end ? (size_t)(end - text.data) : text.length;
		cli_say("%.*s", (int)length, text.data);
		text = span_slice(text, length + 1, text.length);
	}
}

int cli_fail(const struct error *error)
{
	cli_say("%s", error->message);
	return error->code == ERROR_CANCELLED ? cli_cancelled() : error_exit_code(error->code);
}

int cli_usage(const struct cli_command *command, const char *format, ...)
{
	va_list arguments;
	struct buffer before = {0}, usage = {0};
	buffer_add_format(&before, "%s: ", command->name);
	va_start(arguments, format);
	say(buffer_failed(&before) ? "" : before.data, format, arguments);
	va_end(arguments);
	add_usage(command, &usage);
	if (!buffer_failed(&usage))
		fputs(usage.data, stderr);
	buffer_free(&before);
	buffer_free(&usage);
	return CLI_USAGE;
}

/* ---- the case ---- */

struct case_file *cli_open(
	const char *path, const struct case_options *options, struct error *error)
{
	struct case_file *file = case_open(path, options, error);
	if (!file)
		return NULL;
	if (case_notice(file))
		cli_say_lines(span_string(case_notice(file)));
	/* What writes is left between its steps: it has to take back what it began. */
	if (options->mode == CASE_READ) {
		case_watch(file, cli_cancel());
		atomic_store(&watched, file);
	}
	return file;
}

void cli_close(struct case_file *file)
{
	atomic_store(&watched, NULL);
	case_close(file);
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

/* ---- stdout ---- */

/* Code 0 when nobody reads any more. */
static int write_failed(void)
{
	if (errno == EPIPE)
		return CLI_FOUND;
	if (errno == EINTR && atomic_load(&cancelled)) {
		cli_say("cancelled before all was written");
		return cli_cancelled();
	}
	cli_say("can't write: %s", strerror(errno));
	return CLI_UNDECIDED;
}

bool cli_write(struct buffer *bytes, int *code)
{
	bool whole = !buffer_failed(bytes);
	bool good = whole && (bytes->length == 0 || fwrite(bytes->data, 1, bytes->length, stdout) ==
							    bytes->length);
	if (!whole)
		*code = (cli_say("out of memory"), CLI_USAGE);
	else if (!good)
		*code = write_failed();
	buffer_clear(bytes);
	return good;
}

int cli_finish(int code)
{
	/* A write that failed was told of, and has set the code. */
	if (ferror(stdout) || fflush(stdout) == 0)
		return code;
	int failed = write_failed();
	return failed == CLI_FOUND ? code : failed;
}
