#include "zip.h"

#include <errno.h>
#include <limits.h>
#include <minizip/unzip.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_MEMBERS 10000
#define MAX_PATH 4096

/* minizip reads a directory byte by byte. */
#define AHEAD ((size_t)16 * 1024)

/* minizip's file functions over a descriptor that stays open. */
struct zip_file {
	int descriptor;
	int64_t at, size;
	const struct unpack_asker *asker;
	bool stopped; /* by the asker */
	int failed;   /* errno of a read */
	char ahead[AHEAD];
	int64_t ahead_at;
	size_t ahead_length;
};

struct zip_member {
	struct zip_file file;
	unzFile zip;
	bool ended;
};

static voidpf zip_open(voidpf opaque, const void *name, int mode)
{
	(void)name;
	(void)mode;
	return opaque;
}

/* How many bytes from `at` on; 0 at its end, when stopped, and when that fails. */
static size_t read_at(struct zip_file *file, int64_t at, char *room, size_t size)
{
	const struct unpack_asker *asker = file->asker;
	file->stopped = file->stopped || (asker && !asker->go_on(asker->context));
	ssize_t count = -1;
	while (!file->stopped && count < 0) {
		count = pread(file->descriptor, room, size, (off_t)at);
		if (count < 0 && errno != EINTR) {
			file->failed = errno;
			return 0;
		}
	}
	return count > 0 ? (size_t)count : 0;
}

static size_t read_some(struct zip_file *file, char *room, size_t size)
{
	if (size >= AHEAD)
		return read_at(file, file->at, room, size);
	if (file->at < file->ahead_at || file->at >= file->ahead_at + (int64_t)file->ahead_length) {
		/* Who goes backwards, as minizip does for the directory's end, has the rest at
		 * hand. */
		int64_t before = file->at + (int64_t)size - (int64_t)AHEAD;
		bool backwards = file->at < file->ahead_at;
		int64_t from = !backwards ? file->at : before > 0 ? before : 0;
		file->ahead_length = read_at(file, from, file->ahead, AHEAD);
		file->ahead_at = from;
		if (from + (int64_t)file->ahead_length <= file->at)
			return 0;
	}
	size_t from = (size_t)(file->at - file->ahead_at), count = file->ahead_length - from;
	count = count < size ? count : size;
	memcpy(room, file->ahead + from, count);
	return count;
}

static uLong zip_read(voidpf opaque, voidpf stream, void *room, uLong size)
{
	(void)stream;
	struct zip_file *file = opaque;
	uLong done = 0;
	while (done < size) {
		size_t count = read_some(file, (char *)room + done, size - done);
		if (count == 0)
			break;
		done += count;
		file->at += (int64_t)count;
	}
	return done;
}

static ZPOS64_T zip_tell(voidpf opaque, voidpf stream)
{
	(void)stream;
	return (ZPOS64_T)((struct zip_file *)opaque)->at;
}

static long zip_seek(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
	(void)stream;
	struct zip_file *file = opaque;
	int64_t base = origin == ZLIB_FILEFUNC_SEEK_END   ? file->size
		       : origin == ZLIB_FILEFUNC_SEEK_CUR ? file->at
							  : 0;
	int64_t at;
	if (offset > INT64_MAX || __builtin_add_overflow(base, (int64_t)offset, &at) ||
		at > file->size)
		return -1;
	file->at = at;
	return 0;
}

static int zip_nothing(voidpf opaque, voidpf stream)
{
	(void)opaque;
	(void)stream;
	return 0;
}

/* What is wrong with the archive, unless it could not be read, or was not to be. */
static bool damaged(const struct zip_file *file, const char *why, struct error *error)
{
	if (file->stopped)
		return error_set(error, ERROR_CANCELLED, "stopped as asked");
	if (file->failed == 0)
		return error_set(error, ERROR_INPUT, "%s", why);
	errno = file->failed;
	return error_set_errno(error, "reading the zip archive");
}

static unzFile open_zip(struct zip_file *file, int descriptor, const struct unpack_asker *asker,
	struct error *error)
{
	struct stat status;
	if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
		error_set(error, ERROR_INPUT,
			"a zip archive can't be read from a stream: name the file");
		return NULL;
	}
	file->descriptor = descriptor;
	file->size = status.st_size;
	file->asker = asker;
	zlib_filefunc64_def functions = {.zopen64_file = zip_open,
		.zread_file = zip_read,
		.ztell64_file = zip_tell,
		.zseek64_file = zip_seek,
		.zclose_file = zip_nothing,
		.zerror_file = zip_nothing,
		.opaque = file};
	unzFile zip = unzOpen2_64("", &functions);
	if (!zip)
		damaged(file, "the zip archive has no readable directory", error);
	return zip;
}

