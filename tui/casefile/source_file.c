#include "source_private.h"

#include "base/memory.h"
#include "case_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK_SIZE ((size_t)256 * 1024)

/* ---- bytes ---- */

struct reader {
	const struct source_reading *asked;
	int64_t at; /* in the file */
	int64_t size;
	struct unpack *unpack;
	struct unpack_asker asker;
};

static bool goes_on(void *context)
{
	const struct reader *reader = context;
	const struct source_progress *progress = reader->asked->progress;
	return !progress || progress->go_on(progress->context, reader->size);
}

static ssize_t read_file(struct reader *reader, char *room, size_t size, struct error *error)
{
	for (;;) {
		ssize_t count = pread(reader->asked->descriptor, room, size, (off_t)reader->at);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			error_set_errno(error, "reading it");
		else
			reader->at += count;
		return count;
	}
}

/* Packed bytes may be many and unpack to nothing. */
static ssize_t read_packed(void *context, char *room, size_t size, struct error *error)
{
	if (goes_on(context))
		return read_file(context, room, size, error);
	error_set(error, ERROR_CANCELLED, "cancelled");
	return -1;
}

static bool begin_unpacking(struct reader *reader, struct error *error)
{
	const struct source_reading *asked = reader->asked;
	if (asked->packing == PACKING_NONE)
		return true;
	if (!goes_on(reader))
		return error_set(error, ERROR_CANCELLED, "cancelled");
	/* By its path alone, as it will be found again. */
	const struct unpack_entry member = {.path = asked->member};
	reader->unpack = asked->packing == PACKING_ZIP
				 ? unpack_member(asked->descriptor, &member, &reader->asker, error)
				 : unpack_stream(asked->packing, read_packed, reader, error);
	return reader->unpack != NULL;
}

static bool write_all(
	const struct source_reading *asked, const char *bytes, size_t length, struct error *error)
{
	while (asked->into >= 0 && length > 0) {
		ssize_t count = write(asked->into, bytes, length);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
			return case_private_no_room(asked->most, error);
		if (count < 0)
			return error_set_errno(error, "writing what it unpacks to");
		bytes += count;
		length -= (size_t)count;
	}
	return true;
}

/* Of a chunk that stands at reader->size. */
static bool keep(const struct reader *reader, const char *chunk, size_t length, struct error *error)
{
	const struct source_reading *asked = reader->asked;
	size_t at = (size_t)reader->size;
	if (!asked->kept || at >= asked->range.end || at + length <= asked->range.start)
		return true;
	size_t from = asked->range.start > at ? asked->range.start - at : 0;
	size_t until = asked->range.end - at < length ? asked->range.end - at : length;
	buffer_add(asked->kept, chunk + from, until - from);
	return !buffer_failed(asked->kept) || error_memory(error);
}

static bool read_all(struct reader *reader, char *chunk, struct hash *hash, struct error *error)
{
	const struct source_reading *asked = reader->asked;
	ssize_t got = 0;
	while (reader->size <= asked->most) {
		got = reader->unpack ? unpack_read(reader->unpack, chunk, CHUNK_SIZE, error)
				     : read_file(reader, chunk, CHUNK_SIZE, error);
		if (got <= 0)
			break;
		hash_add(hash, chunk, (size_t)got);
		if (!keep(reader, chunk, (size_t)got, error))
			return false;
		reader->size += got;
		if (reader->size <= asked->most && !write_all(asked, chunk, (size_t)got, error))
			return false;
		if (!goes_on(reader))
			return error_set(error, ERROR_CANCELLED, "cancelled");
	}
	return got >= 0;
}

bool source_content_read(
	const struct source_reading *reading, struct source_content *content, struct error *error)
{
	struct reader reader = {.asked = reading, .asker = {goes_on, &reader}};
	struct hash hash;
	char *chunk = memory_array(CHUNK_SIZE, 1);
	if (!chunk)
		return error_memory(error);
	if (reading->kept)
		buffer_clear(reading->kept);
	hash_begin(&hash);
	bool done = begin_unpacking(&reader, error) && read_all(&reader, chunk, &hash, error);
	hash_end(&hash, content->sha256);
	content->size = reader.size;
	unpack_close(reader.unpack);
	free(chunk);
	return done;
}

enum packing source_packing(int descriptor)
{
	char first[4];
	ssize_t count = pread(descriptor, first, sizeof first, 0);
	return count == sizeof first ? packing_of(span_of(first, sizeof first)) : PACKING_NONE;
}

