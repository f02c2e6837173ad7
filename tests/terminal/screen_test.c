/* The real terminal end, under a demo program in a pty: drawing, sizes, signals, ways out. */
#include "cmocka_all.h"

#include "base/text.h"
#include "pty.h"
#include "view/canvas.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Within a second on an idle machine; slower under a sanitizer on a busy one. */
#define END_MS 3000

static char demo[4096];

static struct pty *start_sized(const char *const *environment, int width, int height)
{
	const char *const arguments[] = {demo, NULL};
	const struct pty_start start = {.arguments = arguments,
		.environment = environment,
		.width = width,
		.height = height};
	return pty_start(&start);
}

/* A whole frame is there: rows come from above, and the cursor last. */
static void wait_frame(struct pty *pty)
{
	pty_wait_text(pty, "jobs ");
	pty_wait_cursor(pty, 1, 4);
}

static struct pty *start(void)
{
	struct pty *pty = start_sized(NULL, 80, 24);
	wait_frame(pty);
	return pty;
}

static void quit(struct pty *pty)
{
	pty_send(pty, "q");
	assert_int_equal(pty_wait_end(pty), 0);
	pty_check_restored(pty);
	pty_end(pty);
}

static long long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void draws_and_quits(void **state)
{
	(void)state;
	struct pty *pty = start();
	assert_non_null(strstr(pty_row(pty, 1), "┃size 80x24 keys 0 last none   "));
	assert_non_null(strstr(pty_row(pty, 2), "┃三菱電機 and e\xcc\x81 😀|  "));
	assert_non_null(
		strstr(pty_row(pty, 3), "┃hostile ^[]0;X^G^[[2J\\x9b2J<U+202E> <U+200B>^M^J|  "));
	/* Every row ends in the frame: nothing drifted. */
	for (int y = 1; y < 23; y++) {
		const char *row = pty_row(pty, y);
		assert_string_equal(row + strlen(row) - strlen("┃"), "┃");
	}
	quit(pty);
}

static void keys_come_through(void **state)
{
	(void)state;
	struct pty *pty = start();
	pty_send(pty, "j");
	pty_wait_text(pty, "keys 1 last j");
	pty_send(pty, "\033[A");
	pty_wait_text(pty, "keys 2 last <Up>");
	pty_send(pty, "\033");
	pty_wait_text(pty, "keys 3 last <Esc>");
	pty_send(pty, "\003");
	pty_wait_text(pty, "keys 4 last <C-c>");
	pty_send(pty, "\023");
	pty_wait_text(pty, "keys 5 last <C-s>");
	pty_send(pty, "三");
	pty_wait_text(pty, "keys 6 last 三");
	pty_send(pty, "w");
	pty_wait_text(pty, "jobs 1 ");
	pty_send(pty, "\033[200~quit q\r\n三\033[201~");
	pty_wait_text(pty, "pasted 9 in 1");
	quit(pty);
}

static void nothing_hostile_is_written(void **state)
{
	(void)state;
	struct pty *pty = start();
	size_t length = 0;
	const char *output = pty_output(pty, &length);
	assert_null(memmem(output, length, "\033]", 2));
	assert_null(memmem(output, length, "\a", 1));
	assert_null(memmem(output, length, "\xc2\x9b", 2));
	assert_int_equal(text_invalid_at(span_of(output, length)), length);
	assert_null(memmem(output, length, "\xe2\x80\xae", 3));
	assert_null(memmem(output, length, "\xe2\x80\x8b", 3));
	quit(pty);
}

static void a_key_repaints_little(void **state)
{
	(void)state;
	struct pty *pty = start();
	pty_forget_output(pty);
	pty_send(pty, "j");
	pty_wait_text(pty, "keys 1 last j");
	size_t length = 0;
	pty_output(pty, &length);
	assert_in_range(length, 1, 100);
	quit(pty);
}

static void colours_are_not_needed(void **state)
{
	(void)state;
	static const char *const plain[] = {
		"TERM=xterm-256color", "LANG=C.UTF-8", "NO_COLOR=1", NULL};
	struct pty *pty = start();
	assert_string_equal(pty_style(pty, 1, 4), "c");
	assert_string_equal(pty_style(pty, 1, 5), "buc");
	quit(pty);
	pty = start_sized(plain, 80, 24);
	wait_frame(pty);
	assert_string_equal(pty_style(pty, 1, 4), "r");
	assert_string_equal(pty_style(pty, 1, 5), "bu");
	quit(pty);
}

