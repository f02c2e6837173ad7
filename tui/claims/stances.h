/* The claims of a case with the stances that were taken on them, as far as they were asked for. */
#ifndef CLAIMS_STANCES_H
#define CLAIMS_STANCES_H

#include "base/compiler.h"
#include "base/error.h"
#include "casefile/case.h"
#include "casefile/record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What a claim fixes, in this order. */
enum claim_part { PART_ACT, PART_OBJECT, PART_QUALIFIER, PART_SCOPE, PART_PERIOD, PART_COUNT };

/* The fields of a claim that they are. */
extern const char *const claim_part_names[PART_COUNT];

/* Declining is a silence, too. */
enum direction { DIRECTION_ASSERTS, DIRECTION_DENIES, DIRECTION_SILENT };

struct stance {
	struct record_id by; /* a statement, or a document in its own voice */
	enum direction direction;
	bool flat;
	char *voice;      /* whose word it is: of a relayed one, the origin's */
	bool relayed;     /* somebody else tells what the voice says */
	int64_t document; /* what it rests on in the end; 0: not stated */
	int64_t occasion; /* the document it was said in; 0: not stated */
};

struct claim {
	int64_t id;
	char *parts[PART_COUNT]; /* NULL: not stated */
	struct stance *stances;
	int stance_count;
	size_t stance_capacity;
	int64_t *linked; /* claims that a link puts beside this one */
	int linked_count;
	size_t linked_capacity;
	bool loaded; /* stances and linked are there */
};

struct claims {
	const struct case_file *file;
	struct record_reader *reader;
	struct claim *items; /* by id */
	size_t count;
	size_t capacity;
};

/* Reads all claims; stances come later. Free with claims_free in any case. */
bool claims_load(
	const struct case_file *file, struct claims *claims, struct error *error) MUST_CHECK;
void claims_free(struct claims *claims);

/* Reads the stances on one claim, once; after an error it has none, and they are read anew. */
bool claims_stances(struct claims *claims, struct claim *claim, struct error *error) MUST_CHECK;

/* Whether two claims speak of the same thing: they share a topic (objects are topics with `; `
 * between them; case is ignored), or, once the first's stances are loaded, a link says so. */
bool claims_share_topic(const struct claim *a, const struct claim *b);
bool claims_linked(const struct claim *a, const struct claim *b);

bool voices_equal(const struct stance *a, const struct stance *b);

#endif
