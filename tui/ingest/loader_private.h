/*
 * What loader*.c, import.c and preview.c share. Private to ingest/.
 */
#ifndef INGEST_LOADER_PRIVATE_H
#define INGEST_LOADER_PRIVATE_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "casefile/twin.h"
#include "ingest/loader.h"
#include "name_table.h"

#include <stdbool.h>
#include <stdint.h>

/* So many come back with a result; the case keeps more. */
#define LOADER_PROBLEMS_KEPT 100

struct input;
struct preview;

/* --set FIELD=VALUE */
struct setting {
	struct span name, value;
	bool taken;  /* a record has a place for it */
	bool unread; /* a time that is none, which was said */
};

/* A link by the source's own ids. from, to, type: numbers in loader.link_names. */
struct key_link {
	size_t from, to, type;
	size_t detail, detail_length; /* in loader.link_details ... */
	size_t more_length;           /* ... and behind it what else is said */
	enum kind from_kind, to_kind;
	int64_t line;
	uint64_t start, end; /* original bytes */
};

/* Its entry's spans point to what `text` owns. */
struct decision {
	struct journal_entry entry;
	struct record_id to;
	struct span detail;
	char *text;
};

/* The last time that was read: rows often have the one of the row before. */
struct last_time {
	char text[40];
	size_t length; /* 0: none */
	struct moment moment;
};

struct loader {
	struct case_file *file;     /* NULL in a dry run without a case */
	struct writer *writer;      /* NULL in a dry run */
	struct search_index *index; /* of what the writer brings */
	struct input *input;
	const struct import_options *options;
	struct import_result *result;
	struct zone *zone;
	struct last_time last_time;
	bool took_for_utc; /* it was said */
	bool told_of_hour; /* that a clock stood in an hour that its zone has twice or never */
	struct setting *settings;
	size_t setting_count;
	struct draft_cell *cells; /* of the draft at hand, with settings */
	size_t cell_capacity;
	struct moment *set_moments; /* one for each setting */
	struct buffer refanged;     /* value of the indicator at hand */
	struct buffer told_apart;   /* name of the technique at hand */

	/* Names of techniques, and by their numbers which of the ids each goes with. */
	struct name_table techniques, attack_ids;
	size_t *technique_ids;
	size_t technique_capacity;

	/* The unit at hand. */
	int64_t units;
	bool in_unit;
	int64_t unit_line;
	int64_t unit_records;
	bool unit_refused;
	bool unit_known; /* another source or unit told of it */
	int64_t ticks;

	struct twins *twins; /* NULL: no source of this format came before */
	bool twins_asked;
	int64_t told_otherwise, crowded; /* events, as TWIN_OTHERWISE and TWIN_CROWDED */

	struct name_table keys;
	struct record_id *key_records; /* by number in keys */
	size_t key_capacity;
	struct name_table link_names;
	struct buffer link_details;
	struct key_link *links;
	size_t link_count, link_capacity;
	struct decision *decisions;
	size_t decision_count, decision_capacity;
	struct preview *preview; /* NULL but in a dry run */
	struct buffer zoneless;  /* in a dry run: the column that would want --zone */
};

/* Settings and zone out of the options. ERROR_USAGE for what can't be. */
bool loader_begin(struct loader *loader, struct error *error) MUST_CHECK;
void loader_end(struct loader *loader);
/* Counts the unit at hand, if there is one. */
void loader_unit_end(struct loader *loader);
/* Keeps a problem, in the case and among those that come back. start, end: original bytes; -1:
 * none.
 */
bool loader_problem(struct loader *loader, int64_t line, int64_t start, int64_t end, bool skipped,
	const char *message, struct error *error) MUST_CHECK;
/* One name is one record, but a technique with another ATT&CK id is another one: the second of a
 * name is called by its id, too. For a draft whose cells are the loader's. */
bool loader_tell_apart(
	struct loader *loader, const struct draft *draft, struct error *error) MUST_CHECK;
/* Remembers what a source's own id names, for links. An id that is not stated names nothing. */
bool loader_remember(struct loader *loader, struct span key, struct record_id id,
	struct error *error) MUST_CHECK;
/* What a source's own id names, of this import first; kind KIND_NONE: of any kind. KIND_NONE in *id
 * when nothing has it. */
bool loader_find_key(struct loader *loader, struct span key, enum kind kind, struct record_id *id,
	struct error *error) MUST_CHECK;
/* The event of another source that a draft tells of again; 0: there is none. */
bool loader_find_twin(struct loader *loader, const struct draft *draft, int64_t *id,
	struct error *error) MUST_CHECK;
/* Says what else is to be said of such events. */
void loader_note_twins(struct loader *loader);
/* Counts the last unit and resolves links by key. */
bool loader_complete(struct loader *loader, struct error *error) MUST_CHECK;
/* Writes the decisions. */
bool loader_decide(struct loader *loader, struct error *error) MUST_CHECK;

/* Names and hashes the file that --original says the source was made from, if it does. */
bool custody_original(struct loader *loader, struct error *error) MUST_CHECK;
/* The same of the packed file that it was unpacked from, if it was. After input_finish. */
bool custody_container(struct loader *loader, const char *path, struct error *error) MUST_CHECK;
/* Says how the source, visible by now, differs from an earlier one of its name. That it can't be
 * told is only noted. */
void custody_differences(struct loader *loader);

/* file: the case that would take it; NULL: none yet. */
struct preview *preview_new(const struct case_file *file, struct error *error) MUST_CHECK;
void preview_free(struct preview *preview);
/* Takes a draft into account; told: this source, or an event of another, told of it before.
 * *there: the id of the record in the case that it would tell of again, 0: none. */
bool preview_add(struct preview *preview, const struct draft *draft, bool told, int64_t *there,
	struct error *error) MUST_CHECK;
/* As writer_mentions_left. */
int64_t preview_mentions_left(const struct preview *preview);
/* The text of the preview into result->preview, and what would be made into result->kinds. */
void preview_write(
	struct preview *preview, const struct loader *loader, struct import_result *result);

#endif
