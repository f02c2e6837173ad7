#include "cli/cli.h"
#include "commands.h"

#include "base/text.h"
#include "casefile/case.h"
#include "report/json.h"
#include "screen/terminal.h"
#include "search/pattern.h"

#include <getopt.h>
#include <locale.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

/* One fact, as a line or as a member. */
static void add(struct buffer *out, struct json *json, const char *name, const char *value)
{
	if (json) {
		json_string(json, name, value);
		return;
	}
	buffer_add_format(out, "%-12s ", name);
	text_visible(out, span_string(value), false);
	buffer_add_byte(out, '\n');
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);
	return value ? value : "not set";
}

static void add_example(struct buffer *out, struct json *json)
{
	struct error error = {0};
	char *path = case_example_path(&error);
	struct case_file *file =
		path ? case_open(path, &(struct case_options){.mode = CASE_READ}, &error) : NULL;
	add(out, json, "example", file ? path : error.message);
	case_close(file);
	free(path);
}

int cli_doctor(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	struct buffer out = {0};
	struct json members = {.out = &out}, *json = NULL;
	int option, code = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == '?')
			return cli_usage("doctor", "unknown option");
		json = &members;
	}
	if (argc != optind)
		return cli_usage("doctor", "it takes no case");
	struct terminal_facts terminal;
	struct utsname system;
	char text[128];
	terminal_examine(&terminal);
	if (json)
		json_open(json, NULL);
	add(&out, json, "breachx", BREACHX_VERSION);
	snprintf(text, sizeof text, "%d", CASE_SCHEMA_VERSION);
	add(&out, json, "schema", text);
	add(&out, json, "sqlite", case_sqlite_version());
	pattern_pcre2_version(text, sizeof text);
	add(&out, json, "pcre2", text);
	add(&out, json, "jit",
		pattern_jit_available() ? "works"
					: "refused by this system; the interpreter serves");
	add(&out, json, "ncurses", terminal.library);
	if (uname(&system) == 0) {
		snprintf(text, sizeof text, "%.40s %.40s %.40s", system.sysname, system.release,
			system.machine);
		add(&out, json, "system", text);
	}
	snprintf(text, sizeof text, "%ld", sysconf(_SC_NPROCESSORS_ONLN));
	add(&out, json, "processors", text);
	add(&out, json, "locale", setlocale(LC_CTYPE, NULL));
	add(&out, json, "utf8", terminal.utf8 ? "yes" : "no: --ascii is on by itself");
	add(&out, json, "TERM", environment("TERM"));
	add(&out, json, "terminfo", terminal.known ? "known" : "this TERM is not known");
	snprintf(text, sizeof text, "%d", terminal.colors);
	add(&out, json, "colours", text);
	add(&out, json, "NO_COLOR", environment("NO_COLOR"));
	add(&out, json, "terminal", terminal.is_terminal ? "yes" : "no");
	add(&out, json, "sandbox", "none in this version");
	add_example(&out, json);
	if (json) {
		json_close(json);
		buffer_add_byte(&out, '\n');
	}
	if (buffer_failed(&out))
		code = CLI_USAGE;
	else
		cli_write(buffer_span(&out), &code);
	buffer_free(&out);
	return cli_finish(code);
}
