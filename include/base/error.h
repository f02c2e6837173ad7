/*
 * base/error.h: errors are values.
 *
 * A function that can fail takes a `struct error *` as its last argument, returns false, NULL or
 * a negative number, and fills the error: what went wrong, where (file, line or byte), and what to
 * do about it. `error_set` returns false so that `return error_set(error, ...)` reads well. The
 * pointer may be NULL where a caller does not care. Nothing below cli/ prints or exits.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/compiler.h"

#include <stdbool.h>

enum error_code {
	ERROR_NONE,
	ERROR_MEMORY,  /* an allocation failed */
	ERROR_USAGE,   /* the caller or the command line asked for something that is not there */
	ERROR_IO,      /* the system refused to read or write */
	ERROR_INPUT,   /* an imported file is not what it should be */
	ERROR_PATTERN, /* a regular expression or a filter does not compile */
	ERROR_CASE_MISSING, /* no such case */
	ERROR_CASE_IO,      /* the system refused to read or write it */
	ERROR_CASE_LOCKED,  /* somebody else writes it */
	ERROR_CASE_DAMAGED, /* SQLite says that it is malformed */
	ERROR_CASE_FOREIGN, /* not a case, or a schema that is none of ours, or a stranger's side
			       file */
	ERROR_CASE_NEWER,   /* made by a newer version */
	ERROR_LIMIT,        /* a bound on size, depth, time or memory was met */
	ERROR_CANCELLED,    /* the person asked to stop */
	ERROR_INTEGRITY,    /* a hash or the journal chain does not agree */
	ERROR_TERMINAL,     /* there is no usable terminal */
};

/* Long enough for a path, a place and a sentence; longer text is cut at a character and ends in
 * ` ...`. */
#define ERROR_MESSAGE_SIZE 640

struct error {
	enum error_code code;
	long long offset; /* byte in the pattern, filter or file at fault; -1 where there is none */
	char message[ERROR_MESSAGE_SIZE];
};

/* Fills *error, offset -1. Always returns false. */
bool error_set(struct error *error, enum error_code code, const char *format, ...)
	PRINTF_LIKE(3, 4);

/* As error_set, with the byte at fault. */
bool error_set_at(struct error *error, enum error_code code, long long offset, const char *format,
	...) PRINTF_LIKE(4, 5);

/* As error_set, with ": " and the text of errno behind the message. Code becomes ERROR_MEMORY for
 * ENOMEM, else ERROR_IO. */
bool error_set_errno(struct error *error, const char *format, ...) PRINTF_LIKE(2, 3);

/* Puts "context: " before the message that is already there. Always returns false. */
bool error_wrap(struct error *error, const char *format, ...) PRINTF_LIKE(2, 3);

/* "Out of memory". Always returns false. */
bool error_memory(struct error *error);

/* The process exit code of DESIGN section 7 for an error: 2 usage, 3 case, 4 undecided, cancelled
 * or out of bounds, 5 integrity; 2 for whatever has no class of its own. */
int error_exit_code(enum error_code code);

#endif
