/*
 * cli/commands.h: the subcommands, each in the file of its name.
 */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

int cli_new(int argc, char **argv);
int cli_import(int argc, char **argv);
/* What can be imported, for import --help. */
void cli_import_formats(void);
int cli_list(int argc, char **argv);
int cli_show(int argc, char **argv);
int cli_search(int argc, char **argv);
int cli_info(int argc, char **argv);
int cli_verify(int argc, char **argv);
int cli_undo_import(int argc, char **argv);
int cli_attach(int argc, char **argv);
int cli_doctor(int argc, char **argv);

#endif
