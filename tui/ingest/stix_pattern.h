/*
 * STIX patterns: `[ipv4-addr:value = '10.0.0.1' OR file:hashes.'SHA-256' = '...']`. Private to
 * ingest/.
 */
#ifndef INGEST_STIX_PATTERN_H
#define INGEST_STIX_PATTERN_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

struct stix_comparison {
	struct span type;  /* ipv4-addr */
	struct span path;  /* hashes.'SHA-256' */
	struct span value; /* as written between the quotes, with its escapes */
};

/* The next `type:path = 'value'` from *at on, which moves behind it; false when there is none. What
 * compares otherwise (!=, LIKE, MATCHES, IN, NOT) is passed over. */
bool stix_comparison_next(struct span pattern, size_t *at, struct stix_comparison *comparison);

/* A value without its escapes into out, which holds value.length bytes; its length. */
size_t stix_unescape(struct span value, char *out);

#endif
