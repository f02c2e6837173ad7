/* argv to a subcommand, or to the explorer. Nothing else. */
#include "cli/cli.h"
#include "screen/explorer.h"

#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

int main(int argc, char **argv)
{
	/* Files of this program are for its user alone; a closed pipe is an error to be told. */
	umask(077);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	setlocale(LC_CTYPE, "");
	if (argc < 1)
		return CLI_USAGE;
	if (argc > 1) {
		const struct cli_command *command = cli_find(argv[1]);
		if (command) {
			if (argc > 2 && strcmp(argv[2], "--help") == 0)
				return cli_help_command(command);
			return command->run(argc - 1, argv + 1);
		}
		if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
			cli_help(stdout);
			return cli_finish(0);
		}
		if (strcmp(argv[1], "--version") == 0) {
			cli_version();
			return cli_finish(0);
		}
	}
	return explorer_main(argc, argv);
}
