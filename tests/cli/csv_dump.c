/* Records of a delimited file as JSON, a line each, for csv_differential.py:
 *	csv_dump DELIMITER FILE
 * {"cells":[...],"start":0,"end":5,"line":1,"trouble":0}. Bytes are given as Latin-1. */
#include "ingest/csv.h"
#include "ingest/input.h"

#include <stdio.h>

static void print_cell(struct span cell)
{
	putchar('"');
	for (size_t i = 0; i < cell.length; i++) {
		unsigned char byte = (unsigned char)cell.data[i];
		if (byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\')
			printf("\\u%04x", byte);
		else
			putchar(byte);
	}
	putchar('"');
}

int main(int argc, char **argv)
{
	struct error error = {0};
	if (argc != 3)
		return 2;
	struct csv_dialect dialect = {.delimiter = argv[1][0], .quote = '"'};
	struct input *input = input_open(argv[2], NULL, NULL, &error);
	struct csv_reader *reader = input ? csv_open(input, dialect, &error) : NULL;
	struct csv_row row;
	int more = -1;
	while (reader && (more = csv_next(reader, &row, &error)) > 0) {
		fputs("{\"cells\":[", stdout);
		for (size_t i = 0; i < row.count; i++) {
			fputs(i ? "," : "", stdout);
			print_cell(csv_cell(reader, i));
		}
		printf("],\"start\":%llu,\"end\":%llu,\"line\":%lld,\"trouble\":%d}\n",
			(unsigned long long)input_original(input, row.start),
			(unsigned long long)input_original(input, row.end), (long long)row.line,
			(int)row.trouble);
	}
	if (more < 0)
		fprintf(stderr, "%s\n", error.message);
	csv_close(reader);
	input_close(input);
	return more < 0;
}
