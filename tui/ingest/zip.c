#include "zip.h"

#include "unpack.h"

#include <errno.h>
#include <limits.h>
#include <minizip/unzip.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MAX_MEMBERS 10000
#define MAX_PATH 4096

/* minizip's file functions over a descriptor that stays open. */
struct zip_file {
	int descriptor;
	int64_t at, size;
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

static uLong zip_read(voidpf opaque, voidpf stream, void *room, uLong size)
{
	(void)stream;
	struct zip_file *file = opaque;
	uLong done = 0;
	while (done < size) {
		ssize_t count = pread(file->descriptor, (char *)room + done, size - done,
			(off_t)(file->at + (int64_t)done));
		if (count < 0 && errno == EINTR)
			continue;
		if (count <= 0)
			break;
		done += (uLong)count;
	}
	file->at += (int64_t)done;
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

static unzFile open_zip(struct zip_file *file, int descriptor, struct error *error)
{
	struct stat status;
	if (fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
		error_set(error, ERROR_INPUT,
			"a zip archive can't be read from a stream: name the file");
		return NULL;
	}
	*file = (struct zip_file){.descriptor = descriptor, .size = status.st_size};
	zlib_filefunc64_def functions = {.zopen64_file = zip_open,
		.zread_file = zip_read,
		.ztell64_file = zip_tell,
		.zseek64_file = zip_seek,
		.zclose_file = zip_nothing,
		.zerror_file = zip_nothing,
		.opaque = file};
	unzFile zip = unzOpen2_64("", &functions);
	if (!zip)
		error_set(error, ERROR_INPUT, "the zip archive has no readable directory");
	return zip;
}

struct zip_member *zip_member_open(
	int descriptor, const char *path, int64_t *packed, struct error *error)
{
	struct zip_member *member = calloc(1, sizeof *member);
	if (!member) {
		error_memory(error);
		return NULL;
	}
	member->zip = open_zip(&member->file, descriptor, error);
	if (!member->zip)
		goto failed;
	unz_file_info64 info;
	if (unzLocateFile(member->zip, path, 1) != UNZ_OK ||
		unzGetCurrentFileInfo64(member->zip, &info, NULL, 0, NULL, 0, NULL, 0) != UNZ_OK) {
		error_set(error, ERROR_INPUT, "the zip archive has no member of this name");
		goto failed;
	}
	if (info.flag & 1) {
		error_set(error, ERROR_INPUT,
			"the member is encrypted: unpack it with its password first");
		goto failed;
	}
	if (unzOpenCurrentFile(member->zip) != UNZ_OK) {
		error_set(error, ERROR_INPUT,
			"the member is damaged, or packed by a method that is not read here");
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
	error_set(error, ERROR_INPUT, "the member of the zip archive is damaged");
	return -1;
}

/* One name of the directory; *more says that another follows. */
static bool add_member(
	unzFile zip, struct buffer *names, bool *document, bool *more, struct error *error)
{
	char path[MAX_PATH];
	unz_file_info64 info;
	if (unzGetCurrentFileInfo64(zip, &info, path, sizeof path, NULL, 0, NULL, 0) != UNZ_OK ||
		info.size_filename >= sizeof path)
		return error_set(error, ERROR_INPUT, "the zip archive's directory is damaged");
	path[info.size_filename] = '\0';
	size_t length = strlen(path);
	if (strcmp(path, "[Content_Types].xml") == 0)
		*document = true;
	if (length > 0 && path[length - 1] != '/')
		buffer_add(names, path, length + 1);
	int next = unzGoToNextFile(zip);
	*more = next == UNZ_OK;
	if (next != UNZ_OK && next != UNZ_END_OF_LIST_OF_FILE)
		return error_set(error, ERROR_INPUT, "the zip archive's directory is damaged");
	return true;
}

bool unpack_members(int descriptor, struct buffer *names, bool *document, struct error *error)
{
	struct zip_file file;
	unzFile zip = open_zip(&file, descriptor, error);
	if (!zip)
		return false;
	*document = false;
	bool ok = true;
	bool more = unzGoToFirstFile(zip) == UNZ_OK;
	for (int count = 0; ok && more; count++) {
		if (count == MAX_MEMBERS)
			ok = error_set(error, ERROR_LIMIT,
				"the zip archive has more than %d members", MAX_MEMBERS);
		else
			ok = add_member(zip, names, document, &more, error);
	}
	unzClose(zip);
	if (ok && buffer_failed(names))
		return error_memory(error);
	return ok;
}
