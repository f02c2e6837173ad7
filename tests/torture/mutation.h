/*
 * torture/mutation.h: bytes of a case file, changed where a change says most.
 *
 * A small table is met as often as a large one. All that is chosen follows from the chance that is
 * given.
 */
#ifndef TORTURE_MUTATION_H
#define TORTURE_MUTATION_H

#include "image.h"

/* Numbers of one seed: the same on every machine. */
struct chance {
	uint64_t state;
};
uint64_t chance_number(struct chance *chance);
/* One below limit, which is not 0. */
size_t chance_below(struct chance *chance, size_t limit);

/* Changes the image one to some times. victim: a file that a journal may name to be deleted.
 * Appends what was done to `what`, in few words. */
void image_mutate(struct image *image, struct chance *chance, const char *victim, char *what,
	size_t what_size);

#endif
