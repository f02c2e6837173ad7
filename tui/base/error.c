#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static void PRINTF_LIKE(4, 0) error_fill(struct error *error, enum error_code code,
	long long offset, const char *format, va_list arguments)
{
	if (!error)
		return;
	error->code = code;
	error->offset = offset;
	vsnprintf(error->message, sizeof error->message, format, arguments);
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
		snprintf(error->message + used, sizeof error->message - used, ": %s",
			strerror(number));
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
	snprintf(error->message + used, sizeof error->message - used, ": %s", inner);
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
	case ERROR_CASE_LOCKED:
	case ERROR_CASE_DAMAGED:
	case ERROR_CASE_FOREIGN:
	case ERROR_CASE_NEWER:
		return 3;
	case ERROR_LIMIT:
	case ERROR_CANCELLED:
		return 4;
	case ERROR_INTEGRITY:
		return 5;
	case ERROR_MEMORY:
	case ERROR_USAGE:
	case ERROR_IO:
	case ERROR_INPUT:
	case ERROR_PATTERN:
	case ERROR_TERMINAL:
		break;
	}
	return 2;
}
