/* The real program on the bundled case, in a terminal: keys, sizes, signals, terminals it can't
 * use, and that looking changes nothing. */
#include "explorer.h"

#include "base/hash.h"
#include "base/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define END_MS 3000
#define FIRST_HOST "Kamakura server"

static char folder[] = "/tmp/breachx-explorer-XXXXXX";
static char example[128];

static long long now_ms(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* The whole first screen is there: rows come from above, the cursor last. */
static void wait_board(struct pty *pty)
{
	pty_wait_text(pty, "? help");
	pty_wait_text(pty, FIRST_HOST);
	pty_wait_cursor(pty, 1, 3);
	pty_wait_quiet(pty, 100);
}

static struct pty *start(void)
{
	struct pty *pty = explore(example, NULL, NULL, 80, 24);
	wait_board(pty);
	return pty;
}

/* A row of the screen holds all of these. */
static void check_row(struct pty *pty, int y, const char *const *texts)
{
	const char *row = pty_row(pty, y);
	for (; *texts; texts++)
		if (!strstr(row, *texts))
			fail_msg("row %d is `%s`, without `%s`", y, row, *texts);
}
#define CHECK_ROW(pty, y, ...) check_row(pty, y, (const char *const[]){__VA_ARGS__, NULL})

static void wait_screen(struct pty *pty, const char *kept, int width, int height)
{
	const long long deadline = now_ms() + PTY_DEADLINE_MS;
	for (;;) {
		char *seen = keep_screen(pty, width, height);
		const bool same = strcmp(seen, kept) == 0;
		if (!same && now_ms() > deadline)
			assert_string_equal(seen, kept);
		free(seen);
		if (same)
			return;
		pty_wait_quiet(pty, 20);
	}
}

static void the_first_screen(void **state)
{
	(void)state;
	struct pty *pty = start();
	CHECK_ROW(pty, 0, "Mitsubishi Electric, 2020", "as known 2020-01-20", "UTC", "\u00b7 R");
	CHECK_ROW(pty, 1, "Hosts", "163 machines", "0 confirmed", "Affected parties", "13 parties");
	CHECK_ROW(pty, 3, FIRST_HOST, "server");
	CHECK_ROW(pty, 4, "+p server ×41");
	CHECK_ROW(pty, 5, "+p terminal ×121");
	CHECK_ROW(pty, 9, "Statements", "17 statements + 2 silences", "3 voices", "1 document");
	CHECK_ROW(pty, 17, "Record", "host:1");
	CHECK_ROW(pty, 22, "? help", "gc what was said", "e conflicts");
	quit_explorer(pty);
	pty = explore(example, NULL, NULL, 200, 50);
	wait_board(pty);
	pty_wait_text(pty, "checked");
	CHECK_ROW(pty, 3, FIRST_HOST, "suspected", "late June");
	CHECK_ROW(pty, 4, "not asse");
	quit_explorer(pty);
}

static void motions_and_panes(void **state)
{
	(void)state;
	struct pty *pty = start();
	static const struct {
		const char *keys;
		int x, y;
	} steps[] = {{"j", 1, 4}, {"k", 1, 3}, {"\033[B", 1, 4}, {"\033OB", 1, 5}, {"gg", 1, 3},
		{"G", 1, 5}, {"2k", 1, 3}, {"\t", 47, 3}, {"jj", 47, 5}, {"\t", 1, 11},
		{"\033[Z", 47, 5}, {"\033[Z", 1, 3}};
	for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
		pty_send(pty, steps[i].keys);
		pty_wait_cursor(pty, steps[i].x, steps[i].y);
	}
	quit_explorer(pty);
}

static void a_search_is_lit_and_put_back(void **state)
{
	(void)state;
	struct pty *pty = start();
	pty_send(pty, "gh");
	pty_wait_text(pty, "162 ph.");
	pty_wait_quiet(pty, 100);
	pty_send(pty, "j");
	pty_wait_text(pty, "server #01");
	pty_wait_quiet(pty, 100);
	char *before = keep_screen(pty, 80, 24);
	pty_send(pty, "/serv");
	pty_wait_text(pty, "42 of 163 hosts · searched 100% of");
	pty_wait_text(pty, "0 skipped");
	pty_wait_quiet(pty, 100);
	/* Row 3 is the Kamakura server, not under the cursor: its `serv` is lit, the rest is not.
	 */
	char plain[8], lit[8];
	CHECK_ROW(pty, 3, "* r Kamakura server");
	snprintf(plain, sizeof plain, "%s", pty_style(pty, 6, 3));
	for (int x = 15; x < 19; x++) {
		snprintf(lit, sizeof lit, "%s", pty_style(pty, x, 3));
		assert_string_not_equal(lit, plain);
	}
	assert_string_equal(pty_style(pty, 19, 3), plain);
	pty_send(pty, "\033");
	wait_screen(pty, before, 80, 24);
	/* A pattern that is none says where, while typing; and Esc is as exact. */
	pty_send(pty, "/se(rv");
	pty_wait_text(pty, "missing closing parenthesis");
	pty_send(pty, "\033");
	wait_screen(pty, before, 80, 24);
	free(before);
	quit_explorer(pty);
}

