/*
 * casefile/verify.h: whether a case is what it says it is.
 *
 * Steps, in this order: the file (SQLite's own check, and references that lead nowhere), the
 * journal's chain, the bytes of every source against their SHA-256, the byte ranges of records
 * against their sources, the blocks of large kinds, quotes against the words of their source. The
 * schema was checked when the case was opened. A source that is not at hand is no alteration.
 *
 * A large case takes minutes: run it in a job, with a connection of its own.
 */
#ifndef CASEFILE_VERIFY_H
#define CASEFILE_VERIFY_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/hash.h"
#include "casefile/case.h"

#include <stdbool.h>
#include <stdint.h>

enum verify_severity {
	VERIFY_NOTE,  /* could not be checked, or differs outside the case */
	VERIFY_ERROR, /* does not agree: damaged or altered */
};

struct verify_finding {
	enum verify_severity severity;
	const char *message; /* one sentence; may hold text of the case: show it made visible */
};

struct verify_options {
	/* Rows against indexes as well: integrity_check and not quick_check. */
	bool full;
	/* Called for each finding, at most 20 a step and kind of it. NULL: they are
	 * only counted. */
	void (*found)(void *context, const struct verify_finding *finding);
	/* Called often, with the step's name and how far it is, 0 of 0 where that is not known;
	 * false cancels. NULL: never. */
	bool (*go_on)(void *context, const char *step, int64_t done, int64_t total);
	void *context;
};

struct verify_result {
	int64_t errors;
	int64_t notes;
	int64_t sources;        /* ready ones whose bytes were checked */
	int64_t sources_absent; /* ready ones whose bytes are not at hand */
	int64_t journal_entries;
	uint8_t journal_head[HASH_SIZE]; /* zeros: no entries, or the chain is broken */
};

/* Verifies all of it. False when it could not be done to its end: ERROR_CANCELLED, ERROR_MEMORY,
 * ERROR_IO, ERROR_CASE_LOCKED; what is wrong with the case is a finding. */
bool verify_case(const struct case_file *file, const struct verify_options *options,
	struct verify_result *result, struct error *error) MUST_CHECK;

#endif
