/* breachx show: one record, with what it is related to and where it came from. */
#include "command.h"
#include "progress.h"

#include "base/hash.h"
#include "base/text.h"
#include "casefile/link.h"
#include "casefile/source.h"
#include "report/records.h"

#include <inttypes.h>
#include <string.h>

/* Related records that are printed. */
#define MOST_RELATED 10000
/* Places that are printed beside a record's own. */
#define MOST_PLACES 100

struct show_arguments {
	bool json, bytes;
};

static const struct option_info options[] = {
	{OPTION_FLAG(struct show_arguments, bytes), .name = "bytes",
		.about = "with the bytes of its source that it was read from"},
	CLI_JSON(struct show_arguments), CLI_READ_ONLY};

/* A related record, or the number of related records of a large kind, which are not told one by
 * one. */
struct relative {
	const struct related *related;
	bool one;
	struct buffer id, title; /* `host:7`, or `12 events`; empty */
};

static bool read_relative(
	struct record_reader *reader, struct relative *relative, struct error *error)
{
	const struct related *related = relative->related;
	const struct kind_info *kind = kind_info(related->id.kind);
	struct record record = {0};
	relative->one = related->id.id > 0;
	if (!relative->one) {
		buffer_add_format(&relative->id, "%" PRId64 " %s", related->count,
			related->count == 1 ? kind->name : kind->plural);
		return !buffer_failed(&relative->id) || error_memory(error);
	}
	bool good = record_read(reader, related->id.kind, related->id.id, &record, error) !=
		    RECORD_FAILED;
	record_title(&record, &relative->title);
	buffer_add_format(&relative->id, "%s:%" PRId64, kind->name, related->id.id);
	record_free(&record);
	if (good && (buffer_failed(&relative->id) || buffer_failed(&relative->title)))
		good = error_memory(error);
	return good;
}

static void add_relative_json(struct json *json, const struct relative *relative)
{
	const struct related *related = relative->related;
	json_open(json, NULL);
	json_string(json, "type", related->type);
	json_bool(json, "outgoing", related->outgoing);
	if (relative->one) {
		json_text(json, "record", buffer_span(&relative->id));
		json_text(json, "title", buffer_span(&relative->title));
	} else {
		json_string(json, "kind", kind_info(related->id.kind)->name);
	}
	if (!relative->one || related->count > 1)
		json_number(json, "count", related->count);
	if (related->detail && related->detail[0])
		json_string(json, "detail", related->detail);
	json_string(json, "basis", basis_name(related->basis));
	json_close(json);
}

static void add_relative_text(struct buffer *out, const struct relative *relative)
{
	const struct related *related = relative->related;
	buffer_add_format(out, "  %s ", related->outgoing ? "->" : "<-");
	text_visible(out, span_string(related->type), false);
	buffer_add_byte(out, ' ');
	buffer_add_span(out, buffer_span(&relative->id));
	if (relative->one)
		buffer_add_byte(out, ' ');
	text_visible(out, buffer_span(&relative->title), false);
	if (related->detail && related->detail[0]) {
		buffer_add_string(out, " (");
		text_visible(out, span_string(related->detail), false);
		buffer_add_byte(out, ')');
	}
	if (relative->one && related->count > 1)
		buffer_add_format(out, " x%" PRId64, related->count);
	buffer_add_byte(out, '\n');
}

/* Into json when it is given, else as lines into out. */
static bool add_related(struct buffer *out, struct json *json, struct record_reader *reader,
	const struct related_list *list, struct error *error)
{
	bool good = true;
	if (!json && list->count > 0)
		buffer_add_string(out, "related\n");
	for (int i = 0; good && i < list->count; i++) {
		struct relative relative = {.related = &list->items[i]};
		good = read_relative(reader, &relative, error);
		if (good && json)
			add_relative_json(json, &relative);
		else if (good)
			add_relative_text(out, &relative);
		buffer_free(&relative.id);
		buffer_free(&relative.title);
	}
	return good;
}

static void add_line(struct buffer *out, const char *label, struct span text)
{
	buffer_add_format(out, "%-14s ", label);
	text_visible(out, text, false);
	buffer_add_byte(out, '\n');
}

static void add_cell(struct buffer *out, const struct cell *cell)
{
	struct buffer label = {0};
	if (cell->field == CELL_EXTRA)
		buffer_add_string(&label, "extra.");
	text_visible(&label, cell->name, false);
	add_line(out, buffer_failed(&label) ? "" : label.data, cell->text);
	out->failed |= buffer_failed(&label);
	buffer_free(&label);
}

