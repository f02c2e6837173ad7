/*
 * screen/loop.h: the one loop, between a program and an end.
 *
 * The program is a table of functions: it takes keys and events of jobs, and draws. The end is
 * where keys come from and canvases go: a terminal (screen/terminal.h) or a script
 * (screen/headless.h). The loop knows neither kinds nor terminals. It takes all input that is
 * there before it draws, draws once for all of it, and waits where nothing is to be done.
 */
#ifndef SCREEN_LOOP_H
#define SCREEN_LOOP_H

#include "base/compiler.h"
#include "base/error.h"
#include "explore/key.h"
#include "view/canvas.h"

#include <stdbool.h>

/* Every function is called on the thread of loop_run. */
struct screen_program {
	void *context;
	bool (*key)(void *context, key_code key); /* false: quit */
	void (*wake)(void *context);              /* wake_fd is readable: take job events in */
	void (*resize)(void *context, int width, int height);
	/* Makes ready what depends on all that was taken in: before it is drawn, and before idle is
	 * asked. It may start jobs. May be NULL. */
	void (*prepare)(void *context);
	void (*draw)(const void *context, struct canvas *canvas); /* onto a cleared canvas */
	bool (*idle)(const void *context);                        /* no job under way */
	int (*timeout)(const void *context); /* ms until tick wants to be called, -1 none */
	void (*tick)(void *context);
	int wake_fd; /* -1 where there are no jobs */
};

enum screen_event {
	SCREEN_NOTHING, /* nothing is there now: time to draw and to wait */
	SCREEN_KEY,     /* *key is filled */
	SCREEN_RESIZE,  /* the size may be another, or the screen was lost: draw all of it */
	SCREEN_SETTLE,  /* take nothing more until the program is idle */
	SCREEN_SHOW,    /* draw and show now */
	SCREEN_END,     /* nothing more will come */
	SCREEN_FAILED,  /* *error is filled */
};

enum screen_wait {
	SCREEN_WAIT_INPUT, /* the end has something, or may show now */
	SCREEN_WAIT_WOKEN, /* wake_fd is readable */
	SCREEN_WAIT_TIMEOUT,
	SCREEN_WAIT_FAILED, /* *error is filled */
};

struct screen_end {
	void *context;
	bool ascii; /* what canvases are made with */
	bool live;  /* a frame is shown after every change, not only at SCREEN_SHOW */
	/* The next event that is there already; never waits. */
	enum screen_event (*next)(void *context, key_code *key, struct error *error);
	void (*size)(const void *context, int *width, int *height);
	/* Whether what was shown before has reached the screen. */
	bool (*drained)(void *context);
	bool (*show)(void *context, const struct canvas *canvas, struct error *error);
	/* Waits for input, for wake_fd (-1: none), or for timeout milliseconds (-1: for ever). */
	enum screen_wait (*wait)(void *context, int wake_fd, int timeout, struct error *error);
};

/* Runs until the program quits or the end has nothing more; *quit (may be NULL) says which. False
 * with an error when the end fails or memory is out. Frees nothing of its arguments. */
bool loop_run(const struct screen_program *program, const struct screen_end *end, bool *quit,
	struct error *error) MUST_CHECK;

#endif
