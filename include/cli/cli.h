/*
 * cli/cli.h: the command line, but for the explorer.
 *
 * Each subcommand is one row of a table: a file in tui/cli/ and its name in cli.c. Help, usage and
 * what is said of a slip are made from the rows. stdout is data, stderr is narration. Every line
 * that a person sees passes base/text.h, alike on a terminal and in a pipe.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include "base/compiler.h"
#include "base/options.h"

#include <stdbool.h>

/* Runs what argv asks for, unless that is the explorer: then false. *code is the exit code. The
 * table is the explorer's own options, for the help. */
bool cli_main(int argc, char **argv, const struct option_table *explorer, int *code) MUST_CHECK;

#endif
