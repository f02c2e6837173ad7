#include "screen/terminal.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "keyboard.h"
#include "paint.h"
#include "signals.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

/* A lone ESC is the key after this long, and not the beginning of a sequence. */
#define ESCAPE_MS 25
/* Written at once; small where a write may block. */
#define CHUNK 4096
#define BLOCKING_CHUNK 256
/* How long closing waits for a terminal that takes nothing. */
#define CLOSE_MS 500

struct terminal {
	struct paint *paint;
	struct screen_end end;
	struct keyboard keyboard;
	struct termios before;
	struct termios raw;
	int tty; /* our own description of standard output's terminal, not blocking where possible
		  */
	size_t chunk;
	struct buffer pending; /* bytes on their way to the terminal */
	size_t sent;
	long long escape_since; /* when the partial sequence began, in ms; -1 where there is none */
	bool full;              /* the terminal has not drained: wait for that, too */
	bool suspend;           /* the program asked for it */
	bool gone;
};

static long long now_ms(void)
{
	return clock_microseconds() / 1000;
}

/* Terminals that are told UTF-8 by nobody: by the beginning of TERM. */
static bool term_without_utf8(const char *term)
{
	static const char *const old[] = {"vt52", "vt1", "vt2", "vt3", "vt4", "vt5", "ansi", "wy",
		"cons25", "hp", "tvi", "adm", "sun", "pcansi"};
	for (size_t i = 0; i < ARRAY_LENGTH(old); i++)
		if (strncmp(term, old[i], strlen(old[i])) == 0)
			return true;
	return false;
}

