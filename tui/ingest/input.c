#include "input_private.h"

#include "base/memory.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK ((size_t)256 * 1024)
#define HEAD ((size_t)64 * 1024)
#define CANCEL_MILLISECONDS 50

/* ---- bytes ---- */

/* Waits for bytes of what is no file, and looks up now and then, as it does before each read:
 * packed bytes may be many and unpack to nothing. False when asked to stop. */
static bool wait_for_bytes(const struct input *input, struct error *error)
{
	struct pollfd poller = {.fd = input->descriptor, .events = POLLIN};
	while (input->cancel) {
		if (atomic_load(input->cancel))
			return error_set(error, ERROR_CANCELLED,
				"stopped as asked: nothing of this file was added");
		if (input->regular ||
			(poll(&poller, 1, CANCEL_MILLISECONDS) != 0 && poller.revents != 0))
			break;
	}
	return true;
}

ssize_t input_read_descriptor(struct input *input, char *room, size_t size, struct error *error)
{
	if (input->descriptor < 0) {
		size_t count = input->memory.length < size ? input->memory.length : size;
		if (count > 0)
			memcpy(room, input->memory.data, count);
		input->memory = span_slice(input->memory, count, input->memory.length);
		return (ssize_t)count;
	}
	for (;;) {
		if (!wait_for_bytes(input, error))
			return -1;
		ssize_t count = read(input->descriptor, room, size);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			error_set_errno(error, "reading it");
		return count;
	}
}

ssize_t input_read_container(void *context, char *room, size_t size, struct error *error)
{
	struct input *input = context;
	ssize_t count;
	if (input->probe_at < input->probe.length) {
		size_t left = input->probe.length - input->probe_at;
		count = (ssize_t)(left < size ? left : size);
		memcpy(room, input->probe.data + input->probe_at, (size_t)count);
		input->probe_at += (size_t)count;
	} else {
		count = input_read_descriptor(input, room, size, error);
	}
	if (count < 0)
		return -1;
	input->container_ended = count == 0;
	input->container_size += count;
	if (input->unpack)
		hash_add(&input->container_hash, room, (size_t)count);
	return count;
}

static void keep(struct input *input, const char *bytes, size_t count)
{
	if (input->keep_limit < 0)
		return;
	if (input->size + (int64_t)count <= input->keep_limit)
		buffer_add(&input->kept, bytes, count);
	else
		input->keep_limit = -1;
	if (input->keep_limit < 0 || buffer_failed(&input->kept)) {
		input->keep_limit = -1;
		buffer_free(&input->kept);
	}
}

/* The next of the original's bytes, hashed, behind `pending`. */
static bool read_original(struct input *input, struct error *error)
{
	if (!buffer_reserve(&input->pending, CHUNK))
		return error_memory(error);
	char *room = input->pending.data + input->pending.length;
	ssize_t count = input->unpack ? unpack_read(input->unpack, room, CHUNK, error)
				      : input_read_container(input, room, CHUNK, error);
	if (count < 0)
		return false;
	input->ended = count == 0;
	hash_add(&input->hash, room, (size_t)count);
	keep(input, room, (size_t)count);
	input->pending.length += (size_t)count;
	input->size += count;
	return true;
}

struct span input_name(const struct input *input)
{
	return span_string(input->name);
}

enum input_encoding input_encoding(const struct input *input)
{
	return input->decoder.encoding;
}

int64_t input_size(const struct input *input)
{
	if (input->ended)
		return input->size;
	return input->regular && !input->unpack ? (int64_t)input->opened.st_size : -1;
}

int64_t input_read(const struct input *input)
{
	return input->size;
}

void input_keep(struct input *input, int64_t limit)
{
	input->keep_limit = limit;
}

const char *input_packing(const struct input *input)
{
	return packing_name(input->packing);
}

bool input_look_through(
	struct input *input, int64_t *size, uint8_t sha256[HASH_SIZE], struct error *error)
{
	if (!input->regular || input->unpack)
		return false;
	char *room = malloc(CHUNK);
	if (!room)
		return error_memory(error);
	struct hash hash;
	hash_begin(&hash);
	ssize_t count;
	for (*size = 0;; *size += count) {
		count = pread(input->descriptor, room, CHUNK, (off_t)*size);
		if (count < 0 && errno == EINTR)
			count = 0;
		else if (count <= 0)
			break;
		hash_add(&hash, room, (size_t)count);
	}
	free(room);
	hash_end(&hash, sha256);
	return count == 0 || error_set_errno(error, "reading it");
}

