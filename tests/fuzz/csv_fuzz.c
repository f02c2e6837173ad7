/* Any bytes cut into records, each at bytes of its own and in order, with cells inside; and then as
 * a table brought into no case. The first byte chooses the delimiter and the kind. */
#include "ingest/csv.h"
#include "ingest/input.h"
#include "ingest/loader.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void cut(struct span bytes, char delimiter)
{
	struct error error = {0};
	struct csv_dialect dialect = {.delimiter = delimiter, .quote = '"'};
	struct input *input = input_open_bytes(bytes, "fuzz", &error);
	check(input != NULL);
	struct csv_reader *reader = csv_open(input, dialect, &error);
	struct csv_row row;
	uint64_t end = 0, original = 0;
	int64_t line = 0;
	while (csv_next(reader, &row, &error) > 0) {
		size_t length = 0;
		check(row.start >= end && row.end >= row.start && row.line > line);
		check(input_original(input, row.start) >= original);
		original = input_original(input, row.end);
		end = row.end;
		line = row.line;
		for (size_t i = 0; i < row.count; i++)
			length += csv_cell(reader, i).length;
		check(length <= row.end - row.start);
	}
	csv_close(reader);
	input_close(input);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char delimiters[] = {',', ';', '\t', '|'};
	static const char *const kinds[] = {"host", "event", "claim", "link", "indicator", NULL};
	static const char *const set[] = {"reviewer=fuzz", NULL};
	if (size == 0)
		return 0;
	struct span bytes = span_of((const char *)data + 1, size - 1);
	struct error error = {0};
	struct import_result result;
	struct import_options options = {.format = "csv",
		.kind = kinds[data[0] / 4 % 6],
		.set = set,
		.zone = "floating",
		.dates = data[0] & 0x80 ? "dmy" : NULL,
		.dry_run = true};
	cut(bytes, delimiters[data[0] % 4]);
	if (import_bytes(NULL, bytes, "fuzz.csv", &options, &result, &error))
		check(result.rows >= 0 && result.skipped >= 0);
	import_result_free(&result);
	return 0;
}
