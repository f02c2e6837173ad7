#include "verify_private.h"

#include "base/memory.h"
#include "casefile/block.h"
#include "casefile/journal.h"
#include "casefile/statement.h"
#include "casefile/visible.h"
#include "field_names.h"
#include "kind_sql.h"

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

/* Bytes of findings that are kept for the end of their step. */
#define KEPT_MOST ((size_t)1 << 20)

/* A number that stands for no field: CELL_EXTRA is one. */
#define CELL_OF_NOTHING (-2)

bool verify_goes_on(struct verifier *verifier)
{
	const struct verify_options *options = verifier->options;
	return !options->go_on ||
	       options->go_on(options->context, verifier->step, verifier->done, verifier->total);
}

static int stop_statement(void *verifier)
{
	return !verify_goes_on(verifier);
}

void verify_step(struct verifier *verifier, const char *name)
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

void verify_found(struct verifier *verifier, enum verify_severity severity, const char *format, ...)
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

bool verify_absorb(struct verifier *verifier, const struct error *error)
{
	switch (error->code) {
	case ERROR_CASE_DAMAGED:
	case ERROR_CASE_FOREIGN:
	case ERROR_INTEGRITY:
	case ERROR_LIMIT:
	case ERROR_USAGE:
		verify_found(verifier, VERIFY_ERROR, "%s", error->message);
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

bool verify_each_row(struct verifier *verifier, struct statement *select,
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
	return (taken && result == STATEMENT_DONE) || verify_absorb(verifier, error);
}

static bool each_row_of(struct verifier *verifier, struct buffer *sql,
	bool (*take)(struct verifier *, const struct statement *, struct error *),
	struct error *error)
{
	return verify_each_row(
		verifier, statement_open_built(verifier->file, sql, error), take, error);
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
			verify_found(
				verifier, VERIFY_ERROR, "the file is damaged: %.*s", SHOWN(line));
	}
	return true;
}

static bool take_reference_row(
	struct verifier *verifier, const struct statement *row, struct error *error)
{
	(void)error;
	struct span table = statement_text(row, 0), parent = statement_text(row, 2);
	if (verifier->done <= atoi(MOST_FINDINGS))
		verify_found(verifier, VERIFY_ERROR,
			"row %" PRId64 " of %.*s leads to no row of %.*s", statement_int(row, 1),
			SHOWN(table), SHOWN(parent));
	return true;
}

static bool verify_file(struct verifier *verifier, struct error *error)
{
	verify_step(verifier, "file");
	const char *check = verifier->options->full ? "PRAGMA integrity_check(" MOST_FINDINGS ")"
						    : "PRAGMA quick_check(" MOST_FINDINGS ")";
	if (!verify_each_row(verifier, statement_open_text(verifier->file, check, error),
		    take_file_row, error))
		return false;
	verify_step(verifier, "references");
	return verify_each_row(verifier,
		statement_open_text(verifier->file, "PRAGMA foreign_key_check", error),
		take_reference_row, error);
}

static bool verify_journal(struct verifier *verifier, struct error *error)
{
	verify_step(verifier, "journal");
	return journal_verify(verifier->file, &verifier->result->journal_entries,
		       verifier->result->journal_head, error) ||
	       verify_absorb(verifier, error);
}

/* What stays of sources that were taken back is what others mention. */
static bool verify_kept_records(struct verifier *verifier, struct error *error)
{
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		bool agrees = true;
		if (!kind_info((enum kind)kind)->large)
			continue;
		if (!hidden_check(verifier->file, (enum kind)kind, &agrees, error))
			return verify_absorb(verifier, error);
		if (!agrees)
			verify_found(verifier, VERIFY_ERROR,
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
	verify_found(verifier, VERIFY_ERROR,
		"%.*s:%" PRId64 " says that it stands where source %" PRId64 " has no bytes",
		SHOWN(what), statement_int(row, 1), statement_int(row, 2));
	return true;
}

static bool take_mention_row(
	struct verifier *verifier, const struct statement *row, struct error *error)
{
	(void)error;
	int64_t kind = statement_int(row, 0);
	verify_found(verifier, VERIFY_ERROR,
		"a mention of %s:%" PRId64 " stands where source %" PRId64 " has no bytes",
		kind > KIND_NONE && kind < KIND_COUNT ? kind_info((enum kind)kind)->name : "?",
		statement_int(row, 1), statement_int(row, 2));
	return true;
}

static bool verify_ranges(struct verifier *verifier, struct error *error)
{
	verify_step(verifier, "records");
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
	       verify_each_row(verifier,
		       statement_open(verifier->file, QUERY_VERIFY_MENTION_RANGES, error),
		       take_mention_row, error) &&
	       verify_each_row(verifier,
		       statement_open(verifier->file, QUERY_VERIFY_LINK_RANGES, error),
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
		verify_found(verifier, VERIFY_ERROR,
			"block %" PRId64 " holds %" PRId64 " records and says %" PRId64, block.id,
			block.records, records);
	else if (fits && statement_int(row, 4) != records)
		verify_found(verifier, VERIFY_ERROR,
			"block %" PRId64 " holds %" PRId64 " records, of which %" PRId64
			" have a row of its source",
			block.id, records, statement_int(row, 4));
	else if (fits && !cells_have_fields(verifier, &block))
		verify_found(verifier, VERIFY_ERROR,
			"block %" PRId64 " has a cell of no field, or a field twice in a record",
			block.id);
	block_free(&block);
	return fits || verify_absorb(verifier, error);
}

static bool take_uncovered_row(
	struct verifier *verifier, const struct statement *row, struct error *error)
{
	(void)error;
	int64_t rows = statement_int(row, 0), records = statement_int(row, 1);
	if (rows != records)
		verify_found(verifier, VERIFY_ERROR,
			"%" PRId64 " records of a large kind have a row, and blocks hold the text "
			"of %" PRId64,
			rows, records);
	return true;
}

/* Text against rows. A source that is being imported just now has either first. */
static bool verify_blocks(struct verifier *verifier, struct error *error)
{
	verify_step(verifier, "blocks");
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
