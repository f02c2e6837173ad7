/*
 * cli/command.h: what a subcommand is, and what the subcommands share.
 *
 * A subcommand takes argv from its own name on, reads it with cli_read, writes with cli_write and
 * returns through cli_finish one of the exit codes below.
 */
#ifndef CLI_COMMAND_H
#define CLI_COMMAND_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/options.h"
#include "base/span.h"
#include "casefile/case.h"
#include "casefile/kinds.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum cli_exit {
	CLI_GO_ON = -1, /* of cli_read: none yet */
	CLI_FOUND = 0,
	CLI_NOTHING = 1,
	CLI_USAGE = 2,
	CLI_CASE = 3,
	CLI_UNDECIDED = 4,
	CLI_INTEGRITY = 5,
	CLI_INTERRUPTED = 130,
};

struct cli_command {
	const char *name;
	const char *about;    /* one line */
	const char *operands; /* `CASE FILE...`: each is asked for, the last one may stand often */
	const char *examples; /* lines, each behind `breachx NAME ` */
	const char *notes;    /* paragraphs; may be NULL */
	const char *json;     /* the keys of its objects, behind `With --json, ` */
	struct option_table options;
	int (*run)(int argc, char **argv);
	void (*more)(struct buffer *out); /* help that has to ask a table; may be NULL */
};

/* Rows that many tables have. */
#define CLI_JSON(arguments)                                                                     \
	{                                                                                       \
		OPTION_FLAG(arguments, json), .name = "json", .about = "one JSON object a line" \
	}
#define CLI_READ_ONLY                                                 \
	{                                                             \
		.name = "readonly", .letter = 'R',                    \
		.about = "write nothing, as this command does anyway" \
	}
#define CLI_RECOVER(arguments)                                                           \
	{                                                                                \
		OPTION_FLAG(arguments, recover), .name = "recover",                      \
						 .about = "first undo the change "       \
							  "that a crash left unfinished" \
	}
#define CLI_OPTIONS(array)                                    \
	{                                                     \
		.rows = (array), .count = ARRAY_LENGTH(array) \
	}

extern const struct cli_command cli_new, cli_import, cli_list, cli_show, cli_search, cli_info,
	cli_verify, cli_undo_import, cli_attach, cli_doctor;

/* Reads the command line into *arguments; operands stand at argv[1] and on, *operands of them (may
 * be NULL where the number is fixed). CLI_GO_ON, or the code to end with: help or the error was
 * printed. */
int cli_read(const struct cli_command *command, int argc, char **argv, void *arguments,
	int *operands) MUST_CHECK;
/* A kind by its name or plural, from an operand or an option; else prints a usage error that lists
 * them. */
bool cli_kind(const struct cli_command *command, const char *name, enum kind *kind) MUST_CHECK;

/* Prints an error on stderr, visible-safe, and returns its exit code. */
int cli_fail(const struct error *error);
/* Prints a usage error of a subcommand and returns CLI_USAGE. */
int cli_usage(const struct cli_command *command, const char *format, ...) PRINTF_LIKE(2, 3);
/* One line of narration on stderr, visible-safe. */
void cli_say(const char *format, ...) PRINTF_LIKE(1, 2);
/* Each line of a text as one of narration. */
void cli_say_lines(struct span text);

/* Opens a case and says on stderr what the open noticed, a line each. One that is only read can be
 * left by Ctrl-C in the midst of a query. */
struct case_file *cli_open(
	const char *path, const struct case_options *options, struct error *error) MUST_CHECK;
/* Closes what cli_open gave; NULL is none. */
void cli_close(struct case_file *file);
/* SOURCE_DATE_EPOCH when it is set, else now, in UTC microseconds. */
bool cli_clock(int64_t *clock, struct error *error) MUST_CHECK;

/* Writes bytes to stdout as they are, and empties the buffer. False when nobody reads any more
 * (EPIPE): end quietly, with *code 0; or with CLI_UNDECIDED when the disk is full or the like, and
 * with CLI_USAGE when the buffer ran out of memory (an error was printed). */
bool cli_write(struct buffer *bytes, int *code);
/* Flushes stdout; turns a failure into a code. */
int cli_finish(int code);

/* From here on Ctrl-C, SIGTERM and SIGHUP set the flag, and a second one ends the program. A
 * command that ends for it fails with ERROR_CANCELLED, of which cli_fail makes 130 or
 * CLI_UNDECIDED. */
void cli_catch_signals(void);
const atomic_bool *cli_cancel(void);
/* The code of a command that was cancelled, by what cancelled it. */
int cli_cancelled(void);

#endif
