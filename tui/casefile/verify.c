#include "casefile/verify.h"

#include "base/memory.h"
#include "base/text.h"
#include "casefile/block.h"
#include "casefile/journal.h"
#include "casefile/source.h"
#include "casefile/statement.h"
#include "casefile/visible.h"
#include "field_names.h"
#include "kind_sql.h"
#include "source_private.h"

#include <assert.h>
#include <inttypes.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Findings of one sort are alike; the first few tell. */
#define MOST_FINDINGS "20"
/* Steps of SQLite's machine between two looks at the cancel flag: well below a millisecond. */
#define STEPS_BETWEEN_LOOKS 10000

struct verifier {
	const struct case_file *file;
	const struct verify_options *options;
	struct verify_result *result;
	const char *step;
	int64_t done;
	int64_t total;
	int64_t unquoted; /* the source whose quotes were last said not to be checked */
	int *fields;      /* of the kind at hand, by their numbers in blocks */
	size_t field_count;
	struct buffer kept; /* findings of the step at hand: severity, message, NUL */
	bool told;          /* some of them were given on already */
};

/* Bytes of findings that are kept for the end of their step. */
#define KEPT_MOST ((size_t)1 << 20)

/* A number that stands for no field: CELL_EXTRA is one. */
#define CELL_OF_NOTHING (-2)

static bool go_on(struct verifier *verifier)
{
	const struct verify_options *options = verifier->options;
	return !options->go_on ||
	       options->go_on(options->context, verifier->step, verifier->done, verifier->total);
}

static int stop_statement(void *verifier)
{
	return !go_on(verifier);
}

static void step(struct verifier *verifier, const char *name)
{
	verifier->step = name;
	verifier->done = 0;
	verifier->total = 0;
}

/* Gives on what was found so far. */
static void tell(struct verifier *verifier)
{
	const struct verify_options *options = verifier->options;
	for (size_t at = 0; at < verifier->kept.length;) {
		const char *finding = verifier->kept.data + at;
		options->found(options->context,
			&(struct verify_finding){
				.severity = finding[0] == 'e' ? VERIFY_ERROR : VERIFY_NOTE,
				.message = finding + 1});
		at += strlen(finding) + 1;
	}
	verifier->told |= verifier->kept.length > 0;
	buffer_clear(&verifier->kept);
}

static void found(struct verifier *verifier, enum verify_severity severity, const char *format, ...)
	PRINTF_LIKE(3, 4);

static void found(struct verifier *verifier, enum verify_severity severity, const char *format, ...)
{
	char message[ERROR_MESSAGE_SIZE];
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(message, sizeof message, format, arguments);
	va_end(arguments);
	if (severity == VERIFY_ERROR)
		verifier->result->errors++;
	else
		verifier->result->notes++;
	if (!verifier->options->found)
		return;
	buffer_add_byte(&verifier->kept, severity == VERIFY_ERROR ? 'e' : 'n');
	buffer_add(&verifier->kept, message, strlen(message) + 1);
	if (verifier->kept.length > KEPT_MOST)
		tell(verifier);
}

/* What is wrong with the case becomes a finding and is no failure; the rest is. Nobody but the case
 * says which sources and bytes are asked for here, so that asking for none is its fault as well. */
static bool absorb(struct verifier *verifier, const struct error *error)
{
	switch (error->code) {
	case ERROR_CASE_DAMAGED:
	case ERROR_CASE_FOREIGN:
	case ERROR_INTEGRITY:
	case ERROR_LIMIT:
	case ERROR_USAGE:
		found(verifier, VERIFY_ERROR, "%s", error->message);
		return true;
	case ERROR_NONE:
	case ERROR_MEMORY:
	case ERROR_IO:
	case ERROR_CASE_IO:
	case ERROR_INPUT:
	case ERROR_PATTERN:
	case ERROR_CASE_MISSING:
	case ERROR_CASE_LOCKED:
	case ERROR_CASE_NEWER:
	case ERROR_CANCELLED:
	case ERROR_TERMINAL:
		break;
	}
	return false;
}