static bool add_text(struct buffer *out, struct report_sources *sources,
	const struct record *record, struct error *error)
{
	char sha256[HASH_TEXT_SIZE], stands_for[REPORT_STANDS_FOR_SIZE];
	if (!report_source(sources, record->source, error))
		return false;
	hash_text(sources->last.sha256, sha256);
	buffer_add_format(out, "%s:%" PRId64 "\n", kind_info(record->id.kind)->name, record->id.id);
	for (int i = 0; i < record->cell_count; i++)
		add_cell(out, &record->cells[i]);
	add_line(out, "basis", span_string(basis_name(record->basis)));
	if (span_stated(record->by))
		add_line(out, "by", record->by);
	if (report_stands_for(record, stands_for))
		add_line(out, "stands_for", span_string(stands_for));
	add_line(out, "source", span_string(sources->last.name));
	add_line(out, "SHA-256", span_string(sha256));
	buffer_add_format(
		out, "%-14s %" PRIu64 " to %" PRIu64 "\n", "bytes", record->start, record->end);
	return true;
}

/* The places where other sources tell of it, or its own once more. */
static bool add_places(struct buffer *out, struct json *json, struct report_sources *sources,
	const struct record *record, struct error *error)
{
	struct record_mention places[MOST_PLACES];
	bool more;
	int count = record_mentions(sources->file, record, places, MOST_PLACES, &more, error);
	for (int i = 0; i < count; i++) {
		if (!report_source(sources, places[i].source, error))
			return false;
		if (json) {
			report_place(json, NULL, &sources->last, places[i].start, places[i].end);
			continue;
		}
		buffer_add_format(out, "%-14s ", "also in");
		text_visible(out, span_string(sources->last.name), false);
		buffer_add_format(out, ", bytes %" PRIu64 " to %" PRIu64 "\n", places[i].start,
			places[i].end);
	}
	if (more)
		cli_say("more places tell of it than the %d shown", MOST_PLACES);
	return count >= 0;
}

/* ---- its bytes ---- */

struct fetching {
	struct progress progress;
	int64_t size; /* of the source */
};

static bool fetching_goes_on(void *context, int64_t bytes)
{
	struct fetching *fetching = context;
	if (progress_due(&fetching->progress)) {
		struct buffer line = {0};
		buffer_add_format(&line, "checking its source: %d%%",
			fetching->size > 0 ? (int)((double)bytes * 100 / (double)fetching->size)
					   : 100);
		progress_show(&fetching->progress, buffer_span(&line));
		buffer_free(&line);
	}
	return !atomic_load(cli_cancel());
}

static bool fetch(struct report_sources *sources, const struct record *record, struct buffer *bytes,
	struct error *error)
{
	struct fetching fetching = {0};
	const struct source_progress progress = {fetching_goes_on, &fetching};
	if (!report_source(sources, record->source, error))
		return false;
	fetching.size = sources->last.size;
	bool done = source_bytes_once(
		sources->file, record->source, record->start, record->end, &progress, bytes, error);
	progress_end(&fetching.progress);
	return done;
}

/* Line by line, made visible. */
static void add_bytes(struct buffer *out, struct span bytes)
{
	buffer_add_string(out, "as it stands there\n");
	while (bytes.length > 0) {
		const char *end = memchr(bytes.data, '\n', bytes.length);
		size_t length = end ? (size_t)(end - bytes.data) : bytes.length;
		text_visible(out, span_slice(bytes, 0, length), false);
		buffer_add_byte(out, '\n');
		bytes = span_slice(bytes, end ? length + 1 : length, bytes.length);
	}
}

struct showing {
	struct record_reader *reader;
	struct report_sources sources;
	struct record record;
	struct related_list related;
	struct buffer bytes;
	bool with_bytes; /* they were asked for, and could be read */
	struct buffer out;
};

