/*
 * The functions that rows of the format table point to. Private to ingest/: a format adds its two
 * lines here and its row in formats.c.
 */
#ifndef INGEST_FORMAT_TABLE_H
#define INGEST_FORMAT_TABLE_H

#include "base/error.h"
#include "base/span.h"
#include "ingest/input.h"
#include "ingest/loader.h"

#include <stdbool.h>

int table_sniff(struct span head, bool whole, struct span name);
bool table_read(struct input *input, struct loader *loader, struct error *error) MUST_CHECK;

int document_sniff(struct span head, bool whole, struct span name);
bool document_read(struct input *input, struct loader *loader, struct error *error) MUST_CHECK;

/* Whether a file name ends in one of these, in any case: ".csv .tsv". */
bool name_ends(struct span name, const char *endings);

#endif
