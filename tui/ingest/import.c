/* One file into a case: opened, recognised, read by its format, closed as one act. */
#include "loader_private.h"

#include "base/memory.h"
#include "base/unpack.h"
#include "casefile/source.h"
#include "ingest/format.h"
#include "ingest/input.h"
#include "search/postings.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* --keep: what fits a row of the case beside its id. */
#define KEPT_MOST (CASE_MAX_LENGTH - 4096)

void import_result_free(struct import_result *result)
{
	for (size_t i = 0; i < result->problems_kept; i++)
		free(result->problems[i].message);
	free(result->problems);
	free(result->file);
	free(result->original);
	buffer_free(&result->differs);
	buffer_free(&result->notes);
	buffer_free(&result->preview);
	*result = (struct import_result){0};
}

/* The case itself must not be opened a second time: closing it would drop SQLite's locks. */
static bool is_the_case(const struct case_file *file, const char *path)
{
	struct stat input, its;
	return file && stat(path, &input) == 0 && stat(case_path(file), &its) == 0 &&
	       input.st_dev == its.st_dev && input.st_ino == its.st_ino;
}

/* The surest format. A packed file's name is the one it has unpacked; who says of what kind the
 * rows are has rows, not a text. */
static const struct format *recognise(const struct input *input, struct span head, bool whole,
	const struct import_options *options)
{
	struct span name = input_name(input);
	const char *packing = input_packing(input);
	bool suffixed = packing && strcmp(packing, "zip") != 0;
	const char *dot = suffixed ? memrchr(name.data, '.', name.length) : NULL;
	if (dot && dot > name.data)
		name.length = (size_t)(dot - name.data);
	const struct format *format = format_sniff(head, whole, name);
	bool rows = options->kind && kind_find(span_string(options->kind)) != KIND_DOCUMENT;
	if (rows && format && strcmp(format->name, "text") == 0)
		return format_find(span_string("csv"));
	return format;
}

/* One that is refused is given only when it is to be passed over. */
static const struct format *choose_format(
	struct input *input, const struct import_options *options, struct error *error)
{
	const struct format *format;
	struct span head;
	bool whole;
	if (!input_head(input, &head, &whole, error))
		return NULL;
	if (head.length == 0) {
		error_set(error, ERROR_INPUT, "it is empty: it ends at byte %lld",
			(long long)input_size(input));
		return NULL;
	}
	format = options->format ? format_find(span_string(options->format))
				 : recognise(input, head, whole, options);
	if (!format) {
		if (options->format)
			error_set(error, ERROR_USAGE, "no format is called %s", options->format);
		else
			error_set(error, ERROR_INPUT,
				"it is of no known format: say which with --format");
		return NULL;
	}
	if (format->refused && !(format->accompanies && options->gathered)) {
		error_set(error, ERROR_INPUT, "%s", format->about);
		return NULL;
	}
	return format;
}

/* Mapping and settings as they were given, one a line. */
static void write_options(
	struct buffer *out, const struct import_options *options, const struct input *input)
{
	if (options->kind)
		buffer_add_format(out, "kind %s\n", options->kind);
	if (options->dates)
		buffer_add_format(out, "dates %s\n", options->dates);
	for (size_t i = 0; options->map && options->map[i]; i++)
		buffer_add_format(out, "map %s\n", options->map[i]);
	for (size_t i = 0; options->set && options->set[i]; i++)
		buffer_add_format(out, "set %s\n", options->set[i]);
	if (input_packing(input))
		buffer_add_format(out, "unpacked %s\n", input_packing(input));
	if (input_encoding(input) == INPUT_UTF16LE || input_encoding(input) == INPUT_UTF16BE)
		buffer_add_string(out, "decoded UTF-16\n");
}

