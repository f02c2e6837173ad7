/* breachx undo-import: takes an import back. */
#include "casefile/source.h"
#include "casefile/undo.h"
#include "cli/cli.h"
#include "commands.h"
#include "report/json.h"

#include "base/text.h"

#include <getopt.h>
#include <stdlib.h>

struct undoing {
	const char *by, *reason;
	bool recover, as_json;
	struct source source;
	struct undo_count count;
};

static bool read_options(struct undoing *undoing, int argc, char **argv)
{
	static const struct option options[] = {{"by", required_argument, NULL, 'b'},
		{"reason", required_argument, NULL, 'r'}, {"recover", no_argument, NULL, 'R'},
		{"json", no_argument, NULL, 'j'}, {0}};
	int option;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == '?') {
			cli_usage("undo-import", "what is %s?", argv[optind - 1]);
			return false;
		}
		if (option == 'b')
			undoing->by = optarg;
		else if (option == 'r')
			undoing->reason = optarg;
		else if (option == 'R')
			undoing->recover = true;
		else
			undoing->as_json = true;
	}
	return true;
}

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
	json_close(&json);
	buffer_add_byte(out, '\n');
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
static struct span reviewer(const struct undoing *undoing)
{
	const char *name = undoing->by;
	if (!name)
		name = getenv("LOGNAME");
	return span_string(name ? name : getenv("USER"));
}

static bool undo(struct undoing *undoing, struct case_file *file, const char *asked, int *code,
	struct error *error)
{
	int64_t id, clock;
	struct span by = reviewer(undoing);
	if (!source_named(file, span_string(asked), &id, error) || !cli_clock(&clock, error))
		return false;
	if (span_trim(by).length == 0)
		return error_set(error, ERROR_USAGE, "say who takes it back: --by NAME");
	if (!undo_import(file, id, by, clock, span_string(undoing->reason), error) ||
		!source_read(file, id, &undoing->source, error) ||
		!undo_count(file, id, &undoing->count, error))
		return false;
	struct buffer out = {0};
	if (undoing->as_json)
		write_json(undoing, &out);
	else
		write_text(undoing, &out);
	bool written = !buffer_failed(&out) || error_memory(error);
	if (written)
		cli_write(buffer_span(&out), code);
	buffer_free(&out);
	return written;
}

int cli_undo_import(int argc, char **argv)
{
	struct undoing undoing = {0};
	struct error error = {0};
	int code = CLI_FOUND;
	if (!read_options(&undoing, argc, argv))
		return CLI_USAGE;
	if (argc - optind != 2)
		return cli_usage("undo-import", "name a case and one of its sources");
	struct case_file *file = cli_open(argv[optind],
		&(struct case_options){.mode = CASE_WRITE, .recover = undoing.recover}, &error);
	if (!file || !undo(&undoing, file, argv[optind + 1], &code, &error))
		code = cli_fail(&error);
	source_free(&undoing.source);
	case_close(file);
	return cli_finish(code);
}
