/* A case whose every cell, header and file name attacks the terminal: what the program writes, on a
 * terminal and in a pipe, is its own vocabulary and nothing else. */
#include "explorer.h"

#include "base/text.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define PAYLOAD_LIMIT 300
#define MAX_PAYLOADS 512

static char folder[] = "/tmp/breachx-hostile-XXXXXX";
static char case_path[128];
/* A file name may hold anything but a slash and NUL. */
#define HOSTILE_NAME "h\033]0;OWNED\007\033[2J\xe2\x80\xae\xe2\x80\x8b\xc2\x9b"

static struct span payloads[MAX_PAYLOADS];
static int payload_count;
static int own_count;

static void add_payload(const char *bytes, size_t length)
{
	if (payload_count == MAX_PAYLOADS)
		return;
	char *copy = malloc(length + 1);
	assert_non_null(copy);
	memcpy(copy, bytes, length);
	copy[length] = '\0';
	payloads[payload_count++] = span_of(copy, length);
}

static void add_own_payloads(void)
{
	static const char *const own[] = {"\033[31mred", "\033[2J\033[H", "\033[6n", "\033[c",
		"\033[>c", "\033[?1049l", "\033[?25l", "\033[!p", "\033c", "\033[21t", "\033[20t",
		"\033[?2004l", "\033[5i", "\033]0;OWNED\007", "\033]2;OWNED\033\\",
		"\033]4;1;?\007", "\033]10;?\033\\",
		"\033]8;;http://evil.example/\033\\x\033]8;;\033\\", "\033]52;c;b3duZWQ=\007",
		"\033]52;c;?\007", "\033]1337;File=:AAAA\007", "\033]9;4;1;50\007",
		"\033]133;A\007", "\033P$q\"p\033\\", "\033P+q544e\033\\", "\033P1000p\033\\",
		"\033_Gf=24;AAAA\033\\", "\033^private\033\\", "\033Xstart\033\\", "\033N\033O",
		"\033(0qqq\033(B", "\033#8", "\033D\033E\033M", "\0337\0338", "\033=\033>",
		"\033[200~Q\033[201~", "\x0e\x0f", "\a\b\t\n\v\f\r", "real.txt\rfake.txt",
		"abc\b\b\bxyz", "\x7f\x7f",
		"\xc2\x9b"
		"31mred",
		"\xc2\x9d"
		"0;OWNED\xc2\x9c",
		"\xc2\x90q\xc2\x9c", "\xc2\x85next", "\xc2\x80\xc2\x9f",
		"\x9b"
		"31m",
		"\x9d"
		"0;OWNED\x9c",
		"\x90\x9c", "\xff\xfe", "\xc0\x9b[31m", "\xe0\x82\x9b", "\xed\xa0\x80",
		"\xf4\x90\x80\x80", "\xe4\xb8", "\xc2",
		"invoice\xe2\x80\xae"
		"fdp.exe",
		"\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad", "\xe2\x81\xa6x\xe2\x81\xa9",
		"\xe2\x81\xa7\xe2\x81\xa8", "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c",
		"pay\xe2\x80\x8bpal", "\xe2\x80\x8c\xe2\x80\x8d\xe2\x81\xa0",
		"\xef\xbb\xbf"
		"bom",
		"soft\xc2\xadhyphen", "\xcd\x8f\xe1\x85\x9f\xe1\x85\xa0\xe3\x85\xa4",
		"\xe2\x80\xa8line\xe2\x80\xa9para", "\xf3\xa0\x81\x81\xf3\xa0\x81\xbf",
		"\xef\xb8\x8f\xef\xb8\x8e", "\xef\xbf\xb9\xef\xbf\xbb", "\xe1\xa0\x8e",
		"\xf0\x9d\x85\xb3", "\xef\xbf\xbe\xef\xbf\xbf", "\xef\xbe\xa0",
		"\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d\xf0\x9f\x91\xa7",
		"\xf0\x9f\x8f\xb3\xef\xb8\x8f\xe2\x80\x8d\xf0\x9f\x8c\x88",
		"\xf0\x9f\x87\xaf\xf0\x9f\x87\xb5",
		"\xe4\xb8\x89\xe8\x8f\xb1\xe9\x9b\xbb\xe6\xa9\x9f", "\xef\xbc\xa1\xef\xbc\xa2",
		"p\xd0\xb0ypal", "\xd7\xa9\xd7\x9c\xd7\x95\xd7\x9d",
		"\xd8\xb3\xd9\x84\xd8\xa7\xd9\x85", "%s%n%x%d", "$(reboot)`id`", "=1+1", "<b>&amp;",
		"'); DROP TABLE host;--"};
	for (size_t i = 0; i < ARRAY_LENGTH(own); i++)
		add_payload(own[i], strlen(own[i]));
	add_payload("a\0b", 3);
	char many[1 + 2 * 60] = "e";
	for (int i = 0; i < 60; i++)
		memcpy(many + 1 + 2 * (size_t)i, "\xcc\x81", 2);
	add_payload(many, sizeof many);
}