/* Runs a statement and hands on its rows. What is wrong with the case ends it with a finding. */
static bool each_row(struct verifier *verifier, struct statement *select,
	bool (*take)(struct verifier *, const struct statement *, struct error *),
	struct error *error)
{
	enum statement_result result = STATEMENT_FAILED;
	bool taken = true;
	while (select && taken && (result = statement_step(select, error)) == STATEMENT_ROW) {
		verifier->done++;
		taken = take(verifier, select, error);
	}
	statement_close(select);
	return (taken && result == STATEMENT_DONE) || absorb(verifier, error);
}

static bool each_row_of(struct verifier *verifier, struct buffer *sql,
	bool (*take)(struct verifier *, const struct statement *, struct error *),
	struct error *error)
{
	return each_row(verifier, statement_open_built(verifier->file, sql, error), take, error);
}

/* Any text of the case as a bounded piece for a message. */
#define SHOWN(span) (int)span_slice((span), 0, 200).length, (span).data ? (span).data : ""

/* Lines below a heading that names the database, which is always the same. */
static bool take_file_row(
	struct verifier *verifier, const struct statement *row, struct error *error)
{
	(void)error;
	struct span said = statement_text(row, 0);
	for (size_t at = 0, end; at < said.length && !span_is(said, "ok"); at = end + 1) {
		const char *line_end = memchr(said.data + at, '\n', said.length - at);
		end = line_end ? (size_t)(line_end - said.data) : said.length;
		struct span line = span_slice(said, at, end);
		if (line.length > 0 && line.data[0] != '*')
			found(verifier, VERIFY_ERROR, "the file is damaged: %.*s", SHOWN(line));
	}
	return true;
}

static bool take_reference_row(
	struct verifier *verifier, const struct statement *row, struct error *error)
{
	(void)error;
	struct span table = statement_text(row, 0), parent = statement_text(row, 2);
	if (verifier->done <= atoi(MOST_FINDINGS))
		found(verifier, VERIFY_ERROR, "row %" PRId64 " of %.*s leads to no row of %.*s",
			statement_int(row, 1), SHOWN(table), SHOWN(parent));
	return true;
}

static bool verify_file(struct verifier *verifier, struct error *error)
{
	step(verifier, "file");
	const char *check = verifier->options->full ? "PRAGMA integrity_check(" MOST_FINDINGS ")"
						    : "PRAGMA quick_check(" MOST_FINDINGS ")";
	if (!each_row(verifier, statement_open_text(verifier->file, check, error), take_file_row,
		    error))
		return false;
	step(verifier, "references");
	return each_row(verifier,
		statement_open_text(verifier->file, "PRAGMA foreign_key_check", error),
		take_reference_row, error);
}

static bool verify_journal(struct verifier *verifier, struct error *error)
{
	step(verifier, "journal");
	return journal_verify(verifier->file, &verifier->result->journal_entries,
		       verifier->result->journal_head, error) ||
	       absorb(verifier, error);
}

static bool hashing_goes_on(void *context, int64_t bytes)
{
	struct verifier *verifier = context;
	verifier->done = bytes;
	return go_on(verifier);
}

static bool verify_kept(struct verifier *verifier, const struct source *source, struct error *error)
{
	struct buffer bytes = {0};
	if (!source_bytes(
		    verifier->file, source->id, 0, (uint64_t)source->size, NULL, &bytes, error)) {
		buffer_free(&bytes);
		return absorb(verifier, error);
	}
	struct hash hash;
	uint8_t digest[HASH_SIZE];
	hash_begin(&hash);
	hash_add(&hash, bytes.data ? bytes.data : "", bytes.length);
	hash_end(&hash, digest);
	buffer_free(&bytes);
	if (memcmp(digest, source->sha256, HASH_SIZE) != 0)
		found(verifier, VERIFY_ERROR,
			"source %" PRId64 " (%s): the copy in the case has another SHA-256 than "
			"what was imported",
			source->id, source->name);
	return true;
}