static struct writer *begin_source(
	struct loader *loader, const struct format *format, struct error *error)
{
	const struct import_options *options = loader->options;
	struct buffer given = {0}, importer = {0};
	struct writer *writer = NULL;
	write_options(&given, options, loader->input);
	buffer_add_format(&importer, "breachx %s %s", BREACHX_VERSION, format->name);
	struct writer_source source = {.name = input_name(loader->input),
		.format = span_string(format->name),
		.importer = buffer_span(&importer),
		.options = buffer_span(&given),
		.zone = span_string(options->zone),
		.imported = options->clock,
		.cancel = options->cancel};
	if (buffer_failed(&given) || buffer_failed(&importer))
		error_memory(error);
	else
		writer = writer_begin(loader->file, &source, error);
	buffer_free(&given);
	buffer_free(&importer);
	return writer;
}

/* Reads the rest and says whether these bytes are in the case already. */
static bool identify(struct loader *loader, struct error *error)
{
	struct import_result *result = loader->result;
	if (!input_finish(loader->input, &result->bytes, result->sha256, error) ||
		(loader->writer && !writer_settle(loader->writer, error)))
		return false;
	int64_t known = loader->file ? source_find(loader->file, result->sha256, error) : 0;
	if (known < 0)
		return false;
	if (known > 0) {
		result->already = true;
		result->duplicate = result->rows;
		result->source = known;
	}
	return true;
}

static bool keep_source(struct loader *loader, const char *path, struct error *error)
{
	struct span kept = input_kept(loader->input);
	if (!span_stated(kept) && loader->options->keep)
		loader_note(loader,
			"%lld bytes are more than %d: not kept in the case, which knows the file "
			"by "
			"its size and SHA-256",
			(long long)loader->result->bytes, KEPT_MOST);
	if (!span_stated(kept) && strcmp(path, "-") == 0)
		loader_note(loader,
			"%lld bytes are not kept in the case: put them in a file and `attach` its "
			"folder, so that its records can be shown and verified in it",
			(long long)loader->result->bytes);
	else if (!span_stated(kept) && input_packing(loader->input))
		loader_note(loader,
			"%lld unpacked bytes are not kept in the case: where its records are shown "
			"or verified in it, it is unpacked again",
			(long long)loader->result->bytes);
	return !span_stated(kept) || writer_keep(loader->writer, kept, error);
}

/* Where its bytes are read again. What is kept in the case needs no path, which would tell of the
 * machine. */
static bool write_path(const struct loader *loader, const char *path, struct buffer *out)
{
	bool needed = strcmp(path, "-") != 0 && loader->result->bytes > INPUT_MAX_KEPT;
	char *real = needed ? realpath(path, NULL) : NULL;
	if (real)
		buffer_add_string(out, real);
	if (real && loader->options->member)
		buffer_add_format(out, SOURCE_MEMBER "%s", loader->options->member->path);
	free(real);
	return !buffer_failed(out);
}

/* Makes the source visible. The writer is gone afterwards, whatever comes of it. */
static bool finish_source(struct loader *loader, const char *path, struct error *error)
{
	struct buffer place = {0};
	if (!write_path(loader, path, &place)) {
		buffer_free(&place);
		return error_memory(error);
	}
	struct import_result *result = loader->result;
	struct writer_totals totals = {.size = result->bytes,
		.taken = result->rows,
		.skipped = result->skipped,
		.duplicate = result->duplicate,
		.original_name = span_string(result->original),
		.path = place.length > 0 ? buffer_span(&place) : span_string(NULL)};
	memcpy(totals.sha256, result->sha256, HASH_SIZE);
	memcpy(totals.original_sha256, result->original_sha256, HASH_SIZE);
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		result->kinds[kind] = writer_made(loader->writer, (enum kind)kind);
	struct writer *writer = loader->writer;
	int64_t source = writer_source_id(writer);
	loader->writer = NULL;
	bool finished = writer_finish(writer, &totals, error);
	buffer_free(&place);
	if (finished)
		result->source = source;
	return finished;
}

