#include "base/unpack.h"

#include "base/memory.h"
#include "zip.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include <zstd.h>

#define PACKED_CHUNK (128 * 1024)

struct unpack {
	enum packing packing;
	unpack_source source;
	void *context;
	char *packed; /* PACKED_CHUNK bytes */
	size_t at, length;
	bool source_ended;
	bool between; /* at the border of two gzip members or zstd frames */
	int64_t taken, given;
	z_stream inflate;
	ZSTD_DStream *zstd;
	struct zip_member *member;
};

enum packing packing_of(struct span head)
{
	if (head.length < 4)
		return PACKING_NONE;
	if (memcmp(head.data, "\x1f\x8b\x08", 3) == 0)
		return PACKING_GZIP;
	if (memcmp(head.data, "\x28\xb5\x2f\xfd", 4) == 0)
		return PACKING_ZSTD;
	if (memcmp(head.data, "PK\x03\x04", 4) == 0)
		return PACKING_ZIP;
	return PACKING_NONE;
}

const char *packing_name(enum packing packing)
{
	static const char *const names[] = {NULL, "gzip", "zstd", "zip"};
	return names[packing];
}

struct unpack *unpack_stream(
	enum packing packing, unpack_source source, void *context, struct error *error)
{
	struct unpack *unpack = calloc(1, sizeof *unpack);
	if (!unpack)
		goto failed;
	unpack->source = source;
	unpack->context = context;
	unpack->packed = malloc(PACKED_CHUNK);
	if (!unpack->packed)
		goto failed;
	if (packing == PACKING_GZIP) {
		if (inflateInit2(&unpack->inflate, 16 + MAX_WBITS) != Z_OK)
			goto failed;
	} else {
		unpack->zstd = ZSTD_createDStream();
		if (!unpack->zstd ||
			ZSTD_isError(ZSTD_DCtx_setParameter(unpack->zstd, ZSTD_d_windowLogMax, 27)))
			goto failed;
	}
	unpack->packing = packing;
	return unpack;
failed:
	unpack_close(unpack);
	error_memory(error);
	return NULL;
}

struct unpack *unpack_member(int descriptor, const struct unpack_entry *member,
	const struct unpack_asker *asker, struct error *error)
{
	struct unpack *unpack = calloc(1, sizeof *unpack);
	if (!unpack) {
		error_memory(error);
		return NULL;
	}
	unpack->packing = PACKING_ZIP;
	unpack->member = zip_member_open(descriptor, member, asker, &unpack->taken, error);
	if (!unpack->member) {
		free(unpack);
		return NULL;
	}
	return unpack;
}

void unpack_close(struct unpack *unpack)
{
	if (!unpack)
		return;
	if (unpack->packing == PACKING_GZIP)
		inflateEnd(&unpack->inflate);
	ZSTD_freeDStream(unpack->zstd);
	zip_member_close(unpack->member);
	free(unpack->packed);
	free(unpack);
}

/* More packed bytes when there are none at hand; false on an error. */
static bool refill(struct unpack *unpack, struct error *error)
{
	if (unpack->at < unpack->length || unpack->source_ended)
		return true;
	ssize_t count = unpack->source(unpack->context, unpack->packed, PACKED_CHUNK, error);
	if (count < 0)
		return false;
	unpack->at = 0;
	unpack->length = (size_t)count;
	unpack->taken += count;
	unpack->source_ended = count == 0;
	return true;
}

static bool damaged(const struct unpack *unpack, const char *why, struct error *error)
{
	int64_t at = unpack->taken - (int64_t)(unpack->length - unpack->at);
	return error_set_at(error, ERROR_INPUT, at, "the %s data is damaged near byte %lld: %s",
		packing_name(unpack->packing), (long long)at, why);
}

/* What follows a gzip member: another one, zeros that pad a tape block, or nothing. */
static bool next_gzip_member(struct unpack *unpack, struct error *error)
{
	while (unpack->at < unpack->length && unpack->packed[unpack->at] == '\0')
		unpack->at++;
	if (unpack->at == unpack->length)
		return true;
	if ((unsigned char)unpack->packed[unpack->at] != 0x1f)
		return damaged(unpack, "something else follows its end", error);
	inflateReset(&unpack->inflate);
	unpack->between = false;
	return true;
}

static ssize_t read_gzip(struct unpack *unpack, char *room, size_t size, struct error *error)
{
	z_stream *stream = &unpack->inflate;
	stream->next_out = (Bytef *)room;
	stream->avail_out = size > INT_MAX ? INT_MAX : (uInt)size;
	const uInt wanted = stream->avail_out;
	while (stream->avail_out == wanted) {
		if (!refill(unpack, error))
			return -1;
		if (unpack->between && !next_gzip_member(unpack, error))
			return -1;
		if (unpack->at == unpack->length) {
			if (!unpack->source_ended)
				continue;
			if (unpack->between)
				return 0;
			damaged(unpack, "it ends too early", error);
			return -1;
		}
		stream->next_in = (Bytef *)unpack->packed + unpack->at;
		stream->avail_in = (uInt)(unpack->length - unpack->at);
		int result = inflate(stream, Z_NO_FLUSH);
		unpack->at = unpack->length - stream->avail_in;
		if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) {
			damaged(unpack, stream->msg ? stream->msg : "no valid stream", error);
			return -1;
		}
		unpack->between = result == Z_STREAM_END;
	}
	return (ssize_t)(wanted - stream->avail_out);
}

static ssize_t read_zstd(struct unpack *unpack, char *room, size_t size, struct error *error)
{
	ZSTD_outBuffer out = {.dst = room, .size = size};
	while (out.pos == 0) {
		if (!refill(unpack, error))
			return -1;
		bool drained = unpack->at == unpack->length;
		if (drained && unpack->source_ended && unpack->between)
			return 0;
		ZSTD_inBuffer in = {
			.src = unpack->packed + unpack->at, .size = unpack->length - unpack->at};
		size_t result = ZSTD_decompressStream(unpack->zstd, &out, &in);
		unpack->at += in.pos;
		if (ZSTD_isError(result)) {
			damaged(unpack, ZSTD_getErrorName(result), error);
			return -1;
		}
		unpack->between = result == 0;
		if (drained && unpack->source_ended && out.pos == 0) {
			damaged(unpack, "it ends too early", error);
			return -1;
		}
	}
	return (ssize_t)out.pos;
}

ssize_t unpack_read(struct unpack *unpack, char *room, size_t size, struct error *error)
{
	ssize_t count = -1;
	if (unpack->packing == PACKING_GZIP)
		count = read_gzip(unpack, room, size, error);
	else if (unpack->packing == PACKING_ZSTD)
		count = read_zstd(unpack, room, size, error);
	else
		count = zip_member_read(unpack->member, room, size, error);
	if (count <= 0)
		return count;
	unpack->given += count;
	bool expands =
		unpack->given > UNPACK_FREE && unpack->given / UNPACK_MAX_EXPANSION > unpack->taken;
	if (expands || unpack->given > UNPACK_MAX_SIZE) {
		error_set_at(error, ERROR_LIMIT, unpack->given,
			"unpacks to too much: %lld bytes from %lld, and not yet at its end",
			(long long)unpack->given, (long long)unpack->taken);
		return -1;
	}
	return count;
}