/* Recorded sessions and conformance inputs, where the shared files are at hand. */
static void add_shared_payloads(const char *path)
{
	struct dirent **names;
	const int count = scandir(path, &names, NULL, alphasort);
	if (count < 0)
		print_message("%s is not here: own payloads alone\n", path);
	for (int i = 0; i < count; i++) {
		char file[1024], bytes[PAYLOAD_LIMIT];
		snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
		free(names[i]);
		FILE *in = fopen(file, "rb");
		const size_t length = in ? fread(bytes, 1, sizeof bytes, in) : 0;
		if (in)
			fclose(in);
		if (length > 0)
			add_payload(bytes, length);
	}
	if (count >= 0)
		free(names);
}

static void write_cell(FILE *out, struct span text, int number)
{
	putc('"', out);
	for (size_t i = 0; i < text.length; i++) {
		if (text.data[i] == '"')
			putc('"', out);
		putc(text.data[i], out);
	}
	if (number >= 0)
		fprintf(out, " %d", number);
	putc('"', out);
}

/* What a program's run said. */
struct run {
	int code;
	char *out, *err;
	size_t out_length, err_length;
};

static char *read_all(const char *path, size_t *length)
{
	FILE *in = fopen(path, "rb");
	assert_non_null(in);
	char *bytes = NULL, part[65536];
	FILE *out = open_memstream(&bytes, length);
	for (size_t count; (count = fread(part, 1, sizeof part, in)) > 0;)
		fwrite(part, 1, count, out);
	fclose(in);
	assert_int_equal(fclose(out), 0);
	unlink(path);
	return bytes;
}

static struct run run(const char *const *arguments)
{
	struct run result = {0};
	char out[160], err[160];
	snprintf(out, sizeof out, "%s/out", folder);
	snprintf(err, sizeof err, "%s/err", folder);
	const char *const program = build_path("breachx");
	const pid_t child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		const int flags = O_WRONLY | O_CREAT | O_TRUNC;
		if (dup2(open(out, flags, 0600), 1) < 0 || dup2(open(err, flags, 0600), 2) < 0 ||
			dup2(open("/dev/null", O_RDONLY), 0) < 0)
			_exit(126);
		setenv("LC_ALL", "C.UTF-8", 1);
		execv(program, (char *const *)(const void *)arguments);
		_exit(127);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	result.code = WEXITSTATUS(status);
	result.out = read_all(out, &result.out_length);
	result.err = read_all(err, &result.err_length);
	return result;
}

static void free_run(struct run *result)
{
	free(result->out);
	free(result->err);
}

