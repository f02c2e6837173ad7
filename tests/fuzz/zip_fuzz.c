/* Any bytes as a zip: its members are listed, and the first of them unpacked within the bounds. */
#include "../../tui/ingest/unpack.h"

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

static void read_member(int descriptor, const char *name)
{
	static char room[64 * 1024];
	struct error error = {0};
	struct unpack *unpack = unpack_member(descriptor, name, &error);
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error error = {0};
	struct buffer names = {0};
	bool document;
	int descriptor = memfd_create("fuzz", MFD_CLOEXEC);
	check(descriptor >= 0 && write(descriptor, data, size) == (ssize_t)size);
	if (unpack_members(descriptor, &names, &document, &error)) {
		int members = 0;
		for (size_t at = 0; at < names.length && members < MOST_MEMBERS; members++) {
			read_member(descriptor, names.data + at);
			at += strlen(names.data + at) + 1;
		}
	} else {
		check(error.code == ERROR_INPUT || error.code == ERROR_LIMIT);
	}
	buffer_free(&names);
	close(descriptor);
	return 0;
}
