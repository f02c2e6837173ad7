/* The loop and its headless end, over a toy program: a counter, and a job that answers by a pipe.
 */
#include "cmocka_all.h"

#include "base/memory.h"
#include "screen/headless.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct toy {
	int count;
	int width;
	int height;
	int draws;
	int wakes;
	int ticks;
	int pipe[2];
	bool job;
	bool timer; /* a tick is wanted, and with it idleness */
	bool stuck; /* busy, and nothing to wait for */
};

static void *job(void *argument)
{
	const struct toy *toy = argument;
	assert_int_equal(write(toy->pipe[1], "!", 1), 1);
	return NULL;
}

static bool toy_key(void *context, key_code key)
{
	struct toy *toy = context;
	switch (key) {
	case 'j':
		toy->job = true;
		pthread_t thread;
		assert_int_equal(pthread_create(&thread, NULL, job, toy), 0);
		assert_int_equal(pthread_detach(thread), 0);
		break;
	case 't':
		toy->timer = true;
		break;
	case 's':
		toy->stuck = true;
		break;
	case '+':
		toy->count++;
		break;
	default:
		break;
	}
	return key != 'q';
}

static void toy_wake(void *context)
{
	struct toy *toy = context;
	char byte;
	assert_int_equal(read(toy->pipe[0], &byte, 1), 1);
	toy->wakes++;
	toy->count += 100;
	toy->job = false;
}

static void toy_resize(void *context, int width, int height)
{
	struct toy *toy = context;
	toy->width = width;
	toy->height = height;
}

static void toy_draw(const void *context, struct canvas *canvas)
{
	const struct toy *toy = context;
	assert_int_equal(canvas->width, toy->width);
	assert_int_equal(canvas->height, toy->height);
	canvas_format(canvas, 0, 0, 20, STYLE_STRONG, "count %d", toy->count);
	canvas_string(canvas, 0, 1, 20, "三\033", STYLE_NORMAL);
	if (toy->count)
		canvas->cursor_x = canvas->cursor_y = 0;
}

static bool toy_idle(const void *context)
{
	const struct toy *toy = context;
	return !toy->job && !toy->timer && !toy->stuck;
}

static int toy_timeout(const void *context)
{
	const struct toy *toy = context;
	return toy->timer ? 0 : -1;
}

static void toy_tick(void *context)
{
	struct toy *toy = context;
	toy->timer = false;
	toy->ticks++;
}

static struct screen_program toy_program(struct toy *toy, int wake_fd)
{
	return (struct screen_program){
		.context = toy,
		.key = toy_key,
		.wake = toy_wake,
		.resize = toy_resize,
		.draw = toy_draw,
		.idle = toy_idle,
		.timeout = toy_timeout,
		.tick = toy_tick,
		.wake_fd = wake_fd,
	};
}

struct run {
	struct toy toy;
	struct error error;
	char *output;
	bool well;
};

static struct run run_script(const char *script, bool text_only)
{
	struct run run = {0};
	assert_int_equal(pipe(run.toy.pipe), 0);
	const bool jobs = !strchr(script, 's');
	const struct screen_program program = toy_program(&run.toy, jobs ? run.toy.pipe[0] : -1);
	size_t size = 0;
	FILE *out = open_memstream(&run.output, &size);
	assert_non_null(out);
	const struct headless_settings settings = {
		.script = span_string(script),
		.name = "toy.keys",
		.width = 12,
		.height = 3,
		.text_only = text_only,
		.out = out,
	};
	run.well = headless_run(&program, &settings, &run.error);
	fclose(out);
	close(run.toy.pipe[0]);
	close(run.toy.pipe[1]);
	return run;
}

static void expect(const char *script, bool text_only, const char *output)
{
	struct run run = run_script(script, text_only);
	if (!run.well)
		fail_msg("%s", run.error.message);
	assert_string_equal(run.output, output);
	free(run.output);
}

static void expect_error(const char *script, const char *message)
{
	struct run run = run_script(script, false);
	assert_false(run.well);
	assert_non_null(strstr(run.error.message, message));
	free(run.output);
}

