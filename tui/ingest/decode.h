/*
 * From the bytes of a file to UTF-8, a stretch at a time. Private to ingest/.
 *
 * What a file is encoded in is decided where it first shows: by a BOM, by NULs in every second of
 * the first 64 bytes, else by the first byte that is not ASCII and up to 64 KiB behind it: UTF-8
 * when at least as many characters there are valid as bytes are not (what is invalid then stays as
 * it is), Windows-1252 otherwise, or plain bytes when NULs stand among them. As everything before
 * was ASCII, deciding late changes nothing that was read already, and a file of any length is read
 * once.
 */
#ifndef INGEST_DECODE_H
#define INGEST_DECODE_H

#include "base/buffer.h"
#include "base/span.h"
#include "ingest/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct decoder {
	enum input_encoding encoding;
	bool begun;   /* the BOM was looked for */
	bool decided; /* false: UTF-8 so far, nothing but ASCII was seen */
	size_t bom;   /* bytes of the BOM, which is no part of the text */
};

/* Appends to text what can be decoded of bytes and returns how many bytes that took; the rest is
 * to be given again with more behind it. last: there is no more, and all is taken. The caller
 * checks text for failure. */
size_t decode(struct decoder *decoder, struct span bytes, bool last, struct buffer *text);

/* Bytes of the file that a run of decoded text stands for. */
uint64_t decode_original(const struct decoder *decoder, struct span text);

#endif
