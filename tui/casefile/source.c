#include "casefile/source.h"

#include "base/memory.h"
#include "casefile/statement.h"
#include "source_private.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void source_free(struct source *source)
{
	free(source->name);
	free(source->format);
	free(source->importer);
	free(source->options);
	free(source->zone);
	free(source->path);
	free(source->original_name);
	*source = (struct source){0};
}

void source_problem_free(struct problem *problem)
{
	free(problem->message);
	*problem = (struct problem){0};
}

/* A text of a row as a string: "" for what should be stated and is not, when `stated`. */
static bool take_text(const struct statement *row, int column, bool stated, char **text)
{
	struct span span = statement_text(row, column);
	if (!span_stated(span) && !stated)
		return true;
	*text = memory_copy(span_stated(span) ? span.data : "", span.length);
	return *text != NULL;
}

static bool take_source(const struct case_file *file, const struct statement *row,
	struct source *source, struct error *error)
{
	static const char *const states[] = {"loading", "ready", "withdrawn"};
	struct span sha256 = statement_blob(row, 3), state = statement_text(row, 9);
	size_t at = 0;
	while (at < ARRAY_LENGTH(states) && !span_is(state, states[at]))
		at++;
	source->id = statement_int(row, 0);
	source->size = statement_int(row, 2);
	if (sha256.length != HASH_SIZE || at == ARRAY_LENGTH(states) || source->size < 0)
		return error_set(error, ERROR_CASE_DAMAGED,
			"%s is damaged: source %lld is no source", case_name(file),
			(long long)source->id);
	memcpy(source->sha256, sha256.data, HASH_SIZE);
	source->state = (enum source_state)at;
	source->imported = statement_int(row, 8);
	source->taken = statement_int(row, 10);
	source->skipped = statement_int(row, 11);
	source->duplicate = statement_int(row, 12);
	source->kept = statement_int(row, 14) != 0;
	struct span original = statement_blob(row, 16);
	if (original.length == HASH_SIZE)
		memcpy(source->original_sha256, original.data, HASH_SIZE);
	return (take_text(row, 1, true, &source->name) &&
		       take_text(row, 4, true, &source->format) &&
		       take_text(row, 5, true, &source->importer) &&
		       take_text(row, 6, true, &source->options) &&
		       take_text(row, 7, false, &source->zone) &&
		       take_text(row, 13, false, &source->path) &&
		       take_text(row, 15, false, &source->original_name)) ||
	       error_memory(error);
}

/* One row of a query on sources: 1, 0 when there is none, -1. */
static int read_source(const struct case_file *file, enum query query, int64_t id,
	struct source *source, struct error *error)
{
	source_free(source);
	struct statement *select = statement_open(file, query, error);
	if (!select)
		return -1;
	statement_bind_int(select, 1, id);
	int found = -1;
	switch (statement_step(select, error)) {
	case STATEMENT_ROW:
		found = take_source(file, select, source, error) ? 1 : -1;
		break;
	case STATEMENT_DONE:
		found = 0;
		break;
	case STATEMENT_FAILED:
		break;
	}
	statement_close(select);
	if (found < 0)
		source_free(source);
	return found;
}

/* What a person names is looked up in source_named: this number stands in the case. */
static bool no_source(const struct case_file *file, int64_t id, struct error *error)
{
	return error_set(error, ERROR_CASE_DAMAGED, "%s is damaged: there is no source %lld",
		case_name(file), (long long)id);
}

bool source_read(
	const struct case_file *file, int64_t id, struct source *source, struct error *error)
{
	int found = read_source(file, QUERY_SOURCE_BY_ID, id, source, error);
	return found > 0 || (found == 0 && no_source(file, id, error));
}

int source_next(
	const struct case_file *file, int64_t *id, struct source *source, struct error *error)
{
	int found = read_source(file, QUERY_SOURCE_AFTER, *id, source, error);
	if (found > 0 && source->id <= *id) {
		error_set(error, ERROR_CASE_DAMAGED,
			"%s is damaged: source %lld stands behind a greater id", case_name(file),
			(long long)source->id);
		source_free(source);
		return -1;
	}
	if (found > 0)
		*id = source->id;
	return found;
}

