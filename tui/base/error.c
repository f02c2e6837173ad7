#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A message that did not fit ends at a character, and says that it goes on. length is that of the
 * whole one. */
static void cut(struct error *error, size_t length)
{
	static const char more[] = " ...";
	if (length < sizeof error->message)
		return;
	size_t end = sizeof error->message - sizeof more;
	while (end > 0 && (error->message[end] & 0xc0) == 0x80)
		end--;
	memcpy(error->message + end, more, sizeof more);
}

static void PRINTF_LIKE(4, 0) error_fill(struct error *error, enum error_code code,
	long long offset, const char *format, va_list arguments)
{
	if (!error)
		return;
	error->code = code;
	error->offset = offset;
	int length = vsnprintf(error->message, sizeof error->message, format, arguments);
	cut(error, length > 0 ? (size_t)length : 0);
}

bool error_set(struct error *error, enum error_code code, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	error_fill(error, code, -1, format, arguments);
	va_end(arguments);
	return false;
}

bool error_set_at(
	struct error *error, enum error_code code, long long offset, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	error_fill(error, code, offset, format, arguments);
	va_end(arguments);
	return false;
}

bool error_set_errno(struct error *error, const char *format, ...)
{
	int number = errno;
	va_list arguments;
	va_start(arguments, format);
	error_fill(error, number == ENOMEM ? ERROR_MEMORY : ERROR_IO, -1, format, arguments);
	va_end(arguments);
	if (error) {
		size_t used = strlen(error->message);
		int more = snprintf(error->message + used, sizeof error->message - used, ": %s",
			strerror(number));
		cut(error, used + (more > 0 ? (size_t)more : 0));
	}
	return false;
}

bool error_wrap(struct error *error, const char *format, ...)
{
	if (!error)
		return false;
	char inner[ERROR_MESSAGE_SIZE];
	memcpy(inner, error->message, sizeof inner);
	va_list arguments;
	va_start(arguments, format);
	vsnprintf(error->message, sizeof error->message, format, arguments);
	va_end(arguments);
	size_t used = strlen(error->message);
	int more = snprintf(error->message + used, sizeof error->message - used, ": %s", inner);
	cut(error, used + (more > 0 ? (size_t)more : 0));
	return false;
}

bool error_memory(struct error *error)
{
	return error_set(error, ERROR_MEMORY, "out of memory");
}

int error_exit_code(enum error_code code)
{
	switch (code) {
	case ERROR_NONE:
		return 0;
	case ERROR_CASE_MISSING:
	case ERROR_CASE_IO:
	case ERROR_CASE_LOCKED:
	case ERROR_CASE_DAMAGED:
	case ERROR_CASE_FOREIGN:
	case ERROR_CASE_NEWER:
		return 3;
	case ERROR_LIMIT:
	case ERROR_MEMORY:
	case ERROR_CANCELLED:
		return 4;
	case ERROR_INTEGRITY:
		return 5;
	case ERROR_USAGE:
	case ERROR_IO:
	case ERROR_INPUT:
	case ERROR_PATTERN:
	case ERROR_TERMINAL:
		break;
	}
	return 2;
}
