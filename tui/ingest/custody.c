/* What an import says of a source besides its records: the file that it was made from, and how it
 * differs from an earlier one of its name. */
#include "loader_private.h"

#include "base/memory.h"
#include "casefile/compare.h"
#include "casefile/source.h"
#include "ingest/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK ((size_t)64 * 1024)

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash && slash[1] ? slash + 1 : path;
}

static bool hash_original(struct loader *loader, int opened, struct error *error)
{
	const struct import_options *options = loader->options;
	struct hash hash;
	char *chunk = malloc(CHUNK);
	if (!chunk)
		return error_memory(error);
	ssize_t got;
	bool go_on = true;
	hash_begin(&hash);
	while (go_on && (got = read(opened, chunk, CHUNK)) > 0) {
		hash_add(&hash, chunk, (size_t)got);
		go_on = !options->cancel || !atomic_load(options->cancel);
	}
	free(chunk);
	hash_end(&hash, loader->result->original_sha256);
	if (!go_on)
		return error_set(
			error, ERROR_CANCELLED, "stopped as asked: nothing of this file was added");
	return got == 0 || error_set_errno(error, "reading %s", options->original);
}

/* The file that --original names. */
static bool stated_original(struct loader *loader, struct error *error)
{
	const char *path = loader->options->original;
	struct stat status;
	int opened = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (opened < 0 && errno == ELOOP)
		return error_set(error, ERROR_INPUT,
			"%s is a link, which an import does not follow: name the file it leads to",
			path);
	if (opened < 0)
		return error_set_errno(error, "opening %s", path);
	bool done = fstat(opened, &status) == 0 && S_ISREG(status.st_mode);
	if (!done)
		error_set(error, ERROR_INPUT, "%s is no regular file", path);
	done = done && hash_original(loader, opened, error);
	close(opened);
	return done;
}

static bool name_original(struct loader *loader, const char *path, struct error *error)
{
	bool standard = strcmp(path, "-") == 0;
	loader->result->original =
		memory_copy_string(standard ? "standard input" : base_name(path));
	return loader->result->original || error_memory(error);
}

bool custody_original(struct loader *loader, struct error *error)
{
	const char *path = loader->options->original;
	return !path || (stated_original(loader, error) && name_original(loader, path, error));
}

bool custody_container(struct loader *loader, const char *path, struct error *error)
{
	struct import_result *result = loader->result;
	int64_t size;
	return result->original ||
	       !input_container(loader->input, &size, result->original_sha256) ||
	       name_original(loader, path, error);
}

static void say_counts(const struct comparison *comparison, struct buffer *out)
{
	if (comparison->too_many) {
		buffer_add_format(out, ": one has more than %d records, which are not compared",
			COMPARE_MOST);
		return;
	}
	buffer_add_format(out, ": %lld rows are new, ", (long long)comparison->added);
	if (!comparison->without_bytes)
		buffer_add_format(out, "%lld changed, ", (long long)comparison->changed);
	buffer_add_format(out, "%lld are gone, %lld %s", (long long)comparison->gone,
		(long long)comparison->same,
		comparison->without_bytes ? "are in both" : "are the same");
	if (comparison->without_bytes)
		buffer_add_format(out,
			" (%lld have no id or name to compare by, and the bytes of both are not at "
			"hand)",
			(long long)comparison->unknown);
}

static bool tell_differences(struct loader *loader, struct error *error)
{
	struct import_result *result = loader->result;
	struct buffer *out = &result->differs;
	if (!loader->file || result->already)
		return true;
	int64_t earlier =
		compare_earlier(loader->file, input_name(loader->input), result->source, error);
	if (earlier <= 0)
		return earlier == 0;
	result->earlier = earlier;
	buffer_add_format(
		out, "other bytes than source %lld, which has this name", (long long)earlier);
	if (result->source == 0) {
		buffer_add_string(out, ": an import would say what differs");
	} else {
		if (!compare_sources(loader->file, earlier, result->source, loader->options->cancel,
			    &result->compared, error))
			return false;
		say_counts(&result->compared, out);
		buffer_add_string(out, "; both stay in the case");
	}
	return !buffer_failed(out) || error_memory(error);
}

void custody_differences(struct loader *loader)
{
	struct error error = {0};
	if (tell_differences(loader, &error))
		return;
	buffer_clear(&loader->result->differs);
	loader->result->stopped = error.code == ERROR_CANCELLED;
	loader_note(
		loader, "how it differs from an earlier source can't be told: %s", error.message);
}