/* ---- text ---- */

static bool decodes(const struct input *input)
{
	enum input_encoding encoding = input->decoder.encoding;
	return encoding != INPUT_UTF8 && encoding != INPUT_BYTES;
}

/* Forgets text before the reading place; a decoded file's is kept a while to lead back. */
static void forget(struct input *input)
{
	/* And the chunk that the farthest place is in. */
	size_t back = decodes(input) ? INPUT_MAX_BACK + 4 * CHUNK : 0;
	if (input->at <= 2 * back)
		return;
	size_t count = input->at - back;
	memmove(input->text.data, input->text.data + count, input->text.length - count);
	input->text.length -= count;
	input->at -= count;
	input->base += count;
}

static bool add_place(struct input *input, struct place place, struct error *error)
{
	struct place *places = memory_grow(
		input->places, &input->place_capacity, input->place_count + 1, sizeof *places);
	if (!places)
		return error_memory(error);
	input->places = places;
	places[input->place_count++] = place;
	return true;
}

/* Reads and decodes one chunk more. */
static bool fill(struct input *input, struct error *error)
{
	forget(input);
	struct place start = {.decoded = input->base + input->text.length,
		.original = (uint64_t)input->size - input->pending.length};
	if (!read_original(input, error))
		return false;
	size_t taken =
		decode(&input->decoder, buffer_span(&input->pending), input->ended, &input->text);
	if (buffer_failed(&input->text))
		return error_memory(error);
	input->pending.length -= taken;
	memmove(input->pending.data, input->pending.data + taken, input->pending.length);
	if (!decodes(input))
		return true;
	if (start.original == 0)
		start.original = input->decoder.bom;
	return add_place(input, start, error);
}

bool input_window(struct input *input, size_t wanted, struct span *window, struct error *error)
{
	if (wanted > INPUT_MAX_LINE)
		return error_set_at(error, ERROR_LIMIT,
			(long long)input_original(input, input_at(input)),
			"more than %d bytes without an end, from byte %llu on", INPUT_MAX_LINE,
			(unsigned long long)input_original(input, input_at(input)));
	while (input->text.length - input->at < wanted && !input->ended)
		if (!fill(input, error))
			return false;
	*window = span_of(input->text.data ? input->text.data + input->at : "",
		input->text.length - input->at);
	return true;
}

bool input_head(struct input *input, struct span *head, bool *whole, struct error *error)
{
	if (!input_window(input, HEAD, head, error))
		return false;
	/* A file of exactly this size ends only once a read says so. */
	if (!input->ended && head->length <= HEAD && !input_window(input, HEAD + 1, head, error))
		return false;
	*whole = input->ended && head->length <= HEAD;
	*head = span_slice(*head, 0, HEAD);
	return true;
}

void input_advance(struct input *input, size_t count)
{
	input->at += count;
}

uint64_t input_at(const struct input *input)
{
	return input->base + input->at;
}

int input_line(struct input *input, struct span *line, uint64_t *start, struct error *error)
{
	struct span window;
	size_t wanted = 1, looked = 0;
	const char *end = NULL;
	for (;;) {
		if (!input_window(input, wanted, &window, error))
			return -1;
		if (window.length > looked)
			end = memchr(window.data + looked, '\n', window.length - looked);
		if (end || window.length < wanted)
			break;
		looked = window.length;
		wanted = looked < INPUT_MAX_LINE ? looked + 1 : INPUT_MAX_LINE + 1;
	}
	if (window.length == 0)
		return 0;
	size_t length = end ? (size_t)(end - window.data) : window.length;
	if (length > INPUT_MAX_LINE)
		return input_window(input, length, &window, error) ? 0 : -1;
	*start = input_at(input);
	*line = span_slice(window, 0, length);
	if (end && length > 0 && window.data[length - 1] == '\r')
		line->length--;
	input_advance(input, end ? length + 1 : length);
	return 1;
}

/* The last known place at or before a decoded byte, which is not before the first one. */
static struct place place_before(const struct input *input, uint64_t decoded)
{
	if (input->last_place.original > 0 && input->last_place.decoded <= decoded &&
		input->last_place.decoded >= input->base)
		return input->last_place;
	size_t low = 0, high = input->place_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (input->places[middle].decoded <= decoded)
			low = middle + 1;
		else
			high = middle;
	}
	return input->places[low - 1];
}