int64_t source_find(
	const struct case_file *file, const uint8_t sha256[HASH_SIZE], struct error *error)
{
	struct statement *select = statement_open(file, QUERY_SOURCE_READY_BY_SHA256, error);
	if (!select)
		return -1;
	statement_bind_blob(select, 1, span_of((const char *)sha256, HASH_SIZE));
	int64_t id = -1;
	switch (statement_step(select, error)) {
	case STATEMENT_ROW:
		id = statement_int(select, 0);
		break;
	case STATEMENT_DONE:
		id = 0;
		break;
	case STATEMENT_FAILED:
		break;
	}
	statement_close(select);
	return id;
}

static bool read_range(
	int opened, uint64_t start, size_t length, struct buffer *bytes, struct error *error)
{
	if (!buffer_reserve(bytes, length))
		return error_memory(error);
	for (size_t done = 0; done < length;) {
		ssize_t got = pread(
			opened, bytes->data + bytes->length, length - done, (off_t)(start + done));
		if (got < 0)
			return error_set_errno(error, "can't read the source");
		if (got == 0)
			return error_set(error, ERROR_INTEGRITY, "the source became shorter");
		bytes->length += (size_t)got;
		done += (size_t)got;
	}
	bytes->data[bytes->length] = '\0';
	return true;
}

/* What of a source is asked for. */
struct asked {
	int64_t id;
	struct range range;
	bool once; /* nothing else of it will be */
	const struct source_progress *progress;
};

static enum source_file read_file(const struct case_file *file, const struct source_place *place,
	const struct asked *asked, struct buffer *bytes, struct error *error)
{
	int opened = -1;
	size_t length = asked->range.end - asked->range.start;
	if (!span_stated(place->path))
		return SOURCE_FILE_ABSENT;
	if (asked->once)
		return source_file_excerpt(
			file, place, asked->range, asked->progress, bytes, error);
	enum source_file result = source_file_open(file, place, asked->progress, &opened, error);
	if (result == SOURCE_FILE_SAME &&
		!read_range(opened, asked->range.start, length, bytes, error))
		result = SOURCE_FILE_FAILED;
	if (opened >= 0)
		close(opened);
	return result;
}

/* From the file that the source was read from, or what it unpacks to. */
static bool bytes_of_file(const struct case_file *file, const struct source_place *place,
	struct span name, const struct asked *asked, struct buffer *bytes, struct error *error)
{
	struct error found = {0};
	switch (read_file(file, place, asked, bytes, &found)) {
	case SOURCE_FILE_SAME:
		return true;
	case SOURCE_FILE_ABSENT:
		return error_set(error, ERROR_USAGE,
			"%.*s is not kept in the case and not where it was imported from; "
			"`breachx attach CASE FOLDER` finds it again",
			(int)name.length, name.data);
	case SOURCE_FILE_CHANGED:
		return error_set(error, ERROR_INTEGRITY,
			"%.*s has changed since it was imported: %s", (int)name.length, name.data,
			found.code != ERROR_NONE ? found.message
						 : "its size or SHA-256 is another");
	case SOURCE_FILE_CANCELLED:
		return error_set(error, ERROR_CANCELLED, "cancelled");
	case SOURCE_FILE_FAILED:
		break;
	}
	if (error)
		*error = found;
	return false;
}

/* From the copy in the case: no more of it is read than was asked for. */
static bool bytes_of_copy(const struct case_file *file, int64_t size, struct span name,
	const struct asked *asked, struct buffer *bytes, struct error *error)
{
	size_t length = asked->range.end - asked->range.start;
	sqlite3_blob *copy = NULL;
	if (sqlite3_blob_open(case_database(file), "main", "source_content", "content", asked->id,
		    0, &copy) != SQLITE_OK)
		return statement_error(file, error);
	bool done = false;
	if (sqlite3_blob_bytes(copy) != size)
		error_set(error, ERROR_INTEGRITY,
			"the copy of %.*s in the case has another size than what was imported",
			(int)name.length, name.data);
	else if (!buffer_reserve(bytes, length))
		error_memory(error);
	else if (sqlite3_blob_read(copy, bytes->data + bytes->length, (int)length,
			 (int)asked->range.start) != SQLITE_OK)
		statement_error(file, error);
	else
		done = true;
	sqlite3_blob_close(copy);
	if (done) {
		bytes->length += length;
		bytes->data[bytes->length] = '\0';
	}
	return done;
}

