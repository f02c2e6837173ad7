/*
 * claims/standing.h: how a claim stands, computed from the stances that were taken on it.
 *
 * A stance is a link from a statement to a claim, made by a decision: type asserts, denies, silent
 * or declines; detail flat, hedged or `no evidence found`. Voices of which one relays another
 * (statement.via, or a link `relays`) are one. Two claims with opposite stances *meet* when act,
 * object, qualifier, scope and period agree; when they speak of the same object, or one's object
 * or scope lies within the other's (links `narrows`, `widens`, `in_tension_with`), and something
 * differs, they are *in tension*, and it is said in what.
 */
#ifndef CLAIMS_STANDING_H
#define CLAIMS_STANDING_H

#include "base/buffer.h"
#include "base/compiler.h"
#include "base/error.h"
#include "casefile/case.h"
#include "casefile/record.h"

#include <stdbool.h>
#include <stdint.h>

enum standing {
	STANDING_UNSUPPORTED,   /* nobody asserts or denies it */
	STANDING_SINGLE_SOURCE, /* one voice */
	STANDING_UNCONTESTED,   /* several independent voices, none against */
	STANDING_TENSION,  /* against another claim; the fields in which they differ are named */
	STANDING_DISPUTED, /* asserted and denied */
};

struct claim_standing {
	enum standing standing;
	int asserting; /* independent voices */
	int denying;
	int silent;        /* silent or declining */
	bool one_document; /* all voices rest on one */
	int64_t against;   /* TENSION: a claim it is in tension with */
	char differs[128]; /* TENSION: `act, qualifier` */
};

/* Computes it for one claim. False on an error. */
bool standing_of(const struct case_file *file, int64_t claim, struct claim_standing *standing,
	struct error *error) MUST_CHECK;

/* `in tension: act, qualifier`, `uncontested, 2 voices`: appended to out. */
void standing_text(const struct claim_standing *standing, struct buffer *out);

/* The sign before a claim in a list: ! disputed, ~ in tension, = uncontested, . single source,
 * ? unsupported. */
char standing_sign(enum standing standing);

/* The next claim by id after (before) one that is disputed or in tension, wrapping round; 0 when
 * there is none, -1 on an error. */
int64_t standing_next_conflict(const struct case_file *file, int64_t after, bool backwards,
	struct error *error) MUST_CHECK;

#endif
