/* Any bytes as a zip: its members are listed, and the first of them unpacked within the bounds. */
#include "base/unpack.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define MOST_MEMBERS 8
#define MOST_READS 64

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void read_member(int descriptor, const struct unpack_entry *entry)
{
	static char room[64 * 1024];
	struct error error = {0};
	struct unpack *unpack = unpack_member(descriptor, entry, NULL, &error);
	if (!unpack) {
		check(error.code != ERROR_NONE && error.message[0] != '\0');
		return;
	}
	ssize_t count = 0;
	for (int reads = 0; reads < MOST_READS; reads++) {
		count = unpack_read(unpack, room, sizeof room, &error);
		if (count <= 0)
			break;
		check((size_t)count <= sizeof room);
	}
	check(count >= 0 || error.code == ERROR_INPUT || error.code == ERROR_LIMIT);
	unpack_close(unpack);
}

struct members {
	int descriptor, count;
};

static bool take(void *context, const struct unpack_entry *entry, struct error *error)
{
	struct members *members = context;
	(void)error;
	check(entry->size >= 0 && entry->path[0] != '\0');
	if (members->count++ < MOST_MEMBERS)
		read_member(members->descriptor, entry);
	return true;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = {0};
	struct members members = {.descriptor = memfd_create("fuzz", MFD_CLOEXEC)};
	check(members.descriptor >= 0 && write(members.descriptor, data, size) == (ssize_t)size);
	if (!unpack_members(members.descriptor, NULL, take, &members, &error))
		check(error.code == ERROR_INPUT || error.code == ERROR_LIMIT);
	close(members.descriptor);
	return 0;
}
