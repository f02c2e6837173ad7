/* What a path given to import stands for: a file, the files of a folder, the members of a zip. */
#include "ingest/loader.h"

#include "base/memory.h"
#include "ingest/input.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_DEPTH 64
#define MAX_FILES 1000000

void import_list_free(struct import_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->items[i].path);
		free(list->items[i].member);
	}
	free(list->items);
	buffer_free(&list->skipped);
	buffer_free(&list->own);
	*list = (struct import_list){0};
}

static bool add_item(
	struct import_list *list, const char *path, const char *member, struct error *error)
{
	if (list->count == MAX_FILES)
		return error_set(
			error, ERROR_LIMIT, "more than %d files: import them in parts", MAX_FILES);
	struct import_item *items =
		memory_grow(list->items, &list->capacity, list->count + 1, sizeof *items);
	if (!items)
		return error_memory(error);
	list->items = items;
	struct import_item item = {.path = memory_copy_string(path),
		.member = member ? memory_copy_string(member) : NULL};
	items[list->count++] = item;
	return (item.path && (item.member || !member)) || error_memory(error);
}

/* A file, or the members of one that is a zip. */
static bool add_file(struct import_list *list, const char *path, struct error *error)
{
	struct buffer names = {0};
	bool ok = input_members(path, &names, error);
	if (ok && names.length == 0)
		ok = add_item(list, path, NULL, error);
	for (size_t at = 0; ok && at < names.length; at += strlen(names.data + at) + 1)
		ok = add_item(list, path, names.data + at, error);
	buffer_free(&names);
	return ok;
}

struct entry {
	char *path;
	unsigned char type; /* S_IFMT >> 12, as d_type */
};

static int compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->path, ((const struct entry *)b)->path);
}

/* The entries of an open folder, in byte order of their paths. */
static bool read_folder(
	DIR *folder, const char *path, struct entry **entries, size_t *count, struct error *error)
{
	size_t capacity = 0;
	struct dirent *found;
	while (errno = 0, (found = readdir(folder))) {
		struct stat status;
		if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0)
			continue;
		if (fstatat(dirfd(folder), found->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
			return error_set_errno(error, "looking at %s/%s", path, found->d_name);
		struct entry *grown =
			memory_grow(*entries, &capacity, *count + 1, sizeof **entries);
		struct buffer full = {0};
		buffer_add_format(&full, "%s/%s", path, found->d_name);
		if (!grown || buffer_failed(&full)) {
			buffer_free(&full);
			return error_memory(error);
		}
		*entries = grown;
		grown[(*count)++] = (struct entry){.path = full.data,
			.type = (unsigned char)((status.st_mode & S_IFMT) >> 12)};
	}
	if (errno != 0)
		return error_set_errno(error, "reading the folder %s", path);
	if (*count > 0)
		qsort(*entries, *count, sizeof **entries, compare_entries);
	return true;
}

/* The case, or what SQLite keeps beside it. Looked at before the case is opened, which may take
 * those away. */
static bool is_of_the_case(const char *case_path, const char *path)
{
	static const char *const ends[] = {"", "-journal", "-wal", "-shm"};
	struct stat entry, its;
	bool same = false;
	if (!case_path || stat(path, &entry) != 0)
		return false;
	for (size_t i = 0; i < ARRAY_LENGTH(ends) && !same; i++) {
		struct buffer full = {0};
		buffer_add_format(&full, "%s%s", case_path, ends[i]);
		same = !buffer_failed(&full) && stat(full.data, &its) == 0 &&
		       its.st_dev == entry.st_dev && its.st_ino == entry.st_ino;
		buffer_free(&full);
	}
	return same;
}

static bool add_folder(struct import_list *list, const char *path, int depth, struct error *error)
{
	if (depth == MAX_DEPTH)
		return error_set(error, ERROR_LIMIT, "%s: folders nested too deep", path);
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *folder = descriptor < 0 ? NULL : fdopendir(descriptor);
	if (!folder) {
		error_set_errno(error, "opening the folder %s", path);
		if (descriptor >= 0)
			close(descriptor);
		return false;
	}
	struct entry *entries = NULL;
	size_t count = 0;
	bool ok = read_folder(folder, path, &entries, &count, error);
	closedir(folder);
	for (size_t i = 0; i < count; i++) {
		if (ok && is_of_the_case(list->case_path, entries[i].path))
			buffer_add(&list->own, entries[i].path, strlen(entries[i].path) + 1);
		else if (ok && entries[i].type == DT_DIR)
			ok = add_folder(list, entries[i].path, depth + 1, error);
		else if (ok && entries[i].type == DT_REG)
			ok = add_file(list, entries[i].path, error);
		else if (ok)
			buffer_add(&list->skipped, entries[i].path, strlen(entries[i].path) + 1);
		free(entries[i].path);
	}
	free(entries);
	return ok && ((!buffer_failed(&list->skipped) && !buffer_failed(&list->own)) ||
			     error_memory(error));
}

static bool add_path(struct import_list *list, const char *path, struct error *error)
{
	struct stat status;
	if (strcmp(path, "-") == 0)
		return add_item(list, path, NULL, error);
	if (lstat(path, &status) != 0)
		return error_set_errno(error, "looking at %s", path);
	if (S_ISDIR(status.st_mode))
		return add_folder(list, path, 0, error);
	/* A link or a device is refused by name when it is opened. */
	return S_ISREG(status.st_mode) ? add_file(list, path, error)
				       : add_item(list, path, NULL, error);
}

bool import_list_add(struct import_list *list, const char *path, struct error *error)
{
	size_t before = list->count;
	if (!add_path(list, path, error))
		return false;
	for (size_t i = before; i < list->count; i++)
		list->items[i].gathered =
			list->items[i].member || strcmp(list->items[i].path, path) != 0;
	return true;
}
