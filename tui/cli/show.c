#include "cli/cli.h"
#include "commands.h"

#include "base/hash.h"
#include "base/text.h"
#include "casefile/link.h"
#include "report/records.h"

#include <getopt.h>
#include <inttypes.h>

/* Related records that are printed. */
#define MOST_RELATED 10000

static void add_line(struct buffer *out, const char *label, struct span text)
{
	buffer_add_format(out, "%-14s ", label);
	text_visible(out, text, false);
	buffer_add_byte(out, '\n');
}

static bool add_related(struct buffer *out, struct json *json, struct record_reader *reader,
	const struct related *related, struct error *error)
{
	struct record record = {0};
	struct buffer title = {0}, id = {0};
	/* Events are not told one by one. */
	const bool one = related->id.id > 0;
	bool good = true;
	if (one) {
		good = record_read(reader, related->id.kind, related->id.id, &record, error) !=
		       RECORD_FAILED;
		record_title(&record, &title);
	}
	if (one)
		buffer_add_format(
			&id, "%s:%" PRId64, kind_info(related->id.kind)->name, related->id.id);
	else
		buffer_add_format(
			&id, "%" PRId64 " %s", related->count, kind_info(related->id.kind)->plural);
	if (json) {
		json_open(json, NULL);
		json_string(json, "type", related->type);
		json_bool(json, "outgoing", related->outgoing);
		if (one)
			json_text(json, "record", buffer_span(&id));
		else
			json_string(json, "kind", kind_info(related->id.kind)->name);
		if (one)
			json_text(json, "title", buffer_span(&title));
		if (!one || related->count > 1)
			json_number(json, "count", related->count);
		if (related->detail && related->detail[0])
			json_string(json, "detail", related->detail);
		json_string(json, "basis", basis_name(related->basis));
		json_close(json);
	} else {
		buffer_add_format(out, "  %s ", related->outgoing ? "->" : "<-");
		text_visible(out, span_string(related->type), false);
		buffer_add_byte(out, ' ');
		buffer_add_span(out, buffer_span(&id));
		if (one)
			buffer_add_byte(out, ' ');
		text_visible(out, buffer_span(&title), false);
		if (related->detail && related->detail[0]) {
			buffer_add_string(out, " (");
			text_visible(out, span_string(related->detail), false);
			buffer_add_byte(out, ')');
		}
		if (one && related->count > 1)
			buffer_add_format(out, " x%" PRId64, related->count);
		buffer_add_byte(out, '\n');
	}
	good = good && !buffer_failed(&title) && !buffer_failed(&id);
	buffer_free(&title);
	buffer_free(&id);
	record_free(&record);
	return good;
}

static bool add_text(struct buffer *out, struct report_sources *sources,
	const struct record *record, struct error *error)
{
	const struct kind_info *info = kind_info(record->id.kind);
	buffer_add_format(out, "%s:%" PRId64 "\n", info->name, record->id.id);
	for (int i = 0; i < record->cell_count; i++) {
		const struct cell *cell = &record->cells[i];
		struct buffer label = {0};
		if (cell->field == CELL_EXTRA)
			buffer_add_string(&label, "extra.");
		text_visible(&label, cell->name, false);
		add_line(out, label.data ? label.data : "", cell->text);
		buffer_free(&label);
	}
	add_line(out, "basis", span_string(basis_name(record->basis)));
	if (span_stated(record->by))
		add_line(out, "by", record->by);
	struct source source = {0};
	if (!source_read(sources->file, record->source, &source, error))
		return false;
	char sha256[HASH_TEXT_SIZE];
	hash_text(source.sha256, sha256);
	add_line(out, "source", span_string(source.name));
	add_line(out, "SHA-256", span_string(sha256));
	buffer_add_format(
		out, "%-14s %" PRIu64 " to %" PRIu64 "\n", "bytes", record->start, record->end);
	source_free(&source);
	return true;
}

static int print(
	struct case_file *file, struct record_reader *reader, struct record_id id, bool as_json)
{
	struct error error = {0};
	struct record record = {0};
	struct related_list related = {0};
	struct buffer out = {0};
	struct json json = {.out = &out};
	struct report_sources sources = {.file = file};
	int code = 0;
	enum record_result found = record_read(reader, id.kind, id.id, &record, &error);
	bool good = found != RECORD_FAILED;
	if (found == RECORD_NONE)
		cli_say("there is no %s:%lld in this case", kind_info(id.kind)->name,
			(long long)id.id);
	if (found == RECORD_FOUND) {
		good = link_related(file, id, MOST_RELATED, &related, &error);
		if (as_json)
			json_open(&json, NULL);
		good = good && (as_json ? report_record_members(&json, &sources, &record, &error)
					: add_text(&out, &sources, &record, &error));
		if (as_json)
			json_open_array(&json, "links");
		else if (related.count > 0)
			buffer_add_string(&out, "related\n");
		for (int i = 0; good && i < related.count; i++)
			good = add_related(
				&out, as_json ? &json : NULL, reader, &related.items[i], &error);
		if (as_json) {
			json_close_array(&json);
			json_close(&json);
			buffer_add_byte(&out, '\n');
		}
	}
	if (good && buffer_failed(&out))
		good = error_memory(&error);
	if (!good)
		code = cli_fail(&error);
	else
		cli_write(buffer_span(&out), &code);
	if (good && related.more)
		cli_say("more is related to it than the %d shown", related.count);
	related_list_free(&related);
	report_sources_free(&sources);
	record_free(&record);
	buffer_free(&out);
	return code;
}

int cli_show(int argc, char **argv)
{
	static const struct option options[] = {
		{"json", no_argument, NULL, 'j'}, {NULL, 0, NULL, 0}};
	struct error error = {0};
	struct record_id id;
	bool as_json = false;
	int option;
	opterr = 0;
	while ((option = getopt_long(argc, argv, "R", options, NULL)) != -1) {
		if (option == '?')
			return cli_usage("show", "unknown option");
		as_json |= option == 'j';
	}
	if (argc - optind != 2)
		return cli_usage("show", "a case and a record are needed");
	if (!record_id_parse(span_string(argv[optind + 1]), &id))
		return cli_usage("show", "`%s` is no record; write it as host:7", argv[optind + 1]);
	struct case_file *file =
		cli_open(argv[optind], &(struct case_options){.mode = CASE_READ}, &error);
	struct record_reader *reader = file ? record_reader_open(file, &error) : NULL;
	int code = reader ? print(file, reader, id, as_json) : cli_fail(&error);
	record_reader_close(reader);
	case_close(file);
	return cli_finish(code);
}
