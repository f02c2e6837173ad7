/*
 * What an indicator looks like, and how its text was made harmless. Private to ingest/.
 */
#ifndef INGEST_INDICATOR_H
#define INGEST_INDICATOR_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/span.h"

#include <stdbool.h>

/* Takes back what keeps a value from being clicked on: `hxxp://`, `[.]`, `(.)`, `[:]`, `[@]` and
 * their kin. True when text was such a value, which then stands in out; false, with nothing in it,
 * when there was nothing to take back, when text is no single value (white space, quotes), or when
 * out of memory (buffer_failed). */
bool indicator_refang(struct span text, struct buffer *out);

/* sha512, sha256, sha1, md5, ip, url, email or domain, by the looks of a value that is not
 * defanged; NULL when it looks like none. */
const char *indicator_type(struct span value);
/* The same of a value that may be defanged. */
const char *indicator_type_of(struct span text);

/* The next of several values in one cell, between commas, semicolons or white space; not stated
 * when there is no more. *rest moves behind it. */
struct span indicator_next(struct span *rest);

/* How surely a column of this name holds indicators: 0 no, 1 when nothing better does (an address),
 * 2 yes (a hash). */
int indicator_column(struct span name);

#endif
