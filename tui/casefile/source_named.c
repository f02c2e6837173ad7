/* A source by what a person calls it: its number, its name, the beginning of its SHA-256. */
#include "casefile/source.h"

#include "base/buffer.h"
#include "base/text.h"

/* Fewer digits say too little. */
#define FEWEST_DIGITS 4
/* So many are named when one could not be told. */
#define MOST_NAMED 12

/* Sources that fit, ready ones and the others apart. */
struct fitting {
	int64_t ready, other; /* the last of each */
	int64_t ready_count, other_count;
	struct buffer numbers; /* of the ready ones */
};

static bool begins_hash(const struct source *source, struct span digits)
{
	char text[HASH_TEXT_SIZE];
	hash_text(source->sha256, text);
	return digits.length >= FEWEST_DIGITS && digits.length < HASH_TEXT_SIZE &&
	       span_equal_ignoring_case(span_of(text, digits.length), digits);
}

static void take(struct fitting *fitting, const struct source *source)
{
	if (source->state != SOURCE_READY) {
		fitting->other = source->id;
		fitting->other_count++;
		return;
	}
	fitting->ready = source->id;
	if (fitting->ready_count++ < MOST_NAMED)
		buffer_add_format(&fitting->numbers, "%s%lld", fitting->numbers.length ? ", " : "",
			(long long)source->id);
}

/* Goes through all: they are few, and names and beginnings of hashes have no index. */
static bool find(const struct case_file *file, struct span asked, bool by_name,
	struct fitting *fitting, struct error *error)
{
	struct source source = {0};
	int64_t id = 0;
	int more;
	while ((more = source_next(file, &id, &source, error)) > 0)
		if (by_name ? span_is(asked, source.name) : begins_hash(&source, asked))
			take(fitting, &source);
	source_free(&source);
	return more == 0;
}

static bool is_source(const struct case_file *file, struct span asked, int64_t *id)
{
	struct source source = {0};
	long long number;
	bool found = span_to_integer(asked, &number) && number > 0 &&
		     source_read(file, number, &source, NULL);
	source_free(&source);
	if (found)
		*id = number;
	return found;
}

static bool choose(struct span asked, struct fitting *fitting, int64_t *id, struct error *error)
{
	int shown = (int)text_cut(asked, 200);
	if (buffer_failed(&fitting->numbers))
		return error_memory(error);
	if (fitting->ready_count > 1)
		return error_set(error, ERROR_USAGE,
			"%.*s could be any of the sources %s: say which by its number", shown,
			asked.data, fitting->numbers.data);
	if (fitting->ready_count == 0 && fitting->other_count == 0)
		return error_set(error, ERROR_USAGE,
			"there is no source %.*s: `breachx info CASE` lists them by number, name "
			"and SHA-256",
			shown, asked.data);
	*id = fitting->ready_count ? fitting->ready : fitting->other;
	return true;
}

bool source_named(const struct case_file *file, struct span asked, int64_t *id, struct error *error)
{
	if (is_source(file, asked, id))
		return true;
	struct fitting fitting = {0};
	bool done = find(file, asked, true, &fitting, error);
	if (done && fitting.ready_count + fitting.other_count == 0)
		done = find(file, asked, false, &fitting, error);
	done = done && choose(asked, &fitting, id, error);
	buffer_free(&fitting.numbers);
	return done;
}