/* A file of as many rows as there are payloads, each cell of which carries one. */
static void import_kind(const char *kind, const char *const *columns)
{
	char path[512];
	snprintf(path, sizeof path, "%s/%s %s", folder, kind, HOSTILE_NAME);
	FILE *out = fopen(path, "wb");
	assert_non_null(out);
	int count = 0;
	for (; columns[count]; count++)
		fprintf(out, "%s,", columns[count]);
	write_cell(out, span_string("\033]2;H\007\xe2\x80\xae\xc2\x9b"), -1);
	putc('\n', out);
	for (int row = 0; row < payload_count; row++) {
		for (int i = 0; i <= count; i++) {
			if (i > 0)
				putc(',', out);
			write_cell(out, payloads[(row + i) % payload_count], i == 0 ? row : -1);
		}
		putc('\n', out);
	}
	assert_int_equal(fclose(out), 0);
	const char *const arguments[] = {"breachx", "import", case_path, path, "--kind", kind,
		"--format", "csv", "--zone", "floating", "--keep", NULL};
	struct run result = run(arguments);
	if (result.code > 1)
		fail_msg("import of %s: %d, %s", kind, result.code, result.err);
	free_run(&result);
	unlink(path);
}

static bool is_invisible(uint32_t code)
{
	static const uint32_t ranges[][2] = {{0x7f, 0x9f}, {0xad, 0xad}, {0x34f, 0x34f},
		{0x61c, 0x61c}, {0x115f, 0x1160}, {0x17b4, 0x17b5}, {0x180b, 0x180f},
		{0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f}, {0x3164, 0x3164},
		{0xfe00, 0xfe0f}, {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff9, 0xfffb},
		{0xfffe, 0xffff}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff}};
	for (size_t i = 0; i < ARRAY_LENGTH(ranges); i++)
		if (code >= ranges[i][0] && code <= ranges[i][1])
			return true;
	return false;
}

/* Bytes of one sequence that terminfo's xterm-256color may hold, from ESC; 0: none of them. */
static size_t known_sequence(const char *bytes, size_t left)
{
	static const char *const whole[] = {"\033(B", "\033(0", "\033)0", "\033=", "\033>", "\0337",
		"\0338", "\033M", "\033[22;0;0t", "\033[23;0;0t", "\033[!p"};
	for (size_t i = 0; i < ARRAY_LENGTH(whole); i++)
		if (left >= strlen(whole[i]) && memcmp(bytes, whole[i], strlen(whole[i])) == 0)
			return strlen(whole[i]);
	if (left < 3 || bytes[1] != '[')
		return 0;
	size_t at = bytes[2] == '?' ? 3 : 2;
	while (at < left && strchr("0123456789;", bytes[at]))
		at++;
	if (at == left || !strchr(bytes[2] == '?' ? "hl" : "ABCDGHJKLMPSTXZ@bdhlmr", bytes[at]))
		return 0;
	return at + 1;
}

static void fail_at(const char *bytes, size_t at, size_t length, const char *where)
{
	char shown[512];
	size_t used = 0;
	for (size_t i = at > 40 ? at - 40 : 0; i < length && i < at + 40; i++)
		used += (size_t)snprintf(shown + used, sizeof shown - used,
			bytes[i] >= ' ' && bytes[i] < 0x7f ? "%c" : "\\x%02x",
			(unsigned char)bytes[i]);
	fail_msg("%s, byte %zu: %s", where, at, shown);
}

/* Where something else stands than printable text, the C0 in `controls`, and, on a terminal,
 * sequences of terminfo's; length: nowhere. */
static size_t unclean_at(const char *bytes, size_t length, const char *controls, bool terminal)
{
	for (size_t at = 0; at < length;) {
		uint32_t code = 0;
		size_t step = text_decode(bytes + at, length - at, &code);
		if (step == 0 || is_invisible(code))
			return at;
		if (code == 033)
			step = terminal ? known_sequence(bytes + at, length - at) : 0;
		else if (code < ' ' && !strchr(controls, (int)code))
			step = 0;
		if (step == 0)
			return at;
		at += step;
	}
	return length;
}

