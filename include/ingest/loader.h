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
#include "casefile/compare.h"
#include "casefile/journal.h"
#include "casefile/writer.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct case_file;
struct input_container;
struct loader;
struct unpack_entry;

struct import_options {
	const struct unpack_entry *member; /* of a zip; NULL: the file itself */
	struct input_container *container; /* from member to member (ingest/input.h); NULL */
	const char *format;                /* NULL: sniffed */
	const char *kind;                  /* NULL: as the format and header say */
	const char *const *map;            /* FIELD=COLUMN, NULL at the end; NULL: none */
	const char *const *set;            /* FIELD=VALUE */
	const char *original; /* file that it was made from, hashed and named; NULL: itself */
	const char *zone;     /* IANA name, offset, or "floating"; NULL: not stated */
	const char *dates;    /* "dmy" or "mdy": how 4/5/2020 is meant; NULL: not stated */
	bool gathered;        /* a folder's or zip's, not named itself */
	bool dry_run;
	bool keep;                 /* embed the source whatever its size */
	int64_t clock;             /* UTC microseconds, now */
	const atomic_bool *cancel; /* may be NULL */
	void (*progress)(
		void *context, int64_t bytes, int64_t size, int64_t rows); /* may be NULL */
	/* What came in of a file is about to be taken back, which may take as long as it took to
	 * come in; may be NULL. */
	void (*taking_back)(void *context);
	void *progress_context; /* of both */
};