static bool bytes_of_row(const struct case_file *file, const struct statement *row,
	const struct asked *asked, struct buffer *bytes, struct error *error)
{
	struct span name = span_slice(statement_text(row, 0), 0, 200);
	int64_t size = statement_int(row, 1);
	if (size < 0 || asked->range.end > (uint64_t)size)
		return error_set(error, ERROR_USAGE,
			"bytes %zu to %zu are not in %.*s, which has %lld", asked->range.start,
			asked->range.end, (int)name.length, name.data, (long long)size);
	if (statement_is_null(row, 4)) {
		struct source_place place = {.id = asked->id,
			.size = size,
			.sha256 = statement_blob(row, 2),
			.path = statement_text(row, 3)};
		return bytes_of_file(file, &place, name, asked, bytes, error);
	}
	return bytes_of_copy(file, size, name, asked, bytes, error);
}

static bool read_bytes(const struct case_file *file, const struct asked *asked,
	struct buffer *bytes, struct error *error)
{
	size_t start = asked->range.start, end = asked->range.end;
	if (start > end || end > INT64_MAX)
		return error_set(error, ERROR_USAGE, "no bytes from %zu to %zu", start, end);
	if (end - start > CASE_MAX_LENGTH)
		return error_set(error, ERROR_LIMIT, "%zu bytes at once are more than %d",
			end - start, CASE_MAX_LENGTH);
	struct statement *select = statement_open(file, QUERY_SOURCE_PLACE, error);
	if (!select)
		return false;
	statement_bind_int(select, 1, asked->id);
	bool done = false;
	switch (statement_step(select, error)) {
	case STATEMENT_ROW:
		done = bytes_of_row(file, select, asked, bytes, error);
		break;
	case STATEMENT_DONE:
		no_source(file, asked->id, error);
		break;
	case STATEMENT_FAILED:
		break;
	}
	statement_close(select);
	return done;
}

bool source_bytes(const struct case_file *file, int64_t id, uint64_t start, uint64_t end,
	const struct source_progress *progress, struct buffer *bytes, struct error *error)
{
	const struct asked asked = {.id = id, .range = {start, end}, .progress = progress};
	return read_bytes(file, &asked, bytes, error);
}

bool source_bytes_once(const struct case_file *file, int64_t id, uint64_t start, uint64_t end,
	const struct source_progress *progress, struct buffer *bytes, struct error *error)
{
	const struct asked asked = {
		.id = id, .range = {start, end}, .once = true, .progress = progress};
	buffer_clear(bytes);
	return read_bytes(file, &asked, bytes, error);
}

int source_problem_next(const struct case_file *file, int64_t source, int64_t *number,
	struct problem *problem, struct error *error)
{
	source_problem_free(problem);
	struct statement *select = statement_open(file, QUERY_SOURCE_PROBLEM_AFTER, error);
	if (!select)
		return -1;
	statement_bind_int(select, 1, source);
	statement_bind_int(select, 2, *number);
	int found = -1;
	switch (statement_step(select, error)) {
	case STATEMENT_ROW:
		problem->number = statement_int(select, 0);
		if (problem->number <= *number) {
			error_set(error, ERROR_CASE_DAMAGED,
				"%s is damaged: a problem of source %lld stands out of order",
				case_name(file), (long long)source);
			break;
		}
		*number = problem->number;
		problem->line = statement_int(select, 1);
		problem->start = statement_is_null(select, 2) ? -1 : statement_int(select, 2);
		problem->skipped = statement_int(select, 3) != 0;
		found = take_text(select, 4, true, &problem->message) ? 1 : -1;
		if (found < 0)
			error_memory(error);
		break;
	case STATEMENT_DONE:
		found = 0;
		break;
	case STATEMENT_FAILED:
		break;
	}
	statement_close(select);
	return found;
}
