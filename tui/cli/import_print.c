/* What is said of an imported file. */
#include "import_print.h"

#include "command.h"

#include "base/hash.h"
#include "base/text.h"
#include "base/unpack.h"
#include "report/json.h"

static void write_original(struct json *json, const struct import_result *result)
{
	char digest[HASH_TEXT_SIZE];
	if (!result->original)
		return;
	hash_text(result->original_sha256, digest);
	json_open(json, "original");
	json_string(json, "name", result->original);
	json_string(json, "sha256", digest);
	json_close(json);
}

static void write_differences(struct json *json, const struct import_result *result)
{
	const struct comparison *compared = &result->compared;
	if (result->differs.length == 0)
		return;
	json_open(json, "differs");
	json_number(json, "source", result->earlier);
	if (result->source != 0 && !compared->too_many) {
		json_number(json, "same", compared->same);
		if (!compared->without_bytes)
			json_number(json, "changed", compared->changed);
		json_number(json, "new", compared->added);
		json_number(json, "gone", compared->gone);
		if (compared->without_bytes)
			json_number(json, "unknown", compared->unknown);
	}
	json_close(json);
}

static void write_json(const struct import_result *result, struct buffer *out)
{
	struct json json = {.out = out};
	char digest[HASH_TEXT_SIZE];
	hash_text(result->sha256, digest);
	json_open(&json, NULL);
	json_string(&json, "file", result->file);
	json_string(&json, "format", result->format);
	json_string(&json, "sha256", digest);
	json_number(&json, "bytes", result->bytes);
	json_number(&json, "rows", result->rows);
	json_number(&json, "skipped", result->skipped);
	json_number(&json, "duplicate", result->duplicate);
	json_number(&json, "problems", result->problem_count);
	json_open(&json, "kinds");
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		if (result->kinds[kind] > 0)
			json_number(&json, kind_info((enum kind)kind)->name, result->kinds[kind]);
	json_close(&json);
	write_original(&json, result);
	write_differences(&json, result);
	json_close_line(&json);
}

/* Each line behind the file's name: several files may be told of. */
static void write_notes(const struct import_result *result, const char *name, struct buffer *out)
{
	for (struct span rest = buffer_span(&result->notes); rest.length > 0;) {
		const char *end = memchr(rest.data, '\n', rest.length);
		size_t length = end ? (size_t)(end - rest.data) : rest.length;
		buffer_add_format(out, "%s: ", name);
		text_visible(out, span_slice(rest, 0, length), false);
		buffer_add_byte(out, '\n');
		rest = span_slice(rest, length + 1, rest.length);
	}
}

static void write_problems(const struct import_result *result, const char *name, struct buffer *out)
{
	for (size_t i = 0; i < result->problems_kept; i++) {
		const struct import_problem *problem = &result->problems[i];
		buffer_add_string(out, name);
		if (problem->line > 0)
			buffer_add_format(out, ":%lld", (long long)problem->line);
		else if (problem->start >= 0)
			buffer_add_format(out, ": byte %lld", (long long)problem->start);
		buffer_add_format(out, ": %s", problem->skipped ? "skipped: " : "");
		text_visible(out, span_string(problem->message), false);
		buffer_add_byte(out, '\n');
	}
	if (result->problem_count > (int64_t)result->problems_kept)
		buffer_add_format(out, "%s: and %lld more\n", name,
			(long long)(result->problem_count - (int64_t)result->problems_kept));
}

static void write_kinds(const struct import_result *result, struct buffer *out)
{
	const char *before = "; records: ";
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		if (result->kinds[kind] == 0)
			continue;
		buffer_add_format(out, "%s%s %lld", before, kind_info((enum kind)kind)->name,
			(long long)result->kinds[kind]);
		before = ", ";
	}
}

static void write_summary(
	const struct import_result *result, const char *name, bool dry_run, struct buffer *out)
{
	char digest[HASH_TEXT_SIZE];
	hash_text(result->sha256, digest);
	buffer_add_format(out, "%s: %s, %lld rows %s", name, result->format,
		(long long)result->rows, dry_run ? "would be taken" : "taken");
	if (result->skipped > 0)
		buffer_add_format(out, ", %lld skipped", (long long)result->skipped);
	if (result->already)
		buffer_add_string(out, "; these bytes are in the case already, nothing was added");
	else if (result->duplicate > 0 && result->duplicate == result->rows)
		buffer_add_string(out, ", all of them known already");
	else if (result->duplicate > 0)
		buffer_add_format(
			out, ", %lld of them known already", (long long)result->duplicate);
	if (!result->already)
		write_kinds(result, out);
	buffer_add_format(out, "\n  sha256 %s, %lld bytes\n", digest, (long long)result->bytes);
	if (result->original) {
		hash_text(result->original_sha256, digest);
		buffer_add_string(out, "  made from ");
		text_visible(out, span_string(result->original), false);
		buffer_add_format(out, ", sha256 %s\n", digest);
	}
	if (result->differs.length > 0) {
		buffer_add_string(out, "  ");
		text_visible(out, buffer_span(&result->differs), false);
		buffer_add_byte(out, '\n');
	}
}

void import_print(const struct import_result *result, bool dry_run, bool as_json, int *code)
{
	struct buffer name = {0}, said = {0}, out = {0};
	text_visible(&name, span_string(result->file), false);
	const char *file = buffer_failed(&name) ? "" : name.data;
	if (!result->already) {
		write_notes(result, file, &said);
		write_problems(result, file, &said);
	}
	if (as_json)
		write_json(result, &out);
	else
		write_summary(result, file, dry_run, &out);
	buffer_add_span(as_json ? &said : &out, buffer_span(&result->preview));
	if (!buffer_failed(&said) && said.length > 0)
		fwrite(said.data, 1, said.length, stderr);
	cli_write(&out, code);
	/* What is said of a file stands together. */
	*code = cli_finish(*code);
	if (result->rows == 0)
		cli_say("%s: no row was taken", result->file);
	buffer_free(&name);
	buffer_free(&said);
	buffer_free(&out);
}

void import_print_left_out(const struct import_item *item, const char *why, int *code)
{
	struct buffer out = {0};
	struct json json = {.out = &out};
	json_open(&json, NULL);
	json_string(&json, "file", item->path);
	if (item->member)
		json_string(&json, "member", item->member->path);
	json_string(&json, "left_out", why);
	json_close_line(&json);
	cli_write(&out, code);
	*code = cli_finish(*code);
	buffer_free(&out);
}