/* Whether the member is where the directory is said to speak of it. */
static bool is_there(unzFile zip, const struct unpack_entry *entry)
{
	char path[MAX_PATH];
	unz_file_info64 info;
	unz64_file_pos place = {.pos_in_zip_directory = entry->at, .num_of_file = entry->number};
	if (entry->at == 0 || unzGoToFilePos64(zip, &place) != UNZ_OK ||
		unzGetCurrentFileInfo64(zip, &info, path, sizeof path, NULL, 0, NULL, 0) !=
			UNZ_OK ||
		info.size_filename >= sizeof path)
		return false;
	path[info.size_filename] = '\0';
	return strcmp(path, entry->path) == 0;
}

struct zip_member *zip_member_open(int descriptor, const struct unpack_entry *entry,
	const struct unpack_asker *asker, int64_t *packed, struct error *error)
{
	struct zip_member *member = calloc(1, sizeof *member);
	if (!member) {
		error_memory(error);
		return NULL;
	}
	member->zip = open_zip(&member->file, descriptor, asker, error);
	if (!member->zip)
		goto failed;
	unz_file_info64 info;
	/* Where it was looked for in vain, minizip looks for nothing any more. */
	bool found = is_there(member->zip, entry) ||
		     (unzGoToFirstFile(member->zip) == UNZ_OK &&
			     unzLocateFile(member->zip, entry->path, 1) == UNZ_OK);
	if (!found ||
		unzGetCurrentFileInfo64(member->zip, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK) {
		damaged(&member->file, "the zip archive has no member of this name", error);
		goto failed;
	}
	if (info.flag & 1) {
		error_set(error, ERROR_INPUT,
			"the member is encrypted: unpack it with its password first");
		goto failed;
	}
	if (unzOpenCurrentFile(member->zip) != UNZ_OK) {
		damaged(&member->file,
			"the member is damaged, or packed by a method that is not read here",
			error);
		goto failed;
	}
	/* The directory's word is not trusted beyond the file's own size. */
	*packed = info.compressed_size > (ZPOS64_T)member->file.size
			  ? member->file.size
			  : (int64_t)info.compressed_size;
	return member;
failed:
	zip_member_close(member);
	return NULL;
}

void zip_member_close(struct zip_member *member)
{
	if (!member)
		return;
	if (member->zip)
		unzClose(member->zip);
	free(member);
}

ssize_t zip_member_read(struct zip_member *member, char *room, size_t size, struct error *error)
{
	if (member->ended)
		return 0;
	int count =
		unzReadCurrentFile(member->zip, room, size > INT_MAX ? INT_MAX : (unsigned)size);
	if (count > 0)
		return count;
	member->ended = true;
	if (count == 0 && unzeof(member->zip) == 1 && unzCloseCurrentFile(member->zip) == UNZ_OK)
		return 0;
	damaged(&member->file, "the member of the zip archive is damaged", error);
	return -1;
}

/* One member of the directory; *more says that another follows. */
static bool hand_on(const struct zip_file *file, unzFile zip, unpack_take take, void *context,
	bool *more, struct error *error)
{
	static const char *const wrong = "the zip archive's directory is damaged";
	char path[MAX_PATH];
	unz_file_info64 info;
	unz64_file_pos place;
	if (unzGetCurrentFileInfo64(zip, &info, path, sizeof path, NULL, 0, NULL, 0) != UNZ_OK ||
		info.size_filename >= sizeof path || unzGetFilePos64(zip, &place) != UNZ_OK)
		return damaged(file, wrong, error);
	path[info.size_filename] = '\0';
	size_t length = strlen(path);
	int64_t size =
		info.uncompressed_size > INT64_MAX ? INT64_MAX : (int64_t)info.uncompressed_size;
	const struct unpack_entry entry = {
		path, size, place.pos_in_zip_directory, place.num_of_file};
	if (length > 0 && path[length - 1] != '/' && !take(context, &entry, error))
		return false;
	int next = unzGoToNextFile(zip);
	*more = next == UNZ_OK;
	return next == UNZ_OK || next == UNZ_END_OF_LIST_OF_FILE || damaged(file, wrong, error);
}

bool unpack_members(int descriptor, const struct unpack_asker *asker, unpack_take take,
	void *context, struct error *error)
{
	struct zip_file *file = calloc(1, sizeof *file);
	if (!file)
		return error_memory(error);
	unzFile zip = open_zip(file, descriptor, asker, error);
	bool ok = zip != NULL;
	bool more = ok && unzGoToFirstFile(zip) == UNZ_OK;
	for (int count = 0; ok && more; count++) {
		if (count == MAX_MEMBERS)
			ok = error_set(error, ERROR_LIMIT,
				"the zip archive has more than %d members", MAX_MEMBERS);
		else
			ok = hand_on(file, zip, take, context, &more, error);
	}
	if (zip)
		unzClose(zip);
	free(file);
	return ok;
}