static bool verify_outside(
	struct verifier *verifier, const struct source *source, struct error *error)
{
	const struct source_place place = {.id = source->id,
		.size = source->size,
		.sha256 = span_of((const char *)source->sha256, HASH_SIZE),
		.path = span_string(source->path)};
	const struct source_progress progress = {hashing_goes_on, verifier};
	struct error why = {0};
	switch (source->path ? source_file_check(verifier->file, &place, &progress, &why)
			     : SOURCE_FILE_ABSENT) {
	case SOURCE_FILE_SAME:
		verifier->result->sources += !source->kept;
		break;
	case SOURCE_FILE_ABSENT:
		verifier->result->sources_absent += !source->kept;
		if (!source->kept)
			found(verifier, VERIFY_NOTE,
				"source %" PRId64 " (%s) is not at hand and was not checked",
				source->id, source->name);
		break;
	case SOURCE_FILE_CHANGED:
		found(verifier, source->kept ? VERIFY_NOTE : VERIFY_ERROR,
			"source %" PRId64
			" (%s): the file %s has other bytes than those imported%s%s",
			source->id, source->name, source->path, why.code ? ": " : "", why.message);
		break;
	case SOURCE_FILE_CANCELLED:
		return error_set(error, ERROR_CANCELLED, "cancelled");
	case SOURCE_FILE_FAILED:
		if (why.code == ERROR_MEMORY)
			return error_memory(error);
		verifier->result->sources_absent += !source->kept;
		found(verifier, VERIFY_NOTE, "%s", why.message);
		break;
	}
	return true;
}

static bool verify_sources(struct verifier *verifier, struct error *error)
{
	struct source source = {0};
	int64_t id = 0;
	int result;
	bool done = true;
	while (done && (result = source_next(verifier->file, &id, &source, error)) != 0) {
		step(verifier, "sources");
		verifier->total = source.size;
		if (result < 0) {
			/* One that is no source: the rest can't be told from it. */
			done = false;
		} else if (!go_on(verifier)) {
			done = error_set(error, ERROR_CANCELLED, "cancelled");
		} else if (source.state == SOURCE_READY) {
			int64_t errors = verifier->result->errors;
			done = !source.kept || verify_kept(verifier, &source, error);
			/* Counted when it agrees. */
			verifier->result->sources +=
				source.kept && verifier->result->errors == errors;
			done = done && verify_outside(verifier, &source, error);
		}
	}
	source_free(&source);
	return done || absorb(verifier, error);
}

/* What stays of sources that were taken back is what others mention. */
static bool verify_kept_records(struct verifier *verifier, struct error *error)
{
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		bool agrees = true;
		if (!kind_info((enum kind)kind)->large)
			continue;
		if (!hidden_check(verifier->file, (enum kind)kind, &agrees, error))
			return absorb(verifier, error);
		if (!agrees)
			found(verifier, VERIFY_ERROR,
				"%s that stay though their source was taken back are not those "
				"that another one mentions",
				kind_info((enum kind)kind)->plural);
	}
	return true;
}

static bool take_range_row(
	struct verifier *verifier, const struct statement *row, struct error *error)
{
	(void)error;
	struct span what = statement_text(row, 0);
	found(verifier, VERIFY_ERROR,
		"%.*s:%" PRId64 " says that it stands where source %" PRId64 " has no bytes",
		SHOWN(what), statement_int(row, 1), statement_int(row, 2));
	return true;
}

static bool take_mention_row(
	struct verifier *verifier, const struct statement *row, struct error *error)
{
	(void)error;
	int64_t kind = statement_int(row, 0);
	found(verifier, VERIFY_ERROR,
		"a mention of %s:%" PRId64 " stands where source %" PRId64 " has no bytes",
		kind > KIND_NONE && kind < KIND_COUNT ? kind_info((enum kind)kind)->name : "?",
		statement_int(row, 1), statement_int(row, 2));
	return true;
}

static bool verify_ranges(struct verifier *verifier, struct error *error)
{
	step(verifier, "records");
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		const char *name = kind_info((enum kind)kind)->name;
		struct buffer sql = {0};
		buffer_add_format(&sql,
			"SELECT '%s', r.id, r.source FROM \"%s\" r"
			" LEFT JOIN source s ON s.id = r.source WHERE s.id IS NULL"
			" OR (s.state <> 'loading' AND (r.start < 0 OR r.\"end\" < r.start"
			" OR r.\"end\" > s.size)) LIMIT " MOST_FINDINGS,
			name, name);
		if (!each_row_of(verifier, &sql, take_range_row, error))
			return false;
	}
	return verify_kept_records(verifier, error) &&
	       each_row(verifier,
		       statement_open(verifier->file, QUERY_VERIFY_MENTION_RANGES, error),
		       take_mention_row, error) &&
	       each_row(verifier, statement_open(verifier->file, QUERY_VERIFY_LINK_RANGES, error),
		       take_range_row, error);
}

