/*
 * ingest/format.h: the formats that can be imported, as a table.
 *
 * A format recognises a file by its content and reads it, pushing what it finds into a loader. It
 * sees decoded UTF-8 through an input (ingest/input.h), gives byte ranges in that text (the loader
 * turns them into the original's), and never decides anything: status, roles and stances are a
 * reviewer's. Adding one: a file in tui/ingest/ and a row in formats.c.
 */
#ifndef INGEST_FORMAT_H
#define INGEST_FORMAT_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

struct input;
struct loader;

struct format {
	const char *name;  /* --format NAME, source.format */
	const char *about; /* one line for `import --help` and doctor */
	bool takes_kind;   /* --kind says what its rows are, --map where its columns go */
	bool refused;      /* recognised only to say what to run first; `about` says it */
	bool accompanies;  /* refused, but what a folder or zip brings along is passed over */
	/* How sure it is that a file with this beginning (at most 64 KiB, decoded; `whole` when it
	 * is all of it) is of this format: 0 no, 100 beyond doubt. name: the file's, a hint at
	 * most. */
	int (*sniff)(struct span head, bool whole, struct span name);
	/* Reads all of it. Returns false on an error that ends the import (out of memory, I/O,
	 * cancelled, or input so broken that nothing can be read); a bad unit is given to
	 * loader_skip and reading goes on. */
	bool (*read)(struct input *input, struct loader *loader, struct error *error);
};

/* All of them, most specific first. */
const struct format *format_table(size_t *count);
const struct format *format_find(struct span name);
/* The surest; NULL when none recognises it. */
const struct format *format_sniff(struct span head, bool whole, struct span name);

#endif
