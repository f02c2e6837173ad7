/*
 * casefile/twin.h: whether another source told of an event already.
 *
 * Yesterday's export of a log and today's longer one hold the same events. An event of a format
 * that has a natural key (draft.natural) is the one that a source of that format gave, and that can
 * be seen, when time, key and all of its cells are the same to the byte. One that has the key and
 * says anything else is an event of its own: nothing of it may be lost. Copies within one source
 * are each told of once, so that of two sources with n and m copies the case holds the greater
 * number, whichever came first; only so far as there are no more than 1,024 of them.
 *
 * The case is asked, a stretch of its order of times at a go; what is remembered is bounded however
 * large the sources are, but for a bit an event. It is no part of an import that no source of its
 * format came before.
 */
#ifndef CASEFILE_TWIN_H
#define CASEFILE_TWIN_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/case.h"
#include "casefile/writer.h"

#include <stdbool.h>
#include <stdint.h>

struct twins;

enum twin {
	TWIN_NONE,
	TWIN_SAME,      /* the event with this id is it */
	TWIN_OTHERWISE, /* that one has the key, and says something else */
	TWIN_CROWDED,   /* so many events are of its time that they are not looked at */
};

/* *twins is NULL when no source of the format has events that can be seen. file: where the writer
 * writes, which may be NULL when nobody does; it outlives the twins. */
bool twins_open(const struct case_file *file, struct writer *writer, struct span format,
	struct twins **twins, struct error *error) MUST_CHECK;
/* NULL is allowed. */
void twins_close(struct twins *twins);

/* Looks for the twin of an event that has a natural key; one that was given as TWIN_SAME is not
 * given again. Who gets TWIN_SAME calls writer_again and not writer_record. ERROR_CASE_DAMAGED,
 * ERROR_MEMORY, ERROR_IO. */
bool twins_find(struct twins *twins, const struct draft *draft, enum twin *what, int64_t *id,
	struct error *error) MUST_CHECK;

#endif
