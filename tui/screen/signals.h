/*
 * signals.h: what signals do while the explorer has the terminal.
 *
 * The only mutable state of the program that is not passed along stands behind this header, since
 * a signal handler is given nothing. Signals that ask for something set a flag and wake the loop;
 * signals that kill put the terminal back first, with nothing but async-signal-safe calls, and
 * then kill as they would have.
 */
#ifndef TUI_SCREEN_SIGNALS_H
#define TUI_SCREEN_SIGNALS_H

#include "base/compiler.h"
#include "base/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

#define SIGNALS_RESTORE_SIZE 256

enum signals_news {
	SIGNALS_RESIZED = 1,
	SIGNALS_CONTINUED = 2, /* somebody else may have had the terminal */
	SIGNALS_STOP = 4,      /* SIGTSTP came from outside */
};

/* How the terminal is put back. */
struct signals_restore {
	int tty;
	struct termios before;
	char bytes[SIGNALS_RESTORE_SIZE];
	size_t length;
};

/* Keeps the dispositions that are there now, so that signals_end can bring them back; before
 * newterm, which sets some of its own. */
bool signals_begin(struct error *error) MUST_CHECK;
/* From here on handlers are in place and a fatal signal restores the terminal. */
void signals_arm(const struct signals_restore *restore);
/* The terminal is as it was: a fatal signal has nothing to restore. */
void signals_disarm(void);
void signals_end(void);

/* Readable when there is news; poll it. signals_take empties it and returns the news as a set. */
int signals_fd(void);
int signals_take(void);
/* The signal that asks the program to end (TERM, HUP, INT), or 0. */
int signals_ending(void);

/* Stops the process as Ctrl-Z does, with its whole process group or by itself, and returns when it
 * goes on. Handlers are in place again then. */
void signals_stop(bool group);

#endif