static bool load_fields(struct verifier *verifier, enum kind kind, struct error *error)
{
	struct field_names names = {0};
	bool good = field_names_load(verifier->file, &names, error);
	int *fields = good ? memory_array(names.count + 1, sizeof *fields) : NULL;
	if (good && !fields)
		good = error_memory(error);
	for (size_t i = 0; good && i < names.count; i++) {
		struct span name = field_names_at(&names, (uint32_t)i);
		fields[i] = span_stated(name) ? kind_field_find(kind, name) : CELL_OF_NOTHING;
	}
	free(verifier->fields);
	verifier->fields = fields;
	verifier->field_count = good ? names.count : 0;
	field_names_free(&names);
	return good;
}

/* What the block by itself does not tell: each cell has a field, and no record has a field of its
 * kind twice, which is written as an extra one. */
static bool cells_have_fields(const struct verifier *verifier, const struct block *block)
{
	static_assert(KIND_MOST_FIELDS <= 32, "a bit a field");
	for (int64_t i = 0; i < block->records; i++) {
		uint32_t seen = 0;
		for (uint32_t j = block->record_start[i]; j < block->record_start[i + 1]; j++) {
			uint32_t number = block->cells[j].field_name;
			int field = number < verifier->field_count ? verifier->fields[number]
								   : CELL_OF_NOTHING;
			uint32_t bit = field >= 0 ? UINT32_C(1) << field : 0;
			if (field == CELL_OF_NOTHING || (seen & bit))
				return false;
			seen |= bit;
		}
	}
	return true;
}

static bool take_block_row(
	struct verifier *verifier, const struct statement *row, struct error *error)
{
	struct block block = {.id = statement_int(row, 0)};
	int64_t records = statement_int(row, 1);
	bool fits = block_decode(&block, statement_blob(row, 2), statement_blob(row, 3), error);
	if (fits && block.records != records)
		found(verifier, VERIFY_ERROR,
			"block %" PRId64 " holds %" PRId64 " records and says %" PRId64, block.id,
			block.records, records);
	else if (fits && statement_int(row, 4) != records)
		found(verifier, VERIFY_ERROR,
			"block %" PRId64 " holds %" PRId64 " records, of which %" PRId64
			" have a row of its source",
			block.id, records, statement_int(row, 4));
	else if (fits && !cells_have_fields(verifier, &block))
		found(verifier, VERIFY_ERROR,
			"block %" PRId64 " has a cell of no field, or a field twice in a record",
			block.id);
	block_free(&block);
	return fits || absorb(verifier, error);
}

static bool take_uncovered_row(
	struct verifier *verifier, const struct statement *row, struct error *error)
{
	(void)error;
	int64_t rows = statement_int(row, 0), records = statement_int(row, 1);
	if (rows != records)
		found(verifier, VERIFY_ERROR,
			"%" PRId64 " records of a large kind have a row, and blocks hold the text "
			"of %" PRId64,
			rows, records);
	return true;
}

/* Text against rows. A source that is being imported just now has either first. */
static bool verify_blocks(struct verifier *verifier, struct error *error)
{
	step(verifier, "blocks");
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		if (!kind_info((enum kind)kind)->large)
			continue;
		if (!load_fields(verifier, (enum kind)kind, error))
			return false;
		const char *name = kind_info((enum kind)kind)->name;
		struct buffer sql = {0};
		buffer_add_format(&sql,
			"SELECT b.id, b.records, b.text, b.cells, (SELECT count(*) FROM \"%s\" r"
			" WHERE r.id BETWEEN b.first AND b.first + b.records - 1"
			" AND r.source = b.source) FROM block b CROSS JOIN source s"
			" ON s.id = b.source WHERE b.kind = %d AND s.state <> 'loading'",
			name, kind);
		if (!each_row_of(verifier, &sql, take_block_row, error))
			return false;
		sql = (struct buffer){0};
		buffer_add_format(&sql,
			"SELECT (SELECT count(*) FROM \"%s\"), (SELECT coalesce(sum(records), 0)"
			" FROM block WHERE kind = %d)"
			" WHERE NOT EXISTS(SELECT 1 FROM source WHERE state = 'loading')",
			name, kind);
		if (!each_row_of(verifier, &sql, take_uncovered_row, error))
			return false;
	}
	return true;
}

