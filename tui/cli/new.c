/* breachx new: an empty case, or a writable copy of another one. */
#include "base/buffer.h"
#include "casefile/case.h"
#include "cli/cli.h"
#include "commands.h"
#include "report/json.h"

#include <getopt.h>

static int said(const char *path, bool as_json)
{
	if (!as_json) {
		cli_say("made %s", path);
		return CLI_FOUND;
	}
	int code = CLI_FOUND;
	struct buffer line = {0};
	struct json json = {.out = &line};
	json_open(&json, NULL);
	json_string(&json, "case", path);
	json_close(&json);
	buffer_add_byte(&line, '\n');
	cli_write(buffer_span(&line), &code);
	buffer_free(&line);
	return cli_finish(code);
}

int cli_new(int argc, char **argv)
{
	static const struct option options[] = {
		{"from", required_argument, NULL, 'f'}, {"json", no_argument, NULL, 'j'}, {0}};
	const char *from = NULL;
	bool as_json = false;
	struct error error = {0};
	int option;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == '?')
			return cli_usage("new", "what is %s?", argv[optind - 1]);
		if (option == 'j')
			as_json = true;
		else
			from = optarg;
	}
	if (argc - optind != 1)
		return cli_usage("new", "name one case to make");
	if (!case_create(argv[optind], from, &error))
		return cli_fail(&error);
	return said(argv[optind], as_json);
}
