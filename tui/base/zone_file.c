#include "zone_file.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

#define HEADER_SIZE 44
/* RFC 8536: offsets are to lie between -25 and +26 hours. */
#define OFFSET_MIN (-25 * 3600)
#define OFFSET_MAX (26 * 3600)

/* The counts of a header, in its order. */
struct header {
	char version;
	size_t utc_flags, wall_flags, leaps, times, types, letters;
};

static uint32_t big_endian_32(const unsigned char *byte)
{
	return (uint32_t)byte[0] << 24 | (uint32_t)byte[1] << 16 | (uint32_t)byte[2] << 8 | byte[3];
}

static int64_t big_endian_time(const unsigned char *byte, size_t size)
{
	if (size == 4)
		return (int32_t)big_endian_32(byte);
	return (int64_t)((uint64_t)big_endian_32(byte) << 32 | big_endian_32(byte + 4));
}

static bool read_header(struct header *header, struct span file)
{
	if (file.length < HEADER_SIZE || memcmp(file.data, "TZif", 4) != 0)
		return false;
	const unsigned char *counts = (const unsigned char *)file.data + 20;
	header->version = file.data[4];
	header->utc_flags = big_endian_32(counts);
	header->wall_flags = big_endian_32(counts + 4);
	header->leaps = big_endian_32(counts + 8);
	header->times = big_endian_32(counts + 12);
	header->types = big_endian_32(counts + 16);
	header->letters = big_endian_32(counts + 20);
	return true;
}

/* Bytes behind the header whose times take `size` bytes. Counts are 32 bits: no overflow. */
static size_t block_size(const struct header *header, size_t size)
{
	return header->times * (size + 1) + header->types * 6 + header->letters +
	       header->leaps * (size + 4) + header->wall_flags + header->utc_flags;
}

/* Offset of the local time type at `index`. */
static bool type_offset(
	const struct header *header, const unsigned char *types, size_t index, int32_t *offset)
{
	if (index >= header->types)
		return false;
	*offset = (int32_t)big_endian_32(types + index * 6);
	return *offset >= OFFSET_MIN && *offset <= OFFSET_MAX;
}

static bool read_block(struct zone_data *data, const struct header *header,
	const unsigned char *block, size_t size, struct error *error)
{
	const unsigned char *indexes = block + header->times * size;
	const unsigned char *types = indexes + header->times;
	data->times = memory_array(header->times, sizeof *data->times);
	data->offsets = memory_array(header->times, sizeof *data->offsets);
	if (!data->times || !data->offsets)
		return error_memory(error);
	bool sound = type_offset(header, types, 0, &data->first_offset);
	for (size_t i = 0; i < header->times && sound; i++) {
		data->times[i] = big_endian_time(block + i * size, size);
		sound = type_offset(header, types, indexes[i], &data->offsets[i]) &&
			(i == 0 || data->times[i] > data->times[i - 1]);
	}
	if (!sound)
		return error_set(error, ERROR_IO, "damaged time zone: install tzdata again");
	data->count = header->times;
	return true;
}

/* The rule stands between two newlines at the end of the file; it may be empty. */
static bool read_footer(struct zone_data *data, struct span footer)
{
	if (footer.length < 2 || footer.data[0] != '\n')
		return false;
	const char *end = memchr(footer.data + 1, '\n', footer.length - 1);
	if (!end)
		return false;
	struct span rule = span_of(footer.data + 1, (size_t)(end - footer.data - 1));
	return rule.length == 0 || zone_rule_read(&data->rule, rule);
}

bool zone_data_read(struct zone_data *data, struct span file, struct error *error)
{
	struct header header;
	size_t size = 4;
	size_t at = HEADER_SIZE;
	if (!read_header(&header, file))
		return error_set(error, ERROR_USAGE, "not a time zone");
	/* Newer files hold all of it once more with 64-bit times. */
	if (header.version >= '2') {
		at += block_size(&header, 4);
		if (at > file.length || !read_header(&header, span_slice(file, at, file.length)))
			return error_set(error, ERROR_IO, "time zone cut short");
		at += HEADER_SIZE;
		size = 8;
	}
	size_t block = block_size(&header, size);
	if (at > file.length || block > file.length - at)
		return error_set(error, ERROR_IO, "time zone cut short");
	if (header.leaps > 0)
		return error_set(error, ERROR_USAGE,
			"a time zone that counts leap seconds: name it without \"right/\"");
	if (!read_block(data, &header, (const unsigned char *)file.data + at, size, error))
		return false;
	if (size == 8 && !read_footer(data, span_slice(file, at + block, file.length)))
		return error_set(error, ERROR_IO, "damaged rule at the end of the time zone");
	return true;
}

void zone_data_free(struct zone_data *data)
{
	free(data->times);
	free(data->offsets);
	*data = (struct zone_data){0};
}

int32_t zone_data_offset(const struct zone_data *data, int64_t utc)
{
	size_t low = 0;
	size_t high = data->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (data->times[middle] <= utc)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == data->count && data->rule.stated)
		return zone_rule_offset(&data->rule, utc);
	return low == 0 ? data->first_offset : data->offsets[low - 1];
}
