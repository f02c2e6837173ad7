/*
 * screen/terminal.h: the loop's real end: a terminal.
 *
 *	struct terminal *terminal = terminal_open(&settings, &error);
 *	if (!terminal)
 *		...
 *	bool well = loop_run(&program, terminal_end(terminal), NULL, &error);
 *	int signal = terminal_close(terminal);
 *	...
 *	if (signal)
 *		raise(signal);
 *
 * One terminal at a time. While it is open the screen is the alternate one and keys come raw;
 * whatever ends the program (a return, TERM, HUP, INT, a crash) leaves the terminal as it was
 * found. Open it on the main thread, before any other thread is started: it sets the locale's
 * LC_CTYPE and installs signal handlers.
 */
#ifndef SCREEN_TERMINAL_H
#define SCREEN_TERMINAL_H

#include "base/compiler.h"
#include "base/error.h"
#include "screen/loop.h"

#include <stdbool.h>

struct terminal;

struct terminal_settings {
	bool no_color; /* as NO_COLOR in the environment */
	bool ascii;    /* as a locale or a TERM without UTF-8 */
};

/* ERROR_TERMINAL with one sentence when standard input or output is no terminal, or TERM is
 * missing, unknown or not up to it; nothing was written then. */
struct terminal *terminal_open(
	const struct terminal_settings *settings, struct error *error) MUST_CHECK;

/* The end for loop_run; lives as long as the terminal. */
const struct screen_end *terminal_end(const struct terminal *terminal);

/* Asks for what Ctrl-Z does elsewhere: before the next key the terminal is handed back and the
 * process group stops; after it goes on, all is drawn again. For a program's key function. */
void terminal_suspend(struct terminal *terminal);

/* Puts the terminal back and frees it; NULL does nothing. Returns the signal that asked the program
 * to end (SIGTERM, SIGHUP, SIGINT), for the caller to raise after its own affairs are in order, or
 * 0. */
int terminal_close(struct terminal *terminal);

/* What doctor says of the terminal. */
struct terminal_facts {
	const char *library; /* ncurses and its version */
	bool is_terminal;    /* standard input and output are one */
	bool known;          /* TERM is set and in the terminfo database */
	int colors;          /* 0: none, or not known */
	bool utf8;           /* the locale's characters are UTF-8 */
};
void terminal_examine(struct terminal_facts *facts);

#endif
