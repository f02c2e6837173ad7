/* One format over bytes, in a dry run without a case: for fuzz targets and for their replay. */
#ifndef TESTS_FORMAT_TARGET_H
#define TESTS_FORMAT_TARGET_H

#include "../../tui/ingest/loader_private.h"
#include "base/memory.h"
#include "ingest/format.h"
#include "ingest/input.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Whether all of it was read; *units (may be NULL) says how many units there were. A unit that is
 * neither taken nor skipped, or an error without a message, is a defect. */
static inline bool format_target(
	const char *name, const char *kind, const uint8_t *data, size_t size, int64_t *units)
{
	const struct format *format = format_find(span_string(name));
	struct import_options options = {.dry_run = true, .kind = kind, .zone = "UTC"};
	struct import_result result = {0};
	struct error error = {0};
	struct loader loader = {.options = &options, .result = &result};
	result.problems = memory_array(100, sizeof *result.problems);
	loader.input = input_open_bytes(span_of((const char *)data, size), "fuzz", &error);
	if (!result.problems || !format || !loader.input)
		abort();
	struct span head;
	bool whole;
	bool ok = input_head(loader.input, &head, &whole, &error);
	if (ok)
		format->sniff(head, whole, span_string("fuzz"));
	ok = ok && loader_begin(&loader, &error) && format->read(loader.input, &loader, &error) &&
	     loader_complete(&loader, &error);
	if ((!ok && (error.code == ERROR_NONE || error.message[0] == '\0')) ||
		(ok && result.rows + result.skipped != loader.units))
		abort();
	if (units)
		*units = loader.units;
	loader_end(&loader);
	input_close(loader.input);
	import_result_free(&result);
	return ok;
}

#endif