static void a_source_is_searched(void **state)
{
	(void)state;
	struct pty *pty = start();
	pty_send(pty, "P");
	pty_wait_text(pty, "Source hosts.csv");
	pty_wait_quiet(pty, 100);
	char *before = keep_screen(pty, 80, 24);
	pty_send(pty, "/terminal #1");
	pty_wait_text(pty, "lines with hits · searched 100% of");
	pty_send(pty, "\r");
	pty_wait_text(pty, "▸");
	pty_wait_quiet(pty, 100);
	pty_send(pty, "N");
	pty_wait_text(pty, "around the top to the bottom");
	pty_send(pty, "n");
	pty_wait_text(pty, "around the bottom to the top");
	pty_send(pty, "gg/terminal(");
	pty_wait_text(pty, "missing closing parenthesis");
	pty_send(pty, "\033\033\t");
	wait_screen(pty, before, 80, 24);
	free(before);
	quit_explorer(pty);
}

static void places_and_cards(void **state)
{
	(void)state;
	struct pty *pty = start();
	/* The first key takes the hint of the first start away. */
	pty_send(pty, "L");
	pty_wait_text(pty, "linking off");
	pty_send(pty, "g\033");
	pty_wait_quiet(pty, 100);
	char *board = keep_screen(pty, 80, 24);
	pty_send(pty, "p");
	pty_wait_text(pty, "Where this came from");
	pty_wait_text(pty, "SHA-256");
	pty_send(pty, "\033");
	wait_screen(pty, board, 80, 24);
	pty_send(pty, "P");
	pty_wait_text(pty, "Source hosts.csv");
	pty_wait_text(pty, "host-kamakura");
	pty_send(pty, "<");
	wait_screen(pty, board, 80, 24);
	pty_send(pty, ">");
	pty_wait_text(pty, "Source hosts.csv");
	pty_send(pty, "<");
	wait_screen(pty, board, 80, 24);
	pty_send(pty, "r");
	pty_wait_text(pty, "related (");
	pty_send(pty, "\t\r");
	pty_wait_text(pty, "site:");
	pty_send(pty, "<<");
	wait_screen(pty, board, 80, 24);
	pty_send(pty, "g/kamakura\r");
	pty_wait_text(pty, "Everywhere: /kamakura/");
	pty_wait_text(pty, "searched 100% of");
	pty_send(pty, "q");
	wait_screen(pty, board, 80, 24);
	free(board);
	quit_explorer(pty);
}

/* At 9,600 baud a second carries 960 bytes. */
static void a_key_repaints_little(void **state)
{
	(void)state;
	struct pty *pty = start();
	pty_send(pty, "gs");
	pty_wait_text(pty, "statement:");
	pty_wait_quiet(pty, 100);
	pty_forget_output(pty);
	for (int i = 0; i < 5; i++) {
		pty_send(pty, "j");
		pty_wait_cursor(pty, 1, 4 + i);
		pty_wait_quiet(pty, 100);
	}
	size_t length = 0;
	pty_output(pty, &length);
	print_message("bytes written for one j: %zu\n", length / 5);
	assert_in_range(length / 5, 1, 960);
	quit_explorer(pty);
}

