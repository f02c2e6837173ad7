/* What doctor says of the terminal. Looks and touches nothing. */
#include "screen/terminal.h"

#include <curses.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

void terminal_examine(struct terminal_facts *facts)
{
	*facts = (struct terminal_facts){
		.library = curses_version(),
		.is_terminal = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO),
		.utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
	};
	const char *name = getenv("TERM");
	int status;
	if (!name || setupterm(name, STDOUT_FILENO, &status) != OK)
		return;
	facts->known = true;
	int colors = tigetnum("colors");
	facts->colors = colors > 0 ? colors : 0;
	del_curterm(cur_term);
}
