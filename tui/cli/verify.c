/* breachx verify: whether a case is what it was. */
#include "command.h"
#include "progress.h"

#include "base/hash.h"
#include "base/text.h"
#include "casefile/verify.h"
#include "report/json.h"
#include "search/postings.h"

#include <inttypes.h>

struct verify_arguments {
	bool json;
};

static const struct option_info options[] = {CLI_JSON(struct verify_arguments), CLI_READ_ONLY};

struct verifying {
	bool json;
	struct progress progress;
	int code; /* when something could not be written */
};

static void found(void *context, const struct verify_finding *finding)
{
	struct verifying *verifying = context;
	const char *severity = finding->severity == VERIFY_ERROR ? "error" : "note";
	struct buffer line = {0};
	if (verifying->json) {
		struct json json = {.out = &line};
		json_open(&json, NULL);
		json_string(&json, "severity", severity);
		json_string(&json, "message", finding->message);
		json_close_line(&json);
	} else {
		buffer_add_format(&line, "%s: ", severity);
		text_visible(&line, span_string(finding->message), false);
		buffer_add_byte(&line, '\n');
	}
	progress_end(&verifying->progress);
	cli_write(&line, &verifying->code);
	buffer_free(&line);
}

static bool go_on(void *context, const char *step, int64_t done, int64_t total)
{
	struct verifying *verifying = context;
	if (progress_due(&verifying->progress)) {
		struct buffer line = {0};
		buffer_add_string(&line, step);
		if (total > 0)
			buffer_add_format(
				&line, ": %d%%", (int)((double)done * 100 / (double)total));
		progress_show(&verifying->progress, buffer_span(&line));
		buffer_free(&line);
	}
	return !atomic_load(cli_cancel());
}

static void index_wrong(void *context, const char *message)
{
	found(context, &(struct verify_finding){.severity = VERIFY_ERROR, .message = message});
}

static bool index_go_on(void *context, int64_t done, int64_t total)
{
	return go_on(context, "search index", done, total);
}

/* All steps; what is wrong with the index counts as an error of the case. */
static bool verify(const struct case_file *file, struct verifying *verifying,
	struct verify_result *result, struct error *error)
{
	struct verify_options how = {
		.full = true, .found = found, .go_on = go_on, .context = verifying};
	struct index_check index = {
		.found = index_wrong, .go_on = index_go_on, .context = verifying};
	bool good = verify_case(file, &how, result, error) && index_verify(file, &index, error);
	result->errors += index.wrong;
	return good;
}

static void add_json(const struct verify_result *result, const char *head, struct buffer *out)
{
	struct json json = {.out = out};
	json_open(&json, NULL);
	json_open(&json, "summary");
	json_number(&json, "errors", result->errors);
	json_number(&json, "notes", result->notes);
	json_number(&json, "sources", result->sources);
	json_number(&json, "absent", result->sources_absent);
	json_number(&json, "journal", result->journal_entries);
	json_string(&json, "head", head);
	json_close(&json);
	json_close_line(&json);
}

static void add_text(const struct verify_result *result, const char *head, struct buffer *out)
{
	buffer_add_format(out,
		"%s\n%" PRId64 " sources agree with their SHA-256, %" PRId64
		" are not at hand\n%" PRId64 " journal entries, head %s\n",
		result->errors == 0 ? "nothing is altered" : "THIS CASE DOES NOT AGREE",
		result->sources, result->sources_absent, result->journal_entries, head);
}

static int run(int argc, char **argv)
{
	struct verify_arguments arguments = {0};
	struct verify_result result = {0};
	struct error error = {0};
	struct buffer out = {0};
	char head[HASH_TEXT_SIZE];
	int code = cli_read(&cli_verify, argc, argv, &arguments, NULL);
	if (code != CLI_GO_ON)
		return code;
	struct verifying verifying = {.json = arguments.json};
	struct case_file *file =
		cli_open(argv[1], &(struct case_options){.mode = CASE_READ}, &error);
	bool good = file && verify(file, &verifying, &result, &error);
	progress_end(&verifying.progress);
	code = verifying.code;
	if (!good) {
		code = cli_fail(&error);
	} else {
		hash_text(result.journal_head, head);
		(arguments.json ? add_json : add_text)(&result, head, &out);
		cli_write(&out, &code);
	}
	if (good && result.errors > 0)
		code = CLI_INTEGRITY;
	buffer_free(&out);
	cli_close(file);
	return cli_finish(code);
}

const struct cli_command cli_verify = {.name = "verify",
	.about = "file, journal chain, source hashes, index against rows",
	.operands = "CASE",
	.examples = "my.breach\n"
		    "@example --json\n",
	.notes = "A source that is not at hand is no alteration; `breachx attach` finds moved ones "
		 "again. One that lies packed is unpacked while it is hashed, which takes time and "
		 "no room. Ends with 5 when something does not agree. Keep the journal's head: the "
		 "chain alone does not show that its end was cut off.",
	.json = "an object for each finding: severity message; the last line is "
		"summary{errors notes sources absent journal head}.",
	.options = CLI_OPTIONS(options),
	.run = run};
