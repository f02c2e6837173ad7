/*
 * undo_private.h: what the parts of undo*.c share.
 */
#ifndef CASEFILE_UNDO_PRIVATE_H
#define CASEFILE_UNDO_PRIVATE_H

#include "casefile/undo.h"

/* The edge summary counts an event for one source that can be seen: its own, else the first that
 * mentions it. Counts those that a source held, which is withdrawn by now, for the ones that hold
 * them from here on. Inside a transaction. */
bool undo_hand_on_edges(
	struct case_file *file, enum kind kind, int64_t source, struct error *error) MUST_CHECK;

#endif