/* A descriptor of our own, so that not blocking is our own affair and not the shell's. */
static bool open_tty(struct terminal *terminal, struct error *error)
{
	char path[PATH_MAX];
	if (ttyname_r(STDOUT_FILENO, path, sizeof path) == 0)
		terminal->tty = open(path, O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
	terminal->chunk = CHUNK;
	if (terminal->tty < 0) {
		terminal->tty = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
		terminal->chunk = BLOCKING_CHUNK;
	}
	if (terminal->tty < 0 || tcgetattr(terminal->tty, &terminal->before) != 0)
		return error_set_errno(error, "the terminal cannot be used");
	terminal->raw = terminal->before;
	cfmakeraw(&terminal->raw);
	terminal->raw.c_cc[VMIN] = 1;
	terminal->raw.c_cc[VTIME] = 0;
	return true;
}

/* Writes what the terminal takes now. */
static void flush(struct terminal *terminal)
{
	while (terminal->sent < terminal->pending.length && !terminal->gone) {
		struct pollfd room = {.fd = terminal->tty, .events = POLLOUT};
		if (poll(&room, 1, 0) != 1 || !(room.revents & POLLOUT)) {
			terminal->gone = (room.revents & (POLLERR | POLLHUP)) != 0;
			return;
		}
		size_t length = terminal->pending.length - terminal->sent;
		if (length > terminal->chunk)
			length = terminal->chunk;
		const ssize_t count =
			write(terminal->tty, terminal->pending.data + terminal->sent, length);
		if (count > 0)
			terminal->sent += (size_t)count;
		else if (errno != EAGAIN && errno != EINTR)
			terminal->gone = true;
		if (count <= 0)
			return;
	}
	buffer_clear(&terminal->pending);
	terminal->sent = 0;
}

/* As flush, until all is written or the terminal has had its time. */
static void flush_all(struct terminal *terminal)
{
	const long long deadline = now_ms() + CLOSE_MS;
	for (;;) {
		flush(terminal);
		const long long left = deadline - now_ms();
		if (terminal->pending.length == 0 || terminal->gone || left <= 0)
			return;
		struct pollfd room = {.fd = terminal->tty, .events = POLLOUT};
		poll(&room, 1, (int)left);
	}
}

/* Hands the terminal back. What it has not taken yet is for a screen that goes away: the way out
 * does not queue behind it. The ESC it begins with ends whatever was cut in two. */
static void leave(struct terminal *terminal)
{
	struct error ignored;
	struct pollfd room = {.fd = terminal->tty, .events = POLLOUT};
	if (poll(&room, 1, 0) == 0)
		tcflush(terminal->tty, TCOFLUSH);
	buffer_clear(&terminal->pending);
	terminal->sent = 0;
	if (!paint_leave(terminal->paint, &terminal->pending, &ignored))
		paint_restore(terminal->paint, &terminal->pending);
	flush_all(terminal);
	tcsetattr(terminal->tty, TCSANOW, &terminal->before);
	signals_disarm();
}

static void enter(struct terminal *terminal)
{
	struct signals_restore restore = {.tty = terminal->tty, .before = terminal->before};
	struct buffer bytes = {0};
	paint_restore(terminal->paint, &bytes);
	if (bytes.length <= sizeof restore.bytes && bytes.length > 0) {
		memcpy(restore.bytes, bytes.data, bytes.length);
		restore.length = bytes.length;
	}
	buffer_free(&bytes);
	signals_arm(&restore);
	while (tcsetattr(terminal->tty, TCSANOW, &terminal->raw) != 0 && errno == EINTR)
		continue;
	paint_lost(terminal->paint);
}

static void stop(struct terminal *terminal, bool group)
{
	leave(terminal);
	signals_stop(group);
	/* The shell may have set the terminal otherwise meanwhile. */
	tcgetattr(terminal->tty, &terminal->before);
	enter(terminal);
}

static bool size_of(const struct terminal *terminal, int *width, int *height)
{
	struct winsize size = {0};
	const bool known = ioctl(terminal->tty, TIOCGWINSZ, &size) == 0;
	paint_default_size(terminal->paint, width, height);
	if (known && size.ws_col > 0 && size.ws_row > 0) {
		*width = size.ws_col;
		*height = size.ws_row;
	}
	return known;
}

static void terminal_size(const void *context, int *width, int *height)
{
	size_of(context, width, height);
}

/* Reads what is there. */
static void fill(struct terminal *terminal)
{
	size_t room = 0;
	char *bytes = keyboard_room(&terminal->keyboard, &room);
	struct pollfd ready = {.fd = STDIN_FILENO, .events = POLLIN};
	if (room == 0 || poll(&ready, 1, 0) != 1)
		return;
	const ssize_t count = read(STDIN_FILENO, bytes, room);
	if (count > 0)
		keyboard_filled(&terminal->keyboard, (size_t)count);
	else if (count == 0 || (errno != EINTR && errno != EAGAIN))
		terminal->gone = true;
}

static enum screen_event next_key(struct terminal *terminal, key_code *key)
{
	const bool late =
		terminal->escape_since >= 0 && now_ms() - terminal->escape_since >= ESCAPE_MS;
	enum keyboard_result result = keyboard_next(&terminal->keyboard, false, key);
	if (result != KEYBOARD_KEY) {
		const size_t before = terminal->keyboard.end - terminal->keyboard.start;
		fill(terminal);
		const bool more = terminal->keyboard.end - terminal->keyboard.start > before;
		result = keyboard_next(&terminal->keyboard, late && !more, key);
	}
	if (result == KEYBOARD_PARTIAL) {
		if (terminal->escape_since < 0)
			terminal->escape_since = now_ms();
		return SCREEN_NOTHING;
	}
	terminal->escape_since = -1;
	return result == KEYBOARD_KEY ? SCREEN_KEY : SCREEN_NOTHING;
}

static enum screen_event terminal_next(void *context, key_code *key, struct error *error)
{
	struct terminal *terminal = context;
	if (signals_ending())
		return SCREEN_END;
	const int news = signals_take();
	const bool stopping = (news & SIGNALS_STOP) != 0;
	if (stopping || terminal->suspend) {
		const bool group = terminal->suspend;
		terminal->suspend = false;
		stop(terminal, group);
		return SCREEN_RESIZE;
	}
	if (news & SIGNALS_CONTINUED)
		enter(terminal);
	if (news)
		return SCREEN_RESIZE;
	const enum screen_event event = next_key(terminal, key);
	if (event == SCREEN_NOTHING && terminal->gone) {
		error_set(error, ERROR_TERMINAL, "the terminal went away");
		return SCREEN_FAILED;
	}
	return event;
}

static bool terminal_drained(void *context)
{
	struct terminal *terminal = context;
	struct pollfd room = {.fd = terminal->tty, .events = POLLOUT};
	terminal->full = terminal->pending.length > 0 || poll(&room, 1, 0) == 0;
	return !terminal->full;
}

static bool terminal_show(void *context, const struct canvas *canvas, struct error *error)
{
	struct terminal *terminal = context;
	if (!paint_canvas(terminal->paint, canvas, &terminal->pending, error))
		return false;
	flush(terminal);
	return true;
}

static enum screen_wait terminal_wait(void *context, int wake_fd, int timeout, struct error *error)
{
	struct terminal *terminal = context;
	const bool writing = terminal->pending.length > 0 || terminal->full;
	struct pollfd watched[] = {
		{.fd = STDIN_FILENO, .events = POLLIN},
		{.fd = signals_fd(), .events = POLLIN},
		{.fd = writing ? terminal->tty : -1, .events = POLLOUT},
		{.fd = wake_fd, .events = POLLIN},
	};
	if (terminal->escape_since >= 0) {
		const long long left = terminal->escape_since + ESCAPE_MS - now_ms();
		const int wait = left < 0 ? 0 : (int)left;
		timeout = timeout < 0 || wait < timeout ? wait : timeout;
	}
	const int count = terminal->gone ? 0 : poll(watched, ARRAY_LENGTH(watched), timeout);
	if (count < 0 && errno != EINTR) {
		error_set_errno(error, "waiting for a key failed");
		return SCREEN_WAIT_FAILED;
	}
	if (count < 0)
		return SCREEN_WAIT_INPUT;
	if (watched[2].revents)
		flush(terminal);
	terminal->full = false;
	if (watched[3].revents)
		return SCREEN_WAIT_WOKEN;
	return count > 0 ? SCREEN_WAIT_INPUT : SCREEN_WAIT_TIMEOUT;
}

static bool ascii_only(const struct terminal_settings *settings, const char *term)
{
	/* Only how characters are written: numbers and dates stay the C locale's. */
	const bool known = setlocale(LC_CTYPE, "") != NULL;
	const bool utf8 = known && strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	return settings->ascii || !utf8 || term_without_utf8(term);
}

static bool start(
	struct terminal *terminal, const struct terminal_settings *settings, struct error *error)
{
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return error_set(error, ERROR_TERMINAL,
			"the explorer needs a terminal as standard input and output; the "
			"subcommands and --script work without one");
	const char *term = getenv("TERM");
	if (!term || !*term)
		return error_set(error, ERROR_TERMINAL,
			"TERM is not set; set it to what the terminal is, such as xterm-256color");
	const char *no_color = getenv("NO_COLOR");
	const bool color = !settings->no_color && !(no_color && *no_color);
	terminal->end.ascii = ascii_only(settings, term);
	if (!open_tty(terminal, error) || !signals_begin(error))
		return false;
	terminal->paint = paint_open(term, color, error);
	if (!terminal->paint)
		return false;
	paint_teach(terminal->paint, &terminal->keyboard);
	const char erase[2] = {(char)terminal->before.c_cc[VERASE], '\0'};
	if (erase[0] != (char)_POSIX_VDISABLE)
		keyboard_learn(&terminal->keyboard, erase, KEY_CODE_BACKSPACE);
	enter(terminal);
	return true;
}

struct terminal *terminal_open(const struct terminal_settings *settings, struct error *error)
{
	struct terminal *terminal = calloc(1, sizeof *terminal);
	if (!terminal) {
		error_memory(error);
		return NULL;
	}
	terminal->tty = -1;
	terminal->escape_since = -1;
	terminal->end = (struct screen_end){
		.context = terminal,
		.live = true,
		.next = terminal_next,
		.size = terminal_size,
		.drained = terminal_drained,
		.show = terminal_show,
		.wait = terminal_wait,
	};
	if (start(terminal, settings, error))
		return terminal;
	terminal_close(terminal);
	return NULL;
}

const struct screen_end *terminal_end(const struct terminal *terminal)
{
	return &terminal->end;
}

void terminal_suspend(struct terminal *terminal)
{
	terminal->suspend = true;
}

int terminal_close(struct terminal *terminal)
{
	if (!terminal)
		return 0;
	if (terminal->paint)
		leave(terminal);
	paint_close(terminal->paint);
	const int signal = terminal->paint ? signals_ending() : 0;
	signals_end();
	if (terminal->tty >= 0)
		close(terminal->tty);
	buffer_free(&terminal->pending);
	free(terminal);
	return signal;
}