/* What came of one file. Free with import_result_free. */
struct import_result {
	char *file;
	char format[32];
	const char *passed_over; /* why it was not read, though nothing is wrong; else NULL */
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
	char *original; /* name of what it was made from: packed, or stated; NULL */
	uint8_t original_sha256[HASH_SIZE];
	int64_t earlier;            /* the latest source of this name, with other bytes; 0: none */
	struct comparison compared; /* with that one */
	struct buffer differs;      /* the same in words */
	bool stopped;               /* the file is in, but was not compared: *cancel was set */
	struct buffer notes;        /* what was guessed or decided, a line each, safe to print */
	struct buffer preview;      /* --dry-run: text, safe to print */
	int64_t space;              /* --dry-run: bytes that the case would grow by, about */
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
/* The same for bytes at hand, which are called `name`. For tests and fuzzing. */
bool import_bytes(struct case_file *file, struct span bytes, const char *name,
	const struct import_options *options, struct import_result *result,
	struct error *error) MUST_CHECK;
void import_result_free(struct import_result *result);

/* Room for what a dry run saw. Bytes. */
struct import_space {
	int64_t needed; /* by all that is to come in */
	int64_t there;  /* of the case; 0: there is none */
	int64_t free;   /* where the case is, or would be; -1: not known */
	bool fat;       /* a FAT32 disk, on which a file ends at 4 GiB */
};
/* Looks at the disk; a case that is not there yet is needed, too. */
void import_space_look(struct import_space *space, const char *case_path);
/* In words, with a warning for each bound that would be met. */
void import_space_say(const struct import_space *space, struct buffer *out);

/* What a path given to import stands for: itself, the files of a folder (in byte order of their
 * paths, folders within included, links not followed), or a zip's members. What can't be read is an
 * item, too, so that the others come in and it is told of where it stands. */
struct import_item {
	char *path;
	struct unpack_entry *member; /* NULL: the file itself */
	char *left_out;              /* a sentence: why it is not to be read; NULL: it is */
	enum error_code code;        /* of what was left out; ERROR_NONE: nothing is lost by it */
	bool gathered;               /* from a folder or a zip */
};
struct import_list {
	const char *case_path; /* set first: what a folder holds of this case is left out */
	struct import_item *items;
	size_t count, capacity;
	size_t readable; /* of them, those that are not left out */
};
/* False only when the list can't be made: memory, and the bounds on depth and number. */
bool import_list_add(struct import_list *list, const char *path, struct error *error) MUST_CHECK;
void import_list_free(struct import_list *list);

/* ---- for formats ---- */

const struct import_options *loader_options(const struct loader *loader);
/* The zone of times without an offset: NULL when floating was asked for or nothing was said. */
const struct zone *loader_zone(const struct loader *loader);

/* Reads a time as its source states it: what has no offset is in the zone that was asked for.
 * A date-time without an offset when no zone was asked for is ERROR_USAGE and names `column`;
 * text that is no time is true with precision MOMENT_NONE. */
bool loader_time(struct loader *loader, struct span text, struct span column, struct moment *moment,
	struct error *error) MUST_CHECK;
/* Whether loader_time would stop at this text. */
bool loader_time_needs_zone(const struct loader *loader, struct span text);

/* Begins the next of the input's own units: its row, object or document. A unit is taken when a
 * record or link of it was, or nothing was said against it; else it counts as skipped. line: where
 * it begins, 0 where that says nothing. */
void loader_unit(struct loader *loader, int64_t line);
/* The unit at hand is one that another source gave already. */
void loader_duplicate(struct loader *loader);

/* A draft with byte ranges in decoded text. The --set values are added. A draft that the case
 * can't take (a word that a choice does not have ...) is left out with its reason; false only for
 * what ends the import. *id may be NULL; its id is 0 in a dry run or when left out. */
bool loader_record(struct loader *loader, const struct draft *draft, struct record_id *id,
	struct error *error) MUST_CHECK;

/* A link between two records that are there already, with a byte range in decoded text. */
bool loader_link(
	struct loader *loader, const struct draft_link *link, struct error *error) MUST_CHECK;
/* A link by the source's own ids, resolved when all is read; its spans are copied. An id that
 * nothing has becomes a placeholder record of its kind (KIND_NONE: the link is left out with a
 * remark). more: what else the source says of the link; it becomes an extra field, called as the
 * link's type, of the record that it leads from. */
struct draft_key_link {
	struct span from, to, type, detail, more;
	enum kind from_kind, to_kind;
	uint64_t start, end; /* decoded bytes */
};
bool loader_link_keys(
	struct loader *loader, const struct draft_key_link *link, struct error *error) MUST_CHECK;

/* A decision of the journal, written when all is read and sound: entry's spans are copied. to:
 * where a link leads, KIND_NONE for a field that is set. */
bool loader_decision(struct loader *loader, const struct journal_entry *entry, struct record_id to,
	struct span detail, struct error *error) MUST_CHECK;

/* The record that `kind:NAME` speaks of, NAME being the source's own id for it or its name; false
 * with kind KIND_NONE when there is none. In a dry run nothing that this import makes is there. */
bool loader_resolve(struct loader *loader, struct span text, struct record_id *id,
	struct error *error) MUST_CHECK;

/* What was asked for with --set NAME=...; not stated when it was not. */
struct span loader_setting(const struct loader *loader, const char *name);
/* The basis asked for with --set, else the given one: for drafts whose source does not say. */
enum basis loader_basis(const struct loader *loader, enum basis otherwise);

/* Says, once, that a column's times without an offset are UTC, since its format has them so. One
 * whose name says it (UtcTime) needs no word. */
void loader_took_for_utc(struct loader *loader, struct span column);

/* A line for the person: what was guessed, and how to ask for something else. */
void loader_note(struct loader *loader, const char *format, ...) PRINTF_LIKE(2, 3);

/* A decoded byte as the source has it, for what is said. */
unsigned long long loader_original(struct loader *loader, uint64_t decoded);

/* The unit at hand was skipped, and why. line 0: none. start, end: decoded bytes; -1: none. */
bool loader_skip(struct loader *loader, int64_t line, int64_t start, int64_t end,
	struct error *error, const char *format, ...) MUST_CHECK PRINTF_LIKE(6, 7);
/* A remark about a unit that was taken all the same. */
bool loader_remark(struct loader *loader, int64_t line, int64_t start, int64_t end,
	struct error *error, const char *format, ...) MUST_CHECK PRINTF_LIKE(6, 7);
/* Shows progress; false (ERROR_CANCELLED) when the person asked to stop. loader_record and
 * loader_skip do it; a format that reads long without either calls it now and then. */
bool loader_progress(struct loader *loader, struct error *error) MUST_CHECK;

#endif
