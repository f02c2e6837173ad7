/*
 * base/clock.h: how long something takes.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

/* Microseconds by a clock that only goes forward: two of them tell what passed between, one tells
 * nothing. */
int64_t clock_microseconds(void);

#endif
