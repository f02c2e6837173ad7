/*
 * pty.h: a program in a terminal of our own, read back by libvterm.
 *
 * A small parent stands between, as a shell does: the program is a foreground job of its session,
 * so that Ctrl-Z, SIGCONT and a hang-up are what they are in life. Nothing sleeps: each wait polls
 * until what it waits for has come, or fails the test after PTY_DEADLINE_MS.
 */
#ifndef TESTS_TERMINAL_PTY_H
#define TESTS_TERMINAL_PTY_H

#include <stdbool.h>
#include <stddef.h>

#define PTY_DEADLINE_MS 20000

struct pty;

struct pty_start {
	const char *const *arguments; /* argv, NULL at the end */
	/* NAME=value, NULL at the end; NULL: TERM=xterm-256color and LANG=C.UTF-8. PATH, HOME and
	 * sanitizers' options are added. */
	const char *const *environment;
	int width; /* 0 by 0 is what a serial line says */
	int height;
	const char *input;  /* a file as standard input instead of the terminal, or NULL */
	const char *output; /* a file as standard output instead of the terminal, or NULL */
};

struct pty *pty_start(const struct pty_start *start);
/* Kills what still runs, and frees. */
void pty_end(struct pty *pty);

void pty_send(struct pty *pty, const char *bytes);
void pty_signal(struct pty *pty, int number);
void pty_resize(struct pty *pty, int width, int height);
/* Resizes it to and fro and reads nothing, until the terminal takes no more of what is drawn. */
void pty_stall(struct pty *pty);
/* Closes the terminal under the program. */
void pty_hang_up(struct pty *pty);

/* Until a row of the screen holds text. */
void pty_wait_text(struct pty *pty, const char *text);
/* Until the hardware cursor is there: what a frame ends with. */
void pty_wait_cursor(struct pty *pty, int x, int y);
/* Until it wrote nothing for so many ms: for what has no sign of its own. */
void pty_wait_quiet(struct pty *pty, int ms);
/* Until the program has ended; its status as waitpid gives it. */
int pty_wait_end(struct pty *pty);
/* The same, and nothing that the program writes is read before it has ended. */
int pty_wait_end_unread(struct pty *pty);
void pty_wait_stop(struct pty *pty);
/* Until the program left the alternate screen. */
void pty_wait_left(struct pty *pty);
/* Whether the program is still there and not stopped. */
bool pty_runs(struct pty *pty);

/* A row of the screen without trailing blanks; valid until the next call. */
const char *pty_row(struct pty *pty, int y);
/* What stands in one cell, in UTF-8; valid until the next call. */
const char *pty_cell(struct pty *pty, int x, int y);
/* One cell: 'r' reverse, 'b' bold, 'u' underline, 'c' any colour, in this order; valid until the
 * next call. */
const char *pty_style(struct pty *pty, int x, int y);
/* All that the program wrote so far. */
const char *pty_output(struct pty *pty, size_t *length);
void pty_forget_output(struct pty *pty);

/* Fails the test unless the terminal is as the program found it: its modes, the screen, the cursor,
 * pastes. */
void pty_check_restored(struct pty *pty);

#endif
