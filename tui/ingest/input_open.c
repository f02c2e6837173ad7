/* Inputs opened: regular files, members of a zip, standard input, bytes at hand. */
#include "input_private.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash && slash[1] ? slash + 1 : path;
}

static bool goes_on(void *context)
{
	const atomic_bool *cancel = ((const struct input *)context)->cancel;
	return !cancel || !atomic_load(cancel);
}

static struct input *input_new(const char *name, struct error *error)
{
	struct input *input = calloc(1, sizeof *input);
	if (input) {
		input->descriptor = -1;
		input->asker = (struct unpack_asker){goes_on, input};
		input->keep_limit = INPUT_MAX_KEPT;
		hash_begin(&input->hash);
		hash_begin(&input->container_hash);
		input->name = memory_copy_string(name);
	}
	if (!input || !input->name) {
		input_close(input);
		error_memory(error);
		return NULL;
	}
	return input;
}

static int open_regular(const char *path, struct stat *status, struct error *error)
{
	int descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (descriptor < 0) {
		if (errno == ELOOP)
			error_set(error, ERROR_INPUT,
				"%s is a link, which an import does not follow: name the file it "
				"leads to",
				path);
		else
			error_set_errno(error, "opening %s", path);
		return -1;
	}
	if (fstat(descriptor, status) != 0 || !S_ISREG(status->st_mode)) {
		close(descriptor);
		error_set(error, ERROR_INPUT, "%s is no regular file", path);
		return -1;
	}
	return descriptor;
}

/* Looks at the first bytes, and puts an unpacker before the rest when they are packed. */
static bool open_packing(
	struct input *input, const struct unpack_entry *member, struct error *error)
{
	char first[512];
	while (input->probe.length < 4) {
		ssize_t count = input_read_descriptor(input, first, sizeof first, error);
		if (count < 0)
			return false;
		buffer_add(&input->probe, first, (size_t)count);
		if (buffer_failed(&input->probe))
			return error_memory(error);
		if (count == 0)
			break;
	}
	input->packing = packing_of(buffer_span(&input->probe));
	if (member)
		input->unpack = unpack_member(input->descriptor, member, &input->asker, error);
	else if (input->packing == PACKING_GZIP || input->packing == PACKING_ZSTD)
		input->unpack = unpack_stream(input->packing, input_read_container, input, error);
	else
		input->packing = PACKING_NONE;
	return input->unpack || input->packing == PACKING_NONE;
}

struct input *input_open(const char *path, const struct unpack_entry *member,
	const atomic_bool *cancel, struct error *error)
{
	bool standard = strcmp(path, "-") == 0;
	struct input *input = input_new(member     ? member->path
					: standard ? "standard input"
						   : base_name(path),
		error);
	if (!input)
		return NULL;
	input->cancel = cancel;
	if (standard) {
		input->descriptor = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3);
		if (input->descriptor < 0)
			error_set_errno(error, "standard input");
	} else {
		input->descriptor = open_regular(path, &input->opened, error);
		input->regular = true;
		if (member)
			input->member = *member;
		input->member.path = member ? input->name : NULL;
		input->path = memory_copy_string(path);
		if (!input->path) {
			input_close(input);
			error_memory(error);
			return NULL;
		}
	}
	bool opened = input->descriptor >= 0;
	if (opened && !open_packing(input, member, error))
		opened = error_wrap(error, "%s%s%s", standard ? input->name : path,
			member ? ": " : "", member ? member->path : "");
	if (opened)
		return input;
	input_close(input);
	return NULL;
}

struct input *input_open_bytes(struct span bytes, const char *name, struct error *error)
{
	struct input *input = input_new(name, error);
	if (!input)
		return NULL;
	input->bytes = input->memory = bytes;
	if (!open_packing(input, NULL, error)) {
		input_close(input);
		return NULL;
	}
	return input;
}

struct input *input_again(const struct input *input, struct error *error)
{
	*error = (struct error){0};
	if (span_stated(input->bytes))
		return input_open_bytes(input->bytes, input->name, error);
	if (!input->path)
		return NULL;
	struct input *again = input_open(
		input->path, input->member.path ? &input->member : NULL, input->cancel, error);
	if (!again)
		return NULL;
	if (again->opened.st_dev == input->opened.st_dev &&
		again->opened.st_ino == input->opened.st_ino)
		return again;
	input_close(again);
	error_set(error, ERROR_IO,
		"it was changed while it was read: import it again when it is at rest");
	return NULL;
}

void input_close(struct input *input)
{
	if (!input)
		return;
	if (input->descriptor >= 0)
		close(input->descriptor);
	unpack_close(input->unpack);
	buffer_free(&input->probe);
	buffer_free(&input->kept);
	buffer_free(&input->pending);
	buffer_free(&input->text);
	free(input->places);
	free(input->path);
	free(input->name);
	free(input);
}

/* A zip's members; none of an office document, whose members are parts and not files. */
struct members {
	struct buffer *names;
	bool document;
};

static bool add_member(void *context, const struct unpack_entry *entry, struct error *error)
{
	struct members *members = context;
	members->document |= strcmp(entry->path, "[Content_Types].xml") == 0;
	buffer_add(members->names, (const char *)entry, sizeof *entry);
	buffer_add(members->names, entry->path, strlen(entry->path) + 1);
	return !buffer_failed(members->names) || error_memory(error);
}

bool input_members(const char *path, struct buffer *names, struct error *error)
{
	struct stat status;
	int descriptor = open_regular(path, &status, error);
	if (descriptor < 0)
		return false;
	char first[4] = "";
	struct members members = {.names = names};
	bool ok = true;
	if (pread(descriptor, first, sizeof first, 0) == sizeof first &&
		packing_of(span_of(first, sizeof first)) == PACKING_ZIP)
		ok = unpack_members(descriptor, NULL, add_member, &members, error) ||
		     error_wrap(error, "%s", path);
	if (members.document)
		buffer_clear(names);
	close(descriptor);
	return ok;
}