static void ascii_where_there_is_no_utf8(void **state)
{
	(void)state;
	static const char *const environments[][3] = {
		/* Not xterm, whose repeated characters libvterm 0.1.4 miscounts in the last column.
		 */
		{"TERM=screen-256color", "LANG=C", NULL},
		{"TERM=vt100", "LANG=C.UTF-8", NULL},
	};
	for (size_t i = 0; i < 2; i++) {
		struct pty *pty = start_sized(environments[i], 80, 24);
		wait_frame(pty);
		assert_memory_equal(pty_row(pty, 1), "#size 80x24", 11);
		assert_memory_equal(pty_row(pty, 2), "#<U+4E09>", 9);
		size_t length = 0;
		const char *output = pty_output(pty, &length);
		for (size_t at = 0; at < length; at++)
			assert_true((unsigned char)output[at] < 0x80);
		quit(pty);
	}
}

static void signals_put_the_terminal_back(void **state)
{
	(void)state;
	static const int numbers[] = {
		SIGTERM, SIGHUP, SIGINT, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGQUIT, SIGSYS};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		struct pty *pty = start();
		const long long sent = now_ms();
		pty_signal(pty, numbers[i]);
		const int status = pty_wait_end(pty);
		assert_in_range(now_ms() - sent, 0, END_MS);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), numbers[i]);
		pty_check_restored(pty);
		pty_end(pty);
	}
}

static void crashes_put_the_terminal_back(void **state)
{
	(void)state;
	const struct {
		const char *key;
		int number;
	} crashes[] = {{"a", SIGABRT}, {"o", SIGSEGV}};
	for (size_t i = 0; i < 2; i++) {
		struct pty *pty = start();
		pty_send(pty, crashes[i].key);
		const int status = pty_wait_end(pty);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), crashes[i].number);
		pty_check_restored(pty);
		pty_end(pty);
	}
}

static void sizes_storm(void **state)
{
	(void)state;
	static const int sizes[][2] = {{1, 1}, {0, 0}, {80, 24}, {2, 1}, {1, 50}, {200, 60},
		{65535, 65535}, {0, 24}, {40, 12}};
	struct pty *pty = start();
	for (int round = 0; round < 20; round++)
		for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
			pty_resize(pty, sizes[i][0], sizes[i][1]);
	pty_resize(pty, 100, 30);
	pty_wait_text(pty, "size 100x30");
	pty_resize(pty, 1, 1);
	pty_send(pty, "j");
	pty_resize(pty, 70, 20);
	pty_wait_text(pty, "size 70x20 keys 1 last j");
	pty_wait_text(pty, "━┛");
	const char *row = pty_row(pty, 19);
	assert_string_equal(row + strlen(row) - strlen("━┛"), "━┛");
	quit(pty);
}

static void a_line_without_a_size_is_80_by_24(void **state)
{
	(void)state;
	struct pty *pty = start_sized(NULL, 0, 0);
	pty_wait_text(pty, "size 80x24");
	quit(pty);
}

static void a_huge_terminal_is_clamped(void **state)
{
	(void)state;
	struct pty *pty = start();
	pty_resize(pty, 65535, 65535);
	char text[64];
	snprintf(text, sizeof text, "size %dx%d", CANVAS_MAX_WIDTH, CANVAS_MAX_HEIGHT);
	pty_wait_text(pty, text);
	quit(pty);
}

static void stops_and_goes_on(void **state)
{
	(void)state;
	struct pty *pty = start();
	pty_send(pty, "\032");
	pty_wait_stop(pty);
	pty_check_restored(pty);
	pty_resize(pty, 60, 20);
	pty_signal(pty, SIGCONT);
	pty_wait_text(pty, "size 60x20 keys 1 last <C-z>");
	/* From outside, too, and more than once. */
	pty_signal(pty, SIGTSTP);
	pty_wait_stop(pty);
	pty_check_restored(pty);
	pty_forget_output(pty);
	pty_signal(pty, SIGCONT);
	pty_send(pty, "j");
	pty_wait_text(pty, "keys 2 last j");
	quit(pty);
}

static void goes_on_after_a_stop_it_never_saw(void **state)
{
	(void)state;
	struct pty *pty = start();
	pty_signal(pty, SIGSTOP);
	pty_wait_stop(pty);
	pty_forget_output(pty);
	pty_signal(pty, SIGCONT);
	pty_send(pty, "j");
	pty_wait_text(pty, "keys 1 last j");
	wait_frame(pty);
	size_t length = 0;
	const char *output = pty_output(pty, &length);
	/* All of the screen, though only a few cells had changed. */
	assert_non_null(memmem(output, length, "under the cursor", 16));
	quit(pty);
}

