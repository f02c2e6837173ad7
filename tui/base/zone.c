#include "base/zone.h"

#include "base/memory.h"
#include "base/span.h"
#include "zone_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZONE_FOLDER "/usr/share/zoneinfo/"
#define ZONE_NAME_MAX 64
/* The largest file of the zone database is below 4 KiB. */
#define ZONE_FILE_MAX 65536
/* No zone is further from UTC than this, in seconds, and none changes twice within it. */
#define ZONE_REACH 93600

struct zone {
	struct zone_data data;
};

size_t zone_read_offset(struct span text, int32_t *seconds)
{
	int digits[4] = {0};
	size_t count = 0;
	size_t at = 1;
	if (text.length < 3 || (text.data[0] != '+' && text.data[0] != '-'))
		return 0;
	while (at < text.length && count < 4) {
		char byte = text.data[at];
		if (byte == ':' && count == 2 && at + 1 < text.length && text.data[at + 1] >= '0' &&
			text.data[at + 1] <= '9')
			byte = text.data[++at];
		if (byte < '0' || byte > '9')
			break;
		digits[count++] = byte - '0';
		at++;
	}
	int hours = digits[0] * 10 + digits[1];
	int minutes = digits[2] * 10 + digits[3];
	if ((count != 2 && count != 4) || hours > 23 || minutes > 59)
		return 0;
	int32_t offset = hours * 3600 + minutes * 60;
	*seconds = text.data[0] == '-' ? -offset : offset;
	return at;
}

/* Letters, digits, _ - + in parts with single slashes between them. */
static bool is_zone_name(const char *name)
{
	size_t length = strlen(name);
	if (length == 0 || length > ZONE_NAME_MAX)
		return false;
	char before = '/';
	for (size_t i = 0; i < length; i++) {
		char byte = name[i];
		bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
		bool other =
			(byte >= '0' && byte <= '9') || byte == '_' || byte == '-' || byte == '+';
		if (!letter && !other && !(byte == '/' && before != '/'))
			return false;
		before = byte;
	}
	return before != '/';
}

static bool unknown_zone(struct error *error, const char *name)
{
	return error_set(error, ERROR_USAGE,
		"no time zone is called \"%.64s\": use a name such as Asia/Tokyo, UTC, or an "
		"offset such as +09:00",
		name);
}

/* Reads the whole file into bytes[ZONE_FILE_MAX]. */
static bool read_file(
	const char *path, const char *name, char *bytes, size_t *length, struct error *error)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file < 0) {
		if (errno == ENOENT && access(ZONE_FOLDER, F_OK) != 0)
			return error_set(error, ERROR_IO,
				"no time zones in %s: install tzdata, or give an offset such as "
				"+09:00",
				ZONE_FOLDER);
		if (errno == ENOENT || errno == ENOTDIR)
			return unknown_zone(error, name);
		return error_set_errno(error, "can't open %s", path);
	}
	struct stat status;
	bool ok = false;
	if (fstat(file, &status) != 0) {
		error_set_errno(error, "can't read %s", path);
	} else if (!S_ISREG(status.st_mode)) {
		unknown_zone(error, name);
	} else {
		ssize_t got;
		*length = 0;
		while ((got = read(file, bytes + *length, ZONE_FILE_MAX - *length)) > 0)
			*length += (size_t)got;
		if (got < 0)
			error_set_errno(error, "can't read %s", path);
		else if (*length == ZONE_FILE_MAX)
			error_set(error, ERROR_IO, "%s is too large for a time zone", path);
		else
			ok = true;
	}
	close(file);
	return ok;
}

static bool load(struct zone *zone, const char *name, struct error *error)
{
	struct span text = span_string(name);
	int32_t fixed = 0;
	if (span_is(text, "UTC") || span_is(text, "Z") ||
		(text.length > 0 && zone_read_offset(text, &fixed) == text.length)) {
		zone->data.first_offset = fixed;
		return true;
	}
	if (!is_zone_name(name))
		return unknown_zone(error, name);
	char path[sizeof ZONE_FOLDER + ZONE_NAME_MAX];
	snprintf(path, sizeof path, "%s%s", ZONE_FOLDER, name);
	char *bytes = memory_array(ZONE_FILE_MAX, 1);
	if (!bytes)
		return error_memory(error);
	size_t length = 0;
	bool ok = read_file(path, name, bytes, &length, error);
	if (ok && !zone_data_read(&zone->data, span_of(bytes, length), error))
		ok = error_wrap(error, "%s", path);
	free(bytes);
	return ok;
}

struct zone *zone_open(const char *name, struct error *error)
{
	struct zone *zone = memory_array(1, sizeof *zone);
	if (!zone) {
		error_memory(error);
		return NULL;
	}
	if (!load(zone, name, error)) {
		zone_free(zone);
		return NULL;
	}
	return zone;
}

void zone_free(struct zone *zone)
{
	if (!zone)
		return;
	zone_data_free(&zone->data);
	free(zone);
}

int32_t zone_offset_at(const struct zone *zone, int64_t utc_seconds)
{
	return zone_data_offset(&zone->data, utc_seconds);
}

int64_t zone_to_utc(const struct zone *zone, int64_t wall_seconds, bool *ambiguous)
{
	/* What the clock could have been ahead of UTC: before, after, and in between. */
	int32_t offsets[3] = {
		zone_offset_at(zone, wall_seconds - ZONE_REACH),
		zone_offset_at(zone, wall_seconds + ZONE_REACH),
	};
	offsets[2] = zone_offset_at(zone, wall_seconds - offsets[0]);
	int64_t earliest = INT64_MAX;
	int64_t latest = INT64_MIN;
	int64_t last_tried = INT64_MIN;
	for (size_t i = 0; i < ARRAY_LENGTH(offsets); i++) {
		int64_t tried = wall_seconds - offsets[i];
		last_tried = tried > last_tried ? tried : last_tried;
		if (zone_offset_at(zone, tried) != offsets[i])
			continue;
		earliest = tried < earliest ? tried : earliest;
		latest = tried > latest ? tried : latest;
	}
	bool gap = earliest == INT64_MAX;
	if (ambiguous)
		*ambiguous = gap || earliest != latest;
	return gap ? last_tried : earliest;
}
