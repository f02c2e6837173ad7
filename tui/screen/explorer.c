#include "screen/explorer.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "base/options.h"
#include "base/text.h"
#include "explore/session.h"
#include "screen/headless.h"
#include "screen/terminal.h"
#include "view/view.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct arguments {
	const char *path;
	const char *script, *size;
	int width, height;
	bool read_only, recover, ascii, no_color, text_only;
};

struct explorer {
	struct session *session;
	struct terminal *terminal; /* NULL when headless */
};

static bool take_key(void *context, key_code key)
{
	struct explorer *explorer = context;
	/* Not for a Ctrl-Z in pasted text. */
	if (key == KEY_CONTROL('z') && !explorer->session->prompt.pasting) {
		if (explorer->terminal)
			terminal_suspend(explorer->terminal);
		return true;
	}
	return session_key(explorer->session, key);
}

static void take_wake(void *context)
{
	struct explorer *explorer = context;
	session_wake(explorer->session);
}

static void take_size(void *context, int width, int height)
{
	struct explorer *explorer = context;
	session_resize(explorer->session, width, height);
}

/* Once for all keys that were there, however many. */
static void prepare(void *context)
{
	struct explorer *explorer = context;
	if (explorer->session->stale)
		session_refresh(explorer->session);
}

static void draw(const void *context, struct canvas *canvas)
{
	const struct explorer *explorer = context;
	view_draw(explorer->session, canvas);
}

static bool is_idle(const void *context)
{
	const struct explorer *explorer = context;
	return session_idle(explorer->session);
}

static int no_timeout(const void *context)
{
	(void)context;
	return -1;
}

static void no_tick(void *context)
{
	(void)context;
}

/* One line on standard error, made visible-safe: it may name a hostile file. */
static void complain(const char *message, const char *hint)
{
	struct buffer line = {0};
	text_visible(&line, span_string(message), false);
	fprintf(stderr, "breachx: %s%s\n", buffer_failed(&line) ? "out of memory" : line.data,
		hint);
	buffer_free(&line);
}

static const struct option_info options[] = {
	{OPTION_FLAG(struct arguments, read_only), .name = "readonly", .letter = 'R',
		.about = "write nothing: the case stays as it is, to the byte"},
	{OPTION_FLAG(struct arguments, recover), .name = "recover",
		.about = "first undo the change that a crash left unfinished"},
	{OPTION_FLAG(struct arguments, ascii), .name = "ascii",
		.about = "draw with ASCII alone; so anyway where there is no UTF-8"},
	{OPTION_FLAG(struct arguments, no_color), .name = "no-color",
		.about = "no colours; so anyway where NO_COLOR is set"},
	{OPTION_TEXT(struct arguments, script), .name = "script", .value = "FILE",
		.about = "keys from a file instead of a terminal; prints the frames it asks for"},
	{OPTION_TEXT(struct arguments, size), .name = "size", .value = "WIDTHxHEIGHT",
		.about = "of the frames of a script; else 80x24"},
	{OPTION_FLAG(struct arguments, text_only), .name = "text-only",
		.about = "frames without the layer of styles"},
};

static const struct option_table table = {.rows = options, .count = ARRAY_LENGTH(options)};

const struct option_table *explorer_options(void)
{
	return &table;
}

static bool parse(int argc, char **argv, struct arguments *arguments)
{
	struct option_reading reading;
	struct error error;
	bool good = options_read(&table, argc, argv, arguments, &reading, &error);
	if (good && reading.operands > 1)
		good = error_set(&error, ERROR_USAGE,
			"one case at a time, and a command before its options");
	else if (good && arguments->size &&
		 !headless_size(
			 span_string(arguments->size), &arguments->width, &arguments->height))
		good = error_set(&error, ERROR_USAGE,
			"--size takes WIDTHxHEIGHT, such as 120x36, not `%s`", arguments->size);
	if (good)
		arguments->path = reading.operands > 0 ? argv[1] : "@example";
	else
		complain(error.message, "; see breachx --help");
	return good;
}

static bool read_script(const char *path, struct buffer *script, struct error *error)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	if (!file)
		return error_set_errno(error, "can't read the script %s", path);
	char bytes[4096];
	size_t count;
	while ((count = fread(bytes, 1, sizeof bytes, file)) > 0)
		buffer_add(script, bytes, count);
	bool good = !ferror(file);
	if (file != stdin)
		fclose(file);
	if (!good)
		return error_set_errno(error, "can't read the script %s", path);
	return !buffer_failed(script) || error_memory(error);
}

