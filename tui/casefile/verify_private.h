/*
 * casefile/verify_private.h: what verify.c and verify_sources.c share.
 */
#ifndef CASEFILE_VERIFY_PRIVATE_H
#define CASEFILE_VERIFY_PRIVATE_H

#include "casefile/statement.h"
#include "casefile/verify.h"

struct verifier {
	const struct case_file *file;
	const struct verify_options *options;
	struct verify_result *result;
	const char *step;
	int64_t done;
	int64_t total;
	int64_t quoted;   /* the statement looked at last, for its quote */
	int64_t unquoted; /* the last source whose bytes could not be had for quotes */
	int *fields;      /* of the kind at hand, by their numbers in blocks */
	size_t field_count;
	struct buffer kept; /* findings of the step at hand: severity, message, NUL */
	bool told;          /* some of them were given on already */
};

/* Says how far it is; false when it is to stop. */
bool verify_goes_on(struct verifier *verifier) MUST_CHECK;
void verify_step(struct verifier *verifier, const char *name);
void verify_found(struct verifier *verifier, enum verify_severity severity, const char *format, ...)
	PRINTF_LIKE(3, 4);
/* What is wrong with the case becomes a finding and is no failure; the rest is. Nobody but the case
 * says which sources and bytes are asked for here, so that asking for none is its fault as well. */
bool verify_absorb(struct verifier *verifier, const struct error *error) MUST_CHECK;
/* Runs a statement, which may be NULL with the error set, closes it, and hands on its rows. What is
 * wrong with the case ends it with a finding. */
bool verify_each_row(struct verifier *verifier, struct statement *select,
	bool (*take)(struct verifier *, const struct statement *, struct error *),
	struct error *error) MUST_CHECK;

/* The steps on sources. */
bool verify_sources(struct verifier *verifier, struct error *error) MUST_CHECK;
bool verify_quotes(struct verifier *verifier, struct error *error) MUST_CHECK;

#endif
