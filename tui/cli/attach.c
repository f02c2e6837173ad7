/* breachx attach: finds the files of sources again. */
#include "command.h"
#include "progress.h"

#include "base/hash.h"
#include "base/text.h"
#include "casefile/attach.h"
#include "report/json.h"

#include <stdio.h>

struct attach_arguments {
	bool recover, json;
};

static const struct option_info options[] = {
	CLI_RECOVER(struct attach_arguments), CLI_JSON(struct attach_arguments)};

static const char *const states[] = {[ATTACH_KEPT] = "kept",
	[ATTACH_AT_HAND] = "at hand",
	[ATTACH_FOUND] = "found",
	[ATTACH_ABSENT] = "absent"};

static bool goes_on(void *context, const struct attach *attach)
{
	struct progress *progress = context;
	if (progress_due(progress)) {
		struct buffer line = {0};
		buffer_add_format(&line, "%lld files looked at, %lld MB read",
			(long long)attach->files, (long long)(attach->bytes / 1000000));
		progress_show(progress, buffer_span(&line));
		buffer_free(&line);
	}
	return !atomic_load(cli_cancel());
}

static void write_json(const struct attach_source *source, struct buffer *out)
{
	struct json json = {.out = out};
	char digest[HASH_TEXT_SIZE];
	hash_text(source->sha256, digest);
	json_open(&json, NULL);
	json_number(&json, "id", source->id);
	json_string(&json, "name", source->name);
	json_string(&json, "sha256", digest);
	json_number(&json, "bytes", source->size);
	json_string(&json, "state", states[source->state]);
	if (source->path && source->state != ATTACH_ABSENT)
		json_string(&json, "path", source->path);
	json_bool(&json, "changed", source->changed);
	json_close_line(&json);
}

static void write_text(const struct attach_source *source, struct buffer *out)
{
	char digest[HASH_TEXT_SIZE];
	hash_text(source->sha256, digest);
	buffer_add_format(out, "%-7s %4lld %.12s %12lld bytes  ", states[source->state],
		(long long)source->id, digest, (long long)source->size);
	text_visible(out, span_string(source->name), false);
	if (source->path && source->state != ATTACH_KEPT && source->state != ATTACH_ABSENT) {
		buffer_add_string(out, "  ");
		text_visible(out, span_string(source->path), false);
	}
	if (source->changed)
		buffer_add_string(out, "  (where it was, other bytes stand now)");
	buffer_add_byte(out, '\n');
}

static int tell(const struct attach *attach, bool as_json)
{
	struct buffer out = {0};
	int code = attach->absent > 0 ? CLI_NOTHING : CLI_FOUND;
	char cost[80] = "";
	for (size_t i = 0; i < attach->count; i++)
		(as_json ? write_json : write_text)(&attach->sources[i], &out);
	if (out.length > 0)
		cli_write(&out, &code);
	buffer_free(&out);
	if (attach->unpacked > 0)
		snprintf(cost, sizeof cost, " (%lld packed ones; %lld bytes in all)",
			(long long)attach->unpacked, (long long)attach->bytes);
	cli_say("%lld files looked at, %lld of them read%s: %zu sources found, %zu still absent",
		(long long)attach->files, (long long)(attach->hashed + attach->unpacked), cost,
		attach->found, attach->absent);
	if (attach->unread > 0)
		cli_say("%lld files, members or folders could not be read or unpacked",
			(long long)attach->unread);
	return code;
}

static int run(int argc, char **argv)
{
	struct attach_arguments arguments = {0};
	struct attach attach = {0};
	struct error error = {0};
	struct progress progress = {0};
	int code = cli_read(&cli_attach, argc, argv, &arguments, NULL);
	if (code != CLI_GO_ON)
		return code;
	struct case_file *file = cli_open(argv[1],
		&(struct case_options){.mode = CASE_WRITE, .recover = arguments.recover}, &error);
	bool done = file && attach_find(file, argv[2], goes_on, &progress, &attach, &error);
	progress_end(&progress);
	if (done)
		code = tell(&attach, arguments.json);
	else
		code = cli_fail(&error);
	attach_free(&attach);
	cli_close(file);
	return cli_finish(code);
}

const struct cli_command cli_attach = {.name = "attach",
	.about = "find the files of moved sources again, by size and SHA-256",
	.operands = "CASE FOLDER",
	.examples = "my.breach /media/stick/evidence\n",
	.notes = "Says of each source whether it is kept in the case, at hand, found or absent. "
		 "Names do not matter, links are not followed. What is not found is looked for in "
		 ".gz, .zst and .zip files, too: of those, .gz and .zst do not tell what they "
		 "unpack to, so each is unpacked, as far as the largest source goes, and nothing "
		 "of it is written. Ends with 1 when a source is absent.",
	.json = "an object for each source: id name sha256 bytes state path changed; path "
		"where it was found, ZIP//MEMBER in a zip.",
	.options = CLI_OPTIONS(options),
	.run = run};
