/* breachx doctor: the first page of a bug report. */
#include "command.h"

#include "base/text.h"
#include "report/json.h"
#include "screen/terminal.h"
#include "search/pattern.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <unistd.h>

struct doctor_arguments {
	bool json;
};

static const struct option_info options[] = {CLI_JSON(struct doctor_arguments)};

struct facts {
	struct buffer out;
	struct json *json; /* NULL: lines */
};

static void add(struct facts *facts, const char *name, const char *value)
{
	if (facts->json) {
		json_string(facts->json, name, value);
		return;
	}
	buffer_add_format(&facts->out, "%-12s ", name);
	text_visible(&facts->out, span_string(value), false);
	buffer_add_byte(&facts->out, '\n');
}

static void add_number(struct facts *facts, const char *name, long number)
{
	if (facts->json)
		json_number(facts->json, name, number);
	else
		buffer_add_format(&facts->out, "%-12s %ld\n", name, number);
}

static const char *environment(const char *name)
{
	const char *value = getenv(name);
	return value ? value : "not set";
}

static void add_versions(struct facts *facts)
{
	char pcre2[128];
	pattern_pcre2_version(pcre2, sizeof pcre2);
	add(facts, "breachx", BREACHX_VERSION);
	add_number(facts, "schema", CASE_SCHEMA_VERSION);
	add(facts, "sqlite", case_sqlite_version());
	add(facts, "pcre2", pcre2);
	add(facts, "jit",
		pattern_jit_available() ? "works"
					: "refused by this system; the interpreter serves");
	add(facts, "unicode", text_unicode_version());
}

static void add_system(struct facts *facts)
{
	struct utsname system;
	if (uname(&system) == 0) {
		char text[128];
		snprintf(text, sizeof text, "%.40s %.40s %.40s", system.sysname, system.release,
			system.machine);
		add(facts, "system", text);
	}
	add_number(facts, "processors", sysconf(_SC_NPROCESSORS_ONLN));
	add(facts, "locale", setlocale(LC_CTYPE, NULL));
	add(facts, "sandbox", "none in this version");
}

static void add_terminal(struct facts *facts)
{
	struct terminal_facts terminal;
	terminal_examine(&terminal);
	add(facts, "ncurses", terminal.library);
	add(facts, "utf8", terminal.utf8 ? "yes" : "no: --ascii is on by itself");
	add(facts, "TERM", environment("TERM"));
	add(facts, "terminfo", terminal.known ? "known" : "this TERM is not known");
	add_number(facts, "colours", terminal.colors);
	add(facts, "NO_COLOR", environment("NO_COLOR"));
	add(facts, "terminal", terminal.is_terminal ? "yes" : "no");
}

static void add_example(struct facts *facts)
{
	struct error error = {0};
	char *path = case_example_path(&error);
	struct case_file *file =
		path ? case_open(path, &(struct case_options){.mode = CASE_READ}, &error) : NULL;
	add(facts, "example", file ? path : error.message);
	case_close(file);
	free(path);
}

static int run(int argc, char **argv)
{
	struct doctor_arguments arguments = {0};
	struct facts facts = {0};
	struct json json = {.out = &facts.out};
	int code = cli_read(&cli_doctor, argc, argv, &arguments, NULL);
	if (code != CLI_GO_ON)
		return code;
	code = CLI_FOUND;
	if (arguments.json) {
		facts.json = &json;
		json_open(&json, NULL);
	}
	add_versions(&facts);
	add_system(&facts);
	add_terminal(&facts);
	add_example(&facts);
	if (arguments.json)
		json_close_line(&json);
	cli_write(&facts.out, &code);
	buffer_free(&facts.out);
	return cli_finish(code);
}

const struct cli_command cli_doctor = {.name = "doctor",
	.about = "versions, JIT, terminal: the first page of a bug report",
	.operands = "",
	.examples = "\n"
		    "--json\n",
	.json = "one object with the same names.",
	.options = CLI_OPTIONS(options),
	.run = run};