static void check_clean(
	const char *bytes, size_t length, const char *controls, bool terminal, const char *where)
{
	const size_t at = unclean_at(bytes, length, controls, terminal);
	if (at < length)
		fail_at(bytes, at, length, where);
}

static int build_case(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(folder));
	snprintf(case_path, sizeof case_path, "%s/hostile.breach", folder);
	add_own_payloads();
	own_count = payload_count;
	add_shared_payloads("../shared/hostile/terminal/xterm-js");
	add_shared_payloads("../shared/hostile/terminal/alacritty");
	static const struct {
		const char *kind;
		const char *columns[8];
	} kinds[] = {
		{"incident", {"name", "when", "summary", "as_known"}},
		{"site", {"name", "city", "country", "role"}},
		{"host", {"name", "role", "address", "first_seen"}},
		{"account", {"name", "owner_role"}},
		{"party", {"name", "sector", "country", "exposure"}},
		{"actor", {"name", "aliases", "type"}},
		{"technique", {"name", "attack_id", "tactic"}},
		{"data", {"name", "subject", "sensitivity", "exposure"}},
		{"document", {"title", "publisher", "published", "body"}},
		{"statement", {"gist", "speaker", "via", "channel", "quote", "said_on"}},
		{"claim", {"text", "act", "object", "qualifier", "scope", "period"}},
		{"event", {"message", "host", "account", "action", "time"}},
		{"indicator", {"value"}},
	};
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++)
		import_kind(kinds[i].kind, kinds[i].columns);
	return 0;
}

static int remove_case(void **state)
{
	(void)state;
	unlink(case_path);
	for (int i = 0; i < payload_count; i++)
		free((char *)(uintptr_t)payloads[i].data);
	return rmdir(folder);
}

static bool is_border(const char *bytes, bool ascii)
{
	static const char *const drawn[] = {"┏", "┗", "┃", "┌", "└", "│", "┓", "┛", "┐", "┘", "█"};
	static const char *const plain[] = {"#", "+", "|"};
	const char *const *borders = ascii ? plain : drawn;
	const size_t count = ascii ? ARRAY_LENGTH(plain) : ARRAY_LENGTH(drawn);
	for (size_t i = 0; i < count; i++)
		if (strcmp(bytes, borders[i]) == 0)
			return true;
	return false;
}

/* Each row between header and message line begins and ends in a border, in its column. */
static void check_borders(struct pty *pty, int width, int height, bool ascii, const char *where)
{
	for (int y = 1; y < height - 2; y++) {
		char first[8], last[8];
		snprintf(first, sizeof first, "%s", pty_cell(pty, 0, y));
		snprintf(last, sizeof last, "%s", pty_cell(pty, width - 1, y));
		if (!is_border(first, ascii) || !is_border(last, ascii))
			fail_msg("after `%s`, row %d: `%s`", where, y, pty_row(pty, y));
	}
}

