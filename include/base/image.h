/*
 * base/image.h: the search image of a cell.
 *
 * What a pattern is matched against: the cell's bytes with every NUL and every byte of invalid
 * UTF-8 replaced by 0x1A. It has the same length, so that offsets in the image are offsets in the
 * cell, and it is valid UTF-8 without NUL.
 */
#ifndef BASE_IMAGE_H
#define BASE_IMAGE_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/* What stands for a byte that has no place in an image. */
#define IMAGE_SUBSTITUTE '\x1a'

/* Writes the image of a cell into out, which has room for cell.length bytes and may be cell.data
 * itself. Returns true when it differs from the cell. */
bool image_make(struct span cell, char *out);

/* Whether text is an image: valid UTF-8 without NUL. */
bool image_is(struct span text);

/* Whether text is images with NULs between or behind them. Much faster than asking of each image.
 */
bool image_is_joined(struct span text);
/* How many NULs there are in such a text. */
size_t image_count(struct span text);

/* Bytes (1..4) of the valid UTF-8 sequence at text[0], 0 when none begins there: overlong forms,
 * surrogates, values above U+10FFFF and sequences cut short are invalid. length > 0. */
size_t image_sequence(const char *text, size_t length);

#endif
