/*
 * casefile/undo.h: taking an import back.
 *
 * The source becomes `withdrawn` and its rows are hidden at once; a record that another source
 * mentions, or that the journal speaks of, stays. The same bytes may be imported again, and then a
 * named record that nobody else mentions is told anew by that import. It is a journal entry
 * (`withdraw`), and no step of an undo of edits. The space is freed by `compact`.
 */
#ifndef CASEFILE_UNDO_H
#define CASEFILE_UNDO_H

#include "base/compiler.h"
#include "base/error.h"
#include "base/span.h"
#include "casefile/case.h"
#include "casefile/kinds.h"

#include <stdbool.h>
#include <stdint.h>

/* Outside of a transaction, on a case that is open for writing. clock: UTC microseconds; reason may
 * be not stated. ERROR_USAGE when there is no such source, when it was taken back already, or when
 * no reviewer is named. */
bool undo_import(struct case_file *file, int64_t source, struct span reviewer, int64_t clock,
	struct span reason, struct error *error) MUST_CHECK;

/* What became of the records that a withdrawn source told of. */
struct undo_count {
	int64_t hidden[KIND_COUNT];
	int64_t stayed; /* another source mentions them, or the journal speaks of them */
};

/* Counts them; walks through the small kinds once. */
bool undo_count(const struct case_file *file, int64_t source, struct undo_count *count,
	struct error *error) MUST_CHECK;

#endif
