#include "cli/cli.h"
#include "commands.h"

#include "base/moment.h"
#include "base/text.h"
#include "casefile/listing.h"
#include "casefile/source.h"
#include "report/json.h"

#include <getopt.h>
#include <inttypes.h>
#include <string.h>

static bool count_kind(struct case_file *file, enum kind kind, int64_t *count, struct error *error)
{
	struct listing *listing = listing_open(file, kind, -1, false, error);
	if (!listing)
		return false;
	int64_t id;
	int more;
	*count = 0;
	while ((more = listing_next(listing, &id, error)) > 0)
		++*count;
	listing_close(listing);
	return more == 0;
}

static const char *state_name(enum source_state state)
{
	return state == SOURCE_READY ? "ready" : state == SOURCE_LOADING ? "loading" : "withdrawn";
}

static void add_source_json(struct json *json, const struct source *source)
{
	char sha256[HASH_TEXT_SIZE];
	struct buffer when = {0};
	struct moment moment = {
		.from = source->imported, .to = source->imported + 1, .precision = MOMENT_SECOND};
	moment_format_edtf(&when, &moment);
	hash_text(source->sha256, sha256);
	json_open(json, NULL);
	json_number(json, "id", source->id);
	json_string(json, "name", source->name);
	json_string(json, "sha256", sha256);
	json_number(json, "bytes", source->size);
	json_string(json, "format", source->format);
	json_string(json, "importer", source->importer);
	json_text(json, "imported", buffer_span(&when));
	json_string(json, "state", state_name(source->state));
	json_number(json, "rows", source->taken);
	json_number(json, "skipped", source->skipped);
	json_bool(json, "kept", source->kept);
	json_close(json);
	buffer_free(&when);
}

static void add_source_text(struct buffer *out, const struct source *source)
{
	char sha256[HASH_TEXT_SIZE];
	hash_text(source->sha256, sha256);
	buffer_add_format(out,
		"  %-4" PRId64 " %.12s  %-9s %8" PRId64 " taken %5" PRId64 " skipped  ", source->id,
		sha256, state_name(source->state), source->taken, source->skipped);
	text_visible(out, span_string(source->name), false);
	buffer_add_byte(out, '\n');
}

static bool add_sources(
	struct case_file *file, struct buffer *out, struct json *json, struct error *error)
{
	struct source source = {0};
	int64_t id = 0;
	int more;
	if (json)
		json_open_array(json, "sources");
	else
		buffer_add_string(out, "sources\n");
	while ((more = source_next(file, &id, &source, error)) > 0) {
		if (json)
			add_source_json(json, &source);
		else
			add_source_text(out, &source);
		source_free(&source);
	}
	if (json)
		json_close_array(json);
	return more == 0;
}

static bool add_all(
	struct case_file *file, struct buffer *out, struct json *json, struct error *error)
{
	if (json) {
		json_open(json, NULL);
		json_string(json, "case", case_name(file));
		json_open(json, "kinds");
	} else {
		text_visible(out, span_string(case_name(file)), false);
		buffer_add_byte(out, '\n');
	}
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		int64_t count;
		if (!count_kind(file, (enum kind)kind, &count, error))
			return false;
		const struct kind_info *info = kind_info((enum kind)kind);
		if (json)
			json_number(json, info->name, count);
		else
			buffer_add_format(out, "  %-12s %8" PRId64 "\n", info->plural, count);
	}
	if (json)
		json_close(json);
	if (!add_sources(file, out, json, error))
		return false;
	if (json) {
		json_number(json, "bytes", case_size(file));
		json_number(json, "schema", CASE_SCHEMA_VERSION);
		json_string(json, "version", BREACHX_VERSION);
		json_close(json);
		buffer_add_byte(out, '\n');
	} else {
		buffer_add_format(out, "bytes %" PRId64 "\nschema %d\nbreachx %s\n",
			case_size(file), CASE_SCHEMA_VERSION, BREACHX_VERSION);
	}
	return !buffer_failed(out) || error_memory(error);
}

int cli_info(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	struct error error = {0};
	struct buffer out = {0};
	struct json json = {.out = &out};
	bool as_json = false;
	int option, code = 0;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "R", options, NULL)) != -1) {
		if (option == '?')
			return cli_usage("info", "unknown option");
		as_json |= option == 'j';
	}
	if (argc - optind != 1)
		return cli_usage("info", "a case is needed");
	struct case_file *file =
		cli_open(argv[optind], &(struct case_options){.mode = CASE_READ}, &error);
	if (!file || !add_all(file, &out, as_json ? &json : NULL, &error))
		code = cli_fail(&error);
	else
		cli_write(buffer_span(&out), &code);
	case_close(file);
	buffer_free(&out);
	return cli_finish(code);
}
