/*
 * What an indicator looks like, and how its text was made harmless. Private to ingest/.
 */
#ifndef INGEST_INDICATOR_H
#define INGEST_INDICATOR_H

#include "base/buffer.h"
#include "base/span.h"

#include <stdbool.h>

/* Takes back what keeps a value from being clicked on: `hxxp://`, `[.]`, `(.)`, `[:]`, `[@]` and
 * their kin. True when text was such a value, which then stands in out; false, with nothing in it,
 * when there was nothing to take back, when text is no single value (white space, quotes), or when
 * out of memory (buffer_failed). */
bool indicator_refang(struct span text, struct buffer *out);

/* Length of the mark at the beginning of text that stands for a byte or three (`[.]` for `.`),
 * which come back in *meant; 0 for what stands for itself. */
size_t indicator_mark(struct span text, const char **meant);

/* md5, sha1, sha256 or sha512 when all of value is hexadecimal and as long as those are; else NULL.
 */
const char *indicator_hash_type(struct span value);
/* sha512, sha256, sha1, md5, ip, url, email or domain, by the looks of a value that is not
 * defanged; NULL when it looks like none. */
const char *indicator_type(struct span value);
/* The same of a value that may be defanged. */
const char *indicator_type_of(struct span text);

/* A value in running text. */
struct indicator_found {
	size_t start, end; /* bytes of the text, as it is written there */
	const char *type;  /* as indicator_type says; also `vulnerability` for a CVE id */
	bool intact;       /* a URL, name or IPv4 address that nobody made harmless: it may be a
			    * reference or a version */
};
/* The next value at or behind *at, which moves behind it; false when there is none. Words are
 * parted by white space, punctuation and scripts that do without; *at is 0 or where a word may
 * begin. */
bool indicator_find(struct span text, size_t *at, struct indicator_found *found);

/* The next of several values in one cell, between commas, semicolons or white space; not stated
 * when there is no more. *rest moves behind it. */
struct span indicator_next(struct span *rest);

/* How surely a column of this name holds indicators: 0 no, 1 when nothing better does (an address),
 * 2 yes (a hash). */
int indicator_column(struct span name);

#endif