/* ---- files ---- */

static bool is_own(const struct case_file *file, const struct stat *status)
{
	struct stat opened;
	return (status->st_dev == file->device && status->st_ino == file->inode) ||
	       (stat(file->opened, &opened) == 0 && opened.st_dev == status->st_dev &&
		       opened.st_ino == status->st_ino);
}

int source_file_at(const struct case_file *file, const char *path, struct stat *status)
{
	if (stat(path, status) == 0 && is_own(file, status)) {
		errno = EINVAL;
		return -1;
	}
	return case_open_regular(path, O_RDONLY, status);
}

/* The whole path of a source's file; NULL when out of memory. A NUL in it ends it. *member is in
 * it, NULL when it leads into no zip. */
static char *whole_path(const struct case_file *file, struct span path, char **member)
{
	struct buffer whole = {0};
	if (path.length == 0 || path.data[0] != '/')
		buffer_add(&whole, file->path, (size_t)(strrchr(file->path, '/') + 1 - file->path));
	size_t own = whole.length;
	buffer_add_span(&whole, path);
	if (buffer_failed(&whole)) {
		buffer_free(&whole);
		return NULL;
	}
	*member = strstr(whole.data + own, SOURCE_MEMBER);
	if (*member) {
		**member = '\0';
		*member += strlen(SOURCE_MEMBER);
	}
	return whole.data;
}

/* What stands where a source's path leads. */
struct stand {
	int descriptor;
	struct stat status;
	char *path;
	char *member; /* in path; NULL: the file itself */
};

static void stand_free(struct stand *stand)
{
	if (stand->descriptor >= 0)
		close(stand->descriptor);
	free(stand->path);
}

/* SOURCE_FILE_SAME when there is something to look at. */
static enum source_file stand_open(const struct case_file *file, const struct source_place *place,
	struct stand *stand, struct error *error)
{
	*error = (struct error){0};
	*stand = (struct stand){.descriptor = -1};
	stand->path = whole_path(file, place->path, &stand->member);
	if (!stand->path) {
		error_memory(error);
		return SOURCE_FILE_FAILED;
	}
	stand->descriptor = source_file_at(file, stand->path, &stand->status);
	if (stand->descriptor >= 0)
		return SOURCE_FILE_SAME;
	/* EINVAL: no regular file. What else keeps it from being opened says nothing of the file.
	 */
	if (errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == EINVAL ||
		errno == ENXIO || errno == ENAMETOOLONG)
		return SOURCE_FILE_ABSENT;
	error_set_errno(error, "can't open the file of source %lld", (long long)place->id);
	return SOURCE_FILE_FAILED;
}

/* ---- whether they are the same ---- */

static enum source_file hold_against(
	const struct source_place *place, const struct source_reading *reading, struct error *error)
{
	struct source_content content = {0};
	if (source_content_read(reading, &content, error)) {
		if (content.size > place->size && reading->packing != PACKING_NONE)
			error_set(error, ERROR_INTEGRITY,
				"it unpacks to more than the %lld bytes that were imported",
				(long long)place->size);
		return content.size == place->size && place->sha256.length == HASH_SIZE &&
				       memcmp(content.sha256, place->sha256.data, HASH_SIZE) == 0
			       ? SOURCE_FILE_SAME
			       : SOURCE_FILE_CHANGED;
	}
	if (error->code == ERROR_CANCELLED)
		return SOURCE_FILE_CANCELLED;
	/* Packed bytes that are damaged are not those that were unpacked before. */
	if (error->code == ERROR_INPUT || error->code == ERROR_LIMIT)
		return SOURCE_FILE_CHANGED;
	if (error->code != ERROR_MEMORY)
		error_wrap(error, "can't %s the file of source %lld",
			reading->packing == PACKING_NONE ? "read" : "unpack", (long long)place->id);
	return SOURCE_FILE_FAILED;
}

/* Unpacked into a private file, when `unpacked` is given. */
static enum source_file look_into(const struct source_place *place, struct source_reading *reading,
	int *unpacked, struct error *error)
{
	const struct source_progress *progress = reading->progress;
	if (unpacked && progress && !progress->go_on(progress->context, 0))
		return SOURCE_FILE_CANCELLED;
	if (unpacked)
		reading->into = case_private_file(place->size, error);
	if (unpacked && reading->into < 0) {
		if (error->code != ERROR_MEMORY)
			error_wrap(error, "can't unpack the file of source %lld",
				(long long)place->id);
		return SOURCE_FILE_FAILED;
	}
	enum source_file result = hold_against(place, reading, error);
	if (result == SOURCE_FILE_SAME && unpacked)
		*unpacked = reading->into;
	else if (reading->into >= 0)
		close(reading->into);
	return result;
}

