/*
 * ingest/input.h: a file to be imported, read once, hashed while it is read.
 *
 * The bytes are decoded to UTF-8 where their encoding is another (UTF-16 by BOM or by its NULs,
 * Windows-1252 when they are no UTF-8; tui/ingest/decode.h says how that is decided), and an offset
 * map leads back: all addresses in a case are in the original's bytes. A BOM is no part of the
 * text. Compressed files (.gz, .zst, .zip members) are unpacked within bounds (base/unpack.h). What
 * is addressed, hashed and kept are then the unpacked bytes, as if somebody had unpacked the file
 * before; the packed one is named and hashed beside them (input_container). Memory does not grow
 * with the file: a reader asks for the window it needs.
 *
 *	while (input_line(input, &line, &start, &error) > 0) ...
 */
#ifndef INGEST_INPUT_H
#define INGEST_INPUT_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/span.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

/* Bounds, each named with the byte where it is met. */
#define INPUT_MAX_LINE (16 * 1024 * 1024)
#define INPUT_MAX_KEPT (8 * 1024 * 1024) /* sources up to this size are kept in the case */
#define INPUT_MAX_BACK (4 * 1024 * 1024)

enum input_encoding { INPUT_UTF8, INPUT_UTF16LE, INPUT_UTF16BE, INPUT_WINDOWS_1252, INPUT_BYTES };

struct input;
struct unpack_entry;

/* Opens a regular file (links, devices and directories are refused) or, for "-", standard input,
 * whose first bytes are waited for. member: of a zip; NULL otherwise. *cancel is looked at while a
 * read waits: ERROR_CANCELLED once it is true; NULL: never. An error names the path. Free with
 * input_close. */
struct input *input_open(const char *path, const struct unpack_entry *member,
	const atomic_bool *cancel, struct error *error) MUST_CHECK;
/* Bytes at hand, for tests and fuzzing. */
struct input *input_open_bytes(struct span bytes, const char *name, struct error *error) MUST_CHECK;
/* The same bytes from their beginning, beside the reading place; input must outlive it when it is
 * of bytes at hand. NULL without an error for standard input, which is read once. */
struct input *input_again(const struct input *input, struct error *error) MUST_CHECK;
void input_close(struct input *input);

struct span input_name(const struct input *input); /* base name; of a member, its path in the zip */
/* As far as it is known: INPUT_UTF8 until the first byte that is not ASCII was read. */
enum input_encoding input_encoding(const struct input *input);
int64_t input_size(const struct input *input); /* original's; -1: not known yet */
/* Original bytes read so far. */
int64_t input_read(const struct input *input);
/* Keeps bytes up to this limit rather than INPUT_MAX_KEPT. Before the first read. */
void input_keep(struct input *input, int64_t limit);
/* What a zip's SHA-256 was when the last member of it was read: as long as it was not touched, it
 * is not hashed anew for the next. Zeros at first; it outlives the input. */
struct input_container {
	bool known;
	struct stat status;
	uint8_t sha256[HASH_SIZE];
};
void input_share(struct input *input, struct input_container *container);
/* Size and hash of a regular file that is not packed, by reading all of it beside the reading
 * place: for a file that may be known already. False without an error when it is no such file. */
bool input_look_through(struct input *input, int64_t *size, uint8_t sha256[HASH_SIZE],
	struct error *error) MUST_CHECK;
/* "gzip", "zstd", "zip"; NULL when the file is not packed. */
const char *input_packing(const struct input *input);
/* Size and hash of the packed file itself, after input_finish. False when it is not packed. */
bool input_container(const struct input *input, int64_t *size, uint8_t sha256[HASH_SIZE]);
/* A zip's members in their order, each a struct unpack_entry followed by its path and NUL; none
 * when path is no zip, or one that is a document of its own (DOCX and its kin), which is not
 * unpacked. */
bool input_members(const char *path, struct buffer *names, struct error *error) MUST_CHECK;

/* The first bytes, decoded, at most 64 KiB; *whole says that it is all. Nothing is consumed. */
bool input_head(
	struct input *input, struct span *head, bool *whole, struct error *error) MUST_CHECK;

/* At least `wanted` decoded bytes at the reading place unless the text ends before: what is at
 * hand, in *window. Valid until the next call. Nothing is consumed. ERROR_LIMIT above
 * INPUT_MAX_LINE. */
bool input_window(
	struct input *input, size_t wanted, struct span *window, struct error *error) MUST_CHECK;
/* Moves the reading place on; count <= window.length. */
void input_advance(struct input *input, size_t count);
/* Decoded bytes before the reading place. */
uint64_t input_at(const struct input *input);

/* The next line without its LF or CRLF; *start is its decoded byte. 1, 0 at the end, -1. A line
 * above INPUT_MAX_LINE is ERROR_LIMIT. A BOM at the very beginning is not part of the first line.
 */
int input_line(
	struct input *input, struct span *line, uint64_t *start, struct error *error) MUST_CHECK;

/* Original byte of a decoded one (the same where nothing was decoded, but for a BOM). Quick when
 * asked in rising order near the reading place; exact up to INPUT_MAX_BACK before it, farther back
 * the last known place before. */
uint64_t input_original(struct input *input, uint64_t decoded);

/* Reads what is left, so that size and hash are of the whole; then they are known. */
bool input_finish(struct input *input, int64_t *size, uint8_t sha256[HASH_SIZE],
	struct error *error) MUST_CHECK;

/* All original bytes when there are at most INPUT_MAX_KEPT; not stated else. After input_finish. */
struct span input_kept(const struct input *input);

#endif