static bool run_script(const struct screen_program *program, const struct arguments *arguments,
	struct error *error)
{
	struct buffer script = {0};
	bool good = read_script(arguments->script, &script, error) &&
		    headless_run(program,
			    &(struct headless_settings){.script = buffer_span(&script),
				    .name = arguments->script,
				    .width = arguments->width,
				    .height = arguments->height,
				    .ascii = arguments->ascii,
				    .text_only = arguments->text_only,
				    .out = stdout},
			    error);
	buffer_free(&script);
	return good;
}

/* Keys files are short. */
#define KEYS_MOST 65536

/* The person's keys file, $XDG_CONFIG_HOME/breachx/keys; nothing where there is none. Somebody
 * else's, a link or anything but a file is not read. */
static void read_keys(struct buffer *text, struct buffer *path)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (config && config[0] == '/')
		buffer_add_format(path, "%s/breachx/keys", config);
	else if (home && home[0] == '/')
		buffer_add_format(path, "%s/.config/breachx/keys", home);
	if (path->length == 0 || buffer_failed(path))
		return;
	int file = open(path->data, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	if (file < 0)
		return;
	if (fstat(file, &status) == 0 && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
		status.st_size <= KEYS_MOST && buffer_reserve(text, KEYS_MOST)) {
		ssize_t count = read(file, text->data, KEYS_MOST);
		text->length = count > 0 ? (size_t)count : 0;
	}
	close(file);
}

/* Finishes or undoes in place what a crash of our own left; *notice is what was done, or NULL. Free
 * with free. */
static bool recover(const char *path, char **notice, struct error *error)
{
	struct case_file *file =
		case_open(path, &(struct case_options){.mode = CASE_WRITE, .recover = true}, error);
	if (!file)
		return false;
	const char *noticed = case_notice(file);
	*notice = noticed ? memory_copy_string(noticed) : NULL;
	case_close(file);
	return *notice || !noticed || error_memory(error);
}

/* Opens the session and runs it; *signal is what asked the program to end, or 0. */
static bool run(struct explorer *explorer, const struct arguments *arguments, int *signal,
	struct error *error)
{
	char *notice = NULL;
	if (arguments->recover && !arguments->read_only &&
		!recover(arguments->path, &notice, error))
		return false;
	/* Every command of this version only reads, so no case is opened for writing here. */
	struct case_file *file =
		case_open(arguments->path, &(struct case_options){.mode = CASE_READ}, error);
	if (!file) {
		free(notice);
		return false;
	}
	/* A script means the same everywhere: it goes by the table's keys alone. */
	struct buffer keys = {0}, keys_path = {0};
	if (explorer->terminal)
		read_keys(&keys, &keys_path);
	struct session_options settings = {
		.ascii = explorer->terminal ? terminal_end(explorer->terminal)->ascii
					    : arguments->ascii,
		.keys_text = buffer_span(&keys),
		.keys_file = keys_path.data,
		.notice = notice};
	explorer->session = session_new(file, &settings, error);
	free(notice);
	buffer_free(&keys);
	buffer_free(&keys_path);
	if (!explorer->session) {
		case_close(file);
		return false;
	}
	struct screen_program program = {.context = explorer,
		.key = take_key,
		.wake = take_wake,
		.resize = take_size,
		.prepare = prepare,
		.draw = draw,
		.idle = is_idle,
		.timeout = no_timeout,
		.tick = no_tick,
		.wake_fd = session_wake_fd(explorer->session)};
	bool good = explorer->terminal
			    ? loop_run(&program, terminal_end(explorer->terminal), NULL, error)
			    : run_script(&program, arguments, error);
	*signal = explorer->terminal ? terminal_close(explorer->terminal) : 0;
	explorer->terminal = NULL;
	session_free(explorer->session);
	return good;
}

int explorer_main(int argc, char **argv)
{
	struct arguments arguments = {.width = 80, .height = 24};
	struct explorer explorer = {0};
	struct error error = {0};
	if (!parse(argc, argv, &arguments))
		return 2;
	if (!arguments.script) {
		explorer.terminal =
			terminal_open(&(struct terminal_settings){.no_color = arguments.no_color,
					      .ascii = arguments.ascii},
				&error);
		if (!explorer.terminal) {
			complain(error.message, "");
			return error_exit_code(error.code);
		}
	}
	int signal = 0;
	bool good = run(&explorer, &arguments, &signal, &error);
	terminal_close(explorer.terminal);
	if (signal)
		raise(signal);
	if (!good)
		complain(error.message, "");
	return good ? 0 : error_exit_code(error.code);
}
