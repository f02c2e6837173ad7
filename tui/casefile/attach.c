#include "casefile/attach.h"

#include "base/buffer.h"
#include "base/memory.h"
#include "case_private.h"
#include "casefile/statement.h"
#include "source_private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_DEPTH 64

struct search {
	struct case_file *file;
	struct attach *attach;
	bool (*go_on)(void *context, const struct attach *attach);
	void *context;
	bool packed;   /* in packed files, on the second way through the folder */
	int64_t bytes; /* before the file at hand */
};

void attach_free(struct attach *attach)
{
	for (size_t i = 0; i < attach->count; i++) {
		free(attach->sources[i].name);
		free(attach->sources[i].path);
	}
	free(attach->sources);
	*attach = (struct attach){0};
}

static bool goes_on(void *context, int64_t bytes)
{
	const struct search *search = context;
	search->attach->bytes = search->bytes + bytes;
	return !search->go_on || search->go_on(search->context, search->attach);
}

static bool asks(void *context)
{
	const struct search *search = context;
	return !search->go_on || search->go_on(search->context, search->attach);
}

static bool stopped(struct error *error)
{
	return error_set(error, ERROR_CANCELLED, "stopped as asked: nothing was changed");
}

/* ---- what the case has ---- */

/* Whether its file is where it was. */
static bool look(struct search *search, struct attach_source *source, struct error *error)
{
	const struct source_progress progress = {goes_on, search};
	const struct source_place place = {.id = source->id,
		.size = source->size,
		.sha256 = span_of((const char *)source->sha256, HASH_SIZE),
		.path = span_string(source->path)};
	struct error why = {0};
	switch (source_file_check(search->file, &place, &progress, &why)) {
	case SOURCE_FILE_SAME:
		source->state = ATTACH_AT_HAND;
		break;
	case SOURCE_FILE_CHANGED:
		source->changed = true;
		break;
	case SOURCE_FILE_CANCELLED:
		return stopped(error);
	case SOURCE_FILE_FAILED:
		if (why.code == ERROR_MEMORY)
			return error_memory(error);
		break;
	case SOURCE_FILE_ABSENT:
		break;
	}
	search->bytes = search->attach->bytes;
	return true;
}

static bool add_source(struct search *search, const struct source *source, struct error *error)
{
	struct attach *attach = search->attach;
	struct attach_source *sources =
		memory_grow(attach->sources, &attach->capacity, attach->count + 1, sizeof *sources);
	if (!sources)
		return error_memory(error);
	attach->sources = sources;
	struct attach_source *added = &sources[attach->count++];
	*added = (struct attach_source){.id = source->id,
		.size = source->size,
		.name = memory_copy_string(source->name),
		.path = source->path ? memory_copy_string(source->path) : NULL,
		.state = source->kept ? ATTACH_KEPT : ATTACH_ABSENT};
	memcpy(added->sha256, source->sha256, HASH_SIZE);
	if (!added->name || (source->path && !added->path))
		return error_memory(error);
	return source->kept || !source->path || look(search, added, error);
}

static bool add_sources(struct search *search, struct error *error)
{
	struct source source = {0};
	int64_t id = 0;
	int more;
	while ((more = source_next(search->file, &id, &source, error)) > 0) {
		if (source.state == SOURCE_READY && !add_source(search, &source, error)) {
			source_free(&source);
			return false;
		}
	}
	source_free(&source);
	return more == 0;
}

/* ---- what the folder has ---- */

/* A path as it is stored: beside or below the case without the way to it, so that both can be moved
 * together. */
static char *stored_path(const struct case_file *file, const char *path, const char *member)
{
	struct buffer stored = {0};
	size_t folder = (size_t)(strrchr(file->path, '/') + 1 - file->path);
	if (strncmp(path, file->path, folder) == 0)
		path += folder;
	buffer_add_string(&stored, path);
	if (member)
		buffer_add_format(&stored, SOURCE_MEMBER "%s", member);
	if (!buffer_failed(&stored))
		return stored.data;
	buffer_free(&stored);
	return NULL;
}

static bool is_wanted(const struct attach_source *source, int64_t size)
{
	return source->state == ATTACH_ABSENT && source->size == size;
}

static bool any_wanted(const struct attach *attach, int64_t size)
{
	for (size_t i = 0; i < attach->count; i++)
		if (is_wanted(&attach->sources[i], size))
			return true;
	return false;
}

