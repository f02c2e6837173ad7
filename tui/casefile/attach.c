#include "casefile/attach.h"

#include "base/memory.h"
#include "case_private.h"
#include "casefile/statement.h"
#include "source_private.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MAX_DEPTH 64

struct search {
	struct case_file *file;
	struct attach *attach;
	bool (*go_on)(void *context);
	void *context;
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
	(void)bytes;
	return !search->go_on || search->go_on(search->context);
}

static struct source_place place_of(const struct attach_source *source, const char *path)
{
	return (struct source_place){.id = source->id,
		.size = source->size,
		.sha256 = span_of((const char *)source->sha256, HASH_SIZE),
		.path = span_string(path)};
}

/* Whether a source's file is at a path. */
static enum source_file look(struct search *search, const struct attach_source *source,
	const char *path, struct error *error)
{
	const struct source_place place = place_of(source, path);
	const struct source_progress progress = {goes_on, search};
	int opened = -1;
	enum source_file result =
		source_file_open(search->file, &place, true, &progress, &opened, error);
	if (result == SOURCE_FILE_SAME)
		close(opened);
	return result;
}

/* ---- what the case has ---- */

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
	if (source->kept || !source->path)
		return true;
	enum source_file result = look(search, added, added->path, error);
	if (result == SOURCE_FILE_CANCELLED)
		return error_set(error, ERROR_CANCELLED, "stopped as asked: nothing was changed");
	if (result == SOURCE_FILE_FAILED && error && error->code == ERROR_MEMORY)
		return false;
	added->changed = result == SOURCE_FILE_CHANGED;
	if (result == SOURCE_FILE_SAME)
		added->state = ATTACH_AT_HAND;
	return true;
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
static char *stored_path(const struct case_file *file, const char *path)
{
	size_t folder = (size_t)(strrchr(file->path, '/') + 1 - file->path);
	if (strncmp(path, file->path, folder) == 0)
		path += folder;
	return memory_copy_string(path);
}

static bool take_path(
	struct search *search, struct attach_source *source, const char *path, struct error *error)
{
	char *stored = stored_path(search->file, path);
	if (!stored)
		return error_memory(error);
	free(source->path);
	source->path = stored;
	source->state = ATTACH_FOUND;
	source->changed = false;
	return true;
}

static bool take_file(struct search *search, const FTSENT *entry, struct error *error)
{
	struct attach *attach = search->attach;
	bool read = false, unread = false;
	attach->files++;
	for (size_t i = 0; i < attach->count; i++) {
		struct attach_source *source = &attach->sources[i];
		if (source->state != ATTACH_ABSENT || source->size != entry->fts_statp->st_size)
			continue;
		struct error ignored = {0};
		enum source_file result = look(search, source, entry->fts_path, &ignored);
		if (result == SOURCE_FILE_CANCELLED)
			return error_set(
				error, ERROR_CANCELLED, "stopped as asked: nothing was changed");
		if (ignored.code == ERROR_MEMORY)
			return error_memory(error);
		read |= result != SOURCE_FILE_FAILED;
		unread |= result == SOURCE_FILE_FAILED;
		if (result == SOURCE_FILE_SAME &&
			!take_path(search, source, entry->fts_path, error))
			return false;
	}
	attach->hashed += read;
	attach->unread += unread;
	return true;
}

static int by_name(const FTSENT **a, const FTSENT **b)
{
	return strcmp((*a)->fts_name, (*b)->fts_name);
}

static bool walk(struct search *search, FTS *folder, struct error *error)
{
	FTSENT *entry;
	while (errno = 0, (entry = fts_read(folder))) {
		if (!goes_on(search, 0))
			return error_set(
				error, ERROR_CANCELLED, "stopped as asked: nothing was changed");
		if (entry->fts_info == FTS_D && entry->fts_level > MAX_DEPTH)
			return error_set(error, ERROR_LIMIT, "%s: folders nested more than %d deep",
				entry->fts_path, MAX_DEPTH);
		if (entry->fts_info == FTS_F && !take_file(search, entry, error))
			return false;
		if (entry->fts_info == FTS_DNR || entry->fts_info == FTS_ERR ||
			entry->fts_info == FTS_NS)
			search->attach->unread++;
	}
	return errno == 0 || error_set_errno(error, "looking through the folder");
}

static bool walk_folder(struct search *search, const char *folder, struct error *error)
{
	struct stat status;
	if (lstat(folder, &status) != 0)
		return error_set_errno(error, "looking at %s", folder);
	if (!S_ISDIR(status.st_mode))
		return error_set(error, ERROR_USAGE, "%s is no folder", folder);
	char *real = realpath(folder, NULL);
	if (!real)
		return error_set_errno(error, "looking at %s", folder);
	char *roots[] = {real, NULL};
	FTS *opened = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, by_name);
	bool done = opened ? walk(search, opened, error)
			   : error_set_errno(error, "looking at %s", folder);
	if (opened)
		fts_close(opened);
	free(real);
	return done;
}

/* ---- what is written ---- */

static bool run(struct case_file *file, enum query query, struct error *error)
{
	struct statement *statement = statement_open(file, query, error);
	bool done = statement && statement_run(statement, error);
	statement_close(statement);
	return done;
}

static bool write_paths(struct search *search, struct error *error)
{
	if (!run(search->file, QUERY_TRANSACTION_BEGIN, error))
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
	if (done && run(search->file, QUERY_TRANSACTION_COMMIT, error))
		return true;
	run(search->file, QUERY_TRANSACTION_ROLLBACK, NULL);
	return false;
}

bool attach_find(struct case_file *file, const char *folder, bool (*go_on)(void *context),
	void *context, struct attach *attach, struct error *error)
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