static void tell_decoding(struct loader *loader)
{
	static const char *const said[] = {[INPUT_UTF8] = NULL,
		[INPUT_UTF16LE] = "read as UTF-16 (little-endian)",
		[INPUT_UTF16BE] = "read as UTF-16 (big-endian)",
		[INPUT_WINDOWS_1252] = "no UTF-8: read as Windows-1252",
		[INPUT_BYTES] = "neither UTF-8 nor text: bytes are kept as they are"};
	if (said[input_encoding(loader->input)])
		loader_note(loader, "%s", said[input_encoding(loader->input)]);
	if (input_packing(loader->input))
		loader_note(loader,
			"unpacked from %s: size, hash and byte ranges are of the unpacked bytes",
			input_packing(loader->input));
}

static void note_mentions(struct loader *loader)
{
	int64_t left = loader->writer    ? writer_mentions_left(loader->writer)
		       : loader->preview ? preview_mentions_left(loader->preview)
					 : 0;
	if (left > 0)
		loader_note(loader,
			"events mention more than %d names: %lld mentions beyond them make no "
			"record; search finds them in the events",
			WRITER_MENTIONED_MOST, (long long)left);
}

static bool load(
	struct loader *loader, const struct format *format, const char *path, struct error *error)
{
	if (!loader->options->dry_run) {
		loader->writer = begin_source(loader, format, error);
		if (!loader->writer)
			return false;
		loader->index = search_index_begin(loader->file, loader->writer, error);
		if (!loader->index)
			return false;
	}
	if (!format->read(loader->input, loader, error) || !loader_complete(loader, error) ||
		!identify(loader, error))
		return false;
	tell_decoding(loader);
	loader_note_twins(loader);
	note_mentions(loader);
	if (loader->preview) {
		preview_write(loader->preview, loader, loader->result);
		custody_differences(loader);
		return true;
	}
	if (loader->result->already || !loader->writer)
		return true;
	if (loader->result->rows == 0)
		return true; /* nothing to make visible: the source is taken back */
	if (!custody_container(loader, path, error) || !keep_source(loader, path, error) ||
		!loader_decide(loader, error) || !finish_source(loader, path, error))
		return false;
	custody_differences(loader);
	return true;
}

/* Whether a source of this size is in the case, so that hashing the file first may save reading it.
 */
static bool size_is_known(const struct case_file *file, int64_t size)
{
	struct source source = {0};
	int64_t id = 0;
	bool known = false;
	while (!known && source_next(file, &id, &source, NULL) > 0)
		known = source.state == SOURCE_READY && source.size == size;
	source_free(&source);
	return known;
}

/* A file that is in the case already, byte for byte, is told without reading it row by row. False
 * when it is not, or on an error (error->code). */
static bool known_already(struct loader *loader, struct error *error)
{
	struct import_result *result = loader->result;
	struct source source = {0};
	if (!loader->file || !size_is_known(loader->file, input_size(loader->input)) ||
		!input_look_through(loader->input, &result->bytes, result->sha256, error))
		return false;
	result->source = source_find(loader->file, result->sha256, error);
	if (result->source <= 0 || !source_read(loader->file, result->source, &source, error))
		return false;
	result->already = true;
	result->rows = source.taken;
	result->skipped = source.skipped;
	result->duplicate = source.taken;
	source_free(&source);
	return true;
}

/* Formats that say themselves what their records are take no --kind, which is said, and no --map,
 * which is refused: it can't have been meant for this file. */
static bool check_mapping(struct loader *loader, const struct format *format, struct error *error)
{
	const struct import_options *options = loader->options;
	if (format->takes_kind || format->refused)
		return true;
	if (options->map && options->map[0])
		return error_set(error, ERROR_USAGE,
			"read as %s, which has its own places for everything: --map is for "
			"--format csv, jsonl or json",
			format->name);
	if (options->kind && !(strcmp(format->name, "text") == 0))
		loader_note(loader,
			"read as %s, which says itself what its records are: --kind %s was not "
			"needed",
			format->name, options->kind);
	return true;
}

