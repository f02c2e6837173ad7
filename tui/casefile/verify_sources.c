/* What verify does with bytes of sources: they have their SHA-256, and say what is quoted. */
#include "verify_private.h"

#include "base/text.h"
#include "casefile/source.h"
#include "source_private.h"

#include <inttypes.h>
#include <string.h>

static bool hashing_goes_on(void *context, int64_t bytes)
{
	struct verifier *verifier = context;
	verifier->done = bytes;
	return verify_goes_on(verifier);
}

static bool verify_kept(struct verifier *verifier, const struct source *source, struct error *error)
{
	struct buffer bytes = {0};
	if (!source_bytes(
		    verifier->file, source->id, 0, (uint64_t)source->size, NULL, &bytes, error)) {
		buffer_free(&bytes);
		return verify_absorb(verifier, error);
	}
	struct hash hash;
	uint8_t digest[HASH_SIZE];
	hash_begin(&hash);
	hash_add(&hash, bytes.data ? bytes.data : "", bytes.length);
	hash_end(&hash, digest);
	buffer_free(&bytes);
	if (memcmp(digest, source->sha256, HASH_SIZE) != 0)
		verify_found(verifier, VERIFY_ERROR,
			"source %" PRId64 " (%s): the copy in the case has another SHA-256 than "
			"what was imported",
			source->id, source->name);
	return true;
}

static bool verify_outside(
	struct verifier *verifier, const struct source *source, struct error *error)
{
	const struct source_place place = {.id = source->id,
		.size = source->size,
		.sha256 = span_of((const char *)source->sha256, HASH_SIZE),
		.path = span_string(source->path)};
	const struct source_progress progress = {hashing_goes_on, verifier};
	struct error why = {0};
	switch (source->path ? source_file_check(verifier->file, &place, &progress, &why)
			     : SOURCE_FILE_ABSENT) {
	case SOURCE_FILE_SAME:
		verifier->result->sources += !source->kept;
		break;
	case SOURCE_FILE_ABSENT:
		verifier->result->sources_absent += !source->kept;
		if (!source->kept)
			verify_found(verifier, VERIFY_NOTE,
				"source %" PRId64 " (%s) is not at hand and was not checked",
				source->id, source->name);
		break;
	case SOURCE_FILE_CHANGED:
		verify_found(verifier, source->kept ? VERIFY_NOTE : VERIFY_ERROR,
			"source %" PRId64
			" (%s): the file %s has other bytes than those imported%s%s",
			source->id, source->name, source->path, why.code ? ": " : "", why.message);
		break;
	case SOURCE_FILE_CANCELLED:
		return error_set(error, ERROR_CANCELLED, "cancelled");
	case SOURCE_FILE_FAILED:
		if (why.code == ERROR_MEMORY)
			return error_memory(error);
		verifier->result->sources_absent += !source->kept;
		verify_found(verifier, VERIFY_NOTE, "%s", why.message);
		break;
	}
	return true;
}

bool verify_sources(struct verifier *verifier, struct error *error)
{
	struct source source = {0};
	int64_t id = 0;
	int result;
	bool done = true;
	while (done && (result = source_next(verifier->file, &id, &source, error)) != 0) {
		verify_step(verifier, "sources");
		verifier->total = source.size;
		if (result < 0) {
			/* One that is no source: the rest can't be told from it. */
			done = false;
		} else if (!verify_goes_on(verifier)) {
			done = error_set(error, ERROR_CANCELLED, "cancelled");
		} else if (source.state == SOURCE_READY) {
			int64_t errors = verifier->result->errors;
			done = !source.kept || verify_kept(verifier, &source, error);
			/* Counted when it agrees. */
			verifier->result->sources +=
				source.kept && verifier->result->errors == errors;
			done = done && verify_outside(verifier, &source, error);
		}
	}
	source_free(&source);
	return done || verify_absorb(verifier, error);
}

/* Text that was decoded from another encoding differs byte by byte and is not compared. */
static bool comparable(struct span bytes)
{
	return text_invalid_at(bytes) == bytes.length &&
	       (bytes.length == 0 || !memchr(bytes.data, '\0', bytes.length));
}

/* The words of a quote's place. False when they can't be read, which is no finding: that the source
 * is not at hand, or not the same, was one. *go_on says whether to do so. */
static bool read_quote(struct verifier *verifier, int64_t source, struct range range,
	struct buffer *bytes, bool *go_on, struct error *error)
{
	const struct source_progress progress = {hashing_goes_on, verifier};
	struct error unread = {0};
	*go_on = true;
	/* It would be hashed again for each quote. */
	if (verifier->unquoted == source)
		return false;
	if (source_bytes(verifier->file, source, range.start, range.end, &progress, bytes, &unread))
		return true;
	if (unread.code == ERROR_MEMORY || unread.code == ERROR_CANCELLED) {
		*error = unread;
		*go_on = false;
	} else if (unread.code == ERROR_IO) {
		verify_found(verifier, VERIFY_NOTE,
			"quotes from source %" PRId64 " were not checked: %s", source,
			unread.message);
	}
	if (unread.code == ERROR_IO || unread.code == ERROR_INTEGRITY)
		verifier->unquoted = source;
	return false;
}

static bool take_quote_row(
	struct verifier *verifier, const struct statement *row, struct error *error)
{
	int64_t source = statement_int(row, 1), start = statement_int(row, 2),
		end = statement_int(row, 3);
	struct span quote = statement_text(row, 4);
	struct buffer bytes = {0};
	bool go_on;
	/* A tree that leads back into itself has no end. */
	if (statement_int(row, 0) <= verifier->quoted)
		return error_set(error, ERROR_CASE_DAMAGED,
			"%s is damaged: statement:%" PRId64 " stands behind a greater id",
			case_name(verifier->file), statement_int(row, 0));
	verifier->quoted = statement_int(row, 0);
	if (start < 0 || end < start)
		return true; /* found before, as a range */
	if (read_quote(verifier, source, (struct range){(size_t)start, (size_t)end}, &bytes, &go_on,
		    error) &&
		comparable(buffer_span(&bytes)) && quote.length > 0 &&
		(bytes.length == 0 || !memmem(bytes.data, bytes.length, quote.data, quote.length)))
		verify_found(verifier, VERIFY_ERROR,
			"statement:%" PRId64 " quotes words that do not stand at its place in "
			"source %" PRId64,
			statement_int(row, 0), source);
	buffer_free(&bytes);
	return go_on;
}

bool verify_quotes(struct verifier *verifier, struct error *error)
{
	verify_step(verifier, "quotes");
	verifier->quoted = INT64_MIN;
	return verify_each_row(verifier, statement_open(verifier->file, QUERY_VERIFY_QUOTES, error),
		take_quote_row, error);
}
