/* breachx attach: finds the files of sources again. */
#include "casefile/attach.h"

#include "base/text.h"
#include "cli/cli.h"
#include "commands.h"
#include "report/json.h"

#include <getopt.h>

static const char *const states[] = {[ATTACH_KEPT] = "kept",
	[ATTACH_AT_HAND] = "at hand",
	[ATTACH_FOUND] = "found",
	[ATTACH_ABSENT] = "absent"};

static bool goes_on(void *cancel)
{
	return !atomic_load((const atomic_bool *)cancel);
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
	json_close(&json);
	buffer_add_byte(out, '\n');
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
	for (size_t i = 0; i < attach->count; i++)
		(as_json ? write_json : write_text)(&attach->sources[i], &out);
	if (buffer_failed(&out)) {
		struct error error = {0};
		error_memory(&error);
		code = cli_fail(&error);
	} else {
		cli_write(buffer_span(&out), &code);
	}
	buffer_free(&out);
	cli_say("%lld files looked at, %lld of them read: %zu sources found, %zu still absent",
		(long long)attach->files, (long long)attach->hashed, attach->found, attach->absent);
	if (attach->unread > 0)
		cli_say("%lld files or folders could not be read", (long long)attach->unread);
	return code;
}

int cli_attach(int argc, char **argv)
{
	static const struct option options[] = {
		{"recover", no_argument, NULL, 'R'}, {"json", no_argument, NULL, 'j'}, {0}};
	struct case_options how = {.mode = CASE_WRITE};
	bool as_json = false;
	struct error error = {0};
	int option;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == '?')
			return cli_usage("attach", "what is %s?", argv[optind - 1]);
		how.recover |= option == 'R';
		as_json |= option == 'j';
	}
	if (argc - optind != 2)
		return cli_usage("attach", "name a case and a folder to look through");
	const atomic_bool *cancel = cli_catch_interrupt();
	struct case_file *file = cli_open(argv[optind], &how, &error);
	struct attach attach = {0};
	int code;
	if (file && attach_find(file, argv[optind + 1], goes_on, (void *)(uintptr_t)cancel, &attach,
			    &error))
		code = tell(&attach, as_json);
	else
		code = error.code == ERROR_CANCELLED ? (cli_fail(&error), CLI_INTERRUPTED)
						     : cli_fail(&error);
	attach_free(&attach);
	case_close(file);
	return cli_finish(code);
}