uint64_t input_original(struct input *input, uint64_t decoded)
{
	if (input->place_count == 0 || decoded < input->places[0].decoded)
		return decoded + input->decoder.bom;
	struct place place = place_before(input, decoded);
	/* Too far back: its text is forgotten. */
	if (place.decoded < input->base)
		return place.original;
	struct span run = span_slice(buffer_span(&input->text),
		(size_t)(place.decoded - input->base), (size_t)(decoded - input->base));
	place.original += decode_original(&input->decoder, run);
	place.decoded = decoded;
	if (place.original > (uint64_t)input->size) /* half a UTF-16 unit at the end */
		place.original = (uint64_t)input->size;
	input->last_place = place;
	return place.original;
}

/* ---- the end ---- */

static bool unchanged(const struct input *input, struct error *error)
{
	struct stat now;
	if (!input->regular)
		return true;
	if (fstat(input->descriptor, &now) != 0)
		return error_set_errno(error, "reading it");
	const struct stat *then = &input->opened;
	bool same = now.st_size == then->st_size && now.st_mtim.tv_sec == then->st_mtim.tv_sec &&
		    now.st_mtim.tv_nsec == then->st_mtim.tv_nsec &&
		    (input->packing == PACKING_ZIP || input->container_size == now.st_size);
	if (same)
		return true;
	return error_set(error, ERROR_IO,
		"it was changed while it was read: import it again when it is at rest");
}

void input_share(struct input *input, struct input_container *container)
{
	input->shared = container;
}

static bool same_time(struct timespec a, struct timespec b)
{
	return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static bool is_known(const struct input *input)
{
	const struct input_container *shared = input->shared;
	const struct stat *now = &input->opened, *then = shared ? &shared->status : NULL;
	return input->packing == PACKING_ZIP && shared && shared->known &&
	       then->st_dev == now->st_dev && then->st_ino == now->st_ino &&
	       then->st_size == now->st_size && same_time(then->st_mtim, now->st_mtim) &&
	       same_time(then->st_ctim, now->st_ctim);
}

/* A zip was read in its own order, so it is hashed by itself; of the others the rest behind the
 * packed stream is read. */
static bool finish_container(struct input *input, struct error *error)
{
	if (is_known(input)) {
		input->container_size = input->opened.st_size;
		memcpy(input->container_digest, input->shared->sha256, HASH_SIZE);
		return true;
	}
	char *room = malloc(CHUNK);
	if (!room)
		return error_memory(error);
	bool ok = true;
	if (input->packing == PACKING_ZIP) {
		buffer_clear(&input->probe);
		input->container_size = 0;
		if (lseek(input->descriptor, 0, SEEK_SET) != 0)
			ok = error_set_errno(error, "reading it");
	}
	while (ok && !input->container_ended)
		ok = input_read_container(input, room, CHUNK, error) >= 0;
	free(room);
	if (ok)
		hash_end(&input->container_hash, input->container_digest);
	return ok;
}

bool input_finish(
	struct input *input, int64_t *size, uint8_t sha256[HASH_SIZE], struct error *error)
{
	while (!input->ended) {
		buffer_clear(&input->pending);
		if (!read_original(input, error))
			return false;
	}
	if (!input->finished) {
		if (input->unpack && !finish_container(input, error))
			return false;
		if (!unchanged(input, error))
			return false;
		if (input->shared && input->packing == PACKING_ZIP) {
			*input->shared =
				(struct input_container){.known = true, .status = input->opened};
			memcpy(input->shared->sha256, input->container_digest, HASH_SIZE);
		}
		hash_end(&input->hash, input->digest);
		input->finished = true;
	}
	*size = input->size;
	memcpy(sha256, input->digest, HASH_SIZE);
	return true;
}

bool input_container(const struct input *input, int64_t *size, uint8_t sha256[HASH_SIZE])
{
	if (!input->unpack || !input->finished)
		return false;
	*size = input->container_size;
	memcpy(sha256, input->container_digest, HASH_SIZE);
	return true;
}

struct span input_kept(const struct input *input)
{
	return input->keep_limit >= 0 ? buffer_span(&input->kept) : span_string(NULL);
}
