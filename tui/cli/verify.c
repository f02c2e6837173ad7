#include "cli/cli.h"
#include "commands.h"

#include "base/hash.h"
#include "base/text.h"
#include "casefile/verify.h"
#include "report/json.h"
#include "search/postings.h"

#include <getopt.h>
#include <inttypes.h>
#include <unistd.h>

struct verifying {
	bool json;
	const atomic_bool *cancel;
	bool progress;
	int code;
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
		json_close(&json);
	} else {
		buffer_add_format(&line, "%s: ", severity);
		text_visible(&line, span_string(finding->message), false);
	}
	buffer_add_byte(&line, '\n');
	if (!buffer_failed(&line))
		cli_write(buffer_span(&line), &verifying->code);
	buffer_free(&line);
}

static bool go_on(void *context, const char *step, int64_t done, int64_t total)
{
	struct verifying *verifying = context;
	if (verifying->progress && total > 0)
		fprintf(stderr, "\r%-24s %3d%%\r", step, (int)(done * 100 / total));
	return !atomic_load(verifying->cancel);
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

static void summarise(const struct verify_result *result, bool as_json, int *code)
{
	char head[HASH_TEXT_SIZE];
	struct buffer out = {0};
	hash_text(result->journal_head, head);
	if (as_json) {
		struct json json = {.out = &out};
		json_open(&json, NULL);
		json_open(&json, "summary");
		json_number(&json, "errors", result->errors);
		json_number(&json, "notes", result->notes);
		json_number(&json, "sources", result->sources);
		json_number(&json, "absent", result->sources_absent);
		json_number(&json, "journal", result->journal_entries);
		json_string(&json, "head", head);
		json_close(&json);
		json_close(&json);
		buffer_add_byte(&out, '\n');
	} else {
		buffer_add_format(&out,
			"%s\n%" PRId64 " sources agree with their SHA-256, %" PRId64
			" are not at hand\n%" PRId64 " journal entries, head %s\n",
			result->errors == 0 ? "nothing is altered" : "THIS CASE DOES NOT AGREE",
			result->sources, result->sources_absent, result->journal_entries, head);
	}
	if (!buffer_failed(&out))
		cli_write(buffer_span(&out), code);
	buffer_free(&out);
}

int cli_verify(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	struct error error = {0};
	struct verifying verifying = {.cancel = cli_catch_interrupt(), .progress = isatty(2)};
	int option;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "R", options, NULL)) != -1) {
		if (option == '?')
			return cli_usage("verify", "unknown option");
		verifying.json |= option == 'j';
	}
	if (argc - optind != 1)
		return cli_usage("verify", "a case is needed");
	struct case_file *file =
		cli_open(argv[optind], &(struct case_options){.mode = CASE_READ}, &error);
	if (!file)
		return cli_fail(&error);
	struct verify_result result = {0};
	bool good = verify(file, &verifying, &result, &error);
	int code = verifying.code;
	if (!good)
		code = error.code == ERROR_CANCELLED ? CLI_INTERRUPTED : cli_fail(&error);
	else
		summarise(&result, verifying.json, &code);
	if (good && result.errors > 0)
		code = CLI_INTEGRITY;
	case_close(file);
	return cli_finish(code);
}
