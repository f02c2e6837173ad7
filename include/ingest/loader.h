/*
 * ingest/loader.h: the one way from a format into a case.
 *
 * A loader takes drafts from a format and brings them into a case through casefile/writer.h, or
 * only counts and shows them (--dry-run). It holds what the person asked for (--kind, --map, --set,
 * --zone), resolves the source's own ids at the end (so that order inside a bundle does not
 * matter), and keeps the counts that the import's summary is made of.
 */
#ifndef INGEST_LOADER_H
#define INGEST_LOADER_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "base/zone.h"
#include "casefile/writer.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct import_options {
	const char *format;     /* NULL: sniffed */
	const char *kind;       /* NULL: as the format and header say */
	const char *const *map; /* FIELD=COLUMN, NULL at the end; NULL: none */
	const char *const *set; /* FIELD=VALUE */
	const char *zone;       /* IANA name, offset, or "floating"; NULL: not stated */
	const char *original;   /* --original FILE: the signed original of a text */
	bool dry_run;
	bool keep;                 /* embed the source whatever its size */
	int64_t clock;             /* UTC microseconds, now */
	const atomic_bool *cancel; /* may be NULL */
	void (*progress)(
		void *context, int64_t bytes, int64_t size, int64_t rows); /* may be NULL */
	void *progress_context;
};

/* What came of one file. Free with import_result_free. */
struct import_result {
	char *file;
	char format[32];
	uint8_t sha256[HASH_SIZE];
	int64_t bytes;
	int64_t rows;      /* units taken, as an independent reader counts them */
	int64_t skipped;   /* units skipped */
	int64_t duplicate; /* units that another source already gave, byte for byte or by key */
	int64_t problem_count;
	int64_t kinds[KIND_COUNT]; /* records made */
	bool already;              /* a byte-identical file was in the case: nothing was added */
	int64_t source;            /* 0 in a dry run */
	struct import_problem *problems; /* the first 100 */
	size_t problems_kept;
	struct buffer preview; /* --dry-run: text to print */
};

struct import_problem {
	int64_t line, start;
	bool skipped;
	char *message;
};

/* Imports one file (or "-") into a case that is open for writing; in a dry run file may be NULL.
 * False when nothing was imported; then the case is as before. Skipped units are no error. */
bool import_file(struct case_file *file, const char *path, const struct import_options *options,
	struct import_result *result, struct error *error) MUST_CHECK;
void import_result_free(struct import_result *result);

/* ---- for formats ---- */

const struct import_options *loader_options(const struct loader *loader);
/* The zone of times without an offset: NULL when floating was asked for or nothing was said. */
const struct zone *loader_zone(const struct loader *loader);

/* A draft with byte ranges in decoded text. The --set values are added. A draft that the case
 * can't take (a word that a choice does not have ...) is skipped with its reason; false only for
 * what ends the import. *id may be NULL; 0 in a dry run or when skipped. */
bool loader_record(struct loader *loader, const struct draft *draft, struct record_id *id,
	struct error *error) MUST_CHECK;

/* A link between two records made already. */
bool loader_link(struct loader *loader, struct record_id from, const char *type,
	struct record_id to, uint64_t start, uint64_t end, struct error *error) MUST_CHECK;
/* A link by the source's own ids, resolved when all is read. An id that nothing has becomes a
 * placeholder record of `kind` (KIND_NONE: the link is listed as a problem). */
bool loader_link_keys(struct loader *loader, struct span from, const char *type, struct span to,
	enum kind from_kind, enum kind to_kind, uint64_t start, uint64_t end,
	struct error *error) MUST_CHECK;

/* One of the input's own units was read: its row, object or document. */
void loader_unit(struct loader *loader);
/* One was skipped, and why. line 0: none. start, end: decoded bytes; -1: none. */
bool loader_skip(struct loader *loader, int64_t line, int64_t start, int64_t end,
	struct error *error, const char *format, ...) MUST_CHECK PRINTF_LIKE(6, 7);
/* A remark about a unit that was taken all the same. */
bool loader_remark(struct loader *loader, int64_t line, int64_t start, int64_t end,
	struct error *error, const char *format, ...) MUST_CHECK PRINTF_LIKE(6, 7);
/* Call now and then: shows progress; false (ERROR_CANCELLED) when the person asked to stop. */
bool loader_progress(struct loader *loader, struct error *error) MUST_CHECK;

#endif
