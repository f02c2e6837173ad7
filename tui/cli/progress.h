/*
 * cli/progress.h: a line on stderr that says how far a long command is; on a terminal alone.
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct progress {
	int64_t began; /* ms of the monotonic clock; 0: not yet asked */
	int64_t told;
	size_t width; /* columns of the line that stands there */
};

/* Whether the line may be shown anew: not more than four times a second, and not in the first. */
bool progress_due(struct progress *progress);
/* Seconds from when it was first asked to when the line was last due. */
double progress_seconds(const struct progress *progress);
/* Shows a line, cut at the end of the terminal's row; its text is made visible here. */
void progress_show(struct progress *progress, struct span line);
/* The same at once and once, of what may take long; nothing where stderr is no terminal. */
void progress_show_now(struct progress *progress, struct span line);
/* Takes the line away, so that other text can be printed, and begins anew. */
void progress_end(struct progress *progress);

#endif
