/* argv to a subcommand, or to the explorer. Nothing else. */
#include "cli/cli.h"
#include "screen/explorer.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

/* A case must never be opened as descriptor 0, 1 or 2, where messages go: a closed one is held by a
 * file on which what it is for fails. */
static bool hold_standard_descriptors(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
			open("/dev/null", fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			return false;
	return true;
}

int main(int argc, char **argv)
{
	if (!hold_standard_descriptors())
		return CLI_USAGE;
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