static bool add_all(struct showing *showing, bool as_json, struct error *error)
{
	struct buffer *out = &showing->out;
	struct json json = {.out = out};
	if (!as_json) {
		bool added = add_text(out, &showing->sources, &showing->record, error) &&
			     add_places(out, NULL, &showing->sources, &showing->record, error) &&
			     add_related(out, NULL, showing->reader, &showing->related, error);
		if (added && showing->with_bytes)
			add_bytes(out, buffer_span(&showing->bytes));
		return added;
	}
	json_open(&json, NULL);
	if (!report_record_members(&json, &showing->sources, &showing->record, error))
		return false;
	json_open_array(&json, "also");
	if (!add_places(out, &json, &showing->sources, &showing->record, error))
		return false;
	json_close_array(&json);
	json_open_array(&json, "links");
	if (!add_related(out, &json, showing->reader, &showing->related, error))
		return false;
	json_close_array(&json);
	if (showing->with_bytes)
		json_text(&json, "content", buffer_span(&showing->bytes));
	json_close_line(&json);
	return true;
}

/* A record and what it is related to, of one moment. */
static enum record_result gather(struct showing *showing, struct record_id id, struct error *error)
{
	const struct case_file *file = showing->sources.file;
	bool held;
	if (!case_hold(file, &held, error))
		return RECORD_FAILED;
	enum record_result found =
		record_read(showing->reader, id.kind, id.id, &showing->record, error);
	if (found == RECORD_FOUND &&
		!link_related(file, id, MOST_RELATED, &showing->related, error))
		found = RECORD_FAILED;
	case_let_go(file, held);
	return found;
}

/* The record is shown also where its bytes can't be. */
static int tell_unread(const struct error *error)
{
	int code = cli_fail(error);
	return error->code == ERROR_USAGE ? CLI_NOTHING : code;
}

static int show(
	struct showing *showing, struct record_id id, const struct show_arguments *arguments)
{
	struct error error = {0}, unread = {0};
	int code = CLI_FOUND;
	switch (gather(showing, id, &error)) {
	case RECORD_NONE:
		cli_say("there is no %s:%lld in this case", kind_info(id.kind)->name,
			(long long)id.id);
		return code;
	case RECORD_FAILED:
		return cli_fail(&error);
	case RECORD_FOUND:
		break;
	}
	showing->with_bytes = arguments->bytes &&
			      fetch(&showing->sources, &showing->record, &showing->bytes, &unread);
	if (unread.code == ERROR_CANCELLED)
		return cli_fail(&unread);
	if (!add_all(showing, arguments->json, &error))
		return cli_fail(&error);
	bool heard = cli_write(&showing->out, &code);
	if (heard && unread.code != ERROR_NONE)
		code = tell_unread(&unread);
	if (showing->related.more)
		cli_say("more is related to it than the %d shown", showing->related.count);
	return code;
}

static int run(int argc, char **argv)
{
	struct show_arguments arguments = {0};
	struct error error = {0};
	struct record_id id;
	int code = cli_read(&cli_show, argc, argv, &arguments, NULL);
	if (code != CLI_GO_ON)
		return code;
	if (!record_id_parse(span_string(argv[2]), &id))
		return cli_usage(&cli_show, "`%s` is no record; write it as host:7", argv[2]);
	struct showing showing = {0};
	struct case_file *file =
		cli_open(argv[1], &(struct case_options){.mode = CASE_READ}, &error);
	showing.sources.file = file;
	showing.reader = file ? record_reader_open(file, &error) : NULL;
	code = showing.reader ? show(&showing, id, &arguments) : cli_fail(&error);
	related_list_free(&showing.related);
	report_sources_free(&showing.sources);
	record_free(&showing.record);
	buffer_free(&showing.bytes);
	buffer_free(&showing.out);
	record_reader_close(showing.reader);
	cli_close(file);
	return cli_finish(code);
}

const struct cli_command cli_show = {.name = "show",
	.about = "one record: fields, links, provenance",
	.operands = "CASE KIND:ID",
	.examples = "@example host:1\n"
		    "@example host:1 --bytes\n"
		    "@example claim:24 --json\n",
	.notes = "A record that is not there is said on stderr, and ends with 0.\n\n"
		 "--bytes reads them from the case, or from the source's file once its SHA-256 "
		 "was checked, which takes as long as reading all of it. The rest is shown also "
		 "when that fails: it ends with 1 when the source is not at hand, and with 5 when "
		 "it has changed.",
	.json = "one object: the keys of `list`; also[]: the places where other sources tell of "
		"it, each "
		"id name sha256 start end; and links[]: type outgoing record title "
		"basis, count and detail where there are some; of events the number alone: type "
		"outgoing kind count basis; with --bytes content, and content_base64 where it is "
		"no UTF-8.",
	.options = CLI_OPTIONS(options),
	.run = run};
