/*
 * screen/explorer.h: the explorer, from its command line to its last frame.
 */
#ifndef SCREEN_EXPLORER_H
#define SCREEN_EXPLORER_H

/* `breachx [-R] [--recover] [--ascii] [--no-color] [--script FILE --size WxH [--text-only]] [CASE]`
 * with argv[0] the program. Returns the process's exit code (DESIGN section 7). */
int explorer_main(int argc, char **argv);

#endif
