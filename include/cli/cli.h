/*
 * cli/cli.h: subcommands, as a table, and what they share.
 *
 * stdout is data, stderr is narration. Every line that a person sees passes base/text.h, alike on
 * a terminal and in a pipe. A subcommand takes argv from its own name on and returns the exit code
 * of DESIGN section 7. Adding one: a file in tui/cli/ and a row in cli.c.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/case.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum cli_exit {
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
	int (*run)(int argc, char **argv);
	const char *about;  /* one line */
	const char *usage;  /* behind `breachx ` */
	const char *help;   /* examples first */
	void (*more)(void); /* prints what help has to ask a table for; may be NULL */
};

/* The subcommand called name, or NULL. */
const struct cli_command *cli_find(const char *name);

/* `breachx --help`, `breachx COMMAND --help`: on stdout. */
void cli_help(FILE *out);
int cli_help_command(const struct cli_command *command);
void cli_version(void);

/* Prints an error on stderr, visible-safe, and returns its exit code. */
int cli_fail(const struct error *error);
/* Prints a usage error of a subcommand and returns CLI_USAGE. */
int cli_usage(const char *name, const char *format, ...) PRINTF_LIKE(2, 3);
/* One line of narration on stderr, visible-safe. */
void cli_say(const char *format, ...) PRINTF_LIKE(1, 2);

/* Opens a case and says on stderr what the open noticed, a line each. */
struct case_file *cli_open(
	const char *path, const struct case_options *options, struct error *error) MUST_CHECK;
/* SOURCE_DATE_EPOCH when it is set, else now, in UTC microseconds. */
bool cli_clock(int64_t *clock, struct error *error) MUST_CHECK;

/* Writes bytes to stdout as they are. False when nobody reads any more (EPIPE): end quietly, with
 * code 0, or CLI_UNDECIDED when the disk is full or the like (an error was printed). */
bool cli_write(struct span bytes, int *code);
/* Flushes stdout; turns a failure into a code. */
int cli_finish(int code);

/* Set by Ctrl-C and SIGTERM from here on. */
const atomic_bool *cli_catch_interrupt(void);

#endif