static void useless_terminals_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *environment[3];
		const char *message;
	} cases[] = {
		{{"TERM=dumb", "LANG=C.UTF-8", NULL}, "TERM=dumb is unknown here, or cannot"},
		{{"TERM=nosuch", "LANG=C.UTF-8", NULL}, "TERM=nosuch is unknown here, or"},
		{{"TERM=", "LANG=C.UTF-8", NULL}, "TERM is not set"},
		{{"LANG=C.UTF-8", NULL, NULL}, "TERM is not set"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct pty *pty = start_sized(cases[i].environment, 120, 24);
		const int status = pty_wait_end(pty);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 2);
		assert_non_null(strstr(pty_row(pty, 0), cases[i].message));
		size_t length = 0;
		const char *output = pty_output(pty, &length);
		assert_null(memchr(output, '\033', length));
		pty_check_restored(pty);
		pty_end(pty);
	}
}

static void without_a_terminal_it_says_so(void **state)
{
	(void)state;
	const char *const arguments[] = {demo, NULL};
	const struct pty_start starts[] = {
		{.arguments = arguments, .width = 120, .height = 24, .input = "/dev/null"},
		{.arguments = arguments, .width = 120, .height = 24, .output = "/dev/null"},
	};
	for (size_t i = 0; i < 2; i++) {
		struct pty *pty = pty_start(&starts[i]);
		const int status = pty_wait_end(pty);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), 2);
		assert_non_null(strstr(pty_row(pty, 0), "needs a terminal"));
		pty_end(pty);
	}
}

static void a_terminal_that_goes_away_ends_it(void **state)
{
	(void)state;
	struct pty *pty = start();
	const long long closed = now_ms();
	pty_hang_up(pty);
	const int status = pty_wait_end(pty);
	assert_in_range(now_ms() - closed, 0, END_MS);
	assert_true(WIFEXITED(status) || WTERMSIG(status) == SIGHUP);
	pty_end(pty);
}

/* Nobody reads what it draws: it comes to its end all the same, and puts the terminal back. */
static void a_terminal_that_takes_nothing_is_no_trap(void **state)
{
	(void)state;
	static const int numbers[] = {SIGTERM, SIGSEGV};
	for (size_t i = 0; i < 2; i++) {
		struct pty *pty = start();
		pty_stall(pty);
		const long long sent = now_ms();
		pty_signal(pty, numbers[i]);
		const int status = pty_wait_end_unread(pty);
		assert_in_range(now_ms() - sent, 0, END_MS);
		assert_true(WIFSIGNALED(status));
		assert_int_equal(WTERMSIG(status), numbers[i]);
		pty_check_restored(pty);
		pty_end(pty);
	}
}

static void noise_on_the_line_does_no_harm(void **state)
{
	(void)state;
	struct pty *pty = start();
	srandom(20200120);
	for (int i = 0; i < 50; i++) {
		char noise[401];
		for (size_t at = 0; at < 400; at++) {
			/* Neither its way out nor its crashes. */
			const char *never = "qao\032";
			do
				noise[at] = (char)(1 + random() % 255);
			while (strchr(never, noise[at]));
		}
		noise[400] = '\0';
		pty_send(pty, noise);
		assert_true(pty_runs(pty));
	}
	pty_send(pty, "\033[201~\030jj");
	pty_wait_text(pty, "last j");
	quit(pty);
}

int main(void)
{
	const char *build = getenv("BUILD");
	snprintf(demo, sizeof demo, "%s/tests/terminal/demo", build ? build : "build");
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(draws_and_quits),
		cmocka_unit_test(keys_come_through),
		cmocka_unit_test(nothing_hostile_is_written),
		cmocka_unit_test(a_key_repaints_little),
		cmocka_unit_test(colours_are_not_needed),
		cmocka_unit_test(ascii_where_there_is_no_utf8),
		cmocka_unit_test(signals_put_the_terminal_back),
		cmocka_unit_test(crashes_put_the_terminal_back),
		cmocka_unit_test(sizes_storm),
		cmocka_unit_test(a_line_without_a_size_is_80_by_24),
		cmocka_unit_test(a_huge_terminal_is_clamped),
		cmocka_unit_test(stops_and_goes_on),
		cmocka_unit_test(goes_on_after_a_stop_it_never_saw),
		cmocka_unit_test(useless_terminals_are_refused),
		cmocka_unit_test(without_a_terminal_it_says_so),
		cmocka_unit_test(a_terminal_that_goes_away_ends_it),
		cmocka_unit_test(a_terminal_that_takes_nothing_is_no_trap),
		cmocka_unit_test(noise_on_the_line_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