static void walk(const char *option, const char *const *environment, int width, int height)
{
	static const char *const keys[] = {"j", "G", "gh", "j", " ", "\r", "\t", "\t\r", "<", "p",
		"\033", "P", " ", "G", "q", "r", "\r", "q", "gp", "\r", "P", "q", "gs", "j\r", "r",
		"gt", "G", "\r", "P", "gb", "ga", "\r", "gd", "P", "gi", "G", "\r", "gc", "\r", "e",
		"E", "gl", "\r", "gw", "\t", "\r", "go", "\r", "G", "P", "gm", "G", "p", "\033",
		"gb", ":incidents\r", "\r", "gh", "/a", "\r", "n", "n", "\033", "/\\x1b", "\r",
		"\033", "&[^a]\r", ",", "x", "]", "[", "l]", "*", "n", "j", "\r", "<", "P",
		"g/\\x1b|\\x{202e}\r", "j", "\r", "q", "n", "P", "q", "?", "G", "q", ":", "x",
		"\033", "/(", "\033", "g/[\r", "\033", "\xe2\x80\xae", "g\xc2\x9b", "gb", "O", "O"};
	struct pty *pty = explore(case_path, option, environment, width, height);
	const bool ascii = option != NULL;
	pty_wait_text(pty, "? help");
	pty_wait_quiet(pty, 200);
	for (size_t i = 0; i < ARRAY_LENGTH(keys); i++) {
		pty_send(pty, keys[i]);
		pty_wait_quiet(pty, 20);
		check_borders(pty, width, height, ascii, keys[i]);
	}
	/* Every row of two lists, page by page. */
	static const char *const lists[] = {"gh", "gs"};
	for (size_t i = 0; i < 2; i++) {
		pty_send(pty, lists[i]);
		pty_wait_quiet(pty, 100);
		for (int page = 0; page < 12; page++) {
			pty_send(pty, " ");
			pty_wait_quiet(pty, 15);
			check_borders(pty, width, height, ascii, "a page");
		}
	}
	size_t length = 0;
	const char *output = pty_output(pty, &length);
	assert_true(length > 50000);
	check_clean(output, length, "\r\n\b\x0e\x0f", true, "the terminal");
	pty_wait_quiet(pty, 100);
	quit_explorer(pty);
}

/* What the other tests do not find is not there. */
static void the_check_sees(void **state)
{
	(void)state;
	int seen = 0, seen_on_terminal = 0;
	for (int i = 0; i < own_count; i++) {
		const struct span text = payloads[i];
		seen += unclean_at(text.data, text.length, "\n", false) < text.length;
		seen_on_terminal += unclean_at(text.data, text.length, "\r\n", true) < text.length;
	}
	print_message("payloads: %d, of which %d own: %d unclean in a pipe, %d on a terminal\n",
		payload_count, own_count, seen, seen_on_terminal);
	assert_in_range(seen, 70, own_count);
	assert_in_range(seen_on_terminal, 55, seen);
}

static void nothing_hostile_reaches_the_terminal(void **state)
{
	(void)state;
	walk(NULL, NULL, 80, 24);
}

static void nor_a_larger_one(void **state)
{
	(void)state;
	walk(NULL, NULL, 200, 50);
}

static void nor_an_ascii_one(void **state)
{
	(void)state;
	static const char *const plain[] = {"TERM=screen-256color", "LANG=C", NULL};
	walk("--ascii", plain, 80, 24);
}

static void check_run(const char *const *arguments, int most)
{
	struct run result = run(arguments);
	char where[256];
	int used = 0;
	for (const char *const *at = arguments; *at && used < 200; at++)
		used += snprintf(where + used, sizeof where - (size_t)used, "%.40s ", *at);
	if (result.code > most)
		fail_msg("%s: exit code %d", where, result.code);
	check_clean(result.out, result.out_length, "\n", false, where);
	check_clean(result.err, result.err_length, "\n", false, where);
	free_run(&result);
}
#define CHECK_RUN(most, ...) check_run((const char *const[]){"breachx", __VA_ARGS__, NULL}, most)

static void nothing_hostile_is_printed(void **state)
{
	(void)state;
	static const char *const kinds[] = {"incident", "site", "host", "account", "party", "actor",
		"technique", "data", "document", "statement", "claim", "event", "indicator"};
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		CHECK_RUN(0, "list", case_path, kinds[i]);
		CHECK_RUN(0, "list", case_path, kinds[i], "--json");
		for (int id = 1; id <= payload_count; id += 11) {
			char record[64];
			snprintf(record, sizeof record, "%s:%d", kinds[i], id);
			CHECK_RUN(0, "show", case_path, record);
			CHECK_RUN(0, "show", case_path, record, "--json");
		}
	}
	CHECK_RUN(0, "info", case_path);
	CHECK_RUN(0, "info", case_path, "--json");
	CHECK_RUN(0, "verify", case_path);
	CHECK_RUN(0, "verify", case_path, "--json");
	CHECK_RUN(0, "doctor");
	static const char *const patterns[] = {".", "\\x1b", "\\x{202e}|\\x{200b}", "^$"};
	for (size_t i = 0; i < ARRAY_LENGTH(patterns); i++) {
		CHECK_RUN(1, "search", case_path, patterns[i]);
		CHECK_RUN(1, "search", case_path, "-l", patterns[i]);
		CHECK_RUN(1, "search", case_path, "-v", patterns[i]);
		CHECK_RUN(1, "search", case_path, "--json", patterns[i]);
	}
}