/* The file as it is (*plain), else what it unpacks to. The reading says what to do on the way. */
static enum source_file look_at(const struct stand *stand, const struct source_place *place,
	struct source_reading reading, bool *plain, int *unpacked, struct error *error)
{
	reading.descriptor = stand->descriptor;
	reading.member = stand->member;
	reading.most = place->size;
	reading.into = -1;
	if (!stand->member && stand->status.st_size == place->size) {
		enum source_file result = hold_against(place, &reading, error);
		*plain = result == SOURCE_FILE_SAME;
		if (result != SOURCE_FILE_CHANGED)
			return result;
	}
	reading.packing = stand->member ? PACKING_ZIP : source_packing(stand->descriptor);
	if (reading.packing == PACKING_NONE || (reading.packing == PACKING_ZIP && !stand->member))
		return SOURCE_FILE_CHANGED;
	return look_into(place, &reading, unpacked, error);
}

struct telling {
	struct source_cache *cache;
	int64_t id;
	const struct source_progress *progress;
};

static bool tell(void *context, int64_t bytes)
{
	const struct telling *telling = context;
	source_cache_tell(telling->cache, telling->id, bytes);
	return !telling->progress || telling->progress->go_on(telling->progress->context, bytes);
}

static enum source_file look_once(const struct case_file *file, const struct stand *stand,
	const struct source_place *place, const struct source_progress *progress, int *unpacked,
	struct error *error)
{
	struct telling telling = {file->sources, place->id, progress};
	const struct source_progress telling_progress = {tell, &telling};
	const struct source_reading reading = {.progress = &telling_progress};
	enum source_file result = SOURCE_FILE_FAILED;
	bool plain = false;
	switch (source_cache_claim(
		file->sources, place->id, &stand->status, progress, unpacked, error)) {
	case SOURCE_CHECKED:
		return SOURCE_FILE_SAME;
	case SOURCE_TO_BE_CHECKED:
		result = look_at(stand, place, reading, &plain, unpacked, error);
		source_cache_done(file->sources, place->id, &stand->status,
			result == SOURCE_FILE_SAME, *unpacked);
		return result;
	case SOURCE_CLAIM_CANCELLED:
		return SOURCE_FILE_CANCELLED;
	case SOURCE_CLAIM_FAILED:
		break;
	}
	return result;
}

enum source_file source_file_open(const struct case_file *file, const struct source_place *place,
	const struct source_progress *progress, int *opened, struct error *error)
{
	struct stand stand;
	int unpacked = -1;
	enum source_file result = stand_open(file, place, &stand, error);
	if (result == SOURCE_FILE_SAME)
		result = look_once(file, &stand, place, progress, &unpacked, error);
	*opened = -1;
	if (result == SOURCE_FILE_SAME && unpacked >= 0) {
		*opened = unpacked;
	} else if (result == SOURCE_FILE_SAME) {
		*opened = stand.descriptor;
		stand.descriptor = -1;
	}
	stand_free(&stand);
	return result;
}

static enum source_file look_anew(const struct case_file *file, const struct source_place *place,
	const struct source_reading *reading, struct error *error)
{
	struct stand stand;
	bool plain = false;
	enum source_file result = stand_open(file, place, &stand, error);
	if (result == SOURCE_FILE_SAME)
		result = look_at(&stand, place, *reading, &plain, NULL, error);
	if (plain)
		source_cache_note(file->sources, place->id, &stand.status);
	stand_free(&stand);
	return result;
}

enum source_file source_file_check(const struct case_file *file, const struct source_place *place,
	const struct source_progress *progress, struct error *error)
{
	const struct source_reading reading = {.progress = progress};
	return look_anew(file, place, &reading, error);
}

enum source_file source_file_excerpt(const struct case_file *file, const struct source_place *place,
	struct range range, const struct source_progress *progress, struct buffer *bytes,
	struct error *error)
{
	const struct source_reading reading = {.progress = progress, .kept = bytes, .range = range};
	return look_anew(file, place, &reading, error);
}
