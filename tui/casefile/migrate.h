/*
 * casefile/migrate.h: cases of older schemas.
 *
 * Nothing is ever altered in place: the rows of the old file are copied into a new one of the
 * current schema, and only when that is whole and on the disk does it take the old one's place.
 */
#ifndef CASEFILE_MIGRATE_H
#define CASEFILE_MIGRATE_H

#include "case_private.h"

/* The statements of a schema, 1 to CASE_SCHEMA_VERSION. */
const char *migrate_schema(int version);

/* Replaces the connection to a case of an older schema, which case_connect has checked, by one to a
 * copy of it in the current schema: a private one, or one in the case's place when it is open for
 * writing. Adds to the notice. After an error the case is as it was, unless the error is of the
 * last step, opening the new one. */
bool migrate_case(struct case_file *file, struct error *error) MUST_CHECK;

/* migrate_rows.c: fills an empty file with all that the case holds, in the current schema. The
 * connection to the case has a transaction open. */
bool migrate_rows(
	const struct case_file *file, const char *temporary, struct error *error) MUST_CHECK;

#endif
