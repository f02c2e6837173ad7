/*
 * casefile/writer.h: bringing the records of one source into a case, as one act.
 *
 *	struct writer *writer = writer_begin(file, &source, &error);
 *	writer_record(writer, &draft, &id, &error) ...
 *	writer_finish(writer, &error)	-- or writer_abandon
 *
 * Rows go in by short commits while the source is `loading`, so nothing of it is visible until
 * writer_finish's last small commit; what a crash leaves is swept away at the next open for
 * writing. Named records are found or made by their normalised name, with a mention for each
 * source; so is a record that a draft says it tells of again. A field that a first source filled
 * and this one fills otherwise is kept as an extra field of the record. Judgement fields (kinds.h)
 * are never set here: they go to extra.
 */
#ifndef CASEFILE_WRITER_H
#define CASEFILE_WRITER_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/moment.h"
#include "base/span.h"
#include "casefile/case.h"
#include "casefile/record.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

/* What is known of a source before it is read. */
struct writer_source {
	struct span name;
	struct span format;
	struct span importer;
	struct span options;
	struct span zone; /* not stated: none needed */
	int64_t imported; /* UTC microseconds */
	/* Looked at between statements, and until the source becomes visible: once it is set, what
	 * writes fails with ERROR_CANCELLED. It outlives the writer; NULL: never. */
	const atomic_bool *cancel;
};

struct draft_cell {
	int field;                   /* index in the kinds table, or CELL_EXTRA */
	struct span name;            /* of an extra cell */
	struct span text;            /* a reference: the name it refers to */
	int64_t reference;           /* a reference: its id, when it is known; 0: found by text */
	const struct moment *moment; /* FIELD_TIME: how the words are read; NULL: not read */
};

/* A named record that an event speaks of beside its fields: one that is there, or made of this. It
 * stands in the edge summary, not as a field or link of each event. */
struct draft_mention {
	enum kind kind;
	struct span name;
	int field; /* one more field of a record that is made, CELL_EXTRA: none */
	struct span text;
	int64_t id; /* set by what writes the draft; 0: it names nothing, or nothing was written */
};

/* More of one event are not taken. */
#define DRAFT_MENTIONS_MOST 16
/* Records that a source makes or tells of by nothing but mentions. Events that mention more of them
 * keep their text, which search finds: what is different in every event leads nowhere. */
#define WRITER_MENTIONED_MOST 100000

struct draft {
	enum kind kind;
	enum basis basis;
	struct span by;
	bool stands_stated; /* false: not stated */
	int64_t stands_min, stands_max;
	uint64_t start, end; /* bytes of the source */
	struct span key;     /* the source's own id for it; may be not stated */
	bool lasting;        /* the key means the same in every source: a UUID, an incident's id */
	bool shared;         /* many units speak of it: that it is known says nothing of this one */
	int64_t again;       /* a record of this kind that the key names already, where it has no
			      * name to be found by; 0: none. A placeholder is not told of again:
			      * the draft becomes a record of its own */
	bool newer;          /* than what this source said of it: its fields take their place */
	const char *natural; /* of an event: the cells that tell it from all others of its time, `+`
			      * between them, `|` between sets of which the first that is stated
			      * counts; extra ones by their names. NULL: nothing does */
	const struct draft_cell *cells;
	size_t cell_count;
	struct draft_mention *mentions; /* of a large kind only; at most DRAFT_MENTIONS_MOST */
	size_t mention_count;
};

/* A draft of one observed thing with no cells. */
#define DRAFT(kind_) \
	((struct draft){.kind = (kind_), .stands_stated = true, .stands_min = 1, .stands_max = 1})

struct writer;

/* Starts a source in state `loading`. The case must be open for writing, only one writer is at work
 * on it, and nothing else uses this connection but after writer_settle. */
struct writer *writer_begin(
	struct case_file *file, const struct writer_source *source, struct error *error) MUST_CHECK;

/* The source's id. */
int64_t writer_source_id(const struct writer *writer);

/* ERROR_CANCELLED once the source's flag is set. For a hook, on either thread. */
bool writer_goes_on(const struct writer *writer, struct error *error) MUST_CHECK;

/* Where a block's text goes beside the case's own tables: the index of search, which this storey
 * knows nothing of. `block` is called when a block was written, inside a transaction; `finish`
 * once, outside of one and before the source becomes visible. Neither is called after a failure or
 * by writer_abandon: whatever they wrote about blocks that are not there must do no harm. */
