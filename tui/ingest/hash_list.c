/* Lists of hashes, one a line, alone or as md5sum and its kin write them: indicators. Blank lines
 * and comments (`#`, `;`) are no lines. */
#include "format_table.h"

#include "indicator.h"
#include "sheet.h"

#include <string.h>

/* `SHA256 (FILE) = HASH` of BSD's tools and `sha256sum --tag`, `SHA256(FILE)= HASH` of openssl. */
static void read_tagged(struct span line, struct span *hash, struct span *file)
{
	const char *open = memchr(line.data, '(', line.length);
	const char *equals = memrchr(line.data, '=', line.length);
	if (!open || !equals || equals < open)
		return;
	size_t begin = (size_t)(open - line.data) + 1, end = (size_t)(equals - line.data);
	struct span name = span_trim(span_slice(line, begin, end));
	if (name.length < 2 || name.data[name.length - 1] != ')')
		return;
	*file = span_slice(name, 0, name.length - 1);
	*hash = span_trim(span_slice(line, end + 1, line.length));
}

/* The type of a line's hash, and the file that it names; NULL when there is none. */
static const char *hash_type(struct span line, struct span *hash, struct span *file)
{
	size_t length = 0;
	*file = span_string(NULL);
	while (length < line.length && !memchr(" \t", line.data[length], 2))
		length++;
	*hash = span_slice(line, 0, length);
	if (length == line.length)
		return indicator_hash_type(*hash);
	struct span behind = span_slice(line, length + 1, line.length);
	const char *type = indicator_hash_type(*hash);
	if (type && behind.length > 1 && memchr(" *", behind.data[0], 2))
		*file = span_slice(behind, 1, behind.length);
	else
		read_tagged(line, hash, file);
	return span_stated(*file) ? indicator_hash_type(*hash) : NULL;
}

static bool says_nothing(struct span line)
{
	return line.length == 0 || line.data[0] == '#' || line.data[0] == ';';
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
		if (says_nothing(line))
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
		if (says_nothing(text))
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