static void frames_have_two_layers(void **state)
{
	(void)state;
	expect("# a comment\n\n:frame empty\n++\n:frame  at \033 two \n", false,
		"== frame empty 12x3 cursor none\n"
		"|count 0\n|三^[\n|\n"
		"-- styles\n"
		"  0 bbbbbbb\n  1 ..MM\n"
		"== frame at ^[ two 12x3 cursor 0,0\n"
		"|count 2\n|三^[\n|\n"
		"-- styles\n"
		"  0 bbbbbbb\n  1 ..MM\n");
	expect(":frame", true, "== frame 12x3 cursor none\n|count 0\n|三^[\n|\n");
}

static void sizes_change(void **state)
{
	(void)state;
	expect(":size 3x1\n:frame small\n:size 9x2\n:frame", true,
		"== frame small 3x1 cursor none\n|co…\n"
		"== frame 9x2 cursor none\n|count 0\n|三^[\n");
}

static void a_line_waits_for_its_job(void **state)
{
	(void)state;
	expect("j\n:frame", true, "== frame 12x3 cursor 0,0\n|count 100\n|三^[\n|\n");
	expect("j\nj\n+\n:frame", true, "== frame 12x3 cursor 0,0\n|count 201\n|三^[\n|\n");
	expect(":nowait j+\n:wait\n:frame", true,
		"== frame 12x3 cursor 0,0\n|count 101\n|三^[\n|\n");
	struct run run = run_script("t\n", true);
	assert_true(run.well);
	assert_int_equal(run.toy.ticks, 1);
	free(run.output);
}

static void a_busy_program_without_events_is_an_error(void **state)
{
	(void)state;
	expect_error("s\n", "nothing to wait for");
}

static void bad_lines_are_named(void **state)
{
	(void)state;
	expect_error("+\n\n<Nosuch>\n", "toy.keys, line 3: not a key");
	expect_error(":farme x\n", "line 1: no such directive");
	expect_error("+\n:size 80\n", "line 2: :size wants");
	expect_error(":size 0x5\n", "line 1: :size wants");
	expect_error(":size 70000x5\n", "line 1: :size wants");
	expect_error(":nowait\n", "line 1: :nowait wants");
	expect_error(":wait 5\n", "line 1: :wait stands alone");
	/* Nothing is typed before all of the script is read. */
	struct run run = run_script("+\n+<\n", true);
	assert_false(run.well);
	assert_int_equal(run.error.code, ERROR_USAGE);
	assert_int_equal(run.error.offset, 3);
	assert_int_equal(run.toy.count, 0);
	free(run.output);
}

static void keys_after_quit_are_an_error(void **state)
{
	(void)state;
	expect("q\n# nothing more\n", true, "");
	expect("+q", true, "");
	expect_error("q\n:frame never\n", "line 2: the program has quit in line 1");
	expect_error("q+\n", "line 1: the program has quit in line 1");
}

static void an_output_that_fails_is_an_error(void **state)
{
	(void)state;
	struct toy toy = {.pipe = {-1, -1}};
	const struct screen_program program = toy_program(&toy, -1);
	FILE *full = fopen("/dev/full", "w");
	assert_non_null(full);
	const struct headless_settings settings = {.script = span_string(":frame"),
		.name = "x",
		.width = 80,
		.height = 24,
		.out = full};
	struct error error;
	assert_false(headless_run(&program, &settings, &error));
	assert_int_equal(error.code, ERROR_IO);
	fclose(full);
}

/* An end that never runs dry: a paste, faster than it is taken. */
struct flood {
	long left;
	int shown;
	int waited;
};

static enum screen_event flood_next(void *context, key_code *key, struct error *error)
{
	(void)error;
	struct flood *flood = context;
	*key = '+';
	return flood->left-- > 0 ? SCREEN_KEY : SCREEN_END;
}

static void flood_size(const void *context, int *width, int *height)
{
	(void)context;
	*width = 10;
	*height = 2;
}

static bool flood_drained(void *context)
{
	(void)context;
	return true;
}

