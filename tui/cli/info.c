/* breachx info: what is in a case. */
#include "command.h"

#include "base/hash.h"
#include "base/moment.h"
#include "base/text.h"
#include "casefile/source.h"
#include "casefile/visible.h"
#include "report/json.h"

#include <inttypes.h>

struct info_arguments {
	bool json;
};

static const struct option_info options[] = {CLI_JSON(struct info_arguments), CLI_READ_ONLY};

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
	if (source->zone)
		json_string(json, "zone", source->zone);
	if (source->options && source->options[0])
		json_string(json, "options", source->options);
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

/* Into json when it is given, else as lines into out. */
static bool add_kinds(
	struct case_file *file, struct buffer *out, struct json *json, struct error *error)
{
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		int64_t count;
		if (!visible_count(file, (enum kind)kind, &count, error))
			return false;
		const struct kind_info *info = kind_info((enum kind)kind);
		if (json)
			json_number(json, info->name, count);
		else
			buffer_add_format(out, "  %-12s %8" PRId64 "\n", info->plural, count);
	}
	return true;
}

static bool add_sources(
	struct case_file *file, struct buffer *out, struct json *json, struct error *error)
{
	struct source source = {0};
	int64_t id = 0;
	int more;
	while ((more = source_next(file, &id, &source, error)) > 0) {
		if (json)
			add_source_json(json, &source);
		else
			add_source_text(out, &source);
		source_free(&source);
	}
	return more == 0;
}

static bool add_json(struct case_file *file, struct buffer *out, struct error *error)
{
	struct json json = {.out = out};
	json_open(&json, NULL);
	json_open(&json, "kinds");
	if (!add_kinds(file, out, &json, error))
		return false;
	json_close(&json);
	json_open_array(&json, "sources");
	if (!add_sources(file, out, &json, error))
		return false;
	json_close_array(&json);
	json_number(&json, "bytes", case_size(file));
	json_number(&json, "schema", CASE_SCHEMA_VERSION);
	json_close_line(&json);
	return true;
}

static bool add_text(struct case_file *file, struct buffer *out, struct error *error)
{
	text_visible(out, span_string(case_name(file)), false);
	buffer_add_byte(out, '\n');
	if (!add_kinds(file, out, NULL, error))
		return false;
	buffer_add_string(out, "sources\n");
	if (!add_sources(file, out, NULL, error))
		return false;
	buffer_add_format(out, "bytes %" PRId64 "\nschema %d\nbreachx %s\n", case_size(file),
		CASE_SCHEMA_VERSION, BREACHX_VERSION);
	return true;
}

static int run(int argc, char **argv)
{
	struct info_arguments arguments = {0};
	struct error error = {0};
	struct buffer out = {0};
	int code = cli_read(&cli_info, argc, argv, &arguments, NULL);
	if (code != CLI_GO_ON)
		return code;
	code = CLI_FOUND;
	struct case_file *file =
		cli_open(argv[1], &(struct case_options){.mode = CASE_READ}, &error);
	bool held = false;
	bool good = file && case_hold(file, &held, &error) &&
		    (arguments.json ? add_json : add_text)(file, &out, &error);
	if (file)
		case_let_go(file, held);
	if (good)
		cli_write(&out, &code);
	else
		code = cli_fail(&error);
	cli_close(file);
	buffer_free(&out);
	return cli_finish(code);
}

const struct cli_command cli_info = {.name = "info",
	.about = "counts by kind, sources, size, versions",
	.operands = "CASE",
	.examples = "@example\n"
		    "my.breach --json\n",
	.json = "one object: kinds{host ...} sources[] bytes schema; of a source: id name "
		"sha256 bytes format importer imported state rows skipped kept; zone and options "
		"as they were stated.",
	.options = CLI_OPTIONS(options),
	.run = run};
