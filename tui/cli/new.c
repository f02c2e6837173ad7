/* breachx new: an empty case, or a writable copy of another one. */
#include "command.h"

#include "report/json.h"

struct new_arguments {
	const char *from;
	bool json;
};

static const struct option_info options[] = {
	{OPTION_TEXT(struct new_arguments, from), .name = "from", .value = "CASE",
		.about = "a copy of this one; @example is the bundled case"},
	CLI_JSON(struct new_arguments),
};

static int tell(const char *path, bool as_json)
{
	int code = CLI_FOUND;
	if (!as_json) {
		cli_say("made %s", path);
		return code;
	}
	struct buffer line = {0};
	struct json json = {.out = &line};
	json_open(&json, NULL);
	json_string(&json, "case", path);
	json_close_line(&json);
	cli_write(&line, &code);
	buffer_free(&line);
	return code;
}

static int run(int argc, char **argv)
{
	struct new_arguments arguments = {0};
	struct error error = {0};
	int code = cli_read(&cli_new, argc, argv, &arguments, NULL);
	if (code != CLI_GO_ON)
		return code;
	if (!case_create(argv[1], arguments.from, &error))
		return cli_fail(&error);
	return cli_finish(tell(argv[1], arguments.json));
}

const struct cli_command cli_new = {.name = "new",
	.about = "an empty case, or a writable copy of one",
	.operands = "CASE",
	.examples = "my.breach\n"
		    "my.breach --from @example\n",
	.notes = "Nothing is written over a file that is there.",
	.json = "one object: case.",
	.options = CLI_OPTIONS(options),
	.run = run};