static bool flood_show(void *context, const struct canvas *canvas, struct error *error)
{
	(void)canvas;
	(void)error;
	struct flood *flood = context;
	flood->shown++;
	return true;
}

static enum screen_wait flood_wait(void *context, int wake_fd, int timeout, struct error *error)
{
	(void)wake_fd;
	(void)error;
	struct flood *flood = context;
	assert_int_equal(timeout, 0); /* there is more input: nobody may wait for it */
	return flood->waited++ == 0 ? SCREEN_WAIT_WOKEN : SCREEN_WAIT_TIMEOUT;
}

static void a_flood_of_keys_starves_nobody(void **state)
{
	(void)state;
	struct toy toy = {0};
	assert_int_equal(pipe(toy.pipe), 0);
	assert_int_equal(write(toy.pipe[1], "!", 1), 1);
	struct flood flood = {.left = 100000};
	const struct screen_program program = toy_program(&toy, toy.pipe[0]);
	const struct screen_end end = {
		.context = &flood,
		.live = true,
		.next = flood_next,
		.size = flood_size,
		.drained = flood_drained,
		.show = flood_show,
		.wait = flood_wait,
	};
	struct error error;
	bool quit = true;
	assert_true(loop_run(&program, &end, &quit, &error));
	assert_false(quit);
	assert_int_equal(toy.wakes, 1);
	assert_int_equal(toy.count, 100100);
	assert_in_range(flood.shown, 10, 100);
	close(toy.pipe[0]);
	close(toy.pipe[1]);
}

/* An end that takes a frame only when it has drained. */
struct slow {
	int turns;
	int shown;
};

static enum screen_event slow_next(void *context, key_code *key, struct error *error)
{
	(void)key;
	(void)error;
	const struct slow *slow = context;
	return slow->turns < 20 ? SCREEN_NOTHING : SCREEN_END;
}

static bool slow_drained(void *context)
{
	const struct slow *slow = context;
	return slow->turns >= 15;
}

static bool slow_show(void *context, const struct canvas *canvas, struct error *error)
{
	(void)canvas;
	(void)error;
	struct slow *slow = context;
	assert_true(slow->turns >= 15);
	slow->shown++;
	return true;
}

static enum screen_wait slow_wait(void *context, int wake_fd, int timeout, struct error *error)
{
	(void)wake_fd;
	(void)timeout;
	(void)error;
	struct slow *slow = context;
	/* Jobs go on, whether the terminal takes anything or not. */
	return ++slow->turns <= 10 ? SCREEN_WAIT_WOKEN : SCREEN_WAIT_INPUT;
}

static void a_repaint_waits_for_the_terminal(void **state)
{
	(void)state;
	struct toy toy = {0};
	assert_int_equal(pipe(toy.pipe), 0);
	assert_int_equal(write(toy.pipe[1], "!!!!!!!!!!", 10), 10);
	struct slow slow = {0};
	const struct screen_program program = toy_program(&toy, toy.pipe[0]);
	const struct screen_end end = {
		.context = &slow,
		.live = true,
		.next = slow_next,
		.size = flood_size,
		.drained = slow_drained,
		.show = slow_show,
		.wait = slow_wait,
	};
	struct error error;
	assert_true(loop_run(&program, &end, NULL, &error));
	assert_int_equal(toy.wakes, 10);
	/* Ten changes, one frame; and nothing is drawn again where nothing changed. */
	assert_int_equal(slow.shown, 1);
	close(toy.pipe[0]);
	close(toy.pipe[1]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(frames_have_two_layers),
		cmocka_unit_test(sizes_change),
		cmocka_unit_test(a_line_waits_for_its_job),
		cmocka_unit_test(a_busy_program_without_events_is_an_error),
		cmocka_unit_test(bad_lines_are_named),
		cmocka_unit_test(keys_after_quit_are_an_error),
		cmocka_unit_test(an_output_that_fails_is_an_error),
		cmocka_unit_test(a_flood_of_keys_starves_nobody),
		cmocka_unit_test(a_repaint_waits_for_the_terminal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
