/* Lists of hashes, one a line, alone or as md5sum and its kin write them: indicators. */
#include "format_table.h"

#include "sheet.h"

#include <string.h>

/* The type of the hash that a line begins with, and what stands behind it; NULL when none does. */
static const char *hash_type(struct span line, struct span *hash, struct span *file)
{
	static const char hex[] = "0123456789abcdefABCDEF";
	size_t length = 0;
	while (length < line.length && memchr(hex, line.data[length], sizeof hex - 1))
		length++;
	*hash = span_slice(line, 0, length);
	*file = span_string(NULL);
	if (length < line.length) {
		if (line.data[length] != ' ' || length + 2 >= line.length ||
			!memchr(" *", line.data[length + 1], 2))
			return NULL;
		*file = span_slice(line, length + 2, line.length);
	}
	return length == 32 ? "md5" : length == 40 ? "sha1" : length == 64 ? "sha256" : NULL;
}

int hash_list_sniff(struct span head, bool whole, struct span name)
{
	int lines = 0;
	(void)name;
	while (head.length > 0) {
		struct span hash, file;
		const char *end = memchr(head.data, '\n', head.length);
		if (!end && !whole && lines > 0)
			break;
		size_t length = end ? (size_t)(end - head.data) : head.length;
		struct span line = span_trim(span_slice(head, 0, length));
		head = span_slice(head, length + 1, head.length);
		if (line.length == 0)
			continue;
		if (!hash_type(line, &hash, &file))
			return 0;
		lines++;
	}
	return lines > 0 ? 92 : 0;
}

bool hash_list_read(struct input *input, struct loader *loader, struct error *error)
{
	struct sheet sheet = {.loader = loader};
	struct span line, hash, file;
	uint64_t start;
	int64_t number = 0;
	bool ok = true;
	int more = 1;
	while (ok && (more = input_line(input, &line, &start, error)) > 0) {
		number++;
		struct span text = span_trim(line);
		if (text.length == 0)
			continue;
		loader_unit(loader, number);
		const char *type = hash_type(text, &hash, &file);
		if (!type) {
			ok = loader_skip(loader, number, (int64_t)start,
				(int64_t)(start + line.length), error, "no hash");
			continue;
		}
		sheet_begin(&sheet, KIND_INDICATOR, number, start, start + line.length);
		sheet_text(&sheet, "value", hash);
		sheet_text(&sheet, "type", span_string(type));
		sheet_extra(&sheet, span_string("file"), file);
		ok = sheet_end(&sheet, NULL, error);
	}
	sheet_free(&sheet);
	return ok && more == 0;
}