struct written_block {
	int64_t id;
	enum kind kind;
	int64_t first, records;
	struct span text; /* valid during the call */
};

struct writer_block_hook {
	/* On the caller's thread or the writer's own. */
	void (*block)(void *context, const struct written_block *block);
	bool (*finish)(void *context, struct case_file *file, struct error *error);
	void *context;
};

/* Before the first record. */
void writer_set_block_hook(struct writer *writer, const struct writer_block_hook *hook);

/* Adds a record, or a mention of the one with its name; its id into *id, *made (may be NULL) says
 * which. A time cell's words are stored as they are. ERROR_INPUT for a word that a choice does not
 * have, for a number that is none and for a record without the name its kind needs: nothing of the
 * draft was written, the caller skips the unit and goes on. A name that is referred to becomes a
 * record of its kind where there is none, with the draft's byte range and basis (a placeholder
 * refers to what is reported); words that name nothing (record_names) are kept as an extra field. A
 * record that was spoken of by name alone, here or in another source, is filled by the first that
 * tells more of it. */
bool writer_record(struct writer *writer, const struct draft *draft, int64_t *id, bool *made,
	struct error *error) MUST_CHECK;

/* This source tells of an event that is there, of another source, in the same words: a mention of
 * it and of what it refers to. */
bool writer_again(struct writer *writer, const struct draft *draft, int64_t id,
	struct error *error) MUST_CHECK;

/* One more extra field of a record that is there, of a small kind: what this source says of it
 * beside its draft. Nothing when it says the same already. */
bool writer_extra(struct writer *writer, struct record_id id, struct span name, struct span value,
	struct error *error) MUST_CHECK;

/* A link that this source states, between records that are there. */
struct draft_link {
	struct record_id from, to;
	struct span type;
	struct span detail; /* may be not stated */
	enum basis basis;
	uint64_t start, end; /* bytes of the source */
};
bool writer_link(
	struct writer *writer, const struct draft_link *link, struct error *error) MUST_CHECK;

/* Waits until what was given so far is written, but for the events of the block at hand. Before the
 * next record the case may then be used beside the writer; not otherwise, since a thread of the
 * writer's writes events. */
bool writer_settle(struct writer *writer, struct error *error) MUST_CHECK;

/* Remembers a unit that was skipped, or a remark about one that was kept (skipped false). line 0:
 * none; start -1: none. Only the first 10,000 are kept as rows; all are counted by the caller. */
bool writer_problem(struct writer *writer, int64_t line, int64_t start, int64_t end, bool skipped,
	const char *message, struct error *error) MUST_CHECK;

/* The bytes of the source, to be kept in the case. */
bool writer_keep(struct writer *writer, struct span content, struct error *error) MUST_CHECK;

struct writer_totals {
	int64_t size;
	uint8_t sha256[HASH_SIZE];
	int64_t taken, skipped, duplicate;
	/* The file that these bytes were made from: packed, or the signed one of a text. Name not
	 * stated: they are the file's own. */
	struct span original_name;
	uint8_t original_sha256[HASH_SIZE];
	/* Where the bytes can be read again (casefile/source.h); not stated: nowhere, or need not.
	 */
	struct span path;
};

/* Makes the source visible and frees the writer, whatever comes of it. On an error the source is
 * taken back. */
bool writer_finish(
	struct writer *writer, const struct writer_totals *totals, struct error *error) MUST_CHECK;
/* Takes back what was written and frees the writer. */
void writer_abandon(struct writer *writer);

/* Mentions of records beyond WRITER_MENTIONED_MOST, which were left to the events' text. */
int64_t writer_mentions_left(const struct writer *writer);

/* Records made so far, by kind. */
int64_t writer_made(const struct writer *writer, enum kind kind);

/* Takes a source back whose import did not end: its rows, in short commits, and then itself. */
bool writer_sweep_source(struct case_file *file, int64_t source, struct error *error) MUST_CHECK;

/* Sweeps sources that are still `loading` (a crash left them). Appends one sentence a source to
 * notice. Called by case_open for writing. */
bool writer_sweep(struct case_file *file, struct buffer *notice, struct error *error) MUST_CHECK;

#endif
