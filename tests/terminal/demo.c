/*
 * A small program on the real terminal end: it shows hostile text, counts keys, and can be made to
 * stop, to crash and to work. What is true of it is true of every program under the loop.
 */
#include "screen/terminal.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct demo {
	struct terminal *terminal;
	int width;
	int height;
	int keys;
	int pasted;
	int pastes;
	int jobs;
	bool pasting;
	bool job;
	key_code last;
	int pipe[2];
};

static void *work(void *argument)
{
	const struct demo *demo = argument;
	if (write(demo->pipe[1], "!", 1) != 1)
		abort();
	return NULL;
}

/* Goes on until the stack is used up. */
static int overflow(volatile int *depth)
{
	volatile char room[4096];
	room[*depth % 4096] = (char)*depth;
	++*depth;
	return *depth < 0 ? room[0] : overflow(depth) + room[1];
}

static void work_in_background(struct demo *demo)
{
	pthread_t thread;
	demo->job = true;
	if (pthread_create(&thread, NULL, work, demo) != 0 || pthread_detach(thread) != 0)
		abort();
}

static bool demo_key(void *context, key_code key)
{
	struct demo *demo = context;
	volatile int depth = 1;
	demo->keys++;
	demo->last = key;
	if (key == KEY_CODE_PASTE_START || key == KEY_CODE_PASTE_END) {
		demo->pasting = key == KEY_CODE_PASTE_START;
		demo->pastes += demo->pasting;
	} else if (demo->pasting) {
		demo->pasted++;
	} else if (key == KEY_CONTROL('z')) {
		terminal_suspend(demo->terminal);
	} else if (key == 'w') {
		work_in_background(demo);
	} else if (key == 'a') {
		abort();
	} else if (key == 'o') {
		overflow(&depth);
	}
	return demo->pasting || key != 'q';
}

static void demo_wake(void *context)
{
	struct demo *demo = context;
	char byte;
	if (read(demo->pipe[0], &byte, 1) == 1)
		demo->jobs++;
	demo->job = false;
}

static void demo_resize(void *context, int width, int height)
{
	struct demo *demo = context;
	demo->width = width;
	demo->height = height;
}

static void demo_draw(const void *context, struct canvas *canvas)
{
	const struct demo *demo = context;
	char name[KEY_NAME_SIZE];
	key_text(demo->last, name);
	const int width = canvas->width - 2;
	canvas_frame(canvas, 0, 0, canvas->width, canvas->height, true);
	canvas_format(canvas, 1, 1, width, STYLE_NORMAL, "size %dx%d keys %d last %s", demo->width,
		demo->height, demo->keys, demo->keys ? name : "none");
	canvas_string(
		canvas, 1, 2, width, "三菱電機 and e\xcc\x81 \xf0\x9f\x98\x80|", STYLE_NORMAL);
	canvas_string(canvas, 1, 3, width,
		"hostile \033]0;X\a\033[2J\x9b"
		"2J\xe2\x80\xae \xe2\x80\x8b\r\n|",
		STYLE_NORMAL);
	canvas_string(canvas, 1, 4, width, "under the cursor", STYLE_CURSOR);
	canvas_string(canvas, 1, 5, width, "what was found", STYLE_HIT);
	canvas_format(canvas, 1, 6, width, STYLE_NORMAL, "jobs %d pasted %d in %d", demo->jobs,
		demo->pasted, demo->pastes);
	canvas->cursor_x = 1;
	canvas->cursor_y = 4;
}

static bool demo_idle(const void *context)
{
	const struct demo *demo = context;
	return !demo->job;
}

static int demo_timeout(const void *context)
{
	(void)context;
	return -1;
}

static void demo_tick(void *context)
{
	(void)context;
}

static int complain(const struct error *error)
{
	fprintf(stderr, "demo: %s\n", error->message);
	return error_exit_code(error->code);
}

int main(void)
{
	struct error error = {0};
	struct demo demo = {0};
	const struct terminal_settings settings = {0};
	if (pipe(demo.pipe) != 0)
		return 1;
	demo.terminal = terminal_open(&settings, &error);
	if (!demo.terminal)
		return complain(&error);
	const struct screen_program program = {
		.context = &demo,
		.key = demo_key,
		.wake = demo_wake,
		.resize = demo_resize,
		.draw = demo_draw,
		.idle = demo_idle,
		.timeout = demo_timeout,
		.tick = demo_tick,
		.wake_fd = demo.pipe[0],
	};
	const bool well = loop_run(&program, terminal_end(demo.terminal), NULL, &error);
	const int number = terminal_close(demo.terminal);
	if (number)
		raise(number);
	return well ? 0 : complain(&error);
}
