/* What a path given to import stands for: a file, the files of a folder, the members of a zip. */
#include "ingest/loader.h"

#include "base/memory.h"
#include "base/unpack.h"
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
		free(list->items[i].left_out);
	}
	free(list->items);
	*list = (struct import_list){0};
}

/* In one piece with its path. */
static struct unpack_entry *copy_member(const struct unpack_entry *member)
{
	size_t length = strlen(member->path) + 1;
	struct unpack_entry *copy = malloc(sizeof *copy + length);
	if (!copy)
		return NULL;
	*copy = *member;
	copy->path = memcpy(copy + 1, member->path, length);
	return copy;
}

static struct import_item *add_item(struct import_list *list, const char *path,
	const struct unpack_entry *member, struct error *error)
{
	if (list->count == MAX_FILES) {
		error_set(
			error, ERROR_LIMIT, "more than %d files: import them in parts", MAX_FILES);
		return NULL;
	}
	struct import_item *items =
		memory_grow(list->items, &list->capacity, list->count + 1, sizeof *items);
	if (!items) {
		error_memory(error);
		return NULL;
	}
	list->items = items;
	struct import_item *item = &items[list->count++];
	*item = (struct import_item){
		.path = memory_copy_string(path), .member = member ? copy_member(member) : NULL};
	if (item->path && (item->member || !member))
		return item;
	error_memory(error);
	return NULL;
}

static bool add_readable(struct import_list *list, const char *path,
	const struct unpack_entry *member, struct error *error)
{
	if (!add_item(list, path, member, error))
		return false;
	list->readable++;
	return true;
}

/* why: what is wrong with the path. A lack of memory is wrong with nothing and ends the list. */
static bool leave_out(
	struct import_list *list, const char *path, const struct error *why, struct error *error)
{
	if (why->code == ERROR_MEMORY)
		return error_memory(error);
	struct import_item *item = add_item(list, path, NULL, error);
	if (!item)
		return false;
	item->code = why->code;
	item->left_out = memory_copy_string(why->message);
	return item->left_out || error_memory(error);
}

/* A member of a zip, by its place among them. */
struct member {
	struct unpack_entry entry;
	size_t number;
	bool again; /* one before it has this name */
};

static int by_name(const void *a, const void *b)
{
	const struct member *left = a, *right = b;
	int order = strcmp(left->entry.path, right->entry.path);
	return order != 0 ? order : (left->number > right->number) - (left->number < right->number);
}

static int by_number(const void *a, const void *b)
{
	const struct member *left = a, *right = b;
	return (left->number > right->number) - (left->number < right->number);
}

static bool list_members(
	const struct buffer *names, struct member **members, size_t *count, struct error *error)
{
	size_t capacity = 0;
	for (size_t at = 0; at < names->length;) {
		struct member *grown =
			memory_grow(*members, &capacity, *count + 1, sizeof **members);
		if (!grown)
			return error_memory(error);
		*members = grown;
		struct member *member = &grown[*count];
		*member = (struct member){.number = (*count)++};
		memcpy(&member->entry, names->data + at, sizeof member->entry);
		at += sizeof member->entry;
		member->entry.path = names->data + at;
		at += strlen(names->data + at) + 1;
	}
	if (*count == 0)
		return true;
	qsort(*members, *count, sizeof **members, by_name);
	for (size_t i = 1; i < *count; i++)
		(*members)[i].again =
			strcmp((*members)[i].entry.path, (*members)[i - 1].entry.path) == 0;
	qsort(*members, *count, sizeof **members, by_number);
	return true;
}

/* Members are read by their names, so that of several with one name only the first can be. */
static bool add_member(struct import_list *list, const char *path, const struct member *member,
	struct error *error)
{
	struct error why;
	if (!member->again)
		return add_readable(list, path, &member->entry, error);
	error_set(&why, ERROR_INPUT,
		"%s: %s: a member before it has this name, and only that one is read: unpack the "
		"archive and import this one by itself",
		path, member->entry.path);
	return leave_out(list, path, &why, error);
}

/* A file, or the members of one that is a zip. */
static bool add_file(struct import_list *list, const char *path, struct error *error)
{
	struct buffer names = {0};
	struct member *members = NULL;
	size_t count = 0;
	struct error failed = {0};
	bool listed = input_members(path, &names, &failed), ok = true;
	if (!listed)
		ok = leave_out(list, path, &failed, error);
	else if (names.length == 0)
		ok = add_readable(list, path, NULL, error);
	else
		ok = list_members(&names, &members, &count, error);
	/* Of a directory that can't be read to its end nothing is taken. */
	for (size_t i = 0; listed && ok && i < count; i++)
		ok = add_member(list, path, &members[i], error);
	free(members);
	buffer_free(&names);
	return ok;
}

