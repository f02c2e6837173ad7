/*
 * base/zone.h: time zones by name, from the system's TZif files.
 *
 * A zone is read once and then holds no global state (libc's tzset is process-wide and is not
 * used). "UTC", "Z" and fixed offsets such as "+09:00" need no file. Names are checked before they
 * become a path: letters, digits, `_`, `-`, `+`, and `/` between parts.
 */
#ifndef BASE_ZONE_H
#define BASE_ZONE_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct zone;

/* Reads a zone by IANA name, "UTC", or a fixed offset (+09:00, +0900, +09). ERROR_USAGE for a name
 * that is none, ERROR_IO when its file can't be read. Free with zone_free. */
struct zone *zone_open(const char *name, struct error *error) MUST_CHECK;
void zone_free(struct zone *zone);

/* Seconds east of UTC at a UTC time in seconds. */
int32_t zone_offset_at(const struct zone *zone, int64_t utc_seconds);

/* The offset +09:00, +0900 or +09 that text begins with, as seconds east, and its length in bytes;
 * 0 when text begins with none. Up to 23:59. */
size_t zone_read_offset(struct span text, int32_t *seconds);

/* UTC seconds of a wall clock time given as seconds since 1970 as if it were UTC. In a gap the
 * later, in an overlap the earlier instant; *ambiguous (may be NULL) says that it was either.
 * wall_seconds within ±10^15. */
int64_t zone_to_utc(const struct zone *zone, int64_t wall_seconds, bool *ambiguous);

#endif