/* The smallest and largest size that is still looked for; false when none is. */
static bool bounds(const struct attach *attach, int64_t *smallest, int64_t *largest)
{
	*smallest = INT64_MAX;
	*largest = -1;
	for (size_t i = 0; i < attach->count; i++) {
		const struct attach_source *source = &attach->sources[i];
		if (source->state != ATTACH_ABSENT)
			continue;
		*smallest = source->size < *smallest ? source->size : *smallest;
		*largest = source->size > *largest ? source->size : *largest;
	}
	return *largest >= 0;
}

static bool take_path(struct search *search, struct attach_source *source, const char *path,
	const char *member, struct error *error)
{
	char *stored = stored_path(search->file, path, member);
	if (!stored)
		return error_memory(error);
	free(source->path);
	source->path = stored;
	source->state = ATTACH_FOUND;
	source->changed = false;
	return true;
}

/* Reads bytes and gives them to the sources that they are of. False ends the search; what can't be
 * read is counted. */
static bool take_bytes(struct search *search, const struct source_reading *asked, const char *path,
	struct error *error)
{
	struct attach *attach = search->attach;
	const struct source_progress progress = {goes_on, search};
	struct source_reading reading = *asked;
	struct source_content content = {0};
	struct error unread = {0};
	reading.into = -1;
	reading.progress = &progress;
	bool read = source_content_read(&reading, &content, &unread), taken = true;
	search->bytes += content.size;
	attach->bytes = search->bytes;
	if (unread.code == ERROR_CANCELLED)
		return stopped(error);
	if (unread.code == ERROR_MEMORY)
		return error_memory(error);
	attach->unread += !read;
	for (size_t i = 0; read && taken && i < attach->count; i++) {
		struct attach_source *source = &attach->sources[i];
		if (is_wanted(source, content.size) &&
			memcmp(source->sha256, content.sha256, HASH_SIZE) == 0)
			taken = take_path(search, source, path, reading.member, error);
	}
	return taken;
}

/* ---- what the folder has ---- */

/* A file as it is. */
static bool take_file(struct search *search, const char *path, int64_t size, struct error *error)
{
	struct attach *attach = search->attach;
	struct stat status;
	attach->files++;
	if (!any_wanted(attach, size))
		return true;
	int opened = source_file_at(search->file, path, &status);
	if (opened < 0) {
		attach->unread += errno != EINVAL; /* the case's own */
		return true;
	}
	int64_t unread = attach->unread;
	const struct source_reading reading = {.descriptor = opened, .most = size};
	bool go_on = take_bytes(search, &reading, path, error);
	attach->hashed += attach->unread == unread;
	close(opened);
	return go_on;
}

struct archive {
	struct search *search;
	const char *path;
	int descriptor;
	bool unpacked;
};

static bool take_member(void *context, const struct unpack_entry *member, struct error *error)
{
	struct archive *archive = context;
	if (!any_wanted(archive->search->attach, member->size))
		return true;
	const struct source_reading reading = {.descriptor = archive->descriptor,
		.packing = PACKING_ZIP,
		.member = member->path,
		.most = member->size};
	archive->unpacked = true;
	return take_bytes(archive->search, &reading, archive->path, error);
}

static bool take_archive(struct search *search, int opened, const char *path, struct error *error)
{
	struct archive archive = {search, path, opened, false};
	const struct unpack_asker asker = {asks, search};
	struct error unread = {0};
	bool read = unpack_members(opened, &asker, take_member, &archive, &unread);
	search->attach->unpacked += archive.unpacked;
	if (unread.code == ERROR_CANCELLED)
		return stopped(error);
	if (unread.code == ERROR_MEMORY)
		return error_memory(error);
	search->attach->unread += !read;
	return true;
}

