/*
 * casefile/techniques.h: techniques by their ATT&CK ids. A log names them by nothing else, a
 * knowledge base by a name and the id: one technique, whichever comes first. It has the name while
 * some source gives it one, and else is called by its id.
 *
 * A source that called a technique by its id alone has an extra row below zero (queries.sql,
 * extra_shared_insert) with the field `name` and the id. Private to casefile/.
 */
#ifndef CASEFILE_TECHNIQUES_H
#define CASEFILE_TECHNIQUES_H

#include "base/compiler.h"
#include "base/error.h"
#include "casefile/case.h"
#include "names.h"

struct techniques {
	struct names ids;
	bool read;
};

void techniques_free(struct techniques *techniques);
/* The technique with an ATT&CK id in the case, one with a name before one that is called by the id;
 * into *id, 0: there is none. All are read when the first one is asked for: what is imported later
 * is not known. */
bool techniques_find(struct techniques *techniques, const struct case_file *file,
	struct span attack_id, int64_t *id, struct error *error) MUST_CHECK;

#endif
