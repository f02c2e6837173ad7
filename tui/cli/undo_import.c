/* breachx undo-import: takes an import back. */
#include "command.h"

#include "base/hash.h"
#include "base/text.h"
#include "casefile/source.h"
#include "casefile/undo.h"
#include "report/json.h"

#include <stdlib.h>

struct undo_arguments {
	const char *by, *reason;
	bool recover, json;
};

static const struct option_info options[] = {
	{OPTION_TEXT(struct undo_arguments, by), .name = "by", .value = "NAME",
		.about = "who takes it back, for the journal; else the login name"},
	{OPTION_TEXT(struct undo_arguments, reason), .name = "reason", .value = "TEXT",
		.about = "why, for the journal"},
	CLI_RECOVER(struct undo_arguments),
	CLI_JSON(struct undo_arguments),
};

struct undoing {
	struct undo_arguments arguments;
	struct source source;
	struct undo_count count;
};

static void write_json(const struct undoing *undoing, struct buffer *out)
{
	struct json json = {.out = out};
	char digest[HASH_TEXT_SIZE];
	hash_text(undoing->source.sha256, digest);
	json_open(&json, NULL);
	json_number(&json, "id", undoing->source.id);
	json_string(&json, "name", undoing->source.name);
	json_string(&json, "sha256", digest);
	json_open(&json, "hidden");
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++)
		if (undoing->count.hidden[kind] > 0)
			json_number(&json, kind_info((enum kind)kind)->name,
				undoing->count.hidden[kind]);
	json_close(&json);
	json_number(&json, "stayed", undoing->count.stayed);
	json_close_line(&json);
}

static void write_text(const struct undoing *undoing, struct buffer *out)
{
	buffer_add_format(out, "source %lld (", (long long)undoing->source.id);
	text_visible(out, span_string(undoing->source.name), false);
	buffer_add_string(out, ") was taken back; hidden: ");
	const char *before = "";
	for (int kind = KIND_NONE + 1; kind < KIND_COUNT; kind++) {
		if (undoing->count.hidden[kind] == 0)
			continue;
		buffer_add_format(out, "%s%s %lld", before, kind_info((enum kind)kind)->name,
			(long long)undoing->count.hidden[kind]);
		before = ", ";
	}
	buffer_add_string(out, *before ? "" : "nothing");
	if (undoing->count.stayed > 0)
		buffer_add_format(out,
			"\n  %lld records stay: another source mentions them, or somebody decided "
			"on them",
			(long long)undoing->count.stayed);
	buffer_add_byte(out, '\n');
}

/* --by, else the login name. */
static struct span reviewer(const struct undo_arguments *arguments)
{
	const char *name = arguments->by;
	if (!name)
		name = getenv("LOGNAME");
	return span_string(name ? name : getenv("USER"));
}

static bool undo(
	struct undoing *undoing, struct case_file *file, const char *asked, struct error *error)
{
	int64_t id, clock;
	struct span by = reviewer(&undoing->arguments);
	if (!source_named(file, span_string(asked), &id, error) || !cli_clock(&clock, error))
		return false;
	if (span_trim(by).length == 0)
		return error_set(error, ERROR_USAGE, "say who takes it back: --by NAME");
	return undo_import(file, id, by, clock, span_string(undoing->arguments.reason), error) &&
	       source_read(file, id, &undoing->source, error) &&
	       undo_count(file, id, &undoing->count, error);
}

static int run(int argc, char **argv)
{
	struct undoing undoing = {0};
	struct error error = {0};
	struct buffer out = {0};
	int code = cli_read(&cli_undo_import, argc, argv, &undoing.arguments, NULL);
	if (code != CLI_GO_ON)
		return code;
	code = CLI_FOUND;
	struct case_file *file = cli_open(argv[1],
		&(struct case_options){.mode = CASE_WRITE, .recover = undoing.arguments.recover},
		&error);
	if (file && undo(&undoing, file, argv[2], &error)) {
		(undoing.arguments.json ? write_json : write_text)(&undoing, &out);
		cli_write(&out, &code);
	} else {
		code = cli_fail(&error);
	}
	buffer_free(&out);
	source_free(&undoing.source);
	cli_close(file);
	return cli_finish(code);
}

const struct cli_command cli_undo_import = {.name = "undo-import",
	.about = "take an import back, whole",
	.operands = "CASE SOURCE",
	.examples = "my.breach hosts.csv --reason 'the wrong site'\n"
		    "my.breach 3 --by 'M. Sato'\n",
	.notes = "SOURCE is its number, its name, or the first digits of its SHA-256, as `breachx "
		 "info` lists them. Its records are hidden at once; one that another source "
		 "mentions, or that somebody decided on, stays.",
	.json = "one object: id name sha256 hidden{host ...} stayed.",
	.options = CLI_OPTIONS(options),
	.run = run};