static void sizes_storm_during_a_search(void **state)
{
	(void)state;
	static const int sizes[][2] = {{1, 1}, {0, 0}, {21, 5}, {400, 120}, {80, 24}, {40, 12},
		{39, 12}, {65535, 65535}, {200, 50}, {2, 1}, {1, 50}};
	struct pty *pty = start();
	pty_send(pty, "gs");
	pty_wait_text(pty, "statement:");
	pty_wait_quiet(pty, 100);
	char *before = keep_screen(pty, 80, 24);
	pty_send(pty, "/");
	for (int round = 0; round < 5; round++)
		for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
			pty_resize(pty, sizes[i][0], sizes[i][1]);
			pty_send(pty, i % 3 == 0 ? "s" : i % 3 == 1 ? "e" : "\177");
			assert_true(pty_runs(pty));
		}
	/* Read from what is written: libvterm 0.1.4 loses its way at a width of one column. */
	pty_resize(pty, 20, 5);
	size_t length = 0;
	for (const long long sent = now_ms(); now_ms() - sent < END_MS;) {
		const char *output = pty_output(pty, &length);
		if (memmem(output, length, "too small: 20x5", 15))
			break;
		pty_wait_quiet(pty, 20);
	}
	assert_non_null(memmem(pty_output(pty, &length), length, "too small: 20x5", 15));
	pty_send(pty, "\025server");
	pty_resize(pty, 80, 24);
	pty_wait_text(pty, "/server ");
	pty_wait_text(pty, "of 19 rows");
	pty_send(pty, "\033");
	wait_screen(pty, before, 80, 24);
	free(before);
	quit_explorer(pty);
}

static void signals_put_the_terminal_back(void **state)
{
	(void)state;
	static const int numbers[] = {
		SIGTERM, SIGHUP, SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGQUIT, SIGINT};
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		struct pty *pty = start();
		pty_send(pty, "/serv");
		pty_wait_text(pty, "/serv");
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

static void stops_and_goes_on(void **state)
{
	(void)state;
	struct pty *pty = start();
	char *before = keep_screen(pty, 80, 24);
	pty_send(pty, "\032");
	pty_wait_stop(pty);
	pty_check_restored(pty);
	pty_signal(pty, SIGCONT);
	wait_board(pty);
	wait_screen(pty, before, 80, 24);
	pty_signal(pty, SIGTSTP);
	pty_wait_stop(pty);
	pty_check_restored(pty);
	pty_resize(pty, 60, 20);
	pty_signal(pty, SIGCONT);
	pty_wait_text(pty, FIRST_HOST);
	free(before);
	quit_explorer(pty);
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

/* One clear sentence on the first row, exit code 2, and nothing else. */
static void check_refusal(struct pty *pty, const char *sentence)
{
	const int status = pty_wait_end(pty);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	CHECK_ROW(pty, 0, "breachx: ", sentence);
	size_t length = 0;
	const char *output = pty_output(pty, &length);
	assert_null(memchr(output, '\033', length));
	assert_ptr_equal(memchr(output, '\n', length), output + length - 1);
	pty_check_restored(pty);
	pty_end(pty);
}

static void useless_terminals_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *environment[3];
		const char *sentence;
	} cases[] = {
		{{"LANG=C.UTF-8", NULL, NULL}, "TERM is not set"},
		{{"TERM=", "LANG=C.UTF-8", NULL}, "TERM is not set"},
		{{"TERM=dumb", "LANG=C.UTF-8", NULL}, "TERM=dumb"},
		{{"TERM=nosuch", "LANG=C.UTF-8", NULL}, "TERM=nosuch"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
		check_refusal(
			explore(example, NULL, cases[i].environment, 200, 24), cases[i].sentence);
	const char *const arguments[] = {build_path("breachx"), example, NULL};
	check_refusal(
		pty_start(&(struct pty_start){
			.arguments = arguments, .width = 200, .height = 24, .input = "/dev/null"}),
		"needs a terminal");
	static const char *const lines[] = {
		"echo Q | \"$0\" \"$1\"", "\"$0\" \"$1\" 0<&-", "\"$0\" \"$1\" 1>&-"};
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
		const char *const shell[] = {
			"/bin/sh", "-c", lines[i], build_path("breachx"), example, NULL};
		check_refusal(pty_start(&(struct pty_start){
				      .arguments = shell, .width = 200, .height = 24}),
			"needs a terminal");
	}
	/* Nowhere to say it. */
	const char *const mute[] = {"/bin/sh", "-c", "\"$0\" \"$1\" 0<&- 1>&- 2>&-",
		build_path("breachx"), example, NULL};
	struct pty *pty =
		pty_start(&(struct pty_start){.arguments = mute, .width = 80, .height = 24});
	const int status = pty_wait_end(pty);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 2);
	pty_end(pty);
}

