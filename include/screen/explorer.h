/*
 * screen/explorer.h: the explorer, from its command line to its last frame.
 */
#ifndef SCREEN_EXPLORER_H
#define SCREEN_EXPLORER_H

#include "base/options.h"

/* What the explorer takes beside a case, for the help. */
const struct option_table *explorer_options(void);

/* Reads argv (argv[0] is the program) and runs; the process's exit code (DESIGN section 7). */
int explorer_main(int argc, char **argv);

#endif