struct entry {
	char *path;
	unsigned char type; /* S_IFMT >> 12, as d_type */
	int number;         /* errno of looking at it */
};

static int compare_entries(const void *a, const void *b)
{
	return strcmp(((const struct entry *)a)->path, ((const struct entry *)b)->path);
}

/* The entries of an open folder, in byte order of their paths. On an error those that were found
 * stand in *entries. */
static bool read_folder(
	DIR *folder, const char *path, struct entry **entries, size_t *count, struct error *error)
{
	size_t capacity = 0;
	struct dirent *found;
	while (errno = 0, (found = readdir(folder))) {
		struct stat status = {0};
		if (strcmp(found->d_name, ".") == 0 || strcmp(found->d_name, "..") == 0)
			continue;
		bool seen =
			fstatat(dirfd(folder), found->d_name, &status, AT_SYMLINK_NOFOLLOW) == 0;
		int number = seen ? 0 : errno;
		struct entry *grown =
			memory_grow(*entries, &capacity, *count + 1, sizeof **entries);
		struct buffer full = {0};
		buffer_add_format(&full, "%s/%s", path, found->d_name);
		if (grown)
			*entries = grown;
		if (!grown || buffer_failed(&full)) {
			buffer_free(&full);
			return error_memory(error);
		}
		grown[(*count)++] = (struct entry){.path = full.data,
			.type = (unsigned char)((status.st_mode & S_IFMT) >> 12),
			.number = number};
	}
	bool ended = errno == 0 || error_set_errno(error, "reading the folder %s to its end", path);
	if (*count > 0)
		qsort(*entries, *count, sizeof **entries, compare_entries);
	return ended;
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

static const char *type_name(unsigned char type)
{
	switch (type) {
	case DT_LNK:
		return "a link, which an import does not follow: name the file it leads to";
	case DT_FIFO:
		return "a pipe, no regular file";
	case DT_SOCK:
		return "a socket, no regular file";
	case DT_CHR:
	case DT_BLK:
		return "a device, no regular file";
	default:
		return "no regular file";
	}
}

static bool add_folder(struct import_list *list, const char *path, int depth, struct error *error);

static bool add_entry(
	struct import_list *list, const struct entry *entry, int depth, struct error *error)
{
	const char *path = entry->path;
	struct error why = {0};
	if (entry->number != 0) {
		errno = entry->number;
		error_set_errno(&why, "looking at %s", path);
	} else if (is_of_the_case(list->case_path, path)) {
		error_set(&why, ERROR_NONE, "%s is of the case itself", path);
	} else if (entry->type == DT_DIR) {
		return add_folder(list, path, depth + 1, error);
	} else if (entry->type == DT_REG) {
		return add_file(list, path, error);
	} else {
		error_set(&why, ERROR_IO, "%s is %s", path, type_name(entry->type));
	}
	return leave_out(list, path, &why, error);
}

/* A folder that can't be opened, or not read to its end, is left out itself. */
static bool add_folder(struct import_list *list, const char *path, int depth, struct error *error)
{
	if (depth == MAX_DEPTH)
		return error_set(error, ERROR_LIMIT, "%s: folders nested too deep", path);
	struct error why = {0};
	int descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	DIR *folder = descriptor < 0 ? NULL : fdopendir(descriptor);
	if (!folder) {
		error_set_errno(&why, "opening the folder %s", path);
		if (descriptor >= 0)
			close(descriptor);
		return leave_out(list, path, &why, error);
	}
	struct entry *entries = NULL;
	size_t count = 0;
	bool whole = read_folder(folder, path, &entries, &count, &why);
	closedir(folder);
	bool ok = whole || leave_out(list, path, &why, error);
	for (size_t i = 0; i < count; i++) {
		ok = ok && add_entry(list, &entries[i], depth, error);
		free(entries[i].path);
	}
	free(entries);
	return ok;
}

static bool add_path(struct import_list *list, const char *path, struct error *error)
{
	struct stat status;
	struct error why = {0};
	if (strcmp(path, "-") == 0)
		return add_readable(list, path, NULL, error);
	if (lstat(path, &status) != 0) {
		error_set_errno(&why, "looking at %s", path);
		return leave_out(list, path, &why, error);
	}
	if (S_ISDIR(status.st_mode))
		return add_folder(list, path, 0, error);
	/* A link or a device is refused by name when it is opened. */
	return S_ISREG(status.st_mode) ? add_file(list, path, error)
				       : add_readable(list, path, NULL, error);
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
