/*
 * claims/standing.h: how a claim stands, computed from the stances that were taken on it.
 *
 * A stance is a link from a statement (or a document in its own voice) to a claim, made by a
 * decision: type asserts, denies, silent or declines; detail flat, hedged or `no evidence found`.
 * The latest one of a statement on a claim holds. Its voice is the speaker's (a document's
 * publisher's); of a statement with a link `relays`, the origin's, so that a relay adds no voice.
 *
 * Two claims are near each other when their objects share a topic (an object is topics with `; `
 * between them, case ignored) or a link `narrows`, `widens` or `in_tension_with` says so. Opposite
 * stances of two voices on near claims *meet* when act, object, qualifier, scope and period agree;
 * when something differs the claims are *in tension*, and it is said in what. One voice that hedges
 * both ways does not contradict itself; one that is told to be silent on what it says on the same
 * occasion (link `said_in`, else the document) is in tension with itself.
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
	int64_t against;   /* TENSION, DISPUTED: the first claim it is against, maybe itself; else 0
			    */
	char differs[128]; /* TENSION: `act, qualifier`; own silence is said in words */
};

/* The claims of a case, read once; the stances on each are read when they are first needed. Belongs
 * to the thread of its connection, and is old as soon as the journal grows. Close before the case.
 */
struct standings;
struct standings *standings_open(const struct case_file *file, struct error *error) MUST_CHECK;
void standings_close(struct standings *standings);

/* How one claim stands; reads the stances on those near it. False on an error: ERROR_USAGE when
 * there is no such claim, ERROR_LIMIT when one has too many links. */
bool standing_of(struct standings *standings, int64_t claim, struct claim_standing *standing,
	struct error *error) MUST_CHECK;

/* `in tension: act, qualifier`, `uncontested, 2 voices, one document`: appended to out. */
void standing_text(const struct claim_standing *standing, struct buffer *out);

/* The same without who leans where, who is silent and on what it rests. */
void standing_brief(const struct claim_standing *standing, struct buffer *out);

/* The sign before a claim in a list: ! disputed, ~ in tension, = uncontested, . single source,
 * ? unsupported. */
char standing_sign(enum standing standing);

/* The next claim by id after (before) one that is disputed or in tension, wrapping round; 0 when
 * there is none, -1 on an error. */
int64_t standing_next_conflict(
	struct standings *standings, int64_t after, bool backwards, struct error *error) MUST_CHECK;

#endif
