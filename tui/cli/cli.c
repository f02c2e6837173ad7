/* The table of subcommands, the help made from it, and what becomes of a word that is none. */
#include "cli/cli.h"

#include "base/near.h"
#include "command.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const struct cli_command *const commands[] = {&cli_new, &cli_import, &cli_list, &cli_show,
	&cli_search, &cli_info, &cli_verify, &cli_undo_import, &cli_attach, &cli_doctor};

/* Named in the design and not there yet: what serves meanwhile. */
static const struct {
	const char *name, *instead;
} later[] = {
	{"check", "`breachx verify` checks the file; e in the explorer walks the disputed claims"},
	{"export", "`breachx list CASE KIND --format csv` or json writes records out"},
	{"report", "`breachx show CASE KIND:ID` prints a record with its source"},
	{"keys", "? in the explorer lists its keys"},
	{"completion", "`breachx --help` lists the commands"},
};

static const char exit_codes[] =
	"\nExit codes:\n"
	"    0  found, or clean; list, show and info also when there is nothing\n"
	"    1  nothing found; or rows were skipped, sources are absent\n"
	"    2  usage: a word, a pattern or a file that is not what it should be\n"
	"    3  the case: missing, locked, damaged, newer, not to be read\n"
	"    4  undecided cells, cancelled, a bound was met, or not all could be written\n"
	"    5  integrity: bytes are not what they were\n"
	"  130  interrupted\n";

static const struct cli_command *find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LENGTH(commands); i++)
		if (strcmp(commands[i]->name, name) == 0)
			return commands[i];
	return NULL;
}

static int print(struct buffer *out)
{
	int code = CLI_FOUND;
	cli_write(out, &code);
	buffer_free(out);
	return cli_finish(code);
}

static int help(const struct option_table *explorer)
{
	struct buffer out = {0};
	buffer_add_string(&out,
		"Breach Explorer: the case file of a security breach, in a terminal.\n\n"
		"  breachx                 the bundled case\n"
		"  breachx my.breach       a case\n"
		"  breachx list --help     what a command takes, with examples\n\n");
	options_usage(explorer, "usage: breachx [CASE]", &out);
	buffer_add_byte(&out, '\n');
	options_help(explorer, &out);
	buffer_add_string(&out, "  -h, --help            this page\n"
				"  --version             the version of this program\n"
				"\nCommands:\n");
	for (size_t i = 0; i < ARRAY_LENGTH(commands); i++)
		buffer_add_format(&out, "  %-14s %s\n", commands[i]->name, commands[i]->about);
	buffer_add_string(
		&out, "\n@example names the bundled case wherever a case is asked for.\n");
	buffer_add_string(&out, exit_codes);
	return print(&out);
}

static const char *instead_of(const char *word)
{
	for (size_t i = 0; i < ARRAY_LENGTH(later); i++)
		if (strcmp(word, later[i].name) == 0)
			return later[i].instead;
	return NULL;
}

static const char *near_command(const char *word)
{
	for (size_t i = 0; i < ARRAY_LENGTH(commands); i++)
		if (word_is_near(span_string(word), commands[i]->name))
			return commands[i]->name;
	return NULL;
}

/* A word that was meant as a command and is none. */
static int unknown_command(const char *word)
{
	const char *instead = instead_of(word), *near = near_command(word);
	if (instead)
		cli_say("%s is not in this version; %s", word, instead);
	else if (near)
		cli_say("there is no command `%s`; did you mean `breachx %s`?", word, near);
	else
		cli_say("there is no command `%s`; `breachx --help` lists them", word);
	return CLI_USAGE;
}

static int missing_case(const char *word)
{
	/* A name with a dot or a folder was not meant as a command. */
	const char *near = strpbrk(word, "./") ? NULL : near_command(word);
	if (near)
		cli_say("there is no case %s; `breachx new` makes one; or did you mean `breachx "
			"%s`?",
			word, near);
	else
		cli_say("there is no case %s; `breachx new` makes one, and `breachx --help` lists "
			"the commands",
			word);
	return CLI_CASE;
}

/* Whether the first word is no case that the explorer could open; says so. */
static bool refuse(int argc, char **argv, int *code)
{
	const char *word = argv[1];
	struct stat status;
	bool missing = word[0] != '-' && word[0] != '@' && word[0] != '\0' &&
		       lstat(word, &status) != 0 && errno == ENOENT;
	bool more = argc > 2 && argv[2][0] != '-';
	if (!missing && !instead_of(word))
		return false;
	*code = instead_of(word) || more ? unknown_command(word) : missing_case(word);
	return true;
}

/* `breachx -R --help` and the like. */
static bool asks_help(int argc, char **argv)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0)
			return true;
	return false;
}

bool cli_main(int argc, char **argv, const struct option_table *explorer, int *code)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct cli_command *command = find(word);
	char *topic[] = {NULL, (char[]){"--help"}, NULL};
	if (command)
		cli_catch_signals();
	if (strcmp(word, "help") == 0 && argc > 2) {
		command = find(argv[2]);
		if (!command) {
			*code = unknown_command(argv[2]);
			return true;
		}
		topic[0] = argv[2];
		*code = command->run(2, topic);
	} else if (command) {
		*code = command->run(argc - 1, argv + 1);
	} else if (strcmp(word, "help") == 0 || asks_help(argc, argv)) {
		*code = help(explorer);
	} else if (strcmp(word, "--version") == 0) {
		struct buffer out = {0};
		buffer_add_string(&out, "breachx " BREACHX_VERSION "\n");
		*code = print(&out);
	} else {
		return argc > 1 && refuse(argc, argv, code);
	}
	return true;
}
