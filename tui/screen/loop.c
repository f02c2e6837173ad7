#include "screen/loop.h"

/* Keys taken in a row before jobs and the screen have their turn: a paste must not starve them. */
#define KEYS_IN_A_ROW 4096

struct loop {
	const struct screen_program *program;
	const struct screen_end *end;
	struct error *error;
	struct canvas canvas;
	bool dirty;
};

static bool resize(struct loop *loop)
{
	int width = 0;
	int height = 0;
	loop->end->size(loop->end->context, &width, &height);
	if (!canvas_resize(&loop->canvas, width, height))
		return error_memory(loop->error);
	loop->program->resize(loop->program->context, loop->canvas.width, loop->canvas.height);
	loop->dirty = true;
	return true;
}

static void prepare(struct loop *loop)
{
	if (loop->program->prepare)
		loop->program->prepare(loop->program->context);
}

static bool show(struct loop *loop)
{
	prepare(loop);
	canvas_clear(&loop->canvas);
	loop->program->draw(loop->program->context, &loop->canvas);
	loop->dirty = false;
	return loop->end->show(loop->end->context, &loop->canvas, loop->error);
}

/* Waits at most `limit` milliseconds (-1: as long as it takes) and hands on what came. */
static bool rest(struct loop *loop, int limit)
{
	const struct screen_program *program = loop->program;
	const int asked = program->timeout(program->context);
	const int timeout = limit < 0 || (asked >= 0 && asked < limit) ? asked : limit;
	switch (loop->end->wait(loop->end->context, program->wake_fd, timeout, loop->error)) {
	case SCREEN_WAIT_FAILED:
		return false;
	case SCREEN_WAIT_WOKEN:
		program->wake(program->context);
		loop->dirty = true;
		break;
	case SCREEN_WAIT_INPUT:
	case SCREEN_WAIT_TIMEOUT:
		break;
	}
	if (program->timeout(program->context) == 0) {
		program->tick(program->context);
		loop->dirty = true;
	}
	return true;
}

static bool settle(struct loop *loop)
{
	const struct screen_program *program = loop->program;
	prepare(loop);
	while (!program->idle(program->context)) {
		if (program->wake_fd < 0 && program->timeout(program->context) < 0)
			return error_set(loop->error, ERROR_TERMINAL,
				"the program is busy and offers nothing to wait for");
		if (!rest(loop, -1))
			return false;
		prepare(loop);
	}
	return true;
}

/* Nothing to take in: show what changed, then wait for more. */
static bool breathe(struct loop *loop, int limit)
{
	const struct screen_end *end = loop->end;
	if (loop->dirty && end->live && end->drained(end->context) && !show(loop))
		return false;
	return rest(loop, limit);
}

/* One turn; *going becomes false when there is no next one. */
static bool turn(struct loop *loop, int *keys, bool *quit, bool *going)
{
	key_code key = 0;
	switch (loop->end->next(loop->end->context, &key, loop->error)) {
	case SCREEN_NOTHING:
		*keys = 0;
		return breathe(loop, -1);
	case SCREEN_KEY:
		loop->dirty = true;
		*quit = !loop->program->key(loop->program->context, key);
		*going = !*quit;
		if (++*keys % KEYS_IN_A_ROW == 0 && *going)
			return breathe(loop, 0);
		return true;
	case SCREEN_RESIZE:
		return resize(loop);
	case SCREEN_SETTLE:
		return settle(loop);
	case SCREEN_SHOW:
		return show(loop);
	case SCREEN_END:
		*going = false;
		return true;
	case SCREEN_FAILED:
		break;
	}
	return false;
}

bool loop_run(const struct screen_program *program, const struct screen_end *end, bool *quit,
	struct error *error)
{
	struct loop loop = {.program = program, .end = end, .error = error};
	loop.canvas.ascii = end->ascii;
	bool left = false;
	bool going = true;
	int keys = 0;
	bool well = resize(&loop);
	while (well && going)
		well = turn(&loop, &keys, &left, &going);
	canvas_free(&loop.canvas);
	if (quit)
		*quit = left;
	return well;
}
