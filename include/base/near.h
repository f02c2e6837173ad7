/*
 * base/near.h: words that were probably meant by one that is none: options, commands, fields.
 */
#ifndef BASE_NEAR_H
#define BASE_NEAR_H

#include "base/span.h"

#include <stdbool.h>

/* Whether the word that was typed is near a name: a part of it or around it, from three letters up,
 * or one or two letters off. */
bool word_is_near(struct span typed, const char *name);

#endif
