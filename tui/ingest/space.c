/* The room that an import would take, and what there is of it. */
#include "base/buffer.h"
#include "ingest/loader.h"

#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>

/* Measured: a case that nothing is in. */
#define EMPTY_CASE 1200000
#define FAT_LIMIT (4LL * 1024 * 1024 * 1024 - 1)

void import_space_look(struct import_space *space, const char *case_path)
{
	char folder[4096] = ".";
	const char *slash = strrchr(case_path, '/');
	struct stat file;
	struct statfs disk;
	if (slash && (size_t)(slash - case_path) < sizeof folder - 1) {
		size_t length = slash == case_path ? 1 : (size_t)(slash - case_path);
		memcpy(folder, case_path, length);
		folder[length] = '\0';
	}
	space->there = stat(case_path, &file) == 0 ? (int64_t)file.st_size : 0;
	if (space->there == 0)
		space->needed += EMPTY_CASE;
	bool known = statfs(folder, &disk) == 0;
	space->free = known ? (int64_t)disk.f_bavail * (int64_t)disk.f_bsize : -1;
	space->fat = known && disk.f_type == MSDOS_SUPER_MAGIC;
}

void import_space_say(const struct import_space *space, struct buffer *out)
{
	buffer_add_format(out, "space needed: about %lld bytes", (long long)space->needed);
	if (space->free >= 0)
		buffer_add_format(out, ", %lld free", (long long)space->free);
	if (space->free >= 0 && space->needed > space->free)
		buffer_add_string(out, "\nTHERE IS NOT ENOUGH SPACE for it");
	if (space->there + space->needed > FAT_LIMIT)
		buffer_add_string(out,
			space->fat ? "\nTHIS IS A FAT32 DISK, on which a file ends at 4 GiB: the "
				     "case would not fit; put it on another"
				   : "\nthe case comes to more than 4 GiB: it will not fit on a "
				     "FAT32 stick");
	buffer_add_byte(out, '\n');
}
