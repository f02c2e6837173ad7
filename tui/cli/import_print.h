/*
 * cli/import_print.h: what is said of an imported file.
 */
#ifndef CLI_IMPORT_PRINT_H
#define CLI_IMPORT_PRINT_H

#include "ingest/loader.h"

#include <stdbool.h>

/* Remarks and problems on stderr, then the summary or the JSON line on stdout. *code is set when
 * that can't be written. */
void import_print(const struct import_result *result, bool dry_run, bool as_json, int *code);
/* The JSON line of what a folder holds and could not be read. */
void import_print_left_out(const struct import_item *item, const char *why, int *code);

#endif
