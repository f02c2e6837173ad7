/*
 * base/compiler.h: the few compiler attributes used all over the house.
 *
 * Included by nearly every header; holds no code.
 */
#ifndef BASE_COMPILER_H
#define BASE_COMPILER_H

/* The caller must look at the result. */
#define MUST_CHECK __attribute__((warn_unused_result))
/* Arguments are checked as printf's are: f is the format's place, a the first argument's, from 1.
 */
#define PRINTF_LIKE(f, a) __attribute__((format(printf, f, a)))

#define ARRAY_LENGTH(array) (sizeof(array) / sizeof((array)[0]))

#endif