/* Exact bytes in a pipe; a terminal gets them like any other text. */
static void nor_as_csv_on_a_terminal(void **state)
{
	(void)state;
	static const char *const kinds[] = {"host", "document", "event"};
	for (size_t i = 0; i < ARRAY_LENGTH(kinds); i++) {
		const char *const arguments[] = {build_path("breachx"), "list", case_path, kinds[i],
			"--format", "csv", NULL};
		struct pty *pty = pty_start(
			&(struct pty_start){.arguments = arguments, .width = 200, .height = 50});
		assert_int_equal(pty_wait_end(pty), 0);
		size_t length = 0;
		const char *output = pty_output(pty, &length);
		assert_true(length > 5000);
		check_clean(output, length, "\r\n", false, kinds[i]);
		pty_end(pty);
		struct run piped = run(arguments);
		assert_int_equal(piped.code, 0);
		assert_true(
			unclean_at(piped.out, piped.out_length, "\n", false) < piped.out_length);
		free_run(&piped);
	}
}

static void nor_in_what_is_said_of_errors(void **state)
{
	(void)state;
	char path[512], strange[512];
	snprintf(path, sizeof path, "%s/%s.csv", folder, HOSTILE_NAME);
	FILE *out = fopen(path, "wb");
	fputs("name,\"\033]0;x\007\",type\nok,1,server\n\"\033[2J\n", out);
	fclose(out);
	snprintf(strange, sizeof strange, "%s/none %s", folder, HOSTILE_NAME);
	for (int i = 0; i < own_count; i++) {
		const char *payload = payloads[i].data;
		CHECK_RUN(5, "list", case_path, payload);
		CHECK_RUN(5, "list", case_path, "host", "--where", payload);
		CHECK_RUN(5, "list", case_path, "host", "--sort", payload);
		CHECK_RUN(5, "show", case_path, payload);
		CHECK_RUN(5, "search", case_path, "--kind", payload, ".");
		if (i % 8 == 0) {
			CHECK_RUN(5, payload);
			CHECK_RUN(5, "info", payload);
			CHECK_RUN(5, "import", case_path, payload);
			CHECK_RUN(5, "import", case_path, path, "--dry-run", "--map", payload);
			CHECK_RUN(5, "import", case_path, path, "--dry-run", "--set", payload);
			CHECK_RUN(5, "import", case_path, path, "--dry-run", "--zone", payload);
			CHECK_RUN(5, "import", case_path, path, "--dry-run", "--format", payload);
			CHECK_RUN(5, "--script", payload);
			CHECK_RUN(5, "--size", payload);
		}
	}
	CHECK_RUN(5, "import", case_path, path, "--dry-run");
	CHECK_RUN(5, "import", case_path, path, "--kind", "host", "--dry-run");
	CHECK_RUN(5, "import", case_path, strange);
	CHECK_RUN(5, "verify", strange);
	CHECK_RUN(5, strange);
	CHECK_RUN(5, path);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_check_sees),
		cmocka_unit_test(nothing_hostile_reaches_the_terminal),
		cmocka_unit_test(nor_a_larger_one),
		cmocka_unit_test(nor_an_ascii_one),
		cmocka_unit_test(nothing_hostile_is_printed),
		cmocka_unit_test(nor_as_csv_on_a_terminal),
		cmocka_unit_test(nor_in_what_is_said_of_errors),
	};
	return cmocka_run_group_tests(tests, build_case, remove_case);
}
