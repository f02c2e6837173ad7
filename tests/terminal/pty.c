#include "pty.h"

#include "cmocka_all.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include <vterm.h>

/* What the parent in between tells: the program's id first, then each status of waitpid. */
struct pty {
	int master;
	int slave; /* ours, to see the modes after the program's death */
	int news;
	pid_t parent;
	pid_t program;
	struct termios before;
	VTerm *terminal;
	VTermScreen *screen;
	bool alternate;
	bool cursor_hidden;
	bool stopped;
	bool ended;
	int status;
	char *output;
	size_t output_length;
	char row[8192];
};

static long long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int on_property(VTermProp property, VTermValue *value, void *user)
{
	struct pty *pty = user;
	if (property == VTERM_PROP_ALTSCREEN)
		pty->alternate = value->boolean;
	if (property == VTERM_PROP_CURSORVISIBLE)
		pty->cursor_hidden = !value->boolean;
	return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void set_environment(const char *const *environment)
{
	static const char *const usual[] = {"TERM=xterm-256color", "LANG=C.UTF-8", NULL};
	static const char *const kept[] = {"PATH", "HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS"};
	char *values[4] = {NULL};
	for (size_t i = 0; i < 4; i++)
		if (getenv(kept[i]))
			values[i] = strdup(getenv(kept[i]));
	clearenv();
	for (size_t i = 0; i < 4; i++)
		if (values[i])
			setenv(kept[i], values[i], 1);
	/* A crash has to end as a crash. */
	setenv("ASAN_OPTIONS",
		"handle_segv=0:handle_abort=0:handle_sigbus=0:handle_sigfpe=0:handle_sigill=0", 0);
	for (const char *const *at = environment ? environment : usual; *at; at++)
		putenv(strdup(*at));
}

static void redirect(const char *path, int flags, int fd, int slave)
{
	const int file = path ? open(path, flags) : slave;
	if (file < 0 || dup2(file, fd) < 0)
		_exit(126);
}

static void run_program(const struct pty_start *start, int slave)
{
	setpgid(0, 0);
	tcsetpgrp(slave, getpid());
	/* As a shell starts programs: one in the background of a script ignores some of them. */
	static const int numbers[] = {SIGTTOU, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGPIPE};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		signal(numbers[i], SIG_DFL);
	set_environment(start->environment);
	redirect(start->input, O_RDONLY, STDIN_FILENO, slave);
	redirect(start->output, O_WRONLY, STDOUT_FILENO, slave);
	redirect(NULL, 0, STDERR_FILENO, slave);
	close(slave);
	execv(start->arguments[0], (char *const *)(const void *)start->arguments);
	_exit(127);
}

/* The session's leader: starts the program in the foreground and reports what becomes of it. */
static void lead(const struct pty_start *start, int slave, int news)
{
	setsid();
	ioctl(slave, TIOCSCTTY, 0);
	signal(SIGTTOU, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	const pid_t program = fork();
	if (program == 0) {
		close(news);
		run_program(start, slave);
	}
	/* Both sides set it, so that it is set whoever comes first. */
	setpgid(program, program);
	tcsetpgrp(slave, program);
	close(slave);
	int status = (int)program;
	do {
		if (write(news, &status, sizeof status) != (ssize_t)sizeof status)
			_exit(1);
	} while (waitpid(program, &status, WUNTRACED | WCONTINUED) == program);
	_exit(0);
}

struct pty *pty_start(const struct pty_start *start)
{
	struct pty *pty = calloc(1, sizeof *pty);
	assert_non_null(pty);
	struct winsize size = {
		.ws_col = (unsigned short)start->width, .ws_row = (unsigned short)start->height};
	assert_int_equal(openpty(&pty->master, &pty->slave, NULL, NULL, &size), 0);
	fcntl(pty->master, F_SETFD, FD_CLOEXEC);
	fcntl(pty->master, F_SETFL, O_NONBLOCK);
	assert_int_equal(tcgetattr(pty->slave, &pty->before), 0);
	int news[2];
	assert_int_equal(pipe(news), 0);
	pty->news = news[0];
	pty->terminal =
		vterm_new(start->height ? start->height : 24, start->width ? start->width : 80);
	vterm_set_utf8(pty->terminal, 1);
	pty->screen = vterm_obtain_screen(pty->terminal);
	vterm_screen_enable_altscreen(pty->screen, 1);
	vterm_screen_set_callbacks(pty->screen, &callbacks, pty);
	vterm_screen_reset(pty->screen, 1);
	pty->parent = fork();
	assert_true(pty->parent >= 0);
	if (pty->parent == 0) {
		close(pty->master);
		close(news[0]);
		lead(start, pty->slave, news[1]);
	}
	close(news[1]);
	int program = 0;
	assert_int_equal(read(pty->news, &program, sizeof program), sizeof program);
	pty->program = (pid_t)program;
	return pty;
}

void pty_end(struct pty *pty)
{
	if (!pty->ended)
		kill(pty->program, SIGKILL);
	kill(pty->parent, SIGKILL);
	waitpid(pty->parent, NULL, 0);
	if (pty->master >= 0)
		close(pty->master);
	if (pty->slave >= 0)
		close(pty->slave);
	close(pty->news);
	vterm_free(pty->terminal);
	free(pty->output);
	free(pty);
}

static void keep_output(struct pty *pty, const char *bytes, size_t length)
{
	char *grown = realloc(pty->output, pty->output_length + length + 1);
	assert_non_null(grown);
	pty->output = grown;
	memcpy(grown + pty->output_length, bytes, length);
	pty->output_length += length;
	grown[pty->output_length] = '\0';
}

static bool take_output(struct pty *pty)
{
	char bytes[65536];
	const ssize_t count = pty->master < 0 ? 0 : read(pty->master, bytes, sizeof bytes);
	if (count <= 0)
		return false;
	keep_output(pty, bytes, (size_t)count);
	vterm_input_write(pty->terminal, bytes, (size_t)count);
	vterm_screen_flush_damage(pty->screen);
	return true;
}

static void take_news(struct pty *pty)
{
	int status = 0;
	if (read(pty->news, &status, sizeof status) != (ssize_t)sizeof status)
		return;
	if (WIFSTOPPED(status) || WIFCONTINUED(status)) {
		pty->stopped = WIFSTOPPED(status);
		return;
	}
	pty->ended = true;
	pty->status = status;
}

/* Takes what comes within timeout ms. */
static void pump(struct pty *pty, int timeout)
{
	struct pollfd watched[] = {
		{.fd = pty->master, .events = POLLIN},
		{.fd = pty->ended ? -1 : pty->news, .events = POLLIN},
	};
	if (poll(watched, 2, timeout) <= 0)
		return;
	if (watched[1].revents)
		take_news(pty);
	/* What was written before the end is there before the news of it. */
	while (watched[0].revents && take_output(pty) && pty->ended)
		continue;
}

static void fail_with_screen(struct pty *pty, const char *what)
{
	int rows = 0;
	int columns = 0;
	vterm_get_size(pty->terminal, &rows, &columns);
	for (int y = 0; y < rows; y++)
		fprintf(stderr, "|%s\n", pty_row(pty, y));
	fail_msg("%s did not come within %d ms", what, PTY_DEADLINE_MS);
}

static void wait_for(
	struct pty *pty, bool (*come)(struct pty *pty, const char *text), const char *text)
{
	const long long deadline = now_ms() + PTY_DEADLINE_MS;
	while (!come(pty, text)) {
		const long long left = deadline - now_ms();
		if (left <= 0)
			fail_with_screen(pty, text);
		pump(pty, (int)left);
	}
}

static bool text_has_come(struct pty *pty, const char *text)
{
	int rows = 0;
	int columns = 0;
	vterm_get_size(pty->terminal, &rows, &columns);
	for (int y = 0; y < rows; y++)
		if (strstr(pty_row(pty, y), text))
			return true;
	return false;
}

static bool cursor_has_come(struct pty *pty, const char *text)
{
	VTermPos position = {0};
	char there[32];
	vterm_state_get_cursorpos(vterm_obtain_state(pty->terminal), &position);
	snprintf(there, sizeof there, "cursor %d,%d", position.col, position.row);
	return strcmp(there, text) == 0;
}

static bool end_has_come(struct pty *pty, const char *text)
{
	(void)text;
	return pty->ended;
}

static bool stop_has_come(struct pty *pty, const char *text)
{
	(void)text;
	return pty->stopped;
}

static bool has_left(struct pty *pty, const char *text)
{
	(void)text;
	return !pty->alternate;
}

void pty_wait_text(struct pty *pty, const char *text)
{
	wait_for(pty, text_has_come, text);
}

void pty_wait_cursor(struct pty *pty, int x, int y)
{
	char text[32];
	snprintf(text, sizeof text, "cursor %d,%d", x, y);
	wait_for(pty, cursor_has_come, text);
}

void pty_wait_quiet(struct pty *pty, int ms)
{
	const long long deadline = now_ms() + PTY_DEADLINE_MS;
	struct pollfd watched = {.fd = pty->master, .events = POLLIN};
	while (poll(&watched, 1, ms) > 0 && take_output(pty))
		if (now_ms() > deadline)
			fail_with_screen(pty, "quiet");
}

int pty_wait_end(struct pty *pty)
{
	wait_for(pty, end_has_come, "the program's end");
	/* The rest of its output. */
	while (take_output(pty))
		continue;
	return pty->status;
}

int pty_wait_end_unread(struct pty *pty)
{
	struct pollfd news = {.fd = pty->news, .events = POLLIN};
	while (!pty->ended) {
		if (poll(&news, 1, PTY_DEADLINE_MS) != 1)
			fail_with_screen(pty, "the program's end");
		take_news(pty);
	}
	return pty_wait_end(pty);
}

void pty_wait_stop(struct pty *pty)
{
	wait_for(pty, stop_has_come, "the program's stop");
	while (take_output(pty))
		continue;
}

void pty_wait_left(struct pty *pty)
{
	wait_for(pty, has_left, "the end of the alternate screen");
}

bool pty_runs(struct pty *pty)
{
	pump(pty, 0);
	return !pty->ended && !pty->stopped;
}

void pty_send(struct pty *pty, const char *bytes)
{
	const size_t length = strlen(bytes);
	const long long deadline = now_ms() + PTY_DEADLINE_MS;
	for (size_t at = 0; at < length;) {
		const ssize_t count = write(pty->master, bytes + at, length - at);
		assert_true(count > 0 || errno == EAGAIN);
		assert_true(now_ms() < deadline);
		at += count > 0 ? (size_t)count : 0;
		if (count < 0)
			pump(pty, 10);
	}
}

void pty_signal(struct pty *pty, int number)
{
	/* The stop is over when the next screen comes; the news of it may come later. */
	if (number == SIGCONT)
		pty->stopped = false;
	assert_int_equal(kill(pty->program, number), 0);
}

void pty_resize(struct pty *pty, int width, int height)
{
	struct winsize size = {.ws_col = (unsigned short)width, .ws_row = (unsigned short)height};
	if (width > 0 && height > 0 && width <= 2000 && height <= 1000)
		vterm_set_size(pty->terminal, height, width);
	assert_int_equal(ioctl(pty->slave, TIOCSWINSZ, &size), 0);
}

void pty_stall(struct pty *pty)
{
	const long long deadline = now_ms() + PTY_DEADLINE_MS;
	struct pollfd room = {.fd = pty->slave, .events = POLLOUT};
	for (int i = 0; poll(&room, 1, 0) == 1; i++) {
		if (now_ms() > deadline)
			fail_with_screen(pty, "a full terminal");
		pty_resize(pty, 400 + i % 2, 200);
		poll(NULL, 0, 1);
	}
}

void pty_hang_up(struct pty *pty)
{
	close(pty->slave);
	close(pty->master);
	pty->slave = pty->master = -1;
}

const char *pty_row(struct pty *pty, int y)
{
	int rows = 0;
	int columns = 0;
	vterm_get_size(pty->terminal, &rows, &columns);
	const VTermRect rect = {
		.start_row = y, .end_row = y + 1, .start_col = 0, .end_col = columns};
	size_t length = vterm_screen_get_text(pty->screen, pty->row, sizeof pty->row - 1, rect);
	while (length > 0 && (pty->row[length - 1] == ' ' || pty->row[length - 1] == '\n'))
		length--;
	pty->row[length] = '\0';
	return pty->row;
}

const char *pty_cell(struct pty *pty, int x, int y)
{
	const VTermRect rect = {.start_row = y, .end_row = y + 1, .start_col = x, .end_col = x + 1};
	const size_t length =
		vterm_screen_get_text(pty->screen, pty->row, sizeof pty->row - 1, rect);
	pty->row[length] = '\0';
	return pty->row;
}

const char *pty_style(struct pty *pty, int x, int y)
{
	VTermScreenCell cell = {0};
	vterm_screen_get_cell(pty->screen, (VTermPos){.row = y, .col = x}, &cell);
	char *end = pty->row;
	if (cell.attrs.reverse)
		*end++ = 'r';
	if (cell.attrs.bold)
		*end++ = 'b';
	if (cell.attrs.underline)
		*end++ = 'u';
	if (!VTERM_COLOR_IS_DEFAULT_FG(&cell.fg) || !VTERM_COLOR_IS_DEFAULT_BG(&cell.bg))
		*end++ = 'c';
	*end = '\0';
	return pty->row;
}

const char *pty_output(struct pty *pty, size_t *length)
{
	*length = pty->output_length;
	return pty->output ? pty->output : "";
}

void pty_forget_output(struct pty *pty)
{
	pty->output_length = 0;
}

/* libvterm says ESC [200~ when a paste starts and the mode is on. */
static bool paste_is_bracketed(struct pty *pty)
{
	char bytes[64];
	while (vterm_output_read(pty->terminal, bytes, sizeof bytes) > 0)
		continue;
	vterm_keyboard_start_paste(pty->terminal);
	return vterm_output_read(pty->terminal, bytes, sizeof bytes) > 0;
}

void pty_check_restored(struct pty *pty)
{
	struct termios after;
	assert_int_equal(tcgetattr(pty->slave, &after), 0);
	assert_int_equal(after.c_iflag, pty->before.c_iflag);
	assert_int_equal(after.c_oflag, pty->before.c_oflag);
	assert_int_equal(after.c_cflag, pty->before.c_cflag);
	assert_int_equal(after.c_lflag, pty->before.c_lflag);
	assert_memory_equal(after.c_cc, pty->before.c_cc, sizeof after.c_cc);
	assert_false(pty->alternate);
	assert_false(pty->cursor_hidden);
	assert_false(paste_is_bracketed(pty));
}