/* Text that was decoded from another encoding differs byte by byte and is not compared. */
static bool comparable(struct span bytes)
{
	return text_invalid_at(bytes) == bytes.length &&
	       (bytes.length == 0 || !memchr(bytes.data, '\0', bytes.length));
}

/* The words of a quote's place. False when they can't be read, which is no finding where the source
 * was one, and none at hand; *go_on says whether to do so. */
static bool read_quote(struct verifier *verifier, int64_t source, struct range range,
	struct buffer *bytes, bool *go_on, struct error *error)
{
	const struct source_progress progress = {hashing_goes_on, verifier};
	struct error unread = {0};
	*go_on = true;
	if (source_bytes(verifier->file, source, range.start, range.end, &progress, bytes, &unread))
		return true;
	if (unread.code == ERROR_MEMORY || unread.code == ERROR_CANCELLED) {
		*error = unread;
		*go_on = false;
	} else if (unread.code == ERROR_IO && verifier->unquoted != source) {
		found(verifier, VERIFY_NOTE, "quotes from source %" PRId64 " were not checked: %s",
			source, unread.message);
		verifier->unquoted = source;
	}
	return false;
}

static bool take_quote_row(
	struct verifier *verifier, const struct statement *row, struct error *error)
{
	int64_t source = statement_int(row, 1), start = statement_int(row, 2),
		end = statement_int(row, 3);
	struct span quote = statement_text(row, 4);
	struct buffer bytes = {0};
	bool go_on;
	if (start < 0 || end < start)
		return true; /* found before, as a range */
	if (read_quote(verifier, source, (struct range){(size_t)start, (size_t)end}, &bytes, &go_on,
		    error) &&
		comparable(buffer_span(&bytes)) && quote.length > 0 &&
		(bytes.length == 0 || !memmem(bytes.data, bytes.length, quote.data, quote.length)))
		found(verifier, VERIFY_ERROR,
			"statement:%" PRId64 " quotes words that do not stand at its place in "
			"source %" PRId64,
			statement_int(row, 0), source);
	buffer_free(&bytes);
	return go_on;
}

static bool verify_quotes(struct verifier *verifier, struct error *error)
{
	step(verifier, "quotes");
	return each_row(verifier, statement_open(verifier->file, QUERY_VERIFY_QUOTES, error),
		take_quote_row, error);
}

/* A step is many statements, and an import may end between two of them. What does not agree then is
 * looked at once more, while nobody writes. */
static bool run_step(struct verifier *verifier,
	bool (*check)(struct verifier *verifier, struct error *error), struct error *error)
{
	const struct verify_result before = *verifier->result;
	const int64_t unquoted = verifier->unquoted, version = case_version(verifier->file);
	bool held = false;
	verifier->told = false;
	bool done = check(verifier, error);
	if (done && verifier->result->errors > before.errors && !verifier->told &&
		case_version(verifier->file) != version) {
		*verifier->result = before;
		verifier->unquoted = unquoted;
		buffer_clear(&verifier->kept);
		done = case_hold(verifier->file, &held, error) && check(verifier, error);
		case_let_go(verifier->file, held);
	}
	bool kept = !buffer_failed(&verifier->kept);
	tell(verifier);
	return done && (kept || error_memory(error));
}

bool verify_case(const struct case_file *file, const struct verify_options *options,
	struct verify_result *result, struct error *error)
{
	static bool (*const steps[])(struct verifier * verifier, struct error * error) = {
		verify_file, verify_journal, verify_sources, verify_ranges, verify_blocks,
		verify_quotes};
	*result = (struct verify_result){0};
	struct verifier verifier = {.file = file, .options = options, .result = result, .step = ""};
	sqlite3 *database = case_database(file);
	sqlite3_progress_handler(database, STEPS_BETWEEN_LOOKS, stop_statement, &verifier);
	bool done = true;
	for (size_t i = 0; done && i < ARRAY_LENGTH(steps); i++)
		done = run_step(&verifier, steps[i], error);
	sqlite3_progress_handler(database, 0, NULL, NULL);
	buffer_free(&verifier.kept);
	free(verifier.fields);
	return done;
}