static bool read_input(struct loader *loader, const char *path, struct error *error)
{
	struct import_result *result = loader->result;
	const struct import_options *options = loader->options;
	const struct format *format = choose_format(loader->input, options, error);
	if (!format || !check_mapping(loader, format, error))
		return false;
	strncpy(result->format, format->name, sizeof result->format - 1);
	if (format->refused) {
		result->passed_over = format->about;
		return true;
	}
	struct error failed = {0};
	if (known_already(loader, &failed))
		return true;
	if (failed.code != ERROR_NONE) {
		if (error)
			*error = failed;
		return false;
	}
	bool ok = custody_original(loader, error) && load(loader, format, path, error);
	/* What is no JSON need be none: it was read as what it may not be. */
	if (!ok && options->format && error && error->code == ERROR_INPUT)
		error_wrap(error, "read as %s, as --format says", format->name);
	if (loader->writer) {
		if (options->taking_back)
			options->taking_back(options->progress_context);
		writer_abandon(loader->writer);
	}
	search_index_end(loader->index);
	return ok;
}

/* What is wrong with a file is told behind its name: there may be many. What is wrong with the case
 * or the machine is not. Always returns false. */
static bool blame(const struct loader *loader, const char *path, struct error *error)
{
	const struct unpack_entry *member = loader->options->member;
	switch (error ? error->code : ERROR_NONE) {
	case ERROR_USAGE:
	case ERROR_IO:
	case ERROR_INPUT:
	case ERROR_LIMIT:
	case ERROR_CANCELLED:
		if (strcmp(path, "-") == 0)
			path = input_name(loader->input).data;
		return error_wrap(
			error, "%s%s%s", path, member ? ": " : "", member ? member->path : "");
	case ERROR_NONE:
	case ERROR_MEMORY:
	case ERROR_PATTERN:
	case ERROR_CASE_MISSING:
	case ERROR_CASE_IO:
	case ERROR_CASE_LOCKED:
	case ERROR_CASE_DAMAGED:
	case ERROR_CASE_FOREIGN:
	case ERROR_CASE_NEWER:
	case ERROR_INTEGRITY:
	case ERROR_TERMINAL:
		break;
	}
	return false;
}

static bool import_input(struct loader *loader, const char *path, struct error *error)
{
	if (loader->options->keep)
		input_keep(loader->input, KEPT_MOST);
	if (loader->options->container)
		input_share(loader->input, loader->options->container);
	/* What can't be meant is refused whatever the file is, also one that is there already. */
	return loader_begin(loader, error) &&
	       (read_input(loader, path, error) || blame(loader, path, error));
}

/* Takes the input, which may be NULL with the error set. */
static bool import_opened(struct case_file *file, struct input *input, const char *path,
	const struct import_options *options, struct import_result *result, struct error *error)
{
	struct loader loader = {.file = file, .input = input, .options = options, .result = result};
	if (!input)
		return false;
	struct span name = input_name(input);
	result->file = memory_copy(name.data, name.length);
	result->problems = memory_array(LOADER_PROBLEMS_KEPT, sizeof *result->problems);
	bool ok = result->file && result->problems ? import_input(&loader, path, error)
						   : error_memory(error);
	loader_end(&loader);
	input_close(input);
	return ok && (!buffer_failed(&result->preview) || error_memory(error));
}

bool import_file(struct case_file *file, const char *path, const struct import_options *options,
	struct import_result *result, struct error *error)
{
	*result = (struct import_result){0};
	if (is_the_case(file, path))
		return error_set(error, ERROR_USAGE, "%s is the case itself", path);
	if (options->original && is_the_case(file, options->original))
		return error_set(error, ERROR_USAGE, "%s is the case itself", options->original);
	struct input *input = input_open(path, options->member, options->cancel, error);
	return import_opened(file, input, path, options, result, error);
}

bool import_bytes(struct case_file *file, struct span bytes, const char *name,
	const struct import_options *options, struct import_result *result, struct error *error)
{
	*result = (struct import_result){0};
	struct input *input = input_open_bytes(bytes, name, error);
	return import_opened(file, input, "-", options, result, error);
}