static void check_ascii(struct pty *pty)
{
	size_t length = 0;
	const char *output = pty_output(pty, &length);
	for (size_t at = 0; at < length; at++)
		assert_true((unsigned char)output[at] < 0x80);
}

static void poor_terminals_serve(void **state)
{
	(void)state;
	static const struct {
		const char *environment[4];
		const char *option;
	} cases[] = {
		{{"TERM=vt100", "LANG=C.UTF-8", NULL}, NULL},
		{{"TERM=screen-256color", "LANG=C", NULL}, NULL},
		{{"TERM=screen-256color", "LANG=C.UTF-8", NULL}, "--ascii"},
		{{"TERM=vt220", "LANG=C", "NO_COLOR=1", NULL}, NULL},
		/* Its terminfo says no size; what the shell says of one is not asked. */
		{{"TERM=linux", "LANG=C", NULL}, NULL},
		{{"TERM=linux", "LINES=99999", "COLUMNS=99999", NULL}, "--ascii"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct pty *pty = explore(example, cases[i].option, cases[i].environment, 80, 24);
		wait_board(pty);
		CHECK_ROW(pty, 1, "#= Hosts =", "0 confirmed");
		CHECK_ROW(pty, 4, "+p server x41");
		pty_send(pty, "gt");
		pty_wait_text(pty, "Timeline");
		pty_wait_quiet(pty, 100);
		check_ascii(pty);
		quit_explorer(pty);
	}
}

static void colours_are_not_needed(void **state)
{
	(void)state;
	static const char *const plain[] = {
		"TERM=xterm-256color", "LANG=C.UTF-8", "NO_COLOR=1", NULL};
	struct pty *pty = explore(example, NULL, plain, 80, 24);
	wait_board(pty);
	for (int y = 0; y < 24; y++)
		for (int x = 0; x < 80; x++)
			assert_null(strchr(pty_style(pty, x, y), 'c'));
	/* The selected row is told by its attributes and a sign. */
	assert_string_equal(pty_style(pty, 30, 3), "r");
	CHECK_ROW(pty, 3, "▸");
	quit_explorer(pty);
}

static void a_serial_line_is_80_by_24(void **state)
{
	(void)state;
	struct pty *pty = start();
	char *usual = keep_screen(pty, 80, 24);
	quit_explorer(pty);
	pty = explore(example, NULL, NULL, 0, 0);
	wait_board(pty);
	wait_screen(pty, usual, 80, 24);
	free(usual);
	quit_explorer(pty);
}

static void send_noise(struct pty *pty, int bytes, const char *never)
{
	char noise[1025];
	for (int sent = 0; sent < bytes; sent += 1024) {
		for (size_t at = 0; at < 1024; at++) {
			do
				noise[at] = (char)(1 + random() % 255);
			while (strchr(never, noise[at]));
		}
		noise[1024] = '\0';
		pty_send(pty, noise);
		assert_true(pty_runs(pty));
	}
}

static void a_paste_bomb_does_no_harm(void **state)
{
	(void)state;
	srandom(20200120);
	struct pty *pty = start();
	char *before = keep_screen(pty, 80, 24);
	/* As a terminal sends it: a paste that is for nobody changes nothing. */
	pty_send(pty, "\033[200~");
	send_noise(pty, 100 * 1024, "\033");
	pty_send(pty, "\033[201~j");
	pty_wait_cursor(pty, 1, 4);
	pty_send(pty, "k");
	pty_wait_cursor(pty, 1, 3);
	pty_wait_quiet(pty, 100);
	char *after = keep_screen(pty, 80, 24);
	/* But for the hint of the first start, which the first key takes away. */
	assert_true(strlen(after) <= strlen(before));
	free(after);
	free(before);
	/* Unmarked, as keys: neither Q nor Ctrl-Z, which do what they say. */
	send_noise(pty, 16 * 1024, "Q\032");
	pty_send(pty, "\030\033\033\033\033");
	pty_wait_quiet(pty, 200);
	assert_true(pty_runs(pty));
	pty_send(pty, "\003\003gb");
	pty_wait_quiet(pty, 200);
	quit_explorer(pty);
}

static void a_paste_into_the_prompt_is_one_input(void **state)
{
	(void)state;
	struct pty *pty = start();
	pty_send(pty, "gs/");
	pty_wait_cursor(pty, 1, 22);
	/* No line end acts, no key runs. */
	pty_send(pty, "\033[200~serv\r\nQq\033[201~");
	pty_wait_text(pty, "/serv");
	pty_wait_text(pty, "of 19 rows");
	pty_wait_quiet(pty, 100);
	assert_true(pty_runs(pty));
	CHECK_ROW(pty, 22, "serv", "Qq");
	pty_send(pty, "\033");
	pty_wait_quiet(pty, 100);
	quit_explorer(pty);
}

/* SHA-256, times and size of the case, and what lies beside it. */
static char *evidence(void)
{
	char *text = NULL;
	size_t length = 0;
	FILE *out = open_memstream(&text, &length);
	struct stat status;
	assert_int_equal(stat(example, &status), 0);
	struct hash hash;
	uint8_t digest[HASH_SIZE];
	char hex[HASH_TEXT_SIZE], bytes[65536];
	FILE *in = fopen(example, "rb");
	assert_non_null(in);
	hash_begin(&hash);
	for (size_t count; (count = fread(bytes, 1, sizeof bytes, in)) > 0;)
		hash_add(&hash, bytes, count);
	fclose(in);
	hash_end(&hash, digest);
	hash_text(digest, hex);
	fprintf(out, "%s %lld %lld.%ld %lld.%ld %o\n", hex, (long long)status.st_size,
		(long long)status.st_mtim.tv_sec, status.st_mtim.tv_nsec,
		(long long)status.st_ctim.tv_sec, status.st_ctim.tv_nsec, status.st_mode);
	struct dirent **names;
	const int count = scandir(folder, &names, NULL, alphasort);
	assert_true(count > 0);
	for (int i = 0; i < count; i++) {
		fprintf(out, "%s\n", names[i]->d_name);
		free(names[i]);
	}
	free(names);
	assert_int_equal(fclose(out), 0);
	return text;
}

static void looking_changes_nothing(void **state)
{
	(void)state;
	char *before = evidence();
	static const char *const options[] = {NULL, "-R"};
	for (size_t i = 0; i < 2; i++) {
		struct pty *pty = explore(example, options[i], NULL, 80, 24);
		wait_board(pty);
		static const char *const walk[] = {"jjkG", "gs", "/serv\r", "&a\r", "gf", "\177",
			"gp", ",", "x", "]", "gt", "\r", "P", "q", "p", "\033", "r", "g/server\r",
			"gm", "gc", "e", "e", "E", "?", "q", ":sort\r", "gb", "L", "O"};
		for (size_t k = 0; k < sizeof walk / sizeof walk[0]; k++) {
			pty_send(pty, walk[k]);
			pty_wait_quiet(pty, 15);
		}
		/* Nor is anything beside it while it is open. */
		char *during = evidence();
		assert_string_equal(during, before);
		free(during);
		pty_wait_quiet(pty, 100);
		quit_explorer(pty);
		char *after = evidence();
		assert_string_equal(after, before);
		free(after);
	}
	free(before);
}

static int copy_example(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(example, sizeof example, "%s/example.breach", folder);
	FILE *in = fopen(build_path("mitsubishi-electric-2020.breach"), "rb");
	FILE *out = fopen(example, "wb");
	if (!in || !out)
		return -1;
	char bytes[65536];
	for (size_t count; (count = fread(bytes, 1, sizeof bytes, in)) > 0;)
		if (fwrite(bytes, 1, count, out) != count)
			return -1;
	fclose(in);
	return fclose(out);
}

static int remove_example(void **state)
{
	(void)state;
	unlink(example);
	return rmdir(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_screen),
		cmocka_unit_test(motions_and_panes),
		cmocka_unit_test(a_search_is_lit_and_put_back),
		cmocka_unit_test(a_source_is_searched),
		cmocka_unit_test(places_and_cards),
		cmocka_unit_test(a_key_repaints_little),
		cmocka_unit_test(sizes_storm_during_a_search),
		cmocka_unit_test(signals_put_the_terminal_back),
		cmocka_unit_test(stops_and_goes_on),
		cmocka_unit_test(a_terminal_that_goes_away_ends_it),
		cmocka_unit_test(useless_terminals_are_refused),
		cmocka_unit_test(poor_terminals_serve),
		cmocka_unit_test(colours_are_not_needed),
		cmocka_unit_test(a_serial_line_is_80_by_24),
		cmocka_unit_test(a_paste_bomb_does_no_harm),
		cmocka_unit_test(a_paste_into_the_prompt_is_one_input),
		cmocka_unit_test(looking_changes_nothing),
	};
	return cmocka_run_group_tests(tests, copy_example, remove_example);
}
