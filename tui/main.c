/* argv to a subcommand, or to the explorer. Nothing else. */
#include "cli/cli.h"
#include "screen/explorer.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

/* Before a command line could be read, nothing else can be said. */
#define EXIT_USAGE 2

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

/* Evidence stands in this process's memory: a crash leaves none of it on a disk. Its files are for
 * its user alone, and nothing it might be made to run could gain rights. */
static void keep_to_itself(void)
{
	umask(077);
	setrlimit(RLIMIT_CORE, &(struct rlimit){0});
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
#ifndef __SANITIZE_ADDRESS__                /* which looks for leaks from outside */
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* where cores are piped the limit counts for nothing */
#endif
}

int main(int argc, char **argv)
{
	int code;
	if (argc < 1 || !hold_standard_descriptors())
		return EXIT_USAGE;
	keep_to_itself();
	/* A closed pipe or a full quota is an error to be told. */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	setlocale(LC_CTYPE, "");
	if (cli_main(argc, argv, explorer_options(), &code))
		return code;
	return explorer_main(argc, argv);
}