/* What is packed in a file, when it may be something that is looked for. */
static bool take_packed(struct search *search, const char *path, int64_t size, struct error *error)
{
	struct attach *attach = search->attach;
	int64_t smallest, largest;
	struct stat status;
	if (!bounds(attach, &smallest, &largest) ||
		(smallest > UNPACK_FREE && smallest / UNPACK_MAX_EXPANSION > size))
		return true;
	int opened = source_file_at(search->file, path, &status);
	if (opened < 0) {
		/* Of a wanted size it was counted before. */
		attach->unread += errno != EINVAL && !any_wanted(attach, size);
		return true;
	}
	const struct source_reading reading = {
		.descriptor = opened, .packing = source_packing(opened), .most = largest};
	bool go_on = true;
	if (reading.packing == PACKING_ZIP) {
		go_on = take_archive(search, opened, path, error);
	} else if (reading.packing != PACKING_NONE) {
		attach->unpacked++;
		go_on = take_bytes(search, &reading, path, error);
	}
	close(opened);
	return go_on;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int no_dots(const struct dirent *entry)
{
	return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0;
}

static bool walk(struct search *search, const char *folder, int depth, struct error *error);

/* What stands in a folder. Links are not followed. */
static bool take_entry(
	struct search *search, const char *folder, const char *name, int depth, struct error *error)
{
	struct buffer path = {0};
	struct stat status;
	bool done = true;
	buffer_add_format(&path, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, name);
	if (buffer_failed(&path))
		done = error_memory(error);
	else if (!asks(search))
		done = stopped(error);
	else if (lstat(path.data, &status) != 0)
		search->attach->unread += !search->packed;
	else if (S_ISDIR(status.st_mode))
		done = walk(search, path.data, depth + 1, error);
	else if (S_ISREG(status.st_mode))
		done = (search->packed ? take_packed : take_file)(
			search, path.data, status.st_size, error);
	buffer_free(&path);
	return done;
}

/* Not by fts: its fts_open writes to NULL where one of its allocations fails. */
static bool walk(struct search *search, const char *folder, int depth, struct error *error)
{
	struct dirent **entries = NULL;
	if (depth > MAX_DEPTH)
		return error_set(error, ERROR_LIMIT, "%s: folders nested more than %d deep", folder,
			MAX_DEPTH);
	int count = scandir(folder, &entries, no_dots, by_name);
	if (count < 0 && errno == ENOMEM)
		return error_memory(error);
	search->attach->unread += count < 0 && !search->packed;
	bool done = true;
	for (int i = 0; i < count; i++) {
		done = done && take_entry(search, folder, entries[i]->d_name, depth, error);
		free(entries[i]);
	}
	free(entries);
	return done;
}

/* A file is better than a packed one, which takes room and time to be read: those come first. */
static bool walk_folder(struct search *search, const char *folder, struct error *error)
{
	struct stat status;
	int64_t smallest, largest;
	if (lstat(folder, &status) != 0)
		return error_set_errno(error, "looking at %s", folder);
	if (!S_ISDIR(status.st_mode))
		return error_set(error, ERROR_USAGE, "%s is no folder", folder);
	char *real = realpath(folder, NULL);
	if (!real)
		return error_set_errno(error, "looking at %s", folder);
	bool done = walk(search, real, 0, error);
	search->packed = true;
	if (done && bounds(search->attach, &smallest, &largest))
		done = walk(search, real, 0, error);
	free(real);
	return done;
}

/* ---- what is written ---- */

static bool write_paths(struct search *search, struct error *error)
{
	if (!statement_run_query(search->file, QUERY_TRANSACTION_BEGIN, error))
		return false;
	struct statement *move = statement_open(search->file, QUERY_SOURCE_MOVE, error);
	bool done = move != NULL;
	for (size_t i = 0; done && i < search->attach->count; i++) {
		const struct attach_source *source = &search->attach->sources[i];
		if (source->state != ATTACH_FOUND)
			continue;
		statement_bind_int(move, 1, source->id);
		statement_bind_text(move, 2, span_string(source->path));
		done = statement_run(move, error);
	}
	statement_close(move);
	if (done && statement_run_query(search->file, QUERY_TRANSACTION_COMMIT, error))
		return true;
	(void)!statement_run_query(search->file, QUERY_TRANSACTION_ROLLBACK, NULL);
	return false;
}

bool attach_find(struct case_file *file, const char *folder,
	bool (*go_on)(void *context, const struct attach *attach), void *context,
	struct attach *attach, struct error *error)
{
	*attach = (struct attach){0};
	if (case_read_only(file))
		return error_set(
			error, ERROR_USAGE, "%s is open for reading only", case_name(file));
	struct search search = {.file = file, .attach = attach, .go_on = go_on, .context = context};
	if (!add_sources(&search, error) || !walk_folder(&search, folder, error))
		return false;
	for (size_t i = 0; i < attach->count; i++) {
		attach->found += attach->sources[i].state == ATTACH_FOUND;
		attach->absent += attach->sources[i].state == ATTACH_ABSENT;
	}
	return attach->found == 0 || write_paths(&search, error);
}
